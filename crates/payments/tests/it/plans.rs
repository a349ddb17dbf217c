//! Paying in parts: G2, G3 and what surrounds them (R-PY-37 to 45).

use kernel::{Currency, Money};
use payments::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
use payments::entity::installment_schedule_items::{self as items, InstallmentScheduleItemStatus as ItemStatus};
use payments::entity::payments::{PaymentStatus, PaymentType};
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};
use serde_json::{Value, json};
use testkit::{Reply, TestApp, at};

use crate::desk::staff;
use crate::support::{Booking, amount, offer, registry};

pub const GOOD: &str = "4242424242424242";
/// Kept without trouble, refused when it is charged later.
const LATER_REFUSED: &str = "4000000000000341";

/// An accepted offer in dollars with its slot on a day.
pub async fn booked(t: &TestApp, price: &str, day: &str) -> Booking {
    t.at("2026-03-02T10:00:00Z");
    let booking = offer(t, "US", Money::new(amount(price), Currency::USD)).await;
    let slot = quotes::ActiveModel {
        id: Set(booking.quote),
        appointment_slot_at: Set(Some(at(&format!("{day}T06:00:00Z")))),
        treatment_date: Set(json!([{ "date": day, "price": price }])),
        ..Default::default()
    };
    slot.update(t.conn()).await.unwrap();
    booking.accept(t).await;
    booking
}

fn parts_body(count: u8, first: &str) -> Value {
    let mut body = Booking::body("installments", first, "USD");
    body["installments"] = count.into();
    body["accept_automatic_charges"] = true.into();
    body
}

pub async fn begin(t: &TestApp, booking: &Booking, count: u8, first: &str, card: &str) -> Reply {
    let started = booking.start(parts_body(count, first)).await.assert_status(200);
    booking.confirm(&started, card).await.assert_status(200);
    t.run_jobs(&registry()).await;
    started
}

pub async fn plan(t: &TestApp) -> plans::Model {
    plans::Entity::find().order_by_desc(plans::Column::Id).one(t.conn()).await.unwrap().unwrap()
}

pub async fn parts(t: &TestApp) -> Vec<(String, String, ItemStatus)> {
    let plan = plan(t).await;
    let all = items::Entity::find().order_by_asc(items::Column::Number).all(t.conn()).await.unwrap();
    let own = all.into_iter().filter(|item| item.plan_id == plan.id);
    own.map(|item| (item.due_date.to_string(), item.amount.to_string(), item.status)).collect()
}

/// The clock reaches a morning, and what is due is done.
pub async fn morning(t: &TestApp, day: &str) {
    t.at(&format!("{day}T03:00:00Z"));
    payments::service::plans::charge_due(&t.app).await.unwrap();
    t.run_jobs(&registry()).await;
}

pub async fn told(booking: &Booking, t: &TestApp, key: &str) -> usize {
    booking.told(t).await.iter().filter(|told| *told == key).count()
}

