use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Presses a Thunderline server hard and counts what comes of it. Only on this machine.
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
    /// The server's binary; each scenario starts its own, on throw-away data.
    #[arg(long, global = true, env = "THUNDERLINE_BINARY", value_name = "FILE")]
    pub server: Option<PathBuf>,
    /// A server that runs already, with rate limits off; only on a loopback address.
    #[arg(long, global = true, value_name = "http://127.0.0.1:PORT")]
    pub url: Option<String>,
    /// `sqlite`, `postgres` (starts one of its own) or the URL of an empty database.
    #[arg(long, global = true, default_value = "sqlite")]
    pub database: String,
    /// Keep the server on core 0 and this program on core 1.
    #[arg(long, global = true)]
    pub pin: bool,
    /// Where throw-away data lies; its disk is what is measured.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Also write the figures as JSON.
    #[arg(long, global = true, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Makes texts and words; another one each time when left out.
    #[arg(long, global = true)]
    pub seed: Option<u64>,
    /// How long each measurement takes.
    #[arg(long, global = true, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub seconds: u32,
    /// The corpus whose texts are posted.
    #[arg(long, global = true, value_name = "ZIP")]
    pub corpus: Option<PathBuf>,
}

/// What to measure.
#[derive(Clone, Debug, Subcommand)]
pub enum Scenario {
    /// All of them, one after the other.
    All,
    /// Durable posts over HTTP: at saturation, and at a steady rate.
    Posts(Posts),
    /// One channel with many watchers.
    Fanout(Fanout),
    /// Many channels, some watchers each.
    Channels(Channels),
    /// Connections that only wait, and the memory of each.
    Idle(Idle),
    /// Pages rendered by the server.
    Pages(Pages),
    /// What people look for, in a short history and in a long one.
    Search(Search),
    /// What a browser loads to show a channel for the first time.
    Firstload,
    /// Kills the server over and over while people post.
    Crash(Crash),
    /// The sending half of the bare loop; started by this program.
    #[command(hide = true)]
    BareSender {
        /// Where the receiving half listens.
        address: std::net::SocketAddr,
        /// How many sockets.
        sockets: usize,
        /// How many frames to each.
        rounds: usize,
        /// Wait after each round.
        #[arg(long)]
        lockstep: bool,
    },
}

/// Options of *posts*.
#[derive(Clone, Debug, Args)]
pub struct Posts {
    /// How many post at the same time, each after its last answer.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    pub senders: Vec<usize>,
    /// How many posts a second are meant to be sent at a steady rate; 0 leaves this out. 3,500, or 2,000 on PostgreSQL.
    #[arg(long)]
    pub rate: Option<f64>,
    /// How many channels they post to.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub channels: u32,
}

/// Options of *fanout*.
#[derive(Clone, Debug, Args)]
pub struct Fanout {
    /// How many watch the channel.
    #[arg(long, default_value_t = 1_000)]
    pub watchers: usize,
    /// How many posts a burst has.
    #[arg(long, default_value_t = 32)]
    pub burst: usize,
    /// How many posts a second are sent at a steady rate.
    #[arg(long, default_value_t = 40.0)]
    pub rate: f64,
}

/// Options of *channels*.
#[derive(Clone, Debug, Args)]
pub struct Channels {
    /// How many channels.
    #[arg(long = "channels", default_value_t = 100)]
    pub count: usize,
    /// How many watch each.
    #[arg(long, default_value_t = 50)]
    pub watchers: usize,
    /// How many posts a second are sent, to one channel after the other.
    #[arg(long, default_value_t = 200.0)]
    pub rate: f64,
}

/// Options of *idle*.
#[derive(Clone, Debug, Args)]
pub struct Idle {
    /// How many connections are held.
    #[arg(long, default_value_t = 10_000)]
    pub connections: usize,
    /// How many posts a second they hear after that.
    #[arg(long, default_value_t = 2.0)]
    pub rate: f64,
}

/// Options of *pages*.
#[derive(Clone, Debug, Args)]
pub struct Pages {
    /// How many messages the largest channel has.
    #[arg(long, default_value_t = 5_000)]
    pub history: u32,
    /// How many connections ask at the same time.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 16])]
    pub connections: Vec<usize>,
}

/// Options of *search*.
#[derive(Clone, Debug, Args)]
pub struct Search {
    /// How many messages the long history has, posted in this run.
    #[arg(long, default_value_t = 100_000)]
    pub history: u32,
}

/// Options of *crash*.
#[derive(Clone, Debug, Args)]
pub struct Crash {
    /// How often the server is killed.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub kills: u32,
    /// How many posts a second.
    #[arg(long, default_value_t = 500.0)]
    pub rate: f64,
}
