use super::super::{candidates, render, render_naming};
use super::inspector::{Links, objection};

fn rendered(source: &str) -> String {
    let html = render_naming(source, &["ana", "bo.k", "a_b", "ci-bot"]);
    assert_eq!(objection(&html, Links::Ours), None, "{html}");
    html
}

fn mention(name: &str) -> String {
    format!("<span class=\"mention\">@{name}</span>")
}

// M06
#[test]
fn a_known_name_behind_an_at_sign_is_a_mention() {
    for (source, name) in [
        ("@ana hello", "ana"),
        ("hello @ana", "ana"),
        ("cc:@Ana!", "Ana"),
        ("(@bo.k)", "bo.k"),
        ("is it @ana?", "ana"),
        ("it is @ana.", "ana"),
        ("**@ana**", "ana"),
        ("# @ana", "ana"),
        ("- @a_b x", "a_b"),
        ("| a |\n|---|\n| @ci-bot |", "ci-bot"),
        ("> @ana said", "ana"),
        ("@ana", "ana"),
    ] {
        assert!(rendered(source).contains(&mention(name)), "{source}: {}", rendered(source));
    }
    assert_eq!(
        rendered("hi @ana, @bo.k. and @ana"),
        format!("<p>hi {}, {}. and {}</p>\n", mention("ana"), mention("bo.k"), mention("ana"),)
    );
}

// M06
#[test]
fn code_links_mailboxes_and_strangers_are_no_mentions() {
    for source in [
        "`@ana`",
        "```\n@ana\n```",
        "    @ana",
        "[@ana](https://a.example)",
        "![@ana](https://a.example/x.png)",
        "https://a.example/@ana",
        "www.a.example/@ana",
        "me@ana",
        "me@ana.example",
        "@@ana",
        "@anab",
        "@ana.b",
        "@ana-b",
        "@nobody",
        "@",
        "@ ana",
        "@a",
    ] {
        assert!(!rendered(source).contains("mention"), "{source}: {}", rendered(source));
        assert_eq!(rendered(source), render(source), "{source}");
    }
}

// M06, M32
#[test]
fn raw_html_cannot_pretend_to_be_a_mention() {
    let html = rendered("<span class=\"mention\">@boss</span> and <b>@ana</b>");
    assert_eq!(html.matches("<span").count(), 1, "{html}");
    assert!(html.contains(&mention("ana")) && !html.contains(&mention("boss")), "{html}");
}

// M06
#[test]
fn candidates_are_what_could_be_marked_each_once() {
    assert_eq!(candidates("@Ana and @ana, @bo. `@code` me@mail.example"), ["ana", "bo.", "bo"]);
    assert!(candidates("no signs").is_empty());
    assert!(candidates(&format!("{}@ana", "> ".repeat(400))).is_empty());
    let long = format!("@{}", "x".repeat(33));
    assert!(candidates(&long).is_empty());
}
