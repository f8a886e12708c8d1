//! The server functions and what they answer.

pub mod flash;

use serde::{Deserialize, Serialize};
use thunderline::domain::{
    account::Me,
    query::{ChannelView, CommunityView, Directory},
};

/// Everything a page inside the shell needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Who is signed in.
    pub me: Me,
    /// The communities.
    pub directory: Directory,
    /// The open community.
    pub community: Option<CommunityView>,
    /// The open channel.
    pub channel: Option<ChannelView>,
}
