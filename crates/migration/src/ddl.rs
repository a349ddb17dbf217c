//! From descriptions to the statements of a database.
//!
//! Tables go through sea-query, so that the types are those SeaORM reads back; triggers, which it does
//! not know, are written here.

use sea_orm::DbBackend;
use sea_orm::sea_query::{
    ColumnDef, ConditionalStatement, Expr, ForeignKey as ForeignKeyBuilder, ForeignKeyAction, Index as IndexBuilder,
    IndexCreateStatement, MysqlQueryBuilder, SqliteQueryBuilder, Table as TableBuilder, TableCreateStatement,
};

use crate::blueprint::{Column, ColumnType, Default, ForeignKey, Index, OnDelete, Protection, Table};

/// The statements that create a table, in order. Each may be run again on MySQL.
pub fn create(table: &Table, backend: DbBackend) -> Vec<String> {
    let mut statement = TableBuilder::create();
    statement.table(table.name).if_not_exists();
    for column in &table.columns {
        statement.col(column_def(column, backend));
    }
    if !table.columns.iter().any(|column| column.kind == ColumnType::Increments) {
        let mut key = IndexBuilder::create();
        for column in &table.primary {
            key.col(*column);
        }
        statement.primary_key(&mut key);
    }
    for check in &table.checks {
        statement.check((check.name.clone(), Expr::cust(check.condition.clone())));
    }
    let mut statements = match backend {
        DbBackend::MySql => vec![mysql_table(statement, table)],
        _ => sqlite_table(statement, table),
    };
    statements.extend(triggers(table, backend));
    statements
}

/// Indexes, guards and keys stand inside the statement: one table is one atomic change.
fn mysql_table(mut statement: TableCreateStatement, table: &Table) -> String {
    for index in &table.indexes {
        if let (Some(guard), Some(condition)) = (index.guard(), index.when) {
            let when = format!("CASE WHEN {} THEN 1 END", trimmed(condition, table));
            statement.col(ColumnDef::new(guard).tiny_integer().generated(Expr::cust(when), false));
        }
        statement.index(&mut index_def(index, table.name, true));
    }
    for key in table.foreign_keys().filter(|key| !key.later) {
        statement.foreign_key(&mut foreign_def(key, table.name));
    }
    statement.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_unicode_ci").comment(table.purpose);
    statement.to_string(MysqlQueryBuilder)
}

/// The condition with its CHAR columns trimmed: padding depends on the session otherwise, and MariaDB
/// then refuses to index the result (error 1901).
fn trimmed(condition: &str, table: &Table) -> String {
    let padded = |word: &str| {
        let kind = table.column(word).map(|column| column.kind);
        matches!(kind, Some(ColumnType::Uuid | ColumnType::Char(_)))
    };
    let words = condition.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words
        .map(|piece| {
            let word = piece.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let rest = piece.strip_prefix(word).unwrap_or_default();
            if padded(word) { format!("RTRIM({word}){rest}") } else { piece.to_owned() }
        })
        .collect()
}

fn sqlite_table(mut statement: TableCreateStatement, table: &Table) -> Vec<String> {
    for key in table.foreign_keys() {
        statement.foreign_key(&mut foreign_def(key, table.name));
    }
    let indexes = table.indexes.iter().map(|index| {
        let mut definition = index_def(index, table.name, false);
        definition.if_not_exists();
        if let Some(condition) = index.when {
            definition.and_where(Expr::cust(condition));
        }
        definition.to_string(SqliteQueryBuilder)
    });
    std::iter::once(statement.to_string(SqliteQueryBuilder)).chain(indexes).collect()
}

