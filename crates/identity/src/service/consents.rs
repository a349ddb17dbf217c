//! A patient reads and changes their consents (R-ID-11, R-CM-84).

use chrono::{DateTime, Utc};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};
use serde::Serialize;

use crate::consents::{self, Given, KINDS, PatientConsentAction, PatientConsentType};
use crate::projection::{inquiries, quotes};

/// One kind of consent and what the patient last said to it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConsentView {
    /// The kind.
    pub consent_type: PatientConsentType,
    /// Whether it is granted now.
    pub granted: bool,
    /// Belongs to the account and ends only with it.
    pub mandatory: bool,
    /// The version of the text agreed to.
    pub document_version: Option<String>,
    /// When it was last changed; null when never asked.
    pub acted_at: Option<DateTime<Utc>>,
}

fn is_mandatory(kind: PatientConsentType) -> bool {
    matches!(kind, PatientConsentType::Terms | PatientConsentType::PrivacyPolicy)
}

/// Every kind, granted or not.
pub async fn list(app: &App, actor: &Actor) -> AppResult<Vec<ConsentView>> {
    let patient = actor.patient()?;
    let mut newest = consents::newest(app.db.conn(), patient).await?;
    Ok(KINDS
        .into_iter()
        .map(|kind| {
            let row = newest.remove(&consents::order(kind));
            ConsentView {
                consent_type: kind,
                granted: row.as_ref().is_some_and(|row| row.action == PatientConsentAction::Granted),
                mandatory: is_mandatory(kind),
                acted_at: row.as_ref().map(|row| row.acted_at),
                document_version: row.and_then(|row| row.document_version),
            }
        })
        .collect())
}

/// Adds the patient's word to the ledger; saying the same again adds nothing.
///
/// Errors: 409 `consent_mandatory`; 409 `consent_in_use` for medical and sharing consents while a booking runs.
pub async fn change(
    app: &App,
    actor: &Actor,
    kind: PatientConsentType,
    action: PatientConsentAction,
    given: Given,
) -> AppResult<()> {
    let patient = actor.patient()?;
    let withdraws = action == PatientConsentAction::Withdrawn;
    if withdraws && is_mandatory(kind) {
        let detail = "This consent belongs to the account and ends only with it.";
        return Err(AppError::conflict("consent_mandatory", detail));
    }
    platform::write_txn!(app.db, |txn| {
        let granted = consents::granted(txn, patient, kind).await?;
        if granted != withdraws {
            return Ok(());
        }
        let for_care =
            matches!(kind, PatientConsentType::MedicalDataProcessing | PatientConsentType::ProviderDataSharing);
        if withdraws && for_care && has_running_booking(txn, patient).await? {
            return Err(AppError::conflict("consent_in_use", "A running booking needs this consent."));
        }
        consents::record(txn, app, actor, patient, (kind, action), given).await?;
        let entry = Entry::new("consent.changed")
            .subject("Patient", patient)
            .patient(patient)
            .change(None, Some(serde_json::json!({ "consent_type": kind, "action": action })));
        audit::record(txn, app, actor, entry).await
    })
}

async fn has_running_booking(conn: &impl ConnectionTrait, patient: kernel::ids::PatientId) -> AppResult<bool> {
    let cases = inquiries::Entity::find()
        .select_only()
        .column(inquiries::Column::Id)
        .filter(inquiries::Column::PatientId.eq(patient))
        .into_query();
    let running = quotes::Entity::find()
        .filter(quotes::Column::InquiryId.in_subquery(cases))
        .filter(quotes::Column::Status.is_in(["accepted", "confirmed", "inprogress", "aftercare"]))
        .count(conn)
        .await?;
    Ok(running > 0)
}
