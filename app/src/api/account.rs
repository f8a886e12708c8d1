//! Accounts, sessions, and what the pages about them show.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::domain::{
    SessionId,
    account::{Me, SessionSummary},
    invite_link::Invited,
    query::ClaimedPerson,
};

use super::{Fault, Flash};
use crate::theme::Theme;

/// Makes an account, signs in and goes on.
#[server(endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] name: String,
    #[server(default)] handle: String,
    #[server(default)] password: String,
    #[server(default)] claim: Option<String>,
    #[server(default)] next: Option<String>,
) -> Result<(), Fault> {
    use super::{
        context::{answer, execute},
        cookie,
    };
    use thunderline::domain::{command, text::Password};

    let claim = claim.filter(|code| !code.is_empty());
    let session = answer(execute(command::SignUp { name, handle, password: Password::new(password), claim }).await)?;
    cookie::begin(&session);
    leptos_axum::redirect(&super::invite_link::land(&session, next.as_deref()).await);
    Ok(())
}

/// Signs in and goes on.
#[server(endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] handle: String,
    #[server(default)] password: String,
    #[server(default)] next: Option<String>,
) -> Result<(), Fault> {
    use super::{
        context::{answer, execute},
        cookie,
    };
    use thunderline::domain::{command, text::Password};

    let session = answer(execute(command::SignIn { handle, password: Password::new(password) }).await)?;
    cookie::begin(&session);
    leptos_axum::redirect(&super::invite_link::land(&session, next.as_deref()).await);
    Ok(())
}

/// Signs out.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), Fault> {
    use super::{
        context::{answer, execute},
        cookie,
    };
    use thunderline::domain::{Error, command};

    match execute(command::SignOut {}).await {
        // Signing out twice is being signed out.
        Ok(()) | Err(Error::SignedOut) => {
            cookie::end();
            leptos_axum::redirect("/sign-in");
            Ok(())
        }
        Err(error) => answer(Err(error)),
    }
}

/// Ends a session of one's own.
#[server(endpoint = "revoke_session")]
pub async fn revoke_session(session: SessionId) -> Result<(), Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    answer(execute(command::RevokeSession { session }).await)?;
    lead_back("done=revoked", "");
    Ok(())
}

/// Changes one's own profile; answers the name shown from now on.
#[server(endpoint = "change_profile")]
pub async fn change_profile(#[server(default)] name: String) -> Result<String, Fault> {
    use super::context::{answer, execute, lead_back};
    use thunderline::domain::command;

    let shown = name.trim().to_owned();
    answer(execute(command::ChangeProfile { name }).await)?;
    lead_back("done=profile", "");
    Ok(shown)
}

/// Chooses light, dark or the system's colours for this browser.
#[server(endpoint = "set_theme")]
#[allow(
    clippy::unused_async,
    reason = "a server function is asynchronous; the macro copies this to where it is not needed"
)]
pub async fn set_theme(theme: Theme) -> Result<Theme, Fault> {
    super::cookie::choose(theme);
    super::context::lead_back("", "");
    Ok(theme)
}

/// What the pages at the door show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Where somebody who is signed in goes on; `None` for a visitor.
    pub onward: Option<String>,
    /// Whether nobody has an account yet: the first one owns the server.
    pub vacant: bool,
    /// The imported person an invitation lets one claim.
    pub claim: Option<ClaimedPerson>,
    /// The community one is on the way to by an invitation.
    pub invited: Option<Invited>,
    /// What a plain form said when it was refused.
    pub flash: Option<Flash>,
}

/// Reads what the pages at the door show. A `claim` that is not valid is as none, and so is an invitation.
#[server(endpoint = "open_door")]
pub async fn open_door(
    #[server(default)] claim: Option<String>,
    /// Where one goes on to.
    #[server(default)]
    next: Option<String>,
) -> Result<Door, Fault> {
    use super::context::{actor, answer, ask, flash};
    use thunderline::domain::query;

    if actor().id().is_some() {
        let onward = Some(onward().await);
        return Ok(Door { onward, vacant: false, claim: None, invited: None, flash: None });
    }
    let claim = match claim {
        Some(code) => ask(query::ReadClaim { code }).await.ok(),
        None => None,
    };
    let invited = match next.as_deref().and_then(|next| next.strip_prefix(super::invite_link::JOIN)) {
        Some(code) => ask(query::ReadInviteLink { code: code.to_owned() }).await.ok(),
        None => None,
    };
    let vacant = answer(ask(query::ReadDoor {}).await)?.vacant;
    Ok(Door { onward: None, vacant, claim, invited, flash: flash() })
}

/// The last channel if it is still there, its community, the first community of mine, or the list of all.
#[cfg(feature = "ssr")]
async fn onward() -> String {
    use super::{context::ask, cookie};
    use thunderline::domain::query::{ListCommunities, OpenCommunity};

    if let Some((community, channel)) = cookie::last()
        && let Ok(open) = ask(OpenCommunity { slug: community.clone() }).await
    {
        let there = open.channels.iter().any(|known| known.slug == channel);
        return if there { format!("/c/{community}/{channel}") } else { format!("/c/{community}") };
    }
    let mine = ask(ListCommunities {}).await.map(|directory| directory.mine).unwrap_or_default();
    mine.first().map_or_else(|| "/c".to_owned(), |first| format!("/c/{}", first.slug))
}

/// What the settings show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Who is signed in.
    pub me: Me,
    /// Where.
    pub sessions: Vec<SessionSummary>,
    /// This browser's theme.
    pub theme: Theme,
    /// What a plain form said when it was refused.
    pub flash: Option<Flash>,
}

/// Reads what the settings show.
#[server(endpoint = "open_settings")]
pub async fn open_settings() -> Result<Settings, Fault> {
    use super::{
        context::{answer, ask, flash},
        cookie,
    };
    use thunderline::domain::query;

    let me = answer(ask(query::ReadMe {}).await)?;
    let sessions = answer(ask(query::ListSessions {}).await)?;
    Ok(Settings { me, sessions, theme: cookie::theme(), flash: flash() })
}
