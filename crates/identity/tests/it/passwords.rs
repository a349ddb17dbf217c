//! Passwords: history, change, reset, forced reset, first password (R-ID-12..18, R-ID-37).

use chrono::Duration;
use identity::entity::{code_sends, password_histories, password_reset_tokens_for_all_users};
use identity::rules::totp;
use kernel::ids::PatientId;
use platform::db::count_statements;
use platform::outbox;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors};

use crate::support::*;

const NEXT: &str = "Second-Horse8?";

fn new_password(token: &str, password: &str) -> Value {
    json!({ "token": token, "password": password, "password_confirmation": password })
}

fn change(current: &str, password: &str) -> Value {
    json!({ "current_password": current, "password": password, "password_confirmation": password })
}

async fn signed_in(t: &TestApp, client: &Client, login: &str, password: &str) -> (Client, String) {
    let reply = client.post("/patient/auth/login", credentials(login, password)).await.assert_status(200);
    let token = reply.str("/access_token").to_owned();
    (client.as_actor(bearer(t, &token).await.unwrap()), token)
}

async fn ticket(t: &TestApp, client: &Client, guard: &str, email: &str) -> String {
    client.post(&format!("/{guard}/auth/password/forgot"), json!({ "email": email })).await.assert_status(200);
    let code = mailed_code(t).await;
    let body = json!({ "email": email, "code": code });
    let reply = client.post(&format!("/{guard}/auth/password/verify"), body).await.assert_status(200);
    reply.str("/reset_token").to_owned()
}

