use std::collections::BTreeSet;

use serde_json::Value;

use super::inspector::{Links, objection};
use crate::service::markdown::{excerpt, render, render_rich, sanitiser};

/// Attacks of all the families in the public lists (OWASP, `PortSwigger`, html5sec, the fuzzers of sanitisers).
const INJECTIONS: &str = include_str!("../injections.json");

fn injections() -> Vec<(String, String)> {
    let list: Vec<Value> = serde_json::from_str(INJECTIONS).unwrap();
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    list.iter().map(|entry| (word(entry, "family"), word(entry, "vector"))).collect()
}

/// The places of a message that an attack can stand in.
fn places(attack: &str) -> Vec<String> {
    [
        "{}",
        "hello {} there",
        "> {}",
        "- {}",
        "- [ ] {}",
        "# {}",
        "**{}**",
        "~~{}~~",
        "`{}`",
        "```\n{}\n```",
        "```{}\nx\n```",
        "    {}",
        "[{}](https://a.example)",
        "[x]({})",
        "[x](<{}>)",
        "[x](https://a.example/{})",
        "[x](https://a.example \"{}\")",
        "[x](https://a.example '{}')",
        "[x]: {}\n\n[x]",
        "[x]: https://a.example '{}'\n\n[x]",
        "![{}](https://a.example)",
        "![x]({})",
        "![x](https://a.example \"{}\")",
        "[![{}]({})]({})",
        "<{}>",
        "<a href=\"{}\">x</a>",
        "https://a.example/{}",
        "www.a.example/{}",
        "a@b.example{}",
        "| {} | b |\n| - | - |\n| a | {} |",
        "x[^1]\n\n[^1]: {}",
        "x[^{}]\n\n[^{}]: y",
        ":{}:",
        "<div>\n{}\n</div>",
        "<!--\n{}\n-->",
        "\\{}",
        "&{};",
    ]
    .map(|place| place.replace("{}", attack))
    .into()
}

// M32
#[test]
fn no_injection_of_the_public_lists_reaches_the_page_from_any_place_in_a_message() {
    let injections = injections();
    assert!(injections.len() >= 150, "only {} attacks", injections.len());
    for (family, attack) in injections {
        for message in places(&attack) {
            let html = render(&message);
            assert_eq!(objection(&html, Links::Ours), None, "{family}: {message:?} became {html}");
            assert_eq!(render_rich(&message), html, "the two ways differ for {message:?}");
        }
    }
}

// M32
#[test]
fn the_sanitiser_alone_stops_every_injection_even_if_the_writer_let_it_through() {
    let mut survived_whole = BTreeSet::new();
    for (family, attack) in injections() {
        let html = sanitiser::clean(&attack);
        assert_eq!(objection(&html, Links::Any), None, "{family}: {attack:?} became {html}");
        // What a browser makes of it, which for links in tables in links is another tree.
        let again = sanitiser::clean(&html);
        assert_eq!(objection(&again, Links::Any), None, "{family}: {attack:?} became {html}, then {again}");
        if html == attack && attack.contains('<') {
            survived_whole.insert(attack);
        }
    }
    assert!(survived_whole.is_empty(), "the sanitiser changed nothing in {survived_whole:?}");
}

// M32
#[test]
fn raw_html_is_shown_as_it_was_typed() {
    assert_eq!(render("a <b onclick=x>bold</b> word"), "<p>a &lt;b onclick=x&gt;bold&lt;/b&gt; word</p>\n");
    assert_eq!(render("<div>\n  *x*\n</div>\n\ny"), "<p>&lt;div&gt;<br>\n  *x*<br>\n&lt;/div&gt;</p>\n<p>y</p>\n");
    assert_eq!(render("<!-- x"), "<p>&lt;!-- x</p>\n");
}

// M32
#[test]
fn an_excerpt_is_one_line_whatever_is_in_it() {
    for (_, attack) in injections() {
        for message in places(&attack) {
            let line = excerpt(&message, 60);
            assert!(line.chars().count() <= 60 && !line.contains(char::is_control), "{message:?} became {line:?}");
        }
    }
}
