//! Commands that destroy, explain or end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use identity::entity::{patients, roles};
use platform::entity::setting_versions;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use testkit::{TestApp, both};

use crate::running::Running;

/// A production installation on the test's database.
fn production(t: &TestApp, args: &[&str]) -> Output {
    production_with(t, args, &[])
}

/// The same with more of its environment.
fn production_with(t: &TestApp, args: &[&str], more: &[(&str, &str)]) -> Output {
    let key = |first: u8| platform::crypto::Key::new(std::array::from_fn(|place| first + 7 * place as u8)).to_text();
    Command::new(env!("CARGO_BIN_EXE_hairline"))
        .args(args)
        .current_dir(t.folder())
        .env("HAIRLINE_MODE", "production")
        .env("HAIRLINE_DATA_DIR", t.folder())
        .env("DATABASE_URL", t.app.config.database.url.expose())
        .env("HAIRLINE_HTTP_PUBLIC_URL", "https://hairline.test")
        .env("HAIRLINE_KEYS_APP_KEY", key(1).expose())
        .env("HAIRLINE_KEYS_INDEX_KEY", key(2).expose())
        .env("HAIRLINE_KEYS_PEPPER", key(3).expose())
        .env("HAIRLINE_MAIL_FROM", "care@hairline.test")
        .env("HAIRLINE_MAIL_TRANSPORT", "files")
        .env("HAIRLINE_PAYMENTS_ALLOW_SIMULATOR", "true")
        .env("HAIRLINE_PAYMENTS_WEBHOOK_SECRET", "a secret of production")
        .envs(more.iter().copied())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()).into_owned()
}

both! {
    async fn production_is_not_destroyed_by_a_slip(t: TestApp) {
        server::install(&t.app).await.unwrap();
        let name = migration::Runner::connect(t.app.config.database.url.expose()).await.unwrap().database_name().await.unwrap();
        let kept = async || roles::Entity::find().count(t.conn()).await.unwrap();
        let before = kept().await;
        assert!(before > 0);
        for destroying in ["rollback", "reset", "refresh", "fresh"] {
            for (more, why) in [
                (vec![], "needs --force"),
                (vec!["--confirm", name.as_str()], "needs --force"),
                (vec!["--force", "--confirm", "another"], "does not match"),
                // Nobody is there to type it.
                (vec!["--force"], "does not match"),
            ] {
                let output = production(&t, &[vec!["migrate", destroying], more].concat());
                assert_eq!(output.status.code(), Some(1), "{destroying}: {}", said(&output));
                assert!(said(&output).contains(why), "{destroying}: {}", said(&output));
            }
        }
        assert_eq!(kept().await, before, "nothing was done");
        // With both it is done.
        t.change_schema(async {
            let output = production(&t, &["migrate", "fresh", "--force", "--confirm", &name]);
            assert!(output.status.success(), "{}", said(&output));
            assert_eq!(kept().await, 0);
        })
        .await;
    }
}

