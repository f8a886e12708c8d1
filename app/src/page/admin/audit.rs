//! `/admin/audit`: who did what, and whether the chain of it stands.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use thunderline::domain::{
    Action, Error, Surface, Time,
    query::{AuditOutcome, ChainState},
};

use super::{Frame, entries::Entries};
use crate::{
    api::{
        audit::{Audit, AuditFilter, open_audit},
        load::load,
        next,
    },
    part::{elapsed::elapsed, failure::Failure, icon::Icon, moment::Moment},
};

impl AuditFilter {
    fn of(query: &ParamsMap) -> Self {
        let field = |name: &str| query.get_str(name).unwrap_or_default().to_owned();
        Self {
            actor: field("actor"),
            target: field("target"),
            correlation: field("correlation"),
            action: field("action"),
            outcome: field("outcome"),
            surface: field("surface"),
            since: field("since"),
            until: field("until"),
            at: field("at"),
            id: field("id"),
        }
    }

    /// The address that asks for this.
    pub(super) fn href(&self) -> String {
        let fields = [
            ("actor", &*self.actor),
            ("target", &self.target),
            ("correlation", &self.correlation),
            ("action", &self.action),
            ("outcome", &self.outcome),
            ("surface", &self.surface),
            ("since", &self.since),
            ("until", &self.until),
            ("at", &self.at),
            ("id", &self.id),
        ];
        next::address("/admin/audit", &fields)
    }
}

/// The audit log.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(AuditFilter::of));
    let audit = load(move || filter.get(), open_audit);
    let page = move || {
        audit.get().map(|audit| match audit {
            Err(fault) => view! { <Failure fault=fault/> }.into_any(),
            Ok(Audit { chain, page, people, wrong, now }) => {
                let filter = filter.get_untracked();
                view! {
                    <Frame title="Audit log" refresh=filter.href()>
                        <Chain chain=chain now=now/>
                        <section class="section">
                            <h2>"Entries"</h2>
                            <Filter filter=filter.clone() wrong=wrong.clone()/>
                            {wrong.is_none().then(|| view! { <Entries page=page people=people filter=filter/> })}
                        </section>
                    </Frame>
                }
                .into_any()
            }
        })
    };
    view! { <Transition fallback=|| ()>{page}</Transition> }
}

/// Where the chain stands.
#[component]
fn Chain(chain: ChainState, now: Time) -> impl IntoView {
    let hash = chain.head.hash.to_string();
    let short = hash[..12].to_owned();
    let waiting = match (chain.unsealed, chain.oldest_unsealed) {
        (0, _) | (_, None) => "none".to_owned(),
        (many, Some(oldest)) => format!("{many}, the oldest for {}", elapsed(now.since(oldest))),
    };
    view! {
        <section class="section">
            <h2>"Chain"</h2>
            <dl class="chain">
                <div>
                    <dt>"Last sealed entry"</dt>
                    <dd>{chain.head.number.to_string()}</dd>
                </div>
                <div>
                    <dt>"Its hash"</dt>
                    <dd><code title=hash>{short} "…"</code></dd>
                </div>
                {(chain.head.number > 0).then(|| view! {
                    <div>
                        <dt>"Sealed"</dt>
                        <dd><Moment at=chain.sealed_at/></dd>
                    </div>
                })}
                <div>
                    <dt>"Not sealed yet"</dt>
                    <dd>{waiting}</dd>
                </div>
                {(chain.archived.number > 0).then(|| view! {
                    <div>
                        <dt>"Archived up to"</dt>
                        <dd>{chain.archived.number.to_string()}</dd>
                    </div>
                })}
            </dl>
            <p class="muted">"Whether it holds is proved on the command line: " <code>"thunderline audit verify"</code></p>
        </section>
    }
}

