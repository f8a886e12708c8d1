use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{
    audit::Stands,
    domain::{AuditId, CorrelationId, Time},
};

/// How long the log is that is tampered with.
const ENTRIES: i64 = 300;
/// How often it is tampered with.
const TAMPERINGS: usize = 10_000;

/// Numbers that only look random: the same in every run.
struct Dice(u64);

impl Dice {
    /// From 0 to `sides` - 1. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((bits ^ (bits >> 31)) % sides.unsigned_abs()).unwrap()
    }
}

fn entry(n: i64) -> AuditEntry {
    let id = |kind: i64| Uuid::from_u128((u128::from(kind.unsigned_abs()) << 64) | u128::from(n.unsigned_abs()));
    AuditEntry {
        id: AuditId::from(id(1)),
        number: None,
        at: Time::from_micros(n * Time::SECOND),
        action: "channel.post".to_owned(),
        actor: Some(id(2)),
        actor_kind: "person".to_owned(),
        surface: "page".to_owned(),
        address: if n % 3 == 0 { String::new() } else { format!("192.0.2.{}", n % 256) },
        target_kind: "message".to_owned(),
        target: Some(id(3)),
        outcome: "done".to_owned(),
        summary: None,
        rule: Some("participants read and post".to_owned()),
        changes: json!({ "sha256": n }),
        correlation: CorrelationId::from(id(4)),
    }
}

fn log() -> Vec<SealedEntry> {
    seal(ChainPlace::default(), (1..=ENTRIES).map(entry).collect(), &[7; 32])
}

fn head(log: &[SealedEntry]) -> ChainPlace {
    let last = log.last().unwrap();
    ChainPlace { number: last.entry.number.unwrap(), hash: last.hash.unwrap() }
}

/// As the store verifies: by number, then looks for what belongs to the bad place.
fn verify(links: &[Option<Link>], head: ChainPlace) -> Result<Walked, Fault> {
    let mut walk = Walk::from(ChainPlace::default()).until(head);
    let mut numbered: Vec<Link> = links.iter().flatten().copied().filter(|link| link.number > 0).collect();
    numbered.sort_by_key(|link| link.number);
    let walked = numbered.into_iter().try_for_each(|link| walk.step(link)).and_then(|()| walk.end());
    walked.map_err(|fault| {
        let seal = fault.follows;
        let belongs = links.iter().flatten().find(|link| seal.is_some() && link.previous == seal);
        fault.found(belongs.map(|link| Stands {
            number: Some(link.number).filter(|number| *number > 0),
            id: link.id.unwrap(),
            at: link.at.unwrap(),
        }))
    })
}

fn links(log: &[SealedEntry]) -> Vec<Option<Link>> {
    log.iter().map(|sealed| Some(Link::from(sealed))).collect()
}

/// What the verification must say.
struct Expected {
    numbers: Vec<i64>,
    wrong: Vec<Wrong>,
    id: Option<AuditId>,
}

fn expect(number: i64, wrong: Wrong, id: Option<AuditId>) -> Expected {
    Expected { numbers: vec![number], wrong: vec![wrong], id }
}

