//! Webhooks: who manages a community says where its events are sent (A03).

use ammonia::Url;
use serde_json::{Value as Json, json};

use super::{
    Asking, Command, DELIVERIES, Outcome, Query, Tools, Work,
    address::{self, Closed},
    community::CommunityScope,
    password, webhook_line,
};
use crate::{
    domain::{
        Action, Actor, Error, Event, PersonSummary, Result, Topic, WebhookId,
        command::{CreateWebhook, DeleteWebhook, EditWebhook, TestWebhook},
        query::ListWebhooks,
        webhook::{WEBHOOKS_PER_COMMUNITY, Webhook, WebhookEvent},
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, deliveries, outbox,
        webhooks::{self, Edited, NewWebhook, Stored},
    },
};

/// The longest address, in bytes.
const URL_BYTES: usize = 2_000;

/// A webhook's address and events, checked.
#[derive(Clone, Debug)]
pub struct Subscription {
    url: String,
    events: Json,
    /// What closes the address, where such are not sent to.
    closed: Option<Closed>,
}

impl Subscription {
    fn parse(url: &str, events: &[WebhookEvent], tools: &Tools) -> Result<Self> {
        let closed = |url: &Url| address::closed(url).filter(|_| !tools.private_webhooks);
        Self::read(url, events, closed)
    }

    fn read(url: &str, events: &[WebhookEvent], closed: impl Fn(&Url) -> Option<Closed>) -> Result<Self> {
        if events.is_empty() {
            return Err(Error::invalid("events", "choose at least one"));
        }
        let chosen: Vec<WebhookEvent> = WebhookEvent::ALL.iter().copied().filter(|one| events.contains(one)).collect();
        let url = parsed(url)?;
        Ok(Self { closed: closed(&url), url: url.into(), events: json!(chosen) })
    }

    /// That the address may be sent to, as far as it can be told without looking a name up.
    fn open(&self) -> Result<()> {
        self.closed.as_ref().map_or(Ok(()), |closed| Err(Error::invalid("url", closed.to_string())))
    }
}

/// Checks an address. Whether a name may be sent to is decided when it is: what it means changes.
fn parsed(text: &str) -> Result<Url> {
    let wrong = |message: &str| Err(Error::invalid("url", message));
    let Ok(url) = Url::parse(text.trim()) else { return wrong("must be an address such as https://example.com/hook") };
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return wrong("must begin with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("must not hold a name or password; what is sent is signed");
    }
    if url.fragment().is_some() {
        return wrong("must not hold a #");
    }
    if url.as_str().len() > URL_BYTES {
        return Err(Error::invalid("url", format!("must be at most {URL_BYTES} bytes long")));
    }
    Ok(url)
}

/// A webhook with what came of what it was told.
async fn described(conn: &mut Conn<'_>, row: Stored) -> Outcome<Webhook> {
    Ok(Webhook {
        outcome: deliveries::latest(conn, row.id).await?,
        failure: deliveries::failure(conn, row.id).await?,
        waiting: deliveries::waiting(conn, row.id, DELIVERIES).await?,
        dead_letter: None,
        id: row.id,
        community: row.community,
        url: row.url,
        secret: row.secret,
        events: chosen(&row.events),
        active: row.active,
        created_by: PersonSummary { id: row.created_by, handle: row.handle, name: row.name, kind: row.kind },
        url_by: PersonSummary {
            id: row.url_by,
            handle: row.url_by_handle,
            name: row.url_by_name,
            kind: row.url_by_kind,
        },
        created_at: row.created_at,
        stopped_at: row.stopped_at,
    })
}

/// One webhook, which is there.
async fn read(conn: &mut Conn<'_>, id: WebhookId) -> Outcome<Webhook> {
    let row = webhooks::find(conn, id).await?.ok_or(Error::NotFound)?;
    described(conn, row).await
}

