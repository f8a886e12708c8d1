use std::{fs, path::PathBuf, process::Command, time::Duration};

use load::{
    failure::Result,
    report::{Bound, Report, count},
    server::Server,
};
use tokio::time::{Instant, timeout};

use crate::{
    ground::Ground,
    server::{Board, launch, log},
};

const NAME: &str = "fsync";
/// What lets syncs fail; see there.
const SHIM: &str = include_str!("../../shim/fsync.c");
/// The file that says when.
const SIGN: &str = "THUNDERLINE_FSYNC_FAILS";
/// How many posts before it.
const BEFORE: usize = 200;
/// How many are tried after it, at most.
const AFTER: usize = 200;
/// How long the server may take to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lets a sync fail once under a running server: it acknowledges nothing more, and ends.
pub async fn run(ground: &mut Ground, report: &mut Report) -> Result<()> {
    if ground.is_postgres() {
        return Err("PostgreSQL syncs its own files; this is about SQLite's".into());
    }
    let folder = ground.folder().join("fsync");
    fs::create_dir_all(&folder)?;
    let (shim, sign) = (build(&folder)?, folder.join("fails"));
    let environment = vec![("LD_PRELOAD", shim.into_os_string()), (SIGN, sign.clone().into_os_string())];
    let started = launch(ground, folder.clone(), environment)?;
    let server = Server::start(started.clone()).await?;
    let mut board = Board::set(server, ground.seed()).await?;
    for _ in 0..BEFORE {
        board.post().await?;
    }
    let before = board.acknowledged();
    fs::write(&sign, "")?;
    let failed = Instant::now();
    for _ in 0..AFTER {
        if board.post().await.is_err() && board.read().await.is_err() {
            break;
        }
        // The disk is well again, so only the server's memory of it says no.
        let _ = fs::remove_file(&sign);
    }
    let after = board.acknowledged() - before;
    let mut server = board.stage.server.take().ok_or("no server")?;
    let ended = timeout(PATIENCE, server.end()).await;
    let (ends, well) = match ended {
        Ok(status) => (true, status?.success()),
        Err(_) => (false, false),
    };
    let took = failed.elapsed();
    let said = log(&folder);
    let _ = fs::remove_file(&sign);
    let listen = server.address().to_string();
    drop(server);
    let again = launch(ground, folder, Vec::new())?;
    board.goes_on(Server::start(load::server::Launch { listen, ..again }).await?);
    let (lost, gaps, kept) = board.audit().await?;
    board.post().await?;
    report.note(NAME, "posts acknowledged before", count(before), "");
    report.note(NAME, "refused ones that are there all the same", count(kept), "");
    let end = (took.as_secs_f64(), "s");
    report.hold(NAME, "from the failed sync to the server's end", end, Bound::AtMost(30.0), Bound::AtMost(10.0));
    report.promise(NAME, "posts acknowledged after a failed sync", after);
    report.promise(NAME, "servers that went on after a failed sync", u64::from(!ends));
    report.promise(NAME, "servers that ended as if all were well", u64::from(well));
    report.promise(NAME, "acknowledged posts lost or moved", lost);
    report.promise(NAME, "gaps in the channel", gaps);
    if !ends || well || after > 0 {
        println!("{said}");
    }
    Ok(())
}

fn build(folder: &std::path::Path) -> Result<PathBuf> {
    let (source, shim) = (folder.join("fsync.c"), folder.join("fsync.so"));
    fs::write(&source, SHIM)?;
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(&source).arg("-ldl");
    let built = compile.output().map_err(|error| format!("a C compiler (cc) is needed: {error}"))?;
    if built.status.success() { Ok(shim) } else { Err(String::from_utf8_lossy(&built.stderr).into_owned().into()) }
}
