//! Where configuration comes from: the key file, `hairline.toml`, the environment, flags; the later wins.

use std::path::PathBuf;

/// One setting the program knows.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    /// Its name in `hairline.toml`, dots for tables.
    pub key: &'static str,
    /// How its text is read.
    pub shape: Shape,
    /// What it is for, one line.
    pub help: &'static str,
}

/// How the text of a setting is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it is.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// Texts, separated by commas outside of the file.
    List,
}

const fn spec(key: &'static str, shape: Shape, help: &'static str) -> KeySpec {
    KeySpec { key, shape, help }
}

/// Every setting.
pub const KEYS: &[KeySpec] = &{
    use Shape::{List, Number, Switch, Text};
    [
        spec("mode", Text, "production, development, demo or test"),
        spec("data_dir", Text, "folder of the SQLite database, files, mails and generated keys"),
        spec("http.bind", Text, "address and port the server listens on"),
        spec("http.public_url", Text, "the address people type"),
        spec("http.trusted_proxies", List, "addresses of proxies whose X-Forwarded-For is believed"),
        spec("http.secure_cookies", Switch, "send cookies over https only"),
        spec("database.url", Text, "sqlite: or mysql: address"),
        spec("database.read_url", Text, "address of a read replica"),
        spec("database.max_connections", Number, "size of the connection pool"),
        spec("database.slow_ms", Number, "statements slower than this are logged"),
        spec("keys.app_key", Text, "encrypts columns; base64: and 32 bytes"),
        spec("keys.previous", List, "older app keys that may still decrypt"),
        spec("keys.index_key", Text, "makes blind indexes; base64: and 32 bytes"),
        spec("keys.pepper", Text, "authenticates codes and links; base64: and 32 bytes"),
        spec("mail.from", Text, "sender of every mail"),
        spec("mail.transport", Text, "files or smtp"),
        spec("mail.smtp_host", Text, "name of the mail server"),
        spec("mail.smtp_port", Number, "its port"),
        spec("mail.smtp_tls", Text, "implicit, starttls or none"),
        spec("mail.smtp_user", Text, "account at the mail server"),
        spec("mail.smtp_password", Text, "password of that account"),
        spec("mail.folder", Text, "folder of the mails with the transport files"),
        spec("files.folder", Text, "folder of uploaded files"),
        spec("payments.gateway", Text, "simulator or stripe"),
        spec("payments.publishable_key", Text, "the account's key that browsers know"),
        spec("payments.secret_key", Text, "the account's secret key"),
        spec("payments.api_base", Text, "another address of the gateway's API, for tests"),
        spec("payments.retry_ms", Number, "pause before a call to the gateway is made again"),
        spec("payments.allow_simulator", Switch, "let production run without real payments"),
        spec("payments.rates_url", Text, "where exchange rates are read: JSON with base USD and rates"),
        spec("payments.webhook_secret", Text, "signs the gateway's webhooks"),
        spec("log.level", Text, "error, warn, info, debug, trace, or a filter"),
        spec("log.format", Text, "text or json"),
        spec("worker.concurrency", Number, "jobs at the same time"),
        spec("worker.poll_ms", Number, "pause between looks at an empty queue"),
        spec("worker.in_serve", Switch, "let serve work on jobs too"),
        spec("worker.lock_seconds", Number, "how long the work of a worker that died waits for another one"),
        spec("limits.requests_per_minute", Number, "requests of one account or address per minute"),
        spec("limits.auth_per_minute", Number, "sign-in requests of one address per minute"),
        spec("limits.body_kib", Number, "size of a request body without files"),
    ]
};

impl KeySpec {
    /// The environment variable of this setting.
    pub fn variable(&self) -> String {
        format!("HAIRLINE_{}", self.key.to_uppercase().replace('.', "_"))
    }
}

/// Names that hosting platforms and Laravel installations already use.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("DATABASE_URL", "database.url"),
    ("DATABASE_READ_URL", "database.read_url"),
    ("APP_KEY", "keys.app_key"),
    ("APP_PREVIOUS_KEYS", "keys.previous"),
];

/// The raw sources. Tests fill them by hand; the program uses [`Sources::of_process`].
#[derive(Clone, Default)]
pub struct Sources {
    /// The file; a missing one is a problem only when it was named explicitly.
    pub file: Option<PathBuf>,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// Flags: the setting's key and its text.
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// The process's environment, its `HAIRLINE_CONFIG` or `hairline.toml` in the working folder, and these flags.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        // Variables that are not UTF-8 cannot be ours.
        let env: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let named = file.or_else(|| {
            env.iter()
                .find(|(name, value)| name == "HAIRLINE_CONFIG" && !value.is_empty())
                .map(|(_, value)| value.into())
        });
        let usual = PathBuf::from("hairline.toml");
        Self { file: named.or_else(|| usual.exists().then_some(usual)), env, flags }
    }
}
