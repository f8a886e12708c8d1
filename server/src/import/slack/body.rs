//! What a message says, as Markdown, whatever it is made of.

use serde_json::Value;
use thunderline::domain::text::{MESSAGE_CHARS, MessageBody};

use super::{
    markup::{self, Names},
    record::Record,
};
use crate::import::Tally;

/// How deep the blocks of a message are searched for text.
const DEPTH: usize = 16;
/// What a fence adds to a part of a split code block.
const FENCE: usize = 8;

/// The message's words; empty when there are none.
pub(super) fn body(record: &Record, names: &Names<'_>, tally: &mut Tally) -> String {
    let mut lines = Vec::new();
    let text = record.text.as_deref().unwrap_or_default();
    if !text.trim().is_empty() {
        let written = markup::markdown(text, names);
        let said = record.subtype.as_deref() == Some("me_message") && !written.contains(['\n', '_']);
        lines.push(if said { format!("_{}_", written.trim()) } else { written });
    } else if let Some(blocks) = &record.blocks {
        let mut said = Vec::new();
        gather(blocks, DEPTH, &mut said);
        if !said.is_empty() {
            lines.push(markup::markdown(&said.join("\n"), names));
        }
    }
    for attachment in record.attachments.iter().flatten() {
        // The preview of a link that is in the text.
        if ["from_url", "original_url"].iter().any(|key| attachment.get(key).is_some()) {
            tally.leave_out("previews of links", 1);
            continue;
        }
        let said = attached(attachment, names);
        if !said.is_empty() {
            lines.push(said);
        }
    }
    let files: Vec<&str> = record
        .files
        .iter()
        .flatten()
        .map(|file| file.as_ref().map_or("a file that is gone", |file| file.title()))
        .collect();
    if !files.is_empty() {
        tally.change("files were not fetched: a line names them");
        let line = |title: &&str| format!("📎 {}", markup::markdown(&title.replace('\n', " "), names));
        lines.push(files.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
    lines.join("\n\n").replace('\0', "")
}

/// What a program attached: its title, text and fields, or what stands in for them.
fn attached(attachment: &Value, names: &Names<'_>) -> String {
    let part = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let mut lines: Vec<String> = Vec::new();
    lines.push(part(attachment, "pretext"));
    let (title, link) = (part(attachment, "title"), part(attachment, "title_link"));
    lines.push(if link.is_empty() || title.is_empty() { title } else { format!("<{link}|{title}>") });
    lines.push(part(attachment, "text"));
    for field in attachment.get("fields").and_then(Value::as_array).into_iter().flatten() {
        let (title, value) = (part(field, "title"), part(field, "value"));
        lines.push(if title.is_empty() { value } else { format!("{title}: {value}") });
    }
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        lines.push(part(attachment, "fallback"));
    }
    markup::markdown(lines.join("\n").trim(), names)
}

/// Every text of a block, in order.
fn gather(block: &Value, depth: usize, said: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    match block {
        Value::Array(items) => items.iter().for_each(|item| gather(item, depth - 1, said)),
        Value::Object(fields) => {
            match fields.get("text") {
                Some(Value::String(text)) if !text.trim().is_empty() => said.push(text.clone()),
                Some(inner) => gather(inner, depth - 1, said),
                None => {}
            }
            for key in ["elements", "fields"] {
                if let Some(inner) = fields.get(key) {
                    gather(inner, depth - 1, said);
                }
            }
        }
        _ => {}
    }
}

/// The parts of a body that is longer than a message may be. Nothing is lost but the line break or space at a cut;
/// a block of code that is cut goes on as one.
pub(super) fn split(body: &str) -> Vec<String> {
    if body.len() <= MESSAGE_CHARS || body.chars().count() <= MESSAGE_CHARS {
        return vec![body.to_owned()];
    }
    let mut parts = Vec::new();
    let mut rest = body.to_owned();
    loop {
        let limit = MESSAGE_CHARS - FENCE;
        let Some((end, _)) = rest.char_indices().nth(limit) else {
            parts.push(rest);
            break;
        };
        let head = &rest[..end];
        let wide = |at: &usize| *at > end / 2;
        let cut = head.rfind('\n').filter(wide).or_else(|| head.rfind(' ').filter(wide)).unwrap_or(end);
        let (part, after) = rest.split_at(cut);
        let after = after.strip_prefix(['\n', ' ']).unwrap_or(after);
        let fenced = part.lines().filter(|line| line.starts_with("```")).count() % 2 == 1;
        let (part, after) = if fenced {
            (format!("{part}\n```"), format!("```\n{after}"))
        } else {
            (part.to_owned(), after.to_owned())
        };
        parts.push(part);
        rest = after;
    }
    // A part of nothing but white space says nothing.
    parts.retain(|part| MessageBody::parse("body", part).is_ok());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    // O06, M02
    #[test]
    fn a_long_message_is_split_between_words_and_nothing_is_lost() {
        let words: Vec<String> = (0..2_000).map(|number| format!("wörd{number}")).collect();
        let parts = split(&words.join(" "));
        assert!(parts.len() > 3);
        assert!(parts.iter().all(|part| MessageBody::parse("body", part).is_ok()));
        assert_eq!(parts.join(" "), words.join(" "));
        assert_eq!(split(&"x".repeat(9_000)).concat(), "x".repeat(9_000));
    }

    // O06
    #[test]
    fn a_long_block_of_code_goes_on_as_code() {
        let lines: Vec<String> = (0..900).map(|number| format!("line {number}")).collect();
        let parts = split(&format!("```\n{}\n```", lines.join("\n")));
        assert!(parts.len() > 1);
        assert!(parts.iter().all(|part| part.starts_with("```\n") && part.ends_with("\n```")));
        let back: Vec<&str> = parts.iter().flat_map(|part| part.lines()).filter(|line| *line != "```").collect();
        assert_eq!(back, lines);
    }
}
