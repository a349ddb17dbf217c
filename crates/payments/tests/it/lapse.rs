//! Holds that end while money is on its way (R-PY-04, 05, 34, race 3).

use std::time::Duration;

use kernel::ids::PaymentId;
use payments::entity::payments::{PaymentStatus, PaymentType};
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use testkit::TestApp;

use crate::support::{Booking, amount, g1, registry};

async fn live_schedules(t: &TestApp, status: ScheduleStatus) -> u64 {
    schedules::Entity::find().filter(schedules::Column::Status.eq(status)).count(t.conn()).await.unwrap()
}

async fn pay_late(t: &TestApp, booking: &Booking, started: &testkit::Reply) {
    let event = booking.event("late", "succeeded", started, 54098, t.now());
    booking.deliver(t, &event).await.assert_status(200);
    t.run_jobs(&registry()).await;
}

testkit::both! {
    async fn an_ended_hold_closes_its_attempt_and_frees_the_slot(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        t.at("2026-03-04T10:00:00Z");
        t.run_jobs(&registry()).await;
        t.advance(Duration::from_secs(60));
        t.run_jobs(&registry()).await;
        let row = booking.payment(&t, started.get("/payment/id")).await;
        assert_eq!(row.payment_status, PaymentStatus::Failed);
        assert_eq!(booking.status(&t).await, QuoteStatus::Quote);
        assert_eq!(live_schedules(&t, ScheduleStatus::Pending).await, 0);
        booking.confirm(&started, "4242424242424242").await.assert_problem(409, "intent_canceled");
    }

    async fn money_that_came_in_time_wins_over_the_ended_hold(t: TestApp) {
        // The card was charged a second before the hold ended; its webhook is still queued when the job runs.
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        t.at("2026-03-04T09:59:59Z");
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        t.at("2026-03-04T10:00:00Z");
        payments::service::holds::close_attempts(&t.app).await.unwrap();
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.ledger(&t).await.len(), 2);
    }

    async fn a_success_after_the_release_takes_the_free_slot_again(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        t.at("2026-03-04T10:00:00Z");
        t.run_jobs(&registry()).await;
        t.advance(Duration::from_secs(60));
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Quote);
        pay_late(&t, &booking, &started).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(live_schedules(&t, ScheduleStatus::Confirmed).await, 1);
        assert_eq!(booking.payment(&t, started.get("/payment/id")).await.payment_status, PaymentStatus::Completed);
        // Rate and price stay those the patient paid by.
        assert_eq!(payments::balance(t.conn(), booking.quote).await.unwrap().due, amount("1622.93"));
    }

    /// R-IQ-63: money for a case that moved on goes back.
    async fn a_success_for_a_lost_offer_goes_back_in_full(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        t.at("2026-03-04T10:00:00Z");
        t.run_jobs(&registry()).await;
        t.advance(Duration::from_secs(60));
        t.run_jobs(&registry()).await;
        let ended = quotes::ActiveModel { id: Set(booking.quote), expires_at: Set(Some(t.now())), ..Default::default() };
        quotes::Entity::update(ended).exec(t.conn()).await.unwrap();
        pay_late(&t, &booking, &started).await;
        let rows = booking.payments(&t).await;
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].payment_status, rows[0].payment_type), (PaymentStatus::Refunded, PaymentType::Deposit));
        assert_eq!((rows[1].payment_status, rows[1].payment_type), (PaymentStatus::Completed, PaymentType::Refund));
        assert_eq!((rows[1].amount, rows[1].refund_of_payment_id), (amount("540.98"), Some(rows[0].id)));
        assert_ne!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(live_schedules(&t, ScheduleStatus::Confirmed).await, 0);
        assert!(booking.told(&t).await.contains(&"payment.refunded".to_owned()));
        assert_eq!(payments::balance(t.conn(), booking.quote).await.unwrap().paid, amount("0.00"));
    }

    async fn a_success_for_a_slot_of_somebody_else_goes_back_in_full(t: TestApp) {
        // R-PY-04: the cells went to another schedule although the quote still looks accepted.
        use quoting::entity::schedule_occupancies as cells;
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        cells::Entity::delete_many().exec(t.conn()).await.unwrap();
        pay_late(&t, &booking, &started).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Quote);
        let first: PaymentId = started.get("/payment/id");
        assert_eq!(booking.payment(&t, first).await.payment_status, PaymentStatus::Refunded);
        assert_eq!(live_schedules(&t, ScheduleStatus::Confirmed).await, 0);
    }

    async fn q13_a_clinic_that_asks_to_step_back_blocks_the_money(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let asked = quotes::ActiveModel {
            id: Set(booking.quote), withdrawal_requested_at: Set(Some(t.now())), ..Default::default()
        };
        quotes::Entity::update(asked).exec(t.conn()).await.unwrap();
        booking.start(Booking::body("full", "2163.91", "GBP")).await.assert_problem(409, "withdrawal_requested");
        // What was on its way goes back in full; the offer stays accepted and held until staff decide.
        pay_late(&t, &booking, &started).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted);
        assert_eq!(booking.payment(&t, started.get("/payment/id")).await.payment_status, PaymentStatus::Refunded);
        assert_eq!(live_schedules(&t, ScheduleStatus::Pending).await, 1);
        // Refused: it can be paid again.
        let refused = quotes::ActiveModel { id: Set(booking.quote), withdrawal_requested_at: Set(None), ..Default::default() };
        quotes::Entity::update(refused).exec(t.conn()).await.unwrap();
        booking.start_deposit().await;
    }

    async fn two_full_payments_keep_one_and_return_one(t: TestApp) {
        // R-PY-23: both intents succeed at the gateway although the first was given up here.
        let booking = g1(&t).await;
        let first = booking.start(Booking::body("full", "2163.91", "GBP")).await.assert_status(200);
        booking.deliver(&t, &booking.event("e1", "payment_failed", &first, 216391, t.now())).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let second = booking.start(Booking::body("full", "2163.91", "GBP")).await.assert_status(200);
        for (id, started) in [("e2", &second), ("e3", &first)] {
            booking.deliver(&t, &booking.event(id, "succeeded", started, 216391, t.now())).await.assert_status(200);
            t.run_jobs(&registry()).await;
        }
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert_eq!((balance.paid, balance.due), (amount("2163.91"), amount("0.00")));
        let refunds: Vec<_> =
            booking.payments(&t).await.into_iter().filter(|row| row.payment_type == PaymentType::Refund).collect();
        assert_eq!(refunds.len(), 1);
        assert_eq!(refunds[0].refund_of_payment_id, Some(first.get("/payment/id")));
        assert_eq!(refunds[0].metadata.as_ref().unwrap()["kind"], "surplus");
    }
}