testkit::both! {
    /// G2, R-PY-39, R-PY-45: due every thirty days from the checkout on, and as many completed as are paid.
    async fn g2_three_payments_and_no_fee(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        let counts: Vec<i64> = checkout.at("/installments").as_array().unwrap().iter().map(|plan| plan["count"].as_i64().unwrap()).collect();
        assert_eq!(counts, [2, 3]);
        assert_eq!(checkout.str("/installments/1/items/2/money/amount"), "666.66");
        booking.start(parts_body(4, "500.00")).await.assert_problem(422, "installments_unavailable");
        booking.start(parts_body(3, "666.66")).await.assert_problem(409, "amount_changed");
        let mut without = parts_body(3, "666.67");
        without["accept_automatic_charges"] = false.into();
        booking.start(without).await.assert_field("accept_automatic_charges", "required");

        begin(&t, &booking, 3, "666.67", GOOD).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed, "the first part confirms, without a deposit beside it");
        let wanted = |status: ItemStatus| {
            [("2026-03-02", "666.67", ItemStatus::Paid), ("2026-04-01", "666.67", status), ("2026-05-01", "666.66", status)]
                .map(|(day, sum, status)| (day.to_owned(), sum.to_owned(), status))
        };
        assert_eq!(parts(&t).await, wanted(ItemStatus::Scheduled));
        let first = &booking.payments(&t).await[0];
        assert_eq!((first.payment_type, first.is_installment, first.installment_number, first.total_installments), (PaymentType::Deposit, true, Some(1), Some(3)));

        // R-PY-41: told three days ahead, once; charged on the day.
        for (day, before) in [("2026-03-28", 0), ("2026-03-29", 1), ("2026-03-29", 1)] {
            t.at(&format!("{day}T09:00:00Z"));
            payments::service::plans::remind_items(&t.app).await.unwrap();
            assert_eq!(told(&booking, &t, "payment.due_reminder").await, before, "{day}");
        }
        morning(&t, "2026-03-31").await;
        assert_eq!(booking.payments(&t).await.len(), 1, "not a day early");
        morning(&t, "2026-04-01").await;
        morning(&t, "2026-04-01").await;
        assert_eq!(booking.payments(&t).await.len(), 2, "charged once");
        // A run that was missed is made up for.
        morning(&t, "2026-05-03").await;
        assert_eq!(parts(&t).await, wanted(ItemStatus::Paid));
        let done = plan(&t).await;
        assert_eq!((done.status, done.completed_installments), (PlanStatus::Completed, 3));
        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert_eq!((balance.paid, balance.due), (amount("2000.00"), amount("0.00")));
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!(view.str("/payment/state"), "fully_paid");
    }

    /// G3, R-PY-42, 43: three retries, default, cure, and a cancellation afterwards.
    async fn g3_default_cure_and_cancellation(t: TestApp) {
        let booking = booked(&t, "2500.00", "2026-09-07").await;
        begin(&t, &booking, 4, "625.00", LATER_REFUSED).await;
        for day in ["2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05", "2026-04-07", "2026-04-08"] {
            morning(&t, day).await;
        }
        let failed: Vec<_> = booking.payments(&t).await.into_iter().filter(|row| row.payment_status == PaymentStatus::Failed).collect();
        assert_eq!(failed.len(), 4, "on 04-01, 04-02, 04-04 and 04-08");
        assert_eq!((plan(&t).await.status, parts(&t).await[1].2), (PlanStatus::Defaulted, ItemStatus::Failed));
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed, "people decide, nothing ends by itself");
        assert_eq!(told(&booking, &t, "payment.plan_defaulted").await, 1);
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!(view.str("/payment/state"), "at_risk");

        // A new card, and the patient pays the part that is overdue.
        t.at("2026-04-10T12:00:00Z");
        let card = json!({ "card": { "number": GOOD, "exp_month": 12, "exp_year": 2030, "cvc": "123" }, "consent": true });
        booking.client().post("/payment-methods", card).await.assert_status(201);
        let pay = |number: u8, sum: &str| (format!("/bookings/{}/installments/items/{number}/pay", booking.quote), json!({ "expected_amount": { "amount": sum, "currency": "USD" } }));
        let (path, ask) = pay(3, "625.00");
        booking.client().post(&path, ask).await.assert_problem(409, "earlier_installment_open");
        let (path, ask) = pay(2, "625.00");
        let started = booking.client().post(&path, ask).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let cured = plan(&t).await;
        assert_eq!((cured.status, cured.completed_installments), (PlanStatus::Active, 2));
        assert_eq!(parts(&t).await[2], ("2026-05-01".to_owned(), "625.00".to_owned(), ItemStatus::Scheduled));

        // 140 days before: 90 % of 1,250.00, newest first.
        t.at("2026-04-20T10:00:00Z");
        booking.client().multipart(&format!("/bookings/{}/cancellation", booking.quote), &[("reason", "My plans have changed.")], &[]).await.assert_status(200);
        assert_eq!(plan(&t).await.status, PlanStatus::Cancelled);
        assert!(parts(&t).await[2..].iter().all(|(_, _, status)| *status == ItemStatus::Cancelled));
        let request = booking::entity::cancellation_requests::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((request.days_before, request.proposed_amount), (140, amount("1125.00")));
        let grant = json!({ "version": 1, "reason": "The policy for this day before the treatment.", "confirm_amount": "1125.00" });
        staff(&t, &booking).await.post(&format!("/admin/refunds/{}/approve", request.id), grant).await.assert_status(204);
        t.run_jobs(&registry()).await;
        let rows = booking.payments(&t).await;
        let back: Vec<String> = rows.iter().filter(|row| row.payment_type == PaymentType::Refund).map(|row| row.amount.to_string()).collect();
        assert_eq!(back, ["625.00", "500.00"]);
        let of = |number| rows.iter().find(|row| row.installment_number == Some(number) && row.paid_at.is_some()).unwrap().payment_status;
        assert_eq!((of(2), of(1)), (PaymentStatus::Refunded, PaymentStatus::Completed));
        assert!(booking.ledger(&t).await.contains(&"PlatformRevenue USD 0.00/125.00".to_owned()));
        morning(&t, "2026-05-01").await;
        assert_eq!(booking.payments(&t).await.len(), rows.len(), "nothing more is charged");
    }

    /// R-PY-43: staff charge a failed part again, or count money that came another way; both need a reason and a proof.
    async fn staff_take_a_default_up(t: TestApp) {
        let booking = booked(&t, "2500.00", "2026-09-07").await;
        begin(&t, &booking, 4, "625.00", LATER_REFUSED).await;
        for day in ["2026-04-01", "2026-04-02", "2026-04-04", "2026-04-08"] {
            morning(&t, day).await;
        }
        let id = plan(&t).await.id;
        let desk = staff(&t, &booking).await;
        let path = format!("/admin/installment-plans/{id}/retry");
        desk.post(&path, json!({ "reason": "short" })).await.assert_field("reason", "reason_length");
        let why = json!({ "reason": "The patient renewed the card this morning." });
        let refused = desk.post(&path, why.clone()).await.assert_status(200);
        assert_eq!((refused.at("/paid"), plan(&t).await.status), (&json!(0), PlanStatus::Defaulted));
        let card = json!({ "card": { "number": GOOD, "exp_month": 12, "exp_year": 2030, "cvc": "123" }, "consent": true });
        booking.client().post("/payment-methods", card).await.assert_status(201);
        let charged = desk.post(&path, why.clone()).await.assert_status(200);
        assert_eq!((charged.at("/paid"), plan(&t).await.status), (&json!(1), PlanStatus::Active));
        desk.post(&path, why).await.assert_problem(409, "invalid_transition");
        let list = desk.get("/admin/installment-plans").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.str("/data/0/overdue/amount")), (&json!(1), "0.00"));
        let first = booking.payments(&t).await[0].id;
        let resolve = json!({ "payment_id": first, "reason": "It was paid by bank transfer." });
        desk.post(&format!("/admin/installment-plans/{id}/resolve"), resolve).await.assert_problem(404, "not_found");
    }

    /// R-PY-43: staff end a plan in default and its booking; what comes back follows the policy.
    async fn staff_end_a_plan_in_default(t: TestApp) {
        let booking = booked(&t, "2500.00", "2026-09-07").await;
        begin(&t, &booking, 4, "625.00", LATER_REFUSED).await;
        let path = format!("/admin/installment-plans/{}/cancel", plan(&t).await.id);
        let why = json!({ "reason": "The patient no longer answers our calls." });
        staff(&t, &booking).await.post(&path, why.clone()).await.assert_problem(409, "invalid_transition");
        for day in ["2026-04-01", "2026-04-02", "2026-04-04", "2026-04-08"] {
            morning(&t, day).await;
        }
        let desk = staff(&t, &booking).await;
        desk.post(&path, json!({ "reason": "short" })).await.assert_field("reason", "reason_length");
        booking.api.as_actor(testkit::actors::super_admin(booking.admin)).post(&path, why.clone()).await.assert_status(401);
        let done = desk.post(&path, why.clone()).await.assert_status(200);
        assert_eq!((plan(&t).await.status, booking.status(&t).await), (PlanStatus::Cancelled, QuoteStatus::Cancelled));
        let request = booking::entity::cancellation_requests::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(done.str("/cancellation_request_id"), request.id.to_string());
        // 152 days before: 90 % of the one part that was paid.
        assert_eq!((request.paid_amount, request.proposed_amount), (amount("625.00"), amount("562.50")));
        desk.post(&path, why).await.assert_problem(409, "invalid_transition");
    }

    /// R-PY-44: the rest may be paid at once; then nothing more is charged.
    async fn the_rest_is_paid_off_once(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        begin(&t, &booking, 3, "666.67", GOOD).await;
        t.at("2026-03-20T10:00:00Z");
        let ask = json!({ "expected_amount": { "amount": "1333.33", "currency": "USD" } });
        let started = booking.client().post(&format!("/bookings/{}/installments/pay-off", booking.quote), ask).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!((plan(&t).await.status, plan(&t).await.completed_installments), (PlanStatus::Completed, 3));
        for day in ["2026-04-01", "2026-05-01"] {
            morning(&t, day).await;
        }
        assert_eq!(booking.payments(&t).await.len(), 2);
    }

    /// R-PY-40: whoever chooses anew at checkout has no plan any more; one whose hold ends has none either.
    async fn a_plan_ends_with_the_choice_that_made_it(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        booking.start(parts_body(3, "666.67")).await.assert_status(200);
        let same = booking.start(parts_body(3, "666.67")).await.assert_status(200);
        assert_eq!(plans::Entity::find().all(t.conn()).await.unwrap().len(), 1, "asked twice, one plan");
        booking.start(parts_body(2, "1000.00")).await.assert_status(200);
        booking.start(Booking::body("deposit", "500.00", "USD")).await.assert_status(200);
        let all = plans::Entity::find().all(t.conn()).await.unwrap();
        assert!(all.len() == 2 && all.iter().all(|plan| plan.status == PlanStatus::Cancelled), "{all:?}");
        booking.confirm(&same, GOOD).await.assert_problem(409, "intent_canceled");
        booking.start(parts_body(3, "666.67")).await.assert_status(200);
        t.at("2026-03-04T10:00:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!(plan(&t).await.status, PlanStatus::Cancelled);
        morning(&t, "2026-04-01").await;
        assert_eq!(booking.payments(&t).await.iter().filter(|row| row.installment_number == Some(2)).count(), 0);
    }

    /// R-PY-40: small prices are paid at once, and plans can be switched off.
    async fn small_prices_have_no_plan(t: TestApp) {
        let booking = booked(&t, "499.99", "2026-09-07").await;
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        assert_eq!(checkout.at("/installments"), &json!([]));
        booking.start(parts_body(2, "250.00")).await.assert_problem(422, "installments_unavailable");
    }

    /// Races 7 and 8: two workers on a due date, and a patient who pays while the clock does: one attempt per part.
    async fn a_part_is_charged_once_whoever_comes(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        begin(&t, &booking, 3, "666.67", GOOD).await;
        t.at("2026-04-01T03:00:00Z");
        let (one, two) = tokio::join!(payments::service::plans::charge_due(&t.app), payments::service::plans::charge_due(&t.app));
        one.and(two).unwrap();
        t.run_jobs(&registry()).await;
        let second = booking.payments(&t).await.into_iter().filter(|row| row.installment_number == Some(2)).count();
        assert_eq!(second, 1);
        t.at("2026-05-01T03:00:00Z");
        let ask = json!({ "expected_amount": { "amount": "666.66", "currency": "USD" } });
        let path = format!("/bookings/{}/installments/items/3/pay", booking.quote);
        let client = booking.client();
        let (started, charged) = tokio::join!(client.post(&path, ask), payments::service::plans::charge_due(&t.app));
        charged.unwrap();
        if started.status == 200 {
            booking.confirm(&started, GOOD).await;
        } else {
            assert!(matches!(started.json["code"].as_str(), Some("payment_in_progress" | "already_paid")), "{}", started.text());
        }
        t.run_jobs(&registry()).await;
        morning(&t, "2026-05-02").await;
        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert_eq!((balance.paid, balance.due), (amount("2000.00"), amount("0.00")));
    }

    async fn cards_are_kept_by_their_last_digits_only(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        begin(&t, &booking, 3, "666.67", GOOD).await;
        let list = booking.client().get("/payment-methods").await.assert_status(200);
        assert_eq!((list.str("/0/last4"), list.at("/0/is_default")), ("4242", &json!(true)));
        assert!(!list.text().contains(GOOD));
        let id = list.str("/0/id").to_owned();
        booking.client().delete(&format!("/payment-methods/{id}")).await.assert_problem(409, "payment_method_in_use");
        let declined = json!({ "card": { "number": "4000000000000002", "exp_month": 12, "exp_year": 2030, "cvc": "123" }, "consent": true });
        booking.client().post("/payment-methods", declined).await.assert_field("card.number", "card_declined");
        let other = json!({ "card": { "number": "5555555555554444", "exp_month": 12, "exp_year": 2030, "cvc": "123" } });
        booking.client().post("/payment-methods", other.clone()).await.assert_field("consent", "required");
        let mut other = other;
        other["consent"] = true.into();
        booking.client().post("/payment-methods", other).await.assert_status(201);
        booking.client().delete(&format!("/payment-methods/{id}")).await.assert_status(204);
        let left = booking.client().get("/payment-methods").await.assert_status(200);
        assert_eq!((left.json.as_array().unwrap().len(), left.str("/0/brand")), (1, "mastercard"));
        let stranger = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", "Rival")).await.unwrap();
        let client = booking.api.as_actor(testkit::actors::patient(stranger.id));
        client.delete(&format!("/payment-methods/{}", left.str("/0/id"))).await.assert_problem(404, "not_found");
        client.get(&format!("/bookings/{}/installments", booking.quote)).await.assert_problem(404, "not_found");
    }

    /// R-PY-21: a balance is reminded of three days ahead and on its day, then it is overdue; each once.
    async fn balances_are_reminded_of(t: TestApp) {
        let booking = crate::support::g1(&t).await;
        let started = booking.start_deposit().await;
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        for (when, reminders, overdue) in [
            ("2026-06-05T08:59:00Z", 0, 0), ("2026-06-05T09:00:00Z", 1, 0), ("2026-06-06T09:00:00Z", 1, 0), ("2026-06-08T08:00:00Z", 1, 0),
            ("2026-06-08T09:00:00Z", 2, 0), ("2026-06-09T09:00:00Z", 2, 1), ("2026-06-10T09:00:00Z", 2, 1), ("2026-06-15T09:00:00Z", 2, 2),
        ] {
            t.at(when);
            for _ in 0..2 {
                payments::service::plans::remind_balances(&t.app).await.unwrap();
            }
            assert_eq!((told(&booking, &t, "payment.due_reminder").await, told(&booking, &t, "payment.overdue").await), (reminders, overdue), "{when}");
        }
    }

    /// R-PY-65: every paper is a PDF, for its patient and for staff.
    async fn papers_are_read_as_pdf(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        begin(&t, &booking, 3, "666.67", GOOD).await;
        let list = booking.client().get(&format!("/bookings/{}/documents", booking.quote)).await.assert_status(200);
        let papers = list.json.as_array().unwrap();
        assert_eq!(papers.len(), 2);
        for paper in papers {
            let path = format!("/documents/{}/file", paper["id"].as_str().unwrap());
            for lang in ["", "?lang=tr"] {
                let file = booking.client().get(&format!("{path}{lang}")).await.assert_status(200);
                assert_eq!(file.headers["content-type"], "application/pdf");
                assert!(file.body.starts_with(b"%PDF-") && file.body.len() > 2_000);
            }
            let other = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", paper["number"].as_str().unwrap().get(..3).unwrap())).await.unwrap();
            booking.api.as_actor(testkit::actors::patient(other.id)).get(&path).await.assert_problem(404, "not_found");
            staff(&t, &booking).await.get(&path).await.assert_status(200);
            let owner = testkit::actors::clinic_owner(booking.clinician, booking.provider);
            booking.api.as_actor(owner).get(&path).await.assert_status(403);
        }
    }

    /// R-PY-42: a card given for a running plan is kept where the plan charges, whatever is mapped to whom since.
    async fn r_py_42_a_new_card_is_kept_where_the_plan_charges(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        begin(&t, &booking, 3, "666.67", GOOD).await;
        let began = booking.payments(&t).await[0].gateway_account_id;
        let desk = staff(&t, &booking).await;
        let body = json!({ "name": "America", "mode": "test", "routing": { "countries": ["US"] }, "reason": "Cards of Americans are charged in America." });
        desk.post("/admin/settings/gateway-accounts", body).await.assert_status(201);
        let card = json!({ "card": { "number": "5555555555554444", "exp_month": 12, "exp_year": 2031, "cvc": "123" }, "consent": true });
        booking.client().post("/payment-methods", card).await.assert_status(201);
        morning(&t, "2026-04-01").await;
        let rows = booking.payments(&t).await;
        let second = rows.iter().find(|row| row.installment_number == Some(2)).unwrap();
        assert_eq!((second.gateway_account_id, second.payment_status), (began, PaymentStatus::Completed));
        assert_eq!(second.metadata.as_ref().unwrap()["card_last4"], "4444", "the new card is charged");
    }
}
