use proptest::prelude::*;
use proptest::sample::select;

use super::inspector::{Links, objection};
use crate::service::markdown::{excerpt, plain, render, render_rich, sanitiser};

/// Pieces that mean something to one of the parsers, to be strung together in any order.
const PIECES: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "    ",
    "*",
    "**",
    "$",
    "$$",
    "$`",
    "^2",
    "\\frac",
    "```rust\n",
    "```math\n",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "```",
    "\n```rust\n",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "[^1]",
    "[^1]: ",
    "\n[^1]: ",
    "[a]: ",
    "<",
    ">",
    "<a href=\"",
    "\">",
    "<b>",
    "</b>",
    "<div>\n",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "&#0;",
    "&colon;",
    "\\",
    "|",
    "\n|-|-|\n",
    "\n:-\n",
    "-",
    "- ",
    "- [ ] ",
    "- [x] ",
    "+ ",
    "1. ",
    "12) ",
    "# ",
    "###### ",
    "#",
    "=",
    "\n===",
    "\n---\n",
    ":",
    "::",
    ":+1:",
    ":tada:",
    "@",
    "a@b.example",
    "@ann",
    "www.",
    "www.a.example",
    "http://",
    "https://a.example/",
    "http:",
    "mailto:",
    "javascript:",
    "xmpp:",
    "ftp://",
    "://",
    "/",
    "?",
    "!",
    ".",
    ",",
    ";",
    "'",
    "\"",
    "%",
    "$",
    "{",
    "}",
    "^",
    "é",
    "ß",
    "日本",
    "😀",
    "👩‍👩‍👧",
    "\u{a0}",
    "\u{feff}",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{3000}",
    "\u{202e}",
    "\u{fffd}",
    "a",
    "b",
    "word",
    "w",
    "x",
    "0",
    "1",
    "42",
    "Hello",
];

fn marked() -> impl Strategy<Value = String> {
    prop::collection::vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// What people type, and what is one character away from it: a line's start and end are where most rules bite.
fn chatty() -> impl Strategy<Value = String> {
    const STARTS: &[&str] = &[
        "", "", "", "1) ", "12. ", "1.", "- ", "+", "# ", "@ann ", " ", "\u{feff}", "\u{3000}", ":-", "===", "/me ",
        "(", "...",
    ];
    const ENDS: &[&str] =
        &["", "", "", " ", "  ", "\t", "\u{a0}", ":", "!", "\r", "://x", " www.x.example", "@b.example"];
    let line = (select(STARTS), "[a-zA-Z0-9 .,!?'\"():;%$=+#@/é日-]{0,12}", select(ENDS))
        .prop_map(|(start, words, end)| format!("{start}{words}{end}"));
    prop::collection::vec(line, 1..4).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    // M32
    #[test]
    fn whatever_is_typed_is_safe_and_at_rest(source in prop_oneof![marked(), any::<String>(), chatty()]) {
        let html = render(&source);
        prop_assert_eq!(objection(&html, Links::Ours), None, "{}", html);
        prop_assert_eq!(sanitiser::clean(&html), html.clone());
        prop_assert_eq!(render(&source), html);
    }

    // M32
    #[test]
    fn the_short_way_writes_what_the_long_way_would(source in prop_oneof![4 => chatty(), 1 => marked(), 1 => any::<String>()]) {
        if let Some(html) = plain::render(&source) {
            prop_assert_eq!(html, render_rich(&source));
        }
    }

    // M32
    #[test]
    fn the_short_way_is_taken_for_plain_words(words in prop::collection::vec("[a-zA-Zé]{1,8}[,.!?]?", 1..12)) {
        prop_assume!(!words.iter().any(|word| word.ends_with("www.")), "the beginning of a link");
        prop_assert!(plain::render(&words.join(" ")).is_some());
    }

    // M32
    #[test]
    fn an_excerpt_is_one_line_of_at_most_the_length_asked_for(source in prop_oneof![marked(), any::<String>()], max in 0_usize..60) {
        let line = excerpt(&source, max);
        prop_assert!(line.chars().count() <= max);
        prop_assert!(!line.contains(char::is_control) && line.trim() == line);
    }
}