fn column_def(column: &Column, backend: DbBackend) -> ColumnDef {
    let mysql = backend == DbBackend::MySql;
    let mut def = ColumnDef::new(column.name);
    match column.kind {
        ColumnType::Uuid => def.char_len(36),
        ColumnType::Increments if mysql => def.big_integer(),
        // The one spelling under which SQLite counts.
        ColumnType::Increments => def.integer(),
        ColumnType::Char(length) => def.char_len(length),
        ColumnType::String(length) => def.string_len(length),
        ColumnType::LongText if mysql => def.custom("longtext"),
        ColumnType::Text | ColumnType::LongText => def.text(),
        ColumnType::Json => def.json(),
        ColumnType::Boolean => def.boolean(),
        ColumnType::SmallInteger => def.small_integer(),
        ColumnType::Integer => def.integer(),
        ColumnType::BigInteger => def.big_integer(),
        ColumnType::Decimal(digits, scale) => def.decimal_len(digits, scale),
        ColumnType::Date => def.date(),
        ColumnType::Time => def.time(),
        ColumnType::TimestampMicros if mysql => def.custom("timestamp(6)"),
        ColumnType::Timestamp | ColumnType::TimestampMicros => def.timestamp(),
    };
    // Both are written out: an unmarked TIMESTAMP would get rules of its own.
    if column.nullable {
        def.null()
    } else {
        def.not_null()
    };
    if let Some(default) = column.default {
        def.default(Expr::cust(default_text(default, column.kind, mysql)));
    }
    if column.kind == ColumnType::Increments {
        def.primary_key().auto_increment();
    }
    if let (true, Some(note)) = (mysql, column.note) {
        def.comment(note);
    }
    def
}

fn default_text(default: Default, kind: ColumnType, mysql: bool) -> String {
    match default {
        // MySQL takes defaults of these types as expressions only.
        Default::Text(text) if matches!(kind, ColumnType::Json | ColumnType::Text | ColumnType::LongText) => {
            format!("('{text}')")
        }
        Default::Text(text) => format!("'{text}'"),
        Default::Number(number) => number.to_owned(),
        Default::Bool(value) => if value { "1" } else { "0" }.to_owned(),
        Default::Now if mysql => "CURRENT_TIMESTAMP".to_owned(),
        // In the form bound values have, so that comparisons hold.
        Default::Now => "(strftime('%Y-%m-%dT%H:%M:%S+00:00','now'))".to_owned(),
    }
}

fn index_def(index: &Index, table: &'static str, guarded: bool) -> IndexCreateStatement {
    let mut def = IndexBuilder::create();
    def.name(index.name.clone()).table(table);
    for column in &index.columns {
        def.col(*column);
    }
    if let (true, Some(guard)) = (guarded, index.guard()) {
        def.col(guard);
    }
    if index.unique {
        def.unique();
    }
    def
}

fn foreign_def(key: &ForeignKey, table: &'static str) -> sea_orm::sea_query::ForeignKeyCreateStatement {
    let mut def = ForeignKeyBuilder::create();
    def.name(key.name.clone()).from(table, key.column).to(key.table, key.on).on_delete(match key.on_delete {
        OnDelete::Restrict => ForeignKeyAction::Restrict,
        OnDelete::Cascade => ForeignKeyAction::Cascade,
        OnDelete::SetNull => ForeignKeyAction::SetNull,
    });
    def
}

/// The statements that drop a table.
pub fn drop(table: &str) -> String {
    format!("DROP TABLE IF EXISTS {table}")
}

/// The statement that adds foreign keys to a table on MySQL.
pub fn add_foreign(table: &'static str, keys: &[&ForeignKey]) -> String {
    let mut statement = TableBuilder::alter();
    statement.table(table);
    for key in keys {
        statement.add_foreign_key(foreign_def(key, table).get_foreign_key());
    }
    statement.to_string(MysqlQueryBuilder)
}

/// The statement that drops foreign keys from a table on MySQL.
pub fn drop_foreign(table: &str, names: &[String]) -> String {
    let parts: Vec<String> = names.iter().map(|name| format!("DROP FOREIGN KEY {name}")).collect();
    format!("ALTER TABLE {table} {}", parts.join(", "))
}

/// The triggers that refuse deletes and changes, as (name, statement).
pub fn protections(table: &Table, backend: DbBackend) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if table.protection != Protection::None {
        let message = format!("rows of {} are never deleted", table.name);
        found.push(trigger(table, "no_delete", "DELETE", "", &message, backend));
    }
    if table.protection == Protection::AppendOnly {
        let message = format!("rows of {} are never changed", table.name);
        found.push(trigger(table, "no_update", "UPDATE", &changes(table, backend), &message, backend));
    }
    found
}

