//! The browser: what the state and the parts need of it. Called from effects and event handlers only, never while
//! the server renders.

pub mod listener;
pub mod page;
pub mod scroll;
pub mod socket;
pub mod storage;
