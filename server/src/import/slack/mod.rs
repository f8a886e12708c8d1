//! A Slack export: a zip with users.json, channels.json, groups.json and a folder of days for each channel.

mod archive;
mod body;
mod channels;
mod ids;
mod json;
mod markup;
mod messages;
mod pins;
mod pour;
mod reactions;
mod record;
mod token;
mod users;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use thunderline::{domain::command::ImportedChannel, engine::Engine};

use self::{
    archive::{Archive, Contents, Unread},
    channels::{Addresses, Channel},
    ids::Ids,
    markup::Names,
    pins::Pinned,
    pour::{Pour, Source},
    users::{People, User},
};
use super::{
    ImportError, Progress, Report, Tally, Wish,
    landing::{BATCH, Landing},
};

/// Imports an export: people as placeholders, channels, memberships, messages, pins. Calls `progress` after each batch.
pub async fn slack(
    engine: &Engine,
    archive: &Path,
    wish: &Wish,
    progress: impl FnMut(Progress) + Send,
) -> Result<Report, ImportError> {
    let began = engine.clock().now();
    let mut tally = Tally::default();
    let mut reader = Archive::open(archive)?;
    let mut contents = reader.contents(&mut tally);
    if !["users.json", "channels.json", "groups.json"].iter().any(|list| contents.top.contains_key(*list)) {
        return Err(ImportError::NotAnExport { path: archive.to_owned() });
    }
    let landing = Landing::find(engine, wish).await?;
    let ids = Ids::new(landing.community);

    let people = settle_people(&landing, ids, &mut reader, &mut contents, &mut tally).await?;
    let mut lists = Vec::new();
    for (list, private) in [("channels.json", false), ("groups.json", true)] {
        let read: Vec<(u64, Channel)> = list_of(list, &mut reader, &mut contents, &mut tally)?;
        tally.channels.read += read.len() as u64;
        lists.extend(read.into_iter().map(|(_, channel)| (channel, private)));
    }
    let by_id: HashMap<String, String> =
        lists.iter().map(|(channel, _)| (channel.id.clone(), channel.name.clone())).collect();
    let names = Names { people: &people, channels: &by_id };
    let mut addresses = Addresses::default();
    let (mut sources, mut pinned) = (Vec::new(), Vec::new());
    for (channel, private) in &lists {
        let days = contents.days.remove(&channel.name).or_else(|| contents.days.remove(&channel.id));
        let imported = channel.imported(*private, ids, &names, &people, &mut addresses, &mut tally);
        let pins = pins::of(channel, ids, &people, &mut tally);
        match settle_channel(&landing, channel, imported, days.unwrap_or_default(), &mut tally).await? {
            Some(source) => {
                pinned.push(Pinned { channel: source.here, pins });
                sources.push(source);
            }
            None => tally.leave_out("pins of channels that were refused", pins.len() as u64),
        }
    }
    leave_direct(&mut reader, &mut contents, &mut tally)?;
    for (folder, days) in &contents.days {
        let what = format!("is in none of the lists of channels; its {} files are left out", days.len());
        tally.complain(folder, None, what);
    }
    tally.leave_out("lists and files that are not imported yet", contents.top.len() as u64);

    let pour = Pour::new(&landing, engine.clock(), began, &sources, progress);
    let poured = pour.all(&reader, ids, people, by_id, sources).await?;
    tally.add(poured);
    pins::settle(&landing, pinned, &mut tally).await?;
    let elapsed = engine.clock().now().since(began);
    Ok(Report { community: wish.community.clone(), dry_run: wish.dry_run, elapsed, tally })
}

