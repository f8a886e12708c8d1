use crate::service::markdown::{plain, render, render_rich};

fn link(href: &str, text: &str) -> String {
    format!("<a href=\"{href}\" rel=\"noopener noreferrer nofollow ugc\" target=\"_blank\">{text}</a>")
}

fn paragraph(content: &str) -> String {
    format!("<p>{content}</p>\n")
}

// M32
#[test]
fn a_line_break_in_the_source_is_a_line_break_on_the_screen() {
    assert_eq!(render("one\ntwo"), "<p>one<br>\ntwo</p>\n");
    assert_eq!(render("*one*\ntwo"), "<p><em>one</em><br>\ntwo</p>\n");
    assert_eq!(render("one\n\ntwo"), "<p>one</p>\n<p>two</p>\n");
}

// M32
#[test]
fn a_table_keeps_its_alignment() {
    assert_eq!(
        render("| a | b | c |\n| :- | :-: | -: |\n| 1 | *2* | `3\\|4` |"),
        "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"center\">b</th>\n<th align=\"right\">c</th>\n\
         </tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"left\">1</td>\n<td align=\"center\"><em>2</em></td>\n\
         <td align=\"right\"><code>3|4</code></td>\n</tr>\n</tbody>\n</table>\n"
    );
}

// M32
#[test]
fn a_row_of_the_wrong_length_is_cut_or_filled_to_the_width_of_its_table() {
    let html = render("|a|b|\n|-|-|\n|1|\n|1|2|3|");
    assert_eq!(html.matches("<td>").count(), 4, "{html}");
    assert!(!html.contains('3'), "{html}");
}

// M32
#[test]
fn a_task_list_shows_boxes_that_nobody_can_tick_and_a_reader_can_name() {
    assert_eq!(
        render("- [ ] open\n- [x] done"),
        "<ul class=\"contains-task-list\">\n\
         <li class=\"task-list-item\"><input type=\"checkbox\" class=\"task-list-item-checkbox\" disabled=\"\" aria-label=\"Incomplete task\"> open</li>\n\
         <li class=\"task-list-item\"><input type=\"checkbox\" class=\"task-list-item-checkbox\" checked=\"\" disabled=\"\" aria-label=\"Completed task\"> done</li>\n\
         </ul>\n"
    );
}

// M32
#[test]
fn struck_words_are_struck() {
    assert_eq!(render("~~gone~~ ~too~"), paragraph("<del>gone</del> <del>too</del>"));
}

// M32
#[test]
fn addresses_become_links_without_being_marked() {
    assert_eq!(render("www.a.example"), paragraph(&link("http://www.a.example", "www.a.example")));
    assert_eq!(
        render("see https://a.example/x?a=1&b=2."),
        paragraph(&format!("see {}.", link("https://a.example/x?a=1&amp;b=2", "https://a.example/x?a=1&amp;b=2")))
    );
    assert_eq!(render("me@a.example"), paragraph(&link("mailto:me@a.example", "me@a.example")));
    assert_eq!(render("<https://a.example>"), paragraph(&link("https://a.example", "https://a.example")));
    assert_eq!(render("hi @ann"), paragraph("hi @ann"));
}

// M32
#[test]
fn a_link_leads_only_to_the_web_or_a_mailbox() {
    assert_eq!(
        render("[x](HTTPS://a.example/é \"t\")"),
        paragraph(
            "<a href=\"HTTPS://a.example/%C3%A9\" title=\"t\" rel=\"noopener noreferrer nofollow ugc\" target=\"_blank\">x</a>"
        )
    );
    for elsewhere in
        ["ftp://a.example", "javascript:x", "data:,x", "/logout", "#main", "//a.example", "xmpp:a@b.example", "http:x"]
    {
        assert_eq!(render(&format!("a [*x*]({elsewhere}) b")), paragraph("a <em>x</em> b"), "{elsewhere}");
    }
    assert_eq!(render("<tel:123>"), paragraph("tel:123"));
}

// M32
#[test]
fn a_link_without_words_shows_its_address() {
    assert_eq!(render("[](https://a.example)"), paragraph(&link("https://a.example", "https://a.example")));
}

// M32
#[test]
fn an_image_becomes_a_link_to_it() {
    let url = "https://a.example/x.png";
    assert_eq!(render(&format!("![a *cat*]({url})")), paragraph(&link(url, "a cat")));
    assert_eq!(render(&format!("![]({url})")), paragraph(&link(url, url)));
    assert_eq!(render("![a cat](/x.png)"), paragraph("a cat"));
    assert_eq!(
        render(&format!("[![a cat]({url})](https://b.example)")),
        paragraph(&link("https://b.example", "a cat"))
    );
}

