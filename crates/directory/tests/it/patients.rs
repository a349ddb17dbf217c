//! Patients for Hairline's staff.

use identity::seed::PatientSpec;
use kernel::ids::{PatientId, ProviderId, ProviderUserId};
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use testkit::{TestApp, actors};

use crate::admin;

async fn patient(t: &TestApp, first_name: &str, last_name: &str) -> PatientId {
    let spec = PatientSpec::new(&t.app, first_name, last_name);
    identity::seed::patient(&t.app, spec).await.unwrap().id
}

testkit::both! {
    async fn staff_find_patients(t: TestApp) {
        patient(&t, "Mark", "Peterson").await;
        patient(&t, "Anna", "Marker").await;
        patient(&t, "Jo", "Smith").await;
        let staff = t.client(directory::routes()).as_actor(admin(&t, "support_staff").await);
        let found = async |query: &str| {
            let reply = staff.get(&format!("/admin/patients?sort=last_name&{query}")).await.assert_status(200);
            let rows = reply.at("/data").as_array().unwrap().clone();
            rows.iter().map(|row| row["last_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("").await, ["Marker", "Peterson", "Smith"]);
        assert_eq!(found("q=mARk").await, ["Marker", "Peterson"]);
        assert_eq!(found("q=pat-0003").await, ["Smith"]);
        assert_eq!(found("q=jo.smith@").await, ["Smith"]);
        assert_eq!(found("q=%25%25").await, Vec::<String>::new());
        assert_eq!(found("q=__").await, Vec::<String>::new());
        assert_eq!(found("filter[status]=quote").await, Vec::<String>::new());
        staff.get("/admin/patients?q=m").await.assert_status(422).assert_field("q", "query_too_short");
        let long = "a".repeat(201);
        staff.get(&format!("/admin/patients?q={long}")).await.assert_problem(422, "query_too_long");
        staff.get("/admin/patients?sort=email").await.assert_status(422).assert_field("sort", "unknown_value");
        let wrong = staff.get("/admin/patients?filter[status]=none").await.assert_status(422);
        wrong.assert_field("filter[status]", "unknown_value");
        let searches = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("patients.searched"));
        assert_eq!(searches.count(t.conn()).await.unwrap(), 5);
    }

    async fn a_view_is_noted_and_billing_sees_less(t: TestApp) {
        let id = patient(&t, "Mark", "Peterson").await;
        let client = t.client(directory::routes());
        let path = format!("/admin/patients/{id}/overview");
        let full = client.as_actor(admin(&t, "support_staff").await).get(&path).await.assert_status(200);
        assert_eq!((full.str("/phone_number"), full.str("/account_state")), ("+447700900123", "active"));
        assert!(full.at("/birthday").is_null(), "support needs no age: {}", full.text());
        for role in ["admin", "aftercare_specialist"] {
            let all = client.as_actor(admin(&t, role).await).get(&path).await.assert_status(200);
            assert!(!all.at("/birthday").is_null() && !all.at("/phone_number").is_null(), "{role}: {}", all.text());
        }
        let less = client.as_actor(admin(&t, "billing_staff").await).get(&path).await.assert_status(200);
        assert_eq!(less.str("/email"), "mark.peterson@patients.example");
        for hidden in ["/phone_number", "/birthday", "/gender", "/location"] {
            assert!(less.at(hidden).is_null(), "{hidden}");
        }
        let views = audit_logs::Entity::find()
            .filter(audit_logs::Column::Action.eq("patient.viewed"))
            .filter(audit_logs::Column::PatientId.eq(id));
        assert_eq!(views.count(t.conn()).await.unwrap(), 4);
        let staff = client.as_actor(admin(&t, "super_admin").await);
        let unknown = format!("/admin/patients/{}/overview", PatientId::new());
        staff.get(&unknown).await.assert_problem(404, "not_found");
    }

    async fn nobody_else_lists_patients(t: TestApp) {
        let id = patient(&t, "Mark", "Peterson").await;
        let client = t.client(directory::routes());
        client.get("/admin/patients").await.assert_problem(401, "unauthenticated");
        for actor in [actors::patient(id), actors::clinic_owner(ProviderUserId::new(), ProviderId::new())] {
            let stranger = client.as_actor(actor);
            stranger.get("/admin/patients").await.assert_problem(403, "forbidden");
            stranger.get(&format!("/admin/patients/{id}/overview")).await.assert_problem(403, "forbidden");
        }
    }
}
