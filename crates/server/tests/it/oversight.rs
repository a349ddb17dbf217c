//! What staff read of the audit log, and how it is taken out.

use std::collections::BTreeSet;

use chrono::Duration;
use identity::seed::AdminSpec;
use kernel::Guard;
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value as Json, json};
use testkit::{TestApp, both};

use crate::doors::session;
use crate::steps::{self, EMAIL};
use crate::world::World;

both! {
    /// R-ID-65: the log is narrowed, paged, taken out as a file, and that is on record too.
    async fn the_audit_log_is_narrowed_and_taken_out(t: TestApp) {
        let world = World::new(t).await;
        let (me, _, _) = steps::offered(&world).await;
        let admin = world.admin().await;
        let list = async |query: &str| admin.get(&format!("/api/v1/admin/audit-logs?limit=100{query}")).await.assert_status(200).json["data"].as_array().unwrap().clone();
        let all = list("").await;
        assert!(all.len() > 10, "{}", all.len());
        let actions = |rows: &[Json]| rows.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
        let logins = list("&filter[action]=login.").await;
        assert!(!logins.is_empty() && logins.len() < all.len() && actions(&logins).iter().all(|action| action.starts_with("login.")));
        world.http.post("/api/v1/patient/auth/login", json!({ "login": EMAIL, "password": "Wrong!Horse7" })).await.assert_status(401);
        let failed = list("&filter[outcome]=failed").await;
        assert_eq!(failed.iter().map(|row| row["outcome"].as_str().unwrap()).collect::<Vec<_>>(), ["failed"]);
        let about = list(&format!("&filter[who]={me}")).await;
        assert!(!about.is_empty() && about.len() < all.len() && about.iter().all(|row| row.to_string().contains(&me.to_string())));
        assert!(list("&filter[subject]=Quote").await.iter().all(|row| row["subject_type"] == "Quote"));
        assert!(list("&filter[from]=2026-03-02&filter[to]=2026-03-02").await.len() >= all.len());
        assert!(list("&filter[to]=2026-03-01").await.is_empty());
        admin.get("/api/v1/admin/audit-logs?filter[outcome]=perhaps").await.assert_status(422);
        // Page after page, each entry once, the newest first; 90 days unless asked for more.
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        loop {
            let page = admin.get(&format!("/api/v1/admin/audit-logs?limit=5{cursor}")).await.assert_status(200);
            seen.extend(page.at("/data").as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()));
            let Some(next) = page.at("/meta/next_cursor").as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]) && seen.len() > all.len(), "{seen:?}");
        world.t.advance(Duration::days(91));
        let admin = world.admin().await;
        let old = admin.get("/api/v1/admin/audit-logs?limit=100").await.assert_status(200);
        assert!(!old.at("/data").as_array().unwrap().iter().any(|row| row["action"] == "inquiry.submitted"));
        let asked = admin.get("/api/v1/admin/audit-logs?limit=100&filter[from]=2026-03-01&filter[action]=inquiry.submitted").await;
        assert_eq!(asked.at("/data").as_array().unwrap().len(), 1);
        // As a file, in both forms, with the same entries; each time it is recorded with what was asked for.
        let file = async |body: Json| admin.post("/api/v1/admin/audit-logs/export", body).await.assert_status(200).text();
        let csv = file(json!({ "format": "csv", "action": "inquiry.", "from": "2026-03-01" })).await;
        assert!(csv.starts_with("id,occurred_at,actor_type") && csv.lines().count() > 1 && csv.lines().skip(1).all(|line| line.contains(",inquiry.")), "{csv}");
        let lines = file(json!({ "format": "json", "action": "inquiry.", "from": "2026-03-01" })).await;
        assert_eq!(lines.lines().filter(|line| !line.is_empty()).count(), csv.lines().count() - 1);
        // For whom somebody acted, with which program and in which session, in both.
        for name in ["acting_for_type", "acting_for_id", "user_agent", "session_id"] {
            assert!(csv.lines().next().unwrap().split(',').any(|column| column == name), "{name}");
            assert!(lines.lines().filter(|line| !line.is_empty()).all(|line| line.contains(&format!("\"{name}\":"))), "{name}");
        }
        // What somebody changed is told; of patients only which fields.
        let of = async |action: &str| {
            let path = format!("/api/v1/admin/audit-logs?limit=100&filter[from]=2026-03-01&filter[action]={action}");
            admin.get(&path).await.assert_status(200).json["data"].as_array().unwrap().clone()
        };
        let taken = of("audit.exported").await;
        let wanted = json!({ "field": "action", "before": null, "after": "inquiry." });
        assert!(taken[0]["changes"].as_array().unwrap().contains(&wanted), "{}", taken[0]);
        let profile = of("profile.changed").await;
        let changes = profile[0]["changes"].as_array().unwrap();
        assert!(changes.iter().any(|change| change["field"] == "phone_number"), "{changes:?}");
        assert!(changes.iter().all(|change| change["before"].is_null() && change["after"].is_null()), "{changes:?}");
        assert!(csv.lines().next().unwrap().ends_with(",changes"), "{csv}");
        let taken = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("audit.exported"));
        assert_eq!(taken.count(world.t.conn()).await.unwrap(), 2);
        let desk = AdminSpec { role: "support_staff".to_owned(), ..AdminSpec::super_admin("desk@hairline.example") };
        let desk = session(&world, Guard::Api, identity::seed::admin(&world.t.app, desk).await.unwrap().any()).await;
        desk.get("/api/v1/admin/audit-logs").await.assert_problem(403, "forbidden");
        desk.post("/api/v1/admin/audit-logs/export", json!({ "format": "csv" })).await.assert_problem(403, "forbidden");
    }

    /// R-ID-57: a closed account is not an erased one. The clinic that treats its patient goes on, and staff find it again.
    async fn a_closed_account_stays_known_to_its_clinic_and_to_staff(t: TestApp) {
        let world = World::new(t).await;
        let (me, patient, quote) = steps::offered(&world).await;
        steps::accept(&patient, &quote).await.assert_status(200);
        world.run_jobs().await;
        steps::pay(&world, &patient, &quote, "deposit").await;
        let admin = world.admin().await;
        let why = json!({ "reason": "Asked by letter to close the account for now." });
        let closed = admin.post(&format!("/api/v1/admin/patients/{me}/deactivate"), why).await;
        assert!(closed.status.is_success(), "{}", closed.text());
        let clinic = world.clinic(0).await;
        let cases = clinic.get("/api/v1/inquiries").await.assert_status(200);
        assert_eq!(cases.str("/data/0/patient/display_name"), "John Doe");
        let case = clinic.get(&format!("/api/v1/inquiries/{}", cases.str("/data/0/id"))).await.assert_status(200);
        assert!(case.at("/medical").is_object(), "{}", case.text());
        let listed = async |query: &str| admin.get(&format!("/api/v1/admin/patients{query}")).await.assert_status(200).get::<u64>("/meta/total");
        assert_eq!((listed("").await, listed("?filter[account]=deactivated").await), (0, 1));
        admin.get("/api/v1/admin/patients?filter[account]=gone").await.assert_status(422);
    }

    /// R-ID-62: a key that opens nothing of what is there is not the key of this house.
    async fn no_server_starts_with_a_key_that_opens_nothing(t: TestApp) {
        let world = World::new(t).await;
        server::sealed::require_keys(&world.t.app).await.unwrap();
        steps::register(&world, "John", "Doe", EMAIL, crate::steps::PHONE).await;
        server::sealed::require_keys(&world.t.app).await.unwrap();
        let mut config = world.t.app.config.clone();
        config.keys.app_key = platform::crypto::Key::new([77; 32]);
        let other = platform::App::with_parts(config, world.t.app.clock.clone(), world.t.app.random.clone()).await.unwrap();
        assert_eq!(server::sealed::require_keys(&other).await.unwrap_err().code, "key_in_use");
    }

    /// R-ID-64, R-ID-65: who opens a picture is on record with the patient it shows, and the patient reads so.
    async fn a_picture_that_is_opened_stands_in_the_patients_log(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, crate::steps::PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let owner = world.clinics[0].clinic.owner.any();
        let cookie = crate::tab::cookie_of(&world, Guard::Provider, owner).await;
        let browser = crate::tab::tab(&world, &[("hairline_session", &cookie)]);
        let page = browser.get(&format!("/provider/cases/{inquiry}")).await.assert_status(200).text();
        let link = page.split("\"/files/").nth(1).and_then(|rest| rest.split('"').next()).expect("a picture");
        browser.get(&format!("/files/{link}")).await.assert_status(200);
        let log = patient.get("/api/v1/me/access-log?limit=100").await.assert_status(200);
        let looks = log.at("/data").as_array().unwrap();
        let seen = looks.iter().find(|look| look["action"] == "file.viewed").unwrap_or_else(|| panic!("{looks:?}"));
        assert_eq!((&seen["viewer"], &seen["clinic"]), (&json!("clinic"), &json!("Bosphorus Hair")));
    }
}
