//! Rows that the server has rendered before. A page of history is mostly rows somebody else has asked for a moment ago:
//! drawing one costs some sixty times what finding it does.

use std::sync::{Arc, LazyLock};

use leptos::{prelude::*, tachys::html::InertElement};
use moka::sync::Cache;
use thunderline::{domain::MessageId, view::Row};

/// What kept rows may weigh together, in bytes: some 25,000 of ordinary messages.
const BYTES: u64 = 64 * 1_024 * 1_024;

/// What a row looks like beside what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "one fact each")]
pub(super) struct Look {
    /// Of this message.
    pub id: MessageId,
    /// What who looks may do with it.
    pub powers: super::message::Powers,
    /// Written by who looks.
    pub mine: bool,
    /// Under the header of the row above.
    pub grouped: bool,
    /// Where the link led to.
    pub target: bool,
    /// In a thread's panel.
    pub thread: bool,
}

struct Kept {
    row: Row,
    html: Box<str>,
}

static ROWS: LazyLock<Cache<Look, Arc<Kept>>> = LazyLock::new(|| {
    let weight = |_: &Look, kept: &Arc<Kept>| u32::try_from(2 * kept.html.len() + 512).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(BYTES).weigher(weight).build()
});

/// The row as it was rendered before, if nothing of it has changed since; else as `draw` makes it now.
pub(super) fn row(look: Look, row: &Row, draw: impl FnOnce() -> AnyView) -> AnyView {
    let kept = ROWS.get(&look).filter(|kept| kept.row == *row).unwrap_or_else(|| {
        let kept = Arc::new(Kept { row: row.clone(), html: draw().to_html().into() });
        ROWS.insert(look, kept.clone());
        kept
    });
    // The client hydrates it like any row: the HTML is the same.
    InertElement::new(String::from(&*kept.html)).into_any()
}
