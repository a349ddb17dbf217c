//! The table of bad input of identity, section 10: a test for each row, against the server's own routes.

use identity::entity::{one_time_codes, patients, roles};
use identity::seed::{AdminSpec, Hashed, MemberSpec};
use kernel::Guard;
use kernel::ids::{AnyId, ProviderUserId, UserId};
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use testkit::{Client, TestApp, both};

use crate::doors::session;
use crate::steps::{self, EMAIL, PHONE};
use crate::tab::{cookie_of, proof, root, tab};
use crate::world::{PASSWORD, World};

pub const REASON: &str = "Left the clinic at the end of May.";

async fn sql(world: &World, statement: &str) {
    world.t.conn().execute_unprepared(statement).await.unwrap();
}

fn form(email: &str) -> Json {
    json!({ "first_name": "John", "last_name": "Doe", "email": email, "password": PASSWORD,
        "password_confirmation": PASSWORD, "terms_accepted": true })
}

fn with(mut body: Json, name: &str, value: Json) -> Json {
    body[name] = value;
    body
}

/// A member of the first clinic.
pub async fn member(world: &World, role: &str, email: &str) -> ProviderUserId {
    let spec = MemberSpec { password: Hashed::unusable(), ..MemberSpec::new(role, "Ada", "Member", email) };
    identity::seed::clinic_user(&world.t.app, world.clinics[0].id(), spec).await.unwrap()
}

/// Another member of Hairline's staff, and a client of theirs.
pub async fn staff(world: &World, role: &str, email: &str) -> (UserId, Client) {
    let spec = AdminSpec { role: role.to_owned(), password: Hashed::unusable(), ..AdminSpec::super_admin(email) };
    let id = identity::seed::admin(&world.t.app, spec).await.unwrap();
    (id, session(world, Guard::Api, id.any()).await)
}

pub fn invitation(email: &str, role: &str) -> Json {
    json!({ "email": email, "first_name": "Elif", "last_name": "Demir", "role": role })
}

pub fn set_up(token: &str) -> Json {
    json!({ "token": token, "first_name": "Elif", "last_name": "Demir", "phone_number": "+905551234567",
        "password": PASSWORD, "password_confirmation": PASSWORD, "terms_accepted": true })
}

/// The token in the newest mail to an address.
pub async fn mailed_token(world: &World, to: &str) -> String {
    world.run_jobs().await;
    let in_mail = |mail: platform::mail::Mail| {
        let mut words = mail.text.split(|c: char| !c.is_ascii_hexdigit());
        words.find(|word| word.len() == 64).map(str::to_owned)
    };
    let sent = world.t.app.mailer.sent().into_iter().rev().filter(|mail| mail.to.contains(to));
    sent.filter_map(in_mail).next().expect("a token")
}

/// The code in the newest mail to an address.
pub async fn mailed_code(world: &World, to: &str) -> String {
    world.run_jobs().await;
    let text = world.mail_to(to).text;
    text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).expect("a code").to_owned()
}

async fn role_id(world: &World, name: &str) -> i64 {
    let found = identity::entity::roles::Entity::find().filter(identity::entity::roles::Column::Name.eq(name));
    found.one(world.t.conn()).await.unwrap().unwrap().id
}

