//! Affiliates sign in, lose their password, keep their account: the rules of everybody else (R-ID-12..38) in their portal.

use axum::Extension;
use chrono::Duration;
use identity::auth::{require_reach, resolve};
use identity::entity::auth_sessions;
use identity::seed::Hashed;
use kernel::ids::AffiliateId;
use kernel::{Actor, ActorKind, Guard};
use platform::outbox;
use platform::web::CsrfToken;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::json;
use testkit::{Client, Reply, TestApp};

use crate::support::*;

const EMAIL: &str = "ada@travels.example";
const NEXT: &str = "Second-Horse8?";

async fn affiliate(t: &TestApp, email: &str, status: &str) -> AffiliateId {
    let id = AffiliateId::new();
    sql(
        t,
        &format!(
            "INSERT INTO affiliates (id, affiliate_name, email, status, affiliate_code, commission_value) \
         VALUES ('{id}', 'Ada Travels', '{email}', '{status}', 'HP-{}', 10)",
            t.app.random.hex(3)
        ),
    )
    .await;
    id
}

async fn with_password(t: &TestApp, email: &str, status: &str) -> AffiliateId {
    let id = affiliate(t, email, status).await;
    identity::seed::affiliate_login(&t.app, id, &Hashed::of(&t.app, PASSWORD).await.unwrap()).await.unwrap();
    id
}

async fn entered(t: &TestApp, client: &Client, password: &str) -> (Client, Reply) {
    let reply = client.post("/affiliate/auth/login", credentials(EMAIL, password)).await.assert_status(200);
    (client.as_actor(bearer(t, reply.str("/access_token")).await.unwrap()), reply)
}

fn location(reply: &Reply) -> &str {
    reply.headers["location"].to_str().unwrap()
}

