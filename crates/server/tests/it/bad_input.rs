//! Bad input gives the specified error and changes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, Statement};
use serde_json::json;
use testkit::{TestApp, Upload, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::world::World;

/// Where a case leaves rows.
const TABLES: [&str; 15] = [
    "inquiries",
    "inquiry_providers",
    "medical_histories",
    "workflow_timelines",
    "quotes",
    "quote_packages",
    "schedules",
    "schedule_occupancies",
    "booking_terms",
    "payments",
    "payment_histories",
    "ledger_entries",
    "files",
    "media",
    "outbox_events",
];

/// Every value of every row of a case, and what lies in the store: what is refused changes none of it.
async fn footprint(world: &World) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::from([("store", stored(&world.t.app.config.files.folder))]);
    for table in TABLES {
        let statement = Statement::from_string(world.t.app.db.backend(), format!("SELECT * FROM {table} ORDER BY id"));
        let rows = serde_json::Value::find_by_statement(statement).all(world.t.conn()).await.unwrap();
        all.insert(table, rows.iter().map(ToString::to_string).collect());
    }
    all
}

/// The names of all files in a folder and below it.
fn stored(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = |path: PathBuf| if path.is_dir() { stored(&path) } else { vec![path.display().to_string()] };
    let mut all: Vec<String> = entries.flat_map(|entry| names(entry.unwrap().path())).collect();
    all.sort();
    all
}

both! {
    async fn bodies_that_cannot_be_taken(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let before = footprint(&world).await;
        patient.raw("/api/v1/inquiries", "application/json", "{\"version\":").await.assert_problem(400, "malformed");
        patient.post("/api/v1/inquiries", json!({ "verzion": 1 })).await.assert_problem(422, "validation_failed");
        patient.get("/api/v1/inquiries/not-an-id").await.assert_problem(400, "malformed");
        patient.get("/api/v1/inquiries?page=0").await.assert_problem(422, "validation_failed");
        patient.get("/api/v1/inquiries?per_page=101").await.assert_problem(422, "validation_failed");

        let scan = [("collection", "head_scan"), ("view", "front")];
        let draft = steps::draft(&world, &patient, &[]).await;
        patient.put("/api/v1/inquiry-draft", json!({ "step": "scan", "payload": draft })).await.assert_status(200);
        let text = Upload::jpeg(b"This is a letter, not a picture.".to_vec()).named("head.jpg");
        patient.multipart("/api/v1/inquiry-draft/media", &scan, &[text]).await.assert_problem(422, "media_type_invalid");
        let huge = Upload::jpeg([testkit::jpeg(400, 400, 1), vec![0; 30 * 1024 * 1024]].concat());
        patient.multipart("/api/v1/inquiry-draft/media", &scan, &[huge]).await.assert_problem(413, "body_too_large");
        let blurred = Upload::jpeg(testkit::blurred_jpeg(1000, 1000, 1));
        patient
            .multipart("/api/v1/inquiry-draft/media", &scan, &[blurred])
            .await
            .assert_problem(422, "media_quality_insufficient");
        assert_eq!(footprint(&world).await, before);
    }

    // Section 10 of identity: a value that no key opens spoils its own record only.
    async fn a_value_that_cannot_be_decrypted(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        let statement = format!("UPDATE patients SET phone_number = 'broken' WHERE email = '{EMAIL}'");
        world.t.conn().execute_unprepared(&statement).await.unwrap();
        let id = patient.get("/api/v1/me").await.assert_status(200);
        assert_eq!(id.at("/phone_number"), &serde_json::Value::Null);
        let admin = world.admin().await;
        assert_eq!(admin.get("/api/v1/admin/patients").await.assert_status(200).at("/meta/total"), &json!(2));
        admin.get(&format!("/api/v1/admin/patients/{}/overview", id.str("/id"))).await.assert_problem(500, "decryption_failed");
    }

    async fn a_second_active_inquiry_and_foreign_ids(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let stranger = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        steps::prepare_inquiry(&world, &patient, &[]).await;
        let before = footprint(&world).await;
        let again = patient.post("/api/v1/inquiries", json!({})).await.assert_problem(409, "active_inquiry_exists");
        assert!(again.text().contains(&inquiry), "the answer names the active one");
        for path in [format!("/api/v1/inquiries/{inquiry}"), format!("/api/v1/inquiries/{inquiry}/timeline")] {
            stranger.get(&path).await.assert_problem(404, "not_found");
            world.http.get(&path).await.assert_problem(401, "unauthenticated");
        }
        let reason = json!({ "reason": "changed_my_mind" });
        let foreign = stranger.post(&format!("/api/v1/inquiries/{inquiry}/cancel"), reason).await;
        foreign.assert_problem(404, "not_found");
        assert_eq!(footprint(&world).await, before);
    }

    async fn an_expired_quote_and_a_double_click(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await.assert_status(200);
        let quote = steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        let stranger = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        stranger.get(&format!("/api/v1/quotes/{quote}")).await.assert_problem(404, "not_found");

        // Two taps at once: one acceptance, the same answer twice.
        let (left, right) = tokio::join!(steps::accept(&patient, &quote), steps::accept(&patient, &quote));
        assert_eq!((left.status.as_u16(), right.status.as_u16()), (200, 200), "{} {}", left.text(), right.text());
        let conn = world.t.conn();
        assert_eq!(quoting::entity::schedules::Entity::find().count(conn).await.unwrap(), 1);
        world.run_jobs().await;

        // Two taps on pay: one attempt, one charge.
        let (left, right) =
            tokio::join!(steps::start_payment(&patient, &quote, "deposit"), steps::start_payment(&patient, &quote, "deposit"));
        let started = [left, right].into_iter().find(|reply| reply.status.is_success()).expect("one tap starts a payment");
        assert_eq!(payments::entity::payments::Entity::find().count(conn).await.unwrap(), 1);
        let card = "4242424242424242";
        let (left, right) =
            tokio::join!(steps::confirm_card(&patient, &started, card), steps::confirm_card(&patient, &started, card));
        assert!(left.status.is_success() || right.status.is_success(), "{} {}", left.text(), right.text());
        world.run_jobs().await;
        let paid = payments::entity::payments::Entity::find().all(conn).await.unwrap();
        let completed = paid.iter().filter(|row| row.payment_status == payments::entity::payments::PaymentStatus::Completed);
        assert_eq!(completed.count(), 1);

        // A webhook nobody signed.
        let account = payments::entity::gateway_accounts::Entity::find().one(conn).await.unwrap().unwrap().id;
        let before = footprint(&world).await;
        let forged = world
            .http
            .header("stripe-signature", "t=1,v1=00")
            .raw(&format!("/api/v1/webhooks/gateway/{account}"), "application/json", "{\"id\":\"evt_1\"}")
            .await;
        assert_eq!(forged.status.as_u16(), 400, "{}", forged.text());
        assert_eq!(footprint(&world).await, before);
    }

    async fn an_offer_that_ended(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await.assert_status(200);
        let quote = steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        world.t.advance(chrono::Duration::hours(48));
        let patient = world.patient(EMAIL).await;
        let before = footprint(&world).await;
        steps::accept(&patient, &quote).await.assert_problem(409, "quote_expired");
        assert_eq!(footprint(&world).await, before);
    }
}
