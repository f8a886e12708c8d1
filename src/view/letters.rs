//! Letters without their case.

/// A text in small letters.
#[cfg(not(target_arch = "wasm32"))]
pub fn lowered(text: &str) -> String {
    text.to_lowercase()
}

/// A text in small letters, by the browser's own tables: ours would be a part of the first load.
#[cfg(target_arch = "wasm32")]
pub fn lowered(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}
