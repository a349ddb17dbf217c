//! Hairline's staff, and what it may do to clinics' staff (R-ID-46, 49, 50, 56, 71).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use identity::entity::provider_staff_invitations::{self, ProviderStaffInvitationStatus};
use identity::entity::{legal_acceptances, oauth_refresh_tokens, provider_users, users};
use identity::seed::{AdminSpec, Hashed};
use kernel::ids::UserId;
use kernel::permission::Permission;
use kernel::{ActorKind, Guard};
use platform::entity::audit_logs;
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::TestApp;

use crate::support::*;

async fn staff(t: &TestApp, email: &str, role: &str) -> UserId {
    let password = Hashed::of(&t.app, PASSWORD).await.unwrap();
    let spec = AdminSpec {
        password,
        role: role.into(),
        last_name: email.split('@').next().unwrap().into(),
        ..AdminSpec::super_admin(email)
    };
    identity::seed::admin(&t.app, spec).await.unwrap()
}

testkit::both! {
    async fn staff_are_invited_and_come(t: TestApp) {
        let client = installed(&t).await;
        let root_id = admin(&t, "root@hairline.example", None).await;
        let root = as_staff(&t, &client, root_id).await;
        let helper = as_staff(&t, &client, staff(&t, "helper@hairline.example", "admin").await).await;
        helper.post("/admin/invitations", invitation("new@hairline.example", "support_staff")).await.assert_problem(403, "forbidden");
        helper.get("/admin/users").await.assert_problem(403, "forbidden");
        root.post("/admin/invitations", invitation("new@hairline.example", "provider_manager")).await.assert_field("role", "role_unknown");
        root.post("/admin/invitations", invitation("root@hairline.example", "support_staff")).await.assert_problem(409, "already_member");
        let made = root.post("/admin/invitations", invitation("new@hairline.example", "support_staff")).await.assert_status(201);
        root.post("/admin/invitations", invitation("new@hairline.example", "support_staff")).await.assert_problem(409, "already_invited");
        let path = format!("/admin/invitations/{}", made.str("/id"));
        root.post(&format!("{path}/resend"), json!({})).await.assert_status(202);
        let token = mailed_token(&t, "new@hairline.example").await;
        let shown = client.post("/invitations/lookup", json!({ "token": token })).await.assert_status(200);
        assert_eq!((shown.str("/house"), shown.at("/phone_required")), ("Hairline", &json!(false)));
        let mut form = set_up(&token);
        form["phone_number"] = json!(null);
        let text = document(&t, "terms", "all").await;
        client.post("/invitations/accept", form.clone()).await.assert_status(201);
        // The tick is a line of the ledger, with the text that was shown (R-ID-54, R-CM-86).
        let lines = legal_acceptances::Entity::find().order_by_asc(legal_acceptances::Column::ConsentType).all(t.conn()).await.unwrap();
        let kinds: Vec<&str> = lines.iter().map(|line| line.consent_type.as_str()).collect();
        assert_eq!(kinds, ["privacy_policy", "terms"]);
        let terms = &lines[1];
        assert_eq!((terms.holder_type, terms.terms_and_conditions_id), (legal_acceptances::LegalAcceptanceHolderType::User, Some(text)));
        assert_eq!((terms.document_version.as_deref(), terms.content_sha256.as_deref()), (Some("3.1"), Some(&*"a".repeat(64))));
        client.post("/invitations/accept", form).await.assert_problem(409, "invitation_used");
        root.delete(&path).await.assert_problem(409, "invitation_used");
        let list = root.get("/admin/users?q=new@").await.assert_status(200);
        assert_eq!((list.str("/data/0/role"), list.at("/super_admins")), ("support_staff", &json!(1)));
        client.post("/admin/auth/login", credentials("new@hairline.example", PASSWORD)).await.assert_status(200);
        assert_eq!(root.get("/admin/invitations?live=true").await.at("/meta/total"), &json!(0));
    }

    async fn r_id_49_a_planned_role_holds_from_its_first_call(t: TestApp) {
        let client = installed(&t).await;
        let root_id = admin(&t, "root@hairline.example", None).await;
        let root = as_staff(&t, &client, root_id).await;
        let helper = staff(&t, "helper@hairline.example", "support_staff").await;
        let (_, token) = signed_in(&t, Guard::Api, helper.any()).await;
        let path = format!("/admin/users/{helper}/role");
        root.put(&path, json!({ "role": "provider_manager" })).await.assert_field("role", "role_unknown");
        root.put(&format!("/admin/users/{root_id}/role"), json!({ "role": "admin" })).await.assert_problem(403, "self_change");
        root.put(&path, json!({ "role": "billing_staff", "effective_from": t.now() - Duration::seconds(1) })).await.assert_field("effective_from", "date_in_past");
        let from = t.now() + Duration::minutes(10);
        root.put(&path, json!({ "role": "billing_staff", "effective_from": from })).await.assert_status(204);
        assert_eq!(root.get(&format!("/admin/users/{helper}")).await.str("/planned/role"), "billing_staff");
        t.advance(Duration::seconds(599));
        assert_eq!(bearer(&t, &token).await.unwrap().role.as_deref(), Some("support_staff"));
        t.advance(Duration::seconds(1));
        // No schedule ran: the call itself finds it.
        let actor = bearer(&t, &token).await.unwrap();
        assert_eq!(actor.role.as_deref(), Some("billing_staff"));
        assert!(actor.can(Permission::ProcessPayout));
        assert_eq!(root.get(&format!("/admin/users/{helper}")).await.at("/planned"), &json!(null));
        // A later plan takes the place of an earlier one.
        let root = as_staff(&t, &client, root_id).await;
        for (role, minutes) in [("admin", 5), ("support_staff", 3)] {
            let from = t.now() + Duration::minutes(minutes);
            root.put(&path, json!({ "role": role, "effective_from": from })).await.assert_status(204);
        }
        t.advance(Duration::minutes(5));
        assert_eq!(signed_in(&t, Guard::Api, helper.any()).await.0.role.as_deref(), Some("support_staff"));
    }

    async fn r_id_46_the_last_super_admin_stays(t: TestApp) {
        let client = installed(&t).await;
        let (a, b) = (admin(&t, "a@hairline.example", None).await, admin(&t, "b@hairline.example", None).await);
        let (as_a, as_b) = (as_staff(&t, &client, a).await, as_staff(&t, &client, b).await);
        // Two demote each other at once: one stays.
        let down = json!({ "role": "admin" });
        let (path_a, path_b) = (format!("/admin/users/{a}/role"), format!("/admin/users/{b}/role"));
        let (one, two) = tokio::join!(as_a.put(&path_b, down.clone()), as_b.put(&path_a, down));
        let answers = [one.status.as_u16(), two.status.as_u16()];
        assert_eq!(answers.iter().filter(|status| **status == 204).count(), 1, "{answers:?} {} {}", one.text(), two.text());
        let (left, gone) = if one.status == 204 { (a, b) } else { (b, a) };
        assert_eq!(signed_in(&t, Guard::Api, left.any()).await.0.role.as_deref(), Some("super_admin"));
        // Somebody in charge whose account is not here (the console) may not empty the house either.
        let console = client.as_actor(testkit::actors::super_admin(UserId::new()).in_session(signed_in(&t, Guard::Api, gone.any()).await.0.session.unwrap()));
        let path = format!("/admin/users/{left}");
        console.post(&format!("{path}/suspend"), json!({ "reason": REASON })).await.assert_problem(409, "last_super_admin");
        console.post(&format!("{path}/deactivate"), json!({ "reason": REASON })).await.assert_problem(409, "last_super_admin");
        console.put(&format!("{path}/role"), json!({ "role": "admin" })).await.assert_problem(409, "last_super_admin");
    }

    async fn suspended_staff_are_out_until_their_day(t: TestApp) {
        let client = installed(&t).await;
        let root_id = admin(&t, "root@hairline.example", None).await;
        let root = as_staff(&t, &client, root_id).await;
        let helper = staff(&t, "helper@hairline.example", "support_staff").await;
        let (_, token) = signed_in(&t, Guard::Api, helper.any()).await;
        let path = format!("/admin/users/{helper}");
        root.post(&format!("{path}/suspend"), json!({ "reason": "x" })).await.assert_field("reason", "reason_length");
        let until = t.now() + Duration::days(30);
        root.post(&format!("{path}/suspend"), json!({ "reason": REASON, "until": until })).await.assert_status(204);
        assert_eq!(refused(&t, &token).await, "session_revoked");
        let login = credentials("helper@hairline.example", PASSWORD);
        client.post("/admin/auth/login", login.clone()).await.assert_problem(403, "account_suspended");
        assert_eq!(root.get("/admin/users?filter[status]=suspended").await.at("/meta/total"), &json!(1));
        t.advance(Duration::days(30));
        client.post("/admin/auth/login", login.clone()).await.assert_status(200);
        let root = as_staff(&t, &client, root_id).await;
        root.post(&format!("{path}/deactivate"), json!({ "reason": REASON })).await.assert_status(204);
        client.post("/admin/auth/login", login).await.assert_problem(403, "account_deactivated");
        // R-ID-71: names go, the id and what was done stay.
        root.post(&format!("{path}/erase"), json!({})).await.assert_status(204);
        let row = users::Entity::find_by_id(helper).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.firstname.as_str(), row.lastname.len()), ("Former member", 4));
        assert!(row.email.ends_with("@removed.invalid") && row.username == row.email);
        root.post(&format!("{path}/activate"), json!({ "reason": REASON })).await.assert_problem(409, "invalid_status");
        let trail = root.get(&path).await.assert_status(200);
        assert_eq!(trail.str("/trail/0/action"), "staff.erased");
    }

    async fn r_id_50_direct_permissions(t: TestApp) {
        let client = installed(&t).await;
        let root_id = admin(&t, "root@hairline.example", None).await;
        let root = as_staff(&t, &client, root_id).await;
        let helper = staff(&t, "helper@hairline.example", "support_staff").await;
        let (_, token) = signed_in(&t, Guard::Api, helper.any()).await;
        let path = format!("/admin/users/{helper}/permissions");
        let body = |names: serde_json::Value, sure: bool| json!({ "permissions": names, "reason": REASON, "confirm_sensitive": sure });
        root.put(&path, body(json!(["manage_role"]), true)).await.assert_field("permissions", "not_grantable");
        root.put(&path, body(json!(["manage_bank_detail"]), true)).await.assert_field("permissions", "permission_not_of_guard");
        root.put(&path, body(json!(["fly"]), true)).await.assert_field("permissions", "permission_unknown");
        root.put(&path, body(json!(["issue_refund"]), false)).await.assert_field("confirm_sensitive", "confirm_sensitive");
        root.put(&format!("/admin/users/{root_id}/permissions"), body(json!(["issue_refund"]), true)).await.assert_problem(403, "self_change");
        let warm = || platform::db::count_statements(async { bearer(&t, &token).await.unwrap() });
        warm().await;
        let (actor, before) = warm().await;
        assert!(!actor.can(Permission::IssueRefund));
        assert_eq!(before, 1, "a warm request is one statement");
        root.put(&path, body(json!(["issue_refund", "view_quote"]), true)).await.assert_status(204);
        let (actor, after) = warm().await;
        assert!(actor.can(Permission::IssueRefund) && actor.can(Permission::ViewQuote) && actor.can(Permission::ViewTravelBooking));
        assert_eq!(after, 1, "direct permissions come along in it");
        root.put(&path, body(json!([]), false)).await.assert_status(204);
        assert!(!bearer(&t, &token).await.unwrap().can(Permission::IssueRefund));
        // A row that somebody slipped in grants nothing that belongs to the top role.
        sql(&t, &format!("INSERT INTO model_has_permissions (permission_id, model_type, model_id) SELECT id, 'User', '{helper}' FROM permissions WHERE name = 'manage_role' AND guard_name = 'api'")).await;
        assert!(!bearer(&t, &token).await.unwrap().can(Permission::ManageRole));
    }

    async fn r_id_56_hairline_looks_after_clinics_staff(t: TestApp) {
        let client = installed(&t).await;
        let (a, b) = (clinic(&t, "Alpha").await, clinic(&t, "Beta").await);
        let owner = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let nurse = member(&t, b, "provider_clinical", "nurse@b.example", None).await;
        let helper = as_staff(&t, &client, staff(&t, "helper@hairline.example", "support_staff").await).await;
        let chief = as_staff(&t, &client, staff(&t, "chief@hairline.example", "admin").await).await;
        let all = helper.get("/admin/provider-users").await.assert_status(200);
        assert_eq!((all.at("/meta/total"), all.str("/data/0/provider_name")), (&json!(2), "Alpha"));
        assert_eq!(helper.get(&format!("/admin/provider-users?filter[provider_id]={b}")).await.at("/meta/total"), &json!(1));
        assert_eq!(helper.get("/admin/provider-users?q=alph&filter[status]=active").await.at("/meta/total"), &json!(1));
        let path = format!("/admin/provider-users/{nurse}");
        for action in ["suspend", "remove", "logout-all", "impersonate", "reactivate"] {
            helper.post(&format!("{path}/{action}"), json!({ "reason": REASON })).await.assert_problem(403, "forbidden");
        }
        let (_, token) = signed_in(&t, Guard::Provider, nurse.any()).await;
        let ended = chief.post(&format!("{path}/logout-all"), json!({})).await.assert_status(200);
        assert_eq!(ended.at("/sessions"), &json!(1));
        assert_eq!(refused(&t, &token).await, "session_revoked");
        chief.post(&format!("{path}/suspend"), json!({ "reason": REASON })).await.assert_status(204);
        chief.post(&format!("{path}/impersonate"), json!({ "reason": REASON })).await.assert_problem(409, "invalid_status");
        chief.post(&format!("{path}/reactivate"), json!({})).await.assert_status(204);
        chief.post(&format!("{path}/erase"), json!({})).await.assert_problem(409, "invalid_status");
        chief.post(&format!("{path}/remove"), json!({ "reason": REASON })).await.assert_status(204);
        chief.post(&format!("{path}/remove"), json!({ "reason": REASON })).await.assert_problem(404, "not_found");
        let inviter = as_member(&t, &client, owner).await;
        inviter.post("/provider/invitations", invitation("nurse@b.example", "provider_clinical")).await.assert_status(201);
        chief.post(&format!("{path}/erase"), json!({})).await.assert_status(204);
        let row = provider_users::Entity::find_by_id(nurse).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.firstname, "Former member");
        // What was never taken opens nothing any more, and names nobody (R-ID-71).
        let left = provider_staff_invitations::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((left.status, left.first_name.as_str()), (ProviderStaffInvitationStatus::Cancelled, "Former member"));
        assert!(left.email.ends_with("@removed.invalid") && left.token_hash == left.id.to_string(), "{left:?}");
        chief.post(&format!("/admin/provider-users/{owner}/remove"), json!({ "reason": REASON })).await.assert_problem(409, "owner_protected");
        chief.post(&format!("/admin/provider-users/{owner}/suspend"), json!({ "reason": REASON })).await.assert_status(204);
    }

    async fn r_id_56_who_looks_through_others_eyes_only_reads(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Alpha").await;
        let owner = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let chief_id = staff(&t, "chief@hairline.example", "admin").await;
        let chief = as_staff(&t, &client, chief_id).await;
        let path = format!("/admin/provider-users/{owner}/impersonate");
        chief.post(&path, json!({ "reason": "curious" })).await.assert_field("reason", "reason_length");
        let glimpse = chief.post(&path, json!({ "reason": REASON })).await.assert_status(201);
        assert_eq!(glimpse.at("/expires_in"), &json!(900));
        assert!(glimpse.json.get("refresh_token").is_none());
        let token = glimpse.str("/access_token");
        let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
        assert_eq!((claims["act"]["sub"].as_str(), claims["sub"].as_str()), (Some(chief_id.to_string().as_str()), Some(owner.to_string().as_str())));
        assert_eq!(oauth_refresh_tokens::Entity::find().filter(oauth_refresh_tokens::Column::SessionId.eq(glimpse.get::<kernel::ids::AuthSessionId>("/session_id"))).count(t.conn()).await.unwrap(), 0);
        let actor = bearer(&t, token).await.unwrap();
        assert_eq!(actor.impersonator, Some(chief_id));
        assert_eq!(actor.kind, ActorKind::Provider { user: owner, provider: a });
        identity::impersonation::watch(&t.app, &actor, &axum::http::Method::GET, "/provider/team").await.unwrap();
        let refusal = identity::impersonation::watch(&t.app, &actor, &axum::http::Method::POST, "/provider/invitations").await.unwrap_err();
        assert_eq!(refusal.code, "impersonation_read_only");
        // Nothing that needs a proof of identity opens either.
        assert_eq!(identity::reauth::require_fresh(t.conn(), &t.app, &actor).await.unwrap_err().code, "reauth_required");
        let seen = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("impersonation.viewed")).all(t.conn()).await.unwrap();
        assert_eq!(seen.len(), 2);
        for row in seen {
            assert_eq!((row.actor_id, row.acting_for_type.as_deref(), row.acting_for_id), (Some(chief_id.any()), Some("ProviderUser"), Some(owner.any())));
        }
        t.advance(Duration::minutes(15));
        assert!(["session_revoked", "token_expired"].contains(&refused(&t, token).await.as_str()));
        // Whoever is shut out themselves is shut out here too.
        let chief = as_staff(&t, &client, chief_id).await;
        let glimpse = chief.post(&path, json!({ "reason": REASON })).await.assert_status(201);
        let root = as_staff(&t, &client, admin(&t, "root@hairline.example", None).await).await;
        // Whoever may no longer look sees nothing from the next call on.
        let demoted = json!({ "role": "support_staff" });
        root.put(&format!("/admin/users/{chief_id}/role"), demoted).await.assert_status(204);
        assert_eq!(refused(&t, glimpse.str("/access_token")).await, "session_revoked");
        root.put(&format!("/admin/users/{chief_id}/role"), json!({ "role": "admin" })).await.assert_status(204);
        bearer(&t, glimpse.str("/access_token")).await.unwrap();
        chief.post("/admin/impersonation/end", json!({})).await.assert_status(204);
        chief.post("/admin/impersonation/end", json!({})).await.assert_status(204);
        assert_eq!(refused(&t, glimpse.str("/access_token")).await, "session_revoked");
        let glimpse = chief.post(&path, json!({ "reason": REASON })).await.assert_status(201);
        root.post(&format!("/admin/users/{chief_id}/suspend"), json!({ "reason": REASON })).await.assert_status(204);
        assert_eq!(refused(&t, glimpse.str("/access_token")).await, "session_revoked");
    }

    async fn r_id_44_five_refusals_raise_the_alarm(t: TestApp) {
        installed(&t).await;
        let helper = staff(&t, "helper@hairline.example", "support_staff").await;
        let (actor, _) = signed_in(&t, Guard::Api, helper.any()).await;
        let get = axum::http::Method::GET;
        for n in 1..=4 {
            identity::denials::record(&t.app, &actor, &get, "/admin/roles").await.unwrap();
            t.advance(Duration::minutes(n));
        }
        let told = || async { outbox::recorded(t.conn(), Some("security.repeated_denial")).await.unwrap() };
        assert!(told().await.is_empty());
        t.advance(Duration::minutes(4));
        identity::denials::record(&t.app, &actor, &get, "/admin/roles").await.unwrap();
        let events = told().await;
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].payload["count"].as_i64(), events[0].subject_id), (Some(5), Some(helper.any())));
        // Those of an hour ago no longer count.
        t.advance(Duration::hours(1));
        identity::denials::record(&t.app, &actor, &get, "/admin/roles").await.unwrap();
        assert_eq!(told().await.len(), 1);
    }
}

