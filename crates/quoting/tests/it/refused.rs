//! Bad input and edges of quotes, row by row of the table, and rules that are nobody else's test.

use inquiry::entity::inquiries::InquiryStatus;
use kernel::ids::QuoteId;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde_json::{Value, json};
use testkit::{TestApp, actors};

use crate::world::*;

testkit::both! {
    async fn row_other_peoples_things_do_not_exist(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let (foreign, patient) = (w.clinic_client(&t, 1), t.client(quoting::routes()).as_actor(actors::patient(kernel::ids::PatientId::new())));
        for (who, path) in [(&foreign, ""), (&patient, ""), (&foreign, "/versions")] {
            who.get(&format!("/quotes/{id}{path}")).await.assert_problem(404, "not_found");
        }
        for path in ["submit", "withdraw", "archive", "withdrawal-request", "price-preview"] {
            let body: Value = if path == "submit" { json!({ "version": 1 }) } else if path == "price-preview" { json!({}) } else { json!({ "reason": "Not mine" }) };
            foreign.post(&format!("/quotes/{id}/{path}"), body).await.assert_problem(404, "not_found");
        }
        patient.post(&format!("/quotes/{id}/accept"), accept_body(&t, id).await).await.assert_problem(404, "not_found");
        patient.post(&format!("/inquiries/{}/cancel", w.inquiry), json!({ "reason": "timeline" })).await.assert_problem(404, "not_found");
        let unassigned = directory::seed::clinic(&t.app, directory::seed::ClinicSpec::new("Elsewhere").in_city("Vienna", "AT", "Europe/Vienna")).await.unwrap();
        let stranger = t.client(quoting::routes()).as_actor(actors::clinic_owner(unassigned.owner, unassigned.id()));
        stranger.post(&format!("/inquiries/{}/quotes", w.inquiry), json!({ "treatment_id": w.treatment })).await.assert_problem(404, "not_found");
    }

    async fn row_packages_and_treatments_must_be_offered(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let own = w.package(&t, 0, "Hotel", gbp("300.00")).await;
        let change = catalogue::entity::packages::ActiveModel {
            id: Set(own), status: Set(catalogue::entity::packages::PackageStatus::Inactive), ..Default::default()
        };
        catalogue::entity::packages::Entity::update(change).exec(t.conn()).await.unwrap();
        let clinic = w.clinic_client(&t, 0);
        let path = format!("/inquiries/{}/quotes", w.inquiry);
        clinic.post(&path, json!({ "treatment_id": w.treatment, "packages": [own] })).await.assert_problem(422, "package_not_available");
        clinic.post(&path, json!({ "treatment_id": w.treatment, "name": "My own cut" })).await.assert_problem(422, "validation_failed");
        clinic.post(&path, json!({})).await.assert_field("treatment_id", "treatment_required");
        let not_offered = format!("UPDATE provider_treatment_pricing SET status = 'not_offered' WHERE provider_id = '{}'", w.clinics[0].id());
        t.conn().execute_unprepared(&not_offered).await.unwrap();
        clinic.post(&path, json!({ "treatment_id": w.treatment })).await.assert_problem(422, "treatment_not_offered");
    }

    async fn row_a_submission_is_refused_in_every_wrong_moment(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let draft = async |clinic: usize| quoting::service::draft::create(&t.app, &w.owner(clinic), w.inquiry, w.spec(clinic, 2000).input()).await.unwrap();
        let submit = async |clinic: usize, id: QuoteId| w.clinic_client(&t, clinic).post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await;
        // R-IQ-20: a red alert comes first.
        let (red, late) = (draft(0).await, draft(1).await);
        let patient = t.client(inquiry::routes()).as_actor(actors::patient(w.patient));
        let set = catalogue::questionnaire::require_active(t.conn()).await.unwrap();
        let given = inquiry::seed::answers(&set, &["hiv".to_owned()]);
        let body = json!({ "set_id": given.set_id, "version": given.version, "answers": given.answers });
        patient.put(&format!("/inquiries/{}/medical-answers", w.inquiry), body).await.assert_status(200);
        submit(0, red).await.assert_problem(409, "alert_ack_required");
        let desk = t.client(inquiry::routes()).as_actor(w.owner(0));
        desk.post(&format!("/inquiries/{}/acknowledge-alert", w.inquiry), json!({})).await.assert_status(200);
        submit(0, red).await.assert_status(200);
        // R-IQ-30: after the deadline nothing new, but what is live can be revised until it ends.
        t.at("2026-03-03T10:00:00Z");
        let second = draft(0).await;
        submit(0, second).await.assert_status(200);
        t.at("2026-03-05T10:00:00Z");
        t.client(inquiry::routes()).as_actor(w.owner(1)).post(&format!("/inquiries/{}/acknowledge-alert", w.inquiry), json!({})).await.assert_status(200);
        submit(1, late).await.assert_problem(409, "quote_deadline_passed");
        let clinic = w.clinic_client(&t, 0);
        clinic.post(&format!("/inquiries/{}/quotes", w.inquiry), json!({ "treatment_id": w.treatment })).await.assert_problem(409, "quote_deadline_passed");
        t.at("2026-03-05T09:59:59Z");
        clinic.patch(&format!("/quotes/{second}"), json!({ "version": 1, "note": "Still here" })).await.assert_status(200);
        t.at("2026-03-05T10:00:01Z");
        clinic.patch(&format!("/quotes/{second}"), json!({ "version": 2, "note": "Too late" })).await.assert_problem(409, "quote_expired");
        // R-IQ-30: a suspended clinic sends nothing.
        t.at("2026-03-04T10:00:00Z");
        let suspended = format!("UPDATE providers SET status = 'suspended' WHERE id = '{}'", w.clinics[1].id());
        t.conn().execute_unprepared(&suspended).await.unwrap();
        submit(1, late).await.assert_problem(409, "provider_unavailable");
        let cancel = format!("/inquiries/{}/cancel", w.inquiry);
        w.patient_client(&t).post(&cancel, json!({ "reason": "changed_my_mind" })).await.assert_status(200);
        submit(1, late).await.assert_problem(409, "inquiry_not_active");
    }

    async fn row_totals_and_currencies(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let yen = catalogue::seed::package(&t.app, w.clinics[0].id(), "Ryokan", catalogue::entity::packages::PackageCategory::Hotel, kernel::Money::new("9000".parse().unwrap(), "JPY".parse().unwrap())).await.unwrap().id;
        let mut input = w.spec(0, 2000).input();
        input.packages = Some(vec![yen]);
        let id = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, input).await.unwrap();
        let clinic = w.clinic_client(&t, 0);
        // R-IQ-41: no rate, no quote. R-IQ-43: the total lies within what a column holds.
        clinic.post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await.assert_problem(422, "fx_rate_unavailable");
        clinic.patch(&format!("/quotes/{id}"), json!({ "version": 0, "packages": [], "dates": [{ "date": "2026-05-12", "price": { "amount": "99999999.99", "currency": "GBP" } }], "fees": [{ "name": "Consultation", "price": { "amount": "0.01", "currency": "GBP" } }] })).await.assert_status(200);
        clinic.post(&format!("/quotes/{id}/submit"), json!({ "version": -1 })).await.assert_problem(422, "quote_amount_not_positive");
        assert_eq!((state(&t, id).await.0, events(&t, "quote.submitted").await), (QuoteStatus::Inquiry, 0));
        for price in ["0.00", "-5.00", "1e9", "NaN", "12.345"] {
            let body = json!({ "version": -1, "dates": [{ "date": "2026-05-12", "price": { "amount": price, "currency": "GBP" } }] });
            clinic.patch(&format!("/quotes/{id}"), body).await.assert_status(422);
        }
        let body = json!({ "version": -1, "dates": [{ "date": "2026-05-12", "price": { "amount": "5.00", "currency": "XXX" } }] });
        clinic.patch(&format!("/quotes/{id}"), body).await.assert_field("dates.0.price.currency", "invalid_currency");
    }

    async fn row_an_archived_offer_cannot_be_taken(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let body = accept_body(&t, id).await;
        w.clinic_client(&t, 0).post(&format!("/quotes/{id}/archive"), json!({ "reason": "Tidying up" })).await.assert_status(200);
        w.patient_client(&t).post(&format!("/quotes/{id}/accept"), body).await.assert_problem(409, "quote_not_available");
        assert_eq!(stage(&t, &w).await, (InquiryStatus::Quote, None));
    }

    async fn row_two_or_three_offers_of_one_request_are_compared(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let (c, d) = (w.sent(&t, 0, 2600).await, w.sent(&t, 1, 2200).await);
        let patient = w.patient_client(&t);
        let compare = async |ids: String| patient.get(&format!("/inquiries/{}/quotes/compare?ids={ids}", w.inquiry)).await;
        compare(format!("{a},{b}")).await.assert_status(200);
        for ids in [format!("{a}"), format!("{a},{b},{c},{d}"), format!("{a},{a}")] {
            compare(ids).await.assert_problem(422, "compare_count");
        }
        compare("nonsense,more".to_owned()).await.assert_problem(400, "malformed");
        // An offer of another request of the same patient.
        t.conn().execute_unprepared(&format!("UPDATE inquiries SET status = 'cancelled' WHERE id = '{}'", w.inquiry)).await.unwrap();
        let other = request(&t, w.patient, &w.clinics).await;
        let elsewhere = quoting::seed::draft_and_submit(&t.app, &w.owner(0), other, &w.spec(0, 2000)).await.unwrap();
        compare(format!("{a},{elsewhere}")).await.assert_problem(422, "compare_mixed");
        compare(format!("{a},{}", QuoteId::new())).await.assert_problem(404, "not_found");
    }

    async fn row_searches_take_signs_as_letters_and_have_a_length(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        w.sent(&t, 0, 2500).await;
        let patient = t.client(inquiry::routes()).as_actor(actors::patient(w.patient));
        let desk = t.client(inquiry::routes()).as_actor(w.owner(0));
        patient.get(&format!("/inquiries?q={}", "x".repeat(51))).await.assert_problem(422, "query_too_long");
        desk.get(&format!("/inquiries?q={}", "x".repeat(201))).await.assert_problem(422, "query_too_long");
        for sign in ["%25", "_", "'", "%22", "';%20DROP%20TABLE%20quotes;--", "HPID_6"] {
            assert_eq!(desk.get(&format!("/inquiries?q={sign}")).await.assert_status(200).at("/meta/total"), 0, "{sign}");
        }
        // R-IQ-91: codes are found, names are not, and nothing sorts by them.
        assert_eq!(desk.get("/inquiries?q=hpid").await.at("/meta/total"), 1);
        assert_eq!(desk.get("/inquiries?q=PAT-").await.at("/meta/total"), 1);
        for name in ["John", "Doe", "john.doe"] {
            assert_eq!(desk.get(&format!("/inquiries?q={name}")).await.at("/meta/total"), 0, "{name}");
        }
        desk.get("/inquiries?sort=last_name").await.assert_status(422);
    }

    async fn row_malformed_requests(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let clinic = w.clinic_client(&t, 0);
        assert_eq!(clinic.raw(&format!("/quotes/{id}/withdraw"), "application/json", "{ not json").await.status, 400);
        clinic.get("/quotes/not-an-id").await.assert_problem(400, "malformed");
        clinic.post(&format!("/quotes/{id}/withdraw"), json!({ "reason": "Wrong", "extra": 1 })).await.assert_problem(422, "validation_failed");
        clinic.get("/quotes?filter[status]=unheard").await.assert_status(422);
        for page in ["page=0", "per_page=101", "per_page=0"] {
            clinic.get(&format!("/quotes?{page}")).await.assert_status(422);
            t.client(inquiry::routes()).as_actor(w.owner(0)).get(&format!("/inquiries?{page}")).await.assert_status(422);
        }
    }

    async fn row_protected_rows_are_never_deleted(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        assert_eq!(w.clinic_client(&t, 0).delete(&format!("/quotes/{id}")).await.status, 405);
        assert_eq!(t.client(inquiry::routes()).as_actor(actors::patient(w.patient)).delete(&format!("/inquiries/{}", w.inquiry)).await.status, 405);
        for table in ["quotes", "quote_versions", "quote_clinicians", "inquiry_providers", "medical_histories", "questionnaires", "workflow_timelines", "inquiries", "media", "files"] {
            assert!(t.conn().execute_unprepared(&format!("DELETE FROM {table}")).await.is_err(), "{table}");
        }
        assert!(quoting::entity::quotes::Entity::find_by_id(id).one(t.conn()).await.unwrap().is_some());
    }

    async fn q3_a_patient_is_told_of_what_matters(t: TestApp) {
        let w = world(&t, &[("4250.00", "1.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let clinic = w.clinic_client(&t, 0);
        let revise = async |body: Value| clinic.patch(&format!("/quotes/{id}"), body).await.assert_status(200);
        revise(json!({ "version": 1, "note": "Take your time." })).await;
        revise(json!({ "version": 2, "estimated_grafts": 2600 })).await;
        let told = platform::outbox::recorded(t.conn(), Some("quote.updated")).await.unwrap();
        let to: Vec<&Value> = told.iter().map(|event| &event.payload["to"]).collect();
        assert_eq!(to, [&json!("provider"), &Value::Null]);
    }

    async fn r_iq_62_an_account_that_goes_takes_its_request_along(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        platform::write_txn!(t.app.db, |txn| {
            let case = inquiry::case::lock(txn, w.inquiry).await?;
            let quotes = quoting::store::lock_quotes_of(txn, w.inquiry).await?;
            let ended = inquiry::case::cancel_for_account_deletion(txn, &t.app, &case, &quoting::service::cancel::told(&quotes)).await?;
            assert_eq!(ended.cancellation_reason.as_deref(), Some("Account Deleted (System)"));
            quoting::service::cancel::end_quotes(txn, &t.app, &kernel::Actor::system(), &case, &quotes).await
        }).unwrap();
        assert_eq!(stage(&t, &w).await.0, InquiryStatus::Cancelled);
        assert_eq!(state(&t, id).await.0, QuoteStatus::Cancelled);
    }

    async fn r_iq_19_a_red_alert_rejects_nobody_and_mails_nothing_more(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let plain: Vec<String> = platform::outbox::recorded(t.conn(), None).await.unwrap().into_iter().map(|event| event.event_key).collect();
        t.conn().execute_unprepared(&format!("UPDATE inquiries SET status = 'cancelled' WHERE id = '{}'", w.inquiry)).await.unwrap();
        let spec = inquiry::seed::InquirySpec::new(&["TR"], &[w.clinics[0].id()], (1..=5).map(|seed| testkit::jpeg(640, 640, seed)).collect()).answering_yes(&["hiv"]);
        inquiry::seed::inquiry(&t.app, w.patient, spec).await.unwrap();
        let red: Vec<String> = platform::outbox::recorded(t.conn(), None).await.unwrap().into_iter().map(|event| event.event_key).skip(plain.len()).collect();
        assert_eq!(red, plain, "the same events, only the mark in the portal differs");
    }

    async fn r_iq_57_quote_clocks_run_twice_late_and_on_two_workers(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00")]).await;
        let (live, open) = (w.sent(&t, 0, 2500).await, quoting::service::draft::create(&t.app, &w.owner(1), w.inquiry, w.spec(1, 2000).input()).await.unwrap());
        let held = w.sent(&t, 2, 2500).await;
        // Another patient holds an hour of the third clinic.
        let rival = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", "Rival")).await.unwrap().id;
        let inquiry = request(&t, rival, &w.clinics[2..]).await;
        let taken = quoting::seed::draft_and_submit(&t.app, &w.owner(2), inquiry, &w.spec(2, 2000)).await.unwrap();
        quoting::seed::accept(&t.app, rival, taken).await.unwrap();
        t.at("2026-03-20T00:00:00Z");
        for schedule in quoting::schedules() {
            let (one, two) = tokio::join!((schedule.run)(&t.app), (schedule.run)(&t.app));
            one.and(two).unwrap();
            (schedule.run)(&t.app).await.unwrap();
        }
        let (first, second) = (registry(), registry());
        let (one, two) = tokio::join!(t.try_run_jobs(&first), t.try_run_jobs(&second));
        assert!(one.is_empty() && two.is_empty());
        for id in [live, open, held] {
            assert_eq!(state(&t, id).await.0, QuoteStatus::Cancelled);
        }
        assert_eq!(state(&t, taken).await.0, QuoteStatus::Quote);
        assert_eq!((events(&t, "quote.expired").await, events(&t, "booking.hold_released").await), (2, 1));
        assert_eq!(events(&t, "quote.expiring_soon").await, 0, "nobody is reminded of what is over");
        let words = timeline(&t, w.inquiry).await;
        assert_eq!((words.iter().filter(|word| *word == "quote_expired").count(), words.iter().filter(|word| *word == "quote_cancelled").count()), (2, 1));
    }
}
