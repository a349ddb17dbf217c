//! Protected rows cannot be deleted or changed, whoever asks.

use migration::blueprint::{Protection, Table};
use migration::{inspect, tables};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::support::{TestDb, on_each, up};

/// A value that fits the column and passes the check of a closed list.
fn sample(table: &Table, name: &str) -> String {
    use migration::blueprint::ColumnType as T;
    let column = table.column(name).unwrap();
    if let Some(first) = column.one_of.first() {
        return format!("'{first}'");
    }
    match column.kind {
        T::Uuid => "'01890a5d-ac96-774b-bcce-b302099a8057'".into(),
        T::Char(length) => format!("'{}'", "A".repeat(length as usize)),
        T::String(_) | T::Text | T::LongText => "'USD'".into(),
        T::Json => r#"'{"b":2}'"#.into(),
        T::Date => "'2026-01-02'".into(),
        T::Time => "'10:00:00'".into(),
        T::Timestamp | T::TimestampMicros => "'2026-01-02 10:00:00'".into(),
        _ => "1".into(),
    }
}

/// Another one of the same type.
fn other(table: &Table, name: &str) -> String {
    use migration::blueprint::ColumnType as T;
    let column = table.column(name).unwrap();
    if let Some(second) = column.one_of.get(1) {
        return format!("'{second}'");
    }
    match column.kind {
        T::Uuid => "'01890a5d-ac96-774b-bcce-b302099a8058'".into(),
        T::Char(length) => format!("'{}'", "a".repeat(length as usize)),
        T::String(_) | T::Text | T::LongText => "'usd'".into(),
        T::Json => r#"'{"a":1}'"#.into(),
        T::Date => "'2026-01-03'".into(),
        T::Time => "'11:00:00'".into(),
        T::Timestamp | T::TimestampMicros => "'2026-01-03 10:00:00'".into(),
        _ => "2".into(),
    }
}

/// Inserts a row of samples with keys and checks off: only the triggers are under test.
async fn insert(db: &DatabaseConnection, table: &Table, also: &[&str]) {
    let needed = table.columns.iter().filter(|column| !column.nullable && column.default.is_none());
    let names: Vec<&str> = needed.map(|column| column.name).chain(also.iter().copied()).collect();
    let values: Vec<String> = names.iter().map(|name| sample(table, name)).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), values.join(", "));
    db.execute_unprepared(&sql).await.unwrap_or_else(|err| panic!("{sql}: {err}"));
}

async fn relax(db: &TestDb, connection: &DatabaseConnection) {
    let statements: &[&str] = match db.backend {
        sea_orm::DbBackend::MySql => &["SET foreign_key_checks = 0"],
        _ => &["PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"],
    };
    for statement in statements {
        connection.execute_unprepared(statement).await.unwrap();
    }
}

#[tokio::test]
async fn every_protected_table_has_its_triggers_and_no_other_has() {
    on_each(async |db| {
        let runner = db.runner().await;
        up(&runner).await.unwrap();
        let wanted = tables().into_iter().flat_map(|table| match table.protection {
            Protection::None => vec![],
            Protection::NoDelete => vec![table.trigger("no_delete")],
            Protection::AppendOnly => vec![table.trigger("no_delete"), table.trigger("no_update")],
        });
        assert_eq!(inspect::trigger_names(runner.connection()).await.unwrap(), wanted.collect());
    })
    .await;
}

/// R-ID-66: nothing of a patient, of their treatment or of money can be deleted, whatever a key says about cascades.
#[test]
fn r_id_66_what_law_keeps_is_never_deleted() {
    let kept = [
        "patients",
        "provider_users",
        "inquiries",
        "medical_histories",
        "questionnaires",
        "quotes",
        "treatment_executions",
        "after_cares",
        "aftercare_questionnaire_responses",
        "payments",
        "payment_histories",
        "patient_consents",
        "legal_acceptances",
        "legal_holds",
        "deletion_requests",
        "sealed_identities",
        "retention_runs",
        "retention_items",
        "audit_logs",
        "audit_log_seals",
    ];
    let tables = tables();
    for name in kept {
        let table = tables.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no table {name}"));
        assert_ne!(table.protection, Protection::None, "{name}");
    }
}

/// R-ID-66.
#[tokio::test]
async fn deletes_and_changes_are_refused() {
    on_each(async |db| {
        let runner = db.runner().await;
        up(&runner).await.unwrap();
        let connection = runner.connection();
        relax(db, connection).await;
        let named =
            ["patients", "files", "payment_histories", "audit_logs", "fx_rates", "workflow_timelines", "messages"];
        for table in tables().into_iter().filter(|table| named.contains(&table.name)) {
            assert_ne!(table.protection, Protection::None);
            insert(connection, &table, &[]).await;
            let name = table.name;
            let refused = connection.execute_unprepared(&format!("DELETE FROM {name}")).await.unwrap_err();
            assert!(refused.to_string().contains(&format!("rows of {name} are never deleted")), "{refused}");
            let column = table.columns.iter().find(|column| !table.primary.contains(&column.name)).unwrap().name;
            // Another value, where the sample is there already: what changes nothing is no change.
            let change = format!("UPDATE {name} SET {column} = {}", other(&table, column));
            let changed = connection.execute_unprepared(&change).await;
            match table.protection {
                Protection::AppendOnly => {
                    let refused = changed.unwrap_err();
                    assert!(refused.to_string().contains(&format!("rows of {name} are never changed")), "{refused}");
                }
                _ => assert!(changed.is_ok(), "{name}: {changed:?}"),
            }
        }
    })
    .await;
}

