//! One's own account: address, devices, authenticator app, profile, portrait (R-ID-27..30, R-ID-37).

use chrono::Duration;
use identity::entity::{auth_sessions, mfa_credentials, patients, provider_users, users};
use identity::rules::totp;
use kernel::Actor;
use kernel::actor::Origin;
use kernel::ids::{AuthSessionId, UserId};
use platform::entity::audit_logs;
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, TestApp, Upload, actors};

use crate::support::*;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

fn from(t: &TestApp, ip: &str, agent: &str) -> Client {
    let origin = Origin { ip: Some(ip.into()), agent: Some(agent.into()), ..Origin::default() };
    client(t).as_actor(Actor::anonymous().from_origin(origin))
}

async fn enter(t: &TestApp, client: &Client, login: &str, password: &str) -> (Client, String) {
    let reply = client.post("/patient/auth/login", credentials(login, password)).await.assert_status(200);
    let token = reply.str("/access_token").to_owned();
    (client.as_actor(bearer(t, &token).await.unwrap()), token)
}

/// Signs a member of staff in with the second factor; the step of the code is used up.
async fn enter_staff(t: &TestApp, client: &Client, guard: &str, login: &str) -> Client {
    t.advance(Duration::seconds(30));
    let step = client.post(&format!("/{guard}/auth/login"), credentials(login, PASSWORD)).await.assert_status(200);
    let proof = json!({ "mfa_token": step.str("/mfa_token"), "code": totp::code_at(SECRET, t.now()).unwrap() });
    let reply = client.post(&format!("/{guard}/auth/mfa"), proof).await.assert_status(200);
    client.as_actor(bearer(t, reply.str("/access_token")).await.unwrap())
}

