//! The second lock: an allow-list over the finished HTML that trusts nothing of what wrote it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::code;
use super::html::{DONE, OPEN, REL, TARGET, has_outbound_scheme, is_language};

/// Elements a message may hold.
const TAGS: [&str; 48] = [
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
    "math",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
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
const ATTRIBUTES: [(&str, &[&str]); 18] = [
    ("a", &["href", "title", "rel", "target", "class", "id", "aria-label"]),
    ("code", &["class"]),
    ("input", &["type", "class", "checked", "disabled", "aria-label"]),
    ("li", &["class", "id"]),
    ("math", &["display", "displaystyle", "scriptlevel"]),
    ("mfrac", &["linethickness", "displaystyle", "scriptlevel"]),
    ("mi", &["mathvariant"]),
    ("mo", &["stretchy", "symmetric", "largeop", "movablelimits", "minsize", "maxsize"]),
    ("mrow", &["displaystyle", "scriptlevel"]),
    ("mspace", &["width", "height", "depth"]),
    ("mtable", &["displaystyle", "scriptlevel"]),
    ("ol", &["class", "start"]),
    ("section", &["class"]),
    ("span", &["class"]),
    ("sup", &["class"]),
    ("td", &["align"]),
    ("th", &["align"]),
    ("ul", &["class"]),
];

/// The widest space in a formula, in the size of its letters: a wider one could push it out of sight.
const MAX_EM: f32 = 10.0;

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
        ("span", "class") => value == "mention" || code::CLASSES.contains(&value),
        ("sup", "class") => value == "footnote-ref",
        ("code", "class") => value.strip_prefix("language-").is_some_and(is_language),
        ("td" | "th", "align") => matches!(value, "left" | "center" | "right"),
        ("math", "display") => matches!(value, "block" | "inline"),
        ("math" | "mfrac" | "mrow" | "mtable", "displaystyle")
        | ("mo", "stretchy" | "symmetric" | "largeop" | "movablelimits") => matches!(value, "true" | "false"),
        ("math" | "mfrac" | "mrow" | "mtable", "scriptlevel") => matches!(value, "0" | "1" | "2"),
        ("mi", "mathvariant") => value == "normal",
        ("mfrac", "linethickness") | ("mo", "minsize" | "maxsize") | ("mspace", "width" | "height" | "depth") => {
            is_length(value)
        }
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

/// A length within [`MAX_EM`] in either direction, as `1.5em`, or none.
fn is_length(length: &str) -> bool {
    let number = length.strip_suffix("em").unwrap_or(length);
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    is_number && number.parse::<f32>().is_ok_and(|number| number.abs() <= MAX_EM)
}

fn is_digits(number: &str) -> bool {
    (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}
