//! Who asks, from where, and how often: client addresses behind proxies, limits, blocked addresses (R-ID-25, R-ID-26).

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use platform::App;
use platform::entity::audit_logs::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{Client, TestApp, both};

use crate::tab::proof;
use crate::world::{PASSWORD, World};

/// The site as somebody at this address reaches it. Each has limits of its own.
fn from(world: &World, peer: &str) -> Client {
    let peer: SocketAddr = format!("{peer}:40000").parse().unwrap();
    let router: Router<App> = server::router(&world.t.app).layer(Extension(ConnectInfo(peer))).with_state(());
    world.t.client(router)
}

fn wrong(login: &str) -> serde_json::Value {
    json!({ "login": login, "password": "Wrong-Horse7!" })
}

/// The address under which the newest failed sign-in is on record.
async fn recorded(world: &World) -> Option<String> {
    let failed = Entity::find().filter(Column::Action.eq("login.failed")).order_by_desc(Column::Id);
    failed.one(world.t.conn()).await.unwrap().unwrap().ip_address
}

both! {
    async fn r_id_25_only_trusted_proxies_say_where_somebody_comes_from(t: TestApp) {
        let mut t = t;
        t.configure(|config| config.http.trusted_proxies = vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()]).await;
        let world = World::new(t).await;
        for (number, (peer, lines, client)) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.2.3.4, 198.51.100.2"], "198.51.100.2"),
            ("10.0.0.1", &["198.51.100.3, 10.0.0.2"], "198.51.100.3"),
            // A proxy that writes a line of its own below the one the client sent.
            ("10.0.0.1", &["1.2.3.4", "198.51.100.4"], "198.51.100.4"),
            ("10.0.0.1", &["1.2.3.4", "198.51.100.5, 10.0.0.2"], "198.51.100.5"),
            ("10.0.0.1", &["1.2.3.4, nonsense"], "10.0.0.1"),
        ].into_iter().enumerate() {
            let mut site = from(&world, peer);
            for line in lines {
                site = site.another_header("x-forwarded-for", line);
            }
            site.post("/api/v1/patient/auth/login", wrong(&format!("nobody{number}@patients.example"))).await.assert_status(401);
            assert_eq!(recorded(&world).await.as_deref(), Some(client), "{peer} {lines:?}");
        }
        // A line that is no text does not hide what the proxy wrote behind it.
        let site = from(&world, "10.0.0.1").another_header("x-forwarded-for", "9.9.9.9").raw_header("x-forwarded-for", b"\xff, 198.51.100.6");
        site.post("/api/v1/patient/auth/login", wrong("nobody99@patients.example")).await.assert_status(401);
        assert_eq!(recorded(&world).await.as_deref(), Some("198.51.100.6"));
    }

    async fn r_id_26_sign_ins_requests_and_searches_are_limited(t: TestApp) {
        let mut t = t;
        t.configure(|config| (config.limits.auth_per_minute, config.limits.requests_per_minute) = (6, 20)).await;
        let world = World::new(t).await;
        let stranger = from(&world, "203.0.113.7");
        // Whatever secrets are tried with counts together.
        for path in ["/api/v1/patient/auth/login", "/api/v1/admin/auth/login", "/oauth/token", "/api/v1/patient/auth/password/forgot"] {
            assert_ne!(stranger.post(path, wrong("nobody@patients.example")).await.status, 429, "{path}");
        }
        let (field, cookie) = proof(&world.t);
        let page = stranger.header("cookie", &cookie);
        let form = [("_csrf", field.as_str()), ("login", "nobody"), ("password", "x")];
        for path in ["/login", "/forgot"] {
            assert_ne!(page.form(path, &form).await.status, 429, "{path}");
        }
        page.form("/login", &form).await.assert_status(429);
        let refused = stranger.post("/api/v1/invitations/lookup", json!({ "token": "0" })).await.assert_problem(429, "rate_limited");
        assert!(refused.get::<u64>("/retry_after") > 0 && refused.headers.contains_key("retry-after"));
        // A program is refused in the words of its protocol.
        let refused = stranger.form("/oauth/token", &[("grant_type", "client_credentials")]).await.assert_status(429);
        assert_eq!((refused.str("/error"), refused.str("/hint")), ("temporarily_unavailable", "rate_limited"));
        assert!(refused.headers.contains_key("retry-after") && refused.headers["content-type"] == "application/json");
        // Reading goes on, and others are not touched.
        stranger.get("/login").await.assert_status(200);
        from(&world, "203.0.113.8").post("/api/v1/patient/auth/login", wrong("nobody")).await.assert_status(401);

        let admin = world.admin().await;
        for _ in 0..20 {
            admin.get("/api/v1/me").await.assert_status(200);
        }
        admin.get("/api/v1/me").await.assert_problem(429, "rate_limited");
    }

    async fn r_id_26_servers_on_one_database_count_together(t: TestApp) {
        let mut t = t;
        t.configure(|config| (config.limits.auth_per_minute, config.limits.requests_per_minute) = (6, 20)).await;
        let world = World::new(t).await;
        let config = world.t.app.config.clone();
        let app = App::with_parts(config, world.t.app.clock.clone(), world.t.app.random.clone()).await.unwrap();
        let peer: SocketAddr = "203.0.113.7:40001".parse().unwrap();
        let here = from(&world, "203.0.113.7");
        let there = here.on(server::router(&app).layer(Extension(ConnectInfo(peer))));
        let path = "/api/v1/patient/auth/login";
        for round in 0..3 {
            here.post(path, wrong(&format!("here{round}@patients.example"))).await.assert_status(401);
            there.post(path, wrong(&format!("there{round}@patients.example"))).await.assert_status(401);
        }
        here.post(path, wrong("nobody@patients.example")).await.assert_problem(429, "rate_limited");
        there.post(path, wrong("nobody@patients.example")).await.assert_problem(429, "rate_limited");
        world.t.advance(chrono::TimeDelta::seconds(65));
        there.post(path, wrong("nobody@patients.example")).await.assert_status(401);

        let admin = world.admin().await;
        for _ in 0..20 {
            admin.get("/api/v1/me").await.assert_status(200);
        }
        platform::rates::share(&world.t.app).await.unwrap();
        platform::rates::share(&app).await.unwrap();
        let elsewhere = admin.on(server::router(&app));
        elsewhere.get("/api/v1/me").await.assert_problem(429, "rate_limited");
    }

    async fn r_id_26_people_are_searched_for_a_hundred_times_an_hour(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        for round in 0..100 {
            let path = ["/api/v1/admin/patients?q=mark", "/api/v1/admin/users?q=root", "/api/v1/admin/provider-users?%71=own"][round % 3];
            admin.get(path).await.assert_status(200);
        }
        admin.get("/api/v1/admin/patients?q=mark").await.assert_problem(429, "rate_limited");
        admin.get("/api/v1/admin/patients").await.assert_status(200);
    }

    async fn r_id_25_a_blocked_address_tries_no_secrets_anywhere(t: TestApp) {
        let world = World::new(t).await;
        let (bad, good) = (from(&world, "203.0.113.7"), from(&world, "203.0.113.8"));
        for number in 0..20 {
            bad.post("/api/v1/patient/auth/login", wrong(&format!("nobody{number}@patients.example"))).await.assert_status(401);
        }
        let routes = [
            "/api/v1/patient/auth/login", "/api/v1/admin/auth/mfa", "/api/v1/patient/auth/password/forgot",
            "/api/v1/patient/auth/password/verify", "/api/v1/patient/auth/password/reset", "/api/v1/patient/auth/refresh",
            "/api/v1/patient/auth/register", "/api/v1/patient/auth/register/verify", "/api/v1/patient/auth/email/dispute",
            "/api/v1/affiliate/auth/activate", "/api/v1/invitations/lookup", "/api/v1/invitations/accept",
        ];
        let body = json!({ "login": "root@hairline.example", "password": PASSWORD });
        for path in routes {
            bad.post(path, &body).await.assert_problem(429, "ip_blocked");
            assert_ne!(good.post(path, &body).await.status, 429, "{path}");
        }
        let (field, cookie) = proof(&world.t);
        for path in ["/forgot", "/sign-up", "/provider/set-password", "/dispute-email", "/invitation"] {
            bad.header("cookie", &cookie).form(path, &[("_csrf", &field)]).await.assert_status(429);
        }
        let ask = [("grant_type", "client_credentials"), ("client_id", &kernel::ids::OauthClientId::new().to_string()), ("client_secret", "x")];
        let refused = bad.form("/oauth/token", &ask).await.assert_status(429);
        assert_eq!((refused.str("/error"), refused.str("/hint")), ("temporarily_unavailable", "ip_blocked"));
        // Secrets of programs are guessed no longer than passwords.
        let guessing = from(&world, "203.0.113.9");
        for _ in 0..20 {
            guessing.form("/oauth/token", &ask).await.assert_status(401);
        }
        guessing.form("/oauth/token", &ask).await.assert_status(429);
        guessing.post("/api/v1/patient/auth/login", wrong("nobody@patients.example")).await.assert_problem(429, "ip_blocked");
        // What tries nothing is open to everybody behind that address.
        bad.get("/clinics").await.assert_status(200);
        world.t.advance(chrono::Duration::hours(1));
        bad.post("/api/v1/patient/auth/login", wrong("nobody@patients.example")).await.assert_status(401);
    }
}
