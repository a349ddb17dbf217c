//! The data of the demonstration: at every step of a case, once, and only where it belongs.

use std::collections::{BTreeMap, HashSet};

use finance::entity::provider_bills::ProviderBillStatus as BillStatus;
use inquiry::entity::{inquiries, inquiry_drafts};
use platform::App;
use platform::config::{Config, Mode};
use platform::entity::demo_registry;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};
use server::demo::{Ending, Scale, seed_scaled};
use testkit::TestApp;

/// The tables a second run must leave alone, with how many rows they have.
async fn counts(app: &App) -> BTreeMap<&'static str, i64> {
    let conn = app.db.conn();
    let mut found = BTreeMap::new();
    for table in [
        "users",
        "providers",
        "provider_users",
        "provider_media",
        "provider_awards",
        "packages",
        "treatments",
        "provider_treatment_pricing",
        "patients",
        "inquiry_drafts",
        "inquiries",
        "inquiry_providers",
        "quotes",
        "schedules",
        "payments",
        "banking_details",
        "provider_bills",
        "provider_bill_items",
        "messages",
        "conversations",
        "after_cares",
        "aftercare_questionnaire_responses",
        "reviews",
        "files",
        "media",
        "alerts_notifications",
        "demo_registry",
        "audit_logs",
        "languages",
        "fx_rates",
    ] {
        let sql = Statement::from_string(app.db.backend(), format!("SELECT COUNT(*) AS n FROM {table}"));
        let row = conn.query_one_raw(sql).await.unwrap().unwrap();
        found.insert(table, row.try_get::<i64>("", "n").unwrap());
    }
    found
}

testkit::both! {
    async fn every_stage_has_a_case_and_a_second_run_adds_nothing(t: TestApp) {
        t.at("2026-03-02T10:00:00Z");
        let logins = seed_scaled(&t.app, Scale::Sample).await.unwrap();
        assert_eq!(logins.incomplete, Vec::<String>::new());
        assert_eq!(logins.patients.len(), Ending::ALL.len());

        let rows = inquiries::Entity::find().all(t.conn()).await.unwrap();
        let stages: HashSet<String> = rows.iter().map(|row| format!("{:?}", row.status).to_lowercase()).collect();
        for stage in ["inquiry", "quote", "accepted", "confirmed", "inprogress", "aftercare", "completed", "cancelled", "expired"] {
            assert!(stages.contains(stage), "nobody is at {stage}: {stages:?}");
        }
        assert_eq!(inquiry_drafts::Entity::find().count(t.conn()).await.unwrap() as usize, rows.len() + 1);

        // The clinic of the list was paid, and a statement waits for staff.
        let clinics = directory::entity::providers::Entity::find().all(t.conn()).await.unwrap();
        let first = clinics.iter().find(|row| row.provider_name == logins.clinic.1).unwrap();
        let bills = finance::seed::bills_of(&t.app, first.id).await.unwrap();
        let any = |wanted: &[BillStatus]| bills.iter().any(|bill| wanted.contains(&bill.status));
        assert!(any(&[BillStatus::Paid]) && any(&[BillStatus::PendingApproval, BillStatus::Overdue]), "{bills:?}");

        // Whatever all these people paid and got back: the ledger adds up.
        let report = server::ledger::verify(&t.app, |_| {}).await.unwrap();
        assert!(report.is_ok() && report.bookings > 3 && report.bills > 1, "{report:#?}");

        let before = counts(&t.app).await;
        let noted = demo_registry::Entity::find().all(t.conn()).await.unwrap();
        let of = |table: &str| noted.iter().filter(|row| row.table_name == table).count() as i64;
        for table in ["providers", "users", "patients", "inquiries", "quotes", "packages", "treatments"] {
            // The legal owners of clinics come with them.
            let expected = if table == "users" { of(table) + before["providers"] } else { of(table) };
            assert_eq!(before[table], expected, "{table}");
        }
        let again = seed_scaled(&t.app, Scale::Sample).await.unwrap();
        assert_eq!(again.incomplete, Vec::<String>::new());
        assert_eq!(counts(&t.app).await, before);

        // Nothing happens after now, and nobody has an address that could belong to somebody.
        let people = identity::entity::patients::Entity::find().all(t.conn()).await.unwrap();
        assert!(people.iter().all(|row| row.email.ends_with(".example") && row.created_at <= t.now()));
        assert!(rows.iter().all(|row| row.created_at <= t.now() && row.updated_at <= t.now()));
    }
}

