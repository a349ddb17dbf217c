//! Currencies and their pairs with the dollar, kept by staff (R-PY-13, 16, 17, 71), and the rates that come by themselves.

use chrono::{Duration, TimeDelta};
use kernel::ids::FxRateId;
use kernel::{Actor, AppError, AppResult, Currency, FieldErrors, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use rust_decimal::Decimal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::entity::currencies::{self, CurrencyFxMode as Mode, CurrencyFxStatus as Status};
use crate::entity::fx_rates::{self, FxRateMode};
use crate::feed::{self, Sheet, Source};
use crate::projection::{booked_currencies, quotes};

/// The markup of a pair that names none, in percent (R-PY-13).
pub const USUAL_MARKUP: Decimal = Decimal::from_parts(5, 0, 0, false, 0);
/// Hours between two readings of a source.
pub const SYNC_HOURS: [i16; 5] = [1, 3, 6, 12, 24];
/// A rate that is older is looked at (R-PY-17).
const OLD: TimeDelta = TimeDelta::hours(24);
/// A pair warns of a jump at most once in this time.
const QUIET: TimeDelta = TimeDelta::hours(6);
/// Minutes after a failure, and after how long a source has failed.
const AGAIN: [(i64, i64); 3] = [(0, 15), (15, 30), (45, 60)];

/// A currency with its pair, as staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CurrencyView {
    /// ISO 4217.
    pub code: Currency,
    /// Name.
    pub name: String,
    /// Whether money can be quoted and charged in it.
    pub enabled: bool,
    /// The dollar.
    pub is_default: bool,
    /// How its rate comes; none without a pair.
    pub mode: Option<Mode>,
    /// Where an automatic rate comes from.
    pub source: Option<String>,
    /// Markup in percent; the usual one where none is set.
    #[schema(value_type = String)]
    pub markup_percent: Decimal,
    /// Hours between two readings of the source.
    pub sync_hours: i16,
    /// From which change within a day on staff are warned, in percent.
    #[schema(value_type = String)]
    pub alert_percent: Decimal,
    /// Whether the pair works.
    pub status: Status,
    /// Units for one US dollar, without the markup.
    #[schema(value_type = Option<String>)]
    pub base_rate: Option<Decimal>,
    /// The same with the markup.
    #[schema(value_type = Option<String>)]
    pub effective_rate: Option<Decimal>,
    /// When that was read or typed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fetched_at: Option<Timestamp>,
    /// When the source is read next.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_sync_at: Option<Timestamp>,
    /// Give it back with a change.
    pub version: i32,
}

/// How the rate of a pair comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "mode", deny_unknown_fields)]
#[schema(as = FxPairRate)]
pub enum Rate {
    /// Somebody types it: units for one US dollar, above 0, at most six decimals.
    Manual {
        /// The rate.
        #[schema(value_type = String, example = "0.92")]
        base_rate: Decimal,
    },
    /// It is read from a source.
    Auto {
        /// `feed` or `simulator`, as far as this installation has them.
        #[schema(example = "feed")]
        source: String,
        /// 1, 3, 6, 12 or 24.
        #[schema(example = 6)]
        sync_hours: i16,
    },
}

/// A pair as it is to be.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = FxPairChange)]
pub struct PairChange {
    /// Which currency.
    #[schema(example = "EUR")]
    pub code: String,
    /// The version that was seen.
    #[schema(example = 1)]
    pub version: i32,
    /// Where its rate comes from.
    pub rate: Rate,
    /// 0 to 20 in hundredths; the usual one where nothing is said.
    #[schema(value_type = Option<String>, example = "5")]
    pub markup_percent: Option<Decimal>,
    /// 1 to 50.
    #[schema(value_type = String, example = "3")]
    pub alert_percent: Decimal,
    /// 10 to 500 characters.
    #[schema(example = "The bank changed its margin.")]
    pub reason: String,
}

/// Whether a currency can be used.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CurrencySwitch {
    /// Which currency.
    #[schema(example = "EUR")]
    pub code: String,
    /// The version that was seen.
    #[schema(example = 1)]
    pub version: i32,
    /// Whether it can be used from now on.
    pub enabled: bool,
    /// 10 to 500 characters.
    #[schema(example = "Nobody pays in it any more.")]
    pub reason: String,
}

