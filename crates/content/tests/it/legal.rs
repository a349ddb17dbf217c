//! Legal texts and languages over the API, on both engines (R-CM-80..92).

use chrono::Duration;
use content::legal::{alarm, kept, publish, remind};
use directory::seed::ClinicSpec;
use identity::entity::{legal_acceptances, patient_consents};
use identity::seed::{AdminSpec, PatientSpec};
use kernel::Actor;
use kernel::ids::PatientId;
use platform::entity::audit_logs;
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value as Json, json};
use testkit::{Client, TestApp, actors, both};

const DOCUMENTS: &str = "/admin/legal-documents";

struct House {
    http: Client,
    root: Client,
    patients: Vec<PatientId>,
}

/// An installation with a super admin and a few patients.
async fn house(t: &TestApp, count: usize) -> House {
    t.at("2026-01-01T00:00:00Z");
    identity::install(&t.app).await.unwrap();
    let root = identity::seed::admin(&t.app, AdminSpec::super_admin("root@hairline.example")).await.unwrap();
    let mut patients = Vec::new();
    for number in 0..count {
        let mut spec = PatientSpec::new(&t.app, "Mark", "Peterson");
        spec.email = format!("mark{number}@patients.example");
        patients.push(identity::seed::patient(&t.app, spec).await.unwrap().id);
    }
    let (router, _) = content::routes().split_for_parts();
    let http = t.client(router);
    House { root: http.as_actor(actors::super_admin(root)), http, patients }
}

impl House {
    fn patient(&self, index: usize) -> Client {
        self.http.as_actor(actors::patient(self.patients[index]))
    }
}

fn draft(label: &str, material: bool) -> Json {
    json!({ "document_type": "terms", "audience": "all", "version_label": label, "locale": "en",
        "title": format!("Terms {label}"), "content": format!("## Version {label}\n\n{}", "What holds between us. ".repeat(12)),
        "change_summary": format!("What {label} changed."), "is_material": material })
}

async fn published(house: &House, label: &str, material: bool, at: Option<&str>) -> String {
    let id = house.root.post(DOCUMENTS, draft(label, material)).await.assert_status(201).str("/id").to_owned();
    let body = at.map_or(json!({}), |at| json!({ "effective_at": at }));
    house.root.post(&format!("{DOCUMENTS}/{id}/publish"), body).await.assert_status(204);
    id
}

async fn agree(client: &Client, id: &str) {
    client.post("/me/legal/acceptances", json!({ "document_id": id })).await.assert_status(201);
}

async fn is_due(t: &TestApp, actor: &Actor) -> bool {
    !kept::due(&t.app, actor).await.unwrap().is_empty()
}

