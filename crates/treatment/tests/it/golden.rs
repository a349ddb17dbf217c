//! The golden scenarios of section 11 that a booking walks through.

use kernel::ids::AftercareMilestoneTemplateId;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::json;
use testkit::TestApp;
use treatment::entity::{timelines, treatment_executions};

use crate::support::{Booking, accepted, confirmed, paid, pictures, registry};

/// A row of the table above this wing, as the aftercare wing would make it.
async fn template(t: &TestApp, status: &str) -> AftercareMilestoneTemplateId {
    let id = AftercareMilestoneTemplateId::new();
    let insert = format!(
        "INSERT INTO aftercare_milestone_templates (id, template_name, duration_months, status, lock_version) \
         VALUES ('{id}', 'Plan {id}', 6, '{status}', 0)"
    );
    t.conn().execute_unprepared(&insert).await.unwrap();
    id
}

testkit::both! {
    async fn gs_1_the_balance_gate(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-06-10T06:05:00Z");
        let clinic = t.client(treatment::routes()).as_actor(booking.owner.clone());
        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert!(balance.due.is_positive());
        let before = booking.timeline(&t).await;
        let refused = clinic.post(&booking.path("/check-in"), json!({})).await.assert_problem(409, "balance_outstanding");
        assert_eq!(refused.str("/outstanding/amount"), balance.due.to_string());
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(booking.timeline(&t).await, before, "a refusal leaves no trace");

        payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
        let reply = clinic.post(&booking.path("/check-in"), json!({})).await.assert_status(200);
        assert_eq!(reply.str("/status"), "inprogress");
        assert_eq!(reply.str("/patient/last_name"), "Doe", "the clinic knows whom it treats");
        assert_eq!(booking.timeline(&t).await.iter().filter(|word| *word == "treatment_started").count(), 1);
    }

    async fn gs_2_the_day_and_the_double_check_in(t: TestApp) {
        let booking = paid(&t).await;
        let clinic = t.client(treatment::routes()).as_actor(booking.owner.clone());
        let path = booking.path("/check-in");
        t.at("2026-06-09T20:00:00Z");
        clinic.post(&path, json!({})).await.assert_problem(409, "too_early");
        t.at("2026-06-09T21:05:00Z");
        clinic.post(&path, json!({})).await.assert_problem(409, "early_check_in_confirm");
        clinic.post(&path, json!({ "checked_in_at": "2026-06-10T00:00:00Z" })).await.assert_problem(422, "validation_failed");

        let ask = || json!({ "confirm_early": true });
        let (one, two) = tokio::join!(clinic.post(&path, ask()), clinic.post(&path, ask()));
        let mut codes = [one.status.as_u16(), two.status.as_u16()];
        codes.sort_unstable();
        assert_eq!(codes, [200, 409]);
        let started = platform::outbox::recorded(t.conn(), Some("treatment.started")).await.unwrap();
        assert_eq!(started.len(), 1);
        assert_eq!(booking.timeline(&t).await.iter().filter(|word| *word == "treatment_started").count(), 1);
        clinic.post(&path, ask()).await.assert_problem(409, "already_checked_in");
    }

    async fn gs_3_the_whole_treatment(t: TestApp) {
        let booking = paid(&t).await;
        let clinic = t.client(treatment::routes()).as_actor(booking.owner.clone());
        t.at("2026-06-10T06:05:00Z");
        let case = clinic.post(&booking.path("/check-in"), json!({})).await.assert_status(200);
        assert_eq!(case.str("/documentation_due_at"), "2026-06-13T06:05:00Z");
        assert_eq!(case.get::<i32>("/estimated_graft_count"), 3000);

        t.at("2026-06-12T12:00:00Z");
        let set = async |day: i32, status: &str| {
            let change = json!({ "status": status, "lock_version": 0, "note": "Uneventful." });
            clinic.patch(&booking.path(&format!("/days/{day}")), change).await.assert_status(200)
        };
        assert_eq!(set(1, "finished").await.json["progress"], json!({ "finished": 1, "total": 3, "current_day": 2 }));
        assert_eq!(set(2, "finished").await.json["progress"]["finished"], 2);
        let plan = template(&t, "active").await;
        let mut end = json!({ "conclusion_notes": "All placed.", "prescription": "Amoxicillin 500 mg",
            "advice": "Sleep upright.", "medication_instructions": "With food.", "actual_graft_count": 2800,
            "aftercare_template_id": plan });
        let refused = clinic.post(&booking.path("/complete"), &end).await.assert_problem(409, "days_not_terminal");
        assert_eq!(refused.json["days"], json!([3]));
        assert_eq!(set(3, "cancelled_deferred").await.json["progress"]["finished"], 2);

        let refused = clinic.post(&booking.path("/complete"), &end).await.assert_problem(409, "media_not_ready");
        assert_eq!(refused.json["missing_views"].as_array().unwrap().len(), 5);
        let upload = async |views: &[&str]| {
            clinic.multipart(&booking.path("/media"), &[("collection", "head_scan_after")], &pictures(views)).await
        };
        upload(&["front", "top", "left", "right"]).await.assert_status(201);
        let refused = clinic.post(&booking.path("/complete"), &end).await.assert_problem(409, "media_not_ready");
        assert_eq!(refused.json["missing_views"], json!(["back"]));
        upload(&["back"]).await.assert_status(201);
        // A better picture of a view takes the place of the first.
        upload(&["front"]).await.assert_status(201);
        assert_eq!(clinic.get(&booking.path("/media")).await.json.as_array().unwrap().len(), 5);

        let inactive = template(&t, "inactive").await;
        end["aftercare_template_id"] = json!(inactive);
        clinic.post(&booking.path("/complete"), &end).await.assert_problem(422, "template_inactive");
        end["aftercare_template_id"] = json!(null);
        clinic.post(&booking.path("/complete"), &end).await.assert_problem(422, "aftercare_template_required");
        assert_eq!(booking.status(&t).await, QuoteStatus::Inprogress);
        end["aftercare_template_id"] = json!(plan);
        let done = clinic.post(&booking.path("/complete"), &end).await.assert_status(200);
        assert_eq!(done.str("/status"), "aftercare");
        assert_eq!(done.json["outcome"]["variance"], json!({ "grafts": -200, "percent": "-6.7" }));
        assert!(payments::balance(t.conn(), booking.quote).await.unwrap().due.is_zero());
        clinic.post(&booking.path("/complete"), &end).await.assert_problem(409, "already_completed");
        told(&t, &booking, plan).await;
    }

    async fn a_repeated_confirmation_opens_one_case(t: TestApp) {
        let booking = confirmed(&t).await;
        for _ in 0..2 {
            treatment::service::open::open_case(&t.app, booking.quote).await.unwrap();
        }
        assert_eq!(treatment_executions::Entity::find().all(t.conn()).await.unwrap().len(), 1);
        let days = timelines::Entity::find().all(t.conn()).await.unwrap();
        let mut dates: Vec<_> = days.iter().map(|day| (day.day_number, day.plan_date.to_string())).collect();
        dates.sort();
        assert_eq!(dates, [(1, "2026-06-10".into()), (2, "2026-06-11".into()), (3, "2026-06-12".into())]);
    }

    async fn an_unpaid_acceptance_has_no_case(t: TestApp) {
        let booking = accepted(&t).await;
        treatment::service::open::open_case(&t.app, booking.quote).await.unwrap();
        assert!(treatment_executions::Entity::find().all(t.conn()).await.unwrap().is_empty());
        let clinic = t.client(treatment::routes()).as_actor(booking.owner.clone());
        clinic.get(&booking.path("")).await.assert_problem(404, "not_found");
        t.at("2026-03-03T10:00:00Z");
        clinic.post(&booking.path("/check-in"), json!({})).await.assert_problem(409, "invalid_status");
    }
}

