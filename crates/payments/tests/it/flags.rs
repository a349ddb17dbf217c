//! Flags of bookings (R-PY-17, R-PY-53): they change no status and no sum.

use catalogue::entity::currencies::{self, CurrencyFxMode};
use chrono::TimeDelta;
use kernel::ids::{ProviderId, QuoteId};
use kernel::{Currency, Money};
use platform::db::count_statements;
use platform::entity::audit_logs;
use platform::outbox;
use quoting::entity::booking_flags::{self as flags, BookingFlagKind as Kind};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors};

use crate::desk::staff;
use crate::doors::Tab;
use crate::plans::GOOD;
use crate::support::{Booking, amount, another, dollars, offer, proven, registry};

const WHY: &str = "The patient asks for another account to pay back to.";
const MISSED: &str = "Expected at nine, the hotel says she never arrived.";

async fn confirmed(t: &TestApp) -> Booking {
    let booking = dollars(t).await;
    let started = booking.start(Booking::body("full", "2000.00", "USD")).await.assert_status(200);
    booking.confirm(&started, GOOD).await.assert_status(200);
    t.run_jobs(&registry()).await;
    booking
}

fn clinic(booking: &Booking) -> Client {
    booking.api.as_actor(actors::clinic_owner(booking.clinician, booking.provider))
}

async fn kept(t: &TestApp) -> Vec<(Kind, String, bool)> {
    let rows = flags::Entity::find().all(t.conn()).await.unwrap();
    rows.into_iter().map(|row| (row.kind, row.note, row.closed_at.is_some())).collect()
}

/// What of flags is on record: who did what.
async fn recorded(t: &TestApp) -> Vec<(String, String)> {
    let rows = audit_logs::Entity::find().filter(audit_logs::Column::Action.starts_with("booking.flag"));
    let rows = rows.order_by_asc(audit_logs::Column::Id).all(t.conn()).await.unwrap();
    rows.into_iter().map(|row| (row.action, sea_orm::ActiveEnum::to_value(&row.actor_type))).collect()
}

/// The flags of a booking that was accepted a while after its rates were fetched.
async fn accepted_after(t: &TestApp, wait: TimeDelta) -> Vec<(Kind, String, bool)> {
    t.at("2026-03-02T10:00:00Z");
    let booking = offer(t, "GB", Money::new(amount("2400.00"), Currency::EUR)).await;
    let automatic = currencies::ActiveModel { fx_mode: Set(Some(CurrencyFxMode::Auto)), ..Default::default() };
    currencies::Entity::update_many().set(automatic).exec(t.conn()).await.unwrap();
    t.advance(wait);
    booking.accept(t).await;
    kept(t).await
}

