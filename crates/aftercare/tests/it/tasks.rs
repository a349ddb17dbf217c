//! What patients send: scans and answers.

use aftercare::entity::{aftercare_milestone_scans as scans, aftercare_questionnaire_responses as responses};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use testkit::{TestApp, Upload, actors};

use crate::recovery::{SET, recovering};
use crate::support::pictures;

testkit::both! {
    async fn gs_8_a_set_fills_its_day_once(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-13T09:00:00Z");
        let patient = t.client(aftercare::routes()).as_actor(r.booking.patient.clone());
        let (path, day) = (r.path("/scans"), [("due_date", "2026-06-13")]);
        let (files, again) = (pictures(&SET), pictures(&SET));
        let (one, two) = tokio::join!(patient.multipart(&path, &day, &files), patient.multipart(&path, &day, &again));
        let mut codes = [one.status.as_u16(), two.status.as_u16()];
        codes.sort_unstable();
        assert_eq!(codes, [201, 409], "{} {}", one.text(), two.text());
        let loser = if one.status.as_u16() == 409 { one } else { two };
        loser.assert_problem(409, "slot_already_done");
        assert_eq!(scans::Entity::find().count(t.conn()).await.unwrap(), 4);
        let view = patient.get(&r.path("")).await;
        assert_eq!(view.get::<i64>("/milestones/0/tasks_done"), 1);
        assert_eq!(view.get::<i32>("/milestones/0/completion_percentage"), 7);
        // An hour later there is nothing to fill: an extra, shown and not counted.
        let extra = patient.multipart(&path, &[], &pictures(&SET)).await.assert_status(201);
        assert_eq!(extra.json["due_date"], json!(null));
        assert_eq!(patient.get(&r.path("")).await.get::<i64>("/milestones/0/tasks_done"), 1);
        let list = patient.get(&path).await.assert_status(200);
        assert_eq!(list.json["meta"]["total"], 8);
        assert!(list.str("/data/0/url").starts_with("/files/"));
    }

    async fn a_late_set_is_marked_and_days_ahead_are_refused(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-15T09:00:00Z");
        let patient = t.client(aftercare::routes()).as_actor(r.booking.patient.clone());
        let send = async |day: &str| patient.multipart(&r.path("/scans"), &[("due_date", day)], &pictures(&SET)).await;
        let late = send("2026-06-13").await.assert_status(201);
        assert_eq!(late.json["is_overdue"], true);
        send("2026-06-16").await.assert_problem(409, "slot_not_open");
        send("2026-06-21").await.assert_problem(422, "slot_unknown");
        send("someday").await.assert_problem(422, "validation_failed");
        // Still due: the scan of the 14th, late, and today's.
        let tasks = patient.get(&r.path("/tasks?state=overdue")).await.assert_status(200);
        let days: Vec<_> = tasks.json.as_array().unwrap().iter().map(|task| task["due_date"].clone()).collect();
        assert_eq!(days, ["2026-06-13", "2026-06-14", "2026-06-14"]);
    }

    async fn an_incomplete_or_bad_set_is_refused_as_a_whole(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-13T09:00:00Z");
        let patient = t.client(aftercare::routes()).as_actor(r.booking.patient.clone());
        let path = r.path("/scans");
        let refused = patient.multipart(&path, &[], &pictures(&["front", "top"])).await;
        let refused = refused.assert_problem(422, "scan_set_incomplete");
        assert_eq!(refused.json["missing_views"], json!(["sides", "back"]));
        let with = |bad: Upload| {
            let mut files = pictures(&["front", "top", "sides"]);
            files.push(bad.in_field("back"));
            files
        };
        let text = patient.multipart(&path, &[], &with(Upload::jpeg(b"no picture".to_vec()))).await;
        text.assert_problem(422, "media_type_invalid").assert_field("back", "media_type_invalid");
        let blurred = Upload::jpeg(testkit::blurred_jpeg(640, 640, 1));
        patient.multipart(&path, &[], &with(blurred)).await.assert_problem(422, "media_quality_insufficient");
        let small = Upload::jpeg(testkit::jpeg(599, 700, 1));
        patient.multipart(&path, &[], &with(small)).await.assert_problem(422, "media_quality_insufficient");
        assert_eq!(scans::Entity::find().count(t.conn()).await.unwrap(), 0);
        // Nobody sends in the patient's name.
        let clinic = t.client(aftercare::routes()).as_actor(r.booking.owner.clone());
        clinic.multipart(&path, &[], &pictures(&SET)).await.assert_problem(403, "forbidden");
        let other = actors::patient(kernel::ids::PatientId::new());
        let other = t.client(aftercare::routes()).as_actor(other);
        other.multipart(&path, &[], &pictures(&SET)).await.assert_problem(404, "not_found");
    }

    async fn answers_are_checked_and_a_day_is_answered_once(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-13T09:00:00Z");
        let patient = t.client(aftercare::routes()).as_actor(r.booking.patient.clone());
        let form = patient.get(&r.path(&format!("/questionnaires/{}", r.pain))).await.assert_status(200);
        assert_eq!((form.str("/due_date"), form.str("/questions/0/question_id")), ("2026-06-13", "pain_level"));
        let path = r.pain_path();
        let refused = patient.post(&path, json!({ "responses": { "pain_level": 11, "shoe": 1 } })).await;
        let refused = refused.assert_problem(422, "response_invalid");
        assert_eq!(refused.json["questions"], json!(["pain_level", "shoe"]));
        assert_eq!(responses::Entity::find().count(t.conn()).await.unwrap(), 0);

        let ask = json!({ "due_date": "2026-06-13", "responses": { "pain_level": 5, "symptoms": ["itching"] } });
        let (one, two) = tokio::join!(patient.post(&path, &ask), patient.post(&path, &ask));
        let mut codes = [one.status.as_u16(), two.status.as_u16()];
        codes.sort_unstable();
        assert_eq!(codes, [201, 409]);
        patient.post(&path, &ask).await.assert_problem(409, "slot_already_done");
        let stored = responses::Entity::find().all(t.conn()).await.unwrap();
        let [row] = &stored[..] else { panic!("{} responses", stored.len()) };
        assert!(!row.flagged_urgent && row.flag_reasons.is_none());
        assert!(!row.responses.ciphertext().contains("pain_level"), "answers are encrypted");
        let clinic = t.client(aftercare::routes()).as_actor(r.booking.owner.clone());
        let read = clinic.get(&r.path("/responses")).await.assert_status(200);
        assert_eq!(read.json["data"][0]["responses"]["pain_level"], 5);
        let unknown = r.path(&format!("/questionnaires/{}/responses", kernel::ids::AftercareQuestionnaireId::new()));
        patient.post(&unknown, &ask).await.assert_problem(404, "not_found");
    }
}