/// Tampers with one thing, and says what must be found.
fn tamper(dice: &mut Dice, log: &[SealedEntry], links: &mut Vec<Option<Link>>) -> Expected {
    let kind = dice.roll(12);
    let (a, b) = (1 + dice.roll(ENTRIES - 1), 1 + dice.roll(ENTRIES - 1));
    let (low, high) = if a == b { (a, a + 1) } else { (a.min(b), a.max(b)) };
    let slot = |number: i64| usize::try_from(number - 1).unwrap();
    let id = |number: i64| Some(log[slot(number)].entry.id);
    let renumber = |links: &mut Vec<Option<Link>>, from: i64, to: i64, by: i64| {
        links.iter_mut().flatten().filter(|link| (from..=to).contains(&link.number)).for_each(|link| link.number += by);
    };
    match kind {
        0 => {
            let mut changed = log[slot(a)].clone();
            edit(dice, &mut changed);
            links[slot(a)] = Some(Link::from(&changed));
            expect(a, Wrong::Changed, id(a))
        }
        1 => {
            let mut changed = log[slot(a)].clone();
            match dice.roll(3) {
                0 => changed.hash = changed.previous,
                1 => changed.previous = changed.hash,
                _ => changed.hash = None,
            }
            links[slot(a)] = Some(Link::from(&changed));
            expect(a, Wrong::Changed, id(a))
        }
        2 => {
            links[slot(a)] = None;
            expect(a, Wrong::Removed, None)
        }
        3 => {
            links[slot(a)] = None;
            renumber(links, a + 1, ENTRIES, -1);
            expect(a, Wrong::Removed, None)
        }
        4 => {
            links.truncate(slot(a));
            expect(a, Wrong::Removed, None)
        }
        5 => {
            links[slot(low)].as_mut().unwrap().number = high;
            links[slot(high)].as_mut().unwrap().number = low;
            expect(low, Wrong::Moved, id(low))
        }
        6 => {
            // The contents change places, the seals stay.
            let with = |seal: &SealedEntry, content: &SealedEntry| SealedEntry {
                entry: AuditEntry { number: seal.entry.number, ..content.entry.clone() },
                address_salt: content.address_salt.clone(),
                address_digest: content.address_digest,
                ..seal.clone()
            };
            links[slot(low)] = Some(Link::from(&with(&log[slot(low)], &log[slot(high)])));
            links[slot(high)] = Some(Link::from(&with(&log[slot(high)], &log[slot(low)])));
            expect(low, Wrong::Changed, id(high))
        }
        7 => {
            renumber(links, low + 1, high, -1);
            links[slot(low)].as_mut().unwrap().number = high;
            expect(low, Wrong::Moved, id(low))
        }
        8 => {
            renumber(links, low, high - 1, 1);
            links[slot(high)].as_mut().unwrap().number = low;
            // A later entry that stands here, or the one that belongs here and stands one further: two sides of one.
            Expected { numbers: vec![low], wrong: vec![Wrong::Inserted, Wrong::Moved], id: None }
        }
        9 => {
            // A forged one between two, without a seal that fits.
            let mut forged = log[slot(a)].clone();
            forged.entry.id = AuditId::fresh();
            forged.entry.action = "message.delete".to_owned();
            renumber(links, a, ENTRIES, 1);
            links.push(Some(Link::from(&forged)));
            expect(a, Wrong::Inserted, Some(forged.entry.id))
        }
        10 => {
            // The same, properly sealed.
            let before = ChainPlace { number: a - 1, hash: log[slot(a)].previous.unwrap() };
            let forged = seal(before, vec![AuditEntry { id: AuditId::fresh(), ..entry(a) }], &[9; 32]).remove(0);
            renumber(links, a, ENTRIES, 1);
            links.push(Some(Link::from(&forged)));
            expect(a, Wrong::Inserted, Some(forged.entry.id))
        }
        _ => {
            // Rewritten and sealed again: the one after it no longer follows.
            let before = ChainPlace { number: a - 1, hash: log[slot(a)].previous.unwrap() };
            let rewritten = AuditEntry { outcome: "refused".to_owned(), ..log[slot(a)].entry.clone() };
            links[slot(a)] = Some(Link::from(&seal(before, vec![rewritten], &[9; 32]).remove(0)));
            Expected { numbers: vec![a, a + 1], wrong: vec![Wrong::Removed], id: None }
        }
    }
}

