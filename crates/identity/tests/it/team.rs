//! A clinic's team, its invitations and those who leave (R-ID-51..56, 73; golden 7).

use chrono::Duration;
use futures::FutureExt;
use identity::entity::{legal_acceptances, provider_staff_invitations, provider_team_members, provider_users};
use identity::work::{HandOver, Work, WorkSource};
use kernel::permission::Permission;
use kernel::{Actor, Guard};
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, TestApp};

use crate::support::*;

async fn seat_limit(t: &TestApp, clinic: kernel::ids::ProviderId, limit: i32) {
    sql(t, &format!("UPDATE providers SET seat_limit = {limit} WHERE id = '{clinic}'")).await;
}

async fn invite(client: &Client, email: &str) -> testkit::Reply {
    client.post("/provider/invitations", invitation(email, "provider_clinical")).await
}

testkit::both! {
    // R-ID-52: who may be invited, ten sends an hour. R-ID-53: seats.
    async fn golden_7_a_team_with_three_seats(t: TestApp) {
        t.at("2026-06-01T08:00:00Z");
        let client = installed(&t).await;
        countries(&t).await;
        let (a, b) = (clinic(&t, "Clinic A").await, clinic(&t, "Clinic B").await);
        seat_limit(&t, a, 3).await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let manager_id = member(&t, a, "provider_manager", "manager@a.example", None).await;
        let b_owner = member(&t, b, "provider_owner", "owner@b.example", None).await;
        let surgeon = member(&t, b, "provider_clinical", "surgeon@b.example", None).await;
        let owner = as_member(&t, &client, owner_id).await;
        let first = invite(&owner, "clinical@a.example").await.assert_status(201);
        let first = first.str("/id").to_owned();
        let shown = owner.get("/provider/invitations").await;
        assert_eq!(shown.str("/data/0/expires_at"), "2026-06-08T08:00:00Z");
        assert_eq!(owner.get("/provider/team").await.at("/seats"), &json!({ "limit": 3, "used": 3 }));
        invite(&owner, "fourth@a.example").await.assert_problem(409, "seat_limit_reached");
        owner.delete(&format!("/provider/invitations/{first}")).await.assert_status(204);
        owner.delete(&format!("/provider/invitations/{first}")).await.assert_status(204);
        invite(&owner, "surgeon@b.example").await.assert_problem(409, "email_in_other_team").assert_field("email", "email_in_other_team");

        let other = as_member(&t, &client, b_owner).await;
        let gone = format!("/provider/team/{surgeon}");
        other.delete(&gone).await.assert_problem(422, "validation_failed").assert_field("reason", "reason_length");
        let removal = identity_removal(&other, &gone).await;
        removal.assert_status(204);
        invite(&owner, "surgeon@b.example").await.assert_status(201);
        let token = mailed_token(&t, "surgeon@b.example").await;
        client.post("/invitations/accept", set_up(&token)).await.assert_status(201);
        let old = provider_users::Entity::find_by_id(surgeon).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(old.email, format!("moved+{surgeon}@removed.invalid"));
        assert_eq!((old.provider_id, old.firstname.as_str()), (b, "Ada"), "the old row keeps its history");
        let new = provider_users::Entity::find()
            .filter(provider_users::Column::Email.eq("surgeon@b.example")).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((new.provider_id, new.phone_number.as_deref()), (a, Some("+905551234567")));

        let manager = as_member(&t, &client, manager_id).await;
        identity_removal(&manager, &format!("/provider/team/{}", new.id)).await.assert_problem(403, "forbidden");
        identity_removal(&manager, &format!("/provider/team/{owner_id}")).await.assert_problem(409, "owner_protected");
        identity_removal(&owner, &format!("/provider/team/{owner_id}")).await.assert_problem(409, "owner_protected");

        // Two of ten went out; refused ones do not count.
        seat_limit(&t, a, 100).await;
        for n in 3..=10 {
            invite(&manager, &format!("nr{n}@a.example")).await.assert_status(201);
        }
        let full = invite(&manager, "nr11@a.example").await.assert_problem(429, "invitations_too_often");
        assert_eq!(full.at("/retry_after"), &json!(3600));
        t.advance(Duration::hours(1));
        invite(&as_member(&t, &client, owner_id).await, "nr11@a.example").await.assert_status(201);
    }

    async fn r_id_54_an_invitation_is_used_once(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let owner = as_member(&t, &client, owner_id).await;
        invite(&owner, "new@a.example").await.assert_status(201);
        invite(&owner, "NEW@a.example").await.assert_problem(409, "already_invited");
        invite(&owner, "owner@a.example").await.assert_problem(409, "already_member");
        owner.post("/provider/invitations", invitation("x@a.example", "provider_owner")).await.assert_problem(409, "owner_protected");
        owner.post("/provider/invitations", invitation("x@a.example", "support_staff")).await.assert_field("role", "role_unknown");
        let token = mailed_token(&t, "new@a.example").await;
        client.post("/invitations/lookup", json!({ "token": "0" })).await.assert_problem(404, "not_found");
        let shown = client.post("/invitations/lookup", json!({ "token": token })).await.assert_status(200);
        assert_eq!((shown.str("/house"), shown.str("/email"), shown.str("/guard")), ("Clinic A", "new@a.example", "provider"));
        let mut form = set_up(&token);
        form["phone_number"] = json!(null);
        form["password"] = json!("short");
        form["terms_accepted"] = json!(false);
        let faults = client.post("/invitations/accept", form).await.assert_problem(422, "validation_failed");
        faults.assert_field("phone_number", "required").assert_field("password", "password_too_short").assert_field("terms_accepted", "terms_required");
        let (own, _) = (document(&t, "terms", "provider").await, document(&t, "terms", "all").await);
        // Twice at once: one account.
        let (one, two) = tokio::join!(client.post("/invitations/accept", set_up(&token)), client.post("/invitations/accept", set_up(&token)));
        let mut answers = [one.status.as_u16(), two.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409]);
        client.post("/invitations/accept", set_up(&token)).await.assert_problem(409, "invitation_used");
        let made = provider_users::Entity::find().filter(provider_users::Column::Email.eq("new@a.example")).count(t.conn()).await.unwrap();
        assert_eq!(made, 1);
        assert_eq!(outbox::recorded(t.conn(), Some("team.invitation_accepted")).await.unwrap().len(), 1);
        // And one yes to each text: to the clinics' own before the one for all (R-ID-54, R-CM-86).
        let lines = legal_acceptances::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(lines.len(), 2);
        let terms = lines.iter().find(|line| line.consent_type == "terms").unwrap();
        assert_eq!((terms.terms_and_conditions_id, terms.locale.as_str()), (Some(own), "en"));
        assert_eq!(terms.holder_type, legal_acceptances::LegalAcceptanceHolderType::ProviderUser);
        // The new login works, and an app must be set up first.
        let login = client.post("/provider/auth/login", credentials("new@a.example", PASSWORD)).await.assert_status(200);
        assert!(login.json.pointer("/enrolment_token").is_some() || login.text().contains("enrol"), "{}", login.text());
        // A phone number belongs to one of the team.
        invite(&owner, "next@a.example").await.assert_status(201);
        let token = mailed_token(&t, "next@a.example").await;
        client.post("/invitations/accept", set_up(&token)).await.assert_field("phone_number", "phone_taken");
    }

    async fn r_id_54_invitations_end_and_are_renewed(t: TestApp) {
        t.at("2026-06-01T08:00:00Z");
        let client = installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let owner = as_member(&t, &client, owner_id).await;
        let made = invite(&owner, "late@a.example").await.assert_status(201);
        let path = format!("/provider/invitations/{}", made.str("/id"));
        let old = mailed_token(&t, "late@a.example").await;
        let look = |token: String| { let client = client.clone(); async move { client.post("/invitations/lookup", json!({ "token": token })).await } };
        t.at("2026-06-08T07:59:59Z");
        look(old.clone()).await.assert_status(200);
        run_schedules(&t).await;
        assert_eq!(outbox::recorded(t.conn(), Some("team.invitation_expiring")).await.unwrap().len(), 1);
        t.at("2026-06-08T08:00:00Z");
        look(old.clone()).await.assert_problem(410, "invitation_expired");
        client.post("/invitations/accept", set_up(&old)).await.assert_problem(410, "invitation_expired");
        let owner = as_member(&t, &client, owner_id).await;
        owner.post(&format!("{path}/resend"), json!({})).await.assert_status(202);
        let new = mailed_token(&t, "late@a.example").await;
        assert_ne!(old, new);
        look(old).await.assert_problem(404, "not_found");
        look(new.clone()).await.assert_status(200);
        owner.delete(&path).await.assert_status(204);
        look(new).await.assert_problem(410, "invitation_cancelled");
        owner.post(&format!("{path}/resend"), json!({})).await.assert_problem(410, "invitation_cancelled");
        // Of another clinic it does not exist.
        let b = clinic(&t, "Clinic B").await;
        let stranger = as_member(&t, &client, member(&t, b, "provider_owner", "owner@b.example", None).await).await;
        stranger.delete(&path).await.assert_problem(404, "not_found");
        stranger.post(&format!("{path}/resend"), json!({})).await.assert_problem(404, "not_found");
    }

    async fn a_mail_that_is_refused_bounces(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner = as_member(&t, &client, member(&t, a, "provider_owner", "owner@a.example", None).await).await;
        let made = invite(&owner, "odd@a.example").await.assert_status(201);
        // An address that got past the form but that no mail system takes.
        sql(&t, "UPDATE provider_staff_invitations SET email = 'no address'").await;
        run_jobs(&t).await;
        let shown = owner.get("/provider/invitations").await;
        assert_eq!((shown.str("/data/0/id"), shown.str("/data/0/status")), (made.str("/id"), "bounced"));
        assert_eq!(outbox::recorded(t.conn(), Some("team.invitation_bounced")).await.unwrap().len(), 1);
        // Mended, it is sent once more and waits again.
        sql(&t, "UPDATE provider_staff_invitations SET email = 'even@a.example'").await;
        owner.post(&format!("/provider/invitations/{}/resend", made.str("/id")), json!({})).await.assert_status(202);
        let token = mailed_token(&t, "even@a.example").await;
        assert_eq!(owner.get("/provider/invitations").await.str("/data/0/status"), "pending");
        client.post("/invitations/lookup", json!({ "token": token })).await.assert_status(200);
    }

    async fn r_id_53_seats_are_counted_again_at_the_acceptance(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        let a = clinic(&t, "Clinic A").await;
        seat_limit(&t, a, 3).await;
        let owner = as_member(&t, &client, member(&t, a, "provider_owner", "owner@a.example", None).await).await;
        invite(&owner, "one@a.example").await.assert_status(201);
        let token = mailed_token(&t, "one@a.example").await;
        // Two others came in on another way meanwhile: the invited one would be the fourth.
        for email in ["two@a.example", "three@a.example"] {
            member(&t, a, "provider_clinical", email, None).await;
        }
        client.post("/invitations/accept", set_up(&token)).await.assert_problem(409, "seat_limit_reached");
        // With room for the own reservation it goes through.
        seat_limit(&t, a, 4).await;
        client.post("/invitations/accept", set_up(&token)).await.assert_status(201);
    }

    async fn r_id_52_two_clinics_may_invite_one_address_and_the_first_acceptance_wins(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        let mut tokens = Vec::new();
        for name in ["a", "b"] {
            let house = clinic(&t, name).await;
            let id = member(&t, house, "provider_owner", &format!("owner@{name}.example"), None).await;
            invite(&as_member(&t, &client, id).await, "wanted@x.example").await.assert_status(201);
            tokens.push(mailed_token(&t, "wanted@x.example").await);
        }
        let (one, two) = tokio::join!(
            client.post("/invitations/accept", set_up(&tokens[0])),
            client.post("/invitations/accept", set_up(&tokens[1]))
        );
        let (won, lost) = if one.status == 201 { (one, two) } else { (two, one) };
        won.assert_status(201);
        lost.assert_problem(409, "email_in_other_team");
    }

    async fn r_id_53_the_last_seat_is_taken_once(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        seat_limit(&t, a, 2).await;
        let owner = as_member(&t, &client, member(&t, a, "provider_owner", "owner@a.example", None).await).await;
        let (one, two) = tokio::join!(invite(&owner, "one@a.example"), invite(&owner, "two@a.example"));
        let mut answers = [one.status.as_u16(), two.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409]);
        let live = provider_staff_invitations::Entity::find().count(t.conn()).await.unwrap();
        assert_eq!(live, 1);
    }

    async fn somebody_who_comes_back_keeps_their_row(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner = as_member(&t, &client, member(&t, a, "provider_owner", "owner@a.example", None).await).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        identity_removal(&owner, &format!("/provider/team/{nurse}")).await.assert_status(204);
        owner.get(&format!("/provider/team/{nurse}")).await.assert_problem(404, "not_found");
        owner.post("/provider/invitations", invitation("nurse@a.example", "provider_billing")).await.assert_status(201);
        let token = mailed_token(&t, "nurse@a.example").await;
        client.post("/invitations/accept", set_up(&token)).await.assert_status(201);
        let shown = owner.get(&format!("/provider/team/{nurse}")).await.assert_status(200);
        assert_eq!((shown.str("/member/role"), shown.str("/member/last_name")), ("provider_billing", "Demir"));
        let memberships = provider_team_members::Entity::find()
            .filter(provider_team_members::Column::ProviderUserId.eq(nurse)).count(t.conn()).await.unwrap();
        assert_eq!(memberships, 2);
    }

    async fn r_id_73_clinicians_without_login(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        let a = clinic(&t, "Clinic A").await;
        seat_limit(&t, a, 2).await;
        let owner = as_member(&t, &client, member(&t, a, "provider_owner", "owner@a.example", None).await).await;
        let made = owner.post("/provider/clinicians", json!({ "first_name": "Can", "last_name": "Yılmaz", "title": "Dr." })).await.assert_status(201);
        let id: kernel::ids::ProviderUserId = made.get("/id");
        let row = provider_users::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.email, row.can_login), (format!("nologin+{id}@staff.invalid"), false));
        let team = owner.get("/provider/team").await;
        assert_eq!(team.at("/seats/used"), &json!(1), "no seat");
        assert_eq!((team.str("/data/1/last_name"), team.at("/data/1/email")), ("Yılmaz", &json!(null)));
        owner.patch(&format!("/provider/clinicians/{id}"), json!({ "first_name": "Can", "last_name": "Yıldız", "version": 9 })).await.assert_problem(409, "stale_version");
        owner.patch(&format!("/provider/clinicians/{id}"), json!({ "first_name": "Can", "last_name": "Yıldız", "version": 1 })).await.assert_status(204);
        owner.put(&format!("/provider/team/{id}/role"), json!({ "role": "provider_manager" })).await.assert_problem(409, "no_login");
        let mut body = invitation("can@a.example", "provider_clinical");
        body["for_provider_user_id"] = json!(id);
        owner.post("/provider/invitations", body.clone()).await.assert_status(201);
        let token = mailed_token(&t, "can@a.example").await;
        client.post("/invitations/accept", set_up(&token)).await.assert_status(201);
        let row = provider_users::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.email.as_str(), row.can_login), ("can@a.example", true));
        assert_eq!(owner.get("/provider/team").await.at("/seats/used"), &json!(2), "now it takes a seat");
        body["email"] = json!("again@a.example");
        owner.post("/provider/invitations", body).await.assert_problem(409, "has_login");
    }

    async fn a_role_change_holds_from_the_next_call(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let manager = member(&t, a, "provider_manager", "manager@a.example", None).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        let owner = as_member(&t, &client, owner_id).await;
        let (_, token) = signed_in(&t, Guard::Provider, nurse.any()).await;
        assert!(!bearer(&t, &token).await.unwrap().can(Permission::CreateQuote));
        let path = format!("/provider/team/{nurse}/role");
        owner.put(&path, json!({ "role": "provider_owner" })).await.assert_problem(409, "owner_protected");
        owner.put(&path, json!({ "role": "admin" })).await.assert_field("role", "role_unknown");
        owner.put(&format!("/provider/team/{owner_id}/role"), json!({ "role": "provider_billing" })).await.assert_problem(409, "owner_protected");
        let chief = as_member(&t, &client, manager).await;
        chief.put(&format!("/provider/team/{manager}/role"), json!({ "role": "provider_billing" })).await.assert_problem(403, "self_change");
        owner.put(&path, json!({ "role": "provider_manager", "version": 1 })).await.assert_status(204);
        assert!(bearer(&t, &token).await.unwrap().can(Permission::CreateQuote), "the session goes on with the new rights");
        owner.put(&path, json!({ "role": "provider_billing", "version": 1 })).await.assert_problem(409, "stale_version");
        // Later: the old role holds until then (R-ID-49).
        let from = t.now() + Duration::hours(2);
        owner.put(&path, json!({ "role": "provider_billing", "effective_from": from })).await.assert_status(204);
        t.advance(Duration::hours(1));
        assert!(bearer_again(&t, nurse).await.can(Permission::CreateQuote));
        t.advance(Duration::hours(1));
        assert!(!bearer_again(&t, nurse).await.can(Permission::CreateQuote));
        owner.put(&path, json!({ "role": "provider_clinical", "effective_from": from - Duration::days(1) })).await.assert_field("effective_from", "date_in_past");
        t.advance(Duration::minutes(6));
        owner.put(&path, json!({ "role": "provider_clinical" })).await.assert_problem(403, "reauth_required");
    }

    // R-ID-49: keeping the present role ends the change that was planned.
    async fn a_planned_role_is_given_up(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner = as_member(&t, &client, member(&t, a, "provider_owner", "owner@a.example", None).await).await;
        let manager = member(&t, a, "provider_manager", "manager@a.example", None).await;
        let path = format!("/provider/team/{manager}/role");
        let planned = json!({ "role": "provider_billing", "effective_from": t.now() + Duration::hours(1) });
        owner.put(&path, planned).await.assert_status(204);
        owner.put(&path, json!({ "role": "provider_manager" })).await.assert_status(204);
        owner.put(&path, json!({ "role": "provider_manager" })).await.assert_status(204);
        t.advance(Duration::hours(2));
        assert!(bearer_again(&t, manager).await.can(Permission::CreateQuote), "a manager still");
        let told = outbox::recorded(t.conn(), Some("team.role_changed")).await.unwrap();
        assert_eq!(told.len(), 1, "of the plan; keeping a role is no news");
    }

    async fn suspension_acts_on_the_next_request(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner = as_member(&t, &client, member(&t, a, "provider_owner", "owner@a.example", None).await).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        let (_, token) = signed_in(&t, Guard::Provider, nurse.any()).await;
        let path = format!("/provider/team/{nurse}");
        owner.post(&format!("{path}/suspend"), json!({ "reason": "short" })).await.assert_field("reason", "reason_length");
        owner.post(&format!("{path}/suspend"), json!({ "reason": REASON })).await.assert_status(204);
        assert_eq!(refused(&t, &token).await, "session_revoked");
        client.post("/provider/auth/login", credentials("nurse@a.example", PASSWORD)).await.assert_problem(403, "account_suspended");
        let shown = owner.get(&path).await;
        assert_eq!((shown.str("/member/status"), shown.str("/suspension_reason")), ("suspended", REASON));
        owner.post(&format!("{path}/reactivate"), json!({})).await.assert_status(204);
        owner.post(&format!("{path}/reactivate"), json!({})).await.assert_problem(409, "invalid_status");
        client.post("/provider/auth/login", credentials("nurse@a.example", PASSWORD)).await.assert_status(200);
        let told = outbox::recorded(t.conn(), Some("team.member_status_changed")).await.unwrap();
        assert_eq!(told.iter().map(|event| event.payload["status"].as_str().unwrap()).collect::<Vec<_>>(), ["suspended", "reactivated"]);
    }

    async fn r_id_55_open_work_is_handed_over(t: TestApp) {
        installed(&t).await;
        sql(&t, "CREATE TABLE pieces (who CHAR(36), place INT)").await;
        let router = identity::routes().layer(axum::Extension(pieces()));
        let client = t.client(router);
        let a = clinic(&t, "Clinic A").await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let owner = as_member(&t, &client, owner_id).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        let billing = member(&t, a, "provider_billing", "billing@a.example", None).await;
        let other = member(&t, a, "provider_manager", "manager@a.example", None).await;
        for place in 1..=3 {
            sql(&t, &format!("INSERT INTO pieces VALUES ('{nurse}', {place})")).await;
        }
        let path = format!("/provider/team/{nurse}");
        assert_eq!(owner.get(&path).await.at("/work"), &json!([{ "kind": "pieces", "count": 3, "needs": "document_treatment" }]));
        let team = owner.get("/provider/team?q=nurse").await;
        assert_eq!(team.at("/data/0/workload"), &json!(3));
        let leave = |handover: serde_json::Value| json!({ "reason": REASON, "handover": handover });
        let refusal = owner.post(&format!("{path}/suspend"), leave(json!([]))).await.assert_problem(409, "work_outstanding");
        assert_eq!(refusal.json["work"][0]["count"], 3);
        for (to, code) in [(nurse, "taker_unknown"), (billing, "taker_not_permitted")] {
            owner.post(&format!("{path}/suspend"), leave(json!([{ "kind": "pieces", "to": to }]))).await.assert_field("handover.pieces", code);
        }
        owner.post(&format!("{path}/suspend"), leave(json!([{ "kind": "pieces", "to": other }]))).await.assert_status(204);
        assert_eq!(owner.get(&format!("/provider/team/{other}")).await.json["work"][0]["count"], 3);
        // Removed afterwards: nothing is left to hand over. What nobody takes has no name on it.
        identity_removal(&owner, &path).await.assert_status(204);
        owner.post(&format!("/provider/team/{other}/suspend"), leave(json!([{ "kind": "pieces", "to": null }]))).await.assert_status(204);
        assert_eq!(owner.get("/provider/team").await.at("/data/0/workload"), &json!(0));
        sql(&t, "DROP TABLE pieces").await;
    }

    async fn r_id_51_ownership_is_transferred_by_hairline_alone(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let manager = member(&t, a, "provider_manager", "manager@a.example", None).await;
        let path = format!("/provider/team/{manager}/transfer");
        let body = json!({ "justification": "The founder sold the clinic in May." });
        as_member(&t, &client, owner_id).await.post(&path, body.clone()).await.assert_problem(403, "forbidden");
        let root = as_staff(&t, &client, admin(&t, "root@hairline.example", None).await).await;
        root.post(&path, json!({ "justification": "short" })).await.assert_field("justification", "reason_length");
        root.post(&path, body.clone()).await.assert_status(204);
        root.post(&path, body).await.assert_problem(409, "owner_protected");
        let (new, old) = (bearer_again(&t, manager).await, bearer_again(&t, owner_id).await);
        assert_eq!((new.role.as_deref(), old.role.as_deref()), (Some("provider_owner"), Some("provider_manager")));
        let owners = provider_team_members::Entity::find()
            .filter(provider_team_members::Column::IsOwner.eq(true)).count(t.conn()).await.unwrap();
        assert_eq!(owners, 1);
    }

    async fn a_team_is_listed_filtered_and_told_apart(t: TestApp) {
        let client = installed(&t).await;
        let (a, b) = (clinic(&t, "Clinic A").await, clinic(&t, "Clinic B").await);
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let billing = member(&t, a, "provider_billing", "billing@a.example", None).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        let stranger = member(&t, b, "provider_clinical", "nurse@b.example", None).await;
        let owner = as_member(&t, &client, owner_id).await;
        let team = owner.get("/provider/team").await.assert_status(200);
        let roles: Vec<&str> = (0..3).map(|n| team.str(&format!("/data/{n}/role"))).collect();
        assert_eq!(roles, ["provider_owner", "provider_clinical", "provider_billing"]);
        assert_eq!(owner.get("/provider/team?filter[role]=provider_billing").await.at("/meta/total"), &json!(1));
        assert_eq!(owner.get("/provider/team?filter[status]=suspended").await.at("/meta/total"), &json!(0));
        assert_eq!(owner.get("/provider/team?q=nurse").await.at("/meta/total"), &json!(1));
        owner.get(&format!("/provider/team/{stranger}")).await.assert_problem(404, "not_found");
        owner.get(&format!("/provider/team/{stranger}/activity")).await.assert_problem(404, "not_found");
        for id in [billing, nurse] {
            as_member(&t, &client, id).await.get("/provider/team").await.assert_problem(403, "forbidden");
        }
        owner.post("/provider/clinicians", json!({ "first_name": "Can", "last_name": "Kaya" })).await.assert_status(201);
        let done = owner.get(&format!("/provider/team/{owner_id}/activity")).await.assert_status(200);
        assert_eq!(done.str("/data/0/action"), "team.clinician_added");
        // R-ID-65: thirty days unless more are asked for, also of somebody who has left.
        let path = format!("/provider/team/{owner_id}/activity");
        for days in [0, 366] {
            owner.get(&format!("{path}?days={days}")).await.assert_field("days", "out_of_range");
        }
        sql(&t, &format!("UPDATE provider_users SET status = 'inactive', deleted_at = '2026-03-02 10:00:00' WHERE id = '{nurse}'")).await;
        owner.get(&format!("/provider/team/{nurse}/activity")).await.assert_status(200);
        t.advance(Duration::days(31));
        let owner = as_member(&t, &client, owner_id).await;
        let has = |reply: testkit::Reply| reply.assert_status(200).text().contains("team.clinician_added");
        assert!(!has(owner.get(&path).await) && has(owner.get(&format!("{path}?days=60")).await));
    }
}

