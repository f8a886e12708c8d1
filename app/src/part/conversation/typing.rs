use std::time::Duration;

use leptos::prelude::*;
use thunderline::view::Typists;

use super::Open;
use crate::dom::page;

/// Who is writing. Always in the page, so that nothing moves when somebody begins.
#[component]
pub(super) fn TypingLine() -> impl IntoView {
    let typists = expect_context::<Open>().transcript.typists();
    let somebody = Memo::new(move |_| typists.with(|typists| !typists.is_empty()));
    Effect::new(move |_| {
        if somebody.get() {
            let fading = set_interval_with_handle(
                move || {
                    let mut next = typists.get_untracked();
                    if next.expire(page::now_ms()) {
                        typists.set(next);
                    }
                },
                Duration::from_millis(500),
            );
            on_cleanup(move || {
                if let Ok(fading) = fading {
                    fading.clear();
                }
            });
        }
    });
    view! {
        <p class="typing" aria-live="off">
            {move || {
                somebody
                    .get()
                    .then(|| {
                        view! {
                            <span class="typing-dots" aria-hidden="true">
                                <i></i>
                                <i></i>
                                <i></i>
                            </span>
                            <span class="typing-who">{move || typists.with(Typists::sentence)}</span>
                        }
                    })
            }}
        </p>
    }
}