both! {
    // Body not JSON, unknown enum, wrong type, code as number.
    async fn row_1_a_body_of_another_shape(t: TestApp) {
        let world = World::new(t).await;
        let verify = "/api/v1/patient/auth/register/verify";
        for (kind, body) in [("application/json", "{\"code\":"), ("application/json", "[1,2"), ("text/plain", "code=1"), ("application/x-www-form-urlencoded", "code=1")] {
            world.http.raw(verify, kind, body).await.assert_problem(400, "malformed");
        }
        let number = json!({ "registration_token": "0".repeat(64), "code": 123_456 });
        world.http.post(verify, number).await.assert_problem(422, "validation_failed").assert_field("code", "invalid");
        world.http.post(verify, json!({ "code": "123456" })).await.assert_field("registration_token", "required");
        world.http.post("/api/v1/patient/auth/register", with(form(EMAIL), "terms_accepted", json!("yes"))).await
            .assert_field("terms_accepted", "invalid");
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        patient.patch("/api/v1/me", json!({ "gender": "robot" })).await.assert_field("gender", "unknown_value");
        patient.patch("/api/v1/me", json!({ "birthday": "14.07.1988" })).await.assert_problem(422, "validation_failed");
        patient.patch("/api/v1/me", json!({ "first_name": ["John"] })).await.assert_field("first_name", "invalid");
        patient.post("/api/v1/me/consents", json!({ "consent_type": "gossip", "action": "granted" })).await
            .assert_field("consent_type", "unknown_value");
        patient.delete("/api/v1/me/sessions/not-an-id").await.assert_problem(400, "malformed");
    }

    // Body sets status, role, patient_code, anonymization_level, provider_id, email_verified_at; other unknown keys ignored.
    async fn row_2_members_nobody_may_set(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let id: AnyId = patient.get("/api/v1/me").await.get("/id");
        let (clinic, admin) = (world.clinic(0).await, world.admin().await);
        admin.post("/api/v1/admin/invitations", invitation("new@hairline.example", "support_staff")).await.assert_status(201);
        let token = mailed_token(&world, "new@hairline.example").await;
        let corrected = json!({ "first_name": "Jon", "reason": "The passport spells it another way." });
        for field in ["status", "role", "patient_code", "anonymization_level", "provider_id", "email_verified_at"] {
            let set = |body: Json| with(body, field, json!("x"));
            world.http.post("/api/v1/patient/auth/register", set(form("new@patients.example"))).await.assert_field(field, "field_not_writable");
            world.http.post("/api/v1/invitations/accept", set(set_up(&token))).await.assert_field(field, "field_not_writable");
            for who in [&patient, &clinic, &admin] {
                who.patch("/api/v1/me", set(json!({}))).await.assert_problem(422, "validation_failed").assert_field(field, "field_not_writable");
            }
            let clinician = json!({ "first_name": "Can", "last_name": "Demir" });
            clinic.post("/api/v1/provider/clinicians", set(clinician)).await.assert_field(field, "field_not_writable");
            admin.patch(&format!("/api/v1/admin/patients/{id}"), set(corrected.clone())).await.assert_field(field, "field_not_writable");
        }
        // Names that mean nothing here are no reason to refuse.
        patient.patch("/api/v1/me", json!({ "first_name": "Johnny", "favourite_colour": "red" })).await.assert_status(200);
        world.http.post("/api/v1/patient/auth/register", with(form("new@patients.example"), "newsletter", json!(true))).await.assert_status(202);
        assert_eq!(patients::Entity::find().count(world.t.conn()).await.unwrap(), 2);
    }

    // Password of 73+ bytes; only `*` as special; age 17 y 364 d; age 101.
    async fn row_3_passwords_and_ages_at_their_edges(t: TestApp) {
        let world = World::new(t).await;
        let register = async |password: &str| {
            let body = with(with(form("new@patients.example"), "password", json!(password)), "password_confirmation", json!(password));
            world.http.post("/api/v1/patient/auth/register", body).await
        };
        let long = |bytes: usize| format!("Aa1!{}", "x".repeat(bytes - 4));
        register(&long(73)).await.assert_problem(422, "validation_failed").assert_field("password", "password_too_long");
        // 72 are counted in bytes: letters of two bytes are two.
        register(&format!("Aa1!{}", "ş".repeat(35))).await.assert_field("password", "password_too_long");
        register("Abcdefgh1234*").await.assert_status(422).assert_field("password", "password_no_special");
        register(&long(72)).await.assert_status(202);
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let born = async |day: &str| patient.patch("/api/v1/me", json!({ "birthday": day })).await;
        // It is 2 March 2026.
        born("2008-03-03").await.assert_status(422).assert_field("birthday", "birthday_out_of_range");
        born("2008-03-02").await.assert_status(200);
        born("1925-03-02").await.assert_status(422).assert_field("birthday", "birthday_out_of_range");
        born("1925-03-03").await.assert_status(200);
    }

    // Token of a deleted or suspended account.
    async fn row_4_a_token_outlives_no_account(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let john = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let mark = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        let id = async |client: &Client| client.get("/api/v1/me").await.str("/id").to_owned();
        let (first, second) = (id(&john).await, id(&mark).await);
        let suspend = json!({ "term": "30d", "reason": "Somebody else uses this account." });
        admin.post(&format!("/api/v1/admin/patients/{first}/suspend"), suspend).await.assert_status(204);
        john.get("/api/v1/me").await.assert_problem(401, "session_revoked");
        admin.post(&format!("/api/v1/admin/patients/{second}/deactivate"), json!({ "reason": "They asked us to close it." })).await.assert_status(204);
        mark.get("/api/v1/me").await.assert_problem(401, "session_revoked");
        // A session nobody ended is worth nothing either: the standing is looked at on each request.
        let left = session(&world, Guard::Patient, first.parse().unwrap()).await;
        left.get("/api/v1/me").await.assert_problem(403, "account_suspended");
        let left = session(&world, Guard::Patient, second.parse().unwrap()).await;
        left.get("/api/v1/me").await.assert_problem(403, "account_deactivated");
    }

    // Patient token on a provider route; alg=none or HS256 signed with the public key: 401 and a security event.
    async fn row_5_a_token_on_the_wrong_side_and_forged_ones(t: TestApp) {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let (clinic, admin) = (world.clinic(0).await, world.admin().await);
        for (client, path) in [
            (&patient, "/api/v1/provider/team"), (&patient, "/api/v1/admin/users"),
            (&clinic, "/api/v1/admin/users"), (&admin, "/api/v1/provider/team"),
        ] {
            client.get(path).await.assert_problem(401, "wrong_guard");
        }
        patient.post("/api/v1/provider/invitations", invitation("x@tr.example", "provider_clinical")).await.assert_problem(401, "wrong_guard");
        clinic.post("/api/v1/patient/auth/logout", json!({})).await.assert_problem(401, "wrong_guard");
        let denied = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("access.denied"));
        assert_eq!(denied.count(world.t.conn()).await.unwrap(), 5, "each is on record");

        let good = world.http.post("/api/v1/patient/auth/login", json!({ "login": EMAIL, "password": PASSWORD })).await;
        let parts: Vec<String> = good.str("/access_token").split('.').map(str::to_owned).collect();
        let encoded = |value: Json| URL_SAFE_NO_PAD.encode(value.to_string());
        let unsigned = format!("{}.{}.", encoded(json!({ "typ": "JWT", "alg": "none" })), parts[1]);
        let key = world.http.get("/.well-known/jwks.json").await.at("/keys/0").clone();
        let head = encoded(json!({ "typ": "JWT", "alg": "HS256", "kid": key["kid"] }));
        let text = format!("{head}.{}", parts[1]);
        use hmac::Mac;
        let mut mac = hmac::Hmac::<Sha256>::new_from_slice(key["n"].as_str().unwrap().as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signed = format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
        for token in [unsigned, signed] {
            world.with_token(&token).get("/api/v1/me").await.assert_problem(401, "token_invalid");
        }
        let forged = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("token.forged"));
        assert_eq!(forged.count(world.t.conn()).await.unwrap(), 2);
    }

    // Used, expired, foreign code; wrong registration token: one answer, and the try is counted.
    async fn row_6_codes_that_do_not_fit(t: TestApp) {
        let world = World::new(t).await;
        let verify = async |token: &str, code: &str| {
            world.http.post("/api/v1/patient/auth/register/verify", json!({ "registration_token": token, "code": code })).await
        };
        let begin = async |email: &str| {
            let token = world.http.post("/api/v1/patient/auth/register", form(email)).await.assert_status(202).str("/registration_token").to_owned();
            (token, mailed_code(&world, email).await)
        };
        let attempts = async |email: &str| {
            let row = one_time_codes::Entity::find().filter(one_time_codes::Column::Address.eq(email));
            row.one(world.t.conn()).await.unwrap().unwrap().attempts
        };
        let (john, johns) = begin("a@patients.example").await;
        let (mark, marks) = begin("b@patients.example").await;
        let foreign = if johns == marks { "000000".to_owned() } else { marks.clone() };
        let answer = verify(&john, &foreign).await.assert_problem(422, "code_invalid");
        assert_eq!(attempts("a@patients.example").await, 1);
        let said = |reply: &testkit::Reply| (reply.json["detail"].clone(), reply.json["title"].clone());
        let other = verify(&"0".repeat(64), &johns).await.assert_problem(422, "code_invalid");
        assert_eq!(said(&answer), said(&other), "nobody learns which half was wrong");
        verify(&john, &johns).await.assert_status(200);
        verify(&john, &johns).await.assert_problem(422, "code_invalid");
        world.t.advance(chrono::Duration::minutes(15));
        verify(&mark, &marks).await.assert_problem(422, "code_invalid");
    }

    // Invitation expired, used, cancelled.
    async fn row_7_invitations_that_are_over(t: TestApp) {
        let world = World::new(t).await;
        let owner = world.clinic(0).await;
        let invite = async |email: &str| {
            let made = owner.post("/api/v1/provider/invitations", invitation(email, "provider_clinical")).await.assert_status(201);
            assert_eq!(made.headers["location"], format!("/api/v1/provider/invitations/{}", made.str("/id")).as_str());
            (made.str("/id").to_owned(), mailed_token(&world, email).await)
        };
        let (_, used) = invite("one@tr.example").await;
        let (id, cancelled) = invite("two@tr.example").await;
        let (_, late) = invite("three@tr.example").await;
        world.http.post("/api/v1/invitations/accept", set_up(&used)).await.assert_status(201);
        owner.delete(&format!("/api/v1/provider/invitations/{id}")).await.assert_status(204);
        for (token, status, code) in [(&used, 409, "invitation_used"), (&cancelled, 410, "invitation_cancelled")] {
            world.http.post("/api/v1/invitations/lookup", json!({ "token": token })).await.assert_problem(status, code);
            world.http.post("/api/v1/invitations/accept", set_up(token)).await.assert_problem(status, code);
        }
        world.t.advance(chrono::Duration::days(7));
        world.http.post("/api/v1/invitations/accept", set_up(&late)).await.assert_problem(410, "invitation_expired");
        world.http.post("/api/v1/invitations/accept", set_up(&"0".repeat(64))).await.assert_problem(404, "not_found");
    }

    // Role of another guard; owner role in an invitation; own role; zero permissions.
    async fn row_8_roles_that_cannot_be_given(t: TestApp) {
        let world = World::new(t).await;
        let (owner, admin) = (world.clinic(0).await, world.admin().await);
        owner.post("/api/v1/provider/invitations", invitation("x@tr.example", "support_staff")).await.assert_field("role", "role_unknown");
        admin.post("/api/v1/admin/invitations", invitation("x@hairline.example", "provider_clinical")).await.assert_field("role", "role_unknown");
        owner.post("/api/v1/provider/invitations", invitation("x@tr.example", "provider_owner")).await.assert_problem(409, "owner_protected");
        let nurse = member(&world, "provider_clinical", "nurse@tr.example").await;
        owner.put(&format!("/api/v1/provider/team/{nurse}/role"), json!({ "role": "provider_owner" })).await.assert_problem(409, "owner_protected");
        owner.put(&format!("/api/v1/provider/team/{}/role", world.clinics[0].clinic.owner), json!({ "role": "provider_billing" })).await
            .assert_problem(409, "owner_protected");
        let manager = member(&world, "provider_manager", "manager@tr.example").await;
        let as_manager = session(&world, Guard::Provider, manager.any()).await;
        as_manager.put(&format!("/api/v1/provider/team/{manager}/role"), json!({ "role": "provider_billing" })).await.assert_problem(403, "self_change");
        let own = root(&world).await;
        admin.put(&format!("/api/v1/admin/users/{own}/role"), json!({ "role": "admin" })).await.assert_problem(403, "self_change");
        let (helper, _) = staff(&world, "support_staff", "helper@hairline.example").await;
        admin.put(&format!("/api/v1/admin/users/{helper}/role"), json!({ "role": "provider_manager" })).await.assert_field("role", "role_unknown");
        admin.post("/api/v1/admin/roles", json!({ "name": "Nothing", "permissions": [] })).await.assert_field("permissions", "permissions_required");
        let path = format!("/api/v1/admin/roles/{}/permissions", role_id(&world, "support_staff").await);
        admin.put(&path, json!({ "permissions": [], "version": 1 })).await.assert_field("permissions", "permissions_required");
        admin.put(&path, json!({ "permissions": ["create_quote"], "version": 1 })).await.assert_field("permissions", "permission_not_of_guard");
    }

    // Last super admin suspended, demoted or deactivated.
    async fn row_9_the_last_super_admin_stays(t: TestApp) {
        let world = World::new(t).await;
        let (_, second) = staff(&world, "super_admin", "second@hairline.example").await;
        let first = root(&world).await;
        let path = format!("/api/v1/admin/users/{first}");
        // While there are two, one may end the other.
        second.post(&format!("{path}/suspend"), json!({ "reason": REASON })).await.assert_status(204);
        second.post(&format!("{path}/activate"), json!({ "reason": REASON })).await.assert_status(204);
        let colleague = second.get("/api/v1/me").await.str("/id").to_owned();
        let third = staff(&world, "super_admin", "third@hairline.example").await;
        sql(&world, &format!("UPDATE account_states SET state = 'suspended' WHERE model_id IN ('{first}', '{colleague}')")).await;
        let (own, client) = third;
        for (action, body) in [("suspend", json!({ "reason": REASON })), ("deactivate", json!({ "reason": REASON }))] {
            client.post(&format!("/api/v1/admin/users/{own}/{action}"), body).await.assert_problem(403, "self_change");
        }
        let console = testkit::actors::super_admin(UserId::new()).in_session(client_session(&world, own).await);
        for done in [
            identity::service::staff::change::suspend(&world.t.app, &console, own, (REASON, None)).await,
            identity::service::staff::change::deactivate(&world.t.app, &console, own, REASON).await,
            identity::service::staff::change::change_role(&world.t.app, &console, own, ("admin", None, None)).await,
        ] {
            assert_eq!(done.unwrap_err().code, "last_super_admin");
        }
    }

    // redirect_uri not exact, missing PKCE, wrong verifier; never redirect to an unregistered address.
    async fn row_10_programs_that_ask_wrongly(t: TestApp) {
        let world = World::new(t).await;
        steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let admin = world.admin().await;
        let body = json!({ "name": "App", "guard": "patient", "confidential": false, "redirect_uris": ["https://app.example/done"], "scopes": ["read:profile"] });
        let client = admin.post("/api/v1/admin/oauth/clients", body).await.assert_status(201).str("/id").to_owned();
        let patient = patients::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let cookie = cookie_of(&world, Guard::Patient, patient.any()).await;
        let browser = tab(&world, &[("hairline_session", &cookie)]);
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let ask = |redirect: &str, rest: &str| format!("/oauth/authorize?response_type=code&client_id={client}&redirect_uri={redirect}&scope=read:profile&state=s{rest}");
        let pkce = format!("&code_challenge={challenge}&code_challenge_method=S256");
        for wrong in ["https://app.example/done/", "https://app.example/done?x=1", "https://evil.example/done", "http://app.example/done", "https://app.example.evil.example/done"] {
            let reply = browser.get(&ask(&wrong.replace('?', "%3F").replace('=', "%3D"), &pkce)).await;
            assert_eq!(reply.status, 400, "{wrong}: {}", reply.text());
            assert!(!reply.headers.contains_key("location"), "{wrong}");
        }
        let missing = browser.get(&ask("https://app.example/done", "")).await;
        let told = missing.headers["location"].to_str().unwrap();
        assert!(told.starts_with("https://app.example/done?") && told.contains("error=invalid_request") && told.contains("state=s"), "{told}");
        let plain = browser.get(&ask("https://app.example/done", &format!("&code_challenge={verifier}&code_challenge_method=plain"))).await;
        assert!(plain.headers["location"].to_str().unwrap().contains("error=invalid_request"));
        // A code with another verifier buys nothing, and neither does it at another address.
        let csrf = proof(&world.t).0;
        let code = async || {
            let form = [("_csrf", csrf.as_str()), ("decision", "allow")];
            let reply = browser.form(&ask("https://app.example/done", &pkce), &form).await;
            let to = reply.headers["location"].to_str().unwrap().to_owned();
            to.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).expect("a code").to_owned()
        };
        let redeem = async |verifier: &str, redirect: &str| {
            let code = code().await;
            let fields = [("grant_type", "authorization_code"), ("client_id", client.as_str()), ("code", code.as_str()), ("redirect_uri", redirect), ("code_verifier", verifier)];
            world.http.form("/oauth/token", &fields).await
        };
        let wrong = redeem(&"x".repeat(43), "https://app.example/done").await;
        assert_eq!((wrong.status.as_u16(), wrong.str("/error")), (400, "invalid_grant"));
        let elsewhere = redeem(verifier, "https://app.example/other").await;
        assert_eq!((elsewhere.status.as_u16(), elsewhere.str("/error")), (400, "invalid_grant"));
        redeem(verifier, "https://app.example/done").await.assert_status(200);
    }

    // Corrupted ciphertext: that record only; lists go on with the field empty.
    async fn row_11_a_value_no_key_opens(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let mark = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        let (broken, whole) = (patient.get("/api/v1/me").await.str("/id").to_owned(), mark.get("/api/v1/me").await.str("/id").to_owned());
        // One digit of the fingerprint is another one: not readable, and never shown as it stands.
        let row = patients::Entity::find().filter(patients::Column::Email.eq(EMAIL)).one(world.t.conn()).await.unwrap().unwrap();
        let sealed = row.phone_number.unwrap().ciphertext().to_owned();
        let flipped: String = sealed.chars().rev().collect();
        sql(&world, &format!("UPDATE patients SET phone_number = '{flipped}' WHERE email = '{EMAIL}'")).await;
        let admin = world.admin().await;
        admin.get(&format!("/api/v1/admin/patients/{broken}/overview")).await.assert_problem(500, "decryption_failed");
        admin.get(&format!("/api/v1/admin/patients/{whole}/overview")).await.assert_status(200);
        let list = admin.get("/api/v1/admin/patients").await.assert_status(200);
        assert_eq!(list.at("/meta/total"), &json!(2));
        assert!(!list.text().contains(&flipped));
        let own = patient.get("/api/v1/me").await.assert_status(200);
        assert_eq!((own.at("/phone_number"), own.at("/patient/unreadable")), (&Json::Null, &json!(["phone_number"])));
        // The same of a case: the clinic's list goes on, the case itself says what it is.
        let case = steps::file_inquiry(&world, &mark).await;
        sql(&world, "UPDATE medical_histories SET alert_level = 'torn', alert_level_index = NULL").await;
        let clinic = world.clinic(0).await;
        let list = clinic.get("/api/v1/inquiries").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.at("/data/0/alert_level")), (&json!(1), &Json::Null), "{}", list.text());
        assert_eq!(list.at("/data/0/unreadable"), &json!(["alert_level"]));
        clinic.get(&format!("/api/v1/inquiries/{case}")).await.assert_problem(500, "decryption_failed");
    }
}

