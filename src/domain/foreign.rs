//! Events that others bring, over the bridge or the API, and what they must be (E03).

use std::borrow::Cow;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{
    error::FieldError,
    id::{CorrelationId, EventId},
    lane::{Lane, Priority},
    named::named,
    trace::TraceParent,
};

named! {
    /// What becomes of a foreign event that is not as it must be.
    ForeignMode {
        /// It is taken all the same, and logged; what of it cannot be read is left out.
        Warn = "warn",
        /// Nothing of its batch is taken, and whoever sent it is told why.
        Reject = "reject",
        /// It is left out, counted, logged and audited (E05).
        Drop = "drop",
    }
}

/// The first words of names that are known here.
pub const FAMILIES: [&str; 22] = [
    "agent",
    "assistant",
    "bridge",
    "channel",
    "community",
    "conversation",
    "feed",
    "history",
    "member",
    "memory",
    "message",
    "notification",
    "participant",
    "presence",
    "profile",
    "reaction",
    "read_mark",
    "role",
    "session",
    "system",
    "thread",
    "webhook",
];
/// The most bytes a payload takes as JSON: 100 KB.
pub const PAYLOAD_BYTES: usize = 100 * 1024;
/// The longest name.
const NAME_LENGTH: usize = 100;
/// The longest name of a part of the product.
const DOMAIN_LENGTH: usize = 60;
/// The longest text of a trace that is looked at: later versions of the standard may add to its 55 letters.
const TRACE_LENGTH: usize = 200;
/// The most events in one batch (E06).
pub const BATCH: usize = 1_000;

/// An event from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignEvent {
    /// Made by its sender: handlers are idempotent by it (Q12). Without it, one is made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<EventId>,
    /// `<family>.<what>`, such as `agent.moved`.
    pub name: String,
    /// Of its payload's shape; 1 is the first.
    pub version: i64,
    /// An object.
    pub payload: Json,
    /// The lane it must take; without it the routing rule decides (E04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<Lane>,
    /// The part of the product it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_domain: Option<String>,
    /// The part of the product it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_domain: Option<String>,
    /// How urgent it is; ordinary without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The W3C `traceparent` it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

/// An event as it was brought: whatever stands in its place, one that cannot be read has faults like any other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Brought {
    /// Each of its fields holds what it should.
    Read(ForeignEvent),
    /// Something else.
    Unread(Json),
}

impl From<ForeignEvent> for Brought {
    fn from(event: ForeignEvent) -> Self {
        Self::Read(event)
    }
}

impl Brought {
    /// The event, and what is wrong with it as the `place`th of its batch. What cannot be read is left out of it.
    pub fn read(&self, place: usize) -> (Cow<'_, ForeignEvent>, Vec<FieldError>) {
        match self {
            Self::Read(event) => (Cow::Borrowed(event), event.faults(place)),
            Self::Unread(json) => {
                let (event, faults) = ForeignEvent::misread(json, place);
                (Cow::Owned(event), faults)
            }
        }
    }
}

/// Reads the fields of an event one by one.
struct Fields<'j> {
    json: &'j Json,
    place: usize,
    faults: Vec<FieldError>,
}

impl Fields<'_> {
    fn wrong(&mut self, field: &str, message: &str) {
        let field = format!("events.{}{}{field}", self.place, if field.is_empty() { "" } else { "." });
        self.faults.push(FieldError { field, message: message.to_owned() });
    }

    /// A field that may be missing.
    fn perhaps<T: DeserializeOwned>(&mut self, field: &str, shape: &str) -> Option<T> {
        let value = self.json.get(field).filter(|value| !value.is_null())?;
        let read = serde_json::from_value(value.clone()).ok();
        if read.is_none() {
            self.wrong(field, shape);
        }
        read
    }

    /// A field that may not.
    fn surely<T: DeserializeOwned + Default>(&mut self, field: &str, shape: &str) -> T {
        if self.json.get(field).is_none() {
            self.wrong(field, "is missing");
            return T::default();
        }
        let before = self.faults.len();
        let read = self.perhaps(field, shape);
        if read.is_none() && self.faults.len() == before {
            self.wrong(field, shape);
        }
        read.unwrap_or_default()
    }
}