both! {
    async fn golden_7_who_has_to_agree(t: TestApp) {
        let house = house(&t, 4).await;
        let one = published(&house, "1.0", true, None).await;
        for index in 0..4 {
            agree(&house.patient(index), &one).await;
        }
        let covered = house.root.get(&format!("{DOCUMENTS}/{one}/coverage")).await.assert_status(200);
        // The super admin, for whom the text is too, has not agreed.
        assert_eq!((covered.at("/active"), covered.at("/accepted"), covered.str("/percent")), (&json!(5), &json!(4), "80.0"));
        house.root.post("/me/legal/acceptances", json!({ "document_id": one })).await.assert_status(201);

        t.at("2026-03-20T00:00:00Z");
        let two = published(&house, "2.0", true, Some("2026-05-01T00:00:00Z")).await;
        let third = actors::patient(house.patients[3]);
        assert!(!is_due(&t, &third).await, "not before its day");
        t.at("2026-05-01T00:00:00Z");
        assert!(is_due(&t, &third).await, "from its day on, whether or not the job has run");
        publish::activate_due(&t.app).await.unwrap();
        publish::activate_due(&t.app).await.unwrap();
        let stand = house.root.get(&format!("{DOCUMENTS}?filter[status]=current")).await.assert_status(200);
        assert_eq!((stand.at("/meta/total"), stand.str("/data/0/version_label")), (&json!(1), "2.0"));
        // Who waits sees the new text and what it changed, and may not agree to the old one any more.
        let pending = house.patient(3).get("/me/legal/pending").await.assert_status(200);
        assert_eq!((pending.str("/0/document_id"), pending.str("/0/changes/0/summary")), (two.as_str(), "What 2.0 changed."));
        let outdated = house.patient(3).post("/me/legal/acceptances", json!({ "document_id": one })).await;
        assert_eq!(outdated.assert_problem(409, "document_not_current").str("/current_document_id"), two);
        for index in 0..3 {
            agree(&house.patient(index), &two).await;
            house.patient(index).post("/me/legal/acceptances", json!({ "document_id": two })).await.assert_status(200);
        }
        let covered = house.root.get(&format!("{DOCUMENTS}/{two}/coverage")).await;
        assert_eq!(covered.str("/percent"), "60.0", "three of four patients and one member of staff");
        let csv = house.root.get(&format!("{DOCUMENTS}/{two}/pending.csv")).await.assert_status(200).text();
        assert!(csv.contains("mark3@patients.example") && !csv.contains("mark0@") && csv.contains("User,"), "{csv}");
        assert!(house.patient(2).get("/me/legal/pending").await.at("").as_array().unwrap().is_empty());

        // What changes nothing asks nobody; who still owes is asked for the newest.
        t.at("2026-05-20T00:00:00Z");
        let small = published(&house, "2.1", false, None).await;
        assert!(!is_due(&t, &actors::patient(house.patients[0])).await && is_due(&t, &third).await);
        let pending = house.patient(3).get("/me/legal/pending").await;
        assert_eq!(pending.str("/0/document_id"), small);
        let told: Vec<&str> = pending.at("/0/changes").as_array().unwrap().iter().map(|it| it["version"].as_str().unwrap()).collect();
        assert_eq!(told, ["2.0", "2.1"], "everything since the version agreed to");
        // Back to the first version everybody has agreed to enough.
        t.at("2026-05-21T00:00:00Z");
        house.root.post(&format!("{DOCUMENTS}/{two}/revert"), json!({})).await.assert_status(204);
        house.root.post(&format!("{DOCUMENTS}/{two}/revert"), json!({})).await.assert_problem(409, "document_not_archived");
        house.root.post(&format!("{DOCUMENTS}/{one}/revert"), json!({})).await.assert_status(204);
        assert!(!is_due(&t, &third).await);
    }

    async fn r_cm_86_what_was_shown_is_in_the_ledger(t: TestApp) {
        let house = house(&t, 1).await;
        let id = published(&house, "1.0", true, None).await;
        let patient = house.patient(0).header("user-agent", "Firefox");
        patient.post("/me/legal/acceptances", json!({ "document_id": id, "channel": "mobile" })).await.assert_status(201);
        let row = patient_consents::Entity::find()
            .filter(patient_consents::Column::TermsAndConditionsId.eq(&*id)).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.document_version.as_deref(), row.locale.as_str()), (Some("1.0"), "en"));
        assert_eq!(row.channel, patient_consents::PatientConsentChannel::Mobile);
        let words = content::entity::terms_and_conditions::Entity::find_by_id(row.terms_and_conditions_id.unwrap());
        assert_eq!(row.content_sha256, Some(words.one(t.conn()).await.unwrap().unwrap().content_sha256));
        let clinic = directory::seed::clinic(&t.app, ClinicSpec::new("Aegean")).await.unwrap();
        let owner = actors::clinic_owner(clinic.owner, clinic.id());
        assert!(is_due(&t, &owner).await);
        agree(&house.http.as_actor(owner.clone()), &id).await;
        assert!(!is_due(&t, &owner).await);
        let row = legal_acceptances::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.holder_id, row.consent_type.as_str()), (clinic.owner.any(), "terms"));
        let logged = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("legal.accepted"));
        assert_eq!(logged.count(t.conn()).await.unwrap(), 2);
        // Nobody agrees to a draft, to nothing, or for nobody.
        let draft = house.root.post(DOCUMENTS, draft("9.0", true)).await.str("/id").to_owned();
        house.patient(0).post("/me/legal/acceptances", json!({ "document_id": draft })).await.assert_status(404);
        house.http.post("/me/legal/acceptances", json!({ "document_id": id })).await.assert_status(401);
    }

    async fn who_has_agreed_costs_no_statement(t: TestApp) {
        let house = house(&t, 1).await;
        let actor = actors::patient(house.patients[0]);
        let count = async || platform::db::count_statements(kept::due(&t.app, &actor)).await.1;
        count().await;
        assert_eq!(count().await, 0, "no text, no question");
        let id = published(&house, "1.0", true, None).await;
        count().await;
        assert_eq!(count().await, 1, "who has not agreed is looked at again each time");
        agree(&house.patient(0), &id).await;
        assert_eq!(count().await, 1);
        assert_eq!(count().await, 0);
    }

    async fn r_cm_80_what_can_be_published(t: TestApp) {
        content::install(&t.app).await.unwrap();
        let house = house(&t, 0).await;
        let mut turkish = draft("1.0", true);
        turkish["locale"] = json!("tr");
        turkish["document_type"] = json!("consent_form");
        let id = house.root.post(DOCUMENTS, turkish.clone()).await.assert_status(201).str("/id").to_owned();
        assert_eq!(house.root.post(DOCUMENTS, turkish.clone()).await.assert_status(201).str("/id"), id, "sent twice");
        turkish["title"] = json!("Another");
        house.root.post(DOCUMENTS, turkish.clone()).await.assert_field("version_label", "version_label_taken");
        let publish = format!("{DOCUMENTS}/{id}/publish");
        house.root.post(&publish, json!({})).await.assert_field("locale", "default_text_missing");
        turkish["locale"] = json!("en");
        turkish["content"] = json!("Short.");
        let english = house.root.post(DOCUMENTS, turkish).await.assert_status(201).str("/id").to_owned();
        house.root.post(&publish, json!({})).await.assert_field("content", "content_too_short");
        house.root.patch(&format!("{DOCUMENTS}/{english}"), json!({ "content": "Long enough. ".repeat(20) })).await.assert_status(204);
        house.root.post(&publish, json!({ "effective_at": "2025-12-31T00:00:00Z" })).await.assert_field("effective_at", "effective_in_past");
        house.root.post(&publish, json!({})).await.assert_status(204);
        house.root.post(&publish, json!({})).await.assert_problem(409, "document_published");
        house.root.patch(&format!("{DOCUMENTS}/{english}"), json!({ "title": "New" })).await.assert_problem(409, "document_published");
        for (field, value, code) in [("version_label", "v 1", "version_label_invalid"), ("locale", "de", "language_unknown"), ("title", " ", "required")] {
            let mut bad = draft("3.0", true);
            bad[field] = json!(value);
            house.root.post(DOCUMENTS, bad).await.assert_field(field, code);
        }
        // Texts of the house are there as drafts, once, and nobody outside reads a draft.
        content::install(&t.app).await.unwrap();
        let drafts = house.root.get(&format!("{DOCUMENTS}?filter[status]=draft")).await.assert_status(200);
        assert_eq!((drafts.at("/meta/total"), drafts.at("/data/0/languages")), (&json!(3), &json!(2)));
        house.http.get("/legal/terms").await.assert_status(404);
        house.http.get("/legal/consent_form?locale=tr").await.assert_status(200);
        house.http.get("/legal/consent_form/versions/1.0").await.assert_status(200);
        house.http.get("/legal/consent_form/versions/2.0").await.assert_status(404);
        let admin = house.http.as_actor(actors::staff(kernel::ids::UserId::new(), "admin"));
        admin.get(DOCUMENTS).await.assert_status(200);
        admin.post(&publish, json!({})).await.assert_problem(403, "forbidden");
        house.http.as_actor(actors::staff(kernel::ids::UserId::new(), "support_staff")).get(DOCUMENTS).await.assert_status(403);
    }

    async fn r_cm_81_two_publishers_leave_one_version_in_force(t: TestApp) {
        let house = house(&t, 0).await;
        let a = house.root.post(DOCUMENTS, draft("1.0", true)).await.str("/id").to_owned();
        let b = house.root.post(DOCUMENTS, draft("2.0", true)).await.str("/id").to_owned();
        let publish = async |id: &str| house.root.post(&format!("{DOCUMENTS}/{id}/publish"), json!({})).await.assert_status(204);
        tokio::join!(publish(&a), publish(&b));
        assert_eq!(house.root.get(&format!("{DOCUMENTS}?filter[status]=current")).await.at("/meta/total"), &json!(1));
    }

    async fn r_cm_83_reminders_come_every_three_days_at_most(t: TestApp) {
        let house = house(&t, 2).await;
        let id = published(&house, "1.0", true, None).await;
        agree(&house.patient(0), &id).await;
        let told = async || outbox::recorded(t.conn(), Some("legal.acceptance_required")).await.unwrap().len();
        remind::remind(&t.app).await.unwrap();
        assert_eq!(told().await, 2, "one patient and the super admin");
        t.advance(Duration::hours(71));
        remind::remind(&t.app).await.unwrap();
        assert_eq!(told().await, 2);
        t.advance(Duration::hours(1));
        remind::remind(&t.app).await.unwrap();
        remind::remind(&t.app).await.unwrap();
        assert_eq!(told().await, 4);
    }

    async fn r_cm_85_staff_hear_when_too_few_agree(t: TestApp) {
        let house = house(&t, 19).await;
        let one = published(&house, "1.0", true, None).await;
        for index in 0..19 {
            agree(&house.patient(index), &one).await;
        }
        let told = async || outbox::recorded(t.conn(), Some("legal.coverage_low")).await.unwrap();
        t.advance(Duration::days(14));
        alarm::watch(&t.app).await.unwrap();
        assert!(told().await.is_empty(), "19 of 20 are 95 percent");
        let two = published(&house, "2.0", true, None).await;
        for index in 0..18 {
            agree(&house.patient(index), &two).await;
        }
        t.advance(Duration::days(14) - Duration::seconds(1));
        alarm::watch(&t.app).await.unwrap();
        assert!(told().await.is_empty(), "there is time until the fourteenth day");
        t.advance(Duration::seconds(1));
        // Two workers at once, and again the day after.
        let (a, b) = tokio::join!(alarm::watch(&t.app), alarm::watch(&t.app));
        a.unwrap();
        b.unwrap();
        t.advance(Duration::days(1));
        alarm::watch(&t.app).await.unwrap();
        let events = told().await;
        assert_eq!(events.len(), 1);
        assert_eq!((&events[0].payload["version"], &events[0].payload["percent"]), (&json!("2.0"), &json!("90.0")));
        // What came and went long ago is no news, whenever a worker wakes up.
        let three = published(&house, "3.0", true, None).await;
        t.advance(Duration::days(21));
        alarm::watch(&t.app).await.unwrap();
        assert_eq!(told().await.len(), 1, "{three}");
        // A text nobody has to agree to is never low, and neither is one for nobody.
        assert!(content::schedules().iter().any(|schedule| schedule.name == "content.legal_coverage"));
    }

    async fn languages_are_chosen_by_staff(t: TestApp) {
        content::install(&t.app).await.unwrap();
        let house = house(&t, 0).await;
        let public = house.http.get("/languages").await.assert_status(200);
        let codes: Vec<&str> = public.at("").as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["en", "tr"]);
        let all = house.root.get("/admin/languages").await.assert_status(200);
        let id = |code: &str| {
            let row = all.at("/data").as_array().unwrap().iter().find(|row| row["code"] == code).unwrap().clone();
            format!("/admin/languages/{}", row["id"].as_str().unwrap())
        };
        house.root.patch(&id("en"), json!({ "status": "inactive" })).await.assert_problem(409, "default_language_protected");
        house.root.patch(&id("en"), json!({ "fallback": "tr" })).await.assert_field("fallback", "fallback_cycle");
        house.root.patch(&id("ar"), json!({ "status": "active" })).await.assert_problem(409, "language_without_texts");
        let german = json!({ "code": "de", "name": "German", "native_name": "Deutsch", "fallback": "en" });
        let made = house.root.post("/admin/languages", german.clone()).await.assert_status(201);
        assert_eq!(house.root.post("/admin/languages", german).await.assert_status(201).str("/id"), made.str("/id"), "sent twice");
        house.root.post("/admin/languages", json!({ "code": "DE", "name": "G", "native_name": "D" })).await.assert_field("code", "language_code_invalid");
        house.root.post("/admin/languages", json!({ "code": "tr", "name": "G", "native_name": "D" })).await.assert_field("code", "language_taken");
        house.root.patch(&id("tr"), json!({ "is_default": true })).await.assert_status(204);
        let all = house.root.get("/admin/languages").await;
        let defaults: Vec<&Json> = all.at("/data").as_array().unwrap().iter().filter(|row| row["is_default"] == true).collect();
        assert_eq!((defaults.len(), &defaults[0]["code"], &defaults[0]["fallback"]), (1, &json!("tr"), &Json::Null));
        house.root.patch(&id("en"), json!({ "fallback": "tr" })).await.assert_status(204);
        house.root.patch(&id("en"), json!({ "status": "inactive" })).await.assert_status(204);
        let (spoken, offered) = content::languages::spoken(&t.app, platform::locale::Locale::En).await;
        assert_eq!((spoken, offered), (platform::locale::Locale::Tr, vec![platform::locale::Locale::Tr]));
        house.root.patch(&id("en"), json!({ "fallback": null })).await.assert_status(204);
        let support = house.http.as_actor(actors::staff(kernel::ids::UserId::new(), "support_staff"));
        support.get("/admin/languages").await.assert_status(403);
        support.post("/admin/languages", json!({ "code": "fr", "name": "F", "native_name": "F" })).await.assert_status(403);
        support.patch(&id("tr"), json!({ "name": "T" })).await.assert_status(403);
        let logged = audit_logs::Entity::find().filter(audit_logs::Column::Action.starts_with("language."));
        assert_eq!(logged.count(t.conn()).await.unwrap(), 5);
    }
}
