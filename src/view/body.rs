//! A message's body as HTML: what is decided where it is shown.

/// What somebody just wrote, as safe HTML until the server's rendering arrives.
pub fn plain(body: &str) -> String {
    let mut html = String::with_capacity(body.len() + 7);
    html.push_str("<p>");
    for c in body.trim().chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\n' => html.push_str("<br>"),
            c => html.push(c),
        }
    }
    html.push_str("</p>");
    html
}

/// The body with the mark of an edit as its last words.
pub fn with_edited_mark(html: &str) -> String {
    const MARK: &str = " <span class=\"edited\">(edited)</span>";
    let end = html.trim_end();
    match end.strip_suffix("</p>") {
        Some(open) => [open, MARK, "</p>"].concat(),
        None => [end, MARK].concat(),
    }
}

/// Whether the body is one to three emoji and nothing else: shown large.
pub fn is_jumbo(html: &str) -> bool {
    let Some(text) = html.trim().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")) else { return false };
    let mut shown = 0;
    let mut joined = false;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '\u{200D}' => joined = true,
            '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' => {}
            '\u{1F1E6}'..='\u{1F1FF}' => shown += usize::from(!std::mem::take(&mut joined)),
            '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F300}'..='\u{1FAFF}' => {
                shown += usize::from(!std::mem::take(&mut joined));
            }
            _ => return false,
        }
    }
    (1..=3).contains(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    // M32
    #[test]
    fn what_was_just_written_can_never_be_markup() {
        assert_eq!(plain("<b onclick=\"x\">&\nhi "), "<p>&lt;b onclick=&quot;x&quot;&gt;&amp;<br>hi</p>");
    }

    // M11
    #[test]
    fn the_mark_of_an_edit_stands_in_the_last_paragraph() {
        assert_eq!(with_edited_mark("<p>a</p>\n"), "<p>a <span class=\"edited\">(edited)</span></p>");
        assert_eq!(with_edited_mark("<pre>a</pre>\n"), "<pre>a</pre> <span class=\"edited\">(edited)</span>");
    }

    #[test]
    fn up_to_three_emoji_alone_are_large() {
        assert!(is_jumbo("<p>👍</p>\n"));
        assert!(is_jumbo("<p>👩\u{200D}🚀 ❤\u{FE0F} 🎉</p>"));
        assert!(!is_jumbo("<p>👍👍👍👍</p>"));
        assert!(!is_jumbo("<p>ok 👍</p>"));
        assert!(!is_jumbo("<p></p>"));
    }
}
