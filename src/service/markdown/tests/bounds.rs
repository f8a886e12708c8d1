//! What 4,000 characters can ask for at most. Bounds are on what is written, for a wall clock fails on busy machines.

use super::inspector::{Links, objection};
use crate::service::markdown::{excerpt, render};

const LONGEST: usize = 4_000;

fn repeated(pattern: &str, length: usize) -> String {
    pattern.repeat(length / pattern.len())
}

/// Sources of `length` bytes that are known to bring parsers down: nesting, unclosed pairs, growing tables.
fn pathological(length: usize) -> Vec<String> {
    let mut sources: Vec<String> = [
        ">",
        "> ",
        "- ",
        "1. ",
        "* + - ",
        ">- ",
        "*",
        "_",
        "~",
        "`",
        "[",
        "![",
        "](",
        "[a](",
        "**a *b ",
        "*a **a ",
        "*a_ ",
        "<",
        "<a ",
        "<!--",
        "<?",
        "<![CDATA[",
        "&",
        "\\",
        "a@",
        "www.",
        "http://",
        ":a:",
        "|",
        "|-",
        "| |\n",
        "#",
        "\t",
        "\n",
        "a\n=\n",
        "- \n",
        "- a\n\n",
        "[^a]",
        "[^a]: ",
        "[a]: b\n",
        "~~a ",
        "- [ ] ",
        "\u{0}",
        "x ",
        "(",
        "\"",
        "`a``b```c",
        "<b>",
        "</b>",
        "é",
        "😀",
        ":tada:",
        "https://a.example ",
        "*a* ",
        "[a](http://b) ",
        "![a](http://b) ",
        "$a$ ",
        "$$\\sqrt",
        "$",
        "$`",
    ]
    .iter()
    .map(|pattern| repeated(pattern, length))
    .collect();
    let half = length / 2;
    sources.push("*".repeat(half) + "a" + &"*".repeat(half - 1));
    sources.push("[".repeat(half) + &"]".repeat(half));
    sources.push("- ".repeat(half / 2) + &"\n".repeat(half));
    sources.push("> ".repeat(half / 2) + "a\n" + &"b\n".repeat(half / 2 - 1));
    sources.push(format!("{}\n{}\n{}", repeated("|a", half / 2), repeated("|-", half / 2), repeated("|\n", half)));
    sources.push(format!("[^a]: x\n\n{}", repeated("[^a]", length - 9)));
    sources.push(format!("[a]: http://b/{}\n\n{}", "c".repeat(half), repeated("[a]", half - 20)));
    sources.push((0..).map(|depth| " ".repeat(2 * depth) + "- a\n").take(60).collect());
    sources.push(format!("$${}$$", "{".repeat(half) + &"}".repeat(half)));
    sources.push(format!("$${}$$", "\\,".repeat(length / 2)));
    sources.push(format!("$${}$$", "&\\\\".repeat(length / 3)));
    for language in ["rust", "html", "markdown", "c++", "yaml", "perl"] {
        for piece in ["1 ", "\"", "(\n", "<a ", "/* ", "a::b<", "`", "- a: [\n", "${", "#\n"] {
            sources.push(format!("~~~{language}\n{}\n~~~", repeated(piece, length)));
        }
    }
    sources.push("a".repeat(length));
    sources
}

// M32
#[test]
fn no_message_grows_past_a_bounded_multiple_of_its_length() {
    for source in pathological(LONGEST) {
        let html = render(&source);
        let limit = 60 * LONGEST;
        assert!(html.len() <= limit, "{:.40}… became {} bytes", source, html.len());
        assert_eq!(objection(&html, Links::Ours), None, "{source:.40}…");
    }
}

// M32
#[test]
fn a_small_stack_is_enough_for_the_deepest_message() {
    // Sixteen times the longest message on a quarter of the stack a worker has: what recurses, falls.
    let sources = pathological(16 * LONGEST);
    std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(move || {
            for source in &sources {
                assert!(render(source).len() + excerpt(source, 80).len() < 1 << 24);
            }
        })
        .unwrap()
        .join()
        .unwrap();
}

// M32
#[test]
fn a_message_nested_past_reason_is_shown_as_it_was_typed() {
    let deep = format!("{} *a*\n<b>", ">".repeat(60));
    let html = render(&deep);
    assert_eq!(html, format!("<p>{} *a*<br>\n&lt;b&gt;</p>\n", "&gt;".repeat(60)));
    let reasonable = render(&format!("{} *a*", ">".repeat(12)));
    assert_eq!(reasonable.matches("<blockquote>").count(), 12, "{reasonable}");
}

// M32
#[test]
fn a_table_that_would_grow_past_measure_is_shown_as_text() {
    let wide = format!("{}\n{}\n{}", "|a".repeat(300), "|-".repeat(300), "|\n".repeat(300));
    assert!(!render(&wide).contains("<table>"));
    let large = format!("{}\n{}\n{}", "|a".repeat(10), "|-".repeat(10), ("|b".repeat(10) + "\n").repeat(100));
    assert_eq!(render(&large).matches("<td>").count(), 1_000);
}
