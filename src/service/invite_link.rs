//! Links by which people join a community (R03).

use serde_json::json;

use super::{
    Asking, Command, Failure, Outcome, Query, Tools, Work,
    community::{CommunityScope, admit},
    password::{digest, secret},
    viewer,
};
use crate::{
    domain::{
        Action, Actor, CommunityId, CommunitySummary, Error, InviteLinkId, Result, Role, Time,
        command::{JoinByLink, MakeInviteLink, RevokeInviteLink},
        invite_link::{InviteLink, Invited, LINKS_PER_COMMUNITY, USES_WITHIN, WORKS_WITHIN},
        query::{ListInviteLinks, ReadInviteLink},
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, StoreError, channels, communities,
        invite_links::{self, NewLink, Stored},
        members,
    },
};

impl Command for MakeInviteLink {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = String;
    const ACTION: Action = Action::ManageInviteLinks;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if self.expires_in.is_some_and(|seconds| !WORKS_WITHIN.contains(&seconds)) {
            return Err(Error::invalid("expires_in", "must be a minute to a year, or empty for ever"));
        }
        if self.max_uses.is_some_and(|uses| !USES_WITHIN.contains(&uses)) {
            return Err(Error::invalid("max_uses", "must be 1 to 10,000, or empty for any number"));
        }
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, (): ()) -> Outcome<String> {
        members::hold(work.conn, work.grant, self.community).await?;
        if invite_links::count(work.conn, self.community).await? >= LINKS_PER_COMMUNITY {
            let full = format!("This community has {LINKS_PER_COMMUNITY} invitation links; revoke some first.");
            return Err(Error::conflict(full).into());
        }
        let (id, code) = (InviteLinkId::fresh(), secret()?);
        let expires_at = self.expires_in.map(|seconds| work.now.plus(seconds * Time::SECOND));
        let link = NewLink {
            id,
            code_hash: &digest(&code),
            community: self.community,
            inviter: work.person()?.id,
            created_at: work.now,
            expires_at,
            max_uses: self.max_uses,
        };
        invite_links::insert(work.conn, work.grant, &link).await?;
        work.about("invite_link", id);
        work.note(json!({ "community": self.community, "expires_at": expires_at, "max_uses": self.max_uses }));
        Ok(code)
    }
}

impl Command for RevokeInviteLink {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::ManageInviteLinks;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, (): ()) -> Outcome<()> {
        work.about("invite_link", self.link);
        let revoked = invite_links::revoke(work.conn, work.grant, self.community, self.link).await?;
        work.note(json!({ "community": self.community, "revoked": revoked }));
        Ok(())
    }
}

/// A link, and where it leads as the actor stands to it.
pub struct LinkScope {
    link: Stored,
    target: Target,
}

impl Scoped for LinkScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

/// One answer for a code that never was, has run out, was used up or revoked. Who tries codes is refused like who tries
/// passwords; the code itself is told to nobody.
fn wrong_code(actor: &Actor) -> Failure {
    let answer = if actor.id().is_some() { Error::NotFound } else { Error::SignedOut };
    Failure::Refused { answer, rule: Some("wrong invitation code".to_owned()) }
}

async fn by_code(conn: &mut Conn<'_>, code: &str) -> Result<Option<Stored>, StoreError> {
    invite_links::by_code(conn, &digest(code.trim())).await
}

impl Command for JoinByLink {
    /// Where it leads: members are counted by that community's writer.
    type Prepared = Option<CommunityId>;
    type Scope = LinkScope;
    type Output = CommunitySummary;
    const ACTION: Action = Action::JoinByLink;

    fn shard(&self) -> Shard {
        Shard(0)
    }

    fn shard_after(&self, community: &Self::Prepared) -> Shard {
        community.map_or(self.shard(), |community| Shard::of(community.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        let code = self.code.clone();
        let read =
            tools.store.glance::<_, StoreError, _>(move |conn| Box::pin(async move { by_code(conn, &code).await }));
        read.await.map(|link| link.map(|link| link.community)).map_err(|cause| {
            tracing::warn!(%cause, "where an invitation leads could not be looked up");
            Error::Unavailable
        })
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<LinkScope> {
        let link = by_code(conn, &self.code).await?.ok_or_else(|| wrong_code(actor))?;
        let standing = communities::standing(conn, link.community, viewer(actor)).await?.ok_or(Error::NotFound)?;
        Ok(LinkScope { link, target: Target { invited: true, ..standing.target() } })
    }

    async fn run(
        self,
        work: &mut Work<'_, '_, Self>,
        scope: LinkScope,
        _: Self::Prepared,
    ) -> Outcome<CommunitySummary> {
        let (person, id) = (work.person()?.clone(), scope.link.community);
        work.about("community", id);
        members::hold(work.conn, work.grant, id).await?;
        let standing = communities::standing(work.conn, id, person.id).await?.ok_or(Error::NotFound)?;
        if standing.role.is_some() {
            work.note(json!({ "invite_link": scope.link.id, "repeated": true }));
            return Ok(standing.summary());
        }
        if !invite_links::take(work.conn, work.grant, scope.link.id, work.now).await? {
            return Err(wrong_code(work.actor));
        }
        work.note(json!({ "invite_link": scope.link.id }));
        let founding = channels::founding(work.conn, id).await?;
        admit(work, id, &person, Role::Member, founding).await
    }
}

impl Query for ListInviteLinks {
    type Scope = CommunityScope;
    type Output = Vec<InviteLink>;

    fn action(&self) -> Action {
        Action::ManageInviteLinks
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: CommunityScope) -> Outcome<Vec<InviteLink>> {
        let rows = invite_links::list(asking.conn, self.community, LINKS_PER_COMMUNITY).await?;
        Ok(rows.into_iter().map(|link| link.listed(asking.now)).collect())
    }
}

impl Query for ReadInviteLink {
    type Scope = Target;
    type Output = Invited;

    fn action(&self) -> Action {
        Action::SignUp
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Invited> {
        let link = by_code(asking.conn, &self.code).await?.ok_or(Error::NotFound)?;
        let standing = communities::standing(asking.conn, link.community, viewer(asking.actor)).await?;
        let there = standing.filter(|there| !there.banned && (there.role.is_some() || link.works(asking.now)));
        let there = there.ok_or(Error::NotFound)?;
        Ok(Invited {
            slug: there.role.map(|_| there.slug),
            community: there.name,
            description: there.description,
            members: there.members,
            inviter: link.name,
        })
    }
}
