//! One webhook of the list: where it leads, what came of its latest delivery, and what can be done with it.

use leptos::prelude::*;
use thunderline::domain::webhook::{DeliveryOutcome, Webhook};

use super::{
    confirm::Confirm,
    form::{ErrorSummary, Form, Named, Refusal, Submit},
    icon::Icon,
    moment::Moment,
};
use crate::{
    api::{
        Flash,
        webhook::{CHOICES, DeleteWebhook, EditWebhook, TestWebhook},
    },
    dom,
    page::{
        admin::letter_href,
        chat::use_shown,
        webhooks::{Again, Choices},
    },
};

/// A webhook.
#[component]
pub fn WebhookCard(
    /// Which.
    webhook: Webhook,
) -> impl IntoView {
    let id = webhook.id.to_string();
    let anchor = format!("webhook-{id}");
    let maker = webhook.created_by.name.clone();
    let chooser = (webhook.url_by.id != webhook.created_by.id).then(|| webhook.url_by.name.clone());
    let url = webhook.url.clone();
    view! {
        <li class="webhook" id=anchor>
            <h2 class="webhook-url">
                <bdi>{url.clone()}</bdi>
                {(!webhook.active).then(|| view! { " " <span class="badge">"off"</span> })}
            </h2>
            <p class="muted">"Added by " <bdi>{maker}</bdi> ", " <Moment at=webhook.created_at/>
                {chooser.map(|name| view! { "; address by " <bdi>{name}</bdi> })}
            </p>
            <Stopped webhook=webhook.clone()/>
            <Outcome outcome=webhook.outcome.clone()/>
            <Line webhook=webhook.clone()/>
            {webhook.dead_letter.map(|record| view! {
                <p><a href=letter_href(record)>"What was given up last, in the console"</a></p>
            })}
            <details>
                <summary>"Secret"</summary>
                <p class="muted">
                    "Each request carries X-Thunderline-Signature: sha256= and the HMAC-SHA-256, under this secret, of the header X-Thunderline-Timestamp, a dot and the body."
                </p>
                <p><code class="secret">{webhook.secret.clone()}</code></p>
            </details>
            <Edit webhook=webhook/>
            <div class="actions">
                <Test id=id.clone() url=url.clone()/>
                <Delete id=id url=url/>
            </div>
        </li>
    }
}

/// What came of the latest delivery: the first thing to look at when something did not arrive.
#[component]
fn Outcome(outcome: Option<DeliveryOutcome>) -> impl IntoView {
    let Some(outcome) = outcome else {
        return view! { <p class="muted">"Nothing has been sent yet."</p> }.into_any();
    };
    let tries = if outcome.attempts == 1 { "1 attempt".to_owned() } else { format!("{} attempts", outcome.attempts) };
    let (kind, icon) = if outcome.done && outcome.error.is_none() { ("good", "check") } else { ("bad", "alert") };
    let words = match (outcome.error, outcome.status) {
        (Some(reason), _) if outcome.done => format!("was not sent: {reason}."),
        (Some(error), _) => format!("did not arrive: it {error}."),
        (None, Some(status)) => format!("arrived and was answered with {status}."),
        (None, None) => "arrived.".to_owned(),
    };
    view! {
        <div class="notice" data-kind=kind>
            <Icon name=icon/>
            <p>
                "The latest event, "
                <code>{outcome.name}</code>
                ", "
                {words}
                <span class="outcome-more">
                    {tries} ", " <Moment at=outcome.at/> ", delivery " <code>{outcome.event.to_string()}</code>
                </span>
            </p>
        </div>
    }
    .into_any()
}

/// That the server has switched it off, and the one click that switches it on again.
#[component]
fn Stopped(webhook: Webhook) -> impl IntoView {
    let id = webhook.id.to_string();
    let edit = ServerAction::<EditWebhook>::new();
    expect_context::<Again>().after(*edit);
    let form = Form::new(edit, flash_of(&id).as_ref());
    webhook.stopped_at.filter(|_| !webhook.active).map(|at| {
        let told = CHOICES.iter().filter(|(.., events)| events.iter().any(|event| webhook.events.contains(event)));
        let boxes = told.map(|(name, ..)| view! { <input type="hidden" name=*name value="true"/> }).collect_view();
        view! {
            <div class="notice" data-kind="bad">
                <Icon name="alert"/>
                <div>
                    <p>
                        "Switched off by the server, " <Moment at=at/>
                        ": its receiver could not be reached for an hour, or fell too far behind. What happened meanwhile is not sent."
                    </p>
                    <ActionForm action=edit>
                        <input type="hidden" name="webhook" value=id/>
                        <input type="hidden" name="url" value=webhook.url.clone()/>
                        {boxes}
                        <input type="hidden" name="active" value="true"/>
                        <Submit form=form kind="primary" size="s">"Switch on again" <span class="vh">" " {webhook.url}</span></Submit>
                        <Refusal form=form/>
                    </ActionForm>
                </div>
            </div>
        }
    })
}

