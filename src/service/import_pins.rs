//! Pins from elsewhere (O06, C09).

use serde_json::json;

use super::{Command, Outcome, Tools, Work, channel::ChannelScope, import::within_batch};
use crate::{
    domain::{Action, Actor, Event, PersonId, Result, Topic, command::ImportPins, pin::PINS_PER_CHANNEL},
    store::{Conn, Shard, channels, people, pins},
};

impl Command for ImportPins {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = u64;
    const ACTION: Action = Action::Import;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        within_batch("pins", self.pins.len())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: ChannelScope, (): ()) -> Outcome<u64> {
        work.about("channel", self.channel);
        channels::hold(work.conn, work.grant, self.channel).await?;
        let mut room = PINS_PER_CHANNEL - pins::count(work.conn, self.channel).await?;
        let mut new = 0;
        let mut pins = self.pins;
        // Where there is not room for all, the latest are kept.
        pins.sort_by_key(|pin| std::cmp::Reverse(pin.at));
        for pin in pins {
            if room <= 0 {
                break;
            }
            let known = match pin.person {
                Some(id) => people::find(work.conn, id).await?.map(|person| person.id),
                None => None,
            };
            let person = known.unwrap_or(PersonId::SYSTEM);
            if pins::add(work.conn, work.grant, pin.message, self.channel, person, pin.at).await? {
                let pinned = Event::MessagePinned { message: pin.message, person };
                work.emit(Topic::Channel(self.channel), pinned).await?;
                (room, new) = (room - 1, new + 1);
            }
        }
        work.note(json!({ "pins": new }));
        Ok(new)
    }
}
