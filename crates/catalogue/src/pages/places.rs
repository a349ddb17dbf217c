//! Regions and "from" prices, for the staff who keep them (R-IQ-80, R-IQ-81, R-MG-60, R-MG-61).

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use kernel::ids::{LocationId, LocationPreferenceId};
use kernel::{AppError, AppResult, Currency, Money, Permission};
use platform::locale::find_text;
use platform::web::{ApiResult, Path};
use ui::{Badge, Choice, Chrome, Ctx, Field, Form, Inside, ListView, Posted, PostedFiles, Tone, page};

use super::{country_choices, currency_choices, refused, sayable, word};
use crate::destinations;
use crate::entity::location_preferences::LocationPreferenceStatus as Status;
use crate::money_input::MoneyInput;
use crate::service;
use crate::service::regions::{self, Region, RegionInput};
use crate::service::starting_prices::{self as keep, BulkInput, Filter, Import, Priced, StartingPriceInput};

const REGIONS: &str = "/admin/regions";
const PRICES: &str = "/admin/starting-prices";
/// Empty rows below the chosen destinations.
const SPARE: usize = 3;

fn keeper(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ManageAppData)
}

struct RegionLine {
    href: String,
    name: String,
    audience: String,
    destinations: String,
    state: Badge,
}

/// A destination as a patient of a country sees it.
struct Shown {
    place: i64,
    name: String,
    clinics: i64,
    price: String,
    is_first: bool,
}

/// Two views of the destinations side by side.
struct View {
    country: String,
    currency: String,
    lines: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "cat_regions.html")]
struct RegionsPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    lines: Vec<RegionLine>,
    views: Vec<View>,
    countries: Vec<Choice>,
    currencies: Vec<Choice>,
}

struct Present {
    id: LocationPreferenceId,
    version: i32,
    active: bool,
    state: Badge,
}

#[derive(Template)]
#[template(path = "cat_region.html")]
struct RegionPage {
    chrome: Chrome,
    form: Form,
    heading: String,
    action: String,
    audience: Vec<Choice>,
    rows: Vec<Field>,
    /// Destinations no clinic accepts patients in at present.
    idle: Vec<String>,
    present: Option<Present>,
    /// Whether one region more was refused once and can be confirmed.
    asks: bool,
}

