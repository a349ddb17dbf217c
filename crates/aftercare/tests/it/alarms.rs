//! Dangerous answers and the team's work (GS-3).

use aftercare::entity::{aftercare_workflow_steps as steps, aftercare_workflows as workflows};
use platform::settings::Changes;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use testkit::{TestApp, actors};

use crate::recovery::{recovering, registry};

testkit::both! {
    async fn gs_3_pain_of_nine_heads_the_work_list(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-13T14:05:00Z");
        let api = t.client(aftercare::routes());
        let patient = api.as_actor(r.booking.patient.clone()).header("accept-language", "tr");
        let sent = patient.post(&r.pain_path(), json!({ "responses": { "pain_level": 9 } })).await.assert_status(201);
        assert_eq!(sent.json["flagged_urgent"], true);
        assert!(sent.str("/warning").contains("acil"), "the warning is in the patient's language");

        let items = workflows::Entity::find().all(t.conn()).await.unwrap();
        let [alarm] = &items[..] else { panic!("{} items", items.len()) };
        assert_eq!(alarm.due_at, Some(testkit::at("2026-06-13T16:05:00Z")));
        let told = platform::outbox::recorded(t.conn(), Some("aftercare.escalation_triggered")).await.unwrap();
        assert_eq!(told.len(), 1);
        assert!(!told[0].payload.to_string().contains("pain"), "no clinical detail leaves in events");

        let staff = api.as_actor(actors::super_admin(r.admin()));
        let work = staff.get("/aftercare/worklist").await.assert_status(200);
        assert_eq!((work.str("/data/0/bucket"), work.str("/data/0/escalations/0/priority")), ("clinical_open", "urgent"));
        assert_eq!(work.json["data"][0]["case"]["urgent"], true);
        api.as_actor(r.booking.owner.clone()).get("/aftercare/worklist").await.assert_problem(403, "forbidden");

        // 14:40: another flag joins the open alarm and does not move its time.
        t.at("2026-06-13T14:40:00Z");
        let more = json!({ "responses": { "pain_level": 2, "symptoms": ["pus_or_discharge"] } });
        assert_eq!(patient.post(&r.pain_path(), more).await.assert_status(201).json["flagged_urgent"], true);
        let items = workflows::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!((items.len(), items[0].due_at), (1, Some(testkit::at("2026-06-13T16:05:00Z"))));

        for (time, level) in [("16:04:59", 1), ("16:05:00", 2), ("18:05:00", 3), ("23:00:00", 3)] {
            t.at(&format!("2026-06-13T{time}Z"));
            aftercare::service::escalation::raise_due(&t.app).await.unwrap();
            let row = workflows::Entity::find().one(t.conn()).await.unwrap().unwrap();
            assert_eq!(row.level, level, "at {time}");
        }
        let words: Vec<_> = steps::Entity::find()
            .order_by_asc(steps::Column::StepIndex)
            .all(t.conn())
            .await
            .unwrap()
            .into_iter()
            .map(|row| serde_json::to_value(row.step_type).unwrap())
            .collect();
        assert_eq!(words, ["opened", "flag_added", "level_raised", "level_raised"]);
    }

    async fn an_alarm_is_taken_once_and_ends_with_an_outcome(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-13T09:00:00Z");
        aftercare::seed::answer_pain(&t.app, &r.booking.patient, r.case, 8, None).await.unwrap();
        let alarm = workflows::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let path = |verb: &str| format!("/aftercare-workflows/{}/{verb}", alarm.id);
        let api = t.client(aftercare::routes());
        let staff = api.as_actor(actors::super_admin(r.admin()));
        let first = staff.post(&path("acknowledge"), json!({})).await.assert_status(200);
        assert_eq!(first.str("/status"), "acknowledged");
        let colleague = api.as_actor(actors::staff(kernel::ids::UserId::new(), "aftercare_specialist"));
        let second = colleague.post(&path("acknowledge"), json!({})).await.assert_status(200);
        assert_eq!(second.str("/assigned_to_id"), r.admin().to_string(), "the second sees who took it");
        assert_eq!(staff.get("/aftercare/worklist").await.str("/data/0/bucket"), "clinical_acknowledged");

        let outcome = json!({ "outcome": "advised", "note": "Ice and rest." });
        staff.post(&path("resolve"), &outcome).await.assert_problem(422, "resolution_incomplete");
        let call = json!({ "step_type": "patient_contacted", "note": "Called, pain is going down." });
        staff.post(&path("steps"), call).await.assert_status(200);
        staff.post(&path("resolve"), json!({ "outcome": "fine" })).await.assert_problem(422, "resolution_incomplete");
        assert_eq!(staff.post(&path("resolve"), &outcome).await.assert_status(200).str("/status"), "resolved");
        staff.post(&path("resolve"), &outcome).await.assert_problem(409, "invalid_status");
        let stranger = actors::clinic_owner(kernel::ids::ProviderUserId::new(), kernel::ids::ProviderId::new());
        api.as_actor(stranger).post(&path("acknowledge"), json!({})).await.assert_problem(404, "not_found");
        api.as_actor(r.booking.owner.clone()).post(&path("acknowledge"), json!({})).await.assert_problem(403, "forbidden");
        // A new dangerous answer opens a new alarm.
        t.at("2026-06-14T09:00:00Z");
        aftercare::seed::answer_pain(&t.app, &r.booking.patient, r.case, 10, None).await.unwrap();
        assert_eq!(workflows::Entity::find().all(t.conn()).await.unwrap().len(), 2);
    }

    async fn thresholds_are_settings(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-13T09:00:00Z");
        let seven = aftercare::seed::answer_pain(&t.app, &r.booking.patient, r.case, 7, None).await.unwrap();
        assert!(!seven.flagged_urgent);
        let stricter = Changes::new().with(&aftercare::settings::PAIN_URGENT_PERCENT, 70);
        let admin = actors::super_admin(r.admin());
        let reason = "The clinical board asked for it.";
        platform::settings::set(&t.app, &admin, "aftercare", stricter, reason).await.unwrap();
        let seven = aftercare::seed::answer_pain(&t.app, &r.booking.patient, r.case, 7, None).await.unwrap();
        assert!(seven.flagged_urgent && seven.due_date.is_none(), "the second of a day is an extra, judged all the same");
    }

    async fn late_work_resolves_itself(t: TestApp) {
        let r = recovering(&t).await;
        // Three days late: the two tasks of the first day.
        t.at("2026-06-16T09:00:00Z");
        t.run_jobs(&registry()).await;
        let item = workflows::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((item.reason_code.as_str(), item.open_key.is_some()), ("overdue_tasks", true));
        let views = || [1, 2, 3, 4].map(|seed| testkit::jpeg(640, 640, seed));
        for day in ["2026-06-13", "2026-06-14", "2026-06-15"] {
            let due = Some(day.parse().unwrap());
            aftercare::seed::answer_pain(&t.app, &r.booking.patient, r.case, 3, due).await.unwrap();
            aftercare::seed::upload_scan(&t.app, &r.booking.patient, r.case, views(), due).await.unwrap();
        }
        let item = workflows::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((item.status, item.open_key), (workflows::AftercareWorkflowStatus::Resolved, None));
    }
}
