use super::super::{is_visible, render};

// M03
#[test]
fn what_renders_to_nothing_shows_nothing() {
    for nothing in ["[a]: http://x", "[^1]: x", "&nbsp;", "&#8203;", "&#x2800; &shy;", ">", "#", "> >", "```\n```"] {
        assert!(!is_visible(&render(nothing)), "{nothing:?} shows {:?}", render(nothing));
    }
}

// M03
#[test]
fn whatever_is_seen_shows() {
    for seen in [
        "a",
        "<!-- -->",
        "<b></b>",
        "***",
        "-",
        "- [ ] ",
        "|a|\n|-|",
        "![](https://x.test/a.png)",
        "[](https://x.test)",
        "$x$",
        "`a`",
        "&lt;",
        "&amp;nbsp;",
        "a[^1]\n\n[^1]: x",
        ":tada:",
        "\\",
        "日本",
    ] {
        assert!(is_visible(&render(seen)), "{seen:?} shows {:?}", render(seen));
    }
}
