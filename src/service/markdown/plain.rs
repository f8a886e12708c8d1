//! The short way for what most messages are: lines of words without a character that Markdown could read.

/// The HTML of a message in which nothing is Markdown, exactly as the long way would write it; `None` when that would
/// take a closer look.
pub(super) fn render(source: &str) -> Option<String> {
    if !is_plain(source) {
        return None;
    }
    let mut html = String::with_capacity(source.len() + "<p></p>\n".len() + 8);
    html.push_str("<p>");
    for (number, line) in source.split('\n').enumerate() {
        if number > 0 {
            html.push_str("<br>\n");
        }
        html.push_str(line);
    }
    html.push_str("</p>\n");
    Some(html)
}

/// Whether no line of `source` can be anything but words. Cautious: it may say no to a message that is plain.
pub(super) fn is_plain(source: &str) -> bool {
    // Two colons could be an emoji's name, two dollars a formula, and `www.` begins a link.
    source.bytes().filter(|&byte| byte == b':').count() < 2
        && source.bytes().filter(|&byte| byte == b'$').count() < 2
        && !source.contains("www.")
        && source.split('\n').all(is_plain_line)
}

fn is_plain_line(line: &str) -> bool {
    starts_plainly(line) && !line.ends_with(' ') && {
        let mut before = ' ';
        line.chars().all(|char| {
            let plain = match char {
                // `://` begins a link.
                '/' => before != ':',
                // A mailbox has something before its sign, a mention has not.
                '@' => before == ' ',
                ' ' | ':' | '.' | ',' | '!' | '?' | '\'' | '"' | '(' | ')' | ';' | '%' | '$' | '=' | '+' | '-'
                | '#' => true,
                _ if char.is_ascii() => char.is_ascii_alphanumeric(),
                // Other white space may be trimmed or written as an entity, and a byte order mark be dropped.
                _ => !char.is_whitespace() && !char.is_control() && char != '\u{feff}',
            };
            before = char;
            plain
        })
    }
}

/// Whether `line` begins as no list, heading, rule, underline or indented code does.
fn starts_plainly(line: &str) -> bool {
    match line.chars().next() {
        Some('0'..='9') => !line.trim_start_matches(|char: char| char.is_ascii_digit()).starts_with(['.', ')']),
        Some(first) => {
            first.is_ascii_alphabetic()
                || !first.is_ascii()
                || matches!(first, '@' | '(' | '"' | '\'' | '.' | '!' | '?' | '/' | '$')
        }
        None => false,
    }
}
