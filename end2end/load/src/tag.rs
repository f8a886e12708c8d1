use memchr::memmem::Finder;

/// How many digits a number has in a word.
const DIGITS: usize = 8;

/// Makes the unique word in each body, and finds it again in whatever the server sends.
#[derive(Clone, Debug)]
pub struct Tag {
    prefix: String,
    finder: Finder<'static>,
}

impl Tag {
    /// The words of one run; another seed makes others.
    pub fn new(seed: u64) -> Self {
        // Only letters, so that the digits after it are the number.
        let letters = (0..6).map(|at| char::from(b'a' + u8::try_from(seed >> (at * 4) & 15).unwrap_or(0)));
        let prefix: String = "zq".chars().chain(letters).chain("x".chars()).collect();
        let finder = Finder::new(prefix.as_bytes()).into_owned();
        Self { prefix, finder }
    }

    /// The word of post `number`: letters and digits only, so that every search takes it as one word.
    pub fn word(&self, number: usize) -> String {
        format!("{}{number:0DIGITS$}", self.prefix)
    }

    /// The number of the first word in `text`.
    pub fn find(&self, text: &[u8]) -> Option<usize> {
        let at = self.finder.find(text)? + self.prefix.len();
        digits(text.get(at..at + DIGITS)?)
    }
}

fn digits(text: &[u8]) -> Option<usize> {
    text.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + usize::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_again_in_what_holds_it() {
        let tag = Tag::new(7);
        assert_eq!(tag.find(format!("<p>{} hello</p>", tag.word(42)).as_bytes()), Some(42));
        assert_eq!(tag.find(tag.word(12_345_678).as_bytes()), Some(12_345_678));
        assert_eq!(tag.find(b"<p>hello</p>"), None);
        assert_eq!(Tag::new(8).find(tag.word(42).as_bytes()), None);
        assert!(tag.word(1).chars().all(char::is_alphanumeric));
    }
}
