//! Search (M23): what a person looks for, in the channels they may read.

mod backlog;
mod parse;
mod snippet;
mod tokens;
mod windows;
mod words;

use std::collections::HashMap;

pub(super) use self::words::{marks, words};
use self::{
    parse::{Asked, By, Filter, Holding, Term, parse},
    snippet::snippet,
};
use super::{Asking, Outcome, Query, channel::ChannelScope, community::CommunityScope, conversation, viewer};
use crate::{
    domain::{
        Action, ChannelId, ChannelSummary, Error, Message, MessageId, PersonId, Time,
        message::PAGE,
        query::{FindMessages, SearchMessages},
        search::{Found, Hit, SEARCH_PAGE, SEARCH_TERMS},
    },
    store::{
        channels::{self, Standing},
        messages, people,
        search::{self, Mark, Phrase, Sought, Stretch},
    },
    view::body,
};

/// Up to how many messages are sorted at once. Of more the newest are looked for in one stretch of time after the other.
const SORTED: i64 = 2_000;

/// What is looked for, with everybody and everything found that it names.
struct Search {
    sought: Sought,
    stretch: Stretch,
    pinned: bool,
    places: Vec<Standing>,
}

fn wrong(message: String) -> Error {
    Error::invalid("q", message)
}

impl From<&Term> for Phrase {
    fn from(term: &Term) -> Self {
        Self { tokens: term.tokens.clone(), begins: term.begins }
    }
}

impl Search {
    /// Everything in `places` up to now and beyond.
    fn of(places: Vec<Standing>) -> Self {
        let end = (Time::from_micros(i64::MAX), MessageId::from(uuid::Uuid::max()));
        let stretch = Stretch { since: Time::from_micros(i64::MIN), before: end };
        Self { sought: Sought::default(), stretch, pinned: false, places }
    }

    /// As it was asked; an error names `q`.
    async fn asked(asking: &mut Asking<'_, '_>, asked: &Asked, places: Vec<Standing>) -> Outcome<Self> {
        let mut search = Self::of(places);
        let (mut authors, mut chosen) = (Vec::new(), Vec::new());
        for filter in &asked.filters {
            match &filter.by {
                By::From(handle) => {
                    let author = Phrase::from(Mark::Author(author(asking, handle, filter).await?));
                    if filter.not { search.sought.none.push(author) } else { authors.push(author) }
                }
                By::In(slug) => {
                    let place = search.place(slug, filter)?;
                    if filter.not { search.places.retain(|one| one.id != place) } else { chosen.push(place) }
                }
                By::Has(holding) => search.hold(holding.mark(), filter.not),
                By::Thread => search.hold(Mark::Thread, filter.not),
                By::Edited => search.hold(Mark::Edited, filter.not),
                By::Pinned => search.pinned = true,
                By::Since(time) => search.since(*time),
                By::Until(time) => search.until(*time),
                By::On(time) => {
                    search.since(*time);
                    search.until(time.plus(Time::DAY));
                }
            }
        }
        if !chosen.is_empty() {
            search.places.retain(|one| chosen.contains(&one.id));
        }
        if !authors.is_empty() {
            search.sought.all.push(authors);
        }
        for term in &asked.terms {
            if term.not {
                search.sought.none.push(term.into());
            } else {
                search.sought.all.push(vec![term.into()]);
            }
        }
        let places = search.places.iter().map(|one| Mark::Channel(one.id).into()).collect();
        search.sought.all.push(places);
        Ok(search)
    }

    fn place(&self, slug: &str, filter: &Filter) -> Result<ChannelId, Error> {
        let place = self.places.iter().find(|one| one.slug == slug);
        place.map(|one| one.id).ok_or_else(|| wrong(format!("{} is no channel here that you can see", filter.typed)))
    }

    fn hold(&mut self, mark: Mark, not: bool) {
        if not { self.sought.none.push(mark.into()) } else { self.sought.all.push(vec![mark.into()]) }
    }

    fn since(&mut self, time: Time) {
        self.stretch.since = self.stretch.since.max(time);
    }

    fn until(&mut self, time: Time) {
        self.stretch.before = self.stretch.before.min((time, MessageId::from(uuid::Uuid::nil())));
    }

