//! Codes at checkout: a patient types one, the price follows, and its use is counted with the payment it belongs to
//! (R-PY-46 to 49).

use chrono::{Duration, NaiveDate};
use kernel::ids::{AffiliateDiscountCodeId, AffiliateId, DiscountId, PatientId, ProviderId, QuoteId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, Money, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::audit_logs::{self, AuditLogOutcome};
use promotions::entity::affiliate_discount_codes as codes;
use promotions::entity::affiliates::{self, AffiliateStatus};
use promotions::entity::discount_redemptions as uses;
use promotions::entity::discounts::{self, DiscountApplicationMode, DiscountStatus, DiscountType};
use promotions::entity::fixed_discounts::{self as fixed, FixedDiscountDiscountableType as Of, FixedDiscountStatus};
use promotions::entity::provider_discounts::{self as agreed, ProviderDiscountStatus};
use quoting::case::{self, Case};
use quoting::entity::booking_terms::{self, BookingTermsDiscountFunding as Funding};
use quoting::entity::quotes::{QuoteDiscountFunding, QuoteStatus};
use quoting::rules::discount::funding as funding_of;
use quoting::rules::price::{self, Discount, Reduction};
use quoting::service::reprice::{Reduced, reprice};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::facts;
use crate::queries;
use crate::rules::attempt::Fact;
use crate::rules::checkout;
use crate::rules::discount::{self as rules, Facts, Why};
use crate::service::access::{self, Audience};
use crate::service::start::refused;
use crate::service::{plans, poll, redemptions};
use crate::store;

/// Wrong codes one patient may try within an hour (R-FN-23).
const TRIES: u64 = 20;
/// What the audit log calls a code that took nothing off.
const REFUSED: &str = "discount.refused";

/// A code with all that decides about it.
struct Found {
    discount: Option<DiscountId>,
    code: Option<(AffiliateDiscountCodeId, AffiliateId)>,
    facts: Facts,
    percent: Option<Amount>,
    fixed: Option<Amount>,
    funding: QuoteDiscountFunding,
}

pub(super) fn invalid(why: Why) -> AppError {
    let sentence = "This code cannot be used for this booking.";
    let mut error = AppError::invalid("discount_invalid", sentence).with("reason", why.word());
    error.fields.add("code", "discount_invalid", sentence);
    error
}

/// Takes a code's discount off a booking that is not paid yet. The same code again changes nothing.
///
/// Errors: 403; 404; 409 `booking_not_payable`, `hold_expired`, `already_paid`, `payment_in_progress`, and
/// `discount_conflict` with both prices while another discount applies and `replace` is not said; 422 `discount_invalid` with
/// the reason; 429 `rate_limited` after twenty wrong codes an hour.
pub async fn apply(app: &App, actor: &Actor, quote: QuoteId, typed: &str, replace: bool) -> AppResult<()> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    access::visible(app.db.conn(), Audience::Patient(patient), quote).await?;
    few_enough(app, patient).await?;
    let Some(code) = rules::normal(typed) else {
        return refuse(app, actor, quote, invalid(Why::Unknown)).await;
    };
    let done = typed_in(app, actor, quote, &code, replace).await;
    match done {
        Err(error) if error.code == "discount_invalid" => refuse(app, actor, quote, error).await,
        other => other,
    }
}

async fn typed_in(app: &App, actor: &Actor, quote: QuoteId, code: &str, replace: bool) -> AppResult<()> {
    // What is no use takes nothing away: a transfer that is on its way, a card in another window.
    let changes = platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, quote).await?;
        Ok(look(txn, app, &case, code, replace).await?.is_some())
    })?;
    if !changes {
        return Ok(());
    }
    give_up_attempts(app, quote).await?;
    platform::write_txn!(app.db, |txn| {
        let case = open_case(txn, app, quote).await?;
        let Some((found, amount)) = look(txn, app, &case, code, replace).await? else { return Ok(()) };
        let terms = case.require_terms()?;
        drop_plan(txn, app, quote).await?;
        let reduced = Reduced {
            amount,
            funding: Some(terms_funding(found.funding)),
            discount: found.discount,
            code: found.code.map(|(code, _)| code),
            over_limit: false,
        };
        let brought_by = found.code.map(|(code, affiliate)| (affiliate, code));
        let next = reprice(txn, app, actor, &case, reduced, brought_by, "a code was typed at checkout").await?;
        noted(txn, app, actor, &case, "discount.applied", terms, &next).await
    })
}

