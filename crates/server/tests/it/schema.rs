//! The models of all wings are the tables of the migrations, column by column.

use std::collections::{BTreeMap, BTreeSet};

use migration::blueprint::{self, Column, ColumnType as Wanted};
use sea_orm::sea_query::{ColumnDef, ColumnType as Modelled, TableCreateStatement, TableRef};
use server::schema::entities;

fn name_of(table: &TableCreateStatement) -> String {
    match table.get_table_name() {
        Some(TableRef::Table(name, _)) => name.1.to_string(),
        other => panic!("a table without a name: {other:?}"),
    }
}

fn models() -> BTreeMap<String, TableCreateStatement> {
    let mut found = BTreeMap::new();
    for table in entities() {
        let name = name_of(&table);
        assert!(found.insert(name.clone(), table).is_none(), "{name} has two models");
    }
    found
}

/// Text is text here: lengths are the migrations' business.
fn kind_fits(column: &Column, model: &Modelled) -> bool {
    if column.encrypted.is_some() {
        return matches!(model, Modelled::Text);
    }
    match column.kind {
        Wanted::Uuid => matches!(model, Modelled::Char(Some(36))),
        Wanted::Char(_) | Wanted::String(_) => matches!(model, Modelled::String(_) | Modelled::Char(_)),
        Wanted::Text | Wanted::LongText => matches!(model, Modelled::Text),
        Wanted::Json => matches!(model, Modelled::Json),
        Wanted::Boolean => matches!(model, Modelled::Boolean),
        Wanted::SmallInteger => matches!(model, Modelled::SmallInteger),
        Wanted::Integer => matches!(model, Modelled::Integer),
        Wanted::Increments | Wanted::BigInteger => matches!(model, Modelled::BigInteger),
        Wanted::Decimal(digits, scale) => *model == Modelled::Decimal(Some((digits, scale))),
        Wanted::Date => matches!(model, Modelled::Date),
        Wanted::Time => matches!(model, Modelled::Time),
        Wanted::Timestamp | Wanted::TimestampMicros => {
            matches!(model, Modelled::Timestamp | Modelled::TimestampWithTimeZone)
        }
    }
}

fn compare(table: &blueprint::Table, model: &TableCreateStatement, wrong: &mut Vec<String>) {
    let modelled: BTreeMap<String, &ColumnDef> =
        model.get_columns().iter().map(|column| (column.get_column_name(), column)).collect();
    let names: BTreeSet<&str> = modelled.keys().map(String::as_str).collect();
    let wanted: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
    if names != wanted {
        wrong.push(format!("{}: columns differ: {:?}", table.name, names.symmetric_difference(&wanted)));
        return;
    }
    for column in &table.columns {
        let model = modelled[column.name];
        let nullable = model.get_column_spec().nullable != Some(false);
        // SeaORM says of a single key that it is one, and of no more.
        let key = table.primary.contains(&column.name);
        if nullable != column.nullable && !key {
            wrong.push(format!("{}.{}: nullable is {nullable} in the model", table.name, column.name));
        }
        if !model.get_column_type().is_some_and(|kind| kind_fits(column, kind)) {
            let kind = model.get_column_type();
            wrong.push(format!("{}.{}: {kind:?} is not {}", table.name, column.name, column.kind.label()));
        }
    }
}

fn keys_of(model: &TableCreateStatement) -> BTreeSet<String> {
    let single = model.get_columns().iter().filter(|column| column.get_column_spec().primary_key);
    let listed = model.get_indexes().iter().filter(|index| index.is_primary_key());
    let listed = listed.flat_map(|index| index.get_index_spec().get_column_names());
    single.map(|column| column.get_column_name()).chain(listed).collect()
}

#[test]
fn models_and_migrations_agree() {
    let models = models();
    let tables = migration::tables();
    let names: BTreeSet<&str> = models.keys().map(String::as_str).collect();
    assert_eq!(names, tables.iter().map(|table| table.name).collect());
    let mut wrong = Vec::new();
    for table in &tables {
        compare(table, &models[table.name], &mut wrong);
        let wanted: BTreeSet<String> = table.primary.iter().map(|name| (*name).to_owned()).collect();
        let keys = keys_of(&models[table.name]);
        if keys != wanted {
            wrong.push(format!("{}: key {keys:?} is not {wanted:?}", table.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every relation a model declares is a foreign key of its table.
#[test]
fn relations_are_foreign_keys() {
    let models = models();
    let mut checked = 0;
    for table in migration::tables() {
        let keys: BTreeSet<(String, String)> =
            table.foreign_keys().map(|key| (key.column.to_owned(), key.table.to_owned())).collect();
        for stmt in models[table.name].get_foreign_key_create_stmts() {
            let key = stmt.get_foreign_key();
            let target = match key.get_ref_table() {
                Some(TableRef::Table(name, _)) => name.1.to_string(),
                other => panic!("{other:?}"),
            };
            for column in key.get_columns() {
                assert!(keys.contains(&(column.clone(), target.clone())), "{}.{column} -> {target}", table.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 150, "only {checked} relations found");
}
