use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::failure::Result;

/// Where Debian keeps PostgreSQL's own programs.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A PostgreSQL server of its own in a folder of its own, as durable as its defaults make it: every commit is synced.
/// Dropping it stops it.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    root: bool,
    databases: u32,
}

impl Postgres {
    /// Makes and starts one in `folder`.
    pub fn start(folder: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let root = output(Command::new("id").arg("-u"))?.trim() == "0";
        fs::create_dir_all(folder)?;
        let postgres = Self { programs: programs()?, folder: folder.to_owned(), port, root, databases: 0 };
        if root {
            output(Command::new("chown").arg("postgres").arg(folder))?;
        }
        let data = folder.join("data");
        let mut make = postgres.program("initdb");
        make.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        output(&mut make)?;
        let options = format!("-c listen_addresses=127.0.0.1 -p {port} -k {}", folder.display());
        let mut start = postgres.program("pg_ctl");
        start.arg("-D").arg(&data).arg("-l").arg(folder.join("log")).args(["-w", "-o", &options, "start"]);
        output(&mut start)?;
        Ok(postgres)
    }

    /// A new, empty database; answers its URL.
    pub fn database(&mut self) -> Result<String> {
        self.databases += 1;
        let (name, port) = (format!("load{}", self.databases), self.port.to_string());
        let mut make = self.program("createdb");
        output(make.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", &name]))?;
        Ok(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
    }

    /// A program of PostgreSQL's; it refuses to run as root, so root lends it the account that comes with it.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        if self.root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        let stopped = output(stop.arg("-D").arg(self.folder.join("data")).args(["-m", "immediate", "stop"]));
        if let Err(error) = stopped {
            eprintln!("PostgreSQL in {} was not stopped: {error}", self.folder.display());
        }
    }
}

fn programs() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir(DEBIAN)
        .map_err(|_| format!("PostgreSQL is not installed in {DEBIAN}; give --database a URL instead"))?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().ok_or_else(|| format!("no initdb in {DEBIAN}").into())
}

fn output(command: &mut Command) -> Result<String> {
    // What pg_ctl starts keeps what it inherits, so its output must not be a pipe that is read to its end.
    let file = scratch();
    let status = command.stdin(Stdio::null()).stdout(fs::File::create(&file)?).stderr(Stdio::null()).status();
    let text = fs::read_to_string(&file).unwrap_or_default();
    let _ = fs::remove_file(&file);
    let status = status.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if status.success() { Ok(text) } else { Err(format!("{command:?} ended with {status}: {text}").into()) }
}

fn scratch() -> PathBuf {
    std::env::temp_dir().join(format!("thunderline-load-{}", thunderline::domain::MessageId::fresh()))
}
