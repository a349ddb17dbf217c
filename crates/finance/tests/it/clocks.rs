//! The clock: statements in the morning, once, also when it is late or twice at a time (R-PY-60, R-PY-61).

use directory::entity::providers::{self, ProviderStatus};
use finance::service::build;
use payments::entity::payment_histories::{self, PaymentHistoryEvent};
use quoting::entity::quotes;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use testkit::TestApp;

use crate::support::{amount, day, euros, world};

testkit::both! {
    async fn r_py_61_built_once_however_often_the_clock_comes(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        t.at("2026-06-23T02:59:00Z");
        build::build_due(&t.app).await.unwrap();
        assert!(world.bills(&t).await.is_empty(), "not before three");
        t.at("2026-06-23T03:00:00Z");
        let run = || Box::pin(build::build_due(&t.app));
        let (a, b) = tokio::join!(run(), run());
        a.and(b).unwrap();
        build::build_due(&t.app).await.unwrap();
        let all = world.bills(&t).await;
        assert_eq!((all.len(), all[0].net_amount), (1, amount("1920.00")));
        assert_eq!(platform::outbox::recorded(t.conn(), Some("payout.statements_ready")).await.unwrap().len(), 1);
        // The next days bring nothing new.
        for day in ["2026-06-24", "2026-06-25", "2026-06-30"] {
            world.build(&t, day).await;
        }
        assert_eq!(world.bills(&t).await.len(), 1);
    }

    /// A worker that slept over the day makes up for it; what it finds late is overdue with its payout day.
    async fn a_missed_day_is_made_up_for(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        let late = world.build(&t, "2026-06-28").await;
        assert_eq!((late.period_end, late.payout_date), (day("2026-06-21"), day("2026-06-26")));
        // One that was treated in time and is payable only later comes with the next one.
        world.treated(&t, "DE", "625.00", "2026-03-05", "2026-07-01").await;
        let next = world.build(&t, "2026-07-07").await;
        assert_eq!((next.period_end, next.net_amount), (day("2026-07-05"), amount("500.00")));
    }

    /// R-PY-60: what waits, and what does not hold the others up.
    async fn r_py_60_what_is_payable(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let disputed = world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        world.treated(&t, "DE", "625.00", "2026-03-05", "2026-06-16").await;
        // Paid, and not treated.
        world.paid(&t, "DE", "1000.00", "2026-03-06", "2026-06-18").await;
        let last = payment_histories::Entity::find()
            .filter(payment_histories::Column::QuoteId.eq(disputed))
            .order_by_desc(payment_histories::Column::Sequence)
            .one(t.conn())
            .await
            .unwrap()
            .unwrap();
        let next = |sequence: i32, event| payment_histories::ActiveModel {
            id: Set(kernel::ids::PaymentHistoryId::new()),
            sequence: Set(sequence),
            event: Set(event),
            external_event_id: Set(None),
            ..payment_histories::ActiveModel::from(last.clone()).reset_all()
        };
        next(last.sequence + 1, PaymentHistoryEvent::Disputed).insert(t.conn()).await.unwrap();

        let clinic = providers::ActiveModel { id: Set(world.provider), status: Set(ProviderStatus::Suspended), ..Default::default() };
        clinic.clone().update(t.conn()).await.unwrap();
        t.at("2026-06-23T03:00:00Z");
        build::build_due(&t.app).await.unwrap();
        assert!(world.bills(&t).await.is_empty(), "suspended clinics get none");
        providers::ActiveModel { status: Set(ProviderStatus::Active), ..clinic }.update(t.conn()).await.unwrap();
        let bill = world.build(&t, "2026-06-24").await;
        let lines = world.lines(&t, bill.id).await;
        assert_eq!((lines.len(), lines[0].net), (1, amount("500.00")));

        // The dispute is over: an older miss comes with the next statement.
        next(last.sequence + 2, PaymentHistoryEvent::Succeeded).insert(t.conn()).await.unwrap();
        let bill = world.build(&t, "2026-06-30").await;
        let lines = world.lines(&t, bill.id).await;
        assert_eq!((lines.len(), lines[0].quote_id), (1, Some(disputed)));
        let row = quotes::Entity::find_by_id(disputed).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.provider_id, world.provider);
    }
}
