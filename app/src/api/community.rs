//! Communities.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::domain::{
    CommunityId, CommunitySummary, PersonId,
    query::{Directory, MemberPage},
};

use super::Fault;

/// Makes a community and opens it.
#[server(endpoint = "create_community")]
pub async fn create_community(
    id: CommunityId,
    #[server(default)] name: String,
    #[server(default)] slug: String,
    #[server(default)] description: String,
    #[server(default)] public: bool,
) -> Result<CommunitySummary, Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    let made = answer(execute(command::CreateCommunity { id, name, slug, description, public }).await)?;
    leptos_axum::redirect(&format!("/c/{}", made.slug));
    Ok(made)
}

/// Becomes a member and opens the community.
#[server(endpoint = "join_community")]
pub async fn join_community(community: CommunityId) -> Result<CommunitySummary, Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    let joined = answer(execute(command::JoinCommunity { community }).await)?;
    leptos_axum::redirect(&format!("/c/{}", joined.slug));
    Ok(joined)
}

/// Stops being a member, and goes to the directory.
#[server(endpoint = "leave_community")]
pub async fn leave_community(community: CommunityId) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::LeaveCommunity { community }).await)?;
    leptos_axum::redirect("/c");
    Ok(())
}

/// The communities, mine and others.
#[server(endpoint = "list_communities")]
pub async fn list_communities() -> Result<Directory, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListCommunities {}).await)
}

/// A page of members, and the invitation just made if this browser runs no JavaScript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// The members.
    pub page: MemberPage,
    /// The code to show once.
    pub invited: Option<String>,
}

/// Who belongs to a community.
#[server(endpoint = "list_members")]
pub async fn list_members(
    community: CommunityId,
    #[server(default)] begins: String,
    #[server(default)] offset: i64,
) -> Result<Members, Fault> {
    use super::{
        context::{answer, ask, present},
        cookie,
    };
    use thunderline::domain::query;

    let page = answer(ask(query::ListMembers { community, begins, offset }).await.map(present))?;
    Ok(Members { page, invited: cookie::shown_once() })
}

/// Makes an invitation to claim an imported person; answers its code, which is shown once.
#[server(endpoint = "invite_person")]
pub async fn invite_person(person: PersonId, community: CommunityId) -> Result<String, Fault> {
    use super::{
        context::{answer, execute, is_plain, lead_back},
        cookie,
    };
    use thunderline::domain::command;

    let code = answer(execute(command::InvitePerson { person, community }).await)?;
    if is_plain() {
        cookie::show_once(&code);
        lead_back("", "invited");
    }
    Ok(code)
}