testkit::both! {
    // R-ID-13: none of the five newest. R-ID-14: the others end, the acting session stays.
    async fn golden_4_history(t: TestApp) {
        let client = installed(&t).await;
        let p = |n: usize| format!("Horse-Number-{n}!");
        patient(&t, "mark@example.com").await;
        let (mut me, _) = signed_in(&t, &client, "mark@example.com", PASSWORD).await;
        let mut current = PASSWORD.to_owned();
        // The seeded password is none of the six.
        for n in 1..=6 {
            t.advance(Duration::minutes(1));
            me.put("/me/password", change(&current, &p(n))).await.assert_status(204);
            current = p(n);
        }
        assert_eq!(password_histories::Entity::find().count(t.conn()).await.unwrap(), 5, "the five newest are kept");
        me.put("/me/password", change(&p(6), &p(2))).await.assert_problem(422, "validation_failed").assert_field("password", "password_reused");
        me.put("/me/password", change(&p(6), &p(6))).await.assert_field("password", "password_reused");
        let (_, second) = signed_in(&t, &client, "mark@example.com", &p(6)).await;
        let (_, third) = signed_in(&t, &client, "mark@example.com", &p(6)).await;
        let (acting, own) = signed_in(&t, &client, "mark@example.com", &p(6)).await;
        me = acting;
        t.advance(Duration::minutes(1));
        me.put("/me/password", change(&p(6), &p(1))).await.assert_status(204);
        // The others end, the acting one stays.
        for other in [second, third] {
            assert_eq!(refused(&t, &other).await, "session_revoked");
        }
        bearer(&t, &own).await.unwrap();
        for n in [3, 4, 5, 6, 1] {
            me.put("/me/password", change(&p(1), &p(n))).await.assert_field("password", "password_reused");
        }
        t.advance(Duration::minutes(1));
        me.put("/me/password", change(&p(1), &p(2))).await.assert_status(204);
        let told = outbox::recorded(t.conn(), Some("account.password_changed")).await.unwrap();
        assert_eq!(told.len(), 8);
    }

    async fn r_id_14_a_change_tells_not_what_was_wrong_and_counts_as_a_failed_login(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let step = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await;
        let code = totp::code_at(SECRET, t.now()).unwrap();
        let proof = json!({ "mfa_token": step.str("/mfa_token"), "code": code });
        let reply = client.post("/provider/auth/mfa", proof).await.assert_status(200);
        let me = client.as_actor(bearer(&t, reply.str("/access_token")).await.unwrap());
        t.advance(Duration::minutes(6));
        let with_code = |current: &str, code: &str| {
            let mut body = change(current, NEXT);
            body["code"] = json!(code);
            body
        };
        let code = totp::code_at(SECRET, t.now()).unwrap();
        for body in [change(PASSWORD, NEXT), with_code(PASSWORD, &wrong(&code)), with_code("Wrong-Horse7!", &code)] {
            me.put("/me/password", body).await.assert_problem(422, "proof_invalid");
        }
        // A refused choice does not use the code up.
        let mut same = change(PASSWORD, PASSWORD);
        same["code"] = json!(code);
        me.put("/me/password", same).await.assert_field("password", "password_reused");
        me.put("/me/password", with_code(PASSWORD, &code)).await.assert_status(204);
        for _ in 0..5 {
            me.put("/me/password", change("Wrong-Horse7!", "Third-Horse9!")).await.assert_problem(422, "proof_invalid");
        }
        me.put("/me/password", change(NEXT, "Third-Horse9!")).await.assert_problem(423, "account_locked");
        client.post("/provider/auth/login", credentials("ada@clinic.example", NEXT)).await.assert_problem(423, "account_locked");
        client.put("/me/password", change(NEXT, "Third-Horse9!")).await.assert_problem(401, "unauthenticated");
    }

    async fn a_new_password_obeys_the_rules(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let (me, _) = signed_in(&t, &client, "mark@example.com", PASSWORD).await;
        let longest = format!("Aa1!{}", "x".repeat(68));
        for (bad, code) in [
            (format!("{longest}x"), "password_too_long"),
            // 73 bytes in fewer characters: bcrypt would not see the last one.
            (format!("Aa1!{}x", "ş".repeat(34)), "password_too_long"),
            ("Correct*Horse7".to_owned(), "password_no_special"),
            ("Short7!".to_owned(), "password_too_short"),
            ("Nul-Horse-\u{0}-77".to_owned(), "password_invalid"),
        ] {
            me.put("/me/password", change(PASSWORD, &bad)).await.assert_field("password", code);
        }
        let mut differs = change(PASSWORD, NEXT);
        differs["password_confirmation"] = json!("other");
        me.put("/me/password", differs).await.assert_field("password_confirmation", "password_mismatch");
        me.put("/me/password", change(PASSWORD, &longest)).await.assert_status(204);
        for other in [longest.replace("xx", "xy"), format!("{longest}x"), longest[..71].to_owned()] {
            client.post("/patient/auth/login", credentials("mark@example.com", &other)).await.assert_problem(401, "invalid_credentials");
        }
        client.post("/patient/auth/login", credentials("mark@example.com", &longest)).await.assert_status(200);
    }

    async fn r_id_15_a_forgotten_password_is_replaced_by_code_and_ticket(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let (_, before) = signed_in(&t, &client, "mark@example.com", PASSWORD).await;
        for _ in 0..5 {
            client.post("/patient/auth/login", credentials("mark@example.com", "Wrong-Horse7!")).await;
        }
        client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_problem(423, "account_locked");
        client.post("/patient/auth/password/forgot", json!({ "email": " Mark@Example.com " })).await.assert_status(200);
        let code = mailed_code(&t).await;
        let stored = password_reset_tokens_for_all_users::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(stored.token.len(), 64, "once the mail is handed over, only the hash stays");
        let verify = |code: &str| client.post("/patient/auth/password/verify", json!({ "email": "mark@example.com", "code": code }));
        verify(&wrong(&code)).await.assert_problem(422, "code_invalid");
        // A code of one portal opens nothing in another.
        let elsewhere = json!({ "email": "mark@example.com", "code": code });
        client.post("/provider/auth/password/verify", &elsewhere).await.assert_problem(422, "code_invalid");
        let reply = verify(&code).await.assert_status(200);
        assert_eq!(reply.get::<i64>("/expires_in"), 600);
        let ticket = reply.str("/reset_token").to_owned();
        verify(&code).await.assert_problem(422, "code_invalid");
        let reset = |password: &str| client.post("/patient/auth/password/reset", new_password(&ticket, password));
        reset("weak").await.assert_field("password", "password_too_short");
        reset(PASSWORD).await.assert_field("password", "password_reused");
        client.post("/provider/auth/password/reset", new_password(&ticket, NEXT)).await.assert_problem(422, "code_invalid");
        let done = reset(NEXT).await.assert_status(200);
        assert_eq!(refused(&t, &before).await, "session_revoked");
        bearer(&t, done.str("/access_token")).await.unwrap();
        reset("Third-Horse9!").await.assert_problem(422, "code_invalid");
        // The lock is lifted, the old password is gone.
        client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_problem(401, "invalid_credentials");
        client.post("/patient/auth/login", credentials("mark@example.com", NEXT)).await.assert_status(200);
    }

    async fn reset_codes_end_by_time_tries_and_the_next_one(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        t.at("2026-03-02T09:00:00Z");
        let forgot = || client.post("/patient/auth/password/forgot", json!({ "email": "mark@example.com" }));
        let verify = |code: String| client.post("/patient/auth/password/verify", json!({ "email": "mark@example.com", "code": code }));
        forgot().await.assert_status(200);
        let first = mailed_code(&t).await;
        t.at("2026-03-02T09:00:30Z");
        assert_eq!(forgot().await.assert_problem(429, "code_too_often").get::<u64>("/retry_after"), 30);
        t.at("2026-03-02T09:01:00Z");
        forgot().await.assert_status(200);
        let second = mailed_code(&t).await;
        if first != second {
            verify(first).await.assert_problem(422, "code_invalid");
        }
        t.at("2026-03-02T09:16:00Z");
        verify(second).await.assert_problem(422, "code_invalid");
        forgot().await.assert_status(200);
        let third = mailed_code(&t).await;
        // Guessing: five tries, then even the right one is nothing.
        for _ in 0..5 {
            verify(wrong(&third)).await.assert_problem(422, "code_invalid");
        }
        verify(third).await.assert_problem(422, "code_invalid");
        for bad in ["", "12345", "1234567", "١٢٣٤٥٦"] {
            verify(bad.to_owned()).await.assert_problem(422, "code_invalid");
        }
        // A ticket lives ten minutes.
        t.at("2026-03-02T10:30:00Z");
        let late = ticket(&t, &client, "patient", "mark@example.com").await;
        t.at("2026-03-02T10:40:00Z");
        client.post("/patient/auth/password/reset", new_password(&late, NEXT)).await.assert_problem(422, "code_invalid");
    }

    async fn r_id_15_nobody_learns_whether_an_address_is_known(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let forgot = |email: &'static str| client.post("/patient/auth/password/forgot", json!({ "email": email }));
        // The second round is warm.
        let (known, stranger) = (forgot("mark@example.com").await, forgot("nobody@example.com").await);
        assert_eq!((known.status, known.text()), (stranger.status, stranger.text()));
        let (known, stranger) = (forgot("mark@example.com").await, forgot("nobody@example.com").await);
        assert_eq!((known.status.as_u16(), stranger.status.as_u16()), (429, 429), "throttled alike");
        t.advance(Duration::minutes(1));
        let (known, work) = count_statements(forgot("mark@example.com")).await;
        let (stranger, decoy) = count_statements(forgot("nobody@example.com")).await;
        assert_eq!((known.status, known.text(), work), (stranger.status, stranger.text(), decoy), "the same work for both");
        assert_eq!(code_sends::Entity::find().count(t.conn()).await.unwrap(), 4);
        run_jobs(&t).await;
        assert!(t.app.mailer.sent().iter().all(|mail| mail.to == "mark@example.com"));
        let verify = |email: &str| client.post("/patient/auth/password/verify", json!({ "email": email, "code": "000000" }));
        let (known, stranger) = (verify("mark@example.com").await, verify("nobody@example.com").await);
        assert_eq!(known.get::<String>("/detail"), stranger.get::<String>("/detail"));
        assert_eq!((known.status.as_u16(), stranger.status.as_u16()), (422, 422));
        t.advance(Duration::days(2));
        forgot("mark@example.com").await.assert_status(200);
        run_jobs(&t).await;
        let rows = password_reset_tokens_for_all_users::Entity::find().count(t.conn()).await.unwrap();
        assert_eq!(rows, 1, "what ended a day ago is forgotten");
        // Not even in a line of its own: a mail goes to one address.
        for bad in ["mark@example.com\r\nBcc: evil@example.com", "mark@example.com\nBcc:x", "Mark <mark@example.com>", "a@b.c,d@e.fg", "mark@example.com\u{0}"] {
            client.post("/patient/auth/password/forgot", json!({ "email": bad })).await.assert_field("email", "email_invalid");
        }
    }

    async fn accounts_that_cannot_sign_in_cannot_reset(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        sql(&t, &format!("UPDATE account_states SET state = 'suspended' WHERE model_id = '{}'", row.id)).await;
        client.post("/patient/auth/register", registration("new@example.com")).await.assert_status(202);
        run_jobs(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let waiting = member(&t, clinic, "provider_owner", "ada@clinic.example", None).await;
        sql(&t, &format!("UPDATE provider_users SET password = '!' WHERE id = '{waiting}'")).await;
        let before = t.app.mailer.sent().len();
        for (guard, email) in [("patient", "mark@example.com"), ("patient", "new@example.com"), ("provider", "ada@clinic.example")] {
            client.post(&format!("/{guard}/auth/password/forgot"), json!({ "email": email })).await.assert_status(200);
        }
        run_jobs(&t).await;
        assert_eq!(t.app.mailer.sent().len(), before, "none of them gets a code");
        let chief = admin(&t, "chief@hairline.example", None).await;
        let chief = client.as_actor(actors::super_admin(chief));
        chief.post(&format!("/admin/patients/{}/reset-password", row.id), json!({})).await.assert_problem(409, "account_cannot_reset");
    }

    async fn an_account_with_a_second_factor_signs_in_after_the_reset(t: TestApp) {
        let client = installed(&t).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let ticket = ticket(&t, &client, "admin", "chief@hairline.example").await;
        client.post("/admin/auth/password/reset", new_password(&ticket, NEXT)).await.assert_status(204);
        let login = client.post("/admin/auth/login", credentials("chief@hairline.example", NEXT)).await.assert_status(200);
        assert_eq!(login.str("/next"), "mfa");
    }

    async fn two_resets_with_one_ticket_set_one_password(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let ticket = ticket(&t, &client, "patient", "mark@example.com").await;
        let (one, two) = tokio::join!(
            client.post("/patient/auth/password/reset", new_password(&ticket, NEXT)),
            client.post("/patient/auth/password/reset", new_password(&ticket, "Third-Horse9!")),
        );
        let mut answers = [one.status.as_u16(), two.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [200, 422]);
    }

    async fn r_id_16_staff_start_a_reset_and_never_see_the_code(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let clinic = clinic(&t, "Aegean").await;
        let ada = member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let support = admin(&t, "help@hairline.example", None).await;
        let billing = client.as_actor(actors::staff(support, "billing_staff"));
        let support = client.as_actor(actors::staff(support, "support_staff"));
        let path = format!("/admin/patients/{}/reset-password", row.id);
        billing.post(&path, json!({})).await.assert_problem(403, "forbidden");
        client.as_actor(actors::patient(row.id)).post(&path, json!({})).await.assert_problem(403, "forbidden");
        let nobody = format!("/admin/patients/{}/reset-password", PatientId::new());
        support.post(&nobody, json!({})).await.assert_problem(404, "not_found");
        let reply = support.post(&path, json!({})).await.assert_status(202);
        let code = mailed_code(&t).await;
        assert!(!reply.text().contains(&code));
        assert_eq!(t.app.mailer.sent().last().unwrap().to, "mark@example.com");
        let body = json!({ "email": "mark@example.com", "code": code });
        client.post("/patient/auth/password/verify", body).await.assert_status(200);
        support.post(&path, json!({})).await.assert_problem(429, "code_too_often");
        // A clinic's staff member: the permission that suspends.
        let member_path = format!("/admin/provider-users/{ada}/reset-password");
        support.post(&member_path, json!({})).await.assert_problem(403, "forbidden");
        let chief = admin(&t, "chief@hairline.example", None).await;
        client.as_actor(actors::super_admin(chief)).post(&member_path, json!({})).await.assert_status(202);
        mailed_code(&t).await;
        assert_eq!(t.app.mailer.sent().last().unwrap().to, "ada@clinic.example");
    }

    async fn r_id_16_a_demanded_reset_is_all_the_next_login_gives(t: TestApp) {
        let client = installed(&t).await;
        let second = admin(&t, "second@hairline.example", Some(SECRET)).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let enter = |login: &'static str, code: String| {
            let client = client.clone();
            async move {
                let step = client.post("/admin/auth/login", credentials(login, PASSWORD)).await.assert_status(200);
                let proof = json!({ "mfa_token": step.str("/mfa_token"), "code": code });
                client.post("/admin/auth/mfa", proof).await.assert_status(200).str("/access_token").to_owned()
            }
        };
        let theirs = enter("second@hairline.example", totp::code_at(SECRET, t.now()).unwrap()).await;
        let chief = enter("chief@hairline.example", totp::code_at(SECRET, t.now()).unwrap()).await;
        let chief = client.as_actor(bearer(&t, &chief).await.unwrap());
        let path = format!("/admin/users/{second}/force-reset");
        client.as_actor(actors::staff(second, "admin")).post(&path, json!({})).await.assert_problem(403, "forbidden");
        chief.post(&path, json!({})).await.assert_status(204);
        assert_eq!(refused(&t, &theirs).await, "session_revoked");
        let login = client.post("/admin/auth/login", credentials("second@hairline.example", PASSWORD)).await.assert_status(200);
        assert_eq!(login.str("/next"), "password_reset");
        let ticket = login.str("/reset_token");
        assert_eq!(refused(&t, ticket).await, "token_invalid");
        client.post("/admin/auth/password/reset", new_password(ticket, PASSWORD)).await.assert_field("password", "password_reused");
        client.post("/admin/auth/password/reset", new_password(ticket, NEXT)).await.assert_status(204);
        let login = client.post("/admin/auth/login", credentials("second@hairline.example", NEXT)).await;
        assert_eq!(login.str("/next"), "mfa");
        t.advance(Duration::minutes(6));
        chief.post(&path, json!({})).await.assert_problem(403, "reauth_required");
    }

    async fn r_id_17_an_owner_asks_for_a_new_link_three_times_an_hour(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let ada = member(&t, clinic, "provider_owner", "ada@clinic.example", None).await;
        sql(&t, &format!("UPDATE provider_users SET password = '!', email_verified_at = NULL WHERE id = '{ada}'")).await;
        let ask = |email: &'static str| client.post("/provider/auth/password/link", json!({ "email": email }));
        let mut links = Vec::new();
        for _ in 0..3 {
            ask("ada@clinic.example").await.assert_status(200);
            run_jobs(&t).await;
            let text = t.app.mailer.sent().last().unwrap().text.clone();
            links.push(text.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned());
            t.advance(Duration::minutes(5));
        }
        let known = ask("ada@clinic.example").await.assert_problem(429, "code_too_often");
        assert_eq!(known.get::<u64>("/retry_after"), 2700);
        // A new link kills the earlier ones; the last one works once.
        client.post("/provider/auth/password/reset", new_password(&links[1], NEXT)).await.assert_problem(422, "code_invalid");
        client.post("/provider/auth/password/reset", new_password(&links[2], NEXT)).await.assert_status(204);
        client.post("/provider/auth/password/reset", new_password(&links[2], "Third-Horse9!")).await.assert_problem(422, "code_invalid");
        client.post("/provider/auth/login", credentials("ada@clinic.example", NEXT)).await.assert_status(200);
        // Set already, or nobody's: the same answer and no mail.
        t.advance(Duration::hours(1));
        let sent = t.app.mailer.sent().len();
        let (set, nobody) = (ask("ada@clinic.example").await, ask("nobody@clinic.example").await);
        assert_eq!((set.status, set.text()), (nobody.status, nobody.text()));
        run_jobs(&t).await;
        assert_eq!(t.app.mailer.sent().len(), sent);
    }

    async fn r_id_18_what_remembered_a_browser_ends_with_the_password(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        sql(&t, "UPDATE patients SET remember_token = 'kept'").await;
        let (me, _) = signed_in(&t, &client, "mark@example.com", PASSWORD).await;
        me.put("/me/password", change(PASSWORD, NEXT)).await.assert_status(204);
        let row = identity::entity::patients::Entity::find_by_id(row.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.remember_token, None);
    }

    // R-ID-38: a token never stands in an address.
    async fn a_session_of_before_the_login_is_not_the_session_after_it(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        // The attacker's own value in the victim's browser.
        let planted = client.header("cookie", "hairline_session=hl_planted-by-somebody-else");
        let reply = planted.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_status(200);
        assert_ne!(reply.str("/access_token"), "hl_planted-by-somebody-else");
        assert_eq!(refused(&t, "hl_planted-by-somebody-else").await, "token_invalid");
        let again = planted.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await;
        assert_ne!(reply.str("/session_id"), again.str("/session_id"));
        // A token in an address opens nothing.
        let token = reply.str("/access_token");
        client.get(&format!("/me?access_token={token}&token={token}")).await.assert_problem(401, "unauthenticated");
    }
}