fn keeper(actor: &Actor) -> AppResult<kernel::ids::UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ConfigurePaymentSetting)?;
    Ok(user)
}

/// All currencies by their codes, with the newest rate of each: two statements.
///
/// Errors: 403 without `view_setting`.
pub async fn list(app: &App, actor: &Actor) -> AppResult<Vec<CurrencyView>> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    let conn = app.db.conn();
    let rows = currencies::Entity::find().order_by_asc(currencies::Column::Code).all(conn).await?;
    let mut views = Vec::with_capacity(rows.len());
    let mut rates = newest(conn).await?;
    for row in rows {
        let rate = rates.remove(&row.code);
        views.push(CurrencyView {
            code: row.code,
            name: row.name,
            enabled: row.enabled,
            is_default: row.is_default,
            mode: row.fx_mode,
            source: row.fx_source,
            markup_percent: row.fx_markup_percent.unwrap_or(USUAL_MARKUP),
            sync_hours: row.fx_sync_hours,
            alert_percent: row.fx_alert_percent,
            status: row.fx_status,
            base_rate: rate.as_ref().map(|rate| rate.base_rate.normalize()),
            effective_rate: rate.as_ref().map(|rate| rate.effective_rate.normalize()),
            fetched_at: rate.map(|rate| rate.fetched_at),
            next_sync_at: row.fx_next_sync_at,
            version: row.version,
        });
    }
    Ok(views)
}

async fn newest(conn: &impl ConnectionTrait) -> AppResult<std::collections::HashMap<Currency, fx_rates::Model>> {
    use sea_orm::sea_query::{Expr, ExprTrait, Query};
    let newest = Query::select()
        .column(fx_rates::Column::TargetCurrency)
        .expr(Expr::col(fx_rates::Column::FetchedAt).max())
        .from(fx_rates::Entity)
        .group_by_col(fx_rates::Column::TargetCurrency)
        .to_owned();
    let pair = Expr::tuple([Expr::col(fx_rates::Column::TargetCurrency), Expr::col(fx_rates::Column::FetchedAt)]);
    let rows =
        fx_rates::Entity::find().filter(pair.in_subquery(newest)).order_by_asc(fx_rates::Column::Id).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.target_currency, row)).collect())
}

fn reasoned(faults: &mut FieldErrors, text: &str) -> String {
    let text = text.trim();
    if !(10..=500).contains(&text.chars().count()) {
        faults.add("reason", "reason_length", "Give a reason of 10 to 500 characters.");
    }
    text.to_owned()
}

/// The currency that was named: read once it is known that the asker may.
fn named(code: &str) -> AppResult<Currency> {
    code.parse().map_err(|_| AppError::field("code", "unknown_value", "This currency is not known."))
}

async fn lock(txn: &Txn, code: Currency, version: i32) -> AppResult<currencies::Model> {
    let row = currencies::Entity::find().filter(currencies::Column::Code.eq(code)).lock_exclusive().one(txn).await?;
    let row = row.ok_or_else(|| AppError::field("code", "unknown_value", "This currency is not known."))?;
    if row.version != version {
        return Err(AppError::stale_version());
    }
    Ok(row)
}

/// Switches a currency on or off (R-PY-71).
///
/// Errors: 403, 403 `reauth_required`; 409 `stale_version`, `currency_default` for the dollar, `currency_in_use` while
/// prices, live offers or open bookings are in it; 422.
pub async fn switch(app: &App, actor: &Actor, ask: &CurrencySwitch) -> AppResult<()> {
    keeper(actor)?;
    identity::reauth::require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let reason = reasoned(&mut faults, &ask.reason);
    faults.check()?;
    let code = named(&ask.code)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock(txn, code, ask.version).await?;
        if before.enabled == ask.enabled {
            return Ok(());
        }
        if before.is_default {
            return Err(AppError::conflict("currency_default", "The default currency is always there."));
        }
        if !ask.enabled && is_in_use(txn, code).await? {
            let text = "Prices, offers or open bookings are in this currency.";
            return Err(AppError::conflict("currency_in_use", text));
        }
        currencies::ActiveModel {
            id: Set(before.id),
            enabled: Set(ask.enabled),
            version: Set(before.version + 1),
            updated_at: Set(app.now()),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let entry = Entry::new("currency.switched").subject("Currency", before.id).reason(&reason).change(
            Some(json!({ "enabled": before.enabled })),
            Some(json!({ "code": ask.code, "enabled": ask.enabled })),
        );
        audit::record(txn, app, actor, entry).await
    })
}

