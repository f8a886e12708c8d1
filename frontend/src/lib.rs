//! The WASM entry: takes over the page the server rendered.
#![cfg(target_arch = "wasm32")]
#![recursion_limit = "256"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's own script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        // Without the code of what the server rendered the page stays as it came: it works so, too.
        if app::is_ready().await {
            leptos::mount::hydrate_lazy(app::App);
        }
    });
}
