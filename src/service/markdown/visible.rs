//! Whether a rendered message shows anything: Markdown knows texts that are not blank and render to nothing.

use crate::domain::text::is_invisible;

/// Elements that are seen without a word in them: a line, a box, a bullet, a grid.
const SEEN: [&str; 4] = ["hr", "input", "li", "table"];

/// Whether there is anything to be seen in `html`, which [`render`](super::render) wrote. Stops at the first thing.
pub fn is_visible(html: &str) -> bool {
    let mut pieces = html.split('<');
    // What stands before the first element, then each element with the text behind it.
    let before = pieces.next().unwrap_or_default();
    shows(before)
        || pieces.any(|piece| {
            let (element, text) = piece.split_once('>').unwrap_or((piece, ""));
            let name = element.split([' ', '/']).next().unwrap_or_default();
            SEEN.contains(&name) || shows(text)
        })
}

fn shows(text: &str) -> bool {
    text.replace("&nbsp;", " ").chars().any(|char| !is_invisible(char))
}
