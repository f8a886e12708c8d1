//! Messages.

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::{ChannelId, Message, MessageId, Seq};

/// Which part of a channel's history (M25).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "span", rename_all = "snake_case")]
pub enum Span {
    /// The latest page.
    Latest,
    /// The page that ends before this position.
    Before {
        /// Not part of the page.
        #[serde(deserialize_with = "number")]
        position: i64,
    },
    /// The page that begins after this position.
    After {
        /// Not part of the page.
        #[serde(deserialize_with = "number")]
        position: i64,
    },
    /// The page around this message: a permalink.
    Around {
        /// In the middle of the page.
        message: MessageId,
    },
}

/// A number, or the text of one: a tagged enum is read before it is known which fields are numbers, and a form holds
/// only text.
fn number<'de, D: Deserializer<'de>>(source: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Number(i64),
        Text(String),
    }
    match Number::deserialize(source)? {
        Number::Number(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// A page of a channel's history. Answers [`Page`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListMessages {
    /// Which channel.
    pub channel: ChannelId,
    /// Which part.
    pub span: Span,
}

/// At most [`PAGE`](crate::domain::message::PAGE) messages, oldest first, without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether older ones exist.
    pub older: bool,
    /// Whether newer ones exist.
    pub newer: bool,
    /// The channel topic's latest event, read in the same snapshot.
    pub cursor: Seq,
}

/// The Markdown of a message one may edit. Answers [`MessageSource`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadMessageSource {
    /// Which.
    pub message: MessageId,
}

/// A message's Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageSource {
    /// Which.
    pub message: MessageId,
    /// As its author wrote it.
    pub body: String,
    /// Another number after every edit.
    pub version: i64,
}

/// Messages of a channel that hold all these words, newest first, at most 50. Answers a list of [`Message`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindMessages {
    /// Which channel.
    pub channel: ChannelId,
    /// Whole words, parted by spaces.
    pub words: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_can_ask_for_a_page_before_a_position() {
        for text in [r#"{"span":"before","position":"7"}"#, r#"{"span":"before","position":7}"#] {
            assert_eq!(serde_json::from_str::<Span>(text).unwrap(), Span::Before { position: 7 });
        }
        assert!(serde_json::from_str::<Span>(r#"{"span":"before","position":"seven"}"#).is_err());
    }
}
