//! Gateway accounts as staff keep them (R-PY-27, R-PY-71, R-PY-72).

use catalogue::entity::location_preferences::{self as regions, LocationPreferenceStatus, LocationPreferenceType};
use catalogue::entity::location_preferences_countries as members;
use chrono::TimeDelta;
use kernel::ids::{GatewayAccountId, LocationPreferenceCountryId, LocationPreferenceId};
use kernel::{Currency, Money};
use payments::entity::gateway_accounts::{self as rows, GatewayAccountStatus as Status};
use payments::entity::gateway_events;
use payments::entity::payments as attempts;
use platform::entity::audit_logs;
use platform::outbox;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors};

use crate::desk::staff;
use crate::plans::GOOD;
use crate::stripe::{Script, through_stripe};
use crate::support::{Booking, amount, another, dollars, g1, registry};

const PATH: &str = "/admin/settings/gateway-accounts";
const WHY: &str = "Cards of British patients are charged in Britain.";

fn account(name: &str, countries: &[&str]) -> Value {
    json!({ "name": name, "mode": "test", "routing": { "countries": countries }, "reason": WHY })
}

fn keys(public: &str, secret: &str) -> Value {
    json!({ "public_key": public, "secret_key": secret, "webhook_secret": "whsec_of_this_account" })
}

async fn made(desk: &Client, body: Value) -> GatewayAccountId {
    desk.post(PATH, body).await.assert_status(201).get("/id")
}

async fn row(t: &TestApp, id: GatewayAccountId) -> rows::Model {
    rows::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
}

async fn house(t: &TestApp) -> rows::Model {
    rows::Entity::find().filter(rows::Column::Name.eq("Simulator")).one(t.conn()).await.unwrap().unwrap()
}

async fn taken_by(t: &TestApp, booking: &Booking) -> Option<GatewayAccountId> {
    let of = attempts::Entity::find().filter(attempts::Column::QuoteId.eq(booking.quote));
    of.one(t.conn()).await.unwrap().unwrap().gateway_account_id
}

async fn changed(t: &TestApp) -> u64 {
    audit_logs::Entity::find()
        .filter(audit_logs::Column::Action.eq("gateway_account.changed"))
        .count(t.conn())
        .await
        .unwrap()
}