/// What a code would take off the booking; nothing where it does already.
async fn look(txn: &Txn, app: &App, case: &Case, code: &str, replace: bool) -> AppResult<Option<(Found, Amount)>> {
    let found = find(txn, app, case, code).await?.ok_or_else(|| invalid(Why::Unknown))?;
    let terms = case.require_terms()?;
    let is_same = terms.discount_id == found.discount
        && terms.affiliate_discount_code_id == found.code.map(|(code, _)| code)
        && terms.discount_amount.is_positive();
    if is_same {
        return Ok(None);
    }
    rules::usable(&found.facts, app.now().date_naive()).map_err(invalid)?;
    let amount = amount_of(case, terms, &found)?;
    if terms.discount_amount.is_positive() && !replace {
        let price = |off: Amount| Money::new(terms.list_amount - off, terms.quote_currency);
        let error = AppError::conflict("discount_conflict", "Another discount applies. Only one of them can.");
        return Err(error.with("current", price(terms.discount_amount)).with("with_code", price(amount)));
    }
    Ok(Some((found, amount)))
}

/// Takes a typed code off again: what the offer promised applies as before. Without one nothing changes.
///
/// Errors: as [`apply`], but for those of the code.
pub async fn remove(app: &App, actor: &Actor, quote: QuoteId) -> AppResult<()> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    access::visible(app.db.conn(), Audience::Patient(patient), quote).await?;
    let changes = platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, quote).await?;
        Ok(!is_promised(&case, case.require_terms()?))
    })?;
    if !changes {
        return Ok(());
    }
    give_up_attempts(app, quote).await?;
    platform::write_txn!(app.db, |txn| {
        let case = open_case(txn, app, quote).await?;
        let terms = case.require_terms()?;
        let offer = &case.quote;
        if is_promised(&case, terms) {
            return Ok(());
        }
        drop_plan(txn, app, quote).await?;
        let reduced = Reduced {
            amount: offer.discount_amount,
            funding: offer.discount_funding.map(terms_funding),
            discount: offer.discount_id,
            code: None,
            over_limit: match offer.discount_id {
                Some(id) => is_used_up(txn, id).await?,
                None => false,
            },
        };
        let next = reprice(txn, app, actor, &case, reduced, None, "the code was taken off at checkout").await?;
        noted(txn, app, actor, &case, "discount.removed", terms, &next).await
    })
}

async fn noted(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    action: &'static str,
    before: &booking_terms::Model,
    after: &booking_terms::Model,
) -> AppResult<()> {
    let price = |terms: &booking_terms::Model| json!({ "version": terms.version, "total": terms.total_amount });
    let entry = Entry::new(action)
        .subject("Quote", case.quote.id)
        .patient(case.inquiry.patient_id)
        .provider(case.quote.provider_id)
        .quote(case.quote.id)
        .change(Some(price(before)), Some(price(after)));
    audit::record(txn, app, actor, entry).await
}

/// The case under lock, while nothing is paid and nothing is under way.
async fn open_case(txn: &Txn, app: &App, quote: QuoteId) -> AppResult<Case> {
    let case = case::lock(txn, quote).await?;
    let rows = store::lock_payments(txn, quote).await?;
    let facts = facts::checkout(&case, case.require_terms()?, &rows, app.now())?;
    checkout::offers(&facts, app.now()).map_err(refused)?;
    if facts.status != QuoteStatus::Accepted || facts.paid.is_positive() {
        return Err(AppError::conflict("already_paid", "The price of this booking no longer changes."));
    }
    if rows.iter().any(is_open) {
        return Err(under_way());
    }
    Ok(case)
}

