//! What ends when its years are over, class by class (R-MG-80, 81, 85), and the settings behind it.

use analytics::entity::retention_items::{self, RetentionDataClass as Kept, RetentionItemOutcome as Outcome};
use chrono::Duration;
use identity::entity::{patients, provider_users};
use inquiry::entity::{inquiries, medical_histories, questionnaires};
use kernel::Guard;
use kernel::ids::RetentionRunId;
use messaging::entity::messages;
use platform::entity::{audit_logs, files};
use platform::outbox;
use privacy::service::retention::{self, Start};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::tab::{cookie_of, location, proof, root, tab};
use crate::world::World;

async fn sql(world: &World, statement: &str) {
    world.t.conn().execute_unprepared(statement).await.unwrap();
}

/// What a run did: class and outcome of each item.
async fn items(world: &World, run: RetentionRunId) -> Vec<(Kept, Outcome)> {
    let found = retention_items::Entity::find().filter(retention_items::Column::RetentionRunId.eq(run));
    let mut all: Vec<(Kept, Outcome)> =
        found.all(world.t.conn()).await.unwrap().into_iter().map(|item| (item.data_class, item.outcome)).collect();
    all.sort_by_key(|(class, _)| format!("{class:?}"));
    all
}

async fn run(world: &World) -> Vec<(Kept, Outcome)> {
    let id = retention::run(&world.t.app, Start::default()).await.unwrap();
    items(world, id).await
}

/// A patient who was treated and paid in March 2026 and wrote to the clinic; who they are is known all the while.
async fn treated(world: &World) -> String {
    let patient = steps::register(world, "John", "Doe", EMAIL, PHONE).await;
    steps::prepare_inquiry(world, &patient, &["diabetes"]).await;
    let inquiry = patient.post("/api/v1/inquiries", json!({})).await.assert_status(201).str("/id").to_owned();
    world.run_jobs().await;
    let clinic = world.clinic(0).await;
    clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await;
    let quote = steps::quote(world, &clinic, &inquiry, 0, 3000).await;
    let patient = world.patient(EMAIL).await;
    let thread: String = patient.get("/api/v1/conversations").await.assert_status(200).get("/data/0/id");
    patient
        .post(&format!("/api/v1/conversations/{thread}/messages"), json!({ "content": "My secret worry" }))
        .await
        .assert_status(201);
    steps::accept(&patient, &quote).await.assert_status(200);
    steps::pay(world, &patient, &quote, "deposit").await;
    sql(world, &format!("UPDATE quotes SET status = 'completed', note = 'Fine hair' WHERE id = '{quote}'")).await;
    sql(world, &format!("UPDATE treatment_executions SET checked_in_at = '2026-04-20 08:00:00', completed_at = '2026-04-20 16:00:00' WHERE quote_id = '{quote}'")).await;
    sql(world, "UPDATE payments SET paid_at = '2026-05-02 09:00:00'").await;
    quote
}

/// What ledgers that only grow, and what stands beside them, hold of a person, and lose when its time is over.
const LEDGERS: &[(&str, &[&str])] = &[
    ("patient_consents", &["ip_address", "user_agent"]),
    ("workflow_timelines", &["metadata"]),
    ("quote_versions", &["snapshot"]),
    ("payment_histories", &["reason", "metadata"]),
    ("aftercare_workflow_steps", &["note", "values_before", "values_after"]),
    ("booking_flags", &["note", "close_note"]),
    (
        "banking_details",
        &["account_holder_name", "bank_name", "account_last4", "account_fingerprint", "iban_encrypted"],
    ),
];

