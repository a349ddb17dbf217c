//! What a team does to the work of the wings above: who leaves hands over, who borrows eyes only reads.

use identity::seed::{AdminSpec, Hashed, MemberSpec};
use kernel::Guard;
use kernel::ids::ProviderUserId;
use platform::outbox;
use quoting::entity::{quote_clinicians, quotes, schedule_occupancies};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::tab::{cookie_of, location, proof, root, tab};
use crate::world::World;

const REASON: &str = "Left the clinic at the end of May.";

both! {
    async fn r_id_55_offers_and_bookings_go_to_the_taker(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        let colleague = |email: &str| MemberSpec {
            password: Hashed::unusable(),
            ..MemberSpec::new("provider_clinical", "Ada", "Surgeon", email)
        };
        let surgeon = identity::seed::clinic_user(&world.t.app, world.clinics[0].id(), colleague("one@tr.example")).await.unwrap();
        let taker = identity::seed::clinic_user(&world.t.app, world.clinics[0].id(), colleague("two@tr.example")).await.unwrap();
        clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await.assert_status(200);
        let mut body = steps::quote_body(&world, 0, 3000);
        body["clinician_id"] = json!(surgeon);
        let made = clinic.post(&format!("/api/v1/inquiries/{inquiry}/quotes"), body).await.assert_status(201);
        let quote = made.str("/id").to_owned();
        clinic.post(&format!("/api/v1/quotes/{quote}/submit"), json!({ "version": made.at("/version") })).await.assert_status(200);
        world.run_jobs().await;
        steps::accept(&patient, &quote).await.assert_status(200);
        let path = format!("/api/v1/provider/team/{surgeon}");
        let clinic = world.clinic(0).await;
        let shown = clinic.get(&path).await.assert_status(200);
        assert_eq!(shown.at("/work"), &json!([{ "kind": "appointments", "count": 1, "needs": "document_treatment" }]));
        clinic.send_json("DELETE", &path, json!({ "reason": REASON })).await.assert_problem(409, "work_outstanding");
        let handed = json!({ "reason": REASON, "handover": [{ "kind": "appointments", "to": taker }] });
        clinic.send_json("DELETE", &path, handed).await.assert_status(204);
        let conn = world.t.conn();
        let lead = quote_clinicians::Entity::find()
            .filter(quote_clinicians::Column::ActiveKey.is_not_null()).one(conn).await.unwrap().unwrap();
        assert_eq!((lead.provider_user_id, lead.display_name.as_str()), (taker, "Ada Surgeon"));
        let cells = |who: ProviderUserId| schedule_occupancies::Entity::find()
            .filter(schedule_occupancies::Column::ProviderUserId.eq(who)).count(conn);
        assert_eq!(cells(surgeon).await.unwrap(), 0);
        assert!(cells(taker).await.unwrap() > 0, "the slot is held for the taker");
        // What was written stays who wrote it: an accepted offer is no draft.
        let row = quotes::Entity::find_by_id(quote.parse::<kernel::ids::QuoteId>().unwrap()).one(conn).await.unwrap().unwrap();
        assert_ne!(row.created_by_provider_user_id, Some(taker));
    }

    async fn r_id_56_borrowed_eyes_only_read(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let owner = world.clinics[0].clinic.owner;
        let path = format!("/api/v1/admin/provider-users/{owner}/impersonate");
        let glimpse = admin.post(&path, json!({ "reason": REASON })).await.assert_status(201);
        let eyes = world.with_token(glimpse.str("/access_token"));
        eyes.get("/api/v1/provider/team").await.assert_status(200);
        let invited = json!({ "email": "x@tr.example", "first_name": "Elif", "last_name": "Demir", "role": "provider_clinical" });
        eyes.post("/api/v1/provider/invitations", invited).await.assert_problem(403, "impersonation_read_only");
        eyes.send_json("DELETE", &format!("/api/v1/provider/team/{owner}"), json!({})).await.assert_problem(403, "impersonation_read_only");
        world.t.advance(std::time::Duration::from_secs(900));
        eyes.get("/api/v1/provider/team").await.assert_status(401);
    }

    async fn r_id_53_a_full_clinic_asks_for_more_seats(t: TestApp) {
        let world = World::new(t).await;
        let house = world.clinics[0].id();
        let owner = world.clinic(0).await;
        owner.post("/api/v1/provider/team/seats", json!({ "seats": 120 })).await.assert_problem(409, "seats_left");
        let admin = world.admin().await;
        let path = format!("/api/v1/admin/providers/{house}/seats");
        let limit = |limit: u64| json!({ "seat_limit": limit, "reason": "Agreed with the clinic on the phone." });
        for wrong in [0, 501] {
            admin.put(&path, limit(wrong)).await.assert_field("seat_limit", "seats_out_of_range");
        }
        admin.put(&path, json!({ "seat_limit": 1, "reason": "short" })).await.assert_field("reason", "reason_length");
        admin.put(&path, limit(1)).await.assert_status(204);
        let invited = json!({ "email": "x@tr.example", "first_name": "Elif", "last_name": "Demir", "role": "provider_clinical" });
        owner.post("/api/v1/provider/invitations", invited.clone()).await.assert_problem(409, "seat_limit_reached");

        // Only the owner asks, for more than there is, and asking twice is asking once.
        let spec = MemberSpec { password: Hashed::unusable(), ..MemberSpec::new("provider_manager", "Ada", "Manager", "manager@tr.example") };
        let manager = identity::seed::clinic_user(&world.t.app, house, spec).await.unwrap();
        let cookie = cookie_of(&world, Guard::Provider, manager.any()).await;
        let page = tab(&world, &[("hairline_session", &cookie)]).get("/provider/team/seats").await.assert_status(200).text();
        assert!(page.contains("The owner of your clinic can ask") && !page.contains("name=\"seats\""), "{page}");
        owner.post("/api/v1/provider/team/seats", json!({ "seats": 1 })).await.assert_field("seats", "seats_out_of_range");
        let cookie = cookie_of(&world, Guard::Provider, world.clinics[0].clinic.owner.any()).await;
        let browser = tab(&world, &[("hairline_session", &cookie)]);
        let csrf = proof(&world.t).0;
        assert!(browser.get("/provider/team").await.text().contains("href=\"/provider/team/seats\""));
        let typed = [("_csrf", csrf.as_str()), ("seats", "0"), ("note", "We open a second house.")];
        let page = browser.form("/provider/team/seats", &typed).await.assert_status(422).text();
        assert!(page.contains("seats-error") && page.contains("We open a second house."), "{page}");
        for _ in 0..2 {
            let asked = [("_csrf", csrf.as_str()), ("seats", "3"), ("note", "We open a second house.")];
            let done = browser.form("/provider/team/seats", &asked).await.assert_status(303);
            assert_eq!(location(&done), "/provider/team/seats?done=seats-asked");
        }
        assert!(browser.get("/provider/team/seats").await.text().contains("You asked for 3 seats"));
        assert_eq!(outbox::recorded(world.t.conn(), Some("team.seat_requested")).await.unwrap().len(), 1);
        world.run_jobs().await;
        let told = admin.get("/api/v1/notifications").await.assert_status(200);
        assert_eq!(told.str("/data/0/event_key"), "team.seat_requested");
        assert!(told.str("/data/0/body").contains("Bosphorus Hair") && told.str("/data/0/action_url") == format!("/admin/clinics/{house}/seats"), "{}", told.text());

        // Hairline sees what is asked and sets the limit.
        let cookie = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let desk = tab(&world, &[("hairline_session", &cookie)]);
        let page = desk.get(&format!("/admin/clinics/{house}/seats")).await.assert_status(200).text();
        assert!(page.contains("The clinic asks for 3 seats") && page.contains("We open a second house.") && page.contains("value=\"3\""), "{page}");
        let too_few = [("_csrf", csrf.as_str()), ("seat_limit", "1"), ("reason", "Agreed with the clinic on the phone.")];
        let page = desk.form(&format!("/admin/clinics/{house}/seats"), &too_few).await.assert_status(409).text();
        assert!(page.contains("name=\"below_use\"") && page.contains("Agreed with the clinic"), "{page}");
        let enough = [("_csrf", csrf.as_str()), ("seat_limit", "3"), ("reason", "Agreed with the clinic on the phone.")];
        let done = desk.form(&format!("/admin/clinics/{house}/seats"), &enough).await.assert_status(303);
        assert_eq!(location(&done), format!("/admin/clinics/{house}/seats?done=seats-changed"));
        world.run_jobs().await;
        assert!(world.mail_to("owner@tr.example").text.contains("/provider/team/seats"));
        let admin = world.admin().await;
        assert_eq!(admin.get(&path).await.at("/request"), &serde_json::Value::Null);
        let owner = world.clinic(0).await;
        assert_eq!(owner.get("/api/v1/provider/team/seats").await.at("/limit"), &json!(3));
        owner.post("/api/v1/provider/invitations", invited).await.assert_status(201);
        // Nobody but the top sets it, and a clinic's own people least of all.
        owner.put(&path, limit(500)).await.assert_problem(401, "wrong_guard");
        let spec = AdminSpec { role: "admin".to_owned(), ..AdminSpec::super_admin("two@hairline.example") };
        let helper = identity::seed::admin(&world.t.app, spec).await.unwrap();
        let cookie = cookie_of(&world, Guard::Api, helper.any()).await;
        let page = tab(&world, &[("hairline_session", &cookie)]).get(&format!("/admin/clinics/{house}/seats")).await.assert_status(200).text();
        assert!(!page.contains("name=\"seat_limit\""));
        tab(&world, &[("hairline_session", &cookie)]).form(&format!("/admin/clinics/{house}/seats"), &enough).await.assert_status(403);
    }

    async fn whoever_invited_learns_that_the_mail_came_back(t: TestApp) {
        let world = World::new(t).await;
        let owner = world.clinic(0).await;
        let invited = |role: &str, email: &str| json!({ "email": email, "first_name": "Elif", "last_name": "Demir", "role": role });
        owner.post("/api/v1/provider/invitations", invited("provider_clinical", "odd@tr.example")).await.assert_status(201);
        let admin = world.admin().await;
        admin.post("/api/v1/admin/invitations", invited("support_staff", "odd@hairline.example")).await.assert_status(201);
        // Addresses that got past the form but that no mail system takes.
        for table in ["provider_staff_invitations", "admin_invitations"] {
            world.t.conn().execute_unprepared(&format!("UPDATE {table} SET email = 'no address'")).await.unwrap();
        }
        world.run_jobs().await;
        let told = owner.get("/api/v1/notifications").await.assert_status(200);
        assert_eq!((told.str("/data/0/event_key"), told.str("/data/0/action_url")), ("team.invitation_bounced", "/provider/team/invitations"));
        assert!(world.mail_to("owner@tr.example").text.contains("Bosphorus Hair"));
        assert!(world.mail_to("root@hairline.example").text.contains("did not get through"));
        let cookie = cookie_of(&world, Guard::Provider, world.clinics[0].clinic.owner.any()).await;
        let page = tab(&world, &[("hairline_session", &cookie)]).get("/provider/team/invitations").await.assert_status(200).text();
        assert!(page.contains("An invitation could not be delivered") && page.contains("no address") && page.contains("Not delivered"), "{page}");
        let cookie = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let page = tab(&world, &[("hairline_session", &cookie)]).get("/admin/users").await.assert_status(200).text();
        assert!(page.contains("An invitation could not be delivered") && page.contains("no address"), "{page}");
    }

    async fn r_id_44_refusals_are_on_record_and_raise_the_alarm(t: TestApp) {
        let world = World::new(t).await;
        let clinic = world.clinic(0).await;
        for _ in 0..4 {
            clinic.get("/api/v1/me/access-log").await.assert_problem(403, "forbidden");
        }
        assert!(outbox::recorded(world.t.conn(), Some("security.repeated_denial")).await.unwrap().is_empty());
        // Somebody else's portal counts too.
        clinic.get("/api/v1/admin/roles").await.assert_problem(401, "wrong_guard");
        assert_eq!(outbox::recorded(world.t.conn(), Some("security.repeated_denial")).await.unwrap().len(), 1);
        world.run_jobs().await;
        let mail = world.mail_to("root@hairline.example");
        assert!(mail.text.contains("refused five times"), "{}", mail.text);
    }
}
