//! Reconciliation: yesterday against the gateways, what stays open, and who closes it (R-PY-68).

use std::time::Duration;

use finance::entity::reconciliation_items::{
    self as items, ReconciliationItemClass as Class, ReconciliationItemStatus,
};
use finance::entity::reconciliation_runs::{self as runs, ReconciliationRunStatus as Status};
use finance::service::reconcile;
use kernel::{Actor, ActorKind, Permission, Secret};
use platform::config::{Gateway, StripeOptions};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use testkit::{TestApp, actors};

use crate::pages::Browser;
use crate::support::{World, registry, world};

const NOTE: &str = "The bank confirmed that this money belongs to us.";

async fn all_runs(t: &TestApp) -> Vec<runs::Model> {
    runs::Entity::find().order_by_asc(runs::Column::Id).all(t.conn()).await.unwrap()
}

async fn open(t: &TestApp) -> Vec<items::Model> {
    let all = items::Entity::find().order_by_asc(items::Column::Id).all(t.conn()).await.unwrap();
    all.into_iter().filter(|row| row.status == ReconciliationItemStatus::Open).collect()
}

async fn alerts(t: &TestApp) -> Vec<String> {
    let told = platform::outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
    told.iter().map(|row| row.payload["alert"].as_str().unwrap().to_owned()).collect()
}

