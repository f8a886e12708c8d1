use crate::failure::Result;

/// What a server sent that was not taken yet, as whole messages (RFC 6455, section 5.2).
///
/// A websocket library costs a watcher about as much as everything else it does, and what watchers cost would be
/// counted against the server. This reads only what a server may send: frames that are not masked.
#[derive(Debug, Default)]
pub struct Incoming {
    /// What was read; taken messages at its beginning are dropped with the next read.
    pub buffer: Vec<u8>,
    taken: usize,
}

/// One message.
#[derive(Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// UTF-8, as far as the server keeps to the protocol.
    Text(&'a [u8]),
    /// Wants the same bytes back.
    Ping(&'a [u8]),
    /// The line ends.
    Close,
}

impl Incoming {
    /// Takes the next message; `None` when more has to be read first.
    pub fn take(&mut self) -> Result<Option<Told<'_>>> {
        let waiting = &self.buffer[self.taken..];
        let Some((head, length)) = lengths(waiting).filter(|(head, length)| waiting.len() - head >= *length) else {
            self.buffer.drain(..self.taken);
            self.taken = 0;
            return Ok(None);
        };
        let begins = self.taken + head;
        self.taken = begins + length;
        if self.buffer[begins - head + 1] & MASKED != 0 {
            return Err("a server does not mask what it sends".into());
        }
        let payload = &self.buffer[begins..self.taken];
        match self.buffer[begins - head] {
            WHOLE_TEXT => Ok(Some(Told::Text(payload))),
            PING => Ok(Some(Told::Ping(payload))),
            CLOSE => Ok(Some(Told::Close)),
            other => Err(format!("a frame that begins with {other:#04x} is not expected").into()),
        }
    }
}

const WHOLE_TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const MASKED: u8 = 0x80;

/// How long the head and the payload of the first frame are; `None` when the head is not there yet.
fn lengths(frame: &[u8]) -> Option<(usize, usize)> {
    match frame.get(1)? {
        126 => Some((4, u16::from_be_bytes(frame.get(2..4)?.try_into().ok()?).into())),
        127 => Some((10, usize::try_from(u64::from_be_bytes(frame.get(2..10)?.try_into().ok()?)).ok()?)),
        short => Some((2, usize::from(*short & !MASKED))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tokio_tungstenite::tungstenite::{Message, WebSocket, protocol::Role};

    use super::*;

    #[test]
    fn messages_come_whole_however_they_were_cut() {
        let texts = ["", "hello", &"x".repeat(125), &"x".repeat(126), &"x".repeat(65_535), &"x".repeat(65_536)];
        let mut server = WebSocket::from_raw_socket(Cursor::new(Vec::new()), Role::Server, None);
        for text in texts {
            server.send(Message::text(text)).unwrap();
            server.send(Message::Ping(vec![7].into())).unwrap();
        }
        server.close(None).unwrap();
        let bytes = server.get_ref().get_ref().clone();
        for size in [1, 3, 1_000, bytes.len()] {
            let (mut incoming, mut count) = (Incoming::default(), 0);
            for part in bytes.chunks(size) {
                incoming.buffer.extend(part);
                while let Some(told) = incoming.take().unwrap() {
                    let expected = match texts.get(count / 2) {
                        Some(text) if count % 2 == 0 => Told::Text(text.as_bytes()),
                        Some(_) => Told::Ping(&[7]),
                        None => Told::Close,
                    };
                    assert!(told == expected, "message {count} in parts of {size}");
                    count += 1;
                }
            }
            assert_eq!(count, 2 * texts.len() + 1);
        }
    }

    #[test]
    fn what_no_server_may_send_is_refused() {
        for frame in [[0x81, 0x80, 0, 0, 0, 0], [0x01, 0, 0, 0, 0, 0], [0x82, 0, 0, 0, 0, 0], [0xc1, 0, 0, 0, 0, 0]] {
            let mut incoming = Incoming { buffer: frame.to_vec(), taken: 0 };
            assert!(incoming.take().is_err(), "{frame:?}");
        }
    }
}