/// When a change of an append-only row is refused: a column that keeps its value is not touched, one that may be emptied
/// may be emptied. Nothing is written where every change is refused.
fn changes(table: &Table, backend: DbBackend) -> String {
    let mysql = backend == DbBackend::MySql;
    let emptied = |column: &Column| -> Option<String> {
        if table.emptiable.contains(&column.name) {
            return Some(empty(column, mysql));
        }
        // SQLite fires triggers when ON DELETE SET NULL empties a column, MySQL does not.
        let by_key = column.foreign.as_ref().is_some_and(|key| key.on_delete == OnDelete::SetNull);
        (by_key && !mysql).then(|| format!("NEW.{} IS NULL", column.name))
    };
    if table.columns.iter().all(|column| emptied(column).is_none()) {
        return String::new();
    }
    let refused = table.columns.iter().map(|column| {
        let changed = changed(column, mysql);
        match emptied(column) {
            Some(empty) => format!("({changed} AND NOT ({empty}))"),
            None => changed,
        }
    });
    refused.collect::<Vec<_>>().join(" OR ")
}

/// Whether a column gets another value, NULL being a value like any other. MySQL would take texts for equal that differ
/// in case, accents or blanks at the end, and knows JSON by its meaning: bytes are compared.
fn changed(column: &Column, mysql: bool) -> String {
    let name = column.name;
    if !mysql {
        return format!("NEW.{name} IS NOT OLD.{name}");
    }
    let bytes = |row: &str| match column.kind {
        ColumnType::Json => format!("CAST(CAST({row}.{name} AS CHAR CHARACTER SET utf8mb4) AS BINARY)"),
        ColumnType::Uuid | ColumnType::Char(_) | ColumnType::String(_) | ColumnType::Text | ColumnType::LongText => {
            format!("CAST({row}.{name} AS BINARY)")
        }
        _ => format!("{row}.{name}"),
    };
    format!("NOT ({} <=> {})", bytes("NEW"), bytes("OLD"))
}

/// Whether a column is emptied.
fn empty(column: &Column, mysql: bool) -> String {
    let name = column.name;
    match column.kind {
        _ if column.nullable => format!("NEW.{name} IS NULL"),
        ColumnType::Json if mysql => format!("CAST(NEW.{name} AS CHAR CHARACTER SET utf8mb4) = '{{}}'"),
        ColumnType::Json => format!("NEW.{name} = '{{}}'"),
        _ if mysql => format!("OCTET_LENGTH(NEW.{name}) = 0"),
        _ => format!("NEW.{name} = ''"),
    }
}

fn trigger(
    table: &Table,
    suffix: &str,
    event: &str,
    condition: &str,
    message: &str,
    backend: DbBackend,
) -> (String, String) {
    let name = table.trigger(suffix);
    let signal = format!("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{message}'");
    let body = match backend {
        DbBackend::MySql if condition.is_empty() => signal,
        DbBackend::MySql => format!("IF {condition} THEN {signal}; END IF"),
        _ if condition.is_empty() => format!("BEGIN SELECT RAISE(ABORT, '{message}'); END"),
        _ => format!("WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"),
    };
    let statement = format!("CREATE TRIGGER {name} BEFORE {event} ON {} FOR EACH ROW {body}", table.name);
    (name, statement)
}

fn triggers(table: &Table, backend: DbBackend) -> Vec<String> {
    protections(table, backend).into_iter().flat_map(anew).collect()
}

/// The statements that make the trigger anew which refuses changes of an append-only table.
pub fn refuse_changes(table: &Table, backend: DbBackend) -> Vec<String> {
    let own = table.trigger("no_update");
    protections(table, backend).into_iter().filter(|(name, _)| *name == own).flat_map(anew).collect()
}

fn anew((name, statement): (String, String)) -> [String; 2] {
    [format!("DROP TRIGGER IF EXISTS {name}"), statement]
}