/// Somebody pays 2,400 euros on the second of March.
async fn booked(t: &TestApp) -> World {
    let world = world(t).await;
    world.paid(t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
    world
}

testkit::both! {
    async fn yesterday_is_compared_from_two_in_the_morning_once(t: TestApp) {
        booked(&t).await;
        t.at("2026-03-03T01:59:00Z");
        reconcile::daily(&t.app).await.unwrap();
        assert!(all_runs(&t).await.is_empty());
        t.at("2026-03-03T02:00:00Z");
        for _ in 0..2 {
            reconcile::daily(&t.app).await.unwrap();
            t.run_jobs(&registry()).await;
        }
        let all = all_runs(&t).await;
        assert_eq!((all.len(), all[0].status), (1, Status::Done));
        assert_eq!((all[0].period_start.to_rfc3339(), all[0].period_end.to_rfc3339()), ("2026-03-02T00:00:00+00:00".into(), "2026-03-03T00:00:00+00:00".into()));
        let totals = &all[0].totals;
        assert_eq!((&totals["matched"], &totals["currencies"][0]["currency"]), (&json!(1), &json!("EUR")));
        for (name, value) in [("charged", "2400.00"), ("refunded", "0.00"), ("net", "2400.00"), ("held", "2400.00"), ("paid_out", "0.00")] {
            assert_eq!(totals["currencies"][0][name], value, "{name}");
        }
        assert!(open(&t).await.is_empty() && alerts(&t).await.is_empty());
        t.at("2026-03-04T05:00:00Z");
        reconcile::daily(&t.app).await.unwrap();
        t.run_jobs(&registry()).await;
        let all = all_runs(&t).await;
        assert_eq!((all.len(), &all[1].totals["matched"]), (2, &json!(0)));
        // Nobody worked for two nights: the third compares all of these days, and one that was lost is begun anew.
        t.at("2026-03-07T03:00:00Z");
        reconcile::daily(&t.app).await.unwrap();
        let all = all_runs(&t).await;
        assert_eq!((all.len(), all[2].status), (3, Status::Running));
        assert_eq!(all[2].period_start.to_rfc3339(), "2026-03-04T00:00:00+00:00");
        t.at("2026-03-07T08:59:00Z");
        reconcile::daily(&t.app).await.unwrap();
        assert_eq!(all_runs(&t).await.len(), 3);
        t.at("2026-03-07T09:00:00Z");
        reconcile::daily(&t.app).await.unwrap();
        t.run_jobs(&registry()).await;
        let all = all_runs(&t).await;
        assert_eq!((all.len(), all[3].status), (4, Status::Done));
    }

    async fn differences_stay_open_until_somebody_closes_them(t: TestApp) {
        let world = booked(&t).await;
        // Somebody wrote into the database by hand: the gateway has the money, our row says it failed.
        t.conn().execute_unprepared("UPDATE payments SET payment_status = 'failed'").await.unwrap();
        t.at("2026-03-05T09:00:00Z");
        let desk = world.desk(&t).await;
        let days = json!({ "from": "2026-03-02", "to": "2026-03-04" });
        for _ in 0..2 {
            desk.post("/admin/reconciliation/runs", days.clone()).await.assert_status(202);
            t.run_jobs(&registry()).await;
        }
        let found = open(&t).await;
        let classes: Vec<Class> = found.iter().map(|row| row.class).collect();
        assert_eq!(classes.iter().filter(|class| **class == Class::StatusMismatch).count(), 1, "{found:#?}");
        assert!(classes.contains(&Class::Invariant), "the books no longer follow from the rows");
        assert_eq!(alerts(&t).await, ["reconciliation"], "the second run found nothing new");
        let seen = desk.get("/admin/reconciliation/items?filter[class]=status_mismatch").await.assert_status(200);
        assert_eq!((seen.str("/data/0/booking_reference"), seen.str("/data/0/expected/amount")), ("BKG-2603-00001", "2400.00"));
        let table = desk.get("/admin/reconciliation/items?format=csv").await.assert_status(200).text();
        assert!(table.starts_with("found_at,class,booking") && table.contains(",status_mismatch,BKG-2603-00001,"), "{table}");

        let close = format!("/admin/reconciliation/items/{}/close", seen.str("/data/0/id"));
        desk.post(&close, json!({ "note": "short" })).await.assert_field("note", "reason_length");
        desk.post(&close, json!({ "note": NOTE })).await.assert_status(204);
        desk.post(&close, json!({ "note": NOTE })).await.assert_problem(409, "invalid_transition");
        assert_eq!(open(&t).await.len(), found.len() - 1);
        let closed = desk.get("/admin/reconciliation/items?filter[status]=closed").await.assert_status(200);
        assert_eq!((closed.str("/data/0/note"), closed.at("/meta/total")), (NOTE, &json!(1)));
        let nobody = kernel::ids::ReconciliationItemId::new();
        desk.post(&format!("/admin/reconciliation/items/{nobody}/close"), json!({ "note": NOTE })).await.assert_status(404);
    }

    async fn the_days_are_checked_and_not_everybody_may(t: TestApp) {
        let world = booked(&t).await;
        t.at("2026-03-05T09:00:00Z");
        let desk = world.desk(&t).await;
        let run = "/admin/reconciliation/runs";
        for (from, to, code) in [
            ("2026-03-03", "2026-03-02", "out_of_range"),
            ("2026-02-01", "2026-03-04", "out_of_range"),
            ("2026-03-05", "2026-03-06", "in_future"),
        ] {
            desk.post(run, json!({ "from": from, "to": to })).await.assert_field("to", code);
        }
        assert!(all_runs(&t).await.is_empty());
        let rights = [Permission::ViewTransaction].into_iter().collect();
        let reader = world.api.as_actor(Actor::new(ActorKind::Admin(world.admin), Some("billing_viewer"), rights));
        reader.get("/admin/reconciliation").await.assert_status(200);
        reader.post(run, json!({ "from": "2026-03-02", "to": "2026-03-02" })).await.assert_status(403);
        let owner = world.api.as_actor(actors::clinic_owner(world.owner, world.provider));
        for path in ["/admin/reconciliation", "/admin/reconciliation/items"] {
            owner.get(path).await.assert_status(403);
        }
    }

    /// A gateway that cannot be asked: the run failed, somebody is told, and it is tried again after an hour.
    async fn a_run_without_an_answer_failed_and_comes_again(t: TestApp) {
        let mut t = t;
        booked(&t).await;
        let options = StripeOptions {
            publishable_key: "pk_test_for_browsers".into(),
            secret_key: Secret::new("sk_test_secret".into()),
            api_base: "http://127.0.0.1:1".into(),
            retry_pause: Duration::from_millis(1),
        };
        t.configure(|config| config.payments.gateway = Gateway::Stripe(options)).await;
        payments::install(&t.app).await.unwrap();
        t.at("2026-03-03T02:00:00Z");
        for _ in 0..2 {
            reconcile::daily(&t.app).await.unwrap();
            t.run_jobs(&registry()).await;
        }
        let all = all_runs(&t).await;
        assert_eq!((all.len(), all[0].status), (1, Status::Failed));
        assert_eq!(alerts(&t).await, ["reconciliation_failed"]);
        t.at("2026-03-03T03:00:00Z");
        reconcile::daily(&t.app).await.unwrap();
        assert_eq!(all_runs(&t).await.len(), 2);
    }

    async fn staff_compare_days_and_close_what_they_found(t: TestApp) {
        let world = booked(&t).await;
        t.conn().execute_unprepared("UPDATE payments SET payment_status = 'failed'").await.unwrap();
        t.at("2026-03-05T09:00:00Z");
        let desk = Browser::of(&t, world.chief(&t).await);
        let page = "/admin/reconciliation";
        assert!(desk.read(page).await.contains("Nothing differs"));
        let refused = desk.post(&format!("{page}/runs"), &[("from", "2026-03-02"), ("to", "soon")]).await.assert_status(422).text();
        assert!(refused.contains("Give a day.") && refused.contains("2026-03-02"), "{refused}");
        desk.post(&format!("{page}/runs"), &[("from", "2026-03-02"), ("to", "2026-03-04")]).await.assert_status(303);
        t.run_jobs(&registry()).await;
        let shown = desk.read(page).await;
        assert!(shown.contains("One says paid, the other does not") && shown.contains("BKG-2603-00001"), "{shown}");
        assert!(shown.contains("Started by staff") && shown.contains("€2,400.00"), "{shown}");
        let item = open(&t).await.into_iter().find(|row| row.class == Class::StatusMismatch).unwrap();
        let close = format!("{page}/items/{}/close", item.id);
        desk.post(&close, &[("note", "short")]).await.assert_status(422);
        desk.post(&close, &[("note", NOTE)]).await.assert_status(303);
        assert!(desk.read(&format!("{page}?status=closed")).await.contains(NOTE));
        let table: Value = desk.client.get(&format!("{page}/csv?status=closed")).await.assert_status(200).text().into();
        assert!(table.as_str().unwrap().contains(NOTE));
    }
}
