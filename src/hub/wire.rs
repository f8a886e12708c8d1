//! A frame as the feed's websocket carries it (RFC 6455, section 5.2). A server's frames are not masked, so the bytes
//! are the same for every connection.

/// The last fragment of its message, which is text.
const WHOLE_TEXT: u8 = 0x81;
/// The longest length that is written in the second byte itself.
const SHORT: u8 = 125;
/// Says that two bytes of length follow.
const TWO_BYTES: u8 = 126;
/// Says that eight bytes of length follow.
const EIGHT_BYTES: u8 = 127;
/// The longest head, in bytes.
const HEAD: usize = 10;

/// `text` as one whole message.
pub(super) fn frame(text: &[u8]) -> Box<[u8]> {
    let mut frame = Vec::with_capacity(HEAD + text.len());
    frame.push(WHOLE_TEXT);
    match (u8::try_from(text.len()), u16::try_from(text.len())) {
        (Ok(length @ ..=SHORT), _) => frame.push(length),
        (_, Ok(length)) => {
            frame.push(TWO_BYTES);
            frame.extend(length.to_be_bytes());
        }
        _ => {
            frame.push(EIGHT_BYTES);
            frame.extend((text.len() as u64).to_be_bytes());
        }
    }
    frame.extend(text);
    frame.into_boxed_slice()
}

/// The text in a frame.
#[cfg(test)]
pub(super) fn text(frame: &[u8]) -> &[u8] {
    match frame[1] {
        TWO_BYTES => &frame[4..],
        EIGHT_BYTES => &frame[HEAD..],
        _ => &frame[2..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_length_has_its_head() {
        let heads: [(usize, &[u8]); 6] = [
            (0, &[0x81, 0]),
            (125, &[0x81, 125]),
            (126, &[0x81, 126, 0, 126]),
            (255, &[0x81, 126, 0, 255]),
            (65_535, &[0x81, 126, 0xff, 0xff]),
            (65_536, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ];
        for (length, head) in heads {
            let said = vec![b'x'; length];
            let frame = frame(&said);
            assert_eq!((&frame[..head.len()], &frame[head.len()..]), (head, &said[..]), "{length} bytes");
            assert_eq!(text(&frame), said);
        }
    }
}
