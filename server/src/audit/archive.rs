use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use thunderline::{
    audit::{Line, Link, Walk},
    domain::{
        Actor, Surface,
        audit::{ChainPlace, Digest},
        command::ArchiveAudit,
    },
    engine::Engine,
    service::audit::ARCHIVE_BATCH,
    store::{
        Store, StoreError,
        audits::{archive as stored, chain},
    },
};

use super::{Archive, AuditError, export};

/// How many entries are in memory at once.
const PAGE: i64 = 1_000;

/// What was archived, as it is told.
#[derive(Clone, Debug)]
pub struct Archived {
    entries: u64,
    end: ChainPlace,
    file: Digest,
    path: PathBuf,
}

/// A file that is written: its digest, and the places where commands may end.
struct Written {
    ends: Vec<ChainPlace>,
    file: Digest,
}

/// Writes the oldest entries to a file, checking them on the way, and only when the file is safe lets them go.
/// Interrupted in between, both hold them: archive what is left to another file, the two join.
pub async fn archive(engine: &Engine, wanted: &Archive) -> Result<Archived, AuditError> {
    let before = wanted.before;
    let reach = engine.store().read::<_, StoreError, _>(move |conn| {
        Box::pin(async move { Ok((stored::archived(conn).await?, stored::before(conn, before).await?)) })
    });
    let (start, Some(last)) = reach.await? else { return Err(AuditError::NothingOlder) };
    let path = wanted.to.clone();
    let written = write(engine.store(), start, last, &path).await?;
    let mut entries = 0;
    for end in &written.ends {
        let command = ArchiveAudit { last: end.number, hash: end.hash, file: written.file };
        entries += engine.execute(Actor::system(Surface::Cli), command).await?;
    }
    let end = written.ends.last().copied().unwrap_or(start);
    Ok(Archived { entries, end, file: written.file, path })
}

async fn write(store: &Store, start: ChainPlace, last: i64, path: &Path) -> Result<Written, AuditError> {
    if path.exists() {
        return Err(AuditError::File { path: Some(path.to_owned()), cause: io::ErrorKind::AlreadyExists.into() });
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let failed = |cause| AuditError::File { path: Some(path.to_owned()), cause };
    let to = create(&part).map_err(failed)?;
    let written = store.read_long(move |conn| {
        Box::pin(async move {
            let unwritable = |cause| AuditError::File { path: None, cause };
            let mut to = Hashed { to: BufWriter::new(to), hash: Sha256::new() };
            let (mut walk, mut ends) = (Walk::from(start), Vec::new());
            while walk.here().number < last {
                let page = chain::after(conn, walk.here().number, PAGE.min(last - walk.here().number)).await?;
                let before = walk.here().number;
                for sealed in &page {
                    walk.step(Link::from(sealed)).map_err(AuditError::Broken)?;
                    if let Some(line) = Line::of(sealed) {
                        export::write(&mut to, &line).map_err(unwritable)?;
                    }
                    let here = walk.here();
                    if (here.number - start.number) % ARCHIVE_BATCH == 0 || here.number == last {
                        ends.push(here);
                    }
                }
                if walk.here().number == before {
                    return Err(walk.end().map_or_else(AuditError::Broken, |_| AuditError::Moving));
                }
            }
            let file = to.finish().map_err(unwritable)?;
            Ok(Written { ends, file })
        })
    });
    let written = match written.await {
        Ok(written) => written,
        Err(error) => {
            // Half an archive is none.
            let _ = fs::remove_file(&part);
            return Err(error);
        }
    };
    fs::rename(&part, path).and_then(|()| sync_folder(path)).map_err(failed)?;
    Ok(written)
}

/// A new file that only its owner reads.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the file's name as durable as its content: the entries are let go next.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Writes, and takes the SHA-256 of what is written.
struct Hashed {
    to: BufWriter<File>,
    hash: Sha256,
}

impl Hashed {
    fn finish(mut self) -> io::Result<Digest> {
        self.to.flush()?;
        self.to.get_ref().sync_all()?;
        Ok(Digest(self.hash.finalize().into()))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl fmt::Display for Archived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} entries are in {} now and no longer in the database.", self.entries, self.path.display())?;
        writeln!(f, "Its SHA-256: {}", self.file)?;
        write!(f, "Its last: entry {}, {}", self.end.number, self.end.hash)
    }
}
