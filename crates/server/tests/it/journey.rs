//! One patient's whole case, from the wish to the published review, on both engines. After every step timeline, audit
//! and outbox hold exactly what they should.

use chrono::Duration;
use serde_json::json;
use testkit::{TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::trail::Trail;
use crate::world::{World, ids};

both! {
    async fn from_the_wish_to_the_published_review(t: TestApp) {
        let world = World::new(t).await;
        let mut trail = Trail::default();
        trail.since(&world).await;

        // 1. Everybody sees treatments, clinics, a clinic with rating and prices.
        let treatments = world.http.get("/api/v1/treatments").await.assert_status(200);
        assert!(!ids(&treatments.json).is_empty());
        let clinics = world.http.get("/api/v1/providers").await.assert_status(200);
        assert_eq!(clinics.get::<u64>("/meta/total"), 2);
        let one = world.http.get(&format!("/api/v1/providers/{}", world.clinics[0].id())).await.assert_status(200);
        assert_eq!(one.str("/name"), "Bosphorus Hair");
        assert_eq!(one.at("/rating/average"), &json!(null));
        assert_eq!(one.at("/starting_price"), &json!({ "amount": "2500.00", "currency": "GBP" }));
        Trail::expect(trail.since(&world).await, &[], &[], &[]);

        // 2. A patient registers: code by mail, consents, profile.
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        assert_eq!(patient.get("/api/v1/me").await.assert_status(200).str("/patient/patient_code"), "PAT-001");
        Trail::expect(
            trail.since(&world).await,
            &[],
            &["code.requested", "account.registered", "account.verified", "profile.changed", "consent.changed", "consent.changed"],
            &["account.created"],
        );

        // 3. Files a request: it reaches both clinics.
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let mine = patient.get(&format!("/api/v1/inquiries/{inquiry}")).await.assert_status(200);
        assert_eq!(mine.str("/status"), "inquiry");
        assert_eq!(mine.str("/inquiry_code"), "HPID26030001");
        Trail::expect(
            trail.since(&world).await,
            &["inquiry_created", "inquiry_distributed"],
            // The patient's own screen shows medical answers: at submission and when it is opened again.
            &["inquiry.submitted", "medical.viewed", "medical.viewed"],
            &["inquiry.submitted", "inquiry.distributed", "inquiry.distributed"],
        );

        // 4. A clinic signs in with password and TOTP, sees a code and a red alert, acknowledges, quotes.
        let first = world.clinic(0).await;
        let seen = first.get(&format!("/api/v1/inquiries/{inquiry}")).await.assert_status(200);
        assert_eq!(seen.str("/patient/display_name"), "Patient PAT-001");
        assert_eq!(seen.str("/alert/level"), "critical");
        let draft = first
            .post(&format!("/api/v1/inquiries/{inquiry}/quotes"), steps::quote_body(&world, 0, 3000))
            .await
            .assert_status(201);
        let quote = draft.str("/id").to_owned();
        let submit = format!("/api/v1/quotes/{quote}/submit");
        first.post(&submit, json!({ "version": draft.at("/version") })).await.assert_problem(409, "alert_ack_required");
        first.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await.assert_status(200);
        let sent = first.post(&submit, json!({ "version": draft.at("/version") })).await.assert_status(200);
        world.run_jobs().await;
        // GS-1: T 8,500.00 + P 450.00, commission 20 % of 8,950.00.
        assert_eq!(sent.at("/total"), &json!({ "amount": "8950.00", "currency": "GBP" }));
        let second = world.clinic(1).await;
        second.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await.assert_status(200);
        let other = steps::quote(&world, &second, &inquiry, 1, 3500).await;

        // 5. The patient compares and accepts: the other is cancelled, the slot is held 48 hours.
        let compared = patient
            .get(&format!("/api/v1/inquiries/{inquiry}/quotes/compare?ids={quote},{other}"))
            .await
            .assert_status(200);
        assert_eq!(compared.json.as_array().map_or_else(|| compared.at("/data").as_array().unwrap().len(), Vec::len), 2);
        Trail::expect(
            trail.since(&world).await,
            &["quote_submitted", "conversation_opened", "quote_submitted", "conversation_opened"],
            &["medical.viewed", "quote.created", "inquiry.alert_acknowledged", "quote.submitted", "inquiry.alert_acknowledged", "quote.created", "quote.submitted"],
            &["quote.submitted", "quote.submitted"],
        );
        let accepted = steps::accept(&patient, &quote).await.assert_status(200);
        assert_eq!(accepted.str("/status"), "accepted");
        world.run_jobs().await;
        Trail::expect(
            trail.since(&world).await,
            &["quote_cancelled", "quote_accepted"],
            &["quote.accepted"],
            &["quote.cancelled_other_accepted", "patient.anonymization_changed", "quote.accepted", "booking.scheduled"],
        );
        assert_eq!(first.get(&format!("/api/v1/inquiries/{inquiry}")).await.str("/patient/display_name"), "John D.");
        let lost = second.get(&format!("/api/v1/quotes/{other}")).await.assert_status(200);
        assert_eq!((lost.str("/status"), lost.str("/status_reason")), ("cancelled", "other_accepted"));
        // Reading a case with medical answers is on record, reading an offer is not.
        Trail::expect(trail.since(&world).await, &[], &["medical.viewed"], &[]);

        // 6. The deposit by the simulator's card confirms: only now this clinic sees the name.
        steps::pay(&world, &patient, &quote, "deposit").await;
        Trail::expect(
            trail.since(&world).await,
            &["payment_received", "booking_confirmed", "identity_revealed"],
            &["payment.started", "payment.completed", "booking.confirmed"],
            &["payment.received", "patient.anonymization_changed", "booking.confirmed"],
        );
        assert_eq!(patient.get(&format!("/api/v1/quotes/{quote}")).await.str("/status"), "confirmed");
        let known = first.get(&format!("/api/v1/inquiries/{inquiry}")).await.assert_status(200);
        assert_eq!(known.str("/patient/display_name"), "John Doe");
        assert_eq!(known.str("/patient/email"), EMAIL);
        assert_eq!(second.get(&format!("/api/v1/inquiries/{inquiry}")).await.str("/patient/display_name"), "Patient PAT-001");
        Trail::expect(trail.since(&world).await, &[], &["medical.viewed", "medical.viewed"], &[]);

        // 7. Check-in is refused until the balance is paid; then treatment, with an aftercare template at its end.
        world.t.at("2026-05-12T06:00:00Z");
        let first = world.clinic(0).await;
        let patient = world.patient(EMAIL).await;
        first
            .post(&format!("/api/v1/treatment-cases/{quote}/check-in"), json!({}))
            .await
            .assert_problem(409, "balance_outstanding");
        steps::pay(&world, &patient, &quote, "balance").await;
        Trail::expect(
            trail.since(&world).await,
            &["payment_received"],
            &["payment.started", "payment.completed"],
            &["payment.received"],
        );
        let templates = first.get("/api/v1/aftercare-milestone-templates").await.assert_status(200);
        let template = ids(&templates.json)[0].clone();
        steps::treat(&world, &first, &quote, &template).await;
        let patient = world.patient(EMAIL).await;
        assert_eq!(patient.get(&format!("/api/v1/quotes/{quote}")).await.str("/status"), "aftercare");
        Trail::expect(
            trail.since(&world).await,
            &["treatment_started", "treatment_day_status_changed", "treatment_day_status_changed", "treatment_completed", "aftercare_started"],
            &["booking.treatment_started", "treatment.checked_in", "treatment.viewed", "treatment.photos_added", "treatment.photos_viewed", "treatment.photos_added", "treatment.photos_viewed", "treatment.viewed", "treatment.day_changed", "treatment.viewed", "treatment.viewed", "treatment.day_changed", "treatment.viewed", "booking.treatment_completed", "treatment.completed", "treatment.viewed", "aftercare.activated"],
            &["treatment.started", "treatment.completed", "aftercare.activated"],
        );

        // 8. The plan has dated milestones; a scan, and a questionnaire with pain 9 that is urgent for staff.
        world.t.at("2026-05-15T08:00:00Z");
        let patient = world.patient(EMAIL).await;
        let own = patient.get("/api/v1/me/aftercare").await.assert_status(200);
        let plan = own.str("/case/id").to_owned();
        assert_eq!(own.str("/case/start_date"), "2026-05-14", "the day after the treatment");
        let milestones = own.at("/case/milestones").as_array().unwrap();
        assert!(milestones.len() >= 4);
        assert_eq!(milestones[0]["start_date"], "2026-05-14");
        steps::scan(&patient, &plan).await.assert_status(201);
        let answered = steps::answer_pain(&patient, &plan, 9).await.assert_status(201);
        assert_eq!(answered.at("/flagged_urgent"), true);
        world.run_jobs().await;
        let admin = world.admin().await;
        let work = admin.get("/api/v1/aftercare/worklist").await.assert_status(200);
        assert_eq!(work.at("/data/0/case/id"), &json!(plan), "urgent cases come first");
        assert_eq!(work.at("/data/0/case/urgent"), true);
        Trail::expect(
            trail.since(&world).await,
            &[],
            &["aftercare.scan_uploaded", "aftercare.escalation_opened", "aftercare.questionnaire_answered", "aftercare.worklist_viewed"],
            &["aftercare.escalation_triggered"],
        );

        // 9. Both sides write.
        let threads = patient.get("/api/v1/conversations").await.assert_status(200);
        let thread = threads.at("/data").as_array().unwrap().iter().find(|row| row["clinic"]["name"] == "Bosphorus Hair").unwrap()["id"].as_str().unwrap().to_owned();
        let messages = format!("/api/v1/conversations/{thread}/messages");
        patient.post(&messages, json!({ "content": "May I wash my hair today?" })).await.assert_status(201);
        let answer = "Yes, with the foam, as we showed you. Call us at +90 212 555 0101 if in doubt.";
        let first = world.clinic(0).await;
        first.post(&messages, json!({ "content": answer })).await.assert_status(201);
        world.run_jobs().await;
        let read = patient.get(&messages).await.assert_status(200);
        assert_eq!(read.str("/data/0/content"), answer, "the pair knows each other: nothing is hidden");

        Trail::expect(
            trail.since(&world).await,
            &[],
            &["message.sent", "message.sent"],
            &["message.received", "message.received"],
        );

        // 10. After three months a review; staff publish; the public rating changes.
        let body = json!({
            "quote_id": quote, "overall_rating": 5, "facility_rating": 5, "staff_rating": 5, "results_rating": 4,
            "value_rating": 4, "review_text": "From the first message to the last wash everything was explained. ".repeat(2)
        });
        world.t.at("2026-07-12T12:00:00Z");
        let patient = world.patient(EMAIL).await;
        patient.post("/api/v1/me/reviews", body.clone()).await.assert_problem(422, "review_too_early");
        world.t.at("2026-08-13T12:00:00Z");
        let patient = world.patient(EMAIL).await;
        let review = patient.post("/api/v1/me/reviews", body.clone()).await.assert_status(201).str("/id").to_owned();
        patient.post("/api/v1/me/reviews", body).await.assert_problem(409, "review_exists");
        let admin = world.admin().await;
        admin.post(&format!("/api/v1/admin/reviews/{review}/approve"), json!({ "edit_count": 0 })).await.assert_status(200);
        let rated = world.http.get(&format!("/api/v1/providers/{}", world.clinics[0].id())).await.assert_status(200);
        assert_eq!(rated.get::<u64>("/rating/count"), 1);
        let public = world.http.get(&format!("/api/v1/providers/{}/reviews", world.clinics[0].id())).await.assert_status(200);
        assert_eq!(public.str("/data/0/author"), "John D.");

        Trail::expect(
            trail.since(&world).await,
            &["review_submitted", "review_published"],
            &["review.submitted", "review.published"],
            &["review.submitted", "review.published"],
        );

        // Staff read the whole case.
        world.t.advance(Duration::minutes(1));
        let case = admin.get(&format!("/api/v1/admin/cases/{inquiry}")).await.assert_status(200);
        assert_eq!(case.str("/patient/name"), "John Doe");
        assert_eq!(case.at("/money/due"), "0.00");
        assert!(case.at("/files").as_array().unwrap().len() >= 15);
        let words = |list: &str, member: &str| -> Vec<String> {
            case.at(list).as_array().unwrap().iter().map(|row| row[member].as_str().unwrap().to_owned()).collect()
        };
        let stages = words("/pipeline", "state");
        assert_eq!(stages, ["done", "done", "done", "done", "done", "now", "ahead"], "aftercare goes on for a year");
        let timeline = words("/timeline", "event");
        for event in ["inquiry_created", "quote_accepted", "booking_confirmed", "treatment_completed", "review_published"] {
            assert!(timeline.iter().any(|it| it == event), "{event} is not among {timeline:?}");
        }
        let audit = words("/audit", "action");
        for action in ["inquiry.submitted", "booking.confirmed", "review.published"] {
            assert!(audit.iter().any(|it| it == action), "{action} is not among {audit:?}");
        }
        // And the patient takes a copy of it along: bookings, papers, treatment, recovery, pictures (R-MG-83).
        let patient = world.patient(EMAIL).await;
        let asked = patient.post("/api/v1/me/data-bundle", json!({})).await.assert_status(202);
        let key = asked.str("/key").to_owned();
        world.run_jobs().await;
        let fetch = format!("/api/v1/me/data-bundle/{}/download", asked.str("/bundle/id"));
        let copy = patient.post(&fetch, json!({})).await.assert_status(200);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(copy.body.clone())).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut zip.by_name_decrypt(name, key.as_bytes()).unwrap(), &mut text).unwrap();
            text
        };
        let (bookings, sheet, recovery) = (read("data/bookings.json"), read("data/treatments.json"), read("data/aftercare.json"));
        assert!(bookings.contains("8950.00") && !bookings.contains("commission"), "{bookings}");
        assert!(sheet.contains("3020") && sheet.contains("One capsule in the morning"), "{sheet}");
        assert!(recovery.contains("\"answers\"") && recovery.contains("\"flagged_urgent\": true"), "{recovery}");
        assert!(read("data/invoices.json").contains("\"kind\": \"receipt\""));
        assert!(zip.file_names().flatten().filter(|name| name.starts_with("media/care-")).count() >= 4);

        platform::audit::seal(&world.t.app).await.unwrap();
        world.t.advance(Duration::minutes(5));
        platform::audit::seal(&world.t.app).await.unwrap();
        assert!(platform::audit::verify(&world.t.app).await.unwrap().is_ok());
    }
}
