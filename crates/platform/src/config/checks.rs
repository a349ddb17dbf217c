//! What every setting may be, its default, and what production refuses.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::Secret;
use serde::Deserialize;

use super::keyfile::KeyFile;
use super::reader::Reader;
use super::{
    Config, DatabaseConfig, FilesConfig, Gateway, HttpConfig, KeysConfig, LimitsConfig, LogConfig, LogFormat,
    MailConfig, MailTransport, Mode, PaymentsConfig, STRIPE_API, StripeOptions, WorkerConfig,
};
use crate::crypto::Key;
use crate::mail::{SmtpOptions, SmtpTls};

const KEY: &str = "`base64:` and 32 bytes in base64; `hairline keys generate` prints one";

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Transport {
    Files,
    Smtp,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GatewayName {
    Simulator,
    Stripe,
}

impl Reader {
    /// Reads everything. `None` only when keys are missing, which is noted as a problem.
    pub(super) fn read(&mut self) -> Option<Config> {
        let mode = self.word("mode", "production, development, demo, test").unwrap_or(Mode::Development);
        let data_dir = PathBuf::from(self.text("data_dir").unwrap_or_else(|| "data".into()));
        self.check_file_mode(mode);
        self.add_key_file(mode, &data_dir);
        let http = self.http(mode);
        let database = self.database(mode, &data_dir);
        let keys = self.keys(mode);
        let mail = self.mail(mode, &data_dir);
        let files = FilesConfig { folder: self.folder("files.folder", &data_dir, "files") };
        let payments = self.payments(mode);
        let log = self.log(mode);
        let worker = WorkerConfig {
            concurrency: usize::try_from(self.number("worker.concurrency", 4, 1, 64)).unwrap_or(4),
            poll: Duration::from_millis(u64::from(self.number("worker.poll_ms", 500, 10, 60_000))),
            in_serve: self.switch("worker.in_serve").unwrap_or(true),
            lock: Duration::from_secs(u64::from(self.number("worker.lock_seconds", 60, 2, 600))),
        };
        let limits = LimitsConfig {
            requests_per_minute: self.number("limits.requests_per_minute", 100, 10, 1_000_000),
            auth_per_minute: self.number("limits.auth_per_minute", 60, 5, 1_000_000),
            body_bytes: usize::try_from(self.number("limits.body_kib", 1024, 16, 16_384)).unwrap_or(1024) * 1024,
        };
        Some(Config { mode, data_dir, http, database, keys: keys?, mail, files, payments, log, worker, limits })
    }

    /// A file that holds secrets must be its owner's alone.
    fn check_file_mode(&mut self, mode: Mode) {
        const SECRETS: [&str; 8] = [
            "keys.app_key",
            "keys.previous",
            "keys.index_key",
            "keys.pepper",
            "payments.webhook_secret",
            "mail.smtp_password",
            "database.url",
            "database.read_url",
        ];
        let Some(path) = self.file.clone().filter(|path| mode.is_production() && KeyFile::is_exposed(path)) else {
            return;
        };
        let source = format!("file {}", path.display());
        if SECRETS.iter().any(|key| self.source(key) == source) {
            self.refuse("file", format!("others can read {source}, which holds secrets; run `chmod 600` on it"));
        }
    }

    /// Reads `keys.toml`; outside production it is made when a key is missing.
    fn add_key_file(&mut self, mode: Mode, data_dir: &Path) {
        const NAMES: [&str; 4] = ["keys.app_key", "keys.index_key", "keys.pepper", "payments.webhook_secret"];
        if NAMES.iter().all(|name| self.is_set(name)) {
            return;
        }
        let path = KeyFile::path(data_dir);
        let source = format!("file {}", path.display());
        let read = if mode.is_production() { KeyFile::read(&path) } else { KeyFile::read_or_generate(data_dir) };
        let file = match read {
            Ok(file) => file,
            Err(error) => return self.refuse("keys", format!("{source} cannot be used: {error}")),
        };
        if mode.is_production() && KeyFile::is_exposed(&path) {
            self.refuse("keys", format!("others can read {source}; run `chmod 600 {}`", path.display()));
        }
        for (name, value) in NAMES.iter().zip([file.app_key, file.index_key, file.pepper, file.webhook_secret]) {
            if let Some(value) = value {
                self.set_default_text(name, &value, source.clone());
            }
        }
    }

    fn http(&mut self, mode: Mode) -> HttpConfig {
        let local = SocketAddr::from(([127, 0, 0, 1], 8080));
        let bind = self.parsed("http.bind", "an address and a port such as 127.0.0.1:8080").unwrap_or(local);
        let public_url = self
            .text("http.public_url")
            .map_or_else(|| format!("http://{bind}"), |url| url.trim_end_matches('/').into());
        let is_https = public_url.starts_with("https://");
        if !is_https && !public_url.starts_with("http://") {
            self.refuse("http.public_url", "give an address that begins with https:// (or http:// outside production)");
        } else if mode.is_production() && !is_https {
            self.refuse("http.public_url", "production needs an address that begins with https://");
        }
        let secure_cookies = self.switch("http.secure_cookies").unwrap_or(is_https);
        if mode.is_production() && !secure_cookies {
            self.refuse("http.secure_cookies", "production sends cookies over https only; remove this setting");
        }
        let trusted_proxies = self.list("http.trusted_proxies", "an IP address");
        HttpConfig { bind, public_url, trusted_proxies, secure_cookies }
    }

    fn database(&mut self, mode: Mode, data_dir: &Path) -> DatabaseConfig {
        let url = self
            .text("database.url")
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", data_dir.join("hairline.db").display()));
        let read_url = self.text("database.read_url");
        for (key, url) in [("database.url", Some(&url)), ("database.read_url", read_url.as_ref())] {
            if url.is_some_and(|url| !url.starts_with("sqlite:") && !url.starts_with("mysql:")) {
                self.refuse(key, "give an address that begins with sqlite: or mysql:");
            }
        }
        if mode.is_production() && url.contains(":memory:") {
            self.refuse("database.url", "production needs a database that outlives the process");
        }
        // More SQLite connections only wait for each other: one writer at a time. Each holds the schema, some megabytes.
        let (usual, most) = if url.starts_with("sqlite:") { (4, 32) } else { (20, 1000) };
        let max_connections = self.number("database.max_connections", usual, 2, most);
        let slow = Duration::from_millis(u64::from(self.number("database.slow_ms", 250, 1, 60_000)));
        DatabaseConfig { url: Secret::new(url), read_url: read_url.map(Secret::new), max_connections, slow }
    }

    fn keys(&mut self, mode: Mode) -> Option<KeysConfig> {
        let app_key = self.key("keys.app_key", mode);
        let index_key = self.key("keys.index_key", mode);
        let pepper = self.key("keys.pepper", mode);
        let previous = self.list("keys.previous", KEY);
        let (app_key, index_key, pepper) = (app_key?, index_key?, pepper?);
        if app_key == index_key || app_key == pepper || index_key == pepper {
            self.refuse("keys", "app_key, index_key and pepper must differ from each other");
        }
        Some(KeysConfig { app_key, previous, index_key, pepper })
    }

    fn key(&mut self, name: &str, mode: Mode) -> Option<Key> {
        if !self.is_set(name) {
            self.refuse(name, format!("it is missing: give {KEY}"));
            return None;
        }
        let key: Option<Key> = self.parsed(name, KEY);
        if mode.is_production() && key.as_ref().is_some_and(Key::is_trivial) {
            self.refuse(name, "this is a placeholder and no key: `hairline keys generate` prints one");
        }
        key
    }

    fn mail(&mut self, mode: Mode, data_dir: &Path) -> MailConfig {
        let from = self.text("mail.from").unwrap_or_else(|| "Hairline <care@hairline.example>".into());
        if from.parse::<lettre::message::Mailbox>().is_err() {
            self.refuse("mail.from", "give a sender such as Hairline <care@example.org>");
        }
        if mode.is_production() && !self.is_set("mail.from") {
            self.refuse("mail.from", "production needs a sender of your own");
        }
        let folder = self.folder("mail.folder", data_dir, "mail");
        let host = self.text("mail.smtp_host");
        let transport = match (self.word("mail.transport", "files, smtp"), host) {
            (Some(Transport::Smtp) | None, Some(host)) => MailTransport::Smtp(self.smtp(mode, host)),
            (Some(Transport::Smtp), None) => {
                self.refuse("mail.smtp_host", "it is missing: the transport smtp needs the name of a mail server");
                MailTransport::Files { folder }
            }
            (Some(Transport::Files) | None, _) => MailTransport::Files { folder },
        };
        if mode.is_production() && matches!(transport, MailTransport::Files { .. }) && !self.is_set("mail.transport") {
            self.refuse("mail.transport", "nobody would get mail: give mail.smtp_host, or say transport = \"files\"");
        }
        MailConfig { from, transport }
    }

    fn smtp(&mut self, mode: Mode, host: String) -> SmtpOptions {
        let options = SmtpOptions {
            host,
            port: u16::try_from(self.number("mail.smtp_port", 0, 1, 65_535)).ok().filter(|port| *port > 0),
            tls: self.word("mail.smtp_tls", "implicit, starttls, none").unwrap_or_default(),
            username: self.text("mail.smtp_user"),
            password: self.text("mail.smtp_password").map(Secret::new),
        };
        if options.username.is_some() != options.password.is_some() {
            self.refuse("mail.smtp_user", "give both mail.smtp_user and mail.smtp_password, or neither");
        }
        if mode.is_production() && options.tls == SmtpTls::None && options.password.is_some() {
            self.refuse("mail.smtp_tls", "the password would travel in clear; use implicit or starttls");
        }
        options
    }

    fn payments(&mut self, mode: Mode) -> PaymentsConfig {
        let gateway = self.word("payments.gateway", "simulator, stripe").unwrap_or(GatewayName::Simulator);
        let allowed = self.switch("payments.allow_simulator").unwrap_or(false);
        let gateway = match gateway {
            GatewayName::Stripe => Gateway::Stripe(self.stripe(mode)),
            GatewayName::Simulator => {
                if mode.is_production() && !allowed {
                    self.refuse(
                        "payments.gateway",
                        "the simulator moves no money; say payments.allow_simulator = true if production is to run with it",
                    );
                }
                Gateway::Simulator
            }
        };
        let secret = self.text("payments.webhook_secret").unwrap_or_default();
        if secret.len() < 16 {
            self.refuse("payments.webhook_secret", "give a secret of at least 16 characters");
        }
        let rates_url = self.text("payments.rates_url");
        if rates_url.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            self.refuse("payments.rates_url", "give an address that begins with https:// or http://");
        }
        PaymentsConfig { gateway, webhook_secret: Secret::new(secret), rates_url }
    }

    fn stripe(&mut self, mode: Mode) -> StripeOptions {
        let publishable_key = self.text("payments.publishable_key").unwrap_or_default();
        let secret_key = self.text("payments.secret_key").unwrap_or_default();
        let kind = |key: &str, kinds: &[&str]| {
            ["test", "live"].into_iter().find(|it| kinds.iter().any(|kind| key.starts_with(&format!("{kind}_{it}_"))))
        };
        let (public, secret) = (kind(&publishable_key, &["pk"]), kind(&secret_key, &["sk", "rk"]));
        if public.is_none() {
            self.refuse("payments.publishable_key", "give the key that begins with pk_test_ or pk_live_");
        }
        if secret.is_none() {
            self.refuse(
                "payments.secret_key",
                "give the key that begins with sk_test_, sk_live_, rk_test_ or rk_live_",
            );
        }
        if public.is_some() && secret.is_some() && public != secret {
            self.refuse("payments.secret_key", "one key is for tests and the other for real money");
        }
        let api_base = self.text("payments.api_base").unwrap_or_else(|| STRIPE_API.to_owned());
        if !api_base.starts_with("https://") && mode.is_production() {
            self.refuse("payments.api_base", "payments travel encrypted: give an address with https");
        }
        let retry_pause = Duration::from_millis(u64::from(self.number("payments.retry_ms", 1000, 1, 10_000)));
        StripeOptions { publishable_key, secret_key: Secret::new(secret_key), api_base, retry_pause }
    }

    fn log(&mut self, mode: Mode) -> LogConfig {
        let level = self.text("log.level").unwrap_or_else(|| "info".into());
        if level.parse::<tracing_subscriber::EnvFilter>().is_err() {
            self.refuse("log.level", "give error, warn, info, debug, trace, or a filter such as info,platform=debug");
        }
        let usual = if mode.is_production() { LogFormat::Json } else { LogFormat::Text };
        LogConfig { level, format: self.word("log.format", "text, json").unwrap_or(usual) }
    }

    fn folder(&mut self, key: &str, data_dir: &Path, name: &str) -> PathBuf {
        self.text(key).map_or_else(|| data_dir.join(name), PathBuf::from)
    }
}
