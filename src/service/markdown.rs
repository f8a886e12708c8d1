//! Message bodies, from Markdown to HTML that a page can show as it is (M32).
//!
//! A body passes four stations. [`plain`] answers at once for a message without Markdown. Otherwise comrak
//! reads it in the chat [`dialect`], [`tree`] takes out what a message may not hold (raw HTML, images, foreign
//! links) and [`html`] writes it. What was written then passes [`sanitiser`], which knows nothing of Markdown
//! and keeps only what is on its list: a fault in one of the two is not a hole.

mod code;
mod dialect;
mod excerpt;
mod html;
mod math;
mod mention;
mod plain;
mod sanitiser;
#[cfg(test)]
mod tests;
mod tree;
mod visible;

use std::collections::HashSet;

use comrak::{Arena, parse_document};

pub use excerpt::excerpt;
pub use visible::is_visible;

/// The HTML of a message body: a pure function of `source`, safe to place inside any element that takes blocks.
///
/// It reads `CommonMark` with tables, task lists, strikethrough, bare links, footnotes, emoji shortcodes and formulas
/// (`$…$`, `$$…$$`, a fence `math`); code whose fence names its language has the colours of its words. A line break in the source is a line break on the screen; raw HTML is shown as typed; an image becomes a link to it;
/// a link that is not absolute `http`, `https` or `mailto` is only its text. Ids exist for footnotes alone, as
/// `fn-…` and `fnref-…` with a hash of the source in them: pages must not use these two prefixes.
pub fn render(source: &str) -> String {
    plain::render(source).unwrap_or_else(|| render_rich(source))
}

/// The same, with each of `names` (sign-in names in lower case) that stands behind an `@` written as a mention, but
/// not in code and not in links (M06).
pub fn render_naming(source: &str, names: &[&str]) -> String {
    if names.is_empty() { render(source) } else { render_marked(source, names) }
}

/// What stands behind an `@` in a message and could be a sign-in name, in lower case, in order, each once.
pub fn candidates(source: &str) -> Vec<String> {
    if !source.contains('@') {
        return Vec::new();
    }
    let arena = Arena::new();
    let root = parse_document(&arena, source, dialect::chat(source));
    if tree::make_safe(&arena, root, source).is_err() {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    mention::candidates(root).into_iter().filter(|name| seen.insert(name.clone())).collect()
}

/// The way of a message that may hold Markdown. Right for every message, [`plain`] or not; only slower.
fn render_rich(source: &str) -> String {
    render_marked(source, &[])
}

fn render_marked(source: &str, names: &[&str]) -> String {
    let arena = Arena::new();
    let options = dialect::chat(source);
    let root = parse_document(&arena, source, options);
    let written = match tree::make_safe(&arena, root, source) {
        Ok(()) => {
            mention::mark(&arena, root, names);
            html::write(root, options)
        }
        Err(tree::TooDeep) => html::write_verbatim(source),
    };
    sanitiser::clean(&written)
}
