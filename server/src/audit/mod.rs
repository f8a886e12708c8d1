//! The audit log on the command line (L04, L08): `thunderline audit verify | export | digest | archive`. Who may run it may read
//! the database as well, so nobody is asked for a permission here; letting entries go is a command like any other.

mod archive;
mod command;
mod error;
mod export;
mod file;
mod verify;

pub use archive::archive;
pub use command::{Archive, Audit, Export, Format, Verify, Wanted, digest};
pub use error::AuditError;
pub use export::export;
pub use file::Joined;
pub use verify::verify;
