//! Configuration: one struct per concern, read once at start, every problem told at once.

mod checks;
mod keyfile;
mod reader;
mod sources;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use kernel::Secret;
use serde::{Deserialize, Serialize};

pub use sources::{KEYS, KeySpec, Sources};

use crate::crypto::Key;
use crate::mail::SmtpOptions;

/// What the installation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real patients: unsafe settings are refused.
    Production,
    /// A developer's machine.
    Development,
    /// Made-up data, a clock that can be moved, a page with the mails.
    Demo,
    /// Automatic tests.
    Test,
}

impl Mode {
    /// Whether real people's data is at stake.
    pub fn is_production(self) -> bool {
        self == Self::Production
    }
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the installation is for.
    pub mode: Mode,
    /// The folder of everything the program keeps beside the database.
    pub data_dir: PathBuf,
    /// The web server.
    pub http: HttpConfig,
    /// The database.
    pub database: DatabaseConfig,
    /// The keys.
    pub keys: KeysConfig,
    /// Outgoing mail.
    pub mail: MailConfig,
    /// Stored files.
    pub files: FilesConfig,
    /// The payment gateway.
    pub payments: PaymentsConfig,
    /// The log.
    pub log: LogConfig,
    /// Background work.
    pub worker: WorkerConfig,
    /// Limits against abuse.
    pub limits: LimitsConfig,
}

/// The web server.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Where it listens.
    pub bind: SocketAddr,
    /// The address people use, without a slash at the end.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether cookies are sent over https only.
    pub secure_cookies: bool,
}

/// The database.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite:` or `mysql:`; secret because it holds the password.
    pub url: Secret<String>,
    /// A replica for lists and dashboards that tolerate lag.
    pub read_url: Option<Secret<String>>,
    /// Size of the pool.
    pub max_connections: u32,
    /// Slower statements are logged.
    pub slow: Duration,
}

/// The keys.
#[derive(Clone, Debug)]
pub struct KeysConfig {
    /// Encrypts.
    pub app_key: Key,
    /// Still decrypt.
    pub previous: Vec<Key>,
    /// Makes blind indexes.
    pub index_key: Key,
    /// Authenticates codes, tokens and links.
    pub pepper: Key,
}

/// Outgoing mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The sender, `Hairline <care@example.org>`.
    pub from: String,
    /// How mail leaves.
    pub transport: MailTransport,
}

/// How mail leaves.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// Every mail becomes a file in this folder.
    Files {
        /// The folder.
        folder: PathBuf,
    },
    /// A mail server.
    Smtp(SmtpOptions),
    /// Kept in memory, for tests.
    Memory,
}

/// Stored files.
#[derive(Clone, Debug)]
pub struct FilesConfig {
    /// The local folder.
    pub folder: PathBuf,
}

/// The payment gateway.
#[derive(Clone, Debug)]
pub struct PaymentsConfig {
    /// Which one.
    pub gateway: Gateway,
    /// Signs its webhooks.
    pub webhook_secret: Secret<String>,
    /// Where exchange rates are read, if anywhere (R-PY-17).
    pub rates_url: Option<String>,
}

/// A payment gateway.
#[derive(Clone, Debug)]
pub enum Gateway {
    /// Plays a gateway on this machine; no money moves.
    Simulator,
    /// Stripe, with the keys of an account there.
    Stripe(StripeOptions),
}

/// Where Stripe's API is.
pub const STRIPE_API: &str = "https://api.stripe.com";

/// The keys of an account at Stripe.
#[derive(Clone, Debug)]
pub struct StripeOptions {
    /// Known to browsers: begins with `pk_`.
    pub publishable_key: String,
    /// Begins with `sk_` or `rk_`.
    pub secret_key: Secret<String>,
    /// Another address of the API, for tests.
    pub api_base: String,
    /// The pause before a call is made for the second time; the next ones are four and sixteen times as long.
    pub retry_pause: Duration,
}

impl StripeOptions {
    /// Whether real money moves: both keys say so.
    pub fn is_live(&self) -> bool {
        self.publishable_key.starts_with("pk_live_")
    }
}

/// The log.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// What is logged: `info`, or a filter such as `info,platform=debug`.
    pub level: String,
    /// How it is written.
    pub format: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Background work.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// Jobs at the same time.
    pub concurrency: usize,
    /// Pause between looks at an empty queue.
    pub poll: Duration,
    /// Whether `serve` works on jobs too.
    pub in_serve: bool,
    /// How long the work of a worker that died waits until another one takes it.
    pub lock: Duration,
}

/// Limits against abuse.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// Requests of one account or address per minute (R-ID-26).
    pub requests_per_minute: u32,
    /// Requests of one address to the sign-in routes per minute (R-ID-26).
    pub auth_per_minute: u32,
    /// Size of a request body without files, in bytes.
    pub body_bytes: usize,
}

/// One thing wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which setting: `http.bind`.
    pub key: String,
    /// Where the value came from: `environment variable HAIRLINE_HTTP_BIND`.
    pub source: String,
    /// What is wrong and what to do.
    pub what: String,
}

/// Everything wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigProblems(pub Vec<Problem>);

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The configuration has {} problem(s):", self.0.len())?;
        for Problem { key, source, what } in &self.0 {
            writeln!(f, "  {key} ({source}): {what}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigProblems {}

impl Config {
    /// Reads every source and checks all of it. In development and demo, missing keys are made once and kept in
    /// `keys.toml` of the data folder.
    pub fn load(sources: &Sources) -> Result<Self, ConfigProblems> {
        let mut reader = reader::Reader::new(sources);
        let config = reader.read();
        reader.finish(config)
    }

    /// For tests: everything in `data_dir`, mail in memory, fixed keys.
    pub fn for_test(data_dir: PathBuf, database_url: String, max_connections: u32) -> Self {
        Self {
            mode: Mode::Test,
            http: HttpConfig {
                bind: SocketAddr::from(([127, 0, 0, 1], 0)),
                public_url: "http://hairline.test".into(),
                trusted_proxies: Vec::new(),
                secure_cookies: false,
            },
            database: DatabaseConfig {
                url: Secret::new(database_url),
                read_url: None,
                max_connections,
                slow: Duration::from_secs(5),
            },
            keys: KeysConfig {
                app_key: Key::new([1; 32]),
                previous: Vec::new(),
                index_key: Key::new([2; 32]),
                pepper: Key::new([3; 32]),
            },
            mail: MailConfig { from: "Hairline <care@hairline.test>".into(), transport: MailTransport::Memory },
            files: FilesConfig { folder: data_dir.join("files") },
            payments: PaymentsConfig {
                gateway: Gateway::Simulator,
                webhook_secret: Secret::new("whsec_for_tests_only".into()),
                rates_url: None,
            },
            log: LogConfig { level: "warn".into(), format: LogFormat::Text },
            worker: WorkerConfig {
                concurrency: 2,
                poll: Duration::from_millis(20),
                in_serve: false,
                lock: Duration::from_secs(60),
            },
            limits: LimitsConfig { requests_per_minute: 1_000_000, auth_per_minute: 1_000_000, body_bytes: 1 << 20 },
            data_dir,
        }
    }
}

#[cfg(test)]
mod tests;
