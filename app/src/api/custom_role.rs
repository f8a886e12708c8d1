//! Roles of a community's own.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId, CustomRoleId, PersonId,
    custom_role::{CustomRoles, Permission, RoleColour},
};

use super::Fault;

/// The roles, the highest first.
#[server(endpoint = "list_custom_roles")]
pub async fn list_custom_roles(community: CommunityId) -> Result<CustomRoles, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::{Error, query};

    // For who may not, the page is not there.
    let unseen = |error| if matches!(error, Error::Forbidden { .. }) { Error::NotFound } else { error };
    answer(ask(query::ListCustomRoles { community }).await.map_err(unseen))
}

/// Makes a role.
#[server(endpoint = "create_custom_role")]
pub async fn create_custom_role(
    id: CustomRoleId,
    community: CommunityId,
    #[server(default)] name: String,
    colour: RoleColour,
    #[server(default)] permissions: Vec<Permission>,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::CreateCustomRole { id, community, name, colour, permissions }).await)?;
    lead_back("done=made", "main");
    Ok(())
}

/// Changes a role, and leads to the list.
#[server(endpoint = "edit_custom_role")]
pub async fn edit_custom_role(
    community: CommunityId,
    custom_role: CustomRoleId,
    #[server(default)] name: String,
    colour: RoleColour,
    #[server(default)] permissions: Vec<Permission>,
    /// The community's address, to lead to the list.
    #[server(default)]
    address: String,
) -> Result<(), Fault> {
    use super::{
        context::{answer, execute},
        next,
    };
    use thunderline::domain::command;

    answer(execute(command::EditCustomRole { community, custom_role, name, colour, permissions }).await)?;
    if !address.is_empty() {
        let path = format!("/c/{}/settings/roles?done=saved", next::encode(&address));
        leptos_axum::redirect(&next::local(&path));
    }
    Ok(())
}

/// Has a role stand higher or lower.
#[server(endpoint = "move_custom_role")]
pub async fn move_custom_role(community: CommunityId, custom_role: CustomRoleId, position: i64) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::MoveCustomRole { community, custom_role, position }).await)?;
    lead_back("done=moved", &format!("role-{custom_role}"));
    Ok(())
}

/// Removes a role, from everybody who has it as well.
#[server(endpoint = "delete_custom_role")]
pub async fn delete_custom_role(community: CommunityId, custom_role: CustomRoleId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::DeleteCustomRole { community, custom_role }).await)?;
    lead_back("done=deleted", "main");
    Ok(())
}

/// Gives a member a role.
#[server(endpoint = "give_custom_role")]
pub async fn give_custom_role(
    community: CommunityId,
    person: PersonId,
    custom_role: CustomRoleId,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::GiveCustomRole { community, person, custom_role }).await)?;
    lead_back("done=given", "roles");
    Ok(())
}

/// Takes a role from a member.
#[server(endpoint = "take_custom_role")]
pub async fn take_custom_role(
    community: CommunityId,
    person: PersonId,
    custom_role: CustomRoleId,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::TakeCustomRole { community, person, custom_role }).await)?;
    lead_back("done=taken", "roles");
    Ok(())
}
