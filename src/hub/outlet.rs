use std::{fmt::Debug, sync::Arc};

use super::frame::Frame;

/// The way to a connection's other end that whoever publishes takes himself, while the connection's task waits: waking
/// a task costs as much again as the write it was woken for.
///
/// It is used by one at a time, and never while the task itself may write.
pub trait Outlet: Debug + Send + Sync {
    /// Writes what the other end takes without waiting. A line that broke takes nothing; its task finds that out.
    fn write(&self, frames: &[Arc<Frame>]) -> Written;
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Frames that were written wholly.
    pub frames: usize,
    /// Bytes of the frame after them.
    pub begun: usize,
}