// M32
#[test]
fn emoji_have_names() {
    assert_eq!(render(":tada: :no_such_emoji: `:tada:`"), paragraph("🎉 :no_such_emoji: <code>:tada:</code>"));
}

// M32
#[test]
fn code_names_its_language_only_as_a_known_class() {
    assert_eq!(
        render("```klingon\nfn x() {}\n```"),
        "<pre><code class=\"language-klingon\">fn x() {}\n</code></pre>\n"
    );
    assert_eq!(render("```c++ modal\nx\n```"), "<pre><code class=\"language-c++\">x\n</code></pre>\n");
    assert_eq!(render("```\"x\"\nx\n```"), "<pre><code>x\n</code></pre>\n");
}

// M32
#[test]
fn a_footnote_is_numbered_and_can_be_followed_both_ways() {
    let html = render("a[^note] b[^note]\n\n[^note]: the *note*");
    let id = html.split_once("id=\"fnref-").unwrap().1.split_once("-1\"").unwrap().0;
    assert_eq!(
        html,
        format!(
            "<p>a<sup class=\"footnote-ref\"><a href=\"#fn-{id}-1\" id=\"fnref-{id}-1\">1</a></sup> \
             b<sup class=\"footnote-ref\"><a href=\"#fn-{id}-1\" id=\"fnref-{id}-1-2\">1</a></sup></p>\n\
             <section class=\"footnotes\">\n<ol>\n<li id=\"fn-{id}-1\">\n\
             <p>the <em>note</em> <a href=\"#fnref-{id}-1\" class=\"footnote-backref\" aria-label=\"Back to reference 1\">↩</a> \
             <a href=\"#fnref-{id}-1-2\" class=\"footnote-backref\" aria-label=\"Back to reference 1-2\">↩<sup class=\"footnote-ref\">2</sup></a></p>\n\
             </li>\n</ol>\n</section>\n"
        )
    );
}

// M32
#[test]
fn two_messages_on_a_page_do_not_share_the_ids_of_their_footnotes() {
    let ids = |html: &str| -> Vec<String> {
        html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let (one, other) = (render("a[^1]\n\n[^1]: one"), render("a[^1]\n\n[^1]: other"));
    assert_eq!((ids(&one).len(), ids(&other).len()), (2, 2));
    assert!(ids(&one).iter().all(|id| !ids(&other).contains(id)), "{one}{other}");
}

// M32
#[test]
fn a_footnote_inside_a_footnote_has_no_name_of_its_own() {
    let html = render("a[^1]\n\n[^1]: x\n\n    [^main]: y");
    assert_eq!((html.matches("<section").count(), html.matches("<li").count()), (1, 1), "{html}");
    assert!(html.contains("<p>y") && !html.contains("main"), "{html}");
}

// M32
#[test]
fn a_footnote_shows_a_bounded_number_of_ways_back() {
    let html = render(&format!("{}\n\n[^1]: note", "a[^1] ".repeat(20)));
    assert_eq!((html.matches("id=\"fnref-").count(), html.matches("footnote-backref").count()), (20, 8), "{html}");
}

// M32
#[test]
fn no_link_stands_inside_a_link() {
    assert_eq!(
        render("[a <https://b.example> c](https://d.example)"),
        paragraph(&link("https://d.example", "a https://b.example c"))
    );
    let html = render("[a[^1]](https://d.example)\n\n[^1]: note");
    assert!(html.starts_with(&paragraph(&link("https://d.example", "a[^1]"))), "{html}");
}

// M32
#[test]
fn a_heading_has_no_id() {
    assert_eq!(render("# main"), "<h1>main</h1>\n");
}

// M32
#[test]
fn an_empty_message_renders_to_nothing() {
    assert_eq!(render(""), "");
    assert_eq!(render(" \n\n "), "");
}

// M32
#[test]
fn the_short_way_leaves_alone_what_the_long_way_reads_differently() {
    for source in [
        "1. a",
        "1) a",
        "- a",
        "+ a",
        "# a",
        "#",
        "> a",
        "a\n---",
        "a\n===",
        "    a",
        "\ta",
        " a",
        "a  \nb",
        "a \nb",
        "a\n\nb",
        "a\n",
        "www.a.example",
        "http://a.example",
        "a@b.example",
        ":tada:",
        "*a*",
        "_a_",
        "~a~",
        "`a`",
        "[a](http://b)",
        "<b>",
        "a & b",
        "a\\!",
        "|a|\n|-|",
        "\u{feff}a",
        "a\u{a0}b",
        "a\u{0}",
        "a\rb",
    ] {
        let as_words = format!("<p>{}</p>\n", source.replace('\n', "<br>\n"));
        let differs = render_rich(source) != as_words;
        assert!(differs || source == "{source:?} is plain words after all");
        assert_eq!(plain::render(source), None, "{source:?}");
    }
}
