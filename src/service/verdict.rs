//! What a community says of a message before anybody reads it (M07).

use std::collections::HashMap;

use super::{
    Outcome, Work,
    body::Rendered,
    link_rule,
    posting_limits::is_unhurried,
    word_list::{Folded, WordList},
};
use crate::{
    domain::{
        CommunityId, Error, Time,
        moderation::{Consequence, LinkRule, LinksFrom, OwnModeration, Verdict},
    },
    store::{channels::Standing, members},
};

/// What every community has its messages judged by, compiled: immutable, and swapped when one changes it.
#[derive(Debug, Default)]
pub struct Moderation {
    communities: HashMap<CommunityId, Judges>,
}

/// One community's.
#[derive(Debug)]
struct Judges {
    /// From strict to mild.
    words: Vec<(Consequence, WordList)>,
    links: LinkRule,
}

impl Moderation {
    /// Compiles what communities said. One that judges by nothing costs nothing.
    pub fn new(own: Vec<OwnModeration>) -> Self {
        let judges = |one: OwnModeration| {
            let strict_first = Consequence::ALL.iter().rev();
            let words = strict_first.filter_map(|one_of| Some((*one_of, WordList::new(one.settings.words(*one_of))?)));
            (one.community, Judges { words: words.collect(), links: one.settings.links })
        };
        Self { communities: own.into_iter().filter(|one| !one.settings.is_idle()).map(judges).collect() }
    }
}

/// Something that was found in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// What becomes of the message.
    pub consequence: Consequence,
    /// By which rule.
    pub rule: &'static str,
}

impl Found {
    /// What is stored with the message.
    pub(super) fn verdict(found: Option<Self>) -> Verdict {
        match found.map(|found| found.consequence) {
            None => Verdict::Allow,
            Some(Consequence::Flag) => Verdict::Flag,
            Some(Consequence::Hold | Consequence::Refuse) => Verdict::Hold,
        }
    }
}

/// Judges what somebody is about to post, or to change a message into; they stand to the channel as it says. The strictest
/// of what was found is answered; a refusal is an error that names `body`. Moderators and above are not judged,
/// nor is what is said between two people, which no moderator may read.
pub(super) async fn judge<C>(
    work: &mut Work<'_, '_, C>,
    standing: &Standing,
    new: &Rendered,
) -> Outcome<Option<Found>> {
    if is_unhurried(standing) || standing.kind.is_conversation() {
        return Ok(None);
    }
    let approval = standing.approval.then_some(Found { consequence: Consequence::Hold, rule: "approval required" });
    let Some(judges) = work.moderation.communities.get(&standing.community) else { return Ok(approval) };
    let folded = (!judges.words.is_empty()).then(|| Folded::new(new.body()));
    let list = folded.and_then(|text| judges.words.iter().find(|(_, list)| list.is_in(&text)));
    let listed = list.map(|(consequence, _)| Found { consequence: *consequence, rule: "word list" });
    let link = Found { consequence: judges.links.consequence, rule: "link rule" };
    let link = if breaks(work, standing, &judges.links, new).await? { Some(link) } else { None };
    // The first of equals names the rule.
    let found =
        [listed, link, approval].into_iter().flatten().reduce(|a, b| if b.consequence > a.consequence { b } else { a });
    match found {
        Some(Found { consequence: Consequence::Refuse, rule: "link rule" }) => {
            Err(Error::invalid("body", "holds a link, which you cannot post in this community").into())
        }
        Some(Found { consequence: Consequence::Refuse, .. }) => {
            Err(Error::invalid("body", "holds a word that this community does not take").into())
        }
        found => Ok(found),
    }
}

async fn breaks<C>(work: &mut Work<'_, '_, C>, standing: &Standing, rule: &LinkRule, new: &Rendered) -> Outcome<bool> {
    if rule.from == LinksFrom::All || !link_rule::leads_out(new.html(), &rule.hosts) {
        return Ok(false);
    }
    if rule.from == LinksFrom::Nobody {
        return Ok(true);
    }
    let author = work.person()?.id;
    let member = members::standing(work.conn, standing.community, author).await?;
    let since = member.and_then(|member| member.joined_at);
    Ok(since.is_none_or(|since| work.now.since(since) < rule.days * Time::DAY))
}