/// How many events wait for it, and what failed last, if that is not the latest event.
#[component]
fn Line(webhook: Webhook) -> impl IntoView {
    let waiting = match webhook.waiting {
        0 => "No event waits.".to_owned(),
        1 => "1 event waits to be sent.".to_owned(),
        many => format!("{many} events wait to be sent, one after the other."),
    };
    let latest = webhook.outcome.map(|outcome| outcome.event);
    let failure = webhook.failure.filter(|failure| Some(failure.event) != latest).map(|failure| {
        view! {
            " The last that did not arrive, " <Moment at=failure.at/> ": it " {failure.error.unwrap_or_default()} "."
        }
    });
    view! { <p class="muted">{waiting} {failure}</p> }
}

/// What a plain form of this webhook said when it was refused.
fn flash_of(id: &str) -> Option<Flash> {
    use_shown().with_untracked(|opened| Flash::about(opened.flash.as_ref(), "webhook", id).cloned())
}

#[component]
fn Edit(webhook: Webhook) -> impl IntoView {
    // One of several on the page: they are named, and nothing leads to them.
    const FIELDS: &[Named] = &[("url", "Address", ""), ("events", "Events", "")];
    let id = webhook.id.to_string();
    let edit = ServerAction::<EditWebhook>::new();
    expect_context::<Again>().after(*edit);
    let form = Form::new(edit, flash_of(&id).as_ref());
    let active = if form.has_typed() { form.typed("active", String::new()) == "true" } else { webhook.active };
    let (url, input) = (form.typed("url", webhook.url), format!("edit-{id}-url"));
    view! {
        <details open=form.has_typed()>
            <summary>"Change"</summary>
            <ActionForm action=edit attr:class="form">
                <ErrorSummary form=form heading="The webhook was not changed" fields=FIELDS/>
                <input type="hidden" name="webhook" value=id.clone()/>
                <div class="field">
                    <label for=input.clone()>"Address"</label>
                    <input id=input name="url" type="text" required=true maxlength="2000" autocapitalize="none" spellcheck="false" value=url/>
                </div>
                <Choices form=form chosen=webhook.events prefix=format!("edit-{id}")/>
                <label class="choice">
                    <input type="checkbox" name="active" value="true" checked=active/>
                    <span class="choice-text">"Send events"</span>
                </label>
                <p class="actions">
                    <Submit form=form kind="primary" size="s">"Save"</Submit>
                </p>
            </ActionForm>
        </details>
    }
}

#[component]
fn Test(id: String, url: String) -> impl IntoView {
    let test = ServerAction::<TestWebhook>::new();
    expect_context::<Again>().after(*test);
    let form = Form::new(test, flash_of(&id).as_ref());
    view! {
        <ActionForm action=test>
            <input type="hidden" name="webhook" value=id/>
            <Submit form=form size="s">"Send a test" <span class="vh">" to " {url}</span></Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}

#[component]
fn Delete(id: String, url: String) -> impl IntoView {
    let delete = ServerAction::<DeleteWebhook>::new();
    expect_context::<Again>().after(*delete);
    Effect::new(move |_| {
        if delete.value().with(|value| matches!(value, Some(Ok(())))) {
            // What the focus was on is gone.
            dom::page::focus("main");
        }
    });
    let form = Form::new(delete, flash_of(&id).as_ref());
    let (prefix, id) = (format!("delete-{id}"), StoredValue::new(id));
    view! {
        <Confirm
            id=prefix
            word="Delete"
            what=url
            question="Delete this webhook?"
            consequence="It is told nothing more, and what is known of its deliveries goes with it."
            open=form.error().with_untracked(Option::is_some)
        >
            <ActionForm action=delete>
                <input type="hidden" name="webhook" value=id.get_value()/>
                <Submit form=form kind="danger" size="s">"Delete it"</Submit>
                <Refusal form=form/>
            </ActionForm>
        </Confirm>
    }
}
