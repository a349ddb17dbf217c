//! The ledger of applied steps: Laravel's table `migrations`.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// A row of the ledger.
pub(crate) struct Entry {
    pub name: String,
    pub batch: i32,
}

pub(crate) async fn create(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::MySql => {
            "CREATE TABLE IF NOT EXISTS migrations (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, \
             migration VARCHAR(255) NOT NULL, batch INT NOT NULL) \
             ENGINE=InnoDB DEFAULT CHARACTER SET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
        }
        _ => {
            "CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \
             migration VARCHAR NOT NULL, batch INTEGER NOT NULL)"
        }
    };
    db.execute_unprepared(sql).await.map(drop)
}

/// Newest first, as a rollback takes them.
pub(crate) async fn entries(db: &impl ConnectionTrait) -> Result<Vec<Entry>, DbErr> {
    let sql = "SELECT migration, batch FROM migrations ORDER BY batch DESC, migration DESC";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok(Entry { name: row.try_get_by_index(0)?, batch: row.try_get_by_index(1)? })).collect()
}

pub(crate) async fn applied(db: &impl ConnectionTrait) -> Result<BTreeMap<String, i32>, DbErr> {
    Ok(entries(db).await?.into_iter().map(|entry| (entry.name, entry.batch)).collect())
}

pub(crate) async fn add(db: &impl ConnectionTrait, name: &str, batch: i32) -> Result<(), DbErr> {
    let values = [name.into(), batch.into()];
    let sql = "INSERT INTO migrations (migration, batch) VALUES (?, ?)";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.map(drop)
}

pub(crate) async fn remove(db: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let sql = "DELETE FROM migrations WHERE migration = ?";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()])).await.map(drop)
}
