//! What a page asks the server for before it is shown, and again when what it depends on changes.

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};

/// What was loaded: the server writes it into the page, the client takes it from there.
pub type Loaded<T> = Resource<T, Json>;

/// JSON that is read as bytes, as the answers of server functions are. Leptos' own codec reads text: every type would be
/// compiled a second time, which is a fifteenth of the browser's code.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Asks for what `fetcher` answers. The page waits for it, so that it is finished when it arrives.
#[track_caller]
pub fn load<S, T, Answer>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Answer + Send + Sync + 'static,
) -> Loaded<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Answer: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, fetcher, true)
}