both! {
    /// R-ID-62: the maintenance job computes what the wings compute, and mends what another index key left.
    async fn blind_indexes_are_made_anew(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        steps::file_inquiry(&world, &patient).await;
        let owner = session(&world, Guard::Provider, world.clinics[0].clinic.owner.any()).await;
        let account = json!({ "account_holder_name": "Bosphorus Hair Ltd.", "bank_name": "Rhein Bank", "bank_country": "DE",
            "currency": "EUR", "iban": "DE75512108001245126199", "swift_code": "SOGEDEFF" });
        owner.put("/api/v1/provider/banking-details", account).await.assert_status(200);
        let run = async || server::reindex::reindex(&world.t.app, |_| {}).await.unwrap();
        let first = run().await;
        assert_eq!((first.done, first.right, first.failed), (0, 3, 0), "the number of a patient, of an account, a level");
        for (table, column) in [("patients", "phone_index"), ("banking_details", "account_fingerprint"), ("medical_histories", "alert_level_index")] {
            sql(&world, &format!("UPDATE {table} SET {column} = '{}' WHERE {column} IS NOT NULL", "0".repeat(64))).await;
        }
        let mended = run().await;
        assert_eq!((mended.done, mended.right), (3, 0));
        assert_eq!(run().await, first);
        let recorded = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("keys.reindexed"));
        assert_eq!(recorded.count(world.t.conn()).await.unwrap(), 3);
    }
}

