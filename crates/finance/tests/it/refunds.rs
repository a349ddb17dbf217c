//! Refunds that no policy asks for (R-PY-55), and how the clinic bears its share (R-PY-57).

use booking::desk::{self, Payment, Search};
use finance::entity::provider_bill_items::ProviderBillItemKind as Kind;
use kernel::ids::QuoteId;
use kernel::{Amount, Currency};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::support::{amount, euros, registry, world};

const WHY: &str = "The result was not what the clinic had promised.";

fn ask(sum: &str, more: Value) -> Value {
    let mut ask = json!({ "refund": { "amount": sum, "currency": "EUR" }, "reason": WHY, "override_policy": true });
    for (key, value) in more.as_object().unwrap() {
        ask[key] = value.clone();
    }
    ask
}

fn path(quote: QuoteId) -> String {
    format!("/admin/bookings/{quote}/refund")
}

testkit::both! {
    async fn r_py_55_each_guard(t: TestApp) {
        let world = world(&t).await;
        let quote = world.paid(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        let desk = world.desk(&t).await;
        desk.post(&path(QuoteId::new()), ask("1.00", json!({ "reason": "short" }))).await.assert_problem(404, "not_found");
        desk.post(&path(quote), ask("100.00", json!({}))).await.assert_problem(409, "refund_not_allowed");
        world.treat(&t, quote, "2026-06-15T14:00:00Z").await;
        desk.post(&path(quote), ask("100.00", json!({}))).await.assert_problem(403, "reauth_required");
        let desk = world.desk(&t).await;
        desk.post(&path(quote), ask("100.00", json!({ "override_policy": false }))).await.assert_problem(409, "refund_not_allowed");
        desk.post(&path(quote), ask("100.00", json!({ "reason": "short" }))).await.assert_field("reason", "reason_length");
        desk.post(&path(quote), ask("-1.00", json!({}))).await.assert_field("refund", "out_of_range");
        let pounds = json!({ "refund": { "amount": "1.00", "currency": "GBP" } });
        desk.post(&path(quote), ask("1.00", pounds)).await.assert_field("refund", "currency_mismatch");
        desk.post(&path(quote), ask("2400.01", json!({ "confirm_amount": "2400.01" }))).await.assert_problem(409, "refund_exceeds_paid");
        // 921.00 EUR are above 1,000 US dollars.
        desk.post(&path(quote), ask("921.00", json!({}))).await.assert_field("confirm_amount", "amount_not_confirmed");
        desk.post(&path(quote), ask("921.00", json!({ "confirm_amount": "920.00" }))).await.assert_field("confirm_amount", "amount_not_confirmed");
        desk.post(&path(quote), ask("919.00", json!({}))).await.assert_status(201);
        for _ in 0..9 {
            desk.post(&path(quote), ask("1.00", json!({}))).await.assert_status(201);
        }
        desk.post(&path(quote), ask("1.00", json!({}))).await.assert_problem(429, "rate_limited");
    }

    /// Before the payout: the share comes off the very statement that pays the booking.
    async fn r_py_57_a_refund_before_the_payout(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let quote = world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        t.at("2026-06-16T09:00:00Z");
        world.refund(&t, quote, "1000.00").await;
        let bill = world.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!((bill.gross_amount, bill.adjustment_amount, bill.net_amount), (amount("2400.00"), amount("800.00"), amount("1120.00")));
        assert_eq!(world.lines(&t, bill.id).await[1].kind, Kind::RefundDeduction);
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);
        let owner = world.api.as_actor(testkit::actors::clinic_owner(world.owner, world.provider));
        let earned = owner.get("/provider/earnings").await.assert_status(200);
        assert_eq!(earned.str("/data/0/refunded_share/amount"), "800.00");
        // The clinic's own list does not ask for what was given back.
        let actor = testkit::actors::clinic_owner(world.owner, world.provider);
        let search = Search { payment: Some(Payment::Whole), ..Search::default() };
        let list = desk::list(&t.app, &actor, &search, kernel::PageQuery::default()).await.unwrap();
        assert_eq!(list.data.iter().map(|line| line.money.unwrap().due.amount).collect::<Vec<_>>(), [Amount::ZERO]);
    }

    /// While the treatment goes on: both shares are smaller from the start.
    async fn a_refund_before_the_treatment_ended(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let quote = world.paid(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        t.at("2026-06-15T08:00:00Z");
        let system = kernel::Actor::system();
        platform::write_txn!(t.app.db, |txn| {
            let held = quoting::case::lock(txn, quote).await?;
            quoting::case::start_treatment(txn, &t.app, &system, &held).await
        })
        .unwrap();
        world.refund(&t, quote, "1000.00").await;
        t.at("2026-06-15T14:00:00Z");
        platform::write_txn!(t.app.db, |txn| {
            let held = quoting::case::lock(txn, quote).await?;
            quoting::case::complete_treatment(txn, &t.app, &system, &held).await
        })
        .unwrap();
        payments::service::treated::treated(&t.app, quote).await.unwrap();
        assert_eq!(world.payable(&t, Currency::EUR).await, amount("1120.00"));
        let bill = world.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!(bill.net_amount, amount("1120.00"));
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);
    }

    /// Paid in another currency than quoted: the shares are those of the quote, the money that of the patient.
    async fn a_refund_across_two_currencies(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let quote = world.treated(&t, "GB", "2400.00", "2026-03-02", "2026-06-15").await;
        world.settle(&t, "2026-06-23", "2026-06-26").await;
        let pounds = json!({ "refund": { "amount": "901.63", "currency": "GBP" }, "confirm_amount": "901.63" });
        world.desk(&t).await.post(&path(quote), ask("1.00", pounds)).await.assert_status(201);
        t.run_jobs(&registry()).await;
        assert_eq!(world.payable(&t, Currency::EUR).await, amount("-800.00"));
        world.treated(&t, "DE", "1500.00", "2026-03-05", "2026-06-30").await;
        let next = world.settle(&t, "2026-07-07", "2026-07-10").await;
        assert_eq!((next.adjustment_amount, next.net_amount), (amount("800.00"), amount("400.00")));
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);
    }

    /// A statement that is dropped gives its part of a deduction back.
    async fn a_dropped_statement_carries_nothing(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let quote = world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        world.settle(&t, "2026-06-23", "2026-06-26").await;
        t.at("2026-06-29T09:00:00Z");
        world.refund(&t, quote, "1000.00").await;
        world.treated(&t, "DE", "625.00", "2026-03-05", "2026-06-30").await;
        let dropped = world.build(&t, "2026-07-07").await;
        assert_eq!(dropped.adjustment_amount, amount("500.00"));
        let desk = world.desk(&t).await;
        let void = json!({ "version": dropped.version, "reason": "It is built anew with the next one." });
        desk.post(&format!("/admin/bills/{}/void", dropped.id), void).await.assert_status(204);
        world.treated(&t, "DE", "1500.00", "2026-03-06", "2026-07-07").await;
        let next = world.build(&t, "2026-07-14").await;
        // 500.00 + 1,200.00 - 800.00.
        assert_eq!((next.adjustment_amount, next.net_amount), (amount("800.00"), amount("900.00")));
        assert_eq!(world.lines(&t, next.id).await.pop().unwrap().kind, Kind::RefundDeduction);
    }
}
