//! Paying by bank transfer (R-PY-06, 35, 36, 54, G8).

use payments::entity::payments::{PaymentMethod, PaymentStatus, PaymentType};
use payments::service::{receipts, transfer};
use quoting::entity::quotes::QuoteStatus;
use serde_json::{Value, json};
use testkit::{Reply, TestApp, actors};

use crate::desk::{proven, staff};
use crate::support::{Booking, amount, g1, registry};

/// G1, to be paid by transfer.
async fn chosen(t: &TestApp) -> (Booking, Reply) {
    let booking = g1(t).await;
    payments::seed::bank_account(&t.app, &actors::super_admin(booking.admin)).await.unwrap();
    let started = booking.start(by_bank("deposit", "540.98")).await.assert_status(200);
    (booking, started)
}

fn by_bank(option: &str, sum: &str) -> Value {
    let mut ask = Booking::body(option, sum, "GBP");
    ask["method"] = "bank_transfer".into();
    ask
}

fn line(sum: &str, number: &str, day: &str) -> Value {
    json!({ "received": { "amount": sum, "currency": "GBP" }, "value_date": day, "bank_reference": number })
}

async fn arrives(t: &TestApp, booking: &Booking, line: Value) -> Reply {
    staff(t, booking).await.post(&format!("/admin/bookings/{}/bank-receipts", booking.quote), line).await
}

async fn rows(t: &TestApp, booking: &Booking) -> Vec<(String, PaymentStatus, Option<String>)> {
    let all = booking.payments(t).await.into_iter();
    all.map(|row| (row.amount.to_string(), row.payment_status, row.failure_code)).collect()
}

