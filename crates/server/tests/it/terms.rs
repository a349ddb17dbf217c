//! New texts stop everything that is written until they are agreed to, and nothing else (R-ID-11, R-CM-83).

use content::entity::terms_and_conditions as documents;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::world::{PASSWORD, World};

/// Publishes the drafts the program comes with, and tells the id of the English text of this kind.
async fn publish(admin: &Client, world: &World, kind: &str) -> String {
    let row = documents::Entity::find()
        .filter(documents::Column::DocumentType.eq(kind))
        .filter(documents::Column::Locale.eq("en"))
        .one(world.t.conn())
        .await
        .unwrap()
        .unwrap();
    admin.post(&format!("/api/v1/admin/legal-documents/{}/publish", row.id), json!({})).await.assert_status(204);
    row.id.to_string()
}

async fn agree(client: &Client, id: &str) {
    client.post("/api/v1/me/legal/acceptances", json!({ "document_id": id })).await.assert_status(201);
}

both! {
    async fn r_id_11_writes_wait_for_a_yes_and_reading_does_not(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let clinic = world.clinic(0).await;
        let admin = world.admin().await;
        let write = async |client: &Client| client.patch("/api/v1/me", json!({ "location": "London" })).await;
        write(&patient).await.assert_status(200);
        let terms = publish(&admin, &world, "terms").await;
        // The same process knows at once; every kind of account is stopped.
        let refused = write(&patient).await.assert_problem(403, "legal_acceptance_required");
        assert_eq!((refused.str("/documents/0/document_type"), refused.str("/documents/0/version")), ("terms", "1.0"));
        for client in [&clinic, &admin] {
            client.patch("/api/v1/me", json!({})).await.assert_problem(403, "legal_acceptance_required");
        }
        patient.post("/api/v1/inquiries", json!({})).await.assert_problem(403, "legal_acceptance_required");
        admin.post("/api/v1/admin/roles", json!({})).await.assert_problem(403, "legal_acceptance_required");
        clinic.post("/api/v1/provider/invitations", json!({})).await.assert_problem(403, "legal_acceptance_required");
        // Reading, the account's security and its data stay open.
        patient.get("/api/v1/me").await.assert_status(200);
        clinic.get("/api/v1/provider/team").await.assert_status(200);
        admin.get("/api/v1/admin/users").await.assert_status(200);
        patient.post("/api/v1/patient/auth/reauth", json!({ "password": PASSWORD })).await.assert_status(200);
        patient.post("/api/v1/me/data-bundle", json!({})).await.assert_status(202);
        patient.post("/api/v1/me/consents", json!({ "consent_type": "marketing", "action": "granted" })).await.assert_status(200);
        patient.put("/api/v1/me/password", json!({})).await.assert_status(422);
        patient.post("/api/v1/notifications/read-all", json!({})).await.assert_status(204);
        // A request that is repeated under its key succeeds after the yes.
        let keyed = patient.header("idempotency-key", "once-and-again");
        keyed.post("/api/v1/inquiries", json!({})).await.assert_problem(403, "legal_acceptance_required");
        let pending = patient.get("/api/v1/me/legal/pending").await.assert_status(200);
        assert_eq!((pending.str("/0/document_id"), pending.str("/0/locale")), (terms.as_str(), "en"));
        let turkish = patient.header("accept-language", "tr").get("/api/v1/me/legal/pending").await;
        assert_eq!(turkish.str("/0/locale"), "tr");
        // Any language of the version is the version.
        agree(&patient, turkish.str("/0/document_id")).await;
        write(&patient).await.assert_status(200);
        let other = keyed.post("/api/v1/inquiries", json!({})).await;
        assert_ne!(other.json["code"], "legal_acceptance_required", "{}", other.text());
        for client in [&clinic, &admin] {
            agree(client, &terms).await;
            let after = client.patch("/api/v1/me", json!({})).await;
            assert_ne!(after.json["code"], "legal_acceptance_required", "{}", after.text());
        }
        patient.post("/api/v1/patient/auth/logout", json!({})).await.assert_status(204);
        // Whoever registers now agrees to what is in force.
        let second = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        write(&second).await.assert_status(200);
        // A signed-out visitor and a webhook are no account that could agree.
        world.http.post("/api/v1/patient/auth/password/forgot", json!({ "email": EMAIL })).await.assert_status(200);
    }

    async fn another_process_learns_of_a_publication(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let write = async || patient.patch("/api/v1/me", json!({ "location": "London" })).await;
        write().await.assert_status(200);
        // Published elsewhere: this process still remembers that there is no text, for five seconds at most.
        world.t.conn().execute_unprepared(
            "UPDATE terms_and_conditions SET status = 'current', effective_at = '2026-01-01 00:00:00' WHERE document_type = 'terms'"
        ).await.unwrap();
        #[expect(clippy::disallowed_methods, reason = "what a process remembers ends by the machine's clock")]
        tokio::time::sleep(std::time::Duration::from_millis(5200)).await;
        write().await.assert_problem(403, "legal_acceptance_required");
    }
}
