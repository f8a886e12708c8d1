//! The server itself: started by whoever needs it first, stopped when nobody does.

use std::{
    fs::{self, File, Permissions},
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::{
        fs::{PermissionsExt, chown},
        net::UnixStream,
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{check, prepare};
use crate::store::Migration;

/// Waits for the last user to go, stops the server, and removes it. Arguments: the folder, the programs.
const WATCHDOG: &str = r#"cd / && while sleep 20; do
    flock -n -x "$1/users.lock" sh -c '"$@" -D "$0/data" -m immediate stop; rm -rf "$0/data"; true' "$@" && exit 0
done"#;

/// A running server, kept for as long as this value lives.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    /// Locked, shared.
    _user: File,
}

impl Server {
    /// The one server of this machine, started if nobody has.
    pub fn shared(programs: &Path) -> Result<Self, String> {
        let said = |error: std::io::Error| error.to_string();
        // Sockets have short names: not below a deep TMPDIR.
        let folder = PathBuf::from(format!("/tmp/thunderline-postgres-{}", me()));
        fs::create_dir_all(&folder).map_err(said)?;
        // Waits while the watchdog stops the server of before.
        let user = File::create(folder.join("users.lock")).map_err(said)?;
        user.lock_shared().map_err(said)?;
        let server = Self { folder, programs: programs.to_owned(), _user: user };
        let turn = server.turn().map_err(said)?;
        if UnixStream::connect(server.data().join(".s.PGSQL.5432")).is_err() {
            server.start()?;
        }
        server.watch().map_err(said)?;
        drop(turn);
        Ok(server)
    }

    /// Where a database is.
    pub fn url(&self, name: &str) -> String {
        format!("postgres:///{name}?host={}&port=5432&user=postgres", self.data().display())
    }

    /// Runs statements as the administrator, each by itself.
    pub fn psql(&self, statements: &[&str]) -> Result<(), String> {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-h"]).arg(self.data());
        for statement in statements {
            command.args(["-c", statement]);
        }
        check(command.stdin(Stdio::null()))
    }

    /// The template with these migrations, made once.
    pub fn template(&self, migrations: &'static [Migration]) -> String {
        let mut hasher = DefaultHasher::new();
        for migration in migrations {
            (migration.name, migration.postgres).hash(&mut hasher);
        }
        let name = format!("template_{:016x}", hasher.finish());
        let made = self.data().join(&name);
        if !made.exists() {
            let _turn = self.turn().expect("a turn");
            if !made.exists() {
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                self.psql(&[&drop, &format!("CREATE DATABASE {name}")]).expect("a template");
                prepare(&self.url(&name), migrations);
                File::create(made).expect("a mark");
            }
        }
        name
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Held by one process at a time.
    fn turn(&self) -> std::io::Result<File> {
        let turn = File::create(self.folder.join("turn.lock"))?;
        turn.lock()?;
        Ok(turn)
    }

    fn start(&self) -> Result<(), String> {
        let data = self.data();
        // What a killed machine left is not trusted: nothing was synced.
        let _ = check(self.program("pg_ctl").args(["-m", "immediate", "stop", "-D"]).arg(&data));
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data).map_err(|error| error.to_string())?;
        if me() == 0 {
            let (user, group) = (id("-u", "postgres")?, id("-g", "postgres")?);
            chown(&data, Some(user), Some(group)).map_err(|error| error.to_string())?;
        }
        let _ = fs::set_permissions(&data, Permissions::from_mode(0o700));
        let make = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
        check(self.program("initdb").args(make).arg(&data))?;
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c full_page_writes=off \
             -c wal_level=minimal -c max_wal_senders=0 -c max_connections=400 -c shared_buffers=64MB \
             -c max_wal_size=4GB -c checkpoint_timeout=1h",
            data.display()
        );
        // The server must not hold on to this process's output, or the test runner waits for it.
        let mut start = self.program("pg_ctl");
        start.args(["-w", "-t", "60", "-o", &settings, "-l"]).arg(data.join("log")).arg("-D").arg(&data).arg("start");
        let status = start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            _ => Err(format!("pg_ctl start: {}", fs::read_to_string(data.join("log")).unwrap_or_default())),
        }
    }

    /// Starts the watchdog unless one is there.
    fn watch(&self) -> std::io::Result<()> {
        let post = self.folder.join("watch.lock");
        if File::create(&post)?.try_lock().is_err() {
            return Ok(());
        }
        let stop = self.program("pg_ctl");
        let mut watch = Command::new("flock");
        watch.arg("-n").arg(post).args(["sh", "-c", WATCHDOG, "watchdog"]).arg(&self.folder);
        watch.arg(stop.get_program()).args(stop.get_args());
        watch.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn().map(|_| ())
    }

    /// One of its programs, as the user it wants: never root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if me() == 0 {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    }
}

fn me() -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").map_or(0, |me| me.uid())
}

fn id(which: &str, user: &str) -> Result<u32, String> {
    let output = Command::new("id").args([which, user]).output().map_err(|error| error.to_string())?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| format!("there is no user {user}"))
}
