//! What of protected rows is emptied when their time is over: words and pictures go, rows, ids, dates and amounts stay.
//!
//! Six ledgers that only grow (the timeline of a case, versions of a quote, the history of a payment, consents, steps of a
//! workflow, interventions) let exactly the columns named here be emptied: their triggers refuse everything else.

use aftercare::entity as aftercare_rows;
use inquiry::entity::{inquiries, inquiry_drafts};
use kernel::AppResult;
use kernel::ids::{AnyId, FileId, PatientId};
use platform::App;
use platform::db::Txn;
use platform::entity::{files, media};
use quoting::entity::quotes;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use serde_json::{Value as Json, json};
use travel::entity::passport_details as passports;
use treatment::entity::treatment_executions as executions;

use crate::service::erase::ERASED;

/// Owners of one statement.
const BATCH: usize = 500;

/// What stands in place of a value.
#[derive(Clone, Copy)]
enum With {
    /// Nothing.
    Null,
    /// The word for an erased text.
    Word,
    /// An empty text under the installation's key: the column is encrypted and not empty.
    SealedWord,
    /// An empty object under the installation's key.
    SealedObject,
    /// An empty list.
    List,
    /// An empty object.
    Object,
    /// An empty text.
    Blank,
    /// A day nobody was born on who is treated here.
    NoDay,
}
use With::{Blank, List, NoDay, Null, Object, SealedObject, SealedWord, Word};

/// A table, the column that names the owner, and what is emptied.
type Emptied = (&'static str, &'static str, &'static [(&'static str, With)]);

const OF_INQUIRIES: &[Emptied] = &[
    (
        "inquiries",
        "id",
        &[
            ("problem_details", Word),
            ("nature_of_concern", Null),
            ("previous_treatments", Null),
            ("lifestyle_factors", Null),
            ("additional_notes", Null),
            ("cancellation_notes", Null),
            ("cancellation_feedback", Null),
            ("archive_reason", Null),
        ],
    ),
    (
        "medical_histories",
        "inquiry_id",
        &[
            ("age", Null),
            ("medical_conditions", Null),
            ("medications", Null),
            ("allergies", Null),
            ("previous_surgeries", Null),
            ("smoking_status", Null),
            ("alcohol_consumption", Null),
            ("family_history", Null),
            ("critical_conditions", Null),
            ("alert_level", SealedWord),
            ("alert_level_index", Null),
            ("reopen_reason", Null),
        ],
    ),
    ("inquiry_providers", "inquiry_id", &[("decline_note", Null)]),
    ("workflow_timelines", "inquiry_id", &[("metadata", Null)]),
];

/// From where somebody agreed; that they did, to what and when is kept as a proof.
const OF_CONSENTS: &[Emptied] = &[("patient_consents", "patient_id", &[("ip_address", Null), ("user_agent", Null)])];

const OF_PATIENTS: &[Emptied] = &[
    ("questionnaires", "patient_id", &[("answers", SealedObject), ("alert_level", Null)]),
    ("inquiry_drafts", "patient_id", &[("payload", SealedObject)]),
    (
        "passport_details",
        "patient_id",
        &[
            ("passport_name", Word),
            ("passport_number", SealedWord),
            ("passport_dob", NoDay),
            ("location", Word),
            ("place_of_birth", Word),
            ("passport_image", SealedWord),
            ("correction_reason", Null),
            ("deletion_reason", Null),
            ("status_reason", Null),
        ],
    ),
    ("aftercare_questionnaire_responses", "patient_id", &[("responses", SealedObject), ("flag_reasons", Null)]),
    ("aftercare_question_answers", "patient_id", &[("answer", SealedObject)]),
    ("recovery_progress_logs", "patient_id", &[("value", SealedObject), ("note", Null)]),
    (
        "standalone_aftercare_requests",
        "patient_id",
        &[
            ("clinic_name", Word),
            ("current_concerns", Null),
            ("photo_urls", Null),
            ("surgeon_notes_url", Null),
            ("rejection_reason", Null),
        ],
    ),
];

