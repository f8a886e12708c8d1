//! Search.

#![expect(missing_docs, reason = "the fields of a server function are those of its query, which are documented there")]

use leptos::prelude::*;
use thunderline::domain::{MessageId, search::Found};

use super::Fault;

/// Messages of a community that one may read and that hold what is looked for, newest first.
#[server(endpoint = "search_messages")]
pub async fn search_messages(
    community: String,
    #[server(default)] q: String,
    #[server(default)] after: Option<MessageId>,
) -> Result<Found, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::SearchMessages { community, q, after }).await)
}
