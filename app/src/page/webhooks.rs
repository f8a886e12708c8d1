//! `/c/<community>/webhooks`: where the community's events are sent, and whether they arrive.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use thunderline::domain::{
    CommunityId,
    webhook::{Webhook, WebhookEvent},
};
use wasm_bindgen::JsCast;

use super::chat::{use_refresh, use_shown};
use crate::{
    api::{
        Fault,
        load::load,
        webhook::{CHOICES, CreateWebhook, list_webhooks},
    },
    part::{
        field::Field,
        form::{ErrorSummary, Form, Named, Submit},
        head::PageHead,
        icon::Icon,
        title::PageTitle,
        webhook::WebhookCard,
    },
};

const FIELDS: &[Named] = &[("url", "Address", "webhook-url"), ("events", "Events", "webhook-posted")];
/// After a test it takes a moment until it is known what came of it.
const LATER: Duration = Duration::from_secs(2);

/// Reads the list again.
#[derive(Clone, Copy)]
pub struct Again(RwSignal<u32>);

impl Again {
    /// Reads again when `action` has gone well, and once more a little later.
    pub fn after<I, O>(self, action: Action<I, Result<O, Fault>>)
    where
        I: Send + Sync + 'static,
        O: Send + Sync + 'static,
    {
        let times = self.0;
        Effect::new(move |_| {
            if action.value().with(|value| matches!(value, Some(Ok(_)))) {
                times.update(|times| *times += 1);
                set_timeout(
                    move || {
                        // The page may be gone by then.
                        let _ = times.try_update(|times| *times += 1);
                    },
                    LATER,
                );
            }
        });
    }
}

/// The webhooks.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let shown = use_shown();
    let community = Memo::new(move |_| shown.with(|opened| opened.community.clone()));
    view! {
        <PageTitle text=Signal::derive(move || community.with(|c| c.as_ref().map(|c| format!("Webhooks · {}", c.community.name)).unwrap_or_default()))/>
        {move || match community.get() {
            Some(open) if open.may.manage_webhooks => {
                view! {
                    <main class="conversation" id="main" tabindex="-1">
                        <PageHead
                            back=format!("/c/{}", open.community.slug)
                            back_to=format!("Back to {}", open.community.name)
                            always=true
                        >
                            "Webhooks"
                        </PageHead>
                        <div class="sheet">
                            <p class="lede">
                                "Another program hears of what happens here: each event is sent to an address you choose, signed with the webhook's secret."
                            </p>
                            <List community=open.community.id/>
                        </div>
                    </main>
                }
                    .into_any()
            }
            // Nobody else gets here.
            _ => ().into_any(),
        }}
    }
}

#[component]
fn List(community: CommunityId) -> impl IntoView {
    let again = RwSignal::new(0_u32);
    provide_context(Again(again));
    let query = use_query_map();
    let tested = move || query.with(|query| query.get_str("done") == Some("tested"));
    let webhooks = load(move || again.get(), move |_| list_webhooks(community));
    view! {
        {move || {
            tested().then(|| {
                view! {
                    <div class="notice" data-kind="good" role="status">
                        <Icon name="check"/>
                        <p>"The test is on its way. Load this page again to see what came of it."</p>
                    </div>
                }
            })
        }}
        <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
            {move || webhooks.get().map(rows)}
        </Transition>
        <section class="section">
            <h2>"Add a webhook"</h2>
            <CreateForm community=community again=Again(again)/>
        </section>
    }
}

fn rows(webhooks: Result<Vec<Webhook>, Fault>) -> AnyView {
    match webhooks {
        Ok(webhooks) if webhooks.is_empty() => {
            view! { <p class="muted">"There is no webhook yet. Add the first one below."</p> }.into_any()
        }
        Ok(webhooks) => {
            let rows = webhooks.into_iter().map(|webhook| view! { <WebhookCard webhook=webhook/> }).collect_view();
            view! { <ul class="cards">{rows}</ul> }.into_any()
        }
        Err(fault) => {
            view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }.into_any()
        }
    }
}

#[component]
fn CreateForm(community: CommunityId, again: Again) -> impl IntoView {
    let shown = use_shown();
    let create = ServerAction::<CreateWebhook>::new();
    // The next one needs an id of its own.
    use_refresh().after(*create);
    again.after(*create);
    Effect::new(move |_| {
        if create.value().with(|value| matches!(value, Some(Ok(_)))) {
            clear("new-webhook");
        }
    });
    let form = shown.with_untracked(|opened| Form::new(create, opened.flash.as_ref()));
    view! {
        <ActionForm action=create attr:class="form" attr:id="new-webhook">
            <ErrorSummary form=form heading="The webhook was not added" fields=FIELDS/>
            <input type="hidden" name="id" value=move || shown.with(|opened| opened.fresh.to_string())/>
            <input type="hidden" name="community" value=community.to_string()/>
            <Field
                form=form
                id="webhook-url"
                name="url"
                label="Address"
                hint="Where events are sent, such as https://example.com/hook"
                maxlength=2000
            />
            <Choices form=form chosen=vec![WebhookEvent::MessagePosted] prefix="webhook".to_owned()/>
            <p class="actions">
                <Submit form=form kind="primary">"Add webhook"</Submit>
            </p>
        </ActionForm>
    }
}

/// The events a webhook is told of.
#[component]
pub fn Choices(
    /// The form.
    form: Form,
    /// Those it is told of so far.
    chosen: Vec<WebhookEvent>,
    /// What the ids of the boxes begin with.
    prefix: String,
) -> impl IntoView {
    let typed = form.has_typed();
    let boxes = CHOICES.iter().map(move |(name, label, events)| {
        let checked = if typed {
            form.typed(name, String::new()) == "true"
        } else {
            events.iter().any(|event| chosen.contains(event))
        };
        view! {
            <label class="choice">
                <input type="checkbox" id=format!("{prefix}-{name}") name=*name value="true" checked=checked/>
                <span class="choice-text">{*label}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field choices">
            <legend>"Send when"</legend>
            {boxes.collect_view()}
        </fieldset>
    }
}

/// Empties a form, also of what was typed into it.
fn clear(id: &str) {
    let form = document().get_element_by_id(id).and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    if let Some(form) = form {
        form.reset();
    }
}