/// What to look for; a plain form whose answer has an address of its own.
#[component]
fn Filter(filter: AuditFilter, wrong: Option<Error>) -> impl IntoView {
    let wrong_of = |name: &str| wrong.as_ref().and_then(|wrong| wrong.of_field(name)).map(ToOwned::to_owned);
    let field = |name: &'static str, label: &'static str, kind: &'static str, value: String| {
        let wrong = wrong_of(name);
        let (described, invalid) = marks(name, wrong.as_ref());
        // A field for moments would not show what is none.
        let kind = if wrong.is_some() { "text" } else { kind };
        let input = view! {
            <input
                id=format!("filter-{name}")
                name=name
                type=kind
                value=value
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=invalid
            />
        };
        labelled(name, label, wrong, input.into_any())
    };
    let choice = |name: &'static str, label: &'static str, chosen: &str, words: Vec<&'static str>| {
        let wrong = wrong_of(name);
        let (described, invalid) = marks(name, wrong.as_ref());
        let select = view! {
            <select id=format!("filter-{name}") name=name aria-describedby=described aria-invalid=invalid>
                <option value="">"Any"</option>
                {options(chosen, words)}
            </select>
        };
        labelled(name, label, wrong, select.into_any())
    };
    let actions = Action::ALL.iter().map(|action| action.as_str()).collect();
    let outcomes = AuditOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    let surfaces = Surface::ALL.iter().map(|surface| surface.as_str()).collect();
    let elsewhere = misplaced(wrong.as_ref(), &filter);
    view! {
        <form class="filter" method="get" action="/admin/audit" role="search" aria-label="Audit log">
            {field("actor", "Actor (handle or id)", "text", filter.actor)}
            {field("target", "Target (id)", "text", filter.target)}
            {field("correlation", "Correlation (id)", "text", filter.correlation)}
            {choice("action", "Action", &filter.action, actions)}
            {choice("outcome", "Outcome", &filter.outcome, outcomes)}
            {choice("surface", "Surface", &filter.surface, surfaces)}
            {field("since", "From (UTC)", "datetime-local", local(filter.since))}
            {field("until", "Until (UTC)", "datetime-local", local(filter.until))}
            <p class="actions">
                <button class="button" data-kind="primary" type="submit">"Filter"</button>
                <a class="button" data-kind="quiet" href="/admin/audit">"Show all"</a>
            </p>
        </form>
        {elsewhere}
    }
}

/// How assistive technology is told that a field is wrong: by what it is described, and that it is.
fn marks(name: &str, wrong: Option<&String>) -> (Option<String>, Option<&'static str>) {
    (wrong.map(|_| format!("filter-{name}-error")), wrong.map(|_| "true"))
}

/// A field of the filter, with its label and what is wrong with it.
fn labelled(name: &'static str, label: &'static str, wrong: Option<String>, input: AnyView) -> impl IntoView + use<> {
    let error = wrong.map(|wrong| {
        view! {
            <p class="field-error" id=format!("filter-{name}-error")>
                <Icon name="alert"/>
                {format!("{label}: {wrong}.")}
            </p>
        }
    });
    view! {
        <div class="field">
            <label for=format!("filter-{name}")>{label}</label>
            {input}
            {error}
        </div>
    }
}

/// The words there are, and what was asked for, should it be none of them.
fn options(chosen: &str, words: Vec<&'static str>) -> impl IntoView + use<> {
    let unknown = (!chosen.is_empty() && !words.contains(&chosen)).then(|| chosen.to_owned());
    let option = |word: String, selected: bool| {
        let value = word.clone();
        view! { <option value=value selected=selected>{word}</option> }
    };
    let known: Vec<_> = words.into_iter().map(|word| option(word.to_owned(), word == chosen)).collect();
    (unknown.map(|word| option(word, true)), known)
}

/// What is wrong with the place to begin at, which is no field of the form, and the way to begin at the newest.
fn misplaced(wrong: Option<&Error>, filter: &AuditFilter) -> Option<impl IntoView + use<>> {
    let said = |name: &str| wrong.and_then(|wrong| wrong.of_field(name)).map(|wrong| format!("{name}: {wrong}."));
    let said: Vec<String> = ["at", "id"].into_iter().filter_map(said).collect();
    let newest = AuditFilter { at: String::new(), id: String::new(), ..filter.clone() }.href();
    (!said.is_empty()).then(|| {
        view! {
            <p class="field-error" role="alert">
                <Icon name="alert"/>
                <span>"This address names no place in the log. " {said.join(" ")} " " <a href=newest>"Begin at the newest"</a></span>
            </p>
        }
    })
}

/// A moment as a browser's field shows it: without the zone, and never a day alone.
fn local(text: String) -> String {
    match text.strip_suffix('Z') {
        Some(bare) => bare.to_owned(),
        None if !text.is_empty() && !text.contains('T') => format!("{text}T00:00"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_was_looked_for() {
        assert_eq!(AuditFilter::default().href(), "/admin/audit");
        let filter = AuditFilter { actor: "ana&bo".to_owned(), outcome: "done".to_owned(), ..AuditFilter::default() };
        assert_eq!(filter.href(), "/admin/audit?actor=ana%26bo&outcome=done");
    }

    #[test]
    fn a_moment_of_an_address_fits_a_browsers_field() {
        assert_eq!(local("2026-11-22T09:10:00Z".to_owned()), "2026-11-22T09:10:00");
        assert_eq!(local("2026-11-22".to_owned()), "2026-11-22T00:00");
        assert_eq!(local("2026-11-22T09:10".to_owned()), "2026-11-22T09:10");
        assert_eq!(local(String::new()), "");
    }
}
