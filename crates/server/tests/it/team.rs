//! What a team does to the work of the wings above: who leaves hands over, who borrows eyes only reads.

use identity::seed::{Hashed, MemberSpec};
use kernel::ids::ProviderUserId;
use platform::outbox;
use quoting::entity::{quote_clinicians, quotes, schedule_occupancies};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
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

    async fn r_id_44_refusals_are_on_record_and_raise_the_alarm(t: TestApp) {
        let world = World::new(t).await;
        let clinic = world.clinic(0).await;
        for _ in 0..5 {
            clinic.get("/api/v1/admin/roles").await.assert_problem(403, "forbidden");
        }
        assert_eq!(outbox::recorded(world.t.conn(), Some("security.repeated_denial")).await.unwrap().len(), 1);
        world.run_jobs().await;
        let mail = world.mail_to("root@hairline.example");
        assert!(mail.text.contains("refused five times"), "{}", mail.text);
    }
}
