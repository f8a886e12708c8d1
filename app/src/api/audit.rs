//! The audit log, as the operator looks through it.

#![expect(missing_docs, reason = "the fields of a server function are those of its query, which are documented there")]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::domain::{
    Error, PersonSummary, Time,
    query::{AuditPage, ChainState},
};

use super::Fault;

/// What is looked for, as the form and the address say it; what is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Who did it: a sign-in name or an id.
    pub actor: String,
    /// What it was done to: an id.
    pub target: String,
    /// What it belongs to: a correlation id.
    pub correlation: String,
    /// The action's name.
    pub action: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Where it came in.
    pub surface: String,
    /// Not before this day or moment, UTC.
    pub since: String,
    /// Before this day or moment, UTC.
    pub until: String,
    /// With `id`: only what is older than this entry; microseconds since 1970.
    pub at: String,
    /// Which entry.
    pub id: String,
}

/// What the page of the audit log shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// Where the chain stands.
    pub chain: ChainState,
    /// The entries.
    pub page: AuditPage,
    /// Who did what is in them.
    pub people: Vec<PersonSummary>,
    /// What is wrong with the filter; there are no entries then.
    pub wrong: Option<Error>,
    /// When this was read.
    pub now: Time,
}

/// Reads what the page of the audit log shows.
#[server(endpoint = "open_audit")]
pub async fn open_audit(#[server(default)] filter: AuditFilter) -> Result<Audit, Fault> {
    use super::{
        admin::seen,
        context::{ask, engine},
    };
    use thunderline::domain::query;

    let chain = seen(ask(query::ReadChain {}).await)?;
    let now = engine()?.clock().now();
    let wanted = match wanted(&filter).await {
        Ok(wanted) => wanted,
        Err(wrong @ Error::Invalid { .. }) => {
            return Ok(Audit { chain, page: AuditPage::default(), people: Vec::new(), wrong: Some(wrong), now });
        }
        Err(other) => return seen(Err(other)),
    };
    let page = seen(ask(wanted).await)?;
    let mut ids: Vec<thunderline::domain::PersonId> =
        page.entries.iter().filter_map(|entry| entry.actor.map(Into::into)).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = seen(ask(query::NameActors { ids, ..query::NameActors::default() }).await)?;
    Ok(Audit { chain, page, people, wrong: None, now })
}

/// The filter as a query, or all that is wrong with it.
#[cfg(feature = "ssr")]
async fn wanted(filter: &AuditFilter) -> thunderline::domain::Result<thunderline::domain::query::ListAudit> {
    use super::given::{Wrong, given, id, micros, word};
    use thunderline::domain::{
        cursor,
        query::{AuditCursor, ListAudit},
    };

    let mut wrong = Wrong::default();
    let place = || cursor::both(("at", micros("at", &filter.at)?), ("id", id("id", &filter.id)?));
    let wanted = ListAudit {
        actor: wrong.note(actor(&filter.actor).await)?,
        target: wrong.note(id("target", &filter.target))?,
        correlation: wrong.note(id("correlation", &filter.correlation))?,
        action: wrong.note(word("action", &filter.action))?,
        outcome: wrong.note(word("outcome", &filter.outcome))?,
        surface: wrong.note(word("surface", &filter.surface))?,
        since: wrong.note(given(&filter.since, |text| moment("since", text)))?,
        until: wrong.note(given(&filter.until, |text| moment("until", text)))?,
        after: wrong.note(place())?.map(|(at, id)| AuditCursor { at, id }),
    };
    wrong.or(wanted)
}

/// A moment as a browser's field writes it, without seconds and zone, or as [`Time`] reads it.
#[cfg(feature = "ssr")]
fn moment(field: &str, text: &str) -> thunderline::domain::Result<Time> {
    let bare = text.contains('T') && !text.ends_with('Z');
    let whole = match (bare, text.len()) {
        (true, 16) => format!("{text}:00Z"),
        (true, _) => format!("{text}Z"),
        (false, _) => text.to_owned(),
    };
    whole.parse().map_err(|wrong: String| Error::invalid(field, wrong))
}

/// Somebody's id, by it or by their sign-in name.
#[cfg(feature = "ssr")]
async fn actor(text: &str) -> thunderline::domain::Result<Option<uuid::Uuid>> {
    use super::context::ask;
    use thunderline::domain::query::NameActors;

    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = text.parse() {
        return Ok(Some(id));
    }
    let handle = text.trim_start_matches('@').to_lowercase();
    let found = ask(NameActors { handles: vec![handle], ..NameActors::default() }).await?;
    let person = found.first().ok_or_else(|| Error::invalid("actor", "nobody has this handle"))?;
    Ok(Some(person.id.into()))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_a_browser_or_the_command_line_writes_it() {
        let nine = Ok(Time::from_micros(1_795_338_600 * Time::SECOND));
        for text in ["2026-11-22T09:10", "2026-11-22T09:10:00", "2026-11-22T09:10:00Z"] {
            assert_eq!(moment("since", text), nine, "{text}");
        }
        assert_eq!(moment("since", "2026-11-22").map(Time::rfc3339), Ok("2026-11-22T00:00:00Z".to_owned()));
        assert!(moment("since", "yesterday").is_err());
    }
}
