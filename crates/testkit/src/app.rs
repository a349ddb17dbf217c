//! An [`App`] with a database of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use kernel::Timestamp;
use platform::App;
use platform::config::Config;
use platform::db::Db;
use platform::jobs::{Failure, Registry, run_until_idle};
use platform::random::SeededRandomness;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;

use crate::clock::{Span, TestClock, at};
use crate::databases::{self, Engine, Lease};
use crate::{Client, actors};

/// The program in a test: real database, mail in memory, files in a folder that goes with the test, a clock that stands
/// still at 2026-03-02T10:00:00Z, a Monday.
pub struct TestApp {
    /// The program.
    pub app: App,
    /// Its clock.
    pub clock: TestClock,
    /// The engine under it.
    pub engine: Engine,
    folder: TempDir,
    // Last: the database is given back after the connections are closed.
    _lease: Option<Lease>,
}

/// Names within the folder of a test, and of what was kept.
const DATABASE: &str = "test.db";
const FILES: &str = "files";

/// What a program had stored at one moment. What is costly to make is made once, and every test has its own copy.
pub struct Frozen {
    folder: TempDir,
    now: Timestamp,
}

impl Frozen {
    /// A program that begins with all that was kept, at the same time. Its randomness is another one, so that no token
    /// comes a second time.
    pub async fn thaw(&self) -> TestApp {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::copy(self.folder.path().join(DATABASE), folder.path().join(DATABASE)).expect("a copy of the database");
        copy_folder(&self.folder.path().join(FILES), &folder.path().join(FILES));
        let url = format!("sqlite://{}?mode=rw", folder.path().join(DATABASE).display());
        let thawed = TestApp::over(folder, url, None, Engine::Sqlite, 2).await;
        thawed.clock.set(self.now);
        thawed
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    let Ok(entries) = std::fs::read_dir(from) else { return };
    for entry in entries {
        let (path, copy) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).expect("an entry");
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).expect("a copy of the file");
        }
    }
}

impl TestApp {
    /// A fresh one on this engine; `None` for MySQL when no server is named.
    pub async fn start(engine: Engine) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (url, lease) = match engine {
            Engine::Sqlite => (databases::sqlite_copy(folder.path()).await, None),
            Engine::Mysql => {
                let (url, lease) = databases::lease().await?;
                (url, Some(lease))
            }
        };
        Some(Self::over(folder, url, lease, engine, 1).await)
    }

    async fn over(folder: TempDir, url: String, lease: Option<Lease>, engine: Engine, seed: u64) -> Self {
        let config = Config::for_test(folder.path().to_owned(), url, 6);
        let clock = TestClock::default();
        let app = App::with_parts(config, Arc::new(clock.clone()), Arc::new(SeededRandomness::new(seed)))
            .await
            .expect("the program starts");
        Self { app, clock, engine, folder, _lease: lease }
    }

    /// A fresh one on SQLite.
    pub async fn sqlite() -> Self {
        Self::start(Engine::Sqlite).await.expect("SQLite is always there")
    }

    /// A fresh one on MySQL or MariaDB; `None` when `HAIRLINE_TEST_MYSQL_URL` is not set.
    pub async fn mysql() -> Option<Self> {
        Self::start(Engine::Mysql).await
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The pool, for statements of the test itself.
    pub fn conn(&self) -> &DatabaseConnection {
        self.app.db.conn()
    }

    /// Runs `work`, which changes the schema and changes it back. If it does not come to its end, the database is
    /// thrown away instead of being given to the next test.
    pub async fn change_schema<T>(&self, work: impl Future<Output = T>) -> T {
        let create = format!("CREATE TABLE {} (x INT)", databases::DIRTY);
        self.conn().execute_unprepared(&create).await.expect("a mark in the database");
        let value = work.await;
        // Work that drops everything took the mark along.
        let drop = format!("DROP TABLE IF EXISTS {}", databases::DIRTY);
        self.conn().execute_unprepared(&drop).await.expect("no mark any more");
        value
    }

    /// Starts the program anew over the same data, with a changed configuration.
    pub async fn configure(&mut self, change: impl FnOnce(&mut platform::config::Config)) {
        let mut config = self.app.config.clone();
        change(&mut config);
        let (clock, random) = (self.app.clock.clone(), self.app.random.clone());
        self.app = App::with_parts(config, clock, random).await.expect("the program starts with this configuration");
    }

    /// Keeps all that is stored, for others to begin with. On SQLite only.
    pub async fn freeze(&self) -> Frozen {
        let folder = tempfile::tempdir().expect("a folder for what is kept");
        let copy = format!("VACUUM INTO '{}'", folder.path().join(DATABASE).display());
        self.conn().execute_unprepared(&copy).await.expect("a copy of the database");
        copy_folder(&self.app.config.files.folder, &folder.path().join(FILES));
        Frozen { folder, now: self.now() }
    }

    /// The folder that goes with the test.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The present instant of the test.
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Sets the clock.
    #[track_caller]
    pub fn at(&self, instant: &str) {
        self.clock.set(at(instant));
    }

    /// Moves the clock forward, by a duration of the standard library or of chrono.
    pub fn advance(&self, by: impl Span) {
        self.clock.advance(by);
    }

    /// Dispatches events, runs jobs and due schedules until nothing is left; a failed one fails the test.
    pub async fn run_jobs(&self, registry: &Registry) {
        let failures = self.try_run_jobs(registry).await;
        assert!(failures.is_empty(), "background work failed: {failures:#?}");
    }

    /// The same for tests in which something is to fail.
    pub async fn try_run_jobs(&self, registry: &Registry) -> Vec<Failure> {
        run_until_idle(&self.app, registry).await.expect("the worker runs")
    }

    /// A client of these routes; nobody is signed in until [`Client::as_actor`].
    pub fn client(&self, router: impl Into<Router<App>>) -> Client {
        Client::new(router.into().with_state(self.app.clone()))
    }

    /// A super admin nobody has seen before, for actions whose author does not matter.
    pub fn somebody_in_charge(&self) -> kernel::Actor {
        actors::super_admin(kernel::ids::UserId::new())
    }
}
