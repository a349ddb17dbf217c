//! From the first saved step to a submitted inquiry.

use crate::common::{Filed, active_set, change_clinic, clinic, events, patient, pictures, prepare, timeline};
use inquiry::entity::{inquiries, inquiry_drafts, inquiry_providers, medical_histories, questionnaires};
use inquiry::rules::submission::DraftPayload;
use inquiry::seed::InquirySpec;
use kernel::ids::{InquiryId, PatientId, ProviderId};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, PaginatorTrait, Set};
use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp, Upload, actors};

fn as_patient(t: &TestApp, id: PatientId) -> Client {
    t.client(inquiry::routes()).as_actor(actors::patient(id))
}

async fn upload_scan(client: &Client, views: &[&str]) {
    for (view, picture) in views.iter().zip(pictures()) {
        let fields = [("collection", "head_scan"), ("view", *view)];
        client.multipart("/inquiry-draft/media", &fields, &[Upload::jpeg(picture)]).await.assert_status(201);
    }
}

/// A film of so many milliseconds: a header, a track, no pictures.
fn film(milliseconds: u32) -> Vec<u8> {
    let atom = |name: &[u8; 4], content: &[u8]| {
        let size = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [&size[..], name, content].concat()
    };
    let mut header = vec![0; 12];
    header.extend_from_slice(&1000_u32.to_be_bytes());
    header.extend_from_slice(&milliseconds.to_be_bytes());
    header.resize(100, 0);
    let handler = atom(b"hdlr", &[&[0; 8][..], b"vide", &[0; 12]].concat());
    let movie = [atom(b"mvhd", &header), atom(b"trak", &atom(b"mdia", &handler))].concat();
    [atom(b"ftyp", b"isom\0\0\0\0isomiso2mp41"), atom(b"moov", &movie), atom(b"mdat", b"..")].concat()
}

const VIEWS: [&str; 5] = ["front", "top", "left", "right", "back"];

async fn payload(t: &TestApp, countries: &[&str], providers: &[ProviderId]) -> DraftPayload {
    InquirySpec::new(countries, providers, Vec::new()).payload(&t.app, &active_set(t).await)
}

async fn save(client: &Client, payload: &Value) -> i32 {
    let body = json!({ "step": "review", "payload": payload });
    client.put("/inquiry-draft", body).await.assert_status(200).get("/version")
}

/// Two submissions at the same moment: the one that was taken, and the other.
async fn submit_from_two_devices(client: &Client) -> (Reply, Reply) {
    let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(2));
    let submit = || {
        let (client, barrier) = (client.clone(), barrier.clone());
        tokio::spawn(async move {
            barrier.wait().await;
            client.post("/inquiries", json!({})).await
        })
    };
    let (one, two) = (submit(), submit());
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    if one.status == 201 { (one, two) } else { (two, one) }
}

