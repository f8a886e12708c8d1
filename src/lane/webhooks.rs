//! Webhooks: a community's events are sent to the addresses it chose, signed (A03).

use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{
    door::Door,
    outgoing::{Outgoing, Undelivered},
};
use crate::{
    domain::{
        Actor, Clock, Lane, Seq, Surface, Time, Topic,
        command::NoteDelivery,
        query::{Delivery, ReadDeliveries},
        webhook::TESTED,
    },
    queue::{Backoff, Done, Handler, Record},
    store::BoxFuture,
};

/// The events this handles: all that a webhook can ask for, and the test.
pub const WEBHOOKS_FOLLOW: &[&str] =
    &["message.posted", "message.edited", "message.deleted", "channel.created", "member.joined", TESTED];

/// Sends events to webhooks. What arrived is not sent again when another webhook of the same event has to be tried
/// again; only a receiver that was reached the moment the process died is told twice, under the same delivery id.
#[derive(Debug)]
pub struct Webhooks<D> {
    door: D,
    outgoing: Outgoing,
    clock: Clock,
}

impl<D: Door> Webhooks<D> {
    /// Reads and notes through `door`, sends through `outgoing`.
    pub const fn new(door: D, outgoing: Outgoing, clock: Clock) -> Self {
        Self { door, outgoing, clock }
    }

    /// Follows the event at a place of a topic. All its webhooks are sent to at once, so this takes no longer than
    /// one of them may. An error names those that were not reached: it has to be tried again.
    pub async fn follow(&self, topic: Topic, seq: Seq) -> Result<(), String> {
        let server = Actor::system(Surface::Worker);
        let deliveries = self.door.ask(&server, ReadDeliveries { topic, seq }).await;
        let deliveries = deliveries.map_err(|cause| cause.to_string())?;
        let outcomes = join_all(deliveries.iter().map(|delivery| self.deliver(delivery))).await;
        let failures: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
        if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<(), String> {
        let stamp = (self.clock.now().micros() / Time::SECOND).to_string();
        let signature = format!("sha256={}", sign(&delivery.secret, &stamp, &delivery.body));
        let event = delivery.event.to_string();
        let headers = [
            ("x-thunderline-event", delivery.name.as_str()),
            ("x-thunderline-delivery", &event),
            ("x-thunderline-timestamp", &stamp),
            ("x-thunderline-signature", &signature),
        ];
        let sent = self.outgoing.post(&delivery.url, &headers, delivery.body.clone()).await;
        let (status, error) = match sent {
            Ok(status) => (Some(status), None),
            Err(Undelivered { status, reason }) => (status, Some(reason)),
        };
        let note = NoteDelivery {
            webhook: delivery.webhook,
            event: delivery.event,
            name: delivery.name.clone(),
            status,
            error: error.clone(),
        };
        let noted = self.door.execute(Actor::system(Surface::Worker), note).await;
        match error {
            Some(error) => Err(format!("webhook {}: {error}", delivery.webhook)),
            None => noted.map_err(|cause| format!("webhook {}: {cause}", delivery.webhook)),
        }
    }
}

impl<D: Door> Handler for Webhooks<D> {
    fn name(&self) -> &'static str {
        crate::service::WEBHOOKS
    }

    fn lane(&self) -> Lane {
        Lane::CrossDomain
    }

    fn events(&self) -> &'static [&'static str] {
        WEBHOOKS_FOLLOW
    }

    /// Another's server is given time to come back, whatever the event.
    fn backoff(&self, _: &Record) -> Backoff {
        Backoff::of("webhook")
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        Box::pin(async move {
            let mut done = Vec::with_capacity(records.len());
            for record in records {
                done.push(match record.watched() {
                    Some(topic) => self.follow(topic, record.seq).await,
                    None => Ok(()),
                });
            }
            done
        })
    }
}

/// The HMAC-SHA-256 (RFC 2104) of `<stamp>.<body>` under `secret`, in hexadecimal. The stamp is part of it, so that an
/// old delivery cannot be sent again as a new one.
pub(crate) fn sign(secret: &str, stamp: &str, body: &str) -> String {
    use std::fmt::Write;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    for part in [stamp, ".", body] {
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::WebhookEvent;

    // A03: what `printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac secret` says.
    #[test]
    fn a_signature_is_what_any_other_tool_computes() {
        assert_eq!(
            sign("secret", "1767225600", "{\"a\":1}"),
            "96a067a1c95eb143fc00b9097bcfcbcd5456adda508c443ff219748e764dbed7"
        );
        assert_ne!(sign("secret", "1767225601", "{\"a\":1}"), sign("secret", "1767225600", "{\"a\":1}"));
        assert_ne!(sign("other", "1767225600", "{\"a\":1}"), sign("secret", "1767225600", "{\"a\":1}"));
    }

    #[test]
    fn all_that_a_webhook_can_ask_for_is_handled() {
        for event in WebhookEvent::ALL {
            assert!(WEBHOOKS_FOLLOW.contains(&event.as_str()), "{event} is followed");
        }
        assert_eq!(WEBHOOKS_FOLLOW.len(), WebhookEvent::ALL.len() + 1, "and the test");
    }
}
