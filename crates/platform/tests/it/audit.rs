//! The audit log: what an entry holds, and that the chain gives away every change.

use std::time::Duration;

use kernel::actor::Origin;
use kernel::ids::{AuthSessionId, UserId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Broken, Entry, Why};
use platform::entity::audit_logs::{AuditLogActorType, AuditLogOutcome};
use platform::entity::{audit_log_seals, audit_logs};
use platform::{outbox, write_txn};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryOrder};
use serde_json::json;
use testkit::{Engine, TestApp, actors};

async fn note(app: &App, action: &'static str) {
    audit::record(app.db.conn(), app, &Actor::system(), Entry::new(action)).await.unwrap();
}

async fn entries(t: &TestApp) -> Vec<audit_logs::Model> {
    audit_logs::Entity::find().order_by_asc(audit_logs::Column::Id).all(t.conn()).await.unwrap()
}

/// Seven sealed entries and their ids.
async fn sealed(t: &TestApp) -> Vec<i64> {
    for action in ["a.one", "a.two", "a.three", "a.four", "a.five", "a.six", "a.seven"] {
        note(&t.app, action).await;
    }
    t.advance(Duration::from_secs(30));
    assert_eq!(audit::seal(&t.app).await.unwrap(), 7);
    entries(t).await.iter().map(|entry| entry.id).collect()
}

/// Changes what the triggers protect, as somebody with the rights of a database administrator would.
async fn tamper(t: &TestApp, sql: &str) {
    let triggers = match t.engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_log%'",
        Engine::Mysql => {
            "SELECT CAST(trigger_name AS CHAR) FROM information_schema.triggers \
             WHERE trigger_schema = DATABASE() AND event_object_table LIKE 'audit_log%'"
        }
    };
    let statement = sea_orm::Statement::from_string(t.db().backend(), triggers);
    let names: Vec<String> =
        t.conn().query_all_raw(statement).await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert!(!names.is_empty(), "the log is protected");
    let definitions = definitions(t, &names).await;
    assert!(t.conn().execute_unprepared(sql).await.is_err(), "the triggers refuse {sql}");
    t.change_schema(async {
        // All on one connection: another one of SQLite may still know the triggers that were dropped.
        let txn = t.app.db.begin().await.unwrap();
        for name in &names {
            txn.execute_unprepared(&format!("DROP TRIGGER {name}")).await.unwrap();
        }
        // The rows point to each other; a thief would not be stopped by that either.
        let off = match t.engine {
            Engine::Sqlite => "PRAGMA defer_foreign_keys = ON",
            Engine::Mysql => "SET foreign_key_checks = 0",
        };
        txn.execute_unprepared(off).await.unwrap();
        txn.execute_unprepared(sql).await.unwrap();
        if t.engine == Engine::Mysql {
            txn.execute_unprepared("SET foreign_key_checks = 1").await.unwrap();
        }
        for definition in definitions {
            txn.execute_unprepared(&definition).await.unwrap();
        }
        txn.commit().await.unwrap();
    })
    .await;
}

async fn definitions(t: &TestApp, names: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for name in names {
        let (sql, column) = match t.engine {
            Engine::Sqlite => (format!("SELECT sql FROM sqlite_master WHERE name = '{name}'"), 0),
            Engine::Mysql => (format!("SHOW CREATE TRIGGER {name}"), 2),
        };
        let row =
            t.conn().query_one_raw(sea_orm::Statement::from_string(t.db().backend(), sql)).await.unwrap().unwrap();
        all.push(row.try_get_by_index(column).unwrap());
    }
    all
}

async fn broken(t: &TestApp) -> Option<Broken> {
    audit::verify(&t.app).await.unwrap().broken
}

