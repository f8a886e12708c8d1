//! Deliveries: what is first in a webhook's line is sent to its address, signed (A03).

use super::{
    door::Door,
    outgoing::{Outgoing, Undelivered},
};
use crate::{
    domain::{
        Actor, Clock, CommunityId, Lane, Surface, Time, WebhookId,
        command::{NoteDelivery, StopWebhook},
        query::{Delivery, ReadDelivery, Turn},
        webhook::{DeliveryEnd, Patience},
    },
    queue::{Backoff, Done, Handler, Record, Undone, one_by_one},
    service::{Source, mac},
    store::{BoxFuture, outbox},
};

/// How many receivers of one process are waited for at once.
const WIDTH: usize = 20;
/// How many hands of the lane are left to mentions, commands and the lines themselves, whatever hangs.
const LEFT: usize = 4;

/// Sends webhooks what is first in their lines. The receiver that was reached the moment the process died is told twice,
/// under the same delivery id.
#[derive(Debug)]
pub struct Deliveries<D> {
    door: D,
    outgoing: Outgoing,
    clock: Clock,
}

impl<D: Door> Deliveries<D> {
    /// Reads and notes through `door`, sends through `outgoing`.
    pub const fn new(door: D, outgoing: Outgoing, clock: Clock) -> Self {
        Self { door, outgoing, clock }
    }

    /// Delivers what a record stands for. An error is why it did not arrive: it has to be tried again, but where it leads
    /// to a closed address.
    pub async fn deliver(&self, record: &Record) -> Done {
        let source: Source = serde_json::from_value(record.payload.clone()).map_err(|cause| cause.to_string())?;
        let webhook = WebhookId::from(record.topic);
        let asked = ReadDelivery { webhook, event: record.event, topic: source.topic, seq: source.seq };
        let turn = self.door.ask(&Actor::system(Surface::Worker), asked).await;
        let (community, end) = match turn.map_err(|cause| cause.to_string())? {
            Turn::Send(delivery) => (delivery.community, self.send(record, delivery).await),
            Turn::LeaveOut { community, reason } => (community, DeliveryEnd::LeftOut { reason }),
            Turn::Over => return Ok(()),
        };
        let noted = self.note(community, webhook, record, end.clone()).await;
        match end {
            DeliveryEnd::Failed { error, last, .. } => Err(Undone { cause: error, hopeless: last }),
            DeliveryEnd::Arrived { .. } | DeliveryEnd::LeftOut { .. } => Ok(noted?),
        }
    }

    async fn send(&self, record: &Record, delivery: Delivery) -> DeliveryEnd {
        let stamp = (self.clock.now().micros() / Time::SECOND).to_string();
        let signature = format!("sha256={}", sign(&delivery.secret, &stamp, &delivery.body));
        let event = record.event.to_string();
        let headers = [
            ("x-thunderline-event", record.name.as_str()),
            ("x-thunderline-delivery", &event),
            ("x-thunderline-timestamp", &stamp),
            ("x-thunderline-signature", &signature),
        ];
        match self.outgoing.post(&delivery.url, &headers, delivery.body).await {
            Ok(status) => DeliveryEnd::Arrived { status },
            Err(Undelivered { status, reason, closed }) => {
                DeliveryEnd::Failed { status, error: reason, last: closed || record.attempts >= outbox::ATTEMPTS }
            }
        }
    }

    async fn note(
        &self,
        community: CommunityId,
        webhook: WebhookId,
        record: &Record,
        end: DeliveryEnd,
    ) -> Result<(), String> {
        let server = Actor::system(Surface::Worker);
        let note = NoteDelivery { community, webhook, event: record.event, name: record.name.clone(), end };
        let noted = self.door.execute(server.clone(), note).await;
        if noted.map_err(|cause| cause.to_string())? == Patience::Exhausted {
            tracing::warn!(webhook.id = %webhook, "nothing reaches a webhook any more; it is switched off");
            let stopped = self.door.execute(server, StopWebhook { community, webhook }).await;
            stopped.map_err(|cause| cause.to_string())?;
        }
        Ok(())
    }
}

impl<D: Door> Handler for Deliveries<D> {
    fn name(&self) -> &'static str {
        crate::service::DELIVERIES
    }

    fn lane(&self) -> Lane {
        Lane::CrossDomain
    }

    /// None: `webhooks` says what is delivered.
    fn events(&self) -> &'static [&'static str] {
        &[]
    }

    fn width(&self) -> usize {
        WIDTH
    }

    fn leaves(&self) -> usize {
        LEFT
    }

    /// Another's server is given time to come back, whatever the event.
    fn backoff(&self, _: &Record) -> Backoff {
        Backoff::of("webhook")
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        one_by_one(records, move |record| async move { self.deliver(&record).await })
    }
}

/// The HMAC-SHA-256 (RFC 2104) of `<stamp>.<body>` under `secret`, in hexadecimal. The stamp is part of it, so that an
/// old delivery cannot be sent again as a new one.
pub(crate) fn sign(secret: &str, stamp: &str, body: &str) -> String {
    mac(secret, &[stamp, ".", body])
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
