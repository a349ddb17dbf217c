//! What the clock does (GS-5, R-IQ-57, R-PY-05).

use chrono::Duration;
use kernel::ids::PaymentId;
use quoting::entity::quotes::{QuoteStatus, QuoteStatusReason};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, Statement,
};
use testkit::{TestApp, at};

use crate::world::*;

testkit::both! {
    /// R-IQ-38, R-IQ-50, R-IQ-56.
    async fn gs_5_deadline_validity_and_hold_to_the_second(t: TestApp) {
        t.at("2026-03-02T10:00:00Z");
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let late = quoting::service::draft::create(&t.app, &w.owner(1), w.inquiry, w.spec(1, 2100).input()).await.unwrap();
        t.at("2026-03-04T18:30:00Z");
        let id = w.sent(&t, 0, 2500).await;
        assert_eq!(quote(&t, id).await.expires_at, Some(at("2026-03-06T18:30:00Z")));

        t.at("2026-03-05T10:00:00Z");
        let client = w.clinic_client(&t, 1);
        let submit = format!("/quotes/{late}/submit");
        client.post(&submit, serde_json::json!({ "version": 0 })).await.assert_problem(409, "quote_deadline_passed");
        t.at("2026-03-05T09:59:59Z");
        client.post(&submit, serde_json::json!({ "version": 0 })).await.assert_status(200);

        t.at("2026-03-06T18:30:00Z");
        let patient = w.patient_client(&t);
        let body = accept_body(&t, id).await;
        patient.post(&format!("/quotes/{id}/accept"), &body).await.assert_problem(409, "quote_expired");
        t.at("2026-03-06T18:29:59Z");
        patient.post(&format!("/quotes/{id}/accept"), &body).await.assert_status(200);
        assert_eq!(schedules_of(&t, id).await[0].hold_expires_at, Some(at("2026-03-08T18:29:59Z")));
        t.at("2026-03-08T18:29:58Z");
        tick(&t).await;
        assert_eq!(state(&t, id).await.0, QuoteStatus::Accepted);
        t.at("2026-03-08T18:29:59Z");
        tick(&t).await;
        let row = quote(&t, id).await;
        assert_eq!((row.status, row.expires_at), (QuoteStatus::Quote, Some(at("2026-03-10T18:29:59Z"))));
        assert_eq!(row.hold_lapse_count, 1);

        // It may be accepted again, on new terms of the same booking.
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        assert_eq!((events(&t, "quote.accepted").await, schedules_of(&t, id).await.len()), (2, 2));
    }

    async fn an_offer_ends_once_however_often_the_job_runs(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        t.at("2026-03-04T09:59:59Z");
        tick(&t).await;
        assert_eq!((state(&t, id).await.0, events(&t, "quote.expiring_soon").await), (QuoteStatus::Quote, 1));
        t.at("2026-03-09T00:00:00Z");
        let schedules = quoting::schedules();
        let expire = schedules.iter().find(|schedule| schedule.name == "quoting.expire_quotes").unwrap().run;
        let (one, two) = tokio::join!(expire(&t.app), expire(&t.app));
        one.and(two).unwrap();
        expire(&t.app).await.unwrap();
        assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::Expired)));
        assert_eq!(events(&t, "quote.expired").await, 1);
        let body = accept_body(&t, id).await;
        w.patient_client(&t).post(&format!("/quotes/{id}/accept"), body).await.assert_problem(409, "quote_expired");
    }

    async fn a_forgotten_draft_lapses_and_stays_readable(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 2500).input()).await.unwrap();
        t.at("2026-03-05T09:59:59Z");
        tick(&t).await;
        assert_eq!(state(&t, id).await.0, QuoteStatus::Inquiry);
        t.at("2026-03-05T10:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::DraftLapsed)));
        w.clinic_client(&t, 0).get(&format!("/quotes/{id}")).await.assert_status(200);
    }

    /// R-IQ-57: one row that cannot be ended keeps no other from its end, and everything that is due ends in one run.
    async fn a_row_that_fails_stands_in_nobodys_way(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let broken = w.sent(&t, 0, 2500).await;
        let model = quote(&t, broken).await;
        for batch in 0..5 {
            let rows = (0..50).map(|number| {
                let mut row = model.clone().into_active_model();
                row.id = Set(kernel::ids::QuoteId::new());
                row.quote_code = Set(Some(format!("COPY-{batch}-{number}")));
                row.expires_at = Set(model.expires_at.map(|end| end + Duration::seconds(number / 10)));
                row.reset_all()
            });
            quoting::entity::quotes::Entity::insert_many(rows).exec(t.conn()).await.unwrap();
        }
        let fails = match t.app.db.backend() {
            sea_orm::DatabaseBackend::Sqlite => format!(
                "CREATE TRIGGER broken BEFORE UPDATE ON quotes WHEN OLD.id = '{broken}' BEGIN SELECT RAISE(ABORT, 'broken'); END"
            ),
            _ => format!(
                "CREATE TRIGGER broken BEFORE UPDATE ON quotes FOR EACH ROW IF OLD.id = '{broken}' THEN SIGNAL SQLSTATE '45000'; END IF"
            ),
        };
        t.conn().execute_unprepared(&fails).await.unwrap();
        t.at("2026-03-10T00:00:00Z");
        let schedules = quoting::schedules();
        let expire = schedules.iter().find(|schedule| schedule.name == "quoting.expire_quotes").unwrap().run;
        expire(&t.app).await.unwrap();
        let open = quoting::entity::quotes::Entity::find()
            .filter(quoting::entity::quotes::Column::Status.eq(QuoteStatus::Quote))
            .all(t.conn()).await.unwrap();
        assert_eq!(open.iter().map(|row| row.id).collect::<Vec<_>>(), [broken]);
        t.conn().execute_unprepared("DROP TRIGGER broken").await.unwrap();
        expire(&t.app).await.unwrap();
        assert_eq!(state(&t, broken).await.1, Some(QuoteStatusReason::Expired));
    }

    /// R-IQ-56.
    async fn a_payment_under_way_keeps_the_hold_for_an_hour(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        let row = quote(&t, id).await;
        let sql = format!(
            "INSERT INTO payments (id, quote_id, patient_id, provider_id, amount, currency, payment_type, payment_method, payment_status, is_installment) \
             VALUES ('{}', '{id}', '{}', '{}', 600.00, 'GBP', 'deposit', 'card', 'pending', false)",
            PaymentId::new(), w.patient, row.provider_id
        );
        t.conn().execute_raw(Statement::from_string(t.app.db.backend(), sql)).await.unwrap();
        t.at("2026-03-04T10:59:59Z");
        tick(&t).await;
        assert_eq!(state(&t, id).await.0, QuoteStatus::Accepted);
        t.advance(Duration::seconds(1));
        tick(&t).await;
        assert_eq!(state(&t, id).await.0, QuoteStatus::Quote);
    }
}
