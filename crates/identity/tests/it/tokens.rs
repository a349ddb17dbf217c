//! Access tokens: what they say, who verifies them, and what passes for one and is none (R-ID-31, 32).

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use identity::entity::{oauth_access_tokens, oauth_refresh_tokens};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::Actor;
use platform::App;
use platform::db::count_statements;
use platform::entity::{audit_logs, system_settings};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::support::*;

pub(crate) fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

fn header(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

async fn signed_in(t: &TestApp) -> String {
    let client = client(t);
    let reply = client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_status(200);
    reply.str("/access_token").to_owned()
}

async fn keys(t: &TestApp) -> Vec<Value> {
    let reply = t.client(identity::endpoints()).get("/.well-known/jwks.json").await.assert_status(200);
    reply.at("/keys").as_array().unwrap().clone()
}

async fn forgeries(t: &TestApp) -> u64 {
    let query = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("token.forged"));
    query.count(t.conn()).await.unwrap()
}

/// A second process on the same database.
async fn another(t: &TestApp) -> App {
    App::with_parts(t.app.config.clone(), t.app.clock.clone(), t.app.random.clone()).await.unwrap()
}

async fn bearer_at(app: &App, token: &str) -> Result<Actor, String> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    identity::auth::resolve(app, &headers).await.map_err(|error| error.code.into_owned())
}

