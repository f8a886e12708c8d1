//! Links by which people join a community.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::domain::{
    CommunityId, CommunitySummary, InviteLinkId,
    invite_link::{InviteLink, Invited},
};

use super::{Fault, Flash};

/// What an invitation's address begins with; its code follows.
pub const JOIN: &str = "/join/";

/// Makes a link; answers its code, which is shown once.
#[server(endpoint = "make_invite_link")]
pub async fn make_invite_link(
    community: CommunityId,
    /// For how many seconds it works; 0: until it is revoked.
    #[server(default)]
    expires_in: i64,
    /// How many people it brings in; 0: any number.
    #[server(default)]
    max_uses: i64,
) -> Result<String, Fault> {
    use super::{
        context::{answer, execute, is_plain, lead_back},
        cookie,
    };
    use thunderline::domain::command;

    let bound = |number: i64| Some(number).filter(|number| *number != 0);
    let (expires_in, max_uses) = (bound(expires_in), bound(max_uses));
    let code = answer(execute(command::MakeInviteLink { community, expires_in, max_uses }).await)?;
    if is_plain() {
        cookie::show_once(&code);
        lead_back("", "invited");
    }
    Ok(code)
}

/// Has a link work no more.
#[server(endpoint = "revoke_invite_link")]
pub async fn revoke_invite_link(community: CommunityId, link: InviteLinkId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::RevokeInviteLink { community, link }).await)?;
    lead_back("done=revoked", "main");
    Ok(())
}

/// A community's links, and the code just made if this browser runs no JavaScript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The links, the latest first.
    pub links: Vec<InviteLink>,
    /// The code to show once.
    pub made: Option<String>,
}

/// The links of a community.
#[server(endpoint = "list_invite_links")]
pub async fn list_invite_links(community: CommunityId) -> Result<Links, Fault> {
    use super::{
        context::{answer, ask},
        cookie,
    };
    use thunderline::domain::query;

    let links = answer(ask(query::ListInviteLinks { community }).await)?;
    Ok(Links { links, made: cookie::shown_once() })
}

/// What the page of an invitation shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Where it leads.
    pub invited: Invited,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// What a plain form said when it was refused.
    pub flash: Option<Flash>,
}

/// Reads where an invitation leads.
#[server(endpoint = "open_invitation")]
pub async fn open_invitation(code: String) -> Result<Invitation, Fault> {
    use super::context::{actor, answer, ask, flash};
    use thunderline::domain::{Error, query};

    // A link that does not work answers everybody alike: signing in would not mend it.
    let asked = ask(query::ReadInviteLink { code }).await;
    let invited = answer(asked.map_err(|cause| if cause == Error::SignedOut { Error::NotFound } else { cause }))?;
    Ok(Invitation { invited, signed_in: actor().id().is_some(), flash: flash() })
}

/// Becomes a member and opens the community.
#[server(endpoint = "join_by_link")]
pub async fn join_by_link(code: String) -> Result<CommunitySummary, Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    let joined = answer(execute(command::JoinByLink { code }).await)?;
    leptos_axum::redirect(&format!("/c/{}", joined.slug));
    Ok(joined)
}

/// Where somebody goes who has just signed in and wanted to `next`: an invitation they came by is taken up at once. One
/// that works no more says so itself.
#[cfg(feature = "ssr")]
pub(super) async fn land(session: &thunderline::domain::account::SignedIn, next: Option<&str>) -> String {
    use super::context::{actor, engine};
    use thunderline::domain::{Actor, command::JoinByLink};

    let next = super::next::local(next.unwrap_or("/"));
    let (Some(code), Ok(engine)) = (next.strip_prefix(JOIN), engine()) else { return next };
    let Ok(Some(identity)) = engine.identify(&session.token).await else { return next };
    let joined = engine.execute(Actor { identity, ..actor() }, JoinByLink { code: code.to_owned() }).await;
    joined.map_or(next.clone(), |joined| format!("/c/{}", joined.slug))
}
