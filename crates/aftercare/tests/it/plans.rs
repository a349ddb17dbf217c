//! Plans: made once from the event, dated as GS-1 says.

use aftercare::entity::{after_care_instructions, after_cares, aftercare_milestones, aftercare_workflows};
use aftercare::rules::schedule::Schedule;
use kernel::ids::{ProviderId, ProviderUserId};
use platform::jobs::{Registry, Schedule as Timer};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use testkit::{TestApp, actors};

use crate::recovery::{recovering, registry, treated};

testkit::both! {
    async fn gs_1_a_completed_treatment_has_a_plan_from_the_next_day(t: TestApp) {
        let r = recovering(&t).await;
        assert_eq!(r.booking.status(&t).await, QuoteStatus::Aftercare);
        let case = after_cares::Entity::find_by_id(r.case).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(case.start_date.unwrap().to_string(), "2026-06-13");
        assert_eq!(case.case_code.as_deref(), Some("AC2606-0001"));
        assert_eq!((case.timezone.as_str(), case.recovery_stage.as_str()), ("Europe/Istanbul", "Post-Op"));
        assert_eq!((case.recovery_percentage, case.provider_id), (0, r.booking.provider));
        assert_eq!(case.patient_id, r.booking.patient_id);
        let patient = t.client(treatment::routes()).as_actor(r.booking.patient.clone());
        let result = patient.get(&r.booking.path("")).await.assert_status(200);
        assert_eq!(result.get::<i32>("/outcome/actual_graft_count"), 2900);

        let rows = aftercare_milestones::Entity::find()
            .order_by_asc(aftercare_milestones::Column::OrderIndex)
            .all(t.conn())
            .await
            .unwrap();
        let ranges: Vec<_> = rows.iter().map(|row| format!("{}..{}", row.start_date, row.end_date)).collect();
        // The same plan as GS-1, 94 days later: 7, 21, 60 and 90 days.
        let expected =
            ["2026-06-13..2026-06-19", "2026-06-20..2026-07-10", "2026-07-11..2026-09-08", "2026-09-09..2026-12-07"];
        assert_eq!(ranges, expected);
        let schedules: Vec<Schedule> =
            rows.iter().map(|row| serde_json::from_value(row.schedule.clone()).unwrap()).collect();
        let slots = |s: &Schedule| s.scans.len() + s.questionnaires.values().map(Vec::len).sum::<usize>();
        assert_eq!(schedules.iter().map(slots).collect::<Vec<_>>(), [14, 6, 6, 6]);
        let scans: Vec<_> = schedules[1].scans.iter().map(ToString::to_string).collect();
        assert_eq!(scans, ["2026-06-24", "2026-06-29", "2026-07-04"]);
        assert_eq!(after_care_instructions::Entity::find().count(t.conn()).await.unwrap(), 5);
        assert_eq!(r.booking.timeline(&t).await.last().map(String::as_str), Some("aftercare_started"));
    }

    async fn an_event_delivered_twice_makes_one_plan(t: TestApp) {
        let r = recovering(&t).await;
        let day = "2026-06-12".parse().unwrap();
        for _ in 0..2 {
            let again = aftercare::service::activate::start_plan(&t.app, r.booking.quote, r.template, day).await.unwrap();
            assert_eq!(again, Some(r.case));
        }
        let (one, two) = tokio::join!(
            aftercare::service::activate::start_plan(&t.app, r.booking.quote, r.template, day),
            aftercare::service::activate::start_plan(&t.app, r.booking.quote, r.template, day),
        );
        assert_eq!((one.unwrap(), two.unwrap()), (Some(r.case), Some(r.case)));
        assert_eq!(after_cares::Entity::find().count(t.conn()).await.unwrap(), 1);
        assert_eq!(aftercare_milestones::Entity::find().count(t.conn()).await.unwrap(), 4);
        let told = platform::outbox::recorded(t.conn(), Some("aftercare.activated")).await.unwrap();
        assert_eq!(told.len(), 1);
    }

    async fn gs_1_a_late_delivery_excuses_the_days_before(t: TestApp) {
        let (booking, _) = treated(&t).await;
        t.at("2026-06-15T09:00:00Z");
        t.run_jobs(&registry()).await;
        let case = aftercare::seed::case_of(&t.app, booking.quote).await.unwrap();
        let client = t.client(aftercare::routes()).as_actor(booking.patient.clone());
        let view = client.get(&format!("/aftercare-cases/{case}")).await.assert_status(200);
        assert_eq!(view.str("/start_date"), "2026-06-13");
        let counted: i64 = (0..4).map(|n| view.get::<i64>(&format!("/milestones/{n}/tasks"))).sum();
        assert_eq!(counted, 28);
        assert_eq!(view.get::<i64>("/overdue_days"), 0);
    }

    async fn strangers_find_nothing(t: TestApp) {
        let r = recovering(&t).await;
        let api = t.client(aftercare::routes());
        let other_clinic = actors::clinic_owner(ProviderUserId::new(), ProviderId::new());
        let other_patient = actors::patient(kernel::ids::PatientId::new());
        for stranger in [other_clinic, other_patient] {
            let api = api.as_actor(stranger);
            for rest in ["", "/milestones", "/tasks", "/scans", "/responses"] {
                api.get(&r.path(rest)).await.assert_problem(404, "not_found");
            }
            api.get(&r.path(&format!("/questionnaires/{}", r.pain))).await.assert_problem(404, "not_found");
            assert_eq!(api.get("/aftercare-cases").await.json["meta"]["total"], 0);
        }
        api.get(&r.path("")).await.assert_problem(401, "unauthenticated");
        let billing = actors::clinic_billing(ProviderUserId::new(), r.booking.provider);
        api.as_actor(billing).get(&r.path("")).await.assert_problem(403, "forbidden");

        let clinic = api.as_actor(r.booking.owner.clone());
        let seen = clinic.get("/aftercare-cases").await.assert_status(200);
        assert_eq!(seen.str("/data/0/patient/last_name"), "Doe");
        let own = api.as_actor(r.booking.patient.clone()).get("/me/aftercare").await.assert_status(200);
        assert_eq!(own.json["case"]["id"], serde_json::json!(r.case));
        assert_eq!(own.json["case"]["patient"], serde_json::json!(null));
        let staff = api.as_actor(actors::super_admin(r.admin()));
        staff.get(&r.path("")).await.assert_status(200);
        staff.get(&r.path("/scans")).await.assert_problem(403, "justification_required");
    }

    async fn time_moves_milestones_and_opens_late_work_once(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-20T09:00:00Z");
        t.run_jobs(&registry()).await;
        let rows = aftercare_milestones::Entity::find()
            .order_by_asc(aftercare_milestones::Column::OrderIndex)
            .all(t.conn())
            .await
            .unwrap();
        use aftercare_milestones::AftercareMilestoneStatus::{InProgress, Overdue, Pending};
        let states: Vec<_> = rows.iter().map(|row| row.milestone_status).collect();
        assert_eq!(states, [Overdue, InProgress, Pending, Pending]);
        let case = after_cares::Entity::find_by_id(r.case).one(t.conn()).await.unwrap().unwrap();
        // 7 of 178 days, nothing done: floor(7 * 100 / 178 / 2).
        assert_eq!((case.recovery_stage.as_str(), case.recovery_percentage), ("Early Recovery", 1));
        t.at("2026-06-21T09:00:00Z");
        t.run_jobs(&registry()).await;
        let items = aftercare_workflows::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(items.iter().map(|item| item.reason_code.as_str()).collect::<Vec<_>>(), ["overdue_tasks"]);
    }

    async fn installing_again_changes_nothing(t: TestApp) {
        use aftercare::entity::{aftercare_milestone_templates as templates, aftercare_questionnaires as questionnaires};
        for _ in 0..3 {
            aftercare::install(&t.app).await.unwrap();
        }
        assert_eq!(templates::Entity::find().count(t.conn()).await.unwrap(), 2);
        assert_eq!(questionnaires::Entity::find().count(t.conn()).await.unwrap(), 4);
        let registry = Registry { subscriptions: aftercare::subscriptions(), kinds: vec![], schedules: aftercare::schedules() };
        let names: Vec<&str> = registry.schedules.iter().map(|timer: &Timer| timer.name).collect();
        assert_eq!(names, ["aftercare.refresh", "aftercare.expire_requests", "aftercare.raise_escalations"]);
        t.run_jobs(&registry).await;
    }

    async fn lists_take_seven_statements_at_most(t: TestApp) {
        let r = recovering(&t).await;
        let page = kernel::PageQuery::default();
        let owner = r.booking.owner.clone();
        let (list, statements) = platform::db::count_statements(async {
            aftercare::queries::list(&t.app, &owner, None, page).await.unwrap()
        })
        .await;
        assert_eq!((list.data.len(), statements <= 7), (1, true), "{statements} statements");
        let admin = actors::super_admin(r.admin());
        let (work, statements) = platform::db::count_statements(async {
            aftercare::queries::worklist(&t.app, &admin, None, page).await.unwrap()
        })
        .await;
        assert_eq!((work.data.len(), statements <= 7), (1, true), "{statements} statements");
    }
}
