//! Transactions that are tried again, and statements that are counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kernel::{AppError, AppResult};
use platform::db::{count_statements, is_transient};
use platform::entity::code_counters::{ActiveModel, Column, Entity};
use platform::write_txn;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use testkit::{Engine, TestApp};
use tokio::sync::Barrier;

async fn put(t: &TestApp, key: &str) {
    let row = ActiveModel {
        counter_key: Set(key.into()),
        period: Set("2603".into()),
        last_value: Set(0),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
    };
    Entity::insert(row).exec_without_returning(t.conn()).await.unwrap();
}

async fn raise(conn: &impl ConnectionTrait, key: &str) -> AppResult<()> {
    Entity::update_many()
        .col_expr(Column::LastValue, Expr::col(Column::LastValue).add(1))
        .filter(Column::CounterKey.eq(key))
        .exec(conn)
        .await?;
    Ok(())
}

async fn value(t: &TestApp, key: &str) -> i32 {
    Entity::find_by_id((key.to_owned(), "2603".to_owned())).one(t.conn()).await.unwrap().unwrap().last_value
}

testkit::both! {
    /// Read, think, write: without the write lock at BEGIN, SQLite would refuse most of these; without retries or
    /// locks some would be lost on MySQL.
    async fn concurrent_writers_all_succeed(t: TestApp) {
        put(&t, "a").await;
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let db = t.app.db.clone();
                tokio::spawn(async move {
                    write_txn!(db, |txn| {
                        let row = Entity::find_by_id(("a".to_owned(), "2603".to_owned()))
                            .lock(sea_orm::sea_query::LockType::Update)
                            .one(txn)
                            .await?
                            .ok_or_else(AppError::not_found)?;
                        tokio::task::yield_now().await;
                        let raised = ActiveModel { last_value: Set(row.last_value + 1), ..row.into() };
                        Entity::update(raised).exec(txn).await?;
                        Ok(())
                    })
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(value(&t, "a").await, 16);
    }

    async fn a_refusal_rolls_back_and_is_not_tried_again(t: TestApp) {
        put(&t, "a").await;
        let tries = AtomicU32::new(0);
        let outcome: AppResult<()> = write_txn!(t.app.db, |txn| {
            tries.fetch_add(1, Ordering::SeqCst);
            raise(txn, "a").await?;
            Err(AppError::conflict("quote_changed", "Changed."))
        });
        assert_eq!(outcome.unwrap_err().code, "quote_changed");
        assert_eq!((tries.load(Ordering::SeqCst), value(&t, "a").await), (1, 0));
    }

    /// A request whose client hangs up is dropped wherever it stands: no transaction may stay open on a connection of the
    /// pool, or what others write there next is never committed.
    async fn what_is_dropped_leaves_no_transaction_open(t: TestApp) {
        put(&t, "a").await;
        let mut raised = 0;
        for turns in 0..200 {
            let db = t.app.db.clone();
            let mut work = Box::pin(async move {
                write_txn!(db, |txn| {
                    raise(txn, "a").await?;
                    Err::<(), _>(AppError::conflict("given_up", "never committed"))
                })
            });
            // As many turns as the number says, then it is gone.
            let mut left = turns % 20;
            let dropped = std::future::poll_fn(|cx| {
                if left == 0 {
                    return std::task::Poll::Ready(());
                }
                left -= 1;
                work.as_mut().poll(cx).map(drop)
            });
            dropped.await;
            drop(work);
            raise(t.conn(), "a").await.unwrap();
            raised += 1;
        }
        // From outside the pool, what was written is what stands there.
        let elsewhere = platform::db::Db::connect(t.app.config.database.url.expose(), 1, std::time::Duration::from_secs(5)).await.unwrap();
        let row = Entity::find_by_id(("a".to_owned(), "2603".to_owned())).one(elsewhere.conn()).await.unwrap().unwrap();
        assert_eq!(row.last_value, raised);
        elsewhere.close().await.unwrap();
    }

    /// Both take one row and then ask for the other's. MySQL gives one of them up; the macro runs it again. SQLite
    /// lets them in one after the other.
    async fn a_deadlock_is_resolved(t: TestApp) {
        put(&t, "a").await;
        put(&t, "b").await;
        let meet = Arc::new(Barrier::new(2));
        let tries = Arc::new(AtomicU32::new(0));
        let crossing = |first: &'static str, second: &'static str| {
            let (db, meet, tries) = (t.app.db.clone(), meet.clone(), tries.clone());
            let engine = t.engine;
            tokio::spawn(async move {
                write_txn!(db, |txn| {
                    let is_first_try = tries.fetch_add(1, Ordering::SeqCst) < 2;
                    raise(txn, first).await?;
                    if is_first_try && engine == Engine::Mysql {
                        meet.wait().await;
                    }
                    raise(txn, second).await
                })
            })
        };
        let (one, other) = (crossing("a", "b"), crossing("b", "a"));
        one.await.unwrap().unwrap();
        other.await.unwrap().unwrap();
        assert_eq!((value(&t, "a").await, value(&t, "b").await), (2, 2));
        let expected = if t.engine == Engine::Mysql { 3 } else { 2 };
        assert_eq!(tries.load(Ordering::SeqCst), expected, "MySQL needs one more try, SQLite none");
    }

    /// What a database or a cluster says when it gave a transaction up is no error yet; anything else is one at once.
    async fn what_was_given_up_is_tried_again_as_a_whole(t: TestApp) {
        if t.engine != Engine::Mysql {
            return;
        }
        put(&t, "a").await;
        for (given, (code, tries_wanted)) in (1..).zip([(1213, 2), (1180, 2), (3101, 2), (1205, 2), (1264, 1)]) {
            let tries = AtomicU32::new(0);
            let outcome = write_txn!(t.app.db, |txn| {
                raise(txn, "a").await?;
                if tries.fetch_add(1, Ordering::SeqCst) == 0 {
                    let signal = format!("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = {code}, MESSAGE_TEXT = 'given up'");
                    txn.execute_unprepared(&signal).await?;
                }
                Ok(())
            });
            assert_eq!((outcome.is_ok(), tries.load(Ordering::SeqCst)), (tries_wanted == 2, tries_wanted), "{code}");
            // Once, however often it was begun.
            assert_eq!(value(&t, "a").await, Ord::min(given, 4), "{code}");
        }
    }

    async fn statements_are_counted_in_and_out_of_transactions(t: TestApp) {
        put(&t, "a").await;
        let db = &t.app.db;
        let (found, outside) = count_statements(async {
            Entity::find().count(db.conn()).await.unwrap() + Entity::find().count(db.conn()).await.unwrap()
        })
        .await;
        assert_eq!((found, outside), (2, 2));
        let (outcome, inside) = count_statements(async {
            write_txn!(db, |txn| {
                raise(txn, "a").await?;
                raise(txn, "a").await?;
                raise(txn, "a").await
            })
        })
        .await;
        outcome.unwrap();
        assert_eq!(inside, 3);
        let (_, none) = count_statements(async {}).await;
        assert_eq!(none, 0);
        // Other tasks are not counted.
        let (_, counted) = count_statements(async {
            let other = db.clone();
            tokio::spawn(async move { Entity::find().count(other.conn()).await }).await.unwrap().unwrap()
        })
        .await;
        assert_eq!(counted, 0);
    }
}

/// A lock that is never given in time is such an answer as well.
#[tokio::test]
async fn a_busy_sqlite_is_told_from_an_error() {
    let t = TestApp::sqlite().await;
    put(&t, "a").await;
    let holder = t.app.db.begin().await.unwrap();
    let mut options = sea_orm::ConnectOptions::new(t.app.config.database.url.expose());
    options.map_sqlx_sqlite_opts(|options| options.busy_timeout(std::time::Duration::ZERO));
    let other = sea_orm::Database::connect(options).await.unwrap();
    raise(&holder, "a").await.unwrap();
    let busy = other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap_err();
    assert!(is_transient(&busy), "{busy}");
    let wrong = other.execute_unprepared("SELECT * FROM nowhere").await.unwrap_err();
    assert!(!is_transient(&wrong), "{wrong}");
    holder.commit().await.unwrap();
}

/// Somebody else holds SQLite's only write lock; the writer waits instead of failing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_sqlite_is_waited_for() {
    let t = TestApp::sqlite().await;
    put(&t, "a").await;
    let holder = t.app.db.begin().await.unwrap();
    raise(&holder, "a").await.unwrap();
    let db = t.app.db.clone();
    let (begun, waiting) = tokio::sync::oneshot::channel();
    let writer = tokio::spawn(async move {
        begun.send(()).unwrap();
        write_txn!(db, |txn| { raise(txn, "a").await })
    });
    waiting.await.unwrap();
    holder.commit().await.unwrap();
    writer.await.unwrap().unwrap();
    assert_eq!(value(&t, "a").await, 2);
}
