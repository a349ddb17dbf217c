//! Limits that hold across processes (R-ID-26).

use chrono::TimeDelta;
use platform::App;
use platform::db::count_statements;
use platform::entity::request_counts::Entity;
use platform::rates::{self, Limit, Span};
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::{TestApp, both};
use tokio_util::sync::CancellationToken;

const EXACT: Limit = Limit { name: "secrets", most: 10, span: Span::Minute, exact: true };
const SHARED: Limit = Limit { exact: false, name: "account", ..EXACT };

/// Another process of the same installation.
async fn process(t: &TestApp) -> App {
    App::with_parts(t.app.config.clone(), t.app.clock.clone(), t.app.random.clone()).await.unwrap()
}

/// How many of so many requests are let through.
async fn passed(app: &App, limit: &Limit, asked: u32) -> u32 {
    let mut passed = 0;
    for _ in 0..asked {
        match rates::take(app, limit, "10.0.0.1").await {
            Ok(()) => passed += 1,
            Err(refused) => assert_eq!((refused.code.as_ref(), refused.retry_after.is_some()), ("rate_limited", true)),
        }
    }
    passed
}

both! {
    async fn r_id_26_processes_agree_on_every_request_of_an_exact_limit(t: TestApp) {
        let (one, two) = (process(&t).await, process(&t).await);
        assert_eq!(passed(&one, &EXACT, 6).await, 6);
        assert_eq!(passed(&two, &EXACT, 6).await, 4);
        assert_eq!(passed(&one, &EXACT, 3).await, 0);
        // Who is known to have had enough costs nothing.
        let (none, statements) = count_statements(passed(&two, &EXACT, 50)).await;
        assert_eq!((none, statements), (0, 0));
        assert!(rates::take(&two, &EXACT, "10.0.0.2").await.is_ok(), "another caller");
        // What was refused did not count: one minute and a slice later all ten are free again.
        t.advance(TimeDelta::seconds(65));
        assert_eq!(passed(&two, &EXACT, 4).await + passed(&one, &EXACT, 20).await, 10);
    }

    async fn r_id_26_no_process_lets_one_too_many_through_at_once(t: TestApp) {
        let apps = [process(&t).await, process(&t).await];
        let asked: Vec<_> = (0..40)
            .map(|number: usize| {
                let app = apps[number % 2].clone();
                tokio::spawn(async move { rates::take(&app, &EXACT, "10.0.0.1").await.is_ok() })
            })
            .collect();
        let mut passed = 0;
        for asked in asked {
            passed += u32::from(asked.await.unwrap());
        }
        // Two that come together for the last place may both be sent away.
        assert!((9..=10).contains(&passed), "{passed}");
    }

    async fn r_id_26_what_one_process_counts_the_others_know(t: TestApp) {
        let (one, two) = (process(&t).await, process(&t).await);
        let (first, statements) = count_statements(passed(&one, &SHARED, 8)).await;
        assert_eq!((first, statements), (8, 0), "counting is no statement");
        rates::share(&one).await.unwrap();
        rates::share(&two).await.unwrap();
        let ((), statements) = count_statements(async { rates::share(&one).await.unwrap() }).await;
        assert_eq!(statements, 1, "nothing new is written, only read");
        assert_eq!(passed(&two, &SHARED, 5).await, 2);
        // A process that ends says what it counted; one that begins knows it.
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        rates::keep_sharing(two, shutdown).await;
        let three = process(&t).await;
        rates::share(&three).await.unwrap();
        rates::share(&one).await.unwrap();
        assert_eq!((passed(&three, &SHARED, 2).await, passed(&one, &SHARED, 2).await), (0, 0));
        t.advance(TimeDelta::seconds(66));
        assert_eq!(passed(&three, &SHARED, 11).await, 10);
    }

    async fn counts_are_deleted_once_they_do_not_count(t: TestApp) {
        let rows = async || Entity::find().count(t.conn()).await.unwrap();
        for round in 1..=3 {
            passed(&t.app, &EXACT, 2).await;
            assert_eq!(rows().await, round);
            t.advance(TimeDelta::seconds(30));
        }
        rates::purge(&t.app).await.unwrap();
        assert_eq!(rows().await, 2);
        t.advance(TimeDelta::seconds(65));
        rates::purge(&t.app).await.unwrap();
        assert_eq!(rows().await, 0);
    }

    async fn what_could_not_be_written_is_written_later(t: TestApp) {
        passed(&t.app, &SHARED, 3).await;
        let broken = t.change_schema(async {
            sea_orm::ConnectionTrait::execute_unprepared(t.conn(), "ALTER TABLE request_counts RENAME TO away").await.unwrap();
            let shared = rates::share(&t.app).await;
            sea_orm::ConnectionTrait::execute_unprepared(t.conn(), "ALTER TABLE away RENAME TO request_counts").await.unwrap();
            shared
        });
        assert!(broken.await.is_err());
        rates::share(&t.app).await.unwrap();
        let row = Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.taken, 3);
    }
}