/// Reads one of the lists beside the folders; one that is missing or broken is told of.
fn list_of<T: serde::de::DeserializeOwned>(
    name: &str,
    archive: &mut Archive,
    contents: &mut Contents,
    tally: &mut Tally,
) -> Result<Vec<(u64, T)>, ImportError> {
    let Some(entry) = contents.top.remove(name) else {
        // A workspace without private channels exports no groups.json.
        match name {
            "users.json" => tally.complain(name, None, "is missing; authors get placeholders named by their ids"),
            "channels.json" => tally.complain(name, None, "is missing; no public channel can be imported"),
            _ => {}
        }
        return Ok(Vec::new());
    };
    let mut bytes = Vec::new();
    match archive.read(&entry, &mut bytes) {
        Ok(()) => Ok(json::records(&entry.path, &bytes, tally)),
        Err(Unread::Entry(what)) => {
            tally.complain(&entry.path, None, what);
            Ok(Vec::new())
        }
        Err(Unread::All(error)) => Err(error),
    }
}

async fn settle_people(
    landing: &Landing,
    ids: Ids,
    archive: &mut Archive,
    contents: &mut Contents,
    tally: &mut Tally,
) -> Result<People, ImportError> {
    let users: Vec<(u64, User)> = list_of("users.json", archive, contents, tally)?;
    let (mut people, mut placeholders) = (People::default(), Vec::with_capacity(users.len()));
    for (number, user) in users {
        tally.people.read += 1;
        if user.id.is_empty() {
            tally.complain("users.json", Some(number), "has no id; left out");
            tally.leave_out("people without an id", 1);
            continue;
        }
        let placeholder = user.placeholder(ids, &user.id);
        if people.add(user.id, placeholder.id, placeholder.handle.clone()) {
            placeholders.push(placeholder);
        } else {
            tally.leave_out("people listed twice", 1);
        }
    }
    let all = placeholders.len() as u64;
    let mut new = 0;
    while !placeholders.is_empty() {
        let rest = placeholders.split_off(placeholders.len().min(BATCH));
        new += landing.people(std::mem::replace(&mut placeholders, rest)).await?;
    }
    tally.people.stored += new;
    tally.people.known += all - new;
    people.rename(&landing.handles().await?);
    Ok(people)
}

async fn settle_channel(
    landing: &Landing,
    channel: &Channel,
    imported: ImportedChannel,
    days: Vec<archive::Entry>,
    tally: &mut Tally,
) -> Result<Option<Source>, ImportError> {
    match landing.channel(imported).await? {
        Ok((here, new)) => {
            *(if new { &mut tally.channels.stored } else { &mut tally.channels.known }) += 1;
            Ok(Some(Source { id: channel.id.clone(), here, days }))
        }
        Err(refusal) => {
            tally.leave_out("channels that were refused, with all their messages", 1);
            tally.complain(
                &channel.name,
                None,
                format!("the channel is left out with its {} days: {refusal}", days.len()),
            );
            Ok(None)
        }
    }
}

/// Direct conversations have no place yet: they are counted, so that nobody thinks they came along.
fn leave_direct(archive: &mut Archive, contents: &mut Contents, tally: &mut Tally) -> Result<(), ImportError> {
    let mut left: BTreeMap<&str, u64> = BTreeMap::new();
    for (list, what) in [
        ("dms.json", "direct conversations: cannot be imported yet"),
        ("mpims.json", "group conversations: cannot be imported yet"),
    ] {
        let conversations: Vec<(u64, Channel)> = list_of(list, archive, contents, tally)?;
        *left.entry(what).or_default() += conversations.len() as u64;
        for (_, conversation) in conversations {
            let days = contents.days.remove(&conversation.id).or_else(|| contents.days.remove(&conversation.name));
            for entry in days.unwrap_or_default() {
                let mut bytes = Vec::new();
                match archive.read(&entry, &mut bytes) {
                    Ok(()) => {
                        *left.entry("messages of direct and group conversations").or_default() += json::count(&bytes);
                    }
                    Err(Unread::Entry(what)) => tally.complain(&entry.path, None, what),
                    Err(Unread::All(error)) => return Err(error),
                }
            }
        }
    }
    for (what, many) in left {
        tally.leave_out(what, many);
    }
    Ok(())
}
