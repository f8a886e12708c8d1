//! Everything under `/c`, and the inbox: the shell stands still, what is in it changes.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location, params::ParamsMap};
use thunderline::view::Shell;

use super::following::FollowChannel;
use crate::{
    api::{
        Fault, Opened, Place,
        load::{Loaded, load},
        opened::{Duty, open},
    },
    part::{
        aside::fetch_at_first_sign, channels::ChannelColumn, failure::Failure, palette::Palette, rail::Rail,
        removed::Removed, shortcuts::Shortcuts, skips::Skips,
    },
    state::use_client,
};

/// Pages under a community that are not channels.
const RESERVED: [&str; 7] = ["new-channel", "new-message", "members", "moderation", "search", "settings", "webhooks"];

/// What the page shows now: the last answer that was good.
#[derive(Clone, Copy)]
pub struct Shown(Signal<Arc<Opened>>);

/// Asks for the page afresh, after something changed that the feed does not tell.
#[derive(Clone, Copy)]
pub struct Refresh(RwSignal<u32>);

impl Refresh {
    /// Asks again when `action` has gone well.
    pub fn after<I, O, E>(self, action: Action<I, Result<O, E>>)
    where
        I: Send + Sync + 'static,
        O: Send + Sync + 'static,
        E: Send + Sync + 'static,
    {
        Effect::new(move |_| {
            if action.value().with(|value| matches!(value, Some(Ok(_)))) {
                self.0.update(|times| *times += 1);
            }
        });
    }
}

/// What the page under `/c` shows now.
///
/// # Panics
/// Outside of [`Chat`].
pub fn use_shown() -> Signal<Arc<Opened>> {
    expect_context::<Shown>().0
}

/// How to ask for the page afresh.
///
/// # Panics
/// Outside of [`Chat`].
pub fn use_refresh() -> Refresh {
    expect_context()
}

/// The place an address names; `None` outside of the shell. The inbox is of no community.
fn place(path: &str, query: &ParamsMap) -> Option<Place> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match parts.next() {
        Some("c") => {}
        Some("inbox") => return Some(Place::default()),
        _ => return None,
    }
    let community = parts.next().map(ToOwned::to_owned);
    let page = parts.next();
    let channel = page.filter(|slug| !RESERVED.contains(slug)).map(ToOwned::to_owned);
    let number = |key: &str| query.get_str(key).and_then(|text| text.parse().ok());
    let message = |key: &str| query.get_str(key).and_then(|text| text.parse().ok());
    let whole = parts.next().is_none();
    let duty = match page {
        Some("moderation") if whole => Some(Duty::Moderation),
        Some("webhooks") if whole => Some(Duty::Webhooks),
        _ => None,
    };
    if channel.is_none() || !whole {
        return Some(Place { community, channel, duty, ..Place::default() });
    }
    Some(Place {
        community,
        channel,
        duty,
        at: message("at"),
        before: number("before"),
        after: number("after"),
        edit: message("edit"),
        react: message("react"),
        flag: message("flag"),
        delete: message("delete"),
    })
}

/// How the page stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stand {
    Loading,
    Ready,
    Refused(Fault),
}

/// The page under `/c`: reads it, then shows the shell, or what is there in its place.
#[component]
pub fn Chat() -> impl IntoView {
    let client = use_client();
    let location = use_location();
    let refresh = RwSignal::new(0_u32);
    provide_context(Refresh(refresh));
    // On the way out of /c the last place stands: nothing is read for a page that goes.
    let place = Memo::new(move |last: Option<&Place>| {
        place(&location.pathname.get(), &location.query.get()).or_else(|| last.cloned()).unwrap_or_default()
    });
    let standing = client.standing();
    let answer = load(
        move || (place.get(), refresh.get(), standing.get()),
        move |(place, ..)| async move {
            let answer = open(place).await;
            if let Ok(opened) = &answer {
                client.open(opened);
            }
            answer.map(Arc::new)
        },
    );
    view! {
        <Transition fallback=Loading>
            <Stands answer=answer/>
        </Transition>
        <Removed/>
    }
}

/// Before anything is there; only ever seen when one comes from another page in the browser.
#[component]
fn Loading() -> impl IntoView {
    view! {
        <div class="shell" data-view="page" data-bare="" aria-busy="true">
            <main class="conversation" id="main" tabindex="-1">
                <h1 class="vh">"Opening"</h1>
            </main>
        </div>
    }
}

#[component]
fn Stands(answer: Loaded<Result<Arc<Opened>, Fault>>) -> impl IntoView {
    let last = Memo::new(move |before: Option<&Option<Arc<Opened>>>| match answer.get() {
        Some(Ok(opened)) => Some(opened),
        Some(Err(_)) => None,
        None => before.cloned().flatten(),
    });
    let stand = Memo::new(move |_| match answer.get() {
        Some(Err(fault)) => Stand::Refused(fault),
        _ if last.with(Option::is_some) => Stand::Ready,
        _ => Stand::Loading,
    });
    move || match stand.get() {
        Stand::Loading => ().into_any(),
        Stand::Refused(fault) => view! { <Failure fault=fault/> }.into_any(),
        Stand::Ready => last
            .get_untracked()
            .map(|first| {
                Suspend::new(async move {
                    after_the_look().await;
                    view! { <Frame first=first last=last/> }
                })
            })
            .into_any(),
    }
}