fn named(choices: &[Choice], codes: &[String]) -> String {
    let name = |code: &String| {
        choices.iter().find(|choice| choice.value == *code).map_or_else(|| code.clone(), |choice| choice.label.clone())
    };
    codes.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn state(chrome: &Chrome, status: Status) -> Badge {
    let tone = if status == Status::Active { Tone::Good } else { Tone::Calm };
    Badge::new(tone, chrome.word("cat-region", word(&status)))
}

async fn view(ctx: &Ctx, countries: &[Choice], country: &str, currency: &str) -> AppResult<View> {
    let chrome = &ctx.chrome;
    let money: Currency = currency.parse().unwrap_or(Currency::USD);
    let home = Some(country).filter(|code| !code.is_empty());
    let found = destinations::list(ctx.app.db.conn(), home, money, ctx.now().date_naive()).await?;
    let line = |(place, found): (i64, destinations::Destination)| Shown {
        place,
        name: chrome.country(&found.country.iso_code, &found.country.name),
        clinics: i64::try_from(found.clinics).unwrap_or_default(),
        price: found.price.map_or_else(
            || chrome.t("cat-price-on-request"),
            |shown| {
                let price = chrome.money(Money::new(shown.price, money));
                if shown.approximate { chrome.tw("cat-price-approximate", "price", price) } else { price }
            },
        ),
        is_first: found.is_first,
    };
    Ok(View {
        country: home.map_or_else(|| chrome.t("cat-anywhere"), |code| named(countries, &[code.to_owned()])),
        currency: money.to_string(),
        lines: (1..).zip(found).map(line).collect(),
    })
}

pub(super) async fn regions(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = regions::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let chrome = ctx.chrome.clone();
    let countries = country_choices(&ctx.app, &chrome).await?;
    let line = |Region { row, audience, destinations }: Region| RegionLine {
        href: format!("{REGIONS}/{}", row.id),
        audience: named(&countries, &audience),
        destinations: named(&countries, &destinations),
        state: state(&chrome, row.status),
        name: row.name.unwrap_or_default(),
    };
    let list = ListView::new(&chrome, &found.meta);
    let lines = found.data.into_iter().map(line).collect();
    // What patients of one or two countries see, when it was asked for.
    let mut views = Vec::new();
    let currency = ctx.asked("currency");
    if !ctx.asked("preview").is_empty() {
        views.push(view(&ctx, &countries, &ctx.asked("country"), &currency).await?);
        if !ctx.asked("against").is_empty() {
            views.push(view(&ctx, &countries, &ctx.asked("against"), &currency).await?);
        }
    }
    let form = Form::new(&chrome)
        .with("country", ctx.asked("country"))
        .with("against", ctx.asked("against"))
        .with("currency", if currency.is_empty() { "USD".to_owned() } else { currency });
    page(&RegionsPage { list, lines, views, countries, currencies: currency_choices(&ctx.app).await?, form, chrome })
}

async fn region_page(ctx: &Ctx, region: Option<&Region>, form: Form, asks: bool) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let countries = country_choices(&ctx.app, chrome).await?;
    let held = regions::held(&ctx.app, &ctx.actor, region.map(|region| region.row.id)).await?;
    let with_clinics = destinations::countries_with_clinics(ctx.app.db.conn()).await?;
    let mut offered = vec![Choice::new("", chrome.t("cat-region-no-destination"))];
    offered.extend(countries.iter().cloned());
    let filled = (0..300).rev().find(|row| !form.value(&format!("to{row}")).is_empty()).map_or(0, |last| last + 1);
    let row = |index: usize| {
        let label = chrome.tn("cat-region-place", "number", i64::try_from(index + 1).unwrap_or_default());
        form.select(&format!("to{index}"), label, &offered)
    };
    let idle = region.map(|region| region.destinations.clone()).unwrap_or_default();
    let idle = idle.into_iter().filter(|code| !with_clinics.iter().any(|country| country.iso_code == *code));
    page(&RegionPage {
        heading: region.and_then(|region| region.row.name.clone()).unwrap_or_else(|| chrome.t("cat-region-new")),
        action: region.map_or_else(|| format!("{REGIONS}/new"), |region| format!("{REGIONS}/{}", region.row.id)),
        audience: countries.iter().filter(|choice| !held.contains(&choice.value)).cloned().collect(),
        rows: (0..filled + SPARE).map(row).collect(),
        idle: idle.map(|code| named(&countries, &[code])).collect(),
        present: region.map(|region| Present {
            id: region.row.id,
            version: region.row.version,
            active: region.row.status == Status::Active,
            state: state(chrome, region.row.status),
        }),
        asks,
        form,
        chrome: ctx.chrome.clone(),
    })
}

fn region_form(chrome: &Chrome, region: &Region) -> Form {
    let row = &region.row;
    let form = Form::new(chrome)
        .with("version", row.version.to_string())
        .with("name", row.name.clone().unwrap_or_default())
        .with_some("description", row.description.clone())
        .with("max_shown", row.max_shown.to_string());
    let form = region.audience.iter().fold(form, |form, code| form.with("audience", code));
    region.destinations.iter().enumerate().fold(form, |form, (at, code)| form.with(&format!("to{at}"), code))
}

fn region_input(posted: &Posted) -> AppResult<RegionInput> {
    let destinations = (0..300).filter_map(|at| posted.given(&format!("to{at}")).map(str::to_owned)).collect();
    Ok(RegionInput {
        name: posted.get("name").to_owned(),
        description: posted.given("description").map(str::to_owned),
        audience: posted.all("audience").into_iter().map(str::to_owned).collect(),
        destinations,
        max_shown: posted.maybe("max_shown")?,
        reason: posted.get("reason").to_owned(),
        version: posted.maybe("version")?,
        confirmed: posted.ticked("confirmed"),
    })
}

