//! What is in a live database: tables, columns, keys, indexes, checks, triggers.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};

/// A column of a live table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveColumn {
    /// Its name.
    pub name: String,
    /// Its type in the database's own words, lower case.
    pub kind: String,
    /// Whether it may be empty.
    pub nullable: bool,
    /// Its default in the database's own words.
    pub default: Option<String>,
    /// Computed from other columns.
    pub generated: bool,
}

/// A foreign key of a live table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveForeignKey {
    /// The referring column.
    pub column: String,
    /// The table referred to.
    pub table: String,
    /// The column referred to.
    pub on: String,
    /// RESTRICT, CASCADE or SET NULL.
    pub on_delete: String,
}

/// An index of a live table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveIndex {
    /// Its name.
    pub name: String,
    /// The columns in order.
    pub columns: Vec<String>,
    /// Whether it is unique.
    pub unique: bool,
}

async fn rows(db: &impl ConnectionTrait, sql: &str, table: Option<&str>) -> Result<Vec<QueryResult>, DbErr> {
    let values: Vec<Value> = table.into_iter().map(Into::into).collect();
    db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await
}

/// MySQL answers some catalogue columns as binary.
fn text(row: &QueryResult, index: usize) -> Result<String, DbErr> {
    row.try_get_by_index::<String>(index).or_else(|_| {
        let bytes: Vec<u8> = row.try_get_by_index(index)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    })
}

fn optional_text(row: &QueryResult, index: usize) -> Result<Option<String>, DbErr> {
    row.try_get_by_index::<Option<String>>(index).or_else(|_| {
        let bytes: Option<Vec<u8>> = row.try_get_by_index(index)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    })
}

fn is_mysql(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::MySql
}

async fn names(db: &impl ConnectionTrait, sql: &str, table: Option<&str>) -> Result<BTreeSet<String>, DbErr> {
    rows(db, sql, table).await?.iter().map(|row| text(row, 0)).collect()
}

