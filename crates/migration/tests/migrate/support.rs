//! A database of its own for every test, on SQLite and, when a server is named, on MySQL.

use std::sync::atomic::{AtomicU32, Ordering};

use migration::{MigrateError, Runner, State};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend};

/// A database that is dropped at the end of its test.
pub struct TestDb {
    pub url: String,
    pub backend: DbBackend,
    server: Option<(DatabaseConnection, String)>,
    _folder: Option<tempfile::TempDir>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl TestDb {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.sqlite", folder.path().display());
        Self { url, backend: DbBackend::Sqlite, server: None, _folder: Some(folder) }
    }

    async fn mysql(server: &str) -> Self {
        let name = format!("migrate_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let server = server.trim_end_matches('/');
        let db = Database::connect(format!("{server}/")).await.unwrap();
        db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        Self { url: format!("{server}/{name}"), backend: DbBackend::MySql, server: Some((db, name)), _folder: None }
    }

    pub async fn runner(&self) -> Runner {
        Runner::connect(&self.url).await.unwrap()
    }

    async fn remove(self) {
        if let Some((db, name)) = &self.server {
            db.execute_unprepared(&format!("DROP DATABASE {name}")).await.unwrap();
        }
    }
}

/// Runs a test on an empty database of every kind there is.
pub async fn on_each(test: impl AsyncFn(&TestDb)) {
    let db = TestDb::sqlite();
    test(&db).await;
    db.remove().await;
    on_mysql(test).await;
}

/// Runs a test on an empty MySQL database, when there is a server.
pub async fn on_mysql(test: impl AsyncFn(&TestDb)) {
    if let Some(server) = std::env::var("HAIRLINE_TEST_MYSQL_URL").ok().filter(|url| !url.is_empty()) {
        let db = TestDb::mysql(&server).await;
        test(&db).await;
        db.remove().await;
    }
}

/// Applies everything without telling.
pub async fn up(runner: &Runner) -> Result<Vec<String>, MigrateError> {
    runner.up(|_: &str, _: State| {}).await
}
