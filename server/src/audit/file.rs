//! Archives as files: lines of the chain, without what is personal.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use thunderline::{
    audit::{Line, Link, Walk},
    domain::audit::{ChainPlace, Digest},
};

use super::AuditError;

/// The longest line that is read, in bytes: an entry is far smaller.
const LINE: usize = 1 << 20;

/// What the archives told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Where the oldest of them begins; number 0 when with the first entry.
    pub start: ChainPlace,
    /// How many entries they hold.
    pub entries: u64,
    /// Whether the seal that was asked for is in one of them.
    pub holds: bool,
}

/// One archive, walked from end to end.
struct Walked {
    start: ChainPlace,
    entries: u64,
    joins: bool,
    holds: bool,
}

/// Walks the archives, and checks that the youngest reaches `base`, the next the beginning of that one, and so on.
pub(super) fn join(paths: &[PathBuf], base: ChainPlace, holds: Option<Digest>) -> Result<Joined, AuditError> {
    let mut paths: Vec<(i64, &PathBuf)> =
        paths.iter().map(|path| Ok((first(path)?.number, path))).collect::<Result<_, AuditError>>()?;
    paths.sort_unstable_by_key(|(first, _)| std::cmp::Reverse(*first));
    let mut joined = Joined { start: base, ..Joined::default() };
    for (_, path) in paths {
        let walked = walk(path, joined.start, holds)?;
        if !walked.joins {
            return Err(AuditError::NotJoined { path: path.clone(), number: joined.start.number });
        }
        joined.start = walked.start;
        joined.entries += walked.entries;
        joined.holds |= walked.holds;
    }
    Ok(joined)
}

fn walk(path: &Path, wanted: ChainPlace, holds: Option<Digest>) -> Result<Walked, AuditError> {
    let first = first(path)?;
    let start = ChainPlace { number: first.number - 1, hash: first.previous };
    let mut walk = Walk::from(start);
    let mut walked = Walked { start, entries: 0, joins: start == wanted, holds: false };
    let broken = |fault| AuditError::BrokenFile { path: path.to_owned(), fault };
    for line in lines(path)? {
        let line = line?;
        walk.step(Link::from(&line)).map_err(broken)?;
        walked.joins |= walk.here() == wanted;
        walked.holds |= holds == Some(line.hash);
        walked.entries += 1;
    }
    walk.end().map_err(broken)?;
    Ok(walked)
}

fn first(path: &Path) -> Result<Line, AuditError> {
    let empty = || AuditError::NotAnArchive { path: path.to_owned(), line: 1, cause: "it is empty".to_owned() };
    lines(path)?.next().ok_or_else(empty)?
}

fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Line, AuditError>> + use<>, AuditError> {
    let unreadable = |path: &Path, cause| AuditError::File { path: Some(path.to_owned()), cause };
    let mut file = BufReader::new(File::open(path).map_err(|cause| unreadable(path, cause))?);
    let (path, mut number) = (path.to_owned(), 0);
    Ok(std::iter::from_fn(move || {
        let mut text = Vec::new();
        number += 1;
        let mut bounded = std::io::Read::take(&mut file, LINE as u64);
        match bounded.read_until(b'\n', &mut text) {
            Ok(0) => None,
            Ok(_) => Some(serde_json::from_slice(&text).map_err(|cause| AuditError::NotAnArchive {
                path: path.clone(),
                line: number,
                cause: cause.to_string(),
            })),
            Err(cause) => Some(Err(unreadable(&path, cause))),
        }
    }))
}
