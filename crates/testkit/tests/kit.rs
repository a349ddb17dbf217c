//! The kit itself: databases are fresh and apart, the client says who asks, pictures are what they claim.
#![cfg(test)]

use std::time::Duration;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use kernel::ids::{CountryId, PatientId};
use kernel::{Actor, ActorKind, Permission};
use platform::App;
use platform::entity::code_counters;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait, Statement};
use testkit::{TestApp, Upload, at};

async fn count(app: &TestApp) -> u64 {
    code_counters::Entity::find().count(app.conn()).await.unwrap()
}

fn row(key: &str) -> code_counters::ActiveModel {
    let now = at("2026-03-02T10:00:00Z");
    code_counters::ActiveModel {
        counter_key: Set(key.into()),
        period: Set("2603".into()),
        last_value: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

testkit::both! {
    /// Twice in a row and at once: what one test wrote no other sees.
    async fn every_test_begins_empty(t: TestApp) {
        assert_eq!(count(&t).await, 0);
        code_counters::Entity::insert(row("a")).exec_without_returning(t.conn()).await.unwrap();
        let other = TestApp::start(t.engine).await.unwrap();
        assert_eq!(count(&other).await, 0, "two tests at once share nothing");
        drop(t);
        let next = TestApp::start(other.engine).await.unwrap();
        assert_eq!(count(&next).await, 0, "a database is emptied before it is used again");
    }

    async fn the_schema_is_complete_and_protected(t: TestApp) {
        let steps: usize = migration::areas().iter().map(|area| area.steps.len()).sum();
        let applied = Statement::from_string(t.db().backend(), "SELECT COUNT(*) FROM migrations");
        let applied: i64 = t.conn().query_one_raw(applied).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(applied, steps as i64);
        platform::audit::record(t.conn(), &t.app, &Actor::system(), platform::audit::Entry::new("kit.tested"))
            .await
            .unwrap();
        let refused = t.conn().execute_unprepared("DELETE FROM audit_logs").await;
        assert!(refused.is_err(), "the triggers are part of the template");
    }

    /// The future is dropped half-way, as when a test panics or its process is killed.
    async fn a_database_left_half_changed_is_not_used_again(t: TestApp) {
        let half = async {
            t.conn().execute_unprepared("DROP TABLE failed_jobs").await.unwrap();
            std::future::pending::<()>().await;
        };
        let _ = tokio::time::timeout(Duration::from_millis(300), t.change_schema(half)).await;
        let engine = t.engine;
        drop(t);
        for _ in 0..3 {
            let next = TestApp::start(engine).await.unwrap();
            let rows = platform::entity::failed_jobs::Entity::find().count(next.conn()).await;
            assert_eq!(rows.unwrap(), 0, "a whole schema");
        }
    }

    async fn the_clock_moves_only_when_told(t: TestApp) {
        assert_eq!(t.now(), at("2026-03-02T10:00:00Z"));
        t.advance(Duration::from_secs(90));
        assert_eq!(t.now(), at("2026-03-02T10:01:30Z"));
        t.advance(chrono::Duration::days(2));
        t.at("2026-06-01T00:00:00Z");
        assert_eq!(t.app.now(), at("2026-06-01T00:00:00Z"));
        let earlier = testkit::TestClock::default();
        earlier.set(at("2025-01-01T00:00:00Z"));
        assert_eq!(t.app.with_clock(std::sync::Arc::new(earlier)).now(), at("2025-01-01T00:00:00Z"));
    }
}

async fn whoami(State(app): State<App>, actor: Option<Extension<Actor>>) -> Json<serde_json::Value> {
    let kind = actor.map_or("nobody", |Extension(actor)| actor.reference().0);
    Json(serde_json::json!({ "who": kind, "now": app.now() }))
}

async fn parts(mut form: axum::extract::Multipart) -> String {
    let mut seen = Vec::new();
    while let Some(part) = form.next_field().await.unwrap() {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().unwrap_or_default().to_owned();
        seen.push(format!("{name}:{file}:{}", part.bytes().await.unwrap().len()));
    }
    seen.join(",")
}

#[tokio::test]
async fn the_client_asks_as_the_actor() {
    let t = TestApp::sqlite().await;
    let router: Router<App> = Router::new().route("/who", get(whoami)).route("/parts", post(parts));
    let client = t.client(router);
    let reply = client.get("/who").await.assert_status(200);
    assert_eq!((reply.str("/who"), reply.str("/now")), ("nobody", "2026-03-02T10:00:00Z"));
    let patient = testkit::actors::patient(PatientId::new());
    assert_eq!(client.as_actor(patient).get("/who").await.str("/who"), "Patient");
    client.get("/nowhere").await.assert_status(404);
    let file = Upload {
        field: "scan".into(),
        file_name: "a b.jpg".into(),
        content_type: "image/jpeg".into(),
        bytes: vec![0; 3],
    };
    let reply = client.multipart("/parts", &[("note", "four")], &[file]).await.assert_status(200);
    assert_eq!(reply.text(), "note::4,scan:a b.jpg:3");
}

#[test]
fn actors_hold_the_rights_of_their_role() {
    let patient = testkit::actors::patient(PatientId::new());
    assert_eq!(patient.permissions().count(), 12);
    let owner = testkit::actors::clinic_owner(kernel::ids::ProviderUserId::new(), kernel::ids::ProviderId::new());
    assert!(owner.can(Permission::CreateQuote) && owner.permissions().count() == 42);
    let billing = testkit::actors::clinic_billing(kernel::ids::ProviderUserId::new(), kernel::ids::ProviderId::new());
    assert!(!billing.can(Permission::CreateQuote));
    let admin = testkit::actors::super_admin(kernel::ids::UserId::new());
    assert!(matches!(admin.kind, ActorKind::Admin(_)) && admin.permissions().count() == 82);
    assert_ne!(CountryId::new(), CountryId::new());
}

/// Mean difference of neighbouring pixels: how much detail a picture has.
fn detail(jpeg: &[u8]) -> f64 {
    let picture = image::load_from_memory(jpeg).unwrap().to_luma8();
    let (width, height) = picture.dimensions();
    let row = |y: u32| (1..width).map(move |x| (x, y));
    let sum: f64 = (0..height)
        .flat_map(row)
        .map(|(x, y)| (f64::from(picture.get_pixel(x, y)[0]) - f64::from(picture.get_pixel(x - 1, y)[0])).abs())
        .sum();
    sum / f64::from(width * height)
}

#[test]
fn pictures_are_sharp_or_blurred_and_differ_by_seed() {
    let (sharp, blurred) = (testkit::jpeg(640, 480, 1), testkit::blurred_jpeg(640, 480, 1));
    assert!(detail(&sharp) > 10.0 && detail(&blurred) < 2.0, "{} {}", detail(&sharp), detail(&blurred));
    assert_ne!(sharp, testkit::jpeg(640, 480, 2));
    assert_eq!(sharp, testkit::jpeg(640, 480, 1));
}

/// What was kept is there as often as it is wanted, with its files and its time; nothing written later gets into it.
#[tokio::test]
async fn what_was_kept_begins_another() {
    let t = TestApp::sqlite().await;
    t.advance(Duration::from_secs(3600));
    code_counters::Entity::insert(row("kept")).exec_without_returning(t.conn()).await.unwrap();
    let below = t.app.config.files.folder.join("ab");
    std::fs::create_dir_all(&below).unwrap();
    std::fs::write(below.join("picture"), "bytes").unwrap();
    let kept = t.freeze().await;
    code_counters::Entity::insert(row("later")).exec_without_returning(t.conn()).await.unwrap();
    let (now, token) = (t.now(), t.app.random.token());
    drop(t);
    for _ in 0..2 {
        let next = kept.thaw().await;
        assert_eq!((count(&next).await, next.now()), (1, now));
        assert_eq!(std::fs::read(next.app.config.files.folder.join("ab/picture")).unwrap(), b"bytes");
        assert_ne!(next.app.random.token(), token);
        code_counters::Entity::insert(row("own")).exec_without_returning(next.conn()).await.unwrap();
    }
}
