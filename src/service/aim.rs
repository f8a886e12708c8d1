use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

/// Fields that name what a command or query is aimed at, from narrow to wide. Each is also the word for its kind.
const AIMS: [&str; 10] = [
    "message",
    "rule",
    "custom_role",
    "channel",
    "session",
    "notification",
    "webhook",
    "record",
    "person",
    "community",
];

/// What something that was refused was aimed at, for its audit entry (L01): the narrowest thing that its fields name
/// by id. A refusal often comes before anything was looked up, so there is nothing else to go by.
pub fn aim(asked: &impl Serialize) -> Option<(&'static str, Uuid)> {
    let Ok(Json::Object(fields)) = serde_json::to_value(asked) else { return None };
    let id = |text: &str| Uuid::parse_str(text).ok();
    let named = AIMS.iter().find_map(|aim| Some((*aim, id(fields.get(*aim)?.as_str()?)?)));
    named.or_else(|| {
        // A topic is written `<kind>:<id>`.
        let (kind, topic) = fields.get("topic")?.as_str()?.split_once(':')?;
        Some((AIMS.into_iter().find(|aim| *aim == kind)?, id(topic)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ChannelId, MessageId, Topic,
        command::{EditMessage, PostMessage, SetTopic},
        query::{Admit, ListCommunities, OpenChannel},
    };

    // L01
    #[test]
    fn a_refusal_names_the_narrowest_thing_it_was_aimed_at() {
        let (channel, message) = (ChannelId::fresh(), MessageId::fresh());
        let post = PostMessage { id: message, channel, body: "x".to_owned(), reply_to: None, expires_in: None };
        assert_eq!(aim(&post), Some(("channel", channel.into())));
        assert_eq!(
            aim(&EditMessage { message, body: String::new(), version: None, reason: None }),
            Some(("message", message.into()))
        );
        assert_eq!(aim(&Admit { topic: Topic::Channel(channel) }), Some(("channel", channel.into())));
        assert_eq!(aim(&SetTopic { channel, topic: "person:x".to_owned() }), Some(("channel", channel.into())));
        let open = OpenChannel {
            community: "acme".to_owned(),
            channel: "general".to_owned(),
            at: None,
            before: None,
            after: None,
        };
        assert_eq!(aim(&open), None, "an address is not an id");
        assert_eq!(aim(&ListCommunities {}), None);
    }
}