impl ForeignEvent {
    /// What can be read of something that is no event as it should be, and all that is wrong with it.
    fn misread(json: &Json, place: usize) -> (Self, Vec<FieldError>) {
        let mut fields = Fields { json, place, faults: Vec::new() };
        if !json.is_object() {
            fields.wrong("", "must be an object");
        }
        let event = Self {
            id: fields.perhaps("id", "must be a UUID"),
            name: fields.surely("name", "must be a text"),
            version: fields.surely("version", "must be a whole number"),
            payload: fields.surely("payload", "must be an object"),
            lane: fields.perhaps("lane", "must be one of: realtime, cross_domain, general"),
            from_domain: fields.perhaps("from_domain", "must be a text"),
            to_domain: fields.perhaps("to_domain", "must be a text"),
            priority: fields.perhaps("priority", "must be one of: critical, high, normal, low"),
            trace: fields.perhaps("trace", "must be a text"),
        };
        let mut faults = fields.faults;
        // Where the whole is none, its parts need not be named.
        if json.is_object() {
            let known: Vec<String> = faults.iter().map(|fault| fault.field.clone()).collect();
            faults.extend(event.faults(place).into_iter().filter(|fault| !known.contains(&fault.field)));
        } else {
            faults.truncate(1);
        }
        (event, faults)
    }

    /// What is wrong with it, field by field, as the `place`th of its batch; empty when nothing is.
    pub fn faults(&self, place: usize) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, message: String| {
            faults.push(FieldError { field: format!("events.{place}.{field}"), message });
        };
        if let Some(message) = misnamed(&self.name) {
            wrong("name", message);
        }
        if self.version < 1 {
            wrong("version", "must be 1 or more".to_owned());
        }
        if !self.payload.is_object() {
            wrong("payload", "must be an object".to_owned());
        } else if self.payload.to_string().len() > PAYLOAD_BYTES {
            wrong("payload", format!("must be at most {PAYLOAD_BYTES} bytes"));
        }
        for (field, text) in [("from_domain", &self.from_domain), ("to_domain", &self.to_domain)] {
            if text.as_deref().is_some_and(|text| !is_domain(text)) {
                let shape = "must be words a-z, 0-9 and _ with dots between";
                wrong(field, format!("{shape}, at most {DOMAIN_LENGTH} letters"));
            }
        }
        if self.trace.is_some() && self.follows().is_none() {
            wrong("trace", "must be a traceparent as W3C writes it".to_owned());
        }
        faults
    }

    /// The part of the product it comes from, if that can be read.
    pub fn origin(&self) -> Option<&str> {
        self.from_domain.as_deref().filter(|text| is_domain(text))
    }

    /// The part of the product it is for, if that can be read.
    pub fn destination(&self) -> Option<&str> {
        self.to_domain.as_deref().filter(|text| is_domain(text))
    }

    /// The trace it belongs to, if that can be read.
    pub fn follows(&self) -> Option<TraceParent> {
        self.trace.as_deref().filter(|text| text.len() <= TRACE_LENGTH)?.parse().ok()
    }

    /// Where it goes (E04).
    pub fn route(&self) -> Lane {
        Lane::route(self.lane, &self.name, self.destination(), self.urgency())
    }

    /// How urgent it is.
    pub fn urgency(&self) -> Priority {
        self.priority.unwrap_or(Priority::Normal)
    }
}

/// The correlation of a batch: a UUID of version 7, or what is wrong with it.
pub fn correlation(text: &str) -> Result<CorrelationId, FieldError> {
    let wrong = || FieldError { field: "correlation".to_owned(), message: "must be a UUID of version 7".to_owned() };
    let id: uuid::Uuid = text.parse().map_err(|_| wrong())?;
    if id.get_version_num() == 7 { Ok(id.into()) } else { Err(wrong()) }
}

