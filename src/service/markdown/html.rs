//! The safe tree, written as HTML. Links, task items, formulas and code with colours are written here, the rest by comrak.

use std::fmt::{self, Write};

use ammonia::Url;
use comrak::Options;
use comrak::html::{ChildRendering, Context, escape, escape_href, format_document_with_formatter, format_node_default};
use comrak::nodes::{Node, NodeCodeBlock, NodeLink, NodeMath, NodeTaskItem, NodeValue};
use comrak::options::Plugins;

use super::code;
use super::math::{self, Place};

/// `rel` of every link that leads out: the opened page gets no handle on ours and no referrer, search engines no vote.
pub(super) const REL: &str = "noopener noreferrer nofollow ugc";
/// `target` of every link that leads out.
pub(super) const TARGET: &str = "_blank";
/// What a screen reader says for the box of a task that is done.
pub(super) const DONE: &str = "Completed task";
/// What a screen reader says for the box of a task that is open.
pub(super) const OPEN: &str = "Incomplete task";

/// Letters of a language's name after a code fence; longer names lose their class.
const MAX_LANGUAGE: usize = 32;

/// The schemes a link may have, as they begin an absolute address.
const OUTBOUND: [&str; 3] = ["http://", "https://", "mailto:"];

/// Writes the tree under `root`, which [`tree`](super::tree) has made safe.
pub(super) fn write(root: Node<'_>, options: &Options<'_>) -> String {
    let mut html = String::new();
    format_document_with_formatter(root, options, &mut html, &Plugins::default(), write_node, ())
        .expect("writing to a String does not fail");
    html
}

/// Writes `source` as it was typed, in one paragraph.
pub(super) fn write_verbatim(source: &str) -> String {
    let mut html = String::from("<p>");
    for (number, line) in source.trim().lines().enumerate() {
        if number > 0 {
            html.push_str("<br />\n");
        }
        escape(&mut html, line).expect("writing to a String does not fail");
    }
    html.push_str("</p>\n");
    html
}

/// Whether a browser reads `url` as an absolute address of the web or a mailbox.
pub(super) fn is_outbound(url: &str) -> bool {
    // The prefix as written, for `Url` forgives more than we do (`http:host`, tabs, leading spaces) …
    if !has_outbound_scheme(url) {
        return false;
    }
    // … and then the whole as the page will hold it, so that the sanitiser has nothing to object to.
    let mut href = String::new();
    escape_href(&mut href, url, false).expect("writing to a String does not fail");
    Url::parse(&href.replace("&#x27;", "'").replace("&amp;", "&")).is_ok()
}

/// Whether `url` begins with one of the schemes a link may have.
pub(super) fn has_outbound_scheme(url: &str) -> bool {
    OUTBOUND.iter().any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

fn write_node(context: &mut Context<'_, '_>, node: Node<'_>, entering: bool) -> Result<ChildRendering, fmt::Error> {
    match &node.data().value {
        NodeValue::Link(link) if entering => write_link(context, link)?,
        NodeValue::Link(_) => context.write_str("</a>")?,
        NodeValue::TaskItem(task) if entering => write_task(context, task)?,
        NodeValue::TaskItem(_) => {
            context.write_str("</li>")?;
            context.lf()?;
        }
        NodeValue::Math(formula) if entering => write_math(context, formula)?,
        NodeValue::CodeBlock(block) if entering && write_code(context, block)? => {}
        _ => return format_node_default(context, node, entering),
    }
    Ok(ChildRendering::HTML)
}

fn write_link(context: &mut Context<'_, '_>, link: &NodeLink) -> fmt::Result {
    context.write_str("<a href=\"")?;
    context.escape_href(&link.url)?;
    if !link.title.is_empty() {
        context.write_str("\" title=\"")?;
        context.escape(&link.title)?;
    }
    write!(context, "\" rel=\"{REL}\" target=\"{TARGET}\">")
}

/// Writes a formula, or its source where it is none.
fn write_math(context: &mut Context<'_, '_>, formula: &NodeMath) -> fmt::Result {
    let place = if formula.display_math { Place::Block } else { Place::Inline };
    if let Some(written) = math::mathml(&formula.literal, place) {
        return context.write_str(&written);
    }
    context.write_str("<code>")?;
    context.escape(&formula.literal)?;
    context.write_str("</code>")
}

/// Writes code with colours, or the formula it is; `false`, and nothing written, where nobody knows its language.
fn write_code(context: &mut Context<'_, '_>, block: &NodeCodeBlock) -> Result<bool, fmt::Error> {
    let language = block.info.split_whitespace().next().unwrap_or_default();
    if language == "math"
        && let Some(formula) = math::mathml(&block.literal, Place::Block)
    {
        context.cr()?;
        write!(context, "<p>{formula}</p>")?;
        context.lf()?;
        return Ok(true);
    }
    let Some(pieces) = is_language(language).then(|| code::pieces(language, &block.literal)).flatten() else {
        return Ok(false);
    };
    context.cr()?;
    write!(context, "<pre><code class=\"language-{language}\">")?;
    for (class, piece) in pieces {
        if let Some(class) = class {
            write!(context, "<span class=\"{class}\">")?;
        }
        context.escape(piece)?;
        if class.is_some() {
            context.write_str("</span>")?;
        }
    }
    context.write_str("</code></pre>")?;
    context.lf()?;
    Ok(true)
}

/// Whether `name` may stand in the class of code, as `language-<name>`.
pub(super) fn is_language(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-' | b'_' | b'.');
    (1..=MAX_LANGUAGE).contains(&name.len()) && name.bytes().all(is_letter)
}

fn write_task(context: &mut Context<'_, '_>, task: &NodeTaskItem) -> fmt::Result {
    let (checked, label) = if task.symbol.is_some() { (" checked=\"\"", DONE) } else { ("", OPEN) };
    context.cr()?;
    context.write_str("<li class=\"task-list-item\"><input type=\"checkbox\" class=\"task-list-item-checkbox\"")?;
    write!(context, "{checked} disabled=\"\" aria-label=\"{label}\" /> ")
}
