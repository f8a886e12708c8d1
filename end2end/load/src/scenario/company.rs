use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use thunderline::domain::ChannelId;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    audit,
    board::Board,
    failure::Result,
    gallery::Gallery,
    ground::Ground,
    pace::Pace,
    report::{Bound, Report, count},
    sender::{Script, Sender},
    stage::{Room, Stage},
    watcher::Watcher,
};

/// How many post at the same time where only the messages matter.
const FILLERS: usize = 32;
/// How long senders run before anything is counted.
const WARM_UP: Duration = Duration::from_secs(1);

/// People who post to some rooms, and watchers who listen there; what each scenario is made of.
#[derive(Debug)]
pub struct Company {
    /// Where it happens.
    pub stage: Stage,
    /// What is posted and heard.
    pub board: Arc<Board>,
    rooms: Vec<Room>,
    gallery: Gallery,
    script: Arc<Script>,
    posters: usize,
}

/// Who belongs to a company.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    /// How many people post; they take part in every room.
    pub posters: usize,
    /// How many people watch without taking part; their sessions are shared by many connections.
    pub onlookers: usize,
    /// How many rooms.
    pub rooms: usize,
    /// How many connections watch each room.
    pub watchers: usize,
    /// The size of each body in bytes; as people write when `None`.
    pub bytes: Option<usize>,
    /// Tells the words of this company from those of any other.
    pub number: u64,
}

impl Company {
    /// Starts a server and gathers everybody.
    pub async fn gather(ground: &mut Ground, cast: Cast) -> Result<Self> {
        let stage = Stage::set(ground.server().await?, cast.posters + cast.onlookers, ground.seed()).await?;
        Self::on(stage, ground, cast).await
    }

    /// Gathers everybody in new rooms of a stage that stands.
    pub async fn on(mut stage: Stage, ground: &Ground, cast: Cast) -> Result<Self> {
        let board = Arc::new(Board::new(audit::tag(ground.seed(), cast.number)));
        let mut rooms = Vec::with_capacity(cast.rooms);
        let mut watchers = Vec::with_capacity(cast.rooms * cast.watchers);
        for _ in 0..cast.rooms {
            let room = stage.room(cast.posters).await?;
            for _ in 0..cast.watchers {
                let person = cast.posters + watchers.len() % cast.onlookers.max(1);
                let person = &stage.people[person.min(stage.people.len() - 1)];
                let (address, cookie) = (person.address(), person.cookie());
                watchers.push(Watcher::new(address, cookie, room.topic(), room.cursor, Vec::new()));
            }
            rooms.push(room);
        }
        let gallery = Gallery::seat(&board, watchers).await?;
        let audience = u32::try_from(cast.watchers)?;
        let texts = Mutex::new(ground.texts());
        let script = Arc::new(Script { board: board.clone(), texts, audience, bytes: cast.bytes });
        Ok(Self { stage, board, rooms, gallery, script, posters: cast.posters })
    }

    /// How many watch.
    pub fn watchers(&self) -> usize {
        self.gallery.len()
    }

    /// The first room.
    pub fn room(&self) -> &Room {
        &self.rooms[0]
    }

    /// Somebody who posts, on a connection of their own.
    pub fn sender(&self, number: usize) -> Sender {
        let author = number % self.posters;
        Sender::new(&self.stage.people[author], author, &self.script)
    }

    /// `senders` post, each after its last answer, for `length` after a warm-up. Answers acknowledged posts a second.
    pub async fn saturate(&self, senders: usize, length: Duration) -> Result<f64> {
        let over = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for number in 0..senders {
            let mut sender = self.sender(number);
            let room = self.rooms[number % self.rooms.len()].id;
            let over = over.clone();
            tasks.spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    sender.post(room, Instant::now()).await;
                }
            });
        }
        sleep(WARM_UP.min(length)).await;
        self.board.begin();
        let (began, before) = (Instant::now(), self.board.acks());
        sleep(length).await;
        let rate = count(self.board.acks() - before) / began.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        while let Some(task) = tasks.join_next().await {
            task?;
        }
        Ok(rate)
    }

    /// `count` messages are posted, to one room after the other, as fast as they are acknowledged.
    pub async fn fill(&self, count: u32) -> Result<()> {
        let rooms: Vec<_> = self.rooms.iter().map(|room| room.id).collect();
        self.post_into(rooms.into(), count).await
    }

    /// `count` messages are posted to `room` alone.
    pub async fn fill_room(&self, room: &Room, count: u32) -> Result<()> {
        self.post_into([room.id].into(), count).await
    }

    async fn post_into(&self, rooms: Arc<[ChannelId]>, count: u32) -> Result<()> {
        let count = usize::try_from(count)?;
        let turn = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for number in 0..FILLERS {
            let mut sender = self.sender(number);
            let (turn, rooms) = (turn.clone(), rooms.clone());
            tasks.spawn(async move {
                loop {
                    let turn = turn.fetch_add(1, Ordering::Relaxed);
                    if turn >= count || !sender.post(rooms[turn % rooms.len()], Instant::now()).await {
                        break;
                    }
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task?;
        }
        match self.board.refused() {
            (0, _) => Ok(()),
            (_, why) => Err(why.unwrap_or_default().into()),
        }
    }

    /// Posts are meant to be sent `rate` times a second for `length`, to one room after the other; up to `senders` wait
    /// for an answer at the same time.
    pub async fn keep_pace(&self, rate: f64, length: Duration, senders: usize) -> Result<()> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of posts")]
        let beats = (rate * length.as_secs_f64()) as u32;
        let (pace, metronome) = Pace::new(rate, beats);
        let (pace, turn) = (Arc::new(pace), Arc::new(AtomicUsize::new(0)));
        let rooms: Arc<[_]> = self.rooms.iter().map(|room| room.id).collect();
        let mut tasks = JoinSet::new();
        self.board.begin();
        tasks.spawn(metronome.run());
        for number in 0..senders {
            let mut sender = self.sender(number);
            let (pace, turn, rooms) = (pace.clone(), turn.clone(), rooms.clone());
            tasks.spawn(async move {
                while let Some(intended) = pace.next().await {
                    let room = rooms[turn.fetch_add(1, Ordering::Relaxed) % rooms.len()];
                    sender.post(room, intended).await;
                }
            });
        }
        drop(pace);
        while let Some(task) = tasks.join_next().await {
            task?;
        }
        Ok(())
    }

    /// Looks up everything that was acknowledged and says what was refused.
    pub async fn audit(&self, scenario: &'static str, report: &mut Report) -> Result<()> {
        let findings = audit::run(&self.board, &self.gallery, &self.stage.people).await?;
        report.audit(scenario, &findings);
        if let (refused @ 1.., why) = self.board.refused() {
            println!("  {scenario}: the first refusal: {}", why.unwrap_or_default());
            let none = Bound::AtMost(0.0);
            report.hold(scenario, "posts refused", (count(refused), ""), none, none);
        }
        let (stale, returns) = self.gallery.troubles();
        if stale > 0 {
            report.note(scenario, "watchers told they fell behind", count(stale), "times");
        }
        if returns > 0 {
            report.note(scenario, "watchers that came back", count(returns), "times");
        }
        Ok(())
    }
}
