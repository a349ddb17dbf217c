//! Moving a booking: R-PY-09, R-PY-44, the variants of G3, and the appointment as a calendar file (R-PY-10).

use axum::Extension;
use identity::entity::patients;
use kernel::ids::QuoteId;
use payments::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
use payments::entity::installment_schedule_items::InstallmentScheduleItemStatus as ItemStatus;
use payments::entity::payments::PaymentStatus;
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::entity::schedules::{self, ScheduleStatus};
use quoting::entity::{booking_terms, schedule_occupancies as cells};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp, actors, at};

use crate::desk::staff;
use crate::plans::{GOOD, begin, booked, morning, parts, plan, told};
use crate::support::{Booking, amount, dollars, registry};

const WHY: &str = "The surgeon is ill that week, agreed by phone.";

async fn mv(desk: &Client, quote: QuoteId, day: &str, time: &str) -> Reply {
    let to = json!({ "date": day, "time": format!("{time}:00"), "reason": WHY });
    desk.post(&format!("/admin/bookings/{quote}/reschedule"), to).await
}

async fn effect(desk: &Client, quote: QuoteId, day: &str) -> Value {
    desk.get(&format!("/admin/bookings/{quote}/reschedule-preview?date={day}")).await.assert_status(200).json
}

async fn slots(t: &TestApp, quote: QuoteId) -> Vec<schedules::Model> {
    let own = schedules::Entity::find().filter(schedules::Column::QuoteId.eq(quote));
    own.order_by_asc(schedules::Column::Id).all(t.conn()).await.unwrap()
}

async fn terms(t: &TestApp, quote: QuoteId) -> Vec<booking_terms::Model> {
    let own = booking_terms::Entity::find().filter(booking_terms::Column::QuoteId.eq(quote));
    own.order_by_asc(booking_terms::Column::Version).all(t.conn()).await.unwrap()
}

/// A deposit of 500.00 of 2,000.00 is paid.
async fn confirmed(t: &TestApp) -> Booking {
    let booking = dollars(t).await;
    let started = booking.start(Booking::body("deposit", "500.00", "USD")).await.assert_status(200);
    booking.confirm(&started, GOOD).await.assert_status(200);
    t.run_jobs(&registry()).await;
    booking
}

