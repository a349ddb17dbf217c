//! Whom an event is about, from the ids it carries.

use std::collections::HashMap;

use directory::entity::providers;
use identity::anonymity;
use identity::entity::provider_users::ProviderUserStatus;
use identity::entity::{account_states, model_has_roles, patients, provider_team_members, provider_users, roles};
use inquiry::entity::inquiries;
use kernel::ids::{AnyId, InquiryId, PatientId, ProviderId, QuoteId};
use kernel::{AppResult, Guard};
use platform::App;
use platform::outbox::Delivered;
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// The people and codes behind an event.
#[derive(Debug, Default)]
pub struct Facts {
    /// The patient of the case.
    pub patient: Option<patients::Model>,
    /// The clinic.
    pub clinic: Option<providers::Model>,
    /// The patient's name as this clinic may know it.
    pub alias: String,
    /// The case's code.
    pub code: String,
    /// The inquiry, for links.
    pub inquiry: Option<InquiryId>,
    /// Why the state of an account changed, as staff wrote it for its holder.
    pub reason: String,
}

/// Loads them; what an event does not name stays empty.
pub async fn load(app: &App, conn: &impl ConnectionTrait, event: &Delivered) -> AppResult<Facts> {
    let quote = match event.optional_id::<QuoteId>("quote_id")? {
        Some(id) => quotes::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    let inquiry_id = event.optional_id::<InquiryId>("inquiry_id")?.or(quote.as_ref().map(|quote| quote.inquiry_id));
    let inquiry = match inquiry_id {
        Some(id) => inquiries::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    let patient_id =
        event.optional_id::<PatientId>("patient_id")?.or(inquiry.as_ref().map(|inquiry| inquiry.patient_id));
    let provider_id = event.optional_id::<ProviderId>("provider_id")?.or(quote.as_ref().map(|quote| quote.provider_id));
    let patient = match patient_id {
        Some(id) => patients::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    let clinic = match provider_id {
        Some(id) => providers::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    let alias = match (&patient, &clinic) {
        (Some(patient), Some(clinic)) => {
            let levels = anonymity::levels(conn, clinic.id, &[patient.id]).await?;
            let level = levels.get(&patient.id).copied().unwrap_or(anonymity::Level::Full);
            anonymity::mask(app, patient, level)?.display_name
        }
        _ => String::new(),
    };
    let code = quote.and_then(|quote| quote.quote_code).or(inquiry.as_ref().and_then(|it| it.inquiry_code.clone()));
    let reason = match (event.key.as_str(), event.subject_id) {
        ("account.status_changed", Some(id)) => reason_of(conn, id).await?,
        ("team.member_status_changed", Some(id)) => reason_of_membership(conn, id).await?,
        // What the patient chose goes back to the patient and to nobody else: clinics have no part in this event (R-IQ-61).
        ("inquiry.cancelled", _) => match inquiry.as_ref().and_then(|it| it.cancellation_reason.clone()) {
            Some(chosen) if chosen != inquiry::case::ACCOUNT_DELETED => chosen,
            _ => NO_REASON.to_owned(),
        },
        _ => String::new(),
    };
    let inquiry = inquiry.map(|inquiry| inquiry.id);
    Ok(Facts { patient, clinic, alias, code: code.unwrap_or_default(), inquiry, reason })
}

/// What texts are told where nobody gave a reason.
const NO_REASON: &str = "none";

/// Events carry no free text: the reason stands with the account.
async fn reason_of(conn: &impl ConnectionTrait, account: AnyId) -> AppResult<String> {
    let state = account_states::Entity::find().filter(account_states::Column::ModelId.eq(account)).one(conn).await?;
    Ok(state.and_then(|state| state.reason).unwrap_or_default())
}

/// Why a member was suspended or removed; nothing where they were let back in.
async fn reason_of_membership(conn: &impl ConnectionTrait, member: AnyId) -> AppResult<String> {
    let row = provider_team_members::Entity::find()
        .filter(provider_team_members::Column::ProviderUserId.eq(member))
        .order_by_desc(provider_team_members::Column::JoinedAt)
        .one(conn)
        .await?;
    let reason = row.and_then(|row| row.removal_reason.or(row.suspension_reason));
    Ok(reason.unwrap_or_else(|| NO_REASON.to_owned()))
}

/// Active members of a clinic with their role's name.
pub async fn members(
    conn: &impl ConnectionTrait,
    clinic: ProviderId,
) -> AppResult<Vec<(provider_users::Model, String)>> {
    let people = provider_users::Entity::find()
        .filter(provider_users::Column::ProviderId.eq(clinic))
        .filter(provider_users::Column::Status.eq(ProviderUserStatus::Active))
        .filter(provider_users::Column::CanLogin.eq(true))
        .filter(provider_users::Column::DeletedAt.is_null())
        .all(conn)
        .await?;
    let held: HashMap<AnyId, String> = model_has_roles::Entity::find()
        .find_also_related(roles::Entity)
        .filter(model_has_roles::Column::ModelType.eq(Guard::Provider.model_type()))
        .filter(model_has_roles::Column::ModelId.is_in(people.iter().map(|person| person.id.any())))
        .all(conn)
        .await?
        .into_iter()
        .filter_map(|(held, role)| Some((held.model_id, role?.name)))
        .collect();
    Ok(people
        .into_iter()
        .filter_map(|person| Some((held.get(&person.id.any())?.clone(), person)))
        .map(|(role, person)| (person, role))
        .collect())
}

/// Super admins and admins.
pub async fn admins(conn: &impl ConnectionTrait) -> AppResult<Vec<AnyId>> {
    let held = model_has_roles::Entity::find()
        .find_also_related(roles::Entity)
        .filter(model_has_roles::Column::ModelType.eq(Guard::Api.model_type()))
        .filter(roles::Column::Name.is_in(["super_admin", "admin"]))
        .all(conn)
        .await?;
    Ok(held.into_iter().map(|(held, _)| held.model_id).collect())
}