/// Where a webhook's events go, for those who run the server: host and path. What follows may hold a secret.
pub(super) fn host_and_path(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return String::new() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}{}", url.host_str().unwrap_or_default(), url.path())
}

/// What a webhook is told of, as stored. A name that a newer program wrote is left out.
pub(super) fn chosen(events: &Json) -> Vec<WebhookEvent> {
    let names = events.as_array().map(Vec::as_slice).unwrap_or_default();
    names.iter().filter_map(|name| name.as_str()?.parse().ok()).collect()
}

/// A webhook with its community as the actor stands to it.
pub struct WebhookScope {
    webhook: Stored,
    community: CommunityScope,
}

impl Scoped for WebhookScope {
    fn target(&self) -> &Target {
        self.community.target()
    }
}

impl WebhookScope {
    async fn load(conn: &mut Conn<'_>, actor: &Actor, id: WebhookId) -> Outcome<Self> {
        let webhook = webhooks::find(conn, id).await?.ok_or(Error::NotFound)?;
        let community = CommunityScope::load(conn, actor, webhook.community).await?;
        Ok(Self { webhook, community })
    }
}

impl Command for CreateWebhook {
    type Prepared = (Subscription, String);
    type Scope = CommunityScope;
    type Output = Webhook;
    const ACTION: Action = Action::ManageWebhooks;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        let new = Subscription::parse(&self.url, &self.events, tools)?;
        new.open()?;
        Ok((new, password::secret()?))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(
        self,
        work: &mut Work<'_, '_, Self>,
        _: CommunityScope,
        (new, secret): Self::Prepared,
    ) -> Outcome<Webhook> {
        work.about("webhook", self.id);
        let maker = work.person()?.id;
        if let Some(known) = webhooks::find(work.conn, self.id).await? {
            // The same form sent twice: the first answer again.
            let same = known.created_by == maker && known.community == self.community;
            return if same {
                described(work.conn, known).await
            } else {
                Err(Error::invalid("id", "is in use").into())
            };
        }
        if webhooks::count(work.conn, self.community).await? >= WEBHOOKS_PER_COMMUNITY {
            let full = format!("This community has {WEBHOOKS_PER_COMMUNITY} webhooks; that is the limit.");
            return Err(Error::conflict(full).into());
        }
        let webhook = NewWebhook {
            id: self.id,
            community: self.community,
            url: &new.url,
            secret: &secret,
            events: &new.events,
            created_by: maker,
            created_at: work.now,
        };
        webhooks::insert(work.conn, work.grant, &webhook).await?;
        work.note(json!({ "community": self.community, "url": work.fingerprint(&new.url), "events": new.events }));
        read(work.conn, self.id).await
    }
}

impl Command for EditWebhook {
    type Prepared = Subscription;
    type Scope = WebhookScope;
    type Output = Webhook;
    const ACTION: Action = Action::ManageWebhooks;