testkit::both! {
    /// Accounts of an installation that was there before have no state: they get the one their row tells, once.
    async fn accounts_that_were_here_before_get_their_state(t: TestApp) {
        use identity::entity::account_states::{self, AccountState};
        use identity::seed::PatientSpec;
        use sea_orm::ConnectionTrait;
        let client = installed(&t).await;
        let known = staff(&t, "ada.ash@hairline.example", "support_staff").await;
        let mut spec = PatientSpec::new(&t.app, "Mark", "Peterson");
        spec.email = "mark@patients.example".into();
        let open = identity::seed::patient(&t.app, spec).await.unwrap().id;
        let mut spec = PatientSpec::new(&t.app, "John", "Doe");
        spec.email = "john@patients.example".into();
        spec.phone = "+447700900999".into();
        let unproven = identity::seed::patient(&t.app, spec).await.unwrap().id;
        // As an importer leaves them.
        for id in [known.any(), open.any(), unproven.any()] {
            let away = format!("UPDATE account_states SET model_id = '{}' WHERE model_id = '{id}'", kernel::ids::AnyId::new());
            t.conn().execute_unprepared(&away).await.unwrap();
        }
        let unverified = format!("UPDATE patients SET email_verified_at = NULL WHERE id = '{unproven}'");
        t.conn().execute_unprepared(&unverified).await.unwrap();
        let chief = staff(&t, "root@hairline.example", "super_admin").await;
        let desk = client.as_actor(testkit::actors::super_admin(chief));
        let listed = async || desk.get("/admin/users?q=ada").await.assert_status(200).get::<u64>("/meta/total");
        assert_eq!(listed().await, 0);
        for _ in 0..2 {
            identity::install(&t.app).await.unwrap();
            for (id, state) in [(known.any(), AccountState::Active), (open.any(), AccountState::Active), (unproven.any(), AccountState::PendingVerification)] {
                let rows = account_states::Entity::find().filter(account_states::Column::ModelId.eq(id)).all(t.conn()).await.unwrap();
                assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [state]);
            }
        }
        assert_eq!(listed().await, 1);
    }
}
