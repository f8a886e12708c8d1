//! The panel of what is pinned in the open channel.

use leptos::{ev::SubmitEvent, prelude::*};
use thunderline::{
    domain::pin::{PINS_PER_CHANNEL, Pin},
    view::body,
};

use super::{head::IconLink, icon::Icon, moment::Moment};
use crate::{
    api::{Fault, load::load, pin::list_pins},
    dom::page,
    page::chat::use_shown,
    state::use_client,
};

/// How many characters of a pinned message are shown.
const SHOWN: usize = 300;

/// What is pinned, the latest pin first.
#[component]
pub fn PinsPanel() -> impl IntoView {
    let shown = use_shown();
    let changed = use_client().order_kept();
    let channel = Memo::new(move |_| shown.with(|opened| opened.channel_id()));
    let pins = load(
        move || (channel.get(), changed.get()),
        |(channel, _)| async move {
            match channel {
                Some(channel) => list_pins(channel).await,
                None => Ok(Vec::new()),
            }
        },
    );
    let path = StoredValue::new(shown.with_untracked(|opened| opened.channel_path()));
    let may = shown.with_untracked(|opened| opened.channel.as_ref().is_some_and(|channel| channel.may.pin));
    view! {
        <aside class="panel" id="panel" tabindex="-1" aria-labelledby="panel-title">
            <header class="panel-head">
                <h2 id="panel-title">"Pinned messages"</h2>
                <IconLink href=path.get_value() icon="x" title="Close pinned messages"/>
            </header>
            <div class="panel-body">
                <Transition fallback=|| view! { <p class="muted">"Reading the list…"</p> }>
                    {move || pins.get().map(|pins| list(pins, path, may))}
                </Transition>
            </div>
        </aside>
    }
}

fn list(pins: Result<Vec<Pin>, Fault>, path: StoredValue<String>, may: bool) -> AnyView {
    let pins = match pins {
        Ok(pins) => pins,
        Err(fault) => {
            return view! { <p class="field-error" role="alert"><Icon name="alert"/>{fault.to_string()}</p> }
                .into_any();
        }
    };
    if pins.is_empty() {
        return view! {
            <div class="empty">
                <Icon name="pin"/>
                <h3>"Nothing is pinned"</h3>
                <p>
                    {if may {
                        "Keep at hand what people look for again and again: press the pin on a message."
                    } else {
                        "What is pinned here stays at hand for everybody who reads the channel."
                    }}
                </p>
            </div>
        }
        .into_any();
    }
    let full = i64::try_from(pins.len()).is_ok_and(|many| many >= PINS_PER_CHANNEL);
    view! {
        <ul class="pins">{pins.into_iter().map(|pin| view! { <Pinned pin=pin path=path may=may/> }).collect_view()}</ul>
        {full.then(|| view! { <p class="muted">{format!("{PINS_PER_CHANNEL} are pinned; that is the limit.")}</p> })}
    }
    .into_any()
}

#[component]
fn Pinned(pin: Pin, path: StoredValue<String>, may: bool) -> impl IntoView {
    let Pin { message, person, at } = pin;
    let (id, author) = (message.id, message.author.name.clone());
    let jump = path.with_value(|path| format!("{path}?at={id}#m-{id}"));
    view! {
        <li class="pin">
            <p class="pin-head">
                <span class="author">{author.clone()}</span>
                <span class="muted"><Moment at=message.created_at/></span>
            </p>
            <p class="pin-text" dir="auto">{body::words(&message.html, SHOWN)}</p>
            <p class="pin-by">
                <Icon name="pin"/>
                <span>"Pinned by " <bdi>{person.name}</bdi> ", " <Moment at=at/></span>
            </p>
            <div class="actions">
                <a class="button" data-kind="quiet" data-size="s" href=jump>
                    "Jump"
                    <span class="vh">{format!(" to the message of {author}")}</span>
                </a>
                {may.then(|| view! { <Unpin id=id of=message.author.name.clone()/> })}
            </div>
        </li>
    }
}

#[component]
fn Unpin(id: thunderline::domain::MessageId, of: String) -> impl IntoView {
    let client = use_client();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        client.pin(id, false);
        // The row goes away: the focus stays in the list.
        page::focus("panel");
    };
    view! {
        <form method="post" action="/api/unpin_message" on:submit=submit>
            <input type="hidden" name="message" value=id.to_string()/>
            <input type="hidden" name="listed" value="true"/>
            <button class="button" data-kind="quiet" data-size="s" type="submit">
                "Unpin"
                <span class="vh">{format!(" the message of {of}")}</span>
            </button>
        </form>
    }
}
