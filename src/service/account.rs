//! Accounts (S09).

use serde_json::json;

use super::{
    Asking, Command, Failure, Outcome, Query, Tools, Work,
    password::{digest, secret},
    session::{begin_session, own, own_shard},
    viewer,
};
use crate::{
    domain::{
        Action, Actor, Error, Event, Identity, PersonId, Result, SessionId, Time, Topic,
        account::{Me, SignedIn},
        command::{ChangeProfile, InvitePerson, SignIn, SignUp},
        person::PersonKind,
        query::{ClaimedPerson, Door, ReadClaim, ReadDoor, ReadMe},
        text::{Handle, Name},
    },
    policy::Target,
    store::{Conn, Shard, communities, invites, people},
};

/// How long an invitation can be used, in microseconds: 14 days.
const INVITE_LIFE: i64 = 14 * Time::DAY;
/// A new account, checked and hashed.
#[derive(Clone)]
pub struct NewAccount {
    name: Name,
    handle: Handle,
    password_hash: String,
}

impl Command for SignUp {
    type Prepared = NewAccount;
    type Scope = Target;
    type Output = SignedIn;
    const ACTION: Action = Action::SignUp;

    fn shard(&self) -> Shard {
        // One at a time, so that only one can be the first.
        Shard(0)
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<NewAccount> {
        let mut wrong = Vec::new();
        let mut gather = |error: Error| {
            if let Error::Invalid { fields } = error {
                wrong.extend(fields);
            }
        };
        let name = Name::parse("name", &self.name).map_err(&mut gather).ok();
        let handle = Handle::parse("handle", &self.handle).map_err(&mut gather).ok();
        let password = self.password.check("password").map_err(&mut gather).ok();
        let (Some(name), Some(handle), Some(())) = (name, handle, password) else {
            return Err(Error::Invalid { fields: wrong });
        };
        let password_hash = tools.passwords.hash(&self.password).await?;
        Ok(NewAccount { name, handle, password_hash })
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, new: NewAccount) -> Outcome<SignedIn> {
        let handle = new.handle.as_str();
        let taken = || Error::invalid("handle", "is taken; choose another");
        let code = self.claim.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let person = if let Some(code) = code {
            let invite = invites::open(work.conn, &digest(code), work.now)
                .await?
                .ok_or_else(|| wrong_code("this invitation was used, has run out or never was"))?;
            let holder = people::by_handle(work.conn, handle).await?;
            if holder.is_some_and(|holder| holder.id != invite.person) {
                return Err(taken().into());
            }
            let hash = &new.password_hash;
            if !people::claim(work.conn, work.grant, invite.person, handle, new.name.as_str(), hash).await? {
                return Err(wrong_code("this invitation was used"));
            }
            invites::close(work.conn, work.grant, invite.person, work.now).await?;
            invite.person
        } else {
            let id = PersonId::fresh();
            let person = people::NewPerson {
                id,
                handle,
                name: new.name.as_str(),
                kind: PersonKind::Person,
                password_hash: Some(&new.password_hash),
                server_owner: !people::anybody(work.conn).await?,
                created_at: work.now,
            };
            if !people::insert(work.conn, work.grant, &person).await? {
                return Err(taken().into());
            }
            id
        };
        work.about("person", person);
        let (signed_in, session) = begin_session(work, person).await?;
        work.note(json!({ "claimed": code.is_some(), "session": session }));
        Ok(signed_in)
    }
}

/// Who tries codes is refused like who tries passwords. The code itself is told to nobody.
fn wrong_code(said: &str) -> Failure {
    Failure::Refused { answer: Error::invalid("claim", said), rule: Some("wrong invitation code".to_owned()) }
}

impl Command for SignIn {
    type Prepared = Option<PersonId>;
    type Scope = Target;
    type Output = SignedIn;
    const ACTION: Action = Action::SignIn;

