//! Payments their cardholders dispute at the bank (R-PY-34).

use chrono::Duration;
use kernel::ids::PaymentId;
use kernel::{Actor, PageQuery};
use payments::entity::gateway_events::{self, GatewayEventStatus};
use payments::entity::payment_histories::PaymentHistoryEvent as Step;
use payments::entity::payments::{self as payment, PaymentStatus, PaymentType};
use payments::gateway::Refunded;
use payments::queries::desk::{self, Search, Standing};
use payments::service::refund;
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::{Value, json};
use testkit::{Reply, TestApp, actors};

use crate::support::{Booking, amount, g1, registry};

/// An event of a dispute as a gateway words it.
fn event(id: &str, kind: &str, status: &str, started: &Reply, minor: i64) -> Value {
    json!({
        "id": id, "object": "event", "type": format!("charge.dispute.{kind}"), "created": 1_772_445_600, "livemode": false,
        "data": { "object": { "id": "dp_1", "object": "dispute", "amount": minor, "currency": "gbp", "charge": "ch_1",
            "payment_intent": started.str("/intent_id"), "reason": "fraudulent", "status": status, "metadata": {} } },
    })
}

async fn arrives(t: &TestApp, booking: &Booking, event: &Value) {
    booking.deliver(t, event).await.assert_status(200);
    t.run_jobs(&registry()).await;
}

async fn paid(t: &TestApp, booking: &Booking, option: &str, money: &str, card: &str) -> (Reply, PaymentId) {
    let started = booking.start(Booking::body(option, money, "GBP")).await.assert_status(200);
    booking.confirm(&started, card).await.assert_status(200);
    t.run_jobs(&registry()).await;
    let id = started.get("/payment/id");
    (started, id)
}

async fn flagged(t: &TestApp, booking: &Booking) -> usize {
    let search = Search { standing: Some(Standing::Disputed), ..Search::default() };
    let staff = actors::super_admin(booking.admin);
    let found = desk::list(&t.app, &staff, &search, PageQuery::default()).await.unwrap();
    assert!(found.data.iter().all(|line| line.progress.is_disputed));
    let seen = desk::detail(&t.app, &staff, booking.quote).await.unwrap();
    assert_eq!(seen.progress.is_disputed, found.data.len() == 1);
    found.data.len()
}

fn chargebacks(rows: &[payment::Model]) -> Vec<String> {
    let back = rows.iter().filter(|row| row.payment_type == PaymentType::Refund);
    back.inspect(|row| assert_eq!(row.metadata.as_ref().unwrap()["kind"], "chargeback"))
        .inspect(|row| assert_eq!(row.payment_status, PaymentStatus::Completed))
        .map(|row| row.amount.to_string())
        .collect()
}

async fn alerts(t: &TestApp) -> Vec<String> {
    let told = platform::outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
    told.iter().map(|row| row.payload["alert"].as_str().unwrap().to_owned()).collect()
}

