//! Requests to be erased: what they wait for, what they end, what is left afterwards (R-ID-65..70).

use chrono::{Datelike, Duration};
use identity::entity::{patients, sealed_identities};
use identity::seed::AdminSpec;
use kernel::Guard;
use kernel::ids::PatientId;
use platform::entity::{audit_logs, files};
use platform::outbox;
use privacy::service::requests;
use privacy::service::retention::{self, Start};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, TestApp, both};

use crate::steps::{self, EMAIL};
use crate::world::{PASSWORD, World};

pub const WHY: &str = "Identity proven, no obligations left";

pub async fn id_of(client: &Client) -> PatientId {
    client.get("/api/v1/me").await.assert_status(200).get("/id")
}

pub async fn reauth(client: &Client) {
    client.post("/api/v1/patient/auth/reauth", json!({ "password": PASSWORD })).await.assert_status(200);
}

/// A patient who was treated until 15 September 2025 and is erased.
pub async fn erased(world: &World) -> PatientId {
    let (me, patient, quote) = steps::offered(world).await;
    steps::accept(&patient, &quote).await.assert_status(200);
    steps::pay(world, &patient, &quote, "deposit").await;
    sql(world, format!("UPDATE quotes SET status = 'completed' WHERE id = '{quote}'")).await;
    let treated =
        "UPDATE treatment_executions SET checked_in_at = '2025-09-14 08:00:00', completed_at = '2025-09-15 16:00:00'";
    sql(world, format!("{treated} WHERE quote_id = '{quote}'")).await;
    sql(world, "UPDATE payments SET paid_at = '2025-06-10 09:00:00'".to_owned()).await;
    patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
    let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
    let approve = format!("/api/v1/admin/deletion-requests/{id}/approve");
    world.admin().await.post(&approve, json!({ "justification": WHY })).await.assert_status(202);
    world.run_jobs().await;
    me
}

pub async fn audit_of(world: &World, action: &str) -> Vec<audit_logs::Model> {
    audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).all(world.t.conn()).await.unwrap()
}

pub async fn sql(world: &World, statement: String) {
    world.t.conn().execute_unprepared(&statement).await.unwrap();
}