    fn shard(&self) -> Shard {
        Shard(0)
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Option<PersonId>> {
        let handle = self.handle.trim().trim_start_matches('@').to_ascii_lowercase();
        let person = tools
            .store
            .read::<_, Failure, _>(move |conn| Box::pin(async move { Ok(people::by_handle(conn, &handle).await?) }));
        let person = match person.await {
            Ok(person) => person,
            Err(Failure::Answer(error) | Failure::Refused { answer: error, .. }) => return Err(error),
            Err(Failure::Store(cause)) => {
                tracing::error!(%cause, "sign-in could not read");
                return Err(Error::Unavailable);
            }
        };
        let hash = person.as_ref().and_then(|person| person.password_hash.clone());
        let right = tools.passwords.check(&self.password, hash).await?;
        Ok(person.filter(|_| right).map(|person| person.id))
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, person: Option<PersonId>) -> Outcome<SignedIn> {
        // One answer for a wrong name and a wrong password: it tells nobody who has an account.
        let Some(person) = person else {
            return Err(Failure::Refused {
                answer: Error::invalid("password", "the name or the password is wrong"),
                rule: Some("wrong name or password".to_owned()),
            });
        };
        work.about("person", person);
        let (signed_in, session) = begin_session(work, person).await?;
        work.note(json!({ "session": session }));
        Ok(signed_in)
    }
}

impl Command for ChangeProfile {
    type Prepared = Name;
    type Scope = Target;
    type Output = ();
    const ACTION: Action = Action::UpdateAccount;

    fn shard(&self) -> Shard {
        own_shard()
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Name> {
        Name::parse("name", &self.name)
    }

    async fn scope(&self, actor: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(own(actor))
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, name: Name) -> Outcome<()> {
        let mut person = work.person()?.clone();
        work.about("person", person.id);
        // A digest of so short a text as a name would be the name.
        work.note(json!({ "changed": ["name"] }));
        people::rename(work.conn, work.grant, person.id, name.as_str()).await?;
        name.as_str().clone_into(&mut person.name);
        let mut places = communities::of_member(work.conn, person.id).await?;
        // In one order everywhere: two of these cannot wait for each other.
        places.sort_by_key(|community| community.id);
        for community in places {
            work.emit(Topic::Community(community.id), Event::ProfileChanged { person: person.clone() }).await?;
        }
        work.tell(person.id, Event::ProfileChanged { person }).await
    }
}

impl Command for InvitePerson {
    type Prepared = ();
    type Scope = Target;
    type Output = String;
    const ACTION: Action = Action::InvitePerson;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<Target> {
        let standing = communities::standing(conn, self.community, viewer(actor)).await?.ok_or(Error::NotFound)?;
        Ok(standing.target())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<String> {
        let member = communities::member(work.conn, self.community, self.person).await?.ok_or(Error::NotFound)?;
        if member.person.kind != PersonKind::Placeholder {
            return Err(Error::conflict(format!("{} can sign in already.", member.person.name)).into());
        }
        let code = secret()?;
        let invite = invites::NewInvite {
            code_hash: &digest(&code),
            community: self.community,
            person: self.person,
            inviter: work.person()?.id,
            created_at: work.now,
            expires_at: work.now.plus(INVITE_LIFE),
        };
        invites::insert(work.conn, work.grant, &invite).await?;
        work.about("person", self.person);
        work.note(json!({ "community": self.community }));
        Ok(code)
    }
}

impl Query for ReadMe {
    type Scope = Target;
    type Output = Me;

    fn action(&self) -> Action {
        Action::ReadAccount
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(own(asking.actor))
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Me> {
        let Identity::Person { person, session, server_owner } = &asking.actor.identity else {
            return Err(Error::SignedOut.into());
        };
        let session = session.unwrap_or(SessionId::from(uuid::Uuid::nil()));
        Ok(Me { person: person.clone(), session, server_owner: *server_owner })
    }
}

impl Query for ReadClaim {
    type Scope = Target;
    type Output = ClaimedPerson;

    fn action(&self) -> Action {
        Action::SignUp
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<ClaimedPerson> {
        let invite = invites::open(asking.conn, &digest(self.code.trim()), asking.now).await?.ok_or(Error::NotFound)?;
        Ok(ClaimedPerson { name: invite.name, handle: invite.handle, community: invite.community_name })
    }
}

impl Query for ReadDoor {
    type Scope = Target;
    type Output = Door;

    fn action(&self) -> Action {
        Action::SignUp
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Door> {
        Ok(Door { vacant: !people::anybody(asking.conn).await? })
    }
}
