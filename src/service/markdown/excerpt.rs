//! A message in one line of plain text.

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, parse_document};

use super::{dialect, plain};

/// The words of a message body in one line of at most `max_chars` characters, for a quote, a reply's head or an
/// announcement. Longer text ends in `…`, after a whole word where one ends near. This is text and not HTML: whoever
/// shows it escapes it. Raw HTML in `source` is in it as typed; footnotes and pictures are their words.
pub fn excerpt(source: &str, max_chars: usize) -> String {
    let mut line = Line::default();
    if plain::is_plain(source) {
        line.push(source);
    } else {
        let arena = Arena::new();
        collect(parse_document(&arena, source, dialect::chat(source)), &mut line);
    }
    shorten(line.text, max_chars)
}

fn collect(root: Node<'_>, line: &mut Line) {
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => match &node.data().value {
                NodeValue::Text(text) => line.push(text),
                NodeValue::Code(code) => line.push(&code.literal),
                NodeValue::Math(math) => line.push(&math.literal),
                NodeValue::CodeBlock(code) => line.push(&code.literal),
                NodeValue::HtmlBlock(html) => line.push(&html.literal),
                NodeValue::HtmlInline(html) => line.push(html),
                NodeValue::ShortCode(code) => line.push(&code.emoji),
                NodeValue::SoftBreak | NodeValue::LineBreak => line.pause(),
                _ => {}
            },
            NodeEdge::End(node) if node.data().value.block() => line.pause(),
            NodeEdge::End(_) => {}
        }
    }
}

/// Words with one space between them and none around.
#[derive(Default)]
struct Line {
    text: String,
    pausing: bool,
}

impl Line {
    fn push(&mut self, text: &str) {
        for char in text.chars() {
            if char.is_whitespace() || char.is_control() {
                self.pause();
            } else if !turns_direction(char) {
                if self.pausing {
                    self.text.push(' ');
                    self.pausing = false;
                }
                self.text.push(char);
            }
        }
    }

    fn pause(&mut self) {
        self.pausing = !self.text.is_empty();
    }
}

/// Marks that turn the direction of what follows. Cut off from their end, they would turn the page around the excerpt.
fn turns_direction(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn shorten(mut text: String, max_chars: usize) -> String {
    if text.char_indices().nth(max_chars).is_none() {
        return text;
    }
    let Some(room) = max_chars.checked_sub(1) else {
        return String::new();
    };
    let mut end = text.char_indices().nth(room).map_or(text.len(), |(at, _)| at);
    // Not inside what is seen as one character: an emoji of several, a letter and its accent.
    while end > 0 && (text[end..].starts_with(joins_what_is_before) || text[..end].ends_with('\u{200d}')) {
        end = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    }
    if !text[end..].starts_with(' ')
        && let Some(space) = text[..end].rfind(' ')
        && text[space..end].chars().count() <= LONGEST_WORD_DROPPED
    {
        end = space;
    }
    text.truncate(end);
    text.truncate(text.trim_end().len());
    text.push('…');
    text
}

/// A cut word of up to this many characters is left out; a longer one stays cut, or nothing might remain.
const LONGEST_WORD_DROPPED: usize = 16;

fn joins_what_is_before(char: char) -> bool {
    matches!(char, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}
