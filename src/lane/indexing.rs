//! Messages of before there was the index of words are indexed (M23): once per cluster, in small steps, from where it
//! stopped. There is nothing to do when all are.

use super::door::Door;
use crate::{
    domain::{Actor, Error, Result, Surface, Time, command::IndexMessages},
    queue::Duty,
};

/// How often it is looked.
const EVERY: i64 = Time::MINUTE;

/// Indexes every message that was not indexed yet; says how many.
pub async fn index_once<D: Door>(door: &D) -> Result<usize> {
    let mut indexed = 0;
    loop {
        match door.execute(Actor::system(Surface::Worker), IndexMessages {}).await? {
            0 => return Ok(indexed),
            step => indexed += step,
        }
    }
}

/// Looks every minute, once per cluster.
pub fn indexing<D: Door + Clone>(door: D) -> Duty {
    Duty::new("messages.index", EVERY, move |_, _| {
        let door = door.clone();
        async move {
            let indexed = index_once(&door).await?;
            if indexed > 0 {
                tracing::info!(indexed, "messages of before can be searched");
            }
            Ok::<_, Error>(())
        }
    })
}
