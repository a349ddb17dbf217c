//! What patients owe, as staff look after it (R-PY-21, R-PY-66).

use kernel::{Currency, Money};
use payments::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
use payments::entity::payment_histories::{self, PaymentHistoryEvent};
use platform::db::count_statements;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors};

use crate::desk::staff;
use crate::doors::Tab;
use crate::plans::{GOOD, begin, told};
use crate::support::{Booking, amount, another, dollars, proven, registry};

const WHY: &str = "The patient pays on Friday, says the call of today.";

fn usd(text: &str) -> Money {
    Money::new(amount(text), Currency::USD)
}

async fn deposit(t: &TestApp, booking: &Booking, price: &str) {
    let started = booking.start(Booking::body("deposit", price, "USD")).await.assert_status(200);
    booking.confirm(&started, GOOD).await.assert_status(200);
    t.run_jobs(&registry()).await;
}

async fn listed(desk: &Client, standing: &str) -> Vec<(String, String)> {
    let path = format!("/admin/invoices?filter[standing]={standing}");
    let page = desk.get(&path).await.assert_status(200);
    let text = |it: &Value, pointer: &str| it.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    page.at("/data").as_array().unwrap().iter().map(|it| (text(it, "/id"), text(it, "/state"))).collect()
}

testkit::both! {
    async fn r_py_66_at_risk_and_overdue_come_first(t: TestApp) {
        let late = dollars(&t).await;
        let open = another(&t, &late, 90, "US", usd("1000.00")).await;
        let risky = another(&t, &late, 80, "US", usd("1500.00")).await;
        let whole = another(&t, &late, 70, "US", usd("800.00")).await;
        deposit(&t, &open, "250.00").await;
        begin(&t, &risky, 3, "500.00", GOOD).await;
        deposit(&t, &late, "500.00").await;
        let started = whole.start(Booking::body("full", "800.00", "USD")).await.assert_status(200);
        whole.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        plans::Entity::update_many().set(plans::ActiveModel { status: Set(PlanStatus::Defaulted), ..Default::default() }).exec(t.conn()).await.unwrap();
        t.at("2026-06-10T10:00:00Z");
        let desk = staff(&t, &late).await;
        let (risky_id, late_id, open_id, whole_id) = (risky.quote.to_string(), late.quote.to_string(), open.quote.to_string(), whole.quote.to_string());
        let state = |id: &str, state: &str| (id.to_owned(), state.to_owned());
        assert_eq!(listed(&desk, "open").await, [state(&risky_id, "at_risk"), state(&late_id, "overdue"), state(&open_id, "deposit_paid")]);
        assert_eq!(listed(&desk, "at_risk").await, [state(&risky_id, "at_risk")]);
        assert!(listed(&desk, "overdue").await.contains(&state(&late_id, "overdue")));
        assert_eq!(listed(&desk, "paid").await, [state(&whole_id, "fully_paid")]);
        let (page, statements) = count_statements(desk.get("/admin/invoices")).await;
        assert!(statements <= 8, "{statements}");
        let first = page.assert_status(200);
        assert_eq!((first.str("/data/1/due/amount"), first.str("/data/1/due_on"), first.str("/data/1/booking_reference").get(..4)), ("1500.00", "2026-06-08", Some("BKG-")));
        let found = desk.get(&format!("/admin/invoices?q={}", first.str("/data/1/booking_reference"))).await.assert_status(200);
        assert_eq!(found.at("/meta/total"), &json!(1));
        late.client().get("/admin/invoices").await.assert_status(403);
        late.api.as_actor(actors::staff(late.admin, "support_staff")).get("/admin/invoices").await.assert_status(403);
    }

    async fn r_py_21_staff_remind_once_a_day(t: TestApp) {
        let booking = dollars(&t).await;
        let desk = staff(&t, &booking).await;
        let remind = async || desk.post(&format!("/admin/invoices/{}/remind", booking.quote), json!({})).await;
        remind().await.assert_problem(409, "nothing_due");
        deposit(&t, &booking, "500.00").await;
        remind().await.assert_status(204);
        let refused = remind().await.assert_problem(429, "rate_limited");
        assert_eq!(refused.get::<u64>("/retry_after"), 24 * 3600);
        assert_eq!(told(&booking, &t, "payment.due_reminder").await, 1);
        let seen = desk.get("/admin/invoices").await.assert_status(200);
        assert!(seen.at("/data/0/reminded_at").is_string());
        t.advance(chrono::TimeDelta::hours(24));
        let desk = staff(&t, &booking).await;
        desk.post(&format!("/admin/invoices/{}/remind", booking.quote), json!({})).await.assert_status(204);
        assert_eq!(told(&booking, &t, "payment.due_reminder").await, 2);
        desk.post(&format!("/admin/invoices/{}/remind", kernel::ids::QuoteId::new()), json!({})).await.assert_status(404);
        booking.client().post(&format!("/admin/invoices/{}/remind", booking.quote), json!({})).await.assert_status(403);
    }

    /// Whoever reminds somebody from the middle of the list is there again afterwards, told once.
    async fn an_action_leads_back_to_where_one_was(t: TestApp) {
        let booking = dollars(&t).await;
        deposit(&t, &booking, "500.00").await;
        let desk = Tab::of(&t, crate::desk::proven(&t, &booking).await);
        let remind = format!("/admin/invoices/{}/remind", booking.quote);
        let back = desk.post(&remind, &[("list", "page=2&q=Jane%20D&done=old")]).await.assert_status(303);
        assert_eq!(back.headers["location"], "/admin/invoices?page=2&q=Jane%20D&done=invoice-reminded");
        t.advance(chrono::TimeDelta::hours(25));
        let desk = Tab::of(&t, crate::desk::proven(&t, &booking).await);
        let plain = desk.post(&remind, &[]).await.assert_status(303);
        assert_eq!(plain.headers["location"], "/admin/invoices?done=invoice-reminded");
    }

    /// A badge says something else; rows and sums stay, and the history keeps why.
    async fn r_py_66_an_override_changes_the_badge_and_no_sum(t: TestApp) {
        let booking = dollars(&t).await;
        let desk = staff(&t, &booking).await;
        let path = format!("/admin/invoices/{}/override-status", booking.quote);
        desk.post(&path, json!({ "badge": "promised", "reason": WHY })).await.assert_problem(409, "invalid_transition");
        deposit(&t, &booking, "500.00").await;
        let before = (booking.payments(&t).await, booking.ledger(&t).await);
        desk.post(&path, json!({ "badge": "promised", "reason": "soon" })).await.assert_status(422).assert_field("reason", "reason_length");
        desk.post(&path, json!({ "badge": "paid", "reason": WHY })).await.assert_status(422);
        desk.post(&path, json!({ "badge": "promised", "reason": WHY })).await.assert_status(204);
        let seen = desk.get("/admin/invoices").await.assert_status(200);
        assert_eq!((seen.str("/data/0/overridden/badge"), seen.str("/data/0/overridden/reason"), seen.str("/data/0/state"), seen.str("/data/0/due/amount")), ("promised", WHY, "deposit_paid", "1500.00"));
        assert_eq!((booking.payments(&t).await, booking.ledger(&t).await), before, "no row and no sum changes");
        let kept = payment_histories::Entity::find().filter(payment_histories::Column::Event.eq(PaymentHistoryEvent::Override));
        let kept = kept.all(t.conn()).await.unwrap();
        assert_eq!((kept.len(), kept[0].reason.as_deref(), kept[0].actor_id), (1, Some(WHY), Some(booking.admin.any())));
        booking.history(&t, kept[0].payment_id).await;
        desk.post(&path, json!({ "badge": null, "reason": WHY })).await.assert_status(204);
        assert!(desk.get("/admin/invoices").await.at("/data/0/overridden").is_null());
        t.advance(chrono::TimeDelta::minutes(6));
        desk.post(&path, json!({ "badge": "promised", "reason": WHY })).await.assert_problem(403, "reauth_required");
        booking.client().post(&path, json!({ "badge": "promised", "reason": WHY })).await.assert_status(403);
        proven(&t).await;
    }
}
