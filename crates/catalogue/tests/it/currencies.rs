//! Currencies, their pairs with the dollar, and rates that come by themselves (R-PY-13, 16, 17, 71, 72).

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use catalogue::entity::currencies::{self, CurrencyFxStatus as Status};
use catalogue::entity::fx_rates;
use catalogue::service::currencies::{is_old, sync};
use chrono::TimeDelta;
use identity::auth::Carrier;
use identity::entity::auth_sessions;
use identity::seed::AdminSpec;
use identity::service::sessions::{self, Holder};
use kernel::ids::UserId;
use kernel::{Actor, Currency, Guard, Money};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors, both};

use crate::keeping::{audited, events};
use crate::world::clinic;

const PAIRS: &str = "/admin/settings/fx-pairs";
const CURRENCIES: &str = "/admin/settings/currencies";
const WHY: &str = "The bank changed its margin on Monday.";

/// A super admin who proved a moment ago who they are.
async fn proven(t: &TestApp, user: UserId) -> Client {
    let policy = sessions::policy_of(&t.app, Guard::Api).await.unwrap();
    let nobody = Actor::anonymous();
    platform::write_txn!(t.app.db, |txn| {
        let holder = Holder { guard: Guard::Api, id: user.any() };
        sessions::open(txn, &t.app, &nobody, holder, (policy, Carrier::Cookie), true, None).await.map(drop)
    })
    .unwrap();
    let newest = auth_sessions::Entity::find().order_by_desc(auth_sessions::Column::Id).one(t.conn()).await.unwrap();
    let mut actor = actors::super_admin(user);
    actor.session = newest.map(|session| session.id);
    t.client(catalogue::routes()).as_actor(actor)
}

async fn staff(t: &TestApp) -> (UserId, Client) {
    catalogue::install(&t.app).await.unwrap();
    let user = identity::seed::admin(&t.app, AdminSpec::super_admin("sam@hairline.example")).await.unwrap();
    (user, proven(t, user).await)
}

/// A feed that says what it is told to.
#[derive(Clone)]
struct Feed(Arc<Mutex<Result<Value, u16>>>);

