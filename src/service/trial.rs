//! What a rule would have changed of what happened (S07).
//!
//! What happened is read from the audit log, which keeps ids. Who they were and how the channel stood is looked up as it
//! is today; so each entry is judged twice, by the rules as they are and with the rule that is tried. Where the rules as
//! they are do not lead to what was decided then, something has changed since, and the entry is not judged at all.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use uuid::Uuid;

use super::{
    Asking, Outcome, Query,
    community::CommunityScope,
    explain::as_actor,
    rule::{checked, nowhere, sees},
    viewer,
};
use crate::{
    domain::{
        Action, Actor, AuditId, ChannelId, MessageId, PersonId, Time,
        audit::AuditEntry,
        query::{AuditCursor, TryRule},
        rule::{EXAMPLES, Example, RuleDraft, TRIED_DAYS, Trial},
    },
    policy::{PolicySet, Target},
    store::{
        Conn, StoreError,
        audits::list::{self, Wanted},
        channels, messages, people, rules,
    },
};

/// The most entries that are looked at for one answer.
const LOOKED_AT: usize = 400;
/// How often as many more are looked at while none of them was in the community.
const STRETCHES: usize = 5;

/// Where something happened.
#[derive(Clone, Copy)]
struct Place {
    channel: ChannelId,
    /// Who wrote the message it was about.
    author: Option<PersonId>,
}

/// One stretch of the log, and what is known of it today.
struct Stretch {
    entries: Vec<AuditEntry>,
    next: Option<AuditCursor>,
    places: HashMap<Uuid, Place>,
    /// Those of the community that the asker can see, by name.
    seen: HashMap<ChannelId, String>,
}

impl Stretch {
    async fn read(asking: &mut Asking<'_, '_>, query: &TryRule, draft: &RuleDraft) -> Outcome<Self> {
        let seen = channels::visible(asking.conn, query.community, viewer(asking.actor)).await?;
        let seen: HashMap<ChannelId, String> = seen
            .into_iter()
            .filter(|there| asking.policy.allows(asking.actor, Action::ReadChannel, &there.target()))
            // What somebody does in their own conversations is not what rules are tried on.
            .filter(|there| !there.kind.is_conversation())
            .map(|there| (there.id, there.name))
            .collect();
        let mut stretch = Self { entries: Vec::new(), next: None, places: HashMap::new(), seen };
        let mut after = query.after;
        for _ in 0..STRETCHES {
            let (entries, next) = entries(asking.conn, draft, asking.now, after).await?;
            stretch.places = places(asking.conn, &entries).await?;
            stretch.entries = entries;
            // From the last that the asker may know of: the log is everybody's.
            let last = stretch.entries.iter().rev().find(|entry| stretch.place(entry).is_some());
            stretch.next = last.filter(|_| next.is_some()).map(|last| AuditCursor { at: last.at, id: last.id });
            after = next;
            if after.is_none() || stretch.next.is_some() {
                break;
            }
        }
        Ok(stretch)
    }

    /// Where an entry's action was, if that is a channel of the community that the asker can see.
    fn place(&self, entry: &AuditEntry) -> Option<Place> {
        let place = self.places.get(&entry.target?)?;
        self.seen.contains_key(&place.channel).then_some(*place)
    }
}

/// Where the targets of entries are.
async fn places(conn: &mut Conn<'_>, entries: &[AuditEntry]) -> Result<HashMap<Uuid, Place>, StoreError> {
    let of_kind = |kind: &str| {
        let targets = entries.iter().filter(|entry| entry.target_kind == kind).filter_map(|entry| entry.target);
        targets.collect::<HashSet<Uuid>>()
    };
    let mut places: HashMap<Uuid, Place> =
        of_kind("channel").into_iter().map(|id| (id, Place { channel: id.into(), author: None })).collect();
    let about: Vec<MessageId> = of_kind("message").into_iter().map(MessageId::from).collect();
    for message in messages::find_all(conn, about).await? {
        places.insert(message.id.into(), Place { channel: message.channel, author: Some(message.author) });
    }
    Ok(places)
}

