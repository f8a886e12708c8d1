use sha2::{Digest as _, Sha256};

use super::{
    Fault, Link, Wrong,
    entry::{address_digest, canonical, hash},
};
use crate::domain::audit::{AuditEntry, ChainPlace, Digest, SealedEntry};

/// How many bytes salt an address.
const SALT: usize = 16;

/// Seals entries after `head`, in their order. `secret` is random, used for nothing else and kept by nobody: the salts
/// are made from it.
pub fn seal(head: ChainPlace, entries: Vec<AuditEntry>, secret: &[u8; 32]) -> Vec<SealedEntry> {
    let mut head = head;
    let sealed = |mut entry: AuditEntry| {
        let salt = (!entry.address.is_empty()).then(|| salt(secret, &entry));
        let digest = salt.as_ref().map(|salt| address_digest(salt, &entry.address));
        let previous = head.hash;
        head = ChainPlace { number: head.number + 1, hash: hash(&previous, &canonical(&entry, digest.as_ref())) };
        entry.number = Some(head.number);
        SealedEntry {
            entry,
            previous: Some(previous),
            hash: Some(head.hash),
            address_salt: salt,
            address_digest: digest,
        }
    };
    entries.into_iter().map(sealed).collect()
}

fn salt(secret: &[u8; 32], entry: &AuditEntry) -> Vec<u8> {
    let id: uuid::Uuid = entry.id.into();
    Sha256::new().chain_update(secret).chain_update(id.as_bytes()).finalize()[..SALT].to_vec()
}

/// A walk along a chain, entry by entry, in constant memory. It stops at the first bad place.
#[derive(Clone, Debug)]
pub struct Walk {
    here: ChainPlace,
    until: Option<ChainPlace>,
    /// The entry it stands on, and the seal that one follows.
    last: Option<(Link, Digest)>,
    /// One that does not fit. What follows it tells why.
    held: Option<Link>,
    walked: u64,
    erased: u64,
}

/// A walk that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Where it ended.
    pub head: ChainPlace,
    /// How many entries it passed.
    pub walked: u64,
    /// Of how many the address was erased.
    pub erased: u64,
}

impl Walk {
    /// Begins after `start`: the genesis, or the end of an archive.
    pub const fn from(start: ChainPlace) -> Self {
        Self { here: start, until: None, last: None, held: None, walked: 0, erased: 0 }
    }

    /// Where the chain is said to end: there the walk must come to, and no further.
    #[must_use]
    pub const fn until(self, head: ChainPlace) -> Self {
        Self { until: Some(head), ..self }
    }

    /// The last entry that fitted.
    pub const fn here(&self) -> ChainPlace {
        self.here
    }

    /// Goes on to the next entry by number.
    pub fn step(&mut self, next: impl Into<Link>) -> Result<(), Fault> {
        let next = next.into();
        if let Some(held) = self.held {
            return Err(self.judge(&held, Some(&next)));
        }
        let place = self.here.number + 1;
        if self.until == Some(self.here) {
            return Err(Fault::of(&next, Wrong::Inserted));
        }
        if next.number > place {
            return Err(Fault::at_place(place, Wrong::Removed, self.here.hash));
        }
        if next.number < place {
            return Err(Fault::of(&next, Wrong::Inserted));
        }
        match next.hash {
            Some(hash) if next.sound && next.previous == Some(self.here.hash) => {
                self.last = Some((next, self.here.hash));
                self.here = ChainPlace { number: place, hash };
                self.walked += 1;
                self.erased += u64::from(next.erased);
            }
            // It follows what the last one follows: that one came between.
            _ => match self.last {
                Some((last, before)) if next.sound && next.previous == Some(before) => {
                    return Err(Fault::of(&last, Wrong::Inserted));
                }
                _ => self.held = Some(next),
            },
        }
        Ok(())
    }

    /// Ends the walk: nothing comes any more.
    pub fn end(self) -> Result<Walked, Fault> {
        let head = self.until.unwrap_or(self.here);
        if let Some(held) = self.held {
            let over = self.until.is_some() && head.hash == self.here.hash;
            return Err(if over { Fault::of(&held, Wrong::Inserted) } else { self.judge(&held, None) });
        }
        if self.here.number < head.number {
            return Err(Fault::at_place(self.here.number + 1, Wrong::Removed, self.here.hash));
        }
        if self.here != head {
            let changed = Fault::at_place(self.here.number, Wrong::Changed, self.here.hash);
            return Err(self.last.map_or(changed, |(last, _)| Fault::of(&last, Wrong::Changed)));
        }
        Ok(Walked { head, walked: self.walked, erased: self.erased })
    }

    /// Why an entry does not fit.
    fn judge(&self, held: &Link, next: Option<&Link>) -> Fault {
        let passes_over = next.is_some_and(|next| next.previous == Some(self.here.hash) && held.previous != next.hash);
        if passes_over {
            Fault::of(held, Wrong::Inserted)
        } else if held.sound {
            Fault::at_place(held.number, Wrong::Removed, self.here.hash)
        } else {
            Fault::of(held, Wrong::Changed)
        }
    }
}

#[cfg(test)]
mod tests;
