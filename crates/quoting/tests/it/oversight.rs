//! Quotes put away, given up and brought back; what staff change and look after (Q13..Q15, R-IQ-38, 47, 51, 56, 61, 94).

use chrono::Duration;
use inquiry::entity::inquiries::InquiryStatus;
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use kernel::ids::{QuoteId, UserId};
use quoting::entity::quotes::{QuoteStatus, QuoteStatusReason};
use quoting::entity::schedules::ScheduleStatus;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, TestApp, actors, at};

use crate::world::*;

const REASON: &str = "Spoke to the clinic and to the patient.";

async fn office(t: &TestApp) -> Client {
    let id: UserId = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
    t.client(quoting::routes()).as_actor(actors::super_admin(id))
}

async fn row(t: &TestApp, w: &World, clinic: usize) -> inquiry::entity::inquiry_providers::Model {
    inquiry::distribution::assigned(t.conn(), w.inquiry, w.clinics[clinic].id()).await.unwrap()
}

async fn reasons(t: &TestApp, action: &str) -> Vec<Option<String>> {
    use platform::entity::audit_logs::{Column, Entity};
    let rows = Entity::find().filter(Column::Action.eq(action)).all(t.conn()).await.unwrap();
    rows.into_iter().map(|row| row.reason).collect()
}

async fn draft(t: &TestApp, w: &World, clinic: usize) -> QuoteId {
    quoting::service::draft::create(&t.app, &w.owner(clinic), w.inquiry, w.spec(clinic, 2000).input()).await.unwrap()
}

