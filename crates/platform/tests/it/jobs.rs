//! Jobs, their failures, schedules and workers.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use kernel::AppError;
use kernel::ids::UserId;
use platform::App;
use platform::entity::failed_jobs::FailedJobResolution;
use platform::entity::jobs::JobStatus;
use platform::entity::{failed_jobs, job_schedules, jobs as rows};
use platform::jobs::{self, Enqueue, JobKind, Registry, Schedule, Worker, run_until_idle};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value as Json, json};
use testkit::TestApp;
use tokio_util::sync::CancellationToken;

/// How often something ran, by a name that is unique to a test.
static RUNS: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

pub(crate) fn ran(name: &str) -> usize {
    RUNS.lock().unwrap().get(name).copied().unwrap_or(0)
}

pub(crate) fn note(name: &str) -> usize {
    let mut runs = RUNS.lock().unwrap();
    let count = runs.entry(name.to_owned()).or_default();
    *count += 1;
    *count
}

fn name_of(payload: &Json) -> String {
    payload["name"].as_str().unwrap().to_owned()
}

fn registry() -> Registry {
    let kind = |name, run| JobKind { name, run };
    Registry {
        kinds: vec![
            kind("test.count", |_, payload| {
                Box::pin(async move {
                    note(&name_of(payload));
                    tokio::task::yield_now().await;
                    Ok(())
                })
            }),
            kind("test.fail", |_, payload| {
                Box::pin(async move {
                    note(&name_of(payload));
                    Err(AppError::internal("no mailbox ada@example.com"))
                })
            }),
            kind("test.fail_once", |_, payload| {
                Box::pin(async move {
                    if note(&name_of(payload)) == 1 { Err(AppError::internal("first time")) } else { Ok(()) }
                })
            }),
            kind("test.panic", |_, _| Box::pin(async move { panic!("lost my head") })),
        ],
        ..Registry::default()
    }
}

async fn queue(app: &App, kind: &'static str, name: &str, options: Enqueue) {
    jobs::enqueue(app.db.conn(), app, kind, json!({ "name": name }), options).await.unwrap();
}

async fn all(t: &TestApp) -> Vec<rows::Model> {
    rows::Entity::find().order_by_asc(rows::Column::Id).all(t.conn()).await.unwrap()
}

/// A member of staff: the table lies in a wing above, so the row is written by hand.
async fn user(t: &TestApp) -> UserId {
    let id = UserId::new();
    let row = format!(
        "INSERT INTO users (id, username, firstname, lastname, email, password) \
         VALUES ('{id}', 'staff', 'S', 'T', 'staff@hairline.test', 'x')"
    );
    t.conn().execute_unprepared(&row).await.unwrap();
    id
}

/// A name no other test uses.
fn unique() -> String {
    UserId::new().to_string()
}

