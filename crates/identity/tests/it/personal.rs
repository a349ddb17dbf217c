//! Personal tokens and the scopes of every token (R-ID-41, 43).

use chrono::Duration;
use identity::auth::require_scope;
use identity::entity::personal_access_tokens;
use kernel::Permission;
use platform::db::count_statements;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::oauth::chief;
use crate::support::*;
use crate::tokens::claims;

fn wanted(scopes: &[&str], days: i64) -> Value {
    json!({ "name": "Nightly export", "scopes": scopes, "expires_in_days": days })
}

testkit::both! {
    async fn r_id_43_a_script_uses_an_opaque_token(t: TestApp) {
        let client = installed(&t).await;
        let chief = chief(&t).await;
        let made = chief.post("/me/tokens", wanted(&["read:quotes", "read:patients"], 30)).await.assert_status(201);
        let secret = made.str("/secret").to_owned();
        let (id, plain) = secret.split_once('|').unwrap();
        assert_eq!(id, made.str("/id"));
        assert!(plain.len() >= 40);
        let row = personal_access_tokens::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert!(row.token.len() == 64 && !row.token.contains(plain), "only the hash is kept");
        let actor = bearer(&t, &secret).await.unwrap();
        assert!(actor.admin().is_ok() && actor.can(Permission::ManageOauthClient) && actor.session.is_none());
        let (_, statements) = count_statements(bearer(&t, &secret)).await;
        assert_eq!(statements, 1, "used again within the minute");
        let used = async || personal_access_tokens::Entity::find().one(t.conn()).await.unwrap().unwrap().last_used_at;
        assert_eq!(used().await, Some(t.now()));
        t.advance(Duration::seconds(59));
        bearer(&t, &secret).await.unwrap();
        assert_ne!(used().await, Some(t.now()));
        t.advance(Duration::seconds(1));
        bearer(&t, &secret).await.unwrap();
        assert_eq!(used().await, Some(t.now()));
        // What it covers, and what no token of a script opens.
        require_scope(&actor, "GET", "/quotes").unwrap();
        require_scope(&actor, "GET", "/countries").unwrap();
        for (method, path) in [("POST", "/quotes/7/accept"), ("GET", "/payments/7"), ("GET", "/me"), ("POST", "/admin/auth/login"),
            ("POST", "/me/mfa/totp"), ("GET", "/admin/roles"), ("GET", "/admin/oauth/clients"), ("POST", "/admin/oauth/clients"),
            ("GET", "/admin/deletion-requests"), ("POST", "/me/tokens")] {
            assert_eq!(require_scope(&actor, method, path).unwrap_err().code, "insufficient_scope", "{method} {path}");
        }
        let script = client.as_actor(actor);
        script.get("/me/tokens").await.assert_problem(403, "forbidden");
        script.post("/me/tokens", wanted(&["read:quotes"], 1)).await.assert_problem(403, "forbidden");
        script.post("/admin/auth/reauth", json!({ "password": PASSWORD })).await.assert_problem(401, "unauthenticated");
        for wrong in [format!("{id}|{}", "0".repeat(64)), format!("999|{plain}"), format!("{id}|"), format!("x|{plain}")] {
            assert_eq!(refused(&t, &wrong).await, "token_invalid", "{wrong}");
        }
        let list = chief.get("/me/tokens").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.str("/data/0/name")), (&json!(1), "Nightly export"));
        assert!(!list.text().contains(plain));
        t.advance(Duration::days(30));
        assert_eq!(refused(&t, &secret).await, "token_expired");
    }

    async fn its_owner_ends_it_and_nobody_else(t: TestApp) {
        let _ = installed(&t).await;
        let (one, two) = (chief(&t).await, chief(&t).await);
        let made = one.post("/me/tokens", wanted(&["read:quotes"], 90)).await.assert_status(201);
        let path = format!("/me/tokens/{}", made.str("/id"));
        two.delete(&path).await.assert_problem(404, "not_found");
        assert_eq!(two.get("/me/tokens").await.at("/meta/total"), &json!(0));
        one.delete(&path).await.assert_status(204);
        assert_eq!(refused(&t, made.str("/secret")).await, "session_revoked");
        one.delete(&path).await.assert_problem(404, "not_found");
        for (bad, field, error) in [
            (wanted(&["read:quotes"], 91), "expires_in_days", "token_days"), (wanted(&["read:quotes"], 0), "expires_in_days", "token_days"),
            (wanted(&[], 1), "scopes", "scopes_missing"), (wanted(&["*"], 1), "scopes", "scope_unknown"),
            (json!({ "name": " ", "scopes": ["read:quotes"], "expires_in_days": 1 }), "name", "token_name"),
        ] {
            one.post("/me/tokens", bad).await.assert_status(422).assert_field(field, error);
        }
        one.post("/me/tokens", json!({ "name": "x", "scopes": ["read:quotes"] })).await.assert_status(422);
        t.advance(Duration::minutes(6));
        one.post("/me/tokens", wanted(&["read:quotes"], 1)).await.assert_problem(403, "reauth_required");
    }

    async fn r_id_43_patients_have_none_and_suspended_members_lose_theirs(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let reply = client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_status(200);
        let me = client.as_actor(bearer(&t, reply.str("/access_token")).await.unwrap());
        me.post("/me/tokens", wanted(&["read:quotes"], 1)).await.assert_problem(403, "forbidden");
        me.get("/me/tokens").await.assert_problem(403, "forbidden");
        let own = t.client(identity::endpoints()).header("authorization", &format!("Bearer {}", reply.str("/access_token")));
        own.post("/oauth/personal-access-tokens", wanted(&["read:quotes"], 1)).await.assert_status(403);
        client.get("/me/tokens").await.assert_problem(401, "unauthenticated");
        let provider = clinic(&t, "Bosphorus Hair").await;
        let user = member(&t, provider, "provider_owner", "ada@clinic.example", Some(SECRET)).await;
        let ticket = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await;
        let code = identity::rules::totp::code_at(SECRET, t.now()).unwrap();
        let reply = client.post("/provider/auth/mfa", json!({ "mfa_token": ticket.str("/mfa_token"), "code": code })).await.assert_status(200);
        let ada = client.as_actor(bearer(&t, reply.str("/access_token")).await.unwrap());
        let made = ada.post("/me/tokens", wanted(&["read:quotes"], 1)).await.assert_status(201);
        let actor = bearer(&t, made.str("/secret")).await.unwrap();
        assert_eq!(actor.provider().unwrap(), (user, provider));
        sql(&t, &format!("UPDATE provider_users SET status = 'suspended' WHERE id = '{user}'")).await;
        assert_eq!(refused(&t, made.str("/secret")).await, "account_suspended");
    }

    // Whoever held the account before leaves nothing behind in it: neither a token of the time before a new password nor one
    // of the time before a removal.
    async fn a_new_password_and_a_removal_end_them(t: TestApp) {
        let client = installed(&t).await;
        let provider = clinic(&t, "Bosphorus Hair").await;
        let mut ends = Vec::new();
        for (role, email) in [("provider_owner", "owner@clinic.example"), ("provider_manager", "ada@clinic.example")] {
            let user = member(&t, provider, role, email, Some(SECRET)).await;
            let ticket = client.post("/provider/auth/login", credentials(email, PASSWORD)).await;
            let code = identity::rules::totp::code_at(SECRET, t.now()).unwrap();
            let step = json!({ "mfa_token": ticket.str("/mfa_token"), "code": code });
            let reply = client.post("/provider/auth/mfa", step).await.assert_status(200);
            let who = client.as_actor(bearer(&t, reply.str("/access_token")).await.unwrap());
            let opaque = who.post("/me/tokens", wanted(&["read:quotes"], 1)).await.assert_status(201).str("/secret").to_owned();
            let own = t.client(identity::endpoints()).header("authorization", &format!("Bearer {}", reply.str("/access_token")));
            let signed = own.post("/oauth/personal-access-tokens", json!({ "name": "Signed", "scopes": ["read:quotes"] })).await;
            let signed = signed.assert_status(201).str("/accessToken").to_owned();
            for token in [&opaque, &signed] {
                assert!(bearer(&t, token).await.is_ok());
            }
            ends.push((user, who, [opaque, signed]));
        }
        let (ada, _, of_ada) = ends.pop().unwrap();
        let (_, boss, of_boss) = ends.pop().unwrap();
        let why = json!({ "reason": "She has found work in another clinic this spring." });
        boss.send_json("DELETE", &format!("/provider/team/{ada}"), why).await.assert_status(204);
        client.post("/provider/auth/password/forgot", json!({ "email": "owner@clinic.example" })).await.assert_status(200);
        let given = json!({ "email": "owner@clinic.example", "code": mailed_code(&t).await });
        let ticket = client.post("/provider/auth/password/verify", given).await.assert_status(200).str("/reset_token").to_owned();
        let new = json!({ "token": ticket, "password": "Second-Horse8?", "password_confirmation": "Second-Horse8?" });
        client.post("/provider/auth/password/reset", new).await.assert_status(204);
        for token in of_ada.iter().chain(&of_boss) {
            assert_eq!(refused(&t, token).await, "session_revoked");
        }
    }

    async fn signed_ones_come_from_the_personal_client(t: TestApp) {
        let client = installed(&t).await;
        let email = "boss@hairline.example";
        admin(&t, email, Some(SECRET)).await;
        let ticket = client.post("/admin/auth/login", credentials(email, PASSWORD)).await;
        let code = identity::rules::totp::code_at(SECRET, t.now()).unwrap();
        let reply = client.post("/admin/auth/mfa", json!({ "mfa_token": ticket.str("/mfa_token"), "code": code })).await.assert_status(200);
        let endpoint = t.client(identity::endpoints());
        endpoint.post("/oauth/personal-access-tokens", wanted(&["read:quotes"], 30)).await.assert_status(401);
        let own = endpoint.header("authorization", &format!("Bearer {}", reply.str("/access_token")));
        let made = own.post("/oauth/personal-access-tokens", wanted(&["read:quotes"], 30)).await.assert_status(201);
        let token = made.str("/accessToken").to_owned();
        let told = claims(&token);
        assert_eq!((&told["aud"], &told["scopes"], &told["grd"]), (&json!("01900000-0000-7000-8000-000000000005"), &json!(["read:quotes"]), &json!("api")));
        let actor = bearer(&t, &token).await.unwrap();
        assert!(actor.admin().is_ok() && actor.grant.as_ref().unwrap().personal && actor.session.is_none());
        // Its name is its owner's to choose: it makes no cookie of it.
        let named = own.post("/oauth/personal-access-tokens", json!({ "name": "browser", "scopes": ["read:quotes"] })).await.assert_status(201);
        assert!(bearer(&t, named.str("/accessToken")).await.is_ok());
        // It outlives the key that signed it: its row vouches for it.
        t.app.signing.rotate(&t.app, &kernel::Actor::system()).await.unwrap();
        t.advance(Duration::hours(7));
        assert!(bearer(&t, &token).await.is_ok());
        let (_, statements) = count_statements(bearer(&t, &token)).await;
        assert_eq!(statements, 1);
        let script = endpoint.header("authorization", &format!("Bearer {token}"));
        let refusal = script.post("/oauth/personal-access-tokens", wanted(&["read:quotes"], 30)).await.assert_status(403);
        assert_eq!(refusal.str("/error"), "access_denied");
        client.as_actor(actor).get("/me/tokens").await.assert_problem(403, "forbidden");
        t.advance(Duration::days(30));
        assert_eq!(refused(&t, &token).await, "token_expired");
    }
}
