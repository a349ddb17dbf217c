//! The live schema is the described one, in every part.

use std::collections::{BTreeMap, BTreeSet};

use migration::blueprint::{Column, ColumnType, Default, OnDelete};
use migration::inspect::{self, LiveColumn, LiveForeignKey, LiveIndex};
use migration::{Table, tables};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::support::{on_each, up};

fn kind(column: &Column, backend: DbBackend) -> Vec<String> {
    let mysql = backend == DbBackend::MySql;
    let one = |text: &str| vec![text.to_owned()];
    match column.kind {
        ColumnType::Uuid => one("char(36)"),
        ColumnType::Char(length) => one(&format!("char({length})")),
        ColumnType::String(length) => one(&format!("varchar({length})")),
        ColumnType::Increments | ColumnType::BigInteger if mysql => vec!["bigint".into(), "bigint(20)".into()],
        // SQLite has one kind of integer, and this is the spelling under which it counts.
        ColumnType::Increments | ColumnType::BigInteger => one("integer"),
        ColumnType::LongText if mysql => one("longtext"),
        ColumnType::Text | ColumnType::LongText => one("text"),
        // MariaDB keeps JSON as text with a check.
        ColumnType::Json if mysql => vec!["json".into(), "longtext".into()],
        ColumnType::Json => one("json_text"),
        ColumnType::Boolean if mysql => one("tinyint(1)"),
        ColumnType::Boolean => one("boolean"),
        ColumnType::SmallInteger => vec!["smallint".into(), "smallint(6)".into()],
        ColumnType::Integer if mysql => vec!["int".into(), "int(11)".into()],
        ColumnType::Integer => one("integer"),
        ColumnType::Decimal(digits, scale) if mysql => one(&format!("decimal({digits},{scale})")),
        ColumnType::Decimal(digits, scale) => one(&format!("real({digits}, {scale})")),
        ColumnType::Date => one(if mysql { "date" } else { "date_text" }),
        ColumnType::Time => one(if mysql { "time" } else { "time_text" }),
        ColumnType::TimestampMicros if mysql => one("timestamp(6)"),
        ColumnType::Timestamp | ColumnType::TimestampMicros => one(if mysql { "timestamp" } else { "timestamp_text" }),
    }
}

/// The default without the quotes, brackets and introducers each database adds in its own way.
fn plain_default(live: &LiveColumn) -> Option<String> {
    live.default.as_ref().map(|text| {
        let text = text.trim_start_matches("_utf8mb4").replace("\\'", "'");
        let text = text.trim_matches(|c| c == '(' || c == ')').trim_matches('\'').to_lowercase();
        if text.starts_with("current_timestamp") || text.starts_with("strftime") { "now".into() } else { text }
    })
}

fn wanted_default(column: &Column) -> Option<String> {
    column.default.map(|default| match default {
        Default::Text(text) => text.to_lowercase(),
        Default::Number(number) => number.to_owned(),
        Default::Bool(value) => u8::from(value).to_string(),
        Default::Now => "now".to_owned(),
    })
}

/// Servers write 0 as 0.00 where the column has decimals.
fn same_default(live: Option<&str>, wanted: Option<&str>) -> bool {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
    live == wanted || (number(live).is_some() && number(live) == number(wanted))
}

fn compare_columns(table: &Table, live: &[LiveColumn], backend: DbBackend) {
    let own: Vec<&LiveColumn> = live.iter().filter(|column| !column.generated).collect();
    let names: Vec<&str> = own.iter().map(|column| column.name.as_str()).collect();
    let wanted: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    assert_eq!(names, wanted, "columns of {}", table.name);
    for (live, column) in own.iter().zip(&table.columns) {
        let name = format!("{}.{}", table.name, column.name);
        assert!(kind(column, backend).contains(&live.kind), "{name}: {}", live.kind);
        assert_eq!(live.nullable, column.nullable, "{name}: nullability");
        // SQLite's AUTOINCREMENT and MySQL's AUTO_INCREMENT are no defaults.
        let (default, wanted) = (plain_default(live), wanted_default(column));
        assert!(same_default(default.as_deref(), wanted.as_deref()), "{name}: {default:?} is not {wanted:?}");
    }
    let guards: BTreeSet<&str> = live.iter().filter(|column| column.generated).map(|c| c.name.as_str()).collect();
    let wanted: BTreeSet<String> = table.indexes.iter().filter_map(|index| index.guard()).collect();
    if backend == DbBackend::MySql {
        assert_eq!(guards, wanted.iter().map(String::as_str).collect(), "guards of {}", table.name);
    }
}

