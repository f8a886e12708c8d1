use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use thunderline::{
    domain::{
        Actor, Error, Identity, PersonId, Seq, Topic,
        account::SessionToken,
        feed::{ClientFrame, EndReason, ServerFrame, TOPICS_PER_CONNECTION},
        query::{Admit, AdmitTyping, ChannelHead, ListCommunities, ReadHeads},
    },
    engine::Engine,
    hub::{Attendance, Farewell, Frame, Hub, Parcel, Turn},
};
use tokio_tungstenite::tungstenite::{Message, protocol::frame::coding::CloseCode};

use super::{
    catch_up::Admitted,
    line::{Heard, Line, Over},
};
use crate::context::Context;

/// A client that says nothing of itself within this is no client.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How often memberships are read again because they changed while they were read.
const PLACINGS: usize = 5;

/// One live connection: its task reads what the client says and writes what the hub has for it.
pub(super) struct Talk {
    context: Context,
    pub(super) actor: Actor,
    person: PersonId,
    token: SessionToken,
    pub(super) attendance: Attendance,
    pub(super) line: Line,
}

impl Talk {
    /// Waits for `hello`, and answers it. `None` when the line ended.
    pub(super) async fn greet(context: Context, actor: Actor, token: SessionToken, mut line: Line) -> Option<Self> {
        let first = tokio::time::timeout(HELLO_WITHIN, hello(&mut line)).await;
        let Ok(Ok(cursors)) = first else {
            if first.is_err() {
                line.part(CloseCode::Policy, "no hello").await;
            }
            return None;
        };
        let Identity::Person { person, session, .. } = &actor.identity else { return None };
        let (person, session) = (person.id, *session);
        let Some(attendance) = context.engine().hub().connect(person, session) else {
            line.part(CloseCode::Away, "the server stops").await;
            return None;
        };
        attendance.write_through(Box::new(line.outlet()));
        let mut talk = Self { context, actor, person, token, attendance, line };
        // Again, now that the hub would tell: the session may have been ended since the socket was opened.
        if talk.recheck().await.is_err() || talk.welcome(cursors).await.is_err() {
            return None;
        }
        Some(talk)
    }

    /// Talks until one of both ends it.
    pub(super) async fn run(mut self) {
        while self.go_on().await.is_ok() {}
    }

    async fn go_on(&mut self) -> Result<(), Over> {
        tokio::select! {
            turn = self.attendance.turn(self.line.is_clear()) => match turn {
                Turn::Write(parcel) => self.write(parcel).await,
                turn => Box::pin(self.attend(turn)).await,
            },
            () = self.line.stirs() => {
                // The library may write while it reads, but not into the middle of a frame.
                if !self.attendance.hold() {
                    return Ok(());
                }
                match self.line.hear().await? {
                    Some(message) => {
                        self.hub().heard(&self.attendance);
                        Box::pin(self.heed(message)).await
                    }
                    None => Ok(()),
                }
            }
        }
    }

    async fn heed(&mut self, message: Message) -> Result<(), Over> {
        match self.line.understand(message).await? {
            Heard::Frame(frame) => self.answer(frame).await,
            Heard::Nothing => Ok(()),
        }
    }

    async fn write(&mut self, parcel: Parcel) -> Result<(), Over> {
        let mut frames = parcel.frames;
        // After the frames that waited, which are older than what a roster says now.
        frames.extend(parcel.rosters.into_iter().map(|community| self.hub().roster(community)));
        self.line.send(&frames, parcel.begun, parcel.ping).await
    }

    async fn attend(&mut self, turn: Turn) -> Result<(), Over> {
        match turn {
            Turn::Write(parcel) => self.write(parcel).await,
            Turn::Recheck => self.recheck().await,
            Turn::Readmit(topics) => self.readmit(topics).await,
            Turn::Leave(Farewell::SignedOut) => self.sign_out().await,
            Turn::Leave(Farewell::GoingAway) => {
                self.line.part(CloseCode::Away, "the server stops").await;
                Err(Over)
            }
            Turn::Leave(Farewell::Silent) => {
                self.line.part(CloseCode::Policy, "not heard for too long").await;
                Err(Over)
            }
        }
    }

