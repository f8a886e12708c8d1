use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The largest answer taken, in bytes.
const REPLY_BYTES: usize = 64 * 1024 * 1024;
/// How much one read asks for, in bytes.
const READ_BYTES: usize = 16 * 1024;

/// An HTTP/1.1 answer.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header fields as they came; names in lower case.
    pub fields: Vec<(String, String)>,
    /// The content, still in its content coding.
    pub body: Vec<u8>,
}

impl Reply {
    /// The first field of that name (in lower case).
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether the server closes the connection after it.
    pub fn closes(&self) -> bool {
        self.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// The content as text, shortened, for a message about it.
    pub fn excerpt(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(300).collect()
    }

    /// Reads one answer; `rest` holds what was read beyond the last one, and afterwards what was read beyond this one.
    pub async fn read<S: AsyncRead + Unpin>(stream: &mut S, rest: &mut Vec<u8>) -> io::Result<Self> {
        let head = loop {
            if let Some(end) = memchr::memmem::find(rest, b"\r\n\r\n") {
                let head = rest.drain(..end + 4).collect::<Vec<u8>>();
                break head;
            }
            more(stream, rest).await?;
        };
        let (status, fields) = parse(&head)?;
        let mut reply = Self { status, fields, body: Vec::new() };
        if status == 204 || status == 304 {
            return Ok(reply);
        }
        let chunked = reply.field("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
        if chunked {
            reply.body = chunks(stream, rest).await?;
        } else {
            let length = reply.field("content-length").ok_or_else(|| bad("neither length nor chunks"))?;
            let length: usize = length.parse().map_err(|_| bad("length is no number"))?;
            reply.body = take(stream, rest, length).await?;
        }
        Ok(reply)
    }
}

async fn more<S: AsyncRead + Unpin>(stream: &mut S, rest: &mut Vec<u8>) -> io::Result<()> {
    if rest.len() > REPLY_BYTES {
        return Err(bad("too long"));
    }
    rest.reserve(READ_BYTES);
    match stream.read_buf(rest).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

async fn take<S: AsyncRead + Unpin>(stream: &mut S, rest: &mut Vec<u8>, length: usize) -> io::Result<Vec<u8>> {
    if length > REPLY_BYTES {
        return Err(bad("too long"));
    }
    while rest.len() < length {
        more(stream, rest).await?;
    }
    let beyond = rest.split_off(length);
    Ok(std::mem::replace(rest, beyond))
}

/// RFC 9112, section 7.1. Trailers are read and dropped.
async fn chunks<S: AsyncRead + Unpin>(stream: &mut S, rest: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(stream, rest).await?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| bad("chunk size is no number"))?;
        if size == 0 {
            while !line(stream, rest).await?.is_empty() {}
            return Ok(body);
        }
        body.append(&mut take(stream, rest, size).await?);
        if !line(stream, rest).await?.is_empty() || body.len() > REPLY_BYTES {
            return Err(bad("chunk does not end where it said"));
        }
    }
}

async fn line<S: AsyncRead + Unpin>(stream: &mut S, rest: &mut Vec<u8>) -> io::Result<String> {
    loop {
        if let Some(end) = memchr::memmem::find(rest, b"\r\n") {
            let line = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest.drain(..end + 2);
            return Ok(line);
        }
        more(stream, rest).await?;
    }
}

fn parse(head: &[u8]) -> io::Result<(u16, Vec<(String, String)>)> {
    let head = std::str::from_utf8(head).map_err(|_| bad("head is no text"))?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| bad("no status"))?;
    let fields = lines.filter_map(|line| line.split_once(':'));
    Ok((status, fields.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect()))
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    /// Sends `text` byte by byte, so that every boundary is met.
    async fn read(text: &'static str, replies: usize) -> io::Result<Vec<Reply>> {
        let (mut here, mut there) = tokio::io::duplex(1);
        let send = async move {
            there.write_all(text.as_bytes()).await?;
            drop(there);
            Ok(())
        };
        let receive = async move {
            let mut rest = Vec::new();
            let mut read = Vec::new();
            for _ in 0..replies {
                read.push(Reply::read(&mut here, &mut rest).await?);
            }
            assert!(rest.is_empty());
            Ok(read)
        };
        let (done, read): (io::Result<()>, _) = tokio::join!(send, receive);
        done.and(read)
    }

    #[tokio::test]
    async fn two_answers_on_one_line_are_told_apart() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nokHTTP/1.1 404 No\r\nconnection: \
                    close\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nt: r\r\n\r\n";
        let replies = read(text, 2).await.unwrap();
        assert_eq!((replies[0].status, replies[0].body.as_slice()), (200, b"ok".as_slice()));
        assert_eq!(replies[0].field("set-cookie"), Some("a=b"));
        assert_eq!((replies[1].status, replies[1].body.as_slice()), (404, b"abc0123456789".as_slice()));
        assert!(replies[1].closes() && !replies[0].closes());
    }

    #[tokio::test]
    async fn a_torn_answer_is_an_error() {
        for text in [
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "",
        ] {
            assert!(read(text, 1).await.is_err(), "{text:?}");
        }
    }
}
