//! Configuration from hand-made sources in a folder of the test's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use super::*;

const KEY_A: &str = "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const KEY_B: &str = "base64:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const KEY_C: &str = "base64:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";

struct World {
    folder: TempDir,
    sources: Sources,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data").display().to_string();
        let sources = Sources { flags: vec![("data_dir".into(), data)], ..Sources::default() };
        Self { folder, sources }
    }

    fn file(mut self, text: &str) -> Self {
        let path = self.folder.path().join("hairline.toml");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        self.sources.file = Some(path);
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.sources.env.push((name.into(), value.into()));
        self
    }

    fn flag(mut self, key: &str, value: &str) -> Self {
        self.sources.flags.push((key.into(), value.into()));
        self
    }

    /// Everything production asks for.
    fn production() -> Self {
        Self::new()
            .env("HAIRLINE_MODE", "production")
            .env("HAIRLINE_HTTP_PUBLIC_URL", "https://hairline.example/")
            .env("APP_KEY", KEY_A)
            .env("HAIRLINE_KEYS_INDEX_KEY", KEY_B)
            .env("HAIRLINE_KEYS_PEPPER", KEY_C)
            .env("HAIRLINE_PAYMENTS_WEBHOOK_SECRET", "whsec_0123456789abcdef")
            .env("HAIRLINE_PAYMENTS_ALLOW_SIMULATOR", "true")
            .env("HAIRLINE_MAIL_FROM", "care@hairline.example")
            .env("HAIRLINE_MAIL_SMTP_HOST", "mail.example")
    }

    fn load(&self) -> Result<Config, ConfigProblems> {
        Config::load(&self.sources)
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// The keys of all problems, in order.
    fn problems(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.load().expect_err("problems").0.into_iter().map(|p| p.key).collect();
        keys.sort();
        keys
    }
}

#[test]
fn nothing_at_all_is_a_working_development_configuration() {
    let world = World::new();
    let config = world.load().unwrap();
    assert_eq!(config.mode, Mode::Development);
    assert_eq!(config.http.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.http.public_url, "http://127.0.0.1:8080");
    assert!(config.database.url.expose().starts_with("sqlite:") && !config.http.secure_cookies);
    assert!(matches!(&config.mail.transport, MailTransport::Files { folder } if *folder == world.data().join("mail")));
}

