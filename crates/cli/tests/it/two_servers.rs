//! Two servers over one database: what one of them ends, the other refuses with the next request, however warm its caches.

#![expect(clippy::disallowed_methods, reason = "another process answers over the network")]

use identity::auth::{self, Carrier};
use identity::seed::{AdminSpec, Hashed, PatientSpec};
use identity::service::interventions::{self, Term};
use identity::service::sessions::{self, Holder};
use kernel::{Actor, Clock, Guard, SystemClock};
use serde_json::{Value as Json, json};
use testkit::{TestApp, both};

use crate::running::Running;

const EMAIL: &str = "mark@patients.example";
const PASSWORD: &str = "Correct!Horse7Battery";
const NEXT: &str = "Second-Horse8?";

async fn sign_in(http: &reqwest::Client, server: &Running, password: &str) -> String {
    let url = format!("{}/api/v1/patient/auth/login", server.url);
    let answer = http.post(url).json(&json!({ "login": EMAIL, "password": password })).send().await.unwrap();
    let body: Json = answer.json().await.unwrap();
    body["access_token"].as_str().unwrap_or_else(|| panic!("signed in: {body}")).to_owned()
}

/// Status and code of the profile's answer.
async fn me(http: &reqwest::Client, server: &Running, token: &str) -> (u16, String) {
    let answer = http.get(format!("{}/api/v1/me", server.url)).bearer_auth(token).send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Json = answer.json().await.unwrap();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// Both servers know the session: whatever they keep of it, they keep now.
async fn warm(http: &reqwest::Client, servers: [&Running; 2], token: &str) {
    for _ in 0..2 {
        for server in servers {
            assert_eq!(me(http, server, token).await.0, 200);
        }
    }
}

async fn chief(t: &TestApp) -> Actor {
    let chief = identity::seed::admin(&t.app, AdminSpec::super_admin("root@hairline.example")).await.unwrap();
    let policy = sessions::policy_of(&t.app, Guard::Api).await.unwrap();
    let tokens = platform::write_txn!(t.app.db, |txn| {
        let holder = Holder { guard: Guard::Api, id: chief.any() };
        sessions::open(txn, &t.app, &Actor::anonymous(), holder, (policy, Carrier::Bearer), true, None).await
    });
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {}", tokens.unwrap().access_token).parse().unwrap());
    auth::resolve(&t.app, &headers).await.unwrap()
}

both! {
    async fn what_one_server_ends_the_other_refuses_at_once(t: TestApp) {
        t.clock.set(SystemClock::default().now());
        server::install(&t.app).await.unwrap();
        let spec = PatientSpec {
            email: EMAIL.into(),
            password: Hashed::of(&t.app, PASSWORD).await.unwrap(),
            ..PatientSpec::new(&t.app, "Mark", "Peterson")
        };
        let patient = identity::seed::patient(&t.app, spec).await.unwrap().id;
        let (one, two) = (Running::start(&t), Running::start(&t));
        let http = reqwest::Client::new();
        // Signed out here is signed out there.
        let token = sign_in(&http, &one, PASSWORD).await;
        warm(&http, [&one, &two], &token).await;
        let out = http.post(format!("{}/api/v1/patient/auth/logout", one.url)).bearer_auth(&token).send().await.unwrap();
        assert!(out.status().is_success(), "{}", out.status());
        assert_eq!(me(&http, &two, &token).await, (401, "session_revoked".to_owned()));
        assert_eq!(me(&http, &one, &token).await, (401, "session_revoked".to_owned()));
        // A new password here ends the other device's session there, and the acting one stays.
        let (own, other) = (sign_in(&http, &one, PASSWORD).await, sign_in(&http, &two, PASSWORD).await);
        warm(&http, [&one, &two], &own).await;
        warm(&http, [&one, &two], &other).await;
        let change = json!({ "current_password": PASSWORD, "password": NEXT, "password_confirmation": NEXT });
        let changed = http.put(format!("{}/api/v1/me/password", one.url)).bearer_auth(&own).json(&change).send().await.unwrap();
        assert!(changed.status().is_success(), "{}", changed.text().await.unwrap());
        assert_eq!(me(&http, &two, &other).await, (401, "session_revoked".to_owned()));
        assert_eq!(me(&http, &two, &own).await.0, 200);
        // Suspended by a third process: both refuse the next request.
        let chief = chief(&t).await;
        interventions::suspend(&t.app, &chief, patient, Term::Days30, "Charged back three payments in a row.").await.unwrap();
        for server in [&one, &two] {
            let (status, code) = me(&http, server, &own).await;
            assert!(matches!(status, 401 | 403), "{status} {code}");
        }
    }
}
