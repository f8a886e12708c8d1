//! What a page under `/c` is made of: read by one server function, so that it is in the HTML once and hydrates whole.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::{
    domain::{
        ChannelId, CommunityId, MessageId,
        account::Me,
        query::{ChannelView, CommunityView, Directory, MessageSource},
        reaction::Reactors,
    },
    view::Shell,
};
use uuid::Uuid;

use super::{Fault, Flash};

/// What only some do in a community: for others its page is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Judging what was flagged and what waits.
    Moderation,
    /// Managing webhooks.
    Webhooks,
}

/// Which page under `/c`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The community's address.
    #[serde(default)]
    pub community: Option<String>,
    /// The channel's address.
    #[serde(default)]
    pub channel: Option<String>,
    /// What the community's page is for, where it is not for everybody.
    #[serde(default)]
    pub duty: Option<Duty>,
    /// Around this message.
    #[serde(default)]
    pub at: Option<MessageId>,
    /// The page before this position.
    #[serde(default)]
    pub before: Option<i64>,
    /// The page after this position.
    #[serde(default)]
    pub after: Option<i64>,
    /// With the form to edit this message (without JavaScript).
    #[serde(default)]
    pub edit: Option<MessageId>,
    /// With the form to react to this message (without JavaScript).
    #[serde(default)]
    pub react: Option<MessageId>,
    /// With the form to flag this message (without JavaScript).
    #[serde(default)]
    pub flag: Option<MessageId>,
    /// With the question whether to delete this message (without JavaScript).
    #[serde(default)]
    pub delete: Option<MessageId>,
}

/// What a page under `/c` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The place that was opened.
    pub place: Place,
    /// Who is signed in.
    pub me: Me,
    /// The communities, mine and others.
    pub directory: Directory,
    /// The open community.
    pub community: Option<CommunityView>,
    /// The open channel with a page of its messages.
    pub channel: Option<ChannelView>,
    /// The Markdown of the message to be edited in place.
    pub editing: Option<MessageSource>,
    /// Who put which emoji on the message that is reacted to in place.
    #[serde(default)]
    pub reactors: Vec<Reactors>,
    /// The thread that the link leads into: the message it names stands there alone.
    #[serde(default)]
    pub thread: Option<MessageId>,
    /// An id nobody used yet, for what this page's form will make (a message, a channel or a community): sending the
    /// same page twice makes one.
    pub fresh: Uuid,
    /// What a plain form said when it was refused.
    pub flash: Option<Flash>,
}

impl Opened {
    /// What the client holds around the conversation.
    pub fn shell(&self) -> Shell {
        Shell::new(self.me.person.clone(), self.directory.clone(), self.community.clone())
    }

    /// The open community's id.
    pub fn community_id(&self) -> Option<CommunityId> {
        self.community.as_ref().map(|open| open.community.id)
    }

    /// Whether who asks manages the open community's webhooks.
    #[cfg(feature = "ssr")]
    fn may_manage_webhooks(&self) -> bool {
        self.community.as_ref().is_some_and(|open| open.may.manage_webhooks)
    }

    /// Whether who asks judges what is flagged in the open community.
    #[cfg(feature = "ssr")]
    fn may_judge(&self) -> bool {
        self.community.as_ref().is_some_and(|open| open.flagged.is_some())
    }

    /// The open channel's id.
    pub fn channel_id(&self) -> Option<ChannelId> {
        self.channel.as_ref().map(|open| open.channel.id)
    }

    /// The address of the open community.
    pub fn community_path(&self) -> String {
        self.community.as_ref().map_or_else(|| "/c".to_owned(), |open| format!("/c/{}", open.community.slug))
    }

    /// The address of the open channel, at the present.
    pub fn channel_path(&self) -> String {
        let community = self.community_path();
        self.channel.as_ref().map_or_else(|| community.clone(), |open| format!("{community}/{}", open.channel.slug))
    }
}

