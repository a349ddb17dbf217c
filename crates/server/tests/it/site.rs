//! What every request can rely on: headers, ids, documents, pages, replays.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::world::World;

/// Whether a value has the kind and the required members of a schema.
fn fits(document: &serde_json::Value, schema: &serde_json::Value, value: &serde_json::Value) -> bool {
    use serde_json::Value;
    let list = |key: &str| schema[key].as_array();
    if let Some(name) = schema["$ref"].as_str() {
        return fits(document, document.pointer(name.trim_start_matches('#')).unwrap(), value);
    }
    if let Some(parts) = list("allOf") {
        return parts.iter().all(|part| fits(document, part, value));
    }
    if let Some(choices) = list("oneOf").or_else(|| list("anyOf")) {
        return choices.iter().any(|choice| fits(document, choice, value));
    }
    if let Some(known) = list("enum") {
        return known.contains(value);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    let is_kind = kinds.iter().any(|kind| match (*kind, value) {
        ("null", Value::Null)
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("string", Value::String(_)) => true,
        ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("array", Value::Array(items)) => items.iter().all(|item| fits(document, &schema["items"], item)),
        ("object", Value::Object(members)) => {
            let required = list("required").into_iter().flatten().filter_map(Value::as_str);
            required.clone().all(|name| members.contains_key(name))
                && members.iter().all(|(name, member)| {
                    schema["properties"].get(name).is_none_or(|part| fits(document, part, member))
                })
        }
        _ => false,
    });
    is_kind
        && (value.is_null()
            || schema["format"] != "uuid"
            || value.as_str().is_some_and(|text| text.parse::<uuid::Uuid>().is_ok()))
}

both! {
    async fn pages_answer_and_are_strict(t: TestApp) {
        let world = World::new(t).await;
        for path in ["/", "/login", "/provider/login", "/admin/login", "/affiliate/login"] {
            let page = world.http.get(path).await.assert_status(200);
            assert!(page.text().starts_with("<!doctype html>"), "{path}");
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
            assert_eq!(page.headers["x-content-type-options"], "nosniff");
            assert!(!page.headers["x-request-id"].is_empty());
            let text = page.text();
            assert!(text.matches("<script").count() == 1 && text.contains("<script src=\"/assets/"), "{path}: no inline script");
        }
        assert!(world.http.get("/").await.text().contains("Bosphorus Hair"));
        let turkish = world.http.header("accept-language", "tr").get("/login").await;
        assert!(turkish.text().contains("Giriş yap") && turkish.text().contains("lang=\"tr\""));
        // Search engines read each language under an address of its own; a reader's choice is another matter.
        let turkish = world.http.get("/clinics?lang=tr").await.assert_status(200);
        assert!(turkish.text().contains("lang=\"tr\"") && !turkish.text().contains("noindex"), "{}", turkish.text());
        assert!(world.http.get("/nobody").await.text().contains("<meta name=\"robots\" content=\"noindex\">"));
        // A stranger at a portal is led to its sign-in.
        assert_eq!(world.http.get("/admin").await.assert_status(303).headers["location"], "/admin/login");
        assert_eq!(world.http.get("/patient").await.assert_status(303).headers["location"], "/login");
        let lost = world.http.get("/nowhere").await.assert_status(404);
        assert!(lost.text().starts_with("<!doctype html>"));
        world.http.get("/api/v1/nowhere").await.assert_problem(404, "not_found");
    }

    async fn a_form_without_our_field_is_refused(t: TestApp) {
        let world = World::new(t).await;
        let refused = world.http.form("/login", &[("login", EMAIL), ("password", "x")]).await;
        assert_eq!(refused.status.as_u16(), 403);
    }

    async fn the_documents_are_complete(t: TestApp) {
        let world = World::new(t).await;
        let document = world.http.get("/api/openapi.json").await.assert_status(200);
        assert!(document.str("/openapi").starts_with("3.1"));
        let paths = document.at("/paths").as_object().unwrap();
        assert!(paths.len() > 60, "{} paths", paths.len());
        let beside = ["/oauth/", "/.well-known/"];
        assert!(paths.keys().all(|path| path.starts_with("/api/v1/") || beside.iter().any(|prefix| path.starts_with(prefix))));
        for path in ["/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/scopes", "/oauth/personal-access-tokens", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server"] {
            assert!(paths.contains_key(path), "{path}");
        }
        let mut ids: Vec<&str> = paths
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .filter_map(|operation| operation["operationId"].as_str())
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "operation ids are unique");
        let page = world.http.get("/api/docs/").await.assert_status(200);
        assert!(!page.text().contains("https://"), "the documentation loads nothing from elsewhere");
        let settings = world.http.get("/api/docs/swagger-initializer.js").await.assert_status(200).text();
        assert!(settings.contains("\"validatorUrl\": \"none\""), "it asks nobody whether it is valid: {settings}");
        assert_eq!(world.http.get("/health/live").await.assert_status(200).str("/status"), "ok");
        assert_eq!(world.http.get("/health/ready").await.assert_status(200).str("/database"), "ok");
    }

    async fn what_accounts_are_sent_has_examples(t: TestApp) {
        let world = World::new(t).await;
        let document = world.http.get("/api/openapi.json").await.assert_status(200).json;
        let of = |schema: &serde_json::Value| match schema["$ref"].as_str() {
            Some(name) => document.pointer(name.trim_start_matches('#')).unwrap().clone(),
            None => schema.clone(),
        };
        let (mut bare, mut seen) = (Vec::new(), 0);
        for (path, item) in document["paths"].as_object().unwrap() {
            let own = [
                "/auth/", "/oauth/", "/me/", "/provider/team", "/provider/clinicians", "/invitations", "/admin/users", "/admin/roles", "/admin/patients",
                "/admin/provider-users", "/admin/audit-logs", "/admin/deletion-requests", "/admin/oauth", "/admin/encryption", "/admin/settings",
            ];
            if !own.iter().any(|part| format!("{path}/").contains(part)) {
                continue;
            }
            for operation in item.as_object().unwrap().values() {
                let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
                for schema in bodies.map(|(_, body)| of(&body["schema"])) {
                    seen += 1;
                    let members = schema["properties"].as_object().into_iter().flatten();
                    let shown = |part: &serde_json::Value| {
                        let whole = of(part);
                        !part["example"].is_null() || !whole["example"].is_null() || whole["enum"].is_array() || part["format"] == "binary"
                    };
                    if schema["example"].is_null() && !members.clone().any(|(_, part)| shown(part)) && members.count() > 0 {
                        bare.push(format!("{path}: {}", operation["operationId"]));
                    }
                }
            }
        }
        assert!(seen > 40, "{seen}");
        assert!(bare.is_empty(), "no example: {bare:#?}");
    }

    async fn every_body_has_an_example_that_fits_its_schema(t: TestApp) {
        let world = World::new(t).await;
        let document = world.http.get("/api/openapi.json").await.assert_status(200).json;
        let mut wrong = Vec::new();
        let mut seen = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let answers = operation["responses"].as_object().into_iter().flatten().map(|(_, answer)| &answer["content"]);
                for content in answers.chain([&operation["requestBody"]["content"]]) {
                    for (kind, body) in content.as_object().into_iter().flatten().filter(|(kind, _)| kind.ends_with("json")) {
                        seen += 1;
                        assert!(!(kind == "application/json" && body["schema"]["$ref"] == "#/components/schemas/ProblemDocument"));
                        let is_given = !body["example"].is_null() || body["examples"].is_object();
                        if !is_given || !body["example"].is_null() && !fits(&document, &body["schema"], &body["example"]) {
                            wrong.push(format!("{method} {path} {kind}: {}", body["example"]));
                        }
                    }
                }
            }
        }
        assert!(seen > 900, "{seen}");
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn r_id_01_nobody_but_a_patient_makes_a_patient(t: TestApp) {
        let world = World::new(t).await;
        let document = world.http.get("/api/openapi.json").await.assert_status(200);
        let paths = document.at("/paths").as_object().unwrap();
        let makes = |path: &&String| paths[*path].get("post").is_some() && path.split('/').next_back() == Some("patients");
        assert_eq!(paths.keys().filter(makes).count(), 0, "patients register themselves");
        assert!(paths["/api/v1/patient/auth/register"].get("post").is_some());
        let admin = world.admin().await;
        for path in ["/api/v1/patients", "/api/v1/admin/patients"] {
            let body = json!({ "first_name": "Mark", "last_name": "Peterson", "email": "made@patients.example" });
            assert!(matches!(admin.post(path, body).await.status.as_u16(), 404 | 405), "{path}");
        }
    }

    async fn a_refused_token_is_told_why(t: TestApp) {
        let world = World::new(t).await;
        let said = |reply: &testkit::Reply| reply.headers.get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
        let nobody = world.http.get("/api/v1/me").await.assert_problem(401, "unauthenticated");
        assert_eq!(said(&nobody).as_deref(), Some("Bearer"), "whoever brings no token did nothing wrong with it");
        for token in ["nonsense", "7|nonsense"] {
            let wrong = world.with_token(token).get("/api/v1/me").await.assert_problem(401, "token_invalid");
            assert_eq!(said(&wrong).as_deref(), Some("Bearer error=\"invalid_token\""));
        }
        let clinic = world.clinic(0).await;
        let body = json!({ "name": "Script", "scopes": ["read:profile"], "expires_in_days": 30 });
        let made = clinic.post("/api/v1/me/tokens", body).await.assert_status(201);
        let script = world.with_token(made.str("/secret"));
        script.get("/api/v1/me").await.assert_status(200);
        let narrow = script.get("/api/v1/quotes/0198f2a0-0000-7000-8000-000000000000").await.assert_problem(403, "insufficient_scope");
        assert_eq!(said(&narrow).as_deref(), Some("Bearer error=\"insufficient_scope\", scope=\"read:quotes\""));
        let closed = script.get("/api/v1/me/tokens").await.assert_problem(403, "insufficient_scope");
        assert_eq!(said(&closed).as_deref(), Some("Bearer error=\"insufficient_scope\""));
        // What a program tries beyond its scopes is on record as any refusal.
        let tried = platform::entity::audit_logs::Entity::find().filter(platform::entity::audit_logs::Column::Action.eq("access.denied"));
        assert_eq!(tried.count(world.t.conn()).await.unwrap(), 2);
        // A right that is missing is no matter of scopes.
        let refused = clinic.get("/api/v1/me/access-log").await.assert_problem(403, "forbidden");
        assert_eq!(said(&refused), None);
        // The portal of somebody else is no place for this token (R-ID-32).
        let elsewhere = clinic.get("/api/v1/admin/roles").await.assert_problem(401, "wrong_guard");
        assert_eq!(said(&elsewhere).as_deref(), Some("Bearer error=\"invalid_token\""));
        clinic.post("/api/v1/provider/auth/logout", json!({})).await;
        let over = clinic.get("/api/v1/me").await.assert_problem(401, "session_revoked");
        assert_eq!(said(&over).as_deref(), Some("Bearer error=\"invalid_token\""));
    }

    async fn programs_in_browsers_ask_from_their_own_pages(t: TestApp) {
        let world = World::new(t).await;
        let page = world.http.header("origin", "https://app.example");
        let asking = page.header("access-control-request-method", "POST").header("access-control-request-headers", "content-type");
        for path in ["/oauth/token", "/oauth/revoke", "/oauth/scopes", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server"] {
            let told = asking.send_json("OPTIONS", path, json!({})).await.assert_status(204);
            assert_eq!(told.headers["access-control-allow-origin"], "*", "{path}");
            assert!(told.headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
            assert!(told.headers["access-control-allow-headers"].to_str().unwrap().contains("content-type"));
            assert!(!told.headers.contains_key("access-control-allow-credentials"), "never with cookies");
            assert!(!told.headers.contains_key("set-cookie"));
        }
        for path in ["/oauth/scopes", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server"] {
            assert_eq!(page.get(path).await.assert_status(200).headers["access-control-allow-origin"], "*");
        }
        // A refusal can be read too.
        let refused = page.form("/oauth/token", &[("grant_type", "authorization_code"), ("client_id", "nobody")]).await.assert_status(401);
        assert_eq!((refused.headers["access-control-allow-origin"].to_str().unwrap(), refused.str("/error")), ("*", "invalid_client"));
        assert!(!refused.headers.contains_key("set-cookie"));
        // Nothing else opens to other origins: what holds a secret, what a cookie opens.
        for path in ["/oauth/introspect", "/oauth/authorize", "/oauth/personal-access-tokens", "/login", "/api/v1/me"] {
            let told = asking.send_json("OPTIONS", path, json!({})).await;
            assert!(!told.headers.contains_key("access-control-allow-origin"), "{path}");
        }
    }

    async fn a_repeated_post_is_answered_and_not_done_again(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        steps::prepare_inquiry(&world, &patient, &[]).await;
        let keyed = patient.header("idempotency-key", "tap-1");
        let first = keyed.post("/api/v1/inquiries", json!({})).await.assert_status(201);
        let again = keyed.post("/api/v1/inquiries", json!({})).await.assert_status(201);
        assert_eq!(first.json, again.json);
        assert_eq!(again.headers["idempotent-replayed"], "true");
        keyed.post("/api/v1/inquiries", json!({ "version": 7 })).await.assert_problem(422, "idempotency_key_reused");
    }

    // Race 1 of inquiries: one key, both at the same moment, fifty times. One is done; the other waits for nothing and hears
    // that it is being done, or the same answer.
    async fn race_1_one_key_twice_at_once_is_done_once(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await.assert_status(200);
        let path = format!("/api/v1/inquiries/{inquiry}/quotes");
        for round in 1..=50_u64 {
            let keyed = clinic.header("idempotency-key", &format!("tap-{round}"));
            let ask = || keyed.post(&path, steps::quote_body(&world, 0, 3000));
            let (one, two) = tokio::join!(ask(), ask());
            let (first, other) = if one.status == 201 { (one, two) } else { (two, one) };
            let first = first.assert_status(201);
            match other.status.as_u16() {
                201 => {
                    let replayed = [&first, &other].iter().filter(|reply| reply.headers.contains_key("idempotent-replayed")).count();
                    assert_eq!((&other.json, replayed), (&first.json, 1), "{round}");
                }
                _ => drop(other.assert_problem(409, "request_in_progress")),
            }
            assert_eq!(ask().await.assert_status(201).json, first.json, "{round}");
            let drafts = <quoting::entity::quotes::Entity as sea_orm::EntityTrait>::find();
            assert_eq!(sea_orm::PaginatorTrait::count(drafts, world.t.conn()).await.unwrap(), round);
        }
    }

    /// `limits.body_kib` bounds what a body may weigh, whether it has a key or not.
    async fn the_size_of_a_body_is_a_setting(t: TestApp) {
        use tower::ServiceExt;
        let world = World::new(t).await;
        let mut config = world.t.app.config.clone();
        config.limits.body_bytes = 16 * 1024;
        let app = platform::App::with_parts(config, world.t.app.clock.clone(), world.t.app.random.clone()).await.unwrap();
        for (length, is_refused) in [(20 * 1024, true), (20, false)] {
            for key in [None, Some(format!("tap-{length}"))] {
                let mut request = axum::http::Request::post("/api/v1/patient/auth/login").header("content-type", "application/json");
                if let Some(key) = key {
                    request = request.header("idempotency-key", key);
                }
                let body = json!({ "login": "nobody@example.org", "password": "a".repeat(length) }).to_string();
                let reply = server::router(&app).oneshot(request.body(axum::body::Body::from(body)).unwrap()).await.unwrap();
                assert_eq!(reply.status().as_u16() == 413, is_refused, "{length}: {}", reply.status());
            }
        }
    }

    // Strangers send keys too: a key opens no larger body, and what is handed out as a file is never kept as a text.
    async fn a_key_keeps_answers_and_no_files(t: TestApp) {
        let world = World::new(t).await;
        let keyed = world.http.header("idempotency-key", "tap-1");
        let large = json!({ "login": "a".repeat(1024 * 1024), "password": "x" });
        keyed.post("/api/v1/patient/auth/login", large).await.assert_problem(413, "body_too_large");
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let asked = patient.post("/api/v1/me/data-bundle", json!({})).await.assert_status(202);
        world.run_jobs().await;
        let fetch = format!("/api/v1/me/data-bundle/{}/download", asked.str("/bundle/id"));
        let keyed = patient.header("idempotency-key", "tap-2");
        let first = keyed.post(&fetch, json!({})).await.assert_status(200);
        let again = keyed.post(&fetch, json!({})).await.assert_status(200);
        assert_eq!((&first.body, &again.headers["content-type"]), (&again.body, &"application/zip".parse().unwrap()));
        let kept = <platform::entity::idempotency_keys::Entity as sea_orm::EntityTrait>::find().all(world.t.conn()).await.unwrap();
        assert!(kept.iter().all(|row| !row.route.ends_with("/download")));
    }

    async fn every_route_has_a_scope_or_is_closed_on_purpose(t: TestApp) {
        use identity::rules::scopes::{Needed, needed};
        let world = World::new(t).await;
        let document = world.http.get("/api/openapi.json").await.assert_status(200);
        // Who somebody is, what they may, and what only machines of the house call: no token of a program opens it.
        let closed = ["auth", "mfa", "password", "email", "sessions", "tokens", "deletion-request", "deletion-requests", "invitations",
            "oauth", "roles", "role", "permissions", "users", "provider-users", "encryption", "audit-logs", "webhooks", "medical-access",
            "suspend", "deactivate", "consents", "identity-hold", "reactivate", "unlock", "reset-password", "transfer", "flags", "data-bundle", "data-bundles",
            "affiliates", "banking-details", "legal", "legal-documents", "holds", "retention", "provider-deletion-requests", "impersonation", "seats", "activity", "feature", "unfeature", "provider-media"];
        let mut lost = Vec::new();
        for (path, item) in document.at("/paths").as_object().unwrap() {
            // The OAuth server stands beside the API, with its own words for who may ask.
            let Some(short) = path.strip_prefix("/api/v1") else { continue };
            for method in item.as_object().unwrap().keys().filter(|key| ["get", "post", "put", "patch", "delete"].contains(&key.as_str())) {
                let is_closed = needed(&method.to_uppercase(), short) == Needed::Closed;
                if is_closed && !short.split('/').any(|segment| closed.contains(&segment)) {
                    lost.push(format!("{method} {short}"));
                }
            }
        }
        assert!(lost.is_empty(), "place these in identity::rules::scopes: {lost:#?}");
    }
}
