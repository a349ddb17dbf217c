//! Login, locks, account facts (R-ID-19..25).

use std::cell::Cell;
use std::collections::BTreeMap;

use identity::entity::patients;
use identity::settings::{LOCKOUT_MINUTES, MAX_LOGIN_ATTEMPTS};
use kernel::Actor;
use kernel::actor::Origin;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
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
        for (action, times) in [("login.failed", 12), ("login.locked", 2), ("login.succeeded", 1)] {
            let recorded = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action));
            assert_eq!(recorded.count(t.conn()).await.unwrap(), times, "{action}");
        }
    }

    // R-ID-24: of guesses sent side by side every one is begun before the first is counted. After the fifth failure the right
    // one among them is answered like the others, whatever else the account lacks.
    async fn r_id_24_guesses_sent_side_by_side_tell_nothing_after_the_lock(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let late = patient(&t, "late@example.com").await;
        sql(&t, &format!("UPDATE account_states SET state = 'suspended' WHERE model_id = '{}'", late.id)).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        admin(&t, "new@hairline.example", None).await;
        for (guard, login) in [
            ("patient", "mark@example.com"), ("patient", "late@example.com"), ("admin", "chief@hairline.example"),
            ("admin", "new@hairline.example"),
        ] {
            let path = format!("/{guard}/auth/login");
            let guess = |number: usize| {
                let (client, path) = (client.clone(), path.clone());
                let body = credentials(login, if number == 9 { PASSWORD } else { "Wrong-Horse7!" });
                tokio::spawn(async move { client.post(&path, body).await })
            };
            let sent: Vec<_> = (0..10).map(guess).collect();
            let mut replies = Vec::new();
            for reply in sent {
                replies.push(reply.await.unwrap());
            }
            let right = replies.pop().unwrap();
            let failed = replies.iter().filter(|reply| reply.status == 401).count();
            let locked = replies.iter().filter(|reply| reply.status == 423).count();
            assert_eq!(failed + locked, 9, "{login}");
            // A right one that came in time and got in sets the count to 0 (R-ID-22): up to four were counted before it.
            let is_in = right.status == 200 && right.json.get("access_token").is_some();
            assert!(if is_in { (5..=9).contains(&failed) } else { failed == 5 }, "{login}: {failed} failed, {}", right.text());
            // Afterwards nothing is told, and no ticket is given.
            client.post(&path, credentials(login, PASSWORD)).await.assert_problem(423, "account_locked");
        }
        let log = |action: &'static str| {
            audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).count(t.conn())
        };
        assert!(log("login.failed").await.unwrap() >= 20, "five of each");
        assert!(log("login.locked").await.unwrap() >= 4 + 3 * 4, "what was refused is on record");
    }

    // R-ID-19, R-ID-22: a username and its address count apart, so a lock tells nobody whose name it is; a login ends both.
    // R-ID-21: a password that fits is on record although a code is due.
    async fn a_login_ends_the_failures_of_username_and_address(t: TestApp) {
        let client = installed(&t).await;
        let name = patient(&t, "mark@example.com").await.username;
        let wrong = async |login: &str| client.post("/patient/auth/login", credentials(login, "Wrong-Horse7!")).await.status.as_u16();
        for _ in 0..2 {
            for _ in 0..4 {
                assert_eq!((wrong(&name).await, wrong("mark@example.com").await), (401, 401));
            }
            client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await.assert_status(200);
        }
        for _ in 0..5 {
            assert_eq!(wrong("mark@example.com").await, 401);
        }
        assert_eq!((wrong("mark@example.com").await, wrong(&name).await), (423, 401), "nobody learns whose name it is");
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        client.post("/admin/auth/login", credentials("chief@hairline.example", PASSWORD)).await.assert_status(200);
        let accepted = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("login.password_accepted"));
        assert_eq!(accepted.count(t.conn()).await.unwrap(), 1);
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
        let blocked = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("login.blocked"));
        assert_eq!(blocked.count(t.conn()).await.unwrap(), 1, "on record too (R-ID-21)");
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

    // R-ID-09, R-ID-19: how long an answer takes tells nobody whether an account exists, for what takes the time is done for
    // strangers too: one hash of the same cost.
    async fn a_known_and_an_unknown_account_cost_the_same_work(t: TestApp) {
        let client = installed(&t).await;
        patient(&t, "mark@example.com").await;
        let work = Work::counted();
        let mut costs = Vec::new();
        for login in ["mark@example.com", "nobody@example.com", "nobody", "\u{e9}\u{1F600}"] {
            for guard in ["patient", "provider", "admin"] {
                let path = format!("/{guard}/auth/login");
                client.post(&path, &credentials(login, "Wrong-Horse7!")).await.assert_problem(401, "invalid_credentials");
                costs.push((login, guard, work.since_last_time()));
            }
        }
        for email in ["mark@example.com", "new@example.com"] {
            client.post("/patient/auth/register", &registration(email)).await.assert_status(202);
            costs.push((email, "register", work.since_last_time()));
        }
        let one_of_the_tests_cost = vec![(4, 1)];
        for (login, door, cost) in costs {
            assert_eq!(cost, one_of_the_tests_cost, "{login} at {door}");
        }
    }
}

/// Password hashes as the metrics count them, of the thread that asks.
struct Work {
    handle: PrometheusHandle,
    seen: Cell<BTreeMap<u32, u64>>,
    _recorder: metrics::LocalRecorderGuard<'static>,
}

impl Work {
    fn counted() -> Self {
        let recorder = Box::leak(Box::new(PrometheusBuilder::new().build_recorder()));
        let handle = recorder.handle();
        Self { handle, seen: Cell::default(), _recorder: metrics::set_default_local_recorder(recorder) }
    }

    /// Cost and number of the hashes since the last call.
    fn since_last_time(&self) -> Vec<(u32, u64)> {
        let text = self.handle.render();
        let counted: BTreeMap<u32, u64> = text
            .lines()
            .filter_map(|line| line.strip_prefix("hairline_password_hashes_total{cost=\"")?.split_once("\"} "))
            .map(|(cost, number)| (cost.parse().unwrap(), number.parse().unwrap()))
            .collect();
        let before = self.seen.replace(counted.clone());
        let new = counted.into_iter().map(|(cost, number)| (cost, number - before.get(&cost).copied().unwrap_or(0)));
        new.filter(|(_, number)| *number > 0).collect()
    }
}