both! {
    // R-ID-29: six minutes after the sign-in each of these wants the password anew, whoever asks.
    async fn r_id_29_what_is_dangerous_wants_a_fresh_proof(t: TestApp) {
        let world = World::new(t).await;
        let mark = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let patient: AnyId = mark.get("/api/v1/me").await.assert_status(200).get("/id");
        let nurse = member(&world, "provider_clinical", "ada@tr.example").await;
        let (colleague, _) = staff(&world, "support_staff", "sam@hairline.example").await;
        let clinic = world.clinics[0].id();
        let (admin, owner) = (world.admin().await, world.clinic(0).await);
        let role = roles::Entity::find().filter(roles::Column::Name.eq("support_staff")).one(world.t.conn()).await;
        let role = role.unwrap().unwrap();
        world.t.advance(chrono::Duration::minutes(6));
        let body = json!({
            "reason": REASON, "justification": REASON, "term": "30d", "role": "support_staff", "permissions": ["view_provider"],
            "name": "Partner manager", "seat_limit": 30, "version": 1, "values": { "max_login_attempts": 4 }, "email": "new@hairline.example",
            "first_name": "Nora", "last_name": "New", "guard": "patient", "redirect_uris": ["https://app.example/back"],
            "holdable_type": "Patient", "holdable_id": patient, "reference": "AZ 1", "format": "csv", "new_owner_id": nurse,
            "confidential": true, "scopes": ["read:quotes"],
        });
        let admins = [
            "post admin/audit-logs/export", "post admin/encryption/rotate", "put admin/settings/auth",
            &format!("put admin/providers/{clinic}/seats"), &format!("post admin/provider-users/{nurse}/impersonate"),
            &format!("post admin/provider-users/{nurse}/suspend"), &format!("post admin/provider-users/{nurse}/logout-all"),
            &format!("post admin/provider-users/{nurse}/remove"), &format!("post admin/provider-users/{nurse}/mfa-reset"),
            &format!("post admin/provider-users/{nurse}/erase"),
            &format!("post admin/patients/{patient}/suspend"), &format!("post admin/patients/{patient}/deactivate"),
            &format!("post admin/patients/{patient}/identity-hold"), &format!("post admin/patients/{patient}/data-bundles"),
            &format!("post admin/users/{colleague}/suspend"), &format!("post admin/users/{colleague}/deactivate"),
            &format!("post admin/users/{colleague}/erase"), &format!("post admin/users/{colleague}/mfa-reset"),
            &format!("put admin/users/{colleague}/role"), &format!("put admin/users/{colleague}/permissions"),
            "post admin/roles", &format!("patch admin/roles/{}", role.id), "post admin/oauth/clients", "post admin/holds", "post admin/invitations",
        ];
        let owners = [&format!("put provider/team/{nurse}/role"), "post provider/deletion-request", &format!("delete provider/team/{nurse}")];
        for (client, asked) in admins.iter().map(|asked| (&admin, asked)).chain(owners.iter().map(|asked| (&owner, asked))) {
            let (method, path) = asked.split_once(' ').unwrap();
            let path = format!("/api/v1/{path}");
            let reply = match (method, path.contains("/api/v1/provider/")) {
                ("put", true) => client.put(&path, json!({ "role": "provider_billing" })).await,
                ("patch", _) => client.patch(&path, json!({ "description": "Answers people.", "version": role.version })).await,
                ("put", false) => client.put(&path, &body).await,
                ("delete", _) => client.send_json("DELETE", &path, json!({ "reason": REASON })).await,
                (_, true) => client.post(&path, json!({})).await,
                (_, false) => client.post(&path, &body).await,
            };
            assert_eq!((reply.status.as_u16(), reply.json["code"].as_str()), (403, Some("reauth_required")), "{asked}: {}", reply.text());
        }
        for (method, path, body) in [
            ("PUT", "/me/password", json!({ "current_password": "Wrong-Horse7!", "password": "Second-Horse8?", "password_confirmation": "Second-Horse8?" })),
            ("POST", "/me/email", json!({ "email": "moved@patients.example" })),
            ("POST", "/me/deletion-request", json!({})),
        ] {
            let reply = mark.send_json(method, &format!("/api/v1{path}"), body).await;
            let code = reply.json["code"].as_str().unwrap_or_default();
            // A change of the password carries its own proof.
            assert!(code == "reauth_required" || (path == "/me/password" && code == "proof_invalid"), "{path}: {}", reply.text());
        }
    }
}

/// A session of an account, for an actor made by hand.
async fn client_session(world: &World, id: UserId) -> kernel::ids::AuthSessionId {
    use identity::entity::auth_sessions::{Column, Entity};
    let found = Entity::find().filter(Column::ModelId.eq(id.any())).one(world.t.conn()).await;
    found.unwrap().unwrap().id
}
