//! What a clinic may know of a patient (section 5.8).

use identity::anonymity::{self, Level};
use identity::entity::patients;
use identity::seed::PatientSpec;
use kernel::ids::{InquiryId, PatientId, ProviderId, ProviderUserId, QuoteId, TreatmentId, UserId};
use platform::outbox;
use sea_orm::EntityTrait;
use serde_json::json;
use testkit::{TestApp, actors};

use crate::support::*;

/// A case with one quote per clinic, as far as this wing reads it.
pub(crate) async fn case(t: &TestApp, patient: PatientId, inquiry: InquiryId, quotes: &[(ProviderId, &str)]) {
    let now = t.now().format("%Y-%m-%d %H:%M:%S");
    let (user, treatment) = (UserId::new(), TreatmentId::new());
    for statement in [
        format!(
            "INSERT INTO users (id, username, firstname, lastname, email, password) \
             VALUES ('{user}', '{user}', 'A', 'B', '{user}@hairline.example', '!')"
        ),
        format!(
            "INSERT INTO treatments (id, user_id, treatment_name, treatment_type, treatment_description, thumbnail) \
             VALUES ('{treatment}', '{user}', '{treatment}', 'FUE', 'x', 'x')"
        ),
        format!(
            "INSERT INTO inquiries (id, patient_id, problem, scan_url, treatment_schedule, problem_details) \
             VALUES ('{inquiry}', '{patient}', 'hair_transplant', 'x', '[]', 'x')"
        ),
    ] {
        sql(t, &statement).await;
    }
    for (clinic, status) in quotes {
        let id = QuoteId::new();
        sql(
            t,
            &format!(
                "INSERT INTO quotes (id, inquiry_id, provider_id, treatment_id, treatment_date, commission, \
                 quote_amount, currency, status, created_at) VALUES ('{id}', '{inquiry}', '{clinic}', '{treatment}', \
                 '[]', 20, 0, 'GBP', '{status}', '{now}')"
            ),
        )
        .await;
    }
}

async fn mark(t: &TestApp) -> PatientId {
    let spec = PatientSpec { email: "mark@example.com".into(), ..PatientSpec::new(&t.app, "Mark", "Peterson") };
    identity::seed::patient(&t.app, spec).await.unwrap().id
}

async fn set(t: &TestApp, patient: PatientId, clinic: ProviderId, status: &str) -> Level {
    sql(t, &format!("UPDATE quotes SET status = '{status}' WHERE provider_id = '{clinic}'")).await;
    anonymity::refresh_patient_level(t.conn(), patient).await.unwrap()
}

async fn seen_by(t: &TestApp, patient: PatientId, clinic: ProviderId) -> anonymity::MaskedPatient {
    let level = anonymity::level(t.conn(), clinic, patient).await.unwrap();
    let row = patients::Entity::find_by_id(patient).one(t.conn()).await.unwrap().unwrap();
    anonymity::mask(&t.app, &row, level).unwrap()
}

