//! The second lock: an allow-list over the finished HTML that trusts nothing of what wrote it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::html::{DONE, OPEN, REL, TARGET, has_outbound_scheme};

/// Elements a message may hold.
const TAGS: [&str; 29] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Attributes an element may have, if [`is_allowed`] finds the value good.
const ATTRIBUTES: [(&str, &[&str]); 11] = [
    ("a", &["href", "title", "rel", "target", "class", "id", "aria-label"]),
    ("code", &["class"]),
    ("input", &["type", "class", "checked", "disabled", "aria-label"]),
    ("li", &["class", "id"]),
    ("ol", &["class", "start"]),
    ("section", &["class"]),
    ("span", &["class"]),
    ("sup", &["class"]),
    ("td", &["align"]),
    ("th", &["align"]),
    ("ul", &["class"]),
];

/// Letters of a language's name after a code fence; longer names lose their class.
const MAX_LANGUAGE: usize = 32;

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .tag_attributes(ATTRIBUTES.iter().map(|&(tag, names)| (tag, names.iter().copied().collect())).collect())
        .set_tag_attribute_values(HashMap::from([("input", HashMap::from([("type", "checkbox"), ("disabled", "")]))]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        // Relative links pass this check and fall to the filter, which knows the two kinds that footnotes have.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(|element, attribute, value| {
            is_allowed(element, attribute, value).then_some(Cow::Borrowed(value))
        });
    builder
});

/// `html` without what is not on the list. What it returns it would return again unchanged.
pub(super) fn clean(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

fn is_allowed(element: &str, attribute: &str, value: &str) -> bool {
    match (element, attribute) {
        ("a", "href") => has_outbound_scheme(value) || value.strip_prefix('#').is_some_and(is_footnote_id),
        ("a", "title") => true,
        ("a", "rel") => value == REL,
        ("a", "target") => value == TARGET,
        ("a", "id") => value.starts_with("fnref-") && is_footnote_id(value),
        ("a", "class") => value == "footnote-backref",
        ("a", "aria-label") => value.strip_prefix("Back to reference ").is_some_and(is_number),
        ("li", "id") => value.starts_with("fn-") && is_footnote_id(value),
        ("li", "class") => value == "task-list-item",
        ("ol" | "ul", "class") => value == "contains-task-list",
        ("ol", "start") => is_digits(value),
        ("section", "class") => value == "footnotes",
        ("span", "class") => value == "mention",
        ("sup", "class") => value == "footnote-ref",
        ("code", "class") => value.strip_prefix("language-").is_some_and(is_language),
        ("td" | "th", "align") => matches!(value, "left" | "center" | "right"),
        ("input", "type") => value == "checkbox",
        ("input", "class") => value == "task-list-item-checkbox",
        ("input", "checked" | "disabled") => value.is_empty(),
        ("input", "aria-label") => value == DONE || value == OPEN,
        _ => false,
    }
}

/// `fn-0a1b2c3d-1`, `fnref-0a1b2c3d-1` or, from the second reference on, `fnref-0a1b2c3d-1-2`.
fn is_footnote_id(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("fnref-").or_else(|| id.strip_prefix("fn-")) else {
        return false;
    };
    let Some((source, number)) = rest.split_once('-') else {
        return false;
    };
    source.len() == 8 && source.bytes().all(|byte| byte.is_ascii_hexdigit()) && is_number(number)
}

/// `1` or `1-2`.
fn is_number(number: &str) -> bool {
    match number.split_once('-') {
        Some((first, second)) => is_digits(first) && is_digits(second),
        None => is_digits(number),
    }
}

fn is_digits(number: &str) -> bool {
    (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_language(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-' | b'_' | b'.');
    (1..=MAX_LANGUAGE).contains(&name.len()) && name.bytes().all(is_letter)
}
