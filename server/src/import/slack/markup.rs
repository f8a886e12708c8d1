//! Slack's mrkdwn, as Markdown that looks the same.
//!
//! Slack escapes `&`, `<` and `>`, puts mentions and links in angle brackets, and marks with one character what
//! Markdown marks with two. What Markdown would take for markup and Slack does not is escaped.

use std::{borrow::Cow, collections::HashMap};

use super::{
    token::{self, Form},
    users::People,
};

/// What identifiers in a text stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'n> {
    /// Whom the export knows.
    pub people: &'n People,
    /// Channels' names by id.
    pub channels: &'n HashMap<String, String>,
}

/// A message's text.
pub(super) fn markdown(text: &str, names: &Names<'_>) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut quote = Quote::default();
    let mut parts = text.split("```");
    let prose_first = parts.next().unwrap_or_default();
    prose(prose_first, names, &mut out, &mut quote);
    while let Some(code) = parts.next() {
        let Some(after) = parts.next() else {
            // Never closed, so not a block.
            out.push_str("\\`\\`\\`");
            prose(code, names, &mut out, &mut quote);
            break;
        };
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str("```\n");
        out.push_str(plain(code, names).trim_matches('\n'));
        out.push_str("\n```");
        if !after.is_empty() && !after.starts_with('\n') {
            out.push('\n');
        }
        prose(after, names, &mut out, &mut quote);
    }
    out
}

/// A text in which nothing is marked: a topic, code.
pub(super) fn plain(text: &str, names: &Names<'_>) -> String {
    if !text.contains(['<', '&']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        out.push_str(&unescape(&rest[..start]));
        out.push_str(&token::written(&rest[start + 1..start + length], names, Form::Plain));
        rest = &rest[start + length + 1..];
    }
    out.push_str(&unescape(rest));
    out
}

/// `&amp;`, `&lt;` and `&gt;`: Slack escapes no other characters.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// Whether the present line is quoted.
#[derive(Default)]
struct Quote {
    /// Up to the end of the message (`>>>`).
    rest: bool,
    /// The line before was.
    before: bool,
}

fn prose(text: &str, names: &Names<'_>, out: &mut String, quote: &mut Quote) {
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let fresh = out.is_empty() || out.ends_with('\n');
        let mut line = line;
        let mut quoted = quote.rest;
        if fresh {
            if let Some(inner) = line.strip_prefix("&gt;&gt;&gt;") {
                (line, quoted, quote.rest) = (inner.trim_start(), true, true);
            } else if let Some(inner) = line.strip_prefix("&gt;") {
                (line, quoted) = (inner.strip_prefix(' ').unwrap_or(inner), true);
            }
            // Markdown would draw a line that follows a quote into it.
            if quote.before && !quoted && !line.trim().is_empty() {
                out.push('\n');
            }
            if quoted {
                out.push_str("> ");
            }
            quote.before = quoted;
        }
        if fresh {
            line = begin(line, out);
        }
        inline(line, names, out);
    }
}

/// Keeps a line's beginning from meaning something; answers what is left of the line.
fn begin<'l>(line: &'l str, out: &mut String) -> &'l str {
    let text = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - text.len();
    if indent > 3 || line[..indent].contains('\t') {
        // Four spaces would be code; these look the same.
        line[..indent]
            .chars()
            .for_each(|c| out.push_str(if c == '\t' { "\u{A0}\u{A0}\u{A0}\u{A0}" } else { "\u{A0}" }));
    } else {
        out.push_str(&line[..indent]);
    }
    let heading = text.starts_with('#') && text.trim_start_matches('#').starts_with([' ', '\t']);
    let rule =
        !text.is_empty() && text.chars().all(|c| matches!(c, '-' | '=' | '_' | '|' | ':' | '+' | ' ') || c == '*');
    if heading || (rule && text.contains(['-', '=', '_', '*'])) {
        out.push('\\');
        let (first, rest) = text.split_at(1);
        out.push_str(first);
        return rest;
    }
    text
}

/// A piece of a line.
enum Piece {
    Char(char),
    /// Written already; no mark within it counts.
    Done(String),
}

impl Piece {
    fn is_space(&self) -> bool {
        matches!(self, Self::Char(c) if c.is_whitespace())
    }

    fn is_word(&self) -> bool {
        matches!(self, Self::Char(c) if c.is_alphanumeric())
    }

    fn is(&self, wanted: char) -> bool {
        matches!(self, Self::Char(c) if *c == wanted)
    }
}