impl Feed {
    async fn start(t: &mut TestApp) -> Self {
        let feed = Self(Arc::new(Mutex::new(Err(503))));
        let own = feed.clone();
        let answer = move || {
            let said = own.0.lock().unwrap().clone();
            async move {
                match said {
                    Ok(json) => (StatusCode::OK, json.to_string()),
                    Err(status) => (StatusCode::from_u16(status).unwrap(), String::new()),
                }
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/rates", get(answer))).await });
        t.configure(|config| config.payments.rates_url = Some(format!("http://{address}/rates"))).await;
        feed
    }

    fn says(&self, euro: &str) {
        *self.0.lock().unwrap() = Ok(json!({ "base": "USD", "rates": { "EUR": euro.parse::<f64>().unwrap() } }));
    }

    fn fails(&self) {
        *self.0.lock().unwrap() = Err(500);
    }
}

fn pair(code: &str, version: i32, rate: Value) -> Value {
    json!({ "code": code, "version": version, "rate": rate, "markup_percent": "5", "alert_percent": "3", "reason": WHY })
}

fn auto(hours: i16) -> Value {
    json!({ "mode": "auto", "source": "feed", "sync_hours": hours })
}

async fn euro(t: &TestApp) -> currencies::Model {
    currencies::Entity::find().filter(currencies::Column::Code.eq(Currency::EUR)).one(t.conn()).await.unwrap().unwrap()
}

async fn rates(t: &TestApp) -> Vec<String> {
    let rows = fx_rates::Entity::find().order_by_asc(fx_rates::Column::Id).all(t.conn()).await.unwrap();
    rows.into_iter().map(|row| row.base_rate.normalize().to_string()).collect()
}

async fn told(t: &TestApp, alert: &str) -> usize {
    events(t, "system.alert").await.iter().filter(|payload| payload.to_string().contains(alert)).count()
}

both! {
    async fn r_py_13_a_rate_typed_by_hand_applies_at_once(t: TestApp) {
        let (_, desk) = staff(&t).await;
        let manual = |rate: &str| json!({ "mode": "manual", "base_rate": rate });
        desk.post(PAIRS, pair("EUR", 1, manual("0.92"))).await.assert_status(204);
        let rate = catalogue::fx::rate(t.conn(), Currency::USD, Currency::EUR).await.unwrap();
        assert_eq!(rate, Some("0.966".parse().unwrap()), "with five percent");
        desk.post(PAIRS, pair("EUR", 1, manual("0.93"))).await.assert_problem(409, "stale_version");
        let seen = desk.get(PAIRS).await.assert_status(200);
        assert_eq!((seen.str("/data/0/code"), seen.str("/data/0/base_rate"), seen.str("/data/0/effective_rate"), seen.at("/data/0/version")), ("EUR", "0.92", "0.966", &json!(2)));
        assert_eq!(audited(&t, "currency.pair_changed").await, 1);
        desk.post(PAIRS, pair("USD", 1, manual("1"))).await.assert_problem(409, "currency_default");
        for (field, wrong) in [
            ("base_rate", pair("GBP", 1, manual("0"))),
            ("base_rate", pair("GBP", 1, manual("0.1234567"))),
            ("code", pair("XXX", 1, manual("1"))),
            ("sync_hours", pair("GBP", 1, json!({ "mode": "auto", "source": "simulator", "sync_hours": 2 }))),
            ("source", pair("GBP", 1, json!({ "mode": "auto", "source": "nowhere", "sync_hours": 6 }))),
        ] {
            desk.post(PAIRS, &wrong).await.assert_status(422).assert_field(field, if field == "code" || field == "source" { "unknown_value" } else { "out_of_range" });
        }
        let with = |field: &str, value: &str| {
            let mut body = pair("GBP", 1, manual("0.79"));
            body[field] = json!(value);
            body
        };
        for (field, value) in [("markup_percent", "20.01"), ("markup_percent", "4.005"), ("alert_percent", "0.5"), ("alert_percent", "51"), ("reason", "short")] {
            let refused = desk.post(PAIRS, with(field, value)).await.assert_status(422);
            assert!(refused.at("/errors").get(field).is_some(), "{field} {value}");
        }
    }

    async fn r_py_17_a_rate_comes_by_itself(t: TestApp) {
        let mut t = t;
        let feed = Feed::start(&mut t).await;
        let (user, desk) = staff(&t).await;
        // A source that cannot be read is not saved.
        desk.post(PAIRS, pair("EUR", 1, auto(6))).await.assert_problem(409, "fx_source_failed");
        feed.says("0.92");
        desk.post(PAIRS, pair("GBP", 1, auto(6))).await.assert_problem(409, "fx_source_failed");
        assert!(rates(&t).await.is_empty() && euro(&t).await.fx_mode.is_none());
        desk.post(PAIRS, pair("EUR", 1, auto(6))).await.assert_status(204);
        assert_eq!((rates(&t).await, euro(&t).await.fx_next_sync_at), (vec!["0.92".to_owned()], Some(t.now() + TimeDelta::hours(6))));
        // Not before its time, once at its time, and late it catches up.
        feed.says("0.925");
        sync(&t.app).await.unwrap();
        assert_eq!(rates(&t).await.len(), 1);
        t.advance(TimeDelta::hours(9));
        let (one, two) = tokio::join!(sync(&t.app), sync(&t.app));
        one.unwrap();
        two.unwrap();
        assert_eq!((rates(&t).await, euro(&t).await.fx_next_sync_at), (vec!["0.92".to_owned(), "0.925".to_owned()], Some(t.now() + TimeDelta::hours(6))));
        // A source that fails keeps the last rate, turns red, is tried after 15, 30 and 60 minutes, and is told of once.
        feed.fails();
        t.advance(TimeDelta::hours(6));
        for minutes in [15, 30, 60, 60] {
            sync(&t.app).await.unwrap();
            let row = euro(&t).await;
            assert_eq!((row.fx_status, row.fx_next_sync_at), (Status::Failing, Some(t.now() + TimeDelta::minutes(minutes))), "{minutes}");
            t.advance(TimeDelta::minutes(minutes));
        }
        assert_eq!(told(&t, "fx_failing").await, 1);
        assert!(catalogue::fx::is_usable(t.conn(), Currency::EUR).await.unwrap());
        assert_eq!(rates(&t).await.len(), 2);
        feed.says("0.926");
        sync(&t.app).await.unwrap();
        assert_eq!((euro(&t).await.fx_status, rates(&t).await.len()), (Status::Active, 3));
        // A pair that was changed meanwhile is left alone, and by hand nothing is read any more.
        let desk = proven(&t, user).await;
        let version = euro(&t).await.version;
        desk.post(PAIRS, pair("EUR", version, json!({ "mode": "manual", "base_rate": "0.9" }))).await.assert_status(204);
        t.advance(TimeDelta::hours(30));
        sync(&t.app).await.unwrap();
        assert_eq!(rates(&t).await.last().map(String::as_str), Some("0.9"));
    }

    async fn r_py_17_staff_hear_of_jumps_at_most_every_six_hours(t: TestApp) {
        let mut t = t;
        let feed = Feed::start(&mut t).await;
        let (_, desk) = staff(&t).await;
        feed.says("1");
        desk.post(PAIRS, pair("EUR", 1, auto(1))).await.assert_status(204);
        // Three percent are allowed; 3.1 within a day are too much, told once in six hours.
        for (rate, warned) in [("1.03", 0), ("1.031", 1), ("1.05", 1), ("1.06", 1), ("1.06", 1), ("1.06", 1), ("1.06", 1), ("1.06", 2)] {
            t.advance(TimeDelta::hours(1));
            feed.says(rate);
            sync(&t.app).await.unwrap();
            assert_eq!(told(&t, "fx_moved").await, warned, "{rate}");
        }
        // A day later it is what it was a day ago.
        t.advance(TimeDelta::hours(25));
        sync(&t.app).await.unwrap();
        assert_eq!(told(&t, "fx_moved").await, 2);
    }

    async fn r_py_17_a_rate_older_than_a_day_is_noticed(t: TestApp) {
        let mut t = t;
        let feed = Feed::start(&mut t).await;
        let (user, desk) = staff(&t).await;
        feed.says("0.92");
        desk.post(PAIRS, pair("EUR", 1, auto(24))).await.assert_status(204);
        let old = async |t: &TestApp| is_old(t.conn(), t.now(), [Currency::USD, Currency::EUR]).await.unwrap();
        t.advance(TimeDelta::hours(24));
        assert!(!old(&t).await);
        t.advance(TimeDelta::seconds(1));
        assert!(old(&t).await);
        let desk = proven(&t, user).await;
        desk.post(PAIRS, pair("EUR", 2, json!({ "mode": "manual", "base_rate": "0.9" }))).await.assert_status(204);
        t.advance(TimeDelta::days(9));
        assert!(!old(&t).await, "what somebody typed holds until somebody types something else");
    }

    async fn r_py_71_a_currency_in_use_stays_on(t: TestApp) {
        let (user, desk) = staff(&t).await;
        let switch = |code: &str, version: i32, enabled: bool| json!({ "code": code, "version": version, "enabled": enabled, "reason": WHY });
        desk.post(CURRENCIES, switch("USD", 1, false)).await.assert_problem(409, "currency_default");
        let house = clinic(&t, "Aegean", "TR").await;
        let treatment = catalogue::seed::treatments(&t.app, user).await.unwrap()[0].id;
        let base = Money::new("2500".parse().unwrap(), Currency::TRY);
        catalogue::seed::price(&t.app, house, treatment, base, "2".parse().unwrap()).await.unwrap();
        desk.post(CURRENCIES, switch("TRY", 1, false)).await.assert_problem(409, "currency_in_use");
        desk.post(CURRENCIES, switch("GBP", 1, false)).await.assert_status(204);
        desk.post(CURRENCIES, switch("GBP", 1, true)).await.assert_problem(409, "stale_version");
        desk.post(PAIRS, pair("GBP", 2, json!({ "mode": "manual", "base_rate": "0.79" }))).await.assert_problem(409, "currency_not_enabled");
        desk.post(CURRENCIES, switch("GBP", 2, true)).await.assert_status(204);
        let seen = desk.get(CURRENCIES).await.assert_status(200);
        assert_eq!(seen.at("/data").as_array().unwrap().len(), 4);
        let default = currencies::Entity::find().filter(currencies::Column::IsDefault.eq(true)).filter(currencies::Column::Enabled.eq(true));
        assert_eq!(default.count(t.conn()).await.unwrap(), 1);
        assert_eq!(audited(&t, "currency.switched").await, 2);
        // Who may, and with which proof.
        let api = t.client(catalogue::routes());
        for (actor, code) in [(actors::staff(user, "billing_staff"), "forbidden"), (actors::staff(user, "support_staff"), "forbidden")] {
            api.as_actor(actor).post(CURRENCIES, switch("GBP", 3, false)).await.assert_problem(403, code);
        }
        t.advance(TimeDelta::minutes(6));
        desk.post(CURRENCIES, switch("GBP", 3, false)).await.assert_problem(403, "reauth_required");
        desk.post(PAIRS, pair("GBP", 3, json!({ "mode": "manual", "base_rate": "0.79" }))).await.assert_problem(403, "reauth_required");
    }
}
