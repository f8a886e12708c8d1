//! Every setting: a flag, an environment variable, a default.

use std::{fmt, net::SocketAddr, os::unix::fs::DirBuilderExt, path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};
use thunderline::domain::foreign::ForeignMode;

/// How the server runs.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, env = "THUNDERLINE_LISTEN", default_value = "127.0.0.1:3000", global = true)]
    pub listen: SocketAddr,
    /// The folder for everything that is kept.
    #[arg(long, env = "THUNDERLINE_DATA", default_value = "data", global = true)]
    pub data: PathBuf,
    /// The database: `postgres://…` or `sqlite:<path>`. Without it, SQLite in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// The address people use, if it is another than the one listened on, such as `https://chat.example`.
    #[arg(long, env = "THUNDERLINE_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// Whether a proxy in front is believed about the visitor's address and TLS (`X-Forwarded-For`,
    /// `X-Forwarded-Proto`). Only with a proxy that sets both.
    #[arg(long, env = "THUNDERLINE_TRUST_PROXY", default_value = "off", value_enum, global = true)]
    pub trust_proxy: Switch,
    /// Whether too many attempts are refused. Off only for load tests.
    #[arg(long, env = "THUNDERLINE_RATE_LIMITS", default_value = "on", value_enum, global = true)]
    pub rate_limits: Switch,
    /// Who names this as a bearer token may read `/metrics`, from anywhere. Without it only this machine may, and
    /// nobody while a proxy stands in front.
    #[arg(long, env = "THUNDERLINE_METRICS_TOKEN", hide_env_values = true, global = true)]
    pub metrics_token: Option<Secret>,
    /// What becomes of faulty events from outside: `reject` (nothing of their batch is taken), `drop` (they are left
    /// out) or `warn` (they are taken all the same).
    #[arg(long, env = "THUNDERLINE_FOREIGN_EVENTS", default_value = "reject", global = true)]
    pub foreign_events: ForeignMode,
    /// Whether webhooks may be sent to private, loopback and link-local addresses. Only where everybody who may make
    /// a webhook may also see this server's own network.
    #[arg(long, env = "THUNDERLINE_WEBHOOKS_PRIVATE", default_value = "off", value_enum, global = true)]
    pub webhooks_private: Switch,
}

/// The fewest characters of a secret: fewer could be guessed.
const SECRET_CHARS: usize = 16;

/// Something that must not be shown, of at least 16 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let long = text.chars().count() >= SECRET_CHARS;
        if long { Ok(Self(text.to_owned())) } else { Err("must have at least 16 characters") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

impl Switch {
    /// Whether it is on.
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

/// What is logged and traced, and how. Logs go to standard error.
#[derive(Clone, Debug, Args)]
pub struct Log {
    /// What is logged: `info`, `debug`, or by target, such as `warn,thunderline=debug`.
    #[arg(id = "log_filter", long = "log", env = "THUNDERLINE_LOG", default_value = "info", global = true)]
    pub filter: String,
    /// How a line is written.
    #[arg(
        id = "log_format",
        long = "log-format",
        env = "THUNDERLINE_LOG_FORMAT",
        default_value = "text",
        value_enum,
        global = true
    )]
    pub format: Format,
    /// A collector that traces are sent to by OTLP over HTTP, such as `http://127.0.0.1:4318`. Without it nothing is
    /// traced.
    #[arg(long, env = "THUNDERLINE_OTLP_ENDPOINT", global = true)]
    pub otlp_endpoint: Option<String>,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

/// There is no database at this path.
#[derive(Debug)]
pub struct NoDatabase(String);

impl fmt::Display for NoDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no database at {}; --data or --database-url says where it is", self.0)
    }
}

impl std::error::Error for NoDatabase {}

impl Settings {
    /// As a test wants it: a free port, its own data folder, no rate limits.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: data.into(),
            database_url: None,
            public_url: None,
            trust_proxy: Switch::Off,
            rate_limits: Switch::Off,
            metrics_token: None,
            foreign_events: ForeignMode::Reject,
            webhooks_private: Switch::Off,
        }
    }

    /// The database's address. Makes the data folder when the database lives there.
    pub fn database(&self) -> std::io::Result<String> {
        if let Some(url) = &self.database_url {
            return Ok(url.clone());
        }
        // Passwords' hashes and webhooks' secrets lie there: nobody else on the machine looks in.
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.data)?;
        Ok(self.embedded())
    }

    /// The address of a database that is there: a mistyped folder must not become a new one that looks all well.
    pub fn existing_database(&self) -> Result<String, NoDatabase> {
        let url = self.database_url.clone().unwrap_or_else(|| self.embedded());
        match url.strip_prefix("sqlite:") {
            Some(path) if !std::path::Path::new(path).exists() => Err(NoDatabase(path.to_owned())),
            _ => Ok(url),
        }
    }

    fn embedded(&self) -> String {
        format!("sqlite:{}", self.data.join("thunderline.db").display())
    }

    /// Whether people come over TLS, as far as the settings tell.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The host (and port) people use, if it is set.
    pub fn public_host(&self) -> Option<&str> {
        let (_, rest) = self.public_url.as_deref()?.split_once("://")?;
        rest.split('/').next().filter(|host| !host.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_and_not_shown() {
        assert!("".parse::<Secret>().is_err() && "fifteen letters".parse::<Secret>().is_err());
        let secret: Secret = "sixteen letters!".parse().unwrap();
        assert_eq!((secret.reveal(), &*format!("{secret:?}")), ("sixteen letters!", "Secret(…)"));
    }

    #[test]
    fn the_public_address_names_host_and_tls() {
        let mut settings = Settings::in_folder("x");
        assert_eq!((settings.is_https(), settings.public_host()), (false, None));
        settings.public_url = Some("https://chat.example:8443/".into());
        assert_eq!((settings.is_https(), settings.public_host()), (true, Some("chat.example:8443")));
    }
}
