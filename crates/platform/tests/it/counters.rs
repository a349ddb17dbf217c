//! Numbers of codes.

use std::collections::BTreeSet;

use kernel::{AppError, AppResult};
use platform::{counters, write_txn};
use testkit::TestApp;

async fn next(app: &platform::App, key: &str, period: &str) -> AppResult<i32> {
    write_txn!(app.db, |txn| { counters::next(txn, app, key, period).await })
}

testkit::both! {
    async fn every_kind_and_period_counts_from_one(t: TestApp) {
        for (key, period, expected) in
            [("inquiry", "2603", 1), ("inquiry", "2603", 2), ("inquiry", "2604", 1), ("invoice", "2603", 1), ("inquiry", "2603", 3)]
        {
            assert_eq!(next(&t.app, key, period).await.unwrap(), expected, "{key} {period}");
        }
    }

    async fn a_transaction_that_is_rolled_back_gives_its_number_back(t: TestApp) {
        let refused: AppResult<i32> = write_txn!(t.app.db, |txn| {
            counters::next(txn, &t.app, "inquiry", "2603").await?;
            Err(AppError::conflict("no", "No."))
        });
        assert!(refused.is_err());
        assert_eq!(next(&t.app, "inquiry", "2603").await.unwrap(), 1);
    }

    async fn no_number_is_given_twice_at_once(t: TestApp) {
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let app = t.app.clone();
                tokio::spawn(async move { next(&app, "inquiry", "2603").await })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for task in tasks {
            numbers.insert(task.await.unwrap().unwrap());
        }
        assert_eq!(numbers, (1..=20).collect());
    }
}