    async fn answer(&mut self, frame: ClientFrame) -> Result<(), Over> {
        match frame {
            ClientFrame::Hello { .. } => self.line.complain(Error::invalid("type", "hello was said before")).await,
            ClientFrame::Watch { topic, cursor } => match self.admit(topic).await {
                Admitted::Yes(head) => {
                    self.line.say(&ServerFrame::Watching { topic, head }).await?;
                    self.catch_up(topic, cursor, head).await
                }
                Admitted::No(answer) => self.line.say(&answer).await,
            },
            ClientFrame::Unwatch { topic } => {
                self.hub().unwatch(&self.attendance, topic);
                Ok(())
            }
            ClientFrame::Typing { channel } => {
                // Who may not post is not shown writing.
                if self.hub().takes_typing(&self.attendance, channel)
                    && self.engine().ask(&self.actor, AdmitTyping { channel }).await.is_ok()
                    && let Identity::Person { person, .. } = &self.actor.identity
                {
                    self.hub().typing(&self.attendance, channel, &person.name);
                }
                Ok(())
            }
            ClientFrame::Presence { state } => {
                self.hub().set_presence(&self.attendance, state);
                Ok(())
            }
            ClientFrame::Ping => self.line.say(&ServerFrame::Pong).await,
        }
    }

    /// Answers `hello`: where each admitted topic stands, what is new elsewhere, then what was missed.
    async fn welcome(&mut self, cursors: BTreeMap<Topic, Seq>) -> Result<(), Over> {
        let mut heads = BTreeMap::new();
        let mut refused = Vec::new();
        for topic in cursors.keys().copied() {
            match self.admit(topic).await {
                Admitted::Yes(head) => {
                    heads.insert(topic, head);
                }
                Admitted::No(answer) => refused.push(Frame::encode(&answer)),
            }
        }
        let parts = self.place().await?;
        let ready = ServerFrame::Ready { person: self.person, heads: heads.clone() };
        let mut frames = vec![Frame::encode(&ready)];
        frames.append(&mut refused);
        let elsewhere = parts.iter().filter(|part| !heads.contains_key(&Topic::Channel(part.channel)));
        frames.extend(elsewhere.map(|part| Frame::encode(&part.into())));
        self.line.send(&frames, 0, false).await?;
        for (topic, head) in heads {
            self.catch_up(topic, cursors.get(&topic).copied(), head).await?;
        }
        Ok(())
    }

    /// Tells the hub where the person takes part.
    async fn place(&mut self) -> Result<Vec<ChannelHead>, Over> {
        for _ in 0..PLACINGS {
            let mark = self.hub().mark(&self.attendance);
            let (Ok(directory), Ok(parts)) = (
                self.engine().ask(&self.actor, ListCommunities {}).await,
                self.engine().ask(&self.actor, ReadHeads {}).await,
            ) else {
                // The client comes back after its pause; by then the engine may answer.
                self.line.part(CloseCode::Again, "the server cannot answer now").await;
                return Err(Over);
            };
            let communities: BTreeSet<_> = directory.mine.iter().map(|community| community.id).collect();
            let channels: BTreeSet<_> = parts.iter().map(|part| part.channel).collect();
            if self.hub().place(&self.attendance, mark, &communities, &channels) {
                return Ok(parts);
            }
        }
        self.line.part(CloseCode::Again, "memberships change too fast").await;
        Err(Over)
    }

    /// Asks again for what is watched, and ends what was lost.
    async fn readmit(&mut self, topics: Vec<Topic>) -> Result<(), Over> {
        let mut lost = Vec::new();
        for topic in topics {
            if let Err(error) = self.engine().ask(&self.actor, Admit { topic }).await {
                lost.push(Frame::encode(&self.refuse(topic, &error)));
            }
        }
        self.place().await?;
        self.line.send(&lost, 0, false).await
    }

    /// Whether the session still stands.
    async fn recheck(&mut self) -> Result<(), Over> {
        match self.engine().identify(&self.token).await {
            Ok(Some(identity)) => {
                self.actor.identity = identity;
                Ok(())
            }
            Ok(None) => self.sign_out().await,
            // The engine cannot tell now; it is asked again in a while.
            Err(_) => Ok(()),
        }
    }

    async fn sign_out(&mut self) -> Result<(), Over> {
        let end = ServerFrame::End { topic: Topic::Person(self.person), reason: EndReason::SignedOut };
        self.line.say(&end).await?;
        self.line.part(CloseCode::Policy, "signed out").await;
        Err(Over)
    }

    pub(super) fn engine(&self) -> &Engine {
        self.context.engine()
    }

    pub(super) fn hub(&self) -> &Hub {
        self.context.engine().hub()
    }
}

/// The cursors of the first frame.
async fn hello(line: &mut Line) -> Result<BTreeMap<Topic, Seq>, Over> {
    loop {
        let message = line.listen().await?;
        match line.understand(message).await? {
            Heard::Nothing => {}
            Heard::Frame(ClientFrame::Hello { cursors }) if cursors.len() > TOPICS_PER_CONNECTION => {
                let problem = format!("must name at most {TOPICS_PER_CONNECTION} topics");
                line.complain(Error::invalid("cursors", problem)).await?;
            }
            Heard::Frame(ClientFrame::Hello { cursors }) => return Ok(cursors),
            Heard::Frame(_) => line.complain(Error::invalid("type", "the first frame must be hello")).await?,
        }
    }
}