/// A plan that was chosen and not paid was made for another price.
async fn drop_plan(txn: &Txn, app: &App, quote: QuoteId) -> AppResult<()> {
    match plans::lock_of(txn, quote).await?.filter(|plan| !plan.has_begun()) {
        Some(plan) => plans::cancel(txn, app.now(), &plan).await,
        None => Ok(()),
    }
}

fn is_open(row: &payments::Model) -> bool {
    row.payment_type != PaymentType::Refund && row.payment_status == PaymentStatus::Pending
}

fn under_way() -> AppError {
    AppError::conflict("payment_in_progress", "Another payment of this booking is still under way.")
}

/// An attempt that waits for a card was made for another price.
async fn give_up_attempts(app: &App, quote: QuoteId) -> AppResult<()> {
    let rows = queries::of_quotes(app.db.conn(), [quote]).await?;
    for row in rows.iter().filter(|row| is_open(row)) {
        if poll::cancel(app, row, "replaced").await? == Some(Fact::Processing) {
            return Err(under_way());
        }
    }
    Ok(())
}

async fn few_enough(app: &App, patient: PatientId) -> AppResult<()> {
    let wrong = audit_logs::Entity::find()
        .filter(audit_logs::Column::Action.eq(REFUSED))
        .filter(audit_logs::Column::ActorId.eq(patient.any()))
        .filter(audit_logs::Column::OccurredAt.gt(app.now() - Duration::hours(1)))
        .filter(audit_logs::Column::Outcome.eq(AuditLogOutcome::Failed))
        .count(app.db.conn())
        .await?;
    if wrong < TRIES {
        return Ok(());
    }
    Err(AppError::too_many("rate_limited", "Too many codes. Try again in an hour.", 3600))
}

async fn refuse<T>(app: &App, actor: &Actor, quote: QuoteId, error: AppError) -> AppResult<T> {
    platform::write_txn!(app.db, |txn| {
        let entry = Entry::new(REFUSED).subject("Quote", quote).quote(quote).failed();
        audit::record(txn, app, actor, entry).await
    })?;
    Err(error)
}

fn terms_funding(funding: QuoteDiscountFunding) -> Funding {
    match funding {
        QuoteDiscountFunding::Provider => Funding::Provider,
        QuoteDiscountFunding::Both => Funding::Both,
        QuoteDiscountFunding::Platform => Funding::Platform,
    }
}

/// What a code takes off, at the rate that holds for the clinic now.
fn amount_of(case: &Case, terms: &booking_terms::Model, found: &Found) -> AppResult<Amount> {
    let currency = terms.quote_currency;
    let reduction = match (found.percent, found.fixed) {
        (Some(percent), _) => Reduction::Percent(percent.get()),
        (None, Some(amount)) => Reduction::Fixed(amount, currency),
        (None, None) => return Err(invalid(Why::Currency)),
    };
    let discount = Discount { reduction, funding: found.funding };
    let percent = case.quote.commission;
    let amount =
        price::discounted(currency, terms.list_amount, &discount, percent).map_err(|_| invalid(Why::TooLarge))?;
    // A whole unit of money is left to pay.
    if (terms.list_amount - amount).get() < Decimal::ONE {
        return Err(invalid(Why::TooLarge));
    }
    Ok(amount)
}

async fn find(txn: &Txn, app: &App, case: &Case, code: &str) -> AppResult<Option<Found>> {
    let (provider, patient) = (case.quote.provider_id, case.inquiry.patient_id);
    let currency = case.require_terms()?.quote_currency;
    if let Some(row) = discounts::Entity::find().filter(discounts::Column::DiscountCode.eq(code)).one(txn).await? {
        return of_discount(txn, row, provider, patient, currency).await.map(Some);
    }
    let found = codes::Entity::find()
        .filter(codes::Column::Code.eq(code))
        .find_also_related(affiliates::Entity)
        .one(txn)
        .await?;
    let Some((row, Some(affiliate))) = found else { return Ok(None) };
    let today = app.now().date_naive();
    let percent =
        (row.discount_type == codes::AffiliateDiscountCodeDiscountType::Percentage).then_some(row.discount_value);
    let facts = Facts {
        active: row.status == codes::AffiliateDiscountCodeStatus::Active && is_partner(&affiliate, today),
        can_be_typed: true,
        starts: row.start_date,
        ends: row.end_date,
        limit: row.usage_limit,
        used: row.usage_count,
        per_person: Some(row.per_patient_limit),
        used_by_person: redemptions::used_by(txn, patient, uses::Column::AffiliateDiscountCodeId.eq(row.id)).await?,
        fits_clinic: true,
        waits_for_clinic: false,
    };
    let fixed = match percent {
        Some(_) => None,
        None => fixed_amount(txn, (Of::AffiliateDiscountCode, row.id.any()), row.discount_value, currency).await?,
    };
    Ok(Some(Found {
        discount: None,
        code: Some((row.id, row.affiliate_id)),
        facts,
        percent,
        fixed,
        funding: QuoteDiscountFunding::Platform,
    }))
}

