//! The columns that a change of keys walks through (R-ID-62), and the job that does it.

use std::time::{Duration, Instant};

use kernel::ids::UserId;
use kernel::{AppError, AppResult, Sealed};
use platform::App;
use platform::jobs::{self, Enqueue, JobKind};
use platform::rotation::{self, Report, SealedTable};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Query};
use serde_json::{Value as Json, json};

/// The job behind a rotation started from the staff's portal.
const ROTATE: &str = "keys.rotate";

/// How long one run of the job works before it hands over to the next: a job may take a minute.
const SLICE: Duration = Duration::from_secs(40);

/// Every column of the house that holds ciphertext, but for append-only tables: those are sealed with the lasting key.
/// A test compares this list with the entities.
const WINGS: &[SealedTable] = &[
    SealedTable { name: "aftercare_messages", columns: &["content"] },
    SealedTable { name: "aftercare_milestones", columns: &["notes"] },
    SealedTable { name: "aftercare_question_answers", columns: &["answer"] },
    SealedTable { name: "aftercare_questionnaire_responses", columns: &["responses", "flag_reasons"] },
    SealedTable { name: "aftercare_workflows", columns: &["summary", "outcome_note"] },
    SealedTable { name: "banking_details", columns: &["account_number_encrypted", "iban_encrypted"] },
    SealedTable { name: "gateway_accounts", columns: &["secret_key_encrypted", "webhook_secrets_encrypted"] },
    SealedTable { name: "inquiry_drafts", columns: &["payload"] },
    SealedTable {
        name: "medical_histories",
        columns: &[
            "age",
            "medical_conditions",
            "medications",
            "allergies",
            "previous_surgeries",
            "smoking_status",
            "alcohol_consumption",
            "family_history",
            "critical_conditions",
            "alert_level",
        ],
    },
    SealedTable { name: "message_moderation", columns: &["original_content"] },
    SealedTable { name: "mfa_credentials", columns: &["secret"] },
    SealedTable { name: "one_time_codes", columns: &["payload"] },
    SealedTable { name: "passport_details", columns: &["passport_number", "passport_image"] },
    SealedTable { name: "patients", columns: &["phone_number"] },
    SealedTable { name: "provider_documents", columns: &["document_number"] },
    SealedTable { name: "questionnaires", columns: &["answers", "alert_level"] },
    SealedTable { name: "recovery_progress_logs", columns: &["value", "note"] },
    SealedTable { name: "standalone_aftercare_requests", columns: &["current_concerns"] },
    SealedTable { name: "timelines", columns: &["note"] },
    SealedTable {
        name: "treatment_executions",
        columns: &[
            "beginning_note",
            "conclusion_notes",
            "prescription",
            "advice",
            "medication_instructions",
            "completion_snapshot",
            "closure_note",
        ],
    },
    SealedTable { name: "users", columns: &["phone_number"] },
];

/// All tables with sealed columns.
pub fn tables() -> Vec<SealedTable> {
    WINGS.iter().chain(rotation::TABLES).copied().collect()
}

/// How many values of a column are tried: one may be torn.
const TRIED: u64 = 3;

/// Whether a value of the house opens with the keys there are; true as well where nothing is sealed yet.
async fn opens_anything(app: &App) -> AppResult<bool> {
    let mut tried = false;
    for table in tables() {
        let query = Query::select()
            .columns(table.columns.iter().map(|column| Alias::new(*column)))
            .from(Alias::new(table.name))
            .limit(TRIED)
            .to_owned();
        for row in app.db.conn().query_all(&query).await? {
            for column in table.columns {
                let Some(text) = row.try_get::<Option<String>>("", column)? else { continue };
                if app.keys.open::<String>(&Sealed::from_ciphertext(&text)).is_ok() {
                    return Ok(true);
                }
                tried = true;
            }
        }
    }
    Ok(!tried)
}

/// Refuses to work without a key that is still needed: a rotation to the current key has not reached everything, and the
/// keys before it were taken out of the configuration, or nothing there is was ever sealed with the current one (R-ID-62).
///
/// Errors: 409 `key_in_use`.
pub async fn require_keys(app: &App) -> AppResult<()> {
    if app.keys.has_previous() {
        return Ok(());
    }
    let report = rotation::status(app).await?;
    let is_whole = if report.columns.is_empty() { opens_anything(app).await? } else { report.removable };
    if is_whole {
        return Ok(());
    }
    Err(AppError::conflict(
        "key_in_use",
        "The rotation to the current key has not reached everything, and no previous key is configured. Put the previous \
         key back into keys.previous and run `hairline keys rotate` before it is removed.",
    ))
}

/// The jobs of this list.
pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { name: ROTATE, run: |app, payload| Box::pin(work(app, payload)) }]
}

/// Starts a rotation in the background; a running one goes on.
pub async fn start(app: &App, by: UserId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        jobs::enqueue(txn, app, ROTATE, json!({ "by": by }), Enqueue::default()).await?;
        Ok(())
    })
}

async fn work(app: &App, payload: &Json) -> AppResult<()> {
    let by = payload.get("by").and_then(Json::as_str).and_then(|id| id.parse::<UserId>().ok());
    let begin = Instant::now();
    let report: Report = rotation::rotate(app, &tables(), by, |_| begin.elapsed() < SLICE).await?;
    if report.finished {
        return Ok(());
    }
    platform::write_txn!(app.db, |txn| {
        jobs::enqueue(txn, app, ROTATE, json!({ "by": by }), Enqueue::default()).await?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    /// Reads the entities: a column whose type is `Sealed` must be in the list, or its table append-only.
    #[test]
    fn every_sealed_column_takes_part() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for wing in std::fs::read_dir(crates).unwrap() {
            let Ok(entities) = std::fs::read_dir(wing.unwrap().path().join("src/entity")) else { continue };
            for entity in entities {
                let text = std::fs::read_to_string(entity.unwrap().path()).unwrap();
                let Some(table) = text.split("table_name = \"").nth(1).and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                let sealed = text.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "));
                let sealed =
                    sealed.filter(|(_, kind)| kind.starts_with("Sealed<") || kind.starts_with("Option<Sealed<"));
                for (column, _) in sealed {
                    found.entry(table.to_owned()).or_default().insert(column.to_owned());
                }
            }
        }
        // Append-only rows have the lasting key, sealed identities one each.
        for apart in ["audit_logs", "aftercare_workflow_steps", "sealed_identities"] {
            assert!(found.remove(apart).is_some(), "{apart}");
        }
        let listed: BTreeMap<String, BTreeSet<String>> = super::tables()
            .iter()
            .map(|table| (table.name.to_owned(), table.columns.iter().map(|c| (*c).to_owned()).collect()))
            .collect();
        assert_eq!(listed, found);
    }
}
