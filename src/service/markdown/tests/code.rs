use super::inspector::{Links, objection};
use crate::service::markdown::{code, render};

fn block(language: &str, inside: &str) -> String {
    format!("<pre><code class=\"language-{language}\">{inside}</code></pre>\n")
}

/// The classes of the coloured words of `code`, with the words.
fn words<'a>(language: &str, code: &'a str) -> Vec<(&'static str, &'a str)> {
    let pieces = code::pieces(language, code).expect("a known language");
    pieces.into_iter().filter_map(|(class, piece)| Some((class?, piece))).collect()
}

// M32
#[test]
fn code_whose_language_is_named_has_colours() {
    assert_eq!(
        render("```rust\nfn main() { /* <b> */ }\n```"),
        block(
            "rust",
            "<span class=\"tok-keyword\">fn</span> <span class=\"tok-function\">main</span>() { \
             <span class=\"tok-comment\">/* &lt;b&gt; */</span> }\n"
        )
    );
    assert_eq!(words("python", "x = 'a'  # b\n"), [("tok-string", "'a'"), ("tok-comment", "# b\n")]);
    assert_eq!(words("json", "[1, true]"), [("tok-number", "1"), ("tok-number", "true")]);
}

// M32
#[test]
fn languages_go_by_the_names_that_people_give_them() {
    for name in [
        "rs",
        "Rust",
        "py",
        "python",
        "js",
        "javascript",
        "ts",
        "typescript",
        "tsx",
        "sh",
        "bash",
        "shell",
        "console",
        "zsh",
        "go",
        "golang",
        "c",
        "cpp",
        "c++",
        "cs",
        "java",
        "kotlin",
        "swift",
        "rb",
        "ruby",
        "php",
        "html",
        "css",
        "scss",
        "json",
        "jsonc",
        "yaml",
        "yml",
        "toml",
        "ini",
        "sql",
        "diff",
        "dockerfile",
        "makefile",
        "lua",
        "xml",
        "markdown",
        "haskell",
        "elixir",
        "scala",
        "zig",
        "nix",
        "perl",
        "r",
        "graphql",
        "protobuf",
    ] {
        assert!(code::pieces(name, "x").is_some(), "{name} is unknown");
    }
}

// M32
#[test]
fn code_in_no_language_or_in_an_unknown_one_is_shown_as_it_is() {
    assert_eq!(render("```\nfn x\n```"), "<pre><code>fn x\n</code></pre>\n");
    assert_eq!(render("```klingon\nfn x\n```"), block("klingon", "fn x\n"));
    assert_eq!(render("    fn x"), "<pre><code>fn x\n</code></pre>\n");
}

// M32
#[test]
fn what_stands_behind_an_endless_line_is_only_text() {
    let source = format!("1\n{}\n1\n", "(".repeat(1_000));
    let pieces = code::pieces("rust", &source).unwrap();
    assert_eq!(pieces[0], (Some("tok-number"), "1"));
    assert_eq!(pieces.len(), 2, "{pieces:?}");
    assert_eq!(pieces.concat_words(), source);
}

// M32
#[test]
fn no_language_loses_or_adds_a_letter() {
    let source =
        "<a href='x'>{{ \"é\\n\" }}</a>\n#!/bin/sh\n/* 'x' <!-- -- // \"\"\" $(( `\n\t1.5e3 => @x [[y]] 😀 \\\n---\n";
    let grammars = two_face::syntax::extra_newlines();
    let names = grammars.syntaxes().iter().flat_map(|syntax| syntax.file_extensions.iter().chain([&syntax.name]));
    for name in names {
        let Some(pieces) = code::pieces(name, source) else { continue };
        assert_eq!(pieces.concat_words(), source, "{name}");
        let html = render(&format!("~~~{name}\n{source}~~~"));
        assert_eq!(objection(&html, Links::Ours), None, "{name}");
    }
}

trait Words {
    fn concat_words(&self) -> String;
}

impl Words for Vec<(Option<&'static str>, &str)> {
    fn concat_words(&self) -> String {
        self.iter().map(|(_, piece)| *piece).collect()
    }
}
