use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use thunderline::domain::{ChannelId, MessageId, Seq};
use tokio::{sync::Notify, time::Instant};

use crate::{
    frame::{FrameReader, Heard},
    latency::Latency,
    tag::Tag,
};

/// A post of this run.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its id, made by us.
    pub id: MessageId,
    /// Where it goes.
    pub channel: ChannelId,
    /// Which of the people says it.
    pub author: usize,
    /// What it says; begins with its unique word.
    pub body: String,
    /// When it was meant to be sent.
    pub intended: Instant,
    /// When it was first sent.
    pub sent: Instant,
    /// The server's answer.
    pub acked: Option<Ack>,
    /// How many watchers there are to hear it.
    audience: u32,
    /// How many did.
    heard: u32,
    /// The place under which watchers heard it.
    heard_as: Option<Seq>,
}

/// The server's answer to a post.
#[derive(Clone, Copy, Debug)]
pub struct Ack {
    /// When it came.
    pub at: Instant,
    /// The event's place in the channel's topic.
    pub seq: Seq,
    /// The message's place in the channel.
    pub position: i64,
}

/// Everything posted and heard in one scenario, shared by senders and watchers.
#[derive(Debug)]
pub struct Board {
    reader: FrameReader,
    tag: Tag,
    posts: Mutex<Vec<Post>>,
    times: Mutex<Times>,
    acks: AtomicU64,
    deliveries: AtomicU64,
    misplaced: AtomicU64,
    refused: Mutex<(u64, Option<String>)>,
    moved: Notify,
}

/// How long things took since the last [`Board::begin`].
#[derive(Debug, Default)]
pub struct Times {
    /// From the intended moment to the acknowledgement.
    pub ack: Latency,
    /// From the intended moment to each watcher.
    pub delivery: Latency,
    /// From the intended moment to the last watcher.
    pub last: Latency,
    since: Option<Instant>,
}

impl Board {
    /// An empty one whose posts carry the words of `tag`.
    pub fn new(tag: Tag) -> Self {
        Self {
            reader: FrameReader::new(tag.clone()),
            tag,
            posts: Mutex::default(),
            times: Mutex::default(),
            acks: AtomicU64::new(0),
            deliveries: AtomicU64::new(0),
            misplaced: AtomicU64::new(0),
            refused: Mutex::default(),
            moved: Notify::new(),
        }
    }

    /// Reads frames for this board's posts.
    pub const fn reader(&self) -> &FrameReader {
        &self.reader
    }

    /// The unique word of a post.
    pub fn word(&self, number: usize) -> String {
        self.tag.word(number)
    }

    /// Writes down a post that is about to be sent. Answers its number, id and body.
    pub fn draft(
        &self,
        channel: ChannelId,
        author: usize,
        intended: Instant,
        audience: u32,
        body: impl FnOnce(&str) -> String,
    ) -> (usize, MessageId, String) {
        let mut posts = lock(&self.posts);
        let number = posts.len();
        let body = body(&self.tag.word(number));
        let id = MessageId::fresh();
        let sent = Instant::now();
        let post = Post {
            id,
            channel,
            author,
            body: body.clone(),
            intended,
            sent,
            acked: None,
            audience,
            heard: 0,
            heard_as: None,
        };
        posts.push(post);
        (number, id, body)
    }

    /// The server answered.
    pub fn acknowledge(&self, number: usize, seq: Seq, position: i64) {
        let at = Instant::now();
        self.acks.fetch_add(1, Ordering::Relaxed);
        let intended = {
            let mut posts = lock(&self.posts);
            posts[number].acked = Some(Ack { at, seq, position });
            posts[number].intended
        };
        let mut times = lock(&self.times);
        if times.since.is_some_and(|since| intended >= since) {
            times.ack.record(at - intended);
        }
    }

    /// The server refused.
    pub fn refuse(&self, why: String) {
        let mut refused = lock(&self.refused);
        refused.0 += 1;
        refused.1.get_or_insert(why);
    }

    /// How many posts were refused, and why the first one was.
    pub fn refused(&self) -> (u64, Option<String>) {
        lock(&self.refused).clone()
    }

