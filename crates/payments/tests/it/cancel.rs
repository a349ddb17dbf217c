//! Cancelling a paid booking and what comes back (R-PY-50 to 55, G3, G4).

use booking::entity::cancellation_requests::{self as requests, CancellationRequestStatus as Status};
use kernel::Actor;
use kernel::ids::CancellationRequestId;
use payments::entity::payments::{PaymentStatus, PaymentType};
use payments::service::cancellation::{self, CancelInput, Decision};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use testkit::{Reply, TestApp, Upload, actors};

use crate::desk::{proven, staff};
use crate::support::{Booking, amount, g1, registry};

const WHY: &str = "The policy for this day before the treatment.";

/// G1 with its deposit paid.
async fn confirmed(t: &TestApp) -> Booking {
    let booking = g1(t).await;
    let started = booking.start_deposit().await;
    booking.confirm(&started, "4242424242424242").await.assert_status(200);
    t.run_jobs(&registry()).await;
    assert_eq!(booking.status(t).await, QuoteStatus::Confirmed);
    booking
}

async fn request(t: &TestApp) -> requests::Model {
    let mut all = requests::Entity::find().all(t.conn()).await.unwrap();
    all.sort_by_key(|row| row.id);
    all.pop().unwrap()
}

async fn cancel(booking: &Booking, fields: &[(&str, &str)]) -> Reply {
    let path = format!("/bookings/{}/cancellation", booking.quote);
    let mut all = vec![("reason", "My plans have changed.")];
    all.extend_from_slice(fields);
    booking.client().multipart(&path, &all, &[]).await
}

fn plain() -> CancelInput {
    CancelInput { reason: "My plans have changed.".to_owned(), ..CancelInput::default() }
}

async fn approve(t: &TestApp, booking: &Booking, id: CancellationRequestId, body: Value) -> Reply {
    staff(t, booking).await.post(&format!("/admin/refunds/{id}/approve"), body).await
}

/// What came back, newest first.
async fn returned(t: &TestApp, booking: &Booking) -> Vec<String> {
    let rows = booking.payments(t).await;
    let back = rows.iter().filter(|row| row.payment_type == PaymentType::Refund);
    back.filter(|row| row.payment_status == PaymentStatus::Completed).map(|row| row.amount.to_string()).collect()
}

