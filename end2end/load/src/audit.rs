use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use thunderline::domain::{
    ChannelId, Message, MessageId, Seq, Topic,
    query::{ListMessages, MessageSource, Page, Span},
};
use tokio::task::JoinSet;

use crate::{
    board::{Board, Post},
    client::{CallError, Client},
    failure::Result,
    findings::Findings,
    gallery::Gallery,
    tag::Tag,
};

/// How many look things up at the same time.
const CLERKS: usize = 16;

/// Looks up every acknowledged post by its id, its exact body and its search row, walks each channel from its first
/// message to its last, and holds what every watcher heard against both. `people` are the authors by number.
pub async fn run(board: &Arc<Board>, gallery: &Gallery, people: &[Client]) -> Result<Findings> {
    let posts = Arc::new(board.acknowledged());
    let mut findings = Findings::of_posts(posts.len());
    let mut heads = HashMap::new();
    for channel in posts.iter().map(|post| post.channel).collect::<HashSet<ChannelId>>() {
        let mut owner = people[0].again();
        let (history, head) = walk(&mut owner, channel).await?;
        heads.insert(Topic::Channel(channel), head);
        let of_channel: Vec<&Post> = posts.iter().filter(|post| post.channel == channel).collect();
        order(&of_channel, &mut findings);
        kept(&of_channel, &history, &mut findings);
    }
    gallery.settle(&heads).await;
    gallery.audit(&heads, &mut findings);
    findings.add("told in another place than acknowledged", board.misplaced(), || "see seq".into());
    findings.add("hearings too few or too many", board.unheard(), || "over all watchers".into());
    findings.join(look_up(&posts, people).await?);
    Ok(findings)
}

/// Every message of a channel, and its topic's head.
async fn walk(reader: &mut Client, channel: ChannelId) -> Result<(Vec<Message>, Seq)> {
    let mut history: Vec<Message> = Vec::new();
    loop {
        let span = Span::After { position: history.last().and_then(|last| last.position).unwrap_or_default() };
        let page: Page = reader.ask("list_messages", &ListMessages { channel, span }).await?;
        let empty = page.messages.is_empty();
        history.extend(page.messages);
        if !page.newer || empty {
            return Ok((history, page.cursor));
        }
    }
}

/// Whoever was acknowledged before another was sent comes before it, and no two share a place.
fn order(posts: &[&Post], findings: &mut Findings) {
    let mut placed: Vec<_> = posts.iter().filter_map(|post| post.acked.map(|ack| (ack, *post))).collect();
    placed.sort_by_key(|(ack, _)| ack.seq);
    let mut earliest = None;
    for (ack, post) in placed.iter().rev() {
        let late = earliest.is_some_and(|earliest| earliest < post.sent);
        findings.add("placed after what was sent later", u64::from(late), || name(post));
        earliest = Some(earliest.map_or(ack.at, |earliest| ack.at.min(earliest)));
    }
    for pair in placed.windows(2) {
        let ((before, _), (after, post)) = (pair[0], pair[1]);
        findings.add("acknowledged with another's seq", u64::from(before.seq == after.seq), || name(post));
        let positions = before.position >= after.position;
        findings.add("seq and position disagree", u64::from(positions), || name(post));
    }
}

/// The history holds each acknowledged post once, in its place, and has no gaps.
fn kept(posts: &[&Post], history: &[Message], findings: &mut Findings) {
    let mut found: HashMap<MessageId, (i64, u64)> = HashMap::new();
    for (at, message) in history.iter().enumerate() {
        let position = message.position.unwrap_or_default();
        let gap = usize::try_from(position).is_ok_and(|position| position != at + 1);
        findings.add("gap or repeat in the history", u64::from(gap), || format!("position {position}"));
        found.entry(message.id).or_insert((position, 0)).1 += 1;
    }
    for post in posts {
        let (position, times) = found.get(&post.id).copied().unwrap_or_default();
        findings.add("missing in the history", u64::from(times == 0), || name(post));
        findings.add("doubled in the history", times.saturating_sub(1), || name(post));
        let moved = times > 0 && post.acked.is_some_and(|ack| ack.position != position);
        findings.add("reordered in the history", u64::from(moved), || name(post));
    }
}

fn name(post: &Post) -> String {
    format!("{} in {} ({:?})", post.id, post.channel, post.acked.map(|ack| ack.seq))
}

/// By id and exact body, as its author; and by its unique word.
async fn look_up(posts: &Arc<Vec<Post>>, people: &[Client]) -> Result<Findings> {
    let next = Arc::new(AtomicUsize::new(0));
    let findings = Arc::new(Mutex::new(Findings::default()));
    let mut clerks = JoinSet::new();
    for _ in 0..CLERKS {
        let mut people: Vec<Client> = people.iter().map(Client::again).collect();
        let (posts, next, findings) = (posts.clone(), next.clone(), findings.clone());
        clerks.spawn(async move {
            while let Some(post) = posts.get(next.fetch_add(1, Ordering::Relaxed)) {
                let author = &mut people[post.author];
                let body = source(author, post).await?;
                let found = search(author, post).await?;
                let mut findings = findings.lock().unwrap_or_else(PoisonError::into_inner);
                judge(post, body.as_deref(), &found, &mut findings);
            }
            Ok::<(), CallError>(())
        });
    }
    while let Some(clerk) = clerks.join_next().await {
        clerk??;
    }
    let findings = findings.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(findings)
}

