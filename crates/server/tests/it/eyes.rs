//! Hairline's staff look through a clinic member's eyes in a browser (R-ID-56): for reading, for a quarter of an hour, every
//! page on record, and never with more than they had.

use identity::seed::AdminSpec;
use inquiry::entity::inquiry_providers::{self, InquiryProviderStatus};
use kernel::Guard;
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use testkit::{TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::tab::{cookie_of, location, proof, root, set, tab};
use crate::world::World;

const REASON: &str = "The clinic cannot find its calendar; case 4711.";

async fn begin(world: &World, own: &str, path: &str) -> String {
    let csrf = proof(&world.t).0;
    let fields = [("_csrf", csrf.as_str()), ("look_reason", REASON)];
    let begun =
        tab(world, &[("hairline_session", own)]).form(&format!("{path}/look"), &fields).await.assert_status(303);
    assert_eq!(location(&begun), "/provider");
    set(&begun.headers, "hairline_view")
}

async fn viewed(world: &World) -> Vec<audit_logs::Model> {
    audit_logs::Entity::find()
        .filter(audit_logs::Column::Action.eq("impersonation.viewed"))
        .order_by_asc(audit_logs::Column::Id)
        .all(world.t.conn())
        .await
        .unwrap()
}

both! {
    async fn r_id_56_a_browser_looks_through_a_members_eyes(t: TestApp) {
        let world = World::new(t).await;
        let chief = root(&world).await;
        let owner = world.clinics[0].clinic.owner;
        let own = cookie_of(&world, Guard::Api, chief.any()).await;
        let path = format!("/admin/provider-users/{owner}");
        let csrf = proof(&world.t).0;
        let desk = tab(&world, &[("hairline_session", &own)]);
        assert!(desk.get(&path).await.assert_status(200).text().contains(&format!("action=\"{path}/look\"")));

        // Without a reason, or from elsewhere, nothing begins.
        let page = desk.form(&format!("{path}/look"), &[("_csrf", &csrf), ("look_reason", "curious")]).await.assert_status(422);
        assert!(page.text().contains("look_reason-error") && page.text().contains("curious"), "{}", page.text());
        desk.form(&format!("{path}/look"), &[("look_reason", REASON)]).await.assert_status(403);
        assert!(desk.get("/provider/team").await.assert_status(303).headers["location"].to_str().unwrap().starts_with("/provider/login"));

        let view = begin(&world, &own, &path).await;
        let eyes = tab(&world, &[("hairline_session", &own), ("hairline_view", &view)]);
        let seen = eyes.get("/provider/team").await.assert_status(200).text();
        assert!(seen.contains("class=\"viewing\"") && seen.contains("Bosphorus Hair") && seen.contains("action=\"/admin/impersonation/end\""), "{seen}");
        assert!(!seen.contains("action=\"/logout\"") && !seen.contains("data-live-url"), "what belongs to the member is not offered");
        let home = eyes.get("/provider").await.assert_status(200).text();
        assert!(home.contains("class=\"viewing\""));

        // Nothing is written, and the page that says so carries the way back too.
        let fields = [("_csrf", csrf.as_str()), ("email", "new@tr.example"), ("first_name", "Elif"), ("last_name", "Demir"), ("role", "provider_clinical")];
        let refused = eyes.form("/provider/team/invite", &fields).await.assert_status(403).text();
        assert!(refused.contains("nothing can be changed") && refused.contains("class=\"viewing\"") && refused.contains(&csrf), "{refused}");
        eyes.form("/provider/login", &[("_csrf", csrf.as_str()), ("login", "x"), ("password", "y")]).await.assert_status(403);

        // An address that is no route says it too, and only within the clinics' portal.
        let lost = eyes.get("/provider/no/such/page").await.assert_status(404).text();
        assert!(lost.contains("class=\"viewing\"") && lost.contains("action=\"/admin/impersonation/end\"") && lost.contains(&csrf), "{lost}");
        assert!(!eyes.get("/admin/no/such/page").await.assert_status(404).text().contains("class=\"viewing\""));
        let stranger = tab(&world, &[]).get("/provider/no/such/page").await.assert_status(404);
        assert!(!stranger.text().contains("class=\"viewing\""));
        world.http.get("/api/v1/no/such/route").await.assert_problem(404, "not_found");

        let rows = viewed(&world).await;
        assert_eq!(rows.len(), 5);
        for row in rows {
            assert_eq!((row.actor_id, row.acting_for_type.as_deref(), row.acting_for_id), (Some(chief.any()), Some("ProviderUser"), Some(owner.any())));
        }

        // Their own portal stays their own.
        let desk = eyes.get("/admin").await.assert_status(200).text();
        assert!(!desk.contains("class=\"viewing\""));

        // Back to where it began; the view is over for good, the own session goes on.
        let ended = eyes.form("/admin/impersonation/end", &[("_csrf", &csrf)]).await.assert_status(303);
        assert_eq!(location(&ended), format!("{path}?done=view-ended"));
        assert_eq!(set(&ended.headers, "hairline_view"), "");
        let late = eyes.get("/provider/team").await.assert_status(303);
        assert_eq!((location(&late), set(&late.headers, "hairline_view").as_str()), (format!("{path}?done=view-over").as_str(), ""));
        eyes.get(&path).await.assert_status(200);
        assert_eq!(viewed(&world).await.len(), 5);
    }

    async fn r_id_56_a_view_ends_by_itself_and_leads_back(t: TestApp) {
        let world = World::new(t).await;
        let chief = root(&world).await;
        let path = format!("/admin/provider-users/{}", world.clinics[0].clinic.owner);
        let own = cookie_of(&world, Guard::Api, chief.any()).await;
        let view = begin(&world, &own, &path).await;
        let eyes = tab(&world, &[("hairline_session", &own), ("hairline_view", &view)]);
        world.t.advance(std::time::Duration::from_secs(899));
        eyes.get("/provider/team").await.assert_status(200);
        world.t.advance(std::time::Duration::from_secs(1));
        for reply in [eyes.get("/provider/team").await, eyes.form("/provider/team/invite", &[("email", "x@tr.example")]).await] {
            let reply = reply.assert_status(303);
            assert_eq!(location(&reply), format!("{path}?done=view-over"));
            assert_eq!(set(&reply.headers, "hairline_view"), "");
        }
        // The session of whoever looked is untouched, and is all that is left.
        eyes.get("/admin").await.assert_status(200);
        // Another view takes the place of the first.
        world.t.advance(std::time::Duration::from_secs(60));
        let own = cookie_of(&world, Guard::Api, chief.any()).await;
        let first = begin(&world, &own, &path).await;
        let second = begin(&world, &own, &format!("/admin/provider-users/{}", world.clinics[1].clinic.owner)).await;
        tab(&world, &[("hairline_session", &own), ("hairline_view", &first)]).get("/provider/team").await.assert_status(303);
        let seen = tab(&world, &[("hairline_session", &own), ("hairline_view", &second)]).get("/provider/team").await;
        assert!(seen.assert_status(200).text().contains("Vistula Clinic"));
    }

    async fn r_id_56_a_views_cookie_opens_nothing_by_itself(t: TestApp) {
        let world = World::new(t).await;
        let chief = root(&world).await;
        let owner = world.clinics[0].clinic.owner;
        let path = format!("/admin/provider-users/{owner}");
        let own = cookie_of(&world, Guard::Api, chief.any()).await;
        let view = begin(&world, &own, &path).await;
        let other = identity::seed::admin(&world.t.app, AdminSpec::super_admin("two@hairline.example")).await.unwrap();
        let other = cookie_of(&world, Guard::Api, other.any()).await;
        let member = cookie_of(&world, Guard::Provider, world.clinics[1].clinic.owner.any()).await;
        // Alone, in place of a session, or planted in somebody else's browser.
        for cookies in [
            vec![("hairline_view", view.as_str())],
            vec![("hairline_session", view.as_str())],
            vec![("hairline_session", view.as_str()), ("hairline_view", view.as_str())],
            vec![("hairline_session", other.as_str()), ("hairline_view", view.as_str())],
        ] {
            let reply = tab(&world, &cookies).get("/provider/team").await.assert_status(303);
            assert!(location(&reply).starts_with("/provider/login"), "{cookies:?}");
        }
        let seen = tab(&world, &[("hairline_session", &member), ("hairline_view", &view)]).get("/provider/team").await;
        let seen = seen.assert_status(200).text();
        assert!(!seen.contains("class=\"viewing\"") && !seen.contains("Bosphorus Hair"), "a member sees the own clinic");
        world.with_token(&view).get("/api/v1/provider/team").await.assert_status(401);
        // Signing out ends the view too.
        let csrf = proof(&world.t).0;
        let eyes = tab(&world, &[("hairline_session", &own), ("hairline_view", &view)]);
        eyes.get("/provider/team").await.assert_status(200);
        let out = eyes.form("/logout", &[("_csrf", &csrf)]).await.assert_status(303);
        assert_eq!((set(&out.headers, "hairline_view").as_str(), location(&out)), ("", "/admin/login"));
        let again = cookie_of(&world, Guard::Api, chief.any()).await;
        let reply = tab(&world, &[("hairline_session", &again), ("hairline_view", &view)]).get("/provider/team").await.assert_status(303);
        assert_eq!(location(&reply), format!("{path}?done=view-over"));
    }

    /// R-ID-56, R-ID-63: what is medical needs a reason of its own, and nothing is opened in the member's name.
    async fn borrowed_eyes_read_no_medical_part_and_open_nothing(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let own = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let owner = world.clinics[0].clinic.owner;
        let view = begin(&world, &own, &format!("/admin/provider-users/{owner}")).await;
        let eyes = tab(&world, &[("hairline_session", &own), ("hairline_view", &view)]);
        let page = eyes.get(&format!("/provider/cases/{inquiry}")).await.assert_status(200).text();
        assert!(page.contains("PAT-001") && !page.contains("/files/") && !page.contains("Known since 2019"), "{page}");
        let row = async || {
            inquiry_providers::Entity::find()
                .filter(inquiry_providers::Column::ProviderId.eq(world.clinics[0].id()))
                .one(world.t.conn())
                .await
                .unwrap()
                .unwrap()
        };
        assert_eq!((row().await.status, row().await.viewed_by), (InquiryProviderStatus::Distributed, None));
        // The member's own look is one.
        let member = tab(&world, &[("hairline_session", &cookie_of(&world, Guard::Provider, owner.any()).await)]);
        let page = member.get(&format!("/provider/cases/{inquiry}")).await.assert_status(200).text();
        assert!(page.contains("/files/"), "{page}");
        assert_eq!((row().await.status, row().await.viewed_by), (InquiryProviderStatus::Viewed, Some(owner)));
    }
}
