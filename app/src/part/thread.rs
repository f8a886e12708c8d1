//! The panel of a thread beside a conversation.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use thunderline::domain::{
    MessageId,
    query::{Span, ThreadView},
};
use wasm_bindgen::JsCast;

use super::{conversation::Thread, head::IconLink, icon::Icon, toast::ToastKind};
use crate::{
    api::{Fault, load::load, thread::open_thread},
    dom,
    page::chat::use_shown,
    state::use_client,
};

/// A thread, by the message it began with or one of its replies.
#[component]
pub fn ThreadPanel(
    /// Which.
    message: MessageId,
) -> impl IntoView {
    let shown = use_shown();
    let query = use_query_map();
    let (at, span) = query.with_untracked(|query| {
        let id = |key: &str| query.get_str(key).and_then(|id| id.parse::<MessageId>().ok());
        let place = |key: &str| query.get_str(key).and_then(|place| place.parse::<i64>().ok());
        let at = id("at").or_else(|| id("react"));
        let span = match (place("earlier"), place("later"), at.or_else(|| id("edit")).or_else(|| id("delete"))) {
            (Some(position), ..) => Span::Before { position },
            (_, Some(position), _) => Span::After { position },
            (.., Some(at)) if at != message || id("thread").is_none() => Span::Around { message: at },
            _ => Span::Latest,
        };
        (at, span)
    });
    let read = load(move || (message, span), |(message, span)| open_thread(message, span));
    let path = shown.with_untracked(|opened| opened.channel_path());
    let away = path.clone();
    let navigate = use_navigate();
    let close = move |event: KeyboardEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let asked = target.is_some_and(|target| target.closest("dialog").is_ok_and(|dialog| dialog.is_some()));
        if event.key() == "Escape" && !event.default_prevented() && !asked {
            event.prevent_default();
            // A link to a reply opens its thread without naming it.
            let named = query.with_untracked(|query| query.get_str("thread").is_some());
            let to = if named { dom::page::with_thread(None) } else { away.clone() };
            navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
            // Back to where it came from.
            let root = read.get_untracked().and_then(Result::ok).map_or(message, |view| view.root.id);
            request_animation_frame(move || dom::page::focus(&format!("m-{root}")));
        }
    };
    view! {
        <aside class="panel thread" id="panel" aria-labelledby="panel-title" on:keydown=close>
            <Transition fallback=|| view! { <p class="panel-body muted">"Opening the thread…"</p> }>
                {move || read.get().map(|read| opened(read, &path, at))}
            </Transition>
        </aside>
    }
}

fn opened(read: Result<ThreadView, Fault>, path: &str, at: Option<MessageId>) -> AnyView {
    let shown = use_shown();
    let path = path.to_owned();
    let view = match read {
        Ok(view) if shown.with_untracked(|opened| opened.channel_id()) == Some(view.root.channel) => view,
        other => {
            let error = other.err().filter(|fault| fault.0 != thunderline::domain::Error::NotFound);
            let words = error.map_or_else(|| "There is no such thread here.".to_owned(), |fault| fault.to_string());
            return view! {
                <PanelHead path=path follow=None/>
                <p class="panel-body field-error" role="alert">
                    <Icon name="alert"/>
                    {words}
                </p>
            }
            .into_any();
        }
    };
    let Some((channel, may)) =
        shown.with_untracked(|opened| opened.channel.as_ref().map(|c| (c.channel.clone(), c.may)))
    else {
        return ().into_any();
    };
    let (edit, react, delete, flash, fresh) = shown.with_untracked(|opened| {
        let react = opened.place.react.map(|message| (message, opened.reactors.clone()));
        (opened.editing.clone(), react, opened.place.delete, opened.flash.clone(), opened.fresh)
    });
    let follow = channel.joined().then_some((view.root.id, view.following));
    view! {
        <PanelHead path=path.clone() follow=follow/>
        <Thread view=view channel=channel may=may address=path at=at edit=edit react=react delete=delete flash=flash fresh=fresh/>
    }
    .into_any()
}

/// What the panel is, whether one follows it, and the way out.
#[component]
fn PanelHead(path: String, follow: Option<(MessageId, bool)>) -> impl IntoView {
    view! {
        <header class="panel-head">
            <h2 id="panel-title">"Thread"</h2>
            {follow.map(|(thread, following)| view! { <Follow thread=thread following=following/> })}
            <IconLink href=path icon="x" title="Close the thread"/>
        </header>
    }
}

/// Whether one is told of new replies.
#[component]
fn Follow(thread: MessageId, following: bool) -> impl IntoView {
    let client = use_client();
    let following = RwSignal::new(following);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = !following.get_untracked();
        spawn_local(async move {
            match client.follow(thread, wanted).await {
                Ok(()) => {
                    following.try_set(wanted);
                }
                Err(error) => client.toasts().show(ToastKind::Bad, error.to_string()),
            }
        });
    };
    let words = move || if following.get() { "Following" } else { "Follow" };
    let title = move || {
        if following.get() { "You are told of new replies" } else { "You are not told of new replies" }
    };
    view! {
        <form class="follow" method="post" action="/api/follow_thread" on:submit=submit>
            <input type="hidden" name="message" value=thread.to_string()/>
            <input type="hidden" name="following" value=move || (!following.get()).to_string()/>
            <button
                class="button"
                data-kind="quiet"
                data-size="s"
                type="submit"
                title=title
                aria-pressed=move || following.get().to_string()
            >
                {move || view! { <Icon name=if following.get() { "bell" } else { "bell-off" }/> }}
                {words}
            </button>
        </form>
    }
}