testkit::both! {
    async fn r_py_27_a_country_pays_at_its_account(t: TestApp) {
        let british = g1(&t).await;
        let american = another(&t, &british, 30, "US", Money::new(amount("900.00"), Currency::EUR)).await;
        let desk = staff(&t, &british).await;
        let own = made(&desk, account("Britain", &["gb", "IE"])).await;
        british.start_deposit().await;
        assert_eq!(taken_by(&t, &british).await, Some(own));
        let started = american.start(Booking::body("full", "1027.17", "USD")).await;
        started.assert_status(200);
        assert_eq!(taken_by(&t, &american).await, Some(house(&t).await.id), "everybody else");
        let seen = desk.get(&format!("{PATH}/{own}")).await.assert_status(200);
        assert_eq!((seen.at("/countries"), seen.str("/gateway"), seen.at("/is_configured")), (&json!(["GB", "IE"]), "simulator", &json!(false)));
        assert!(seen.str("/webhook_url").ends_with(&format!("/api/v1/webhooks/gateway/{own}")));
    }

    /// R-PY-27: a country that is mapped nowhere pays where its regional group does.
    async fn r_py_27_a_regional_group_pays_at_its_account(t: TestApp) {
        let booking = g1(&t).await;
        let (region, now) = (LocationPreferenceId::new(), t.now());
        regions::ActiveModel {
            id: Set(region),
            preference_type: Set(LocationPreferenceType::Region),
            name: Set(Some("British Isles".into())),
            status: Set(LocationPreferenceStatus::Active),
            max_shown: Set(10),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(t.conn())
        .await
        .unwrap();
        members::ActiveModel {
            id: Set(LocationPreferenceCountryId::new()),
            location_preference_id: Set(region),
            country_code: Set("GB".into()),
            role: Set(members::LocationPreferenceCountryRole::Audience),
            position: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(t.conn())
        .await
        .unwrap();
        let desk = staff(&t, &booking).await;
        let mut body = account("Isles", &[]);
        body["routing"]["region_groups"] = json!([region]);
        let own = made(&desk, body).await;
        booking.start_deposit().await;
        assert_eq!(taken_by(&t, &booking).await, Some(own));
    }

    /// R-PY-72: a country belongs to one account; it moves where somebody says so, and that is on record.
    async fn r_py_72_a_country_belongs_to_one_account(t: TestApp) {
        let booking = dollars(&t).await;
        let desk = staff(&t, &booking).await;
        let first = made(&desk, account("Britain", &["GB", "IE"])).await;
        let refused = desk.post(PATH, account("Britain 2", &["GB"])).await.assert_problem(409, "overlap");
        assert_eq!((refused.str("/account"), refused.at("/countries")), ("Britain", &json!(["GB"])));
        desk.post(PATH, account("Britain", &["FR"])).await.assert_problem(409, "account_name_taken");
        desk.post(PATH, account("Stripe", &["FR"])).await.assert_problem(409, "account_name_taken");
        let mut sure = account("Britain 2", &["GB"]);
        sure["takes_over"] = true.into();
        let second = made(&desk, sure).await;
        assert_eq!((row(&t, first).await.country_codes, row(&t, second).await.country_codes), (json!(["IE"]), json!(["GB"])));
        assert_eq!(changed(&t).await, 1, "what was taken from the first is on record");
        for (field, body) in [
            ("countries", account("Nowhere", &["XX"])),
            ("name", account("x", &[])),
            ("reason", json!({ "name": "Short", "mode": "test", "routing": { "countries": [] }, "reason": "soon" })),
            ("mode", json!({ "name": "Live", "mode": "live", "routing": { "countries": [] }, "reason": WHY })),
            ("currencies", json!({ "name": "Francs", "mode": "test", "routing": { "countries": [], "currencies": ["CHF"] }, "reason": WHY })),
        ] {
            let refused = desk.post(PATH, body).await.assert_status(422);
            assert!(refused.at("/errors").get(field).is_some(), "{field}: {}", refused.text());
        }
    }

    /// Somebody takes everybody else's money, and one at a time.
    async fn there_is_one_for_everybody_else(t: TestApp) {
        let booking = dollars(&t).await;
        let desk = staff(&t, &booking).await;
        let own = house(&t).await;
        let path = format!("{PATH}/{}", own.id);
        let off = json!({ "version": own.version, "routing": { "countries": [], "is_fallback": true }, "is_active": false, "reason": WHY });
        desk.put(&path, off).await.assert_problem(409, "fallback_needed");
        let mut body = account("World", &[]);
        body["routing"]["is_fallback"] = true.into();
        desk.post(PATH, body.clone()).await.assert_problem(409, "overlap");
        body["takes_over"] = true.into();
        let world = made(&desk, body).await;
        assert!(!row(&t, own.id).await.is_fallback && row(&t, world).await.is_fallback);
        // The next start leaves it as staff set it.
        payments::install(&t.app).await.unwrap();
        assert!(!row(&t, own.id).await.is_fallback && row(&t, world).await.is_fallback);
        let off = json!({ "version": own.version, "routing": { "countries": [] }, "is_active": false, "reason": WHY });
        desk.put(&path, off.clone()).await.assert_problem(409, "stale_version");
        let version = row(&t, own.id).await.version;
        desk.put(&path, json!({ "version": version, "routing": { "countries": [] }, "is_active": false, "reason": WHY })).await.assert_status(204);
        payments::install(&t.app).await.unwrap();
        assert_eq!(row(&t, own.id).await.status, Status::Inactive);
    }

    /// What an account took before it was switched off is still told, charged back and given back.
    async fn an_account_that_is_off_still_hears(t: TestApp) {
        let booking = g1(&t).await;
        let desk = staff(&t, &booking).await;
        let own = made(&desk, account("Britain", &["GB"])).await;
        let started = booking.start_deposit().await;
        let off = json!({ "version": 1, "routing": { "countries": ["GB"] }, "is_active": false, "reason": WHY });
        desk.put(&format!("{PATH}/{own}"), off).await.assert_status(204);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed, "its webhook was taken in");
        assert!(gateway_events::Entity::find().all(t.conn()).await.unwrap().iter().all(|row| row.gateway_account_id == own));
    }

    /// Nobody takes the money of a country: the patient is told, and staff once a day.
    async fn r_py_27_no_account_is_told_once_a_day(t: TestApp) {
        let booking = dollars(&t).await;
        let own = house(&t).await;
        rows::ActiveModel { id: Set(own.id), currencies: Set(json!(["EUR"])), ..Default::default() }.update(t.conn()).await.unwrap();
        for _ in 0..2 {
            booking.start(Booking::body("full", "2000.00", "USD")).await.assert_problem(409, "payment_unavailable_region");
        }
        let told = outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
        let alerts: Vec<_> = told.iter().map(|event| event.payload["alert"].as_str().unwrap().to_owned()).collect();
        assert_eq!(alerts, ["region_unsupported"]);
        t.advance(TimeDelta::hours(24));
        booking.start(Booking::body("full", "2000.00", "USD")).await.assert_problem(409, "payment_unavailable_region");
        assert_eq!(outbox::recorded(t.conn(), Some("system.alert")).await.unwrap().len(), 2);
    }

    /// R-PY-72: keys are tried before they are kept, and belong together.
    async fn r_py_72_keys_are_tried(t: TestApp) {
        let mut t = t;
        let booking = dollars(&t).await;
        let script = Script::default();
        let house = through_stripe(&mut t, &script).await;
        let desk = t.client(payments::routes()).as_actor(crate::desk::proven(&t, &booking).await);
        let with = |keys: Value| {
            let mut body = account("Stripe UK", &["GB"]);
            body["keys"] = keys;
            body
        };
        desk.post(PATH, account("No keys", &[])).await.assert_status(422).assert_field("public_key", "required");
        desk.post(PATH, with(keys("pk_test_a", "sk_live_b"))).await.assert_status(422).assert_field("public_key", "keys_mismatch");
        desk.post(PATH, with(keys("pk_live_a", "sk_live_b"))).await.assert_status(422).assert_field("mode", "keys_mode");
        script.answer(401, json!({ "error": { "type": "invalid_request_error", "message": "Invalid API Key provided" } }));
        desk.post(PATH, with(keys("pk_test_a", "sk_test_bad"))).await.assert_status(422).assert_field("secret_key", "gateway_refused");
        script.answer(200, json!({ "object": "balance" }));
        let own = made(&desk, with(keys("pk_test_uk", "sk_test_good"))).await;
        let kept = row(&t, own).await;
        assert!(!format!("{kept:?}").contains("sk_test_good"), "the key is sealed");
        let seen = desk.get(PATH).await.assert_status(200).text();
        assert!(!seen.contains("sk_test_good") && !seen.contains("whsec_of"), "{seen}");
        let logs = audit_logs::Entity::find().all(t.conn()).await.unwrap();
        assert!(!format!("{logs:?}").contains("sk_test_good"));
        // What the configuration gave is kept there.
        let body = json!({ "version": house.version, "routing": { "countries": [], "is_fallback": true }, "is_active": true, "keys": keys("pk_test_x", "sk_test_x"), "reason": WHY });
        desk.put(&format!("{PATH}/{}", house.id), body).await.assert_status(422).assert_field("public_key", "keys_not_here");
        script.answer(401, json!({ "error": { "type": "invalid_request_error", "message": "Expired API Key provided" } }));
        let tested = desk.post(&format!("{PATH}/{own}/test"), json!({})).await.assert_status(200);
        assert_eq!((tested.at("/works"), row(&t, own).await.status), (&json!(false), Status::Failing));
        let alerts = outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
        assert_eq!(alerts.last().unwrap().payload["alert"], "gateway_account");
        // Saving it again does not make it work.
        script.answer(401, json!({ "error": { "type": "invalid_request_error", "message": "Expired API Key provided" } }));
        let again = json!({ "version": 1, "routing": { "countries": ["GB"] }, "is_active": true, "reason": WHY });
        desk.put(&format!("{PATH}/{own}"), again.clone()).await.assert_status(422).assert_field("is_active", "gateway_refused");
        script.answer(200, json!({ "object": "balance" }));
        desk.put(&format!("{PATH}/{own}"), again).await.assert_status(204);
        assert_eq!(row(&t, own).await.status, Status::Active);
    }

    /// R-PY-27: keys of another account would lose what this one took.
    async fn r_py_27_new_keys_open_the_same_account(t: TestApp) {
        let mut t = t;
        let booking = dollars(&t).await;
        booking.start(Booking::body("full", "2000.00", "USD")).await.assert_status(200);
        let script = Script::default();
        through_stripe(&mut t, &script).await;
        let desk = t.client(payments::routes()).as_actor(crate::desk::proven(&t, &booking).await);
        script.answer(200, json!({ "object": "balance" }));
        let mut body = account("Stripe UK", &["GB"]);
        body["keys"] = keys("pk_test_uk", "sk_test_good");
        let own = made(&desk, body).await;
        sea_orm::ConnectionTrait::execute_unprepared(t.conn(), &format!("UPDATE payments SET gateway_account_id = '{own}'")).await.unwrap();
        let change = json!({ "version": 1, "routing": { "countries": ["GB"] }, "is_active": true, "keys": keys("pk_test_us", "sk_test_other"), "reason": WHY });
        script.answer(200, json!({ "object": "balance" }));
        script.answer(404, json!({ "error": { "type": "invalid_request_error", "code": "resource_missing", "message": "No such payment_intent" } }));
        desk.put(&format!("{PATH}/{own}"), change.clone()).await.assert_problem(409, "other_account");
        script.answer(200, json!({ "object": "balance" }));
        script.answer(200, json!({ "object": "payment_intent" }));
        desk.put(&format!("{PATH}/{own}"), change).await.assert_status(204);
        assert_eq!(row(&t, own).await.public_key.as_deref(), Some("pk_test_us"));
    }

    /// Where a real gateway is configured, test cards pay nothing: what the simulator had mapped to it is gone.
    async fn the_simulator_takes_nothing_beside_a_real_gateway(t: TestApp) {
        let mut t = t;
        let booking = g1(&t).await;
        let desk = staff(&t, &booking).await;
        let mut body = account("Simulator 2", &["GB"]);
        body["routing"]["is_fallback"] = true.into();
        body["takes_over"] = true.into();
        let second = made(&desk, body).await;
        let stripe = through_stripe(&mut t, &Script::default()).await;
        let kept = row(&t, second).await;
        assert_eq!((kept.is_fallback, kept.country_codes), (false, json!([])));
        let picked = payments::service::accounts::pick(&t.app, Some("GB"), Some(Currency::GBP)).await.unwrap();
        assert_eq!(picked.id, stripe.id);
        let house = payments::service::accounts::house(&t.app).await.unwrap();
        assert_eq!(house.id, stripe.id, "payouts leave from there too");
    }

    async fn accounts_are_for_those_who_configure(t: TestApp) {
        let booking = dollars(&t).await;
        let desk = staff(&t, &booking).await;
        let viewer = booking.api.as_actor(actors::staff(booking.admin, "billing_viewer"));
        viewer.post(PATH, account("Britain", &["GB"])).await.assert_status(403);
        booking.client().get(PATH).await.assert_status(403);
        desk.get(&format!("{PATH}/{}", GatewayAccountId::new())).await.assert_status(404);
        desk.post(&format!("{PATH}/{}/test", GatewayAccountId::new()), json!({})).await.assert_status(404);
        t.advance(TimeDelta::minutes(6));
        desk.post(PATH, account("Britain", &["GB"])).await.assert_problem(403, "reauth_required");
    }
}
