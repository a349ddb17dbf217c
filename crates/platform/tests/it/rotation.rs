//! Keys are replaced while everybody goes on writing (R-ID-62).

use kernel::Sealed;
use kernel::ids::IdempotencyKeyId;
use platform::App;
use platform::crypto::{Key, KeyRing};
use platform::entity::idempotency_keys::{ActiveModel, Column, Entity, IdempotencyKeyActorType, IdempotencyKeyState};
use platform::rotation::{self, SealedTable};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use testkit::TestApp;

const TABLES: &[SealedTable] = &[SealedTable { name: "idempotency_keys", columns: &["response_body"] }];

fn key(byte: u8) -> Key {
    let mut bytes = [byte; 32];
    bytes[0] = 1;
    Key::new(bytes)
}

fn ring(current: u8, previous: &[u8]) -> KeyRing {
    KeyRing::new(key(current), previous.iter().copied().map(key).collect(), key(101), key(102))
}

async fn write(app: &App, count: usize) -> Vec<IdempotencyKeyId> {
    let ids: Vec<IdempotencyKeyId> = (0..count).map(|_| IdempotencyKeyId::new()).collect();
    for chunk in ids.chunks(500) {
        let rows = chunk.iter().map(|id| ActiveModel {
            id: Set(*id),
            actor_type: Set(IdempotencyKeyActorType::Patient),
            actor_id: Set("p".into()),
            route: Set("POST /".into()),
            idempotency_key: Set(id.to_string()),
            body_hash: Set("0".repeat(64)),
            state: Set(IdempotencyKeyState::Done),
            response_code: Set(Some(200)),
            response_body: Set(Some(app.keys.seal(&format!("before {id}")))),
            expires_at: Set(app.now()),
            created_at: Set(app.now()),
            updated_at: Set(app.now()),
        });
        Entity::insert_many(rows).exec_without_returning(app.db.conn()).await.unwrap();
    }
    ids
}

async fn edit(app: &App, id: IdempotencyKeyId) {
    platform::write_txn!(app.db, |txn| {
        Entity::update_many()
            .col_expr(Column::ResponseBody, Expr::value(app.keys.seal(&format!("edited {id}"))))
            .filter(Column::Id.eq(id))
            .exec(txn)
            .await?;
        Ok(())
    })
    .unwrap();
}

async fn bodies(app: &App) -> Vec<(IdempotencyKeyId, Sealed<String>)> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::ResponseBody])
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(app.db.conn())
        .await
        .unwrap()
}

testkit::both! {
    async fn ten_thousand_rows_change_keys_while_others_write(t: TestApp) {
        let old = t.app.with_keys(ring(1, &[]));
        let ids = write(&old, 10_000).await;
        let new = t.app.with_keys(ring(2, &[1]));
        assert_eq!(rotation::inspect(&new, TABLES).await.unwrap().left, 10_000);
        // Cut off after a quarter; a process that still has the old key and one with the new go on editing.
        let cut = rotation::rotate(&new, TABLES, None, |report| report.done < 2_500).await.unwrap();
        assert!((2_500..5_000).contains(&cut.done) && !cut.finished, "{cut:?}");
        let writers = async {
            for (i, id) in ids.iter().step_by(100).enumerate() {
                edit(if i % 2 == 0 { &new } else { &old }, *id).await;
            }
        };
        let mut heard = 0;
        let (report, ()) = tokio::join!(rotation::rotate(&new, TABLES, None, |_| { heard += 1; true }), writers);
        let report = report.unwrap();
        assert!(report.finished && heard > 10, "{heard} {report:?}");
        // The old process stopped; what it wrote behind the walk is taken by the next one.
        rotation::rotate(&new, TABLES, None, |_| true).await.unwrap();
        assert!(rotation::status(&new).await.unwrap().removable);
        let alone = t.app.with_keys(ring(2, &[]));
        let rows = bodies(&alone).await;
        assert_eq!(rows.len(), 10_000);
        let mut edited = 0;
        for (id, sealed) in &rows {
            let plain = alone.keys.open(sealed).unwrap();
            edited += usize::from(plain == format!("edited {id}"));
            assert!(plain == format!("before {id}") || plain == format!("edited {id}"), "{plain}");
        }
        assert_eq!(edited, 100, "an edit made meanwhile wins");
        let only_old = t.app.with_keys(ring(1, &[]));
        assert!(rows.iter().all(|(_, sealed)| only_old.keys.open(sealed).is_err()));
        // A second run changes nothing.
        let again = rotation::rotate(&new, TABLES, None, |_| true).await.unwrap();
        assert_eq!((again.done, again.left, again.failed), (0, 0, 0));
        assert_eq!(bodies(&alone).await, rows);
    }

    async fn golden_6_rotation(t: TestApp) {
        let old = t.app.with_keys(ring(1, &[]));
        let ids = write(&old, 1_000).await;
        let new = t.app.with_keys(ring(2, &[1]));
        let edits = async {
            for id in ids.iter().step_by(100) {
                edit(&new, *id).await;
            }
        };
        let (report, ()) = tokio::join!(rotation::rotate(&new, TABLES, None, |_| true), edits);
        let report = report.unwrap();
        assert!((990..=1_000).contains(&report.done) && report.removable, "{report:?}");
        let alone = t.app.with_keys(ring(2, &[]));
        let rows = bodies(&alone).await;
        assert_eq!(rows.iter().filter(|(_, sealed)| alone.keys.open(sealed).is_ok()).count(), 1_000);
        assert_eq!(rows.iter().filter(|(_, sealed)| old.keys.open(sealed).is_ok()).count(), 0);
        assert_eq!(rotation::rotate(&new, TABLES, None, |_| true).await.unwrap().done, 0);
    }

    async fn what_no_key_reads_is_counted_and_keeps_the_old_keys(t: TestApp) {
        let lost = t.app.with_keys(ring(7, &[]));
        let ids = write(&lost, 3).await;
        write(&t.app.with_keys(ring(1, &[])), 5).await;
        let new = t.app.with_keys(ring(2, &[1]));
        let report = rotation::rotate(&new, TABLES, None, |_| true).await.unwrap();
        assert_eq!((report.done, report.left, report.failed, report.removable), (5, 0, 3, false));
        let rows = bodies(&lost).await;
        assert!(rows.iter().filter(|(id, _)| ids.contains(id)).all(|(_, sealed)| lost.keys.open(sealed).is_ok()));
    }
}
