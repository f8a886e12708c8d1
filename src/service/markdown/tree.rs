//! The parsed message, made safe: afterwards it holds no raw HTML, no image, no link that leads anywhere but to
//! the open web or a mailbox, no link inside a link and no footnote under a name of the writer's choice.

use std::borrow::Cow;

use comrak::Arena;
use comrak::nodes::{Ast, AstNode, LineColumn, Node, NodeLink, NodeValue};

use super::html::is_outbound;

/// Levels of the tree that a message may have; a list takes two for each of its own. No honest message comes near,
/// and the parsers of browsers grow slow with the square of the depth.
const MAX_DEPTH: usize = 48;

/// Ways back that a footnote shows, for one that is referred to a thousand times.
const MAX_BACK_REFERENCES: u32 = 8;

/// The message nests deeper than [`MAX_DEPTH`].
#[derive(Debug)]
pub(super) struct TooDeep;

/// Makes the tree under `root` safe in place, or says that it is too deep to be shown as a tree at all.
pub(super) fn make_safe<'a>(arena: &'a Arena<'a>, root: Node<'a>, source: &str) -> Result<(), TooDeep> {
    let footnotes = FootnoteNames::give(root, source);
    // A stack of our own: the depth is the writer's choice, and the thread's stack is not theirs to fill.
    let mut places = vec![Place { node: root, depth: 0, in_link: false }];
    while let Some(Place { node, depth, in_link }) = places.pop() {
        if depth > MAX_DEPTH {
            return Err(TooDeep);
        }
        let mut visit = |node, depth, in_link| places.push(Place { node, depth, in_link });
        match step(node, depth, in_link) {
            Step::Keep => node.children().for_each(|child| visit(child, depth + 1, in_link)),
            Step::KeepLink => {
                name_if_silent(arena, node);
                node.children().for_each(|child| visit(child, depth + 1, true));
            }
            Step::Unwrap => unwrap(node).into_iter().for_each(|child| visit(child, depth, in_link)),
            Step::ShowSource => show_source(arena, node),
            Step::ShowImageAsLink => show_image(arena, node, true),
            Step::ShowImageAsText => show_image(arena, node, false),
            Step::RenameReference => footnotes.rename_reference(node),
            Step::ShowReferenceAsText => show_reference(node),
            Step::ShowMathAsText => show_math(node),
        }
    }
    Ok(())
}

struct Place<'a> {
    node: Node<'a>,
    depth: usize,
    in_link: bool,
}

enum Step {
    Keep,
    KeepLink,
    Unwrap,
    ShowSource,
    ShowImageAsLink,
    ShowImageAsText,
    RenameReference,
    ShowReferenceAsText,
    ShowMathAsText,
}

fn step(node: Node<'_>, depth: usize, in_link: bool) -> Step {
    match &node.data().value {
        NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) | NodeValue::Raw(_) => Step::ShowSource,
        NodeValue::Link(link) if !in_link && is_outbound(&link.url) => Step::KeepLink,
        NodeValue::Link(_) => Step::Unwrap,
        NodeValue::Image(image) if !in_link && is_outbound(&image.url) => Step::ShowImageAsLink,
        NodeValue::Image(_) => Step::ShowImageAsText,
        // The parser numbers the definitions it moved to the end; one inside another has no number and no name.
        NodeValue::FootnoteDefinition(_) if depth > 1 => Step::Unwrap,
        NodeValue::FootnoteReference(_) if in_link => Step::ShowReferenceAsText,
        NodeValue::FootnoteReference(_) => Step::RenameReference,
        NodeValue::Math(math) if math.dollar_math && !math.display_math && touches_a_word(node) => Step::ShowMathAsText,
        _ => Step::Keep,
    }
}

/// Puts the children of `node` in its place and returns them.
fn unwrap(node: Node<'_>) -> Vec<Node<'_>> {
    let children: Vec<_> = node.children().collect();
    for child in &children {
        node.insert_before(child);
    }
    node.detach();
    children
}

/// A link without a word in it could be neither seen nor heard: its address is its text.
fn name_if_silent<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    if has_no_words(node) {
        let NodeValue::Link(link) = &node.data().value else {
            return;
        };
        node.append(text(arena, link.url.clone()));
    }
}

fn has_no_words(node: Node<'_>) -> bool {
    node.descendants().skip(1).all(|child| match &child.data().value {
        NodeValue::Text(text) => text.trim().is_empty(),
        NodeValue::Code(code) => code.literal.trim().is_empty(),
        NodeValue::Math(math) => math.literal.trim().is_empty(),
        NodeValue::HtmlInline(source) => source.trim().is_empty(),
        NodeValue::Image(image) => image.url.is_empty() && has_no_words(child),
        NodeValue::ShortCode(_) => false,
        _ => true,
    })
}

