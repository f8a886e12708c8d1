//! What a text is found by. Both engines are given these tokens, and neither has a say in what a word is: that is why
//! their answers are the same (M23).
//!
//! - A word is folded: lower case, without accents (`Café` → `cafe`).
//! - Scripts without spaces between words are one token a character, and found as sequences of them.
//! - Signs that code holds together with are tokens beside the words (`foo_bar` → `foo` `_` `bar`, `C++` → `c` `++`), so
//!   that each part is found and the whole as well.
//! - An emoji is a token.

use std::{collections::HashMap, ops::Range};

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The most characters of a token; what is longer is found by its beginning.
const TOKEN_CHARS: usize = 64;
/// How often a token of one text has a place. PostgreSQL keeps no more places of a word, so nobody has.
const PLACES: usize = 255;
/// Stands where a token has no place any more. No text has it as a token.
pub const NOWHERE: &str = "~";

/// A token and where it stands in the text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it is compared.
    pub text: String,
    /// Where it stands.
    pub at: Range<usize>,
}

/// What a character is to a text.
enum Kind {
    /// Part of a word.
    Letter,
    /// A token by itself.
    Alone,
    /// Holds code together.
    Joint,
    /// An accent of what stands before it.
    Accent,
    /// Parts words.
    Gap,
}

fn kind(c: char) -> Kind {
    match c {
        '_' | '.' | ':' | '/' | '+' | '#' | '@' | '$' | '=' => Kind::Joint,
        c if c.is_ascii() => {
            if c.is_ascii_alphanumeric() {
                Kind::Letter
            } else {
                Kind::Gap
            }
        }
        c if is_accent(c) => Kind::Accent,
        c if is_unspaced(c) || is_sign(c) => Kind::Alone,
        c if c.is_alphanumeric() || is_combining_mark(c) => Kind::Letter,
        _ => Kind::Gap,
    }
}

/// Accents that are left out: Latin, Greek, Cyrillic, Hebrew and Arabic ones. Elsewhere marks are vowels.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{FE00}'..='\u{FE0F}' | '\u{200D}')
}

/// Scripts that put no spaces between words, and Hangul, whose words take endings.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{E01}'..='\u{EDF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17D3}'
        | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FA}' | '\u{30FC}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}

/// Arrows, symbols and emoji.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// A character as it is compared.
fn fold(c: char, into: &mut String) {
    if c.is_ascii() {
        into.push(c.to_ascii_lowercase());
        return;
    }
    if is_sign(c) || (is_unspaced(c) && !matches!(c, '\u{FF66}'..='\u{FF9F}' | '\u{2E80}'..='\u{2FDF}')) {
        into.push(c);
        return;
    }
    for lower in c.to_lowercase() {
        decompose_compatible(lower, |part| {
            if !is_accent(part) && (part.is_alphanumeric() || is_combining_mark(part)) {
                // Some capitals are only taken apart into capitals; the last sigma is a sigma.
                into.extend(part.to_lowercase().map(|part| if part == 'ς' { 'σ' } else { part }));
            }
        });
    }
}

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { text, found: Vec::new(), word: None, joint: None };
    for (at, c) in text.char_indices() {
        reader.take(at, c);
    }
    reader.part(text.len());
    reader.found
}

struct Reader<'t> {
    text: &'t str,
    found: Vec<Token>,
    /// Where the word under way began.
    word: Option<usize>,
    /// Where the joint under way began, right behind a word.
    joint: Option<usize>,
}

