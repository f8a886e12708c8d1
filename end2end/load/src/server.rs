use std::{
    ffi::OsString,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

use crate::{address, client::Client, failure::Result, machine};

/// What the server prints when it takes requests.
const READY: &str = "Thunderline is ready at ";
/// How long it may take to get there.
const START: Duration = Duration::from_mins(1);
/// How often its log is looked at.
const GLANCE: Duration = Duration::from_millis(2);

/// How to start a server.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The binary.
    pub binary: PathBuf,
    /// A folder for its data and log.
    pub folder: PathBuf,
    /// Where it listens; port 0 lets it choose.
    pub listen: String,
    /// What `DATABASE_URL` says, if not the embedded database.
    pub database: Option<String>,
    /// Whether it stays on the first core.
    pub pinned: bool,
    /// What else its environment says.
    pub environment: Vec<(&'static str, OsString)>,
}

/// A server under load: started here, or running already.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    launch: Option<Launch>,
    child: Option<Child>,
    ready_after: Duration,
}

impl Server {
    /// Starts one and waits until it is ready.
    pub async fn start(launch: Launch) -> Result<Self> {
        fs::create_dir_all(&launch.folder)?;
        let began = Instant::now();
        let log = launch.folder.join("server.log");
        let mut child = spawn(&launch, &log)?;
        loop {
            let text = fs::read_to_string(&log).unwrap_or_default();
            if let Some(line) = text.lines().find(|line| line.contains(READY)) {
                let url = line.split(READY).nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
                let address = address::parse(url.trim_end_matches('.'))?;
                return Ok(Self { address, launch: Some(launch), child: Some(child), ready_after: began.elapsed() });
            }
            if let Some(status) = child.try_wait()? {
                return Err(format!("the server ended with {status}:\n{text}").into());
            }
            if began.elapsed() > START {
                return Err(format!("the server did not say it was ready:\n{text}").into());
            }
            sleep(GLANCE).await;
        }
    }

    /// One that runs already.
    pub const fn running(address: SocketAddr) -> Self {
        Self { address, launch: None, child: None, ready_after: Duration::ZERO }
    }

    /// Where it is.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How long it took from its start to its ready line.
    pub const fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Its resident memory in bytes; `None` when it was not started here.
    pub fn resident(&self) -> Option<u64> {
        machine::resident(self.child.as_ref()?.id()?)
    }

    /// Waits until it ends by itself.
    pub async fn end(&mut self) -> Result<ExitStatus> {
        let child = self.child.as_mut().ok_or("only a server that was started here is waited for")?;
        Ok(child.wait().await?)
    }

    /// Ends it as a power switch would (SIGKILL), starts it again on the same data and the same port, and answers how
    /// long it was away: from the kill to its first answer.
    pub async fn crash(&mut self) -> Result<Duration> {
        let (Some(mut launch), Some(mut child)) = (self.launch.clone(), self.child.take()) else {
            return Err("only a server that was started here is killed".into());
        };
        let began = Instant::now();
        child.kill().await?;
        launch.listen = self.address.to_string();
        let started = Self::start(launch).await?;
        *self = started;
        let mut client = Client::new(self.address, None);
        while client.get("/health", "*/*", "identity").await.is_err() {
            sleep(GLANCE).await;
        }
        Ok(began.elapsed())
    }
}

fn spawn(launch: &Launch, log: &Path) -> Result<Child> {
    let log = File::create(log)?;
    let mut command = if launch.pinned {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", "0"]).arg(&launch.binary);
        command
    } else {
        Command::new(&launch.binary)
    };
    match &launch.database {
        Some(database) => command.env("DATABASE_URL", database),
        None => command.env_remove("DATABASE_URL"),
    };
    let child = command
        .env("THUNDERLINE_LISTEN", &launch.listen)
        .env("THUNDERLINE_DATA", launch.folder.join("data"))
        .env("THUNDERLINE_RATE_LIMITS", "off")
        .env("LEPTOS_ENV", "PROD")
        .envs(launch.environment.iter().cloned())
        .stdin(Stdio::null())
        .stderr(log.try_clone()?)
        .stdout(log)
        .kill_on_drop(true)
        .spawn();
    child.map_err(|error| format!("{} did not start: {error}", launch.binary.display()).into())
}
