//! Floor 3: the hash chain over the audit log (L08). Pure: it seals what it is given, and judges what it is shown.
//!
//! An entry's seal is `SHA-256(previous ‖ canonical)`: the seal of the entry before it as 64 hexadecimal digits,
//! followed by the entry's [canonical text](canonical). Anybody can check a line of an export:
//! `printf '%s%s' "$previous" "$canonical" | sha256sum`.
//!
//! **What it finds**: an entry that was changed, removed, moved or put in between afterwards, an end that was cut off,
//! and entries nobody sealed. **What no chain finds**: somebody who may write to the database and seals everything
//! anew, the end included; keep a seal elsewhere and ask for it (`audit verify --holds`).
//!
//! **Erasing a person** keeps it verifiable: entries hold ids and digests only, and of the one personal thing, the
//! address, the chain holds a salted digest. Erasing takes address and salt; the digest alone tells nothing (an
//! unsalted one of an IPv4 address would be guessed in seconds). Exports and archives never hold the address.

mod chain;
mod entry;
mod fault;
mod link;

pub use chain::{Walk, Walked, seal};
pub use entry::canonical;
pub use fault::{Fault, Stands, Wrong};
pub use link::{Line, Link};
