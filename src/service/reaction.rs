//! Reactions (M14–M16).

use std::collections::HashMap;

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    message::{MessageScope, channel_of},
    viewer,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, Event, Message, MessageId, Reaction, Result, Topic,
        command::{AddReaction, RemoveReaction},
        message::MessageStatus,
        query::ListReactions,
        reaction::{EMOJI_PER_MESSAGE, PEOPLE_NAMED, Reacted, Reactor, Reactors},
    },
    store::{
        Conn, Shard, channels,
        reactions::{self, Stand},
    },
};

/// The emoji that is meant, and the channel whose writer has to put it there.
type Meant = (&'static str, Option<ChannelId>);

/// An emoji by itself or by its short name, as in `:tada:`, in the one form that is stored; an error names `emoji`.
pub fn emoji(text: &str) -> Result<&'static str> {
    let text = text.trim();
    let named = text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    let found = named.map_or_else(|| emojis::get(text), emojis::get_by_shortcode);
    found
        .map(emojis::Emoji::as_str)
        .ok_or_else(|| Error::invalid("emoji", "must be an emoji, or its name as in :tada:"))
}

async fn meant(text: &str, message: MessageId, tools: &Tools) -> Result<Meant> {
    Ok((emoji(text)?, channel_of(tools, message).await?))
}

/// How the actor and the emoji stand to a message whose channel nobody else changes until the transaction ends.
async fn stand<C>(work: &mut Work<'_, '_, C>, scope: &MessageScope, emoji: &str) -> Outcome<Stand> {
    let person = work.person()?.id;
    channels::hold(work.conn, work.grant, scope.place.channel).await?;
    let stand = reactions::stand(work.conn, scope.place.id, emoji, person).await?.ok_or(Error::NotFound)?;
    if stand.status == MessageStatus::Deleted {
        return Err(Error::conflict("This message was deleted.").into());
    }
    Ok(stand)
}

/// Puts the actor's emoji on a message, or takes it away. Where it is so already nothing changes.
async fn react<C>(work: &mut Work<'_, '_, C>, scope: &MessageScope, emoji: &str, on: bool) -> Outcome<()> {
    let (message, channel) = (scope.place.id, scope.place.channel);
    work.about("message", message);
    if on && !scope.standing.reactions {
        return Err(Error::conflict("Reactions are off in this channel. Those that are there stay.").into());
    }
    let stand = stand(work, scope, emoji).await?;
    let what = if on { "repeated" } else { "removed" };
    work.note(json!({ "channel": channel, "emoji": emoji, what: stand.mine }));
    if stand.mine == on {
        return Ok(());
    }
    if on && !stand.borne && stand.emoji >= EMOJI_PER_MESSAGE {
        let full = format!("is one too many: a message bears at most {EMOJI_PER_MESSAGE} different ones");
        return Err(Error::invalid("emoji", full).into());
    }
    let person = work.person()?.id;
    let now = if on {
        reactions::add(work.conn, work.grant, message, emoji, person, work.now).await?
    } else {
        reactions::remove(work.conn, work.grant, message, emoji, person).await?
    };
    let reacted = Reacted { message, person, emoji: emoji.to_owned(), place: now.place, count: now.count };
    let event = if on { Event::ReactionAdded { reacted } } else { Event::ReactionRemoved { reacted } };
    work.emit(Topic::Channel(channel), event).await.map(drop)
}

/// A command about one emoji on one message: whether the actor's is to be there.
macro_rules! reaction_command {
    ($command:ident, $on:literal) => {
        impl Command for $command {
            type Prepared = Meant;
            type Scope = MessageScope;
            type Output = ();
            const ACTION: Action = Action::React;

            fn shard(&self) -> Shard {
                Shard::of(self.message.into())
            }

            fn shard_after(&self, (_, channel): &Meant) -> Shard {
                channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
            }

            async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Meant> {
                meant(&self.emoji, self.message, tools).await
            }

            async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MessageScope> {
                MessageScope::load(conn, actor, self.message).await
            }

            async fn run(self, work: &mut Work<'_, '_, Self>, scope: MessageScope, (emoji, _): Meant) -> Outcome<()> {
                react(work, &scope, emoji, $on).await
            }
        }
    };
}

reaction_command!(AddReaction, true);
reaction_command!(RemoveReaction, false);

/// Gives messages their reactions, as the asker sees them.
pub(super) async fn dress(asking: &mut Asking<'_, '_>, messages: &mut [Message]) -> Outcome<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let ids = messages.iter().map(|message| message.id).collect();
    let mut borne: HashMap<MessageId, Vec<Reaction>> = HashMap::new();
    for (message, reaction) in reactions::of_messages(asking.conn, viewer(asking.actor), ids).await? {
        borne.entry(message).or_default().push(reaction);
    }
    for message in messages {
        message.reactions = borne.remove(&message.id).unwrap_or_default();
    }
    Ok(())
}

impl Query for ListReactions {
    type Scope = MessageScope;
    type Output = Vec<Reactors>;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<MessageScope> {
        MessageScope::load(asking.conn, asking.actor, self.message).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: MessageScope) -> Outcome<Vec<Reactors>> {
        let mut all = Vec::new();
        for (_, reaction) in reactions::of_messages(asking.conn, viewer(asking.actor), vec![self.message]).await? {
            let rows = reactions::people(asking.conn, self.message, &reaction.emoji, PEOPLE_NAMED).await?;
            let people = rows.iter().map(|row| Reactor { person: row.summary(), at: row.created_at }).collect();
            all.push(Reactors { emoji: reaction.emoji, count: reaction.count, people });
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // M14
    #[test]
    fn an_emoji_has_one_form_however_it_is_written() {
        assert_eq!(emoji("👍"), Ok("👍"));
        assert_eq!(emoji(" :tada: "), Ok("🎉"));
        assert_eq!(emoji("❤"), emoji("❤\u{fe0f}"), "with and without the mark of an emoji");
        for wrong in ["", "x", ":no such thing:", "👍👍", "<b>", "1"] {
            assert!(emoji(wrong).unwrap_err().of_field("emoji").is_some(), "{wrong}");
        }
    }

    // M14: what the client can find is what the server takes.
    #[test]
    fn the_file_of_emoji_lists_them_all() {
        let line = |emoji: &emojis::Emoji| {
            let short: Vec<&str> = emoji.shortcodes().collect();
            format!("{}\t{}\t{}\n", emoji.as_str(), emoji.name(), short.join(" "))
        };
        let listed: String = emojis::iter().map(line).collect();
        let there = std::env::temp_dir().join("emoji.txt");
        let same = listed == include_str!("../../public/emoji.txt");
        if !same {
            std::fs::write(&there, listed).unwrap();
        }
        assert!(same, "public/emoji.txt is not what it should be, which is now in {}", there.display());
    }
}