testkit::both! {
    /// G3, variant: no cancellation; the date moves on 04-15.
    async fn g3_the_date_moves(t: TestApp) {
        let booking = booked(&t, "2500.00", "2026-09-07").await;
        begin(&t, &booking, 4, "625.00", GOOD).await;
        morning(&t, "2026-04-01").await;
        t.at("2026-04-15T12:00:00Z");
        let desk = staff(&t, &booking).await;
        let before = (plan(&t).await.id, parts(&t).await);

        assert_eq!(effect(&desk, booking.quote, "2026-06-30").await["outcome"], "plan_unchanged");
        mv(&desk, booking.quote, "2026-06-30", "09:00").await.assert_status(204);
        assert_eq!((plan(&t).await.id, parts(&t).await), before, "05-31 fits exactly");
        // Again: the booking is there already.
        mv(&desk, booking.quote, "2026-06-30", "09:00").await.assert_status(204);
        let rows = slots(&t, booking.quote).await;
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].status, rows[0].cancel_reason.as_deref()), (ScheduleStatus::Cancelled, Some("rescheduled")));
        assert_eq!((rows[1].status, rows[1].replaces_schedule_id, rows[1].schedule_date.to_string()), (ScheduleStatus::Confirmed, Some(rows[0].id), "2026-06-30".to_owned()));
        assert_eq!(rows[1].starts_at_utc, Some(at("2026-06-30T06:00:00Z")));
        for (row, wanted) in [(&rows[0], 0), (&rows[1], 64)] {
            let held = cells::Entity::find().filter(cells::Column::ScheduleId.eq(row.id)).count(t.conn()).await.unwrap();
            assert_eq!(held, wanted, "32 quarters of an hour, for the clinic and for the clinician");
        }
        assert_eq!(booking.quote_row(&t).await.appointment_slot_at, Some(at("2026-06-30T06:00:00Z")));
        let versions = terms(&t, booking.quote).await;
        assert_eq!((versions.len(), versions[1].reason.as_deref(), versions[1].commission_amount), (2, Some(WHY), versions[0].commission_amount));
        assert_eq!(told(&booking, &t, "booking.rescheduled").await, 1);
        assert_eq!(booking.timeline(&t).await.iter().filter(|word| *word == "booking_rescheduled").count(), 1);

        let seen = effect(&desk, booking.quote, "2026-06-10").await;
        assert_eq!((&seen["outcome"], &seen["due_on"]), (&json!("single_payment"), &json!("2026-05-01")));
        mv(&desk, booking.quote, "2026-06-10", "10:15").await.assert_status(204);
        assert_eq!(plan(&t).await.status, PlanStatus::Cancelled);
        assert_eq!(parts(&t).await.iter().filter(|part| part.2 == ItemStatus::Cancelled).count(), 2);
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!((view.str("/payment/due/amount"), view.str("/payment/due_on"), view.str("/appointment/time")), ("1250.00", "2026-05-01", "10:15:00"));
        // The clock charges nothing any more; it reminds three days ahead.
        morning(&t, "2026-05-01").await;
        assert_eq!(booking.payments(&t).await.len(), 2);
        t.at("2026-04-28T09:00:00Z");
        payments::service::plans::remind_balances(&t.app).await.unwrap();
        assert_eq!(told(&booking, &t, "payment.due_reminder").await, 1);
        let started = booking.start(Booking::body("balance", "1250.00", "USD")).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(effect(&desk, booking.quote, "2026-08-01").await["outcome"], "paid");
        t.at("2026-05-02T12:00:00Z");
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!(view.str("/payment/state"), "fully_paid");
    }

    /// R-PY-44, k >= 2: a new plan takes the rest over, and the clock goes on with it.
    async fn the_rest_is_spread_anew(t: TestApp) {
        let booking = booked(&t, "1000.00", "2026-09-07").await;
        begin(&t, &booking, 5, "200.00", GOOD).await;
        let old = plan(&t).await.id;
        t.at("2026-03-10T12:00:00Z");
        let desk = staff(&t, &booking).await;
        let seen = effect(&desk, booking.quote, "2026-07-05").await;
        assert_eq!((&seen["outcome"], seen["installments"].as_array().map(Vec::len)), (&json!("plan_spread"), Some(3)));
        mv(&desk, booking.quote, "2026-07-05", "09:00").await.assert_status(204);
        let new = plan(&t).await;
        let before = plans::Entity::find_by_id(old).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((before.status, before.superseded_by), (PlanStatus::Cancelled, Some(new.id)));
        assert_eq!((new.total_amount, new.number_of_installments, new.final_payment_date.to_string()), (amount("800.00"), 3, "2026-05-31".to_owned()));
        let wanted = [("2026-04-01", "266.67"), ("2026-05-01", "266.67"), ("2026-05-31", "266.66")];
        let seen = parts(&t).await;
        assert_eq!(seen.iter().map(|part| (part.0.as_str(), part.1.as_str())).collect::<Vec<_>>(), wanted);
        t.at("2026-03-29T09:00:00Z");
        payments::service::plans::remind_items(&t.app).await.unwrap();
        assert_eq!(told(&booking, &t, "payment.due_reminder").await, 1, "its first payment too is told ahead");
        for day in ["2026-04-01", "2026-05-01", "2026-05-31"] {
            morning(&t, day).await;
        }
        let done = plan(&t).await;
        assert_eq!((done.id, done.status, done.completed_installments), (new.id, PlanStatus::Completed, 3));
        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert_eq!((balance.paid, balance.due), (amount("1000.00"), amount("0.00")));
        // The three that would have followed are charged by nobody.
        morning(&t, "2026-06-30").await;
        assert_eq!(booking.payments(&t).await.len(), 4);
    }

    /// A default of a plan that goes on is a default like every other.
    async fn a_plan_that_goes_on_can_default_and_be_cured(t: TestApp) {
        let booking = booked(&t, "1000.00", "2026-09-07").await;
        begin(&t, &booking, 5, "200.00", "4000000000000341").await;
        t.at("2026-03-10T12:00:00Z");
        mv(&staff(&t, &booking).await, booking.quote, "2026-07-05", "09:00").await.assert_status(204);
        for day in ["2026-04-01", "2026-04-02", "2026-04-04", "2026-04-08"] {
            morning(&t, day).await;
        }
        assert_eq!((plan(&t).await.status, parts(&t).await[0].2), (PlanStatus::Defaulted, ItemStatus::Failed));
        let path = format!("/bookings/{}/installments/items/1/pay", booking.quote);
        let ask = json!({ "expected_amount": { "amount": "266.67", "currency": "USD" } });
        let started = booking.client().post(&path, ask).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!((plan(&t).await.status, parts(&t).await[0].2), (PlanStatus::Active, ItemStatus::Paid));
    }

    /// R-PY-20, R-PY-44: the balance of a deposit follows the date, and is never due before it could be paid.
    async fn the_balance_follows(t: TestApp) {
        let booking = confirmed(&t).await;
        let desk = staff(&t, &booking).await;
        t.at("2026-05-20T12:00:00Z");
        for (day, due) in [("2026-07-20", "2026-07-13"), ("2026-05-26", "2026-05-23"), ("2026-05-22", "2026-05-22")] {
            mv(&desk, booking.quote, day, "09:00").await.assert_status(204);
            let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
            assert_eq!((view.str("/payment/due_on"), view.str("/payment/due/amount")), (due, "1500.00"), "{day}");
        }
    }

    async fn what_cannot_be_moved(t: TestApp) {
        let booking = dollars(&t).await;
        let desk = staff(&t, &booking).await;
        mv(&desk, booking.quote, "2026-07-01", "09:00").await.assert_problem(409, "invalid_transition");
        let started = booking.start(Booking::body("deposit", "500.00", "USD")).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;

        mv(&desk, QuoteId::new(), "2026-07-01", "09:00").await.assert_problem(404, "not_found");
        mv(&booking.client(), booking.quote, "2026-07-01", "09:00").await.assert_status(403);
        let owner = booking.api.as_actor(actors::clinic_owner(booking.clinician, booking.provider));
        mv(&owner, booking.quote, "2026-07-01", "09:00").await.assert_status(403);
        mv(&desk, booking.quote, "2026-07-01", "09:10").await.assert_field("time", "slot_not_on_grid");
        mv(&desk, booking.quote, "2026-03-01", "09:00").await.assert_field("date", "slot_in_past");
        let path = format!("/admin/bookings/{}/reschedule", booking.quote);
        let long = json!({ "date": "2026-07-01", "time": "09:00:00", "day_count": 15, "reason": "short" });
        let refused = desk.post(&path, long).await.assert_field("reason", "reason_length");
        assert_eq!(refused.str("/errors/day_count/0/code"), "slot_days_invalid");

        // R-PY-03: another booking of the clinic lies there; one that only touches does not.
        mv(&desk, booking.quote, "2026-07-02", "09:00").await.assert_status(204);
        let foreign = slots(&t, booking.quote).await[0].id;
        let taken = cells::ActiveModel {
            id: Set(kernel::ids::ScheduleOccupancyId::new()),
            schedule_id: Set(foreign),
            provider_id: Set(Some(booking.provider)),
            lane: Set(Some(1)),
            provider_user_id: Set(None),
            cell_start_utc: Set(at("2026-07-01T13:45:00Z")),
            created_at: Set(t.now()),
        };
        taken.insert(t.conn()).await.unwrap();
        mv(&desk, booking.quote, "2026-07-01", "09:00").await.assert_problem(409, "slot_unavailable");
        assert_eq!(slots(&t, booking.quote).await.len(), 2, "nothing is left of the try");
        mv(&desk, booking.quote, "2026-07-01", "08:45").await.assert_status(204);
    }

    /// Of a plan that would end no payment may be under way.
    async fn a_payment_of_the_plan_comes_first(t: TestApp) {
        let booking = booked(&t, "1000.00", "2026-09-07").await;
        begin(&t, &booking, 5, "200.00", GOOD).await;
        t.at("2026-03-10T12:00:00Z");
        let path = format!("/bookings/{}/installments/items/2/pay", booking.quote);
        let ask = json!({ "expected_amount": { "amount": "200.00", "currency": "USD" } });
        booking.client().post(&path, ask).await.assert_status(200);
        let desk = staff(&t, &booking).await;
        mv(&desk, booking.quote, "2026-07-05", "09:00").await.assert_problem(409, "payment_in_progress");
        assert_eq!((slots(&t, booking.quote).await.len(), terms(&t, booking.quote).await.len()), (1, 1));
        mv(&desk, booking.quote, "2026-09-08", "09:00").await.assert_status(204);
        assert!(booking.payments(&t).await.iter().any(|row| row.payment_status == PaymentStatus::Pending));
    }

    /// R-PY-10: the appointment as a file, the same entry before and after a move.
    async fn the_appointment_in_a_calendar(t: TestApp) {
        let booking = dollars(&t).await;
        let path = format!("/bookings/{}/calendar.ics", booking.quote);
        let api = t.client(booking::routes());
        let patient = api.as_actor(booking.patient.clone());
        patient.get(&path).await.assert_problem(409, "booking_not_confirmed");
        let started = booking.start(Booking::body("full", "2000.00", "USD")).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;

        let file = patient.get(&path).await.assert_status(200);
        assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
        let before = file.text();
        let uid = format!("UID:{}-1@hairline", booking.quote);
        for line in ["BEGIN:VCALENDAR", uid.as_str(), "DTSTART:20260615T060000Z", "DTEND:20260615T140000Z", "STATUS:CONFIRMED", "SUMMARY:Hair transplant at Bosphorus Hair"] {
            assert!(before.contains(line), "{line} in {before}");
        }
        let days = json!({ "date": "2026-07-01", "time": "10:00:00", "day_count": 2, "reason": WHY });
        staff(&t, &booking).await.post(&format!("/admin/bookings/{}/reschedule", booking.quote), days).await.assert_status(204);
        let after = patient.get(&path).await.assert_status(200).text();
        assert!(after.contains(&uid) && after.contains("DTSTART:20260701T070000Z") && after.contains("SEQUENCE:2"), "{after}");
        assert_eq!(after.matches("BEGIN:VEVENT").count(), 2, "an entry for each day");

        let owner = api.as_actor(actors::clinic_owner(booking.clinician, booking.provider));
        let clinic = owner.get(&path).await.assert_status(200).text();
        let code = patients::Entity::find_by_id(booking.patient_row.id).one(t.conn()).await.unwrap().unwrap().patient_code.unwrap();
        assert!(clinic.contains(&code) && !clinic.contains("Doe") && !clinic.contains("Jane"), "{clinic}");
        let stranger = api.as_actor(actors::clinic_owner(booking.clinician, kernel::ids::ProviderId::new()));
        stranger.get(&path).await.assert_problem(404, "not_found");
        api.get(&path).await.assert_status(401);
    }

    async fn staff_see_bookings_and_move_them_on_pages(t: TestApp) {
        let booking = confirmed(&t).await;
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let pages = t.client(payments::pages().layer(Extension(token)));
        let desk = pages.as_actor(actors::super_admin(booking.admin));
        let (list, statements) = count_statements(desk.get("/admin/bookings")).await;
        assert!(statements <= 6, "{statements}");
        let list = list.assert_status(200).text();
        assert!(list.contains("BKG-2603-00001") && list.contains("Jane Doe") && list.contains("Bosphorus Hair"), "{list}");
        t.at("2026-06-08T12:00:00Z");
        let found = async |query: &str| desk.get(&format!("/admin/bookings?{query}")).await.assert_status(200).text().contains("BKG-2603");
        for (query, wanted) in [("money=part", true), ("money=all", false), ("money=nothing", false), ("status=confirmed", true),
            ("status=completed", false), ("q=bkg-2603", true), ("q=bosphorus", true), ("q=nobody", false), ("from=2026-06-15&until=2026-06-15", true),
            ("from=2026-06-16", false), ("money=overdue", false), ("sort=-day", true)] {
            assert_eq!(found(query).await, wanted, "{query}");
        }
        t.at("2026-06-09T12:00:00Z");
        assert!(found("money=overdue").await, "the day after it was due");

        let path = format!("/admin/bookings/{}", booking.quote);
        // With the session's there are eight.
        let (page, statements) = count_statements(desk.get(&path)).await;
        assert!(statements <= 7, "{statements}");
        let page = page.assert_status(200).text();
        assert!(page.contains("$500.00") && page.contains("$1,500.00") && page.contains("$400.00") && page.contains(&format!("{path}/move")), "{page}");
        let ask = desk.get(&format!("{path}/move")).await.assert_status(200).text();
        assert!(ask.contains("2026-06-15") && ask.contains("09:00"), "{ask}");
        let seen = desk.get(&format!("{path}/move?date=2026-07-20&time=10:00&duration_minutes=480&day_count=1")).await.assert_status(200).text();
        assert!(seen.contains("July 13, 2026") || seen.contains("13 July 2026") || seen.contains("Jul 13, 2026"), "{seen}");
        assert!(!seen.contains("{$"), "every word is filled in: {seen}");
        let wrong = desk.get(&format!("{path}/move?date=nonsense&time=10:00")).await.assert_status(200).text();
        assert!(wrong.contains("nonsense"), "what was typed stays: {wrong}");
        let send = async |reason: &str| {
            let fields = [("_csrf", csrf.as_str()), ("date", "2026-07-20"), ("time", "10:00"), ("duration_minutes", "480"), ("day_count", "1"), ("reason", reason)];
            desk.form(&format!("{path}/move"), &fields).await
        };
        let refused = send("short").await.assert_status(422).text();
        assert!(refused.contains("short") && refused.contains("2026-07-20"), "{refused}");
        send("The surgeon is ill that week").await.assert_status(303);
        let moved = desk.get(&path).await.assert_status(200).text();
        assert!(moved.contains("The surgeon is ill that week") && moved.contains("10:00"), "{moved}");
        pages.as_actor(booking.patient.clone()).get(&path).await.assert_status(303);
        pages.as_actor(actors::staff(booking.admin, "aftercare_specialist")).get(&path).await.assert_status(403);
        desk.get(&format!("/admin/bookings/{}", QuoteId::new())).await.assert_status(404);
    }
}