testkit::both! {
    /// R-ID-64.
    async fn an_entry_tells_who_what_why_and_hides_secrets(t: TestApp) {
        let (user, session) = (UserId::new(), AuthSessionId::new());
        let origin = Origin {
            ip: Some("203.0.113.9".into()),
            agent: Some("x".repeat(900)),
            request_id: Some("req-1".into()),
        };
        let admin = actors::staff(user, "support_staff").in_session(session).from_origin(origin);
        let entry = Entry::new("user.updated")
            .subject("User", user)
            .fields(&["email", "password"])
            .level("masked")
            .reason("asked by phone")
            .change(Some(json!({"email": "a@x.example"})), Some(json!({"email": "b@x.example", "password": "hunter2"})))
            .denied();
        audit::record(t.conn(), &t.app, &admin, entry).await.unwrap();
        let rows = entries(&t).await;
        let row = &rows[0];
        assert_eq!((row.actor_type, row.actor_id), (AuditLogActorType::User, Some(user.any())));
        assert_eq!((row.actor_role.as_deref(), row.session_id), (Some("support_staff"), Some(session.any())));
        assert_eq!((row.outcome, row.occurred_at), (AuditLogOutcome::Denied, t.now()));
        assert_eq!(row.subject_id, Some(user.to_string()));
        assert_eq!(row.fields, Some(json!(["email", "password"])));
        assert_eq!((row.ip_address.as_deref(), row.request_id.as_deref()), (Some("203.0.113.9"), Some("req-1")));
        assert_eq!(row.user_agent.as_ref().unwrap().len(), 500);
        assert_eq!(row.retention_until.to_string(), "2036-03-02");
        assert!(!row.after_data.as_ref().unwrap().ciphertext().contains("example"));
        let after = t.app.keys.open(row.after_data.as_ref().unwrap()).unwrap();
        assert_eq!(after, json!({"email": "b@x.example", "password": "[masked]"}));
    }

    async fn an_entry_goes_with_its_transaction(t: TestApp) {
        let refused: AppResult<()> = write_txn!(t.app.db, |txn| {
            audit::record(txn, &t.app, &Actor::system(), Entry::new("a.refused")).await?;
            Err(AppError::conflict("no", "No."))
        });
        assert!(refused.is_err());
        assert!(entries(&t).await.is_empty());
    }

    /// A patient that does not exist breaks the foreign key: the row cannot be written, so the action must not happen.
    /// R-ID-64.
    async fn what_cannot_be_recorded_does_not_happen(t: TestApp) {
        let outcome: AppResult<()> = write_txn!(t.app.db, |txn| {
            audit::record(txn, &t.app, &Actor::system(), Entry::new("a.kept")).await?;
            let entry = Entry::new("a.impossible").patient(kernel::ids::PatientId::new());
            audit::record(txn, &t.app, &Actor::system(), entry).await
        });
        let error = outcome.unwrap_err();
        assert_eq!((&*error.code, error.kind), ("audit_unavailable", kernel::ErrorKind::Unavailable));
        assert!(error.db_error().is_some(), "the cause is kept for the log");
        assert!(entries(&t).await.is_empty());
    }

    async fn a_whole_chain_is_proven(t: TestApp) {
        let ids = sealed(&t).await;
        let report = audit::verify(&t.app).await.unwrap();
        assert!(report.is_ok(), "{report:?}");
        assert_eq!((report.sealed, report.waiting, report.overdue), (7, 0, 0));
        assert_eq!(report.head.unwrap().0, ids[6]);
        let seals = audit_log_seals::Entity::find()
            .order_by_asc(audit_log_seals::Column::AuditLogId)
            .all(t.conn())
            .await
            .unwrap();
        assert!(seals.windows(2).all(|pair| pair[1].prev_hash == pair[0].row_hash));
        assert_eq!(seals[0].prev_hash, "0".repeat(64));
    }

    async fn entries_settle_before_they_are_sealed(t: TestApp) {
        note(&t.app, "a.one").await;
        assert_eq!(audit::seal(&t.app).await.unwrap(), 0);
        t.advance(Duration::from_secs(9));
        note(&t.app, "a.two").await;
        assert_eq!(audit::seal(&t.app).await.unwrap(), 0);
        t.advance(Duration::from_secs(1));
        assert_eq!(audit::seal(&t.app).await.unwrap(), 1);
        let report = audit::verify(&t.app).await.unwrap();
        assert_eq!((report.is_ok(), report.sealed, report.waiting), (true, 1, 1));
        t.advance(Duration::from_secs(3600));
        let report = audit::verify(&t.app).await.unwrap();
        assert_eq!((report.is_ok(), report.overdue), (false, 1), "a sealer that stands still is noticed");
        assert_eq!(audit::seal(&t.app).await.unwrap(), 1);
        assert!(audit::verify(&t.app).await.unwrap().is_ok());
    }

    async fn every_changed_column_is_found(t: TestApp) {
        let ids = sealed(&t).await;
        tamper(&t, &format!("UPDATE audit_logs SET reason = 'other' WHERE id = {}", ids[3])).await;
        assert_eq!(broken(&t).await, Some(Broken { id: ids[3], why: Why::Changed }));
        tamper(&t, &format!("UPDATE audit_logs SET retention_until = '2030-01-01' WHERE id = {}", ids[1])).await;
        assert_eq!(broken(&t).await, Some(Broken { id: ids[1], why: Why::Changed }));
    }

    /// R-ID-64: nobody has to ask.
    async fn a_broken_chain_is_told(t: TestApp) {
        let ids = sealed(&t).await;
        let told = async || outbox::recorded(t.conn(), Some("security.audit_chain_broken")).await.unwrap();
        assert!(audit::watch(&t.app).await.unwrap().is_ok());
        assert!(told().await.is_empty());
        tamper(&t, &format!("UPDATE audit_logs SET reason = 'other' WHERE id = {}", ids[3])).await;
        assert!(!audit::watch(&t.app).await.unwrap().is_ok());
        let event = &told().await[0];
        assert_eq!(event.payload["first_entry"], json!(ids[3]));
        assert_eq!((&event.payload["why"], &event.payload["whole_entries"]), (&json!("changed"), &json!(0)));
    }

    async fn a_removed_entry_is_found(t: TestApp) {
        let ids = sealed(&t).await;
        // With its seal, so that no row points to it: the next seal does not continue the one before.
        tamper(&t, &format!("DELETE FROM audit_log_seals WHERE audit_log_id = {}", ids[4])).await;
        assert_eq!(broken(&t).await, Some(Broken { id: ids[4], why: Why::Unsealed }));
        tamper(&t, &format!("DELETE FROM audit_logs WHERE id = {}", ids[4])).await;
        assert_eq!(broken(&t).await, Some(Broken { id: ids[5], why: Why::Detached }));
    }

    async fn an_end_that_was_cut_off_shows_in_the_head(t: TestApp) {
        let ids = sealed(&t).await;
        let before = audit::verify(&t.app).await.unwrap().head.unwrap();
        tamper(&t, &format!("DELETE FROM audit_log_seals WHERE audit_log_id = {}", ids[6])).await;
        tamper(&t, &format!("DELETE FROM audit_logs WHERE id = {}", ids[6])).await;
        let report = audit::verify(&t.app).await.unwrap();
        assert!(report.is_ok() && report.head.unwrap() != before);
    }

    /// Seals written anew after a change cannot restore the hash that was noted down before.
    async fn a_forged_seal_is_found(t: TestApp) {
        let ids = sealed(&t).await;
        let forged = "f".repeat(64);
        tamper(&t, &format!("UPDATE audit_log_seals SET row_hash = '{forged}' WHERE audit_log_id = {}", ids[2])).await;
        assert_eq!(broken(&t).await, Some(Broken { id: ids[2], why: Why::Changed }));
    }

    async fn sealers_at_once_make_one_chain(t: TestApp) {
        for _ in 0..40 {
            note(&t.app, "a.many").await;
        }
        t.advance(Duration::from_secs(30));
        let sealers: Vec<_> = (0..4)
            .map(|_| {
                let app = t.app.clone();
                tokio::spawn(async move { audit::seal(&app).await })
            })
            .collect();
        let mut total = 0;
        for sealer in sealers {
            total += sealer.await.unwrap().unwrap();
        }
        assert_eq!(total, 40);
        let report = audit::verify(&t.app).await.unwrap();
        assert_eq!((report.is_ok(), report.sealed), (true, 40));
    }

    async fn more_than_one_batch_is_sealed_and_verified(t: TestApp) {
        write_txn!(t.app.db, |txn| {
            for _ in 0..1100 {
                audit::record(txn, &t.app, &Actor::system(), Entry::new("a.bulk")).await?;
            }
            Ok(())
        })
        .unwrap();
        t.advance(Duration::from_secs(30));
        assert_eq!(audit::seal(&t.app).await.unwrap(), 1100);
        let report = audit::verify(&t.app).await.unwrap();
        assert_eq!((report.is_ok(), report.sealed), (true, 1100));
    }
}

