use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use load::{
    failure::Result,
    latency::Latency,
    report::{Bound, Report, count},
    server::Server,
};
use tokio::time::{Instant, sleep};

use crate::{
    ground::Ground,
    options::Disk,
    server::{Board, launch},
};

const NAME: &str = "disk";
/// The size of the disk.
const SIZE: &str = "size=96m";
/// How many posts before the disk is filled.
const BEFORE: usize = 50;
/// How many posts have to fail while it is full.
const FAILURES: u64 = 20;
/// The most posts that the disk's last free pages may take.
const LAST_PAGES: u64 = 20_000;
/// How long writes may take to return.
const RETURN: Duration = Duration::from_secs(5);
/// How soon it is tried again.
const AGAIN: Duration = Duration::from_millis(10);

/// Fills the disk under a running server, and frees it again: what fails is an error, what was acknowledged is there.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Disk) -> Result<()> {
    let folder = ground.folder().join("disk");
    let mount = Mount::on(folder.join("data"))?;
    let server = Server::start(launch(ground, folder, Vec::new())?).await?;
    let mut board = Board::set(server, ground.seed()).await?;
    let (mut back, mut failures, mut unread, mut late) = (Latency::default(), 0, 0, 0);
    for _ in 0..options.rounds {
        for _ in 0..BEFORE {
            board.post().await?;
        }
        let mut ballast = mount.fill()?;
        let (mut failed, mut taken) = (0, 0);
        while failed < FAILURES {
            match board.post().await {
                Ok(()) => taken += 1,
                Err(error) if error.passes() => failed += 1,
                Err(error) => return Err(format!("a full disk is answered so: {error}").into()),
            }
            // What the server frees or the file leaves over is filled as well.
            ballast.grow();
            if taken > LAST_PAGES {
                return Err(format!("{taken} posts were taken by a full disk").into());
            }
            if failed > 0 {
                unread += u64::from(board.read().await.unwrap_or_default() == 0);
            }
        }
        failures += failed;
        ballast.sink()?;
        let freed = Instant::now();
        while board.post().await.is_err() && freed.elapsed() < 2 * RETURN {
            sleep(AGAIN).await;
        }
        late += u64::from(freed.elapsed() > RETURN);
        back.record(freed.elapsed());
    }
    let (lost, gaps, kept) = board.audit().await?;
    report.note(NAME, "times full and free again", f64::from(options.rounds), "");
    report.note(NAME, "posts acknowledged", count(board.acknowledged()), "");
    report.note(NAME, "posts refused on a full disk", count(failures), "");
    report.note(NAME, "refused ones that are there all the same", count(kept), "");
    let longest = (back.longest(), "ms");
    report.hold(NAME, "until writes return, longest", longest, Bound::AtMost(5_000.0), Bound::AtMost(1_000.0));
    report.promise(NAME, "times that writes did not return in 5 s", late);
    report.promise(NAME, "reads that failed on a full disk", unread);
    report.promise(NAME, "acknowledged posts lost or moved", lost);
    report.promise(NAME, "gaps in the channel", gaps);
    drop(board);
    Ok(())
}

/// A small disk in memory. Dropping it unmounts it.
struct Mount(PathBuf);

impl Mount {
    fn on(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(&folder).output()?;
        if mounted.status.success() {
            return Ok(Self(folder));
        }
        let said = String::from_utf8_lossy(&mounted.stderr);
        Err(format!("a small disk cannot be mounted, which takes root: {}", said.trim()).into())
    }

    fn fill(&self) -> Result<Ballast> {
        Ballast::on(&self.0)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Lazily: the server may hold a file for a moment longer.
        let gone = Command::new("umount").arg("--lazy").arg(&self.0).status();
        if !gone.is_ok_and(|status| status.success()) {
            eprintln!("{} was not unmounted", self.0.display());
        }
    }
}

/// A file that takes what is left of a disk.
struct Ballast {
    path: PathBuf,
    file: File,
}

impl Ballast {
    fn on(folder: &Path) -> Result<Self> {
        let path = folder.join("ballast");
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let mut ballast = Self { path, file };
        ballast.grow();
        Ok(ballast)
    }

    /// Takes what there is, page by page at the end.
    fn grow(&mut self) {
        for size in [1 << 20, 1 << 12] {
            while self.file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn sink(self) -> Result<()> {
        Ok(fs::remove_file(self.path)?)
    }
}
