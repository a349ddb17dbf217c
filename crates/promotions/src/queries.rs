//! What an affiliate reads of its own work: who it is, its codes, how often they were used.

use std::collections::HashMap;

use kernel::ids::{AffiliateDiscountCodeId, AffiliateId};
use kernel::{Actor, ActorKind, Amount, AppError, AppResult};
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::affiliate_attributions::{self as attributions, AffiliateAttributionState};
use crate::entity::affiliate_discount_codes::{
    self as codes, AffiliateDiscountCodeDiscountType, AffiliateDiscountCodeStatus,
};
use crate::entity::affiliates;
use crate::entity::discount_redemptions::{self as redemptions, DiscountRedemptionState};

/// An affiliate as it sees itself.
#[derive(Clone, Debug)]
pub struct OwnAffiliate {
    /// Its name.
    pub name: String,
    /// `HP-AFF-00012`.
    pub code: Option<String>,
    /// Patients it brought, those that count; a person counts once.
    pub patients: u64,
    /// Bookings in which one of its codes was used and not given back.
    pub bookings: u64,
    /// Bookings of those that are treated and paid.
    pub completed: u64,
    /// Its codes, newest first.
    pub codes: Vec<OwnCode>,
}

/// A discount code of an affiliate.
#[derive(Clone, Debug)]
pub struct OwnCode {
    /// What patients type.
    pub code: String,
    /// Percent or a fixed amount.
    pub kind: AffiliateDiscountCodeDiscountType,
    /// How much.
    pub value: Amount,
    /// Whether it can be used.
    pub status: AffiliateDiscountCodeStatus,
    /// How often it may be used in all.
    pub limit: Option<i32>,
    /// In how many bookings it was used and not given back.
    pub bookings: u64,
    /// Last day.
    pub ends: Option<chrono::NaiveDate>,
}

/// The affiliate who asks, in three statements; nobody else has such a page.
pub async fn own(app: &App, actor: &Actor) -> AppResult<OwnAffiliate> {
    let ActorKind::Affiliate(id) = actor.kind else { return Err(AppError::forbidden()) };
    let conn = app.db.conn();
    let found = affiliates::Entity::find_by_id(id)
        .filter(affiliates::Column::DeletedAt.is_null())
        .find_with_related(codes::Entity)
        .order_by_desc(codes::Column::CreatedAt)
        .order_by_desc(codes::Column::Id)
        .all(conn)
        .await?;
    let (affiliate, rows) = found.into_iter().next().ok_or_else(AppError::not_found)?;
    let uses = uses(conn, id).await?;
    let count = |wanted: fn(DiscountRedemptionState) -> bool| -> u64 {
        uses.iter().filter(|((_, state), _)| wanted(*state)).map(|(_, count)| count).sum()
    };
    let stands = |state| matches!(state, DiscountRedemptionState::Applied | DiscountRedemptionState::Completed);
    let of_code = |code: AffiliateDiscountCodeId| -> u64 {
        uses.iter().filter(|((own, state), _)| *own == code && stands(*state)).map(|(_, count)| count).sum()
    };
    Ok(OwnAffiliate {
        patients: patients(conn, id).await?,
        bookings: count(stands),
        completed: count(|state| state == DiscountRedemptionState::Completed),
        codes: rows
            .into_iter()
            .map(|row| OwnCode {
                bookings: of_code(row.id),
                code: row.code,
                kind: row.discount_type,
                value: row.discount_value,
                status: row.status,
                limit: row.usage_limit,
                ends: row.end_date,
            })
            .collect(),
        name: affiliate.affiliate_name,
        code: affiliate.affiliate_code,
    })
}

type Uses = HashMap<(AffiliateDiscountCodeId, DiscountRedemptionState), u64>;

/// How many bookings used each code, by where the discount stands.
async fn uses(conn: &impl ConnectionTrait, affiliate: AffiliateId) -> AppResult<Uses> {
    let mut own =
        codes::Entity::find().select_only().column(codes::Column::Id).filter(codes::Column::AffiliateId.eq(affiliate));
    let rows: Vec<(AffiliateDiscountCodeId, DiscountRedemptionState, i64)> = redemptions::Entity::find()
        .select_only()
        .column(redemptions::Column::AffiliateDiscountCodeId)
        .column(redemptions::Column::State)
        .column_as(Expr::col((redemptions::Entity, redemptions::Column::Id)).count(), "uses")
        .filter(redemptions::Column::AffiliateDiscountCodeId.in_subquery(QuerySelect::query(&mut own).to_owned()))
        .group_by(redemptions::Column::AffiliateDiscountCodeId)
        .group_by(redemptions::Column::State)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(code, state, count)| ((code, state), u64::try_from(count).unwrap_or(0))).collect())
}

async fn patients(conn: &impl ConnectionTrait, affiliate: AffiliateId) -> AppResult<u64> {
    let count: Option<i64> = attributions::Entity::find()
        .select_only()
        .column_as(Expr::col((attributions::Entity, attributions::Column::PatientId)).count_distinct(), "patients")
        .filter(attributions::Column::AffiliateId.eq(affiliate))
        .filter(
            attributions::Column::State.is_in([AffiliateAttributionState::Active, AffiliateAttributionState::Frozen]),
        )
        .into_tuple()
        .one(conn)
        .await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}
