//! A database per test. SQLite: a copy of a migrated file. MySQL: one of a pool of migrated databases, emptied.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, fs};

use migration::Runner;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

/// Changes whenever a migration changes.
const FINGERPRINT: &str = env!("SCHEMA_FINGERPRINT");

/// Databases of the pool; more tests than this wait for each other.
const POOL: u32 = 64;

/// Stands in a database of the pool while a test changes its schema.
pub(crate) const DIRTY: &str = "testkit_dirty";

/// A family of databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// MySQL 8 or MariaDB.
    Mysql,
}

/// Copies the migrated template into the folder and answers with its address.
pub(crate) async fn sqlite_copy(folder: &Path) -> String {
    let template = sqlite_template().await;
    let copy = folder.join("test.db");
    fs::copy(&template, &copy).expect("a copy of the template");
    format!("sqlite://{}?mode=rw", copy.display())
}

/// The migrated file, made once for every version of the migrations by the first process that needs it.
async fn sqlite_template() -> PathBuf {
    let folder = target_tmp().join("hairline-testkit");
    let template = folder.join(format!("{FINGERPRINT}.db"));
    if template.exists() {
        return template;
    }
    fs::create_dir_all(&folder).expect("a folder in the target folder");
    let lock = File::create(folder.join("lock")).expect("a lock file");
    // Blocks this thread; the others of the process wait for the same file anyway.
    lock.lock().expect("the lock");
    if template.exists() {
        return template;
    }
    let fresh = folder.join(format!("{FINGERPRINT}.new"));
    for leftover in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{leftover}", fresh.display()));
    }
    let runner = Runner::connect(&format!("sqlite://{}?mode=rwc", fresh.display())).await.expect("a new database");
    runner.up(|_, _| {}).await.expect("the migrations");
    // Everything into the one file that is copied.
    runner.connection().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.expect("a checkpoint");
    runner.connection().clone().close().await.expect("closed");
    fs::rename(&fresh, &template).expect("the template in its place");
    template
}

/// Cargo's folder for files of tests: beside `debug`, wherever the target folder is.
fn target_tmp() -> PathBuf {
    let executable = env::current_exe().unwrap_or_default();
    match executable.ancestors().find(|folder| folder.ends_with("deps")).and_then(|deps| deps.ancestors().nth(2)) {
        Some(target) => target.join("tmp"),
        None => env::temp_dir(),
    }
}

/// Holds a database of the pool until it is dropped: the server ends the lock with the connection.
pub(crate) struct Lease {
    _connection: DatabaseConnection,
}

/// Takes a free database of the pool, empty; `None` when no server is named.
pub(crate) async fn lease() -> Option<(String, Lease)> {
    let server = env::var("HAIRLINE_TEST_MYSQL_URL").ok().filter(|url| !url.is_empty())?;
    let connection = connect(&server).await.unwrap_or_else(|error| panic!("{server}: {error}"));
    let name = take_free(&connection).await.expect("a database of the pool");
    let url = with_database(&server, &name);
    prepare(&connection, &name, &url).await.unwrap_or_else(|error| panic!("preparing {name}: {error}"));
    Some((url, Lease { _connection: connection }))
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(with_database(url, ""));
    // The lock belongs to this one connection: it must never be replaced.
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    Database::connect(options).await
}

fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(a, q)| (a, format!("?{q}")));
    let scheme = address.find("://").map_or(0, |at| at + 3);
    let server = address[scheme..].find('/').map_or(address, |at| &address[..scheme + at]);
    format!("{server}/{name}{query}")
}

async fn take_free(connection: &DatabaseConnection) -> Result<String, DbErr> {
    // Neighbours in one process begin at different databases, so they rarely try a taken one.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = NEXT.fetch_add(1, Ordering::Relaxed) % 4;
    for round in 0..600 {
        for offset in 0..POOL {
            let name = format!("hairline_test_{}_{}", &FINGERPRINT[..8], (first + offset) % POOL);
            let got = numbers(connection, &format!("SELECT GET_LOCK('{name}', 0)")).await?;
            if got.first() == Some(&1) {
                return Ok(name);
            }
        }
        #[expect(clippy::disallowed_methods, reason = "another process gives it back")]
        tokio::time::sleep(Duration::from_millis(50 + round)).await;
    }
    Err(DbErr::Custom("every test database has been in use for minutes".into()))
}

/// Makes and migrates the database when that is still to be done; empties it otherwise.
async fn prepare(connection: &DatabaseConnection, name: &str, url: &str) -> Result<(), Box<dyn std::error::Error>> {
    // A test that was changing the schema itself did not come to its end.
    let dirty = format!("SELECT COUNT(*) FROM `{name}`.{DIRTY}");
    if numbers(connection, &dirty).await.is_ok() {
        connection.execute_unprepared(&format!("DROP DATABASE `{name}`")).await?;
    }
    let steps: usize = migration::areas().iter().map(|area| area.steps.len()).sum();
    let applied = numbers(connection, &format!("SELECT COUNT(*) FROM `{name}`.migrations")).await.unwrap_or_default();
    if applied.first() != Some(&i64::try_from(steps)?) {
        let create = format!("CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        connection.execute_unprepared(&create).await?;
        let runner = Runner::connect(url).await?;
        runner.up(|_, _| {}).await?;
        runner.connection().clone().close().await?;
    }
    empty(connection, name).await?;
    Ok(())
}

/// Empties every table that has rows. TRUNCATE, because the triggers of protected tables refuse DELETE.
async fn empty(connection: &DatabaseConnection, name: &str) -> Result<(), DbErr> {
    let tables = texts(
        connection,
        &format!(
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables \
             WHERE table_schema = '{name}' AND table_type = 'BASE TABLE' AND table_name <> 'migrations'"
        ),
    )
    .await?;
    let probes: Vec<String> = tables
        .iter()
        .map(|table| format!("SELECT '{table}' AS t FROM DUAL WHERE EXISTS (SELECT 1 FROM `{name}`.`{table}`)"))
        .collect();
    if probes.is_empty() {
        return Ok(());
    }
    let filled = texts(connection, &probes.join(" UNION ALL ")).await?;
    if filled.is_empty() {
        return Ok(());
    }
    connection.execute_unprepared("SET foreign_key_checks = 0").await?;
    for table in filled {
        connection.execute_unprepared(&format!("TRUNCATE TABLE `{name}`.`{table}`")).await?;
    }
    connection.execute_unprepared("SET foreign_key_checks = 1").await?;
    Ok(())
}

async fn numbers(connection: &DatabaseConnection, sql: &str) -> Result<Vec<i64>, DbErr> {
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::MySql, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn texts(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::MySql, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
