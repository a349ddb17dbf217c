//! What Hairline keeps of a booking: the platform's rate, and what single clinics agreed to.

use askama::Template;
use axum::response::Response;
use directory::commission::{
    self, AgreementLine, ClinicCharge, ClinicCommission, ClinicTermsChange, ClinicTermsVersion, Example,
    PlatformRateChange,
};
use directory::entity::provider_commissions::ProviderCommissionPaymentCycle as Cycle;
use identity::confirm;
use kernel::ids::ProviderId;
use kernel::{AppError, AppResult, Currency, ErrorKind, Money, PageQuery, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, Tone, page};

const HOME: &str = "/admin/settings/commission";
/// Versions a page shows of a history.
const NEWEST: PageQuery = PageQuery { page: 1, per_page: 20 };
const CYCLES: [Cycle; 3] = [Cycle::Weekly, Cycle::TwiceMonthly, Cycle::Monthly];

struct Rate {
    percent: String,
    from: String,
    reason: String,
}

struct Agreement {
    href: String,
    clinic: String,
    charge: String,
    cycle: String,
    since: String,
}

/// What an example keeps today and would keep then.
struct ExampleText {
    price: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "admin_commission.html")]
struct CommissionPage {
    chrome: Chrome,
    form: Form,
    percent: String,
    planned: Option<String>,
    version: u64,
    example: Option<ExampleText>,
    history: Vec<Rate>,
    agreements: Vec<Agreement>,
    list: ListView,
    may_edit: bool,
}

struct Version {
    charge: String,
    cycle: String,
    days: String,
    standing: Badge,
    reason: String,
}

#[derive(Template)]
#[template(path = "admin_clinic_commission.html")]
struct ClinicPage {
    chrome: Chrome,
    form: Form,
    clinic: String,
    back: String,
    action: String,
    charge: String,
    is_own: bool,
    paid: String,
    version: u64,
    example: Option<ExampleText>,
    kinds: Vec<Choice>,
    currencies: Vec<Choice>,
    cycles: Vec<Choice>,
    history: Vec<Version>,
    may_edit: bool,
}

/// A charge in words: `18 %`, or the fee.
fn charge_words(chrome: &Chrome, charge: ClinicCharge) -> String {
    match charge {
        ClinicCharge::Percentage { percent } => format!("{percent} %"),
        ClinicCharge::Flat { fee } => chrome.tw("commission-per-booking", "amount", chrome.money(fee)),
        ClinicCharge::Platform => chrome.t("commission-kind-platform"),
    }
}

fn cycle_words(chrome: &Chrome, cycle: Cycle) -> String {
    chrome.word("payment-cycle", cycle.to_value())
}

fn example_text(chrome: &Chrome, example: Example) -> ExampleText {
    ExampleText {
        price: chrome.money(example.price),
        before: example.before.map_or_else(|| "–".to_owned(), |before| chrome.money(before)),
        after: chrome.money(example.after),
    }
}

fn is_sayable(error: &AppError) -> bool {
    matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid)
}

fn agreement(chrome: &Chrome, line: &AgreementLine) -> Agreement {
    Agreement {
        href: format!("/admin/clinics/{}/commission", line.provider_id),
        clinic: line.provider_name.clone(),
        charge: charge_words(chrome, line.charge),
        cycle: cycle_words(chrome, line.payment_cycle),
        since: chrome.date(line.effective_from),
    }
}