/// Removes by DELETE with a body, which the client of the kit does not send.
async fn identity_removal(client: &Client, path: &str) -> testkit::Reply {
    client.send_json("DELETE", path, json!({ "reason": REASON })).await
}

async fn run_schedules(t: &TestApp) {
    use platform::jobs::Registry;
    let registry = Registry { kinds: identity::jobs(), schedules: identity::schedules(), ..Registry::default() };
    t.run_jobs(&registry).await;
}

async fn bearer_again(t: &TestApp, id: kernel::ids::ProviderUserId) -> Actor {
    signed_in(t, Guard::Provider, id.any()).await.0
}

/// A kind of work that lives in a table of the test.
fn pieces() -> Work {
    use sea_orm::{ConnectionTrait, Statement};
    Work::of([WorkSource {
        kind: "pieces",
        needs: Permission::DocumentTreatment,
        count: |conn, _| {
            async move {
                let backend = conn.get_database_backend();
                let ask = Statement::from_string(
                    backend,
                    "SELECT who, COUNT(*) AS n FROM pieces WHERE who IS NOT NULL GROUP BY who",
                );
                let rows = conn.query_all_raw(ask).await?;
                Ok(rows
                    .iter()
                    .map(|row| {
                        let (who, n) =
                            (row.try_get::<String>("", "who").unwrap(), row.try_get::<i64>("", "n").unwrap());
                        (who.parse().unwrap(), u64::try_from(n).unwrap())
                    })
                    .collect())
            }
            .boxed()
        },
        hand_over: |txn, _, _, HandOver { from, to, .. }| {
            async move {
                let to = to.map_or("NULL".to_owned(), |to| format!("'{to}'"));
                txn.execute_unprepared(&format!("UPDATE pieces SET who = {to} WHERE who = '{from}'")).await?;
                Ok(())
            }
            .boxed()
        },
    }])
}
