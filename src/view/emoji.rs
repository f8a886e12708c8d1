//! Emoji by their names, and people by theirs.

use super::lowered;

/// All emoji with their names, as the file of the site lists them: a line each, the emoji, a tab, its name, a tab, its
/// short names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmojiBook(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    emoji: String,
    name: String,
    short: Vec<String>,
}

impl EmojiBook {
    /// Reads the file. Lines that make no sense are left out.
    pub fn parse(text: &str) -> Self {
        let entry = |line: &str| {
            let mut parts = line.split('\t');
            let (emoji, name) = (parts.next()?.to_owned(), parts.next()?.to_owned());
            let short = parts.next().unwrap_or_default().split(' ').map(str::to_owned).collect();
            Some(Entry { emoji, name, short })
        };
        Self(text.lines().filter_map(entry).collect())
    }

    /// Whether it was not read yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of an emoji.
    pub fn name(&self, emoji: &str) -> Option<&str> {
        self.0.iter().find(|entry| entry.emoji == emoji).map(|entry| entry.name.as_str())
    }

    /// At most `limit` emoji whose names hold all the words: those with a short name that begins so come first.
    pub fn find(&self, words: &str, limit: usize) -> Vec<String> {
        let words = lowered(words.trim().trim_matches(':'));
        if words.is_empty() {
            return Vec::new();
        }
        let holds = |entry: &&Entry| {
            words.split([' ', '_']).all(|word| {
                entry.name.contains(word) || entry.short.iter().any(|short| short.contains(word)) || entry.emoji == word
            })
        };
        let joined = words.replace(' ', "_");
        let mut found: Vec<(usize, &Entry)> = self
            .0
            .iter()
            .filter(holds)
            .map(|entry| {
                let rank = if entry.short.contains(&joined) {
                    0
                } else if entry.short.iter().any(|short| short.starts_with(&joined)) {
                    1
                } else {
                    2
                };
                (rank, entry)
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().take(limit).map(|(_, entry)| entry.emoji.clone()).collect()
    }
}

/// People in words: "Ana", "Ana and Bo", "Ana, Bo and 3 others". `count` is how many there are, named or not.
pub fn names<'a>(named: impl Iterator<Item = &'a str>, count: i64) -> String {
    const MOST: usize = 10;
    let named: Vec<&str> = named.take(MOST).collect();
    let others = usize::try_from(count).unwrap_or_default().saturating_sub(named.len());
    let last = match others {
        0 => None,
        1 => Some("1 other".to_owned()),
        others => Some(format!("{others} others")),
    };
    match (named.split_last(), last) {
        (None, last) => last.unwrap_or_default(),
        (Some(_), Some(last)) => format!("{} and {last}", named.join(", ")),
        (Some((only, [])), None) => (*only).to_owned(),
        (Some((last, before)), None) => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // M14
    #[test]
    fn an_emoji_is_found_by_any_of_its_names_the_nearest_first() {
        let book = EmojiBook::parse(
            "🎉\tparty popper\ttada\n🥳\tpartying face\tpartying_face\n🎊\tconfetti ball\tconfetti_ball\nnonsense",
        );
        assert_eq!(book.find("party", 9), ["🥳", "🎉"]);
        assert_eq!(book.find(":tada:", 9), ["🎉"]);
        assert_eq!(book.find("Confetti ball", 9), ["🎊"]);
        assert_eq!(book.find("🎊", 9), ["🎊"]);
        assert_eq!(book.find("party", 1), ["🥳"]);
        assert!(book.find("   ", 9).is_empty());
        assert!(book.find("zzz", 9).is_empty());
        assert_eq!(book.name("🎉"), Some("party popper"));
    }

    #[test]
    fn people_are_told_as_one_would_say_it() {
        let told = |named: &[&str], count| names(named.iter().copied(), count);
        assert_eq!(told(&["Ana"], 1), "Ana");
        assert_eq!(told(&["Ana", "Bo"], 2), "Ana and Bo");
        assert_eq!(told(&["Ana", "Bo", "Cleo"], 3), "Ana, Bo and Cleo");
        assert_eq!(told(&["Ana"], 2), "Ana and 1 other");
        assert_eq!(told(&["Ana", "Bo"], 5), "Ana, Bo and 3 others");
        assert_eq!(told(&[], 0), "");
    }
}
