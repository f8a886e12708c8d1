//! What a person wrote, checked and rendered, with whom it names (M02, M06, M32).

use super::{Tools, markdown, search};
use crate::{
    domain::{ChannelId, Error, MessageId, PersonId, Result, message::MENTIONS, text::MessageBody},
    store::{
        StoreError,
        mentions::{self, Nameable},
        messages,
        search::Words,
    },
};

/// The most words behind an `@` that are looked up: each name may be there with and without a full stop.
const CANDIDATES: usize = 2 * MENTIONS;

/// A body, checked and rendered.
#[derive(Clone)]
pub struct Rendered {
    pub(super) body: MessageBody,
    pub(super) html: String,
    /// Whom it names.
    pub(super) people: Vec<PersonId>,
    /// What it is found by.
    pub(super) words: Words,
}

/// Where a body is to stand; it tells whom it can name.
#[derive(Clone, Copy)]
pub(super) enum Where {
    /// In this channel.
    Channel(ChannelId),
    /// In place of this message's.
    Message(MessageId),
}

impl Rendered {
    /// Checks and renders a body that names nobody; an error names `body`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let body = MessageBody::parse("body", text)?;
        let html = markdown::render(body.as_str());
        let words = search::words(body.as_str(), &html);
        Ok(Self { body, html, people: Vec::new(), words })
    }

    /// Checks and renders a body that may name people and has something to be seen; an error names `body`. Whom it names is looked up before the
    /// transaction: whether they may be told is asked again when they are told.
    pub(super) async fn naming(text: &str, tools: &Tools, place: Where) -> Result<Self> {
        let body = MessageBody::parse("body", text)?;
        let mut candidates = markdown::candidates(body.as_str());
        candidates.truncate(CANDIDATES);
        let mut known = if candidates.is_empty() { Vec::new() } else { nameable(tools, place, &candidates).await? };
        known.sort_by_key(|person| candidates.iter().position(|candidate| *candidate == person.handle));
        known.truncate(MENTIONS);
        let names: Vec<&str> = known.iter().map(|person| person.handle.as_str()).collect();
        let html = markdown::render_naming(body.as_str(), &names);
        if !markdown::is_visible(&html) {
            return Err(Error::invalid("body", "must not be empty: nothing of this would be seen"));
        }
        let words = search::words(body.as_str(), &html);
        Ok(Self { body, html, people: known.iter().map(|person| person.id).collect(), words })
    }

    pub(super) fn body(&self) -> &str {
        self.body.as_str()
    }

    pub(super) fn html(&self) -> &str {
        &self.html
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }
}

async fn nameable(tools: &Tools, place: Where, candidates: &[String]) -> Result<Vec<Nameable>> {
    let handles = candidates.to_vec();
    let found = tools.store.read::<_, StoreError, _>(move |conn| {
        Box::pin(async move {
            let channel = match place {
                Where::Channel(id) => Some(id),
                Where::Message(id) => messages::place(conn, id).await?.map(|place| place.channel),
            };
            match channel {
                Some(channel) => mentions::nameable(conn, channel, handles).await,
                // The command will say that there is no such message.
                None => Ok(Vec::new()),
            }
        })
    });
    found.await.map_err(|cause| {
        tracing::warn!(%cause, "whom a message names could not be looked up");
        Error::Unavailable
    })
}
