//! Registration (R-ID-01..10).

use identity::entity::{account_states, one_time_codes, patient_consents, patients};
use kernel::Guard;
use platform::jobs::Registry;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use testkit::TestApp;

use crate::support::*;

testkit::both! {
    // R-ID-04: the next code kills the one before. R-ID-05: a minute between sends, five within the hour. R-ID-10: both consents
    // stand with the account.
    async fn golden_1_codes(t: TestApp) {
        let client = installed(&t).await;
        t.at("2026-03-02T09:00:00Z");
        let reply = client.post("/patient/auth/register", registration("mark@example.com")).await.assert_status(202);
        let token = reply.str("/registration_token").to_owned();
        let resend = json!({ "registration_token": token });
        t.at("2026-03-02T09:00:30Z");
        let early = client.post("/patient/auth/register/resend", &resend).await.assert_problem(429, "code_too_often");
        assert_eq!(early.get::<u64>("/retry_after"), 30);
        let mut codes = Vec::new();
        for minute in 1..=4 {
            t.at(&format!("2026-03-02T09:0{minute}:00Z"));
            client.post("/patient/auth/register/resend", &resend).await.assert_status(202);
            codes.push(mailed_code(&t).await);
        }
        t.at("2026-03-02T09:05:00Z");
        let full = client.post("/patient/auth/register/resend", &resend).await.assert_problem(429, "code_too_often");
        assert_eq!(full.get::<u64>("/retry_after"), 3300);
        // Four of the five went out before their successor was made; the first died unsent.
        assert_eq!(t.app.mailer.sent().len(), 4);

        let verify = |code: &str| json!({ "registration_token": token, "code": code });
        client.post("/patient/auth/register/verify", verify(&codes[2])).await.assert_problem(422, "code_invalid");
        t.at("2026-03-02T09:18:59Z");
        let reply = client.post("/patient/auth/register/verify", verify(&codes[3])).await.assert_status(200);
        let actor = bearer(&t, reply.str("/access_token")).await.unwrap();
        assert_eq!(actor.guard(), Some(Guard::Patient));

        let patient = patients::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(patient.patient_code.as_deref(), Some("PAT-001"));
        assert_eq!((patient.email_verified_at, patient.activation_code), (Some(t.now()), None));
        let consents = patient_consents::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(consents.len(), 2);
        let state = account_states::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(state.state, account_states::AccountState::Active);
    }

    async fn r_id_03_a_code_ends_after_fifteen_minutes(t: TestApp) {
        let client = installed(&t).await;
        t.at("2026-03-02T09:04:00Z");
        let reply = client.post("/patient/auth/register", registration("mark@example.com")).await;
        let body = json!({ "registration_token": reply.str("/registration_token"), "code": mailed_code(&t).await });
        t.at("2026-03-02T09:19:00Z");
        client.post("/patient/auth/register/verify", &body).await.assert_problem(422, "code_invalid");
        t.at("2026-03-02T09:18:59Z");
        client.post("/patient/auth/register/verify", &body).await.assert_status(200);
        // Single use.
        client.post("/patient/auth/register/verify", &body).await.assert_problem(422, "code_invalid");
    }

    async fn r_id_06_five_wrong_tries_kill_a_code(t: TestApp) {
        let client = installed(&t).await;
        let reply = client.post("/patient/auth/register", registration("mark@example.com")).await;
        let token = reply.str("/registration_token").to_owned();
        let code = mailed_code(&t).await;
        let verify = |code: &str| json!({ "registration_token": token, "code": code });
        for _ in 0..5 {
            let body = verify(&wrong(&code));
            client.post("/patient/auth/register/verify", body).await.assert_problem(422, "code_invalid");
        }
        client.post("/patient/auth/register/verify", verify(&code)).await.assert_problem(422, "code_invalid");
    }

    /// The number is the one of the settings.
    async fn r_id_06_as_many_wrong_tries_as_the_settings_say_kill_a_code(t: TestApp) {
        let client = installed(&t).await;
        let chief = identity::seed::admin(&t.app, identity::seed::AdminSpec::super_admin("root@hairline.example")).await.unwrap();
        let changes = platform::settings::Changes::new().with(&identity::settings::MAX_LOGIN_ATTEMPTS, 3);
        platform::settings::set(&t.app, &testkit::actors::super_admin(chief), "auth", changes, "Fewer tries for strangers.").await.unwrap();
        for (number, (tries, status)) in [(2, 200), (3, 422)].into_iter().enumerate() {
            let email = format!("mark{number}@example.com");
            let reply = client.post("/patient/auth/register", registration(&email)).await;
            let token = reply.str("/registration_token").to_owned();
            let code = mailed_code(&t).await;
            let verify = |code: &str| json!({ "registration_token": token, "code": code });
            for _ in 0..tries {
                client.post("/patient/auth/register/verify", verify(&wrong(&code))).await.assert_status(422);
            }
            client.post("/patient/auth/register/verify", verify(&code)).await.assert_status(status);
        }
    }

    async fn r_id_08_token_and_code_are_both_needed(t: TestApp) {
        let client = installed(&t).await;
        client.post("/patient/auth/register", registration("mark@example.com")).await.assert_status(202);
        let code = mailed_code(&t).await;
        let other = client.post("/patient/auth/register", registration("other@example.com")).await;
        let body = json!({ "registration_token": other.str("/registration_token"), "code": code });
        client.post("/patient/auth/register/verify", body).await.assert_problem(422, "code_invalid");
        let body = json!({ "registration_token": "0".repeat(64), "code": code });
        client.post("/patient/auth/register/verify", body).await.assert_problem(422, "code_invalid");
    }

    async fn r_id_10_all_faulty_fields_come_at_once_and_terms_are_one(t: TestApp) {
        let client = installed(&t).await;
        let body = json!({
            "first_name": "M", "last_name": "2nd", "email": "nobody", "password": "short",
            "password_confirmation": "other", "terms_accepted": false
        });
        client
            .post("/patient/auth/register", body)
            .await
            .assert_problem(422, "validation_failed")
            .assert_field("first_name", "name_length")
            .assert_field("last_name", "name_invalid")
            .assert_field("email", "email_invalid")
            .assert_field("password", "password_too_short")
            .assert_field("password_confirmation", "password_mismatch")
            .assert_field("terms_accepted", "terms_required");
        assert_eq!(patients::Entity::find().count(t.conn()).await.unwrap(), 0);
    }

    async fn r_id_09_a_known_address_looks_like_success_and_its_owner_is_told(t: TestApp) {
        let client = installed(&t).await;
        let before = patient(&t, "mark@example.com").await;
        let body = registration("Mark@Example.com");
        let reply = client.post("/patient/auth/register", body).await.assert_status(202);
        let new = client.post("/patient/auth/register", registration("new@example.com")).await.assert_status(202);
        assert_eq!(reply.str("/registration_token").len(), new.str("/registration_token").len());
        run_jobs(&t).await;
        let mails = t.app.mailer.sent();
        let notice = mails.iter().find(|mail| mail.to == "mark@example.com").expect("a notice");
        assert!(!notice.text.chars().any(|c| c.is_ascii_digit()), "no code in {}", notice.text);
        let after = patients::Entity::find_by_id(before.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(before, after);
        // The throttle is the same as for a new address.
        let body = registration("mark@example.com");
        client.post("/patient/auth/register", body).await.assert_problem(429, "code_too_often");
    }

    async fn r_id_08_registering_an_unverified_address_again_replaces_it(t: TestApp) {
        let client = installed(&t).await;
        let first = client.post("/patient/auth/register", registration("mark@example.com")).await;
        let old_code = mailed_code(&t).await;
        t.advance(chrono::Duration::minutes(2));
        let mut body = registration("mark@example.com");
        body["first_name"] = json!("Marcus");
        let second = client.post("/patient/auth/register", body).await.assert_status(202);
        let code = mailed_code(&t).await;
        let old = json!({ "registration_token": first.str("/registration_token"), "code": old_code });
        client.post("/patient/auth/register/verify", old).await.assert_problem(422, "code_invalid");
        let body = json!({ "registration_token": second.str("/registration_token"), "code": code });
        client.post("/patient/auth/register/verify", body).await.assert_status(200);
        let all = patients::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!((all.len(), all[0].first_name.as_str()), (1, "Marcus"));
    }

    async fn r_id_08_a_login_before_the_code_gives_a_fresh_token(t: TestApp) {
        let client = installed(&t).await;
        client.post("/patient/auth/register", registration("mark@example.com")).await.assert_status(202);
        let code = mailed_code(&t).await;
        let reply = client
            .post("/patient/auth/login", credentials("mark@example.com", PASSWORD))
            .await
            .assert_problem(403, "email_unverified");
        let body = json!({ "registration_token": reply.str("/registration_token"), "code": code });
        client.post("/patient/auth/register/verify", body).await.assert_status(200);
    }

    async fn r_id_07_no_payload_and_no_row_keeps_the_digits(t: TestApp) {
        let client = installed(&t).await;
        client.post("/patient/auth/register", registration("mark@example.com")).await.assert_status(202);
        let jobs = platform::entity::jobs::Entity::find().all(t.conn()).await.unwrap();
        let waiting = one_time_codes::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert!(waiting.payload.is_some());
        let code = mailed_code(&t).await;
        assert!(!format!("{jobs:?}").contains(&code));
        let sent = one_time_codes::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert!(sent.payload.is_none());
        assert_ne!(sent.code_hash.as_deref(), Some(code.as_str()));
        // The job may run twice and sends nothing more.
        run_jobs(&t).await;
        assert_eq!(t.app.mailer.sent().len(), 1);
    }

    // Section 10: a mail that fails after the commit is tried again, and brings the same code.
    async fn a_mail_that_fails_comes_later_with_the_same_code(t: TestApp) {
        let client = installed(&t).await;
        let reply = client.post("/patient/auth/register", registration("mark@example.com")).await.assert_status(202);
        sql(&t, "UPDATE one_time_codes SET address = 'no address'").await;
        let failures = t.try_run_jobs(&Registry { kinds: identity::jobs(), ..Registry::default() }).await;
        assert!(!failures.is_empty() && t.app.mailer.sent().is_empty());
        let before = one_time_codes::Entity::find().one(t.conn()).await.unwrap().unwrap();
        sql(&t, "UPDATE one_time_codes SET address = 'mark@example.com'").await;
        t.advance(chrono::Duration::minutes(5));
        // Whatever became of the job, another try of it finds what it needs.
        let payload = json!({ "code_id": before.id, "locale": "en", "minutes": 15 });
        platform::write_txn!(t.app.db, |txn| {
            platform::jobs::enqueue(txn, &t.app, "identity.mail_code", payload.clone(), Default::default()).await
        }).unwrap();
        let code = mailed_code(&t).await;
        assert_eq!(t.app.mailer.sent().len(), 1);
        let after = one_time_codes::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!((after.len(), &after[0].code_hash), (1, &before.code_hash));
        let body = json!({ "registration_token": reply.str("/registration_token"), "code": code });
        client.post("/patient/auth/register/verify", body).await.assert_status(200);
    }

    async fn two_registrations_at_once_make_one_account(t: TestApp) {
        let client = installed(&t).await;
        let (a, b) = tokio::join!(
            client.post("/patient/auth/register", registration("mark@example.com")),
            client.post("/patient/auth/register", registration("mark@example.com")),
        );
        // The second either lost the race for the address or came a moment later and met the throttle.
        let statuses = [a.status, b.status];
        assert!(statuses.iter().any(|status| *status == 202), "{statuses:?}");
        assert!(statuses.iter().all(|status| [202, 429].contains(&status.as_u16())), "{statuses:?}");
        assert_eq!(patients::Entity::find().count(t.conn()).await.unwrap(), 1);
        assert_eq!(one_time_codes::Entity::find().count(t.conn()).await.unwrap(), 1);
    }

    async fn two_verifications_at_once_open_one_session(t: TestApp) {
        let client = installed(&t).await;
        let reply = client.post("/patient/auth/register", registration("mark@example.com")).await;
        let body = json!({ "registration_token": reply.str("/registration_token"), "code": mailed_code(&t).await });
        let (a, b) = tokio::join!(
            client.post("/patient/auth/register/verify", &body),
            client.post("/patient/auth/register/verify", &body),
        );
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
        assert_eq!(identity::entity::auth_sessions::Entity::find().count(t.conn()).await.unwrap(), 1);
    }

    async fn a_taken_username_is_said(t: TestApp) {
        let client = installed(&t).await;
        let mut body = registration("mark@example.com");
        body["username"] = json!("mark.p");
        client.post("/patient/auth/register", &body).await.assert_status(202);
        body["email"] = json!("other@example.com");
        client.post("/patient/auth/register", &body).await.assert_status(422).assert_field("username", "username_taken");
    }

    /// R-ID-09: a name is taken against everybody. Otherwise its owner's address would be the one with which it is not.
    async fn a_name_does_not_tell_whose_it_is(t: TestApp) {
        let client = installed(&t).await;
        let mut body = registration("mark@example.com");
        body["username"] = json!("mark.p");
        client.post("/patient/auth/register", &body).await.assert_status(202);
        // Not yet open: whoever begins again may keep the name, or take another one.
        t.advance(std::time::Duration::from_secs(61));
        body["username"] = json!("mark.peterson");
        let reply = client.post("/patient/auth/register", &body).await.assert_status(202);
        let code = json!({ "registration_token": reply.str("/registration_token"), "code": mailed_code(&t).await });
        client.post("/patient/auth/register/verify", &code).await.assert_status(200);
        let kept = patients::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(kept.username, "mark.peterson");
        t.advance(std::time::Duration::from_secs(61));
        for email in ["mark@example.com", "other@example.com"] {
            body["email"] = json!(email);
            client.post("/patient/auth/register", &body).await.assert_status(422).assert_field("username", "username_taken");
        }
    }
}