    /// A watcher heard this for the first time.
    pub fn hear(&self, heard: Heard) {
        let Some(number) = heard.post else { return };
        let now = Instant::now();
        let (intended, last) = {
            let mut posts = lock(&self.posts);
            let Some(post) = posts.get_mut(number) else { return };
            if *post.heard_as.get_or_insert(heard.seq) != heard.seq {
                self.misplaced.fetch_add(1, Ordering::Relaxed);
            }
            post.heard += 1;
            (post.intended, post.heard == post.audience)
        };
        let mut times = lock(&self.times);
        if times.since.is_some_and(|since| intended >= since) {
            times.delivery.record(now.saturating_duration_since(intended));
            if last {
                times.last.record(now.saturating_duration_since(intended));
            }
        }
        drop(times);
        self.deliveries.fetch_add(1, Ordering::Relaxed);
        if last {
            self.moved.notify_waiters();
        }
    }

    /// Waits until `count` deliveries happened in all. The caller bounds the wait.
    pub async fn delivered(&self, count: u64) {
        loop {
            let moved = self.moved.notified();
            if self.deliveries() >= count {
                return;
            }
            moved.await;
        }
    }

    /// How many posts were acknowledged.
    pub fn acks(&self) -> u64 {
        self.acks.load(Ordering::Relaxed)
    }

    /// How many deliveries happened.
    pub fn deliveries(&self) -> u64 {
        self.deliveries.load(Ordering::Relaxed)
    }

    /// Counts times anew, of what is meant to happen from now on.
    pub fn begin(&self) {
        *lock(&self.times) = Times { since: Some(Instant::now()), ..Times::default() };
    }

    /// The times counted since [`begin`](Self::begin).
    pub fn times(&self) -> Times {
        std::mem::take(&mut *lock(&self.times))
    }

    /// How many were posted, acknowledged or not.
    pub fn count(&self) -> usize {
        lock(&self.posts).len()
    }

    /// The posts the server acknowledged, by number.
    pub fn acknowledged(&self) -> Vec<Post> {
        lock(&self.posts).iter().filter(|post| post.acked.is_some()).cloned().collect()
    }

    /// How many deliveries told another post under a place than the one acknowledged or told before.
    pub fn misplaced(&self) -> u64 {
        let posts = lock(&self.posts);
        let other = posts.iter().filter(|post| {
            let (Some(ack), Some(heard)) = (post.acked, post.heard_as) else { return false };
            ack.seq != heard
        });
        self.misplaced.load(Ordering::Relaxed) + other.count() as u64
    }

    /// How many watchers' hearings of acknowledged posts there were too few or too many.
    pub fn unheard(&self) -> u64 {
        let posts = lock(&self.posts);
        let acked = posts.iter().filter(|post| post.acked.is_some());
        acked.map(|post| u64::from(post.audience.abs_diff(post.heard))).sum()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics between a change's beginning and its end.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board() -> Board {
        let board = Board::new(Tag::new(1));
        board.begin();
        for _ in 0..2 {
            board.draft(ChannelId::fresh(), 0, Instant::now(), 2, ToOwned::to_owned);
        }
        board.acknowledge(0, 1, 1);
        board.acknowledge(1, 2, 2);
        board
    }

    #[test]
    fn each_watcher_hears_each_post() {
        let board = board();
        for (seq, post) in [(1, 0), (1, 0), (2, 1)] {
            board.hear(Heard { seq, post: Some(post) });
        }
        assert_eq!((board.unheard(), board.misplaced(), board.deliveries()), (1, 0, 3));
        board.hear(Heard { seq: 2, post: Some(1) });
        assert_eq!((board.unheard(), board.misplaced()), (0, 0));
        board.hear(Heard { seq: 2, post: Some(1) });
        assert_eq!(board.unheard(), 1, "one too many");
        assert_eq!(board.times().last.count(), 2);
    }

    #[test]
    fn a_post_told_in_another_place_is_noticed() {
        let board = board();
        board.hear(Heard { seq: 2, post: Some(0) });
        board.hear(Heard { seq: 1, post: Some(1) });
        assert_eq!(board.misplaced(), 2);
    }
}
