//! What Slack puts in angle brackets: mentions, links, dates.

use super::markup::{Names, unescape};

/// How it is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Markdown,
    Plain,
}

/// The inside of `<…>`.
pub(super) fn written(inside: &str, names: &Names<'_>, form: Form) -> String {
    let (what, label) = match inside.split_once('|') {
        Some((what, label)) => (what, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    let label = label.map(unescape);
    let mut chars = what.chars();
    match chars.next() {
        Some('@') => {
            let id = chars.as_str();
            let handle = names.people.get(id).map(|known| known.handle.as_str());
            format!("@{}", handle.or(label.as_deref()).unwrap_or(id))
        }
        Some('#') => {
            let id = chars.as_str();
            let name = names.channels.get(id).map(String::as_str);
            format!("#{}", name.or(label.as_deref()).unwrap_or(id))
        }
        Some('!') => {
            // <!here>, <!subteam^S1|@team>, <!date^1392734382^{date}|18 February 2014>
            let call = chars.as_str();
            let name = call.split('^').next().unwrap_or_default();
            match (label, name) {
                (Some(label), "subteam") => format!("@{}", label.trim_start_matches('@')),
                (Some(label), "date") => label.into_owned(),
                (None, "subteam") => format!("@{}", call.split('^').nth(1).unwrap_or("group")),
                (_, name) => format!("@{name}"),
            }
        }
        _ => link(&unescape(what), label.as_deref(), form),
    }
}

fn link(target: &str, label: Option<&str>, form: Form) -> String {
    let label = label.filter(|label| *label != target);
    let address = target.strip_prefix("mailto:");
    let linked = ["https://", "http://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    match label {
        // Slack marks addresses by itself; so do we.
        Some(label) if address == Some(label) => label.to_owned(),
        Some(label) if form == Form::Markdown && linked => format!("[{}](<{}>)", escaped(label), enclosed(target)),
        // Somebody may need to know where it led.
        Some(label) if linked || !target.starts_with("tel:") => format!("{label} ({target})"),
        Some(label) => label.to_owned(),
        None if form == Form::Markdown && linked && address.is_none() => format!("<{}>", enclosed(target)),
        None if linked => address.unwrap_or(target).to_owned(),
        // Not a link at all: somebody's angle brackets.
        None => format!("<{target}>"),
    }
}

fn escaped(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        if matches!(c, '[' | ']' | '\\' | '*' | '_' | '`' | '~' | '<' | '&') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

/// As it may stand between angle brackets.
fn enclosed(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    for c in target.chars() {
        match c {
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            c if c.is_whitespace() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}
