//! When something counts as read.

use crate::domain::channel::Participation;

/// What the reader sees at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The tab is in front of the person.
    pub visible: bool,
    /// The end of the transcript is in view.
    pub at_end: bool,
    /// The window reaches the channel's latest message.
    pub present: bool,
    /// The position of the last stored row.
    pub last: Option<i64>,
}

/// Where the read mark should move to, if anywhere (C13). It never moves back.
pub fn mark(mine: Option<Participation>, sight: Sight) -> Option<i64> {
    let read = mine?.read;
    sight.last.filter(|last| sight.visible && sight.at_end && sight.present && *last > read)
}

#[cfg(test)]
mod tests {
    use super::*;

    // C13
    #[test]
    fn the_read_mark_moves_only_to_what_was_really_seen() {
        let mine = Some(Participation { read: 4, muted: false, level: crate::domain::channel::NotificationLevel::All });
        let sight = Sight { visible: true, at_end: true, present: true, last: Some(9) };
        assert_eq!(mark(mine, sight), Some(9));
        assert_eq!(mark(None, sight), None);
        assert_eq!(mark(mine, Sight { visible: false, ..sight }), None);
        assert_eq!(mark(mine, Sight { at_end: false, ..sight }), None);
        assert_eq!(mark(mine, Sight { present: false, ..sight }), None);
        assert_eq!(mark(mine, Sight { last: Some(4), ..sight }), None);
    }
}
