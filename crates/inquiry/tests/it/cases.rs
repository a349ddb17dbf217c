//! Distribution, what each audience sees, alerts, clocks, cancellation.

use crate::common::{
    Filed, active_set, change_clinic, clinic, events, patient, pictures, prepare, rated_clinic, registry, timeline,
};
use directory::entity::providers::ProviderStatus;
use inquiry::case::{self, CancelInput};
use inquiry::distribution;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self as rows, InquiryProviderStatus};
use inquiry::medical;
use inquiry::rules::alert::AlertLevel;
use inquiry::seed::{InquirySpec, answers};
use kernel::Actor;
use kernel::ids::{InquiryId, PatientId, ProviderId, ProviderUserId, UserId};
use platform::write_txn;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use testkit::{TestApp, actors};

/// No personal word of the patient may stand in an answer to a clinic.
fn assert_anonymous(text: &str) {
    for word in ["John", "Doe", "john.doe", "07700", "7700900", "London", "picture.jpg"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

/// A request that was sent and has not reached anybody.
async fn submitted(t: &TestApp, patient: PatientId, clinics: &[ProviderId]) -> InquiryId {
    let spec = InquirySpec::new(&["TR"], clinics, pictures());
    inquiry::seed::submitted(&t.app, patient, spec).await.unwrap()
}

async fn admin(t: &TestApp) -> UserId {
    identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap()
}

testkit::both! {
    async fn a_clinic_sorts_by_its_own_time_to_answer(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let other = patient(&t, "Jane", "Roe").await;
        let spec = InquirySpec::new(&["TR"], &[filed.provider], pictures());
        let second = inquiry::seed::inquiry(&t.app, other.id, spec).await.unwrap();
        for (inquiry, own, of_all) in [
            (filed.inquiry, "2026-03-09T10:00:00Z", "2026-03-10T10:00:00Z"),
            (second, "2026-03-06T10:00:00Z", "2026-03-20T10:00:00Z"),
        ] {
            let change = rows::ActiveModel { response_deadline_at: Set(testkit::at(own)), ..Default::default() };
            let of_case = rows::Column::InquiryId.eq(inquiry);
            rows::Entity::update_many().set(change).filter(of_case).exec(t.conn()).await.unwrap();
            let change = inquiries::ActiveModel { quote_deadline_at: Set(Some(testkit::at(of_all))), ..Default::default() };
            let of_id = inquiries::Column::Id.eq(inquiry);
            inquiries::Entity::update_many().set(change).filter(of_id).exec(t.conn()).await.unwrap();
        }
        let first = async |sort: &str| filed.as_clinic(&t).get(&format!("/inquiries?sort={sort}")).await.at("/data/0/id").clone();
        assert_eq!(first("quote_deadline_at").await, second.to_string());
        assert_eq!(first("-quote_deadline_at").await, filed.inquiry.to_string());
    }

    /// R-IQ-24: the choice is kept as a filled form, with the words it had.
    async fn how_a_patient_found_us_is_a_filled_form(t: TestApp) {
        use inquiry::entity::questionnaires::{self as forms, QuestionnaireContext};
        prepare(&t).await;
        let john = patient(&t, "John", "Doe").await;
        let options = catalogue::entity::discovery_questions::Entity::find().all(t.conn()).await.unwrap();
        let actor = actors::patient(john.id);
        for option in [&options[0], &options[0], &options[1]] {
            let change = identity::service::profile::ProfileChange {
                registration_source_id: Some(option.id),
                ..Default::default()
            };
            identity::service::profile::edit_me(&t.app, &actor, change).await.unwrap();
            t.run_jobs(&registry()).await;
            t.advance(chrono::Duration::minutes(1));
        }
        let rows = forms::Entity::find().filter(forms::Column::PatientId.eq(john.id)).all(t.conn()).await.unwrap();
        let told = |form: &forms::Model| {
            let answers: Value = t.app.keys.open(&form.answers).unwrap();
            (form.revision, answers[0]["answer"].as_str().unwrap().to_owned())
        };
        let mut found: Vec<_> = rows.iter().map(told).collect();
        found.sort();
        assert_eq!(found, [(1, options[0].option_label.clone()), (2, options[1].option_label.clone())]);
        assert!(rows.iter().all(|form| form.context == QuestionnaireContext::Discovery && form.inquiry_id.is_none()));
    }

    /// R-IQ-25, R-IQ-26.
    async fn gs_4_ten_clinics_in_the_specified_order(t: TestApp) {
        prepare(&t).await;
        let mut clinics = Vec::new();
        for (name, country, featured, tenths, count) in [
            ("T1", "TR", true, 46, 120), ("T2", "TR", false, 30, 2), ("T3", "TR", false, 49, 60), ("T4", "TR", false, 48, 200),
            ("T5", "TR", false, 48, 90), ("T6", "TR", false, 45, 40), ("T7", "TR", false, 30, 2), ("T8", "TR", false, 45, 12),
            ("T9", "TR", false, 0, 0), ("T10", "TR", true, 50, 500), ("T11", "TR", true, 50, 500),
            ("P1", "PL", true, 44, 80), ("P2", "PL", false, 47, 10), ("P3", "PL", false, 30, 2), ("P4", "PL", false, 42, 5),
            ("E1", "ES", true, 50, 900),
        ] {
            clinics.push((name, rated_clinic(&t, name, country, featured, tenths * count / 10, count).await));
        }
        let id = |name: &str| clinics.iter().find(|(known, _)| *known == name).unwrap().1;
        change_clinic(&t, id("T10"), |row| row.status = Set(ProviderStatus::Suspended)).await;
        change_clinic(&t, id("T11"), |row| row.intake_paused_at = Set(Some(t.now()))).await;
        let john = patient(&t, "John", "Doe").await;
        let spec = InquirySpec::new(&["TR", "PL"], &[id("T2"), id("T7"), id("P3")], pictures());
        let inquiry = inquiry::seed::inquiry(&t.app, john.id, spec).await.unwrap();
        let names = async || {
            let rows = distribution::of(t.conn(), inquiry).await.unwrap();
            rows.iter().map(|row| clinics.iter().find(|(_, id)| *id == row.provider_id).unwrap().0).collect::<Vec<_>>()
        };
        let expected = ["T2", "T7", "P3", "T1", "P1", "T3", "T4", "T5", "P2", "T6"];
        assert_eq!(names().await, expected);
        // Running it again, by the event or by hand, adds nothing and tells nobody twice.
        t.run_jobs(&registry()).await;
        distribution::distribute(&t.app, inquiry).await.unwrap();
        assert_eq!(names().await, expected);
        let told = events(&t).await.into_iter().filter(|key| key == "inquiry.distributed").count();
        assert_eq!(told, 10);
        assert_eq!(timeline(&t, inquiry).await, ["inquiry_created", "inquiry_distributed"]);
    }

    /// R-IQ-29.
    async fn a_removed_clinic_sees_nothing(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let mut row: rows::ActiveModel = distribution::of(t.conn(), filed.inquiry).await.unwrap().remove(0).into();
        row.status = Set(InquiryProviderStatus::Removed);
        row.update(t.conn()).await.unwrap();
        filed.as_clinic(&t).get(&filed.path("")).await.assert_problem(404, "not_found");
        assert_eq!(filed.as_clinic(&t).get("/inquiries").await.at("/meta/total"), 0);
    }

    /// R-IQ-25, R-IQ-27: whom the patient chose gets the request if it still accepts when it goes out.
    async fn a_clinic_that_stopped_in_between_is_not_asked(t: TestApp) {
        prepare(&t).await;
        let only = clinic(&t, "Bosphorus", "TR").await;
        let john = patient(&t, "John", "Doe").await;
        // Sent, and not yet given to anybody.
        let id = submitted(&t, john.id, &[only]).await;
        change_clinic(&t, only, |row| row.status = Set(ProviderStatus::Suspended)).await;
        for _ in 0..2 {
            distribution::distribute(&t.app, id).await.unwrap();
        }
        let count = async |key: &str| events(&t).await.into_iter().filter(|told| told == key).count();
        assert_eq!((count("inquiry.unmatched").await, count("inquiry.distributed").await), (1, 0), "staff are told once");
        let row = distribution::of(t.conn(), id).await.unwrap().remove(0);
        assert_eq!((row.status, row.closed_reason.as_deref()), (InquiryProviderStatus::Removed, Some("not_accepting")));
        assert_eq!(timeline(&t, id).await, ["inquiry_created"]);
        let owner = identity::seed::MemberSpec::new("provider_owner", "Olga", "Owner", "olga@clinics.example");
        let owner = identity::seed::clinic_user(&t.app, only, owner).await.unwrap();
        let its = t.client(inquiry::routes()).as_actor(actors::clinic_owner(owner, only));
        its.get(&format!("/inquiries/{id}")).await.assert_problem(404, "not_found");

        // Another one takes the place of one that paused.
        let (paused, best) = (clinic(&t, "Golden Horn", "TR").await, clinic(&t, "Marmara", "TR").await);
        let jane = patient(&t, "Jane", "Roe").await;
        let id = submitted(&t, jane.id, &[paused]).await;
        change_clinic(&t, paused, |row| row.intake_paused_at = Set(Some(t.now()))).await;
        distribution::distribute(&t.app, id).await.unwrap();
        let rows = distribution::of(t.conn(), id).await.unwrap();
        let open: Vec<ProviderId> =
            rows.iter().filter(|row| row.status == InquiryProviderStatus::Distributed).map(|row| row.provider_id).collect();
        assert_eq!(open, [best]);
        assert_eq!(timeline(&t, id).await, ["inquiry_created", "inquiry_distributed"]);
    }

    /// R-ID-60, R-ID-61.
    /// R-IQ-90, R-IQ-92.
    async fn a_clinic_sees_a_code_and_no_way_to_reach_the_patient(t: TestApp) {
        prepare(&t).await;
        let (ours, other) = (clinic(&t, "Bosphorus", "TR").await, clinic(&t, "Vistula", "PL").await);
        let john = patient(&t, "John", "Doe").await;
        let mut spec = InquirySpec::new(&["TR"], &[ours], pictures()).answering_yes(&["hiv"]);
        spec.details = "Call me on +44 7700 900123 or write to john.doe@patients.example please.".to_owned();
        let inquiry = inquiry::seed::inquiry(&t.app, john.id, spec).await.unwrap();
        let owner = identity::seed::MemberSpec::new("provider_owner", "Olga", "Owner", "olga@clinics.example");
        let owner = identity::seed::clinic_user(&t.app, ours, owner).await.unwrap();
        let client = t.client(inquiry::routes());
        let clinic = client.as_actor(actors::clinic_owner(owner, ours));
        let path = format!("/inquiries/{inquiry}");
        let list = clinic.get("/inquiries?filter[alert_level]=critical&filter[country]=gb").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.str("/data/0/alert_level")), (&json!(1), "critical"));
        assert_anonymous(&list.text());
        assert_eq!(clinic.get("/inquiries?filter[alert_level]=none").await.at("/meta/total"), 0);
        assert_eq!(clinic.get("/inquiries?q=hpid2603").await.at("/meta/total"), 1);
        assert_eq!(clinic.get("/inquiries?q=john").await.at("/meta/total"), 0);
        assert_eq!(clinic.get("/inquiries?q=%25").await.at("/meta/total"), 0, "a percent sign is plain text");
        let seen = clinic.get(&path).await.assert_status(200);
        assert_anonymous(&seen.text());
        assert_eq!(seen.str("/patient/display_name"), format!("Patient {}", john.patient_code.as_deref().unwrap()));
        assert_eq!(seen.at("/patient/email"), &Value::Null);
        assert!(seen.str("/problem_details").contains(identity::anonymity::HIDDEN), "{}", seen.text());
        assert_eq!(seen.str("/assignment/status"), "viewed");
        assert_eq!(seen.at("/media").as_array().unwrap().len(), 5);
        assert!(seen.json.get("destinations").is_none(), "where else the patient looks is nobody's business");
        let history = clinic.get(&format!("{path}/timeline")).await.assert_status(200);
        assert_eq!(history.str("/data/0/event"), "inquiry_distributed");
        assert!(!history.text().contains(&john.id.to_string()), "{}", history.text());
        let reads = platform::entity::audit_logs::Entity::find().all(t.conn()).await.unwrap();
        let read = reads.iter().filter(|row| row.action == "medical.viewed").count();
        assert_eq!(read, 1, "the reading is in the audit");
        // A clinic it did not go to learns nothing.
        let stranger = client.as_actor(actors::clinic_owner(ProviderUserId::new(), other));
        stranger.get(&path).await.assert_problem(404, "not_found");
        stranger.get(&format!("{path}/timeline")).await.assert_problem(404, "not_found");
        stranger.post(&format!("{path}/acknowledge-alert"), json!({})).await.assert_problem(404, "not_found");
        stranger.post(&format!("{path}/decline"), json!({ "reason": "no_capacity" })).await.assert_problem(404, "not_found");
        client.as_actor(actors::clinic_billing(owner, ours)).get(&path).await.assert_problem(403, "forbidden");
        let eve = patient(&t, "Eve", "Else").await;
        client.as_actor(actors::patient(eve.id)).get(&path).await.assert_problem(404, "not_found");
    }

    /// R-ID-63.
    /// R-IQ-94.
    async fn staff_justify_before_they_read_medical_data(t: TestApp) {
        let filed = Filed::new(&t, &["hiv"]).await;
        let boss = actors::super_admin(admin(&t).await);
        let client = t.client(inquiry::routes()).as_actor(boss.clone());
        let locked = client.get(&filed.path("")).await.assert_status(200);
        assert_eq!((locked.str("/patient/name"), locked.at("/medical")), ("John Doe", &Value::Null));
        assert_eq!((locked.at("/justification_required"), locked.at("/media")), (&json!(true), &json!([])));
        let reason = "Checking the complaint of this patient";
        identity::phi::grant(&t.app, &boss, filed.patient.id, reason).await.unwrap();
        let open = client.get(&filed.path("")).await.assert_status(200);
        assert_eq!(open.str("/medical/alert_level"), "critical");
        assert_eq!(client.get("/inquiries").await.at("/meta/total"), 1);
        client.get("/inquiries?filter[alert_level]=critical").await.assert_problem(403, "forbidden");
    }

    /// R-IQ-18, R-IQ-20, R-IQ-21.
    async fn gs_8_a_red_alert_is_acknowledged_for_its_answers(t: TestApp) {
        let filed = Filed::new(&t, &["hiv", "medicine_allergy"]).await;
        let alert = async || medical::alert(t.conn(), &t.app, filed.inquiry, filed.provider).await.unwrap();
        let red = alert().await;
        assert_eq!((red.level, red.revision, red.acknowledged), (AlertLevel::Critical, 1, false));
        assert_eq!(red.check().unwrap_err().code, "alert_ack_required");
        let clinic = filed.as_clinic(&t);
        clinic.post(&filed.path("/acknowledge-alert"), json!({ "revision": 2 })).await.assert_problem(409, "stale_version");
        for _ in 0..2 {
            let done = clinic.post(&filed.path("/acknowledge-alert"), json!({ "revision": 1 })).await.assert_status(200);
            assert_eq!(done.at("/acknowledged"), true);
        }
        assert!(alert().await.check().is_ok());
        // A quote was sent: only staff can reopen the answers, and only the patient gives them.
        let staff = actors::super_admin(admin(&t).await);
        write_txn!(t.app.db, |txn| {
            let row = case::lock(txn, filed.inquiry).await?;
            case::set_stage(txn, &t.app, &row, InquiryStatus::Quote).await
        }).unwrap();
        let set = active_set(&t).await;
        let put = |yes: &[&str]| {
            let yes: Vec<String> = yes.iter().map(|id| (*id).to_owned()).collect();
            let given = answers(&set, &yes);
            json!({ "set_id": given.set_id, "version": given.version, "answers": given.answers })
        };
        let path = filed.path("/medical-answers");
        filed.as_patient(&t).put(&path, put(&["medicine_allergy"])).await.assert_problem(409, "inquiry_locked");
        let office = t.client(inquiry::routes()).as_actor(staff);
        office.put(&path, put(&[])).await.assert_problem(403, "forbidden");
        office.post(&filed.path("/reopen-answers"), json!({ "reason": "short" })).await.assert_field("reason", "length_out_of_range");
        office.post(&filed.path("/reopen-answers"), json!({ "reason": "The patient reported a mistake." })).await.assert_status(204);
        let again = filed.as_patient(&t).put(&path, put(&["medicine_allergy"])).await.assert_status(200);
        assert_eq!((again.str("/medical/alert_level"), again.at("/medical/revision")), ("standard", &json!(2)));
        let yellow = alert().await;
        assert_eq!((yellow.level, yellow.revision, yellow.acknowledged), (AlertLevel::Standard, 2, false));
        assert!(yellow.check().is_ok(), "no acknowledgment is needed any more");
        filed.as_patient(&t).put(&path, put(&[])).await.assert_problem(409, "inquiry_locked");
    }

    /// R-IQ-20.
    async fn raised_answers_need_a_new_acknowledgment(t: TestApp) {
        let filed = Filed::new(&t, &["hiv"]).await;
        filed.as_clinic(&t).post(&filed.path("/acknowledge-alert"), json!({})).await.assert_status(200);
        let yes = ["hiv".to_owned(), "diabetes".to_owned()];
        let given = answers(&active_set(&t).await, &yes);
        let body = json!({ "set_id": given.set_id, "version": given.version, "answers": given.answers });
        filed.as_patient(&t).put(&filed.path("/medical-answers"), body).await.assert_status(200);
        let alert = medical::alert(t.conn(), &t.app, filed.inquiry, filed.provider).await.unwrap();
        assert_eq!((alert.revision, alert.blocks()), (2, true));
        // R-IQ-11: an edit as any other.
        let row = inquiries::Entity::find_by_id(filed.inquiry).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.version, 2);
        let stale = json!({ "version": 1, "severity": 9 });
        filed.as_patient(&t).patch(&filed.path(""), stale).await.assert_problem(409, "stale_version");
        assert_eq!(timeline(&t, filed.inquiry).await.last().unwrap(), "medical_answers_revised");
    }

    async fn a_clinic_declines_once_and_says_why(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let clinic = filed.as_clinic(&t);
        clinic.post(&filed.path("/decline"), json!({ "reason": "because" })).await.assert_field("reason", "reason_unknown");
        clinic.post(&filed.path("/decline"), json!({ "reason": "other" })).await.assert_field("note", "required");
        for _ in 0..2 {
            clinic.post(&filed.path("/decline"), json!({ "reason": "no_capacity" })).await.assert_status(204);
        }
        let row = distribution::assigned(t.conn(), filed.inquiry, filed.provider).await.unwrap();
        assert_eq!((row.status, row.closed_reason.as_deref()), (InquiryProviderStatus::Declined, Some("no_capacity")));
        let told = events(&t).await.into_iter().filter(|key| key == "inquiry.provider_declined").count();
        assert_eq!(told, 1);
    }

    /// R-IQ-57.
    async fn gs_5_deadlines_pass_on_the_second(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let status = async || inquiries::Entity::find_by_id(filed.inquiry).one(t.conn()).await.unwrap().unwrap().status;
        // Both seconds fall into one minute, so the schedules are called and not waited for.
        let tick = async || {
            for schedule in inquiry::schedules() {
                (schedule.run)(&t.app).await.unwrap();
            }
        };
        t.at("2026-03-05T09:59:59Z");
        tick().await;
        assert_eq!(status().await, InquiryStatus::Inquiry);
        t.at("2026-03-05T10:00:00Z");
        for _ in 0..2 {
            tick().await;
        }
        assert_eq!(status().await, InquiryStatus::Expired);
        let row = distribution::assigned(t.conn(), filed.inquiry, filed.provider).await.unwrap();
        assert_eq!(row.status, InquiryProviderStatus::Lapsed);
        let told = events(&t).await.into_iter().filter(|key| key == "inquiry.no_quotes").count();
        assert_eq!(told, 1);
        let words = timeline(&t, filed.inquiry).await;
        assert_eq!(words, ["inquiry_created", "inquiry_distributed", "inquiry_expired"]);
        let john = identity::patients::load(t.conn(), filed.patient.id).await.unwrap();
        assert_eq!(john.status, Some(identity::entity::patients::PatientStatus::Expired));
    }

    async fn a_quoted_case_does_not_expire(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        write_txn!(t.app.db, |txn| {
            let row = case::lock(txn, filed.inquiry).await?;
            distribution::mark_quoted(txn, &t.app, filed.inquiry, filed.provider).await?;
            case::set_stage(txn, &t.app, &row, InquiryStatus::Quote).await
        }).unwrap();
        t.at("2026-03-06T10:00:00Z");
        t.run_jobs(&registry()).await;
        let row = distribution::assigned(t.conn(), filed.inquiry, filed.provider).await.unwrap();
        assert_eq!(row.status, InquiryProviderStatus::Quoted);
        let inquiry = inquiries::Entity::find_by_id(filed.inquiry).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(inquiry.status, InquiryStatus::Quote);
    }

    /// R-IQ-57.
    async fn a_request_that_cannot_end_keeps_no_other_from_its_end(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let mia = patient(&t, "Mia", "Next").await;
        let spec = InquirySpec::new(&["TR"], &[filed.provider], pictures());
        let other = inquiry::seed::inquiry(&t.app, mia.id, spec).await.unwrap();
        let broken = filed.inquiry;
        let fails = match t.app.db.backend() {
            sea_orm::DatabaseBackend::Sqlite => format!(
                "CREATE TRIGGER broken BEFORE UPDATE ON inquiries WHEN OLD.id = '{broken}' BEGIN SELECT RAISE(ABORT, 'broken'); END"
            ),
            _ => format!(
                "CREATE TRIGGER broken BEFORE UPDATE ON inquiries FOR EACH ROW IF OLD.id = '{broken}' THEN SIGNAL SQLSTATE '45000'; END IF"
            ),
        };
        t.conn().execute_unprepared(&fails).await.unwrap();
        t.at("2026-03-06T10:00:00Z");
        t.run_jobs(&registry()).await;
        let status = async |id: InquiryId| inquiries::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap().status;
        assert_eq!((status(broken).await, status(other).await), (InquiryStatus::Inquiry, InquiryStatus::Expired));
    }

    /// R-IQ-29, R-IQ-60, R-IQ-61.
    async fn the_reason_of_a_cancellation_stays_with_the_patient(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let actor = actors::patient(filed.patient.id);
        let cancel = async |reason: &str, notes: Option<&str>| {
            let input = CancelInput { reason: reason.to_owned(), notes: notes.map(str::to_owned), feedback: None };
            write_txn!(t.app.db, |txn| {
                let row = case::lock(txn, filed.inquiry).await?;
                case::cancel(txn, &t.app, &actor, &row, &input, &[]).await
            })
        };
        assert!(cancel("boredom", None).await.unwrap_err().fields.0.contains_key("reason"));
        assert!(cancel("other", None).await.unwrap_err().fields.0.contains_key("notes"));
        let done = cancel("other", Some("Found a clinic next door")).await.unwrap();
        assert_eq!((done.status, done.cancellation_reason.as_deref()), (InquiryStatus::Cancelled, Some("Other")));
        let row = distribution::assigned(t.conn(), filed.inquiry, filed.provider).await.unwrap();
        assert_eq!((row.status, row.closed_reason.as_deref()), (InquiryProviderStatus::Closed, Some("inquiry_cancelled")));
        // R-IQ-29: a masked view stays; R-IQ-61: without the reason.
        let seen = filed.as_clinic(&t).get(&filed.path("")).await.assert_status(200);
        let history = filed.as_clinic(&t).get(&filed.path("/timeline")).await.assert_status(200);
        for text in [seen.text(), history.text()] {
            assert!(!text.contains("next door") && !text.contains("Other") && !text.contains("reason"), "{text}");
        }
        for event in platform::outbox::recorded(t.conn(), Some("inquiry.cancelled")).await.unwrap() {
            assert!(!event.payload.to_string().contains("next door") && !event.payload.to_string().contains("Other"));
        }
        assert_eq!(cancel("timeline", None).await.unwrap_err().code, "cancel_not_allowed");
        // The patient can start again at once (GS-7).
        let spec = InquirySpec::new(&["TR"], &[filed.provider], pictures());
        inquiry::seed::inquiry(&t.app, filed.patient.id, spec).await.unwrap();
    }

    async fn other_clinics_are_closed_on_acceptance(t: TestApp) {
        prepare(&t).await;
        let (a, b) = (clinic(&t, "Ankara", "TR").await, clinic(&t, "Bursa", "TR").await);
        let john = patient(&t, "John", "Doe").await;
        let inquiry = inquiry::seed::inquiry(&t.app, john.id, InquirySpec::new(&["TR"], &[a, b], pictures())).await.unwrap();
        write_txn!(t.app.db, |txn| {
            case::lock(txn, inquiry).await?;
            distribution::mark_quoted(txn, &t.app, inquiry, a).await?;
            distribution::close_others(txn, &t.app, inquiry, a).await
        }).unwrap();
        let status = async |provider| distribution::assigned(t.conn(), inquiry, provider).await.unwrap();
        assert_eq!(status(a).await.status, InquiryProviderStatus::Quoted);
        assert_eq!(status(b).await.closed_reason.as_deref(), Some("other_accepted"));
    }

    /// R-IQ-11.
    async fn an_edit_tells_clinics_and_ends_with_the_first_quote(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        let client = filed.as_patient(&t);
        let edit = json!({ "version": 1, "severity": 9, "treatment_schedule": ["2026-06-01"] });
        let done = client.patch(&filed.path(""), &edit).await.assert_status(200);
        assert_eq!((done.str("/symptom_severity"), done.at("/version")), ("severe", &json!(2)));
        assert_eq!(done.str("/treatment_schedule/0/end"), "2026-06-01");
        assert_eq!(done.str("/previous_treatments"), "none", "what was not named stays");
        client.patch(&filed.path(""), &edit).await.assert_problem(409, "stale_version");
        client.patch(&filed.path(""), json!({ "version": 2, "severity": 0 })).await.assert_problem(422, "severity_out_of_range");
        assert!(events(&t).await.contains(&"inquiry.updated".to_owned()));
        write_txn!(t.app.db, |txn| {
            let row = case::lock(txn, filed.inquiry).await?;
            case::set_stage(txn, &t.app, &row, InquiryStatus::Quote).await
        }).unwrap();
        client.patch(&filed.path(""), json!({ "version": 2, "severity": 3 })).await.assert_problem(409, "inquiry_locked");
    }

    async fn lists_take_a_fixed_number_of_statements(t: TestApp) {
        prepare(&t).await;
        let provider = clinic(&t, "Bosphorus", "TR").await;
        let scan = pictures();
        let client = t.client(inquiry::routes());
        let owner = client.as_actor(actors::clinic_owner(ProviderUserId::new(), provider));
        let office = client.as_actor(actors::super_admin(UserId::new()));
        let mut counted = Vec::new();
        for number in 1..=12 {
            let john = patient(&t, "John", &format!("Doe{}", (b'a' + number) as char)).await;
            let spec = InquirySpec::new(&["TR"], &[provider], scan.clone());
            inquiry::seed::inquiry(&t.app, john.id, spec).await.unwrap();
            if number == 2 || number == 12 {
                let (mine, of_clinic) = platform::db::count_statements(owner.get("/inquiries?per_page=100")).await;
                let (all, of_staff) = platform::db::count_statements(office.get("/inquiries?per_page=100&sort=submitted_at")).await;
                assert_eq!((mine.at("/meta/total"), all.at("/meta/total")), (&json!(number), &json!(number)));
                counted.push((of_clinic, of_staff));
            }
        }
        assert!(counted[0].0 <= 8 && counted[0].1 <= 8 && counted[0] == counted[1], "{counted:?}");
        owner.get("/inquiries?per_page=101").await.assert_field("per_page", "per_page_invalid");
        owner.get("/inquiries?sort=name").await.assert_field("sort", "unknown_value");
        owner.get(&format!("/inquiries?q={}", "x".repeat(201))).await.assert_problem(422, "query_too_long");
        owner.get("/inquiries/not-an-id").await.assert_problem(400, "malformed");
    }

    async fn the_timeline_comes_in_parts(t: TestApp) {
        let filed = Filed::new(&t, &[]).await;
        for _ in 0..3 {
            inquiry::timeline::record(t.conn(), &t.app, &Actor::system(), filed.inquiry, "inquiry_updated", json!({})).await.unwrap();
        }
        let client = filed.as_patient(&t);
        let first = client.get(&filed.path("/timeline?limit=2")).await.assert_status(200);
        let cursor = first.str("/meta/next_cursor").to_owned();
        let second = client.get(&filed.path(&format!("/timeline?limit=3&cursor={cursor}"))).await.assert_status(200);
        assert_eq!(second.str("/data/2/event"), "inquiry_created");
        assert_eq!(second.at("/meta/next_cursor"), &Value::Null);
        client.get(&filed.path("/timeline?limit=101")).await.assert_field("limit", "limit_invalid");
        client.get(&filed.path("/timeline?cursor=x")).await.assert_problem(400, "malformed");
    }
}
