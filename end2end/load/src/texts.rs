use std::{fs::File, path::Path};

use serde::Deserialize;

use crate::{chance::Chance, failure::Result};

/// The most texts kept from the corpus.
const TEXTS: usize = 4_000;
/// The longest text kept, in bytes.
const LONGEST: usize = 2_000;

/// Used when the corpus was not built.
const BUILT_IN: [&str; 8] = [
    "Well hello there, how is your day going?",
    "I just came back from the market. They had the first strawberries, and I bought far too many of them.",
    "Does anybody know whether the 17:40 train still stops at the harbour?",
    "**Done.** The build is green again; it was the clock after all.",
    "haha, no way :D",
    "I'd start with chapter three, it explains why everything before it was so hard. Then go back, if you like.",
    "Thanks!",
    "See <https://example.org/> for the details, or ask me `tomorrow`.",
];

/// What people say.
#[derive(Debug)]
pub struct Texts {
    known: Vec<String>,
    chance: Chance,
    from: String,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    text: String,
}

impl Texts {
    /// From the corpus at `path` if it was built, else a handful that is built in.
    pub fn load(path: &Path, seed: u64) -> Self {
        let (texts, from) = match read(path) {
            Ok(texts) if !texts.is_empty() => {
                let from = format!("{} texts of {}", texts.len(), path.display());
                (texts, from)
            }
            _ => {
                (BUILT_IN.map(ToOwned::to_owned).to_vec(), "built-in texts (no corpus; `make corpus` builds it)".into())
            }
        };
        Self { known: texts, chance: Chance::new(seed), from }
    }

    /// Where they came from.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// A body that begins with `word`, as people write.
    pub fn body(&mut self, word: &str) -> String {
        format!("{word} {}", self.pick())
    }

    /// A body of exactly `bytes` bytes that begins with `word`.
    pub fn body_of(&mut self, word: &str, bytes: usize) -> String {
        let mut body = word.to_owned();
        while body.len() < bytes {
            body.push(' ');
            // Only letters: Markdown and the escapes of HTML would change the size on the wire.
            body.extend(self.pick().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }));
        }
        body.truncate(bytes);
        // A body does not end in a space.
        while body.ends_with(' ') {
            body.pop();
        }
        let short = bytes.saturating_sub(body.len());
        body + &"x".repeat(short)
    }

    /// What somebody looks for: a word that was said, two of one text, or the beginning of one.
    pub fn sought(&mut self) -> String {
        let text = self.pick();
        let mut words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= 3)
            .map(ToOwned::to_owned)
            .collect();
        if words.is_empty() {
            return "hello".to_owned();
        }
        let one = words.swap_remove(self.chance.below(words.len()));
        match self.chance.below(3) {
            0 if !words.is_empty() => format!("{one} {}", words[self.chance.below(words.len())]),
            1 => one.chars().take(3).collect(),
            _ => one,
        }
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u32) -> usize {
        self.chance.below(end as usize)
    }

    fn pick(&mut self) -> &str {
        let at = self.chance.below(self.known.len());
        &self.known[at]
    }
}

fn read(path: &Path) -> Result<Vec<String>> {
    let mut archive = zip::ZipArchive::new(File::open(path)?)?;
    let mut texts = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index)?;
        if !file.name()?.contains('/') {
            continue;
        }
        let said: Vec<Said> = serde_json::from_reader(std::io::BufReader::new(file))?;
        texts.extend(said.into_iter().filter_map(|said| clean(&said.text)));
        if texts.len() >= TEXTS {
            texts.truncate(TEXTS);
            break;
        }
    }
    Ok(texts)
}

/// The text as the server keeps it, so that what comes back can be compared.
fn clean(text: &str) -> Option<String> {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\r\n", "\n");
    let text = text.trim();
    (!text.is_empty() && text.len() <= LONGEST && !text.contains('\0')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_size_asked_for() {
        let mut texts = Texts::load(Path::new("/nowhere"), 1);
        for _ in 0..200 {
            let body = texts.body_of("word", 300);
            assert_eq!(body.len(), 300);
            assert_eq!(body.trim_end(), body);
        }
        assert!(texts.body("word").starts_with("word "));
    }
}