testkit::both! {
    /// R-ID-57, R-ID-58.
    async fn golden_5_anonymity(t: TestApp) {
        let patient = mark(&t).await;
        sql(&t, "UPDATE patients SET patient_code = 'PAT-007'").await;
        let (a, b, c) = (clinic(&t, "A").await, clinic(&t, "B").await, clinic(&t, "C").await);
        case(&t, patient, InquiryId::new(), &[(a, "quote"), (b, "quote")]).await;
        assert_eq!(anonymity::refresh_patient_level(t.conn(), patient).await.unwrap(), Level::Full);
        for clinic in [a, b, c] {
            let seen = seen_by(&t, patient, clinic).await;
            assert_eq!((seen.display_name.as_str(), seen.email), ("Patient PAT-007", None));
        }
        assert_eq!(set(&t, patient, a, "accepted").await, Level::Partial);
        assert_eq!(seen_by(&t, patient, a).await.display_name, "Mark P.");
        for clinic in [b, c] {
            assert_eq!(seen_by(&t, patient, clinic).await.display_name, "Patient PAT-007");
        }
        assert_eq!(set(&t, patient, a, "confirmed").await, Level::None);
        let seen = seen_by(&t, patient, a).await;
        assert_eq!((seen.display_name.as_str(), seen.email.as_deref()), ("Mark Peterson", Some("mark@example.com")));
        assert_eq!(seen.phone_number.as_deref(), Some("+447700900123"));
        for clinic in [b, c] {
            assert_eq!(seen_by(&t, patient, clinic).await.display_name, "Patient PAT-007");
        }
        let row = patients::Entity::find_by_id(patient).one(t.conn()).await.unwrap().unwrap();
        let billing = actors::clinic_billing(ProviderUserId::new(), a);
        let billed = anonymity::mask_for(&t.app, &billing, &row, Level::None).unwrap();
        assert_eq!((billed.display_name.as_str(), billed.email, billed.age), ("Mark Peterson", None, None));
        assert_eq!(set(&t, patient, a, "cancelled").await, Level::Full);
        assert_eq!(seen_by(&t, patient, a).await.display_name, "Patient PAT-007");
    }

    /// R-ID-57.
    async fn once_treated_a_pair_stays_open(t: TestApp) {
        let patient = mark(&t).await;
        let a = clinic(&t, "A").await;
        case(&t, patient, InquiryId::new(), &[(a, "inprogress")]).await;
        let now = t.now().format("%Y-%m-%d %H:%M:%S");
        sql(&t, &format!(
            "INSERT INTO treatment_executions (id, quote_id, estimated_graft_count, checked_in_at) \
             SELECT '{}', id, 3000, '{now}' FROM quotes", kernel::ids::TreatmentExecutionId::new()
        )).await;
        assert_eq!(set(&t, patient, a, "cancelled").await, Level::None);
        assert_eq!(seen_by(&t, patient, a).await.anonymization_level, Level::None);
    }

    /// R-ID-58.
    async fn an_identity_hold_hides_the_patient_from_all(t: TestApp) {
        let patient = mark(&t).await;
        let a = clinic(&t, "A").await;
        case(&t, patient, InquiryId::new(), &[(a, "confirmed")]).await;
        assert_eq!(anonymity::refresh_patient_level(t.conn(), patient).await.unwrap(), Level::None);
        identity::install(&t.app).await.unwrap();
        let head = admin(&t, "chief@hairline.example", None).await;
        let (chief, _) = signed_in(&t, kernel::Guard::Api, head.any()).await;
        let staff = client(&t).as_actor(chief);
        let clerk = client(&t).as_actor(actors::staff(head, "admin"));
        let (place, lift) = (format!("/admin/patients/{patient}/identity-hold"), format!("/admin/patients/{patient}/identity-hold/lift"));
        let why = json!({ "reason": "A journalist asks the clinics about this patient." });
        clerk.post(&place, &why).await.assert_problem(403, "forbidden");
        staff.post(&place, json!({ "reason": "short" })).await.assert_field("reason", "reason_length");
        staff.post(&format!("/admin/patients/{}/identity-hold", PatientId::new()), &why).await.assert_problem(404, "not_found");
        staff.post(&place, &why).await.assert_status(204);
        staff.post(&place, &why).await.assert_status(204);
        assert_eq!(seen_by(&t, patient, a).await.anonymization_level, Level::Full);
        assert_eq!(anonymity::refresh_patient_level(t.conn(), patient).await.unwrap(), Level::Full);
        staff.post(&lift, &why).await.assert_status(204);
        assert_eq!(seen_by(&t, patient, a).await.anonymization_level, Level::None);
        let told = outbox::recorded(t.conn(), Some("patient.anonymization_changed")).await.unwrap();
        let levels: Vec<&str> = told.iter().map(|event| event.payload["new"].as_str().unwrap()).collect();
        assert_eq!(levels, ["full", "none"], "asked twice, told once");
        t.advance(chrono::Duration::minutes(6));
        staff.post(&place, &why).await.assert_problem(403, "reauth_required");
    }

    async fn levels_of_many_patients_cost_one_statement(t: TestApp) {
        let a = clinic(&t, "A").await;
        let mut all = Vec::new();
        for n in 0..6 {
            let name = format!("Mark{}", "x".repeat(n));
            let spec = PatientSpec::new(&t.app, &name, "Peterson");
            all.push(identity::seed::patient(&t.app, spec).await.unwrap().id);
        }
        case(&t, all[0], InquiryId::new(), &[(a, "confirmed")]).await;
        anonymity::refresh_patient_level(t.conn(), all[0]).await.unwrap();
        let (levels, statements) =
            platform::db::count_statements(anonymity::levels(t.conn(), a, &all)).await;
        let levels = levels.unwrap();
        assert_eq!((statements, levels.len()), (1, 6));
        assert_eq!((levels[&all[0]], levels[&all[1]]), (Level::None, Level::Full));
    }

    /// R-ID-59.
    async fn every_field_at_every_level(t: TestApp) {
        let id = mark(&t).await;
        let row = patients::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        let owner = actors::clinic_owner(ProviderUserId::new(), ProviderId::new());
        let billing = actors::clinic_billing(ProviderUserId::new(), ProviderId::new());
        let shown = |level: Level, billing_staff: bool| {
            let actor = if billing_staff { &billing } else { &owner };
            let masked = anonymity::mask_for(&t.app, actor, &row, level).unwrap();
            let mut fields: Vec<String> = serde_json::to_value(masked)
                .unwrap()
                .as_object()
                .unwrap()
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(field, _)| field.clone())
                .collect();
            fields.sort();
            fields
        };
        let always = ["age", "anonymization_level", "country", "display_name", "gender", "patient_code"];
        let with = |more: &[&str]| {
            let mut fields: Vec<String> = always.iter().chain(more).map(|field| (*field).to_owned()).collect();
            fields.sort();
            fields
        };
        assert_eq!(shown(Level::Full, false), with(&[]));
        assert_eq!(shown(Level::Partial, false), with(&["first_name", "last_name"]));
        let open = ["first_name", "last_name", "email", "phone_number", "birthday", "location"];
        assert_eq!(shown(Level::None, false), with(&open));
        let few = ["anonymization_level", "country", "display_name", "patient_code"];
        assert_eq!(shown(Level::Full, true), few);
        let named = ["anonymization_level", "country", "display_name", "first_name", "last_name", "patient_code"];
        assert_eq!(shown(Level::Partial, true), named);
        assert_eq!(shown(Level::None, true), named);
        let partial = anonymity::mask(&t.app, &row, Level::Partial).unwrap();
        assert_eq!(partial.last_name.as_deref(), Some("P."));
    }
}