fn edit(dice: &mut Dice, sealed: &mut SealedEntry) {
    let entry = &mut sealed.entry;
    match dice.roll(12) {
        0 => entry.at = entry.at.plus(1),
        1 => entry.action = "message.delete".to_owned(),
        2 => entry.actor = None,
        3 => entry.actor_kind = "system".to_owned(),
        4 => entry.surface = "cli".to_owned(),
        5 => entry.address.push('1'),
        6 => entry.target = Some(Uuid::from_u128(9)),
        7 => entry.outcome = "refused".to_owned(),
        8 => entry.rule = None,
        9 => entry.changes = json!({}),
        10 => entry.correlation = CorrelationId::from(Uuid::from_u128(9)),
        _ => sealed.address_digest = Some(Digest([1; 32])),
    }
}

// L08, "Nothing lost" 14
#[test]
fn ten_thousand_tamperings_are_each_found_and_named() {
    let log = log();
    let (whole, end) = (links(&log), head(&log));
    let mut dice = Dice(20_261_123);
    for turn in 0..TAMPERINGS {
        let mut links = whole.clone();
        let expected = tamper(&mut dice, &log, &mut links);
        let fault = verify(&links, end).expect_err("the tampering is found");
        let named = expected.numbers.contains(&fault.number) && expected.wrong.contains(&fault.wrong);
        assert!(named, "turn {turn}: {fault}, wanted {:?} at {:?}", expected.wrong, expected.numbers);
        assert!(expected.id.is_none() || expected.id == fault.id, "turn {turn}: {fault} names another entry");
    }
    assert_eq!(verify(&whole, end).unwrap().walked, ENTRIES.unsigned_abs(), "the premise: untouched it is whole");
}

// L08
#[test]
fn what_stands_after_the_end_was_inserted() {
    let mut log = log();
    let end = head(&log);
    log.extend(seal(end, vec![entry(ENTRIES + 1)], &[7; 32]));
    let fault = verify(&links(&log), end).unwrap_err();
    assert_eq!((fault.number, fault.wrong), (ENTRIES + 1, Wrong::Inserted));
    assert!(verify(&links(&log), head(&log)).is_ok(), "the premise: it is sealed well");
}

// L08
#[test]
fn an_entry_that_lost_its_number_is_named() {
    let log = log();
    let mut links = links(&log);
    links[41].as_mut().unwrap().number = 0;
    let fault = verify(&links, head(&log)).unwrap_err();
    assert_eq!((fault.number, fault.wrong, fault.id), (42, Wrong::Moved, Some(log[41].entry.id)));
    assert!(fault.to_string().ends_with("was moved: it stands without a number"), "{fault}");
}

// L08
#[test]
fn erased_addresses_leave_the_chain_whole_but_forged_ones_do_not() {
    let mut log = log();
    for sealed in &mut log {
        sealed.entry.address = String::new();
        sealed.address_salt = None;
    }
    let walked = verify(&links(&log), head(&log)).unwrap();
    assert_eq!(walked.erased, (1..=ENTRIES.unsigned_abs()).filter(|n| n % 3 != 0).count() as u64);
    log[0].entry.address = "198.51.100.1".to_owned();
    let fault = verify(&links(&log), head(&log)).unwrap_err();
    assert_eq!((fault.number, fault.wrong), (1, Wrong::Changed));
}

// L08
#[test]
fn an_exported_line_is_verified_without_the_database() {
    let log = log();
    let lines: Vec<crate::audit::Line> = log.iter().filter_map(crate::audit::Line::of).collect();
    let text = serde_json::to_string(&lines).unwrap();
    assert!(!text.contains("192.0.2."), "an export holds no address");
    let lines: Vec<crate::audit::Line> = serde_json::from_str(&text).unwrap();
    let read: Vec<_> = lines.iter().map(|line| Some(Link::from(line))).collect();
    assert_eq!(verify(&read, head(&log)).unwrap().walked, ENTRIES.unsigned_abs());
    assert_eq!(read[4].unwrap().id, Some(log[4].entry.id));
    let changed = crate::audit::Line { canonical: lines[4].canonical.replace("done", "DONE"), ..lines[4].clone() };
    let mut read = read;
    read[4] = Some(Link::from(&changed));
    assert_eq!(verify(&read, head(&log)).unwrap_err().number, 5);
}