testkit::both! {
    async fn several_workers_run_each_job_once(t: TestApp) {
        let names: Vec<String> = (0..40).map(|_| unique()).collect();
        for name in &names {
            queue(&t.app, "test.count", name, Enqueue::default()).await;
        }
        let stop = CancellationToken::new();
        let workers: Vec<_> = (0..3)
            .map(|_| tokio::spawn(Worker::new(t.app.clone(), registry()).run(stop.clone())))
            .collect();
        let left = || rows::Entity::find().filter(rows::Column::Status.ne(JobStatus::Done)).count(t.conn());
        for _ in 0..600 {
            if left().await.unwrap() == 0 {
                break;
            }
            #[expect(clippy::disallowed_methods, reason = "workers run by the machine's clock")]
            tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(50))).await.unwrap();
        }
        stop.cancel();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(left().await.unwrap(), 0, "jobs are left");
        for name in &names {
            assert_eq!(ran(name), 1);
        }
        assert!(all(&t).await.iter().all(|job| job.attempts == 1 && job.finished_at.is_some()));
    }

    async fn a_key_is_queued_once_until_it_is_done(t: TestApp) {
        let name = unique();
        let keyed = || Enqueue { dedupe: Some(format!("key:{name}")), ..Enqueue::default() };
        let concurrent: Vec<_> = (0..6).map(|_| queue(&t.app, "test.count", &name, keyed())).collect();
        futures::future::join_all(concurrent).await;
        assert_eq!(all(&t).await.len(), 1);
        t.run_jobs(&registry()).await;
        queue(&t.app, "test.count", &name, keyed()).await;
        t.run_jobs(&registry()).await;
        assert_eq!((all(&t).await.len(), ran(&name)), (2, 2));
    }

    async fn a_job_waits_for_its_time_and_the_important_one_goes_first(t: TestApp) {
        let name = unique();
        let later = Enqueue { run_at: Some(t.now() + chrono::TimeDelta::seconds(60)), ..Enqueue::default() };
        queue(&t.app, "test.count", &name, later).await;
        t.run_jobs(&registry()).await;
        assert_eq!(ran(&name), 0);
        t.advance(Duration::from_secs(60));
        t.run_jobs(&registry()).await;
        assert_eq!(ran(&name), 1);
    }

    async fn a_job_of_a_dead_worker_runs_again_when_its_lock_ends(t: TestApp) {
        let name = unique();
        queue(&t.app, "test.count", &name, Enqueue::default()).await;
        // As a worker leaves it that is killed in the middle.
        rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value("running"))
            .col_expr(rows::Column::Attempts, Expr::value(1))
            .col_expr(rows::Column::LockedBy, Expr::value("worker-gone"))
            .col_expr(rows::Column::LockedUntil, Expr::value(t.now() + chrono::TimeDelta::seconds(60)))
            .exec(t.conn())
            .await
            .unwrap();
        t.advance(Duration::from_secs(59));
        t.run_jobs(&registry()).await;
        assert_eq!(ran(&name), 0, "the lock still holds");
        t.advance(Duration::from_secs(1));
        t.run_jobs(&registry()).await;
        assert_eq!(ran(&name), 1);
        assert_eq!(all(&t).await[0].attempts, 2);
    }

    async fn a_job_that_kills_its_worker_every_time_is_buried_without_a_fourth_try(t: TestApp) {
        let name = unique();
        queue(&t.app, "test.count", &name, Enqueue::default()).await;
        rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value("running"))
            .col_expr(rows::Column::Attempts, Expr::value(3))
            .col_expr(rows::Column::LockedBy, Expr::value("worker-gone"))
            .col_expr(rows::Column::LockedUntil, Expr::value(t.now()))
            .exec(t.conn())
            .await
            .unwrap();
        let failures = t.try_run_jobs(&registry()).await;
        assert!(failures[0].buried, "{failures:?}");
        assert_eq!(ran(&name), 0);
        assert_eq!(failed_jobs::Entity::find().count(t.conn()).await.unwrap(), 1);
    }

    async fn a_job_that_fails_three_times_is_buried_and_can_be_tried_again(t: TestApp) {
        let name = unique();
        queue(&t.app, "test.fail", &name, Enqueue { dedupe: Some(name.clone()), ..Enqueue::default() }).await;
        let mut tries = Vec::new();
        // Pauses of 1 s and 4 s.
        for second in 0..=6 {
            let failures = t.try_run_jobs(&registry()).await;
            tries.extend(failures.into_iter().map(|failure| (second, failure.buried)));
            t.advance(Duration::from_secs(1));
        }
        assert_eq!(tries, [(0, false), (1, false), (5, true)]);
        assert_eq!(ran(&name), 3);
        assert_eq!(all(&t).await[0].status, JobStatus::Dead);

        let failed = failed_jobs::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert!(failed.exception.contains("no mailbox [e-mail]"), "{}", failed.exception);
        assert_eq!(failed.queue, "default");

        let admin = user(&t).await;
        jobs::retry(&t.app, admin, failed.id, None).await.unwrap();
        let failed = failed_jobs::Entity::find_by_id(failed.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((failed.resolution, failed.resolved_by), (Some(FailedJobResolution::Retried), Some(admin)));
        assert_eq!(jobs::discard(&t.app, admin, failed.id, "x").await.unwrap_err().code, "already_resolved");
        t.try_run_jobs(&registry()).await;
        assert_eq!(ran(&name), 4, "once more with the same payload");
        let again = &all(&t).await[1];
        assert_eq!((again.dedupe_key.as_deref(), again.attempts), (Some(name.as_str()), 1));
    }

    async fn a_buried_job_can_be_put_aside(t: TestApp) {
        queue(&t.app, "test.panic", "x", Enqueue::default()).await;
        for _ in 0..7 {
            t.try_run_jobs(&registry()).await;
            t.advance(Duration::from_secs(1));
        }
        let failed = failed_jobs::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let admin = user(&t).await;
        jobs::discard(&t.app, admin, failed.id, "The clinic is gone.").await.unwrap();
        assert_eq!(jobs::retry(&t.app, admin, failed.id, None).await.unwrap_err().code, "already_resolved");
        assert_eq!(all(&t).await.len(), 1, "nothing was queued");
        let failed = failed_jobs::Entity::find_by_id(failed.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(failed.resolution_reason.as_deref(), Some("The clinic is gone."));
        assert_eq!(jobs::discard(&t.app, admin, 99, "x").await.unwrap_err().code, "not_found");
    }

    async fn a_panic_is_a_failure_like_any_other(t: TestApp) {
        queue(&t.app, "test.panic", "x", Enqueue::default()).await;
        queue(&t.app, "test.unheard_of", "x", Enqueue::default()).await;
        let failures = t.try_run_jobs(&registry()).await;
        assert!(failures[0].error.contains("panicked: lost my head"), "{failures:?}");
        assert!(failures[1].error.contains("no job kind test.unheard_of"), "{failures:?}");
        assert!(all(&t).await.iter().all(|job| job.status == JobStatus::Queued));
    }

    async fn a_second_try_that_works_leaves_no_failure(t: TestApp) {
        let name = unique();
        queue(&t.app, "test.fail_once", &name, Enqueue::default()).await;
        assert_eq!(t.try_run_jobs(&registry()).await.len(), 1);
        t.advance(Duration::from_secs(1));
        t.run_jobs(&registry()).await;
        let job = &all(&t).await[0];
        assert_eq!((job.status, job.attempts), (JobStatus::Done, 2));
        assert_eq!(failed_jobs::Entity::find().count(t.conn()).await.unwrap(), 0);
    }

    async fn a_job_of_a_rolled_back_transaction_was_never_queued(t: TestApp) {
        let refused: Result<(), AppError> = platform::write_txn!(t.app.db, |txn| {
            jobs::enqueue(txn, &t.app, "test.count", json!({ "name": "x" }), Enqueue::default()).await?;
            Err(AppError::forbidden())
        });
        assert!(refused.is_err());
        assert!(all(&t).await.is_empty());
    }

    async fn finished_jobs_are_forgotten_after_seven_days(t: TestApp) {
        queue(&t.app, "test.count", &unique(), Enqueue::default()).await;
        t.run_jobs(&registry()).await;
        queue(&t.app, "test.count", &unique(), Enqueue::default()).await;
        t.advance(Duration::from_secs(7 * 24 * 3600));
        jobs::purge_finished(&t.app).await.unwrap();
        assert_eq!(all(&t).await.len(), 2);
        t.advance(Duration::from_secs(1));
        jobs::purge_finished(&t.app).await.unwrap();
        let left = all(&t).await;
        assert_eq!((left.len(), left[0].status), (1, JobStatus::Queued), "what waits is never forgotten");
    }

    async fn a_schedule_runs_once_among_several_workers(t: TestApp) {
        const NAME: &str = "test.tick";
        let key = t.folder().display().to_string();
        let registry = Registry {
            schedules: vec![Schedule {
                name: NAME,
                every: Duration::from_secs(60),
                run: |app| Box::pin(async move {
                    note(&app.config.data_dir.display().to_string());
                    Ok(())
                }),
            }],
            ..Registry::default()
        };
        let everyone = || async {
            let runs = (0..4).map(|_| run_until_idle(&t.app, &registry));
            for failures in futures::future::join_all(runs).await {
                assert_eq!(failures.unwrap(), []);
            }
        };
        everyone().await;
        assert_eq!(ran(&key), 1, "a new schedule is due at once, for one of them");
        everyone().await;
        assert_eq!(ran(&key), 1);
        t.advance(Duration::from_secs(60));
        everyone().await;
        assert_eq!(ran(&key), 2);
        // Missed times are not made up for.
        t.advance(Duration::from_secs(600));
        everyone().await;
        assert_eq!(ran(&key), 3);
        let row = job_schedules::Entity::find_by_id(NAME.to_owned()).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.cron.as_str(), row.locked_until), ("every 60s", None));
        assert_eq!(row.next_run_at, t.now() + chrono::TimeDelta::seconds(60));
    }

    async fn a_schedule_that_fails_is_told_and_runs_next_time(t: TestApp) {
        let registry = Registry {
            schedules: vec![Schedule {
                name: "test.broken",
                every: Duration::from_secs(60),
                run: |_| Box::pin(async move { panic!("out of order") }),
            }],
            ..Registry::default()
        };
        let failures = t.try_run_jobs(&registry).await;
        assert!(failures[0].what == "test.broken" && failures[0].error.contains("out of order"), "{failures:?}");
        assert!(t.try_run_jobs(&registry).await.is_empty());
        t.advance(Duration::from_secs(60));
        assert_eq!(t.try_run_jobs(&registry).await.len(), 1);
    }

    async fn the_platforms_own_schedules_run_on_an_empty_database(t: TestApp) {
        let registry = Registry { schedules: platform::schedules(), ..Registry::default() };
        t.run_jobs(&registry).await;
        let rows = job_schedules::Entity::find().count(t.conn()).await.unwrap();
        assert_eq!(rows as usize, registry.schedules.len());
    }
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let mut twice = registry();
    assert!(twice.check().is_ok());
    twice.kinds.push(twice.kinds[0].clone());
    assert!(twice.check().unwrap_err().to_string().contains("test.count"));
}
