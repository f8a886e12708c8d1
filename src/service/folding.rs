//! Texts made alike, so that a word is found however it is disguised (M07).

use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

/// How the signs that stand for letters as well as for themselves are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signs {
    /// As the letter they look like: `b@d` is `bad`.
    Letters,
    /// As what parts two words: `@bad` names somebody.
    Gaps,
}

/// The words of a text, each between spaces: compatibility forms taken apart (NFKD) and their marks removed, case folded,
/// look-alikes made one, what cannot be seen dropped, all else a space.
pub(super) fn fold(text: &str, signs: Signs) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    folded.push(' ');
    for char in text.nfkd().filter(|char| !is_dropped(*char)) {
        // Upper case first: ß is SS there, and both forms of the Greek sigma are one.
        for letter in char.to_uppercase().flat_map(char::to_lowercase).filter(|char| !is_dropped(*char)) {
            match look_alike(letter, signs) {
                letter if letter.is_alphanumeric() => folded.push(letter),
                _ if folded.ends_with(' ') => {}
                _ => folded.push(' '),
            }
        }
    }
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
    folded
}

/// Whether a text may be read in both ways.
pub(super) fn has_signs(text: &str) -> bool {
    text.nfkd().any(|char| matches!(char, '@' | '$'))
}

/// Marks on letters, and what has no width. Not a virama or a vowel sign: those are spelling, not decoration.
fn is_dropped(char: char) -> bool {
    let class = canonical_combining_class(char);
    let decorates = class == 1 || (class > 9 && class != 84 && class != 91);
    decorates
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// The letter that stands for all that look like it.
const fn look_alike(letter: char, signs: Signs) -> char {
    match (letter, signs) {
        ('@', Signs::Letters) | ('4' | 'а' | 'α', _) => 'a',
        ('$', Signs::Letters) | ('5' | 'ѕ', _) => 's',
        ('0' | 'о' | 'ο' | 'σ', _) => 'o',
        ('1' | 'l' | 'ı' | 'і' | 'ӏ' | 'ι', _) => 'i',
        ('3' | 'е' | 'ε' | 'є', _) => 'e',
        ('7' | 'т' | 'τ', _) => 't',
        ('8' | 'в' | 'β', _) => 'b',
        ('с', _) => 'c',
        ('һ' | 'н', _) => 'h',
        ('ј', _) => 'j',
        ('к' | 'κ', _) => 'k',
        ('м', _) => 'm',
        ('р' | 'ρ', _) => 'p',
        ('у' | 'υ', _) => 'y',
        ('х' | 'χ', _) => 'x',
        ('ν', _) => 'v',
        (letter, _) => letter,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    use super::*;

    fn letters(text: &str) -> String {
        fold(text, Signs::Letters)
    }

    // M07
    #[test]
    fn a_disguised_word_is_the_word() {
        for disguised in [
            "spoil",
            "SPOIL",
            "sp0il",
            "spo1l",
            "spoiI",
            "$poil",
            "ｓｐｏｉｌ",
            "s\u{200b}p\u{ad}oil",
            "špóïl",
            "sроіl",
        ] {
            assert_eq!(letters(disguised), letters("spoil"), "{disguised:?}");
        }
        assert_eq!(letters("STRASSE"), letters("straße"));
        assert_eq!(letters("ΛΌΓΟΣ"), letters("λόγος"));
        assert_eq!(letters("  one,two\n…three "), letters("one two three"));
        assert_eq!((letters("@bad"), fold("@bad", Signs::Gaps)), (" abad ".to_owned(), " bad ".to_owned()));
        assert_eq!((letters(""), letters(" …\u{200b}")), (" ".to_owned(), " ".to_owned()));
        assert_ne!(letters("कि"), letters("क"), "a vowel sign makes another word");
    }

    proptest! {
        // M07: what nobody sees changes nothing.
        #[test]
        fn marks_case_and_what_is_unseen_make_no_difference(
            word in "[a-zA-Z]{1,12}( [a-zA-Z]{1,12}){0,3}",
            dress in prop::collection::vec(prop::sample::select(vec!["", "\u{301}", "\u{200b}", "\u{200d}", "\u{ad}", "\u{335}", "\u{fe0f}"]), 64),
            upper in any::<bool>(),
        ) {
            let dressed: String = word.chars().zip(&dress).flat_map(|(char, mark)| std::iter::once(char).chain(mark.chars())).collect();
            let dressed = if upper { dressed.to_uppercase() } else { dressed };
            prop_assert_eq!(letters(&dressed), letters(&word));
        }

        // M07: the same text is the same however it is composed, and every word stands between spaces.
        #[test]
        fn a_text_folds_alike_however_it_is_composed(text in any::<String>()) {
            let folded = letters(&text);
            prop_assert_eq!(&letters(&text.nfd().collect::<String>()), &folded);
            prop_assert_eq!(&letters(&text.nfkc().collect::<String>()), &folded);
            prop_assert!(folded.starts_with(' ') && folded.ends_with(' ') && !folded.contains("  "));
        }
    }
}
