use thunderline::{domain::CommunityId, service::markdown::render};

use super::*;
use crate::import::slack::ids::Ids;

fn with_names<T>(read: impl FnOnce(&Names<'_>) -> T) -> T {
    let ids = Ids::new(CommunityId::fresh());
    let mut people = People::default();
    people.add("U1".to_owned(), ids.person("U1"), "ada.brook".to_owned());
    let channels = HashMap::from([("C1".to_owned(), "general".to_owned())]);
    read(&Names { people: &people, channels: &channels })
}

fn written(text: &str) -> String {
    with_names(|names| markdown(text, names))
}

/// What is on the screen: the HTML without its tags.
fn screen(text: &str) -> String {
    let html = render(&written(text));
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    out.trim().to_owned()
}

// O06
#[test]
fn marks_become_markdowns() {
    for (slack, wanted) in [
        ("*bold* and _italic_ and ~gone~", "**bold** and _italic_ and ~~gone~~"),
        ("*_both_*", "**_both_**"),
        ("(*bold*), *two words*.", "(**bold**), **two words**."),
        ("`a * b` *c*", "`a * b` **c**"),
        ("snake_case_name", "snake_case_name"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("see `x &lt; y`", "see `x < y`"),
        ("before ```let a = b &amp;&amp; c;``` after", "before \n```\nlet a = b && c;\n```\n after"),
        ("&gt; quoted\nmine", "> quoted\n\nmine"),
        ("&gt;&gt;&gt; all\nof it", "> all\n> of it"),
        (":+1::skin-tone-3: :tada:", ":+1: :tada:"),
    ] {
        assert_eq!(written(slack), wanted, "{slack}");
    }
}

// O06
#[test]
fn mentions_and_links_keep_their_meaning() {
    for (slack, wanted) in [
        ("<@U1> <@U9|bo> <@U9>", "@ada.brook @bo @U9"),
        ("<#C1|old-name> <#C9|gone> <#C9>", "#general #gone #C9"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@team> <!subteam^S1>", "@team @S1"),
        ("<!date^1392734382^{date}|18 February 2014>", "18 February 2014"),
        ("<https://example.org/a_b?c=1&amp;d=2>", "<https://example.org/a_b?c=1&d=2>"),
        ("<https://example.org|a [label]>", "[a \\[label\\]](<https://example.org>)"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<tel:123|123>", "123"),
        ("<slack://open|here>", "here (slack://open)"),
    ] {
        assert_eq!(written(slack), wanted, "{slack}");
    }
    assert!(render(&written("<https://example.org/a_b>")).contains("href=\"https://example.org/a_b\""));
}

// O06
#[test]
fn what_slack_shows_as_typed_is_shown_as_typed() {
    for slack in [
        "¯\\_(ツ)_/¯",
        "**not bold**",
        "# no heading",
        "[not](a link)",
        "[x]: nor this",
        "a footnote[^1]",
        "&amp;lt; stays",
        "~5 minutes or ~6",
        "<not a tag>",
        "1 &lt; 2 &gt; 0 &amp; so on",
        "```never closed",
        "*",
        "* *",
        "-",
        "a \\",
    ] {
        let shown = slack.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert_eq!(screen(slack), shown, "{}", written(slack));
    }
    assert!(!render(&written("title\n---\ntext\n===")).contains("<h"));
    assert!(!render(&written("    indented")).contains("<code"));
    assert!(!render(&written("&lt;script&gt;alert(1)&lt;/script&gt;")).contains("<script"));
}