/// The names of all tables.
pub async fn table_names(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let sql = if is_mysql(db) {
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    names(db, sql, None).await
}

/// Tables that are not kept by InnoDB or do not compare text as `utf8mb4_unicode_ci`; none on SQLite, which has no such
/// choice.
pub async fn tables_of_another_kind(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    if !is_mysql(db) {
        return Ok(BTreeSet::new());
    }
    let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
        AND table_type = 'BASE TABLE' AND table_name <> 'migrations' \
        AND (engine <> 'InnoDB' OR table_collation <> 'utf8mb4_unicode_ci')";
    names(db, sql, None).await
}

/// The names of all views.
pub async fn view_names(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let sql = if is_mysql(db) {
        "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'view'"
    };
    names(db, sql, None).await
}

/// The names of all triggers.
pub async fn trigger_names(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let sql = if is_mysql(db) {
        "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    };
    names(db, sql, None).await
}

/// Whether a table of this name is there.
pub async fn has_table(db: &impl ConnectionTrait, table: &str) -> Result<bool, DbErr> {
    let sql = if is_mysql(db) {
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?"
    };
    Ok(!rows(db, sql, Some(table)).await?.is_empty())
}

/// The names of a table's foreign keys, on MySQL.
pub async fn foreign_key_names(db: &impl ConnectionTrait, table: &str) -> Result<BTreeSet<String>, DbErr> {
    let sql = "SELECT constraint_name FROM information_schema.table_constraints \
               WHERE table_schema = DATABASE() AND table_name = ? AND constraint_type = 'FOREIGN KEY'";
    names(db, sql, Some(table)).await
}

/// The columns of a table in order.
pub async fn columns(db: &impl ConnectionTrait, table: &str) -> Result<Vec<LiveColumn>, DbErr> {
    if is_mysql(db) {
        let sql = "SELECT column_name, column_type, is_nullable, column_default, extra FROM information_schema.columns \
                   WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position";
        let found = rows(db, sql, Some(table)).await?;
        return found
            .iter()
            .map(|row| {
                let extra = text(row, 4)?.to_lowercase();
                Ok(LiveColumn {
                    name: text(row, 0)?,
                    kind: text(row, 1)?.to_lowercase(),
                    nullable: text(row, 2)? == "YES",
                    // MariaDB writes the word where MySQL writes nothing.
                    default: optional_text(row, 3)?.filter(|value| value != "NULL"),
                    generated: extra.contains("virtual generated") || extra.contains("stored generated"),
                })
            })
            .collect();
    }
    let sql = "SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info(?) ORDER BY cid";
    let found = rows(db, sql, Some(table)).await?;
    found
        .iter()
        .map(|row| {
            Ok(LiveColumn {
                name: text(row, 0)?,
                kind: text(row, 1)?.to_lowercase(),
                nullable: row.try_get_by_index::<i64>(2)? == 0,
                default: optional_text(row, 3)?,
                generated: false,
            })
        })
        .collect()
}

/// The columns of a table's primary key in order.
pub async fn primary_key(db: &impl ConnectionTrait, table: &str) -> Result<Vec<String>, DbErr> {
    let sql = if is_mysql(db) {
        "SELECT column_name FROM information_schema.statistics \
         WHERE table_schema = DATABASE() AND table_name = ? AND index_name = 'PRIMARY' ORDER BY seq_in_index"
    } else {
        "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
    };
    rows(db, sql, Some(table)).await?.iter().map(|row| text(row, 0)).collect()
}

/// The foreign keys of a table.
pub async fn foreign_keys(db: &impl ConnectionTrait, table: &str) -> Result<BTreeSet<LiveForeignKey>, DbErr> {
    let sql = if is_mysql(db) {
        "SELECT k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule \
         FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r \
         ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name \
         AND r.table_name = k.table_name \
         WHERE k.table_schema = DATABASE() AND k.table_name = ? AND k.referenced_table_name IS NOT NULL"
    } else {
        "SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list(?)"
    };
    let found = rows(db, sql, Some(table)).await?;
    found
        .iter()
        .map(|row| {
            let on_delete = text(row, 3)?;
            Ok(LiveForeignKey { column: text(row, 0)?, table: text(row, 1)?, on: text(row, 2)?, on_delete })
        })
        .collect()
}

/// The indexes of a table but its primary key.
pub async fn indexes(db: &impl ConnectionTrait, table: &str) -> Result<BTreeSet<LiveIndex>, DbErr> {
    let sql = if is_mysql(db) {
        "SELECT index_name, column_name, CAST(1 - non_unique AS SIGNED) FROM information_schema.statistics \
         WHERE table_schema = DATABASE() AND table_name = ? AND index_name <> 'PRIMARY' \
         ORDER BY index_name, seq_in_index"
    } else {
        "SELECT l.name, i.name, l.\"unique\" FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) i \
         WHERE l.origin = 'c' ORDER BY l.name, i.seqno"
    };
    let mut found: BTreeMap<String, LiveIndex> = BTreeMap::new();
    for row in rows(db, sql, Some(table)).await? {
        let name = text(&row, 0)?;
        let unique = row.try_get_by_index::<i64>(2)? == 1;
        let entry = found.entry(name.clone()).or_insert(LiveIndex { name, columns: Vec::new(), unique });
        entry.columns.push(text(&row, 1)?);
    }
    Ok(found.into_values().collect())
}

/// The names of the checks of a table. SQLite keeps them in the text of the table only.
pub async fn check_names(db: &impl ConnectionTrait, table: &str) -> Result<BTreeSet<String>, DbErr> {
    if is_mysql(db) {
        let sql = "SELECT constraint_name FROM information_schema.table_constraints \
                   WHERE table_schema = DATABASE() AND table_name = ? AND constraint_type = 'CHECK' \
                   AND constraint_name LIKE 'chk%'";
        return names(db, sql, Some(table)).await;
    }
    let sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?";
    let found = rows(db, sql, Some(table)).await?;
    let text = found.first().map_or(Ok(String::new()), |row| text(row, 0))?;
    let after = text.split("CONSTRAINT \"").skip(1);
    Ok(after
        .filter_map(|rest| rest.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.starts_with("chk"))
        .collect())
}
