//! Settings about money, and what they mean before anybody saves them (R-PY-71, R-PY-72).

use serde_json::{Value, json};
use testkit::{TestApp, both};

use crate::tab::{cookie_of, proof, root, tab};
use crate::world::World;

const PATH: &str = "/api/v1/admin/settings/payment";

fn change(values: Value, version: i32) -> Value {
    json!({ "version": version, "values": values, "reason": "Agreed by the board on Monday." })
}

both! {
    async fn r_py_72_values_of_money_settings_have_bounds(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        for (group, key, wrong) in [
            ("payment", "deposit_percent", vec!["19.9", "30.1", "25.55", "much"]),
            ("payment", "hold_hours", vec!["0", "169"]),
            ("payment", "instalment_cutoff_days", vec!["29", "91"]),
            ("payment", "balance_due_days", vec!["-1", "31"]),
            ("payment", "refund_tiers", vec!["31:90", "31:50, 0:60", "31:101, 0:0"]),
            ("installments", "minimum_usd", vec!["99", "10001"]),
            ("installments", "grace_days", vec!["15"]),
            ("payout", "buffer_days", vec!["0", "8"]),
        ] {
            let path = format!("/api/v1/admin/settings/{group}");
            for value in wrong {
                let refused = admin.put(&path, change(json!({ key: value }), 0)).await.assert_status(422);
                assert!(refused.at("/errors").get(key).is_some(), "{key} {value}: {}", refused.text());
                let seen = admin.post(&format!("{path}/preview"), json!({ "values": { key: value } })).await.assert_status(422);
                assert!(seen.at("/errors").get(key).is_some(), "{key} {value}: {}", seen.text());
            }
        }
        let edges = json!({ "deposit_percent": "30", "hold_hours": 168, "instalment_cutoff_days": 90, "balance_due_days": 0 });
        admin.put(PATH, change(edges, 0)).await.assert_status(200);
        admin.put(PATH, change(json!({ "hold_hours": 2 }), 0)).await.assert_problem(409, "stale_version");
    }

    async fn r_py_71_money_settings_need_a_fresh_proof_and_a_reason(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        admin.put(PATH, json!({ "version": 0, "values": { "hold_hours": 24 }, "reason": "short" })).await.assert_status(422);
        world.t.advance(chrono::TimeDelta::minutes(6));
        for group in ["payment", "installments", "payout", "bank"] {
            admin.put(&format!("/api/v1/admin/settings/{group}"), change(json!({}), 0)).await.assert_problem(403, "reauth_required");
        }
        // Looking needs none.
        let seen = admin.post(&format!("{PATH}/preview"), json!({ "values": {} })).await.assert_status(200);
        assert_eq!((seen.str("/deposit/amount"), seen.str("/balance/amount")), ("500.00", "1500.00"));
    }

    async fn r_py_71_the_effect_is_seen_before_it_is_saved(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let seen = admin.post(&format!("{PATH}/preview"), json!({ "values": { "deposit_percent": "20", "refund_tiers": "30:100, 0:10" } })).await.assert_status(200);
        assert_eq!((seen.str("/deposit/amount"), seen.str("/refunds/0/refund/amount"), seen.str("/refunds/2/refund/amount")), ("400.00", "2000.00", "200.00"));
        let plans = admin.post("/api/v1/admin/settings/installments/preview", json!({ "values": { "counts": "3" } })).await.assert_status(200);
        assert_eq!((plans.at("/plans/0/count"), plans.str("/plans/0/first/amount")), (&json!(3), "666.67"));
        admin.post(&format!("{PATH}/preview"), json!({ "values": { "nonsense": 1 } })).await.assert_status(422).assert_field("nonsense", "unknown");
        admin.post("/api/v1/admin/settings/nowhere/preview", json!({ "values": {} })).await.assert_status(404);
        world.http.post(&format!("{PATH}/preview"), json!({ "values": {} })).await.assert_status(401);
        assert_eq!(admin.get(PATH).await.at("/version"), &json!(0), "nothing was saved");
    }

    async fn r_py_71_the_page_shows_what_typed_values_mean(t: TestApp) {
        let world = World::new(t).await;
        let cookie = cookie_of(&world, kernel::Guard::Api, root(&world).await.any()).await;
        let desk = tab(&world, &[("hairline_session", &cookie)]);
        let page = desk.get("/admin/settings/payment").await.assert_status(200).text();
        assert!(page.contains("$500.00") && page.contains("formaction=\"/admin/settings/payment/preview\""), "{page}");
        let csrf = proof(&world.t).0;
        let typed = [
            ("_csrf", csrf.as_str()), ("version", "0"), ("deposit_percent", "22,5"), ("hold_hours", "48"), ("balance_due_days", "7"),
            ("instalment_cutoff_days", "30"), ("parallel_capacity", "1"), ("refund_tiers", "0:50"), ("reason", ""),
        ];
        let page = desk.form("/admin/settings/payment/preview", &typed).await.assert_status(200).text();
        assert!(page.contains("$450.00") && page.contains("value=\"22,5\""), "{page}");
        let wrong = [&typed[..7], &[("refund_tiers", "5:50")]].concat();
        let page = desk.form("/admin/settings/payment/preview", &wrong).await.assert_status(422).text();
        assert!(page.contains("31:90, 15:50, 0:0") && page.contains("value=\"5:50\""), "{page}");
    }
}
