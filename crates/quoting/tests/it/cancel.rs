//! The patient cancels the request (GS-7, R-IQ-60..63).

use inquiry::entity::inquiries::InquiryStatus;
use kernel::Actor;
use quoting::entity::quotes::{QuoteStatus, QuoteStatusReason};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use testkit::TestApp;

use crate::world::*;

const ENDED: (QuoteStatus, Option<QuoteStatusReason>) =
    (QuoteStatus::Cancelled, Some(QuoteStatusReason::InquiryCancelled));

testkit::both! {
    /// R-IQ-60, R-IQ-61.
    async fn gs_7_everything_ends_and_the_reason_stays_private(t: TestApp) {
        let prices = [("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00"), ("4000.00", "0.00")];
        let w = world(&t, &prices).await;
        let expired = w.sent(&t, 3, 2000).await;
        t.at("2026-03-04T10:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, expired).await.1, Some(QuoteStatusReason::Expired));
        let live = [w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await, w.sent(&t, 2, 3400).await];
        let patient = w.patient_client(&t);
        let path = format!("/inquiries/{}/cancel", w.inquiry);
        patient.post(&path, json!({ "reason": "other" })).await.assert_field("notes", "required");
        w.clinic_client(&t, 0).post(&path, json!({ "reason": "changed_my_mind" })).await.assert_problem(403, "forbidden");

        let notes = "My employer refuses the leave";
        let answer = patient.post(&path, json!({ "reason": "other", "notes": notes })).await.assert_status(200);
        assert_eq!(answer.at("/quotes_cancelled"), 3);
        for id in live.into_iter().chain([expired]) {
            assert_eq!(state(&t, id).await, ENDED);
        }
        assert_eq!(stage(&t, &w).await, (InquiryStatus::Cancelled, None));
        let words = timeline(&t, w.inquiry).await;
        assert!(words.contains(&"quote_expired".to_owned()) && words.contains(&"inquiry_cancelled".to_owned()));
        assert_eq!(events(&t, "quote.cancelled_inquiry").await, 4);
        for event in platform::outbox::recorded(t.conn(), None).await.unwrap() {
            assert!(!event.payload.to_string().contains(notes), "{}", event.event_key);
        }
        let seen = w.clinic_client(&t, 0).get(&format!("/quotes/{}", live[0])).await.assert_status(200);
        assert!(!seen.text().contains(notes));
        // Another request can be filed at once.
        request(&t, w.patient, &w.clinics).await;
    }

    /// R-IQ-60, section 7: one message for each clinic the request was with, however many offers it made.
    async fn each_clinic_hears_of_the_end_once_and_late_clocks_count_nothing(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00"), ("4000.00", "0.00")]).await;
        let declined = w.sent(&t, 0, 2500).await;
        let path = format!("/quotes/{declined}/decline");
        w.patient_client(&t).post(&path, json!({})).await.assert_status(200);
        let late = w.sent(&t, 1, 2100).await;
        // Nobody ran the clock: the offer of the second clinic is over all the same.
        t.at("2026-03-04T10:00:00Z");
        let live = [w.sent(&t, 2, 3400).await, w.sent(&t, 2, 3000).await];
        quoting::service::draft::create(&t.app, &w.owner(3), w.inquiry, w.spec(3, 2000).input()).await.unwrap();
        let body = json!({ "reason": "changed_my_mind" });
        let answer = w.patient_client(&t).post(&format!("/inquiries/{}/cancel", w.inquiry), body).await.assert_status(200);
        assert_eq!(answer.at("/quotes_cancelled"), live.len());
        assert_eq!((state(&t, late).await, state(&t, declined).await.0), (ENDED, QuoteStatus::Rejected));
        assert!(timeline(&t, w.inquiry).await.contains(&"quote_expired".to_owned()));
        let mut told = Vec::new();
        for key in ["quote.cancelled_inquiry", "inquiry.closed"] {
            for event in platform::outbox::recorded(t.conn(), Some(key)).await.unwrap() {
                told.push(event.payload["provider_id"].as_str().unwrap().to_owned());
            }
        }
        told.sort_unstable();
        let mut all: Vec<String> = w.clinics.iter().map(|clinic| clinic.id().to_string()).collect();
        all.sort_unstable();
        assert_eq!(told, all);
    }

    /// R-MG-62: whoever has the form open while a reason is retired is not refused for it.
    async fn a_reason_retired_a_moment_ago_is_taken_for_ten_minutes(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let retire = async |ago: i64| {
            use platform::entity::app_list_items::{Column, Entity};
            Entity::update_many()
                .col_expr(Column::IsActive, Expr::value(false))
                .col_expr(Column::DeactivatedAt, Expr::value(t.now() - chrono::Duration::seconds(ago)))
                .filter(Column::Code.eq("changed_my_mind"))
                .exec(t.conn()).await.unwrap();
        };
        let path = format!("/inquiries/{}/cancel", w.inquiry);
        let patient = w.patient_client(&t);
        retire(601).await;
        patient.post(&path, json!({ "reason": "changed_my_mind" })).await.assert_field("reason", "reason_unknown");
        retire(599).await;
        patient.post(&path, json!({ "reason": "changed_my_mind" })).await.assert_status(200);
    }

    async fn gs_7_a_held_slot_is_free_again(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        assert!(cells(&t).await > 0);
        let path = format!("/inquiries/{}/cancel", w.inquiry);
        w.patient_client(&t).post(&path, json!({ "reason": "changed_my_mind" })).await.assert_status(200);
        assert_eq!((cells(&t).await, state(&t, id).await), (0, ENDED));
        let next = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", "Next")).await.unwrap().id;
        let inquiry = request(&t, next, &w.clinics).await;
        let other = quoting::seed::draft_and_submit(&t.app, &w.owner(0), inquiry, &w.spec(0, 2000)).await.unwrap();
        quoting::seed::accept(&t.app, next, other).await.unwrap();
    }

    /// R-IQ-60.
    async fn gs_7_a_paid_booking_is_not_cancelled_here(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        platform::write_txn!(t.app.db, |txn| {
            let case = quoting::case::lock(txn, id).await?;
            quoting::case::confirm(txn, &t.app, &Actor::system(), &case).await
        }).unwrap();
        let path = format!("/inquiries/{}/cancel", w.inquiry);
        w.patient_client(&t).post(&path, json!({ "reason": "changed_my_mind" })).await.assert_problem(409, "cancel_not_allowed");
        assert_eq!(state(&t, id).await.0, QuoteStatus::Confirmed);
    }
}
