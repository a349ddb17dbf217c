//! Clinics for the wings above: loading one, which accept, in which order an inquiry goes to them.

use std::collections::HashSet;

use kernel::ids::ProviderId;
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use sea_orm::sea_query::Cond;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::providers;
use crate::entity::providers::{ProviderOnboardingStage, ProviderStatus};
use crate::rules::distribution::{self, Ranked};
use crate::rules::rating::Rating;

/// The clinic's row; 404 when absent or deleted.
pub async fn load(conn: &impl ConnectionTrait, id: ProviderId) -> AppResult<providers::Model> {
    providers::Entity::find_by_id(id)
        .filter(providers::Column::DeletedAt.is_null())
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// The clinics with these ids, in one statement; absent ones are left out.
pub async fn load_many(conn: &impl ConnectionTrait, ids: &[ProviderId]) -> AppResult<Vec<providers::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(providers::Entity::find().filter(providers::Column::Id.is_in(ids.iter().copied())).all(conn).await?)
}

/// Whether the clinic is live: active, on board, not deleted.
pub fn is_live(clinic: &providers::Model) -> bool {
    clinic.status == ProviderStatus::Active
        && clinic.onboarding_stage == ProviderOnboardingStage::Live
        && clinic.deleted_at.is_none()
}

/// What a clinic's public address is made of.
#[derive(Clone, Debug)]
pub struct Address {
    /// Its name in addresses, or its id while it has none.
    pub name: String,
    /// ISO code.
    pub country_code: Option<String>,
    /// The city.
    pub city: String,
    /// Its last change.
    pub changed: Timestamp,
}

/// The addresses of live clinics by their names: at most so many, in one statement.
pub async fn addresses(app: &App, most: u64) -> AppResult<Vec<Address>> {
    let found = providers::Entity::find()
        .select_only()
        .columns([
            providers::Column::Id,
            providers::Column::Slug,
            providers::Column::CountryCode,
            providers::Column::City,
            providers::Column::UpdatedAt,
        ])
        .filter(live_condition())
        .order_by_asc(providers::Column::Slug)
        .order_by_asc(providers::Column::Id)
        .limit(most)
        .into_model::<Placed>()
        .all(app.replica.conn())
        .await?;
    let address = |row: Placed| Address {
        name: row.slug.unwrap_or_else(|| row.id.to_string()),
        country_code: row.country_code,
        city: row.city,
        changed: row.updated_at,
    };
    Ok(found.into_iter().map(address).collect())
}

/// The columns behind an [`Address`].
#[derive(FromQueryResult)]
struct Placed {
    id: ProviderId,
    slug: Option<String>,
    country_code: Option<String>,
    city: String,
    updated_at: Timestamp,
}

/// When a live clinic was changed last; `None` for any other. What is kept of a clinic is shown only as long as this says
/// the same (R-IQ-86): one statement by the primary key.
pub async fn live_since(conn: &impl ConnectionTrait, id: ProviderId) -> AppResult<Option<Timestamp>> {
    Ok(providers::Entity::find_by_id(id)
        .select_only()
        .column(providers::Column::UpdatedAt)
        .filter(live_condition())
        .into_tuple()
        .one(conn)
        .await?)
}

/// Those of these clinics that take new inquiries, in one statement.
pub async fn still_accepting(conn: &impl ConnectionTrait, ids: &[ProviderId]) -> AppResult<HashSet<ProviderId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<ProviderId> = providers::Entity::find()
        .select_only()
        .column(providers::Column::Id)
        .filter(accepting_condition())
        .filter(providers::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// Whether the clinic takes new inquiries: live and not paused.
pub fn is_accepting(clinic: &providers::Model) -> bool {
    is_live(clinic) && clinic.intake_paused_at.is_none()
}

/// The condition behind [`is_accepting`].
pub(crate) fn accepting_condition() -> Cond {
    live_condition().add(providers::Column::IntakePausedAt.is_null())
}

/// The condition behind [`is_live`].
fn live_condition() -> Cond {
    Cond::all()
        .add(providers::Column::Status.eq(ProviderStatus::Active))
        .add(providers::Column::OnboardingStage.eq(ProviderOnboardingStage::Live))
        .add(providers::Column::DeletedAt.is_null())
}

/// The accepting clinics in these countries (ISO codes) together with those of `also` that accept, best first.
pub async fn accepting(
    conn: &impl ConnectionTrait,
    countries: &[String],
    also: &[ProviderId],
) -> AppResult<Vec<providers::Model>> {
    let wanted = Cond::any()
        .add(providers::Column::CountryCode.is_in(countries.iter().map(String::as_str)))
        .add(providers::Column::Id.is_in(also.iter().copied()));
    let mut clinics = providers::Entity::find().filter(accepting_condition()).filter(wanted).all(conn).await?;
    // Sorted here and not by the database: both engines and all collations give one order.
    clinics.sort_by(|a, b| ranked(a).recommended_first(&ranked(b)));
    Ok(clinics)
}

pub(crate) fn ranked(clinic: &providers::Model) -> Ranked {
    Ranked {
        id: clinic.id,
        name: clinic.provider_name.clone(),
        featured: clinic.is_featured,
        rating: Rating { sum: clinic.rating_sum, count: clinic.rating_count },
    }
}

/// The clinics an inquiry goes to, in the exact order of R-IQ-25: the selected ones that still accept, then the best
/// of the chosen countries up to `cap` in all.
pub async fn candidates(
    conn: &impl ConnectionTrait,
    countries: &[String],
    selected: &[ProviderId],
    cap: usize,
) -> AppResult<Vec<ProviderId>> {
    let clinics = accepting(conn, countries, selected).await?;
    Ok(distribution::candidates(clinics.iter().map(ranked).collect(), selected, cap))
}

/// Refuses what the clinic's staff want to write while the clinic is suspended: 403 `provider_suspended`. Clinical
/// documentation of booked cases does not ask (D-5).
pub async fn require_writable(conn: &impl ConnectionTrait, id: ProviderId) -> AppResult<providers::Model> {
    let clinic = load(conn, id).await?;
    match clinic.status {
        ProviderStatus::Active => Ok(clinic),
        ProviderStatus::Suspended => {
            Err(AppError::denied("provider_suspended", "Your clinic is suspended: you can read but not change."))
        }
        ProviderStatus::Inactive => {
            Err(AppError::denied("provider_inactive", "This clinic is no longer with Hairline."))
        }
    }
}
