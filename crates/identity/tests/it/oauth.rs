//! The OAuth 2 server: every grant, the consent page, and what attackers try (R-ID-39..42).

use axum::Extension;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use identity::entity::{auth_sessions, oauth_clients};
use identity::rules::totp;
use kernel::Actor;
use platform::entity::outbox_events;
use platform::web::CsrfToken;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp};

use crate::support::*;
use crate::tokens::claims;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "https://app.example/back";

/// A registered program.
pub(crate) struct Registered {
    pub id: String,
    pub secret: Option<String>,
}

/// Staff in a fresh session.
pub(crate) async fn chief(t: &TestApp) -> Client {
    let client = client(t);
    let email = format!("chief{}@hairline.example", t.app.random.hex(4));
    admin(t, &email, Some(SECRET)).await;
    let ticket = client.post("/admin/auth/login", credentials(&email, PASSWORD)).await;
    let step = json!({ "mfa_token": ticket.str("/mfa_token"), "code": totp::code_at(SECRET, t.now()).unwrap() });
    let reply = client.post("/admin/auth/mfa", step).await.assert_status(200);
    client.as_actor(bearer(t, reply.str("/access_token")).await.unwrap())
}

pub(crate) fn client_body(guard: &str, confidential: bool) -> Value {
    json!({
        "name": "Calendar", "guard": guard, "confidential": confidential, "redirect_uris": [BACK],
        "scopes": ["read:profile", "read:quotes", "write:quotes"]
    })
}

pub(crate) async fn register(t: &TestApp, body: Value) -> Registered {
    let reply = chief(t).await.post("/admin/oauth/clients", body).await.assert_status(201);
    Registered { id: reply.str("/id").into(), secret: reply.at("/secret").as_str().map(str::to_owned) }
}

fn endpoint(t: &TestApp) -> Client {
    t.client(identity::endpoints())
}

/// A browser on the consent page.
struct Browser {
    client: Client,
    csrf: String,
}

impl Browser {
    fn of(t: &TestApp, actor: Option<Actor>) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let client = t.client(identity::pages().layer(Extension(token)));
        Self { client: actor.map(|actor| client.as_actor(actor)).unwrap_or(client), csrf }
    }

    async fn answer(&self, address: &str, decision: &str) -> Reply {
        self.client.form(address, &[("_csrf", &self.csrf), ("decision", decision)]).await
    }
}

async fn mark(t: &TestApp) -> Actor {
    let email = "mark@example.com";
    if identity::entity::patients::Entity::find().count(t.conn()).await.unwrap() == 0 {
        patient(t, email).await;
    }
    let reply = client(t).post("/patient/auth/login", credentials(email, PASSWORD)).await.assert_status(200);
    bearer(t, reply.str("/access_token")).await.unwrap()
}

fn address(client: &Registered, more: &str) -> String {
    format!(
        "/oauth/authorize?response_type=code&client_id={}&redirect_uri=https%3A%2F%2Fapp.example%2Fback\
         &code_challenge={CHALLENGE}&code_challenge_method=S256&state=x%26y{more}",
        client.id
    )
}

fn location(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

fn part(location: &str, name: &str) -> Option<String> {
    let query = location.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).map(str::to_owned)
}

/// A code for this program, by a patient who allows it.
async fn code(t: &TestApp, client: &Registered) -> String {
    let browser = Browser::of(t, Some(mark(t).await));
    let reply = browser.answer(&address(client, ""), "allow").await.assert_status(303);
    part(&location(&reply), "code").unwrap()
}

fn exchange<'a>(client: &'a Registered, code: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", &client.id),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    form.extend(client.secret.as_deref().map(|secret| ("client_secret", secret)));
    form
}

fn with<'a>(form: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().copied().filter(|(own, _)| *own != name);
    kept.chain((!value.is_empty()).then_some((name, value))).collect()
}

trait Refusal {
    fn assert_oauth(self, status: u16, error: &str) -> Self;
}

impl Refusal for Reply {
    #[track_caller]
    fn assert_oauth(self, status: u16, error: &str) -> Self {
        let reply = self.assert_status(status);
        assert_eq!(reply.str("/error"), error, "{}", reply.text());
        assert!(!reply.str("/error_description").is_empty());
        assert_eq!(reply.headers["cache-control"], "no-store");
        reply
    }
}