testkit::both! {
    async fn a_clinic_puts_away_what_was_not_accepted(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (sent, other, open) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await, draft(&t, &w, 0).await);
        let clinic = w.clinic_client(&t, 0);
        let away = |id: QuoteId| format!("/quotes/{id}/archive");
        clinic.post(&away(other), json!({ "reason": "Not ours" })).await.assert_problem(404, "not_found");
        clinic.post(&away(open), json!({ "reason": " " })).await.assert_field("reason", "reason_required");
        for _ in 0..2 {
            clinic.post(&away(open), json!({ "reason": "Started twice" })).await.assert_status(200);
        }
        assert_eq!(state(&t, open).await, (QuoteStatus::Inquiry, None));
        // One on offer is taken back first (Q9), and the patient is told.
        let done = clinic.post(&away(sent), json!({ "reason": "The surgeon left" })).await.assert_status(200);
        assert_eq!(done.at("/archived"), true);
        assert_eq!(state(&t, sent).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::Withdrawn)));
        assert_eq!((events(&t, "quote.withdrawn").await, events(&t, "quote.archived").await), (1, 2));
        assert_eq!(reasons(&t, "quote.archived").await.len(), 2);
        // What is away is neither edited nor sent.
        clinic.patch(&format!("/quotes/{open}"), json!({ "version": 0, "note": "x" })).await.assert_problem(409, "quote_not_available");
        clinic.post(&format!("/quotes/{open}/submit"), json!({ "version": 0 })).await.assert_problem(409, "invalid_transition");
        let total = async |query: &str| clinic.get(&format!("/quotes?{query}")).await.assert_status(200).at("/meta/total").clone();
        assert_eq!((total("filter[archived]=true").await, total("filter[archived]=false").await), (json!(2), json!(0)));
        assert_eq!((total("filter[status_reason]=withdrawn").await, total("filter[live]=true").await), (json!(1), json!(0)));
        // From acceptance on it stays.
        quoting::seed::accept(&t.app, w.patient, other).await.unwrap();
        w.clinic_client(&t, 1).post(&away(other), json!({ "reason": "Too late" })).await.assert_problem(409, "quote_not_available");
    }

    async fn q13_a_withdrawal_request_blocks_the_payment_and_freezes_the_hold(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let (clinic, path) = (w.clinic_client(&t, 0), format!("/quotes/{id}/withdrawal-request"));
        clinic.post(&path, json!({ "reason": "The surgeon is ill" })).await.assert_problem(409, "withdrawal_not_possible");
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        w.clinic_client(&t, 1).post(&path, json!({ "reason": "Not ours" })).await.assert_problem(404, "not_found");
        w.patient_client(&t).post(&path, json!({ "reason": "Not mine" })).await.assert_problem(403, "forbidden");
        t.at("2026-03-03T10:00:00Z");
        for _ in 0..2 {
            let seen = clinic.post(&path, json!({ "reason": "The surgeon is ill" })).await.assert_status(200);
            assert_eq!(seen.str("/status"), "accepted", "the status stays");
        }
        let told = platform::outbox::recorded(t.conn(), Some("quote.withdrawal_requested")).await.unwrap();
        assert_eq!(told.len(), 1);
        assert!(!told[0].payload.to_string().contains("ill"), "the reason is for staff only");
        assert!(!w.patient_client(&t).get(&format!("/quotes/{id}")).await.assert_status(200).text().contains("ill"));
        // The money that is under way does not confirm it, and days later the hold is still there.
        let confirmed = platform::write_txn!(t.app.db, |txn| {
            let case = quoting::case::lock(txn, id).await?;
            quoting::case::confirm(txn, &t.app, &kernel::Actor::system(), &case).await
        });
        assert_eq!(confirmed.unwrap_err().code, "booking_not_payable");
        t.at("2026-03-06T10:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, id).await.0, QuoteStatus::Accepted);
        assert!(cells(&t).await > 0);

        // Q14: refused. The day that was left is given back.
        let office = office(&t).await;
        let decide = format!("/quotes/{id}/resolve-withdrawal");
        clinic.post(&decide, json!({ "decision": "grant", "reason": REASON })).await.assert_problem(403, "forbidden");
        office.post(&decide, json!({ "decision": "perhaps", "reason": REASON })).await.assert_status(422);
        office.post(&decide, json!({ "decision": "refuse", "reason": "short" })).await.assert_field("reason", "length_out_of_range");
        let queue = office.get("/admin/withdrawals").await.assert_status(200);
        assert_eq!((queue.at("/meta/total"), queue.str("/data/0/reason")), (&json!(1), "The surgeon is ill"));
        assert_eq!(queue.str("/data/0/patient/name"), "John Doe");
        office.post(&decide, json!({ "decision": "refuse", "reason": REASON })).await.assert_status(200);
        assert_eq!(schedules_of(&t, id).await[0].hold_expires_at, Some(at("2026-03-07T10:00:00Z")));
        office.post(&decide, json!({ "decision": "grant", "reason": REASON })).await.assert_problem(409, "withdrawal_not_requested");
        assert_eq!(office.get("/admin/withdrawals").await.at("/meta/total"), 0);
        t.at("2026-03-07T10:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, id).await.0, QuoteStatus::Quote, "and then it ends as usual");
        let words = timeline(&t, w.inquiry).await;
        let tail: Vec<_> = words.iter().rev().take(3).rev().map(String::as_str).collect();
        assert_eq!(tail, ["withdrawal_requested", "withdrawal_resolved", "hold_lapsed"]);
    }

    async fn q14_a_granted_withdrawal_opens_the_case_again(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        quoting::seed::accept(&t.app, w.patient, a).await.unwrap();
        w.clinic_client(&t, 0).post(&format!("/quotes/{a}/withdrawal-request"), json!({ "reason": "The surgeon is ill" })).await.assert_status(200);
        let office = office(&t).await;
        // Q15 refuses while something is accepted.
        office.post(&format!("/quotes/{b}/restore"), json!({ "reason": REASON })).await.assert_problem(409, "inquiry_already_accepted");
        office.post(&format!("/quotes/{a}/resolve-withdrawal"), json!({ "decision": "grant", "reason": REASON })).await.assert_status(200);
        assert_eq!(state(&t, a).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::ProviderWithdrawal)));
        assert_eq!(stage(&t, &w).await, (InquiryStatus::Quote, None));
        assert_eq!((cells(&t).await, schedules_of(&t, a).await[0].status), (0, ScheduleStatus::Cancelled));
        let own = w.clinic_client(&t, 0).get(&format!("/quotes/{a}")).await.assert_status(200);
        assert!(own.str("/patient/display_name").starts_with("Patient PAT-"), "the name is hidden again");
        assert_eq!(events(&t, "quote.withdrawal_granted").await, 1);
        office.post(&format!("/quotes/{a}/restore"), json!({ "reason": REASON })).await.assert_problem(409, "restore_not_allowed");
        // A sibling is brought back and can be taken.
        assert_eq!(row(&t, &w, 1).await.status, InquiryProviderStatus::Closed);
        office.post(&format!("/quotes/{b}/restore"), json!({ "reason": REASON })).await.assert_status(200);
        assert_eq!((state(&t, b).await.0, row(&t, &w, 1).await.status), (QuoteStatus::Quote, InquiryProviderStatus::Quoted));
        quoting::seed::accept(&t.app, w.patient, b).await.unwrap();
        assert_eq!(stage(&t, &w).await, (InquiryStatus::Accepted, Some(b)));
        // What was accepted, and what became of it.
        let list = office.get("/admin/acceptances").await.assert_status(200);
        assert_eq!(list.at("/meta/total"), 2);
        for (index, (id, state)) in [(b, "active"), (a, "superseded")].into_iter().enumerate() {
            assert_eq!((list.str(&format!("/data/{index}/quote_id")), list.str(&format!("/data/{index}/state"))), (id.to_string().as_str(), state));
        }
        for (state, hits) in [("active", 1), ("superseded", 1), ("lapsed", 0)] {
            let found = office.get(&format!("/admin/acceptances?filter[state]={state}")).await.assert_status(200);
            assert_eq!(found.at("/meta/total"), hits, "{state}");
        }
        t.at("2026-03-04T10:00:00Z");
        tick(&t).await;
        let lapsed = office.get("/admin/acceptances?filter[state]=lapsed").await.assert_status(200);
        assert_eq!((lapsed.at("/meta/total"), lapsed.str("/data/0/quote_id")), (&json!(1), b.to_string().as_str()));
        w.clinic_client(&t, 0).get("/admin/acceptances").await.assert_problem(403, "forbidden");
        w.patient_client(&t).get("/admin/withdrawals").await.assert_problem(403, "forbidden");
    }

    async fn q15_dead_quotes_come_back_with_a_fresh_validity(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, open) = (w.sent(&t, 0, 2500).await, draft(&t, &w, 1).await);
        let office = office(&t).await;
        let back = |id: QuoteId| format!("/quotes/{id}/restore");
        office.post(&back(a), json!({ "reason": REASON })).await.assert_problem(409, "restore_not_allowed");
        w.clinic_client(&t, 0).post(&back(a), json!({ "reason": REASON })).await.assert_problem(403, "forbidden");
        t.at("2026-03-05T10:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, a).await.1, Some(QuoteStatusReason::Expired));
        assert_eq!(state(&t, open).await.1, Some(QuoteStatusReason::DraftLapsed));
        assert_eq!(events(&t, "quote.expiring_soon").await, 0, "the reminder came too late to be of use");

        office.post(&back(a), json!({ "reason": "short" })).await.assert_field("reason", "length_out_of_range");
        let seen = office.post(&back(a), json!({ "reason": REASON })).await.assert_status(200);
        assert_eq!((seen.str("/expires_at"), seen.at("/live")), ("2026-03-07T10:00:00Z", &json!(true)));
        assert_eq!(timeline(&t, w.inquiry).await.last().unwrap(), "quote_restored");
        assert_eq!(reasons(&t, "quote.restored").await, [Some(REASON.to_owned())]);
        office.post(&back(a), json!({ "reason": REASON })).await.assert_problem(409, "restore_not_allowed");
        // The draft is the clinic's again, with time to finish it; its patient hears nothing.
        office.post(&back(open), json!({ "reason": REASON })).await.assert_status(200);
        assert_eq!(state(&t, open).await, (QuoteStatus::Inquiry, None));
        let mine = row(&t, &w, 1).await;
        assert_eq!((mine.status, mine.response_deadline_at), (InquiryProviderStatus::Viewed, at("2026-03-08T10:00:00Z")));
        assert_eq!((events(&t, "quote.restored").await, events(&t, "quote.draft_restored").await), (1, 1));
        let version = quote(&t, open).await.version;
        w.clinic_client(&t, 1).post(&format!("/quotes/{open}/submit"), json!({ "version": version })).await.assert_status(200);

        // It ends again, is reminded of once, and comes back once more.
        t.at("2026-03-06T22:00:00Z");
        tick(&t).await;
        tick(&t).await;
        let of_a = async |key: &str| {
            let all = platform::outbox::recorded(t.conn(), Some(key)).await.unwrap();
            all.iter().filter(|event| event.payload["quote_id"] == json!(a)).count()
        };
        assert_eq!(of_a("quote.expiring_soon").await, 1);
        w.clinic_client(&t, 0).post(&format!("/quotes/{a}/withdraw"), json!({ "reason": "A mistake" })).await.assert_status(200);
        office.post(&back(a), json!({ "reason": REASON })).await.assert_status(200);
        t.at("2026-03-08T22:00:00Z");
        tick(&t).await;
        assert_eq!((of_a("quote.expired").await, of_a("quote.expiring_soon").await), (2, 1), "once per quote");
        // The slot must be free at that moment, and a day ahead.
        let rival = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Mia", "Rival")).await.unwrap().id;
        let inquiry = request(&t, rival, &w.clinics).await;
        let taken = quoting::seed::draft_and_submit(&t.app, &w.owner(0), inquiry, &w.spec(0, 2000)).await.unwrap();
        quoting::seed::accept(&t.app, rival, taken).await.unwrap();
        office.post(&back(a), json!({ "reason": REASON })).await.assert_problem(409, "slot_unavailable");
        // A cancelled request brings nothing back.
        w.patient_client(&t).post(&format!("/inquiries/{}/cancel", w.inquiry), json!({ "reason": "changed_my_mind" })).await.assert_status(200);
        office.post(&back(a), json!({ "reason": REASON })).await.assert_problem(409, "restore_not_allowed");
    }

    async fn only_staff_take_out_of_the_archive(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let (sent, open) = (w.sent(&t, 0, 2500).await, draft(&t, &w, 0).await);
        let clinic = w.clinic_client(&t, 0);
        for id in [sent, open] {
            clinic.post(&format!("/quotes/{id}/archive"), json!({ "reason": "Tidying up" })).await.assert_status(200);
        }
        let office = office(&t).await;
        for (id, status) in [(sent, QuoteStatus::Quote), (open, QuoteStatus::Inquiry)] {
            office.post(&format!("/quotes/{id}/restore"), json!({ "reason": REASON })).await.assert_status(200);
            let row = quote(&t, id).await;
            assert_eq!((row.status, row.deleted_at, row.archive_reason), (status, None, None));
        }
        w.patient_client(&t).post(&format!("/quotes/{sent}/decline"), json!({})).await.assert_status(200);
        clinic.post(&format!("/quotes/{sent}/archive"), json!({ "reason": "Declined" })).await.assert_status(200);
        office.post(&format!("/quotes/{sent}/restore"), json!({ "reason": REASON })).await.assert_status(200);
        assert_eq!(state(&t, sent).await.0, QuoteStatus::Rejected, "a no of the patient stays a no");
    }

    async fn r_iq_38_staff_revise_with_a_reason_and_set_the_validity(t: TestApp) {
        let w = world(&t, &[("4250.00", "1.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let (clinic, office, path) = (w.clinic_client(&t, 0), office(&t).await, format!("/quotes/{id}"));
        clinic.patch(&path, json!({ "version": 1, "expiration_hours": 700 })).await.assert_problem(403, "forbidden");
        office.patch(&path, json!({ "version": 1, "estimated_grafts": 2000 })).await.assert_field("reason", "reason_required");
        for hours in [0, 721] {
            let body = json!({ "version": 1, "reason": REASON, "expiration_hours": hours });
            office.patch(&path, body).await.assert_field("expiration_hours", "validity_out_of_range");
        }
        let body = json!({ "version": 1, "reason": REASON, "expiration_hours": 72, "estimated_grafts": 2000 });
        let done = office.patch(&path, body).await.assert_status(200);
        assert_eq!((done.str("/expires_at"), done.at("/version"), done.str("/total/amount")), ("2026-03-05T10:00:00Z", &json!(2), "6250.00"));
        t.at("2026-03-04T12:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, id).await.0, QuoteStatus::Quote, "the first end no longer counts");
        // R-IQ-51, Q3: the versions say what changed, from what to what, by whom and why.
        let versions = clinic.get(&format!("{path}/versions")).await.assert_status(200);
        let newest = versions.at("/data/0").clone();
        assert_eq!((&newest["by_staff"], &newest["reason"]), (&json!(true), &json!(REASON)));
        let grafts = newest["changes"].as_array().unwrap().iter().find(|change| change["field"] == "grafts").unwrap().clone();
        assert_eq!((&grafts["before"], &grafts["after"]), (&json!(2500), &json!(2000)));
        assert!(newest["changed_fields"].as_array().unwrap().contains(&json!("expires_at")));
        assert_eq!(versions.at("/data/1/changes"), &json!([]));
        assert!(reasons(&t, "quote.revised").await.contains(&Some(REASON.to_owned())), "R-IQ-94");
    }

    async fn lists_of_quotes_are_narrowed_and_sorted(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00")]).await;
        let (a, b, c) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await, w.sent(&t, 2, 3400).await);
        use directory::entity::providers::{ActiveModel, Entity};
        for (clinic, sum, count) in [(0, 8, 2), (1, 15, 3)] {
            let row = ActiveModel {
                id: sea_orm::Set(w.clinics[clinic].id()), rating_sum: sea_orm::Set(sum), rating_count: sea_orm::Set(count), ..Default::default()
            };
            Entity::update(row).exec(t.conn()).await.unwrap();
        }
        let office = office(&t).await;
        let patient = w.patient_client(&t);
        for (sort, order) in [
            ("-rating", [b, a, c]), ("price", [b, a, c]), ("-price", [c, a, b]), ("grafts", [b, a, c]), ("-grafts", [c, a, b]),
            ("created_at", [a, b, c]), ("-created_at", [c, b, a]),
        ] {
            for who in [&patient, &office] {
                let list = who.get(&format!("/quotes?sort={sort}&filter[inquiry_id]={}", w.inquiry)).await.assert_status(200);
                let found: Vec<String> = (0..3).map(|index| list.str(&format!("/data/{index}/id")).to_owned()).collect();
                // All were written in one second: then the newest comes first.
                if sort.ends_with("created_at") {
                    assert_eq!(found.len(), 3);
                } else {
                    assert_eq!(found, order.map(|id| id.to_string()), "{sort}");
                }
            }
        }
        let total = async |query: &str| office.get(&format!("/quotes?{query}")).await.assert_status(200).at("/meta/total").clone();
        assert_eq!(total(&format!("filter[provider_id]={}", w.clinics[0].id())).await, json!(1));
        assert_eq!(total(&format!("filter[inquiry_id]={}&filter[status]=quote&filter[live]=true", w.inquiry)).await, json!(3));
        assert_eq!(total(&format!("q={}", quote(&t, a).await.quote_code.unwrap().to_lowercase())).await, json!(1));
        assert_eq!(total("q=%25").await, json!(0), "a percent sign is a letter");
        office.get("/quotes?sort=-rating").await.assert_field("sort", "sort_needs_inquiry");
        patient.get("/quotes?sort=name").await.assert_field("sort", "sort_unknown");
        patient.get("/quotes?filter[status]=gone").await.assert_status(422);
        t.advance(Duration::hours(48));
        assert_eq!((total("filter[live]=true").await, total("filter[live]=false").await), (json!(0), json!(3)), "by the clock, not by the job");
        let _ = (b, c);
    }

    async fn a_draft_ends_when_its_clinic_leaves_the_case(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let open = draft(&t, &w, 0).await;
        let input = inquiry::service::oversight::ActInput { reason: REASON.to_owned() };
        let id: UserId = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
        inquiry::service::oversight::remove_clinic(&t.app, &actors::super_admin(id), w.inquiry, w.clinics[0].id(), &input).await.unwrap();
        tick(&t).await;
        assert_eq!(state(&t, open).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::DraftLapsed)));
        w.clinic_client(&t, 0).post(&format!("/quotes/{open}/submit"), json!({ "version": 0 })).await.assert_status(404);
    }
}