#[test]
fn generated_keys_are_kept_and_private() {
    let world = World::new();
    let (first, again) = (world.load().unwrap(), world.load().unwrap());
    assert!(first.keys.app_key == again.keys.app_key && first.keys.pepper == again.keys.pepper);
    assert!(first.keys.index_key == again.keys.index_key && first.keys.app_key != first.keys.index_key);
    assert!(first.payments.webhook_secret == again.payments.webhook_secret);
    let mode = fs::metadata(world.data().join("keys.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(World::new().load().unwrap().keys.app_key != first.keys.app_key);
}

#[test]
fn processes_that_start_at_once_use_the_same_keys() {
    let world = World::new();
    let keys: Vec<Key> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| world.load().unwrap().keys.app_key)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn a_key_file_that_lacks_a_key_keeps_the_others() {
    let world = World::new();
    fs::create_dir_all(world.data()).unwrap();
    fs::write(world.data().join("keys.toml"), format!("app_key = \"{KEY_A}\"\n")).unwrap();
    let config = world.load().unwrap();
    assert!(config.keys.app_key == KEY_A.parse().unwrap());
    assert!(fs::read_to_string(world.data().join("keys.toml")).unwrap().contains(KEY_A));
    fs::write(world.data().join("keys.toml"), "app_key = what").unwrap();
    let problems = world.load().unwrap_err();
    assert!(problems.to_string().contains("keys.toml") && !problems.to_string().contains("what\""));
}

#[test]
fn later_sources_win() {
    let world = World::new()
        .file("[http]\nbind = \"127.0.0.1:1\"\n[log]\nlevel = \"warn\"\n[database]\nurl = \"sqlite://file.db\"\n[worker]\nconcurrency = 2\n")
        .env("HAIRLINE_LOG_LEVEL", "debug")
        .env("HAIRLINE_HTTP_BIND", "127.0.0.1:2")
        .env("DATABASE_URL", "mysql://a:b@db/hairline")
        .flag("http.bind", "127.0.0.1:3");
    let config = world.load().unwrap();
    assert_eq!(config.http.bind.port(), 3);
    assert_eq!((config.log.level.as_str(), config.worker.concurrency), ("debug", 2));
    assert_eq!(config.database.url.expose(), "mysql://a:b@db/hairline");
    assert_eq!(config.database.max_connections, 20);
    // The product's own name beats the platform's, in either order.
    for world in [
        World::new().env("DATABASE_URL", "sqlite://a").env("HAIRLINE_DATABASE_URL", "sqlite://b"),
        World::new().env("HAIRLINE_DATABASE_URL", "sqlite://b").env("DATABASE_URL", "sqlite://a"),
    ] {
        assert_eq!(world.load().unwrap().database.url.expose(), "sqlite://b");
    }
}

#[test]
fn texts_that_look_like_numbers_stay_texts_and_lists_are_split() {
    let config = World::new()
        .env("HAIRLINE_PAYMENTS_WEBHOOK_SECRET", "00123456789012345678")
        .env("HAIRLINE_HTTP_TRUSTED_PROXIES", "10.0.0.1, ::1")
        .env("APP_PREVIOUS_KEYS", &format!("{KEY_B},{KEY_C}"))
        .load()
        .unwrap();
    assert_eq!(config.payments.webhook_secret.expose(), "00123456789012345678");
    assert_eq!((config.http.trusted_proxies.len(), config.keys.previous.len()), (2, 2));
}

#[test]
fn all_problems_are_told_at_once_with_key_source_and_remedy() {
    let world = World::new()
        .file("mode = \"prod\"\n[http]\nbind = 8080\nbnd = \"x\"\n[worker]\nconcurrency = 1000\n")
        .env("HAIRLINE_DATABASE_URL", "postgres://db")
        .env("HAIRLINE_WORKER_POLL_MS", "soon")
        .env("HAIRLINE_HTTP_BNID", "127.0.0.1:1")
        .env("HAIRLINE_TEST_MYSQL_URL", "is the test kit's")
        .env("HAIRLINE_DEMO_SCALE", "is the demonstration's")
        .flag("log.format", "xml")
        .flag("colour", "red");
    let ConfigProblems(problems) = world.load().unwrap_err();
    let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
    for key in [
        "mode",
        "http.bind",
        "http.bnd",
        "worker.concurrency",
        "database.url",
        "worker.poll_ms",
        "HAIRLINE_HTTP_BNID",
        "log.format",
        "colour",
    ] {
        assert!(keys.contains(&key), "{key} is missing in {keys:?}");
    }
    assert_eq!(problems.len(), 9, "{problems:?}");
    let of = |key: &str| problems.iter().find(|problem| problem.key == key).unwrap();
    assert!(of("mode").source.ends_with("hairline.toml") && of("mode").what.contains("production, development"));
    assert_eq!(of("database.url").source, "environment variable HAIRLINE_DATABASE_URL");
    assert_eq!(of("log.format").source, "flag for log.format");
    assert!(of("http.bnd").what.contains("http.bind"), "{}", of("http.bnd").what);
    let told = ConfigProblems(problems).to_string();
    assert!(told.contains("9 problem(s)") && told.lines().count() == 10, "{told}");
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem() {
    assert_eq!(World::new().file("mode = = 1").problems(), ["file"]);
    let mut world = World::new();
    world.sources.file = Some(world.folder.path().join("nowhere.toml"));
    assert_eq!(world.problems(), ["file"]);
}

#[test]
fn no_secret_is_printed_or_quoted() {
    let world = World::production()
        .env("DATABASE_URL", "mysql://root:hunter2@db/x")
        .env("HAIRLINE_MAIL_SMTP_USER", "me")
        .env("HAIRLINE_MAIL_SMTP_PASSWORD", "hunter2");
    let printed = format!("{:?}", world.load().unwrap());
    for secret in ["hunter2", "whsec_", "AAECAw", "ICEiIy"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
    let world = World::new()
        .env("APP_KEY", "base64:aHVudGVyMg==")
        .env("APP_PREVIOUS_KEYS", "hunter2")
        .env("HAIRLINE_PAYMENTS_WEBHOOK_SECRET", "hunter2")
        .file("[keys]\nindex_key = 1234567\n");
    let told = world.load().unwrap_err();
    assert_eq!(told.0.len(), 4, "{told}");
    for secret in ["hunter2", "aHVudGVyMg", "1234567"] {
        assert!(!told.to_string().contains(secret), "{told}");
    }
}

#[test]
fn production_takes_safe_settings() {
    let config = World::production().load().unwrap();
    assert!(config.mode.is_production() && config.http.secure_cookies);
    assert_eq!((config.http.public_url.as_str(), config.log.format), ("https://hairline.example", LogFormat::Json));
}

#[test]
fn production_generates_no_keys_and_asks_for_all_that_is_missing() {
    let world = World::new().env("HAIRLINE_MODE", "production");
    assert_eq!(
        world.problems(),
        [
            "http.public_url",
            "http.secure_cookies",
            "keys.app_key",
            "keys.index_key",
            "keys.pepper",
            "mail.from",
            "mail.transport",
            "payments.gateway",
            "payments.webhook_secret",
        ]
    );
    assert!(!world.data().join("keys.toml").exists());
}

#[test]
fn production_refuses_each_unsafe_setting() {
    let placeholder = Key::new([b'x'; 32]).to_text().into_inner();
    for (name, value, key) in [
        ("APP_KEY", placeholder.as_str(), "keys.app_key"),
        ("APP_KEY", KEY_B, "keys"),
        ("HAIRLINE_HTTP_PUBLIC_URL", "http://hairline.example", "http.public_url"),
        ("HAIRLINE_HTTP_SECURE_COOKIES", "false", "http.secure_cookies"),
        ("HAIRLINE_DATABASE_URL", "sqlite::memory:", "database.url"),
        ("HAIRLINE_PAYMENTS_ALLOW_SIMULATOR", "false", "payments.gateway"),
        ("HAIRLINE_PAYMENTS_GATEWAY", "stripe", "payments.secret_key"),
        ("HAIRLINE_PAYMENTS_GATEWAY", "paypal", "payments.gateway"),
        ("HAIRLINE_PAYMENTS_WEBHOOK_SECRET", "short", "payments.webhook_secret"),
        ("HAIRLINE_MAIL_FROM", "nobody", "mail.from"),
    ] {
        let problems = World::production().env(name, value).problems();
        assert!(problems.iter().any(|problem| problem == key), "{name}: {problems:?}");
    }
    let in_clear = World::production()
        .env("HAIRLINE_MAIL_SMTP_TLS", "none")
        .env("HAIRLINE_MAIL_SMTP_USER", "me")
        .env("HAIRLINE_MAIL_SMTP_PASSWORD", "secret");
    assert_eq!(in_clear.problems(), ["mail.smtp_tls"]);
}

fn expose(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
}

#[test]
fn production_refuses_secrets_that_others_can_read() {
    let world = World::production().file("[mail]\nsmtp_user = \"me\"\nsmtp_password = \"hunter2\"\n");
    world.load().unwrap();
    expose(world.sources.file.as_deref().unwrap());
    assert_eq!(world.problems(), ["file"]);

    let mut world = World::production();
    world.sources.env.retain(|(name, _)| name != "APP_KEY");
    fs::create_dir_all(world.data()).unwrap();
    let keys = world.data().join("keys.toml");
    fs::write(&keys, format!("app_key = \"{KEY_A}\"\n")).unwrap();
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(world.load().unwrap().keys.app_key == KEY_A.parse().unwrap());
    expose(&keys);
    assert_eq!(world.problems(), ["keys"]);
}

#[test]
fn every_setting_has_one_variable_of_its_own() {
    let mut names: Vec<String> = KEYS.iter().map(KeySpec::variable).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), KEYS.len());
}
