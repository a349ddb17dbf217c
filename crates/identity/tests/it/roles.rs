//! Roles and what they grant (R-ID-46..48).

use identity::entity::roles;
use kernel::Guard;
use kernel::permission::Permission;
use platform::entity::audit_logs::{self, AuditLogOutcome};
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::support::*;

async fn role(t: &TestApp, name: &str) -> roles::Model {
    roles::Entity::find().filter(roles::Column::Name.eq(name)).one(t.conn()).await.unwrap().unwrap()
}

fn found<'a>(list: &'a testkit::Reply, name: &str) -> &'a Value {
    list.at("/data").as_array().unwrap().iter().find(|role| role["name"] == name).unwrap()
}

testkit::both! {
    async fn section_6_counts(t: TestApp) {
        let client = installed(&t).await;
        let root = as_staff(&t, &client, admin(&t, "root@hairline.example", None).await).await;
        let list = root.get("/admin/roles").await.assert_status(200);
        for (name, count) in [
            ("super_admin", 82), ("admin", 66), ("aftercare_specialist", 15), ("billing_staff", 17), ("support_staff", 13),
            ("provider_owner", 42), ("provider_manager", 37), ("provider_clinical", 16), ("provider_billing", 7),
            ("patient", 12), ("affiliate", 0),
        ] {
            assert_eq!(found(&list, name)["permissions"].as_array().unwrap().len(), count, "{name}");
        }
        // A page like every list: five statements however many roles there are.
        assert_eq!(list.at("/meta/total"), &json!(11));
        let second = root.get("/admin/roles?per_page=5&page=3").await.assert_status(200);
        assert_eq!((second.at("/data").as_array().unwrap().len(), second.at("/meta/last_page")), (1, &json!(3)));
        root.get("/admin/roles?per_page=101").await.assert_problem(422, "validation_failed");
        let clinics = root.get("/admin/roles?filter[guard]=provider").await.assert_status(200);
        assert_eq!(clinics.at("/meta/total"), &json!(4));
        root.get("/admin/roles?filter[guard]=nobody").await.assert_problem(422, "validation_failed");
        let catalogue = root.get("/admin/permissions").await.assert_status(200);
        let of = |guard: &str| catalogue.json.as_array().unwrap().iter().filter(|entry| entry["guard"] == guard).count();
        assert_eq!((of("api"), of("provider"), of("patient")), (82, 42, 12));
    }

    async fn r_id_47_what_cannot_be_changed(t: TestApp) {
        let client = installed(&t).await;
        let root = as_staff(&t, &client, admin(&t, "root@hairline.example", None).await).await;
        for name in ["super_admin", "provider_owner", "patient", "affiliate"] {
            let path = format!("/admin/roles/{}", role(&t, name).await.id);
            let grants = json!({ "permissions": ["view_dashboard"], "version": 1 });
            root.put(&format!("{path}/permissions"), grants).await.assert_problem(409, "role_locked");
            root.patch(&path, json!({ "description": "x", "version": 1 })).await.assert_problem(409, "role_locked");
            root.delete(&path).await.assert_problem(409, "role_locked");
        }
        let path = format!("/admin/roles/{}", role(&t, "support_staff").await.id);
        root.patch(&path, json!({ "name": "Helpers", "version": 1 })).await.assert_problem(409, "role_name_fixed");
        root.patch(&path, json!({ "description": "Answers mails.", "version": 1 })).await.assert_status(204);
        root.delete(&path).await.assert_problem(409, "role_name_fixed");
        root.put("/admin/roles/99999/permissions", json!({ "permissions": ["view_dashboard"], "version": 1 })).await.assert_problem(404, "not_found");
    }

    async fn r_id_48_a_change_is_shown_confirmed_and_in_force_at_once(t: TestApp) {
        let client = installed(&t).await;
        let root = as_staff(&t, &client, admin(&t, "root@hairline.example", None).await).await;
        let (a, b) = (clinic(&t, "Alpha").await, clinic(&t, "Beta").await);
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        member(&t, a, "provider_clinical", "second@a.example", None).await;
        member(&t, b, "provider_clinical", "nurse@b.example", None).await;
        let (_, token) = signed_in(&t, Guard::Provider, nurse.any()).await;
        let clinical = role(&t, "provider_clinical").await.id;
        let held: Vec<String> = found(&root.get("/admin/roles").await, "provider_clinical")["permissions"]
            .as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        let with = |more: &[&str]| -> Vec<String> { held.iter().cloned().chain(more.iter().map(|name| (*name).to_owned())).collect() };
        let preview = root.post("/admin/roles/preview", json!({ "role_id": clinical, "permissions": with(&["create_quote", "view_passport"]) })).await.assert_status(200);
        assert_eq!(preview.at("/implied"), &json!(["view_quote"]));
        assert_eq!(preview.at("/sensitive"), &json!(["view_passport"]));
        assert_eq!((preview.at("/affected_accounts"), preview.at("/affected_clinics")), (&json!(3), &json!(2)));
        let path = format!("/admin/roles/{clinical}/permissions");
        let body = |names: Vec<String>, sure: bool, version: i32| json!({ "permissions": names, "confirm_sensitive": sure, "version": version });
        root.put(&path, body(with(&["view_passport"]), false, 1)).await.assert_field("confirm_sensitive", "confirm_sensitive");
        root.put(&path, body(with(&["manage_bank_detail"]), true, 1)).await.assert_field("permissions", "not_grantable");
        root.put(&path, body(with(&["issue_refund"]), true, 1)).await.assert_field("permissions", "permission_not_of_guard");
        root.put(&path, body(vec![], true, 1)).await.assert_field("permissions", "permissions_required");
        assert!(!bearer(&t, &token).await.unwrap().can(Permission::CreateQuote));
        root.put(&path, body(with(&["create_quote"]), false, 1)).await.assert_status(200);
        let actor = bearer(&t, &token).await.unwrap();
        assert!(actor.can(Permission::CreateQuote) && actor.can(Permission::ViewQuote));
        let without: Vec<String> = with(&["create_quote"]);
        root.put(&path, body(without, false, 2)).await.assert_field("permissions", "dependent_permission");
        // The second of two editors hears of the first; both are on record.
        root.put(&path, body(with(&["view_payout"]), false, 1)).await.assert_problem(409, "stale_version");
        let tries = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("role.permissions_changed")).all(t.conn()).await.unwrap();
        assert_eq!(tries.iter().map(|row| row.outcome).collect::<Vec<_>>(), [AuditLogOutcome::Success, AuditLogOutcome::Failed]);
    }

    async fn r_id_48_two_editors_at_once(t: TestApp) {
        let client = installed(&t).await;
        let root = as_staff(&t, &client, admin(&t, "root@hairline.example", None).await).await;
        let path = format!("/admin/roles/{}/permissions", role(&t, "support_staff").await.id);
        let body = |name: &str| json!({ "permissions": ["view_dashboard", name], "version": 1 });
        let (one, two) = tokio::join!(root.put(&path, body("view_patient")), root.put(&path, body("view_provider")));
        let mut answers = [one.status.as_u16(), two.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [200, 409]);
    }

    async fn roles_of_ones_own(t: TestApp) {
        let client = installed(&t).await;
        let root = as_staff(&t, &client, admin(&t, "root@hairline.example", None).await).await;
        let helper_id = identity::seed::admin(&t.app, identity::seed::AdminSpec { role: "support_staff".into(), ..identity::seed::AdminSpec::super_admin("helper@hairline.example") }).await.unwrap();
        let new = |name: &str, permissions: Value| json!({ "name": name, "permissions": permissions });
        root.post("/admin/roles", new("x", json!([]))).await.assert_field("name", "name_length");
        root.post("/admin/roles", new("Partners", json!([]))).await.assert_field("permissions", "permissions_required");
        root.post("/admin/roles", new("Partners", json!(["manage_role"]))).await.assert_field("permissions", "not_grantable");
        root.post("/admin/roles", new("SUPPORT_STAFF", json!(["view_provider"]))).await.assert_field("name", "role_name_taken");
        let made = root.post("/admin/roles", new("Partners", json!(["edit_provider"]))).await.assert_status(201);
        root.post("/admin/roles", new("partners", json!(["view_provider"]))).await.assert_field("name", "role_name_taken");
        let path = format!("/admin/roles/{}", made.at("/id"));
        let list = root.get("/admin/roles").await;
        assert_eq!(found(&list, "Partners")["permissions"].as_array().unwrap().len(), 2, "the view came along");
        root.put(&format!("/admin/users/{helper_id}/role"), json!({ "role": "Partners" })).await.assert_status(204);
        assert!(signed_in(&t, Guard::Api, helper_id.any()).await.0.can(Permission::EditProvider));
        root.put(&format!("{path}/permissions"), json!({ "permissions": ["view_provider"], "version": 1 })).await.assert_status(200);
        assert!(!signed_in(&t, Guard::Api, helper_id.any()).await.0.can(Permission::EditProvider));
        assert_eq!(outbox::recorded(t.conn(), Some("admin.permissions_changed")).await.unwrap().len(), 1);
        root.patch(&path, json!({ "name": "Partner desk", "version": 2 })).await.assert_status(204);
        root.delete(&path).await.assert_problem(409, "role_in_use").at("/accounts");
        root.put(&format!("/admin/users/{helper_id}/role"), json!({ "role": "support_staff" })).await.assert_status(204);
        root.delete(&path).await.assert_status(204);
        root.put(&format!("/admin/users/{helper_id}/role"), json!({ "role": "Partner desk" })).await.assert_field("role", "role_unknown");
        root.delete(&path).await.assert_problem(409, "role_archived");
        let helper = as_staff(&t, &client, helper_id).await;
        for path in ["/admin/roles", "/admin/permissions"] {
            helper.get(path).await.assert_problem(403, "forbidden");
        }
    }
}
