//! Settings: defaults, versions, the cache, concurrent savers.

use kernel::{Actor, Permission};
use platform::db::count_statements;
use platform::entity::{audit_logs, setting_versions};
use platform::settings::{self, Changes, Setting};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::json;
use testkit::{TestApp, at};

const DEADLINE: Setting<i64> = Setting::new("inquiry", "quote_deadline_hours", 72);
const OPEN: Setting<bool> = Setting::new("inquiry", "open", true);
const DEPOSIT: Setting<Decimal> = Setting::new("payments", "deposit_percent", Decimal::from_parts(250, 0, 0, false, 1));
const GREETING: Setting<String> = Setting::new("mail", "greeting", "Hello");
const REASON: &str = "Clinics asked for more time";

testkit::both! {
    async fn untouched_settings_have_their_defaults(t: TestApp) {
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 72);
        assert!(OPEN.get(&t.app).await.unwrap());
        assert_eq!(DEPOSIT.get(&t.app).await.unwrap(), "25.0".parse().unwrap());
        assert_eq!(GREETING.get(&t.app).await.unwrap(), "Hello");
    }

    async fn a_change_is_a_new_version_with_reason_and_audit(t: TestApp) {
        let admin = Actor::system();
        let changes = || Changes::new().with(&DEADLINE, 48).with(&OPEN, false);
        assert_eq!(settings::set(&t.app, &admin, "inquiry", changes(), REASON).await.unwrap(), 1);
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 48);
        assert!(!OPEN.get(&t.app).await.unwrap());
        let later = Changes::new().with(&DEADLINE, 96).on_version(1);
        assert_eq!(settings::set(&t.app, &admin, "inquiry", later, REASON).await.unwrap(), 2);
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 96);
        assert!(!OPEN.get(&t.app).await.unwrap(), "what a version does not name stays in force");
        settings::set(&t.app, &admin, "payments", Changes::new().with(&DEPOSIT, "30.5".parse().unwrap()), REASON)
            .await
            .unwrap();
        assert_eq!(DEPOSIT.get(&t.app).await.unwrap(), "30.5".parse().unwrap());
        let versions = setting_versions::Entity::find().count(t.conn()).await.unwrap();
        assert_eq!(versions, 3);
        let entries = audit_logs::Entity::find().all(t.conn()).await.unwrap();
        let second = entries.iter().find(|entry| entry.id == entries[0].id + 1).unwrap();
        assert_eq!((second.action.as_str(), second.reason.as_deref()), ("setting.changed", Some(REASON)));
        let open = |data: &Option<_>| t.app.keys.open(data.as_ref().unwrap()).unwrap();
        assert_eq!(open(&second.before_data), json!({"quote_deadline_hours": 48}));
        assert_eq!(open(&second.after_data), json!({"quote_deadline_hours": 96}));
    }

    async fn a_version_comes_into_force_at_its_time(t: TestApp) {
        let admin = Actor::system();
        let planned = Changes::new().with(&DEADLINE, 24).effective_from(at("2026-03-10T00:00:00Z"));
        settings::set(&t.app, &admin, "inquiry", planned, REASON).await.unwrap();
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 72);
        t.at("2026-03-09T23:59:59Z");
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 72);
        t.at("2026-03-10T00:00:00Z");
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 24);
    }

    async fn settings_stay_in_the_cache_and_are_nobodys_statements(t: TestApp) {
        settings::set(&t.app, &Actor::system(), "inquiry", Changes::new().with(&DEADLINE, 24), REASON).await.unwrap();
        let both = async || (DEADLINE.get(&t.app).await.unwrap(), DEPOSIT.get(&t.app).await.unwrap());
        t.app.settings.refresh().await;
        let ((read, deposit), statements) = count_statements(both()).await;
        assert_eq!((read, statements), (24, 0), "what is read for all is not the asker's");
        // Another process changes one: here the cache has what it read, for both groups.
        let (config, clock) = (t.app.config.clone(), t.app.clock.clone());
        let other = platform::App::with_parts(config, clock, t.app.random.clone()).await.unwrap();
        let later = Changes::new().with(&DEADLINE, 36).on_version(1);
        settings::set(&other, &Actor::system(), "inquiry", later, REASON).await.unwrap();
        assert_eq!(both().await, (24, deposit));
        t.app.settings.refresh().await;
        assert_eq!(both().await.0, 36);
    }

    async fn of_two_savers_one_is_told(t: TestApp) {
        let save = |hours| {
            let app = t.app.clone();
            tokio::spawn(async move {
                let changes = Changes::new().with(&DEADLINE, hours).on_version(0);
                settings::set(&app, &Actor::system(), "inquiry", changes, REASON).await
            })
        };
        let outcomes = [save(10).await.unwrap(), save(20).await.unwrap()];
        let refused: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!((&*refused[0].code, &refused[0].extra["current_version"]), ("stale_version", &json!(1)));
        assert_eq!(settings::version(t.conn(), "inquiry").await.unwrap(), 1);
    }

    async fn bad_changes_change_nothing(t: TestApp) {
        let nobody = Actor::anonymous();
        let change = || Changes::new().with(&DEADLINE, 1);
        let refused = settings::set(&t.app, &nobody, "inquiry", change(), REASON).await.unwrap_err();
        assert_eq!(refused.code, "unauthenticated");
        let admin = testkit::actors::super_admin(kernel::ids::UserId::new());
        assert!(admin.can(Permission::EditSetting));
        let short = settings::set(&t.app, &admin, "inquiry", change(), " because ").await.unwrap_err();
        assert!(short.fields.0.contains_key("reason"));
        let mixed = Changes::new().with(&DEADLINE, 1).with(&DEPOSIT, Decimal::ONE);
        assert_eq!(settings::set(&t.app, &admin, "inquiry", mixed, REASON).await.unwrap_err().code, "unknown_setting");
        assert_eq!(settings::set(&t.app, &admin, "mail", change(), REASON).await.unwrap_err().code, "unknown_setting");
        assert_eq!(settings::version(t.conn(), "inquiry").await.unwrap(), 0);
    }

    async fn an_unreadable_store_leaves_the_last_known_values(t: TestApp) {
        settings::set(&t.app, &Actor::system(), "inquiry", Changes::new().with(&DEADLINE, 48), REASON).await.unwrap();
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 48);
        t.app.settings.refresh().await;
        t.app.db.clone().close().await.unwrap();
        assert!(t.conn().execute_unprepared("SELECT 1").await.is_err());
        assert_eq!(DEADLINE.get(&t.app).await.unwrap(), 48);
        assert_eq!(DEPOSIT.get(&t.app).await.unwrap(), "25.0".parse().unwrap());
    }
}
