//! The product's own server, posted to over HTTP.

use std::{
    collections::HashMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use load::{
    client::{CallError, Client},
    failure::Result,
    server::{Launch, Server},
    stage::Stage,
};
use thunderline::domain::{
    ChannelId, MessageId,
    command::Posted,
    query::{ListMessages, Page, Span},
};

use crate::ground::Ground;

/// Takes posts, and remembers which were acknowledged.
#[derive(Debug)]
pub struct Board {
    /// The server and its people.
    pub stage: Stage,
    channel: ChannelId,
    poster: Client,
    /// Each acknowledged post and its place.
    acknowledged: HashMap<MessageId, i64>,
    refused: Vec<MessageId>,
    number: u64,
}

/// How to start the server on data in `folder`.
pub fn launch(ground: &Ground, folder: PathBuf, environment: Vec<(&'static str, OsString)>) -> Result<Launch> {
    let binary = ground.place().binary.clone();
    let binary = binary.ok_or("say which server: --binary <file> or THUNDERLINE_BINARY; `make run` builds it")?;
    let (listen, database) = ("127.0.0.1:0".to_owned(), None);
    Ok(Launch { binary, folder, listen, database, pinned: false, environment })
}

impl Board {
    /// A community with one channel on a server that has just started.
    pub async fn set(server: Server, seed: u64) -> Result<Self> {
        let mut stage = Stage::set(server, 1, seed).await?;
        let channel = stage.room(1).await?.id;
        let poster = stage.people[0].again();
        Ok(Self { stage, channel, poster, acknowledged: HashMap::new(), refused: Vec::new(), number: 0 })
    }

    /// Posts once; nothing is tried again.
    pub async fn post(&mut self) -> Result<(), CallError> {
        self.number += 1;
        let (id, channel, body) =
            (MessageId::fresh(), self.channel.to_string(), format!("post {} {}", self.number, "x".repeat(1_000)));
        let fields = [("id", id.to_string()), ("channel", channel), ("body", body)];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        match self.poster.call::<Posted>("post_message", &fields).await {
            Ok(posted) => {
                self.acknowledged.insert(id, posted.message.position.unwrap_or_default());
                Ok(())
            }
            Err(cause) => {
                self.refused.push(id);
                Err(cause)
            }
        }
    }

    /// Reads the latest page; answers how many messages it has.
    pub async fn read(&mut self) -> Result<usize> {
        Ok(self.stage.latest(self.channel).await?.messages.len())
    }

    /// How many posts were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.len() as u64
    }

    /// Goes on with the server that was started anew at the same address.
    pub fn goes_on(&mut self, server: Server) {
        self.stage.server = Some(server);
        self.poster = self.poster.again();
        self.stage.people[0] = self.stage.people[0].again();
    }

    /// Walks the channel; answers how many acknowledged posts are not in their place, how many gaps there are, and how
    /// many posts are there that were refused.
    pub async fn audit(&mut self) -> Result<(u64, u64, u64)> {
        let (mut places, mut last, mut gaps) = (HashMap::new(), 0, 0);
        loop {
            let wanted = ListMessages { channel: self.channel, span: Span::After { position: last } };
            let page: Page = self.poster.ask("list_messages", &wanted).await?;
            for message in &page.messages {
                let position = message.position.unwrap_or_default();
                gaps += u64::from(position != last + 1);
                last = position;
                places.insert(message.id, position);
            }
            if !page.newer || page.messages.is_empty() {
                break;
            }
        }
        let missing = self.acknowledged.iter().filter(|(id, place)| places.get(id) != Some(place)).count();
        let kept = self.refused.iter().filter(|id| places.contains_key(id)).count();
        Ok((missing as u64, gaps, kept as u64))
    }
}

/// The server's log, to say what it said.
pub fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("server.log")).unwrap_or_default()
}