    fn shard(&self) -> Shard {
        Shard::of(self.webhook.into())
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Subscription> {
        Subscription::parse(&self.url, &self.events, tools)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<WebhookScope> {
        WebhookScope::load(conn, actor, self.webhook).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: WebhookScope, new: Subscription) -> Outcome<Webhook> {
        work.about("webhook", self.webhook);
        let Stored { community, url: before, url_by, .. } = scope.webhook;
        // Whoever sends a community's events elsewhere answers for what is sent there; who only switches it on or off does
        // not, and may do so wherever it leads.
        let url_by = if new.url == before {
            url_by
        } else {
            new.open()?;
            work.person()?.id
        };
        let edited = Edited { url: &new.url, url_by, events: &new.events, active: self.active };
        webhooks::edit(work.conn, work.grant, self.webhook, &edited).await?;
        if !self.active {
            webhook_line::clear(work, self.webhook).await?;
        }
        work.note(json!({
            "community": community, "before": work.fingerprint(&before), "after": work.fingerprint(&new.url),
            "url_by": url_by, "events": new.events, "active": self.active,
        }));
        read(work.conn, self.webhook).await
    }
}

impl Command for DeleteWebhook {
    type Prepared = ();
    type Scope = WebhookScope;
    type Output = ();
    const ACTION: Action = Action::ManageWebhooks;

    fn shard(&self) -> Shard {
        Shard::of(self.webhook.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<WebhookScope> {
        WebhookScope::load(conn, actor, self.webhook).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: WebhookScope, (): ()) -> Outcome<()> {
        work.about("webhook", self.webhook);
        let url = work.fingerprint(&scope.webhook.url);
        work.note(json!({ "community": scope.webhook.community, "url": url }));
        Ok(webhooks::delete(work.conn, work.grant, self.webhook).await?)
    }
}

impl Command for TestWebhook {
    type Prepared = ();
    type Scope = WebhookScope;
    type Output = ();
    const ACTION: Action = Action::ManageWebhooks;

    fn shard(&self) -> Shard {
        Shard::of(self.webhook.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<WebhookScope> {
        WebhookScope::load(conn, actor, self.webhook).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: WebhookScope, (): ()) -> Outcome<()> {
        work.about("webhook", self.webhook);
        let community = scope.webhook.community;
        work.note(json!({ "community": community }));
        // To one's own topic: nobody else is to hear that there is a webhook.
        let asked = Topic::Person(work.person()?.id);
        work.emit(asked, Event::WebhookTested { webhook: self.webhook, community }).await.map(drop)
    }
}

impl Query for ListWebhooks {
    type Scope = CommunityScope;
    type Output = Vec<Webhook>;

    fn action(&self) -> Action {
        Action::ManageWebhooks
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: CommunityScope) -> Outcome<Vec<Webhook>> {
        // The console is not there for those who may not see it, and neither is the way to it.
        let operator = asking.policy.allows(asking.actor, Action::ManageLanes, &Target::default());
        let mut webhooks = Vec::new();
        for row in webhooks::of_community(asking.conn, self.community).await? {
            let mut webhook = described(asking.conn, row).await?;
            if operator {
                webhook.dead_letter = outbox::dead_letter_of(asking.conn, DELIVERIES, webhook.id).await?;
            }
            webhooks.push(webhook);
        }
        Ok(webhooks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A03
    #[test]
    fn an_address_is_of_the_web_and_holds_no_secret() {
        assert_eq!(parsed(" https://a.example/hook?x=1 ").unwrap().as_str(), "https://a.example/hook?x=1");
        for bad in [
            "",
            "a.example",
            "ftp://a.example",
            "file:///etc/passwd",
            "https://",
            "https://a:b@a.example",
            "https://a.example/#x",
        ] {
            assert!(parsed(bad).unwrap_err().of_field("url").is_some(), "{bad}");
        }
        assert!(parsed(&format!("https://a.example/{}", "x".repeat(2_000))).is_err());
    }

    // Q14
    #[test]
    fn an_operator_is_told_where_a_webhook_leads_and_no_secret() {
        assert_eq!(host_and_path("https://a.example/hook?token=secret"), "a.example/hook");
        assert_eq!(host_and_path("http://[::1]:8080/"), "[::1]:8080/");
    }

    // A03
    #[test]
    fn a_webhook_is_told_of_what_it_chose_and_nothing_unknown() {
        let read = |url: &str, events: &[WebhookEvent]| Subscription::read(url, events, address::closed);
        assert!(read("https://a.example", &[]).unwrap_err().of_field("events").is_some());
        let twice = [WebhookEvent::MemberJoined, WebhookEvent::MessagePosted, WebhookEvent::MemberJoined];
        let chosen_names = read("https://a.example", &twice).unwrap().events;
        assert_eq!(chosen(&chosen_names), [WebhookEvent::MessagePosted, WebhookEvent::MemberJoined]);
        assert!(chosen(&json!(["planet.risen", 7])).is_empty());
    }
}