/// Rows of a table in which one of these columns still says something.
async fn left(world: &World, table: &str, columns: &[&str]) -> i64 {
    let says =
        |column: &&str| format!("({column} IS NOT NULL AND CAST({column} AS CHAR) NOT IN ('', '{{}}', '[erased]'))");
    let says: Vec<String> = columns.iter().map(says).collect();
    let sql = format!("SELECT CAST(COUNT(*) AS SIGNED) FROM {table} WHERE {}", says.join(" OR "));
    let conn = world.t.conn();
    let row = conn.query_one_raw(sea_orm::Statement::from_string(conn.get_database_backend(), sql)).await;
    row.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// A consent that was given somewhere.
pub fn consent_from(patient: kernel::ids::PatientId) -> String {
    let id = kernel::ids::PatientConsentId::new();
    format!(
        "INSERT INTO patient_consents (id, patient_id, consent_type, action, locale, channel, ip_address, user_agent, \
         acted_at) VALUES ('{id}', '{patient}', 'marketing', 'granted', 'en', 'web', '203.0.113.7', 'Browser 1', \
         '2026-03-02 09:00:00')"
    )
}

/// A case of work on the patient's offer, and staff who stepped into the conversation.
async fn ledgers(world: &World) {
    let id = kernel::ids::AftercareWorkflowId::new;
    let work = id();
    let row = world.t.app.keys.seal_lasting(&"She sleeps badly".to_owned());
    let row = row.ciphertext();
    let quote = quoting::entity::quotes::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
    let message = messages::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
    let staff = identity::entity::users::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
    let patient = patients::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
    let payment = payments::entity::payments::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
    for statement in [
        consent_from(patient),
        format!(
            "INSERT INTO aftercare_workflows (id, quote_id, workflow_type, reason_code, trigger_source) \
             VALUES ('{work}', '{quote}', 'setup', 'clinical', 'system')"
        ),
        format!(
            "INSERT INTO aftercare_workflow_steps (id, workflow_id, step_index, step_type, actor_type, note, values_before) \
             VALUES ('{}', '{work}', 1, 'note', 'System', '{row}', '{row}')",
            id()
        ),
        format!(
            "INSERT INTO payment_histories (id, payment_id, quote_id, sequence, event, amount, currency, source, reason) \
             VALUES ('{}', '{payment}', '{quote}', 99, 'override', 1, 'GBP', 'admin', 'Mrs Doe called about it')",
            id()
        ),
        format!(
            "INSERT INTO conversation_interventions (id, conversation_id, message_id, admin_id, reason_code, justification) \
             VALUES ('{}', '{}', '{}', '{staff}', 'urgent_dispute', 'John Doe asked for it')",
            id(),
            message.conversation_id,
            message.id
        ),
        format!(
            "INSERT INTO booking_flags (id, quote_id, kind, note, close_note, raised_by_type) \
             VALUES ('{}', '{quote}', 'other', 'Mrs Doe asks for another account', 'Her sister called', 'User')",
            id()
        ),
        format!(
            "INSERT INTO banking_details (id, owner_type, owner_id, account_holder_name, bank_name, bank_country, currency, \
             iban_encrypted, account_last4, account_fingerprint, swift_code, usable_from, created_by_type, created_by_id) \
             VALUES ('{}', 'Patient', '{patient}', 'Jane Doe', 'Rhein Bank', 'DE', 'GBP', '{row}', '6199', '{:064}', \
             'SOGEDEFF', '2026-05-02 09:00:00', 'Patient', '{patient}')",
            id(),
            7
        ),
    ] {
        sql(world, &statement).await;
    }
}

both! {
    /// GS-8, R-PY-69: last medical event 20 April 2026, last financial 2 May 2026: both end on 2 May 2033, the longer of two.
    async fn r_mg_80_records_end_after_the_longer_of_two_classes(t: TestApp) {
        let world = World::new(t).await;
        treated(&world).await;
        let conn = world.t.conn();
        let stored = files::Entity::find().filter(files::Column::DeletedAt.is_null()).all(conn).await.unwrap();
        assert!(stored.len() >= 5);
        let money = async || payments::entity::payments::Entity::find().all(conn).await.unwrap().into_iter()
            .map(|row| (row.id, row.amount, row.currency, row.payment_status)).collect::<Vec<_>>();
        let before = money().await;
        ledgers(&world).await;
        world.t.at("2033-03-03T03:00:00Z");
        assert_eq!(run(&world).await, [(Kept::Communication, Outcome::Anonymised)], "the last message is seven years old");
        assert_eq!(left(&world, "conversation_interventions", &["justification"]).await, 0);
        let texts = messages::Entity::find().all(conn).await.unwrap();
        assert!(texts.iter().all(|row| row.content == "[erased]") && !texts.is_empty());
        world.t.at("2033-05-01T03:00:00Z");
        assert!(run(&world).await.is_empty());
        world.t.at("2033-05-02T03:00:00Z");
        let admin = world.admin().await;
        let tried: RetentionRunId = admin.post("/api/v1/admin/retention/dry-run", json!({})).await.assert_status(201).get("/id");
        assert_eq!(items(&world, tried).await, [(Kept::Financial, Outcome::WouldAct), (Kept::Medical, Outcome::WouldAct)]);
        let case = async || inquiries::Entity::find().one(conn).await.unwrap().unwrap();
        assert!(case().await.problem_details.contains("hairline"), "a trial changes nothing");
        // An order keeps it, whatever the day.
        let me = patients::Entity::find().one(conn).await.unwrap().unwrap();
        let order = json!({ "holdable_type": "Patient", "holdable_id": me.id, "reference": "AZ 1", "reason": "The court asked to keep everything for now." });
        admin.post("/api/v1/admin/holds", order).await.assert_status(201);
        assert_eq!(run(&world).await, [(Kept::Financial, Outcome::Held), (Kept::Medical, Outcome::Held)]);
        sql(&world, "UPDATE legal_holds SET status = 'released'").await;
        for (table, columns) in LEDGERS {
            assert_ne!(left(&world, table, columns).await, 0, "{table} is full until its time is over");
        }
        // Two workers at once end it once.
        let (one, two) = tokio::join!(run(&world), run(&world));
        let ended: Vec<(Kept, Outcome)> = [one, two].concat();
        let times = |class| ended.iter().filter(|item| **item == (class, Outcome::Anonymised)).count();
        assert_eq!((times(Kept::Medical), times(Kept::Financial), ended.len()), (1, 1, 2), "{ended:?}");
        assert!(run(&world).await.is_empty(), "and a third time nothing");
        // The words are gone, the rows and amounts stand, who it was is still known: the account lives.
        let row = case().await;
        assert_eq!((row.problem_details.as_str(), row.nature_of_concern), ("[erased]", None));
        let history = medical_histories::Entity::find().one(conn).await.unwrap().unwrap();
        assert!(history.medical_conditions.is_none() && history.critical_conditions.is_none() && history.alert_level_index.is_none());
        let answers = questionnaires::Entity::find().all(conn).await.unwrap();
        assert!(answers.iter().all(|row| world.t.app.keys.open(&row.answers).unwrap() == json!({})));
        let offer = quoting::entity::quotes::Entity::find().one(conn).await.unwrap().unwrap();
        assert!(offer.note.is_none() && offer.treatment_plan.is_none());
        for (table, columns) in LEDGERS {
            assert_eq!(left(&world, table, columns).await, 0, "{table}");
        }
        world.run_jobs().await;
        for file in &stored {
            if file.fileable_type == "Media" || file.fileable_type == "TreatmentExecution" {
                assert!(world.t.app.files.get(&file.file_path).await.is_err(), "{}", file.fileable_type);
            }
        }
        assert_eq!(files::Entity::find().count(conn).await.unwrap(), stored.len() as u64, "rows stay");
        assert_eq!(money().await, before, "to the cent");
        assert!(payments::entity::payments::Entity::find().one(conn).await.unwrap().unwrap().metadata.is_none());
        assert_eq!(patients::Entity::find().one(conn).await.unwrap().unwrap().last_name, "Doe");
        let logged = async |action: &str| audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).count(conn).await.unwrap();
        assert_eq!((logged("privacy.records_emptied").await, logged("privacy.payments_emptied").await), (1, 1));
        // Whoever comes back starts a new clock: in seven years, and not before.
        world.t.at("2040-05-01T03:00:00Z");
        assert!(run(&world).await.is_empty());
    }

    /// R-ID-69, R-MG-81: a store that fails is asked again, and in the end stands where staff see it.
    async fn objects_that_cannot_be_destroyed_are_tried_again_and_then_seen(t: TestApp) {
        let world = World::new(t).await;
        treated(&world).await;
        let conn = world.t.conn();
        let file = files::Entity::find().filter(files::Column::FileableType.eq("Media")).one(conn).await.unwrap().unwrap();
        // A folder that is not empty lies in the way of the object.
        let path = world.t.app.config.files.folder.join(&file.file_path);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir_all(path.join("in the way")).unwrap();
        world.t.at("2033-03-03T03:00:00Z");
        run(&world).await;
        world.t.at("2033-05-02T03:00:00Z");
        assert_eq!(run(&world).await, [(Kept::Financial, Outcome::Anonymised), (Kept::Medical, Outcome::Anonymised)], "what was emptied stays so");
        let fails = async || world.t.try_run_jobs(&world.registry).await.into_iter()
            .filter(|failure| failure.what.starts_with("privacy.destroy_objects")).collect::<Vec<_>>();
        let first = fails().await;
        assert!(first.len() == 1 && !first[0].buried, "{first:?}");
        // The others of the same job are gone all the same.
        let gone = files::Entity::find().filter(files::Column::DeletedAt.is_not_null()).all(conn).await.unwrap();
        assert!(gone.len() >= 5);
        for other in gone.iter().filter(|other| other.id != file.id) {
            assert!(world.t.app.files.get(&other.file_path).await.is_err(), "{}", other.fileable_type);
        }
        let mut buried = false;
        for _ in 0..3 {
            world.t.advance(Duration::hours(2));
            buried = buried || fails().await.iter().any(|failure| failure.buried);
        }
        assert!(buried, "three times are enough");
        let failed = platform::entity::failed_jobs::Entity::find().all(conn).await.unwrap();
        assert!(failed.iter().any(|job| job.payload.contains("privacy.destroy_objects") || job.payload.contains(&file.id.to_string())), "{failed:?}");
        // Somebody mends the store and tries it again.
        std::fs::remove_dir_all(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
        let dead = failed.iter().find(|job| job.payload.contains(&file.id.to_string())).unwrap().id;
        platform::jobs::retry(&world.t.app, crate::tab::root(&world).await, dead, None).await.unwrap();
        world.run_jobs().await;
        assert!(world.t.app.files.get(&file.file_path).await.is_err(), "destroyed");
    }

    async fn r_mg_80_a_country_may_only_lengthen(t: TestApp) {
        let world = World::new(t).await;
        treated(&world).await;
        let admin = world.admin().await;
        let path = "/api/v1/admin/retention/policies";
        let shown = admin.get(path).await.assert_status(200);
        assert_eq!((shown.at("/medical_years"), shown.at("/audit_years"), shown.at("/country_overrides")), (&json!(7), &json!(10), &json!({})));
        let change = |values: serde_json::Value, version: i32| {
            let mut body = values;
            body["version"] = json!(version);
            body["reason"] = json!("The law of the country asks for ten years.");
            body
        };
        admin.put(path, change(json!({ "medical_years": 6 }), 0)).await.assert_problem(422, "validation_failed").assert_field("medical_years", "out_of_range");
        admin.put(path, change(json!({ "country_overrides": { "GB": { "medical": 6 } } }), 0)).await.assert_field("country_overrides", "overrides_invalid");
        admin.put(path, json!({ "audit_years": 12, "version": 0, "reason": "short" })).await.assert_field("reason", "reason_length");
        let saved = admin.put(path, change(json!({ "country_overrides": { "GB": { "medical": 10 } }, "audit_years": 12 }), 0)).await.assert_status(200);
        assert_eq!((saved.at("/version"), saved.at("/country_overrides/GB/medical"), saved.at("/medical_years")), (&json!(1), &json!(10), &json!(7)));
        admin.put(path, change(json!({ "medical_years": 8 }), 0)).await.assert_problem(409, "stale_version");
        // Nobody but the top sets them, and only with a fresh proof.
        let (_, helper) = crate::identity_edges::staff(&world, "admin", "helper@hairline.example").await;
        helper.get(path).await.assert_status(200);
        helper.put(path, change(json!({ "medical_years": 8 }), 1)).await.assert_problem(403, "forbidden");
        world.t.advance(Duration::minutes(6));
        admin.put(path, change(json!({ "medical_years": 8 }), 1)).await.assert_problem(403, "reauth_required");
        admin.put("/api/v1/admin/settings/retention", json!({ "version": 1, "values": { "medical_years": 8 }, "reason": "The law asks for eight." })).await
            .assert_problem(403, "reauth_required");
        // What is recorded from now on is kept for twelve years; what ends in 2033 elsewhere ends here in 2036.
        let newest = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("access.denied")).one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(newest.retention_until.to_string(), "2038-03-02");
        world.t.at("2033-05-02T03:00:00Z");
        assert_eq!(run(&world).await, [(Kept::Communication, Outcome::Anonymised)]);
        world.t.at("2036-04-19T03:00:00Z");
        assert!(run(&world).await.is_empty());
        world.t.at("2036-04-20T03:00:00Z");
        assert_eq!(run(&world).await, [(Kept::Financial, Outcome::Anonymised), (Kept::Medical, Outcome::Anonymised)]);
    }

    async fn r_mg_80_clinics_and_what_is_technical(t: TestApp) {
        let world = World::new(t).await;
        let house = world.clinics[1].id();
        sql(&world, &format!("UPDATE providers SET status = 'inactive', deactivated_at = '2026-03-02 12:00:00' WHERE id = '{house}'")).await;
        sql(&world, "INSERT INTO failed_jobs (uuid, connection, queue, payload, exception, failed_at) VALUES ('u-1', 'db', 'default', '{}', 'x', '2026-03-02 12:00:00')").await;
        world.t.at("2026-05-30T03:00:00Z");
        assert_eq!(run(&world).await, [], "not after 88 days");
        world.t.at("2026-06-01T03:00:00Z");
        assert_eq!(run(&world).await, [(Kept::Technical, Outcome::Anonymised)]);
        world.t.at("2033-03-01T03:00:00Z");
        assert!(run(&world).await.is_empty());
        world.t.at("2033-03-02T13:00:00Z");
        assert_eq!(run(&world).await, [(Kept::Clinic, Outcome::Anonymised)]);
        let people = provider_users::Entity::find().filter(provider_users::Column::ProviderId.eq(house)).all(world.t.conn()).await.unwrap();
        assert!(!people.is_empty() && people.iter().all(|row| row.firstname == "Former member" && row.email.ends_with("@removed.invalid")));
        let row = directory::entity::providers::Entity::find_by_id(house).one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!((row.email, row.provider_name.as_str()), (format!("former+{house}@removed.invalid"), "Vistula Clinic"));
        assert!(run(&world).await.is_empty());
        // The other clinic still is who it is.
        assert_eq!(provider_users::Entity::find().filter(provider_users::Column::Firstname.ne("Former member")).count(world.t.conn()).await.unwrap(), 1);
    }

    async fn r_mg_85_a_month_is_told_once(t: TestApp) {
        let world = World::new(t).await;
        treated(&world).await;
        let app = &world.t.app;
        let told = async || outbox::recorded(world.t.conn(), Some("privacy.retention_run_finished")).await.unwrap().into_iter()
            .filter(|event| event.payload["scope"] == "month").map(|event| event.payload).collect::<Vec<_>>();
        for day in ["2033-05-02", "2033-05-03"] {
            world.t.at(&format!("{day}T02:30:00Z"));
            retention::nightly(app).await.unwrap();
            retention::nightly(app).await.unwrap();
        }
        assert!(told().await.is_empty(), "May is not over");
        world.t.at("2033-06-01T02:30:00Z");
        let (one, two) = tokio::join!(retention::nightly(app), retention::nightly(app));
        one.unwrap();
        two.unwrap();
        world.t.at("2033-06-02T02:30:00Z");
        retention::nightly(app).await.unwrap();
        let months = told().await;
        assert_eq!(months.len(), 1, "{months:?}");
        assert_eq!((&months[0]["month"], &months[0]["runs"], &months[0]["ended"], &months[0]["failed"]), (&json!("2033-05"), &json!(2), &json!(3), &json!(0)));
        world.run_jobs().await;
        let inbox = world.admin().await.get("/api/v1/notifications").await.assert_status(200).text();
        assert!(inbox.contains("Retention in 2033-05") && inbox.contains("Ended: 3"), "{inbox}");
    }

    async fn the_pages_of_retention(t: TestApp) {
        let world = World::new(t).await;
        let own = root(&world).await;
        let cookie = cookie_of(&world, Guard::Api, own.any()).await;
        let desk = tab(&world, &[("hairline_session", &cookie)]);
        let csrf = proof(&world.t).0;
        let page = desk.get("/admin/privacy/retention").await.assert_status(200).text();
        assert!(page.contains("href=\"/admin/settings/retention\"") && page.contains("7 years"), "{page}");
        let page = desk.get("/admin/settings/retention").await.assert_status(200).text();
        assert!(page.contains("name=\"country_overrides\"") && page.contains("name=\"medical_years\""), "{page}");
        let typed = |years: &'static str, lines: &'static str| vec![
            ("_csrf", csrf.clone()), ("version", "0".to_owned()), ("medical_years", years.to_owned()), ("financial_years", "7".to_owned()),
            ("communication_years", "7".to_owned()), ("audit_years", "10".to_owned()), ("analytics_access_months", "12".to_owned()),
            ("technical_days", "90".to_owned()), ("bundle_link_hours", "48".to_owned()), ("country_overrides", lines.to_owned()),
            ("reason", "The law of the country asks for it.".to_owned()),
        ];
        let send = async |fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            desk.form("/admin/settings/retention", &fields).await
        };
        let wrong = send(typed("7", "DE food 9")).await.assert_status(422).text();
        assert!(wrong.contains("DE food 9") && wrong.contains("country_overrides-error"), "{wrong}");
        let saved = send(typed("8", "de medical 10")).await.assert_status(303);
        assert_eq!(location(&saved), "/admin/settings/retention?done=saved");
        let page = desk.get("/admin/privacy/retention").await.assert_status(200).text();
        assert!(page.contains("8 years") && page.contains("DE medical 10"), "{page}");
        world.t.advance(Duration::minutes(6));
        let asked = send(typed("9", "")).await.text();
        assert!(asked.contains("confirm_password") && asked.contains("value=\"9\""), "{asked}");
    }
}
