//! Who may do and see what.

use kernel::ids::{ProviderId, ProviderUserId};
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, Upload, actors};

use crate::support::{paid, pictures};

testkit::both! {
    async fn strangers_find_nothing(t: TestApp) {
        let booking = paid(&t).await;
        t.at("2026-06-10T06:05:00Z");
        let api = t.client(treatment::routes());
        let other_clinic = actors::clinic_owner(ProviderUserId::new(), ProviderId::new());
        let other_patient = actors::patient(kernel::ids::PatientId::new());
        for stranger in [other_clinic.clone(), other_patient] {
            let api = api.as_actor(stranger);
            api.get(&booking.path("")).await.assert_problem(404, "not_found");
            api.get(&booking.path("/media")).await.assert_problem(404, "not_found");
            api.post(&booking.path("/check-in"), json!({})).await.assert_problem(404, "not_found");
            api.post(&booking.path("/complete"), json!({})).await.assert_problem(404, "not_found");
            api.patch(&booking.path(""), json!({ "lock_version": 0 })).await.assert_problem(404, "not_found");
        }
        assert_eq!(api.as_actor(other_clinic).get("/treatment-cases").await.json["meta"]["total"], 0);
        api.get(&booking.path("")).await.assert_problem(401, "unauthenticated");
        let billing = actors::clinic_billing(ProviderUserId::new(), booking.provider);
        api.as_actor(billing.clone()).post(&booking.path("/check-in"), json!({})).await.assert_problem(403, "forbidden");
        api.as_actor(billing).get(&booking.path("")).await.assert_problem(403, "forbidden");
        let patient = api.as_actor(booking.patient.clone());
        patient.post(&booking.path("/check-in"), json!({})).await.assert_problem(403, "forbidden");
        assert_eq!(patient.get("/treatment-cases").await.json["meta"]["total"], 1);
    }

    async fn nothing_is_documented_before_check_in(t: TestApp) {
        let booking = paid(&t).await;
        let clinic = t.client(treatment::routes()).as_actor(booking.owner.clone());
        let draft = json!({ "lock_version": 0, "advice": "Rest." });
        clinic.patch(&booking.path(""), draft).await.assert_problem(409, "invalid_status");
        let day = json!({ "lock_version": 0, "status": "in_progress" });
        clinic.patch(&booking.path("/days/1"), day).await.assert_problem(409, "invalid_status");
        let set = [("collection", "head_scan_before")];
        let sent = clinic.multipart(&booking.path("/media"), &set, &pictures(&["front"])).await;
        sent.assert_problem(409, "invalid_status");
    }

    async fn stale_edits_and_future_days_are_refused(t: TestApp) {
        let booking = paid(&t).await;
        t.at("2026-06-10T06:05:00Z");
        let clinic = t.client(treatment::routes()).as_actor(booking.owner.clone());
        let version: i32 = clinic.post(&booking.path("/check-in"), json!({})).await.get("/lock_version");
        let draft = |version: i32| json!({ "lock_version": version, "advice": "Rest." });
        clinic.patch(&booking.path(""), draft(version)).await.assert_status(200);
        let stale = clinic.patch(&booking.path(""), draft(version)).await.assert_problem(409, "stale_version");
        assert_eq!(stale.json["current_version"], version + 1);
        let tomorrow = json!({ "lock_version": 0, "status": "finished" });
        clinic.patch(&booking.path("/days/2"), tomorrow).await.assert_problem(409, "day_in_future");
        clinic.patch(&booking.path("/days/9"), json!({ "lock_version": 0 })).await.assert_problem(404, "not_found");
        let long = json!({ "lock_version": version + 1, "advice": "x".repeat(2001), "actual_graft_count": 10001 });
        let refused = clinic.patch(&booking.path(""), long).await.assert_problem(422, "validation_failed");
        refused.assert_field("advice", "text_too_long").assert_field("actual_graft_count", "out_of_range");
    }

    async fn patients_read_no_notes_and_no_drafts(t: TestApp) {
        let booking = paid(&t).await;
        t.at("2026-06-10T06:05:00Z");
        let api = t.client(treatment::routes());
        let clinic = api.as_actor(booking.owner.clone());
        let version: i32 = clinic.post(&booking.path("/check-in"), json!({})).await.get("/lock_version");
        let draft = json!({ "lock_version": version, "beginning_note": "Welcome.", "advice": "Secret draft." });
        clinic.patch(&booking.path(""), draft).await.assert_status(200);
        let day = json!({ "lock_version": 0, "status": "in_progress", "note": "Clinical remark." });
        let seen = clinic.patch(&booking.path("/days/1"), day).await.assert_status(200);
        assert!(seen.text().contains("Clinical remark.") && seen.text().contains("Secret draft."));
        let patient = api.as_actor(booking.patient.clone()).get(&booking.path("")).await.assert_status(200);
        assert!(patient.text().contains("Welcome."));
        assert!(!patient.text().contains("Clinical remark.") && !patient.text().contains("Secret draft."));
        assert_eq!(patient.json["days"][0]["status"], "in_progress");
    }

    async fn staff_need_a_reason_and_a_justification(t: TestApp) {
        let booking = paid(&t).await;
        t.at("2026-06-10T06:05:00Z");
        let admin = t.client(treatment::routes()).as_actor(actors::super_admin(booking.admin));
        admin.post(&booking.path("/check-in"), json!({})).await.assert_problem(422, "reason_required");
        let ask = json!({ "reason": "The clinic's line is down." });
        let case = admin.post(&booking.path("/check-in"), ask).await.assert_status(200);
        assert_eq!(case.json["outcome"], json!(null), "no medical data without a justification");
        admin.get(&booking.path("/media")).await.assert_problem(403, "justification_required");
        let actor = actors::super_admin(booking.admin);
        identity::phi::grant(&t.app, &actor, booking.patient_id, "Support case 4711, wrong picture.").await.unwrap();
        admin.get(&booking.path("/media")).await.assert_status(200);
        assert!(admin.get(&booking.path("")).await.json["outcome"].is_object());
        let reasons = audit_logs::Entity::find().filter(audit_logs::Column::Reason.eq("The clinic's line is down."));
        assert_eq!(reasons.count(t.conn()).await.unwrap(), 1);
    }

    async fn bad_pictures_are_refused_as_a_whole(t: TestApp) {
        let booking = paid(&t).await;
        t.at("2026-06-10T06:05:00Z");
        let clinic = t.client(treatment::routes()).as_actor(booking.owner.clone());
        clinic.post(&booking.path("/check-in"), json!({})).await.assert_status(200);
        let path = booking.path("/media");
        let set = [("collection", "head_scan_after")];
        let mut files = pictures(&["front"]);
        files.push(Upload::jpeg(b"just words".to_vec()).in_field("top"));
        clinic.multipart(&path, &set, &files).await.assert_problem(422, "media_type_invalid");
        clinic.multipart(&path, &set, &pictures(&["chin"])).await.assert_problem(422, "validation_failed");
        clinic.multipart(&path, &[("collection", "treatment_photo")], &pictures(&["a"])).await.assert_status(422);
        assert_eq!(clinic.get(&path).await.json, json!([]), "nothing of it was kept");
        let fields = [("collection", "treatment_photo"), ("phase", "during")];
        clinic.multipart(&path, &fields, &pictures(&["a", "b"])).await.assert_status(201);
    }

    async fn a_list_takes_eight_statements_at_most(t: TestApp) {
        let booking = paid(&t).await;
        let (page, statements) = platform::db::count_statements(async {
            treatment::queries::list(&t.app, &booking.owner, None, kernel::PageQuery::default()).await.unwrap()
        })
        .await;
        assert_eq!(page.data.len(), 1);
        assert!(statements <= 8, "{statements} statements");
    }
}