async fn platform_page(ctx: &Ctx, form: Form, example: Option<Example>) -> ApiResult<Response> {
    let seen = commission::platform(&ctx.app, &ctx.actor, NEWEST).await?;
    let found = commission::agreements(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let zone = chrome.own_zone();
    let form = if form.value("percent").is_empty() { form.with("percent", seen.percent.to_string()) } else { form };
    page(&CommissionPage {
        percent: format!("{} %", seen.percent),
        planned: seen.planned.map(|row| {
            let args = [
                ("percent", format!("{} %", row.percent).into()),
                ("when", chrome.datetime(row.effective_from, zone).into()),
            ];
            platform::locale::tr(chrome.locale, "commission-planned", &args)
        }),
        version: seen.version,
        example: example.map(|example| example_text(chrome, example)),
        history: seen
            .history
            .data
            .into_iter()
            .map(|row| Rate {
                percent: format!("{} %", row.percent),
                from: chrome.datetime(row.effective_from, zone),
                reason: row.reason,
            })
            .collect(),
        agreements: found.data.iter().map(|line| agreement(chrome, line)).collect(),
        list: ListView::new(chrome, &found.meta),
        may_edit: ctx.actor.can(Permission::ConfigurePaymentSetting),
        form,
        chrome: chrome.clone(),
    })
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    platform_page(&ctx, form, None).await
}

fn rate(posted: &Posted) -> AppResult<PlatformRateChange> {
    let day = posted.get("effective_from").trim();
    let from = match day {
        "" => None,
        day => {
            let wrong = |_| AppError::field("effective_from", "invalid", "Choose a day.");
            Some(day.parse::<chrono::NaiveDate>().map_err(wrong)?.and_time(chrono::NaiveTime::MIN).and_utc())
        }
    };
    Ok(PlatformRateChange {
        percent: posted.parse("percent")?,
        effective_from: from,
        version: posted.parse("version")?,
        reason: posted.get("reason").to_owned(),
    })
}

async fn try_platform(ctx: &Ctx, posted: &Posted) -> AppResult<Option<Example>> {
    let change = rate(posted)?;
    if posted.get("op") == "preview" {
        return commission::preview_platform(&ctx.app, &ctx.actor, change.percent).await.map(Some);
    }
    commission::set_platform(&ctx.app, &ctx.actor, &change).await.map(|()| None)
}

pub(super) async fn save(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(Permission::ConfigurePaymentSetting)?;
    if posted.get("op") != "preview"
        && let Some(question) = confirm::ask(&ctx, &posted, HOME).await?
    {
        return Ok(question);
    }
    let form = Form::posted(&ctx.chrome, &posted);
    match try_platform(&ctx, &posted).await {
        Ok(None) => Ok(ctx.done(HOME, "saved")),
        Ok(example) => platform_page(&ctx, form, example).await,
        Err(error) if is_sayable(&error) => {
            let mut response = platform_page(&ctx, form.refused(&error), None).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

fn version(chrome: &Chrome, row: ClinicTermsVersion) -> Version {
    let tone = match row.standing {
        commission::TermsStanding::Current => Tone::Good,
        commission::TermsStanding::Planned => Tone::Info,
        commission::TermsStanding::Ended | commission::TermsStanding::Archived => Tone::Calm,
    };
    let from = chrome.date(row.effective_from);
    Version {
        charge: charge_words(chrome, row.charge),
        cycle: cycle_words(chrome, row.payment_cycle),
        days: match row.effective_to {
            Some(end) => format!("{from} – {}", chrome.date(end)),
            None => chrome.tw("commission-from", "day", from),
        },
        standing: Badge::new(tone, chrome.word("commission-standing", row.standing.word())),
        reason: row.reason,
    }
}

/// The form as the terms stand.
fn filled(chrome: &Chrome, seen: &ClinicCommission) -> Form {
    let form = Form::new(chrome)
        .with("payment_cycle", seen.payment_cycle.to_value())
        .with("payout_offset_days", seen.payout_offset_days.to_string());
    // The kinds that are not in force begin with something that would do.
    let (kind, percent, currency) = match seen.charge {
        ClinicCharge::Percentage { percent } if seen.is_own => ("percentage", percent, Currency::USD),
        ClinicCharge::Flat { fee } => ("flat", seen.platform_percent, fee.currency),
        ClinicCharge::Percentage { .. } | ClinicCharge::Platform => ("platform", seen.platform_percent, Currency::USD),
    };
    let fee = if let ClinicCharge::Flat { fee } = seen.charge { Some(fee.amount.to_string()) } else { None };
    form.with("kind", kind).with("percent", percent.to_string()).with("currency", currency.code()).with_some("fee", fee)
}

async fn clinic_page(ctx: &Ctx, id: ProviderId, form: Option<Form>, example: Option<Example>) -> ApiResult<Response> {
    let seen = commission::clinic(&ctx.app, &ctx.actor, id, NEWEST).await?;
    let chrome = &ctx.chrome;
    let kind = |word: &'static str| Choice::new(word, chrome.word("commission-kind", word));
    let usable = catalogue::fx::enabled(ctx.app.db.conn()).await?;
    page(&ClinicPage {
        form: form.unwrap_or_else(|| filled(chrome, &seen)),
        back: format!("/admin/clinics/{id}"),
        action: format!("/admin/clinics/{id}/commission"),
        charge: charge_words(chrome, seen.charge),
        is_own: seen.is_own,
        paid: paid_words(chrome, &seen),
        version: seen.version,
        example: example.map(|example| example_text(chrome, example)),
        kinds: ["platform", "percentage", "flat"].map(kind).into(),
        currencies: usable.iter().map(|code| Choice::new(code.code(), code.code())).collect(),
        cycles: CYCLES.map(|cycle| Choice::new(cycle.to_value(), cycle_words(chrome, cycle))).into(),
        may_edit: ctx.actor.can(Permission::ConfigurePaymentSetting),
        clinic: seen.provider_name,
        history: seen.history.data.into_iter().map(|row| version(chrome, row)).collect(),
        chrome: chrome.clone(),
    })
}

pub(super) async fn show_clinic(Inside(ctx): Inside, Path(id): Path<ProviderId>) -> ApiResult<Response> {
    clinic_page(&ctx, id, None, None).await
}

fn terms(posted: &Posted) -> AppResult<ClinicTermsChange> {
    let charge = match posted.get("kind") {
        "percentage" => ClinicCharge::Percentage { percent: posted.parse("percent")? },
        "flat" => {
            let wrong = || AppError::field("fee", "invalid", "This value is not valid.");
            let amount = posted.get("fee").trim().replace(',', ".").parse().map_err(|_| wrong())?;
            let currency = posted
                .get("currency")
                .parse()
                .map_err(|_| AppError::field("currency", "unknown_value", "Choose a currency."))?;
            ClinicCharge::Flat { fee: Money::new(amount, currency) }
        }
        "platform" => ClinicCharge::Platform,
        _ => return Err(AppError::field("kind", "unknown_value", "Choose what is kept.")),
    };
    let cycle = Cycle::try_from_value(&posted.get("payment_cycle").to_owned())
        .map_err(|_| AppError::field("payment_cycle", "unknown_value", "Choose how often it is paid."))?;
    let from = match posted.get("effective_from").trim() {
        "" => None,
        day => Some(day.parse().map_err(|_| AppError::field("effective_from", "invalid", "Choose a day."))?),
    };
    Ok(ClinicTermsChange {
        charge,
        payment_cycle: cycle,
        payout_offset_days: posted.parse("payout_offset_days")?,
        effective_from: from,
        version: posted.parse("version")?,
        reason: posted.get("reason").to_owned(),
    })
}

async fn try_clinic(ctx: &Ctx, id: ProviderId, posted: &Posted) -> AppResult<Option<Example>> {
    let change = terms(posted)?;
    if posted.get("op") == "preview" {
        return commission::preview_clinic(&ctx.app, &ctx.actor, id, &change).await.map(Some);
    }
    commission::set_clinic(&ctx.app, &ctx.actor, id, &change).await.map(|()| None)
}

pub(super) async fn save_clinic(
    Inside(ctx): Inside,
    Path(id): Path<ProviderId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.require(Permission::ConfigurePaymentSetting)?;
    // Whose they are comes before what was sent.
    commission::clinic(&ctx.app, &ctx.actor, id, NEWEST).await?;
    let here = format!("/admin/clinics/{id}/commission");
    if posted.get("op") != "preview"
        && let Some(question) = confirm::ask(&ctx, &posted, &here).await?
    {
        return Ok(question);
    }
    let form = Form::posted(&ctx.chrome, &posted);
    match try_clinic(&ctx, id, &posted).await {
        Ok(None) => Ok(ctx.done(&here, "saved")),
        Ok(example) => clinic_page(&ctx, id, Some(form), example).await,
        Err(error) if is_sayable(&error) => {
            let mut response = clinic_page(&ctx, id, Some(form.refused(&error)), None).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "provider_commission.html")]
struct OwnPage {
    chrome: Chrome,
    charge: String,
    is_own: bool,
    paid: String,
    history: Vec<Version>,
}

/// What the clinic's own owner and billing read of it.
pub(super) async fn show_own(Inside(ctx): Inside) -> ApiResult<Response> {
    let seen = commission::own(&ctx.app, &ctx.actor, NEWEST).await?;
    let chrome = &ctx.chrome;
    page(&OwnPage {
        charge: charge_words(chrome, seen.charge),
        is_own: seen.is_own,
        paid: paid_words(chrome, &seen),
        history: seen.history.data.into_iter().map(|row| version(chrome, row)).collect(),
        chrome: chrome.clone(),
    })
}

fn paid_words(chrome: &Chrome, seen: &ClinicCommission) -> String {
    let paid = [
        ("cycle", cycle_words(chrome, seen.payment_cycle).into()),
        ("days", i64::from(seen.payout_offset_days).into()),
    ];
    platform::locale::tr(chrome.locale, "commission-paid", &paid)
}