both! {
    /// The schema's commands as people type them, and what describes it.
    async fn the_schema_is_taken_back_made_again_and_described(t: TestApp) {
        let name = migration::Runner::connect(t.app.config.database.url.expose()).await.unwrap().database_name().await.unwrap();
        let sure = ["--force", "--confirm", name.as_str()];
        let run = |args: &[&str]| {
            let output = production(&t, args);
            assert!(output.status.success(), "{args:?}: {}", said(&output));
            String::from_utf8(output.stdout).unwrap()
        };
        let roles = async || roles::Entity::find().count(t.conn()).await.unwrap();
        let states = || -> Vec<serde_json::Value> { serde_json::from_str(&run(&["migrate", "status", "--json"])).unwrap() };
        t.change_schema(async {
            let all = states().len();
            assert!(states().iter().all(|step| !step["batch"].is_null()));
            assert_eq!(run(&["migrate", "up"]).trim(), "Nothing to do.");
            assert_eq!(run(&[&["migrate", "rollback", "--step", "3"][..], &sure].concat()).trim(), "3 steps taken back.");
            let listed = run(&["migrate", "status"]);
            assert_eq!((listed.lines().count(), listed.matches("pending").count()), (all, 3), "{listed}");
            let refused = production(&t, &["user", "create-admin", "--email", "root@hairline.example", "--first-name", "Ada", "--last-name", "Ash"]);
            assert!(!refused.status.success() && said(&refused).contains("3 schema steps are pending"), "{}", said(&refused));
            assert_eq!(run(&["migrate"]).trim(), "3 steps applied.");
            let again = run(&[&["migrate", "refresh", "--seed"][..], &sure].concat());
            assert!(again.contains(&format!("{all} steps applied again.")) && roles().await > 0, "{again}");
            run(&[&["migrate", "reset"][..], &sure].concat());
            assert!(states().iter().all(|step| step["batch"].is_null()));
            let fresh = run(&[&["migrate", "fresh", "--seed"][..], &sure].concat());
            assert!(fresh.contains(&format!("{all} steps applied.")) && roles().await > 0, "{fresh}");
        })
        .await;
        let made = run(&["user", "create-admin", "--email", "root@hairline.example", "--first-name", "Ada", "--last-name", "Ash"]);
        assert!(made.contains("https://hairline.test/admin/set-password#"), "{made}");
        let presets = t.conn().query_one_raw(Statement::from_string(t.app.db.backend(), "SELECT 1 FROM instruction_templates"));
        assert!(presets.await.unwrap().is_some(), "what belongs to a member of staff is there with the first one");
        let areas = run(&["db", "erd"]);
        assert_eq!(areas.lines().count(), 12, "{areas}");
        for area in areas.lines() {
            assert!(run(&["db", "erd", area]).starts_with("erDiagram"), "{area}");
        }
        let folder = t.folder().join("described");
        let written = run(&["db", "describe", "--out", folder.to_str().unwrap()]);
        assert!(written.contains("pages written") && folder.join("docs/schema/README.md").is_file(), "{written}");
        let api: serde_json::Value = serde_json::from_str(&run(&["openapi"])).unwrap();
        assert_eq!(api["openapi"], "3.1.0");
    }
}

both! {
    async fn the_key_of_access_tokens_is_rotated(t: TestApp) {
        server::install(&t.app).await.unwrap();
        let kept = async || {
            let versions = setting_versions::Entity::find().filter(setting_versions::Column::ScopeKey.eq("signing"));
            versions.count(t.conn()).await.unwrap()
        };
        // The first run makes the first key too.
        for made in [2, 3] {
            let output = production(&t, &["keys", "rotate-signing"]);
            assert!(output.status.success() && said(&output).contains("signs from in ten seconds on"), "{}", said(&output));
            assert_eq!(kept().await, made);
        }
    }
}

