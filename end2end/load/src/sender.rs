use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use thunderline::domain::{ChannelId, command::Posted};
use tokio::time::{Instant, sleep};

use crate::{
    board::Board,
    client::{CallError, Client},
    texts::Texts,
};

/// How long a post is tried again while the server is away.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_millis(10);

/// What all senders of a scenario share.
#[derive(Debug)]
pub struct Script {
    /// Where posts are written down.
    pub board: Arc<Board>,
    /// What is said.
    pub texts: Mutex<Texts>,
    /// How many watch each channel.
    pub audience: u32,
    /// The size of each body in bytes; as people write when `None`.
    pub bytes: Option<usize>,
}

/// Somebody who posts, on a connection of their own.
#[derive(Debug)]
pub struct Sender {
    client: Client,
    author: usize,
    script: Arc<Script>,
}

impl Sender {
    /// `author` is the number of the person whose session `client` holds.
    pub fn new(client: &Client, author: usize, script: &Arc<Script>) -> Self {
        Self { client: client.again(), author, script: script.clone() }
    }

    /// Posts one message that was meant to be sent at `intended`, and waits for the answer. While the server is away the
    /// same post, with the same id, is sent again, as every client does. Answers whether it was acknowledged.
    pub async fn post(&mut self, channel: ChannelId, intended: Instant) -> bool {
        let script = &self.script;
        let (number, id, body) = script.board.draft(channel, self.author, intended, script.audience, |word| {
            let mut texts = script.texts.lock().unwrap_or_else(PoisonError::into_inner);
            match script.bytes {
                Some(bytes) => texts.body_of(word, bytes),
                None => texts.body(word),
            }
        });
        let (id, channel) = (id.to_string(), channel.to_string());
        let fields = [("id", id.as_str()), ("channel", channel.as_str()), ("body", body.as_str())];
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.client.call::<Posted>("post_message", &fields).await {
                Ok(posted) => {
                    script.board.acknowledge(number, posted.seq, posted.message.position.unwrap_or_default());
                    return true;
                }
                Err(error) if error.passes() && Instant::now() < deadline => sleep(AGAIN).await,
                Err(error) => {
                    script.board.refuse(why(&error));
                    return false;
                }
            }
        }
    }
}

fn why(error: &CallError) -> String {
    error.to_string()
}
