//! Who agreed to which legal text: the patients' ledger of consents, and the one of everybody else (R-CM-86).

use kernel::ids::{AnyId, LegalAcceptanceId, LegalDocumentId};
use kernel::{Actor, ActorKind, AppError, AppResult, Timestamp};
use platform::App;
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::consents::{self, Given, PatientConsentAction, PatientConsentType, Text};
use crate::entity::legal_acceptances::{
    self as rows, LegalAcceptanceAction, LegalAcceptanceChannel, LegalAcceptanceHolderType as HolderType,
};
use crate::entity::patient_consents::{self, PatientConsentChannel};

/// One line of a ledger.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// To what kind of thing.
    pub kind: PatientConsentType,
    /// Whether it was granted or taken back.
    pub granted: bool,
    /// The document, when there was one.
    pub document: Option<LegalDocumentId>,
    /// Its version.
    pub version: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Everything an account said, oldest first: one statement. Nobody and the system said nothing.
pub async fn of(conn: &impl ConnectionTrait, actor: &Actor) -> AppResult<Vec<Agreed>> {
    if let ActorKind::Patient(patient) = actor.kind {
        let rows = patient_consents::Entity::find()
            .filter(patient_consents::Column::PatientId.eq(patient))
            .order_by_asc(patient_consents::Column::ActedAt)
            .order_by_asc(patient_consents::Column::Id)
            .all(conn)
            .await?;
        let line = |row: patient_consents::Model| Agreed {
            kind: row.consent_type,
            granted: row.action == PatientConsentAction::Granted,
            document: row.terms_and_conditions_id,
            version: row.document_version,
            at: row.acted_at,
        };
        return Ok(rows.into_iter().map(line).collect());
    }
    let Some((kind, id)) = holder(actor) else { return Ok(Vec::new()) };
    let rows = rows::Entity::find()
        .filter(rows::Column::HolderType.eq(kind))
        .filter(rows::Column::HolderId.eq(id))
        .order_by_asc(rows::Column::ActedAt)
        .order_by_asc(rows::Column::Id)
        .all(conn)
        .await?;
    let line = |row: rows::Model| {
        Some(Agreed {
            kind: PatientConsentType::try_from_value(&row.consent_type).ok()?,
            granted: row.action == LegalAcceptanceAction::Granted,
            document: row.terms_and_conditions_id,
            version: row.document_version,
            at: row.acted_at,
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// Adds the account's yes to a text. The ledgers only grow.
///
/// Errors: 401 or 403 for who has no account.
pub async fn accept(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    kind: PatientConsentType,
    text: Option<Text>,
    given: Given,
) -> AppResult<()> {
    if let ActorKind::Patient(patient) = actor.kind {
        let said = (kind, PatientConsentAction::Granted);
        consents::record_text(conn, app, actor, patient, said, text, given).await?;
        return Ok(());
    }
    let (holder_type, holder_id) = holder(actor).ok_or_else(AppError::unauthenticated)?;
    let now = app.now();
    let row = rows::ActiveModel {
        id: Set(LegalAcceptanceId::new()),
        holder_type: Set(holder_type),
        holder_id: Set(holder_id),
        consent_type: Set(kind.to_value()),
        action: Set(LegalAcceptanceAction::Granted),
        terms_and_conditions_id: Set(text.as_ref().map(|text| text.id)),
        document_version: Set(text.as_ref().map(|text| text.version.clone())),
        locale: Set(text.as_ref().map_or(given.locale.code().to_owned(), |text| text.locale.clone())),
        content_sha256: Set(text.map(|text| text.sha256)),
        channel: Set(match given.channel {
            PatientConsentChannel::Web => LegalAcceptanceChannel::Web,
            PatientConsentChannel::Mobile => LegalAcceptanceChannel::Mobile,
            PatientConsentChannel::AdminAssisted => LegalAcceptanceChannel::AdminAssisted,
        }),
        ip_address: Set(actor.origin.ip.clone()),
        user_agent: Set(actor.origin.agent.clone()),
        acted_at: Set(now),
        created_at: Set(now),
    };
    rows::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// What somebody agreed to who ticked the box under the terms: the terms and the privacy policy in force (R-ID-54).
pub(crate) async fn accept_terms(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    audience: &'static str,
    given: Given,
) -> AppResult<()> {
    for kind in [PatientConsentType::Terms, PatientConsentType::PrivacyPolicy] {
        let text = consents::text_in_force(conn, audience, kind, given.locale).await?;
        accept(conn, app, actor, kind, text, given).await?;
    }
    Ok(())
}

fn holder(actor: &Actor) -> Option<(HolderType, AnyId)> {
    match actor.kind {
        ActorKind::Provider { user, .. } => Some((HolderType::ProviderUser, user.any())),
        ActorKind::Admin(id) => Some((HolderType::User, id.any())),
        ActorKind::Affiliate(id) => Some((HolderType::Affiliate, id.any())),
        ActorKind::Patient(_) | ActorKind::Anonymous | ActorKind::System => None,
    }
}
