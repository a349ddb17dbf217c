//! The second factor (R-ID-27, 28).

use identity::rules::totp;
use kernel::Guard;
use serde_json::json;
use testkit::TestApp;

use crate::support::*;

testkit::both! {
    async fn a_clinic_member_signs_in_with_password_and_code(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let login = || client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD));
        let reply = login().await.assert_status(200);
        assert_eq!(reply.str("/next"), "mfa");
        let ticket = reply.str("/mfa_token").to_owned();
        // The ticket opens nothing but the second step.
        assert_eq!(refused(&t, &ticket).await, "token_invalid");
        let code = totp::code_at(SECRET, t.now()).unwrap();
        let step = json!({ "mfa_token": ticket, "code": code });
        // Not on another guard.
        client.post("/admin/auth/mfa", &step).await.assert_problem(422, "code_invalid");
        let reply = client.post("/provider/auth/mfa", &step).await.assert_status(200);
        let actor = bearer(&t, reply.str("/access_token")).await.unwrap();
        assert_eq!(actor.provider().unwrap().1, clinic);
        assert_eq!(actor.role.as_deref(), Some("provider_manager"));
        assert_eq!(actor.permissions().count(), 37);
        client.post("/provider/auth/mfa", &step).await.assert_problem(422, "code_invalid");
        // Each step counts once, also for the next login.
        let ticket = login().await.str("/mfa_token").to_owned();
        let again = json!({ "mfa_token": ticket, "code": code });
        client.post("/provider/auth/mfa", again).await.assert_problem(422, "code_invalid");
        t.advance(chrono::Duration::seconds(30));
        let next = json!({ "mfa_token": ticket, "code": totp::code_at(SECRET, t.now()).unwrap() });
        client.post("/provider/auth/mfa", next).await.assert_status(200);
    }

    async fn r_id_28_a_ticket_lives_five_minutes_and_five_wrong_codes(t: TestApp) {
        let client = installed(&t).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let login = || client.post("/admin/auth/login", credentials("chief@hairline.example", PASSWORD));
        let ticket = login().await.str("/mfa_token").to_owned();
        t.advance(chrono::Duration::minutes(5));
        let late = json!({ "mfa_token": ticket, "code": totp::code_at(SECRET, t.now()).unwrap() });
        client.post("/admin/auth/mfa", late).await.assert_problem(422, "code_invalid");
        let ticket = login().await.str("/mfa_token").to_owned();
        let wrong = wrong(&totp::code_at(SECRET, t.now()).unwrap());
        for _ in 0..5 {
            let body = json!({ "mfa_token": ticket, "code": wrong });
            client.post("/admin/auth/mfa", body).await.assert_problem(422, "code_invalid");
        }
        let right = json!({ "mfa_token": ticket, "code": totp::code_at(SECRET, t.now()).unwrap() });
        client.post("/admin/auth/mfa", right).await.assert_problem(422, "code_invalid");
        // Each counted as a failure of the login, which is locked now.
        login().await.assert_problem(423, "account_locked");
    }

    async fn a_guess_begun_before_the_lock_opens_nothing_after_it(t: TestApp) {
        // R-ID-24: of guesses sent side by side the right one may be the last to arrive.
        let client = installed(&t).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let login = |password| client.post("/admin/auth/login", credentials("chief@hairline.example", password));
        let ticket = login(PASSWORD).await.str("/mfa_token").to_owned();
        for _ in 0..5 {
            login("Wrong-Horse7!").await.assert_problem(401, "invalid_credentials");
        }
        let right = json!({ "mfa_token": ticket, "code": totp::code_at(SECRET, t.now()).unwrap() });
        client.post("/admin/auth/mfa", &right).await.assert_problem(423, "account_locked");
        assert_eq!(audited(&t, "login.locked").await, 1);

        // The same for whoever was setting the app up.
        admin(&t, "new@hairline.example", None).await;
        let new = |password| client.post("/admin/auth/login", credentials("new@hairline.example", password));
        let ticket = new(PASSWORD).await.str("/mfa_token").to_owned();
        let body = json!({ "mfa_token": ticket, "guard": "admin" });
        let secret = client.post("/me/mfa/totp", body).await.assert_status(200).str("/secret").to_owned();
        for _ in 0..5 {
            new("Wrong-Horse7!").await.assert_problem(401, "invalid_credentials");
        }
        let code = totp::code_at(&secret, t.now()).unwrap();
        let first = json!({ "mfa_token": ticket, "guard": "admin", "code": code });
        client.post("/me/mfa/confirm", first).await.assert_problem(423, "account_locked");
        assert_eq!(audited(&t, "login.locked").await, 2);

        t.advance(chrono::Duration::minutes(15));
        let ticket = login(PASSWORD).await.str("/mfa_token").to_owned();
        let right = json!({ "mfa_token": ticket, "code": totp::code_at(SECRET, t.now()).unwrap() });
        client.post("/admin/auth/mfa", right).await.assert_status(200);
    }

    // R-ID-15, R-ID-37: whoever knew the old password keeps nothing they won with it, neither a place before the code nor a
    // set-up of their own app.
    async fn a_new_password_ends_logins_that_wait(t: TestApp) {
        let client = installed(&t).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        admin(&t, "new@hairline.example", None).await;
        let login = |login| client.post("/admin/auth/login", credentials(login, PASSWORD));
        let code = login("chief@hairline.example").await.assert_status(200).str("/mfa_token").to_owned();
        let enrolment = login("new@hairline.example").await.assert_status(200).str("/mfa_token").to_owned();
        let body = json!({ "mfa_token": enrolment, "guard": "admin" });
        let thiefs = client.post("/me/mfa/totp", &body).await.assert_status(200).str("/secret").to_owned();
        for email in ["chief@hairline.example", "new@hairline.example"] {
            client.post("/admin/auth/password/forgot", json!({ "email": email })).await.assert_status(200);
            let given = json!({ "email": email, "code": mailed_code(&t).await });
            let ticket = client.post("/admin/auth/password/verify", given).await.assert_status(200).str("/reset_token").to_owned();
            let new = json!({ "token": ticket, "password": "Second-Horse8?", "password_confirmation": "Second-Horse8?" });
            client.post("/admin/auth/password/reset", new).await.assert_status(204);
        }
        let late = json!({ "mfa_token": code, "code": totp::code_at(SECRET, t.now()).unwrap() });
        client.post("/admin/auth/mfa", late).await.assert_problem(422, "code_invalid");
        let late = json!({ "mfa_token": enrolment, "guard": "admin", "code": totp::code_at(&thiefs, t.now()).unwrap() });
        client.post("/me/mfa/confirm", late).await.assert_problem(422, "code_invalid");
    }

    async fn a_suspended_account_finishes_no_set_up(t: TestApp) {
        let client = installed(&t).await;
        let new = admin(&t, "new@hairline.example", None).await;
        let reply = client.post("/admin/auth/login", credentials("new@hairline.example", PASSWORD)).await.assert_status(200);
        let ticket = reply.str("/mfa_token").to_owned();
        let made = client.post("/me/mfa/totp", json!({ "mfa_token": ticket, "guard": "admin" })).await.assert_status(200);
        sql(&t, &format!("UPDATE account_states SET state = 'suspended' WHERE model_id = '{new}'")).await;
        let code = totp::code_at(made.str("/secret"), t.now()).unwrap();
        let right = json!({ "mfa_token": ticket, "guard": "admin", "code": code });
        client.post("/me/mfa/confirm", right).await.assert_problem(403, "account_suspended");
    }

    async fn staff_must_enrol_before_they_are_in(t: TestApp) {
        let client = installed(&t).await;
        admin(&t, "chief@hairline.example", None).await;
        let login = || client.post("/admin/auth/login", credentials("chief@hairline.example", PASSWORD));
        let reply = login().await.assert_status(200);
        assert_eq!(reply.str("/next"), "mfa_enrolment");
        let ticket = reply.str("/mfa_token").to_owned();
        let made = client.post("/me/mfa/totp", json!({ "mfa_token": ticket, "guard": "admin" })).await.assert_status(200);
        let secret = made.str("/secret").to_owned();
        assert!(made.str("/otpauth_uri").contains(&secret));
        let code = totp::code_at(&secret, t.now()).unwrap();
        let bad = json!({ "mfa_token": ticket, "guard": "admin", "code": wrong(&code) });
        client.post("/me/mfa/confirm", bad).await.assert_problem(422, "code_invalid");
        let good = json!({ "mfa_token": ticket, "guard": "admin", "code": code });
        let done = client.post("/me/mfa/confirm", &good).await.assert_status(200);
        let recovery: Vec<String> = done.get("/recovery_codes");
        assert_eq!((recovery.len(), recovery[0].len()), (10, 10));
        let actor = bearer(&t, done.str("/session/access_token")).await.unwrap();
        assert_eq!((actor.guard(), actor.permissions().count()), (Some(Guard::Api), 82));
        // From now on a code is due; a recovery code takes its place once.
        let reply = login().await;
        assert_eq!(reply.str("/next"), "mfa");
        let lost = json!({ "mfa_token": reply.str("/mfa_token"), "recovery_code": format!(" {}-{}", &recovery[3][..5], recovery[3][5..].to_lowercase()) });
        client.post("/admin/auth/mfa", &lost).await.assert_status(200);
        let ticket = login().await.str("/mfa_token").to_owned();
        let again = json!({ "mfa_token": ticket, "recovery_code": recovery[3] });
        client.post("/admin/auth/mfa", again).await.assert_problem(422, "code_invalid");
    }

    async fn a_set_up_waits_ten_minutes_for_its_first_code(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", None).await;
        let begin = async || {
            let ticket = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await.str("/mfa_token").to_owned();
            let made = client.post("/me/mfa/totp", json!({ "mfa_token": ticket, "guard": "provider" })).await.assert_status(200);
            assert_eq!(made.get::<i64>("/expires_in"), 600);
            (ticket, made.str("/secret").to_owned())
        };
        let confirm = async |(ticket, secret): (String, String)| {
            let code = totp::code_at(&secret, t.now()).unwrap();
            client.post("/me/mfa/confirm", json!({ "mfa_token": ticket, "guard": "provider", "code": code })).await
        };
        let begun = begin().await;
        t.advance(chrono::Duration::seconds(600));
        let late = confirm(begun).await;
        assert!(!late.status.is_success(), "{}", late.text());
        let begun = begin().await;
        t.advance(chrono::Duration::seconds(599));
        confirm(begun).await.assert_status(200);
    }

    async fn r_id_28_new_recovery_codes_end_the_earlier_ones_and_need_a_fresh_login(t: TestApp) {
        let client = installed(&t).await;
        admin(&t, "chief@hairline.example", None).await;
        let login = || client.post("/admin/auth/login", credentials("chief@hairline.example", PASSWORD));
        let ticket = login().await.str("/mfa_token").to_owned();
        let made = client.post("/me/mfa/totp", json!({ "mfa_token": ticket, "guard": "admin" })).await;
        let code = totp::code_at(made.str("/secret"), t.now()).unwrap();
        let good = json!({ "mfa_token": ticket, "guard": "admin", "code": code });
        let done = client.post("/me/mfa/confirm", good).await.assert_status(200);
        let first: Vec<String> = done.get("/recovery_codes");
        let actor = bearer(&t, done.str("/session/access_token")).await.unwrap();
        let me = client.as_actor(actor);
        me.post("/me/mfa/totp", json!({})).await.assert_problem(409, "mfa_already_on");
        me.post("/me/mfa/recovery-codes", json!({})).await.assert_status(200);
        let lost = json!({ "mfa_token": login().await.str("/mfa_token"), "recovery_code": first[0] });
        client.post("/admin/auth/mfa", lost).await.assert_problem(422, "code_invalid");
        t.advance(chrono::Duration::seconds(301));
        me.post("/me/mfa/recovery-codes", json!({})).await.assert_problem(403, "reauth_required");
    }

    async fn r_id_27_providers_may_be_let_off_by_a_setting_and_patients_have_none(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", None).await;
        let chief = admin(&t, "chief@hairline.example", None).await;
        let login = || client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD));
        assert_eq!(login().await.str("/next"), "mfa_enrolment");
        let changes = platform::settings::Changes::new().with(&identity::settings::MFA_PROVIDER_ENFORCED, false);
        let chief = testkit::actors::super_admin(chief);
        platform::settings::set(&t.app, &chief, "auth", changes, "The clinics asked for it").await.unwrap();
        t.app.settings.refresh().await;
        assert_eq!(login().await.str("/next"), "session");
        let patient = patient(&t, "mark@example.com").await;
        let me = client.as_actor(testkit::actors::patient(patient.id));
        me.post("/me/mfa/totp", json!({})).await.assert_problem(403, "forbidden");
    }
}
