//! The OAuth server against clients nobody here wrote: the crate `oauth2`, and Python's Authlib, over a real socket.

#![expect(clippy::disallowed_methods, reason = "clients nobody here wrote")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use identity::seed::{Hashed, PatientSpec};
use kernel::{Clock, SystemClock};
use oauth2::basic::BasicClient;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IntrospectionUrl,
    PkceCodeChallenge, RedirectUrl, RequestTokenError, RevocationUrl, Scope, StandardRevocableToken,
    TokenIntrospectionResponse, TokenResponse, TokenUrl,
};
use platform::App;
use serde_json::{Value as Json, json};
use testkit::{Client, TestApp, both};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio_util::sync::CancellationToken;

use crate::world::{PASSWORD, World};

const EMAIL: &str = "mark@patients.example";
const BACK: &str = "https://app.example/back";

/// The house on a port of this machine, at the present time, with a patient.
struct House {
    world: World,
    address: SocketAddr,
    /// The same house without a socket: tokens name the address they were made at.
    api: Client,
    admin: Client,
    stop: CancellationToken,
}

impl House {
    async fn open(t: TestApp) -> Self {
        let world = World::new(t).await;
        // Clients look at the machine's clock.
        world.t.clock.set(SystemClock::default().now());
        let password = Hashed::of(&world.t.app, PASSWORD).await.unwrap();
        let spec = PatientSpec { email: EMAIL.into(), password, ..PatientSpec::new(&world.t.app, "Mark", "Peterson") };
        identity::seed::patient(&world.t.app, spec).await.unwrap();
        let mut config = world.t.app.config.clone();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        config.http.bind = free.local_addr().unwrap();
        drop(free);
        config.http.public_url = format!("http://{}", config.http.bind);
        let app = App::with_parts(config, world.t.app.clock.clone(), world.t.app.random.clone()).await.unwrap();
        let router: Router<App> = server::router(&app).with_state(());
        let api = world.t.client(router);
        let server = server::Server::bind(app).await.unwrap();
        let (address, stop) = (server.address().unwrap(), CancellationToken::new());
        tokio::spawn(server.run(stop.clone()));
        let admin = world.admin().await;
        Self { world, address, api, admin, stop }
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn register(&self, more: Json) -> (String, Option<String>) {
        let mut body = json!({
            "name": "Foreign program", "guard": "patient", "confidential": true, "redirect_uris": [BACK],
            "scopes": ["read:profile", "read:quotes"]
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.admin.post("/api/v1/admin/oauth/clients", body).await.assert_status(201);
        (made.str("/id").to_owned(), made.at("/secret").as_str().map(str::to_owned))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    page.split_once(&field).unwrap().1.split('"').next().unwrap().to_owned()
}

/// A person with a browser: signs in on the way and allows; answers where the browser is sent then.
async fn allow(house: &House, address: &str) -> String {
    let none = reqwest::redirect::Policy::none();
    let browser = reqwest::Client::builder().cookie_store(true).redirect(none).build().unwrap();
    let to = |reply: &reqwest::Response| reply.headers()["location"].to_str().unwrap().to_owned();
    let sign_in = to(&browser.get(address).send().await.unwrap());
    assert!(sign_in.starts_with("/login?next="), "{sign_in}");
    let page = browser.get(house.at(&sign_in)).send().await.unwrap().text().await.unwrap();
    let (csrf, next) = (hidden(&page, "_csrf"), address.strip_prefix(&house.at("")).unwrap().to_owned());
    let form = [("_csrf", csrf.as_str()), ("login", EMAIL), ("password", PASSWORD), ("next", &next)];
    let onward = browser.post(house.at("/login")).form(&form).send().await.unwrap();
    assert_eq!(onward.status(), 200, "the next page opens by itself");
    let consent = browser.get(address).send().await.unwrap();
    let policy = consent.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
    assert!(consent.text().await.unwrap().contains("Foreign program"));
    let form = [("_csrf", csrf.as_str()), ("decision", "allow")];
    to(&browser.post(address).form(&form).send().await.unwrap())
}

fn part(address: &str, name: &str) -> String {
    let query = address.split_once('?').unwrap().1;
    let pair = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    pair.unwrap_or_else(|| panic!("no {name} in {address}")).to_owned()
}

/// The client insists on https for revocation; on this machine the same port speaks http.
async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let (parts, body) = request.into_parts();
    let address = parts.uri.to_string().replacen("https://", "http://", 1);
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let reply = http.request(parts.method, address).headers(parts.headers).body(body).send().await?;
    let mut response = HttpResponse::default();
    *response.status_mut() = reply.status();
    *response.headers_mut() = reply.headers().clone();
    *response.body_mut() = reply.bytes().await?.to_vec();
    Ok(response)
}

fn word<RE: std::error::Error + 'static>(error: RequestTokenError<RE, oauth2::basic::BasicErrorResponse>) -> String {
    match error {
        RequestTokenError::ServerResponse(refusal) => refusal.error().to_string(),
        other => panic!("{other}"),
    }
}

both! {
    async fn the_crate_oauth2_runs_every_grant(t: TestApp) {
        let house = House::open(t).await;
        let (id, secret) = house.register(json!({})).await;
        let secure = |path: &str| format!("https://{}{path}", house.address);
        let client = BasicClient::new(ClientId::new(id.clone()))
            .set_client_secret(ClientSecret::new(secret.unwrap()))
            .set_auth_uri(AuthUrl::new(house.at("/oauth/authorize")).unwrap())
            .set_token_uri(TokenUrl::new(house.at("/oauth/token")).unwrap())
            .set_redirect_uri(RedirectUrl::new(BACK.to_owned()).unwrap())
            .set_introspection_url(IntrospectionUrl::new(house.at("/oauth/introspect")).unwrap())
            .set_revocation_url(RevocationUrl::new(secure("/oauth/revoke")).unwrap());
        // Authorization code with PKCE.
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new("read:profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let back = allow(&house, address.as_str()).await;
        assert!(back.starts_with("https://app.example/back?code="), "{back}");
        assert_eq!(&part(&back, "state"), state.secret());
        let code = part(&back, "code");
        let (_, wrong) = PkceCodeChallenge::new_random_sha256();
        let refusal = client.exchange_code(AuthorizationCode::new(code.clone())).set_pkce_verifier(wrong).request_async(&send).await;
        assert_eq!(word(refusal.unwrap_err()), "invalid_grant");
        let tokens = client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(verifier).request_async(&send).await.unwrap();
        assert_eq!(tokens.expires_in(), Some(Duration::from_secs(900)));
        assert_eq!(tokens.scopes().unwrap().iter().map(|scope| scope.as_str()).collect::<Vec<_>>(), ["read:profile"]);
        // The token does what it says and nothing else.
        let api = |token: &str| house.api.header("authorization", &format!("Bearer {token}"));
        let own = api(tokens.access_token().secret());
        assert_eq!(own.get("/api/v1/me").await.assert_status(200).str("/email"), EMAIL);
        own.get("/api/v1/quotes").await.assert_problem(403, "insufficient_scope");
        own.patch("/api/v1/me", json!({ "first_name": "Marc" })).await.assert_problem(403, "insufficient_scope");
        own.post("/api/v1/patient/auth/logout", json!({})).await.assert_problem(403, "insufficient_scope");
        own.get("/api/v1/countries").await.assert_status(200);
        // Introspection, refresh, revocation.
        let told = client.introspect(tokens.access_token()).request_async(&send).await.unwrap();
        assert!(told.active() && told.client_id().is_some_and(|told| **told == id));
        let second = client.exchange_refresh_token(tokens.refresh_token().unwrap()).request_async(&send).await.unwrap();
        api(tokens.access_token().secret()).get("/api/v1/me").await.assert_problem(401, "session_revoked");
        let refresh: StandardRevocableToken = second.refresh_token().unwrap().into();
        client.revoke_token(refresh).unwrap().request_async(&send).await.unwrap();
        assert!(!client.introspect(second.access_token()).request_async(&send).await.unwrap().active());
        api(second.access_token().secret()).get("/api/v1/me").await.assert_problem(401, "session_revoked");
        // Client credentials.
        let own = client.exchange_client_credentials().add_scope(Scope::new("read:quotes".to_owned())).request_async(&send).await.unwrap();
        assert!(own.refresh_token().is_none());
        assert!(client.introspect(own.access_token()).request_async(&send).await.unwrap().active());
        api(own.access_token().secret()).get("/api/v1/me").await.assert_problem(403, "insufficient_scope");
        let refusal = client.exchange_client_credentials().add_scope(Scope::new("write:payments".to_owned())).request_async(&send).await;
        assert_eq!(word(refusal.unwrap_err()), "invalid_scope");
    }

    async fn the_crate_oauth2_runs_the_attacks(t: TestApp) {
        let house = House::open(t).await;
        let of = |(id, secret): (String, Option<String>)| {
            BasicClient::new(ClientId::new(id))
                .set_client_secret(ClientSecret::new(secret.unwrap()))
                .set_auth_uri(AuthUrl::new(house.at("/oauth/authorize")).unwrap())
                .set_token_uri(TokenUrl::new(house.at("/oauth/token")).unwrap())
                .set_redirect_uri(RedirectUrl::new(BACK.to_owned()).unwrap())
                .set_introspection_url(IntrospectionUrl::new(house.at("/oauth/introspect")).unwrap())
        };
        let client = of(house.register(json!({})).await);
        let stranger = of(house.register(json!({})).await);
        let clinics = of(house.register(json!({ "guard": "provider" })).await);
        let legacy = of(house.register(json!({ "first_party": true, "password_grant": true, "scopes": ["*"] })).await);
        let consent = async |elsewhere: Option<&str>| {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            let mut ask = client.authorize_url(CsrfToken::new_random).add_scope(Scope::new("read:profile".to_owned())).set_pkce_challenge(challenge);
            if let Some(other) = elsewhere {
                ask = ask.set_redirect_uri(std::borrow::Cow::Owned(RedirectUrl::new(other.to_owned()).unwrap()));
            }
            (ask.url().0, verifier)
        };
        let copy = |verifier: &oauth2::PkceCodeVerifier| oauth2::PkceCodeVerifier::new(verifier.secret().clone());
        // A code that comes twice ends what it bought.
        let (address, verifier) = consent(None).await;
        let code = part(&allow(&house, address.as_str()).await, "code");
        let tokens = client.exchange_code(AuthorizationCode::new(code.clone())).set_pkce_verifier(copy(&verifier)).request_async(&send).await.unwrap();
        let replay = client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(copy(&verifier)).request_async(&send).await;
        assert_eq!(word(replay.unwrap_err()), "invalid_grant");
        assert!(!client.introspect(tokens.access_token()).request_async(&send).await.unwrap().active());
        let refresh = client.exchange_refresh_token(tokens.refresh_token().unwrap()).request_async(&send).await;
        assert_eq!(word(refresh.unwrap_err()), "invalid_grant");
        // A code of one client is worth nothing to another, be it of the same guard or of another one.
        for other in [&stranger, &clinics] {
            let (address, verifier) = consent(None).await;
            let code = part(&allow(&house, address.as_str()).await, "code");
            let stolen = other.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(copy(&verifier)).request_async(&send).await;
            assert_eq!(word(stolen.unwrap_err()), "invalid_grant");
        }
        // Nor under another address to come back to, and an address nobody registered is never led to.
        let (address, verifier) = consent(None).await;
        let code = part(&allow(&house, address.as_str()).await, "code");
        let moved = RedirectUrl::new("https://app.example/other".to_owned()).unwrap();
        let refusal = client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(verifier)
            .set_redirect_uri(std::borrow::Cow::Owned(moved)).request_async(&send).await;
        assert_eq!(word(refusal.unwrap_err()), "invalid_grant");
        let (address, _) = consent(Some("https://evil.example/back")).await;
        let answer = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap().get(address).send().await.unwrap();
        assert!(answer.status().is_client_error() && answer.headers().get("location").is_none(), "{}", answer.status());
        // A password buys a token from clients of the house that may, and from no other.
        let (name, password) = (oauth2::ResourceOwnerUsername::new(EMAIL.to_owned()), oauth2::ResourceOwnerPassword::new(PASSWORD.to_owned()));
        let refusal = client.exchange_password(&name, &password).request_async(&send).await;
        assert_eq!(word(refusal.unwrap_err()), "unauthorized_client");
        let own = legacy.exchange_password(&name, &password).request_async(&send).await.unwrap();
        let api = |token: &str| house.api.header("authorization", &format!("Bearer {token}"));
        assert_eq!(api(own.access_token().secret()).get("/api/v1/me").await.assert_status(200).str("/email"), EMAIL);
        // A patient's token opens nothing of a clinic.
        api(own.access_token().secret()).get("/api/v1/provider/team").await.assert_problem(401, "wrong_guard");
        let wrong = oauth2::ResourceOwnerPassword::new("Wrong!Horse7Battery".to_owned());
        assert_eq!(word(legacy.exchange_password(&name, &wrong).request_async(&send).await.unwrap_err()), "invalid_grant");
    }

    async fn authlib_runs_every_grant_and_every_attack(t: TestApp) {
        let Some(python) = python().await else {
            eprintln!("skipped: no Python with Authlib and requests; `cargo xtask test` installs them, or name one in HAIRLINE_TEST_PYTHON");
            return;
        };
        let house = House::open(t).await;
        let app = house.register(json!({})).await;
        let public = house.register(json!({ "confidential": false })).await;
        let clinics = house.register(json!({ "guard": "provider" })).await;
        let legacy = house.register(json!({ "first_party": true, "password_grant": true })).await;
        let facts = json!({
            "base": house.at(""), "back": BACK, "email": EMAIL, "password": PASSWORD,
            "app": app, "public": public, "clinics": clinics, "legacy": legacy,
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/authlib_client.py");
        let mut child = tokio::process::Command::new(python)
            .arg(script)
            .env("AUTHLIB_INSECURE_TRANSPORT", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("http_proxy")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        input.write_all(format!("{facts}\n").as_bytes()).await.unwrap();
        let mut done = Vec::new();
        // The script says what it did, and asks for what only the house can do.
        while let Some(line) = lines.next_line().await.unwrap() {
            match line.split_once(' ') {
                Some(("advance", seconds)) => house.world.t.advance(Duration::from_secs(seconds.parse().unwrap())),
                Some(("end", client)) => {
                    house.admin.delete(&format!("/api/v1/admin/oauth/clients/{client}")).await.assert_status(204);
                }
                Some(("did", what)) => {
                    done.push(what.to_owned());
                    continue;
                }
                _ => {
                    println!("{line}");
                    continue;
                }
            }
            input.write_all(b"done\n").await.unwrap();
        }
        assert!(child.wait().await.unwrap().success(), "after {done:?}");
        assert_eq!(done.len(), 14, "{done:?}");
    }
}

/// A Python that has what the script needs.
async fn python() -> Option<String> {
    let named = std::env::var("HAIRLINE_TEST_PYTHON").ok();
    let candidate = named.unwrap_or_else(|| "python3".to_owned());
    let check = tokio::process::Command::new(&candidate)
        .args(["-c", "import authlib, joserfc, requests"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await;
    check.is_ok_and(|status| status.success()).then_some(candidate)
}
