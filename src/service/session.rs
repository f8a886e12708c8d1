//! Sessions: begun by signing up or in, kept, listed and ended (S09).

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    password::{digest, secret},
};
use crate::{
    domain::{
        Action, Actor, Error, Event, Identity, PersonId, PersonSummary, Result, SessionId,
        account::{Held, SESSION_LIFE, SessionSummary, SessionToken, SignedIn},
        command::{KeepSession, RevokeSession, SignOut},
        query::{ListSessions, ReadSession},
    },
    policy::Target,
    store::{Conn, Shard, sessions},
};

/// The longest description of a browser that is kept, in characters.
const AGENT_CHARS: usize = 200;

/// Begins a session of somebody who has just shown who they are.
pub(super) async fn begin_session<C>(work: &mut Work<'_, '_, C>, person: PersonId) -> Outcome<(SignedIn, SessionId)> {
    let token = SessionToken::new(secret()?);
    let expires_at = work.now.plus(SESSION_LIFE);
    let agent: String = work.actor.agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARS).collect();
    let id = SessionId::fresh();
    let session = sessions::NewSession {
        id,
        token_hash: &digest(token.expose()),
        person,
        agent: &agent,
        address: &work.actor.address,
        created_at: work.now,
        expires_at,
    };
    sessions::insert(work.conn, work.grant, &session).await?;
    Ok((SignedIn { token, person, expires_at }, id))
}

/// One's own account, for whoever is signed in.
pub(super) fn own(actor: &Actor) -> Target {
    Target { own: actor.id().is_some(), ..Target::default() }
}

/// The writer of people's own things.
pub(super) const fn own_shard() -> Shard {
    Shard(1)
}

/// A command on one's own session: nothing to check, nothing to load.
macro_rules! session_command {
    ($command:ident, $action:ident, |$this:ident, $work:ident| $run:expr) => {
        impl Command for $command {
            type Prepared = ();
            type Scope = Target;
            type Output = ();
            const ACTION: Action = Action::$action;

            fn shard(&self) -> Shard {
                own_shard()
            }

            async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
                Ok(())
            }

            async fn scope(&self, actor: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
                Ok(own(actor))
            }

            async fn run(self, $work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<()> {
                let $this = self;
                $run
            }
        }
    };
}

session_command!(SignOut, SignOut, |_this, work| {
    let Identity::Person { session: Some(session), .. } = work.actor.identity else { return Ok(()) };
    end_session(work, session).await
});

session_command!(KeepSession, KeepSession, |_this, work| {
    let Identity::Person { session: Some(session), .. } = work.actor.identity else { return Ok(()) };
    work.about("session", session);
    Ok(sessions::keep(work.conn, work.grant, session, work.now, work.now.plus(SESSION_LIFE)).await?)
});

session_command!(RevokeSession, RevokeSession, |this, work| end_session(work, this.session).await);

async fn end_session<C>(work: &mut Work<'_, '_, C>, session: SessionId) -> Outcome<()> {
    let person = work.person()?.id;
    work.about("session", session);
    if !sessions::end(work.conn, work.grant, session, person).await? {
        return Err(Error::NotFound.into());
    }
    work.tell(person, Event::SessionEnded { session }).await
}

impl Query for ReadSession {
    type Scope = Target;
    type Output = Option<Held>;
    /// Every request asks this first.
    const GLANCE: bool = true;

    fn action(&self) -> Action {
        Action::SignIn
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Option<Held>> {
        let holder = sessions::holder(asking.conn, &digest(self.token.expose())).await?;
        let held = |holder: sessions::Holder| Held {
            identity: Identity::Person {
                person: PersonSummary { id: holder.id, handle: holder.handle, name: holder.name, kind: holder.kind },
                session: Some(holder.session),
                server_owner: holder.server_owner,
            },
            seen_at: holder.seen_at,
        };
        Ok(holder.filter(|holder| holder.expires_at > asking.now).map(held))
    }
}

impl Query for ListSessions {
    type Scope = Target;
    type Output = Vec<SessionSummary>;

    fn action(&self) -> Action {
        Action::ReadAccount
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(own(asking.actor))
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Vec<SessionSummary>> {
        let Identity::Person { person, session, .. } = &asking.actor.identity else {
            return Err(Error::SignedOut.into());
        };
        let rows = sessions::of_person(asking.conn, person.id, asking.now).await?;
        let summary = |row: sessions::Listed| SessionSummary {
            id: row.id,
            agent: row.agent,
            address: row.address,
            created_at: row.created_at,
            seen_at: row.seen_at,
            current: *session == Some(row.id),
        };
        Ok(rows.into_iter().map(summary).collect())
    }
}