/// One event with what the wings above need, and only ids and numbers in it.
async fn told(t: &TestApp, booking: &Booking, plan: AftercareMilestoneTemplateId) {
    let events = platform::outbox::recorded(t.conn(), Some("treatment.completed")).await.unwrap();
    let [event] = &events[..] else { panic!("{} events", events.len()) };
    assert_eq!(event.payload["template_id"], json!(plan));
    assert_eq!(event.payload["treated_on"], "2026-06-12");
    assert_eq!(event.payload["patient_id"], json!(booking.patient_id));
    assert!(!event.payload.to_string().contains("Amoxicillin"));
    let words = booking.timeline(t).await;
    assert_eq!(words.iter().filter(|word| *word == "treatment_day_status_changed").count(), 3);
    assert_eq!(words.last().map(String::as_str), Some("treatment_completed"));
    t.run_jobs(&registry()).await;
    let row = treatment_executions::Entity::find().one(t.conn()).await.unwrap().unwrap();
    assert_eq!(
        (row.in_progress_patient_id, row.actual_graft_count, row.estimated_graft_count),
        (None, Some(2800), 3000)
    );
    assert!(!row.conclusion_notes.unwrap().ciphertext().contains("placed"));
    let snapshot = t.app.keys.open(&row.completion_snapshot.unwrap()).unwrap();
    assert_eq!(snapshot["texts"]["advice"], "Sleep upright.");
}
