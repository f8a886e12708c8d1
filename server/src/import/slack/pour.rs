//! Reading and writing side by side: while one batch is written, the next is unpacked, parsed and translated.

use std::{collections::HashMap, sync::Arc};

use futures_util::{StreamExt, TryStreamExt, stream};
use thunderline::domain::{ChannelId, Clock, Time};
use tokio::sync::{Mutex, mpsc};

use super::{
    archive::{Archive, Entry, Unread},
    ids::Ids,
    json,
    markup::Names,
    messages::{Batch, Transcript},
    record::Record,
    users::People,
};
use crate::import::{
    ImportError, Progress, Tally,
    landing::{BATCH, Landing},
};

/// How many batches of a channel wait to be written.
const AHEAD: usize = 2;
/// How many channels are written at once. Within one the order is kept, so that another keeps the second core busy.
const AT_ONCE: usize = 2;

/// A channel that is there, and where its messages are.
#[derive(Debug)]
pub(super) struct Source {
    /// Slack's id.
    pub id: String,
    /// The channel here.
    pub here: ChannelId,
    pub days: Vec<Entry>,
}

/// Everything a reader looks things up in.
struct Lore {
    ids: Ids,
    people: People,
    channels: HashMap<String, String>,
}

/// The messages' way into the engine.
pub(super) struct Pour<'p, P> {
    landing: &'p Landing,
    clock: &'p Clock,
    began: Time,
    told: Mutex<(Progress, P)>,
}

impl<'p, P: FnMut(Progress) + Send> Pour<'p, P> {
    pub fn new(landing: &'p Landing, clock: &'p Clock, began: Time, sources: &[Source], progress: P) -> Self {
        let of = sources.iter().map(|source| source.days.len()).sum();
        Self { landing, clock, began, told: Mutex::new((Progress { of, ..Progress::default() }, progress)) }
    }

    /// Imports the messages of all channels.
    pub async fn all(
        &self,
        archive: &Archive,
        ids: Ids,
        people: People,
        channels: HashMap<String, String>,
        sources: Vec<Source>,
    ) -> Result<Tally, ImportError> {
        let lore = Arc::new(Lore { ids, people, channels });
        let tallies: Vec<Tally> = stream::iter(sources)
            .map(|source| self.channel(archive.clone(), Arc::clone(&lore), source))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let mut all = Tally::default();
        for tally in tallies {
            all.add(tally);
        }
        Ok(all)
    }

    async fn channel(&self, archive: Archive, lore: Arc<Lore>, source: Source) -> Result<Tally, ImportError> {
        let (sender, mut batches) = mpsc::channel(AHEAD);
        let here = source.here;
        let reading = tokio::task::spawn_blocking(move || read(archive, &lore, &source, &sender));
        let mut tally = Tally::default();
        while let Some(batch) = batches.recv().await {
            self.settle(here, batch, &mut tally).await?;
        }
        reading.await.map_err(|_| ImportError::Broken)??;
        Ok(tally)
    }

    async fn settle(&self, here: ChannelId, batch: Batch, tally: &mut Tally) -> Result<(), ImportError> {
        let (read, mut new) = (batch.tally.messages.read, 0);
        tally.add(batch.tally);
        if !batch.people.is_empty() {
            let many = batch.people.len() as u64;
            let stored = self.landing.people(batch.people).await?;
            tally.people.stored += stored;
            tally.people.known += many - stored;
        }
        if !batch.messages.is_empty() {
            let many = batch.messages.len() as u64;
            new = self.landing.messages(here, batch.messages).await?;
            tally.messages.stored += new;
            tally.messages.known += many - new;
        }
        let mut told = self.told.lock().await;
        let (progress, tell) = &mut *told;
        progress.messages += read;
        progress.stored += new;
        progress.files += batch.files;
        progress.elapsed = self.clock.now().since(self.began);
        tell(*progress);
        Ok(())
    }
}

/// Reads a channel day by day. Ends early when nobody takes its batches any more.
fn read(mut archive: Archive, lore: &Lore, source: &Source, to: &mpsc::Sender<Batch>) -> Result<(), ImportError> {
    let names = Names { people: &lore.people, channels: &lore.channels };
    let mut transcript = Transcript::new(lore.ids, &source.id, names);
    let mut bytes = Vec::new();
    for entry in &source.days {
        match archive.read(entry, &mut bytes) {
            Ok(()) => {}
            Err(Unread::Entry(what)) => {
                transcript.batch.tally.complain(&entry.path, None, what);
                transcript.batch.files += 1;
                continue;
            }
            Err(Unread::All(error)) => return Err(error),
        }
        let records: Vec<(u64, Record)> = json::records(&entry.path, &bytes, &mut transcript.batch.tally);
        for (at, record) in transcript.arrange(&entry.path, records) {
            transcript.add(at, &record);
            if transcript.batch.messages.len() >= BATCH && !hand_over(&mut transcript, to) {
                return Ok(());
            }
        }
        transcript.batch.files += 1;
    }
    while hand_over(&mut transcript, to) && !transcript.batch.messages.is_empty() {}
    Ok(())
}

/// Hands over what one command takes; `false` when nobody takes it.
fn hand_over(transcript: &mut Transcript<'_>, to: &mpsc::Sender<Batch>) -> bool {
    let mut batch = std::mem::take(&mut transcript.batch);
    // The parts of a long message may go beyond it.
    let most = batch.messages.len().min(BATCH);
    transcript.batch.messages = batch.messages.split_off(most);
    to.blocking_send(batch).is_ok()
}