/// Whether anything is priced, offered or to be paid in a currency.
async fn is_in_use(conn: &impl ConnectionTrait, code: Currency) -> AppResult<bool> {
    use crate::entity::{packages, provider_treatment_pricing as prices};
    use directory::entity::provider_commissions as fees;
    let priced = prices::Entity::find()
        .filter(prices::Column::Currency.eq(code))
        .filter(prices::Column::Status.eq(prices::ProviderTreatmentPricingStatus::Offered))
        .count(conn)
        .await?;
    // A fee in it is taken when a booking is confirmed.
    let agreed = fees::Entity::find().filter(fees::Column::Currency.eq(code)).count(conn).await?;
    let packed = packages::Entity::find()
        .filter(packages::Column::Currency.eq(code))
        .filter(packages::Column::DeletedAt.is_null())
        .count(conn)
        .await?;
    let live = quotes::Entity::find()
        .filter(quotes::Column::Currency.eq(code))
        .filter(quotes::Column::Status.is_in(booked_currencies::OPEN))
        .count(conn)
        .await?;
    Ok(priced + agreed + packed + live > 0 || booked_currencies::any(conn, code).await?)
}

/// Sets how the rate of a pair comes, and reads its source once where it comes by itself: a pair that cannot be read is
/// not saved (R-PY-13, R-PY-17).
///
/// Errors: 403, 403 `reauth_required`; 409 `stale_version`, `currency_default`, `currency_not_enabled`, `fx_source_failed`;
/// 422 by field.
pub async fn set_pair(app: &App, actor: &Actor, ask: &PairChange) -> AppResult<()> {
    let user = keeper(actor)?;
    identity::reauth::require_fresh(app.db.conn(), app, actor).await?;
    let (reason, markup) = checked(ask)?;
    let code = named(&ask.code)?;
    // Before the transaction: a feed takes its time.
    let read = match &ask.rate {
        Rate::Manual { base_rate } => (*base_rate, None),
        Rate::Auto { source, .. } => {
            let source = Source::from_word(app, source)
                .ok_or_else(|| AppError::field("source", "unknown_value", "This installation has no such source."))?;
            (rate_of(&feed::fetch(app, source).await?, code)?, Some(source))
        }
    };
    platform::write_txn!(app.db, |txn| {
        let before = lock(txn, code, ask.version).await?;
        if before.is_default {
            return Err(AppError::conflict("currency_default", "The default currency needs no pair."));
        }
        if !before.enabled {
            return Err(AppError::conflict("currency_not_enabled", "Switch the currency on first."));
        }
        let now = app.now();
        let (base, source) = read;
        let mode = if source.is_some() { FxRateMode::Auto } else { FxRateMode::Manual };
        let by = source.is_none().then_some(user);
        write_rate(txn, now, (code, base, markup), (mode, source), by).await?;
        let hours = match &ask.rate {
            Rate::Auto { sync_hours, .. } => *sync_hours,
            Rate::Manual { .. } => before.fx_sync_hours,
        };
        currencies::ActiveModel {
            id: Set(before.id),
            fx_mode: Set(Some(if source.is_some() { Mode::Auto } else { Mode::Manual })),
            fx_markup_percent: Set(ask.markup_percent),
            fx_sync_hours: Set(hours),
            fx_alert_percent: Set(ask.alert_percent),
            fx_source: Set(source.map(|source| source.word().to_owned())),
            fx_status: Set(Status::Active),
            fx_next_sync_at: Set(source.map(|_| now + Duration::hours(i64::from(hours)))),
            version: Set(before.version + 1),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let entry = Entry::new("currency.pair_changed").subject("Currency", before.id).reason(&reason).change(
            Some(json!({ "mode": before.fx_mode, "markup": before.fx_markup_percent, "source": before.fx_source })),
            Some(json!({ "code": ask.code, "rate": ask.rate, "markup": ask.markup_percent, "base_rate": base })),
        );
        audit::record(txn, app, actor, entry).await
    })
}

fn checked(ask: &PairChange) -> AppResult<(String, Decimal)> {
    let mut faults = FieldErrors::new();
    let reason = reasoned(&mut faults, &ask.reason);
    let markup = ask.markup_percent.unwrap_or(USUAL_MARKUP);
    let within = |value: Decimal, least: i64, most: i64, decimals: u32| {
        (Decimal::from(least)..=Decimal::from(most)).contains(&value) && value.normalize().scale() <= decimals
    };
    if !within(markup, 0, 20, 2) {
        faults.add("markup_percent", "out_of_range", "Between 0 and 20, in hundredths.");
    }
    if !within(ask.alert_percent, 1, 50, 2) {
        faults.add("alert_percent", "out_of_range", "Between 1 and 50.");
    }
    match &ask.rate {
        Rate::Manual { base_rate } => {
            if *base_rate <= Decimal::ZERO
                || base_rate.normalize().scale() > 6
                || *base_rate >= Decimal::from(1_000_000)
            {
                faults.add("base_rate", "out_of_range", "Above 0, with at most six decimals.");
            }
        }
        Rate::Auto { sync_hours, .. } => {
            if !SYNC_HOURS.contains(sync_hours) {
                faults.add("sync_hours", "out_of_range", "Every 1, 3, 6, 12 or 24 hours.");
            }
        }
    }
    faults.check()?;
    Ok((reason, markup))
}

fn rate_of(sheet: &Sheet, code: Currency) -> AppResult<Decimal> {
    let missing = || AppError::conflict("fx_source_failed", "The source has no rate of this currency.");
    sheet.get(&code).copied().ok_or_else(missing)
}

async fn write_rate(
    txn: &Txn,
    now: Timestamp,
    (code, base, markup): (Currency, Decimal, Decimal),
    (mode, source): (FxRateMode, Option<Source>),
    by: Option<kernel::ids::UserId>,
) -> AppResult<()> {
    let effective = crate::rules::fx::eight(base * (Decimal::ONE + markup / Decimal::ONE_HUNDRED));
    // Of each second there is one rate: who comes second in it comes a second later.
    let newest: Option<Option<Timestamp>> = fx_rates::Entity::find()
        .select_only()
        .column_as(fx_rates::Column::FetchedAt.max(), "newest")
        .filter(fx_rates::Column::TargetCurrency.eq(code))
        .into_tuple()
        .one(txn)
        .await?;
    let fetched_at = newest.flatten().map_or(now, |newest| now.max(newest + Duration::seconds(1)));
    fx_rates::ActiveModel {
        id: Set(FxRateId::new()),
        target_currency: Set(code),
        base_rate: Set(base),
        markup_percent: Set(markup),
        effective_rate: Set(effective),
        mode: Set(mode),
        source: Set(source.map(|source| source.word().to_owned())),
        fetched_at: Set(fetched_at),
        set_by_user_id: Set(by),
        created_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(())
}

/// Reads the sources of all pairs whose time has come. Safe to run twice and late: a pair is taken by moving its next time.
pub async fn sync(app: &App) -> AppResult<()> {
    let now = app.now();
    let due = currencies::Entity::find()
        .filter(currencies::Column::FxMode.eq(Mode::Auto))
        .filter(currencies::Column::Enabled.eq(true))
        .filter(currencies::Column::FxNextSyncAt.lte(now))
        .order_by_asc(currencies::Column::Code)
        .all(app.db.conn())
        .await?;
    let mut sheets: Vec<(Source, Option<Sheet>)> = Vec::new();
    for pair in due {
        let source = pair.fx_source.as_deref().and_then(|word| Source::from_word(app, word));
        if let Some(source) = source.filter(|source| !sheets.iter().any(|(known, _)| known == source)) {
            sheets.push((source, feed::fetch(app, source).await.ok()));
        }
        let sheet = sheets.iter().find(|(known, _)| Some(*known) == source).and_then(|(_, sheet)| sheet.as_ref());
        let rate = sheet.and_then(|sheet| sheet.get(&pair.code).copied());
        let done = platform::write_txn!(app.db, |txn| { synced(txn, app, &pair, source, rate).await });
        if let Err(error) = done {
            tracing::error!(currency = %pair.code, %error, "a rate could not be kept");
        }
    }
    Ok(())
}

async fn synced(
    txn: &Txn,
    app: &App,
    seen: &currencies::Model,
    source: Option<Source>,
    rate: Option<Decimal>,
) -> AppResult<()> {
    let now = app.now();
    let pair = currencies::Entity::find_by_id(seen.id).lock_exclusive().one(txn).await?;
    // Somebody else read it meanwhile, or staff changed the pair.
    let Some(pair) = pair.filter(|pair| pair.fx_next_sync_at == seen.fx_next_sync_at && pair.version == seen.version)
    else {
        return Ok(());
    };
    let change = currencies::ActiveModel { id: Set(pair.id), updated_at: Set(now), ..Default::default() };
    let Some(base) = rate else {
        let since = pair.fx_next_sync_at.unwrap_or(now);
        let last = last_before(txn, pair.code, now).await?.map_or(since, |row| row.fetched_at);
        let late = (now - last - Duration::hours(i64::from(pair.fx_sync_hours))).num_minutes();
        let pause = AGAIN.iter().rev().find(|(from, _)| late >= *from).map_or(15, |(_, minutes)| *minutes);
        currencies::ActiveModel {
            fx_status: Set(Status::Failing),
            fx_next_sync_at: Set(Some(now + Duration::minutes(pause))),
            ..change
        }
        .update(txn)
        .await?;
        // Once for each time it begins to fail.
        return if pair.fx_status == Status::Failing { Ok(()) } else { warn(txn, app, &pair, "fx_failing", now).await };
    };
    let day_ago = last_before(txn, pair.code, now - OLD).await?;
    let markup = pair.fx_markup_percent.unwrap_or(USUAL_MARKUP);
    write_rate(txn, now, (pair.code, base, markup), (FxRateMode::Auto, source), None).await?;
    let jumped = day_ago.is_some_and(|then| {
        let change = (base - then.base_rate).abs() * Decimal::ONE_HUNDRED;
        change > then.base_rate * pair.fx_alert_percent
    });
    let warns = jumped && pair.fx_last_alert_at.is_none_or(|last| last + QUIET <= now);
    currencies::ActiveModel {
        fx_status: Set(Status::Active),
        fx_next_sync_at: Set(Some(now + Duration::hours(i64::from(pair.fx_sync_hours)))),
        fx_last_alert_at: Set(if warns { Some(now) } else { pair.fx_last_alert_at }),
        ..change
    }
    .update(txn)
    .await?;
    if warns { warn(txn, app, &pair, "fx_moved", now).await } else { Ok(()) }
}

/// The newest rate of a currency at an instant; of a younger pair its first one.
async fn last_before(conn: &impl ConnectionTrait, code: Currency, at: Timestamp) -> AppResult<Option<fx_rates::Model>> {
    let all = || fx_rates::Entity::find().filter(fx_rates::Column::TargetCurrency.eq(code));
    let then = all()
        .filter(fx_rates::Column::FetchedAt.lte(at))
        .order_by_desc(fx_rates::Column::FetchedAt)
        .order_by_desc(fx_rates::Column::Id)
        .one(conn)
        .await?;
    match then {
        Some(row) => Ok(Some(row)),
        None => Ok(all().order_by_asc(fx_rates::Column::FetchedAt).one(conn).await?),
    }
}

async fn warn(txn: &Txn, app: &App, pair: &currencies::Model, alert: &'static str, now: Timestamp) -> AppResult<()> {
    let event = Event::new("system.alert", "Currency", pair.id)
        .occurrence(format!("{alert}:{}", now.timestamp()))
        .with("alert", alert)
        .with("currency", pair.code);
    outbox::emit(txn, app, &Actor::system(), event).await
}

/// Whether the rate between two currencies comes by itself and is older than a day: it may still be locked, and the booking
/// is looked at (R-PY-17).
pub async fn is_old(conn: &impl ConnectionTrait, now: Timestamp, pair: [Currency; 2]) -> AppResult<bool> {
    let automatic = currencies::Entity::find()
        .filter(currencies::Column::Code.is_in(pair))
        .filter(currencies::Column::FxMode.eq(Mode::Auto))
        .all(conn)
        .await?;
    for row in automatic {
        let newest = last_before(conn, row.code, now).await?;
        if newest.is_some_and(|rate| rate.fetched_at < now - OLD) {
            return Ok(true);
        }
    }
    Ok(false)
}