/// The token of the newest mail's link.
async fn mailed_token(t: &TestApp) -> String {
    run_jobs(t).await;
    let text = t.app.mailer.sent().last().unwrap().text.clone();
    text.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

testkit::both! {
    async fn r_id_30_a_new_address_proves_itself_before_it_counts(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        patient(&t, "taken@example.com").await;
        let (me, _) = enter(&t, &client, "mark@example.com", PASSWORD).await;
        t.advance(Duration::minutes(6));
        me.post("/me/email", json!({ "email": "new@example.com" })).await.assert_problem(403, "reauth_required");
        me.post("/patient/auth/reauth", json!({ "password": PASSWORD })).await.assert_status(200);
        me.post("/me/email", json!({ "email": "MARK@example.com" })).await.assert_field("email", "email_unchanged");
        for bad in ["new", "new@example.com\r\nBcc: evil@example.com", "new@example.com\nx", "<new@example.com>"] {
            me.post("/me/email", json!({ "email": bad })).await.assert_field("email", "email_invalid");
        }
        me.post("/me/email", json!({ "email": "New@Example.com" })).await.assert_status(202);
        let code = mailed_code(&t).await;
        assert_eq!(t.app.mailer.sent().last().unwrap().to, "new@example.com");
        // The old one is in force.
        client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_status(200);
        me.post("/me/email", json!({ "email": "other@example.com" })).await.assert_problem(429, "code_too_often");
        me.post("/me/email/verify", json!({ "code": wrong(&code) })).await.assert_problem(422, "code_invalid");
        let changed = me.post("/me/email/verify", json!({ "code": code })).await.assert_status(200);
        assert_eq!(changed.str("/email"), "new@example.com");
        let entry = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("email.changed")).one(t.conn()).await;
        let entry = entry.unwrap().unwrap();
        let (before, after) = (entry.before_data.unwrap(), entry.after_data.unwrap());
        assert_eq!(t.app.keys.open(&before).unwrap(), json!({ "email": "mark@example.com" }));
        assert_eq!(t.app.keys.open(&after).unwrap(), json!({ "email": "new@example.com" }));
        me.post("/me/email/verify", json!({ "code": code })).await.assert_problem(422, "code_invalid");
        client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_problem(401, "invalid_credentials");
        client.post("/patient/auth/login", credentials("new@example.com", PASSWORD)).await.assert_status(200);
        assert_eq!(outbox::recorded(t.conn(), Some("account.email_changed")).await.unwrap().len(), 1);
        run_jobs(&t).await;
        let notice = t.app.mailer.sent().last().unwrap().clone();
        assert!(notice.to == "mark@example.com" && notice.text.contains("/dispute-email#"), "{}", notice.text);
        // Somebody else's address is answered alike and gets no code.
        t.advance(Duration::minutes(2));
        let sent = t.app.mailer.sent().len();
        me.post("/me/email", json!({ "email": "taken@example.com" })).await.assert_status(202);
        run_jobs(&t).await;
        assert_eq!(t.app.mailer.sent().len(), sent);
        let stored = patients::Entity::find_by_id(row.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(stored.email, "new@example.com");
    }

    async fn a_code_for_a_new_address_ends_after_five_tries(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let (me, _) = enter(&t, &client, "mark@example.com", PASSWORD).await;
        me.post("/me/email", json!({ "email": "new@example.com" })).await.assert_status(202);
        let code = mailed_code(&t).await;
        for _ in 0..5 {
            me.post("/me/email/verify", json!({ "code": wrong(&code) })).await.assert_problem(422, "code_invalid");
        }
        me.post("/me/email/verify", json!({ "code": code })).await.assert_problem(422, "code_invalid");
    }

    async fn an_address_taken_meanwhile_is_refused(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let (me, _) = enter(&t, &client, "mark@example.com", PASSWORD).await;
        me.post("/me/email", json!({ "email": "new@example.com" })).await.assert_status(202);
        let code = mailed_code(&t).await;
        patient(&t, "new@example.com").await;
        me.post("/me/email/verify", json!({ "code": code })).await.assert_problem(409, "email_taken");
    }

    async fn r_id_30_the_old_address_objects_and_gets_the_account_back(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        // Somebody with the password takes the account over, and moves the address twice to hide it.
        let (thief, _) = enter(&t, &client, "mark@example.com", PASSWORD).await;
        thief.post("/me/email", json!({ "email": "thief@example.com" })).await.assert_status(202);
        let code = mailed_code(&t).await;
        thief.post("/me/email/verify", json!({ "code": code })).await.assert_status(200);
        let link = mailed_token(&t).await;
        t.advance(Duration::minutes(2));
        thief.post("/me/email", json!({ "email": "thief2@example.com" })).await.assert_status(202);
        let code = mailed_code(&t).await;
        thief.post("/me/email/verify", json!({ "code": code })).await.assert_status(200);
        let thiefs_link = mailed_token(&t).await;
        t.advance(Duration::hours(71));
        client.post("/provider/auth/email/dispute", json!({ "token": link })).await.assert_problem(422, "code_invalid");
        let reply = client.post("/patient/auth/email/dispute", json!({ "token": link })).await.assert_status(200);
        let live = auth_sessions::Entity::find().filter(auth_sessions::Column::RevokedAt.is_null());
        assert_eq!(live.count(t.conn()).await.unwrap(), 0, "every session ended");
        // The thief's password and link open nothing any more.
        for login in ["mark@example.com", "thief@example.com", "thief2@example.com"] {
            client.post("/patient/auth/login", credentials(login, PASSWORD)).await.assert_problem(401, "invalid_credentials");
        }
        client.post("/patient/auth/email/dispute", json!({ "token": thiefs_link })).await.assert_problem(422, "code_invalid");
        client.post("/patient/auth/email/dispute", json!({ "token": link })).await.assert_problem(422, "code_invalid");
        let ticket = reply.str("/reset_token");
        let set = |password: &str| json!({ "token": ticket, "password": password, "password_confirmation": password });
        client.post("/patient/auth/password/reset", set("Second-Horse8?")).await.assert_status(200);
        client.post("/patient/auth/login", credentials("mark@example.com", "Second-Horse8?")).await.assert_status(200);
    }

    async fn r_id_30_an_objection_comes_within_72_hours(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let (me, _) = enter(&t, &client, "mark@example.com", PASSWORD).await;
        me.post("/me/email", json!({ "email": "new@example.com" })).await.assert_status(202);
        let code = mailed_code(&t).await;
        me.post("/me/email/verify", json!({ "code": code })).await.assert_status(200);
        let link = mailed_token(&t).await;
        t.advance(Duration::hours(72));
        client.post("/patient/auth/email/dispute", json!({ "token": link })).await.assert_problem(422, "code_invalid");
    }

    async fn staff_change_their_address_too(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let ada = member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let chief = admin(&t, "chief@hairline.example", Some(SECRET)).await;
        for (guard, login, new) in [("provider", "ada@clinic.example", "ada.new@clinic.example"), ("admin", "chief@hairline.example", "chief.new@hairline.example")] {
            let me = enter_staff(&t, &client, guard, login).await;
            me.post("/me/email", json!({ "email": new })).await.assert_status(202);
            let code = mailed_code(&t).await;
            me.post("/me/email/verify", json!({ "code": code })).await.assert_status(200);
            run_jobs(&t).await;
            assert!(t.app.mailer.sent().last().unwrap().text.contains(&format!("/{guard}/dispute-email")));
        }
        assert_eq!(provider_users::Entity::find_by_id(ada).one(t.conn()).await.unwrap().unwrap().email, "ada.new@clinic.example");
        let chief = users::Entity::find_by_id(chief).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((chief.email.as_str(), chief.username.as_str()), ("chief.new@hairline.example", "chief.new@hairline.example"));
    }

    async fn devices_are_listed_and_signed_out(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        patient(&t, "eve@example.com").await;
        let (_, first) = enter(&t, &from(&t, "203.0.113.7", FIREFOX), "mark@example.com", PASSWORD).await;
        t.advance(Duration::minutes(2));
        let (me, _) = enter(&t, &from(&t, "203.0.113.8", "Hairline/1.0 (iPhone)"), "mark@example.com", PASSWORD).await;
        let list = me.get("/me/sessions").await.assert_status(200);
        assert_eq!(list.get::<Vec<serde_json::Value>>("").len(), 2);
        assert_eq!((list.get::<bool>("/0/is_current"), list.str("/0/system")), (true, "iPhone"));
        assert_eq!((list.get::<bool>("/1/is_current"), list.str("/1/program"), list.str("/1/ip_address")), (false, "Firefox", "203.0.113.7"));
        let other = list.str("/1/id").to_owned();
        // Somebody else's session does not exist.
        let (eve, _) = enter(&t, &client, "eve@example.com", PASSWORD).await;
        eve.delete(&format!("/me/sessions/{other}")).await.assert_problem(404, "not_found");
        eve.delete(&format!("/me/sessions/{}", AuthSessionId::new())).await.assert_problem(404, "not_found");
        client.get("/me/sessions").await.assert_problem(401, "unauthenticated");
        bearer(&t, &first).await.unwrap();
        me.delete(&format!("/me/sessions/{other}")).await.assert_status(204);
        assert_eq!(refused(&t, &first).await, "session_revoked");
        me.delete(&format!("/me/sessions/{other}")).await.assert_problem(404, "not_found");
        assert_eq!(me.get("/me/sessions").await.get::<Vec<serde_json::Value>>("").len(), 1);
        // What nobody used for a day is over.
        t.advance(Duration::hours(24));
        assert!(me.get("/me/sessions").await.get::<Vec<serde_json::Value>>("").is_empty());
    }

    async fn a_new_device_is_told_once(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        let told = || async { outbox::recorded(t.conn(), Some("account.new_device_login")).await.unwrap() };
        enter(&t, &from(&t, "203.0.113.7", FIREFOX), "mark@example.com", PASSWORD).await;
        enter(&t, &from(&t, "203.0.113.9", &FIREFOX.replace("128", "129")), "mark@example.com", PASSWORD).await;
        assert!(told().await.is_empty(), "the first device, and the same after an update");
        enter(&t, &from(&t, "198.51.100.1", "curl/8.5"), "mark@example.com", PASSWORD).await;
        enter(&t, &from(&t, "198.51.100.1", "curl/8.5"), "mark@example.com", PASSWORD).await;
        let events = told().await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].payload["place"], "198.51.100.1");
    }

    async fn an_app_is_removed_only_where_none_is_enforced(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let chief = admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let staff = enter_staff(&t, &client, "admin", "chief@hairline.example").await;
        let me = enter_staff(&t, &client, "provider", "ada@clinic.example").await;
        let remove = |client: Client, code: String| async move {
            client.delete_with("/me/mfa", json!({ "code": code })).await
        };
        t.advance(Duration::seconds(30));
        let code = || totp::code_at(SECRET, t.now()).unwrap();
        remove(staff, code()).await.assert_problem(409, "mfa_enforced");
        remove(me.clone(), code()).await.assert_problem(409, "mfa_enforced");
        let changes = platform::settings::Changes::new().with(&identity::settings::MFA_PROVIDER_ENFORCED, false);
        platform::settings::set(&t.app, &actors::super_admin(chief), "auth", changes, "The clinics asked for it").await.unwrap();
        t.app.settings.refresh().await;
        remove(me.clone(), wrong(&code())).await.assert_problem(422, "code_invalid");
        t.advance(Duration::minutes(6));
        remove(me.clone(), code()).await.assert_problem(403, "reauth_required");
        let proof = json!({ "password": PASSWORD, "code": code() });
        me.post("/provider/auth/reauth", proof).await.assert_status(200);
        t.advance(Duration::seconds(30));
        remove(me.clone(), code()).await.assert_status(204);
        remove(me.clone(), code()).await.assert_problem(404, "not_found");
        let told = outbox::recorded(t.conn(), Some("account.mfa_changed")).await.unwrap();
        assert_eq!(told.last().unwrap().payload["change"], "disabled");
        let login = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await;
        assert_eq!(login.str("/next"), "session");
        // Set up again while signed in.
        let made = me.post("/me/mfa/totp", json!({})).await.assert_status(200);
        assert_ne!(made.str("/secret"), SECRET);
        let code = totp::code_at(made.str("/secret"), t.now()).unwrap();
        me.post("/me/mfa/confirm", json!({ "code": code })).await.assert_status(200);
        let login = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await;
        assert_eq!(login.str("/next"), "mfa");
    }

    async fn a_super_admin_resets_an_app_with_a_reason(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let ada = member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let chief = admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let second = admin(&t, "second@hairline.example", Some(SECRET)).await;
        // Not enforced for clinics: the reset demands a set-up all the same.
        let changes = platform::settings::Changes::new().with(&identity::settings::MFA_PROVIDER_ENFORCED, false);
        platform::settings::set(&t.app, &actors::super_admin(chief), "auth", changes, "The clinics asked for it").await.unwrap();
        t.app.settings.refresh().await;
        let member = enter_staff(&t, &client, "provider", "ada@clinic.example").await;
        let me = enter_staff(&t, &client, "admin", "chief@hairline.example").await;
        let reason = json!({ "reason": "The phone was lost; identity checked by video." });
        let path = format!("/admin/provider-users/{ada}/mfa-reset");
        client.as_actor(actors::staff(second, "admin")).post(&path, &reason).await.assert_problem(403, "forbidden");
        member.post(&path, &reason).await.assert_problem(403, "forbidden");
        me.post(&path, json!({ "reason": "Lost." })).await.assert_field("reason", "reason_length");
        me.post(&format!("/admin/users/{chief}/mfa-reset"), &reason).await.assert_problem(403, "self_change");
        me.post(&format!("/admin/users/{}/mfa-reset", UserId::new()), &reason).await.assert_problem(404, "not_found");
        me.post(&path, &reason).await.assert_status(204);
        me.post(&path, &reason).await.assert_problem(404, "not_found");
        let login = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await;
        assert_eq!(login.str("/next"), "mfa_enrolment");
        me.post(&format!("/admin/users/{second}/mfa-reset"), &reason).await.assert_status(204);
        let login = client.post("/admin/auth/login", credentials("second@hairline.example", PASSWORD)).await;
        assert_eq!(login.str("/next"), "mfa_enrolment");
        let left = mfa_credentials::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(left.iter().filter(|row| row.confirmed_at.is_some()).count(), 1);
        t.advance(Duration::minutes(6));
        me.post(&path, &reason).await.assert_problem(403, "reauth_required");
    }

    async fn r_id_27_totp_vectors_of_golden_8(t: TestApp) {
        let client = installed(&t).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        let finish = |ticket: String, code: &'static str| {
            let client = client.clone();
            async move { client.post("/admin/auth/mfa", json!({ "mfa_token": ticket, "code": code })).await }
        };
        let login = || async {
            client.post("/admin/auth/login", credentials("chief@hairline.example", PASSWORD)).await.str("/mfa_token").to_owned()
        };
        t.at("1970-01-01T00:00:59Z");
        finish(login().await, "287082").await.assert_status(200);
        t.at("1970-01-01T00:01:00Z");
        finish(login().await, "287082").await.assert_problem(422, "code_invalid");
        finish(login().await, "359152").await.assert_status(200);
    }

    async fn staff_edit_their_profile(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let ada = member(&t, clinic, "provider_manager", "ada@clinic.example", None).await;
        let bob = member(&t, clinic, "provider_clinical", "bob@clinic.example", None).await;
        let me = client.as_actor(actors::clinic_manager(ada, clinic));
        let change = json!({ "first_name": " Çağrı ", "last_name": "O'Brien", "title": "Dr.", "phone_number": "+905551234567" });
        let reply = me.patch("/me", change).await.assert_status(200);
        assert_eq!((reply.str("/first_name"), reply.str("/title"), reply.str("/phone_number")), ("Çağrı", "Dr.", "+905551234567"));
        let colleague = client.as_actor(actors::clinic_clinical(bob, clinic));
        colleague.patch("/me", json!({ "phone_number": "+905551234567" })).await.assert_field("phone_number", "phone_taken");
        // The same number in another clinic is nobody's business.
        let other = self::clinic(&t, "Bosphorus").await;
        let eve = member(&t, other, "provider_manager", "eve@clinic.example", None).await;
        client.as_actor(actors::clinic_manager(eve, other)).patch("/me", json!({ "phone_number": "+905551234567" })).await.assert_status(200);
        for (field, value) in [("first_name", "M"), ("last_name", "<b>Ada</b>"), ("phone_number", "0555"), ("first_name", "Ada\r\nBcc: x")] {
            let reply = me.patch("/me", json!({ field: value })).await.assert_problem(422, "validation_failed");
            assert!(reply.text().contains(field));
        }
        for field in ["username", "gender", "location"] {
            me.patch("/me", json!({ field: "male" })).await.assert_field(field, "field_not_writable");
        }
        me.patch("/me", json!({ "role": "provider_owner", "email": "x@y.zz" })).await.assert_field("role", "field_not_writable");
        let reply = me.patch("/me", json!({ "phone_number": "", "title": "" })).await.assert_status(200);
        assert!(reply.at("/phone_number").is_null() && reply.at("/title").is_null());
        let chief = admin(&t, "chief@hairline.example", None).await;
        let chief_client = client.as_actor(actors::super_admin(chief));
        let reply = chief_client.patch("/me", json!({ "last_name": "Şahin", "phone_number": "+447700900123" })).await.assert_status(200);
        assert_eq!((reply.str("/last_name"), reply.str("/phone_number")), ("Şahin", "+447700900123"));
        chief_client.patch("/me", json!({ "title": "Dr." })).await.assert_field("title", "field_not_writable");
    }

    async fn patients_choose_a_login_name(t: TestApp) {
        let client = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let eve = patient(&t, "eve@example.com").await;
        let me = client.as_actor(actors::patient(mark.id));
        me.patch("/me", json!({ "username": "Mark.P" })).await.assert_status(200);
        client.post("/patient/auth/login", credentials("MARK.P", PASSWORD)).await.assert_status(200);
        let other = client.as_actor(actors::patient(eve.id));
        other.patch("/me", json!({ "username": "mark.p" })).await.assert_field("username", "username_taken");
        for bad in ["ab", "mark@example.com", "mark p", "çağrı"] {
            other.patch("/me", json!({ "username": bad })).await.assert_field("username", "username_invalid");
        }
        other.patch("/me", json!({ "title": "Dr." })).await.assert_field("title", "field_not_writable");
    }

    async fn a_portrait_is_judged_by_its_content(t: TestApp) {
        let client = installed(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let clinic = clinic(&t, "Aegean").await;
        let ada = member(&t, clinic, "provider_manager", "ada@clinic.example", None).await;
        let chief = admin(&t, "chief@hairline.example", None).await;
        for actor in [actors::patient(mark.id), actors::clinic_manager(ada, clinic), actors::super_admin(chief)] {
            let me = client.as_actor(actor);
            let picture = Upload::jpeg(testkit::jpeg(200, 200, 1)).in_field("image");
            let reply = me.put_multipart("/me/image", &[picture]).await.assert_status(200);
            let first = reply.str("/image_url").to_owned();
            assert!(first.starts_with("/files/"), "{first}");
            let script = Upload { bytes: b"<svg onload=alert(1)>".to_vec(), ..Upload::jpeg(Vec::new()) }.in_field("image");
            me.put_multipart("/me/image", &[script]).await.assert_field("image", "media_type_invalid");
            let large = Upload::jpeg([testkit::jpeg(50, 50, 1), vec![0; 2 * 1024 * 1024]].concat()).in_field("image");
            me.put_multipart("/me/image", &[large]).await.assert_field("image", "media_size_exceeded");
            me.put_multipart("/me/image", &[]).await.assert_field("image", "required");
            let again = me.put_multipart("/me/image", &[Upload::jpeg(testkit::jpeg(100, 100, 2)).in_field("image")]).await;
            assert_ne!(again.str("/image_url"), first);
        }
        client.put_multipart("/me/image", &[]).await.assert_status(422);
        let picture = Upload::jpeg(testkit::jpeg(200, 200, 1)).in_field("image");
        client.put_multipart("/me/image", &[picture]).await.assert_problem(401, "unauthenticated");
    }
}
