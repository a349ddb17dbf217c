//! Sessions, tokens, who is asking (R-ID-31..37).

use axum::http::{HeaderMap, HeaderValue, header};
use identity::auth::{self, Carrier, Credentials, Entered};
use identity::entity::{auth_sessions, oauth_refresh_tokens};
use identity::rules::totp;
use kernel::{Actor, Guard, Permission, Secret};
use platform::db::count_statements;
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::TestApp;

use crate::support::*;

async fn signed_in(t: &TestApp, email: &str) -> testkit::Reply {
    client(t).post("/patient/auth/login", credentials(email, PASSWORD)).await.assert_status(200)
}

testkit::both! {
    // R-ID-34: one pair for the next. R-ID-36: a used token that comes late ends the whole family.
    async fn golden_3_refresh(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        t.at("2026-03-02T12:00:00Z");
        let login = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await;
        let code = totp::code_at(SECRET, t.now()).unwrap();
        let step = json!({ "mfa_token": login.str("/mfa_token"), "code": code });
        let first = client.post("/provider/auth/mfa", step).await.assert_status(200);
        assert_eq!(first.get::<i64>("/expires_in"), 900);
        assert_eq!(first.str("/refresh_expires_at"), "2026-03-03T12:00:00Z");
        let cap = async || auth_sessions::Entity::find().one(t.conn()).await.unwrap().unwrap().cap_at.to_rfc3339();
        assert!(cap().await.starts_with("2026-03-09T12:00:00"), "{}", cap().await);
        let renew = async |token: &str| client.post("/provider/auth/refresh", json!({ "refresh_token": token })).await;
        let r1 = first.str("/refresh_token").to_owned();
        t.at("2026-03-02T12:14:00Z");
        let second = renew(&r1).await.assert_status(200);
        assert_eq!(refused(&t, first.str("/access_token")).await, "session_revoked");
        assert!(bearer(&t, second.str("/access_token")).await.is_ok());
        t.at("2026-03-02T12:14:05Z");
        renew(&r1).await.assert_problem(401, "refresh_token_rotated");
        let told = async || outbox::recorded(t.conn(), Some("security.token_reuse")).await.unwrap().len();
        assert!(bearer(&t, second.str("/access_token")).await.is_ok(), "a copy that comes at once is a lost answer");
        assert_eq!(told().await, 0);
        t.at("2026-03-02T12:20:00Z");
        renew(&r1).await.assert_problem(401, "session_revoked");
        assert_eq!(refused(&t, second.str("/access_token")).await, "session_revoked");
        let r2 = second.str("/refresh_token").to_owned();
        renew(&r2).await.assert_problem(401, "session_revoked");
        assert_eq!(told().await, 1, "once, whatever comes afterwards");
    }

    async fn what_was_renewed_in_the_grace_counts_on(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let renew = async |token: &str| client.post("/patient/auth/refresh", json!({ "refresh_token": token })).await;
        let first = signed_in(&t, "mark@example.com").await;
        let second = renew(first.str("/refresh_token")).await.assert_status(200);
        t.advance(chrono::Duration::seconds(5));
        renew(first.str("/refresh_token")).await.assert_problem(401, "refresh_token_rotated");
        let third = renew(second.str("/refresh_token")).await.assert_status(200);
        assert!(bearer(&t, third.str("/access_token")).await.is_ok());
    }

    async fn r_id_35_one_of_two_refreshes_wins(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let token = signed_in(&t, "mark@example.com").await.str("/refresh_token").to_owned();
        let body = json!({ "refresh_token": token });
        let (a, b) =
            tokio::join!(client.post("/patient/auth/refresh", &body), client.post("/patient/auth/refresh", &body));
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
        let winner = if a.status == 200 { a } else { b };
        assert!(bearer(&t, winner.str("/access_token")).await.is_ok());
    }

    async fn an_access_token_lives_fifteen_minutes(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let token = signed_in(&t, "mark@example.com").await.str("/access_token").to_owned();
        t.advance(chrono::Duration::seconds(899));
        assert!(bearer(&t, &token).await.is_ok());
        t.advance(chrono::Duration::seconds(1));
        assert_eq!(refused(&t, &token).await, "token_expired");
        assert_eq!(refused(&t, "hl_nonsense").await, "token_invalid");
    }

    async fn r_id_33_one_session_too_many_ends_the_least_used(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let mut tokens = Vec::new();
        for _ in 0..10 {
            tokens.push(signed_in(&t, "mark@example.com").await.str("/access_token").to_owned());
            t.advance(chrono::Duration::seconds(61));
        }
        // Using the first keeps it; the second is now the least recently used.
        bearer(&t, &tokens[0]).await.unwrap();
        signed_in(&t, "mark@example.com").await;
        assert!(bearer(&t, &tokens[0]).await.is_ok());
        assert_eq!(refused(&t, &tokens[1]).await, "session_revoked");
        assert!(bearer(&t, &tokens[2]).await.is_ok());
    }

    // Who signs in on many devices at once: each login counts those that came before it.
    async fn r_id_33_logins_side_by_side_do_not_pass_the_cap(t: TestApp) {
        let _ = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await.id;
        for _ in 0..9 {
            signed_in(&t, "mark@example.com").await;
            t.advance(chrono::Duration::seconds(61));
        }
        futures::future::join_all((0..8).map(|_| signed_in(&t, "mark@example.com"))).await;
        let live = auth_sessions::Entity::find()
            .filter(auth_sessions::Column::ModelId.eq(mark))
            .filter(auth_sessions::Column::RevokedAt.is_null());
        assert_eq!(live.count(t.conn()).await.unwrap(), 10);
    }

    async fn r_id_33_caps_and_times_differ_by_guard(t: TestApp) {
        let _ = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let people = [
            (Guard::Patient, patient(&t, "mark@example.com").await.id.any(), 10, 24, 30 * 24),
            (Guard::Provider, member(&t, clinic, "provider_manager", "ada@clinic.example", None).await.any(), 5, 24, 7 * 24),
            (Guard::Api, admin(&t, "chief@hairline.example", None).await.any(), 3, 8, 24),
        ];
        for (guard, id, most, idle, cap) in people {
            let mut tokens = Vec::new();
            for _ in 0..most {
                tokens.push(crate::support::signed_in(&t, guard, id).await.1);
                t.advance(chrono::Duration::seconds(1));
            }
            for token in &tokens {
                bearer(&t, token).await.unwrap();
            }
            let row = auth_sessions::Entity::find()
                .filter(auth_sessions::Column::ModelId.eq(id))
                .order_by_asc(auth_sessions::Column::Id)
                .one(t.conn()).await.unwrap().unwrap();
            let refresh = oauth_refresh_tokens::Entity::find()
                .filter(oauth_refresh_tokens::Column::SessionId.eq(row.id))
                .one(t.conn()).await.unwrap().unwrap();
            assert_eq!((refresh.expires_at - row.created_at).num_hours(), idle, "{guard:?}");
            assert_eq!((row.cap_at - row.created_at).num_hours(), cap, "{guard:?}");
            crate::support::signed_in(&t, guard, id).await;
            assert_eq!(refused(&t, &tokens[0]).await, "session_revoked", "{guard:?}: one too many");
            assert!(bearer(&t, &tokens[1]).await.is_ok());
        }
    }

    async fn r_id_37_logout_ends_one_and_logout_all_every_session(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(signed_in(&t, "mark@example.com").await.str("/access_token").to_owned());
        }
        let me = client.as_actor(bearer(&t, &tokens[0]).await.unwrap());
        me.post("/provider/auth/logout", json!({})).await.assert_problem(401, "wrong_guard");
        me.post("/patient/auth/logout", json!({})).await.assert_status(204);
        assert_eq!(refused(&t, &tokens[0]).await, "session_revoked");
        let me = client.as_actor(bearer(&t, &tokens[1]).await.unwrap());
        me.post("/patient/auth/logout-all", json!({})).await.assert_status(204);
        assert_eq!(refused(&t, &tokens[2]).await, "session_revoked");
        client.post("/patient/auth/logout", json!({})).await.assert_problem(401, "unauthenticated");
    }

    async fn r_id_32_suspension_and_role_changes_act_on_the_next_request(t: TestApp) {
        let _ = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let token = signed_in(&t, "mark@example.com").await.str("/access_token").to_owned();
        assert!(bearer(&t, &token).await.unwrap().can(Permission::AcceptQuote));
        sql(&t, "DELETE FROM role_has_permissions WHERE permission_id = (SELECT id FROM permissions \
                 WHERE name = 'accept_quote' AND guard_name = 'patient')").await;
        sql(&t, "UPDATE roles SET version = version + 1 WHERE name = 'patient'").await;
        assert!(!bearer(&t, &token).await.unwrap().can(Permission::AcceptQuote));
        sql(&t, &format!("UPDATE account_states SET state = 'suspended' WHERE model_id = '{}'", row.id)).await;
        assert_eq!(refused(&t, &token).await, "account_suspended");
    }

    async fn who_asks_costs_one_statement(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let token = signed_in(&t, "mark@example.com").await.str("/access_token").to_owned();
        bearer(&t, &token).await.unwrap();
        let (_, statements) = count_statements(bearer(&t, &token)).await;
        assert_eq!(statements, 1);
    }

    async fn r_id_38_a_browser_keeps_a_cookie_that_is_no_bearer_token(t: TestApp) {
        let _ = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let credentials =
            Credentials { login: "mark@example.com".into(), password: Secret::new(PASSWORD.into()), device: None };
        let nobody = Actor::anonymous();
        let entered = auth::login(&t.app, &nobody, Guard::Patient, credentials, Carrier::Cookie).await.unwrap();
        let Entered::Session(tokens) = entered else { panic!("no session") };
        let cookie = auth::session_cookie(&t.app, &tokens).unwrap().to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&format!("theme=dark; {value}")).unwrap());
            headers
        };
        let pair = cookie.split(';').next().unwrap();
        let actor = auth::resolve(&t.app, &with(pair)).await.unwrap();
        assert_eq!(actor.patient().unwrap(), row.id);
        assert_eq!(refused(&t, &tokens.access_token).await, "token_invalid");
        // An app's token is no cookie, and a cookie that opens nothing makes a visitor.
        let app_token = signed_in(&t, "mark@example.com").await.str("/access_token").to_owned();
        let other = with(&format!("{}={app_token}", auth::SESSION_COOKIE));
        assert!(!auth::resolve(&t.app, &other).await.unwrap().is_signed_in());
        // Without use for 24 hours the session ends.
        t.advance(chrono::Duration::hours(24));
        assert!(!auth::resolve(&t.app, &with(pair)).await.unwrap().is_signed_in());
    }
}
