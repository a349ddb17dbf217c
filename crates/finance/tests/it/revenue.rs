//! What came in, went out and is owed, from the ledger.

use platform::db::count_statements;
use serde_json::json;
use testkit::{TestApp, actors, both};

use crate::support::{amount, euros, world};

both! {
    /// Two treatments of 1,000.00 and 500.00 euros at 20 %, one paid out to the clinic; a third is paid and not treated.
    async fn the_money_of_a_year_adds_up(t: TestApp) {
        let w = world(&t).await;
        w.give(&t, &euros()).await;
        w.treated(&t, "DE", "1000.00", "2026-05-04", "2026-06-15").await;
        w.treated(&t, "DE", "500.00", "2026-05-04", "2026-06-16").await;
        let bill = w.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!(bill.net_amount, amount("1200.00"));
        w.paid(&t, "FR", "800.00", "2026-06-27", "2026-09-15").await;
        let desk = w.desk(&t).await;
        let (seen, statements) = count_statements(desk.get("/admin/revenue?currency=EUR")).await;
        let seen = seen.assert_status(200);
        assert!(statements <= 8, "{statements}");
        assert_eq!(seen.at("/total"), &json!({ "received": "2300.00", "refunded": "0.00", "paid_out": "1200.00", "earned": "300.00" }));
        assert_eq!((seen.at("/months").as_array().unwrap().len(), seen.str("/months/11/first")), (12, "2026-06-01"));
        assert_eq!((seen.str("/months/10/received"), seen.str("/months/11/received"), seen.str("/months/11/paid_out")), ("1500.00", "800.00", "1200.00"));
        assert_eq!(seen.at("/countries"), &json!([{ "name": "DE", "label": "Germany", "received": "1500.00" }, { "name": "FR", "label": "France", "received": "800.00" }]));
        assert_eq!((seen.str("/treatments/0/received"), seen.str("/outstanding"), seen.at("/currencies")), ("2300.00", "0.00", &json!(["EUR"])));
        let none = desk.get("/admin/revenue?currency=TRY").await.assert_status(200);
        assert_eq!((none.str("/total/received"), none.at("/countries")), ("0.00", &json!([])));
        desk.get("/admin/revenue?currency=euro").await.assert_status(422);
        w.api.as_actor(actors::clinic_owner(w.owner, w.provider)).get("/admin/revenue").await.assert_status(403);
        w.api.as_actor(actors::staff(w.admin, "support_staff")).get("/admin/revenue").await.assert_status(403);
    }
}