/// The server looks through a page for what it has to wait for before it draws it, and looking draws it, too. In the
/// frame there is nothing to wait for that has no fallback of its own: it is not there yet when the server looks, and
/// is drawn once.
#[cfg(feature = "ssr")]
async fn after_the_look() {
    use std::task::Poll;

    let mut looked = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut looked, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A browser does not look first.
#[cfg(not(feature = "ssr"))]
fn after_the_look() -> std::future::Ready<()> {
    std::future::ready(())
}

/// The columns.
#[component]
fn Frame(first: Arc<Opened>, last: Memo<Option<Arc<Opened>>>) -> impl IntoView {
    let client = use_client();
    // In the browser's first rendering the answer came with the page, and nobody has handed it over yet.
    if client.shell().with_untracked(Option::is_none) {
        client.open(&first);
    }
    // A refusal leaves the frame standing until it is taken away: keep what was there.
    let shown =
        Memo::new(move |before: Option<&Arc<Opened>>| last.get().unwrap_or_else(|| before.unwrap_or(&first).clone()));
    provide_context(Shown(shown.into()));

    let live = client.shell();
    let shell: Signal<Shell> =
        Memo::new(move |_| live.get().unwrap_or_else(|| shown.with(|opened| opened.shell()))).into();

    let location = use_location();
    let here = Memo::new(move |_| place(&location.pathname.get(), &ParamsMap::new()).unwrap_or_default());
    let community = Signal::derive(move || here.with(|here| here.community.clone()));
    let channel = Signal::derive(move || here.with(|here| here.channel.clone()));
    // The column belongs to the community that was read; while another is on its way the address is ahead.
    let has_column = Memo::new(move |_| shell.with(|shell| shell.open.is_some()));
    // Who is not a member is shown the community itself, with the way in, also where there is room for one column.
    let outside = Memo::new(move |_| shell.with(|s| s.open.as_ref().is_some_and(|open| open.community.role.is_none())));
    let view = Memo::new(move |_| match view_of(&location.pathname.get()) {
        "community" if outside.get() => "page",
        view => view,
    });
    let silenced = client.silenced_until();
    Effect::new(move |_| {
        if let Some(until) = silenced.get() {
            client.wait_out(until);
        }
    });
    fetch_at_first_sign();
    let bare = move || (!has_column.get()).then_some("");

    view! {
        <Skips
            main=Signal::derive(move || if view.get() == "channel" { "conversation" } else { "content" })
            composer=Signal::derive(move || view.get() == "channel" && shown.with(|o| o.channel.as_ref().is_some_and(|c| c.may.post)))
            channels=Signal::derive(move || has_column.get())
        />
        <div class="shell" data-view=move || view.get() data-bare=bare data-panel=move || {
            panel(&location.search.get()).or_else(|| shown.with(|opened| opened.thread.map(|_| "thread")))
        }>
            <Rail shell=shell open=community/>
            {move || has_column.get().then(|| view! { <ChannelColumn shell=shell open=channel/> })}
            <FocusMain/>
            <FollowChannel/>
            <Outlet/>
        </div>
        <Palette shell=shell/>
        <Shortcuts shell=shell open=channel/>
    }
    .into_any()
}

/// Which of the three arrangements the style knows: a conversation, a community's list, or any other page.
fn view_of(path: &str) -> &'static str {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["c", _] => "community",
        ["c", _, last] if !RESERVED.contains(last) => "channel",
        _ => "page",
    }
}

/// The side panel that is open.
pub fn panel(search: &str) -> Option<&'static str> {
    let mut pairs = search.trim_start_matches('?').split('&');
    pairs.find_map(|pair| match pair {
        "panel=members" => Some("members"),
        "panel=pins" => Some("pins"),
        pair => pair.starts_with("thread=").then_some("thread"),
    })
}

/// After going to another page in the browser, the focus goes to what is new; a message box and the field of a search keep it.
#[component]
fn FocusMain() -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            let typing = document()
                .active_element()
                .is_some_and(|element| element.tag_name() == "TEXTAREA" || element.id() == "q");
            if !typing {
                request_animation_frame(focus_main);
            }
        }
        path
    });
}

fn focus_main() {
    use wasm_bindgen::JsCast;
    if let Some(main) =
        document().get_element_by_id("main").and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = main.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_place() {
        let query = ParamsMap::new();
        assert_eq!(place("/settings/profile", &query), None);
        assert_eq!(place("/c", &query), Some(Place::default()));
        assert_eq!(place("/inbox", &query), Some(Place::default()));
        let members = place("/c/harbour/members", &query).unwrap_or_default();
        assert_eq!((members.community.as_deref(), members.channel), (Some("harbour"), None));
        let duty = |path| place(path, &query).and_then(|place| place.duty);
        assert_eq!(duty("/c/harbour/moderation"), Some(Duty::Moderation));
        assert_eq!(duty("/c/harbour/webhooks"), Some(Duty::Webhooks));
        assert_eq!(duty("/c/harbour/settings/moderation"), None);
        let channel = place("/c/harbour/general/about", &query).unwrap_or_default();
        assert_eq!(channel.channel.as_deref(), Some("general"));
    }

    #[test]
    fn a_page_has_one_of_three_arrangements() {
        assert_eq!(view_of("/c"), "page");
        assert_eq!(view_of("/c/harbour"), "community");
        assert_eq!(view_of("/c/harbour/general"), "channel");
        assert_eq!(view_of("/c/harbour/members"), "page");
        assert_eq!(view_of("/c/harbour/webhooks"), "page");
        assert_eq!(view_of("/c/harbour/search"), "page");
        assert_eq!(view_of("/inbox"), "page");
        assert_eq!(view_of("/c/harbour/general/about"), "page");
        assert_eq!(panel("?panel=members"), Some("members"));
        assert_eq!(panel("?at=x&thread=y"), Some("thread"));
        assert_eq!(panel("?at=1&panel=pins"), Some("pins"));
        assert_eq!((panel(""), panel("?panel=nothing")), (None, None));
    }
}