/// R-MG-81, R-ID-66: what tells of a person can be emptied, and nothing else of the row be touched.
#[tokio::test]
async fn six_ledgers_let_words_be_emptied_and_nothing_else() {
    on_each(async |db| {
        let runner = db.runner().await;
        up(&runner).await.unwrap();
        let connection = runner.connection();
        relax(db, connection).await;
        let loosened: Vec<Table> = tables().into_iter().filter(|table| !table.emptiable.is_empty()).collect();
        assert_eq!(loosened.len(), 6);
        for table in &loosened {
            assert_eq!(table.protection, Protection::AppendOnly);
            let name = table.name;
            let optional: Vec<&str> =
                table.emptiable.iter().copied().filter(|column| table.column(column).unwrap().nullable).collect();
            insert(connection, table, &optional).await;
            let update =
                async |changes: String| connection.execute_unprepared(&format!("UPDATE {name} SET {changes}")).await;
            let refused = async |changes: String| {
                let refused = update(changes.clone()).await.expect_err(&format!("{name}: {changes}"));
                assert!(refused.to_string().contains(&format!("rows of {name} are never changed")), "{refused}");
            };
            let emptied = |column: &str| match table.column(column).unwrap() {
                column if column.nullable => format!("{} = NULL", column.name),
                column if column.kind == migration::blueprint::ColumnType::Json => format!("{} = '{{}}'", column.name),
                column => format!("{} = ''", column.name),
            };
            let all: Vec<String> = table.emptiable.iter().map(|column| emptied(column)).collect();
            let kept: Vec<&str> = table
                .columns
                .iter()
                .map(|column| column.name)
                .filter(|column| !table.emptiable.contains(column))
                .collect();
            for column in &kept {
                refused(format!("{column} = {}", other(table, column))).await;
                refused(format!("{}, {column} = {}", all.join(", "), other(table, column))).await;
            }
            for column in &table.emptiable {
                refused(format!("{column} = {}", other(table, column))).await;
                // Of two columns one is emptied and one is written.
                let others = table.emptiable.iter().filter(|other| *other != column);
                let mixed: Vec<String> = others.map(|column| emptied(column)).collect();
                refused([mixed, vec![format!("{column} = {}", other(table, column))]].concat().join(", ")).await;
            }
            connection
                .execute_unprepared(&format!("DELETE FROM {name}"))
                .await
                .expect_err("deletes are refused as before");
            update(all.join(", ")).await.unwrap();
            // Once more changes nothing; what was emptied is not filled again.
            update(all.join(", ")).await.unwrap();
            for column in &table.emptiable {
                refused(format!("{column} = {}", sample(table, column))).await;
                refused(format!("{column} = {}", other(table, column))).await;
            }
        }
        // Taken back, nothing passes.
        runner.rollback(Some(1), |_: &str, _: migration::State| {}).await.unwrap();
        for table in &loosened {
            let column = table.emptiable.first().unwrap();
            let refused = format!("UPDATE {} SET {column} = {column}", table.name);
            connection.execute_unprepared(&refused).await.expect_err(&refused);
        }
        up(&runner).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn emptied_references_pass_through_append_only() {
    on_each(async |db| {
        let runner = db.runner().await;
        up(&runner).await.unwrap();
        let connection = runner.connection();
        relax(db, connection).await;
        let tables = tables();
        let find = |name: &str| tables.iter().find(|table| table.name == name).unwrap();
        insert(connection, find("auth_sessions"), &[]).await;
        insert(connection, find("phi_access_grants"), &["session_id"]).await;
        let restore = match db.backend {
            sea_orm::DbBackend::MySql => "SET foreign_key_checks = 1",
            _ => "PRAGMA foreign_keys = ON",
        };
        connection.execute_unprepared(restore).await.unwrap();
        connection.execute_unprepared("DELETE FROM auth_sessions").await.unwrap();
        let left = "SELECT CAST(COUNT(*) AS SIGNED) AS n FROM phi_access_grants WHERE session_id IS NULL";
        let statement = sea_orm::Statement::from_string(db.backend, left);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn conditional_uniqueness_holds_only_where_it_applies() {
    on_each(async |db| {
        let runner = db.runner().await;
        up(&runner).await.unwrap();
        let connection = runner.connection();
        let insert = async |id: u32, status: &str| {
            let sql = format!(
                "INSERT INTO jobs (id, job_type, payload, status, dedupe_key, run_at) VALUES \
                 ('00000000-0000-7000-8000-{id:012}', 'probe', '{{}}', '{status}', 'same', '2026-01-02 10:00:00')"
            );
            connection.execute_unprepared(&sql).await
        };
        insert(1, "queued").await.unwrap();
        insert(2, "done").await.unwrap();
        insert(3, "done").await.unwrap();
        let twice = insert(4, "running").await.unwrap_err();
        assert!(matches!(twice.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))), "{twice}");
        let list = insert(5, "asleep").await.unwrap_err();
        assert!(list.to_string().contains("chk_jobs_status"), "{list}");
    })
    .await;
}
