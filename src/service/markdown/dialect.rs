//! The Markdown that is read here: the options of the parser and the writer.

use std::sync::LazyLock;

use comrak::Options;

/// Cells that the tables of one message may come to. A row of `|` is filled up to the width of its table, so 4,000
/// characters could otherwise ask for 400,000 cells.
const MAX_TABLE_CELLS: usize = 10_000;

static CHAT: LazyLock<Options> = LazyLock::new(|| chat_options(true));
static CHAT_WITHOUT_TABLES: LazyLock<Options> = LazyLock::new(|| chat_options(false));

/// The dialect of chat messages, without tables for a source whose tables could grow past all measure.
pub(super) fn chat(source: &str) -> &'static Options<'static> {
    if table_cells_at_most(source) > MAX_TABLE_CELLS { &CHAT_WITHOUT_TABLES } else { &CHAT }
}

/// `CommonMark` and nothing else, raw HTML included: only for holding the engine against the specification.
#[cfg(test)]
pub(super) fn spec() -> Options<'static> {
    let mut options = Options::default();
    options.render.r#unsafe = true;
    options
}

fn chat_options(tables: bool) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = tables;
    options.extension.tasklist = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.shortcodes = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    options.render.hardbreaks = true;
    options.render.tasklist_classes = true;
    options
}

/// An upper bound: the widest line in cells, as if every line were a row of that width.
fn table_cells_at_most(source: &str) -> usize {
    if !source.contains('|') {
        return 0;
    }
    let (mut lines, mut widest) = (0, 0);
    for line in source.split(['\n', '\r']) {
        lines += 1;
        widest = widest.max(1 + line.bytes().filter(|&byte| byte == b'|').count());
    }
    lines * widest
}
