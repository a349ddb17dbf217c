//! Events on their way to subscribers.

use std::time::Duration;

use kernel::ids::{AnyId, PatientId, QuoteId};
use kernel::{Actor, AppError};
use platform::entity::jobs as job_rows;
use platform::jobs::{Registry, run_until_idle};
use platform::outbox::{self, Event, Subscription};
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::TestApp;

use crate::jobs::{note, ran};

/// Counts by subscription and subject.
fn subscription(event: &'static str, name: &'static str) -> Subscription {
    Subscription {
        event,
        name,
        handle: match name {
            "test.second" => |_, event| {
                Box::pin(async move {
                    note(&format!("second {}", event.subject::<AnyId>()?));
                    Ok(())
                })
            },
            "test.broken" => |_, _| Box::pin(async move { Err(AppError::internal("cannot")) }),
            _ => |_, event| {
                Box::pin(async move {
                    let patient: PatientId = event.id("patient_id")?;
                    assert!(event.id::<QuoteId>("missing").is_err());
                    assert_eq!(event.optional_id::<QuoteId>("missing")?, None);
                    note(&format!("first {patient}"));
                    Ok(())
                })
            },
        },
    }
}

fn registry(subscriptions: &[Subscription]) -> Registry {
    Registry { subscriptions: subscriptions.to_vec(), ..Registry::default() }
}

testkit::both! {
    async fn an_event_reaches_each_subscription_once(t: TestApp) {
        let (quote, patient) = (QuoteId::new(), PatientId::new());
        let event = Event::new("quote.accepted", "Quote", quote).with("patient_id", patient);
        outbox::emit(t.conn(), &t.app, &Actor::system(), event).await.unwrap();
        let pending = outbox::pending(t.conn()).await.unwrap();
        assert_eq!((pending.len(), pending[0].event_key.as_str()), (1, "quote.accepted"));
        assert_eq!(pending[0].actor_type.as_deref(), Some("System"));

        let registry = registry(&[
            subscription("quote.accepted", "test.first"),
            subscription("*", "test.second"),
            subscription("quote.cancelled", "test.broken"),
        ]);
        // Several dispatchers at once make each job once.
        let runs = (0..3).map(|_| run_until_idle(&t.app, &registry));
        for failures in futures::future::join_all(runs).await {
            assert_eq!(failures.unwrap(), []);
        }
        t.run_jobs(&registry).await;
        assert_eq!((ran(&format!("first {patient}")), ran(&format!("second {quote}"))), (1, 1));
        assert_eq!(job_rows::Entity::find().count(t.conn()).await.unwrap(), 2);
        assert!(outbox::pending(t.conn()).await.unwrap().is_empty());
    }

    async fn the_same_occurrence_twice_is_one_event(t: TestApp) {
        let quote = QuoteId::new();
        let event = |occurrence: i32| Event::new("quote.sent", "Quote", quote).occurrence(occurrence);
        let system = Actor::system();
        // Within one transaction, which goes on to work afterwards.
        platform::write_txn!(t.app.db, |txn| {
            outbox::emit(txn, &t.app, &system, event(1)).await?;
            outbox::emit(txn, &t.app, &system, event(1)).await?;
            outbox::emit(txn, &t.app, &system, event(2)).await
        })
        .unwrap();
        // And at once from several sides.
        let race = (0..6).map(|_| outbox::emit(t.conn(), &t.app, &system, event(3)));
        for outcome in futures::future::join_all(race).await {
            outcome.unwrap();
        }
        let keys: Vec<_> = outbox::recorded(t.conn(), Some("quote.sent")).await.unwrap();
        let mut keys: Vec<_> = keys.into_iter().map(|row| row.occurrence_key).collect();
        keys.sort();
        assert_eq!(keys, [1, 2, 3].map(|n| format!("quote.sent:{quote}:{n}")));
    }

    async fn a_refused_change_tells_nobody(t: TestApp) {
        let refused: Result<(), AppError> = platform::write_txn!(t.app.db, |txn| {
            outbox::emit(txn, &t.app, &Actor::system(), Event::new("a.b", "Quote", QuoteId::new())).await?;
            Err(AppError::forbidden())
        });
        assert!(refused.is_err());
        assert!(outbox::recorded(t.conn(), None).await.unwrap().is_empty());
    }

    async fn a_later_event_waits_and_a_broken_subscriber_holds_nobody_up(t: TestApp) {
        let quote = QuoteId::new();
        let at = t.now() + chrono::TimeDelta::hours(1);
        outbox::emit(t.conn(), &t.app, &Actor::system(), Event::new("quote.due", "Quote", quote).at(at)).await.unwrap();
        let registry = registry(&[subscription("*", "test.broken"), subscription("*", "test.second")]);
        t.run_jobs(&registry).await;
        assert_eq!(ran(&format!("second {quote}")), 0);
        t.advance(Duration::from_secs(3600));
        let failures = t.try_run_jobs(&registry).await;
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert_eq!(ran(&format!("second {quote}")), 1);
    }

    async fn an_event_of_a_dead_dispatcher_is_dispatched_later(t: TestApp) {
        use platform::entity::outbox_events::{Column, Entity};
        use sea_orm::sea_query::Expr;
        let quote = QuoteId::new();
        outbox::emit(t.conn(), &t.app, &Actor::system(), Event::new("a.b", "Quote", quote)).await.unwrap();
        Entity::update_many()
            .col_expr(Column::ClaimedUntil, Expr::value(t.now() + chrono::TimeDelta::seconds(60)))
            .exec(t.conn())
            .await
            .unwrap();
        let registry = registry(&[subscription("*", "test.second")]);
        t.run_jobs(&registry).await;
        assert_eq!(ran(&format!("second {quote}")), 0);
        t.advance(Duration::from_secs(60));
        t.run_jobs(&registry).await;
        assert_eq!(ran(&format!("second {quote}")), 1);
    }
}