both! {
    /// R-ID-67, R-ID-68.
    async fn an_open_inquiry_ends_with_the_request(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, quote) = steps::offered(&world).await;
        world.t.advance(Duration::minutes(6));
        let path = "/api/v1/me/deletion-request";
        patient.get(path).await.assert_problem(404, "not_found");
        patient.post(path, json!({})).await.assert_problem(403, "reauth_required");
        reauth(&patient).await;
        patient.post(path, json!({ "reason_code": "weather" })).await.assert_field("reason_code", "option_unknown");
        let made = patient.post(path, json!({ "reason_code": "other", "reason_text": "I moved on" })).await;
        let made = made.assert_status(201);
        assert_eq!((made.str("/status"), made.str("/reference")), ("submitted", "DSR-00001"));
        let due: chrono::DateTime<chrono::Utc> = made.get("/due_at");
        assert_eq!(due, world.t.now() + Duration::days(30));
        // Asking again answers the same one.
        assert_eq!(patient.post(path, json!({})).await.assert_status(200).str("/reference"), "DSR-00001");
        // The case is over; the clinic does not learn why.
        let case = inquiry::entity::inquiries::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(case.cancellation_reason.as_deref(), Some("Account Deleted (System)"));
        let clinic = world.clinic(0).await;
        let seen = clinic.get(&format!("/api/v1/quotes/{quote}")).await.assert_status(200);
        assert!(!seen.text().contains("Deleted") && seen.str("/status") == "cancelled", "{}", seen.text());
        // It can be taken back, once.
        let patient = world.patient(EMAIL).await;
        patient.delete(path).await.assert_status(204);
        patient.delete(path).await.assert_status(204);
        assert_eq!(patient.get(path).await.str("/status"), "withdrawn");
    }

    // R-ID-67: the account stays open until it is decided, and a case begun meanwhile ends with the decision; one begun after
    // the decision ends with the erasure.
    async fn a_case_begun_while_the_request_waits_ends_with_it(t: TestApp) {
        let world = World::new(t).await;
        let (me, patient, _) = steps::offered(&world).await;
        reauth(&patient).await;
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let second = steps::healthy_inquiry(&world, &patient).await;
        let quote = steps::quote(&world, &world.clinic(0).await, &second, 0, 3000).await;
        steps::accept(&patient, &quote).await.assert_status(200);
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let approve = format!("/api/v1/admin/deletion-requests/{id}/approve");
        world.admin().await.post(&approve, json!({ "justification": WHY })).await.assert_status(202);
        let ended = async |inquiry: &str| {
            let rows = inquiry::entity::inquiries::Entity::find().all(world.t.conn()).await.unwrap();
            let row = rows.into_iter().find(|row| row.id.to_string() == inquiry).unwrap();
            row.cancellation_reason.as_deref() == Some("Account Deleted (System)")
        };
        assert!(ended(&second).await);
        steps::prepare_inquiry(&world, &patient, &[]).await;
        let third = patient.post("/api/v1/inquiries", json!({})).await.assert_status(201).str("/id").to_owned();
        assert!(!ended(&third).await);
        world.run_jobs().await;
        assert!(ended(&third).await);
        let held = quoting::entity::schedule_occupancies::Entity::find().all(world.t.conn()).await.unwrap();
        assert!(held.is_empty(), "the slot is free again");
        let open = quoting::entity::quotes::Entity::find().all(world.t.conn()).await.unwrap();
        assert!(open.iter().all(|quote| quote.status == quoting::entity::quotes::QuoteStatus::Cancelled));
        let row = patients::Entity::find_by_id(me).one(world.t.conn()).await.unwrap().unwrap();
        assert!(row.email.ends_with("@anonymized.invalid"));
    }

    // R-ID-30, R-ID-71: a link from before the erasure puts no address back, and no code keeps one.
    async fn no_link_brings_an_erased_patient_back(t: TestApp) {
        let world = World::new(t).await;
        let (me, patient, _) = steps::offered(&world).await;
        reauth(&patient).await;
        patient.post("/api/v1/me/email", json!({ "email": "moved@patients.example" })).await.assert_status(202);
        world.run_jobs().await;
        let text = world.mail_to("moved@patients.example").text;
        let code = text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).unwrap().to_owned();
        patient.post("/api/v1/me/email/verify", json!({ "code": code })).await.assert_status(200);
        world.run_jobs().await;
        let notice = world.mail_to(EMAIL).text;
        let token = notice.split_whitespace().find_map(|word| word.split_once("/dispute-email#")).unwrap().1.to_owned();
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let approve = format!("/api/v1/admin/deletion-requests/{id}/approve");
        world.admin().await.post(&approve, json!({ "justification": WHY })).await.assert_status(202);
        world.run_jobs().await;
        let asked = json!({ "token": token });
        world.http.post("/api/v1/patient/auth/email/dispute", asked).await.assert_problem(422, "code_invalid");
        let row = patients::Entity::find_by_id(me).one(world.t.conn()).await.unwrap().unwrap();
        assert!(row.email.ends_with("@anonymized.invalid"), "{}", row.email);
        let codes = identity::entity::one_time_codes::Entity::find().all(world.t.conn()).await.unwrap();
        let own = codes.iter().filter(|code| code.subject_id == Some(me.any()));
        assert!(own.clone().count() > 0 && own.clone().all(|code| code.address.is_none() && code.payload.is_none()));
    }

    /// R-ID-67, R-ID-68.
    async fn care_and_payments_stand_in_the_way_and_a_booking_makes_it_wait(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, quote) = steps::offered(&world).await;
        steps::accept(&patient, &quote).await.assert_status(200);
        let path = "/api/v1/me/deletion-request";
        let started = steps::start_payment(&patient, &quote, "deposit").await.assert_status(200);
        patient.post(path, json!({})).await.assert_problem(409, "payment_in_progress");
        steps::confirm_card(&patient, &started, "4242424242424242").await.assert_status(200);
        world.run_jobs().await;
        assert_eq!(patient.post(path, json!({})).await.assert_status(201).str("/status"), "on_hold");
        // Five days later the booking is over: the clock had stood still.
        world.t.advance(Duration::days(5));
        sql(&world, format!("UPDATE quotes SET status = 'completed' WHERE id = '{quote}'")).await;
        privacy::service::requests::upkeep(&world.t.app).await.unwrap();
        let patient = world.patient(EMAIL).await;
        let seen = patient.get(path).await.assert_status(200);
        assert_eq!(seen.str("/status"), "in_review");
        let span = seen.get::<chrono::DateTime<chrono::Utc>>("/due_at") - seen.get::<chrono::DateTime<chrono::Utc>>("/submitted_at");
        assert_eq!(span, Duration::days(35));
        // Treatment that began meanwhile refuses the approval.
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        sql(&world, format!("UPDATE quotes SET status = 'aftercare' WHERE id = '{quote}'")).await;
        let admin = world.admin().await;
        let decide = format!("/api/v1/admin/deletion-requests/{id}");
        admin.post(&format!("{decide}/approve"), json!({ "justification": WHY })).await.assert_problem(409, "active_care");
        let other = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        other.post(&format!("{decide}/approve"), json!({ "justification": WHY })).await.assert_problem(401, "wrong_guard");
        patient.post(path, json!({})).await.assert_status(200);
    }

    async fn r_id_68_staff_are_reminded_seven_and_two_days_before(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, _) = steps::offered(&world).await;
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let due = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().due_at;
        let told = async || {
            requests::upkeep(&world.t.app).await.unwrap();
            requests::upkeep(&world.t.app).await.unwrap();
            outbox::recorded(world.t.conn(), Some("privacy.deadline_approaching")).await.unwrap().len()
        };
        let before = async |span: Duration| {
            world.t.at(&(due - span).to_rfc3339());
            told().await
        };
        assert_eq!(before(Duration::days(7) + Duration::seconds(1)).await, 0);
        assert_eq!(before(Duration::days(7)).await, 1);
        assert_eq!(before(Duration::days(2) + Duration::seconds(1)).await, 1);
        assert_eq!(before(Duration::days(2)).await, 2);
        assert_eq!(before(Duration::seconds(1)).await, 2, "each once");
    }

    /// R-ID-69, R-ID-70.
    async fn golden_8_erasure(t: TestApp) {
        let world = World::new(t).await;
        let (me, patient, quote) = steps::offered(&world).await;
        let code = patient.get("/api/v1/me").await.str("/patient/patient_code").to_owned();
        steps::accept(&patient, &quote).await.assert_status(200);
        steps::pay(&world, &patient, &quote, "deposit").await;
        // A treatment that ended on 15 September 2025, last paid on 10 June.
        sql(&world, format!("UPDATE quotes SET status = 'completed' WHERE id = '{quote}'")).await;
        sql(&world, format!("UPDATE treatment_executions SET checked_in_at = '2025-09-14 08:00:00', completed_at = \
            '2025-09-15 16:00:00' WHERE quote_id = '{quote}'")).await;
        sql(&world, "UPDATE payments SET paid_at = '2025-06-10 09:00:00'".to_owned()).await;
        let money = |rows: Vec<payments::entity::payments::Model>| {
            rows.into_iter().map(|row| (row.amount, row.currency)).collect::<Vec<_>>()
        };
        let before = money(payments::entity::payments::Entity::find().all(world.t.conn()).await.unwrap());
        let preferences = async || {
            use notifications::entity::notification_preferences::{Column, Entity};
            Entity::find().filter(Column::OwnerId.eq(me.any())).all(world.t.conn()).await.unwrap().len()
        };
        let language = patient.put("/api/v1/me/locale", json!({ "timezone": "Europe/London" })).await;
        assert!(language.status.is_success() && preferences().await == 1, "{}", language.text());
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let admin = world.admin().await;
        let decide = format!("/api/v1/admin/deletion-requests/{id}");
        // Somebody takes it up, and twice is once.
        use identity::entity::deletion_requests::{DeletionRequestStatus as Status, Entity as Requests};
        let state = async || Requests::find_by_id(id).one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(state().await.status, Status::Submitted);
        let fresh = state().await.version;
        admin.post(&format!("{decide}/begin-review"), json!({ "version": fresh + 1 })).await.assert_problem(409, "stale_version");
        for _ in 0..2 {
            admin.post(&format!("{decide}/begin-review"), json!({ "version": fresh })).await.assert_status(204);
        }
        assert_eq!((state().await.status, state().await.version), (Status::InReview, fresh + 1));
        // Verification stops the clock for five days.
        admin.post(&format!("{decide}/require-verification"), json!({ "justification": "Please confirm that it is you" }))
            .await.assert_status(204);
        world.t.advance(Duration::days(5));
        let patient = world.patient(EMAIL).await;
        let seen = patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(200);
        assert_eq!(seen.str("/status"), "in_review");
        let span = seen.get::<chrono::DateTime<chrono::Utc>>("/due_at") - seen.get::<chrono::DateTime<chrono::Utc>>("/submitted_at");
        assert_eq!(span, Duration::days(35));
        let admin = world.admin().await;
        admin.post(&format!("{decide}/approve"), json!({ "justification": "short" })).await.assert_field("justification", "reason_length");
        admin.post(&format!("{decide}/approve"), json!({ "justification": WHY, "version": 1 })).await.assert_problem(409, "stale_version");
        admin.post(&format!("{decide}/approve"), json!({ "justification": WHY })).await.assert_status(202);
        world.run_jobs().await;
        // The profile is nobody's; nobody signs in; money stands as it stood.
        let row = patients::Entity::find_by_id(me).one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!((row.first_name.as_str(), row.last_name.as_str()), ("Patient", code.as_str()));
        assert_eq!(row.email, format!("deleted-{me}@anonymized.invalid"));
        assert!(row.birthday.is_none() && row.phone_number.is_none() && row.country_code.is_none());
        patient.get("/api/v1/me").await.assert_status(401);
        let login = json!({ "login": EMAIL, "password": PASSWORD });
        world.http.post("/api/v1/patient/auth/login", login).await.assert_problem(401, "invalid_credentials");
        assert_eq!(money(payments::entity::payments::Entity::find().all(world.t.conn()).await.unwrap()), before);
        // Who it was lies under its own key until 15 September 2032.
        let sealed = sealed_identities::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(sealed.destroy_on, "2032-09-15".parse().unwrap());
        assert!(!sealed.ciphertext.as_ref().unwrap().ciphertext().contains("Doe"));
        let open = || privacy::service::erase::open_identity(&world.t.app, &sealed).unwrap();
        assert_eq!(open().unwrap()["last_name"], "Doe");
        assert!(world.t.app.keys.open(sealed.ciphertext.as_ref().unwrap()).is_err(), "the installation's keys do not open it");
        assert_eq!(preferences().await, 0, "neither where they live nor when they sleep");
        // The last mail tells what is kept until when; the address is nowhere any more.
        let mail = world.mail_to(EMAIL);
        assert!(mail.subject == "Your data has been removed" && mail.text.contains("15 September 2032"), "{}", mail.text);
        privacy::service::erase::run(&world.t.app, id).await.unwrap();
        assert_eq!(sealed_identities::Entity::find().all(world.t.conn()).await.unwrap().len(), 1, "once");
        world.t.at("2032-09-14T23:59:00Z");
        retention::run(&world.t.app, Start::default()).await.unwrap();
        let now = || async { sealed_identities::Entity::find().one(world.t.conn()).await.unwrap().unwrap() };
        assert!(now().await.destroyed_at.is_none());
        world.t.at("2032-09-15T00:00:00Z");
        retention::run(&world.t.app, Start::default()).await.unwrap();
        let shredded = now().await;
        assert!(shredded.ciphertext.is_none() && shredded.key_ref.is_none() && shredded.destroyed_at.is_some());
        assert_eq!(privacy::service::erase::open_identity(&world.t.app, &shredded).unwrap(), None);
        let audit = platform::entity::audit_logs::Entity::find()
            .filter(platform::entity::audit_logs::Column::Action.eq("privacy.deletion_completed"))
            .one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(audit.retention_until.year(), 2036);
    }

    /// R-ID-69, the rest of golden 8: whose record it is, is open with the archive's right and a reason alone.
    async fn medical_records_of_the_erased_lie_in_the_archive(t: TestApp) {
        let world = World::new(t).await;
        let me = erased(&world).await;
        let case = inquiry::entity::inquiries::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let case = format!("/api/v1/inquiries/{case}");
        let spec = AdminSpec { role: "admin".to_owned(), ..AdminSpec::super_admin("desk@hairline.example") };
        let colleague = identity::seed::admin(&world.t.app, spec).await.unwrap();
        let desk = crate::doors::session(&world, Guard::Api, colleague.any()).await;
        let ask = format!("/api/v1/admin/patients/{me}/medical-access");
        let why = json!({ "justification": "The insurer asks what was noted before the treatment." });
        desk.post(&ask, &why).await.assert_problem(403, "forbidden");
        let chief = world.admin().await;
        assert!(chief.get(&case).await.assert_status(200).at("/medical").is_null(), "a reason is needed first");
        chief.post(&ask, &why).await.assert_status(201);
        assert!(chief.get(&case).await.assert_status(200).at("/medical").is_object());
        // A reason given before the erasure does not outlive it.
        sql(&world, format!(
            "INSERT INTO phi_access_grants (id, user_id, patient_id, session_id, scope, justification, valid_until, created_at) \
             SELECT '{}', '{colleague}', patient_id, (SELECT id FROM auth_sessions WHERE model_id = '{colleague}'), scope, \
             justification, valid_until, created_at FROM phi_access_grants WHERE patient_id = '{me}'",
            kernel::ids::AnyId::new()
        )).await;
        let seen = desk.get(&case).await.assert_status(200);
        assert!(seen.at("/medical").is_null() && seen.get::<bool>("/justification_required"), "{}", seen.text());
        let clinic = world.clinic(0).await;
        assert!(clinic.get(&case).await.assert_status(200).at("/medical").is_null());
        let quote = quoting::entity::quotes::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        clinic.get(&format!("/api/v1/treatment-cases/{quote}/media")).await.assert_problem(403, "record_archived");
        // The same on the clinic's page: the case is there, what was written of the treatment is not.
        const NOTE: &str = "All grafts placed without complication.";
        let sealed = world.t.app.keys.seal(&NOTE.to_owned());
        sql(&world, format!("UPDATE treatment_executions SET conclusion_notes = '{}'", sealed.ciphertext())).await;
        let owner = world.clinics[0].clinic.owner.any();
        let cookie = crate::tab::cookie_of(&world, Guard::Provider, owner).await;
        let browser = crate::tab::tab(&world, &[("hairline_session", &cookie)]);
        let page = async || browser.get(&format!("/provider/treatments/{quote}")).await.assert_status(200).text();
        assert!(!page().await.contains(NOTE));
        // Of a patient who is not erased it would be there.
        sql(&world, "UPDATE patients SET deleted_at = NULL".to_owned()).await;
        assert!(page().await.contains(NOTE), "{}", page().await);
        sql(&world, "UPDATE patients SET deleted_at = '2026-03-02 12:00:00'".to_owned()).await;
        desk.get(&format!("/api/v1/treatment-cases/{quote}/media")).await.assert_problem(403, "forbidden");
        chief.get(&format!("/api/v1/treatment-cases/{quote}/media")).await.assert_status(200);
    }

    /// R-ID-67: staff look, and may say no.
    async fn a_request_is_denied_with_a_reason(t: TestApp) {
        let world = World::new(t).await;
        let (me, patient, _) = steps::offered(&world).await;
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let decide = format!("/api/v1/admin/deletion-requests/{id}");
        let admin = world.admin().await;
        admin.post(&format!("{decide}/deny"), json!({ "justification": "no" })).await.assert_field("justification", "reason_length");
        admin.post(&format!("{decide}/deny"), json!({ "justification": WHY })).await.assert_status(204);
        assert_eq!(patient.get("/api/v1/me/deletion-request").await.str("/status"), "denied");
        admin.post(&format!("{decide}/approve"), json!({ "justification": WHY })).await.assert_status(409);
        world.run_jobs().await;
        let row = patients::Entity::find_by_id(me).one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!((row.last_name.as_str(), row.deleted_at), ("Doe", None));
        assert_eq!(audit_of(&world, "privacy.deletion_denied").await.len(), 1);
        // Nothing keeps the patient from asking again.
        assert_eq!(patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201).str("/reference"), "DSR-00002");
    }

    /// R-ID-69.
    async fn pictures_and_words_of_an_untreated_case_are_destroyed(t: TestApp) {
        let world = World::new(t).await;
        let (me, patient, _) = steps::offered(&world).await;
        sql(&world, crate::retention::consent_from(me)).await;
        let thread: String = patient.get("/api/v1/conversations").await.assert_status(200).get("/data/0/id");
        patient.post(&format!("/api/v1/conversations/{thread}/messages"), json!({ "content": "My secret worry" }))
            .await.assert_status(201);
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let stored = files::Entity::find().all(world.t.conn()).await.unwrap();
        assert!(stored.len() >= 5 && world.t.app.files.get(&stored[0].file_path).await.is_ok());
        let admin = world.admin().await;
        let body = json!({ "justification": WHY });
        admin.post(&format!("/api/v1/admin/deletion-requests/{id}/approve"), body).await.assert_status(202);
        world.run_jobs().await;
        for file in &stored {
            assert!(world.t.app.files.get(&file.file_path).await.is_err(), "{}", file.fileable_type);
        }
        let rows = files::Entity::find().all(world.t.conn()).await.unwrap();
        assert_eq!(rows.len(), stored.len(), "rows stay");
        let texts = messaging::entity::messages::Entity::find().all(world.t.conn()).await.unwrap();
        assert!(texts.iter().any(|row| row.content == "[erased]"));
        assert!(!texts.iter().any(|row| row.content.contains("secret worry")));
        // A consent is kept as a proof: what, when and to whose code, not from where.
        let consents = identity::entity::patient_consents::Entity::find().all(world.t.conn()).await.unwrap();
        assert!(consents.len() >= 2 && consents.iter().all(|row| row.ip_address.is_none() && row.user_agent.is_none()));
        assert!(consents.iter().any(|row| row.patient_id == me && row.locale == "en"));
        // Nothing to keep: nothing is sealed.
        assert!(sealed_identities::Entity::find().one(world.t.conn()).await.unwrap().is_none());
    }
}
