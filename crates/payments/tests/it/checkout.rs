//! Starting to pay, the test cards, and what is refused (R-PY-08, 12, 19, 24, 25).

use std::time::Duration;

use kernel::ids::PaymentId;
use payments::entity::payment_histories::PaymentHistoryEvent as Step;
use payments::entity::payments::PaymentStatus;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::EntityTrait;
use serde_json::json;
use testkit::TestApp;

use crate::support::{Booking, dollars, g1, offer, registry};

testkit::both! {
    /// The bounds of the area: from the click to the answer at most 12 statements, a webhook at most 15.
    async fn paying_asks_the_database_little(t: TestApp) {
        use platform::db::count_statements;
        let booking = g1(&t).await;
        let (started, asked) = count_statements(booking.start_deposit()).await;
        let event = booking.event("evt_1", "succeeded", &started, 54098, t.now());
        let (reply, received) = count_statements(booking.deliver(&t, &event)).await;
        reply.assert_status(200);
        let stored = payments::entity::gateway_events::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let (done, worked) = count_statements(payments::service::process::process(&t.app, stored.id)).await;
        done.unwrap();
        println!("start {asked}, webhook {received}, its work {worked}");
        assert!(asked <= 12, "{asked}");
        assert!(received <= 15, "{received}");
    }

    async fn a_second_click_gives_the_same_attempt(t: TestApp) {
        let booking = g1(&t).await;
        let (first, second) = (booking.start_deposit().await, booking.start_deposit().await);
        assert_eq!(first.str("/payment/id"), second.str("/payment/id"));
        assert_eq!(first.str("/intent_id"), second.str("/intent_id"));
        assert_eq!(first.str("/client_secret"), second.str("/client_secret"));
        assert_eq!(booking.payments(&t).await.len(), 1);
    }

    async fn another_choice_replaces_the_open_attempt(t: TestApp) {
        let booking = g1(&t).await;
        let deposit = booking.start_deposit().await;
        let full = booking.start(Booking::body("full", "2163.91", "GBP")).await.assert_status(200);
        assert_ne!(deposit.str("/payment/id"), full.str("/payment/id"));
        let old = booking.payment(&t, deposit.get("/payment/id")).await;
        assert_eq!((old.payment_status, old.failure_code.as_deref()), (PaymentStatus::Failed, Some("replaced")));
        // The old intent is dead at the gateway too: it can take no second charge.
        booking.confirm(&deposit, "4242424242424242").await.assert_problem(409, "intent_canceled");
        booking.confirm(&full, "4242424242424242").await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        booking.start(Booking::body("balance", "0.00", "GBP")).await.assert_problem(409, "already_paid");
    }

    async fn a_declined_card_can_be_replaced_by_a_good_one(t: TestApp) {
        let booking = g1(&t).await;
        let first = booking.start_deposit().await;
        let answer = booking.confirm(&first, "4000000000009995").await.assert_problem(402, "card_declined");
        assert_eq!(answer.str("/decline_code"), "insufficient_funds");
        t.run_jobs(&registry()).await;
        let id: PaymentId = first.get("/payment/id");
        let row = booking.payment(&t, id).await;
        assert_eq!((row.payment_status, row.failure_code.as_deref()), (PaymentStatus::Failed, Some("insufficient_funds")));
        assert_eq!(booking.history(&t, id).await, [Step::Created, Step::Failed]);
        assert!(booking.told(&t).await.contains(&"payment.failed".to_owned()));
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted);

        let second = booking.start_deposit().await;
        assert_ne!(first.str("/payment/id"), second.str("/payment/id"));
        booking.confirm(&first, "4242424242424242").await.assert_problem(409, "intent_canceled");
        booking.confirm(&second, "4242424242424242").await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        let view = booking.client().get(&format!("/payments/{}", second.str("/payment/id"))).await;
        assert_eq!((view.str("/card/brand"), view.str("/card/last4")), ("visa", "4242"));
        assert_eq!(booking.ledger(&t).await.len(), 2);
    }

    /// R-PY-25: until the cardholder has proven who they are nothing is confirmed; the secret is the owner's alone.
    async fn the_cardholder_is_asked_first(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let asked = booking.confirm(&started, "4000002500003155").await.assert_status(200);
        assert_eq!(asked.str("/status"), "requires_action");
        t.run_jobs(&registry()).await;
        let id: PaymentId = started.get("/payment/id");
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Pending);
        let path = format!("/simulator/payment-intents/{}/authenticate", started.str("/intent_id"));
        let answer = json!({ "client_secret": started.str("/client_secret"), "approve": true });
        assert_eq!(booking.api.post(&path, &answer).await.assert_status(200).str("/status"), "succeeded");
        t.run_jobs(&registry()).await;
        assert_eq!(booking.history(&t, id).await, [Step::Created, Step::ActionRequired, Step::Succeeded]);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
    }

    async fn a_slow_bank_answers_a_minute_later(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let answer = booking.confirm(&started, "4000000000001000").await.assert_status(200);
        assert_eq!(answer.str("/status"), "processing");
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted);
        // What is under way is not replaced.
        booking.start(Booking::body("full", "2163.91", "GBP")).await.assert_problem(409, "payment_in_progress");
        t.advance(Duration::from_secs(61));
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        let steps = booking.history(&t, started.get("/payment/id")).await;
        assert_eq!(steps, [Step::Created, Step::Processing, Step::Succeeded]);
    }

    /// R-PY-33: who pays need not ask, the clock does a quarter of an hour later.
    async fn a_lost_webhook_is_found_by_the_clock(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        platform::entity::jobs::Entity::delete_many().exec(t.conn()).await.unwrap();
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted, "too early to ask");
        t.advance(Duration::from_secs(26 * 60));
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(booking.ledger(&t).await.len(), 2);
    }

    /// R-PY-33, race 11: the gateway took the money, and nobody told us.
    async fn a_lost_webhook_is_repaired_by_asking(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        let path = format!("/payments/{}/sync", started.str("/payment/id"));
        assert_eq!(booking.client().post(&path, json!({})).await.assert_status(200).str("/status"), "completed");
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.ledger(&t).await.len(), 2);
    }

    async fn an_attempt_left_alone_is_given_up_after_a_day(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        t.advance(Duration::from_secs(24 * 3600 + 600));
        t.run_jobs(&registry()).await;
        let row = booking.payment(&t, started.get("/payment/id")).await;
        assert_eq!((row.payment_status, row.failure_code.as_deref()), (PaymentStatus::Failed, Some("abandoned")));
        booking.start_deposit().await;
    }

    async fn the_server_alone_knows_the_amount(t: TestApp) {
        let booking = g1(&t).await;
        let reply = booking.start(Booking::body("deposit", "1.00", "GBP")).await.assert_problem(409, "amount_changed");
        assert_eq!(reply.str("/amount/amount"), "540.98");
        booking.start(Booking::body("deposit", "540.98", "EUR")).await.assert_problem(409, "amount_changed");
        let mut body = Booking::body("deposit", "540.98", "GBP");
        body["amount"] = "1.00".into();
        booking.start(body).await.assert_problem(422, "validation_failed");
        assert!(booking.payments(&t).await.is_empty());
    }

    async fn both_acknowledgements_are_needed(t: TestApp) {
        let booking = g1(&t).await;
        let mut body = Booking::body("deposit", "540.98", "GBP");
        body["accept_cancellation_policy"] = false.into();
        let reply = booking.start(body).await.assert_problem(422, "validation_failed");
        reply.assert_field("accept_cancellation_policy", "required");
        assert!(booking.payments(&t).await.is_empty());
    }

    async fn what_cannot_be_paid_is_refused(t: TestApp) {
        let price = kernel::Money::new(crate::support::amount("2400.00"), kernel::Currency::EUR);
        t.at("2026-03-02T10:00:00Z");
        let booking = offer(&t, "GB", price).await;
        let deposit = || Booking::body("deposit", "540.98", "GBP");
        booking.start(deposit()).await.assert_problem(409, "booking_not_payable");
        booking.accept(&t).await;
        booking.start(Booking::body("balance", "540.98", "GBP")).await.assert_field("option", "option_unavailable");
        booking.start(Booking::body("installments", "540.98", "GBP")).await.assert_field("installments", "unknown_value");
        t.at("2026-03-04T10:00:00Z");
        booking.start(deposit()).await.assert_problem(409, "hold_expired");
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await;
        assert_eq!(checkout.str("/blocked"), "hold_expired");
        assert!(booking.payments(&t).await.is_empty());
    }

    async fn only_the_patient_of_the_booking_pays(t: TestApp) {
        let booking = dollars(&t).await;
        let body = Booking::body("deposit", "500.00", "USD");
        let path = format!("/bookings/{}/payments", booking.quote);
        let stranger = testkit::actors::patient(kernel::ids::PatientId::new());
        booking.api.as_actor(stranger).post(&path, &body).await.assert_problem(404, "not_found");
        let owner = testkit::actors::clinic_owner(booking.clinician, booking.provider);
        booking.api.as_actor(owner).post(&path, &body).await.assert_problem(403, "forbidden");
        booking.api.post(&path, &body).await.assert_problem(401, "unauthenticated");
        assert!(booking.payments(&t).await.is_empty());
    }

    async fn the_simulator_wants_its_secret_and_a_real_number(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let path = format!("/simulator/payment-intents/{}/confirm", started.str("/intent_id"));
        let card = json!({ "number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123" });
        let guess = json!({ "client_secret": "pi_secret_guess", "card": card });
        booking.api.post(&path, &guess).await.assert_problem(404, "not_found");
        booking.confirm(&started, "4242424242424241").await.assert_problem(422, "validation_failed");
        t.run_jobs(&registry()).await;
        assert_eq!(booking.history(&t, started.get("/payment/id")).await, [Step::Created]);
    }
}
