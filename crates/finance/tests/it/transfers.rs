//! Money sent to clinics, as gateways tell it by themselves and in their lists (R-PY-68, event map).

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use finance::entity::provider_bills::ProviderBillStatus as Status;
use finance::entity::reconciliation_items::{self as items, ReconciliationItemClass as Class};
use finance::service::{pay, reconcile};
use kernel::Secret;
use payments::gateway::signature;
use platform::config::{Gateway, StripeOptions};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use serde_json::{Value, json};
use testkit::{Reply, TestApp};

use crate::support::{World, euros, registry, world};

/// A treatment of June, its statement paid on the Friday after.
async fn paid_out(t: &TestApp) -> (World, finance::entity::provider_bills::Model) {
    let w = world(t).await;
    w.give(t, &euros()).await;
    w.treated(t, "DE", "2400.00", "2026-03-10", "2026-06-15").await;
    let bill = w.settle(t, "2026-06-23", "2026-06-26").await;
    assert_eq!(bill.status, Status::Paid);
    (w, bill)
}

async fn found(t: &TestApp) -> Vec<(Class, Option<String>)> {
    let all = items::Entity::find().order_by_asc(items::Column::Id).all(t.conn()).await.unwrap();
    all.into_iter().map(|row| (row.class, row.object_type)).collect()
}

async fn alerts(t: &TestApp) -> Vec<String> {
    let told = platform::outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
    told.iter().map(|row| row.payload["alert"].as_str().unwrap().to_owned()).collect()
}

/// Delivers an event about a transfer, signed as the gateway does.
async fn tell(t: &TestApp, w: &World, id: &str, kind: &str, transfer: &str, key: Option<String>) -> Reply {
    let account = payments::entity::gateway_accounts::Entity::find().one(t.conn()).await.unwrap().unwrap();
    let object = json!({ "id": transfer, "object": "transfer", "amount": 192_000, "currency": "eur", "metadata": key.map_or(json!({}), |key| json!({ "key": key })) });
    let body = json!({ "id": id, "object": "event", "type": kind, "created": t.now().timestamp(), "livemode": false, "data": { "object": object } }).to_string();
    let secret = t.app.config.payments.webhook_secret.expose().clone();
    let header = signature::sign(&secret, t.now(), body.as_bytes());
    let api = w.api.header("stripe-signature", &header);
    let reply = api.raw(&format!("/webhooks/gateway/{}", account.id), "application/json", body).await;
    t.run_jobs(&registry()).await;
    reply
}

/// A gateway whose books have these transfers and nothing else.
pub async fn listing(t: &mut TestApp, transfers: Value) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answer = move |request: Request| {
        let data = if request.uri().path() == "/v1/transfers" { transfers.clone() } else { json!([]) };
        async move { axum::Json(json!({ "object": "list", "data": data, "has_more": false })) }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() });
    let options = StripeOptions {
        publishable_key: "pk_test_for_browsers".into(),
        secret_key: Secret::new("sk_test_secret".into()),
        api_base: base,
        retry_pause: Duration::from_millis(1),
    };
    t.configure(|config| config.payments.gateway = Gateway::Stripe(options)).await;
    payments::install(&t.app).await.unwrap();
}