testkit::both! {
    /// G4, R-PY-50: the tiers by the clinic's calendar; what is shown is what is written.
    async fn g4_the_tiers_by_the_day_at_the_clinic(t: TestApp) {
        for (at, days, back, kept) in [
            ("2026-05-15T10:00:00Z", 31, "486.88", "54.10"),
            ("2026-05-15T21:30:00Z", 30, "270.49", "270.49"),
            ("2026-05-16T10:00:00Z", 30, "270.49", "270.49"),
            ("2026-05-31T10:00:00Z", 15, "270.49", "270.49"),
            ("2026-06-01T10:00:00Z", 14, "0.00", "540.98"),
        ] {
            let booking = if days == 31 { confirmed(&t).await } else {
                // The same booking on other days: nothing is written by looking.
                t.at(at);
                let quote = quoting::entity::quotes::Entity::find().one(t.conn()).await.unwrap().unwrap();
                let patient = inquiry::entity::inquiries::Entity::find().one(t.conn()).await.unwrap().unwrap().patient_id;
                let seen = cancellation::preview(&t.app, &actors::patient(patient), quote.id).await.unwrap().figures.unwrap();
                assert_eq!((seen.days_before, seen.back, seen.kept()), (days, amount(back), amount(kept)), "{at}");
                continue;
            };
            t.at(at);
            let seen = booking.client().get(&format!("/bookings/{}/cancellation-preview", booking.quote)).await.assert_status(200);
            assert_eq!((seen.at("/days_before"), seen.str("/refund/amount"), seen.str("/kept/amount")), (&json!(days), back, kept));
            assert_eq!(seen.str("/refund_with_exception/amount"), "486.88");
        }
    }

    /// R-PY-51, R-PY-54, R-PY-55, 4.8: at once for the patient; the money after staff's decision; the rest is revenue.
    async fn g4_a_cancellation_31_days_ahead(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-05-15T10:00:00Z");
        cancel(&booking, &[("expected_amount", "500.00"), ("expected_currency", "GBP")]).await.assert_problem(409, "amount_changed");
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        for _ in 0..2 {
            let done = cancel(&booking, &[("expected_amount", "486.88"), ("expected_currency", "GBP")]).await.assert_status(200);
            assert_eq!(done.at("/is_cancelled"), &json!(true));
        }
        assert_eq!(requests::Entity::find().all(t.conn()).await.unwrap().len(), 1, "asked twice, written once");
        assert_eq!(booking.status(&t).await, QuoteStatus::Cancelled);
        let row = request(&t).await;
        assert_eq!((row.status, row.proposed_amount, row.days_before), (Status::Pending, amount("486.88"), 31));
        t.run_jobs(&registry()).await;
        assert!(returned(&t, &booking).await.is_empty(), "nothing goes back before the decision");

        approve(&t, &booking, row.id, json!({ "version": 1, "reason": "short" })).await.assert_field("reason", "reason_length");
        let body = json!({ "version": 1, "reason": WHY });
        booking.api.as_actor(actors::super_admin(booking.admin)).post(&format!("/admin/refunds/{}/approve", row.id), body.clone()).await.assert_status(401);
        booking.client().post(&format!("/admin/refunds/{}/approve", row.id), body.clone()).await.assert_status(403);
        approve(&t, &booking, row.id, body.clone()).await.assert_status(204);
        approve(&t, &booking, row.id, body).await.assert_problem(409, "invalid_transition");
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, ["486.88"]);
        assert_eq!(request(&t).await.status, Status::Settled);
        let ledger = booking.ledger(&t).await;
        assert_eq!(ledger[2..], ["CustomerFunds GBP 486.88/0.00", "Cash GBP 0.00/486.88", "CustomerFunds GBP 54.10/0.00", "PlatformRevenue GBP 0.00/54.10"]);
        let told = booking.told(&t).await;
        for key in ["booking.cancelled", "payment.refund_requested", "payment.refund_decided", "payment.refunded"] {
            assert_eq!(told.iter().filter(|told| *told == key).count(), 1, "{key}");
        }
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!(view.str("/payment/state"), "partially_refunded");
    }

    /// R-PY-50, 4.8: where nothing comes back there is nothing to decide.
    async fn g4_nothing_comes_back_in_the_last_fortnight(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-06-01T10:00:00Z");
        cancel(&booking, &[]).await.assert_status(200);
        assert_eq!(request(&t).await.status, Status::Settled);
        assert_eq!(booking.ledger(&t).await[2..], ["CustomerFunds GBP 540.98/0.00", "PlatformRevenue GBP 0.00/540.98"]);
        // The slot is free at once.
        use quoting::entity::schedule_occupancies::Entity as Cells;
        assert!(Cells::find().all(t.conn()).await.unwrap().is_empty());
    }

    /// R-PY-52: a medical reason needs a document; refused, the tier holds.
    async fn a_medical_reason_is_proposed_and_may_be_refused(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-06-01T10:00:00Z");
        cancel(&booking, &[("exception", "medical")]).await.assert_field("documents", "document_required");
        let path = format!("/bookings/{}/cancellation", booking.quote);
        let fields = [("reason", "My doctor advises against it."), ("exception", "medical")];
        let letter = || Upload::jpeg(testkit::jpeg(64, 64, 1)).in_field("documents").named("letter.jpg");
        let text = Upload::jpeg(b"no picture at all".to_vec()).in_field("documents");
        booking.client().multipart(&path, &fields, &[text]).await.assert_status(422);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed, "a bad document changes nothing");
        booking.client().multipart(&path, &fields, &[letter()]).await.assert_status(200);
        let row = request(&t).await;
        assert_eq!((row.status, row.proposed_amount), (Status::Pending, amount("486.88")));
        let desk = staff(&t, &booking).await;
        let shown = desk.get(&format!("/admin/refunds/{}", row.id)).await.assert_status(200);
        assert_eq!((shown.str("/documents/0/name"), shown.str("/exception")), ("letter.jpg", "medical"));
        desk.post(&format!("/admin/refunds/{}/deny", row.id), json!({ "version": 1, "reason": "The letter names somebody else." })).await.assert_status(204);
        let all = requests::Entity::find().all(t.conn()).await.unwrap();
        let denied = all.iter().filter(|row| row.status == Status::Denied).count();
        let settled = all.iter().find(|row| row.status == Status::Settled).unwrap();
        assert_eq!((all.len(), denied, settled.proposed_amount), (2, 1, amount("0.00")), "the tier of that day holds");
    }

    async fn an_accepted_medical_reason_brings_its_percent_back(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-06-01T10:00:00Z");
        let letter = Upload::jpeg(testkit::jpeg(64, 64, 1)).in_field("documents").named("letter.jpg");
        let fields = [("reason", "My doctor advises against it."), ("exception", "medical")];
        booking.client().multipart(&format!("/bookings/{}/cancellation", booking.quote), &fields, &[letter]).await.assert_status(200);
        let row = request(&t).await;
        approve(&t, &booking, row.id, json!({ "version": 1, "reason": WHY, "percent": "101" })).await.assert_field("percent", "out_of_range");
        approve(&t, &booking, row.id, json!({ "version": 1, "reason": WHY })).await.assert_status(204);
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, ["486.88"]);
    }

    /// R-PY-53: a clinic asks; the booking stands until staff agree, then everything goes back.
    async fn a_clinic_asks_and_staff_decide(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-06-01T10:00:00Z");
        let owner = booking.api.as_actor(actors::clinic_owner(booking.clinician, booking.provider));
        let path = format!("/bookings/{}/cancellation", booking.quote);
        let fields = [("reason", "Our surgeon has fallen ill.")];
        for _ in 0..2 {
            let asked = owner.multipart(&path, &fields, &[]).await.assert_status(200);
            assert_eq!(asked.at("/is_cancelled"), &json!(false));
        }
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        let clinical = booking.api.as_actor(actors::clinic_clinical(booking.clinician, booking.provider));
        clinical.multipart(&path, &fields, &[]).await.assert_status(403);
        let first = request(&t).await;
        let desk = staff(&t, &booking).await;
        let deny = json!({ "version": first.version, "reason": "Another surgeon of the clinic can take it." });
        desk.post(&format!("/admin/refunds/{}/deny", first.id), deny).await.assert_status(204);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);

        owner.multipart(&path, &fields, &[]).await.assert_status(200);
        let again = request(&t).await;
        assert_ne!(again.id, first.id);
        approve(&t, &booking, again.id, json!({ "version": 1, "reason": WHY })).await.assert_status(204);
        assert_eq!(booking.status(&t).await, QuoteStatus::Cancelled);
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, ["540.98"]);
        assert_eq!(booking.payments(&t).await[0].payment_status, PaymentStatus::Refunded);
        assert!(!booking.ledger(&t).await.iter().any(|line| line.contains("PlatformRevenue")), "nothing is kept");
    }

    /// R-PY-52, R-PY-54: other amounts need a reason of their own, large ones are typed once more, none exceeds what was paid.
    async fn staff_may_grant_another_amount_within_bounds(t: TestApp) {
        let booking = confirmed(&t).await;
        payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
        t.at("2026-05-15T10:00:00Z");
        cancellation::cancel(&t.app, &booking.patient, booking.quote, &plain()).await.unwrap();
        let row = request(&t).await;
        // 90 % of 2,163.91.
        assert_eq!(row.proposed_amount, amount("1947.52"));
        let body = |more: Value| {
            let mut body = json!({ "version": 1, "reason": WHY });
            for (key, value) in more.as_object().unwrap() {
                body[key] = value.clone();
            }
            body
        };
        approve(&t, &booking, row.id, body(json!({}))).await.assert_field("typed", "amount_not_confirmed");
        approve(&t, &booking, row.id, body(json!({ "confirm_amount": "1947.51" }))).await.assert_field("typed", "amount_not_confirmed");
        approve(&t, &booking, row.id, body(json!({ "amount": "100.00" }))).await.assert_field("adjustment_reason", "reason_length");
        let why = "The patient agreed to this amount.";
        approve(&t, &booking, row.id, body(json!({ "amount": "2163.92", "adjustment_reason": why }))).await.assert_problem(409, "refund_exceeds_paid");
        approve(&t, &booking, row.id, body(json!({ "amount": "1700.00", "adjustment_reason": why, "confirm_amount": "1700.00" }))).await.assert_status(204);
        t.run_jobs(&registry()).await;
        // Newest payment first: all of the balance, then a part of the deposit.
        assert_eq!(returned(&t, &booking).await, ["1622.93", "77.07"]);
        let rows = booking.payments(&t).await;
        assert_eq!((rows[0].payment_status, rows[1].payment_status), (PaymentStatus::Completed, PaymentStatus::Refunded));
        assert_eq!(request(&t).await.status, Status::Settled);
    }

    /// Race 9: two of staff decide at once; one decision, one refund.
    async fn two_decide_at_once(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-05-15T10:00:00Z");
        cancellation::cancel(&t.app, &booking.patient, booking.quote, &plain()).await.unwrap();
        let row = request(&t).await;
        let one: Actor = proven(&t, &booking).await;
        let decision = Decision { version: 1, reason: WHY.to_owned(), ..Decision::default() };
        let (a, b) = tokio::join!(
            cancellation::approve(&t.app, &one, row.id, &decision),
            cancellation::approve(&t.app, &one, row.id, &decision),
        );
        assert_ne!(a.is_ok(), b.is_ok());
        let refused = a.err().or(b.err()).unwrap();
        assert_eq!(refused.code, "invalid_transition");
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, ["486.88"]);
    }

    /// R-PY-07, R-PY-51: before anything is paid the request ends as a whole, no payment begins any more, and late money goes
    /// back in full.
    async fn an_unpaid_booking_ends_without_a_refund(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        inquiry::install(&t.app).await.unwrap();
        cancel(&booking, &[]).await.assert_status(200);
        assert_eq!(booking.status(&t).await, QuoteStatus::Cancelled);
        assert!(requests::Entity::find().all(t.conn()).await.unwrap().is_empty());
        let freed = quoting::entity::schedules::Entity::find().all(t.conn()).await.unwrap();
        assert!(freed.iter().all(|row| row.status == quoting::entity::schedules::ScheduleStatus::Cancelled), "{freed:?}");
        let body = Booking::body("deposit", "540.98", "GBP");
        booking.start(body).await.assert_problem(409, "inquiry_cancelled");
        assert_eq!(booking.payments(&t).await.len(), 1, "nothing was begun");
        booking.confirm(&started, "4242424242424242").await.assert_problem(409, "intent_canceled");
        let late = booking.event("late", "succeeded", &started, 54098, t.now());
        booking.deliver(&t, &late).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, ["540.98"]);
    }

    async fn somebody_elses_booking_does_not_exist(t: TestApp) {
        let booking = confirmed(&t).await;
        let other = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", "Rival")).await.unwrap();
        let stranger = booking.api.as_actor(actors::patient(other.id));
        stranger.get(&format!("/bookings/{}/cancellation-preview", booking.quote)).await.assert_problem(404, "not_found");
        stranger.multipart(&format!("/bookings/{}/cancellation", booking.quote), &[("reason", "It is not mine.")], &[]).await.assert_problem(404, "not_found");
        let nobody = CancellationRequestId::new();
        staff(&t, &booking).await.get(&format!("/admin/refunds/{nobody}")).await.assert_problem(404, "not_found");
        approve(&t, &booking, nobody, json!({ "version": 1, "reason": WHY })).await.assert_problem(404, "not_found");
    }
}
