//! A new version of a booking's terms before it is confirmed: the same booking at another price (R-PY-12, R-PY-46).

use kernel::ids::{AffiliateDiscountCodeId, AffiliateId, BookingTermsId, DiscountId};
use kernel::{Actor, ActorKind, Amount, AppError, AppResult};
use platform::App;
use platform::db::Txn;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use crate::case::Case;
use crate::entity::booking_terms::{self, BookingTermsCreatedByType as By, BookingTermsDiscountFunding as Funding};
use crate::rules::terms;

/// What takes something off the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reduced {
    /// Of the list price, in the quote's currency.
    pub amount: Amount,
    /// Who pays for it; nothing where nothing is taken off.
    pub funding: Option<Funding>,
    /// The discount of a clinic or of Hairline.
    pub discount: Option<DiscountId>,
    /// The code of an affiliate.
    pub code: Option<AffiliateDiscountCodeId>,
    /// It was promised, and has no use left.
    pub over_limit: bool,
}

/// Writes the next version of the terms. The caller holds the locks of the case and knows that nothing is paid or under way.
///
/// `brought_by` is whom the patient named by an affiliate's code; it stays when another discount sets the price.
pub async fn reprice(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    reduced: Reduced,
    brought_by: Option<(AffiliateId, AffiliateDiscountCodeId)>,
    reason: &str,
) -> AppResult<booking_terms::Model> {
    let before = case.require_terms()?;
    let out_of_range = || AppError::internal("the total cannot be held in the payment currency");
    let total = before.list_amount - reduced.amount;
    let payment_total =
        terms::payment_total(total, before.locked_rate, before.payment_currency).ok_or_else(out_of_range)?;
    let deposit =
        terms::deposit(payment_total, before.deposit_percent, before.payment_currency).ok_or_else(out_of_range)?;
    let (by, by_id) = match actor.kind {
        ActorKind::Patient(id) => (By::Patient, Some(id.any())),
        ActorKind::Admin(id) => (By::User, Some(id.any())),
        _ => (By::System, None),
    };
    let now = app.now();
    let next = booking_terms::Model {
        id: BookingTermsId::new(),
        version: before.version + 1,
        discount_funding: reduced.funding,
        discount_id: reduced.discount,
        affiliate_discount_code_id: reduced.code,
        discount_amount: reduced.amount,
        discount_over_limit: reduced.over_limit,
        total_amount: total,
        payment_total,
        deposit_amount: deposit,
        attributed_affiliate_id: brought_by.map(|(affiliate, _)| affiliate).or(before.attributed_affiliate_id),
        attributed_affiliate_code_id: brought_by.map(|(_, code)| code).or(before.attributed_affiliate_code_id),
        reason: Some(reason.to_owned()),
        created_by_type: by,
        created_by_id: by_id,
        created_at: now,
        updated_at: now,
        ..before.clone()
    };
    booking_terms::Entity::insert(next.clone().into_active_model().reset_all()).exec_without_returning(txn).await?;
    Ok(next)
}
