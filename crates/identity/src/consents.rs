//! The ledger of consents: the newest row per kind is the state.

use std::collections::BTreeMap;

use kernel::ids::{LegalDocumentId, PatientConsentId, PatientId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::locale::Locale;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entity::patient_consents;
pub use crate::entity::patient_consents::{PatientConsentAction, PatientConsentChannel, PatientConsentType};
use crate::projection::legal_documents;

/// Every kind, in the order screens show them.
pub const KINDS: [PatientConsentType; 8] = [
    PatientConsentType::Terms,
    PatientConsentType::PrivacyPolicy,
    PatientConsentType::MedicalDataProcessing,
    PatientConsentType::ProviderDataSharing,
    PatientConsentType::PhotoPublication,
    PatientConsentType::Analytics,
    PatientConsentType::Marketing,
    PatientConsentType::MonitoringShare,
];

/// Whether the patient's newest word on this kind is a grant.
pub async fn granted(conn: &impl ConnectionTrait, patient: PatientId, kind: PatientConsentType) -> AppResult<bool> {
    let newest = patient_consents::Entity::find()
        .filter(patient_consents::Column::PatientId.eq(patient))
        .filter(patient_consents::Column::ConsentType.eq(kind))
        .order_by_desc(patient_consents::Column::ActedAt)
        .order_by_desc(patient_consents::Column::Id)
        .one(conn)
        .await?;
    Ok(newest.is_some_and(|row| row.action == PatientConsentAction::Granted))
}

/// Refuses with 403 `consent_required` unless medical data may be processed and shared with clinics (R-CM-84).
pub async fn require_sharing(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<()> {
    let state = newest(conn, patient).await?;
    let missing: Vec<PatientConsentType> =
        [PatientConsentType::MedicalDataProcessing, PatientConsentType::ProviderDataSharing]
            .into_iter()
            .filter(|kind| !state.get(&order(*kind)).is_some_and(|row| row.action == PatientConsentAction::Granted))
            .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let detail = "Agree to the processing of your medical data and to sharing it with clinics first.";
    Err(AppError::denied("consent_required", detail).with("missing", missing))
}

/// The newest row of every kind, by the kind's place in [`KINDS`].
pub(crate) async fn newest(
    conn: &impl ConnectionTrait,
    patient: PatientId,
) -> AppResult<BTreeMap<usize, patient_consents::Model>> {
    let rows = patient_consents::Entity::find()
        .filter(patient_consents::Column::PatientId.eq(patient))
        .order_by_asc(patient_consents::Column::ActedAt)
        .order_by_asc(patient_consents::Column::Id)
        .all(conn)
        .await?;
    // Later rows replace earlier ones.
    Ok(rows.into_iter().map(|row| (order(row.consent_type), row)).collect())
}

pub(crate) fn order(kind: PatientConsentType) -> usize {
    KINDS.iter().position(|other| *other == kind).unwrap_or(KINDS.len())
}

/// Where and how a consent was given.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The language of the text shown.
    pub locale: Locale,
    /// The surface.
    pub channel: PatientConsentChannel,
}

/// Writes one line of the ledger, with the version of the text in force (R-CM-86).
pub async fn record(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    patient: PatientId,
    (kind, action): (PatientConsentType, PatientConsentAction),
    given: Given,
) -> AppResult<patient_consents::Model> {
    let text = text_in_force(conn, "patient", kind, given.locale).await?;
    record_text(conn, app, actor, patient, (kind, action), text, given).await
}

/// The same with the text that was shown.
pub(crate) async fn record_text(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    patient: PatientId,
    (kind, action): (PatientConsentType, PatientConsentAction),
    text: Option<Text>,
    given: Given,
) -> AppResult<patient_consents::Model> {
    let now = app.now();
    let row = patient_consents::ActiveModel {
        id: Set(PatientConsentId::new()),
        patient_id: Set(patient),
        consent_type: Set(kind),
        action: Set(action),
        terms_and_conditions_id: Set(text.as_ref().map(|text| text.id)),
        document_version: Set(text.as_ref().map(|text| text.version.clone())),
        locale: Set(text.as_ref().map_or(given.locale.code().to_owned(), |text| text.locale.clone())),
        content_sha256: Set(text.map(|text| text.sha256)),
        channel: Set(given.channel),
        ip_address: Set(actor.origin.ip.clone()),
        user_agent: Set(actor.origin.agent.clone()),
        acted_at: Set(now),
        created_at: Set(now),
    };
    Ok(row.insert(conn).await?)
}

/// The text somebody saw: one language of one version of a legal document.
#[derive(Clone, Debug)]
pub struct Text {
    /// The row of the document.
    pub id: LegalDocumentId,
    /// Its version.
    pub version: String,
    /// Its language, which may be another one than the reader's.
    pub locale: String,
    /// The fingerprint of its words.
    pub sha256: String,
}

/// The current text behind a kind for an audience (`patient`, `provider`): its own before the common one, the reader's
/// language before English.
pub(crate) async fn text_in_force(
    conn: &impl ConnectionTrait,
    audience: &'static str,
    kind: PatientConsentType,
    locale: Locale,
) -> AppResult<Option<Text>> {
    use legal_documents::Column;
    let document_type = match kind {
        PatientConsentType::Terms => "terms",
        PatientConsentType::PrivacyPolicy => "privacy_policy",
        PatientConsentType::MedicalDataProcessing | PatientConsentType::ProviderDataSharing => "consent_form",
        _ => return Ok(None),
    };
    let locales = [locale.code(), Locale::En.code()];
    let mut found = legal_documents::Entity::find()
        .filter(Column::DocumentType.eq(document_type))
        .filter(Column::Status.eq("current"))
        .filter(Condition::any().add(Column::Audience.eq(audience)).add(Column::Audience.eq("all")))
        .filter(Column::Locale.is_in(locales))
        .all(conn)
        .await?;
    found.sort_by_key(|document| (document.audience != audience, document.locale != locale.code()));
    Ok(found.into_iter().next().map(|document| Text {
        id: document.id,
        version: document.version_label,
        locale: document.locale,
        sha256: document.content_sha256,
    }))
}
