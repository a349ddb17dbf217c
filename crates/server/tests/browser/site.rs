//! The program with the data of the demonstration, served on a port of its own; time moves as the test says.

use std::path::PathBuf;
use std::sync::{Arc, Weak};

use sea_orm::{ConnectionTrait, Statement};
use server::demo::{Logins, Scale, code_at, seed_scaled};
use testkit::{Frozen, TestApp};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

pub struct Site {
    pub t: TestApp,
    pub base: String,
    pub logins: Logins,
    shutdown: CancellationToken,
    running: tokio::task::JoinHandle<()>,
    _demonstration: Arc<Demonstration>,
}

/// The data of the demonstration, made once for the tests that run together.
struct Demonstration {
    stored: Frozen,
    logins: Logins,
}

/// The one the tests that run now begin with; it goes with the last of them.
static DEMONSTRATION: Mutex<Weak<Demonstration>> = Mutex::const_new(Weak::new());

async fn demonstration() -> Arc<Demonstration> {
    let mut kept = DEMONSTRATION.lock().await;
    if let Some(there) = kept.upgrade() {
        return there;
    }
    let t = TestApp::sqlite().await;
    let logins = seed_scaled(&t.app, Scale::Sample).await.unwrap();
    let made = Arc::new(Demonstration { stored: t.freeze().await, logins });
    *kept = Arc::downgrade(&made);
    made
}

impl Site {
    pub async fn start() -> Self {
        let demonstration = demonstration().await;
        let (t, logins) = (demonstration.stored.thaw().await, demonstration.logins.clone());
        let server = server::Server::bind(t.app.clone()).await.unwrap();
        let base = format!("http://{}", server.address().unwrap());
        let shutdown = CancellationToken::new();
        let running = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { server.run(shutdown).await.unwrap() }
        });
        Self { t, base, logins, shutdown, running, _demonstration: demonstration }
    }

    /// The next code of a second factor: each counts once.
    pub fn code(&self) -> String {
        self.t.advance(std::time::Duration::from_secs(31));
        code_at(self.t.now().timestamp()).unwrap()
    }

    /// What follows from what was done: notifications, mails, the plan.
    pub async fn work(&self) {
        self.t.run_jobs(&server::registry()).await;
    }

    /// The six digits of the newest mail to an address.
    pub async fn mailed_code(&self, address: &str) -> String {
        self.work().await;
        let mail = self.t.app.mailer.sent().into_iter().rev().find(|mail| mail.to.contains(address)).expect("a mail");
        let mut words = mail.text.split(|c: char| !c.is_ascii_digit());
        words.find(|word| word.len() == 6).expect("six digits").to_owned()
    }

    /// A photograph on the disk of whoever sits before the browser.
    pub fn picture(&self, seed: u64) -> PathBuf {
        let file = self.t.folder().join(format!("IMG_{seed:04}.jpg"));
        std::fs::write(&file, testkit::jpeg(640, 640, seed)).unwrap();
        file
    }

    /// How many rows a table holds.
    pub async fn rows(&self, table: &str) -> i64 {
        let conn = self.t.conn();
        let query = format!("SELECT COUNT(*) AS rows_there FROM {table}");
        let query = Statement::from_string(conn.get_database_backend(), query);
        conn.query_one_raw(query).await.unwrap().unwrap().try_get("", "rows_there").unwrap()
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap();
    }
}
