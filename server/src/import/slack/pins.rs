//! Slack's pins: each channel's record lists them.

use serde_json::Value;
use thunderline::domain::{ChannelId, Time, command::ImportedPin, pin::PINS_PER_CHANNEL};

use super::{channels::Channel, ids::Ids, messages::LAST_SECOND, record, users::People};
use crate::import::{ImportError, Tally, landing::Landing};

/// What is to be pinned in a channel that is here.
#[derive(Debug)]
pub(super) struct Pinned {
    pub channel: ChannelId,
    pub pins: Vec<ImportedPin>,
}

/// The pins of a channel's messages. What else can be pinned in Slack, files and canvases, is counted and left out.
pub(super) fn of(channel: &Channel, ids: Ids, people: &People, tally: &mut Tally) -> Vec<ImportedPin> {
    let records = channel.pins.as_deref().unwrap_or_default();
    let pins: Vec<ImportedPin> = records.iter().filter_map(|record| pin(record, &channel.id, ids, people)).collect();
    tally.pins.read += records.len() as u64;
    tally.leave_out("pins of what is no message", (records.len() - pins.len()) as u64);
    pins
}

fn pin(record: &Value, channel: &str, ids: Ids, people: &People) -> Option<ImportedPin> {
    let text = |field: &str| record.get(field).and_then(Value::as_str);
    if text("type").is_some_and(|kind| kind != "C") {
        return None;
    }
    let at = record::time(text("id")?)?;
    let pinned = record.get("created").and_then(Value::as_i64);
    Some(ImportedPin {
        message: ids.message(channel, at, 0),
        person: text("user").and_then(|user| people.get(user)).map(|known| known.id),
        at: pinned.map_or(at, |seconds| Time::from_micros(seconds.clamp(0, LAST_SECOND) * Time::SECOND)),
    })
}

/// Pins what has been imported.
pub(super) async fn settle(landing: &Landing, all: Vec<Pinned>, tally: &mut Tally) -> Result<(), ImportError> {
    for Pinned { channel, pins } in all.into_iter().filter(|one| !one.pins.is_empty()) {
        let many = pins.len() as u64;
        let (stored, known) = landing.pins(channel, pins).await?;
        tally.pins.stored += stored;
        tally.pins.known += known;
        let left = format!("pins of messages that are not here, or beyond the {PINS_PER_CHANNEL} of a channel");
        tally.leave_out(left, many.saturating_sub(stored + known));
    }
    Ok(())
}