const OF_QUOTES: &[Emptied] = &[
    (
        "quotes",
        "id",
        &[("note", Null), ("treatment_plan", Null), ("withdrawal_reason", Null), ("archive_reason", Null)],
    ),
    ("quote_clinicians", "quote_id", &[("note", Null)]),
    ("quote_versions", "quote_id", &[("snapshot", Object), ("reason", Null)]),
    (
        "treatment_executions",
        "quote_id",
        &[
            ("beginning_note", Null),
            ("conclusion_notes", Null),
            ("prescription", Null),
            ("advice", Null),
            ("medication_instructions", Null),
            ("completion_snapshot", Null),
            ("closure_note", Null),
        ],
    ),
    ("timelines", "quote_id", &[("description", Word), ("note", Null)]),
    (
        "hotels",
        "quote_id",
        &[("reservation_number", Word), ("special_request", Null), ("contact_number", Null), ("contact_email", Null)],
    ),
    ("flights", "quote_id", &[("ticket_confirmation_number", Word), ("special_request", Null)]),
];

const OF_PLANS: &[Emptied] = &[
    ("after_care_instructions", "after_care_id", &[("title", Word), ("body", Word)]),
    (
        "after_care_medications",
        "after_care_id",
        &[("medication_name", Word), ("dosage", Word), ("special_instructions", Null), ("stop_reason", Null)],
    ),
    ("aftercare_milestones", "after_care_id", &[("notes", Null)]),
];

const OF_WORKFLOWS: &[Emptied] = &[
    ("aftercare_workflows", "id", &[("summary", Null), ("outcome_note", Null), ("payload", Null)]),
    ("aftercare_workflow_steps", "workflow_id", &[("note", Null), ("values_before", Null), ("values_after", Null)]),
];

const OF_AFTERCARE_THREADS: &[Emptied] = &[(
    "aftercare_messages",
    "conversation_id",
    &[("content", SealedWord), ("attachment_url", Null), ("attachment_mime", Null)],
)];

const MONEY_OF_PATIENTS: &[Emptied] = &[
    ("payments", "patient_id", &[("metadata", Null)]),
    ("aftercare_payments", "patient_id", &[("metadata", Null)]),
    (
        "patient_payment_methods",
        "patient_id",
        &[("gateway_customer_id", Word), ("gateway_method_id", Word), ("brand", Word)],
    ),
    // Where refunds went. One number and one code of the bank have to be there; what is there says nothing.
    (
        "banking_details",
        "owner_id",
        &[
            ("account_holder_name", Word),
            ("bank_name", Word),
            ("account_number_encrypted", SealedWord),
            ("iban_encrypted", Null),
            ("account_last4", Blank),
            ("account_fingerprint", Blank),
            ("swift_code", Word),
            ("routing_number", Null),
            ("shared_clear_reason", Null),
        ],
    ),
];

const MONEY_OF_QUOTES: &[Emptied] = &[
    ("cancellation_requests", "quote_id", &[("reason", Word), ("documents", List), ("decision_reason", Null)]),
    ("payment_histories", "quote_id", &[("reason", Null), ("metadata", Null)]),
    ("booking_flags", "quote_id", &[("note", Word), ("close_note", Null)]),
];

const OF_CONVERSATIONS: &[Emptied] = &[
    ("messages", "conversation_id", &[("content", Word), ("attachment_url", Null)]),
    ("conversation_flags", "conversation_id", &[("notes", Null), ("resolution_note", Null)]),
    OF_INTERVENTIONS,
];

const OF_INTERVENTIONS: Emptied = ("conversation_interventions", "conversation_id", &[("justification", Blank)]);

const OF_MESSAGES: &[Emptied] =
    &[("message_moderation", "message_id", &[("original_content", SealedWord), ("findings", List)])];

fn value(app: &App, with: With) -> Expr {
    match with {
        Null => Expr::value(None::<String>),
        Word => Expr::value(ERASED),
        SealedWord => Expr::value(app.keys.seal(&String::new()).ciphertext()),
        SealedObject => Expr::value(app.keys.seal(&json!({})).ciphertext()),
        List => Expr::value("[]"),
        Object => Expr::value("{}"),
        Blank => Expr::value(""),
        NoDay => Expr::value("1900-01-01"),
    }
}