/// The form again; what is wrong with the destinations stands at the first of them.
fn region_again(ctx: &Ctx, posted: &Posted, error: &mut AppError) -> Form {
    if let Some(faults) = error.fields.0.remove("destinations") {
        error.fields.0.insert("to0".to_owned(), faults);
    }
    Form::posted(&ctx.chrome, posted).refused(error)
}

pub(super) async fn new_region(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome).with("max_shown", "10");
    region_page(&ctx, None, form, false).await
}

pub(super) async fn create_region(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = match region_input(&posted) {
        Ok(input) => regions::create(&ctx.app, &ctx.actor, input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(id) => Ok(ctx.done(&format!("{REGIONS}/{id}"), "cat-region-saved")),
        Err(error) => {
            let mut error = sayable(error)?;
            let asks = error.code == "many_regions";
            let form = region_again(&ctx, &posted, &mut error);
            Ok(refused(region_page(&ctx, None, form, asks).await?, &error))
        }
    }
}

pub(super) async fn region(Inside(ctx): Inside, Path(id): Path<LocationPreferenceId>) -> ApiResult<Response> {
    let region = regions::show(&ctx.app, &ctx.actor, id).await?;
    let form = region_form(&ctx.chrome, &region);
    region_page(&ctx, Some(&region), form, false).await
}

pub(super) async fn save_region(
    Inside(ctx): Inside,
    Path(id): Path<LocationPreferenceId>,
    posted: Posted,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = match region_input(&posted) {
        Ok(input) => regions::change(&ctx.app, &ctx.actor, id, input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{REGIONS}/{id}"), "cat-region-saved")),
        Err(error) => {
            let mut error = sayable(error)?;
            let region = regions::show(&ctx.app, &ctx.actor, id).await?;
            let form = region_again(&ctx, &posted, &mut error);
            Ok(refused(region_page(&ctx, Some(&region), form, false).await?, &error))
        }
    }
}

pub(super) async fn switch_region(
    Inside(ctx): Inside,
    Path(id): Path<LocationPreferenceId>,
    posted: Posted,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    let to = if posted.ticked("active") { Status::Active } else { Status::Inactive };
    let outcome = match posted.parse("version") {
        Ok(version) => regions::switch(&ctx.app, &ctx.actor, id, version, to, posted.get("why")).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{REGIONS}/{id}"), "cat-region-saved")),
        Err(error) => {
            let mut error = sayable(error)?;
            if let Some(faults) = error.fields.0.remove("reason") {
                error.fields.0.insert("why".to_owned(), faults);
            }
            let region = regions::show(&ctx.app, &ctx.actor, id).await?;
            let form = region_form(&ctx.chrome, &region).with("why", posted.get("why")).refused(&error);
            Ok(refused(region_page(&ctx, Some(&region), form, false).await?, &error))
        }
    }
}

struct PriceLine {
    place: String,
    price: String,
    days: String,
    is_fallback: bool,
    state: Badge,
}

#[derive(Template)]
#[template(path = "cat_starting_prices.html")]
struct StartingPricesPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    lines: Vec<PriceLine>,
    countries: Vec<Choice>,
    /// The same by name: what the list is narrowed by.
    names: Vec<Choice>,
    currencies: Vec<Choice>,
    today: String,
    /// The place the form is about, where it is not a whole country: its id and its name.
    place: Option<(LocationId, String)>,
}

fn price_line(ctx: &Ctx, priced: &Priced, countries: &HashMap<&str, &str>) -> PriceLine {
    let (chrome, row) = (&ctx.chrome, &priced.row);
    let today = ctx.now().date_naive();
    let (tone, key) = if row.effective_to.is_some_and(|to| to < today) {
        (Tone::Calm, "ended")
    } else if row.effective_from.is_some_and(|from| from > today) {
        (Tone::Info, "later")
    } else {
        (Tone::Good, "now")
    };
    let from = row.effective_from.map_or_else(|| chrome.t("cat-since-ever"), |day| chrome.date(day));
    let to = row.effective_to.map_or_else(|| chrome.t("cat-until-further"), |day| chrome.date(day));
    let place = match row.location_id {
        Some(_) => priced.place.clone(),
        None => countries.get(priced.place.as_str()).map_or_else(|| priced.place.clone(), |name| (*name).to_owned()),
    };
    PriceLine {
        place,
        price: chrome.money(Money::new(row.starting_price, row.currency)),
        days: format!("{from} – {to}"),
        is_fallback: row.is_fallback,
        state: Badge::new(tone, chrome.word("cat-price-days", key)),
    }
}

async fn prices_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let filter = Filter {
        country: Some(ctx.asked("country")).filter(|name| !name.is_empty()),
        currency: ctx.asked("currency").parse().ok(),
        is_current: ctx.asked("ended") != "yes",
    };
    let found = keep::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let all = super::active_countries(&ctx.app).await?;
    let local: Vec<(String, String)> =
        all.iter().map(|row| (row.name.clone(), chrome.country(&row.iso_code, &row.name))).collect();
    let by_name: HashMap<&str, &str> = local.iter().map(|(name, local)| (name.as_str(), local.as_str())).collect();
    let mut names: Vec<Choice> = local.iter().map(|(name, local)| Choice::new(name, local)).collect();
    names.sort_by(|a, b| a.label.cmp(&b.label));
    let typed = Some(form.value("location_id")).filter(|id| !id.is_empty()).map(str::to_owned);
    let asked = typed.unwrap_or_else(|| ctx.asked("location"));
    let place = match asked.parse::<LocationId>() {
        Ok(id) => Some((id, service::locations::show(&ctx.app, &ctx.actor, id).await?.name)),
        Err(_) => None,
    };
    page(&StartingPricesPage {
        place,
        list: ListView::new(chrome, &found.meta),
        lines: found.data.iter().map(|priced| price_line(ctx, priced, &by_name)).collect(),
        countries: country_choices(&ctx.app, chrome).await?,
        names,
        currencies: currency_choices(&ctx.app).await?,
        today: ctx.now().date_naive().to_string(),
        form,
        chrome: chrome.clone(),
    })
}

