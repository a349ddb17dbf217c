//! The executable in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};

use testkit::TestApp;

/// The server in a process of its own, on the test's database.
pub struct Running {
    child: Child,
    /// Where it listens.
    pub url: String,
}

impl Running {
    /// Started, and listening.
    pub fn start(t: &TestApp) -> Self {
        Self::start_with(t, &[], Stdio::inherit())
    }

    /// The same with more of its environment, and where its log goes.
    pub fn start_with(t: &TestApp, more: &[(&str, &str)], log: Stdio) -> Self {
        let key = |byte: u8| platform::crypto::Key::new([byte; 32]).to_text();
        let mut child = Command::new(env!("CARGO_BIN_EXE_hairline"))
            .args(["serve", "--bind", "127.0.0.1:0"])
            .current_dir(t.folder())
            .env("HAIRLINE_MODE", "test")
            .env("HAIRLINE_DATA_DIR", t.folder())
            .env("DATABASE_URL", t.app.config.database.url.expose())
            .env("HAIRLINE_KEYS_APP_KEY", key(1).expose())
            .env("HAIRLINE_KEYS_INDEX_KEY", key(2).expose())
            .env("HAIRLINE_KEYS_PEPPER", key(3).expose())
            .env("HAIRLINE_PAYMENTS_WEBHOOK_SECRET", t.app.config.payments.webhook_secret.expose())
            .env("HAIRLINE_WORKER_IN_SERVE", "true")
            .env("HAIRLINE_WORKER_POLL_MS", "20")
            // What the killed worker had begun is taken up by the next one after this time.
            .env("HAIRLINE_WORKER_LOCK_SECONDS", "2")
            .env("HAIRLINE_LIMITS_REQUESTS_PER_MINUTE", "1000000")
            .env("HAIRLINE_LIMITS_AUTH_PER_MINUTE", "1000000")
            .env("HAIRLINE_LOG_LEVEL", "warn")
            // Otherwise the program sets it and begins anew.
            .env("MALLOC_ARENA_MAX", "2")
            .envs(more.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().expect("the server says where it listens").unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
        Self { child, url }
    }

    /// SIGTERM, and how the process ended.
    pub fn end(mut self) -> ExitStatus {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap()
    }

    /// SIGKILL: no handler runs, no buffer is written.
    pub fn kill(self) {
        drop(self);
    }
}

/// A failed assertion must not leave a server behind, working on a database other tests take next.
impl Drop for Running {
    fn drop(&mut self) {
        // A process that ended by itself cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
