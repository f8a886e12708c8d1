//! History from elsewhere (O06): `thunderline import …`. Whatever the source, the engine's import commands store it,
//! under identifiers derived from the source: running an import again, or after it was interrupted, stores what is
//! missing and nothing twice.

mod command;
mod error;
mod landing;
mod progress;
mod report;
mod slack;

pub use command::{FromSlack, Import, Source};
pub use error::ImportError;
pub use progress::Progress;
pub use report::{Problem, Report, Tally, Tried};
pub use slack::slack;

/// What to import into, and how.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The community's address.
    pub community: String,
    /// Who will own the community if it does not exist yet, by sign-in name. `None`: it must exist.
    pub owner: Option<String>,
    /// Whether a community that is founded for it is open to everybody on the server.
    pub public: bool,
    /// Reads and counts everything, stores nothing.
    pub dry_run: bool,
}
