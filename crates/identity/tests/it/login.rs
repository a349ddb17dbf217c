//! Login, locks, account facts (R-ID-19..25).

use identity::entity::patients;
use identity::settings::{LOCKOUT_MINUTES, MAX_LOGIN_ATTEMPTS};
use kernel::Actor;
use kernel::actor::Origin;
use platform::config::Mode;
use platform::entity::audit_logs;
use platform::outbox;
use platform::settings::{self, Changes};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use testkit::{TestApp, actors};

use crate::support::*;

testkit::both! {
    // R-ID-21: every attempt is on record. R-ID-23: the limits are settings. R-ID-24: a running lock keeps its end.
    async fn golden_2_lock(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let chief = admin(&t, "chief@hairline.example", None).await;
        let wrong = credentials("mark@example.com", "Wrong-Horse7!");
        let right = credentials("Mark@Example.com", PASSWORD);
        for clock in ["10:00:00", "10:01:00", "10:02:00", "10:03:00", "10:04:00"] {
            t.at(&format!("2026-03-02T{clock}Z"));
            client.post("/patient/auth/login", &wrong).await.assert_problem(401, "invalid_credentials");
        }
        t.at("2026-03-02T10:05:00Z");
        let changes = Changes::new().with(&MAX_LOGIN_ATTEMPTS, 7).with(&LOCKOUT_MINUTES, 10);
        settings::set(&t.app, &actors::super_admin(chief), "auth", changes, "Fewer calls to support").await.unwrap();
        t.app.settings.refresh().await;
        t.at("2026-03-02T10:18:59Z");
        let locked = client.post("/patient/auth/login", &right).await.assert_problem(423, "account_locked");
        assert_eq!(locked.get::<u64>("/retry_after"), 1);
        t.at("2026-03-02T10:19:00Z");
        client.post("/patient/auth/login", &right).await.assert_status(200);
        for _ in 0..7 {
            client.post("/patient/auth/login", &wrong).await.assert_problem(401, "invalid_credentials");
        }
        let locked = client.post("/patient/auth/login", &right).await.assert_problem(423, "account_locked");
        assert_eq!(locked.get::<u64>("/retry_after"), 600);
        let failed = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("login.failed"));
        assert_eq!(failed.count(t.conn()).await.unwrap(), 12);
    }

    async fn r_id_22_a_success_sets_the_count_to_zero(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        for _ in 0..3 {
            for _ in 0..4 {
                let wrong = credentials("mark@example.com", "Wrong-Horse7!");
                client.post("/patient/auth/login", wrong).await.assert_problem(401, "invalid_credentials");
            }
            let right = credentials("mark@example.com", PASSWORD);
            client.post("/patient/auth/login", right).await.assert_status(200);
        }
    }

    async fn r_id_19_unknown_accounts_answer_and_lock_like_known_ones(t: TestApp) {
        let client = installed(&t).await;
        for _ in 0..5 {
            let body = credentials("nobody@example.com", PASSWORD);
            client.post("/patient/auth/login", body).await.assert_problem(401, "invalid_credentials");
        }
        let body = credentials("nobody@example.com", PASSWORD);
        client.post("/patient/auth/login", body).await.assert_problem(423, "account_locked");
    }

    async fn r_id_20_facts_are_told_only_after_the_right_password(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let suspend = "UPDATE account_states SET state = 'suspended'";
        sql(&t, &format!("{suspend} WHERE model_id = '{}'", row.id)).await;
        let wrong = credentials("mark@example.com", "Wrong-Horse7!");
        client.post("/patient/auth/login", wrong).await.assert_problem(401, "invalid_credentials");
        let right = credentials("mark@example.com", PASSWORD);
        client.post("/patient/auth/login", right).await.assert_problem(403, "account_suspended");
    }

    async fn staff_of_a_clinic(t: TestApp) {
        let client = installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let user = member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let right = credentials("ada@clinic.example", PASSWORD);
        for (statement, status, code) in [
            (format!("UPDATE providers SET status = 'inactive' WHERE id = '{clinic}'"), 403, "provider_inactive"),
            (format!("UPDATE providers SET status = 'suspended' WHERE id = '{clinic}'"), 200, ""),
            (format!("UPDATE provider_users SET status = 'suspended' WHERE id = '{user}'"), 403, "account_suspended"),
            (format!("UPDATE provider_users SET status = 'inactive' WHERE id = '{user}'"), 403, "membership_removed"),
            (format!("UPDATE provider_users SET can_login = 0 WHERE id = '{user}'"), 401, "invalid_credentials"),
        ] {
            sql(&t, &statement).await;
            let reply = client.post("/provider/auth/login", &right).await.assert_status(status);
            if status != 200 {
                reply.assert_problem(status, code);
            }
        }
    }

    async fn an_account_exists_on_its_own_guard_only(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let body = credentials("mark@example.com", PASSWORD);
        client.post("/provider/auth/login", &body).await.assert_problem(401, "invalid_credentials");
        client.post("/admin/auth/login", &body).await.assert_problem(401, "invalid_credentials");
        client.post("/elsewhere/auth/login", &body).await.assert_problem(404, "not_found");
        // The legal owner of a clinic stands in `users` without a role and can never come in there.
        let password = identity::seed::Hashed::of(&t.app, PASSWORD).await.unwrap();
        let owner = identity::seed::legal_owner(&t.app, "Ada", "Owner", "legal@clinic.example").await.unwrap();
        let hash = format!("{password:?}").split('"').nth(1).unwrap().to_owned();
        sql(&t, &format!("UPDATE users SET password = '{hash}' WHERE id = '{owner}'")).await;
        let body = credentials("legal@clinic.example", PASSWORD);
        client.post("/admin/auth/login", body).await.assert_problem(401, "invalid_credentials");
    }

    async fn r_id_25_twenty_failures_from_one_address_block_it(t: TestApp) {
        let _ = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let from = |ip: &str| {
            client(&t).as_actor(Actor::anonymous().from_origin(Origin { ip: Some(ip.into()), ..Origin::default() }))
        };
        let (bad, good) = (from("203.0.113.7"), from("203.0.113.8"));
        for n in 0..20 {
            let body = credentials(&format!("nobody{n}@example.com"), PASSWORD);
            bad.post("/patient/auth/login", body).await.assert_problem(401, "invalid_credentials");
        }
        let right = credentials("mark@example.com", PASSWORD);
        let blocked = bad.post("/patient/auth/login", &right).await.assert_problem(429, "ip_blocked");
        assert_eq!(blocked.get::<u64>("/retry_after"), 3600);
        let told = outbox::recorded(t.conn(), Some("security.ip_blocked")).await.unwrap();
        assert_eq!(told.len(), 1, "super admins hear of it once");
        good.post("/patient/auth/login", &right).await.assert_status(200);
        t.advance(chrono::Duration::hours(1));
        bad.post("/patient/auth/login", &right).await.assert_status(200);
    }

    async fn r_id_12_a_weaker_hash_is_made_again(t: TestApp) {
        let mut t = t;
        let row = patient(&t, "mark@example.com").await;
        let right = credentials("mark@example.com", PASSWORD);
        installed(&t).await.post("/patient/auth/login", &right).await.assert_status(200);
        let stored = async |t: &TestApp| patients::Entity::find_by_id(row.id).one(t.conn()).await.unwrap().unwrap().password;
        assert_eq!(stored(&t).await, row.password, "as strong as a new one would be");
        // A program that is no test demands more.
        t.configure(|config| config.mode = Mode::Production).await;
        client(&t).post("/patient/auth/login", credentials("mark@example.com", "Wrong-Horse7!")).await.assert_status(401);
        assert_eq!(stored(&t).await, row.password, "only the right password is hashed again");
        client(&t).post("/patient/auth/login", &right).await.assert_status(200);
        let stronger = stored(&t).await;
        assert!(row.password.starts_with("$2y$04$") && stronger.starts_with("$2y$12$"), "{stronger}");
        client(&t).post("/patient/auth/login", &right).await.assert_status(200);
        assert_eq!(stored(&t).await, stronger, "strong enough now");
    }
}
