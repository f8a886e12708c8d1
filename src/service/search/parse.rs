//! What a person looks for, read from what they typed (M23).

use super::tokens::tokens;
use crate::domain::{
    Error, Result, Time,
    search::{SEARCH_CHARS, SEARCH_TERMS},
};

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Words and phrases.
    pub terms: Vec<Term>,
    /// Filters.
    pub filters: Vec<Filter>,
}

/// A word or a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its tokens, which follow each other.
    pub tokens: Vec<String>,
    /// Whether the last token may go on.
    pub begins: bool,
    /// Whether messages that hold it are left out.
    pub not: bool,
}

/// What else a message must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// By what.
    pub by: By,
    /// Whether it is meant the other way round.
    pub not: bool,
    /// As it was typed, for errors.
    pub typed: String,
}

/// What a filter goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The sign-in name of its author; `me` is oneself.
    From(String),
    /// The address of its channel.
    In(String),
    /// What it holds.
    Has(Holding),
    /// Not before this moment.
    Since(Time),
    /// Before this moment.
    Until(Time),
    /// Within a day that begins so.
    On(Time),
    /// It stands in a thread.
    Thread,
    /// It is pinned.
    Pinned,
    /// It was edited.
    Edited,
}

/// What a message can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// A link.
    Link,
    /// A link to a file.
    File,
    /// A picture.
    Image,
    /// Code.
    Code,
}

fn wrong(message: impl Into<String>) -> Error {
    Error::invalid("q", message.into())
}

/// Reads what is looked for; an error names `q`. `now` says which day today is.
pub fn parse(text: &str, now: Time) -> Result<Asked> {
    if text.chars().count() > SEARCH_CHARS {
        return Err(wrong(format!("must be at most {SEARCH_CHARS} characters")));
    }
    let mut asked = Asked::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (piece, after) = Piece::take(rest);
        piece.add(&mut asked, now)?;
        rest = after.trim_start();
    }
    match asked.terms.len() + asked.filters.len() {
        0 => Err(wrong("must say what to look for: a word, or a filter such as from:")),
        1..=SEARCH_TERMS => Ok(asked),
        _ => Err(wrong(format!("must be at most {SEARCH_TERMS} words and filters"))),
    }
}

/// What stands between two spaces, or two quotes.
struct Piece<'t> {
    text: &'t str,
    quoted: bool,
    not: bool,
}

impl<'t> Piece<'t> {
    fn take(text: &'t str) -> (Self, &'t str) {
        let quote = |c| matches!(c, '"' | '“' | '”' | '„');
        let bare = text.strip_prefix('-').filter(|bare| !bare.starts_with(|c: char| c == '-' || c.is_whitespace()));
        let (not, text) = (bare.is_some(), bare.unwrap_or(text));
        if text.starts_with(quote) {
            let open = text.chars().next().map_or(0, char::len_utf8);
            let inner = &text[open..];
            let end = inner.find(quote).unwrap_or(inner.len());
            let after = inner[end..].chars().next().map_or(0, char::len_utf8);
            return (Self { text: &inner[..end], quoted: true, not }, &inner[end + after..]);
        }
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        (Self { text: &text[..end], quoted: false, not }, &text[end..])
    }

    fn add(&self, asked: &mut Asked, now: Time) -> Result<()> {
        if let Some((name, value)) = self.operator() {
            let by = filter(&name, value, now)?;
            if self.not && matches!(by, By::Since(_) | By::Until(_) | By::On(_) | By::Pinned) {
                return Err(wrong(format!("-{} cannot be left out", self.text)));
            }
            asked.filters.push(Filter { by, not: self.not, typed: self.text.to_owned() });
            return Ok(());
        }
        let tokens: Vec<String> = tokens(self.text).into_iter().map(|token| token.text).collect();
        // Punctuation alone finds nothing, and is nothing that would have to be found.
        if let Some(last) = tokens.last() {
            // One letter alone would be the beginning of nearly everything.
            let begins = !self.quoted && (tokens.len() > 1 || last.chars().nth(1).is_some());
            asked.terms.push(Term { tokens, begins, not: self.not });
        }
        Ok(())
    }

    /// A name before a colon and what stands behind it: not `std::vec`, not `http://`, not `12:30`.
    fn operator(&self) -> Option<(String, &'t str)> {
        let (name, value) = self.text.split_once(':').filter(|_| !self.quoted)?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic());
        (is_name && !value.starts_with([':', '/'])).then(|| (name.to_ascii_lowercase(), value))
    }
}

