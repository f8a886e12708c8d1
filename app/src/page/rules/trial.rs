//! What a rule would have changed.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use thunderline::domain::{
    CommunityId, RuleId, Time,
    query::AuditCursor,
    rule::{Example, TRIED_DAYS, Trial},
};

use super::words;
use crate::{
    api::{
        Fault,
        load::load,
        next,
        rule::{Typed, try_rule},
    },
    part::{icon::Icon, moment::Moment},
};

/// The trial of a rule as it is typed.
#[component]
pub(super) fn Tried(community: CommunityId, rule: Option<RuleId>, typed: Typed) -> impl IntoView {
    let query = use_query_map();
    let after = Memo::new(move |_| {
        query.with(|query| {
            let at = query.get_str("at")?.parse().ok()?;
            Some(AuditCursor { at: Time::from_micros(at), id: query.get_str("entry")?.parse().ok()? })
        })
    });
    let trial = load(move || after.get(), move |after| try_rule(community, rule, typed.clone(), after));
    view! {
        <section class="section notice-section" id="trial" aria-labelledby="trial-heading">
            <h2 id="trial-heading">"What it would have changed"</h2>
            <Transition fallback=|| view! { <p class="muted">"Looking through the log…"</p> }>
                {move || trial.get().map(shown)}
            </Transition>
        </section>
    }
}

fn shown(trial: Result<Trial, Fault>) -> AnyView {
    let trial = match trial {
        Ok(trial) => trial,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{said(&fault)}</p> }.into_any();
        }
    };
    let changed = trial.refused + trial.allowed;
    let summary = match (changed, trial.judged) {
        (0, 0) => format!("Nothing of the last {TRIED_DAYS} days that you can see could be judged."),
        (0, judged) => format!("Nothing: {} would have gone as they did.", times(judged)),
        (_, judged) => {
            format!("Of {}, {} would have been refused and {} allowed.", times(judged), trial.refused, trial.allowed)
        }
    };
    let older = trial.next.map(older);
    let examples = trial.examples.into_iter().map(row).collect_view();
    view! {
        <p id="trial-summary">{summary}</p>
        {(trial.unknown > 0)
            .then(|| {
                view! {
                    <p class="muted">
                        {times(trial.unknown)}
                        " could not be judged: whom or what they were about is gone, or has changed since. Judged is by today's roles and channels, and only where you can read."
                    </p>
                }
            })}
        <ul class="cards">{examples}</ul>
        {older.map(|href| view! { <p class="pager"><a class="button" data-kind="quiet" data-size="s" rel="next" href=href>"Look further back"</a></p> })}
    }
    .into_any()
}

fn times(many: i64) -> String {
    if many == 1 { "1 thing".to_owned() } else { format!("{many} things") }
}

pub(super) fn said(fault: &Fault) -> String {
    match &fault.0 {
        thunderline::domain::Error::Invalid { fields } => {
            fields.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.message)).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// The same trial, from where this stretch ends.
fn older(cursor: AuditCursor) -> String {
    let location = use_location();
    let kept = location.query.with_untracked(|known| {
        let kept = known.clone().into_iter().filter(|(name, _)| name != "at" && name != "entry");
        kept.map(|(name, value)| format!("{}={}", next::encode(&name), next::encode(&value))).collect::<Vec<_>>()
    });
    let (path, kept) = (location.pathname.get_untracked(), kept.join("&"));
    format!("{path}?{kept}&at={}&entry={}", cursor.at.micros(), cursor.id)
}

fn row(example: Example) -> impl IntoView {
    let would = if example.was_allowed { "was allowed, would be refused" } else { "was refused, would be allowed" };
    view! {
        <li class="card-row">
            <p class="card-text">
                <span class="card-title"><bdi>{example.person.name}</bdi> ": " {words::doing(example.action)}</span>
                <span class="muted">
                    {example.channel.map(|channel| format!("#{channel}, "))} <Moment at=example.at/> ", " {would}
                </span>
            </p>
        </li>
    }
}