pub(super) async fn prices(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome).with("price_currency", "USD");
    prices_page(&ctx, form).await
}

/// The faults of money and places beside the fields they were typed in.
fn price_again(ctx: &Ctx, posted: &Posted, error: &mut AppError) -> Form {
    for (named, shown) in [("price.amount", "amount"), ("price.currency", "price_currency")] {
        if let Some(faults) = error.fields.0.remove(named) {
            error.fields.0.insert(shown.to_owned(), faults);
        }
    }
    Form::posted(&ctx.chrome, posted).refused(error)
}

pub(super) async fn set_price(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = async {
        let input = StartingPriceInput {
            country_code: posted.given("country_code").map(str::to_owned),
            location_id: posted.maybe("location_id")?,
            price: MoneyInput {
                amount: posted.get("amount").replace(',', "."),
                currency: posted.get("price_currency").to_owned(),
            },
            is_fallback: posted.ticked("is_fallback"),
            effective_from: posted.maybe("effective_from")?,
            effective_to: posted.maybe("effective_to")?,
            description: None,
            reason: posted.get("reason").to_owned(),
        };
        keep::set(&ctx.app, &ctx.actor, &input).await
    };
    match outcome.await {
        Ok(_) => Ok(ctx.done(PRICES, "cat-starting-price-saved")),
        Err(error) => {
            let mut error = sayable(error)?;
            let form = price_again(&ctx, &posted, &mut error);
            Ok(refused(prices_page(&ctx, form).await?, &error))
        }
    }
}

struct BulkRow {
    before: String,
    after: String,
    is_fallback: bool,
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "cat_prices_bulk.html")]
struct BulkPage {
    chrome: Chrome,
    form: Form,
    countries: Vec<Choice>,
    steps: Vec<Choice>,
    lines: Vec<BulkRow>,
    tomorrow: String,
}

