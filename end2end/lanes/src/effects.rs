//! What handlers leave behind, in tables of this program's own beside the product's.

use std::collections::{HashMap, HashSet};

use load::failure::Result;
use thunderline::store::{Conn, Shard, Sql, Store, StoreError};
use uuid::Uuid;

/// One row for each time a handler was given an event, and one for each event that had its effect.
const TABLES: [Sql; 2] = [
    Sql::both(
        "CREATE TABLE bench_tries (id UUID PRIMARY KEY, event UUID NOT NULL, worker UUID NOT NULL, began BIGINT NOT NULL, \
         ended BIGINT)",
    ),
    Sql::both("CREATE TABLE bench_effects (event UUID PRIMARY KEY)"),
];
const BEGIN: Sql = Sql::both("INSERT INTO bench_tries (id, event, worker, began) VALUES ($1, $2, $3, $4)");
const EFFECT: Sql = Sql::both("INSERT INTO bench_effects (event) VALUES ($1) ON CONFLICT (event) DO NOTHING");
const END: Sql = Sql::both("UPDATE bench_tries SET ended = $2 WHERE id = $1");
const TRIES: Sql = Sql::both("SELECT event, worker, began, ended FROM bench_tries ORDER BY event, began");
const EFFECTS: Sql = Sql::both("SELECT event FROM bench_effects");
const DEAD: Sql = Sql::both("SELECT event FROM lane_records WHERE status = 'dead'");
const LEFT: Sql = Sql::both("SELECT count(*) FROM lane_records WHERE status <> 'dead'");
const MOST: Sql = Sql::both("SELECT coalesce(max(attempts), 0) FROM lane_records");

/// One time a handler was given an event: who, when, until when. Times are microseconds since 1970.
pub type Try = (Uuid, i64, Option<i64>);

/// All that is left behind.
#[derive(Debug)]
pub struct Effects {
    /// Events that had their effect.
    pub had: HashSet<Uuid>,
    /// Events whose records are dead letters.
    pub dead: HashSet<Uuid>,
    /// Each event's tries, the first first.
    pub tries: HashMap<Uuid, Vec<Try>>,
    /// Records that are neither done nor dead.
    pub left: i64,
    /// The most attempts of any record that is still there.
    pub most_attempts: i64,
}

/// Makes the tables.
pub async fn prepare(store: &Store) -> Result<()> {
    let made = store.write::<_, StoreError, _>(Shard(0), |conn| {
        Box::pin(async move {
            for table in TABLES {
                conn.run(table, ()).await?;
            }
            Ok(())
        })
    });
    Ok(made.await?)
}

/// Notes that `worker` was given these events; answers by what their tries go.
pub async fn begin(store: &Store, worker: Uuid, events: Vec<Uuid>, now: i64) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    let fresh = || Uuid::from(thunderline::domain::EventId::fresh());
    let tries: Vec<(Uuid, Uuid)> = events.into_iter().map(|event| (fresh(), event)).collect();
    let noted = tries.clone();
    let write = store.write::<_, StoreError, _>(Shard::of(worker), move |conn| {
        Box::pin(async move {
            for (id, event) in noted {
                conn.send(BEGIN, (id, event, worker, now)).await?;
            }
            Ok(())
        })
    });
    write.await?;
    Ok(tries)
}

/// Has the effect of these events, and notes that their tries have ended.
pub async fn end(store: &Store, worker: Uuid, tries: Vec<(Uuid, Uuid)>, now: i64) -> Result<(), StoreError> {
    let write = store.write::<_, StoreError, _>(Shard::of(worker), move |conn| {
        Box::pin(async move {
            for (id, event) in tries {
                conn.send(EFFECT, (event,)).await?;
                conn.send(END, (id, now)).await?;
            }
            Ok(())
        })
    });
    write.await
}

/// Reads all of it.
pub async fn read(store: &Store) -> Result<Effects> {
    let read = store.read_long::<_, StoreError, _>(|conn| Box::pin(all(conn)));
    Ok(read.await?)
}

async fn all(conn: &mut Conn<'_>) -> Result<Effects, StoreError> {
    let mut tries: HashMap<Uuid, Vec<Try>> = HashMap::new();
    for (event, worker, began, ended) in conn.all::<(Uuid, Uuid, i64, Option<i64>)>(TRIES, ()).await? {
        tries.entry(event).or_default().push((worker, began, ended));
    }
    Ok(Effects {
        had: conn.all(EFFECTS, ()).await?.into_iter().collect(),
        dead: conn.all(DEAD, ()).await?.into_iter().collect(),
        tries,
        left: conn.one(LEFT, ()).await?,
        most_attempts: conn.one(MOST, ()).await?,
    })
}

impl Effects {
    /// Of what was published, how much neither had its effect nor is a dead letter.
    pub fn vanished(&self, published: &HashSet<Uuid>) -> u64 {
        published.iter().filter(|event| !self.had.contains(event) && !self.dead.contains(event)).count() as u64
    }

    /// How much had an effect without being published.
    pub fn unheard_of(&self, published: &HashSet<Uuid>) -> u64 {
        self.had.difference(published).count() as u64
    }

    /// How often a handler was given an event again.
    pub fn again(&self) -> u64 {
        self.tries.values().map(|tries| tries.len() as u64 - 1).sum()
    }

    /// How many events were given to a handler more often than `most` times.
    pub fn past(&self, most: usize) -> u64 {
        self.tries.values().filter(|tries| tries.len() > most).count() as u64
    }

    /// How many tries of one event went on at once in two processes. A try that never ended did so with its process.
    pub fn overlaps(&self, ends: &HashMap<Uuid, i64>) -> u64 {
        let end = |(worker, _, ended): &Try| ended.or_else(|| ends.get(worker).copied()).unwrap_or(i64::MAX);
        let overlap = |pair: &&[Try]| pair[0].0 != pair[1].0 && end(&pair[0]) > pair[1].1;
        self.tries.values().map(|tries| tries.windows(2).filter(overlap).count() as u64).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(tries: Vec<Try>) -> Effects {
        let tries = HashMap::from([(Uuid::from_u128(1), tries)]);
        Effects { had: HashSet::new(), dead: HashSet::new(), tries, left: 0, most_attempts: 0 }
    }

    #[test]
    fn two_at_once_are_noticed_and_one_after_the_other_is_not() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let none = HashMap::new();
        assert_eq!(effects(vec![(one, 1, Some(5)), (two, 6, Some(7))]).overlaps(&none), 0);
        assert_eq!(effects(vec![(one, 1, Some(5)), (two, 4, Some(7))]).overlaps(&none), 1);
        assert_eq!(effects(vec![(one, 1, None), (two, 4, Some(7))]).overlaps(&none), 1);
        assert_eq!(effects(vec![(one, 1, None), (two, 4, Some(7))]).overlaps(&HashMap::from([(one, 3)])), 0);
    }

    #[test]
    fn what_vanished_is_noticed() {
        let (here, gone) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let all = Effects { had: HashSet::from([here]), ..effects(Vec::new()) };
        assert_eq!(all.vanished(&HashSet::from([here, gone])), 1);
        assert_eq!(all.unheard_of(&HashSet::from([gone])), 1);
    }
}