testkit::both! {
    /// The simulator's card that is disputed an hour later and lost after ten days.
    async fn r_py_34_a_lost_dispute_is_a_chargeback(t: TestApp) {
        let booking = g1(&t).await;
        let (_, id) = paid(&t, &booking, "deposit", "540.98", "4000000000000259").await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(flagged(&t, &booking).await, 0);
        t.advance(Duration::hours(1));
        t.run_jobs(&registry()).await;
        assert_eq!(flagged(&t, &booking).await, 1);
        assert_eq!(booking.history(&t, id).await, [Step::Created, Step::Succeeded, Step::Disputed]);
        assert_eq!(booking.ledger(&t).await.len(), 2, "nothing moves while the bank asks");
        t.advance(Duration::days(10));
        t.run_jobs(&registry()).await;
        assert_eq!(flagged(&t, &booking).await, 0);
        let rows = booking.payments(&t).await;
        assert_eq!((rows[0].payment_status, chargebacks(&rows)), (PaymentStatus::Refunded, vec!["540.98".to_owned()]));
        assert_eq!(
            booking.ledger(&t).await,
            ["Cash GBP 540.98/0.00", "CustomerFunds GBP 0.00/540.98", "CustomerFunds GBP 540.98/0.00", "Cash GBP 0.00/540.98"]
        );
        // The treatment has not begun: the price is owed again, and nobody is treated before it is paid (R-PY-22).
        let due = payments::balance(t.conn(), booking.quote).await.unwrap().due;
        assert_eq!((due, booking.status(&t).await), (amount("2163.91"), QuoteStatus::Confirmed));
        assert_eq!(alerts(&t).await, ["payment_disputed", "dispute_lost"]);
        assert!(!booking.told(&t).await.contains(&"payment.refunded".to_owned()));
    }

    async fn a_won_dispute_moves_nothing(t: TestApp) {
        let booking = g1(&t).await;
        let (_, id) = paid(&t, &booking, "deposit", "540.98", "4000000000002685").await;
        t.advance(Duration::days(11));
        t.run_jobs(&registry()).await;
        assert_eq!(booking.history(&t, id).await, [Step::Created, Step::Succeeded, Step::Disputed, Step::Succeeded]);
        let rows = booking.payments(&t).await;
        assert_eq!((rows.len(), rows[0].payment_status), (1, PaymentStatus::Completed));
        assert_eq!((booking.ledger(&t).await.len(), flagged(&t, &booking).await), (2, 0));
        assert_eq!(alerts(&t).await, ["payment_disputed", "dispute_won"]);
    }

    /// R-PY-31, R-PY-32: twice, too early, the wrong way round, about other money.
    async fn disputes_are_booked_by_fact_and_once(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        arrives(&t, &booking, &event("evt_early", "created", "needs_response", &started, 54098)).await;
        let parked = gateway_events::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(parked.status, GatewayEventStatus::Parked);
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        t.run_jobs(&registry()).await;
        // A part is lost before anybody heard that it was asked for.
        arrives(&t, &booking, &event("evt_lost", "closed", "lost", &started, 20000)).await;
        for again in ["evt_lost", "evt_lost_again"] {
            arrives(&t, &booking, &event(again, "closed", "lost", &started, 20000)).await;
        }
        t.advance(Duration::minutes(5));
        t.run_jobs(&registry()).await;
        let rows = booking.payments(&t).await;
        assert_eq!((rows[0].payment_status, chargebacks(&rows)), (PaymentStatus::Completed, vec!["200.00".to_owned()]));
        assert_eq!(
            booking.history(&t, id).await,
            [Step::Created, Step::Succeeded, Step::Refunded, Step::IgnoredStale, Step::IgnoredStale]
        );
        assert_eq!(flagged(&t, &booking).await, 0);
        arrives(&t, &booking, &event("evt_more", "created", "needs_response", &started, 54099)).await;
        assert_eq!(booking.history(&t, id).await.last(), Some(&Step::Quarantined));
        assert_eq!(booking.ledger(&t).await.len(), 4);
        // Worked on again by staff it still speaks of other money, and says so.
        let events = gateway_events::Entity::find().all(t.conn()).await.unwrap();
        let aside = events.into_iter().find(|event| event.event_id == "evt_more").unwrap();
        let admin = crate::desk::proven(&t, &booking).await;
        for _ in 0..2 {
            let why = "The bank was asked about the amount once more.";
            let again = payments::service::replay::replay(&t.app, &admin, aside.id, why).await.unwrap();
            assert_eq!(again, GatewayEventStatus::Quarantined);
        }
    }

    /// R-PY-57: once the money was shared, both shares bear it; nobody is asked again.
    async fn a_chargeback_after_the_treatment_lowers_both_shares(t: TestApp) {
        let booking = g1(&t).await;
        let (started, _) = paid(&t, &booking, "full", "2163.91", "4242424242424242").await;
        t.at("2026-06-15T16:00:00Z");
        payments::service::treated::treated(&t.app, booking.quote).await.unwrap();
        let ended = quotes::ActiveModel { id: Set(booking.quote), status: Set(QuoteStatus::Aftercare), ..Default::default() };
        ended.update(t.conn()).await.unwrap();
        arrives(&t, &booking, &event("evt_lost", "closed", "lost", &started, 216391)).await;
        let ledger = booking.ledger(&t).await;
        assert_eq!(
            ledger[7..],
            [
                "ProviderPayable EUR 1920.00/0.00",
                "PlatformRevenue EUR 480.00/0.00",
                "FxClearing EUR 0.00/2400.00",
                "FxClearing GBP 2163.91/0.00",
                "Cash GBP 0.00/2163.91",
            ]
        );
        assert!(payments::balance(t.conn(), booking.quote).await.unwrap().due.is_zero());
    }

    /// What Hairline kept of a cancelled booking can be taken back, too: it was revenue by then.
    async fn a_chargeback_of_what_was_kept_costs_revenue(t: TestApp) {
        let booking = g1(&t).await;
        let (started, _) = paid(&t, &booking, "deposit", "540.98", "4242424242424242").await;
        t.at("2026-06-01T10:00:00Z");
        let path = format!("/bookings/{}/cancellation", booking.quote);
        booking.client().multipart(&path, &[("reason", "My plans have changed.")], &[]).await.assert_status(200);
        assert_eq!(booking.ledger(&t).await.len(), 4);
        arrives(&t, &booking, &event("evt_lost", "closed", "lost", &started, 54098)).await;
        assert_eq!(booking.ledger(&t).await[4..], ["PlatformRevenue GBP 540.98/0.00", "Cash GBP 0.00/540.98"]);
    }

    /// A refund is on its way when the bank takes the same money; the gateway then refuses the refund: what the bank took is
    /// booked, once.
    async fn a_chargeback_beside_a_refund_that_fails_is_booked_then(t: TestApp) {
        let booking = g1(&t).await;
        let (started, id) = paid(&t, &booking, "deposit", "540.98", "4242424242424242").await;
        let original = payment::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        let back = platform::write_txn!(t.app.db, |txn| {
            let why = refund::Why::default();
            refund::begin(txn, &t.app, &Actor::system(), &original, amount("540.98"), why).await
        })
        .unwrap();
        // The job has not run yet: the refund is pending.
        booking.deliver(&t, &event("evt_lost", "closed", "lost", &started, 54_098)).await.assert_status(200);
        let stored = gateway_events::Entity::find().all(t.conn()).await.unwrap();
        let lost = stored.into_iter().find(|row| row.event_id == "evt_lost").unwrap();
        payments::service::process::process(&t.app, lost.id).await.unwrap();
        assert_eq!(booking.payments(&t).await.len(), 2, "nothing is left that the bank could take");
        let row = payment::Entity::find_by_id(back).one(t.conn()).await.unwrap().unwrap();
        refund::sent(&t.app, &Actor::system(), &row, Refunded::Failed("charge_disputed".into())).await.unwrap();
        let rows = booking.payments(&t).await;
        let taken: Vec<_> = rows.iter().filter(|row| row.payment_type == PaymentType::Refund && row.payment_status == PaymentStatus::Completed).collect();
        assert_eq!((taken.len(), taken[0].amount, &taken[0].metadata.as_ref().unwrap()["kind"]), (1, amount("540.98"), &json!("chargeback")));
        assert!(payment::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap().metadata.unwrap().get("chargeback_rest").is_none());
        crate::support::proven(&t).await;
    }
}