/// A transaction drew its id first and commits last. Only MySQL can do that: SQLite has one writer at a time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sealer_waits_for_a_late_commit() {
    let Some(t) = TestApp::mysql().await else { return };
    let late = t.app.db.begin().await.unwrap();
    audit::record(&late, &t.app, &Actor::system(), Entry::new("a.late")).await.unwrap();
    note(&t.app, "a.early").await;
    t.advance(Duration::from_secs(30));
    let app = t.app.clone();
    let sealer = tokio::spawn(async move { audit::seal(&app).await });
    wait_until_locked(&t).await;
    late.commit().await.unwrap();
    assert_eq!(sealer.await.unwrap().unwrap(), 2);
    assert_eq!(entries(&t).await[0].action, "a.late");
    assert!(audit::verify(&t.app).await.unwrap().is_ok());
}

/// Returns when some transaction of this test's database waits for a lock of another.
async fn wait_until_locked(t: &TestApp) {
    let waiting = "SELECT COUNT(*) FROM information_schema.innodb_trx t \
                   JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id \
                   WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()";
    for _ in 0..150 {
        let statement = sea_orm::Statement::from_string(t.db().backend(), waiting);
        let row = t.conn().query_one_raw(statement).await.unwrap().unwrap();
        if row.try_get_by_index::<i64>(0).unwrap() > 0 {
            return;
        }
        // The server makes this table anew only when it was left alone for a tenth of a second.
        #[expect(clippy::disallowed_methods, reason = "the table is made anew by itself")]
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the sealer did not wait");
}

/// Rolled back transactions leave gaps in the ids; the chain steps over them.
#[tokio::test]
async fn gaps_of_rolled_back_transactions_are_stepped_over() {
    for t in [Some(TestApp::sqlite().await), TestApp::mysql().await].into_iter().flatten() {
        note(&t.app, "a.one").await;
        let lost: Result<(), DbErr> = async {
            let txn = t.app.db.begin().await?;
            audit::record(&txn, &t.app, &Actor::system(), Entry::new("a.lost")).await.unwrap();
            txn.rollback().await
        }
        .await;
        lost.unwrap();
        note(&t.app, "a.two").await;
        t.advance(Duration::from_secs(30));
        assert_eq!(audit::seal(&t.app).await.unwrap(), 2);
        assert!(audit::verify(&t.app).await.unwrap().is_ok());
        assert_eq!(audit_log_seals::Entity::find().count(t.conn()).await.unwrap(), 2);
    }
}
