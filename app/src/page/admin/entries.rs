//! Entries of the audit log, the latest first.

use leptos::prelude::*;
use thunderline::domain::{PersonSummary, audit::AuditEntry, query::AuditPage};
use uuid::Uuid;

use crate::{api::audit::AuditFilter, part::moment::Moment};

/// A page of entries.
#[component]
pub(super) fn Entries(page: AuditPage, people: Vec<PersonSummary>, filter: AuditFilter) -> impl IntoView {
    let newest =
        (!filter.id.is_empty()).then(|| AuditFilter { at: String::new(), id: String::new(), ..filter.clone() }.href());
    let older = page
        .next
        .map(|next| AuditFilter { at: next.at.micros().to_string(), id: next.id.to_string(), ..filter }.href());
    let none = page.entries.is_empty();
    let rows = page.entries.into_iter().map(|entry| row(entry, &people)).collect_view();
    let table = view! {
        // Said in full: as cards on a phone it would no longer be a table to assistive technology.
        <table class="grid audit" role="table" aria-label="Entries">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Number"</th>
                    <th role="columnheader" scope="col">"Time"</th>
                    <th role="columnheader" scope="col">"Actor"</th>
                    <th role="columnheader" scope="col">"Action"</th>
                    <th role="columnheader" scope="col">"Target"</th>
                    <th role="columnheader" scope="col">"Outcome"</th>
                    <th role="columnheader" scope="col">"Surface"</th>
                    <th role="columnheader" scope="col">"Correlation"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    view! {
        {if none { view! { <p class="muted">"No entry is like this."</p> }.into_any() } else { table.into_any() }}
        <p class="pager">
            {newest.map(|href| view! { <a class="button" data-kind="quiet" data-size="s" rel="prev" href=href>"Newest"</a> })}
            {older.map(|href| view! { <a class="button" data-kind="quiet" data-size="s" rel="next" href=href>"Older"</a> })}
        </p>
    }
}

fn row(entry: AuditEntry, people: &[PersonSummary]) -> impl IntoView + use<> {
    let number = entry.number.map_or_else(|| "not sealed yet".to_owned(), |number| number.to_string());
    let well = entry.outcome == "done" && entry.summary.is_none();
    let correlation = entry.correlation.to_string();
    let together = AuditFilter { correlation: correlation.clone(), ..AuditFilter::default() }.href();
    let changes = serde_json::to_string_pretty(&entry.changes).unwrap_or_default();
    let address = if entry.address.is_empty() { "none".to_owned() } else { entry.address };
    view! {
        <tr role="row" class="entry">
            <th role="rowheader" scope="row">{number}</th>
            <td role="cell" data-label="Time"><Moment at=entry.at/></td>
            <td role="cell" data-label="Actor">{actor(entry.actor, entry.actor_kind, people)}</td>
            <td role="cell" data-label="Action"><code>{entry.action}</code></td>
            <td role="cell" data-label="Target">{target(entry.target, entry.target_kind)}</td>
            <td role="cell" data-label="Outcome">
                <span class="badge" data-kind=if well { "good" } else { "bad" }>{entry.summary.unwrap_or(entry.outcome)}</span>
                {entry.rule.map(|rule| view! { <span class="muted rule">{rule}</span> })}
            </td>
            <td role="cell" data-label="Surface">{entry.surface}</td>
            <td role="cell" data-label="Correlation">
                <details>
                    <summary><code title=correlation.clone()>{short(&correlation)}</code></summary>
                    <dl>
                        <dt>"Correlation"</dt>
                        <dd><a href=together><code>{correlation.clone()}</code></a></dd>
                        <dt>"Address"</dt>
                        <dd>{address}</dd>
                        <dt>"Changes"</dt>
                        <dd><pre>{changes}</pre></dd>
                    </dl>
                </details>
            </td>
        </tr>
    }
}

/// Who: a link to all they did. Without JavaScript and with, it is an address.
fn actor(id: Option<Uuid>, kind: String, people: &[PersonSummary]) -> AnyView {
    let Some(id) = id else { return kind.into_any() };
    let person = people.iter().find(|person| Uuid::from(person.id) == id);
    let words = person.map_or_else(|| short(&id.to_string()), |person| format!("@{}", person.handle));
    let href = AuditFilter { actor: id.to_string(), ..AuditFilter::default() }.href();
    view! { <a href=href title=id.to_string()><bdi>{words}</bdi></a> }.into_any()
}

/// To what: a link to all that was done to it.
fn target(id: Option<Uuid>, kind: String) -> AnyView {
    let Some(id) = id else { return if kind.is_empty() { "none".into_any() } else { kind.into_any() } };
    let href = AuditFilter { target: id.to_string(), ..AuditFilter::default() }.href();
    view! { <span>{kind} " " <a href=href title=id.to_string()><code>{short(&id.to_string())}</code></a></span> }
        .into_any()
}

/// The end of an id: the beginning is its time, which neighbours share.
fn short(id: &str) -> String {
    format!("…{}", &id[id.len().saturating_sub(12)..])
}
