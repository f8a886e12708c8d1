//! Names in a message: `@handle`, anywhere but in code and in links.

use comrak::Arena;
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{Node, NodeValue};

use super::tree::{inline, text};

/// The most letters of a sign-in name.
const HANDLE_CHARS: usize = 32;

/// The words under `root` that could be sign-in names, in lower case, in order. A name at the end of a sentence is
/// here with and without its full stop.
pub(super) fn candidates(root: Node<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for node in texts(root) {
        if let NodeValue::Text(text) = &node.data().value {
            found.extend(signs(text).flat_map(|(_, run)| readings(run)).map(str::to_ascii_lowercase));
        }
    }
    found
}

/// Writes each of `names` (in lower case) under `root` as a mention.
pub(super) fn mark<'a>(arena: &'a Arena<'a>, root: Node<'a>, names: &[&str]) {
    for node in texts(root) {
        let NodeValue::Text(words) = node.data().value.clone() else { continue };
        let mut told = 0;
        for (at, run) in signs(&words) {
            let known = readings(run).find(|reading| names.contains(&reading.to_ascii_lowercase().as_str()));
            let Some(name) = known else { continue };
            if told < at {
                node.insert_before(text(arena, words[told..at].to_owned()));
            }
            // Nothing in it needs escaping: a sign-in name is letters, digits, dots, dashes and underscores.
            node.insert_before(inline(arena, NodeValue::Raw(format!("<span class=\"mention\">@{name}</span>"))));
            told = at + '@'.len_utf8() + name.len();
        }
        if told > 0 {
            node.insert_before(text(arena, words[told..].to_owned()));
            node.detach();
        }
    }
}

/// The texts under `root` that are not in a link.
fn texts(root: Node<'_>) -> Vec<Node<'_>> {
    let (mut links, mut found) = (0_usize, Vec::new());
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => match node.data().value {
                NodeValue::Link(_) | NodeValue::Image(_) => links += 1,
                NodeValue::Text(_) if links == 0 => found.push(node),
                _ => {}
            },
            NodeEdge::End(node) => {
                if matches!(node.data().value, NodeValue::Link(_) | NodeValue::Image(_)) {
                    links -= 1;
                }
            }
        }
    }
    found
}

/// Where a sign stands that could begin a name, and the letters after it.
fn signs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('@').filter_map(|(at, sign)| {
        // In the middle of a word it belongs to a mailbox or an address.
        let inside = |before: char| before.is_alphanumeric() || matches!(before, '@' | '.' | '_' | '-' | '+' | '/');
        if text[..at].ends_with(inside) {
            return None;
        }
        let rest = &text[at + sign.len()..];
        let end = rest.find(|char: char| !is_letter(char)).unwrap_or(rest.len());
        Some((at, &rest[..end]))
    })
}

/// What letters after a sign can mean, the longest first: all of them, or those before what ends a sentence.
fn readings(run: &str) -> impl Iterator<Item = &str> {
    let short = run.trim_end_matches(['.', '-', '_']);
    let is_name = |name: &&str| {
        (2..=HANDLE_CHARS).contains(&name.len()) && name.starts_with(|char: char| char.is_ascii_alphanumeric())
    };
    [Some(run), (short.len() < run.len()).then_some(short)].into_iter().flatten().filter(is_name)
}

fn is_letter(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-')
}
