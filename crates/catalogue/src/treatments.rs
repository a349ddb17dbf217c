//! Reading the treatment catalogue, and what one clinic charges for an entry.

use kernel::ids::{ProviderId, TreatmentId};
use kernel::{AppError, AppResult, Page, PageQuery};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::provider_treatment_pricing::{self as pricing, ProviderTreatmentPricingStatus};
use crate::entity::treatment_includes::{self, TreatmentIncludeStatus};
use crate::entity::treatments::{self, TreatmentStatus};

/// A treatment by id, active or not; 404 when there is none.
pub async fn load(conn: &impl ConnectionTrait, id: TreatmentId) -> AppResult<treatments::Model> {
    treatments::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)
}

/// Treatments by name; only the active ones unless `all`.
pub async fn list(conn: &impl ConnectionTrait, all: bool) -> AppResult<Vec<treatments::Model>> {
    let mut query = treatments::Entity::find().order_by_asc(treatments::Column::TreatmentName);
    if !all {
        query = query.filter(treatments::Column::Status.eq(TreatmentStatus::Active));
    }
    Ok(query.all(conn).await?)
}

/// A page of treatments by name; only the active ones unless `all`. Two statements.
pub async fn page(conn: &impl ConnectionTrait, all: bool, page: PageQuery) -> AppResult<Page<treatments::Model>> {
    let page = page.checked()?;
    let mut query = treatments::Entity::find();
    if !all {
        query = query.filter(treatments::Column::Status.eq(TreatmentStatus::Active));
    }
    let total = query.clone().count(conn).await?;
    let rows = query
        .order_by_asc(treatments::Column::TreatmentName)
        .order_by_asc(treatments::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(rows, page, total))
}

/// What is always part of these treatments, in order.
pub async fn includes(conn: &impl ConnectionTrait, ids: &[TreatmentId]) -> AppResult<Vec<treatment_includes::Model>> {
    Ok(treatment_includes::Entity::find()
        .filter(treatment_includes::Column::TreatmentId.is_in(ids.iter().copied()))
        .filter(treatment_includes::Column::Status.eq(TreatmentIncludeStatus::Active))
        .order_by_asc(treatment_includes::Column::OrderIndex)
        .all(conn)
        .await?)
}

/// The treatment and this clinic's price for it, if it can be quoted now (R-IQ-31): active in the catalogue and
/// offered by the clinic. Else 422 `treatment_not_offered`, without a hint which of the two is missing.
pub async fn offered(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    treatment: TreatmentId,
) -> AppResult<(treatments::Model, pricing::Model)> {
    let found = treatments::Entity::find_by_id(treatment)
        .filter(treatments::Column::Status.eq(TreatmentStatus::Active))
        .one(conn)
        .await?;
    let price = pricing::Entity::find()
        .filter(pricing::Column::ProviderId.eq(provider))
        .filter(pricing::Column::TreatmentId.eq(treatment))
        .filter(pricing::Column::Status.eq(ProviderTreatmentPricingStatus::Offered))
        .one(conn)
        .await?;
    found.zip(price).ok_or_else(|| {
        AppError::invalid("treatment_not_offered", "Your clinic does not offer this treatment.")
            .on_field("treatment_id")
    })
}
