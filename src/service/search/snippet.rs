//! What a result shows of a message: a few of its words around the first that was looked for.

use super::{
    parse::Term,
    tokens::{Token, tokens},
};
use crate::domain::search::Piece;

/// About how many characters stand before the first place.
const BEFORE: usize = 60;
/// How many characters a snippet has at most.
const CHARS: usize = 240;

/// The stretch of `text` around the first of `terms`, all of them marked.
pub fn snippet(text: &str, terms: &[Term]) -> Vec<Piece> {
    let tokens = tokens(text);
    // Where the match begins that a token belongs to.
    let mut marks = vec![None; tokens.len()];
    for term in terms.iter().filter(|term| !term.not) {
        for at in 0..tokens.len() {
            if holds(&tokens[at..], term) {
                marks[at..at + term.tokens.len()].fill(Some(at));
            }
        }
    }
    let first = marks.iter().position(Option::is_some).map_or(0, |at| tokens[at].at.start);
    let (from, to) = stretch(text, first);
    let mut pieces = Pieces::default();
    if from > 0 {
        pieces.put("…", false);
    }
    let mut done = from;
    let mut last = None;
    for (token, mark) in tokens.iter().zip(&marks) {
        if mark.is_none() || token.at.start < from {
            continue;
        }
        if token.at.end > to {
            break;
        }
        // What stands between the tokens of a match is marked with it.
        pieces.put(&text[done..token.at.start], last == *mark);
        pieces.put(&text[token.at.clone()], true);
        (done, last) = (token.at.end, *mark);
    }
    pieces.put(&text[done..to], false);
    if to < text.len() {
        pieces.put("…", false);
    }
    pieces.0
}

/// Whether these tokens begin with the term.
fn holds(tokens: &[Token], term: &Term) -> bool {
    let last = term.tokens.len() - 1;
    tokens.len() > last
        && term.tokens.iter().zip(tokens).enumerate().all(|(at, (asked, token))| {
            if at == last && term.begins { token.text.starts_with(asked) } else { token.text == *asked }
        })
}

/// Where the stretch around `first` begins and ends: at characters, at a word where one is near.
fn stretch(text: &str, first: usize) -> (usize, usize) {
    let early = text[..first].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let from = if early == 0 { 0 } else { text[early..first].find(' ').map_or(early, |space| early + space + 1) };
    let to = text[from..].char_indices().nth(CHARS).map_or(text.len(), |(at, _)| from + at);
    (from, to)
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn put(&mut self, text: &str, hit: bool) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut().filter(|last| last.hit == hit) {
            Some(last) => last.text.push_str(text),
            None => self.0.push(Piece { text: text.to_owned(), hit }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{domain::Time, service::search::parse::parse};

    fn marked(text: &str, q: &str) -> String {
        let asked = parse(q, Time::from_micros(0)).unwrap();
        let piece = |piece: Piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text };
        snippet(text, &asked.terms).into_iter().map(piece).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked() {
        assert_eq!(marked("Meet at the Café, noon.", "cafe noo -meet"), "Meet at the [Café], [noon].");
        assert_eq!(marked("not the door, the code", "\"the code\""), "not the door, [the code]");
        assert_eq!(marked("call foo_bar(x)", "foo_b"), "call [foo_bar](x)");
        assert_eq!(marked("私は東京都へ", "東京"), "私は[東京]都へ");
        assert_eq!(marked("nothing of it", "from:ana"), "nothing of it");
    }

    #[test]
    fn a_long_message_is_cut_around_it() {
        let told = marked(&format!("{} needle {}", "hay ".repeat(100), "straw ".repeat(100)), "needle");
        assert!(told.starts_with("…hay ") && told.contains("[needle]") && told.ends_with('…'), "{told}");
        assert!(told.chars().count() <= CHARS + 4);
    }

    proptest! {
        #[test]
        fn a_snippet_is_a_stretch_of_its_text(text in "\\PC{0,200}", q in "[a-z東é]{1,3}( [a-z]{1,3})?") {
            let asked = parse(&q, Time::from_micros(0)).unwrap();
            let whole: String = snippet(&text, &asked.terms).into_iter().map(|piece| piece.text).collect();
            let cut = whole.strip_prefix('…').unwrap_or(&whole);
            prop_assert!(whole == text || text.ends_with(cut), "{whole:?}");
        }
    }
}
