//! People from elsewhere, as placeholders (O06). Who left or was banned here stays away.

use std::collections::HashSet;

use serde_json::json;

use super::{Command, Outcome, Tools, Work, community::CommunityScope, import::within_batch, member};
use crate::{
    domain::{
        Action, Actor, Error, Event, PersonId, Result, Role, Topic,
        command::{ImportPeople, ImportedPerson},
        person::PersonKind,
        text::{Handle, Name},
    },
    store::{
        Conn, Shard, communities, departures, members,
        people::{self, NewPerson},
    },
};

impl Command for ImportPeople {
    type Prepared = Vec<(Name, Handle)>;
    type Scope = CommunityScope;
    type Output = u64;
    const ACTION: Action = Action::Import;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Self::Prepared> {
        within_batch("people", self.people.len())?;
        let checked = |person: &ImportedPerson| {
            Ok((Name::parse("name", &person.name)?, Handle::parse("handle", &person.handle)?))
        };
        self.people.iter().map(checked).collect()
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, checked: Self::Prepared) -> Outcome<u64> {
        work.about("community", self.community);
        // Whoever is removed or banned at this moment was so before, or is so afterwards.
        members::hold(work.conn, work.grant, self.community).await?;
        let ids = self.people.iter().map(|person| person.id).collect();
        let gone: HashSet<PersonId> =
            departures::members_among(work.conn, self.community, ids).await?.into_iter().collect();
        let (mut new, mut listening) = (0, Vec::new());
        for (person, (name, handle)) in self.people.iter().zip(&checked) {
            let known = people::find(work.conn, person.id).await?;
            if known.is_none() {
                insert_person(work, person.id, name, handle, person.kind).await?;
            }
            if gone.contains(&person.id) {
                continue;
            }
            if communities::add_member(work.conn, work.grant, self.community, person.id, Role::Member, work.now).await?
            {
                new += 1;
                listening.extend(known.filter(may_listen).map(|known| known.id));
            }
        }
        work.note(json!({ "people": self.people.len(), "new": new, "stayed_away": gone.len() }));
        if new == 0 {
            return Ok(0);
        }
        let change = i64::try_from(new).unwrap_or(i64::MAX);
        let members = communities::count_members(work.conn, work.grant, self.community, change).await?;
        // One event for all of them: a lane is not to be filled by an import.
        work.emit(Topic::Community(self.community), Event::MembersImported { members }).await?;
        for person in listening {
            let standing = communities::standing(work.conn, self.community, person).await?.ok_or(Error::NotFound)?;
            work.tell(person, Event::CommunityJoined { community: Box::new(standing.summary()) }).await?;
            member::tell_standing(work, self.community, person).await?;
        }
        Ok(new)
    }
}

/// Stores a placeholder; when the sign-in name is taken, a number is added.
async fn insert_person<C>(
    work: &mut Work<'_, '_, C>,
    id: PersonId,
    name: &Name,
    handle: &Handle,
    kind: PersonKind,
) -> Outcome<()> {
    for attempt in 1..1_000 {
        let suffix = if attempt == 1 { String::new() } else { format!("-{attempt}") };
        let stem = &handle.as_str()[..handle.as_str().len().min(32 - suffix.len())];
        let handle = format!("{stem}{suffix}");
        let person = NewPerson {
            id,
            handle: &handle,
            name: name.as_str(),
            kind,
            password_hash: None,
            server_owner: false,
            created_at: work.now,
        };
        if people::insert(work.conn, work.grant, &person).await? {
            return Ok(());
        }
    }
    Err(Error::conflict(format!("No free sign-in name like {handle} is left.")).into())
}

/// Whether somebody may have a page open: nobody signs in as a placeholder.
pub(super) fn may_listen(person: &people::Person) -> bool {
    person.kind == PersonKind::Person
}