/// Reads a page under `/c`: the directory, and the community and channel if the place names them. Each part carries
/// its own topic's cursor.
#[server(endpoint = "open")]
pub async fn open(#[server(default)] place: Place) -> Result<Opened, Fault> {
    use super::context::{actor, answer, ask, flash};
    use thunderline::domain::query;

    let opened = async {
        actor().signed_in()?;
        let me = ask(query::ReadMe {}).await?;
        let directory = ask(query::ListCommunities {}).await?;
        let community = match &place.community {
            Some(slug) => Some(ask(query::OpenCommunity { slug: slug.clone() }).await?),
            None => None,
        };
        let channel = match (&place.community, &place.channel) {
            (Some(community), Some(channel)) => Some(
                ask(query::OpenChannel {
                    community: community.clone(),
                    channel: channel.clone(),
                    at: place.at.or(place.react).or(place.flag).or(place.delete),
                    before: place.before,
                    after: place.after,
                })
                .await?,
            ),
            _ => None,
        };
        let editing = match place.edit {
            // Somebody else's message has no form: the page opens without it.
            Some(message) => ask(query::ReadMessageSource { message }).await.ok(),
            None => None,
        };
        let reactors = match place.react {
            // A message that is not there has no form either.
            Some(message) => ask(query::ListReactions { message }).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let named = place.at.or(place.react).filter(|_| channel.is_some());
        let thread = named.filter(|named| channel.iter().all(|open| open.page.messages.iter().all(|m| m.id != *named)));
        let fresh = MessageId::fresh().into();
        Ok(Opened { place, me, directory, community, channel, editing, reactors, thread, fresh, flash: flash() })
    };
    let mut opened = answer(opened.await)?;
    answer(is_theirs(&opened).await)?;
    lead_on(&opened);
    mark_read(&mut opened).await;
    notice(&mut opened).await;
    if let (Some(community), Some(channel)) = (&opened.community, &opened.channel) {
        super::cookie::remember(&community.community.slug, &channel.channel.slug);
    }
    Ok(opened)
}

/// Refuses a page to those who have no duty there.
#[cfg(feature = "ssr")]
async fn is_theirs(opened: &Opened) -> thunderline::domain::Result<()> {
    use super::context::ask;
    use thunderline::domain::{Error, query::ListWebhooks};

    match (opened.place.duty, opened.community_id()) {
        (Some(Duty::Moderation), _) if !opened.may_judge() => Err(Error::NotFound),
        // They are refused by the action itself, so that it is in the audit log.
        (Some(Duty::Webhooks), Some(community)) if !opened.may_manage_webhooks() => {
            ask(ListWebhooks { community }).await.map(drop).map_err(|_| Error::NotFound)
        }
        _ => Ok(()),
    }
}

/// The channel was asked for by an address it had before: its page is at the one it has now.
#[cfg(feature = "ssr")]
fn lead_on(opened: &Opened) {
    let (Some(asked), Some(view)) = (&opened.place.channel, &opened.channel) else { return };
    let now = &view.channel.slug;
    if asked.eq_ignore_ascii_case(now) {
        return;
    }
    // A document is asked for by its own address; a client that goes from page to page asks for its parts.
    let uri = use_context::<http::request::Parts>().map(|parts| parts.uri).unwrap_or_default();
    let path = super::next::moved(uri.path(), asked, now).map(|path| match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    });
    let at = opened.place.at.map(|message| format!("?at={message}")).unwrap_or_default();
    leptos_axum::redirect(&super::next::local(&path.unwrap_or_else(|| format!("{}{at}", opened.channel_path()))));
}

/// A page that shows the latest messages has been read when it is asked for as a document: a browser without
/// JavaScript says nothing later. The channel's own participation stays as it was, for the mark "new since you left".
#[cfg(feature = "ssr")]
async fn mark_read(opened: &mut Opened) {
    use super::context::{execute, header, is_plain};
    use thunderline::domain::command::MarkRead;

    let prefetched = header(http::HeaderName::from_static("sec-purpose")).is_some();
    let (Some(view), Some(community)) = (&opened.channel, &mut opened.community) else { return };
    if !is_plain() || prefetched || view.page.newer || view.channel.unread() == 0 {
        return;
    }
    let channel = view.channel.id;
    let Some(position) = view.page.messages.last().and_then(|last| last.position) else { return };
    // Reading works also when the mark cannot be moved now.
    if execute(MarkRead { channel, position }).await.is_ok() {
        let mine = community.channels.iter_mut().filter(|known| known.id == channel);
        mine.filter_map(|known| known.participation.as_mut()).for_each(|mine| mine.read = mine.read.max(position));
    }
}

/// Who follows a link to a message has read whatever told them of it.
#[cfg(feature = "ssr")]
async fn notice(opened: &mut Opened) {
    use super::context::{execute, header};
    use thunderline::domain::command::MarkMessageNoticed;

    let prefetched = header(http::HeaderName::from_static("sec-purpose")).is_some();
    let Some(message) = opened.place.at.filter(|_| opened.channel.is_some()) else { return };
    if prefetched || opened.directory.notifications == 0 {
        return;
    }
    // Reading works also when this cannot be noted now.
    if let Ok(unread) = execute(MarkMessageNoticed { message }).await {
        opened.directory.notifications = unread;
    }
}