testkit::both! {
    /// G8, R-PY-35: the platform's account and a reference of one's own; the row waits for the bank.
    async fn g8_what_the_bank_shows_is_what_counts(t: TestApp) {
        let (booking, started) = chosen(&t).await;
        assert_eq!((started.str("/transfer/iban"), started.str("/transfer/money/amount")), ("DE75512108001245126199", "540.98"));
        let reference = started.str("/transfer/reference").to_owned();
        assert!(reference.len() == 11 && reference.starts_with("HL-"), "{reference}");
        // R-PY-06: five days from now, once.
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        assert_eq!(checkout.str("/appointment/hold_expires_at"), "2026-03-07T10:00:00Z");
        assert_eq!(checkout.at("/methods"), &json!(["card", "bank_transfer"]));
        let again = booking.start(by_bank("deposit", "540.98")).await.assert_status(200);
        assert_eq!(again.str("/transfer/reference"), reference, "asked twice, one attempt");

        t.at("2026-03-05T09:00:00Z");
        arrives(&t, &booking, line("530.00", "A1", "2026-03-06")).await.assert_field("value_date", "day_out_of_range");
        arrives(&t, &booking, line("530.00", "A", "2026-03-05")).await.assert_field("bank_reference", "invalid");
        let euros = json!({ "received": { "amount": "530.00", "currency": "EUR" }, "value_date": "2026-03-05", "bank_reference": "A1x" });
        arrives(&t, &booking, euros).await.assert_field("received", "currency_mismatch");
        arrives(&t, &booking, line("530.00", "A-1", "2026-03-05")).await.assert_status(201);
        let known = [
            ("540.98".to_owned(), PaymentStatus::Failed, Some("amount_differs".to_owned())),
            ("530.00".to_owned(), PaymentStatus::Completed, None),
        ];
        assert_eq!(rows(&t, &booking).await, known);
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted);
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!((view.str("/payment/state"), view.str("/payment/paid/amount")), ("partial", "530.00"));
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        assert_eq!((checkout.str("/options/0/now/amount"), checkout.at("/installments")), ("10.98", &json!([])));

        arrives(&t, &booking, line("530.00", "A-1", "2026-03-05")).await.assert_problem(409, "duplicate_transaction");
        arrives(&t, &booking, line("10.98", "A-2", "2026-03-05")).await.assert_status(201);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert_eq!((balance.paid, balance.due), (amount("540.98"), amount("1622.93")));
        assert_eq!(booking.ledger(&t).await.len(), 4);
    }

    /// R-PY-06: the hold is made longer once; who changes between card and transfer gains nothing.
    async fn the_hold_is_made_longer_once(t: TestApp) {
        let (booking, _) = chosen(&t).await;
        for hour in ["2026-03-04T10:00:00Z", "2026-03-06T10:00:00Z"] {
            t.at(hour);
            booking.start_deposit().await.assert_status(200);
            booking.start(by_bank("deposit", "540.98")).await.assert_status(200);
            let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
            assert_eq!(checkout.str("/appointment/hold_expires_at"), "2026-03-07T10:00:00Z", "{hour}");
        }
    }

    /// The rest of a part may be paid by card; the card attempt asks for no more than that.
    async fn what_is_missing_is_paid_by_card(t: TestApp) {
        let (booking, _) = chosen(&t).await;
        arrives(&t, &booking, line("530.00", "A-1", "2026-03-02")).await.assert_status(201);
        booking.start(Booking::body("deposit", "540.98", "GBP")).await.assert_problem(409, "amount_changed");
        let started = booking.start(Booking::body("deposit", "10.98", "GBP")).await.assert_status(200);
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(payments::balance(t.conn(), booking.quote).await.unwrap().due, amount("1622.93"));
    }

    /// The exact amount completes the row that waited; more than the price goes back by transfer, which people send.
    async fn the_exact_amount_and_too_much(t: TestApp) {
        let (booking, started) = chosen(&t).await;
        let got = arrives(&t, &booking, line("540.98", "A-1", "2026-03-02")).await.assert_status(201);
        assert_eq!(got.str("/payment_id"), started.str("/payment/id"));
        let kept = booking.payments(&t).await[0].metadata.clone().unwrap();
        assert_eq!(kept["value_date"], json!("2026-03-02"), "the bank's own day is kept");
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        arrives(&t, &booking, line("1700.00", "A-2", "2026-03-02")).await.assert_status(201);
        t.run_jobs(&registry()).await;
        let desk = staff(&t, &booking).await;
        let waiting = desk.get("/admin/bank-transfers?filter[refunds]=true").await.assert_status(200);
        assert_eq!((waiting.at("/meta/total"), waiting.str("/data/0/money/amount")), (&json!(1), "77.07"));
        let path = format!("/admin/bank-transfers/{}/sent", waiting.str("/data/0/payment_id"));
        desk.post(&path, json!({ "bank_reference": "x" })).await.assert_field("bank_reference", "invalid");
        desk.post(&path, json!({ "bank_reference": "OUT-77" })).await.assert_status(204);
        desk.post(&path, json!({ "bank_reference": "OUT-77" })).await.assert_problem(409, "invalid_transition");
        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert_eq!((balance.paid, balance.due), (amount("2163.91"), amount("0.00")));
    }

    /// R-PY-36: a hold that ends while a part is there gives slot and money back; so does money that comes later.
    async fn a_part_goes_back_with_the_hold(t: TestApp) {
        let (booking, _) = chosen(&t).await;
        arrives(&t, &booking, line("530.00", "A-1", "2026-03-02")).await.assert_status(201);
        t.at("2026-03-07T10:01:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Quote);
        let back = |rows: Vec<payments::entity::payments::Model>| -> Vec<String> {
            let refunds = rows.into_iter().filter(|row| row.payment_type == PaymentType::Refund);
            refunds.map(|row| { assert_eq!((row.payment_method, row.payment_status), (PaymentMethod::BankTransfer, PaymentStatus::Pending)); row.amount.to_string() }).collect()
        };
        assert_eq!(back(booking.payments(&t).await), ["530.00"]);
        transfer::hold_released(&t.app, booking.quote).await.unwrap();
        assert_eq!(back(booking.payments(&t).await), ["530.00"], "once");
        arrives(&t, &booking, line("10.98", "A-2", "2026-03-07")).await.assert_status(201);
        assert_eq!(booking.status(&t).await, QuoteStatus::Quote, "a part does not take the date again");
        assert_eq!(back(booking.payments(&t).await), ["530.00", "10.98"]);
    }

    /// R-PY-34: all of it, but late: the date is taken again while it is free.
    async fn a_late_transfer_takes_the_date_again(t: TestApp) {
        let (booking, _) = chosen(&t).await;
        t.at("2026-03-07T10:01:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Quote);
        arrives(&t, &booking, line("540.98", "A-1", "2026-03-07")).await.assert_status(201);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
    }

    /// A balance that never comes is no longer waited for after two weeks.
    async fn old_transfers_are_given_up(t: TestApp) {
        let (booking, _) = chosen(&t).await;
        arrives(&t, &booking, line("540.98", "A-1", "2026-03-02")).await.assert_status(201);
        booking.start(by_bank("balance", "1622.93")).await.assert_status(200);
        for (day, open) in [("2026-03-16T09:59:00Z", 1), ("2026-03-16T10:01:00Z", 0)] {
            t.at(day);
            transfer::give_up_old(&t.app).await.unwrap();
            let pending = booking.payments(&t).await.into_iter().filter(|row| row.payment_status == PaymentStatus::Pending);
            assert_eq!(pending.count(), open, "{day}");
        }
    }

    /// Without an account nobody is offered to send money anywhere; plans are paid by card (R-PY-40).
    async fn transfers_are_offered_where_they_are_taken(t: TestApp) {
        let booking = g1(&t).await;
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        assert_eq!(checkout.at("/methods"), &json!(["card"]));
        booking.start(by_bank("deposit", "540.98")).await.assert_field("method", "method_unavailable");
        payments::seed::bank_account(&t.app, &actors::super_admin(booking.admin)).await.unwrap();
        let mut parts = by_bank("installments", "721.31");
        parts["installments"] = 3.into();
        parts["accept_automatic_charges"] = true.into();
        booking.start(parts).await.assert_field("method", "card_needed");
        booking.client().post(&format!("/admin/bookings/{}/bank-receipts", booking.quote), line("1.00", "A-1", "2026-03-02")).await.assert_status(403);
        booking.client().get("/admin/bank-transfers").await.assert_status(403);
    }

    /// Two of the staff enter the same line at once: it counts once.
    async fn the_same_line_twice_at_once(t: TestApp) {
        let (booking, _) = chosen(&t).await;
        let actor = proven(&t, &booking).await;
        let receipt: receipts::BankReceipt = serde_json::from_value(line("530.00", "A-1", "2026-03-02")).unwrap();
        let one = || receipts::record(&t.app, &actor, booking.quote, &receipt);
        let (first, second) = tokio::join!(one(), one());
        let mut codes: Vec<String> = [first, second].into_iter().map(|done| done.map_or_else(|error| error.code.into_owned(), |_| "booked".to_owned())).collect();
        codes.sort();
        assert_eq!(codes, ["booked", "duplicate_transaction"]);
        assert_eq!(payments::balance(t.conn(), booking.quote).await.unwrap().paid, amount("530.00"));
    }
}