#[tokio::test]
async fn production_is_refused_and_stays_empty() {
    let t = TestApp::sqlite().await;
    let config = Config { mode: Mode::Production, ..t.app.config.clone() };
    let app = App::with_parts(config, t.app.clock.clone(), t.app.random.clone()).await.unwrap();
    let refused = seed_scaled(&app, Scale::Sample).await.unwrap_err();
    assert_eq!(refused.code, "demo_refused");
    assert_eq!(demo_registry::Entity::find().count(t.conn()).await.unwrap(), 0);
}

/// What is drawn must pass the check a patient's own pictures pass (R-IQ-07).
#[tokio::test]
async fn drawn_heads_are_sharp_enough_for_a_request() {
    use platform::files::{Purpose, Upload, prepare};
    use server::demo::{View, head};
    let t = TestApp::sqlite().await;
    for person in 0..3 {
        for view in [View::Front, View::Top, View::Left, View::Right, View::Back] {
            for growth in [0, 14, 28, 82] {
                let upload = Upload {
                    purpose: Purpose::HeadScan,
                    owner_type: "Media",
                    owner_id: kernel::ids::AnyId::NIL,
                    file_name: "head.png".to_owned(),
                    bytes: head(&format!("head {person}"), view, growth).unwrap(),
                };
                if let Err(error) = prepare(&t.app, upload).await {
                    panic!("head {person} {view:?} with {growth}: {error}");
                }
            }
        }
    }
}

testkit::both! {
    /// Nobody's mailbox is needed to walk through a demonstration: its mails are pages, and nowhere else.
    async fn mails_of_a_demonstration_are_pages(t: TestApp) {
        use platform::config::MailTransport;
        use platform::mail::Mail;
        use tower::ServiceExt;
        let mut t = t;
        let get = async |app: &App, path: &str| {
            let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
            let reply = server::router(app).oneshot(request).await.unwrap();
            let status = reply.status().as_u16();
            let body = axum::body::to_bytes(reply.into_body(), 1 << 20).await.unwrap();
            (status, String::from_utf8(body.to_vec()).unwrap())
        };
        assert_eq!(get(&t.app, "/demo/mails").await.0, 404);
        let folder = t.folder().join("mail");
        t.configure(|config| {
            config.mode = Mode::Demo;
            config.mail.transport = MailTransport::Files { folder };
        })
        .await;
        assert_eq!(get(&t.app, "/demo/mails").await.0, 200, "an empty one");
        let mail = Mail {
            to: "ada@patients.example".to_owned(),
            subject: "Your <code>".to_owned(),
            text: "It is 123456 & no other.".to_owned(),
            html: None,
        };
        t.app.mailer.send(mail).await.unwrap();
        let (status, list) = get(&t.app, "/demo/mails").await;
        assert_eq!(status, 200);
        assert!(list.contains("Your &lt;code&gt;") || list.contains("Your &#60;code&#62;"), "{list}");
        let href = list.split('"').find(|part| part.starts_with("/demo/mails/")).unwrap();
        let (status, page) = get(&t.app, href).await;
        assert!(status == 200 && page.contains("123456") && page.contains("ada@patients.example"), "{page}");
        assert_eq!(get(&t.app, "/demo/mails/none").await.0, 404);
    }
}
