//! Formulas in `LaTeX`, as `MathML` that browsers set by themselves.

use std::{convert::Infallible, panic};

use pulldown_latex::{Event, Parser, RenderConfig, Storage, config::DisplayMode, event::Content, push_mathml};

/// Characters of a formula; a longer one is shown as it was typed.
const LONGEST: usize = 1_000;

/// Levels of elements that a formula may have. No honest one comes near, and browsers grow slow with the depth.
const MAX_DEPTH: usize = 32;

/// What defines a command. A definition could unfold to what nobody typed, so a formula with one is shown as typed.
const DEFINITIONS: [&str; 5] = ["\\def", "\\gdef", "\\edef", "\\let", "\\futurelet"];

/// How a formula stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Among words.
    Inline,
    /// On lines of its own.
    Block,
}

/// The `MathML` of a formula; `None` for what is not one, or is too much of one.
pub(super) fn mathml(source: &str, place: Place) -> Option<String> {
    if source.len() > LONGEST || source.contains("command") || DEFINITIONS.iter().any(|word| source.contains(word)) {
        return None;
    }
    // The library falls over some malformed formulas, `\char` before an accented letter among them. It keeps nothing
    // between two formulas that such a fall could leave broken.
    let written = panic::catch_unwind(|| write(source, place)).ok()??;
    (depth(&written) <= MAX_DEPTH).then_some(written)
}

fn write(source: &str, place: Place) -> Option<String> {
    let storage = Storage::new();
    let events: Vec<_> = Parser::new(source, &storage).collect::<Result<_, _>>().ok()?;
    if events.is_empty() || !events.iter().all(is_plain) {
        return None;
    }
    let display_mode = if place == Place::Block { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut written = String::new();
    push_mathml(&mut written, events.into_iter().map(Ok::<_, Infallible>), config).ok()?;
    // The writer leaves the signs of comparison as they are.
    Some(written.replace("<mo><</mo>", "<mo>&lt;</mo>").replace("<mo>></mo>", "<mo>&gt;</mo>"))
}

/// Whether the writer, which escapes no words but those of `\text`, can be given this.
fn is_plain(event: &Event<'_>) -> bool {
    match event {
        Event::Content(Content::Function(words) | Content::Number(words)) => !words.contains(['<', '>', '&', '"']),
        _ => true,
    }
}

/// The most elements of `html` that stand in one another.
fn depth(html: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            open = open.saturating_sub(1);
        } else if !tag.split_once('>').is_some_and(|(tag, _)| tag.ends_with('/')) {
            open += 1;
            deepest = deepest.max(open);
        }
    }
    deepest
}
