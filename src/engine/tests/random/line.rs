//! The server's end of a tab's socket: what `server/src/socket` does between the hub and the engine, without the socket.

use std::{
    collections::BTreeMap,
    task::{Context, Poll, Waker},
};

use crate::{
    domain::{
        Actor, Error, Seq, Topic,
        feed::{ClientFrame, EndReason, ServerFrame},
        query::{Admit, CatchUp, ChannelHead, ListCommunities, Missed, ReadHeads},
    },
    engine::Engine,
    hub::{Attendance, Turn},
};

/// A live connection.
#[derive(Debug)]
pub struct Line {
    engine: Engine,
    actor: Actor,
    attendance: Attendance,
}

impl Line {
    /// Opens a line and answers its `hello`.
    pub async fn open(engine: &Engine, actor: &Actor, cursors: &BTreeMap<Topic, Seq>) -> (Self, Vec<ServerFrame>) {
        let person = actor.id().expect("a tab is somebody's");
        let attendance = engine.hub().connect(person, None).expect("the engine runs");
        let line = Self { engine: engine.clone(), actor: actor.clone(), attendance };
        let (mut heads, mut refused) = (BTreeMap::new(), Vec::new());
        for topic in cursors.keys().copied() {
            match line.admit(topic).await {
                Ok(head) => drop(heads.insert(topic, head)),
                Err(answer) => refused.push(answer),
            }
        }
        let parts = line.place().await;
        let mut said = vec![ServerFrame::Ready { person, heads: heads.clone() }];
        said.append(&mut refused);
        said.extend(
            parts.iter().filter(|part| !heads.contains_key(&Topic::Channel(part.channel))).map(ServerFrame::from),
        );
        for (topic, head) in heads {
            line.catch_up(topic, cursors.get(&topic).copied(), head, &mut said).await;
        }
        (line, said)
    }

    /// What it says to a frame of the client.
    pub async fn answer(&self, frame: ClientFrame) -> Vec<ServerFrame> {
        let mut said = Vec::new();
        match frame {
            ClientFrame::Watch { topic, cursor } => match self.admit(topic).await {
                Ok(head) => {
                    said.push(ServerFrame::Watching { topic, head });
                    self.catch_up(topic, cursor, head, &mut said).await;
                }
                Err(answer) => said.push(answer),
            },
            ClientFrame::Unwatch { topic } => self.engine.hub().unwatch(&self.attendance, topic),
            other => panic!("no tab of this test says {other:?}"),
        }
        said
    }

    /// What it says next; `None` when nothing waits.
    pub async fn turn(&self) -> Option<Vec<ServerFrame>> {
        let Poll::Ready(turn) = self.attendance.poll_turn(&Context::from_waker(Waker::noop()), true) else {
            return None;
        };
        let mut said = Vec::new();
        match turn {
            Turn::Write(parcel) => {
                let frames = parcel.frames.iter().map(|frame| serde_json::from_slice(frame.text()));
                said.extend(frames.map(|frame| frame.expect("the server writes frames")));
            }
            Turn::Readmit(topics) => {
                for topic in topics {
                    if let Err(error) = self.engine.ask(&self.actor, Admit { topic }).await {
                        said.push(self.refuse(topic, &error));
                    }
                }
                self.place().await;
            }
            Turn::Recheck => {}
            Turn::Leave(farewell) => panic!("nobody ends this line: {farewell:?}"),
        }
        Some(said)
    }

    async fn admit(&self, topic: Topic) -> Result<Seq, ServerFrame> {
        self.engine.hub().watch(&self.attendance, topic).expect("a tab watches three topics");
        let admitted = self.engine.ask(&self.actor, Admit { topic }).await;
        admitted.map(|admission| admission.head).map_err(|error| self.refuse(topic, &error))
    }

    fn refuse(&self, topic: Topic, error: &Error) -> ServerFrame {
        assert!(!matches!(error, Error::Unavailable | Error::Internal { .. }), "{topic}: {error}");
        self.engine.hub().unwatch(&self.attendance, topic);
        ServerFrame::End { topic, reason: EndReason::Lost }
    }

    async fn catch_up(&self, topic: Topic, cursor: Option<Seq>, head: Seq, said: &mut Vec<ServerFrame>) {
        let Some(cursor) = cursor.filter(|cursor| *cursor != head) else {
            return self.attendance.caught_up(topic, head);
        };
        match self.engine.ask(&self.actor, CatchUp { topic, cursor }).await {
            Ok(Missed::Events(events)) => {
                let upto = events.last().map_or(cursor, |last| last.seq);
                said.push(ServerFrame::Batch { events });
                self.attendance.caught_up(topic, upto);
            }
            Ok(Missed::Stale) => {
                self.attendance.lapse(topic);
                said.push(ServerFrame::Stale { topic });
            }
            Err(error) => said.push(self.refuse(topic, &error)),
        }
    }

    async fn place(&self) -> Vec<ChannelHead> {
        let hub = self.engine.hub();
        loop {
            let mark = hub.mark(&self.attendance);
            let directory = self.engine.ask(&self.actor, ListCommunities {}).await.expect("one may list one's own");
            let parts = self.engine.ask(&self.actor, ReadHeads {}).await.expect("one may read one's own heads");
            let communities = directory.mine.iter().map(|community| community.id).collect();
            let channels = parts.iter().map(|part| part.channel).collect();
            if hub.place(&self.attendance, mark, &communities, &channels) {
                return parts;
            }
        }
    }
}