fn is_word(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_domain(text: &str) -> bool {
    text.len() <= DOMAIN_LENGTH && text.split('.').all(is_word)
}

fn misnamed(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    if parts.len() < 2 || !parts.iter().all(|part| is_word(part)) {
        return Some("must be words a-z, 0-9 and _ with dots between, two at least".to_owned());
    }
    if name.len() > NAME_LENGTH {
        return Some(format!("must be at most {NAME_LENGTH} letters"));
    }
    let unknown = !FAMILIES.contains(&parts[0]);
    unknown.then(|| format!("must begin with a known family: {}", FAMILIES.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event() -> ForeignEvent {
        serde_json::from_value(json!({ "name": "agent.moved", "version": 1, "payload": { "to": "x" } })).unwrap()
    }

    fn wrong(event: &ForeignEvent) -> Vec<String> {
        event.faults(3).into_iter().map(|fault| fault.field).collect()
    }

    // E03
    #[test]
    fn a_good_event_has_no_faults() {
        assert_eq!(event().faults(0), []);
        assert_eq!(wrong(&ForeignEvent { name: "read_mark.moved.twice".to_owned(), ..event() }), [""; 0]);
    }

    // E03
    #[test]
    fn each_fault_names_its_field() {
        for name in ["agent", "", "agent.", ".moved", "Agent.moved", "agent.mo ved", "planet.moved", "agent..moved"] {
            assert_eq!(wrong(&ForeignEvent { name: name.to_owned(), ..event() }), ["events.3.name"], "{name}");
        }
        assert_eq!(wrong(&ForeignEvent { version: 0, ..event() }), ["events.3.version"]);
        assert_eq!(wrong(&ForeignEvent { payload: json!([1]), ..event() }), ["events.3.payload"]);
        let all = ForeignEvent { name: "x".to_owned(), version: -1, payload: Json::Null, ..event() };
        assert_eq!(wrong(&all), ["events.3.name", "events.3.version", "events.3.payload"]);
    }

    // E03
    #[test]
    fn what_cannot_be_read_has_faults_like_any_other_event() {
        let read = |json: Json| {
            let brought: Brought = serde_json::from_value(json).unwrap();
            let (event, faults) = brought.read(3);
            (event.into_owned(), faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>())
        };
        let good = json!({ "name": "agent.moved", "version": 1, "payload": { "to": "x" } });
        assert_eq!(read(good.clone()), (event(), vec![]));
        for (field, value) in [
            ("id", json!("7")),
            ("name", json!(7)),
            ("name", Json::Null),
            ("version", json!("1")),
            ("version", json!(1.5)),
            ("payload", Json::Null),
            ("lane", json!("slow")),
            ("from_domain", json!(7)),
            ("to_domain", json!([])),
            ("priority", json!("very")),
            ("trace", json!(false)),
        ] {
            let mut bad = good.clone();
            bad[field] = value.clone();
            let (left, faults) = read(bad);
            assert_eq!(faults, [format!("events.3.{field}")], "{value}");
            assert!(field == "name" || left.name == "agent.moved", "the rest is read: {left:?}");
        }
        assert_eq!(read(json!({ "version": "x" })).1, ["events.3.name", "events.3.version", "events.3.payload"]);
        for nothing in [json!(7), json!([]), Json::Null, json!("agent.moved")] {
            assert_eq!(read(nothing).1, ["events.3"]);
        }
    }

    // E03, B03
    #[test]
    fn a_trace_and_the_domains_are_parsed_and_bounded() {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let good = ForeignEvent {
            from_domain: Some("bridge".to_owned()),
            to_domain: Some("assistant.memory_2".to_owned()),
            trace: Some(trace.to_owned()),
            ..event()
        };
        assert_eq!(wrong(&good), [""; 0]);
        assert_eq!((good.origin(), good.destination()), (Some("bridge"), Some("assistant.memory_2")));
        assert_eq!(good.follows().map(|trace| trace.to_string()).as_deref(), Some(trace));
        let long = "x".repeat(DOMAIN_LENGTH + 1);
        for bad in ["", "Bridge", "a b", "a..b", ".a", "a-b", "é", &long] {
            let from = ForeignEvent { from_domain: Some(bad.to_owned()), ..event() };
            assert_eq!((wrong(&from), from.origin()), (vec!["events.3.from_domain".to_owned()], None), "{bad}");
            let to = ForeignEvent { to_domain: Some(bad.to_owned()), ..event() };
            assert_eq!((wrong(&to), to.destination()), (vec!["events.3.to_domain".to_owned()], None), "{bad}");
            assert_eq!(to.route(), Lane::General, "an unreadable destination is none");
        }
        let long = format!("01-{}-{}", &trace[3..], "x".repeat(TRACE_LENGTH));
        for bad in ["", "x", &trace[1..], &trace.to_uppercase(), &long] {
            let event = ForeignEvent { trace: Some(bad.to_owned()), ..event() };
            assert_eq!((wrong(&event), event.follows()), (vec!["events.3.trace".to_owned()], None), "{bad}");
        }
    }

    // E03
    #[test]
    fn a_payload_may_be_a_hundred_kilobytes_and_no_more() {
        let of = |bytes: usize| ForeignEvent { payload: json!({ "a": "x".repeat(bytes - 8) }), ..event() };
        assert_eq!(wrong(&of(PAYLOAD_BYTES)), [""; 0]);
        assert_eq!(wrong(&of(PAYLOAD_BYTES + 1)), ["events.3.payload"]);
    }

    // E03
    #[test]
    fn a_correlation_is_a_uuid_of_version_7() {
        let good = CorrelationId::fresh();
        assert_eq!(correlation(&good.to_string()), Ok(good));
        for bad in ["", "7", "936da01f-9abd-4d9d-80c7-02af85c822a8"] {
            assert_eq!(correlation(bad).unwrap_err().field, "correlation", "{bad}");
        }
    }
}
