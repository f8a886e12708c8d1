use std::{
    io::{self, ErrorKind, IoSlice},
    sync::Arc,
};

use thunderline::hub::{Frame, Written};
use tokio::net::TcpStream;

/// The most frames that go into one system call.
const AT_ONCE: usize = 64;

/// Frames that are not, or not wholly, written yet.
pub(super) struct Unwritten<'a> {
    frames: &'a [Arc<Frame>],
    /// How many bytes of the first one are written.
    begun: usize,
    /// How many were written wholly.
    done: usize,
}

impl<'a> Unwritten<'a> {
    /// All of `frames` but the first `begun` bytes.
    pub(super) const fn new(frames: &'a [Arc<Frame>], begun: usize) -> Self {
        Self { frames, begun, done: 0 }
    }

    /// How far it came.
    pub(super) const fn written(&self) -> Written {
        Written { frames: self.done, begun: self.begun }
    }

    /// Writes what the stream takes now, from where the frames lie: nothing is copied before the kernel does. Answers
    /// whether that was all.
    pub(super) fn write(&mut self, stream: &TcpStream) -> io::Result<bool> {
        while let [first, rest @ ..] = self.frames {
            let first = &first.wire()[self.begun..];
            let written = if rest.is_empty() {
                stream.try_write(first)
            } else {
                let mut slices = [IoSlice::new(first); AT_ONCE];
                let mut count = 1;
                for (slice, frame) in slices[1..].iter_mut().zip(rest) {
                    *slice = IoSlice::new(frame.wire());
                    count += 1;
                }
                stream.try_write_vectored(&slices[..count])
            };
            match written {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => self.advance(written),
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(cause) => return Err(cause),
            }
        }
        Ok(true)
    }

    fn advance(&mut self, written: usize) {
        self.begun += written;
        while let [first, rest @ ..] = self.frames
            && self.begun >= first.len()
        {
            self.begun -= first.len();
            self.frames = rest;
            self.done += 1;
        }
    }
}
