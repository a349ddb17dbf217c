//! Codes at checkout: a patient types one, the price follows, and its use is counted with the payment it belongs to
//! (R-PY-46 to 49).

use chrono::{Duration, NaiveDate};
use kernel::ids::{
    AffiliateDiscountCodeId, AffiliateId, DiscountId, DiscountRedemptionId, PatientId, ProviderId, QuoteId,
};
use kernel::{Actor, Amount, AppError, AppResult, Currency, Money, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::audit_logs::{self, AuditLogOutcome};
use promotions::entity::affiliate_discount_codes as codes;
use promotions::entity::affiliates::{self, AffiliateStatus};
use promotions::entity::discount_redemptions::{
    self as uses, DiscountRedemptionFunding as UseFunding, DiscountRedemptionState as State,
};
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
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::facts;
use crate::queries;
use crate::rules::attempt::Fact;
use crate::rules::checkout;
use crate::rules::discount::{self as rules, Facts, Why};
use crate::service::access::{self, Audience};
use crate::service::start::refused;
use crate::service::{plans, poll};
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

fn invalid(why: Why) -> AppError {
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
        used_by_person: used_by(txn, patient, uses::Column::AffiliateDiscountCodeId.eq(row.id)).await?,
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
        used_by_person: used_by(txn, patient, uses::Column::DiscountId.eq(row.id)).await?,
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

fn live() -> Condition {
    Condition::all().add(uses::Column::State.is_in([State::Applied, State::Completed]))
}

/// How often a person used a code, those that were given back left out (R-FN-09).
async fn used_by(txn: &Txn, patient: PatientId, of: Expr) -> AppResult<i32> {
    let count = uses::Entity::find()
        .filter(of)
        .filter(live())
        .filter(uses::Column::PersonKey.eq(person(patient)))
        .count(txn)
        .await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Accounts of one person share this.
fn person(patient: PatientId) -> String {
    patient.to_string()
}

async fn is_used_up(txn: &Txn, id: DiscountId) -> AppResult<bool> {
    let row = discounts::Entity::find_by_id(id).one(txn).await?;
    Ok(row.is_some_and(|row| row.usage_limit.is_some_and(|limit| row.usage_count >= limit)))
}

/// Counts a use more. `must` is for a price that was promised: it is counted whatever the limit says. False where no use is
/// left (R-PY-48).
async fn count_use(txn: &Txn, terms: &booking_terms::Model, must: bool) -> AppResult<bool> {
    if let Some(id) = terms.discount_id {
        let mut more = discounts::Entity::update_many()
            .col_expr(discounts::Column::UsageCount, Expr::col(discounts::Column::UsageCount).add(1))
            .filter(discounts::Column::Id.eq(id));
        if !must {
            more = more.filter(
                Condition::any()
                    .add(discounts::Column::UsageLimit.is_null())
                    .add(Expr::col(discounts::Column::UsageCount).lt(Expr::col(discounts::Column::UsageLimit))),
            );
        }
        return Ok(more.exec(txn).await?.rows_affected == 1);
    }
    if let Some(id) = terms.affiliate_discount_code_id {
        let mut more = codes::Entity::update_many()
            .col_expr(codes::Column::UsageCount, Expr::col(codes::Column::UsageCount).add(1))
            .filter(codes::Column::Id.eq(id));
        if !must {
            more = more.filter(
                Condition::any()
                    .add(codes::Column::UsageLimit.is_null())
                    .add(Expr::col(codes::Column::UsageCount).lt(Expr::col(codes::Column::UsageLimit))),
            );
        }
        return Ok(more.exec(txn).await?.rows_affected == 1);
    }
    Ok(true)
}

async fn use_of(txn: &Txn, quote: QuoteId) -> AppResult<Option<uses::Model>> {
    Ok(uses::Entity::find().filter(uses::Column::QuoteId.eq(quote)).filter(live()).lock_exclusive().one(txn).await?)
}

/// Whether the discount of the terms is the one the offer was sent with: its price was promised (R-PY-46).
fn is_promised(case: &Case, terms: &booking_terms::Model) -> bool {
    terms.affiliate_discount_code_id.is_none() && terms.discount_id == case.quote.discount_id
}

/// Reserves the use of the booking's discount with the attempt that is about to pay for it, once.
///
/// Errors: 422 `discount_invalid` where a typed code has no use left.
pub async fn reserve(txn: &Txn, app: &App, case: &Case) -> AppResult<()> {
    let terms = case.require_terms()?;
    if !terms.discount_amount.is_positive() || own_use(txn, app, case, terms).await?.is_some() {
        return Ok(());
    }
    let promised = is_promised(case, terms);
    let counted = count_use(txn, terms, false).await?;
    if !counted && !promised {
        return Err(invalid(Why::UsedUp));
    }
    let over = !counted && count_use(txn, terms, true).await?;
    insert(txn, app, case, terms, (State::Applied, over)).await
}

/// The live use of the booking's discount. One of another discount, left by an attempt at another price, is given back.
async fn own_use(txn: &Txn, app: &App, case: &Case, terms: &booking_terms::Model) -> AppResult<Option<uses::Model>> {
    let Some(row) = use_of(txn, case.quote.id).await? else { return Ok(None) };
    let is_own =
        row.discount_id == terms.discount_id && row.affiliate_discount_code_id == terms.affiliate_discount_code_id;
    if is_own || row.state != State::Applied {
        return Ok(Some(row));
    }
    release(txn, app, case.quote.id).await?;
    Ok(None)
}

/// The lowest number none of a person's live uses has: bookings that were cancelled leave gaps.
async fn free_slot(txn: &Txn, patient: PatientId, of: Expr) -> AppResult<i32> {
    let taken: Vec<i32> = uses::Entity::find()
        .select_only()
        .column(uses::Column::SlotNo)
        .filter(of)
        .filter(live())
        .filter(uses::Column::PersonKey.eq(person(patient)))
        .into_tuple()
        .all(txn)
        .await?;
    Ok((1..).find(|slot| !taken.contains(slot)).unwrap_or(i32::MAX))
}

async fn insert(
    txn: &Txn,
    app: &App,
    case: &Case,
    terms: &booking_terms::Model,
    (state, over): (State, bool),
) -> AppResult<()> {
    let patient = case.inquiry.patient_id;
    let of = match (terms.discount_id, terms.affiliate_discount_code_id) {
        (Some(id), _) => uses::Column::DiscountId.eq(id),
        (None, Some(id)) => uses::Column::AffiliateDiscountCodeId.eq(id),
        // A discount that no row stands behind is of the offer alone.
        (None, None) => return Ok(()),
    };
    let slot = free_slot(txn, patient, of).await?;
    let currency = terms.quote_currency;
    let (funding, platform_share) = match terms.discount_funding {
        Some(Funding::Platform) => (UseFunding::Platform, terms.discount_amount),
        Some(Funding::Both) => {
            let rate =
                |base: Amount| currency.round(base.get() * Decimal::from(case.quote.commission) / Decimal::ONE_HUNDRED);
            let less = rate(terms.list_amount).zip(rate(terms.total_amount)).map(|(before, after)| before - after);
            (UseFunding::Both, less.unwrap_or_default())
        }
        Some(Funding::Provider) | None => (UseFunding::Provider, Amount::ZERO),
    };
    let now = app.now();
    let row = uses::ActiveModel {
        id: Set(DiscountRedemptionId::new()),
        discount_id: Set(terms.discount_id),
        affiliate_discount_code_id: Set(terms.affiliate_discount_code_id),
        quote_id: Set(case.quote.id),
        patient_id: Set(patient),
        person_key: Set(person(patient)),
        slot_no: Set(slot),
        state: Set(state),
        funding: Set(funding),
        amount: Set(terms.discount_amount),
        currency: Set(currency),
        provider_share: Set(terms.discount_amount - platform_share),
        platform_share: Set(platform_share),
        over_limit: Set(terms.discount_over_limit || over),
        expires_at: Set(case.schedule.as_ref().and_then(|row| row.hold_expires_at)),
        completed_at: Set((state == State::Completed).then_some(now)),
        created_at: Set(now),
        updated_at: Set(now),
    };
    uses::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// Gives the use back: the attempt failed, and nothing else of the booking is paid or under way. Safe to repeat.
pub async fn release(txn: &Txn, app: &App, quote: QuoteId) -> AppResult<()> {
    let Some(row) = use_of(txn, quote).await?.filter(|row| row.state == State::Applied) else { return Ok(()) };
    set_state(txn, app, &row, State::Released).await?;
    if let Some(id) = row.discount_id {
        discounts::Entity::update_many()
            .col_expr(discounts::Column::UsageCount, Expr::col(discounts::Column::UsageCount).sub(1))
            .filter(discounts::Column::Id.eq(id))
            .filter(discounts::Column::UsageCount.gt(0))
            .exec(txn)
            .await?;
    }
    if let Some(id) = row.affiliate_discount_code_id {
        codes::Entity::update_many()
            .col_expr(codes::Column::UsageCount, Expr::col(codes::Column::UsageCount).sub(1))
            .filter(codes::Column::Id.eq(id))
            .filter(codes::Column::UsageCount.gt(0))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// The booking is confirmed: its discount was used. A late success counts it even beyond the limit (R-PY-48).
pub async fn complete(txn: &Txn, app: &App, case: &Case) -> AppResult<()> {
    let terms = case.require_terms()?;
    if !terms.discount_amount.is_positive() {
        return Ok(());
    }
    match own_use(txn, app, case, terms).await? {
        Some(row) if row.state == State::Applied => set_state(txn, app, &row, State::Completed).await,
        Some(_) => Ok(()),
        None => {
            let over = !count_use(txn, terms, false).await? && count_use(txn, terms, true).await?;
            insert(txn, app, case, terms, (State::Completed, over)).await
        }
    }
}

/// The booking was cancelled after it was confirmed: the use stays counted (R-FN-08).
pub async fn refunded(txn: &Txn, app: &App, quote: QuoteId) -> AppResult<()> {
    match use_of(txn, quote).await? {
        Some(row) if row.state == State::Completed => set_state(txn, app, &row, State::Refunded).await,
        _ => Ok(()),
    }
}

async fn set_state(txn: &Txn, app: &App, row: &uses::Model, state: State) -> AppResult<()> {
    let now = app.now();
    uses::Entity::update_many()
        .set(uses::ActiveModel {
            state: Set(state),
            completed_at: Set(if state == State::Completed { Some(now) } else { row.completed_at }),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(uses::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}