testkit::both! {
    async fn somebody_allows_a_program_and_it_renews_its_tokens(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", false)).await;
        assert!(program.secret.is_none());
        let browser = Browser::of(&t, Some(mark(&t).await));
        let page = browser.client.get(&address(&program, "&scope=read%3Aquotes")).await.assert_status(200);
        let text = page.text();
        assert!(text.contains("Calendar") && text.contains("See offers") && !text.contains("See your profile"), "{text}");
        assert!(text.contains("app.example"));
        let sent = browser.answer(&address(&program, "&scope=read%3Aquotes"), "allow").await.assert_status(303);
        let back = location(&sent);
        assert!(back.starts_with("https://app.example/back?code="), "{back}");
        assert_eq!(part(&back, "state").unwrap(), "x%26y");
        assert_eq!(part(&back, "iss").unwrap(), "http%3A%2F%2Fhairline.test");
        let code = part(&back, "code").unwrap();
        let first = endpoint(&t).form("/oauth/token", &exchange(&program, &code)).await.assert_status(200);
        assert_eq!(first.headers["cache-control"], "no-store");
        assert_eq!((first.str("/token_type"), first.get::<i64>("/expires_in"), first.str("/scope")), ("Bearer", 900, "read:quotes"));
        let token = first.str("/access_token");
        assert_eq!(claims(token)["aud"], json!(program.id));
        let actor = bearer(&t, token).await.unwrap();
        let grant = actor.grant.clone().unwrap();
        assert!(actor.patient().is_ok() && !grant.personal);
        assert_eq!(grant.scopes.iter().collect::<Vec<_>>(), ["read:quotes"]);
        let form = [("grant_type", "refresh_token"), ("client_id", &*program.id), ("refresh_token", first.str("/refresh_token"))];
        t.advance(Duration::minutes(14));
        let second = endpoint(&t).form("/oauth/token", &form).await.assert_status(200);
        assert_eq!(second.str("/scope"), "read:quotes");
        assert_eq!(refused(&t, token).await, "session_revoked");
        // Within ten seconds a race, later a theft.
        t.advance(Duration::seconds(10));
        endpoint(&t).form("/oauth/token", &form).await.assert_oauth(400, "invalid_grant");
        assert!(bearer(&t, second.str("/access_token")).await.is_ok());
        t.advance(Duration::seconds(1));
        endpoint(&t).form("/oauth/token", &form).await.assert_oauth(400, "invalid_grant");
        assert_eq!(refused(&t, second.str("/access_token")).await, "session_revoked");
        assert_eq!(audited(&t, "session.token_reused").await, 1);
    }

    async fn a_denial_and_the_sign_in_before(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", false)).await;
        let browser = Browser::of(&t, Some(mark(&t).await));
        let denied = browser.answer(&address(&program, ""), "deny").await.assert_status(303);
        assert_eq!(part(&location(&denied), "error").unwrap(), "access_denied");
        assert_eq!(part(&location(&denied), "state").unwrap(), "x%26y");
        browser.answer(&address(&program, ""), "perhaps").await.assert_status(400);
        let forged = browser.client.form(&address(&program, ""), &[("decision", "allow")]).await;
        forged.assert_problem(403, "csrf_failed");
        // Nobody, or somebody of another portal, signs in first and comes back.
        let provider = clinic(&t, "Bosphorus Hair").await;
        let user = member(&t, provider, "provider_owner", "ada@clinic.example", None).await;
        for actor in [None, Some(testkit::actors::clinic_owner(user, provider))] {
            let stranger = Browser::of(&t, actor);
            for reply in [stranger.client.get(&address(&program, "")).await, stranger.answer(&address(&program, ""), "allow").await] {
                let to = location(&reply.assert_status(303));
                assert!(to.starts_with("/login?next=/oauth/authorize%3Fresponse_type%3Dcode"), "{to}");
            }
        }
        let stranger = Browser::of(&t, None);
        let to = location(&stranger.client.get(&address(&program, "")).await);
        let login = stranger.client.get(&to).await.assert_status(200).text();
        assert!(login.contains("name=\"next\" value=\"/oauth/authorize?response_type=code&#38;client_id=") || login.contains("name=\"next\" value=\"/oauth/authorize?response_type=code&amp;client_id="), "{login}");
        let next = address(&program, "");
        let form = [("_csrf", &*stranger.csrf), ("login", "mark@example.com"), ("password", PASSWORD), ("next", &*next)];
        let onward = stranger.client.form("/login", &form).await.assert_status(200);
        assert!(onward.headers.contains_key("set-cookie") && onward.text().contains("http-equiv=\"refresh\""), "{}", onward.text());
    }

    async fn r_id_40_nobody_is_led_to_an_address_that_is_not_registered(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", false)).await;
        let browser = Browser::of(&t, Some(mark(&t).await));
        let good = address(&program, "");
        let other = |uri: &str| good.replace("https%3A%2F%2Fapp.example%2Fback", uri);
        for bad in [
            other("https%3A%2F%2Fevil.example%2Fback"), other("https%3A%2F%2Fapp.example%2Fback%2F"), other(""),
            other("https%3A%2F%2Fapp.example%2Fback%3Fx%3D1"), format!("{good}&redirect_uri=https%3A%2F%2Fevil.example"),
            good.replace(&program.id, "0190a000-0000-7000-8000-000000000000"), good.replace(&program.id, "nonsense"),
        ] {
            for reply in [browser.client.get(&bad).await, browser.answer(&bad, "allow").await] {
                let reply = reply.assert_status(400);
                assert!(!reply.headers.contains_key("location") && !reply.text().contains("\"https://evil.example"), "{bad}");
            }
        }
        // The rest is told to the program.
        for (from, to, error) in [
            ("response_type=code", "response_type=token", "unsupported_response_type"),
            ("response_type=code&", "", "invalid_request"),
            ("code_challenge_method=S256", "code_challenge_method=plain", "invalid_request"),
            ("&code_challenge_method=S256", "", "invalid_request"),
            (&*format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"), "", "invalid_request"),
            (CHALLENGE, "short", "invalid_request"),
            ("&state=", "&scope=read%3Apatients&state=", "invalid_scope"),
            ("&state=", "&scope=%2A&state=", "invalid_scope"),
            ("&state=", "&scope=nonsense&state=", "invalid_scope"),
        ] {
            let bad = good.replace(from, to);
            let back = location(&browser.client.get(&bad).await.assert_status(303));
            assert!(back.starts_with("https://app.example/back?error="), "{back}");
            assert_eq!(part(&back, "error").unwrap(), error, "{bad}");
            assert!(part(&back, "iss").is_some() && part(&back, "code").is_none());
        }
    }

    async fn r_id_40_a_code_counts_once_and_its_replay_ends_what_was_made(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", true)).await;
        let other = register(&t, client_body("patient", true)).await;
        let code = code(&t, &program).await;
        let form = exchange(&program, &code);
        let send = async |form: &[(&str, &str)]| endpoint(&t).form("/oauth/token", form).await;
        // Nothing of this burns the code.
        send(&with(&form, "code_verifier", "a".repeat(43).as_str())).await.assert_oauth(400, "invalid_grant");
        send(&with(&form, "code_verifier", "")).await.assert_oauth(400, "invalid_grant");
        send(&with(&form, "code_verifier", CHALLENGE)).await.assert_oauth(400, "invalid_grant");
        send(&with(&form, "redirect_uri", "https://app.example/back/")).await.assert_oauth(400, "invalid_grant");
        send(&with(&form, "redirect_uri", "")).await.assert_oauth(400, "invalid_request");
        send(&exchange(&other, &code)).await.assert_oauth(400, "invalid_grant");
        send(&with(&form, "client_secret", "wrong")).await.assert_oauth(401, "invalid_client");
        send(&with(&form, "client_secret", "")).await.assert_oauth(401, "invalid_client");
        let made = send(&form).await.assert_status(200);
        assert!(bearer(&t, made.str("/access_token")).await.is_ok());
        send(&form).await.assert_oauth(400, "invalid_grant");
        assert_eq!(refused(&t, made.str("/access_token")).await, "session_revoked");
        let refresh = [("grant_type", "refresh_token"), ("client_id", &*program.id), ("client_secret", program.secret.as_deref().unwrap()), ("refresh_token", made.str("/refresh_token"))];
        send(&refresh).await.assert_oauth(400, "invalid_grant");
        assert_eq!(audited(&t, "oauth_code.replayed").await, 1);
        let told = outbox_events::Entity::find().filter(outbox_events::Column::EventKey.eq("security.token_reuse"));
        assert_eq!(told.count(t.conn()).await.unwrap(), 1);
    }

    async fn of_two_exchanges_at_once_one_wins(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", false)).await;
        let code = code(&t, &program).await;
        let form = exchange(&program, &code);
        let endpoint = endpoint(&t);
        let (a, b) = tokio::join!(endpoint.form("/oauth/token", &form), endpoint.form("/oauth/token", &form));
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }

    async fn a_code_ends_with_its_time_and_with_the_session_that_consented(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", false)).await;
        let late = code(&t, &program).await;
        t.advance(Duration::minutes(10));
        endpoint(&t).form("/oauth/token", &exchange(&program, &late)).await.assert_oauth(400, "invalid_grant");
        let actor = mark(&t).await;
        let browser = Browser::of(&t, Some(actor.clone()));
        let sent = browser.answer(&address(&program, ""), "allow").await.assert_status(303);
        let orphan = part(&location(&sent), "code").unwrap();
        client(&t).as_actor(actor).post("/patient/auth/logout", json!({})).await.assert_status(204);
        endpoint(&t).form("/oauth/token", &exchange(&program, &orphan)).await.assert_oauth(400, "invalid_grant");
    }

    async fn programs_of_the_house_need_no_consent(t: TestApp) {
        let _ = installed(&t).await;
        let mut body = client_body("patient", true);
        body["first_party"] = json!(true);
        body["scopes"] = json!(["*"]);
        let program = register(&t, body).await;
        let browser = Browser::of(&t, Some(mark(&t).await));
        let bare = address(&program, "").replace(&format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"), "");
        let sent = browser.client.get(&bare).await.assert_status(303);
        let code = part(&location(&sent), "code").unwrap();
        // A verifier for a code without a challenge: somebody took the challenge away.
        let form = exchange(&program, &code);
        endpoint(&t).form("/oauth/token", &form).await.assert_oauth(400, "invalid_grant");
        let made = endpoint(&t).form("/oauth/token", &with(&form, "code_verifier", "")).await.assert_status(200);
        assert_eq!(made.str("/scope"), "*");
        assert!(bearer(&t, made.str("/access_token")).await.unwrap().grant.is_none());
    }

    async fn r_id_40_a_program_speaks_for_itself_with_its_scopes_only(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("provider", true)).await;
        let public = register(&t, client_body("provider", false)).await;
        let secret = program.secret.clone().unwrap();
        assert!(secret.len() == 40 && secret.bytes().all(|b| b.is_ascii_alphanumeric()), "{secret}");
        let stored = oauth_clients::Entity::find_by_id(program.id.parse::<kernel::ids::OauthClientId>().unwrap()).one(t.conn()).await.unwrap().unwrap();
        assert!(stored.secret.is_some_and(|hash| hash.len() == 64 && hash != secret), "only the hash is kept");
        let basic = endpoint(&t).header("authorization", &format!("Basic {}", STANDARD.encode(format!("{}:{secret}", program.id))));
        let made = basic.form("/oauth/token", &[("grant_type", "client_credentials"), ("scope", "read:quotes")]).await.assert_status(200);
        assert!(made.json.get("refresh_token").is_none());
        assert_eq!((made.get::<i64>("/expires_in"), made.str("/scope")), (900, "read:quotes"));
        let told = claims(made.str("/access_token"));
        assert_eq!(told["sub"], json!(program.id));
        assert!(told.get("grd").is_none() && told.get("sid").is_none());
        let actor = bearer(&t, made.str("/access_token")).await.unwrap();
        assert!(actor.guard().is_none() && actor.reference().1.is_none());
        assert_eq!(actor.require(kernel::Permission::ViewQuote).unwrap_err().code, "forbidden");
        let body = [("grant_type", "client_credentials"), ("client_id", &*program.id), ("client_secret", &*secret)];
        let all = endpoint(&t).form("/oauth/token", &body).await.assert_status(200);
        assert_eq!(all.str("/scope"), "read:profile read:quotes write:quotes");
        endpoint(&t).form("/oauth/token", &with(&body, "scope", "write:payments")).await.assert_oauth(400, "invalid_scope");
        endpoint(&t).form("/oauth/token", &[("grant_type", "client_credentials"), ("client_id", &*public.id)]).await.assert_oauth(400, "unauthorized_client");
        // Refusals of the standard.
        let wrong = endpoint(&t).header("authorization", &format!("Basic {}", STANDARD.encode(format!("{}:no", program.id))));
        let refusal = wrong.form("/oauth/token", &[("grant_type", "client_credentials")]).await.assert_oauth(401, "invalid_client");
        assert!(refusal.headers["www-authenticate"].to_str().unwrap().starts_with("Basic"));
        basic.form("/oauth/token", &body).await.assert_oauth(400, "invalid_request");
        for (form, error) in [
            (vec![("grant_type", "implicit"), ("client_id", &*program.id)], "unsupported_grant_type"),
            (vec![("grant_type", "urn:ietf:params:oauth:grant-type:device_code")], "unsupported_grant_type"),
            (vec![("client_id", &*program.id)], "invalid_request"),
            (with(&body, "x", "1").into_iter().chain([("x", "2")]).collect(), "invalid_request"),
        ] {
            endpoint(&t).form("/oauth/token", &form).await.assert_oauth(400, error);
        }
        endpoint(&t).post("/oauth/token", json!({ "grant_type": "client_credentials" })).await.assert_oauth(400, "invalid_request");
        // Proofs in the address do not count.
        let asked = format!("/oauth/token?grant_type=client_credentials&client_id={}&client_secret={secret}", program.id);
        endpoint(&t).form(&asked, &[]).await.assert_oauth(400, "invalid_request");
    }

    async fn r_id_40_the_password_grant_is_off_and_obeys_the_locks(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let mut body = client_body("patient", true);
        body["first_party"] = json!(true);
        let usual = register(&t, body.clone()).await;
        body["password_grant"] = json!(true);
        let legacy = register(&t, body.clone()).await;
        let form = |client: &Registered, password: &str| -> Vec<(&'static str, String)> {
            vec![("grant_type", "password".into()), ("client_id", client.id.clone()), ("client_secret", client.secret.clone().unwrap()), ("username", "mark@example.com".into()), ("password", password.into())]
        };
        let send = async |form: Vec<(&str, String)>| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            endpoint(&t).form("/oauth/token", &form).await
        };
        send(form(&usual, PASSWORD)).await.assert_oauth(400, "unauthorized_client");
        let made = send(form(&legacy, PASSWORD)).await.assert_status(200);
        assert!(bearer(&t, made.str("/access_token")).await.unwrap().patient().is_ok());
        for _ in 0..5 {
            let refusal = send(form(&legacy, "wrong")).await.assert_oauth(400, "invalid_grant");
            assert_eq!(refusal.str("/hint"), "invalid_credentials");
        }
        let locked = send(form(&legacy, PASSWORD)).await.assert_oauth(400, "invalid_grant");
        assert_eq!(locked.str("/hint"), "account_locked");
        assert!(locked.headers.contains_key("retry-after"));
        // Accounts with a second factor never.
        let provider = clinic(&t, "Bosphorus Hair").await;
        member(&t, provider, "provider_owner", "ada@clinic.example", Some(SECRET)).await;
        body["guard"] = json!("provider");
        let clinics = register(&t, body).await;
        let mut staff = form(&clinics, PASSWORD);
        staff[3].1 = "ada@clinic.example".into();
        let refusal = send(staff).await.assert_oauth(400, "invalid_grant");
        assert_eq!(refusal.str("/hint"), "mfa_required");
    }

    async fn a_program_of_one_guard_gets_no_token_of_another(t: TestApp) {
        let _ = installed(&t).await;
        let patients = register(&t, client_body("patient", true)).await;
        let clinics = register(&t, client_body("provider", true)).await;
        let made_for_patients = code(&t, &patients).await;
        endpoint(&t).form("/oauth/token", &exchange(&clinics, &made_for_patients)).await.assert_oauth(400, "invalid_grant");
        let mut waiting = Some(made_for_patients);
        let send = async |form: Vec<(&str, String)>| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            endpoint(&t).form("/oauth/token", &form).await
        };
        // R-ID-36: whoever else presents it, of which guard ever, has stolen it, and the family ends.
        let of_same_guard = register(&t, client_body("patient", true)).await;
        for thief in [Some(&clinics), Some(&of_same_guard), None] {
            let code = match waiting.take() {
                Some(code) => code,
                None => code(&t, &patients).await,
            };
            let made = endpoint(&t).form("/oauth/token", &exchange(&patients, &code)).await.assert_status(200);
            let token = made.str("/refresh_token").to_owned();
            match thief {
                Some(thief) => {
                    let secret = thief.secret.clone().unwrap();
                    let form = vec![("grant_type", "refresh_token".into()), ("client_id", thief.id.clone()),
                        ("client_secret", secret), ("refresh_token", token)];
                    send(form).await.assert_oauth(400, "invalid_grant");
                }
                None => {
                    let portal = client(&t).post("/provider/auth/refresh", json!({ "refresh_token": token })).await;
                    portal.assert_problem(401, "session_revoked");
                }
            }
            assert_eq!(refused(&t, made.str("/access_token")).await, "session_revoked");
        }
        assert_eq!(audited(&t, "session.token_reused").await, 3);
        // A client whose table was changed opens nothing.
        let again = code(&t, &patients).await;
        let made = endpoint(&t).form("/oauth/token", &exchange(&patients, &again)).await.assert_status(200);
        sql(&t, &format!("UPDATE oauth_clients SET provider = 'users' WHERE id = '{}'", patients.id)).await;
        assert_eq!(refused(&t, made.str("/access_token")).await, "token_invalid");
    }

    async fn tokens_are_ended_and_explained(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", true)).await;
        let other = register(&t, client_body("patient", true)).await;
        let code = code(&t, &program).await;
        let made = endpoint(&t).form("/oauth/token", &exchange(&program, &code)).await.assert_status(200);
        let (access, refresh) = (made.str("/access_token").to_owned(), made.str("/refresh_token").to_owned());
        let ask = async |client: &Registered, path: &str, token: &str| {
            let secret = client.secret.as_deref().unwrap();
            endpoint(&t).form(path, &[("client_id", &*client.id), ("client_secret", secret), ("token", token)]).await
        };
        let told = ask(&program, "/oauth/introspect", &access).await.assert_status(200);
        assert_eq!((told.at("/active"), told.str("/scope"), told.str("/client_id")), (&json!(true), "read:profile read:quotes write:quotes", &*program.id));
        assert_eq!((told.at("/exp"), told.at("/sub")), (&claims(&access)["exp"], &claims(&access)["sub"]));
        assert_eq!(ask(&program, "/oauth/introspect", &refresh).await.at("/active"), &json!(true));
        for token in [access.as_str(), refresh.as_str(), "nonsense", "a.b.c"] {
            assert_eq!(ask(&other, "/oauth/introspect", token).await.assert_status(200).json, json!({ "active": false }), "{token}");
        }
        endpoint(&t).form("/oauth/introspect", &[("token", &*access)]).await.assert_oauth(401, "invalid_client");
        // Another program ends nothing; what is unknown has ended already.
        ask(&other, "/oauth/revoke", &access).await.assert_oauth(400, "invalid_grant");
        ask(&program, "/oauth/revoke", "nonsense").await.assert_status(200);
        assert!(bearer(&t, &access).await.is_ok());
        ask(&program, "/oauth/revoke", &access).await.assert_status(200);
        assert_eq!(refused(&t, &access).await, "session_revoked");
        assert_eq!(ask(&program, "/oauth/introspect", &access).await.json, json!({ "active": false }));
        assert_eq!(ask(&program, "/oauth/introspect", &refresh).await.at("/active"), &json!(true));
        ask(&program, "/oauth/revoke", &refresh).await.assert_status(200);
        assert_eq!(ask(&program, "/oauth/introspect", &refresh).await.json, json!({ "active": false }));
        let sessions = auth_sessions::Entity::find().filter(auth_sessions::Column::RevokeReason.eq("client"));
        assert_eq!(sessions.count(t.conn()).await.unwrap(), 1);
    }

    async fn a_narrower_token_is_no_narrower_family(t: TestApp) {
        let _ = installed(&t).await;
        let program = register(&t, client_body("patient", false)).await;
        let code = code(&t, &program).await;
        let made = endpoint(&t).form("/oauth/token", &exchange(&program, &code)).await.assert_status(200);
        let form = |token: &str, scope: &str| -> Vec<(&'static str, String)> {
            vec![("grant_type", "refresh_token".into()), ("client_id", program.id.clone()), ("refresh_token", token.into()), ("scope", scope.into())]
        };
        let send = async |form: Vec<(&str, String)>| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            endpoint(&t).form("/oauth/token", &form).await
        };
        send(form(made.str("/refresh_token"), "write:payments")).await.assert_oauth(400, "invalid_scope");
        let narrow = send(form(made.str("/refresh_token"), "read:quotes")).await.assert_status(200);
        assert_eq!(narrow.str("/scope"), "read:quotes");
        assert_eq!(claims(narrow.str("/access_token"))["scopes"], json!(["read:quotes"]));
        let wide = send(form(narrow.str("/refresh_token"), "")).await.assert_status(200);
        assert_eq!(wide.str("/scope"), "read:profile read:quotes write:quotes");
    }

    // R-ID-42: what was taken from a program ends with the token that holds it, and no renewal brings it back.
    async fn what_a_program_lost_is_not_renewed(t: TestApp) {
        let _ = installed(&t).await;
        let chief = chief(&t).await;
        let program = register(&t, client_body("patient", false)).await;
        let code = code(&t, &program).await;
        let made = endpoint(&t).form("/oauth/token", &exchange(&program, &code)).await.assert_status(200);
        assert_eq!(made.str("/scope"), "read:profile read:quotes write:quotes");
        let path = format!("/admin/oauth/clients/{}", program.id);
        chief.patch(&path, json!({ "scopes": ["read:profile"] })).await.assert_status(200);
        let renew = async |token: &str, scope: &str| {
            let mut form = vec![("grant_type", "refresh_token"), ("client_id", &*program.id), ("refresh_token", token)];
            if !scope.is_empty() {
                form.push(("scope", scope));
            }
            endpoint(&t).form("/oauth/token", &form).await
        };
        renew(made.str("/refresh_token"), "read:quotes").await.assert_oauth(400, "invalid_scope");
        let renewed = renew(made.str("/refresh_token"), "").await.assert_status(200);
        assert_eq!(renewed.str("/scope"), "read:profile");
        assert_eq!(claims(renewed.str("/access_token"))["scopes"], json!(["read:profile"]));
        // What is given back is asked for anew, not found in an old token.
        chief.patch(&path, json!({ "scopes": ["read:profile", "read:quotes"] })).await.assert_status(200);
        assert_eq!(renew(renewed.str("/refresh_token"), "").await.assert_status(200).str("/scope"), "read:profile");
    }

    async fn r_id_39_clients_find_everything_by_themselves(t: TestApp) {
        let _ = installed(&t).await;
        let told = endpoint(&t).get("/.well-known/oauth-authorization-server").await.assert_status(200);
        assert_eq!(told.str("/issuer"), "http://hairline.test");
        for (name, path) in [("authorization_endpoint", "/oauth/authorize"), ("token_endpoint", "/oauth/token"),
            ("revocation_endpoint", "/oauth/revoke"), ("introspection_endpoint", "/oauth/introspect"), ("jwks_uri", "/.well-known/jwks.json")] {
            assert_eq!(told.str(&format!("/{name}")), format!("http://hairline.test{path}"));
        }
        assert_eq!(told.at("/code_challenge_methods_supported"), &json!(["S256"]));
        assert_eq!(told.at("/response_types_supported"), &json!(["code"]));
        assert_eq!(told.at("/authorization_response_iss_parameter_supported"), &json!(true));
        assert_eq!(told.at("/scopes_supported").as_array().unwrap().len(), 20);
        let scopes = endpoint(&t).get("/oauth/scopes").await.assert_status(200);
        assert_eq!(scopes.str("/0/id"), "read:settings");
        assert!(scopes.json.as_array().unwrap().iter().all(|scope| !scope["description"].as_str().unwrap().is_empty()));
    }

    async fn r_id_42_staff_manage_clients_and_ending_one_ends_its_tokens(t: TestApp) {
        let client = installed(&t).await;
        let chief = chief(&t).await;
        let made = chief.post("/admin/oauth/clients", client_body("patient", true)).await.assert_status(201);
        let program = Registered { id: made.str("/id").into(), secret: made.at("/secret").as_str().map(str::to_owned) };
        let path = format!("/admin/oauth/clients/{}", program.id);
        let list = chief.get("/admin/oauth/clients").await.assert_status(200);
        assert_eq!(list.at("/meta/total"), &json!(6));
        assert!(!list.text().contains(program.secret.as_deref().unwrap()), "the secret is shown once");
        // Bad clients.
        for (name, value, field, error) in [
            ("redirect_uris", json!(["http://app.example/back"]), "redirect_uris", "redirect_unsafe"),
            ("redirect_uris", json!(["https://*.example/back"]), "redirect_uris", "redirect_unsafe"),
            ("scopes", json!(["*"]), "scopes", "scope_first_party"), ("scopes", json!([]), "scopes", "scopes_missing"),
            ("scopes", json!(["read:everything"]), "scopes", "scope_unknown"), ("name", json!(" x "), "name", "client_name"),
            ("password_grant", json!(true), "password_grant", "password_grant_refused"), ("guard", json!("google"), "guard", "unknown_value"),
        ] {
            let mut body = client_body("patient", true);
            body[name] = value;
            chief.post("/admin/oauth/clients", body).await.assert_status(422).assert_field(field, error);
        }
        let mut body = client_body("patient", false);
        body["redirect_uris"] = json!([]);
        chief.post("/admin/oauth/clients", body).await.assert_status(422).assert_field("redirect_uris", "required");
        // Strangers and other staff.
        client.post("/admin/oauth/clients", client_body("patient", true)).await.assert_problem(401, "unauthenticated");
        let actor = mark(&t).await;
        client.as_actor(actor).get("/admin/oauth/clients").await.assert_problem(403, "forbidden");
        // A change, a new secret.
        let changed = chief.patch(&path, json!({ "name": "Calendar two", "scopes": ["read:profile", "read:quotes"] })).await.assert_status(200);
        assert_eq!((changed.str("/name"), changed.at("/redirect_uris")), ("Calendar two", &json!([BACK])));
        let code_of_old = code(&t, &program).await;
        let renewed = chief.post(&format!("{path}/secret"), json!({})).await.assert_status(200);
        endpoint(&t).form("/oauth/token", &exchange(&program, &code_of_old)).await.assert_oauth(401, "invalid_client");
        let program = Registered { id: program.id, secret: renewed.at("/secret").as_str().map(str::to_owned) };
        let made = endpoint(&t).form("/oauth/token", &exchange(&program, &code_of_old)).await.assert_status(200);
        assert_eq!(made.str("/scope"), "read:profile read:quotes");
        let waiting = code(&t, &program).await;
        chief.delete(&path).await.assert_status(204);
        assert_eq!(refused(&t, made.str("/access_token")).await, "session_revoked");
        endpoint(&t).form("/oauth/token", &exchange(&program, &waiting)).await.assert_oauth(401, "invalid_client");
        chief.delete(&path).await.assert_problem(409, "client_revoked");
        chief.patch(&path, json!({ "name": "Again" })).await.assert_problem(409, "client_revoked");
        let page = Browser::of(&t, Some(mark(&t).await)).client.get(&address(&program, "")).await.assert_status(400);
        assert!(page.text().contains("not registered"));
        for action in ["oauth_client.created", "oauth_client.changed", "oauth_client.secret_rotated", "oauth_client.revoked"] {
            assert_eq!(audited(&t, action).await, 1, "{action}");
        }
        // What came with the program stays.
        for built_in in 1..=5 {
            let path = format!("/admin/oauth/clients/01900000-0000-7000-8000-00000000000{built_in}");
            chief.delete(&path).await.assert_problem(409, "client_built_in");
            chief.post(&format!("{path}/secret"), json!({})).await.assert_problem(409, "client_built_in");
        }
        chief.delete("/admin/oauth/clients/0190a000-0000-7000-8000-000000000000").await.assert_problem(404, "not_found");
        // Five minutes after the proof.
        t.advance(Duration::minutes(6));
        chief.post("/admin/oauth/clients", client_body("patient", true)).await.assert_problem(403, "reauth_required");
    }
}
