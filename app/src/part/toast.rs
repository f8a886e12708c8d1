//! Short notes at the edge of the page, and the one place assistive technology hears of news from.

use leptos::prelude::*;

use super::icon::Icon;

/// What a toast is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// Something to know.
    Info,
    /// Something was done.
    Good,
    /// Something went wrong; stays until closed.
    Bad,
}

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    kind: ToastKind,
    text: String,
}

/// The toasts of the page, in context.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    count: StoredValue<u32>,
}

/// The most that stand at once; the oldest goes.
const MOST: usize = 4;
/// How long a toast stays that reports no error.
const SHOWN: std::time::Duration = std::time::Duration::from_secs(5);

/// Makes the toasts and puts them in context.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts { shown: RwSignal::new(Vec::new()), count: StoredValue::new(0) };
    provide_context(toasts);
    toasts
}

impl Toasts {
    /// Shows a note.
    pub fn show(self, kind: ToastKind, text: impl Into<String>) {
        let id = self.count.get_value() + 1;
        self.count.set_value(id);
        self.shown.update(|shown| {
            shown.push(Toast { id, kind, text: text.into() });
            let surplus = shown.len().saturating_sub(MOST);
            shown.drain(..surplus);
        });
        if kind != ToastKind::Bad {
            set_timeout(move || self.close(id), SHOWN);
        }
    }

    fn close(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Where toasts appear, and the announcer. Always there; empty on the server.
#[component]
pub fn ToastArea() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toasts" role="status" aria-live="polite" id="toasts">
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast" data-kind=match toast.kind { ToastKind::Info => "info", ToastKind::Good => "good", ToastKind::Bad => "bad" }>
                    <Icon name=match toast.kind { ToastKind::Info => "info", ToastKind::Good => "check", ToastKind::Bad => "alert" }/>
                    <p class="toast-text">{toast.text.clone()}</p>
                    <button class="icon-button" type="button" title="Close" on:click=move |_| toasts.close(toast.id)>
                        <Icon name="x"/>
                        <span class="vh">"Close"</span>
                    </button>
                </div>
            </For>
        </div>
        <div class="vh" role="status" aria-live="polite" id="announcer"></div>
    }
}
