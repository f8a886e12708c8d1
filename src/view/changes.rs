//! What changed between two texts, word by word (M11).

/// The most comparisons that are made of what lies between the first and the last change: 500 words against 500. Beyond
/// it, what was there is told to be replaced as a whole.
const COMPARISONS: usize = 250_000;

/// A part of a text that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Stands in both.
    Same(String),
    /// Stood there before.
    Gone(String),
    /// Stands there now.
    New(String),
}

/// Goes from `before` to `after`: the same pieces without the new ones are `before`, without those that are gone `after`.
/// Of what changed in one place, what is gone comes first.
pub fn changes(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (words(before), words(after));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (gone, came) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    let mut told = Told::default();
    told.same(&old[..head]);
    if gone.len() * came.len() > COMPARISONS {
        told.replaced(gone, came);
    } else {
        told.compared(gone, came);
    }
    told.same(&old[old.len() - tail..]);
    told.pieces
}

/// A text as runs of letters and digits, runs of space, and whatever else one by one. Scripts that do not part their
/// words are taken character by character.
fn words(text: &str) -> Vec<&str> {
    #[derive(PartialEq, Eq)]
    enum Run {
        Word,
        Space,
        Alone,
    }
    let run = |c: char| match c {
        c if c.is_whitespace() => Run::Space,
        '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'.. => Run::Alone,
        c if c.is_alphanumeric() || c == '\'' || c == '_' => Run::Word,
        // What belongs to the character before it.
        '\u{300}'..='\u{36F}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' => Run::Word,
        _ => Run::Alone,
    };
    let mut words = Vec::new();
    let (mut start, mut last) = (0, Run::Alone);
    for (at, c) in text.char_indices() {
        let this = run(c);
        if at > start && (this == Run::Alone || this != last) {
            words.push(&text[start..at]);
            start = at;
        }
        last = this;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[derive(Default)]
struct Told {
    pieces: Vec<Piece>,
    gone: String,
    new: String,
}

impl Told {
    fn same(&mut self, words: &[&str]) {
        if words.is_empty() {
            return;
        }
        self.replace();
        match self.pieces.last_mut() {
            Some(Piece::Same(text)) => text.extend(words.iter().copied()),
            _ => self.pieces.push(Piece::Same(words.concat())),
        }
    }

    /// What changed since the last words that are the same.
    fn replace(&mut self) {
        for (text, piece) in [(&mut self.gone, Piece::Gone as fn(String) -> Piece), (&mut self.new, Piece::New)] {
            if !text.is_empty() {
                self.pieces.push(piece(std::mem::take(text)));
            }
        }
    }

    fn replaced(&mut self, gone: &[&str], came: &[&str]) {
        self.gone.extend(gone.iter().copied());
        self.new.extend(came.iter().copied());
        self.replace();
    }

    /// By the longest sequence of words that stands in both.
    fn compared(&mut self, old: &[&str], new: &[&str]) {
        let width = new.len() + 1;
        let mut longest = vec![0_u16; (old.len() + 1) * width];
        for (row, gone) in old.iter().enumerate().rev() {
            for (column, came) in new.iter().enumerate().rev() {
                let below = (row + 1) * width + column;
                longest[row * width + column] = if gone == came {
                    longest[below + 1] + 1
                } else {
                    longest[below].max(longest[row * width + column + 1])
                };
            }
        }
        let (mut row, mut column) = (0, 0);
        while row < old.len() && column < new.len() {
            if old[row] == new[column] {
                self.same(&old[row..=row]);
                (row, column) = (row + 1, column + 1);
            } else if longest[(row + 1) * width + column] >= longest[row * width + column + 1] {
                self.gone.push_str(old[row]);
                row += 1;
            } else {
                self.new.push_str(new[column]);
                column += 1;
            }
        }
        self.replaced(&old[row..], &new[column..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let pieces = changes(before, after);
        let with = |wanted: fn(&Piece) -> Option<&str>| pieces.iter().filter_map(wanted).collect::<String>();
        let old = with(|piece| if let Piece::Same(text) | Piece::Gone(text) = piece { Some(text) } else { None });
        let new = with(|piece| if let Piece::Same(text) | Piece::New(text) = piece { Some(text) } else { None });
        assert_eq!((old.as_str(), new.as_str()), (before, after));
        let mark = |piece: &Piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Gone(text) => format!("[-{text}-]"),
            Piece::New(text) => format!("[+{text}+]"),
        };
        pieces.iter().map(mark).collect()
    }

    // M11
    #[test]
    fn what_changed_is_told_word_by_word() {
        assert_eq!(told("meet at noon", "meet at one"), "meet at [-noon-][+one+]");
        assert_eq!(told("a b c d", "a x c y"), "a [-b-][+x+] c [-d-][+y+]");
        assert_eq!(told("the plan", "the secret plan"), "the [+secret +]plan");
        assert_eq!(told("", "new"), "[+new+]");
        assert_eq!(told("same", "same"), "same");
        assert_eq!(told("明日会議", "明日休み"), "明日[-会議-][+休み+]");
        assert_eq!(told("don't **do** it", "don't *do* it"), "don't *[-*-]do[-*-]* it");
    }

    // M11: 4,000 characters against 4,000 are bounded work.
    #[test]
    fn texts_that_have_nothing_in_common_are_replaced_as_a_whole() {
        let (before, after) = ("a.".repeat(2_000), "b!".repeat(2_000));
        assert_eq!(changes(&before, &after), [Piece::Gone(before.clone()), Piece::New(after.clone())]);
    }
}
