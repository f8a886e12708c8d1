//! What is being typed at the caret and could be completed: a name, an emoji, a command.
//!
//! Places in a text are counted as browsers count them, in UTF-16 units.

use super::lowered;

/// What can be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person, behind `@`.
    Person,
    /// An emoji, behind `:`.
    Emoji,
    /// A command, behind the `/` that a message begins with.
    Command,
}

/// Something begun at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What it is.
    pub kind: Kind,
    /// Where its sign stands.
    pub start: u32,
    /// Where the caret is.
    pub end: u32,
    /// What was typed behind the sign, in lower case; may be empty.
    pub letters: String,
}

/// The fewest letters behind a colon: `:)` and `:D` are faces.
const EMOJI_LETTERS: usize = 2;
/// The most letters that can be the beginning of a name.
const MOST: usize = 40;

/// What was begun in `text` with the caret at `caret`, if anything.
pub fn begun(text: &str, caret: u32) -> Option<Begun> {
    let before = &text[..byte_at(text, caret)];
    let from =
        before.rfind(char::is_whitespace).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    // A bracket or a quote before a name is none of it.
    let at = from + before[from..].find(|char| !matches!(char, '(' | '[' | '{' | '"' | '\'' | '*' | '_' | '~'))?;
    let word = &before[at..];
    let (kind, letters) = match word.chars().next()? {
        '@' => (Kind::Person, &word[1..]),
        ':' => (Kind::Emoji, &word[1..]),
        '/' if at == 0 => (Kind::Command, &word[1..]),
        _ => return None,
    };
    let is_letter = |char: char| match kind {
        Kind::Person => !char.is_ascii_punctuation() || matches!(char, '.' | '-' | '_'),
        Kind::Emoji => char.is_ascii_alphanumeric() || matches!(char, '_' | '+' | '-'),
        Kind::Command => char.is_ascii_alphanumeric() || matches!(char, '_' | '-'),
    };
    let fits = letters.len() <= MOST && letters.chars().all(is_letter);
    let enough = kind != Kind::Emoji || letters.len() >= EMOJI_LETTERS;
    (fits && enough).then(|| Begun { kind, start: units(&before[..at]), end: caret, letters: lowered(letters) })
}

/// `text` with what was begun replaced by `whole` and a space, and where the caret stands then.
pub fn completed(text: &str, begun: &Begun, whole: &str) -> (String, u32) {
    let (before, after) = (&text[..byte_at(text, begun.start)], &text[byte_at(text, begun.end)..]);
    let text = [before, whole, " ", after.strip_prefix(' ').unwrap_or(after)].concat();
    (text, begun.start + units(whole) + 1)
}

/// Where the UTF-16 unit number `unit` stands; the end of a shorter text.
fn byte_at(text: &str, unit: u32) -> usize {
    let mut units = 0;
    let at = text.char_indices().find(|(_, char)| {
        let here = units >= unit as usize;
        units += char.len_utf16();
        here
    });
    at.map_or(text.len(), |(at, _)| at)
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is begun where the bar stands.
    fn at_bar(text: &str) -> Option<(Kind, String)> {
        let (before, after) = text.split_once('|').unwrap();
        begun(&[before, after].concat(), units(before)).map(|begun| (begun.kind, begun.letters))
    }

    fn kind(text: &str) -> Option<Kind> {
        at_bar(text).map(|(kind, _)| kind)
    }

    // M06
    #[test]
    fn a_name_an_emoji_or_a_command_is_begun_by_its_sign() {
        assert_eq!(at_bar("hi @An|"), Some((Kind::Person, "an".to_owned())));
        assert_eq!(at_bar("@|"), Some((Kind::Person, String::new())));
        assert_eq!(at_bar("(@bo|)"), Some((Kind::Person, "bo".to_owned())));
        assert_eq!(at_bar("@a|na and"), Some((Kind::Person, "a".to_owned())));
        assert_eq!(at_bar("😀 so :ta|"), Some((Kind::Emoji, "ta".to_owned())));
        assert_eq!(at_bar("/to|"), Some((Kind::Command, "to".to_owned())));
        assert_eq!(at_bar("/|"), Some((Kind::Command, String::new())));
    }

    // M06
    #[test]
    fn addresses_times_faces_and_paths_begin_nothing() {
        for words in
            ["me@a|", "12:30|", ":)|", ":D|", "a /to|", " /to|", "https://a|", "@a b|", "@a!|", "word|", "|", ":a|"]
        {
            assert_eq!(kind(words), None, "{words}");
        }
    }

    // M06
    #[test]
    fn completing_keeps_what_stands_around_it() {
        let complete = |text: &str, whole: &str| {
            let (before, after) = text.split_once('|').unwrap();
            let text = [before, after].concat();
            let begun = begun(&text, units(before)).unwrap();
            let (text, caret) = completed(&text, &begun, whole);
            let at = byte_at(&text, caret);
            format!("{}|{}", &text[..at], &text[at..])
        };
        assert_eq!(complete("😀 @an|", "@ana"), "😀 @ana |");
        assert_eq!(complete("hi @an| there", "@ana"), "hi @ana |there");
        assert_eq!(complete("so :ta|!", "🎉"), "so 🎉 |!");
        assert_eq!(complete("/to|", "/topic"), "/topic |");
    }
}
