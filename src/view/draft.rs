//! How a composer and the server agree on what was begun there (M31): the newest edit wins.

use crate::domain::text::MESSAGE_CHARS;

/// A draft as one composer knows it.
///
/// The server tells of every change in its order, one's own included. Words that were typed here stay until the server
/// has told that it keeps them: whatever it tells before that is older than what it will be asked to keep, and gives way.
/// When nothing is on its way, what it tells is newer than what stands here, and takes its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// What the server keeps, as far as it was told.
    kept: String,
    /// What it was asked to keep last and has not told of.
    asked: Option<String>,
    /// What stands here instead.
    typed: Option<String>,
}

impl Draft {
    /// As a page was read.
    pub const fn new(kept: String) -> Self {
        Self { kept, asked: None, typed: None }
    }

    /// What the server keeps.
    pub fn kept(&self) -> &str {
        &self.kept
    }

    /// Somebody typed here, or posted what stood here: then `text` is empty. Says whether it is to be saved.
    pub fn write(&mut self, text: &str) -> bool {
        let text = if text.trim().is_empty() { "" } else { text };
        // What is on its way may come after this, and must not take its place.
        self.typed = (self.asked.is_some() || text != self.kept).then(|| text.to_owned());
        self.typed.is_some()
    }

    /// What the server is to be asked to keep now, if anything: what is too long for it stays here.
    pub fn ask(&mut self) -> Option<String> {
        let text = self.typed.as_ref().filter(|text| text.chars().count() <= MESSAGE_CHARS)?;
        self.asked = Some(text.clone());
        Some(text.clone())
    }

    /// Whether something stands here that the server is not known to keep.
    pub const fn is_unsaved(&self) -> bool {
        self.typed.is_some()
    }

    /// Whether what stands here is on its way to the server.
    pub fn is_asked(&self) -> bool {
        self.typed.is_some() && self.asked == self.typed
    }

    /// The server tells what it keeps; answers what is to stand here, if it is something else.
    pub fn hear(&mut self, body: &str) -> Option<String> {
        let changed = self.kept != body;
        body.clone_into(&mut self.kept);
        if self.asked.as_deref() == Some(body) {
            self.asked = None;
        }
        match &self.typed {
            Some(typed) if typed == body => {
                self.typed = None;
                None
            }
            Some(_) => None,
            None => changed.then(|| body.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;

    // M31
    #[test]
    fn what_another_device_began_appears_here() {
        let mut draft = Draft::new("hel".to_owned());
        assert_eq!(draft.hear("hello").as_deref(), Some("hello"));
        assert_eq!(draft.hear("hello"), None, "it stands there already");
        assert_eq!(draft.hear("").as_deref(), Some(""), "it was posted or emptied there");
    }

    // M31
    #[test]
    fn where_somebody_types_their_words_stay_and_win() {
        let mut here = Draft::new(String::new());
        assert!(here.write("one"));
        assert_eq!(here.ask().as_deref(), Some("one"));
        assert!(here.write("one two"));
        assert_eq!(here.hear("one"), None, "an echo of what stood here takes nothing away");
        assert_eq!(here.hear("elsewhere"), None, "what is typed here is newer");
        assert!(!here.is_asked());
        assert_eq!(here.ask().as_deref(), Some("one two"));
        assert!(here.is_asked());
        assert_eq!(here.hear("one two"), None);
        assert!(!here.is_unsaved());
        assert_eq!(here.hear("elsewhere").as_deref(), Some("elsewhere"), "and now that is");
    }

    // M31
    #[test]
    fn what_was_posted_does_not_come_back_by_an_echo() {
        let mut draft = Draft::new(String::new());
        draft.write("hello");
        draft.ask();
        assert!(draft.write(""), "posted before the server said that it keeps it");
        assert_eq!(draft.hear("hello"), None);
        assert_eq!(draft.hear(""), None);
        assert!(!draft.is_unsaved());
        draft.write("hello");
        assert!(!draft.write(" "), "nothing was ever sent: there is nothing to let go of");
    }

    // M31
    #[test]
    fn going_back_to_what_is_kept_while_something_else_is_on_its_way_is_an_edit() {
        let mut draft = Draft::new("a".to_owned());
        draft.write("ab");
        draft.ask();
        assert!(draft.write("a"));
        assert_eq!(draft.hear("ab"), None);
        assert_eq!(draft.ask().as_deref(), Some("a"));
    }

    // M31
    #[test]
    fn what_is_too_long_to_be_kept_stays_where_it_is() {
        let mut draft = Draft::new(String::new());
        assert!(draft.write(&"é".repeat(4_001)));
        assert_eq!(draft.ask(), None);
        assert!(draft.is_unsaved());
    }
}
