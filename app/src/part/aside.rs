//! Parts whose code a browser fetches apart from the page's: nobody who only reads and writes has to wait for them.
//!
//! They are one file, fetched at the first sign that somebody is there, so that mostly it is there before it is wanted.
//! What the server may have rendered cannot be one of them: it has to be taken over with the page.

#[cfg(feature = "hydrate")]
use leptos::{
    ev::{keydown, pointermove},
    prelude::*,
    task::spawn_local,
};

/// Makes a function whose body is fetched when it is first called; `None` when it cannot be.
macro_rules! later {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident($($argument:ident: $type:ty),*) -> AnyView $body:block) => {
        $(#[$doc])*
        #[cfg(not(feature = "hydrate"))]
        $visibility async fn $name($($argument: $type),*) -> Option<AnyView> {
            Some($body)
        }

        $(#[$doc])*
        #[cfg(feature = "hydrate")]
        $visibility async fn $name($($argument: $type),*) -> Option<AnyView> {
            #[leptos::wasm_split::wasm_split(aside, fallible, wasm_split_path = ::leptos::wasm_split)]
            fn $name($($argument: $type),*) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
                Ok($body)
            }
            $name($($argument),*).await.ok()
        }
    };
}

pub(crate) use later;

#[cfg(feature = "hydrate")]
later! {
    /// Nothing, from where the other parts are.
    fn nothing() -> AnyView {
        ().into_any()
    }
}

/// Fetches the parts when a pointer or a key moves.
pub fn fetch_at_first_sign() {
    #[cfg(feature = "hydrate")]
    Effect::new(|_| {
        let asked = StoredValue::new(false);
        let sign = move || {
            if !asked.try_get_value().unwrap_or(true) {
                asked.set_value(true);
                spawn_local(async {
                    nothing().await;
                });
            }
        };
        let pointer = window_event_listener(pointermove, move |_| sign());
        let key = window_event_listener(keydown, move |_| sign());
        on_cleanup(move || {
            pointer.remove();
            key.remove();
        });
    });
}