fn is_partner(affiliate: &affiliates::Model, today: NaiveDate) -> bool {
    affiliate.status == AffiliateStatus::Active
        && affiliate.deleted_at.is_none()
        && affiliate.start_date.is_none_or(|first| first <= today)
        && affiliate.end_date.is_none_or(|last| today <= last)
}

async fn of_discount(
    txn: &Txn,
    row: discounts::Model,
    provider: ProviderId,
    patient: PatientId,
    currency: Currency,
) -> AppResult<Found> {
    let funding = funding_of(row.provider_id.is_some(), row.requires_provider_approval);
    let waits_for_clinic = funding == QuoteDiscountFunding::Both
        && agreed::Entity::find()
            .filter(agreed::Column::DiscountId.eq(row.id))
            .filter(agreed::Column::ProviderId.eq(provider))
            .filter(agreed::Column::Status.eq(ProviderDiscountStatus::Accepted))
            .count(txn)
            .await?
            == 0;
    let facts = Facts {
        active: row.status == DiscountStatus::Active && row.paused_at.is_none() && row.archived_at.is_none(),
        can_be_typed: row.application_mode != DiscountApplicationMode::List,
        starts: row.start_date,
        ends: row.end_date,
        limit: row.usage_limit,
        used: row.usage_count,
        per_person: row.per_patient_limit,
        used_by_person: redemptions::used_by(txn, patient, uses::Column::DiscountId.eq(row.id)).await?,
        fits_clinic: row.provider_id.is_none_or(|own| own == provider),
        waits_for_clinic,
    };
    let percent = (row.discount_type == DiscountType::Percentage).then_some(row.discount_value);
    let fixed = match percent {
        Some(_) => None,
        None => fixed_amount(txn, (Of::Discount, row.id.any()), row.discount_value, currency).await?,
    };
    Ok(Found { discount: Some(row.id), code: None, facts, percent, fixed, funding })
}

/// A fixed discount in a currency: as it was entered, else its dollars at the rate without markup.
async fn fixed_amount(
    txn: &Txn,
    (of, id): (Of, kernel::ids::AnyId),
    dollars: Amount,
    currency: Currency,
) -> AppResult<Option<Amount>> {
    let entered = fixed::Entity::find()
        .filter(fixed::Column::DiscountableType.eq(of))
        .filter(fixed::Column::DiscountableId.eq(id))
        .filter(fixed::Column::Currency.eq(currency))
        .filter(fixed::Column::Status.eq(FixedDiscountStatus::Active))
        .one(txn)
        .await?;
    if let Some(entered) = entered {
        return Ok(Some(entered.amount));
    }
    let rate = catalogue::fx::per_dollar(txn, currency).await?;
    Ok(rate.and_then(|rate| currency.round(dollars.get() * rate)))
}

async fn is_used_up(txn: &Txn, id: DiscountId) -> AppResult<bool> {
    let row = discounts::Entity::find_by_id(id).one(txn).await?;
    Ok(row.is_some_and(|row| row.usage_limit.is_some_and(|limit| row.usage_count >= limit)))
}

/// Whether the discount of the terms is the one the offer was sent with: its price was promised (R-PY-46).
pub(super) fn is_promised(case: &Case, terms: &booking_terms::Model) -> bool {
    terms.affiliate_discount_code_id.is_none() && terms.discount_id == case.quote.discount_id
}