fn wanted_keys(table: &Table) -> BTreeSet<LiveForeignKey> {
    table
        .foreign_keys()
        .map(|key| LiveForeignKey {
            column: key.column.into(),
            table: key.table.into(),
            on: key.on.into(),
            on_delete: match key.on_delete {
                OnDelete::Restrict => "RESTRICT",
                OnDelete::Cascade => "CASCADE",
                OnDelete::SetNull => "SET NULL",
            }
            .into(),
        })
        .collect()
}

fn wanted_indexes(table: &Table, backend: DbBackend) -> BTreeSet<LiveIndex> {
    table
        .indexes
        .iter()
        .map(|index| {
            let guard = index.guard().filter(|_| backend == DbBackend::MySql);
            let columns = index.columns.iter().map(|column| (*column).to_owned()).chain(guard).collect();
            LiveIndex { name: index.name.clone(), columns, unique: index.unique }
        })
        .collect()
}

#[tokio::test]
async fn live_schema_is_the_described_one() {
    on_each(async |db| {
        let runner = db.runner().await;
        if db.backend == DbBackend::MySql {
            // What a server has as its own is nothing to rely on.
            let other = "ALTER DATABASE COLLATE = utf8mb4_general_ci";
            runner.connection().execute_unprepared(other).await.unwrap();
        }
        up(&runner).await.unwrap();
        let live = runner.connection();
        assert_eq!(inspect::tables_of_another_kind(live).await.unwrap(), BTreeSet::new());
        let mut names = inspect::table_names(live).await.unwrap();
        assert!(names.remove("migrations"));
        let tables = tables();
        assert_eq!(names, tables.iter().map(|table| table.name.to_owned()).collect());
        // The 184 of the customer's schema, `request_counts` and `booking_flags`.
        assert_eq!(tables.len(), 186);
        for table in &tables {
            compare_columns(table, &inspect::columns(live, table.name).await.unwrap(), db.backend);
            assert_eq!(inspect::primary_key(live, table.name).await.unwrap(), table.primary, "{}", table.name);
            let keys = inspect::foreign_keys(live, table.name).await.unwrap();
            assert_eq!(keys, wanted_keys(table), "foreign keys of {}", table.name);
            let indexes = inspect::indexes(live, table.name).await.unwrap();
            assert_eq!(indexes, wanted_indexes(table, db.backend), "indexes of {}", table.name);
            let checks = inspect::check_names(live, table.name).await.unwrap();
            let wanted: BTreeSet<String> = table.checks.iter().map(|check| check.name.clone()).collect();
            assert_eq!(checks, wanted, "checks of {}", table.name);
        }
    })
    .await;
}

#[test]
fn names_are_unique_and_short_enough() {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for table in tables() {
        let keys = table.foreign_keys().map(|key| key.name.clone());
        let checks = table.checks.iter().map(|check| check.name.clone());
        let guards = table.indexes.iter().filter_map(|index| index.guard());
        let indexes = table.indexes.iter().map(|index| index.name.clone());
        for name in keys.chain(checks).chain(guards).chain(indexes) {
            assert!(name.len() <= 64, "{name} is too long");
            assert_eq!(seen.insert(name.clone(), table.name), None, "{name} is there twice");
        }
    }
}

#[test]
fn every_reference_is_announced_once_it_can_be_made() {
    let tables = tables();
    for (position, table) in tables.iter().enumerate() {
        for key in table.foreign_keys() {
            let target = tables.iter().position(|other| other.name == key.table).unwrap();
            assert_eq!(key.later, target > position, "{}.{}", table.name, key.column);
        }
    }
}

#[test]
fn the_four_indexes_of_the_seed_have_its_names() {
    for (name, table, columns) in [
        ("idx_quotes_provider_status", "quotes", ["provider_id", "status"]),
        ("idx_quotes_inquiry_provider", "quotes", ["inquiry_id", "provider_id"]),
        ("idx_workflow_inquiry_created", "workflow_timelines", ["inquiry_id", "created_at"]),
        ("idx_payments_provider_status", "payments", ["provider_id", "payment_status"]),
    ] {
        let found = tables().into_iter().find(|it| it.name == table).unwrap();
        let index = found.indexes.iter().find(|index| index.name == name).unwrap();
        assert_eq!(index.columns, columns, "{name}");
    }
}
