//! A list of words that is looked for in every message: compiled once (M07).

use aho_corasick::AhoCorasick;

use super::folding::{Signs, fold, has_signs};
use crate::domain::{
    Error, Result,
    moderation::{LIST_WORDS, WORD_CHARS},
};

/// A list, one word a line, as it is kept: trimmed, each once. An error names `field` and the line.
pub(super) fn parse(field: &str, text: &str) -> Result<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let word = line.trim();
        if word.is_empty() || words.iter().any(|known| known == word) {
            continue;
        }
        let wrong = |why: &str| Err(Error::invalid(field, format!("line {number} {why}")));
        if word.chars().count() > WORD_CHARS {
            return wrong(&format!("is longer than {WORD_CHARS} characters"));
        }
        if pattern(word).is_none() {
            return wrong("holds no letter and no digit");
        }
        if word.trim_start_matches('*').trim_end_matches('*').contains('*') {
            return wrong("has a * between letters; it stands only before or behind a word");
        }
        words.push(word.to_owned());
        if words.len() > LIST_WORDS {
            return Err(Error::invalid(field, format!("must be at most {LIST_WORDS} words")));
        }
    }
    Ok(words)
}

/// What is looked for in a folded text: with a space where the word begins or ends.
fn pattern(word: &str) -> Option<String> {
    let folded = fold(word, Signs::Letters);
    let core = folded.trim();
    if core.is_empty() {
        return None;
    }
    let edge = |open: bool| if open { "" } else { " " };
    Some([edge(word.starts_with('*')), core, edge(word.ends_with('*'))].concat())
}

/// A text that is looked through, folded once for all lists.
pub(super) struct Folded {
    readings: Vec<String>,
}

impl Folded {
    /// In the one or two ways it can be read.
    pub(super) fn new(text: &str) -> Self {
        let mut readings = vec![fold(text, Signs::Letters)];
        if has_signs(text) {
            readings.push(fold(text, Signs::Gaps));
        }
        Self { readings }
    }
}

/// A compiled list.
#[derive(Debug)]
pub(super) struct WordList(AhoCorasick);

impl WordList {
    /// Compiles a list that was [parsed](parse); `None` for one without words.
    pub(super) fn new(words: &[String]) -> Option<Self> {
        let patterns: Vec<String> = words.iter().filter_map(|word| pattern(word)).collect();
        if patterns.is_empty() {
            return None;
        }
        // At most 500 words of 100 characters are far below what the automaton can hold.
        AhoCorasick::new(patterns).map(Self).ok()
    }

    /// Whether any of its words is there.
    pub(super) fn is_in(&self, text: &Folded) -> bool {
        text.readings.iter().any(|reading| self.0.is_match(reading))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(words: &str, text: &str) -> bool {
        WordList::new(&parse("held", words).unwrap()).is_some_and(|list| list.is_in(&Folded::new(text)))
    }

    // M07
    #[test]
    fn a_word_is_found_as_a_word_and_a_part_where_a_star_says_so() {
        assert!(finds("spoiler", "no SP0ILER!"));
        assert!(finds("spoiler", "spoiler"));
        assert!(!finds("spoiler", "spoilers"));
        assert!(!finds("spoiler", "despoiler"));
        assert!(finds("spoiler*", "spoilers") && !finds("spoiler*", "despoiler"));
        assert!(finds("*spoiler", "despoiler") && !finds("*spoiler", "spoilers"));
        assert!(finds("*spoil*", "despoiled"));
        assert!(finds("buy now", "So BUY,  now."), "several words are one entry");
        assert!(finds("bad", "you b@d one") && finds("bad", "@bad"), "a sign is read in both ways");
        assert!(finds("a\nb\nc", "x c x") && !finds("", "anything"));
    }

    // M07
    #[test]
    fn a_list_is_kept_without_what_is_empty_or_there_twice_and_names_the_wrong_line() {
        assert_eq!(parse("held", " one \n\n two*\none\n"), Ok(vec!["one".to_owned(), "two*".to_owned()]));
        let wrong = |text: &str| parse("held", text).unwrap_err().of_field("held").map(ToOwned::to_owned);
        assert_eq!(wrong("one\n…").as_deref(), Some("line 2 holds no letter and no digit"));
        assert!(wrong("*").is_some() && wrong("a*b").is_some());
        assert!(wrong(&"x".repeat(101)).is_some() && parse("held", &"x".repeat(100)).is_ok());
        let many = |count: usize| (0..count).map(|one| format!("w{one}")).collect::<Vec<_>>().join("\n");
        assert!(parse("held", &many(500)).is_ok() && wrong(&many(501)).is_some());
    }
}