both! {
    async fn the_audit_log_is_proven_from_outside(t: TestApp) {
        server::install(&t.app).await.unwrap();
        let entry = platform::audit::Entry::new("patient.viewed");
        platform::audit::record(t.conn(), &t.app, &kernel::Actor::system(), entry).await.unwrap();
        // Nobody seals: the entry is of last March.
        let output = production(&t, &["audit", "verify"]);
        assert!(!output.status.success() && !said(&output).contains(" 0 overdue"), "{}", said(&output));
        t.advance(Duration::from_secs(60));
        while platform::audit::seal(&t.app).await.unwrap() > 0 {}
        let output = production(&t, &["audit", "verify"]);
        assert!(output.status.success() && said(&output).contains("The chain holds."), "{}", said(&output));
        let output = production(&t, &["audit", "verify", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["broken"].is_null() && report["sealed"].as_u64() > Some(0) && report["overdue"] == 0, "{report}");
    }

    async fn the_doctor_names_what_is_weak(t: TestApp) {
        server::install(&t.app).await.unwrap();
        // The installation has a new key, and the test's own is the one before: alone, the new one opens nothing.
        let output = production(&t, &["doctor"]);
        assert!(!output.status.success() && said(&output).contains("FAIL  keys"), "{}", said(&output));
        let old = platform::crypto::Key::new([1; 32]).to_text();
        let before = [("HAIRLINE_KEYS_PREVIOUS", old.expose().as_str())];
        let output = production_with(&t, &["doctor"], &before);
        let text = said(&output);
        assert!(output.status.success() && text.contains("no active super admin"), "{text}");
        assert!(!text.contains("policy"), "{text}");
        let chief = identity::seed::admin(&t.app, identity::seed::AdminSpec::super_admin("root@hairline.example")).await.unwrap();
        let changes = platform::settings::Changes::new().with(&identity::settings::MAX_LOGIN_ATTEMPTS, 10);
        platform::settings::set(&t.app, &testkit::actors::super_admin(chief), "auth", changes, "Fewer calls to support").await.unwrap();
        let output = production_with(&t, &["doctor", "--json"], &before);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let weak = report["weak"].as_array().unwrap();
        let about = |word: &str| weak.iter().filter(|it| it["about"] == word).map(|it| it["detail"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(about("policy"), ["auth.max_login_attempts is 10, the default is 5"]);
        assert!(about("staff")[0].contains("one super admin only"), "{weak:?}");
    }

    async fn the_key_of_the_columns_is_rotated(t: TestApp) {
        server::install(&t.app).await.unwrap();
        let spec = identity::seed::PatientSpec::new(&t.app, "Mark", "Peterson");
        let patient = identity::seed::patient(&t.app, spec).await.unwrap().id;
        // The installation has a new key, and the test's own is the one before.
        let old = platform::crypto::Key::new([1; 32]).to_text();
        let before = [("HAIRLINE_KEYS_PREVIOUS", old.expose().as_str())];
        let output = production_with(&t, &["keys", "status"], &before);
        assert!(said(&output).contains("Run `hairline keys rotate`"), "{}", said(&output));
        let output = production_with(&t, &["keys", "rotate"], &before);
        assert!(output.status.success() && said(&output).contains(" 0 left, 0 unreadable."), "{}", said(&output));
        let output = production_with(&t, &["keys", "rotate"], &before);
        assert!(said(&output).contains("0 values re-encrypted"), "{}", said(&output));
        // What the walk has not reached still needs the old key: without it nothing starts.
        let unfinished = |left: i32, status: &str| format!("UPDATE encryption_rotations SET left_count = {left}, status = '{status}' WHERE table_name = 'patients'");
        t.conn().execute_unprepared(&unfinished(1, "failed")).await.unwrap();
        for command in [vec!["doctor"], vec!["serve", "--bind", "127.0.0.1:0"], vec!["worker"]] {
            let output = production(&t, &command);
            assert!(!output.status.success() && said(&output).contains("Put the previous key back"), "{}", said(&output));
        }
        t.conn().execute_unprepared(&unfinished(0, "finished")).await.unwrap();
        // The old key may go.
        let output = production(&t, &["keys", "status"]);
        assert!(said(&output).contains("Everything is written with the current key."), "{}", said(&output));
        assert!(production(&t, &["doctor"]).status.success());
        // The installation's index key is another one than the test's: numbers are found again once that is known.
        let index = async || patients::Entity::find_by_id(patient).one(t.conn()).await.unwrap().unwrap().phone_index;
        let before = index().await;
        let output = production(&t, &["keys", "reindex"]);
        assert!(output.status.success() && said(&output).contains("1 fingerprints computed anew, 0 were right, 0 unreadable."), "{}", said(&output));
        assert_ne!(index().await, before);
        let output = production(&t, &["keys", "reindex"]);
        assert!(said(&output).contains("0 fingerprints computed anew, 1 were right"), "{}", said(&output));
    }
}

#[test]
fn a_configuration_is_explained_at_once() {
    let check = |mode: &str| {
        let folder = tempfile::tempdir().unwrap();
        Command::new(env!("CARGO_BIN_EXE_hairline"))
            .args(["--set", &format!("mode={mode}"), "config", "check"])
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let sound = check("demo");
    assert!(sound.status.success(), "{}", said(&sound));
    let faulty = check("production");
    assert_eq!(faulty.status.code(), Some(1));
    for key in ["http.public_url", "keys.app_key", "keys.index_key", "keys.pepper", "mail.from", "payments.gateway"] {
        assert!(said(&faulty).contains(key), "{key}: {}", said(&faulty));
    }
}

/// A request that began before the signal is answered; afterwards nobody listens.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_request_is_finished_before_the_end() {
    let t = TestApp::sqlite().await;
    let server = Running::start(&t);
    let address: SocketAddr = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    let body = br#"{"login":"nobody@patients.example","password":"Correct!Horse7Battery"}"#;
    let mut request = TcpStream::connect(address).unwrap();
    request.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "POST /api/v1/patient/auth/login HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    request.write_all(head.as_bytes()).unwrap();
    // The handler waits for the body: the request runs.
    let mut begun = [0; 25];
    request.read_exact(&mut begun).unwrap();
    assert!(begun.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&begun));
    let ended = std::thread::spawn(move || server.end());
    let mut refused = false;
    for _ in 0..100 {
        refused = TcpStream::connect(address).is_err();
        if refused {
            break;
        }
        #[expect(clippy::disallowed_methods, reason = "another process closes its door")]
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(refused, "a server that ends takes no new connection");
    assert!(!ended.is_finished(), "the request still runs");
    request.write_all(body).unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(ended.join().unwrap().success());
}

both! {
    /// A request is counted, timed and logged as one line of JSON, without what was asked for in it.
    async fn a_request_leaves_a_number_and_a_line(t: TestApp) {
        server::install(&t.app).await.unwrap();
        let log = t.folder().join("server.log");
        let more = [("HAIRLINE_LOG_LEVEL", "info"), ("HAIRLINE_LOG_FORMAT", "json")];
        let server = Running::start_with(&t, &more, std::fs::File::create(&log).unwrap().into());
        let get = async |path: &str| {
            let reply = reqwest::get(format!("{}{path}", server.url)).await.unwrap();
            (reply.status().as_u16(), reply.text().await.unwrap())
        };
        assert_eq!(get("/api/v1/providers?q=ada%40patients.example").await.0, 200);
        assert_eq!(get("/health/live").await.0, 200);
        let (status, numbers) = get("/metrics").await;
        assert_eq!(status, 200);
        let counted = numbers.lines().find(|line| line.starts_with("hairline_http_requests_total{") && line.contains("/api/v1/providers"));
        assert!(counted.is_some_and(|line| line.ends_with(" 1")), "{numbers}");
        assert!(numbers.contains("hairline_http_request_seconds_bucket") || numbers.contains("_seconds_bucket{"), "{numbers}");
        assert!(!numbers.contains("ada"), "numbers name nobody");
        server.end();
        let lines = std::fs::read_to_string(&log).unwrap();
        // Beside the log stands what is said to whoever stops it by hand.
        let lines: Vec<serde_json::Value> = lines.lines().filter(|line| !line.starts_with("Ending:")).map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
        let about = |line: &&serde_json::Value| line.to_string().contains("/api/v1/providers");
        let line = lines.iter().find(about).unwrap_or_else(|| panic!("no line tells of the request: {lines:?}"));
        assert!(line.to_string().contains("request.id") && !line.to_string().contains("patients.example"), "{line}");
    }
}

/// `hairline migrate status | head -0`: whoever read it is gone, and nobody is told of it.
#[test]
fn a_reader_that_goes_away_ends_a_command_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_hairline"))
        .args(["migrate", "status"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() && !said.contains("panicked"), "{said}");
}
