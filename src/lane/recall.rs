use crate::{
    domain::Envelope,
    queue::Record,
    service,
    store::{Store, StoreError, events},
};

/// The event of a record as clients see it: as it was handed over, or joined anew with the present state. `None` when
/// it is no longer in the log, or about nothing any more: then it is old news.
pub async fn recall(store: &Store, record: &Record) -> Result<Option<Envelope>, String> {
    if let Some(envelope) = &record.envelope {
        return Ok(Some(envelope.clone()));
    }
    let Some(topic) = record.watched() else { return Ok(None) };
    let seq = record.seq;
    let read = store.read::<_, StoreError, _>(move |conn| {
        Box::pin(async move {
            let Some(logged) = events::at(conn, topic, seq).await? else { return Ok(None) };
            service::hydrate(conn, topic, vec![logged]).await
        })
    });
    let events = read.await.map_err(|cause| cause.to_string())?.unwrap_or_default();
    Ok(events.into_iter().next().map(|(seq, event)| Envelope { topic, seq, event }))
}
