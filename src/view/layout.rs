use super::{RowState, Timeline, calendar::Day};
use crate::domain::{MessageId, PersonId, Time, message::MessageKind};

/// Messages of one author this close together stand under one header.
pub const GROUPED_WITHIN: i64 = 5 * Time::MINUTE;

/// One line of the transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A new day begins.
    Day(Day),
    /// "New since you left".
    New,
    /// In a thread, between what it began with and the replies.
    Replies,
    /// A message.
    Message(MessageId),
}

/// A line and whether it stands under the header of the one above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What stands there; also its key, no two are equal.
    pub item: Item,
    /// Whether the author and picture are left out.
    pub grouped: bool,
}

/// The lines of a timeline from top to bottom. `read` is where the divider stands: below the message of that
/// position. `local` moves a time into the person's zone.
pub fn layout(timeline: &Timeline, read: Option<i64>, local: impl Fn(Time) -> Time) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut day: Option<Day> = None;
    let mut above: Option<(PersonId, Time)> = None;
    let mut divider = read;
    for id in timeline.order() {
        let Some(row) = timeline.row(id) else { continue };
        let (author, time, position, plain) = match &row.state {
            RowState::Stored(message) => {
                // A tombstone and a line of the server show no author: nothing can stand under their header.
                let plain = message.kind != MessageKind::System && !message.is_deleted();
                (message.author.id, message.created_at, timeline.at(message), plain)
            }
            RowState::Pending { author, written_at, .. } | RowState::Failed { author, written_at, .. } => {
                (author.id, *written_at, None, true)
            }
        };
        let today = Day::of(local(time));
        // A clock that was put back never brings back an earlier day: its divider would stand twice.
        if day.is_none_or(|day| day < today) {
            day = Some(today);
            above = None;
            lines.push(Line { item: Item::Day(today), grouped: false });
        }
        if let (Some(read), Some(position)) = (divider, position)
            && position > read
        {
            divider = None;
            // At the top of a window that has more above, nobody knows whether this is the first new one.
            if position == read + 1 || !timeline.older {
                above = None;
                lines.push(Line { item: Item::New, grouped: false });
            }
        }
        let grouped =
            plain && above.is_some_and(|(who, when)| who == author && (0..GROUPED_WITHIN).contains(&time.since(when)));
        // A group is as old as its latest message: a conversation of short lines stays together.
        above = plain.then_some((author, time));
        lines.push(Line { item: Item::Message(id), grouped });
        if timeline.root().is_some_and(|root| root.id == id) {
            above = None;
            lines.push(Line { item: Item::Replies, grouped: false });
        }
    }
    lines
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
