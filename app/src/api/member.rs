//! Members of a community.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{CommunityId, PersonId, Role, member::MemberView};

use super::Fault;

/// One member, and what may be done about them.
#[server(endpoint = "read_member")]
pub async fn read_member(community: CommunityId, person: PersonId) -> Result<MemberView, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ReadMember { community, person }).await)
}

/// Gives a member another role.
#[server(endpoint = "change_role")]
pub async fn change_role(community: CommunityId, person: PersonId, role: Role) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::ChangeRole { community, person, role }).await)?;
    lead_back("done=role", "main");
    Ok(())
}

/// Makes a member the owner.
#[server(endpoint = "hand_over")]
pub async fn hand_over(community: CommunityId, person: PersonId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::HandOver { community, person }).await)?;
    lead_back("done=owner", "main");
    Ok(())
}
