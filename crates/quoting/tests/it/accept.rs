//! Taking an offer (GS-6, R-IQ-50..55, R-PY-01..04) and what follows.

use inquiry::entity::inquiries::InquiryStatus;
use kernel::{Actor, Amount};
use quoting::entity::booking_terms;
use quoting::entity::quotes::{QuoteStatus, QuoteStatusReason};
use quoting::entity::schedules::ScheduleStatus;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, actors, at};
use tokio::sync::Barrier;

use crate::world::*;

const OTHER: (QuoteStatus, Option<QuoteStatusReason>) =
    (QuoteStatus::Cancelled, Some(QuoteStatusReason::OtherAccepted));
const ACCEPTED: (QuoteStatus, Option<QuoteStatusReason>) = (QuoteStatus::Accepted, None);

testkit::both! {
    /// R-IQ-47, R-IQ-52, R-IQ-53, R-IQ-55, R-IQ-56, R-IQ-90.
    async fn gs_6_compare_and_accept(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00"), ("4000.00", "0.00")]).await;
        let (a, b, c) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await, w.sent(&t, 2, 3400).await);
        let d = quoting::service::draft::create(&t.app, &w.owner(3), w.inquiry, w.spec(3, 2000).input()).await.unwrap();
        let patient = w.patient_client(&t);

        let compared = patient.get(&format!("/inquiries/{}/quotes/compare?ids={a},{b},{c}", w.inquiry)).await;
        let compared = compared.assert_status(200);
        for (index, per_graft) in ["1.70", "1.90", "1.50"].into_iter().enumerate() {
            assert_eq!(compared.str(&format!("/data/{index}/price_per_graft/amount")), per_graft);
        }
        for (sort, order) in [("price", [b, a, c]), ("-grafts", [c, a, b])] {
            let list = patient.get(&format!("/quotes?sort={sort}")).await.assert_status(200);
            assert_eq!(list.at("/meta/total"), 3, "the draft is not the patient's to see");
            for (index, id) in order.iter().enumerate() {
                assert_eq!(list.str(&format!("/data/{index}/id")), id.to_string(), "{sort}");
            }
        }
        patient.get(&format!("/quotes/{d}")).await.assert_status(404);
        patient.get(&format!("/inquiries/{}/quotes/compare?ids={a}", w.inquiry)).await.assert_problem(422, "compare_count");

        let answer = patient.post(&format!("/quotes/{a}/accept"), accept_body(&t, a).await).await.assert_status(200);
        assert_eq!(answer.str("/status"), "accepted");
        assert!(answer.json["settlement"].is_null() && !answer.text().contains("commission"));
        assert_eq!(state(&t, a).await, ACCEPTED);
        for other in [b, c, d] {
            assert_eq!(state(&t, other).await, OTHER);
            assert!(schedules_of(&t, other).await.is_empty());
        }
        let row = quote(&t, a).await;
        assert!(row.auto_accepted);
        assert_eq!(row.commission_amount, Amount::from_units(850));
        let held = schedules_of(&t, a).await;
        assert_eq!(held.len(), 1);
        assert_eq!((held[0].status, held[0].hold_expires_at), (ScheduleStatus::Pending, Some(at("2026-03-04T10:00:00Z"))));
        assert_eq!(stage(&t, &w).await, (InquiryStatus::Accepted, Some(a)));

        // Only the chosen clinic learns a first name.
        let own = w.clinic_client(&t, 0).get(&format!("/quotes/{a}")).await.assert_status(200);
        assert_eq!(own.str("/patient/display_name"), "John D.");
        assert_eq!(own.str("/settlement/commission/amount"), "850.00");
        let lost = w.clinic_client(&t, 1).get(&format!("/quotes/{b}")).await.assert_status(200);
        assert!(lost.str("/patient/display_name").starts_with("Patient PAT-"));
        assert!(!lost.text().contains("John") && !lost.text().contains("4250"));
        w.clinic_client(&t, 1).get(&format!("/quotes/{a}")).await.assert_status(404);

        let words = timeline(&t, w.inquiry).await;
        patient.post(&format!("/quotes/{c}/accept"), accept_body(&t, c).await).await
            .assert_problem(409, "inquiry_already_accepted");
        patient.post(&format!("/quotes/{a}/accept"), accept_body(&t, a).await).await.assert_status(200);
        assert_eq!(timeline(&t, w.inquiry).await, words, "neither wrote anything");
        assert_eq!((events(&t, "quote.accepted").await, events(&t, "booking.scheduled").await), (1, 1));
        assert_eq!(events(&t, "quote.cancelled_other_accepted").await, 3);
        assert_eq!(words.iter().filter(|word| *word == "quote_cancelled").count(), 3);

        // The hold ends unpaid: the offer is open again, the others stay cancelled, the name is hidden again.
        t.at("2026-03-04T10:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, a).await, (QuoteStatus::Quote, None));
        assert_eq!(schedules_of(&t, a).await[0].status, ScheduleStatus::Cancelled);
        assert_eq!(cells(&t).await, 0);
        for other in [b, c, d] {
            assert_eq!(state(&t, other).await, OTHER);
        }
        assert_eq!(stage(&t, &w).await, (InquiryStatus::Quote, None));
        let own = w.clinic_client(&t, 0).get(&format!("/quotes/{a}")).await.assert_status(200);
        assert!(own.str("/patient/display_name").starts_with("Patient PAT-"));
        tick(&t).await;
        assert_eq!(events(&t, "booking.hold_released").await, 1);
    }

    /// R-IQ-48, R-IQ-53.
    async fn the_terms_lock_currency_deposit_and_reference(t: TestApp) {
        let w = world(&t, &[("2400.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2000).await;
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        let terms = booking_terms::Entity::find().filter(booking_terms::Column::QuoteId.eq(id)).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((terms.version, terms.booking_reference.as_str()), (1, "BKG-2603-00001"));
        assert_eq!((terms.payment_currency.code(), terms.payment_total), ("GBP", Amount::from_units(2400)));
        assert_eq!((terms.deposit_percent.normalize().to_string().as_str(), terms.deposit_amount), ("25", Amount::from_units(600)));
        assert_eq!((terms.hold_hours, terms.cutoff_days, terms.balance_due_days), (48, 30, 7));
        assert!(terms.commission_amount.is_none(), "frozen at confirmation only");
    }

    /// R-IQ-50, R-IQ-51.
    async fn every_refusal_changes_nothing(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let stranger = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Eva", "Stranger")).await.unwrap().id;
        let good = accept_body(&t, id).await;
        let path = format!("/quotes/{id}/accept");
        let patient = w.patient_client(&t);
        let before = timeline(&t, w.inquiry).await;
        let with = |key: &str, value: serde_json::Value| { let mut body = good.clone(); body[key] = value; body };

        patient.as_actor(actors::patient(stranger)).post(&path, &good).await.assert_problem(404, "not_found");
        w.clinic_client(&t, 0).post(&path, &good).await.assert_problem(403, "forbidden");
        patient.as_actor(Actor::anonymous()).post(&path, &good).await.assert_problem(401, "unauthenticated");
        patient.post(&path, with("version", json!(9))).await.assert_problem(409, "quote_changed");
        patient.post(&path, with("terms", json!(false))).await.assert_field("terms", "terms_required");
        patient.post(&path, with("expected_total", json!({ "amount": "1.00", "currency": "GBP" }))).await
            .assert_problem(409, "price_changed");
        patient.post(&path, with("expected_total", json!({ "amount": "1e3", "currency": "GBP" }))).await
            .assert_field("expected_total.amount", "invalid_amount");
        patient.post(&path, with("gift", json!(1))).await.assert_problem(422, "validation_failed");
        suspend(&t, &w, true).await;
        patient.post(&path, &good).await.assert_problem(409, "provider_unavailable");
        suspend(&t, &w, false).await;
        assert_eq!(timeline(&t, w.inquiry).await, before);

        w.clinic_client(&t, 0).post(&format!("/quotes/{id}/withdraw"), json!({ "reason": "Surgeon is ill" })).await.assert_status(200);
        patient.post(&path, &good).await.assert_problem(409, "quote_not_available");
        assert_eq!((cells(&t).await, stage(&t, &w).await.0), (0, InquiryStatus::Quote));
        assert_eq!(events(&t, "quote.accepted").await, 0);
    }

    /// R-IQ-52.
    async fn two_devices_accept_different_offers_and_one_wins(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let answers = race(&t, &[(w.patient, a), (w.patient, b)]).await;
        assert_eq!(sorted(&answers), [200, 409], "{answers:?}");
        assert!(answers.iter().any(|(_, code)| code == "inquiry_already_accepted"), "{answers:?}");
        assert_eq!(events(&t, "quote.accepted").await, 1);
    }

    async fn a_double_click_is_one_acceptance(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let a = w.sent(&t, 0, 2500).await;
        let answers = race(&t, &[(w.patient, a), (w.patient, a), (w.patient, a)]).await;
        assert_eq!(sorted(&answers), [200, 200, 200], "{answers:?}");
        assert_eq!((events(&t, "quote.accepted").await, schedules_of(&t, a).await.len()), (1, 1));
    }

    /// R-IQ-54.
    async fn two_patients_want_the_same_hour_and_one_gets_it(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let a = w.sent(&t, 0, 2500).await;
        let rival = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", "Rival")).await.unwrap().id;
        let inquiry = request(&t, rival, &w.clinics).await;
        let b = quoting::seed::draft_and_submit(&t.app, &w.owner(0), inquiry, &w.spec(0, 2000)).await.unwrap();
        let answers = race(&t, &[(w.patient, a), (rival, b)]).await;
        assert_eq!(sorted(&answers), [200, 409], "{answers:?}");
        assert!(answers.iter().any(|(_, code)| code == "slot_unavailable"), "{answers:?}");
        // Eight hours in quarters, once for the clinic and once for the clinician.
        assert_eq!(cells(&t).await, u64::from(expected_cells(&t, a).await));

        // The loser tries again after the winner's hold ended, before any job ran: the expired hold makes way.
        let (loser, lost) = if state(&t, a).await == ACCEPTED { (rival, b) } else { (w.patient, a) };
        t.at("2026-03-04T09:59:59Z");
        let body = accept_body(&t, lost).await;
        let client = t.client(quoting::routes()).as_actor(actors::patient(loser));
        client.post(&format!("/quotes/{lost}/accept"), &body).await.assert_problem(409, "slot_unavailable");
    }

    /// R-IQ-44, R-IQ-90.
    async fn confirming_opens_the_identity_and_freezes_the_commission(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let a = w.sent(&t, 0, 2500).await;
        quoting::seed::accept(&t.app, w.patient, a).await.unwrap();
        let confirm = || async {
            platform::write_txn!(t.app.db, |txn| {
                let case = quoting::case::lock(txn, a).await?;
                quoting::case::confirm(txn, &t.app, &Actor::system(), &case).await
            })
        };
        confirm().await.unwrap();
        assert_eq!(confirm().await.unwrap_err().code, "booking_not_payable", "once");
        assert_eq!(schedules_of(&t, a).await[0].status, ScheduleStatus::Confirmed);
        assert_eq!(stage(&t, &w).await.0, InquiryStatus::Confirmed);
        let terms = booking_terms::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((terms.commission_amount, terms.confirmed_at), (Some(Amount::from_units(850)), Some(t.now())));
        let own = w.clinic_client(&t, 0).get(&format!("/quotes/{a}")).await.assert_status(200);
        assert_eq!(own.str("/patient/display_name"), "John Doe");
        // A hold that became a booking never lapses.
        t.at("2026-03-10T10:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, a).await.0, QuoteStatus::Confirmed);
        platform::write_txn!(t.app.db, |txn| {
            let case = quoting::case::lock(txn, a).await?;
            quoting::case::start_treatment(txn, &t.app, &Actor::system(), &case).await?;
            let case = quoting::case::lock(txn, a).await?;
            quoting::case::complete_treatment(txn, &t.app, &Actor::system(), &case).await?;
            let case = quoting::case::lock(txn, a).await?;
            quoting::case::finish(txn, &t.app, &Actor::system(), &case).await
        }).unwrap();
        assert_eq!(stage(&t, &w).await.0, InquiryStatus::Completed);
        let words = timeline(&t, w.inquiry).await;
        let tail: Vec<_> = words.iter().rev().take(6).rev().map(String::as_str).collect();
        assert_eq!(tail, ["quote_accepted", "booking_confirmed", "identity_revealed", "treatment_started", "treatment_completed", "case_completed"]);
    }

    async fn a_cancelled_booking_frees_its_slot(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let a = w.sent(&t, 0, 2500).await;
        quoting::seed::accept(&t.app, w.patient, a).await.unwrap();
        platform::write_txn!(t.app.db, |txn| {
            let case = quoting::case::lock(txn, a).await?;
            quoting::case::confirm(txn, &t.app, &Actor::system(), &case).await?;
            let case = quoting::case::lock(txn, a).await?;
            quoting::case::cancel_confirmed(txn, &t.app, &Actor::system(), &case, "patient_request").await
        }).unwrap();
        assert_eq!(state(&t, a).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::BookingCancelled)));
        assert_eq!((cells(&t).await, stage(&t, &w).await.0), (0, InquiryStatus::Cancelled));
        assert_eq!(events(&t, "booking.cancelled").await, 1);
    }
}

async fn expected_cells(t: &TestApp, id: kernel::ids::QuoteId) -> u32 {
    u32::try_from(quote(t, id).await.slot_duration_minutes).unwrap() / 15 * 2
}

async fn suspend(t: &TestApp, w: &World, yes: bool) {
    use directory::entity::providers::{ActiveModel, Entity, ProviderStatus};
    let status = if yes { ProviderStatus::Suspended } else { ProviderStatus::Active };
    let row = ActiveModel { id: sea_orm::Set(w.clinics[0].id()), status: sea_orm::Set(status), ..Default::default() };
    Entity::update(row).exec(t.conn()).await.unwrap();
}

/// All acceptances start at the same moment; their statuses and codes.
async fn race(t: &TestApp, asks: &[(kernel::ids::PatientId, kernel::ids::QuoteId)]) -> Vec<(u16, String)> {
    let barrier = std::sync::Arc::new(Barrier::new(asks.len()));
    let mut tasks = Vec::new();
    for (patient, id) in asks {
        let client = t.client(quoting::routes()).as_actor(actors::patient(*patient));
        let (path, body, barrier) = (format!("/quotes/{id}/accept"), accept_body(t, *id).await, barrier.clone());
        tasks.push(tokio::spawn(async move {
            barrier.wait().await;
            let reply = client.post(&path, body).await;
            (reply.status.as_u16(), reply.json["code"].as_str().unwrap_or_default().to_owned())
        }));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

fn sorted(answers: &[(u16, String)]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    statuses.sort_unstable();
    statuses
}

testkit::both! {
    /// The policy of cancellations in force at acceptance is the booking's own: a later one holds for later bookings.
    async fn r_py_50_a_booking_keeps_the_policy_it_was_made_under(t: TestApp) {
        use platform::settings::{self, Changes};
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        for (version, policy) in [(0, "10:80, 0:5"), (1, "31:90, 15:50, 0:0")] {
            let changes = Changes::new().with(&quoting::settings::REFUND_TIERS, policy.to_owned()).on_version(version);
            settings::set(&t.app, &Actor::system(), "payment", changes, "Agreed by the board.").await.unwrap();
            quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
            let terms = booking_terms::Entity::find().filter(booking_terms::Column::QuoteId.eq(id)).all(t.conn()).await.unwrap();
            assert_eq!(terms.len(), 1);
            assert_eq!(terms[0].refund_tiers, json!([{ "from_days": 10, "percent": "80" }, { "from_days": 0, "percent": "5" }]));
        }
    }
}
