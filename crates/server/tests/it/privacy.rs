//! Requests to be erased: what they wait for, what they end, what is left afterwards (R-ID-65..70).

use chrono::{Datelike, Duration};
use identity::entity::{patients, sealed_identities};
use kernel::ids::PatientId;
use platform::entity::files;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::world::{PASSWORD, World};

const WHY: &str = "Identity proven, no obligations left";

async fn id_of(client: &Client) -> PatientId {
    client.get("/api/v1/me").await.assert_status(200).get("/id")
}

async fn reauth(client: &Client) {
    client.post("/api/v1/patient/auth/reauth", json!({ "password": PASSWORD })).await.assert_status(200);
}

/// An inquiry without a medical alert, distributed to the clinics.
async fn healthy_inquiry(world: &World, patient: &Client) -> String {
    steps::prepare_inquiry(world, patient, &[]).await;
    let id = patient.post("/api/v1/inquiries", json!({})).await.assert_status(201).str("/id").to_owned();
    world.run_jobs().await;
    id
}

async fn sql(world: &World, statement: String) {
    world.t.conn().execute_unprepared(&statement).await.unwrap();
}

both! {
    async fn an_open_inquiry_ends_with_the_request(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = healthy_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        let quote = steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        let patient = world.patient(EMAIL).await;
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

    async fn care_and_payments_stand_in_the_way_and_a_booking_makes_it_wait(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = healthy_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        let quote = steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        let patient = world.patient(EMAIL).await;
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
        other.post(&format!("{decide}/approve"), json!({ "justification": WHY })).await.assert_status(403);
        patient.post(path, json!({})).await.assert_status(200);
    }

    async fn golden_8_erasure(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = healthy_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        let quote = steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        let patient = world.patient(EMAIL).await;
        let me = id_of(&patient).await;
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
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let admin = world.admin().await;
        let decide = format!("/api/v1/admin/deletion-requests/{id}");
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
        privacy::service::erase::run(&world.t.app, id).await.unwrap();
        assert_eq!(sealed_identities::Entity::find().all(world.t.conn()).await.unwrap().len(), 1, "once");
        world.t.at("2032-09-14T23:59:00Z");
        privacy::service::erase::destroy_sealed(&world.t.app).await.unwrap();
        let now = || async { sealed_identities::Entity::find().one(world.t.conn()).await.unwrap().unwrap() };
        assert!(now().await.destroyed_at.is_none());
        world.t.at("2032-09-15T00:00:00Z");
        privacy::service::erase::destroy_sealed(&world.t.app).await.unwrap();
        let shredded = now().await;
        assert!(shredded.ciphertext.is_none() && shredded.key_ref.is_none() && shredded.destroyed_at.is_some());
        assert_eq!(privacy::service::erase::open_identity(&world.t.app, &shredded).unwrap(), None);
        let audit = platform::entity::audit_logs::Entity::find()
            .filter(platform::entity::audit_logs::Column::Action.eq("privacy.deletion_completed"))
            .one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(audit.retention_until.year(), 2036);
    }

    async fn pictures_and_words_of_an_untreated_case_are_destroyed(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = healthy_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        world.run_jobs().await;
        let patient = world.patient(EMAIL).await;
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
        // Nothing to keep: nothing is sealed.
        assert!(sealed_identities::Entity::find().one(world.t.conn()).await.unwrap().is_none());
    }

    async fn patients_see_who_looked_but_no_names(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = healthy_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        clinic.get(&format!("/api/v1/inquiries/{inquiry}")).await.assert_status(200);
        let admin = world.admin().await;
        let me = id_of(&world.patient(EMAIL).await).await;
        admin.get(&format!("/api/v1/admin/patients/{me}/overview")).await.assert_status(200);
        let patient = world.patient(EMAIL).await;
        let seen = patient.get("/api/v1/me/access-log").await.assert_status(200);
        let looks: Vec<serde_json::Value> = seen.get("/data");
        assert!(looks.iter().any(|look| look["viewer"] == "hairline" && look["role"] == "super_admin"), "{}", seen.text());
        assert!(looks.iter().any(|look| look["viewer"] == "clinic" && look["clinic"] == "Bosphorus Hair"), "{}", seen.text());
        assert!(!seen.text().contains("@"), "{}", seen.text());
        clinic.get("/api/v1/me/access-log").await.assert_status(403);
        let page = patient.get("/api/v1/me/access-log?limit=1").await.assert_status(200);
        let next = page.str("/meta/next_cursor").to_owned();
        let rest = patient.get(&format!("/api/v1/me/access-log?limit=1&cursor={next}")).await.assert_status(200);
        assert_ne!(rest.at("/data/0"), page.at("/data/0"));
    }

    async fn a_copy_of_ones_data_opens_with_its_key_only(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = healthy_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        let patient = world.patient(EMAIL).await;
        let path = "/api/v1/me/data-bundle";
        patient.get(path).await.assert_problem(404, "not_found");
        world.t.advance(Duration::minutes(6));
        patient.post(path, json!({})).await.assert_problem(403, "reauth_required");
        reauth(&patient).await;
        let asked = patient.post(path, json!({})).await.assert_status(202);
        let (key, id) = (asked.str("/key").to_owned(), asked.str("/bundle/id").to_owned());
        let again = patient.post(path, json!({})).await.assert_status(202);
        assert!(again.at("/key").is_null() && again.str("/bundle/id") == id, "the same one, its key never again");
        let fetch = format!("{path}/{id}/download");
        patient.post(&fetch, json!({})).await.assert_problem(409, "bundle_not_ready");
        let row = || async { identity::entity::data_bundles::Entity::find().one(world.t.conn()).await.unwrap().unwrap() };
        assert!(!row().await.file_path.unwrap().contains(&key), "the key waits sealed");
        world.run_jobs().await;
        assert_eq!(patient.get(path).await.str("/status"), "ready");
        let stored = row().await;
        let reply = patient.post(&fetch, json!({})).await.assert_status(200);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(reply.body.clone())).unwrap();
        assert!(zip.by_name_decrypt("data/profile.json", b"0123456789abcdef0123456789abcdef").is_err());
        let mut read = |name: &str| {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut zip.by_name_decrypt(name, key.as_bytes()).unwrap(), &mut text).unwrap();
            text
        };
        let profile: Vec<serde_json::Value> = serde_json::from_slice(&read("data/profile.json")).unwrap();
        assert_eq!((&profile[0]["last_name"], &profile[0]["phone_number"]), (&json!("Doe"), &json!(PHONE)));
        assert!(String::from_utf8(read("data/consents.csv")).unwrap().contains("privacy_policy"));
        let quotes: Vec<serde_json::Value> = serde_json::from_slice(&read("data/quotes.json")).unwrap();
        assert_eq!(quotes.len(), 1);
        assert!(quotes[0].get("commission").is_none());
        assert_eq!(image::load_from_memory(&read("media/001-front.jpeg")).unwrap().width(), 1000);
        let manifest = read("manifest.json");
        use sha2::Digest;
        assert_eq!(stored.manifest_sha256.as_deref(), Some(&*hex::encode(sha2::Sha256::digest(&manifest))));
        // A stranger finds nothing; the owner may fetch it three times.
        let other = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        other.post(&fetch, json!({})).await.assert_problem(404, "not_found");
        let patient = world.patient(EMAIL).await;
        patient.post(&fetch, json!({})).await.assert_status(200);
        patient.post(&fetch, json!({})).await.assert_status(200);
        patient.post(&fetch, json!({})).await.assert_problem(410, "bundle_expired");
        privacy::service::bundle::expire(&world.t.app).await.unwrap();
        assert!(world.t.app.files.get(&stored.file_path.unwrap()).await.is_err(), "destroyed");
        patient.post(path, json!({})).await.assert_problem(429, "bundle_too_often");
        world.t.advance(Duration::hours(24));
        let patient = world.patient(EMAIL).await;
        assert!(patient.post(path, json!({})).await.assert_status(202).str("/key").len() == 32);
    }
}