impl Reader<'_> {
    fn take(&mut self, at: usize, c: char) {
        match kind(c) {
            Kind::Letter => {
                self.join(at);
                self.word.get_or_insert(at);
            }
            Kind::Alone => {
                self.join(at);
                self.end(at);
                self.put(at..at + c.len_utf8());
            }
            Kind::Joint => {
                let behind = self.word.is_some() || self.found.last().is_some_and(|last| last.at.end == at);
                self.end(at);
                if behind {
                    self.joint.get_or_insert(at);
                }
            }
            Kind::Accent => {}
            Kind::Gap => self.part(at),
        }
    }

    /// The word under way ends here.
    fn end(&mut self, at: usize) {
        if let Some(from) = self.word.take() {
            self.put(from..at);
        }
    }

    /// Something follows the joint under way: it stands.
    fn join(&mut self, at: usize) {
        if let Some(from) = self.joint.take() {
            self.put(from..at);
        }
    }

    /// Nothing follows here. A joint at the end of a word is punctuation, unless it is `++` or `#`.
    fn part(&mut self, at: usize) {
        self.end(at);
        if let Some(from) = self.joint.take() {
            let rest = &self.text[from..at];
            let kept = rest.len() - rest.trim_start_matches(['+', '#']).len();
            self.put(from..from + kept);
        }
    }

    fn put(&mut self, at: Range<usize>) {
        let mut folded = String::new();
        for c in self.text[at.clone()].chars().filter(|c| !is_accent(*c)) {
            fold(c, &mut folded);
        }
        if let Some((end, _)) = folded.char_indices().nth(TOKEN_CHARS) {
            folded.truncate(end);
        }
        if !folded.is_empty() {
            self.found.push(Token { text: folded, at });
        }
    }
}

/// The tokens of a text as an index takes them: in order, parted by spaces.
pub fn line(text: &str) -> String {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let tokens = tokens(text);
    let mut line = String::with_capacity(text.len() + 16);
    for token in &tokens {
        let many = places.entry(&token.text).or_default();
        *many += 1;
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(if *many > PLACES { NOWHERE } else { &token.text });
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_found_by_its_words() {
        let cases = [
            ("Hello, World!", "hello world"),
            ("Café CAFE\u{301} naïve Ελλάς", "cafe cafe naive ελλασ"),
            ("don't self-hosted", "don t self hosted"),
            ("foo_bar a.b C++ C# std::vec", "foo _ bar a . b c ++ c # std :: vec"),
            ("So. Then... (why?) **bold**_", "so then why bold"),
            ("C++. and a+", "c ++ and a +"),
            ("# Heading .net @ana --flag", "heading net ana flag"),
            ("https://a.example/x", "https :// a . example / x"),
            ("東京都 カﾅ 한국어", "東 京 都 カ ナ 한 국 어"),
            ("ok 👍🏽 →", "ok 👍 🏽 →"),
            ("हिन्दी भाषा", "हिन्दी भाषा"),
            ("x²  Ⅷ", "x2 viii"),
            ("~ !? ,;", ""),
        ];
        for (text, tokens) in cases {
            assert_eq!(line(text), tokens, "{text}");
        }
    }

    #[test]
    fn a_long_token_is_cut_and_a_frequent_one_has_no_more_places() {
        assert_eq!(line(&"x".repeat(300)).len(), TOKEN_CHARS);
        let often = line(&"a ".repeat(300));
        assert_eq!(often.split(' ').filter(|token| *token == "a").count(), PLACES);
        assert!(often.ends_with(NOWHERE));
    }

    proptest! {
        #[test]
        fn a_token_is_never_empty_nor_what_an_index_would_take_for_something_else(text in "\\PC*") {
            for token in tokens(&text) {
                prop_assert!(!token.text.is_empty() && text.get(token.at.clone()).is_some());
                let plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\' | '*' | '(' | ')' | '~');
                prop_assert!(token.text.chars().all(plain), "{:?}", token.text);
                prop_assert!(token.text.is_ascii() || !token.text.contains('='), "{:?}", token.text);
            }
        }

        #[test]
        fn a_token_is_its_own_token(text in "[a-zA-ZéÀßΣς0-9]{1,20}") {
            for token in tokens(&text) {
                prop_assert_eq!(line(&token.text), token.text);
            }
        }
    }
}
