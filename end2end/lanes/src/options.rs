use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Proves the durable lanes: throughput, kills, take-overs, poison, full disks, failing syncs. Only on this machine.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Options {
    /// What to do; everything when left out.
    #[command(subcommand)]
    pub scenario: Option<Scenario>,
    /// Where and how.
    #[command(flatten)]
    pub place: Place,
}

/// Where and how every scenario runs.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// `sqlite` or `postgres` (starts one of its own).
    #[arg(long, global = true, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    pub database: String,
    /// Chooses the moments of kills and who fails; another one each time when left out.
    #[arg(long, global = true)]
    pub seed: Option<u64>,
    /// Where throw-away data lies; its disk is what is measured.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Also write the figures as JSON.
    #[arg(long, global = true, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// The server's binary, for *disk* and *fsync*.
    #[arg(long, global = true, env = "THUNDERLINE_BINARY", value_name = "FILE")]
    pub binary: Option<PathBuf>,
}

/// What to prove.
#[derive(Clone, Debug, Subcommand)]
pub enum Scenario {
    /// All of them, one after the other.
    All,
    /// How many records a second, with handlers that do nothing.
    Throughput(Throughput),
    /// Kills the process that works the lanes, over and over.
    Kills(Kills),
    /// Two processes on one database; one is killed, then one is stopped.
    Takeover(Takeover),
    /// Records that always fail, among good ones.
    Poison(Poison),
    /// How soon a realtime record is begun while much else waits.
    Pickup(Pickup),
    /// Kills a process over and over while it posts, with rollbacks.
    Posts(Posts),
    /// Fills the disk under a running server (SQLite, root).
    Disk(Disk),
    /// Lets a sync fail under a running server (SQLite, a C compiler).
    Fsync,
    /// A process that works the lanes; started by this program.
    #[command(hide = true)]
    Worker(Worker),
    /// A process that publishes records for others to find; started by this program.
    #[command(hide = true)]
    Writer(Writer),
    /// A process that posts; started by this program.
    #[command(hide = true)]
    Poster(Poster),
}

/// Options of *throughput*.
#[derive(Clone, Debug, Args)]
pub struct Throughput {
    /// How many records.
    #[arg(long, default_value_t = 100_000)]
    pub records: u64,
}

/// Options of *kills*.
#[derive(Clone, Debug, Args)]
pub struct Kills {
    /// How many records.
    #[arg(long, default_value_t = 100_000)]
    pub records: u64,
    /// How often the worker is killed.
    #[arg(long = "kills", default_value_t = 500)]
    pub times: u32,
    /// Leases of two seconds, for a test that has little time.
    #[arg(long)]
    pub brisk: bool,
}

/// Options of *takeover*.
#[derive(Clone, Debug, Args)]
pub struct Takeover {
    /// How many records both work together.
    #[arg(long, default_value_t = 20_000)]
    pub records: u64,
    /// How many more are under way when one of them ends.
    #[arg(long, default_value_t = 1_000)]
    pub under_way: u64,
    /// Leases of two seconds, for a test that has little time.
    #[arg(long)]
    pub brisk: bool,
}

/// Options of *poison*.
#[derive(Clone, Debug, Args)]
pub struct Poison {
    /// How many good records.
    #[arg(long, default_value_t = 20_000)]
    pub records: u64,
    /// How many that always fail.
    #[arg(long, default_value_t = 1_000)]
    pub poison: u64,
}

/// Options of *pickup*.
#[derive(Clone, Debug, Args)]
pub struct Pickup {
    /// How many general records wait.
    #[arg(long, default_value_t = 100_000)]
    pub backlog: u64,
    /// How many realtime records.
    #[arg(long, default_value_t = 1_000)]
    pub records: u32,
    /// How many of them a second.
    #[arg(long, default_value_t = 50)]
    pub rate: u32,
}

/// Options of *posts*.
#[derive(Clone, Debug, Args)]
pub struct Posts {
    /// How many posts are acknowledged in the end.
    #[arg(long = "posts", default_value_t = 100_000)]
    pub count: u64,
    /// How often the process that posts is killed.
    #[arg(long, default_value_t = 50)]
    pub kills: u32,
    /// How many post at the same time.
    #[arg(long, default_value_t = 64)]
    pub senders: usize,
}

/// Options of *disk*.
#[derive(Clone, Debug, Args)]
pub struct Disk {
    /// How often the disk is filled.
    #[arg(long, default_value_t = 20)]
    pub rounds: u32,
}

/// Options of a worker.
#[derive(Clone, Debug, Args)]
pub struct Worker {
    /// The database's address.
    #[arg(long)]
    pub at: String,
    /// Does nothing with records, and says when so many are done.
    #[arg(long)]
    pub idle: Option<u64>,
    /// How long a handler takes, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub pause: u64,
    /// How many records a handler takes at once.
    #[arg(long, default_value_t = 64)]
    pub batch: usize,
    /// Leases of two seconds.
    #[arg(long)]
    pub brisk: bool,
}

/// Options of a writer.
#[derive(Clone, Debug, Args)]
pub struct Writer {
    /// The database's address.
    #[arg(long)]
    pub at: String,
    /// How many records.
    #[arg(long)]
    pub records: u32,
    /// How many a second.
    #[arg(long)]
    pub rate: u32,
}

/// Options of a poster.
#[derive(Clone, Debug, Args)]
pub struct Poster {
    /// The database's address.
    #[arg(long)]
    pub at: String,
    /// Whose sessions post.
    #[arg(long, value_delimiter = ',')]
    pub tokens: Vec<String>,
    /// Where.
    #[arg(long, value_delimiter = ',')]
    pub channels: Vec<thunderline::domain::ChannelId>,
    /// How many at the same time.
    #[arg(long)]
    pub senders: usize,
    /// How many posts are acknowledged before it ends.
    #[arg(long)]
    pub posts: u64,
    /// Chooses who fails.
    #[arg(long)]
    pub seed: u64,
}
