//! Profile, consents, access to medical data.

use identity::consents::{self, PatientConsentType};
use identity::entity::{patient_consents, patients};
use kernel::ids::{InquiryId, PatientId};
use kernel::{Actor, Secret};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use testkit::{TestApp, actors};

use crate::support::*;

testkit::both! {
    async fn a_profile_is_completed_and_the_phone_is_sealed(t: TestApp) {
        let client = installed(&t).await;
        countries(&t).await;
        client.post("/patient/auth/register", registration("mark@example.com")).await.assert_status(202);
        let code = mailed_code(&t).await;
        let ticket = client.post("/patient/auth/login", credentials("mark@example.com", PASSWORD)).await;
        let body = json!({ "registration_token": ticket.str("/registration_token"), "code": code });
        let reply = client.post("/patient/auth/register/verify", body).await.assert_status(200);
        let actor = bearer(&t, reply.str("/access_token")).await.unwrap();
        let id = actor.patient().unwrap();
        let refusal = identity::patients::require_eligible(t.conn(), &t.app, id).await.unwrap_err();
        assert_eq!(refusal.code, "profile_incomplete");

        let me = client.as_actor(actor);
        let wrong = json!({ "birthday": "2008-03-03", "phone_number": "0555", "country_code": "XX" });
        me.patch("/me", wrong)
            .await
            .assert_problem(422, "validation_failed")
            .assert_field("birthday", "birthday_out_of_range")
            .assert_field("phone_number", "phone_invalid")
            .assert_field("country_code", "country_unknown");
        let right = json!({
            "birthday": "2008-03-02", "phone_number": "+905551234567", "country_code": "gb", "gender": "male",
            "something_else": 1
        });
        let reply = me.patch("/me", right).await.assert_status(200);
        assert_eq!(reply.str("/patient/phone_number"), "+905551234567");
        assert!(reply.get::<bool>("/patient/is_complete"));
        let row = patients::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        let stored = row.phone_number.as_ref().unwrap().ciphertext().to_owned();
        assert!(!stored.contains("5551234567") && stored.len() <= 255, "{stored}");
        assert_eq!(row.phone_index.as_deref().map(str::len), Some(64));
        assert_eq!(row.country_code.as_deref(), Some("GB"));
        identity::patients::require_eligible(t.conn(), &t.app, id).await.unwrap();
    }

    async fn protected_members_are_refused(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let me = client.as_actor(actors::patient(row.id));
        for field in ["status", "role", "patient_code", "anonymization_level", "provider_id", "email_verified_at"] {
            let reply = me.patch("/me", json!({ field: "x" })).await.assert_status(422);
            reply.assert_field(field, "field_not_writable");
        }
        client.get("/me").await.assert_problem(401, "unauthenticated");
    }

    async fn r_id_02_who_may_not_file_an_inquiry(t: TestApp) {
        let row = patient(&t, "mark@example.com").await;
        let code = async || identity::patients::require_eligible(t.conn(), &t.app, row.id).await.map(|_| ());
        code().await.unwrap();
        sql(&t, "UPDATE account_states SET state = 'suspended'").await;
        assert_eq!(code().await.unwrap_err().code, "patient_not_eligible");
        sql(&t, "UPDATE account_states SET state = 'active'").await;
        sql(&t, "UPDATE patients SET birthday = '1925-01-01'").await;
        assert_eq!(code().await.unwrap_err().code, "patient_not_eligible");
        let stranger = identity::patients::require_eligible(t.conn(), &t.app, PatientId::new()).await.unwrap_err();
        assert_eq!(stranger.code, "not_found");
    }

    async fn r_id_11_consents_are_a_ledger(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let me = client.as_actor(actors::patient(row.id));
        consents::require_sharing(t.conn(), row.id).await.unwrap();
        let change = |kind: &str, action: &str| json!({ "consent_type": kind, "action": action });
        me.post("/me/consents", change("terms", "withdrawn")).await.assert_problem(409, "consent_mandatory");
        t.advance(chrono::Duration::seconds(1));
        me.post("/me/consents", change("medical_data_processing", "withdrawn")).await.assert_status(200);
        let refusal = consents::require_sharing(t.conn(), row.id).await.unwrap_err();
        assert_eq!(refusal.code, "consent_required");
        t.advance(chrono::Duration::seconds(1));
        me.post("/me/consents", change("medical_data_processing", "granted")).await.assert_status(200);
        let kind = PatientConsentType::MedicalDataProcessing;
        assert!(consents::granted(t.conn(), row.id, kind).await.unwrap());
        let before = patient_consents::Entity::find().count(t.conn()).await.unwrap();
        me.post("/me/consents", change("medical_data_processing", "granted")).await.assert_status(200);
        assert_eq!(patient_consents::Entity::find().count(t.conn()).await.unwrap(), before);
        assert!(!consents::granted(t.conn(), row.id, PatientConsentType::Marketing).await.unwrap());
        me.post("/me/consents", change("gossip", "granted")).await.assert_status(422);
    }

    async fn sharing_cannot_end_while_a_booking_runs(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let clinic = clinic(&t, "Aegean").await;
        crate::anonymity::case(&t, row.id, InquiryId::new(), &[(clinic, "accepted")]).await;
        let me = client.as_actor(actors::patient(row.id));
        let body = json!({ "consent_type": "provider_data_sharing", "action": "withdrawn" });
        me.post("/me/consents", &body).await.assert_problem(409, "consent_in_use");
        sql(&t, "UPDATE quotes SET status = 'cancelled'").await;
        me.post("/me/consents", &body).await.assert_status(200);
    }

    async fn medical_data_open_with_a_justification_for_thirty_minutes(t: TestApp) {
        let client = installed(&t).await;
        let row = patient(&t, "mark@example.com").await;
        let chief = actors::super_admin(admin(&t, "chief@hairline.example", None).await);
        let require = async |actor: &Actor| identity::phi::require_grant(t.conn(), &t.app, actor, row.id).await;
        assert_eq!(require(&chief).await.unwrap_err().code, "justification_required");
        let staff = client.as_actor(chief.clone());
        let path = format!("/admin/patients/{}/medical-access", row.id);
        staff.post(&path, json!({ "justification": "too short" })).await.assert_status(422)
            .assert_field("justification", "reason_length");
        let body = json!({ "justification": "The patient called about a reaction." });
        staff.post(&path, &body).await.assert_status(201);
        require(&chief).await.unwrap();
        let other = actors::super_admin(admin(&t, "other@hairline.example", None).await);
        assert_eq!(require(&other).await.unwrap_err().code, "justification_required");
        t.advance(chrono::Duration::minutes(30));
        assert_eq!(require(&chief).await.unwrap_err().code, "justification_required");
        let support = actors::staff(admin(&t, "third@hairline.example", None).await, "support_staff");
        client.as_actor(support).post(&path, &body).await.assert_problem(403, "forbidden");
        let unknown = format!("/admin/patients/{}/medical-access", PatientId::new());
        staff.post(&unknown, &body).await.assert_problem(404, "not_found");
    }

    async fn r_id_18_the_first_super_admin_sets_the_password_by_a_link(t: TestApp) {
        let client = installed(&t).await;
        let new = |email: &str| identity::admin::NewAdmin {
            email: email.into(),
            first_name: "Super".into(),
            last_name: "Admin".into(),
            role: "super_admin".into(),
            password: None,
        };
        let made = identity::admin::create_admin(&t.app, &Actor::system(), new("chief@hairline.example")).await.unwrap();
        let token: Secret<String> = made.link_token.unwrap();
        let again = identity::admin::create_admin(&t.app, &Actor::system(), new("CHIEF@hairline.example")).await;
        assert_eq!(again.unwrap_err().fields.0["email"][0].code, "email_taken");
        let login = || client.post("/admin/auth/login", credentials("chief@hairline.example", PASSWORD));
        login().await.assert_problem(401, "invalid_credentials");
        let body = json!({ "token": token.expose(), "password": PASSWORD, "password_confirmation": PASSWORD });
        client.post("/admin/auth/password/reset", &body).await.assert_status(204);
        assert_eq!(login().await.str("/next"), "mfa_enrolment");
        client.post("/admin/auth/password/reset", &body).await.assert_problem(422, "code_invalid");
        let mut wrong_role = new("next@hairline.example");
        wrong_role.role = "provider_owner".into();
        let refusal = identity::admin::create_admin(&t.app, &Actor::system(), wrong_role).await.unwrap_err();
        assert_eq!(refusal.fields.0["role"][0].code, "role_unknown");
    }

    async fn installing_twice_adds_nothing(t: TestApp) {
        use identity::entity::{permissions, role_has_permissions, roles};
        identity::install(&t.app).await.unwrap();
        let count = async || {
            (
                permissions::Entity::find().count(t.conn()).await.unwrap(),
                roles::Entity::find().count(t.conn()).await.unwrap(),
                role_has_permissions::Entity::find().count(t.conn()).await.unwrap(),
            )
        };
        let first = count().await;
        assert_eq!(first, (136, 11, 82 + 66 + 15 + 17 + 13 + 42 + 37 + 16 + 7 + 12));
        // What staff changed since stays changed.
        sql(&t, "DELETE FROM role_has_permissions WHERE role_id = (SELECT id FROM roles WHERE name = 'admin')").await;
        identity::install(&t.app).await.unwrap();
        assert_eq!(count().await.2, first.2 - 66);
    }
}