/// Raw HTML becomes the text it was typed as; a block of it keeps its lines.
fn show_source<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    let mut data = node.data_mut();
    match std::mem::replace(&mut data.value, NodeValue::Paragraph) {
        NodeValue::HtmlBlock(block) => {
            drop(data);
            for (number, line) in block.literal.trim_end().lines().enumerate() {
                if number > 0 {
                    node.append(inline(arena, NodeValue::LineBreak));
                }
                node.append(text(arena, line.to_owned()));
            }
        }
        NodeValue::HtmlInline(source) | NodeValue::Raw(source) => data.value = NodeValue::Text(source.into()),
        other => data.value = other,
    }
}

/// An image is not loaded, for loading tells a stranger who reads where and when: it becomes a link to it, or its
/// description where a link cannot be.
fn show_image<'a>(arena: &'a Arena<'a>, node: Node<'a>, as_link: bool) {
    let description = words(node);
    while let Some(child) = node.first_child() {
        child.detach();
    }
    let mut data = node.data_mut();
    let NodeValue::Image(image) = &mut data.value else {
        return;
    };
    let NodeLink { url, title } = std::mem::take(&mut **image);
    let label = if description.trim().is_empty() { url.clone() } else { description };
    if as_link {
        data.value = NodeValue::Link(Box::new(NodeLink { url, title }));
        drop(data);
        node.append(text(arena, label));
    } else {
        data.value = NodeValue::Text(label.into());
    }
}

/// The words under `node` in one line.
fn words(node: Node<'_>) -> String {
    let mut words = String::new();
    for child in node.descendants() {
        match &child.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::HtmlInline(source) => words.push_str(source),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::Math(math) => words.push_str(&math.literal),
            NodeValue::ShortCode(code) => words.push_str(&code.emoji),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

pub(super) fn text<'a>(arena: &'a Arena<'a>, text: String) -> Node<'a> {
    inline(arena, NodeValue::Text(Cow::Owned(text)))
}

pub(super) fn inline<'a>(arena: &'a Arena<'a>, value: NodeValue) -> Node<'a> {
    arena.alloc(AstNode::from(Ast::new(value, LineColumn { line: 0, column: 0 })))
}

/// A reference inside a link would be a link inside a link.
fn show_reference(node: Node<'_>) {
    let mut data = node.data_mut();
    let NodeValue::FootnoteReference(reference) = &data.value else {
        return;
    };
    data.value = NodeValue::Text(format!("[^{}]", reference.name).into());
}

/// Whether a letter or a digit stands right before or after `node`: dollars there are prices and variables of a shell
/// (`PATH=$HOME/bin:$PATH`), not the ends of a formula.
fn touches_a_word(node: Node<'_>) -> bool {
    let text = |neighbour: Option<Node<'_>>, is_near: fn(&str) -> bool| {
        neighbour.is_some_and(|node| matches!(&node.data().value, NodeValue::Text(text) if is_near(text)))
    };
    text(node.previous_sibling(), |text| text.ends_with(char::is_alphanumeric))
        || text(node.next_sibling(), |text| text.starts_with(char::is_alphanumeric))
}

fn show_math(node: Node<'_>) {
    let mut data = node.data_mut();
    let NodeValue::Math(math) = &data.value else {
        return;
    };
    data.value = NodeValue::Text(format!("${}$", math.literal).into());
}

/// What the ids of one message's footnotes begin with. They stand on a page among other messages and the page's own
/// ids, so they are a hash of the message and a number, never the writer's words.
struct FootnoteNames {
    source: u32,
}

impl FootnoteNames {
    /// Names the definitions under `root`. The parser has put them there last, in the order of their numbers.
    fn give(root: Node<'_>, source: &str) -> Self {
        let mut names = Self { source: 0 };
        let mut number = 0;
        for node in root.children() {
            if let NodeValue::FootnoteDefinition(definition) = &mut node.data_mut().value {
                if number == 0 {
                    names.source = fnv1a(source.as_bytes());
                }
                number += 1;
                definition.name = names.of(number);
                definition.total_references = definition.total_references.min(MAX_BACK_REFERENCES);
            }
        }
        names
    }

    fn rename_reference(&self, node: Node<'_>) {
        if let NodeValue::FootnoteReference(reference) = &mut node.data_mut().value {
            reference.name = self.of(reference.ix);
        }
    }

    fn of(&self, number: u32) -> String {
        format!("{:08x}-{number}", self.source)
    }
}

/// The 32-bit FNV-1a hash: the same in every release of the compiler, which the standard library's does not promise.
fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash: u32, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