testkit::both! {
    async fn r_py_68_a_payout_that_is_in_the_gateways_books_fits(t: TestApp) {
        paid_out(&t).await;
        t.at("2026-06-27T02:00:00Z");
        reconcile::daily(&t.app).await.unwrap();
        t.run_jobs(&registry()).await;
        assert_eq!(found(&t).await, []);
        let run = finance::entity::reconciliation_runs::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((&run.totals["matched"], &run.totals["currencies"][0]["paid_out"]), (&json!(1), &json!("1920.00")));
    }

    /// What the gateway has and we do not, what it took back, and what it never had.
    async fn r_py_68_transfers_that_differ_are_found(t: TestApp) {
        let mut t = t;
        let (_, bill) = paid_out(&t).await;
        let mut real = bill.clone().into_active_model();
        real.transfer_id = Set(Some("tr_real".into()));
        real.update(t.conn()).await.unwrap();
        let at = testkit::at("2026-06-26T06:00:00Z").timestamp();
        let reversed = json!({ "id": "tr_real", "object": "transfer", "amount": 192_000, "currency": "eur", "created": at, "reversed": true, "metadata": { "key": format!("po:{}:1", bill.id) } });
        let unknown = json!({ "id": "tr_unknown", "object": "transfer", "amount": 500, "currency": "eur", "created": at, "metadata": {} });
        listing(&mut t, json!([reversed, unknown])).await;
        t.at("2026-06-27T02:00:00Z");
        reconcile::daily(&t.app).await.unwrap();
        t.run_jobs(&registry()).await;
        assert_eq!(found(&t).await, [(Class::StatusMismatch, Some("ProviderBill".into())), (Class::MissingLocal, None)]);
    }

    async fn two_runs_that_end_at_once_write_a_difference_once(t: TestApp) {
        let mut t = t;
        let (w, _) = paid_out(&t).await;
        let at = testkit::at("2026-06-26T06:00:00Z").timestamp();
        listing(&mut t, json!([{ "id": "tr_unknown", "object": "transfer", "amount": 500, "currency": "eur", "created": at, "metadata": {} }])).await;
        t.at("2026-06-27T09:00:00Z");
        let day = "2026-06-26".parse().unwrap();
        let chief = w.chief(&t).await;
        let first = reconcile::start(&t.app, &chief, day, day).await.unwrap();
        let second = reconcile::start(&t.app, &chief, day, day).await.unwrap();
        let (a, b) = tokio::join!(reconcile::work(&t.app, first), reconcile::work(&t.app, second));
        a.unwrap();
        b.unwrap();
        let unknown = found(&t).await.into_iter().filter(|(class, _)| *class == Class::MissingLocal).count();
        assert_eq!(unknown, 1);
    }

    /// The answer was lost, the gateway's own word settles the statement; told twice it is settled once.
    async fn a_transfer_under_way_is_settled_by_the_gateways_word(t: TestApp) {
        let w = world(&t).await;
        // A bank that says nothing for half an hour.
        w.give(&t, &crate::support::ending(1000)).await;
        w.treated(&t, "DE", "2400.00", "2026-03-10", "2026-06-15").await;
        let bill = w.build(&t, "2026-06-23").await;
        w.approve(&t, bill.id).await;
        t.at("2026-06-26T06:00:00Z");
        pay::payout_day(&t.app).await.unwrap();
        assert_eq!(w.bill(&t, bill.id).await.status, Status::Processing);
        let key = format!("po:{}:1", bill.id);
        for id in ["evt_1", "evt_1", "evt_2"] {
            tell(&t, &w, id, "transfer.created", "tr_told", Some(key.clone())).await.assert_status(200);
        }
        let row = w.bill(&t, bill.id).await;
        assert_eq!((row.status, row.transfer_id.as_deref()), (Status::Paid, Some("tr_told")));
        assert_eq!(w.ledger(&t, bill.id).await.len(), 2, "posted once");
    }

    async fn what_comes_back_is_for_people(t: TestApp) {
        let (w, bill) = paid_out(&t).await;
        let before = w.ledger(&t, bill.id).await;
        let transfer = bill.transfer_id.clone().unwrap();
        for id in ["evt_1", "evt_2"] {
            tell(&t, &w, id, "transfer.reversed", &transfer, None).await.assert_status(200);
        }
        tell(&t, &w, "evt_3", "payout.failed", "po_9", None).await.assert_status(200);
        tell(&t, &w, "evt_4", "payout.paid", "po_8", None).await.assert_status(200);
        assert_eq!(alerts(&t).await, ["payout_reversed", "payout_failed"], "once each");
        assert_eq!((w.bill(&t, bill.id).await.status, w.ledger(&t, bill.id).await), (Status::Paid, before), "nothing is booked by itself");
    }
}