/// Empties the rows of these owners, table by table; answers how many rows.
async fn empty(txn: &Txn, app: &App, tables: &[Emptied], owners: &[AnyId]) -> AppResult<u64> {
    let mut rows = 0;
    for (table, owner, columns) in tables {
        for some in owners.chunks(BATCH) {
            let mut update = Query::update();
            update.table(Alias::new(*table));
            for (column, with) in *columns {
                update.value(Alias::new(*column), value(app, *with));
            }
            update.and_where(Expr::col(Alias::new(*owner)).is_in(some.iter().copied()));
            rows += txn.execute(&update).await?.rows_affected();
        }
    }
    Ok(rows)
}

async fn ids(txn: &Txn, select: SelectStatement) -> AppResult<Vec<AnyId>> {
    let rows = txn.query_all(&select).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

fn inquiries_of(patient: PatientId) -> SelectStatement {
    inquiries::Entity::find()
        .select_only()
        .column(inquiries::Column::Id)
        .filter(inquiries::Column::PatientId.eq(patient))
        .into_query()
}

fn quotes_of(patient: PatientId) -> SelectStatement {
    quotes::Entity::find()
        .select_only()
        .column(quotes::Column::Id)
        .filter(quotes::Column::InquiryId.in_subquery(inquiries_of(patient)))
        .into_query()
}

fn plans_of(patient: PatientId) -> SelectStatement {
    use aftercare_rows::after_cares::{Column, Entity};
    Entity::find().select_only().column(Column::Id).filter(Column::PatientId.eq(patient)).into_query()
}

/// Work items on a patient's plans, on offers before a plan and on requests for aftercare alone.
fn workflows_of(patient: PatientId) -> SelectStatement {
    use aftercare_rows::aftercare_workflows::{Column, Entity};
    use aftercare_rows::standalone_aftercare_requests as requests;
    let asked = requests::Entity::find()
        .select_only()
        .column(requests::Column::Id)
        .filter(requests::Column::PatientId.eq(patient))
        .into_query();
    let theirs = Condition::any()
        .add(Column::AfterCareId.in_subquery(plans_of(patient)))
        .add(Column::QuoteId.in_subquery(quotes_of(patient)))
        .add(Column::StandaloneRequestId.in_subquery(asked));
    Entity::find().select_only().column(Column::Id).filter(theirs).into_query()
}

fn of_plans(table: &'static str, plans: &[AnyId]) -> SelectStatement {
    let owner = Expr::col(Alias::new("after_care_id"));
    let mut select = Query::select();
    select.column(Alias::new("id")).from(Alias::new(table)).and_where(owner.is_in(plans.iter().copied()));
    select
}

/// Empties the medical records of a patient; answers how many rows, and the files whose objects go.
pub(super) async fn medical(txn: &Txn, app: &App, patient: PatientId) -> AppResult<(u64, Vec<FileId>)> {
    let files = files_of(txn, patient).await?;
    let cases = ids(txn, inquiries_of(patient)).await?;
    let offers = ids(txn, quotes_of(patient)).await?;
    let plans = ids(txn, plans_of(patient)).await?;
    let threads = ids(txn, of_plans("aftercare_conversations", &plans)).await?;
    let work = ids(txn, workflows_of(patient)).await?;
    let mut rows = 0;
    for (tables, owners) in [
        (OF_INQUIRIES, &cases),
        (OF_PATIENTS, &vec![patient.any()]),
        (OF_CONSENTS, &vec![patient.any()]),
        (OF_QUOTES, &offers),
        (OF_PLANS, &plans),
        (OF_AFTERCARE_THREADS, &threads),
        (OF_WORKFLOWS, &work),
    ] {
        rows += empty(txn, app, tables, owners).await?;
    }
    delete_files(txn, app, &files).await?;
    Ok((rows, files))
}

/// Empties what stands beside a patient's payments; every amount stays.
pub(super) async fn financial(txn: &Txn, app: &App, patient: PatientId) -> AppResult<u64> {
    let rows = empty(txn, app, MONEY_OF_PATIENTS, &[patient.any()]).await?;
    Ok(rows + empty(txn, app, MONEY_OF_QUOTES, &ids(txn, quotes_of(patient)).await?).await?)
}

/// Empties a conversation.
pub(super) async fn conversation(
    txn: &Txn,
    app: &App,
    id: kernel::ids::ConversationId,
) -> AppResult<(u64, Vec<FileId>)> {
    use messaging::entity::messages;
    let written: Vec<AnyId> = messages::Entity::find()
        .select_only()
        .column(messages::Column::Id)
        .filter(messages::Column::ConversationId.eq(id))
        .into_tuple()
        .all(txn)
        .await?;
    let owners: Vec<AnyId> = written.iter().copied().chain([id.any()]).collect();
    let mut found: Vec<FileId> = Vec::new();
    for some in owners.chunks(BATCH) {
        let stored: Vec<FileId> = files::Entity::find()
            .select_only()
            .column(files::Column::Id)
            .filter(files::Column::FileableType.is_in(["Message", "Conversation"]))
            .filter(files::Column::FileableId.is_in(some.iter().copied()))
            .into_tuple()
            .all(txn)
            .await?;
        found.extend(stored);
    }
    let rows = empty(txn, app, OF_CONVERSATIONS, &[id.any()]).await?;
    let rows = rows + empty(txn, app, OF_MESSAGES, &written).await?;
    delete_files(txn, app, &found).await?;
    Ok((rows, found))
}

/// Empties from where an erased patient agreed, and what staff wrote about threads whose words are erased (R-ID-69): a
/// consent names its patient by id only.
pub(in crate::service) async fn erased(
    txn: &Txn,
    app: &App,
    patient: PatientId,
    threads: &[kernel::ids::ConversationId],
) -> AppResult<()> {
    empty(txn, app, OF_CONSENTS, &[patient.any()]).await?;
    let threads: Vec<AnyId> = threads.iter().map(|id| id.any()).collect();
    empty(txn, app, &[OF_INTERVENTIONS], &threads).await?;
    Ok(())
}

/// The files of a patient's cases: what they sent, what their clinics took, what aftercare brought.
async fn files_of(txn: &Txn, patient: PatientId) -> AppResult<Vec<FileId>> {
    use aftercare_rows::{aftercare_milestone_scans as scans, aftercare_milestones as milestones};
    let quotes = quotes_of(patient);
    let drafts = inquiry_drafts::Entity::find()
        .select_only()
        .column(inquiry_drafts::Column::Id)
        .filter(inquiry_drafts::Column::PatientId.eq(patient))
        .into_query();
    let treatments = executions::Entity::find()
        .select_only()
        .column(executions::Column::Id)
        .filter(executions::Column::QuoteId.in_subquery(quotes.clone()))
        .into_query();
    let papers = passports::Entity::find()
        .select_only()
        .column(passports::Column::Id)
        .filter(passports::Column::PatientId.eq(patient))
        .into_query();
    let looks = scans::Entity::find()
        .select_only()
        .column(scans::Column::Id)
        .filter(
            scans::Column::AftercareMilestoneId.in_subquery(
                milestones::Entity::find()
                    .select_only()
                    .column(milestones::Column::Id)
                    .filter(milestones::Column::AfterCareId.in_subquery(plans_of(patient)))
                    .into_query(),
            ),
        )
        .into_query();
    let owned = [inquiries_of(patient), quotes, drafts, treatments, papers, looks, plans_of(patient)];
    let mut found = Vec::new();
    for owners in owned {
        let shown: Vec<FileId> = media::Entity::find()
            .select_only()
            .column(media::Column::FileId)
            .filter(media::Column::MediableId.in_subquery(owners.clone()))
            .into_tuple()
            .all(txn)
            .await?;
        let stored: Vec<FileId> = files::Entity::find()
            .select_only()
            .column(files::Column::Id)
            .filter(files::Column::FileableId.in_subquery(owners))
            .into_tuple()
            .all(txn)
            .await?;
        found.extend(shown);
        found.extend(stored);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

async fn delete_files(txn: &Txn, app: &App, ids: &[FileId]) -> AppResult<()> {
    files::Entity::update_many()
        .col_expr(files::Column::DeletedAt, Expr::value(app.now()))
        .filter(files::Column::Id.is_in(ids.iter().copied()))
        .filter(files::Column::DeletedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// What an item tells of what was done.
pub(super) fn counts(rows: u64, files: usize) -> Json {
    json!({ "rows": rows, "files": files })
}
