//! What Hairline keeps of a booking (R-PY-58).

mod clinics;
mod rate;
mod rules;
mod views;

use chrono::NaiveDate;
use kernel::ids::{ProviderId, UserId};
use kernel::{Actor, AppError, AppResult, Currency, Money, Permission, Timestamp};
use rust_decimal::prelude::ToPrimitive;
use sea_orm::sea_query::Cond;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, SqlErr};

use crate::entity::provider_commissions::{ProviderCommissionStatus, ProviderCommissionType};
use crate::entity::{provider_commissions, set_commissions};

pub use clinics::{agreements, clinic, own, preview_clinic, set_clinic, set_group};
pub use rate::{platform, preview_platform, set_platform};
pub use views::{
    AgreementLine, ClinicCharge, ClinicCommission, ClinicTermsChange, ClinicTermsVersion, Example, GroupTermsChange,
    PlatformCommission, PlatformRateChange, RateVersion, TermsStanding,
};

/// The rate while nobody has set one: the middle of the allowed 15 to 25.
pub const DEFAULT_PERCENT: i16 = 20;

/// How a clinic's bookings are charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// A share of the whole booking, in whole percent.
    Percent(i16),
    /// A fixed fee per booking, capped at the clinic's total.
    Flat(Money),
}

/// The terms in force for a clinic at an instant, which is `date` on its calendar: its own active row, else the platform's
/// rate then.
pub async fn terms(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    (date, now): (NaiveDate, Timestamp),
) -> AppResult<Terms> {
    let open_ended = Cond::any()
        .add(provider_commissions::Column::EffectiveTo.is_null())
        .add(provider_commissions::Column::EffectiveTo.gte(date));
    let own = provider_commissions::Entity::find()
        .filter(provider_commissions::Column::ProviderId.eq(provider))
        .filter(provider_commissions::Column::Status.eq(ProviderCommissionStatus::Active))
        .filter(provider_commissions::Column::EffectiveFrom.lte(date))
        .filter(open_ended)
        .order_by_desc(provider_commissions::Column::EffectiveFrom)
        .one(conn)
        .await?;
    match own {
        Some(row) => terms_of(&row),
        None => platform_rate(conn, now).await.map(Terms::Percent),
    }
}

/// What a row says.
fn terms_of(row: &provider_commissions::Model) -> AppResult<Terms> {
    match row.commission_type {
        ProviderCommissionType::Flat => {
            Ok(Terms::Flat(Money::new(row.commission_value, row.currency.unwrap_or(Currency::USD))))
        }
        ProviderCommissionType::Percentage => {
            let percent = row.commission_value.get().to_i16();
            percent.map(Terms::Percent).ok_or_else(|| AppError::internal("commission is no whole percent"))
        }
    }
}

/// The platform's rate at an instant.
pub async fn platform_rate(conn: &impl ConnectionTrait, now: Timestamp) -> AppResult<i16> {
    let newest = set_commissions::Entity::find()
        .filter(set_commissions::Column::EffectiveFrom.lte(now))
        .order_by_desc(set_commissions::Column::EffectiveFrom)
        .one(conn)
        .await?;
    match newest {
        Some(row) => i16::try_from(row.commission_percentage).map_err(AppError::internal),
        None => Ok(DEFAULT_PERCENT),
    }
}

/// Whoever may change what is kept.
fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ConfigurePaymentSetting)?;
    Ok(user)
}

/// Whoever may read it.
fn reader(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)
}

async fn percent_at(conn: &impl ConnectionTrait, now: Timestamp) -> AppResult<i32> {
    platform_rate(conn, now).await.map(i32::from)
}

/// Somebody else wrote for the same moment.
fn taken_meanwhile(error: sea_orm::DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => AppError::stale_version(),
        _ => error.into(),
    }
}