testkit::both! {
    async fn r_id_19_to_37_an_affiliate_signs_in_like_everybody(t: TestApp) {
        let client = installed(&t).await;
        let id = with_password(&t, EMAIL, "active").await;
        client.post("/affiliate/auth/login", credentials(EMAIL, "wrong")).await.assert_problem(401, "invalid_credentials");
        client.post("/affiliate/auth/login", credentials("nobody@x.example", PASSWORD)).await.assert_problem(401, "invalid_credentials");
        client.post("/provider/auth/login", credentials(EMAIL, PASSWORD)).await.assert_problem(401, "invalid_credentials");
        let (own, tokens) = entered(&t, &client, PASSWORD).await;
        let actor = bearer(&t, tokens.str("/access_token")).await.unwrap();
        assert_eq!((actor.kind, actor.guard()), (ActorKind::Affiliate(id), Some(Guard::Affiliate)));
        assert_eq!(actor.permissions().count(), 0, "the portal itself is the right");
        let me = own.get("/me").await.assert_status(200);
        assert_eq!((me.str("/guard"), me.str("/first_name"), me.str("/email"), me.str("/affiliate/status")), ("affiliate", "Ada Travels", EMAIL, "active"));
        assert!(own.get("/me/sessions").await.assert_status(200).text().contains("is_current"));

        // R-ID-33: 24 hours idle, 7 days at most, five at a time.
        let session: auth_sessions::Model = auth_sessions::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(session.cap_at - session.created_at, Duration::days(7));
        for _ in 0..5 {
            t.advance(Duration::minutes(1));
            entered(&t, &client, PASSWORD).await;
        }
        assert_eq!(refused(&t, tokens.str("/access_token")).await, "session_revoked");

        // R-ID-34..36: a pair is exchanged once.
        let (_, tokens) = entered(&t, &client, PASSWORD).await;
        let refresh = json!({ "refresh_token": tokens.str("/refresh_token") });
        let next = client.post("/affiliate/auth/refresh", refresh.clone()).await.assert_status(200);
        client.post("/affiliate/auth/refresh", refresh.clone()).await.assert_problem(401, "refresh_token_rotated");
        t.advance(Duration::seconds(11));
        client.post("/affiliate/auth/refresh", refresh).await.assert_problem(401, "session_revoked");
        assert_eq!(refused(&t, next.str("/access_token")).await, "session_revoked");

        // R-ID-22..24: five wrong ones lock.
        for _ in 0..5 {
            client.post("/affiliate/auth/login", credentials(EMAIL, "wrong")).await.assert_problem(401, "invalid_credentials");
        }
        client.post("/affiliate/auth/login", credentials(EMAIL, PASSWORD)).await.assert_problem(423, "account_locked");
        t.advance(Duration::minutes(15));
        let (own, tokens) = entered(&t, &client, PASSWORD).await;
        own.post("/affiliate/auth/logout", json!({})).await.assert_status(204);
        assert_eq!(refused(&t, tokens.str("/access_token")).await, "session_revoked");
    }

    async fn r_id_12_to_15_an_affiliates_password(t: TestApp) {
        let client = installed(&t).await;
        with_password(&t, EMAIL, "active").await;
        let (own, first) = entered(&t, &client, PASSWORD).await;
        let change = |current: &str, next: &str| json!({ "current_password": current, "password": next, "password_confirmation": next });
        own.put("/me/password", change("wrong", NEXT)).await.assert_problem(422, "proof_invalid");
        own.put("/me/password", change(PASSWORD, PASSWORD)).await.assert_field("password", "password_reused");
        let (_, other) = entered(&t, &client, PASSWORD).await;
        own.put("/me/password", change(PASSWORD, NEXT)).await.assert_status(204);
        bearer(&t, first.str("/access_token")).await.unwrap();
        assert_eq!(refused(&t, other.str("/access_token")).await, "session_revoked");
        assert_eq!(outbox::recorded(t.conn(), Some("account.password_changed")).await.unwrap()[0].subject_type.as_deref(), Some("Affiliate"));
        // Forgotten: the same answer for everybody, a code, a ticket, a new password.
        for email in [EMAIL, "nobody@x.example"] {
            client.post("/affiliate/auth/password/forgot", json!({ "email": email })).await.assert_status(200);
        }
        let code = mailed_code(&t).await;
        assert_eq!(t.app.mailer.sent().len(), 1);
        let ask = |code: &str| json!({ "email": EMAIL, "code": code });
        client.post("/affiliate/auth/password/verify", ask(&wrong(&code))).await.assert_problem(422, "code_invalid");
        let ticket = client.post("/affiliate/auth/password/verify", ask(&code)).await.assert_status(200);
        let token = ticket.json.as_object().unwrap().values().find_map(|value| value.as_str().filter(|text| text.contains('.'))).unwrap().to_owned();
        let reset = |next: &str| json!({ "token": token, "password": next, "password_confirmation": next });
        client.post("/affiliate/auth/password/reset", reset(PASSWORD)).await.assert_field("password", "password_reused");
        client.post("/affiliate/auth/password/reset", reset("Third-Horse9!x")).await.assert_status(200);
        assert_eq!(refused(&t, first.str("/access_token")).await, "session_revoked");
        entered(&t, &client, "Third-Horse9!x").await;
    }

    async fn r_id_20_who_is_shut_out_and_who_may_only_read(t: TestApp) {
        let client = installed(&t).await;
        let id = with_password(&t, EMAIL, "active").await;
        countries(&t).await;
        let (own, tokens) = entered(&t, &client, PASSWORD).await;
        own.patch("/me", json!({ "phone_number": "+447700900123" })).await.assert_status(200);
        own.patch("/me", json!({ "first_name": "Bob" })).await.assert_field("first_name", "field_not_writable");
        own.post("/me/email", json!({ "email": "new@x.example" })).await.assert_problem(403, "forbidden");
        for status in ["suspended", "inactive"] {
            sql(&t, &format!("UPDATE affiliates SET status = '{status}'")).await;
            let (own, _) = entered(&t, &client, PASSWORD).await;
            assert_eq!(own.get("/me").await.assert_status(200).at("/affiliate/may_change"), &json!(false));
            own.patch("/me", json!({ "phone_number": "" })).await.assert_problem(403, "affiliate_read_only");
        }
        sql(&t, "UPDATE affiliates SET status = 'active', feature_flag_enabled = FALSE").await;
        assert_eq!(refused(&t, tokens.str("/access_token")).await, "feature_disabled", "the next call is refused");
        client.post("/affiliate/auth/login", credentials(EMAIL, PASSWORD)).await.assert_problem(403, "feature_disabled");
        client.post("/affiliate/auth/login", credentials(EMAIL, "wrong")).await.assert_problem(401, "invalid_credentials");
        sql(&t, &format!("UPDATE affiliates SET feature_flag_enabled = TRUE, deleted_at = CURRENT_TIMESTAMP WHERE id = '{id}'")).await;
        client.post("/affiliate/auth/login", credentials(EMAIL, PASSWORD)).await.assert_problem(403, "account_deactivated");
        // Invited, never came: there is no password yet, and none to forget.
        affiliate(&t, "late@x.example", "draft").await;
        client.post("/affiliate/auth/login", credentials("late@x.example", PASSWORD)).await.assert_problem(401, "invalid_credentials");
        client.post("/affiliate/auth/password/forgot", json!({ "email": "late@x.example" })).await.assert_status(200);
        run_jobs(&t).await;
        assert!(t.app.mailer.sent().is_empty());
    }

    async fn an_affiliate_reaches_its_portal_and_its_account_only(t: TestApp) {
        installed(&t).await;
        let id = with_password(&t, EMAIL, "active").await;
        let (actor, _) = signed_in(&t, Guard::Affiliate, id.any()).await;
        for (method, path) in [("GET", "/me"), ("PUT", "/me/password"), ("GET", "/affiliate/overview"), ("GET", "/countries"), ("GET", "/providers")] {
            require_reach(&actor, method, path).unwrap();
        }
        for (method, path) in [("GET", "/notifications"), ("GET", "/quotes/7"), ("POST", "/inquiries"), ("GET", "/provider/team"), ("GET", "/admin/users")] {
            assert_eq!(require_reach(&actor, method, path).unwrap_err().code, "wrong_guard", "{method} {path}");
        }
        require_reach(&Actor::anonymous(), "GET", "/quotes/7").unwrap();
    }

    async fn an_affiliate_in_a_browser(t: TestApp) {
        installed(&t).await;
        countries(&t).await;
        with_password(&t, EMAIL, "active").await;
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let browser = t.client(identity::pages().layer(Extension(token)));
        assert!(browser.get("/affiliate/login").await.assert_status(200).text().contains("href=\"/affiliate/forgot\""));
        let page = browser.get("/affiliate/forgot").await.assert_status(200).text();
        assert!(page.contains("action=\"/affiliate/forgot\"") && !page.contains("set-password"), "{page}");
        assert_eq!(location(&browser.get("/affiliate/account").await.assert_status(303)), "/affiliate/login?next=/affiliate/account");
        let signed = browser.form("/affiliate/login", &[("_csrf", &csrf), ("login", EMAIL), ("password", PASSWORD)]).await.assert_status(303);
        assert_eq!(location(&signed), "/affiliate");
        let cookie = signed.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("cookie", cookie.parse().unwrap());
        let own = browser.as_actor(resolve(&t.app, &headers).await.unwrap());
        let page = own.get("/affiliate/account").await.assert_status(200).text();
        for part in ["Ada Travels", EMAIL, "Ask your manager", "action=\"/affiliate/account/password\"", "action=\"/affiliate/account/sign-out\"", "This device"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("/affiliate/account/email") && !page.contains("/affiliate/account/image") && !page.contains("/mfa/begin"));
        let typed = [("_csrf", csrf.as_str()), ("phone_number", "12")];
        assert!(own.form("/affiliate/account/about", &typed).await.assert_status(422).text().contains("value=\"12\""));
        let typed = [("_csrf", csrf.as_str()), ("phone_number", "+447700900123")];
        assert_eq!(location(&own.form("/affiliate/account/about", &typed).await.assert_status(303)), "/affiliate/account?done=profile-saved");
        let typed = [("_csrf", csrf.as_str()), ("current_password", PASSWORD), ("password", NEXT), ("password_confirmation", NEXT)];
        assert_eq!(location(&own.form("/affiliate/account/password", &typed).await.assert_status(303)), "/affiliate/account?done=password-changed");
        t.conn().execute_unprepared("UPDATE affiliates SET status = 'suspended'").await.unwrap();
        assert!(own.get("/affiliate/account").await.assert_status(200).text().contains("Your account is paused"));
        let out = own.form("/affiliate/account/sign-out", &[("_csrf", &csrf)]).await.assert_status(303);
        assert!(location(&out).starts_with("/affiliate/login"));
        assert!(!resolve(&t.app, &headers).await.unwrap().is_signed_in());
        // The three steps of a forgotten password lead back in.
        let begun = browser.form("/affiliate/forgot", &[("_csrf", &csrf), ("email", EMAIL)]).await.assert_status(303);
        assert_eq!(location(&begun), "/affiliate/forgot/code");
        let way = begun.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let code = mailed_code(&t).await;
        let asked = browser.header("cookie", &way).form("/affiliate/forgot/code", &[("_csrf", &csrf), ("code", &code)]).await.assert_status(303);
        assert_eq!(location(&asked), "/affiliate/forgot/new");
        let way = asked.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let typed = [("_csrf", csrf.as_str()), ("password", "Third-Horse9!x"), ("password_confirmation", "Third-Horse9!x")];
        let done = browser.header("cookie", &way).form("/affiliate/forgot/new", &typed).await.assert_status(303);
        assert_eq!(location(&done).split('?').next().unwrap(), "/affiliate");
    }
}
