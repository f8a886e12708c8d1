//! The filters of a search, as they are listed, and completed while they are typed.

/// Every filter and what it finds.
pub const KNOWN: [(&str, &str); 12] = [
    ("\"lunch at noon\"", "These words, as they stand"),
    ("-tea", "Without this word; works with phrases and most filters"),
    ("from:ana", "What somebody wrote; from:me is yourself"),
    ("in:general", "What was said in a channel"),
    ("has:link", "With a link; also has:file, has:image and has:code"),
    ("before:2026-01-31", "Before that day, UTC"),
    ("after:2026-01-31", "After that day, UTC"),
    ("on:today", "On that day, UTC; also yesterday"),
    ("is:thread", "Replies in threads"),
    ("is:pinned", "What is pinned"),
    ("is:edited", "What was edited"),
    ("foo_bar, C++, 東京", "Code and any script are found as they are written"),
];

/// What a filter begins with, and its values where they are known.
const VALUES: [&str; 14] = [
    "from:me",
    "from:",
    "in:",
    "has:link",
    "has:file",
    "has:image",
    "has:code",
    "before:",
    "after:",
    "on:today",
    "on:yesterday",
    "is:thread",
    "is:pinned",
    "is:edited",
];
/// The most completions offered.
const OFFERED: usize = 8;

/// What was typed with its last word completed, each way there is: filters, and `channels` behind `in:`.
pub fn completed(typed: &str, channels: &[String]) -> Vec<String> {
    let (before, last) = typed.rfind(char::is_whitespace).map_or(("", typed), |at| typed.split_at(at + 1));
    let (not, last) = last.strip_prefix('-').map_or(("", last), |last| ("-", last));
    if last.is_empty() {
        return Vec::new();
    }
    let channels = channels.iter().map(|slug| format!("in:{slug}"));
    let all = VALUES.iter().map(|value| (*value).to_owned()).chain(channels);
    let fits = all.filter(|value| value.len() > last.len() && value.starts_with(last));
    fits.map(|value| format!("{before}{not}{value}")).take(OFFERED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_completed_as_a_filter() {
        let channels = ["general".to_owned(), "games".to_owned()];
        assert_eq!(completed("tea is:", &channels), ["tea is:thread", "tea is:pinned", "tea is:edited"]);
        assert_eq!(completed("in:g", &channels), ["in:general", "in:games"]);
        assert_eq!(completed("-has:c", &channels), ["-has:code"]);
        assert_eq!(completed("東京 on:y", &channels), ["東京 on:yesterday"]);
        assert!(completed("tea ", &channels).is_empty() && completed("is:edited", &channels).is_empty());
    }
}
