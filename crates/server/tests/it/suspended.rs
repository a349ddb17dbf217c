//! A suspended clinic signs in and reads; of what its people write nothing arrives but what running treatments and their
//! own accounts need (spec of identity, section 4).

use sea_orm::ConnectionTrait;
use serde_json::json;
use testkit::{TestApp, both};

use crate::world::World;

/// What stays open, relative to the prefix of the API.
fn stays_open(path: &str) -> bool {
    let path = path.trim_start_matches("/api/v1/");
    let below = |start: &str| path == start || path.starts_with(&format!("{start}/"));
    path.split('/').nth(1) == Some("auth")
        || [
            "invitations",
            "webhooks",
            "me",
            "legal",
            "notifications",
            "notification-preferences",
            "treatment-cases",
            "aftercare",
            "aftercare-cases",
        ]
        .into_iter()
        .any(below)
        || path.starts_with("conversations/") && path.ends_with("/read")
}

both! {
    async fn a_suspended_clinic_reads_and_writes_nothing(t: TestApp) {
        let world = World::new(t).await;
        let owner = world.clinic(0).await;
        let other = world.clinic(1).await;
        let id = world.clinics[0].id();
        let document = world.http.get("/api/openapi.json").await.assert_status(200).json;
        let suspend = |status: &str| format!("UPDATE providers SET status = '{status}' WHERE id = '{id}'");
        world.t.conn().execute_unprepared(&suspend("suspended")).await.unwrap();

        let nothing = "00000000-0000-0000-0000-000000000000";
        let mut refused = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in ["post", "put", "patch", "delete"].into_iter().filter(|method| item[*method].is_object()) {
                let mut asked = path.clone();
                while let (Some(start), Some(end)) = (asked.find('{'), asked.find('}')) {
                    asked.replace_range(start..=end, nothing);
                }
                // Simulated payments are nobody's account.
                // What stands beside the API is asked by programs.
                if stays_open(path) || path.contains("/simulator/") || !path.starts_with("/api/") {
                    continue;
                }
                let answer = owner.send_json(&method.to_uppercase(), &asked, json!({})).await;
                // A route of another guard says so first.
                let code = answer.json["code"].as_str().unwrap_or_default().to_owned();
                let is_shut = matches!((answer.status.as_u16(), code.as_str()), (403, "provider_suspended" | "forbidden") | (401, "wrong_guard"));
                assert!(is_shut, "{method} {path}: {} {code}", answer.status);
                refused += u32::from(code == "provider_suspended");
            }
        }
        assert!(refused > 40, "{refused} routes of clinics");
        // On the next request, without signing in again; reading goes on, and so does the own account.
        owner.get("/api/v1/provider/team").await.assert_status(200);
        owner.get("/api/v1/inquiries").await.assert_status(200);
        owner.patch("/api/v1/me", json!({})).await.assert_status(200);
        other.post("/api/v1/provider/invitations", json!({})).await.assert_status(422);
        world.t.conn().execute_unprepared(&suspend("active")).await.unwrap();
        owner.post("/api/v1/provider/invitations", json!({})).await.assert_status(422);
    }
}