testkit::both! {
    async fn r_id_31_a_token_says_who_and_never_what_they_may(t: TestApp) {
        let _ = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let token = signed_in(&t).await;
        let key = &keys(&t).await[0];
        assert_eq!(header(&token), json!({ "typ": "JWT", "alg": "RS256", "kid": key["kid"] }));
        let told = claims(&token);
        let mut names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["aud", "exp", "grd", "iat", "iss", "jti", "nbf", "scopes", "sid", "sub"]);
        assert_eq!(told["sub"], json!(row.id));
        assert_eq!((&told["grd"], &told["scopes"], &told["iss"]), (&json!("patient"), &json!(["*"]), &json!("http://hairline.test")));
        assert_eq!(told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap(), 900);
        let jti = told["jti"].as_str().unwrap();
        assert!(jti.len() == 80 && jti.bytes().all(|b| b.is_ascii_hexdigit()), "{jti}");
        // Anybody can verify it with the published key and a library of their own.
        let text = |name: &str| key[name].as_str().unwrap().to_owned();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_audience(&[told["aud"].as_str().unwrap()]);
        validation.set_issuer(&["http://hairline.test"]);
        let verifier = DecodingKey::from_rsa_components(&text("n"), &text("e")).unwrap();
        let read = jsonwebtoken::decode::<Value>(&token, &verifier, &validation).unwrap();
        assert_eq!(read.claims["jti"], told["jti"]);
        assert_eq!((text("kty"), text("alg"), text("use")), ("RSA".into(), "RS256".into(), "sig".into()));
        assert!(key.get("d").is_none() && key.get("p").is_none());
    }

    async fn other_algorithms_are_refused_and_recorded(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let token = signed_in(&t).await;
        let parts: Vec<&str> = token.split('.').collect();
        let key = keys(&t).await[0].clone();
        let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        // No signature at all.
        for word in ["none", "None", "NONE"] {
            let none = format!("{}.{}.", encoded(json!({ "typ": "JWT", "alg": word })), parts[1]);
            assert_eq!(refused(&t, &none).await, "token_invalid");
        }
        assert_eq!(forgeries(&t).await, 3);
        // The public key as the secret of HS256, in each form somebody may try.
        let n = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
        for secret in [n, key["n"].as_str().unwrap().as_bytes().to_vec(), key.to_string().into_bytes()] {
            let mut head = Header::new(Algorithm::HS256);
            head.kid = key["kid"].as_str().map(str::to_owned);
            let signed = jsonwebtoken::encode(&head, &claims(&token), &EncodingKey::from_secret(&secret)).unwrap();
            assert_eq!(refused(&t, &signed).await, "token_invalid");
        }
        assert_eq!(forgeries(&t).await, 6);
        // Our algorithm with other claims, another signature, a key nobody knows.
        let mut other = claims(&token);
        other["sub"] = json!("0190a000-0000-7000-8000-000000000000");
        let changed = format!("{}.{}.{}", parts[0], encoded(other), parts[2]);
        let unknown = format!("{}.{}.{}", encoded(json!({ "alg": "RS256", "kid": "mine" })), parts[1], parts[2]);
        for forged in [changed, unknown, format!("{}.{}.{}", parts[0], parts[1], "AAAA")] {
            assert_eq!(refused(&t, &forged).await, "token_invalid");
        }
        assert_eq!(forgeries(&t).await, 9);
        for nonsense in ["", "a.b.c", "..", "hl_nonsense", "7|plain", "x|y"] {
            assert_eq!(refused(&t, nonsense).await, "token_invalid", "{nonsense}");
        }
        assert_eq!(forgeries(&t).await, 9, "typing errors are no attacks");
        assert!(bearer(&t, &token).await.is_ok());
    }

    async fn the_row_vouches_for_the_token(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let token = signed_in(&t).await;
        // Signed by us, but the row tells another client, guard or session.
        let mut other = claims(&token);
        for (name, value) in [("grd", json!("provider")), ("aud", json!("0190a000-0000-7000-8000-000000000000")),
            ("sid", json!("0190a000-0000-7000-8000-000000000000")), ("iss", json!("https://elsewhere.example"))] {
            let right = std::mem::replace(&mut other[name], value);
            let signed = t.app.signing.sign(&other, t.now()).unwrap();
            assert_eq!(refused(&t, &signed).await, "token_invalid", "{name}");
            other[name] = right;
        }
        assert!(bearer(&t, &t.app.signing.sign(&other, t.now()).unwrap()).await.is_ok());
        other["nbf"] = json!(t.now().timestamp() + 1);
        assert_eq!(refused(&t, &t.app.signing.sign(&other, t.now()).unwrap()).await, "token_invalid");
    }

    async fn the_private_key_is_sealed_and_shared(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let token = signed_in(&t).await;
        let second = another(&t).await;
        assert!(bearer_at(&second, &token).await.is_ok());
        let rows = system_settings::Entity::find().all(t.conn()).await.unwrap();
        let private: Vec<_> = rows.iter().filter(|row| row.setting_key == "private_key").collect();
        assert_eq!(private.len(), 1, "two processes, one key");
        assert!(private[0].is_sensitive);
        let plain = t.app.keys.open(&kernel::Sealed::<String>::from_ciphertext(private[0].value.clone())).unwrap();
        assert!(!private[0].value.contains(&plain[..40]));
    }

    async fn two_first_starts_make_one_key(t: TestApp) {
        let second = another(&t).await;
        let (a, b) = tokio::join!(t.app.signing.published(&t.app), second.signing.published(&second));
        assert_eq!(a.unwrap(), b.unwrap());
    }

    async fn a_new_key_signs_and_the_old_one_verifies_15_minutes_more(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let second = another(&t).await;
        let old = signed_in(&t).await;
        assert!(bearer_at(&second, &old).await.is_ok());
        let kid = t.app.signing.rotate(&t.app, &Actor::system()).await.unwrap();
        // Announced at once, in use once every process knows it.
        assert_eq!(keys(&t).await.len(), 2);
        assert_ne!(header(&signed_in(&t).await)["kid"], json!(kid));
        t.advance(Duration::seconds(10));
        let new = signed_in(&t).await;
        assert_eq!(header(&new)["kid"], json!(kid));
        assert!(bearer(&t, &old).await.is_ok());
        // The other process learns of it by itself.
        #[expect(clippy::disallowed_methods, reason = "what a process remembers ends by the machine's clock")]
        tokio::time::sleep(std::time::Duration::from_millis(5_200)).await;
        assert!(bearer_at(&second, &new).await.is_ok());
        t.advance(Duration::seconds(899));
        assert_eq!(keys(&t).await.len(), 2);
        t.advance(Duration::seconds(1));
        let left = keys(&t).await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["kid"], json!(kid));
        assert_eq!(refused(&t, &old).await, "token_expired");
    }

    async fn revocation_acts_across_processes_on_the_next_request(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let (first, second) = (signed_in(&t).await, signed_in(&t).await);
        let other = another(&t).await;
        let actor = bearer_at(&other, &first).await.unwrap();
        assert!(bearer_at(&other, &second).await.is_ok());
        // Ended here, refused there.
        client.as_actor(actor).post("/patient/auth/logout", json!({})).await.assert_status(204);
        assert_eq!(bearer_at(&other, &first).await.unwrap_err(), "session_revoked");
        sql(&t, &format!("UPDATE account_states SET state = 'suspended' WHERE model_id = '{}'", row.id)).await;
        assert_eq!(bearer_at(&other, &second).await.unwrap_err(), "account_suspended");
    }

    async fn a_warm_request_of_staff_costs_one_statement(t: TestApp) {
        let _ = installed(&t).await;
        let provider = clinic(&t, "Bosphorus Hair").await;
        member(&t, provider, "provider_owner", "ada@clinic.example", Some(SECRET)).await;
        let client = client(&t);
        let ticket = client.post("/provider/auth/login", credentials("ada@clinic.example", PASSWORD)).await;
        let code = identity::rules::totp::code_at(SECRET, t.now()).unwrap();
        let step = json!({ "mfa_token": ticket.str("/mfa_token"), "code": code });
        let token = client.post("/provider/auth/mfa", step).await.assert_status(200).str("/access_token").to_owned();
        assert_eq!(claims(&token)["grd"], json!("provider"));
        let actor = bearer(&t, &token).await.unwrap();
        assert_eq!(actor.provider().unwrap().1, provider);
        let (_, statements) = count_statements(bearer(&t, &token)).await;
        assert_eq!(statements, 1);
    }

    async fn what_ended_thirty_days_ago_is_forgotten(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let registry = platform::jobs::Registry { schedules: identity::schedules(), ..Default::default() };
        let counts = async || {
            (oauth_access_tokens::Entity::find().count(t.conn()).await.unwrap(),
             oauth_refresh_tokens::Entity::find().count(t.conn()).await.unwrap())
        };
        let client = client(&t);
        let first = client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await;
        let refresh = json!({ "refresh_token": first.str("/refresh_token") });
        client.post("/patient/auth/refresh", refresh).await.assert_status(200);
        assert_eq!(counts().await, (2, 2));
        // The access tokens ended long ago, but their refresh tokens only 29 days ago.
        t.advance(Duration::days(30) + Duration::hours(1));
        t.run_jobs(&registry).await;
        assert_eq!(counts().await, (2, 2));
        t.advance(Duration::hours(24));
        signed_in(&t).await;
        t.run_jobs(&registry).await;
        assert_eq!(counts().await, (1, 1));
    }

    async fn a_lost_pepper_stops_signing_and_a_rotation_mends_it(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let token = signed_in(&t).await;
        let mut config = t.app.config.clone();
        // Another app key changes nothing: the signing key is sealed with the one that does not rotate.
        config.keys.app_key = platform::crypto::Key::new([9; 32]);
        let rotated = App::with_parts(config.clone(), t.app.clock.clone(), t.app.random.clone()).await.unwrap();
        rotated.signing.ready(&rotated).await.unwrap();
        assert!(rotated.signing.sign(&claims(&token), t.now()).is_ok());
        config.keys.pepper = platform::crypto::Key::new([8; 32]);
        let other = App::with_parts(config, t.app.clock.clone(), t.app.random.clone()).await.unwrap();
        assert!(bearer_at(&other, &token).await.is_ok(), "verifying needs the public half only");
        assert_eq!(other.signing.sign(&claims(&token), t.now()).unwrap_err().code, "internal");
        let rows = system_settings::Entity::find().count(t.conn()).await.unwrap();
        assert!(bearer_at(&other, &token).await.is_ok());
        assert_eq!(system_settings::Entity::find().count(t.conn()).await.unwrap(), rows, "no key is made unasked");
        other.signing.rotate(&other, &Actor::system()).await.unwrap();
        let again = other.signing.sign(&claims(&token), t.now()).unwrap();
        assert!(bearer_at(&other, &again).await.is_ok());
    }
}
