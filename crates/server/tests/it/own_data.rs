//! What people and staff may have of kept data: who looked, copies, what an order or a closing clinic keeps (R-ID-69..71).

use analytics::entity::retention_items::{self, RetentionItemOutcome as Outcome};
use chrono::Duration;
use identity::entity::legal_holds::LegalHoldHoldableType as Covers;
use identity::entity::{patients, sealed_identities};
use kernel::ids::PatientId;
use platform::outbox;
use privacy::service::retention::{self, Start};
use privacy::service::{holds, requests};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, both};

use crate::privacy::{WHY, audit_of, erased, id_of, reauth, sql};
use crate::steps::{self, EMAIL, PHONE};
use crate::world::World;

both! {
    /// R-ID-65.
    async fn patients_see_who_looked_but_no_names(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::healthy_inquiry(&world, &patient).await;
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
        let (_, patient, _) = steps::offered(&world).await;
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
        assert_eq!(image::load_from_memory(&read("media/001-front.jpeg")).unwrap().width(), 640);
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

    async fn r_mg_84_what_an_order_covers_is_kept_until_somebody_else_releases_it(t: TestApp) {
        let world = World::new(t).await;
        world.hire().await;
        let (me, patient, _) = steps::offered(&world).await;
        let clinic = world.clinic(0).await;
        let path = "/api/v1/me/deletion-request";
        patient.post(path, json!({})).await.assert_status(201);
        let admin = world.admin().await;
        let order = |kind: &str, id: String| json!({ "holdable_type": kind, "holdable_id": id, "reference": "AZ 12 O 34/26",
            "reason": "The court asked to keep everything for now." });
        let base = "/api/v1/admin/holds";
        admin.post(base, order("Patient", kernel::ids::PatientId::new().to_string())).await.assert_field("holdable_id", "holdable_unknown");
        let mut short = order("Patient", me.to_string());
        short["reason"] = json!("short");
        admin.post(base, short).await.assert_field("reason", "reason_length");
        let hold = admin.post(base, order("Patient", me.to_string())).await.assert_status(201).str("/id").to_owned();
        assert_eq!(admin.post(base, order("Patient", me.to_string())).await.assert_status(201).str("/id"), hold, "sent twice");
        assert_eq!(patient.get(path).await.str("/status"), "on_hold");
        // Reading and a copy of the data go on.
        patient.post("/api/v1/me/data-bundle", json!({})).await.assert_status(202);
        let listed = admin.get(base).await.assert_status(200);
        assert_eq!((listed.str("/data/0/holdable"), listed.at("/data/0/is_own")), (patient.get("/api/v1/me").await.str("/patient/patient_code"), &json!(true)));
        let release = format!("{base}/{hold}/release");
        let why = json!({ "reason": "The court has decided and needs nothing more." });
        admin.post(&release, why.clone()).await.assert_problem(403, "four_eyes_required");
        requests::upkeep(&world.t.app).await.unwrap();
        assert_eq!(patient.get(path).await.str("/status"), "on_hold");
        let colleague = world.colleague().await;
        colleague.post(&release, why.clone()).await.assert_status(204);
        colleague.post(&release, why.clone()).await.assert_status(204);
        admin.patch(&format!("{base}/{hold}"), json!({ "reviewed": true })).await.assert_problem(409, "hold_released");
        requests::upkeep(&world.t.app).await.unwrap();
        assert_eq!(patient.get(path).await.str("/status"), "in_review");
        // An order on the clinic that comes between the decision and the erasure stops it too.
        let id = identity::entity::deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let approve = format!("/api/v1/admin/deletion-requests/{id}/approve");
        let admin = world.admin().await;
        admin.post(&approve, json!({ "justification": WHY })).await.assert_status(202);
        let second = colleague.post(base, order("Provider", world.clinics[0].id().to_string())).await.assert_status(201);
        world.run_jobs().await;
        assert_eq!(patient.get(path).await.str("/status"), "on_hold");
        assert_eq!(patients::Entity::find_by_id(me).one(world.t.conn()).await.unwrap().unwrap().email, EMAIL);
        // Nobody looked at it for 180 days: told once, and once again after the next.
        let told = async || outbox::recorded(world.t.conn(), Some("privacy.hold_changed")).await.unwrap().iter()
            .filter(|event| event.payload["state"] == "review_due").count();
        world.t.advance(Duration::days(180));
        holds::remind(&world.t.app).await.unwrap();
        holds::remind(&world.t.app).await.unwrap();
        assert_eq!(told().await, 1);
        let admin = world.admin().await;
        admin.post(&format!("{base}/{}/release", second.str("/id")), why).await.assert_status(204);
        requests::upkeep(&world.t.app).await.unwrap();
        admin.post(&approve, json!({ "justification": WHY })).await.assert_status(202);
        world.run_jobs().await;
        assert_ne!(patients::Entity::find_by_id(me).one(world.t.conn()).await.unwrap().unwrap().email, EMAIL);
        assert!(!holds::is_held(world.t.conn(), me).await.unwrap());
        // Those who decide heard of each order, in their inbox.
        let inbox = admin.get("/api/v1/notifications").await.assert_status(200).text();
        assert!(inbox.contains("A legal order was placed") && inbox.contains("received"), "{inbox}");
        clinic.get(base).await.assert_status(401);
        assert!(holds::find(&world.t.app, &world.t.somebody_in_charge(), Covers::Provider, "Bosphorus Hair").await.is_ok());
    }

    async fn r_id_70_identities_end_when_their_time_is_over(t: TestApp) {
        let world = World::new(t).await;
        world.hire().await;
        let me = erased(&world).await;
        let app = &world.t.app;
        let outcomes = async |run| {
            let found = retention_items::Entity::find()
                .filter(retention_items::Column::RetentionRunId.eq(run))
                .filter(retention_items::Column::DataClass.eq(retention_items::RetentionDataClass::Account));
            found.all(world.t.conn()).await.unwrap().into_iter().map(|item| item.outcome).collect::<Vec<_>>()
        };
        let sealed = async || sealed_identities::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        // Tonight's run comes once, at half past two.
        world.t.at("2032-09-14T02:30:00Z");
        retention::nightly(app).await.unwrap();
        world.t.at("2032-09-15T02:29:00Z");
        retention::nightly(app).await.unwrap();
        assert!(sealed().await.destroyed_at.is_none(), "not before the hour");
        world.t.at("2032-09-15T02:30:00Z");
        let admin = world.admin().await;
        let order = json!({ "holdable_type": "Patient", "holdable_id": me, "reference": "AZ 1", "reason": "The court asked to keep everything for now." });
        let hold = admin.post("/api/v1/admin/holds", order).await.assert_status(201).str("/id").to_owned();
        assert_eq!(admin.get("/api/v1/admin/retention/due").await.assert_status(200).str("/data/0/due_on"), "2032-09-15");
        assert_eq!(outcomes(retention::run(app, Start::default()).await.unwrap()).await, [Outcome::Held]);
        assert!(sealed().await.destroyed_at.is_none(), "an order keeps it");
        let why = json!({ "reason": "The court has decided and needs nothing more." });
        world.colleague().await.post(&format!("/api/v1/admin/holds/{hold}/release"), why).await.assert_status(204);
        let admin = world.admin().await;
        let tried: kernel::ids::RetentionRunId = admin.post("/api/v1/admin/retention/dry-run", json!({})).await.assert_status(201).get("/id");
        assert_eq!(outcomes(tried).await, [Outcome::WouldAct]);
        assert!(sealed().await.destroyed_at.is_none(), "nothing changed");
        // A payment given back late moves the end.
        sql(&world, "UPDATE payments SET paid_at = '2025-12-24 09:00:00'".to_owned()).await;
        assert_eq!(outcomes(retention::run(app, Start::default()).await.unwrap()).await, [Outcome::Skipped]);
        assert_eq!(sealed().await.destroy_on, "2032-12-24".parse().unwrap());
        world.t.at("2032-12-24T03:00:00Z");
        // Two at once end it once; a third finds nothing.
        let (a, b) = tokio::join!(retention::run(app, Start::default()), retention::run(app, Start::default()));
        let mut both = outcomes(a.unwrap()).await;
        both.extend(outcomes(b.unwrap()).await);
        assert_eq!(both.iter().filter(|outcome| **outcome == Outcome::Anonymised).count(), 1, "{both:?}");
        assert!(sealed().await.ciphertext.is_none() && sealed().await.key_ref.is_none());
        assert!(outcomes(retention::run(app, Start::default()).await.unwrap()).await.is_empty());
        retention::nightly(app).await.unwrap();
        let runs = world.admin().await.get("/api/v1/admin/retention/runs").await.assert_status(200);
        let all: Vec<serde_json::Value> = runs.get("/data");
        assert_eq!(all.iter().filter(|run| run["is_dry_run"] == true).count(), 1);
        let gone = audit_of(&world, "privacy.identity_destroyed").await;
        assert_eq!(gone.len(), 1);
        // Only what acted is told.
        let told = outbox::recorded(world.t.conn(), Some("privacy.retention_run_finished")).await.unwrap();
        assert!(told.len() >= 2 && told.iter().any(|event| event.payload["ended"] == 1), "{}", told.len());
    }

    async fn r_mg_83_staff_ask_for_a_copy_on_behalf_of_a_patient(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let me = id_of(&patient).await;
        let admin = world.admin().await;
        let path = format!("/api/v1/admin/patients/{me}/data-bundles");
        admin.post(&path, json!({ "reason": "short" })).await.assert_field("reason", "reason_length");
        let asked = json!({ "reason": "The patient wrote to us and proved who they are." });
        let made = admin.post(&path, asked.clone()).await.assert_status(202);
        assert_eq!(made.str("/key").len(), 32);
        assert!(admin.post(&path, asked.clone()).await.assert_status(202).at("/key").is_null(), "the same one");
        world.run_jobs().await;
        let row = identity::entity::data_bundles::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(row.requested_by_type, identity::entity::data_bundles::DataBundleRequestedByType::User);
        let logged = audit_of(&world, "privacy.bundle_requested").await;
        assert_eq!(logged[0].reason.as_deref(), Some("The patient wrote to us and proved who they are."));
        assert_eq!(world.mail_to(EMAIL).subject, "The copy of your data is ready");
        let patient = world.patient(EMAIL).await;
        patient.post(&format!("/api/v1/me/data-bundle/{}/download", row.id), json!({})).await.assert_status(200);
        patient.post(&path, asked.clone()).await.assert_problem(401, "wrong_guard");
        admin.post(&format!("/api/v1/admin/patients/{}/data-bundles", PatientId::new()), asked.clone()).await.assert_problem(404, "not_found");
        sql(&world, format!("UPDATE account_states SET state = 'anonymised' WHERE model_id = '{me}'")).await;
        admin.post(&path, asked).await.assert_problem(409, "patient_erased");
        world.t.advance(Duration::hours(49));
        privacy::service::bundle::expire(&world.t.app).await.unwrap();
        privacy::service::bundle::expire(&world.t.app).await.unwrap();
        assert_eq!(outbox::recorded(world.t.conn(), Some("privacy.bundle_expired")).await.unwrap().len(), 1);
    }

    async fn r_id_71_a_clinic_closes_when_nothing_binds_it(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, quote) = steps::offered(&world).await;
        steps::accept(&patient, &quote).await.assert_status(200);
        let clinic = world.clinic(0).await;
        let path = "/api/v1/provider/deletion-request";
        clinic.get(path).await.assert_problem(404, "not_found");
        let bound = clinic.post(path, json!({})).await.assert_problem(409, "clinic_is_bound");
        assert_eq!((bound.at("/bookings"), bound.at("/bills")), (&json!(1), &json!(0)));
        sql(&world, format!("UPDATE quotes SET status = 'cancelled' WHERE id = '{quote}'")).await;
        let made = clinic.post(path, json!({ "reason": "We retire." })).await.assert_status(201);
        assert_eq!((made.str("/status"), made.str("/due_on")), ("pending", "2026-03-09"));
        assert_eq!(clinic.post(path, json!({})).await.assert_status(200).str("/id"), made.str("/id"), "one at a time");
        world.run_jobs().await;
        let admin = world.admin().await;
        assert!(admin.get("/api/v1/notifications").await.text().contains("asks to be closed"));
        let desk = "/api/v1/admin/provider-deletion-requests";
        assert_eq!(admin.get(desk).await.assert_status(200).str("/data/0/clinic"), "Bosphorus Hair");
        let why = json!({ "justification": "Everything is treated and paid." });
        let decide = format!("{desk}/{}", made.str("/id"));
        admin.post(&format!("{decide}/approve"), json!({ "justification": "ok" })).await.assert_field("justification", "reason_length");
        // What binds the clinic and what a court ordered is looked at again under lock.
        sql(&world, format!("UPDATE quotes SET status = 'confirmed' WHERE id = '{quote}'")).await;
        admin.post(&format!("{decide}/approve"), why.clone()).await.assert_problem(409, "clinic_is_bound");
        sql(&world, format!("UPDATE quotes SET status = 'cancelled' WHERE id = '{quote}'")).await;
        let order = json!({ "holdable_type": "Provider", "holdable_id": world.clinics[0].id(), "reference": "AZ 1",
            "reason": "The court asked to keep everything for now." });
        let hold = admin.post("/api/v1/admin/holds", order).await.assert_status(201).str("/id").to_owned();
        admin.post(&format!("{decide}/approve"), why.clone()).await.assert_problem(409, "legal_hold");
        sql(&world, format!("UPDATE legal_holds SET status = 'released' WHERE id = '{hold}'")).await;
        clinic.get("/api/v1/provider/team").await.assert_status(200);
        admin.post(&format!("{decide}/approve"), why.clone()).await.assert_status(204);
        admin.post(&format!("{decide}/reject"), why.clone()).await.assert_problem(409, "request_closed");
        clinic.get("/api/v1/provider/team").await.assert_problem(401, "session_revoked");
        assert!(!world.http.get("/api/v1/providers").await.text().contains("Bosphorus Hair"));
        // Another clinic stays open when staff say so, and may ask again.
        let other = world.clinic(1).await;
        let made = other.post(path, json!({})).await.assert_status(201).str("/id").to_owned();
        admin.post(&format!("{desk}/{made}/reject"), why).await.assert_status(204);
        assert_eq!(other.get(path).await.str("/status"), "rejected");
        other.post(path, json!({})).await.assert_status(201);
    }
}
