//! `/settings/sessions`: where one is signed in.

use leptos::prelude::*;
use thunderline::domain::account::SessionSummary;

use super::{again_after, framed};
use crate::{
    api::{
        Flash,
        account::{RevokeSession, Settings},
    },
    part::{
        form::{Form, Refusal, Submit},
        icon::Icon,
        moment::Moment,
    },
};

/// One's sessions.
#[component]
pub fn SessionsPage() -> impl IntoView {
    framed("Sessions", |settings| {
        let Settings { sessions, flash, .. } = settings;
        let rows =
            sessions.into_iter().map(|session| view! { <Session session=session flash=flash.clone()/> }).collect_view();
        view! {
            <section class="section">
                <h2>"Where you are signed in"</h2>
                <ul class="cards">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

#[component]
fn Session(session: SessionSummary, flash: Option<Flash>) -> impl IntoView {
    let name = browser(&session.agent);
    let icon = if is_phone(&session.agent) { "smartphone" } else { "monitor" };
    let from = (!session.address.is_empty()).then(|| format!(" from {}", session.address));
    view! {
        <li class="card-row">
            <Icon name=icon/>
            <p class="card-text">
                <span class="card-title">
                    {name.clone()} {session.current.then(|| view! { " " <span class="badge" data-kind="good">"this one"</span> })}
                </span>
                <span class="muted">
                    {if session.current {
                        "Active now".into_any()
                    } else {
                        view! { "Last seen " <Moment at=session.seen_at/> }.into_any()
                    }}
                    {from}
                </span>
            </p>
            {if session.current {
                view! {
                    <form method="post" action="/api/sign_out">
                        <button class="button" data-size="s" type="submit">"Sign out"</button>
                    </form>
                }
                    .into_any()
            } else {
                view! { <Revoke session=session name=name flash=flash/> }.into_any()
            }}
        </li>
    }
}

#[component]
fn Revoke(session: SessionSummary, name: String, flash: Option<Flash>) -> impl IntoView {
    let revoke = ServerAction::<RevokeSession>::new();
    again_after(*revoke);
    let form = Form::new(revoke, Flash::about(flash.as_ref(), "session", &session.id.to_string()));
    view! {
        <ActionForm action=revoke>
            <input type="hidden" name="session" value=session.id.to_string()/>
            <Submit form=form kind="danger" size="s">"Sign out" <span class="vh">" " {name}</span></Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}

fn is_phone(agent: &str) -> bool {
    ["Android", "iPhone", "Mobile"].iter().any(|word| agent.contains(word))
}

/// What a User-Agent says, in words: every browser claims to be the ones before it, so the later names decide.
fn browser(agent: &str) -> String {
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if agent.is_empty() => "An unknown browser".to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_by_what_it_is_and_not_by_what_it_claims_to_be() {
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Safari/537.36 Edg/120";
        assert_eq!(browser(edge), "Edge on Windows");
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604";
        assert_eq!(browser(phone), "Safari on iPhone");
        assert!(is_phone(phone));
        assert_eq!(browser("curl/8.5"), "curl/8.5");
        assert_eq!(browser(""), "An unknown browser");
    }
}