fn filter(name: &str, value: &str, now: Time) -> Result<By> {
    let needs = |what: &str| if value.is_empty() { Err(wrong(format!("{name}: needs {what}"))) } else { Ok(()) };
    let unknown = |known: &str| wrong(format!("{name}:{value} is no filter; there are {known}"));
    match name {
        "from" => {
            needs("a handle, such as from:ana")?;
            Ok(By::From(value.trim_start_matches('@').to_ascii_lowercase()))
        }
        "in" => {
            needs("a channel, such as in:general")?;
            Ok(By::In(value.trim_start_matches('#').to_ascii_lowercase()))
        }
        "has" => match value {
            "link" => Ok(By::Has(Holding::Link)),
            "file" => Ok(By::Has(Holding::File)),
            "image" => Ok(By::Has(Holding::Image)),
            "code" => Ok(By::Has(Holding::Code)),
            _ => Err(unknown("has:link, has:file, has:image and has:code")),
        },
        "is" => match value {
            "thread" => Ok(By::Thread),
            "pinned" => Ok(By::Pinned),
            "edited" => Ok(By::Edited),
            _ => Err(unknown("is:thread, is:pinned and is:edited")),
        },
        "before" => Ok(By::Until(day(name, value, now)?)),
        "after" => Ok(By::Since(day(name, value, now)?.plus(Time::DAY))),
        "on" => Ok(By::On(day(name, value, now)?)),
        _ => Err(wrong(format!(
            "{name}: is no filter; there are from: in: has: before: after: on: and is:. Put it in quotes to look for the words"
        ))),
    }
}

/// The beginning of a day, UTC.
fn day(name: &str, value: &str, now: Time) -> Result<Time> {
    let today = now.day();
    let named = match value {
        "today" => Some(today),
        "yesterday" => Some(today - 1),
        _ => value.parse::<Time>().ok().filter(|_| value.len() == 10).map(Time::day),
    };
    let day = named.ok_or_else(|| wrong(format!("{name}: needs a day, such as {name}:2026-01-31 or {name}:today")))?;
    Ok(Time::from_micros(day * Time::DAY))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Time {
        "2026-01-31T10:00:00Z".parse().unwrap()
    }

    fn told(text: &str) -> String {
        parse(text, now()).unwrap_err().of_field("q").unwrap().to_owned()
    }

    fn terms(text: &str) -> Vec<String> {
        let term = |term: Term| {
            let (not, begins) = (if term.not { "-" } else { "" }, if term.begins { "*" } else { "" });
            format!("{not}{}{begins}", term.tokens.join(" "))
        };
        parse(text, now()).unwrap().terms.into_iter().map(term).collect()
    }

    fn by(text: &str) -> By {
        parse(text, now()).unwrap().filters.remove(0).by
    }

    #[test]
    fn words_begin_and_phrases_are_whole() {
        assert_eq!(terms("Hello wor"), ["hello*", "wor*"]);
        assert_eq!(terms("\"Hello world\" -bye -\"see you\""), ["hello world", "-bye*", "-see you"]);
        assert_eq!(terms("“open end"), ["open end"]);
        assert_eq!(terms("foo_ba C++ c 東京"), ["foo _ ba*", "c ++*", "c", "東 京*"]);
        assert_eq!(terms("--flag - ! x"), ["flag*", "x"]);
        assert_eq!(terms("std::vec 12:30 http://a.b"), ["std :: vec*", "12 : 30*", "http :// a . b*"]);
        assert_eq!(terms("\"from:ana\""), ["from : ana"]);
    }

    #[test]
    fn a_filter_is_a_name_and_a_value() {
        assert_eq!(by("from:@Ana"), By::From("ana".to_owned()));
        assert_eq!(by("IN:#general"), By::In("general".to_owned()));
        assert_eq!(by("has:image"), By::Has(Holding::Image));
        assert_eq!(by("is:edited"), By::Edited);
        let day: Time = "2026-01-30".parse().unwrap();
        assert_eq!((by("before:2026-01-30"), by("on:yesterday")), (By::Until(day), By::On(day)));
        assert_eq!(by("after:2026-01-30"), By::Since(day.plus(Time::DAY)));
        assert!(parse("-from:ana x", now()).unwrap().filters[0].not);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert!(told("colour:red").starts_with("colour: is no filter"));
        assert!(told("has:feet").starts_with("has:feet is no filter"));
        assert!(told("from:").starts_with("from: needs a handle"));
        assert!(told("on:monday").starts_with("on: needs a day"));
        assert!(told("on:2026-02-31").starts_with("on: needs a day"));
        assert_eq!(told("-before:today x"), "-before:today cannot be left out");
        assert!(told(" !? ").starts_with("must say what to look for"));
        assert!(told(&"x".repeat(501)).contains("500 characters"));
        assert!(told(&"x ".repeat(33)).contains("32 words"));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_refused_by_name(text in "(\\PC|[-\":#@ ]|from:|in:|has:|is:|on:){0,40}") {
            match parse(&text, now()) {
                Ok(asked) => prop_assert!(asked.terms.iter().all(|term| !term.tokens.is_empty())),
                Err(error) => prop_assert!(error.of_field("q").is_some()),
            }
        }
    }
}