testkit::both! {
    /// R-IQ-10, R-IQ-12: the draft is resumed, and the request gets the next code of the month.
    async fn a_draft_is_saved_resumed_and_submitted(t: TestApp) {
        prepare(&t).await;
        let provider = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        client.get("/inquiry-draft").await.assert_problem(404, "not_found");
        let first = client.put("/inquiry-draft", json!({ "step": "service", "payload": { "problem": "both" } })).await.assert_status(200);
        let resumed = client.get("/inquiry-draft").await.assert_status(200);
        assert_eq!((resumed.str("/id"), resumed.str("/payload/problem")), (first.str("/id"), "both"));
        assert_eq!(resumed.str("/expires_at"), "2026-03-09T10:00:00Z");
        upload_scan(&client, &VIEWS).await;
        let payload = serde_json::to_value(payload(&t, &["TR", "PL"], &[provider]).await).unwrap();
        let version = save(&client, &payload).await;
        let stored = inquiry_drafts::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert!(!stored.payload.ciphertext().contains("temples"), "the draft is sealed");
        client.post("/inquiries", json!({ "version": version - 1 })).await.assert_problem(409, "stale_version");
        let done = client.post("/inquiries", json!({ "version": version })).await.assert_status(201);
        assert_eq!(done.str("/inquiry/inquiry_code"), "HPID26030001");
        assert_eq!(done.str("/inquiry/symptom_severity"), "moderate");
        assert_eq!(done.at("/inquiry/destinations"), &json!(["TR", "PL"]));
        assert_eq!(done.at("/inquiry/media").as_array().unwrap().len(), 5);
        client.get("/inquiry-draft").await.assert_problem(404, "not_found");
        let id: InquiryId = done.get("/id");
        assert_eq!(timeline(&t, id).await, ["inquiry_created"]);
        assert_eq!(events(&t).await.into_iter().filter(|key| key.starts_with("inquiry.")).collect::<Vec<_>>(), ["inquiry.submitted"]);
        let patient = identity::patients::load(t.conn(), john.id).await.unwrap();
        assert_eq!(patient.status, Some(identity::entity::patients::PatientStatus::Inquiry));
        let row = &inquiry::distribution::of(t.conn(), id).await.unwrap()[0];
        assert_eq!(row.response_deadline_at, testkit::at("2026-03-05T10:00:00Z"));
    }

    /// R-ID-62.
    /// R-IQ-18: level and answers, sealed.
    async fn medical_data_lies_sealed(t: TestApp) {
        let filed = Filed::new(&t, &["hiv", "medicine_allergy"]).await;
        let history = medical_histories::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let form = questionnaires::Entity::find().one(t.conn()).await.unwrap().unwrap();
        for text in [history.alert_level.ciphertext(), form.answers.ciphertext(), history.allergies.as_ref().unwrap().ciphertext()] {
            assert!(!text.contains("critical") && !text.contains("Since 2019"), "{text}");
        }
        assert_eq!(history.alert_level_index.as_ref().map(String::len), Some(64));
        let own = filed.as_patient(&t).get(&filed.path("")).await.assert_status(200);
        assert_eq!(own.str("/medical/alert_level"), "critical");
        assert_eq!(own.at("/medical/age"), 35);
        assert_eq!(own.str("/medical/critical_conditions/0/question_id"), "hiv");
        assert_eq!(own.str("/medical/allergies"), "Medicine allergy: Since 2019, under treatment.");
    }

    /// R-IQ-12: after 9999 the number has five digits.
    async fn the_ten_thousandth_request_of_a_month_has_a_code(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        t.conn().execute_unprepared("UPDATE code_counters SET last_value = 9999 WHERE counter_key = 'inquiry'").await.unwrap();
        let jane = patient(&t, "Jane", "Roe").await;
        let spec = InquirySpec::new(&["TR"], &[filed.provider], pictures());
        let id = inquiry::seed::inquiry(&t.app, jane.id, spec).await.unwrap();
        let row = inquiries::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.inquiry_code.as_deref(), Some("HPID260310000"));
    }

    /// R-IQ-10: a picture is a change too.
    async fn a_picture_lets_the_draft_live_on(t: TestApp) {
        prepare(&t).await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        client.put("/inquiry-draft", json!({ "step": "service", "payload": { "problem": "both" } })).await.assert_status(200);
        t.at("2026-03-08T10:00:00Z");
        upload_scan(&client, &VIEWS[..1]).await;
        t.at("2026-03-10T10:00:00Z");
        let draft = client.get("/inquiry-draft").await.assert_status(200);
        assert_eq!((draft.str("/expires_at"), draft.at("/version")), ("2026-03-15T10:00:00Z", &json!(2)));
        t.at("2026-03-14T10:00:00Z");
        let media = platform::entity::media::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        client.delete(&format!("/inquiry-draft/media/{media}")).await.assert_status(204);
        assert_eq!(client.get("/inquiry-draft").await.str("/expires_at"), "2026-03-21T10:00:00Z");
    }

    /// R-IQ-07, section 10: what a patient uploads to a draft is looked at.
    async fn bad_pictures_are_refused_with_their_codes(t: TestApp) {
        prepare(&t).await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        let send = |fields: &'static [(&'static str, &'static str)], bytes: Vec<u8>| {
            let client = client.clone();
            async move { client.multipart("/inquiry-draft/media", fields, &[Upload::jpeg(bytes)]).await }
        };
        let (scan, evidence): (&[_], &[_]) = (&[("collection", "head_scan"), ("view", "front")], &[("collection", "evidence")]);
        let good = pictures().remove(0);
        send(scan, good[..good.len() / 2].to_vec()).await.assert_problem(422, "media_unreadable");
        send(scan, b"MZ\x90\0 a program with the name of a picture".to_vec()).await.assert_problem(422, "media_type_invalid");
        send(scan, Vec::new()).await.assert_status(422);
        send(evidence, film(31_000)).await.assert_problem(422, "media_too_long");
        send(evidence, film(30_000)).await.assert_status(201);
        let known = inquiry_drafts::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(known.len(), 1, "what was refused stored nothing beside the draft");
    }

    /// R-IQ-02.
    async fn one_active_inquiry_per_patient(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let client = filed.as_patient(&t);
        let again = client.post("/inquiries", json!({})).await.assert_problem(409, "active_inquiry_exists");
        assert_eq!(again.get::<InquiryId>("/existing_id"), filed.inquiry);
        // A finished case does not count (R-IQ-02).
        let mut row: inquiries::ActiveModel = inquiries::Entity::find().one(t.conn()).await.unwrap().unwrap().into();
        row.status = Set(inquiries::InquiryStatus::Completed);
        row.update(t.conn()).await.unwrap();
        let spec = InquirySpec::new(&["TR"], &[filed.provider], pictures());
        inquiry::seed::inquiry(&t.app, filed.patient.id, spec).await.unwrap();
        assert_eq!(inquiries::Entity::find().count(t.conn()).await.unwrap(), 2);
    }

    /// R-IQ-02.
    async fn two_submits_at_once_make_one_inquiry(t: TestApp) {
        prepare(&t).await;
        let provider = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        upload_scan(&client, &VIEWS).await;
        save(&client, &serde_json::to_value(payload(&t, &["TR"], &[provider]).await).unwrap()).await;
        let (won, lost) = submit_from_two_devices(&client).await;
        let won = won.assert_status(201);
        let lost = lost.assert_problem(409, "active_inquiry_exists");
        assert_eq!(lost.str("/existing_id"), won.str("/id"));
        assert_eq!(inquiries::Entity::find().count(t.conn()).await.unwrap(), 1);
        assert_eq!(inquiry_providers::Entity::find().count(t.conn()).await.unwrap(), 1);
        assert_eq!(medical_histories::Entity::find().count(t.conn()).await.unwrap(), 1);
    }

    /// R-IQ-02, race 1: fifty requests, each submitted by two devices at the same moment.
    async fn race_1_a_request_is_submitted_once(t: TestApp) {
        prepare(&t).await;
        let provider = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        upload_scan(&client, &VIEWS).await;
        save(&client, &serde_json::to_value(payload(&t, &["TR"], &[provider]).await).unwrap()).await;
        let draft = inquiry_drafts::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        for round in 1..=50_u64 {
            let (won, lost) = submit_from_two_devices(&client).await;
            let won = won.assert_status(201);
            assert_eq!(lost.assert_problem(409, "active_inquiry_exists").str("/existing_id"), won.str("/id"), "{round}");
            assert_eq!(inquiries::Entity::find().count(t.conn()).await.unwrap(), round);
            assert_eq!(inquiry_providers::Entity::find().count(t.conn()).await.unwrap(), round);
            assert_eq!(medical_histories::Entity::find().count(t.conn()).await.unwrap(), round);
            let sent = events(&t).await.into_iter().filter(|key| key == "inquiry.submitted").count();
            assert_eq!(sent, usize::try_from(round).unwrap(), "{round}: told once");
            // The same draft and pictures for the next round, as if nothing had been sent.
            for sql in [
                "UPDATE inquiries SET status = 'cancelled'".to_owned(),
                "UPDATE inquiry_drafts SET consumed_inquiry_id = NULL".to_owned(),
                format!("UPDATE media SET mediable_type = 'InquiryDraft', mediable_id = '{draft}' WHERE mediable_type = 'Inquiry'"),
            ] {
                t.conn().execute_unprepared(&sql).await.unwrap();
            }
        }
    }

    /// R-IQ-03, R-IQ-04, R-IQ-05, R-IQ-08, R-IQ-09, R-IQ-16, R-IQ-17.
    async fn wrong_drafts_are_refused_with_their_codes_and_change_nothing(t: TestApp) {
        prepare(&t).await;
        let (tr, pl) = (clinic(&t, "Bosphorus", "TR").await, clinic(&t, "Vistula", "PL").await);
        let paused = clinic(&t, "Paused", "TR").await;
        change_clinic(&t, paused, |row| row.intake_paused_at = Set(Some(t.now()))).await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        upload_scan(&client, &VIEWS).await;
        let good = serde_json::to_value(payload(&t, &["TR"], &[tr]).await).unwrap();
        let range = |start: &str, end: &str| json!({ "start": start, "end": end });
        let eleven: Vec<&str> = vec!["TR", "PL", "ES", "DE", "FR", "IT", "GB", "HU", "PT", "GR", "AT"];
        let months: Vec<Value> = (1..=11).map(|day| json!(format!("2026-05-{day:02}"))).collect();
        let six: Vec<ProviderId> = (0..6).map(|_| ProviderId::new()).collect();
        let cases: Vec<(&str, Value, &str)> = vec![
            ("destinations", json!(eleven), "too_many_countries"),
            ("destinations", json!(["TR", "TR"]), "country_chosen_twice"),
            ("destinations", json!(["TR", "XX"]), "country_unknown"),
            ("treatment_schedule", json!(months), "too_many_ranges"),
            ("treatment_schedule", json!([range("2026-03-31", "2026-04-10")]), "date_range_too_soon"),
            ("treatment_schedule", json!([range("2028-03-01", "2028-03-03")]), "date_range_too_far"),
            ("treatment_schedule", json!([range("2026-04-10", "2026-04-01")]), "date_range_invalid"),
            ("treatment_schedule", json!([range("2026-04-01", "2026-04-10"), range("2026-04-10", "2026-04-15")]), "date_range_overlap"),
            ("treatment_schedule", json!(["2027-02-30"]), "invalid_date"),
            ("provider_ids", json!([paused]), "provider_not_available"),
            ("provider_ids", json!([tr, pl]), "provider_not_in_destinations"),
            ("provider_ids", json!([tr, tr]), "provider_chosen_twice"),
            ("severity", json!(11), "severity_out_of_range"),
            ("problem_details", json!("   too few "), "text_too_short"),
            ("problem_details", json!("with a bell \u{7} inside"), "text_invalid"),
            ("previous_treatments", json!("x".repeat(256)), "text_too_long"),
            ("duration_of_concern", Value::Null, "required"),
            ("terms_accepted", json!(false), "terms_required"),
        ];
        for (field, value, code) in cases {
            let mut bad = good.clone();
            bad[field] = value;
            save(&client, &bad).await;
            client.post("/inquiries", json!({})).await.assert_problem(422, code);
        }
        let mut bad = good.clone();
        bad["provider_ids"] = json!(six);
        save(&client, &bad).await;
        client.post("/inquiries", json!({})).await.assert_problem(422, "validation_failed").assert_field("provider_ids", "too_many_providers");
        let mut bad = good.clone();
        bad["questionnaire"]["answers"][3] = json!({ "question_id": "hiv", "answer": true });
        save(&client, &bad).await;
        client.post("/inquiries", json!({})).await.assert_problem(422, "answer_details_required");
        let mut bad = good.clone();
        bad["questionnaire"]["answers"].as_array_mut().unwrap().pop();
        save(&client, &bad).await;
        client.post("/inquiries", json!({})).await.assert_problem(422, "answer_missing");
        let mut bad = good.clone();
        bad["questionnaire"]["version"] = json!(7);
        save(&client, &bad).await;
        client.post("/inquiries", json!({})).await.assert_problem(409, "questionnaire_stale");
        assert_eq!(inquiries::Entity::find().count(t.conn()).await.unwrap(), 0);
        // GS-5: the first and the last possible day are accepted.
        let mut edge = good.clone();
        edge["treatment_schedule"] = json!([range("2026-04-01", "2026-04-10"), "2028-03-02"]);
        save(&client, &edge).await;
        let done = client.post("/inquiries", json!({})).await.assert_status(201);
        assert_eq!(done.str("/inquiry/treatment_schedule/1/start"), "2028-03-02");
    }

    /// R-IQ-08, R-IQ-16.
    async fn all_faults_come_in_one_answer(t: TestApp) {
        prepare(&t).await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        client.post("/inquiries", json!({})).await.assert_problem(409, "draft_missing");
        save(&client, &json!({})).await;
        let reply = client.post("/inquiries", json!({})).await.assert_problem(422, "validation_failed");
        let fields: Vec<_> = reply.at("/errors").as_object().unwrap().keys().cloned().collect();
        for field in ["destinations", "head_scan", "problem", "problem_details", "provider_ids", "severity", "terms_accepted", "treatment_schedule", "questionnaire.hiv"] {
            assert!(fields.iter().any(|known| known == field), "{field} in {fields:?}");
        }
        client.put("/inquiry-draft", json!({ "step": "x", "payload": { "surprise": 1 } })).await.assert_problem(422, "validation_failed");
    }

    /// R-IQ-07.
    async fn the_head_scan_needs_five_sharp_views(t: TestApp) {
        prepare(&t).await;
        let provider = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        save(&client, &serde_json::to_value(payload(&t, &["TR"], &[provider]).await).unwrap()).await;
        upload_scan(&client, &VIEWS[..4]).await;
        client.post("/inquiries", json!({})).await.assert_problem(422, "media_incomplete_view_set");
        let back = [("collection", "head_scan"), ("view", "back")];
        let blurred = Upload::jpeg(testkit::blurred_jpeg(640, 640, 9));
        client.multipart("/inquiry-draft/media", &back, &[blurred]).await.assert_problem(422, "media_quality_insufficient");
        let text = Upload::jpeg(b"MZ this is a program".to_vec()).named("head.jpg");
        client.multipart("/inquiry-draft/media", &back, &[text]).await.assert_problem(422, "media_type_invalid");
        // A second picture of a view replaces the first.
        upload_scan(&client, &["front"]).await;
        assert_eq!(client.get("/inquiry-draft").await.at("/media").as_array().unwrap().len(), 4);
        let stranger = as_patient(&t, patient(&t, "Eve", "Else").await.id);
        let id = client.get("/inquiry-draft").await.str("/media/0/id").to_owned();
        stranger.delete(&format!("/inquiry-draft/media/{id}")).await.assert_problem(404, "not_found");
        client.delete(&format!("/inquiry-draft/media/{id}")).await.assert_status(204);
        assert_eq!(client.get("/inquiry-draft").await.at("/media").as_array().unwrap().len(), 3);
    }

    /// R-IQ-06.
    async fn at_most_five_pieces_of_evidence(t: TestApp) {
        prepare(&t).await;
        let client = as_patient(&t, patient(&t, "John", "Doe").await.id);
        let send = async |seed| {
            let picture = Upload::jpeg(testkit::jpeg(320, 320, seed));
            client.multipart("/inquiry-draft/media", &[("collection", "evidence")], &[picture]).await
        };
        for seed in 0..5 {
            send(seed).await.assert_status(201);
        }
        send(9).await.assert_problem(422, "too_many_files");
        assert_eq!(client.get("/inquiry-draft").await.at("/media").as_array().unwrap().len(), 5);
    }

    /// R-IQ-01, R-IQ-09.
    async fn only_eligible_patients_with_consents_submit(t: TestApp) {
        prepare(&t).await;
        let john = patient(&t, "John", "Doe").await;
        let client = as_patient(&t, john.id);
        t.client(inquiry::routes()).get("/inquiry-draft").await.assert_problem(401, "unauthenticated");
        let clinic = actors::clinic_owner(kernel::ids::ProviderUserId::new(), ProviderId::new());
        t.client(inquiry::routes()).as_actor(clinic).post("/inquiries", json!({})).await.assert_problem(403, "forbidden");
        use identity::entity::patient_consents::{PatientConsentAction, PatientConsentType, self as consents};
        let kind = PatientConsentType::ProviderDataSharing;
        let mut withdrawn: consents::ActiveModel = consents::Entity::find().all(t.conn()).await.unwrap()
            .into_iter().find(|row| row.consent_type == kind).unwrap().into();
        withdrawn.id = Set(kernel::ids::PatientConsentId::new());
        withdrawn.action = Set(PatientConsentAction::Withdrawn);
        withdrawn.acted_at = Set(t.now());
        withdrawn.insert(t.conn()).await.unwrap();
        client.post("/inquiries", json!({})).await.assert_problem(403, "consent_required");
        let mut row: identity::entity::patients::ActiveModel = john.into();
        row.email_verified_at = Set(None);
        row.update(t.conn()).await.unwrap();
        client.post("/inquiries", json!({})).await.assert_problem(403, "patient_not_eligible");
    }

    /// R-IQ-10.
    async fn a_draft_lives_seven_days(t: TestApp) {
        prepare(&t).await;
        let client = as_patient(&t, patient(&t, "John", "Doe").await.id);
        save(&client, &json!({ "severity": 4 })).await;
        t.at("2026-03-09T09:59:59Z");
        client.get("/inquiry-draft").await.assert_status(200);
        t.at("2026-03-09T10:00:00Z");
        client.get("/inquiry-draft").await.assert_problem(404, "not_found");
        t.run_jobs(&crate::common::registry()).await;
        let row = inquiry_drafts::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.discarded_at, Some(testkit::at("2026-03-09T10:00:00Z")));
        // Kept, and a new one can be started.
        save(&client, &json!({ "severity": 5 })).await;
        assert_eq!(inquiry_drafts::Entity::find().count(t.conn()).await.unwrap(), 2);
        client.delete("/inquiry-draft").await.assert_status(204);
        client.delete("/inquiry-draft").await.assert_status(204);
        client.get("/inquiry-draft").await.assert_problem(404, "not_found");
    }
}