async fn bulk_page(ctx: &Ctx, form: Form, lines: Vec<keep::BulkLine>) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let mut steps = vec![Choice::new("", chrome.t("cat-bulk-no-rounding"))];
    steps.extend(["5", "10", "50", "100"].map(|step| Choice::new(step, step)));
    let row = |line: keep::BulkLine| BulkRow {
        before: chrome.money(line.before),
        after: line.after.map(|money| chrome.money(money)).unwrap_or_default(),
        is_fallback: line.is_fallback,
        is_wrong: line.after.is_none(),
    };
    let tomorrow = ctx.now().date_naive().succ_opt().map(|day| day.to_string()).unwrap_or_default();
    page(&BulkPage {
        countries: country_choices(&ctx.app, chrome).await?,
        steps,
        lines: lines.into_iter().map(row).collect(),
        tomorrow,
        form,
        chrome: chrome.clone(),
    })
}

pub(super) async fn bulk(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome);
    bulk_page(&ctx, form, Vec::new()).await
}

/// Looks first; saves when the button says so.
pub(super) async fn change_all(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let save = posted.get("do") == "save";
    let outcome = async {
        let decimal = |name: &str| match posted.given(name) {
            None => Ok(None),
            Some(text) => text
                .replace(',', ".")
                .parse()
                .map(Some)
                .map_err(|_| AppError::field(name.to_owned(), "invalid_amount", "Enter a number.")),
        };
        let input = BulkInput {
            country_code: posted.given("country_code").map(str::to_owned),
            location_id: None,
            percent: decimal("percent")?,
            amount: decimal("amount")?,
            round_to: posted.maybe("round_to")?,
            effective_from: posted.maybe("effective_from")?,
            reason: posted.get("reason").to_owned(),
        };
        if save {
            keep::bulk(&ctx.app, &ctx.actor, &input).await
        } else {
            keep::bulk_preview(&ctx.app, &ctx.actor, &input).await
        }
    };
    match outcome.await {
        Ok(_) if save => Ok(ctx.done(PRICES, "cat-starting-price-saved")),
        Ok(lines) => {
            let form = Form::posted(&ctx.chrome, &posted);
            bulk_page(&ctx, form, lines).await
        }
        Err(error) => {
            let error = sayable(error)?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(refused(bulk_page(&ctx, form, Vec::new()).await?, &error))
        }
    }
}

#[derive(Template)]
#[template(path = "cat_prices_import.html")]
struct ImportPage {
    chrome: Chrome,
    form: Form,
    tried: bool,
    prices: i64,
    /// The number of a line and what is wrong with it.
    faults: Vec<(usize, String)>,
}

fn import_page(ctx: &Ctx, form: Form, tried: Option<Import>) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let sentence = |fault: keep::LineError| {
        let text = find_text(chrome.locale, &format!("error-{}", fault.code)).unwrap_or(fault.message);
        (fault.line, text)
    };
    page(&ImportPage {
        tried: tried.is_some(),
        prices: tried.as_ref().map_or(0, |import| i64::try_from(import.prices).unwrap_or_default()),
        faults: tried.map(|import| import.errors.into_iter().map(sentence).collect()).unwrap_or_default(),
        form,
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn import(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome);
    import_page(&ctx, form, None)
}

/// Tries a file, or saves it when the box is ticked and nothing is wrong.
pub(super) async fn run_import(Inside(ctx): Inside, posted: PostedFiles) -> ApiResult<Response> {
    keeper(&ctx)?;
    let fields = &posted.fields;
    let outcome = async {
        let file = posted.file("file").ok_or_else(|| AppError::field("file", "required", "Choose a file."))?;
        let text = std::str::from_utf8(&file.bytes)
            .map_err(|_| AppError::field("file", "media_unreadable", "The file is not text in UTF-8."))?;
        keep::import(&ctx.app, &ctx.actor, text, fields.get("reason"), fields.ticked("save")).await
    };
    match outcome.await {
        Ok(import) if import.saved => Ok(ctx.done(PRICES, "cat-starting-price-saved")),
        Ok(import) => {
            let form = Form::posted(&ctx.chrome, fields);
            import_page(&ctx, form, Some(import))
        }
        Err(error) => {
            let error = sayable(error)?;
            let form = Form::posted(&ctx.chrome, fields).refused(&error);
            Ok(refused(import_page(&ctx, form, None)?, &error))
        }
    }
}