async fn source(author: &mut Client, post: &Post) -> Result<Option<String>, CallError> {
    let id = post.id.to_string();
    match author.call::<MessageSource>("read_message_source", &[("message", &id)]).await {
        Ok(source) => Ok(Some(source.body)),
        Err(CallError::Refused(404, _)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn search(author: &mut Client, post: &Post) -> Result<Vec<MessageId>, CallError> {
    let channel = post.channel.to_string();
    let word = post.body.split(' ').next().unwrap_or_default();
    let found: Vec<Message> = author.call("find_messages", &[("channel", &channel), ("words", word)]).await?;
    Ok(found.into_iter().map(|message| message.id).collect())
}

fn judge(post: &Post, body: Option<&str>, found: &[MessageId], findings: &mut Findings) {
    match body {
        None => findings.add("not found by id", 1, || name(post)),
        Some(body) => findings.add("with another body", u64::from(body != post.body), || name(post)),
    }
    findings.add("not found by search", u64::from(!found.contains(&post.id)), || name(post));
    findings.add("found by search too often", found.len().saturating_sub(1) as u64, || name(post));
}

/// The words of the next scenario never meet those of the last: each has a tag of its own.
pub fn tag(seed: u64, scenario: u64) -> Tag {
    Tag::new(seed.wrapping_mul(31).wrapping_add(scenario))
}

#[cfg(test)]
mod tests {
    use thunderline::domain::{
        PersonId, PersonSummary, Time,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
    };
    use tokio::time::Instant;

    use super::*;

    /// Three posts, one after the other, acknowledged at positions 1, 2, 3.
    fn posted() -> Vec<Post> {
        let board = Board::new(Tag::new(1));
        let channel = ChannelId::fresh();
        for seq in 1..=3 {
            let (number, ..) = board.draft(channel, 0, Instant::now(), 0, ToOwned::to_owned);
            board.acknowledge(number, seq, seq);
        }
        board.acknowledged()
    }

    fn stored(post: &Post, position: i64) -> Message {
        Message {
            id: post.id,
            channel: post.channel,
            position: Some(position),
            place: None,
            author: PersonSummary {
                id: PersonId::fresh(),
                handle: "ada".into(),
                name: "Ada".into(),
                kind: PersonKind::Person,
            },
            kind: MessageKind::Text,
            status: MessageStatus::Active,
            html: String::new(),
            reply_to: None,
            root: None,
            quote: None,
            thread: None,
            created_at: Time::from_micros(0),
            edited_at: None,
            expires_at: None,
            pinned: false,
            reactions: Vec::new(),
        }
    }

    fn history(order: &[(usize, i64)]) -> Findings {
        let posts = posted();
        let history: Vec<Message> = order.iter().map(|(at, position)| stored(&posts[*at], *position)).collect();
        let mut findings = Findings::default();
        kept(&posts.iter().collect::<Vec<_>>(), &history, &mut findings);
        findings
    }

    #[test]
    fn a_whole_history_has_no_findings() {
        assert_eq!(history(&[(0, 1), (1, 2), (2, 3)]).total(), 0);
    }

    #[test]
    fn a_history_that_lost_repeats_or_swaps_a_post_is_found_out() {
        assert_eq!(history(&[(0, 1), (1, 2)]).of("missing in the history"), 1);
        assert_eq!(history(&[(0, 1), (2, 3)]).of("gap or repeat in the history"), 1);
        assert_eq!(history(&[(0, 1), (1, 2), (2, 3), (1, 4)]).of("doubled in the history"), 1);
        assert_eq!(history(&[(1, 1), (0, 2), (2, 3)]).of("reordered in the history"), 2);
    }

    #[test]
    fn posts_placed_against_their_order_in_time_are_found_out() {
        let mut posts = posted();
        let mut findings = Findings::default();
        order(&posts.iter().collect::<Vec<_>>(), &mut findings);
        assert_eq!(findings.total(), 0);
        for (post, seq) in posts.iter_mut().zip([3, 2, 3]) {
            post.acked = post.acked.map(|ack| crate::board::Ack { seq, position: seq, ..ack });
        }
        order(&posts.iter().collect::<Vec<_>>(), &mut findings);
        assert_eq!(findings.of("acknowledged with another's seq"), 1);
        // The first post was acknowledged before the second was sent, yet stands behind it.
        assert_eq!(findings.of("placed after what was sent later"), 1);
    }

    #[test]
    fn a_lost_changed_or_unsearchable_post_is_found_out() {
        let posts = posted();
        let mut findings = Findings::default();
        judge(&posts[0], Some(&posts[0].body), &[posts[0].id], &mut findings);
        assert_eq!(findings.total(), 0);
        judge(&posts[0], None, &[], &mut findings);
        judge(&posts[0], Some("another"), &[posts[0].id, posts[1].id], &mut findings);
        for kind in ["not found by id", "with another body", "not found by search", "found by search too often"] {
            assert_eq!(findings.of(kind), 1, "{kind}");
        }
    }
}
