//! What moderators do about people.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId, PersonId,
    member::{BanPage, Cleared},
};

use super::Fault;

/// The most transactions one form deletes messages in; what is left then is told.
#[cfg(feature = "ssr")]
const ROUNDS: usize = 80;

/// Removes a member.
#[server(endpoint = "kick_member")]
pub async fn kick_member(community: CommunityId, person: PersonId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::KickMember { community, person }).await)?;
    lead_back("done=kicked", "main");
    Ok(())
}

/// Bans somebody, and deletes what they wrote lately if that is wished.
#[server(endpoint = "ban_member")]
pub async fn ban_member(
    community: CommunityId,
    person: PersonId,
    #[server(default)] reason: String,
    /// How far back, in seconds; 0: nothing is deleted.
    #[server(default)]
    within: i64,
) -> Result<Cleared, Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    // First: nothing more comes.
    answer(execute(command::BanMember { community, person, reason }).await)?;
    let cleared = if within == 0 { Cleared::default() } else { answer(clear(community, person, within).await)? };
    lead_back("done=banned", "main");
    Ok(cleared)
}

/// Lets somebody join again.
#[server(endpoint = "lift_ban")]
pub async fn lift_ban(community: CommunityId, person: PersonId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::LiftBan { community, person }).await)?;
    lead_back("done=lifted", "main");
    Ok(())
}

/// Gives somebody a time-out, or ends it.
#[server(endpoint = "time_out_member")]
pub async fn time_out_member(
    community: CommunityId,
    person: PersonId,
    /// For how long; 0 ends it.
    #[server(default)]
    seconds: i64,
) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    let seconds = Some(seconds).filter(|seconds| *seconds != 0);
    answer(execute(command::TimeOutMember { community, person, seconds }).await)?;
    lead_back("done=time-out", "main");
    Ok(())
}

/// Deletes what somebody wrote lately.
#[server(endpoint = "clear_messages")]
pub async fn clear_messages(community: CommunityId, person: PersonId, within: i64) -> Result<Cleared, Fault> {
    use super::context::{answer, lead_back};

    let cleared = answer(clear(community, person, within).await)?;
    lead_back("done=cleared", "main");
    Ok(cleared)
}

/// Who is banned, the latest first.
#[server(endpoint = "list_bans")]
pub async fn list_bans(community: CommunityId, #[server(default)] offset: i64) -> Result<BanPage, Fault> {
    use super::context::{answer, ask};
    use thunderline::domain::query;

    answer(ask(query::ListBans { community, offset }).await)
}

/// Deletes a few at a time, so that nobody else's writes wait long.
#[cfg(feature = "ssr")]
async fn clear(community: CommunityId, person: PersonId, within: i64) -> Result<Cleared, thunderline::domain::Error> {
    use super::context::execute;
    use thunderline::domain::command::ClearMessages;

    let mut all = Cleared { removed: 0, more: true };
    for _ in 0..ROUNDS {
        let few = execute(ClearMessages { community, person, within }).await?;
        all = Cleared { removed: all.removed + few.removed, more: few.more };
        if !few.more {
            break;
        }
    }
    Ok(all)
}
