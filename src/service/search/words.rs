//! What a message is found by.

use super::{tokens, windows};
use crate::{
    domain::{ChannelId, MessageId, PersonId, Time},
    store::search::{Mark, Words},
};

/// Endings of addresses that lead to pictures.
const IMAGES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp"];
/// Endings of addresses that lead to other files.
const FILES: [&str; 24] = [
    "pdf", "zip", "gz", "tgz", "xz", "7z", "tar", "txt", "csv", "json", "xml", "log", "md", "doc", "docx", "xls",
    "xlsx", "ppt", "pptx", "odt", "ods", "mp3", "mp4", "patch",
];

/// What a body is found by; `html` is the same, rendered.
pub fn words(body: &str, html: &str) -> Words {
    Words { line: tokens::line(body), holds: holds(html) }
}

fn holds(html: &str) -> Vec<Mark> {
    let endings: Vec<String> = html.split("href=\"").skip(1).filter_map(address).map(ending).collect();
    let among = |known: &[&str]| endings.iter().any(|ending| known.contains(&ending.as_str()));
    let image = html.contains("<img ") || among(&IMAGES);
    [
        (!endings.is_empty(), Mark::Link),
        (image || among(&FILES), Mark::File),
        (image, Mark::Image),
        (html.contains("<code"), Mark::Code),
    ]
    .into_iter()
    .filter_map(|(held, mark)| held.then_some(mark))
    .collect()
}

/// The address that this text begins with, if it leads elsewhere: not to a footnote.
fn address(text: &str) -> Option<&str> {
    text.split('"').next().filter(|address| !address.starts_with('#'))
}

/// How the path of an address ends, behind the last full stop.
fn ending(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let name = path.split_once('/').map_or("", |(_, path)| path.rsplit('/').next().unwrap_or_default());
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

/// What a message is found by beside its words.
pub fn marks(channel: ChannelId, author: PersonId, at: Time, root: Option<MessageId>, edited: bool) -> Vec<Mark> {
    let mut marks = vec![Mark::Channel(channel), Mark::Author(author), Mark::Time(windows::digits(at))];
    marks.extend(root.map(|_| Mark::Thread));
    marks.extend(edited.then_some(Mark::Edited));
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::markdown::render;

    #[test]
    fn what_a_message_holds_is_read_from_what_it_became() {
        let held = |body: &str| holds(&render(body));
        assert_eq!(held("plain text, 3 < 4"), []);
        assert_eq!(held("see https://a.example/x"), [Mark::Link]);
        assert_eq!(held("[plan](https://a.example/plan.PDF?x=1)"), [Mark::Link, Mark::File]);
        assert_eq!(held("https://a.example/cat.png"), [Mark::Link, Mark::File, Mark::Image]);
        assert_eq!(held("https://a.zip"), [Mark::Link], "a host is no file");
        assert_eq!(held("use `cargo`"), [Mark::Code]);
    }
}