fn inline(line: &str, names: &Names<'_>, out: &mut String) {
    if !line.contains(['&', '<', '`', '*', '_', '~', '\\', '[', ']', ':']) {
        out.push_str(line);
        return;
    }
    let pieces = pieces(line, names);
    let mut marks = vec![Mark::None; pieces.len()];
    for delimiter in ['*', '_', '~'] {
        pair(&pieces, delimiter, &mut marks);
    }
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Done(text) => out.push_str(text),
            Piece::Char(c) => match (marks[at], c) {
                (Mark::Paired, '*') => out.push_str("**"),
                (Mark::Paired, '~') => out.push_str("~~"),
                (Mark::Stray, c) => out.extend(['\\', *c]),
                _ if means_something(*c, &pieces[at + 1..]) => out.extend(['\\', *c]),
                _ => {
                    out.push(*c);
                    // A link, or the definition of one.
                    if *c == ']' && pieces.get(at + 1).is_some_and(|next| next.is('(') || next.is(':')) {
                        out.push('\\');
                    }
                }
            },
        }
    }
}

fn pieces(line: &str, names: &Names<'_>) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let enclosed = |end: char| rest[1..].find(end).filter(|length| *length > 0);
        let taken = match c {
            '<' => enclosed('>').map(|length| {
                pieces.push(Piece::Done(token::written(&rest[1..=length], names, Form::Markdown)));
                length + 2
            }),
            '`' => enclosed('`').map(|length| {
                pieces.push(Piece::Done(format!("`{}`", plain(&rest[1..=length], names))));
                length + 2
            }),
            '&' => [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')].into_iter().find_map(|(escaped, c)| {
                rest.starts_with(escaped).then(|| {
                    pieces.push(Piece::Char(c));
                    escaped.len()
                })
            }),
            // Skin tones are an emoji of their own in Slack, and none elsewhere.
            ':' if rest.starts_with(":skin-tone-") => enclosed(':').map(|length| length + 2),
            _ => None,
        };
        rest = &rest[taken.unwrap_or_else(|| {
            pieces.push(Piece::Char(c));
            c.len_utf8()
        })..];
    }
    pieces
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Paired,
    Stray,
}

/// Finds what `delimiter` marks by Slack's rules: it begins a word and ends one, on one line. Those that pair with
/// none are strays when Markdown could pair them.
fn pair(pieces: &[Piece], delimiter: char, marks: &mut [Mark]) {
    let at: Vec<usize> = (0..pieces.len()).filter(|at| pieces[*at].is(delimiter)).collect();
    if at.len() < 2 {
        return;
    }
    let before = |at: usize| at.checked_sub(1).map(|at| &pieces[at]);
    let after = |at: usize| pieces.get(at + 1);
    let lone = |at: usize| ![before(at), after(at)].into_iter().flatten().any(|near| near.is(delimiter));
    let opens = |at: usize| {
        // After a backslash it is part of a face: ¯\_(ツ)_/¯
        lone(at)
            && before(at).is_none_or(|piece| !piece.is_word() && !piece.is('\\'))
            && after(at).is_some_and(|piece| !piece.is_space())
    };
    let closes = |at: usize| {
        lone(at) && after(at).is_none_or(|piece| !piece.is_word()) && before(at).is_some_and(|piece| !piece.is_space())
    };
    let mut open = None;
    for &place in &at {
        match open {
            Some(start) if closes(place) && place > start + 1 => {
                (marks[start], marks[place]) = (Mark::Paired, Mark::Paired);
                open = None;
            }
            None if opens(place) => open = Some(place),
            _ => {}
        }
    }
    for place in at {
        let apart = |piece: Option<&Piece>| piece.is_none_or(Piece::is_space);
        let within_word = before(place).is_some_and(Piece::is_word) && after(place).is_some_and(Piece::is_word);
        let harmless = apart(before(place)) && apart(after(place)) || delimiter == '_' && within_word;
        if marks[place] == Mark::None && !harmless {
            marks[place] = Mark::Stray;
        }
    }
}

/// Whether Markdown would not show `c` as it stands.
fn means_something(c: char, after: &[Piece]) -> bool {
    let char_at = |at: usize| match after.get(at) {
        Some(Piece::Char(c)) => Some(*c),
        _ => None,
    };
    match c {
        '\\' => char_at(0).is_some_and(|next| next.is_ascii_punctuation()) || after.is_empty(),
        // A footnote.
        '[' => char_at(0) == Some('^'),
        '&' => {
            let name = after.iter().take(33).take_while(|piece| piece.is_word() || piece.is('#')).count();
            name > 0 && char_at(name) == Some(';')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