testkit::both! {
    async fn staff_raise_and_settle_flags(t: TestApp) {
        let booking = confirmed(&t).await;
        let before = (booking.payments(&t).await, booking.ledger(&t).await);
        let desk = staff(&t, &booking).await;
        let path = format!("/admin/bookings/{}/flags", booking.quote);
        desk.post(&path, json!({ "kind": "money", "note": "short" })).await.assert_status(422).assert_field("note", "reason_length");
        desk.post(&path, json!({ "kind": "weather", "note": WHY })).await.assert_status(422);
        let raised = desk.post(&path, json!({ "kind": "money", "note": WHY })).await.assert_status(201).str("/id").to_owned();
        // One of a kind at a time: the same words are the same flag, others are not lost without a word.
        assert_eq!(desk.post(&path, json!({ "kind": "money", "note": WHY })).await.assert_status(201).str("/id"), raised);
        desk.post(&path, json!({ "kind": "money", "note": MISSED })).await.assert_problem(409, "flag_open");
        assert_eq!(kept(&t).await, [(Kind::Money, WHY.to_owned(), false)]);
        let (seen, statements) = count_statements(desk.get(&path)).await;
        assert!(statements <= 8, "{statements}");
        assert_eq!((seen.str("/data/0/note"), seen.str("/data/0/raised_by"), seen.at("/meta/total")), (WHY, "User", &json!(1)));
        desk.post(&format!("{path}/{raised}/close"), json!({ "note": "ok" })).await.assert_status(422);
        desk.post(&format!("{path}/{raised}/close"), json!({ "note": MISSED })).await.assert_status(204);
        desk.post(&format!("{path}/{raised}/close"), json!({ "note": MISSED })).await.assert_problem(409, "flag_closed");
        let did = |action: &str| (action.to_owned(), "User".to_owned());
        assert_eq!(recorded(&t).await, [did("booking.flagged"), did("booking.flag_closed")], "once each");
        // A settled one may come again.
        let again = desk.post(&path, json!({ "kind": "money", "note": WHY })).await.assert_status(201).str("/id").to_owned();
        assert_ne!(again, raised);
        // Another booking's flag is not there, a stranger's booking neither.
        desk.post(&format!("/admin/bookings/{}/flags/{again}/close", QuoteId::new()), json!({ "note": MISSED })).await.assert_status(404);
        desk.get(&format!("/admin/bookings/{}/flags", QuoteId::new())).await.assert_status(404);
        booking.client().post(&path, json!({ "kind": "money", "note": WHY })).await.assert_status(403);
        clinic(&booking).get(&path).await.assert_status(403);
        booking.api.as_actor(actors::staff(booking.admin, "billing_viewer")).post(&path, json!({ "kind": "money", "note": WHY })).await.assert_status(403);
        assert_eq!((booking.payments(&t).await, booking.ledger(&t).await), before, "no row and no sum changes");
    }

    async fn a_flag_raised_twice_at_once_is_one(t: TestApp) {
        let booking = confirmed(&t).await;
        let desk = staff(&t, &booking).await;
        let path = format!("/admin/bookings/{}/flags", booking.quote);
        let ask = || desk.post(&path, json!({ "kind": "other", "note": WHY }));
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        let ids = [a, b, c].map(|reply| reply.assert_status(201).str("/id").to_owned());
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(kept(&t).await.len(), 1);
    }

    /// A no-show is a flag, no status: staff decide (R-PY-53).
    async fn r_py_53_a_clinic_reports_that_nobody_came(t: TestApp) {
        let booking = confirmed(&t).await;
        let path = format!("/bookings/{}/no-show", booking.quote);
        // The slot is at 06:00 UTC: a patient who is late may still come.
        t.at("2026-06-15T07:59:00Z");
        clinic(&booking).post(&path, json!({ "note": MISSED })).await.assert_problem(409, "no_show_too_early");
        t.at("2026-06-15T08:00:00Z");
        clinic(&booking).post(&path, json!({ "note": "no" })).await.assert_status(422).assert_field("note", "reason_length");
        clinic(&booking).post(&path, json!({ "note": MISSED })).await.assert_status(201);
        clinic(&booking).post(&path, json!({ "note": MISSED })).await.assert_status(201);
        assert_eq!(kept(&t).await, [(Kind::NoShow, MISSED.to_owned(), false)]);
        let row = flags::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.is_late, row.raised_by_type.as_str()), (false, "ProviderUser"));
        assert_eq!(booking.quote_row(&t).await.status, QuoteStatus::Confirmed);
        let told = outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
        let alerts: Vec<&Value> = told.iter().filter_map(|event| event.payload.get("alert")).collect();
        assert_eq!(alerts, [&json!("no_show")]);
        // What staff wrote themselves does not swallow the clinic's word, nor the other way round.
        let own = format!("/admin/bookings/{}/flags", booking.quote);
        staff(&t, &booking).await.post(&own, json!({ "kind": "no_show", "note": WHY })).await.assert_status(201);
        assert_eq!(kept(&t).await.len(), 2);
        booking.client().post(&path, json!({ "note": MISSED })).await.assert_status(403);
        let other = actors::clinic_owner(booking.clinician, ProviderId::new());
        booking.api.as_actor(other).post(&path, json!({ "note": MISSED })).await.assert_status(404);
        proven(&t).await;
    }

    async fn r_py_53_a_report_after_a_day_is_late(t: TestApp) {
        let booking = confirmed(&t).await;
        let held = another(&t, &booking, 40, "US", Money::new(amount("900.00"), Currency::USD)).await;
        t.at("2026-06-16T06:00:01Z");
        let path = format!("/bookings/{}/no-show", booking.quote);
        clinic(&booking).post(&path, json!({ "note": MISSED })).await.assert_status(201);
        assert!(flags::Entity::find().one(t.conn()).await.unwrap().unwrap().is_late);
        // A booking nobody waits for cannot be missed.
        t.at("2026-08-16T06:00:01Z");
        clinic(&held).post(&format!("/bookings/{}/no-show", held.quote), json!({ "note": MISSED })).await.assert_problem(409, "invalid_transition");
    }

    async fn the_pages_of_flags_keep_what_was_typed(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-06-15T09:00:00Z");
        let clinic = Tab::of(&t, actors::clinic_owner(booking.clinician, booking.provider));
        let path = format!("/provider/bookings/{}/no-show", booking.quote);
        assert!(clinic.read(&path).await.contains("The patient did not come"));
        let again = clinic.post(&path, &[("note", "too short")]).await.assert_status(422).text();
        assert!(again.contains("too short") && again.contains("note-error"), "{again}");
        clinic.post(&path, &[("note", MISSED)]).await.assert_status(303);
        let desk = Tab::of(&t, crate::desk::proven(&t, &booking).await);
        let here = format!("/admin/bookings/{}", booking.quote);
        let page = desk.read(&here).await;
        assert!(page.contains(MISSED) && page.contains("Patient did not come") && page.contains("Clinic"), "{page}");
        let again = desk.post(&format!("{here}/flags"), &[("kind", "money"), ("note", "short one")]).await.assert_status(422).text();
        assert!(again.contains("short one"), "{again}");
        desk.post(&format!("{here}/flags"), &[("kind", "money"), ("note", WHY)]).await.assert_status(303);
        assert!(desk.read("/admin/bookings?money=flagged").await.contains("BKG-2603-00001"));
        let row = flags::Entity::find().one(t.conn()).await.unwrap().unwrap();
        desk.post(&format!("{here}/flags/{}/close", row.id), &[("note", WHY)]).await.assert_status(303);
        assert!(!desk.read(&here).await.contains(MISSED));
    }

    /// A rate older than a day may lock; somebody looks at it.
    async fn r_py_17_an_old_rate_flags_the_booking(t: TestApp) {
        assert_eq!(accepted_after(&t, TimeDelta::hours(25)).await, [(Kind::OldRate, "EUR / GBP".to_owned(), false)]);
        assert_eq!(recorded(&t).await, [("booking.flagged".to_owned(), "System".to_owned())]);
        // Accepted again after its hold ran out, with other money: the flag that is open stands, and nothing is in the way.
        let row = quoting::entity::quotes::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let patient = inquiry::entity::inquiries::Entity::find().one(t.conn()).await.unwrap().unwrap().patient_id;
        let what = quoting::flags::Raised { kind: Kind::OldRate, note: "EUR / USD", is_late: false };
        let again = platform::write_txn!(t.app.db, |txn| {
            quoting::flags::raise(txn, &t.app, &kernel::Actor::system(), (patient, &row), what).await
        });
        assert!(!again.unwrap().1);
        assert_eq!((kept(&t).await.len(), recorded(&t).await.len()), (1, 1));
    }

    async fn r_py_17_a_rate_of_this_day_flags_nothing(t: TestApp) {
        assert_eq!(accepted_after(&t, TimeDelta::hours(23)).await, []);
    }
}
