//! A message's body as HTML: what is decided where it is shown.

use crate::domain::thread::QUOTE_CHARS;

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

/// The body with the mark of an edit as its last words. `history` is the address of what stood there before, for whoever
/// may see it.
pub fn with_edited_mark(html: &str, history: Option<&str>) -> String {
    let mark = match history {
        Some(address) => {
            [" <a class=\"edited\" href=\"", address, "\" title=\"What it said before\">(edited)</a>"].concat()
        }
        None => " <span class=\"edited\">(edited)</span>".to_owned(),
    };
    let end = html.trim_end();
    match end.strip_suffix("</p>") {
        Some(open) => [open, &mark, "</p>"].concat(),
        None => [end, &mark].concat(),
    }
}

/// A field's message as a sentence: "must not be empty" → "Must not be empty." Ours begin with an English letter.
pub fn sentence(message: &str) -> String {
    let mut sentence = message.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// What a quote shows of a message; nothing of one that was deleted.
pub fn quoted(html: &str) -> Option<String> {
    (!html.is_empty()).then(|| words(html, QUOTE_CHARS))
}

/// The words of a body without its markup, at most `limit` characters.
pub fn words(html: &str, limit: usize) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    match words.char_indices().nth(limit) {
        Some((end, _)) => [&words[..end], "…"].concat(),
        None => words,
    }
}

/// The most lines of a body that are shown before it is folded.
const FOLD: usize = 24;
/// About how many characters fit a line.
const LINE: usize = 90;

/// Whether the body is so long that it is shown folded at first.
pub fn is_long(html: &str) -> bool {
    let (mut lines, mut column, mut tag) = (0, 0, None);
    for (at, c) in html.char_indices() {
        match (c, tag) {
            ('<', None) => tag = Some(at),
            ('>', Some(start)) => {
                tag = None;
                let name = &html[start..=at];
                if name.starts_with("<br") || (name.starts_with("</") && !is_inline(name)) {
                    lines += usize::from(column > 0 || name.starts_with("<br"));
                    column = 0;
                }
            }
            ('\n', None) if column > 0 => (lines, column) = (lines + 1, 0),
            (_, None) => {
                column += 1;
                if column > LINE {
                    (lines, column) = (lines + 1, 0);
                }
            }
            (_, Some(_)) => {}
        }
    }
    lines + usize::from(column > 0) > FOLD
}

fn is_inline(closing: &str) -> bool {
    ["</a>", "</em>", "</strong>", "</code>", "</del>", "</span>", "</sup>", "</td>", "</th>"].contains(&closing)
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

    #[test]
    fn a_body_is_told_in_its_words() {
        assert_eq!(words("<p>a &lt;b&gt; <em>c</em></p>\n<p>d</p>", 99), "a <b> c d");
        assert_eq!(words("<p>éa bc</p>", 3), "éa …");
    }

    // M11
    #[test]
    fn the_mark_of_an_edit_stands_in_the_last_paragraph() {
        assert_eq!(with_edited_mark("<p>a</p>\n", None), "<p>a <span class=\"edited\">(edited)</span></p>");
        assert_eq!(with_edited_mark("<pre>a</pre>\n", None), "<pre>a</pre> <span class=\"edited\">(edited)</span>");
        assert!(with_edited_mark("<p>a</p>", Some("/c/a/b")).contains("<a class=\"edited\" href=\"/c/a/b\""));
    }

    #[test]
    fn more_than_24_lines_are_long() {
        let lines = |count: usize| format!("<p>{}</p>", vec!["a <em>line</em>"; count].join("<br>\n"));
        assert!(!is_long(&lines(24)));
        assert!(is_long(&lines(25)));
        assert!(!is_long(&format!("<p>{}</p>", "x".repeat(24 * LINE))));
        assert!(is_long(&format!("<p>{}</p>", "x".repeat(25 * LINE))));
        assert!(is_long(&format!("<pre><code>{}</code></pre>", "let a = 1;\n".repeat(30))));
        assert!(is_long(&format!("<ul>{}</ul>", "<li>a</li>".repeat(25))));
        assert!(!is_long("<p>a &lt; b</p>"));
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