/// A bounded stretch of what the rule speaks of, the latest first, and where it goes on.
async fn entries(
    conn: &mut Conn<'_>,
    draft: &RuleDraft,
    now: Time,
    after: Option<AuditCursor>,
) -> Result<(Vec<AuditEntry>, Option<AuditCursor>), StoreError> {
    let latest = (Time::from_micros(i64::MAX), AuditId::from(Uuid::nil()));
    let mut found = Vec::new();
    for action in &draft.actions {
        let wanted = Wanted {
            actor: None,
            target: None,
            correlation: None,
            action: Some(*action),
            outcome: None,
            surface: None,
            since: now.plus(-TRIED_DAYS * Time::DAY),
            before: after.map_or(latest, |cursor| (cursor.at, cursor.id)),
        };
        found.extend(list::list(conn, &wanted, LOOKED_AT + 1).await?);
    }
    found.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
    let more = found.len() > LOOKED_AT;
    found.truncate(LOOKED_AT);
    let next = found.last().filter(|_| more).map(|last| AuditCursor { at: last.at, id: last.id });
    Ok((found, next))
}

/// The facts of today, each looked up once.
#[derive(Default)]
struct Today {
    people: HashMap<PersonId, Option<Actor>>,
    targets: HashMap<(ChannelId, PersonId), Option<Target>>,
}

impl Today {
    async fn actor(&mut self, conn: &mut Conn<'_>, id: PersonId) -> Result<Option<Actor>, StoreError> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let actor = people::find(conn, id).await?.map(as_actor);
        self.people.insert(id, actor.clone());
        Ok(actor)
    }

    async fn target(&mut self, conn: &mut Conn<'_>, place: Place, id: PersonId) -> Result<Option<Target>, StoreError> {
        let known = match self.targets.entry((place.channel, id)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => {
                let there = channels::standing(conn, place.channel, id).await?;
                unknown.insert(there.map(|there| there.target())).clone()
            }
        };
        Ok(known.map(|target| Target { author: place.author == Some(id), ..target }))
    }
}

/// What became of one entry.
enum Judged {
    Unknown,
    Same,
    Changed(Example),
}

impl Trial {
    fn count(&mut self, judged: Judged) {
        let example = match judged {
            Judged::Unknown => {
                self.unknown += 1;
                return;
            }
            Judged::Same => None,
            Judged::Changed(example) => Some(example),
        };
        self.judged += 1;
        if let Some(example) = example {
            if example.was_allowed {
                self.refused += 1;
            } else {
                self.allowed += 1;
            }
            if self.examples.len() < EXAMPLES {
                self.examples.push(example);
            }
        }
    }
}

impl Query for TryRule {
    type Scope = CommunityScope;
    type Output = Trial;
    const LONG: bool = true;

    fn action(&self) -> Action {
        Action::ManageRules
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: CommunityScope) -> Outcome<Trial> {
        let draft = checked(&self.draft)?;
        if !sees(asking.conn, asking.policy, asking.actor, self.community, draft.scope).await? {
            return Err(nowhere().into());
        }
        let stretch = Stretch::read(asking, &self, &draft).await?;
        let id = self.rule.unwrap_or_else(crate::domain::RuleId::fresh);
        let with = asking.policy.with(rules::compiled(id, draft));
        let (mut today, mut trial) = (Today::default(), Trial { next: stretch.next, ..Trial::default() });
        for entry in &stretch.entries {
            // Of other communities, and of channels the asker cannot see, nothing is told: not even that there is any.
            let Some(place) = stretch.place(entry) else { continue };
            trial.count(judge(asking, &mut today, &with, &stretch, entry, place).await?);
        }
        Ok(trial)
    }
}

async fn judge(
    asking: &mut Asking<'_, '_>,
    today: &mut Today,
    with: &PolicySet,
    stretch: &Stretch,
    entry: &AuditEntry,
    place: Place,
) -> Outcome<Judged> {
    let (Some(id), Ok(action)) = (entry.actor.map(PersonId::from), entry.action.parse::<Action>()) else {
        return Ok(Judged::Unknown);
    };
    let actor = today.actor(asking.conn, id).await?;
    let target = today.target(asking.conn, place, id).await?;
    let (Some(mut actor), Some(target)) = (actor, target) else { return Ok(Judged::Unknown) };
    actor.surface = entry.surface.parse().unwrap_or(actor.surface);
    let was_allowed = entry.outcome == "done";
    if asking.policy.then(entry.at).allows(&actor, action, &target) != was_allowed {
        return Ok(Judged::Unknown);
    }
    if with.at(entry.at).allows(&actor, action, &target) == was_allowed {
        return Ok(Judged::Same);
    }
    Ok(Judged::Changed(Example {
        person: actor.signed_in()?.clone(),
        action,
        channel: stretch.seen.get(&place.channel).cloned(),
        at: entry.at,
        was_allowed,
    }))
}
