//! The keys that work everywhere, and the list of them.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use thunderline::{domain::ChannelSummary, view::Shell};
use wasm_bindgen::JsCast;

use crate::{api::next, state::use_client};

/// What the keys do, as the list says it.
const KEYS: [(&str, &str); 10] = [
    ("Ctrl K or ⌘ K", "Go to a channel, a person, a community or a page"),
    ("Ctrl F or ⌘ F", "Search here"),
    ("Alt ↓ and Alt ↑", "The next channel, the one before"),
    ("Alt Shift ↓ and Alt Shift ↑", "The next channel with something unread, the one before"),
    ("Enter", "Send what you wrote"),
    ("Shift Enter", "A new line"),
    ("↑ in an empty message", "Edit your last message"),
    ("↑ and ↓ among messages", "The message before, the next one"),
    ("Esc", "Close what is open"),
    ("?", "This list"),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    Palette,
    Search,
    List,
    Channel { down: bool, unread: bool },
}

impl Key {
    fn of(event: &KeyboardEvent) -> Option<Self> {
        let (key, command) = (event.key(), event.ctrl_key() || event.meta_key());
        match key.as_str() {
            "k" | "K" if command && !event.alt_key() && !event.shift_key() => Some(Self::Palette),
            "f" | "F" if command && !event.alt_key() && !event.shift_key() => Some(Self::Search),
            "ArrowDown" | "ArrowUp" if event.alt_key() && !command => {
                Some(Self::Channel { down: key == "ArrowDown", unread: event.shift_key() })
            }
            "?" if !command && !event.alt_key() && !is_typing(event) => Some(Self::List),
            _ => None,
        }
    }
}

/// Whether the key is meant for a field.
fn is_typing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// The search of a community, at the point of searching one of its channels.
pub fn search_here(community: &str, channel: &str) -> String {
    next::address(&format!("{community}/search"), &[("q", &format!("in:{channel} "))])
}

/// The place in a list after the open one, or before it; past the end one begins again. `None` when there is no other.
fn neighbour(many: usize, open: Option<usize>, down: bool, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let first = match (open, down) {
        (Some(open), true) => open + 1,
        (Some(open), false) => open + many - 1,
        (None, true) => 0,
        (None, false) => many.checked_sub(1)?,
    };
    let at = |step| (if down { first + step } else { first + many - step }) % many;
    (0..many).map(at).find(|at| Some(*at) != open && fits(*at))
}

fn is_news(channel: &ChannelSummary) -> bool {
    channel.unread() > 0 && !channel.participation.is_some_and(|mine| mine.muted)
}

/// Listens for the keys while the shell stands, and lists them when asked.
#[component]
pub fn Shortcuts(
    /// What the client holds.
    shell: Signal<Shell>,
    /// The address of the open channel.
    open: Signal<Option<String>>,
) -> impl IntoView {
    let palette = use_client().palette();
    let list = NodeRef::<html::Dialog>::new();
    let (navigate, here) = (use_navigate(), use_location().pathname);
    let press = move |event: KeyboardEvent| {
        let Some(key) = Key::of(&event) else { return };
        match key {
            Key::Palette => palette.update(|open| *open = !*open),
            Key::List => {
                if let Some(list) = list.get_untracked().filter(|list| !list.open()) {
                    let _ = list.show_modal();
                }
            }
            Key::Search => {
                let community =
                    shell.with_untracked(|shell| shell.open.as_ref().map(|open| format!("/c/{}", open.community.slug)));
                // Where nothing of ours can be searched, and in a search, the key is the browser's own.
                let Some(community) = community.filter(|_| !here.with_untracked(|path| path.ends_with("/search")))
                else {
                    return;
                };
                let address = match open.get_untracked() {
                    Some(channel) => search_here(&community, &channel),
                    None => format!("{community}/search"),
                };
                navigate(&address, NavigateOptions::default());
            }
            Key::Channel { down, unread } => {
                let address = shell.with_untracked(|shell| {
                    let community = shell.open.as_ref()?;
                    let (channels, slug) = (&community.channels, open.get_untracked());
                    let here = channels.iter().position(|channel| Some(&channel.slug) == slug.as_ref());
                    let fits = |at: usize| !unread || is_news(&channels[at]);
                    let next = neighbour(channels.len(), here, down, fits)?;
                    Some(format!("/c/{}/{}", community.community.slug, channels[next].slug))
                });
                let Some(address) = address else { return };
                navigate(&address, NavigateOptions::default());
            }
        }
        event.prevent_default();
    };
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::keydown, press.clone());
        on_cleanup(move || listener.remove());
    });
    let rows = KEYS.map(|(keys, does)| {
        view! {
            <div>
                <dt>
                    <kbd>{keys}</kbd>
                </dt>
                <dd>{does}</dd>
            </div>
        }
    });
    view! {
        <dialog class="question shortcuts" id="shortcuts" node_ref=list aria-labelledby="shortcuts-title">
            <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
            <dl>{rows.collect_view()}</dl>
            <form method="dialog" class="actions">
                <button class="button" data-kind="quiet" data-size="s" type="submit" autofocus>
                    "Close"
                </button>
            </form>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_neighbour_of_the_last_channel_is_the_first() {
        let unread = [false, true, false, true];
        let any = |open, down| neighbour(4, open, down, |_| true);
        let news = |open, down| neighbour(4, open, down, |at| unread[at]);
        assert_eq!((any(Some(0), true), any(Some(3), true), any(Some(0), false)), (Some(1), Some(0), Some(3)));
        assert_eq!((any(None, true), any(None, false)), (Some(0), Some(3)));
        assert_eq!((news(Some(1), true), news(Some(3), true), news(Some(0), false)), (Some(3), Some(1), Some(3)));
        assert_eq!(neighbour(1, Some(0), true, |_| true), None);
        assert_eq!(neighbour(0, None, true, |_| true), None);
        assert_eq!(neighbour(0, None, false, |_| true), None);
    }
}