    /// At most `limit` messages, newest first.
    async fn newest(&self, asking: &mut Asking<'_, '_>, limit: usize) -> Outcome<Vec<MessageId>> {
        let Some(latest) = self.places.iter().filter_map(|one| one.last_message_at).max() else {
            return Ok(Vec::new());
        };
        let (conn, wanted) = (&mut *asking.conn, i64::try_from(limit).unwrap_or(i64::MAX));
        search::by_index(conn).await?;
        if self.pinned {
            let channels = self.places.iter().map(|one| one.id).collect();
            let found = search::newest_pinned(conn, &self.sought, self.stretch, wanted, channels).await?;
            return Ok(ids(found));
        }
        if search::count(conn, &self.sought, SORTED).await? < SORTED {
            return Ok(ids(search::newest(conn, &self.sought, self.stretch, wanted).await?));
        }
        let mut found = Vec::new();
        for window in windows::windows(latest.min(self.stretch.before.0)) {
            if window.end <= self.stretch.since || found.len() >= limit {
                break;
            }
            let mut within = self.sought.clone();
            within.all.push(window.begins.into_iter().map(|digits| Mark::Time(digits).into()).collect());
            let room = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
            found.extend(search::newest(conn, &within, self.stretch, room).await?);
        }
        Ok(ids(found))
    }
}

fn ids(found: Vec<(MessageId, Time)>) -> Vec<MessageId> {
    found.into_iter().map(|(id, _)| id).collect()
}

impl Holding {
    const fn mark(self) -> Mark {
        match self {
            Self::Link => Mark::Link,
            Self::File => Mark::File,
            Self::Image => Mark::Image,
            Self::Code => Mark::Code,
        }
    }
}

async fn author(asking: &mut Asking<'_, '_>, handle: &str, filter: &Filter) -> Outcome<PersonId> {
    if handle == "me" {
        return Ok(viewer(asking.actor));
    }
    let person = people::by_handle(asking.conn, handle).await?;
    Ok(person.ok_or_else(|| wrong(format!("{} is nobody here", filter.typed)))?.id)
}

/// The messages, in this order; one that went meanwhile is left out.
async fn read(asking: &mut Asking<'_, '_>, ids: Vec<MessageId>) -> Outcome<Vec<Message>> {
    let rows = messages::find_all(asking.conn, ids.clone()).await?;
    let mut rows: HashMap<MessageId, Message> = rows.into_iter().map(|row| (row.id, row.into())).collect();
    Ok(ids.into_iter().filter_map(|id| rows.remove(&id)).collect())
}

impl Query for SearchMessages {
    type Scope = CommunityScope;
    type Output = Found;
    const LONG: bool = true;

    fn action(&self) -> Action {
        Action::ReadCommunity
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::by_slug(asking.conn, asking.actor, &self.community.to_ascii_lowercase()).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: CommunityScope) -> Outcome<Found> {
        let asked = parse(&self.q, asking.now)?;
        let mut places = channels::visible(asking.conn, scope.standing.id, viewer(asking.actor)).await?;
        places.retain(|one| asking.policy.allows(asking.actor, Action::ReadChannel, &one.target()));
        let mut search = Search::asked(asking, &asked, places).await?;
        if let Some(after) = self.after {
            let last = messages::place(asking.conn, after).await?;
            let last = last.filter(|last| search.places.iter().any(|one| one.id == last.channel));
            let last = last.ok_or_else(|| Error::invalid("after", "is no message that was found"))?;
            search.stretch.before = search.stretch.before.min((last.created_at, last.id));
        }
        let mut ids = search.newest(asking, SEARCH_PAGE + 1).await?;
        let more = ids.len() > SEARCH_PAGE;
        ids.truncate(SEARCH_PAGE);
        let mut places: Vec<ChannelSummary> = search.places.iter().map(Standing::summary).collect();
        conversation::named(asking.conn, viewer(asking.actor), &mut places).await?;
        let places: HashMap<ChannelId, &ChannelSummary> = places.iter().map(|one| (one.id, one)).collect();
        let hit = |message: Message| {
            let place = places.get(&message.channel)?;
            Some(Hit {
                message: message.id,
                channel: place.slug.clone(),
                channel_name: place.name.clone(),
                in_thread: message.root.is_some(),
                snippet: snippet(&body::words(&message.html, usize::MAX), &asked.terms),
                author: message.author,
                created_at: message.created_at,
            })
        };
        Ok(Found { hits: read(asking, ids).await?.into_iter().filter_map(hit).collect(), more })
    }
}

impl Query for FindMessages {
    type Scope = ChannelScope;
    type Output = Vec<Message>;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: ChannelScope) -> Outcome<Vec<Message>> {
        let mut search = Search::of(vec![scope.standing]);
        let phrase = |word: &str| {
            let tokens: Vec<String> = tokens::tokens(word).into_iter().map(|token| token.text).collect();
            (!tokens.is_empty()).then(|| vec![Phrase { tokens, begins: false }])
        };
        search.sought.all = self.words.split_whitespace().filter_map(phrase).take(SEARCH_TERMS).collect();
        if search.sought.all.is_empty() {
            return Ok(Vec::new());
        }
        search.sought.all.push(vec![Mark::Channel(self.channel).into()]);
        let ids = search.newest(asking, usize::try_from(PAGE).unwrap_or_default()).await?;
        read(asking, ids).await
    }
}
