//! What staff do to a patient's account, and what time does to it (section 4, R-ID-72).

use chrono::Duration;
use identity::entity::account_states::AccountState;
use kernel::ids::PatientId;
use kernel::{Actor, Permission};
use platform::jobs::Registry;
use sea_orm::EntityTrait;
use serde_json::json;
use testkit::{Client, TestApp};

use crate::support::*;

const REASON: &str = "Offensive messages to two clinics";

/// Somebody of Hairline's staff in a fresh session of their own.
async fn chief(t: &TestApp) -> Actor {
    admin(t, "chief@hairline.example", Some(SECRET)).await;
    staff_session(t, &client(t), "chief@hairline.example").await
}

async fn state_of(t: &TestApp, id: PatientId) -> AccountState {
    identity::patients::state(t.conn(), id).await.unwrap().unwrap().state
}

async fn tick(t: &TestApp) {
    let kinds = identity::jobs();
    t.run_jobs(&Registry { kinds, schedules: identity::schedules(), ..Registry::default() }).await;
}

fn login(client: &Client) -> impl Future<Output = testkit::Reply> + '_ {
    client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD))
}

testkit::both! {
    async fn a_suspension_ends_sessions_at_once_and_itself_in_time(t: TestApp) {
        let client = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let token = login(&client).await.assert_status(200).str("/access_token").to_owned();
        bearer(&t, &token).await.unwrap();
        let staff = client.as_actor(chief(&t).await);
        let path = format!("/admin/patients/{}/suspend", mark.id);
        staff.post(&path, json!({ "term": "30d", "reason": "too short" })).await.assert_problem(422, "validation_failed");
        staff.post(&path, json!({ "term": "30d", "reason": REASON })).await.assert_status(204);
        assert_eq!(refused(&t, &token).await, "session_revoked");
        let reply = login(&client).await.assert_problem(403, "account_suspended");
        assert!(reply.str("/until").starts_with(&(t.now() + Duration::days(30)).format("%Y-%m-%d").to_string()));
        staff.post(&path, json!({ "term": "90d", "reason": REASON })).await.assert_problem(409, "account_state");
        // One second early nothing happens; at the instant the schedule lets the account in.
        t.advance(Duration::days(30) - Duration::seconds(1));
        tick(&t).await;
        assert_eq!(state_of(&t, mark.id).await, AccountState::Suspended);
        t.advance(Duration::seconds(61));
        tick(&t).await;
        assert_eq!(state_of(&t, mark.id).await, AccountState::Active);
        login(&client).await.assert_status(200);
    }

    async fn a_permanent_suspension_is_ended_by_hand(t: TestApp) {
        let client = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let staff = client.as_actor(chief(&t).await);
        let body = json!({ "term": "permanent", "reason": REASON });
        staff.post(&format!("/admin/patients/{}/suspend", mark.id), body).await.assert_status(204);
        t.advance(Duration::days(400));
        tick(&t).await;
        assert_eq!(state_of(&t, mark.id).await, AccountState::Suspended);
        // The proof of identity is long stale.
        let back = format!("/admin/patients/{}/reactivate", mark.id);
        staff.post(&back, json!({ "reason": REASON })).await.assert_problem(403, "reauth_required");
        let fresh = client.as_actor(staff_session(&t, &client, "chief@hairline.example").await);
        fresh.post(&back, json!({ "reason": REASON })).await.assert_status(204);
        fresh.post(&back, json!({ "reason": REASON })).await.assert_problem(409, "account_state");
        login(&client).await.assert_status(200);
    }

    async fn a_closed_account_comes_back_only_by_a_super_admin(t: TestApp) {
        let client = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let actor = chief(&t).await;
        let staff = client.as_actor(actor.clone());
        // From a suspension too.
        let body = json!({ "term": "30d", "reason": REASON });
        staff.post(&format!("/admin/patients/{}/suspend", mark.id), body).await.assert_status(204);
        staff.post(&format!("/admin/patients/{}/deactivate", mark.id), json!({ "reason": REASON })).await.assert_status(204);
        tick(&t).await;
        assert_eq!(state_of(&t, mark.id).await, AccountState::Deactivated);
        login(&client).await.assert_problem(403, "account_deactivated");
        let back = format!("/admin/patients/{}/reactivate", mark.id);
        let may: std::collections::BTreeSet<Permission> = actor.permissions().collect();
        let session = actor.session.unwrap();
        let ordinary = Actor::new(actor.kind, Some("admin"), may.into_iter().collect()).in_session(session);
        client.as_actor(ordinary).post(&back, json!({ "reason": REASON })).await.assert_problem(403, "forbidden");
        staff.post(&back, json!({ "reason": REASON })).await.assert_status(204);
        login(&client).await.assert_status(200);
    }

    async fn staff_without_the_right_are_refused_and_strangers_not_found(t: TestApp) {
        let client = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let support = client.as_actor(testkit::actors::staff(kernel::ids::UserId::new(), "support_staff"));
        for path in ["suspend", "reactivate", "deactivate"] {
            let body = json!({ "term": "30d", "reason": REASON });
            support.post(&format!("/admin/patients/{}/{path}", mark.id), body).await.assert_problem(403, "forbidden");
        }
        client.as_actor(testkit::actors::patient(mark.id))
            .post(&format!("/admin/patients/{}/unlock", mark.id), json!({})).await.assert_status(403);
        let staff = client.as_actor(chief(&t).await);
        let body = json!({ "term": "30d", "reason": REASON });
        staff.post(&format!("/admin/patients/{}/suspend", PatientId::new()), body).await.assert_problem(404, "not_found");
    }

    async fn staff_unlock_a_login(t: TestApp) {
        let client = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        for _ in 0..5 {
            client.post("/patient/auth/login", credentials("mark@example.com", "wrong")).await;
        }
        login(&client).await.assert_problem(423, "account_locked");
        let staff = client.as_actor(chief(&t).await);
        staff.post(&format!("/admin/patients/{}/unlock", mark.id), json!({})).await.assert_status(204);
        login(&client).await.assert_status(200);
    }

    async fn a_correction_needs_a_reason_and_tells_the_patient(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let staff = client.as_actor(chief(&t).await);
        let path = format!("/admin/patients/{}", mark.id);
        let reply = staff.patch(&path, json!({ "last_name": "7", "birthday": "2020-01-01", "reason": "short" })).await;
        let faults: serde_json::Map<String, serde_json::Value> = reply.assert_status(422).get("/errors");
        assert_eq!(faults.keys().collect::<Vec<_>>(), ["birthday", "last_name", "reason"]);
        staff.patch(&path, json!({ "status": "completed", "reason": REASON })).await.assert_status(422);
        let body = json!({ "last_name": "Petersen", "country_code": "GB", "reason": REASON });
        staff.patch(&path, body).await.assert_status(204);
        let row = identity::entity::patients::Entity::find_by_id(mark.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.last_name, "Petersen");
        // Only what really changed is named, and no value travels.
        let event = last_event(&t, "account.profile_changed_by_admin").await;
        assert_eq!(event["fields"], json!(["last_name"]));
        assert!(!event.to_string().contains("Petersen"));
    }

    async fn an_unverified_account_is_wiped_after_a_week(t: TestApp) {
        let client = installed(&t).await;
        let register = || client.post("/patient/auth/register", registration("mark@example.com"));
        register().await.assert_status(202);
        t.advance(Duration::days(7) - Duration::seconds(1));
        tick(&t).await;
        let rows = || async { identity::entity::patients::Entity::find().all(t.conn()).await.unwrap() };
        assert_eq!(rows().await[0].email, "mark@example.com");
        t.advance(Duration::seconds(61));
        // A legal order keeps even this one (R-MG-84).
        let staff = admin(&t, "root@hairline.example", None).await;
        sql(&t, &format!(
            "INSERT INTO legal_holds (id, holdable_type, holdable_id, reference, reason, placed_by, next_review_on) VALUES \
             ('{}', 'Patient', '{}', 'AZ 1', 'A court asked', '{staff}', '2027-01-01')",
            kernel::ids::LegalHoldId::new(), rows().await[0].id
        )).await;
        tick(&t).await;
        assert_eq!(rows().await[0].email, "mark@example.com");
        sql(&t, "UPDATE legal_holds SET status = 'released'").await;
        t.advance(Duration::seconds(61));
        tick(&t).await;
        let wiped = rows().await.remove(0);
        assert_eq!(wiped.email, format!("deleted-{}@anonymized.invalid", wiped.id));
        assert!(wiped.deleted_at.is_some() && wiped.first_name != "Mark");
        assert_eq!(state_of(&t, wiped.id).await, AccountState::Expired);
        // The address is free again.
        register().await.assert_status(202);
        assert_eq!(rows().await.len(), 2);
    }
}
