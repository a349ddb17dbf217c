//! Fresh proof of identity (R-ID-14, R-ID-29).

use chrono::Duration;
use identity::reauth;
use identity::rules::totp;
use serde_json::json;
use testkit::TestApp;

use crate::support::*;

testkit::both! {
    async fn r_id_29_a_proof_holds_five_minutes(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let reply = client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_status(200);
        let actor = bearer(&t, reply.str("/access_token")).await.unwrap();
        let me = client.as_actor(actor.clone());
        t.advance(Duration::minutes(5));
        reauth::require_fresh(t.conn(), &t.app, &actor).await.unwrap();
        t.advance(Duration::seconds(1));
        assert_eq!(reauth::require_fresh(t.conn(), &t.app, &actor).await.unwrap_err().code, "reauth_required");
        me.post("/patient/auth/reauth", json!({ "password": "wrong" })).await.assert_problem(422, "proof_invalid");
        me.post("/patient/auth/reauth", json!({})).await.assert_problem(422, "validation_failed");
        // The proof belongs to the guard of the session.
        me.post("/provider/auth/reauth", json!({ "password": PASSWORD })).await.assert_problem(401, "wrong_guard");
        assert_eq!(reauth::require_fresh(t.conn(), &t.app, &actor).await.unwrap_err().code, "reauth_required");
        me.post("/patient/auth/reauth", json!({ "password": PASSWORD })).await.assert_status(200);
        reauth::require_fresh(t.conn(), &t.app, &actor).await.unwrap();
        client.post("/patient/auth/reauth", json!({ "password": PASSWORD })).await.assert_problem(401, "unauthenticated");
    }

    async fn wrong_proofs_count_as_failed_logins(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let login = || client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD));
        let reply = login().await.assert_status(200);
        let me = client.as_actor(bearer(&t, reply.str("/access_token")).await.unwrap());
        for _ in 0..5 {
            me.post("/patient/auth/reauth", json!({ "password": "wrong" })).await.assert_problem(422, "proof_invalid");
        }
        me.post("/patient/auth/reauth", json!({ "password": PASSWORD })).await.assert_problem(423, "account_locked");
        login().await.assert_problem(423, "account_locked");
    }

    async fn a_patient_may_prove_by_a_mailed_code(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let reply = client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_status(200);
        let actor = bearer(&t, reply.str("/access_token")).await.unwrap();
        let me = client.as_actor(actor.clone());
        t.advance(Duration::minutes(6));
        me.post("/patient/auth/reauth/code", json!({})).await.assert_status(202);
        me.post("/patient/auth/reauth/code", json!({})).await.assert_problem(429, "code_too_often");
        let code = mailed_code(&t).await;
        me.post("/patient/auth/reauth", json!({ "code": wrong(&code) })).await.assert_problem(422, "proof_invalid");
        me.post("/patient/auth/reauth", json!({ "code": code })).await.assert_status(200);
        reauth::require_fresh(t.conn(), &t.app, &actor).await.unwrap();
        // Once.
        me.post("/patient/auth/reauth", json!({ "code": code })).await.assert_problem(422, "proof_invalid");
    }

    async fn staff_prove_with_password_and_app(t: TestApp) {
        let client = installed(&t).await;
        let chief = admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let ticket = client.post("/admin/auth/login", credentials("chief@hairline.example", PASSWORD)).await;
        let step = json!({ "mfa_token": ticket.str("/mfa_token"), "code": totp::code_at(SECRET, t.now()).unwrap() });
        let reply = client.post("/admin/auth/mfa", step).await.assert_status(200);
        let actor = bearer(&t, reply.str("/access_token")).await.unwrap();
        assert_eq!(actor.admin().unwrap(), chief);
        let me = client.as_actor(actor.clone());
        t.advance(Duration::minutes(6));
        // One text for all that may be wrong: the password alone, a wrong code, a wrong password.
        let code = totp::code_at(SECRET, t.now()).unwrap();
        for body in [
            json!({ "password": PASSWORD }),
            json!({ "password": PASSWORD, "code": wrong(&code) }),
            json!({ "password": "wrong", "code": code }),
            json!({ "code": code }),
        ] {
            me.post("/admin/auth/reauth", body).await.assert_problem(422, "proof_invalid");
        }
        me.post("/admin/auth/reauth/code", json!({})).await.assert_problem(403, "forbidden");
        me.post("/admin/auth/reauth", json!({ "password": PASSWORD, "code": code })).await.assert_status(200);
        reauth::require_fresh(t.conn(), &t.app, &actor).await.unwrap();
    }
}
