//! The add-ons a clinic sells with its treatments (R-IQ-72).

use askama::Template;
use axum::response::Response;
use kernel::ids::{MediaId, PackageId};
use kernel::{AppError, AppResult, Currency, Money, Permission};
use platform::files::signed_link;
use platform::web::{ApiResult, Path};
use sea_orm::{ActiveEnum, Iterable};
use std::time::Duration;
use ui::{Badge, Choice, Chrome, Ctx, Field, Form, Inside, ListView, Posted, PostedFiles, Tone, page};

use super::{currency_choices, refused, sayable, word};
use crate::entity::packages::{PackageCategory, PackageStatus};
use crate::money_input::MoneyInput;
use crate::package_parts;
use crate::packages::{self, Package, PackageInput, PackageItemInput};

const BASE: &str = "/provider/packages";
/// Empty lines below the filled ones of a form.
const SPARE: usize = 3;

struct Line {
    href: String,
    name: String,
    kind: String,
    price: String,
    state: Badge,
    used: i64,
}

#[derive(Template)]
#[template(path = "cat_packages.html")]
struct PackagesPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
    states: Vec<Choice>,
}

struct Picture {
    id: MediaId,
    src: String,
}

/// What is there already, beside the form.
struct Present {
    id: PackageId,
    active: bool,
    state: Badge,
    pictures: Vec<Picture>,
    has_room: bool,
}

#[derive(Template)]
#[template(path = "cat_package.html")]
struct PackagePage {
    chrome: Chrome,
    form: Form,
    heading: String,
    action: String,
    kinds: Vec<Choice>,
    currencies: Vec<Choice>,
    lines: Vec<[Field; 3]>,
    present: Option<Present>,
    picture_error: String,
}

fn state(chrome: &Chrome, status: PackageStatus) -> Badge {
    let tone = if status == PackageStatus::Active { Tone::Good } else { Tone::Calm };
    Badge::new(tone, chrome.word("cat-package", word(&status)))
}

fn kind(chrome: &Chrome, category: PackageCategory) -> String {
    chrome.word("cat-kind", word(&category).replace('_', "-"))
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.provider()?;
    let status = PackageStatus::try_from_value(&ctx.asked("status")).ok();
    let found = packages::list(&ctx.app, &ctx.actor, None, status, ctx.page_query()).await?;
    let ids: Vec<PackageId> = found.data.iter().map(|package| package.row.id).collect();
    let used = package_parts::usage(ctx.app.db.conn(), &ids).await?;
    let chrome = ctx.chrome;
    let line = |Package { row, .. }: Package| Line {
        href: format!("{BASE}/{}", row.id),
        kind: kind(&chrome, row.package_category),
        price: chrome.money(Money::new(row.package_price, row.currency)),
        state: state(&chrome, row.status),
        used: used.get(&row.id).and_then(|used| i64::try_from(*used).ok()).unwrap_or_default(),
        name: row.package_name,
    };
    let lines = found.data.into_iter().map(line).collect();
    let states = PackageStatus::iter()
        .map(|status| Choice::new(word(&status), chrome.word("cat-package", word(&status))))
        .collect();
    page(&PackagesPage { list: ListView::new(&chrome, &found.meta), lines, states, chrome })
}

/// The rows of lines a form shows: those that are filled and a few empty ones.
fn rows(chrome: &Chrome, form: &Form, filled: usize) -> Vec<[Field; 3]> {
    (0..filled + SPARE)
        .map(|index| {
            let at = |part: &str| format!("items.{index}.{part}");
            [
                form.text(&at("name"), chrome.t("cat-item-name")).maxlength(255),
                form.text(&at("value"), chrome.t("cat-item-value")).maxlength(255),
                form.amount(&at("price"), chrome.t("cat-item-price")),
            ]
        })
        .collect()
}

async fn package_page(ctx: &Ctx, package: Option<&Package>, form: Form, picture_error: String) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let filled = (0..50)
        .rev()
        .find(|index| ["name", "value"].iter().any(|part| !form.value(&format!("items.{index}.{part}")).is_empty()));
    let present = match package {
        None => None,
        Some(Package { row, .. }) => {
            let found = package_parts::pictures(ctx.app.db.conn(), &[row.id]).await?.remove(&row.id);
            let pictures: Vec<Picture> = found
                .unwrap_or_default()
                .iter()
                .map(|item| Picture {
                    id: item.media.id,
                    src: signed_link(&ctx.app, item.file_id(), &ctx.actor, Duration::from_secs(600)),
                })
                .collect();
            Some(Present {
                id: row.id,
                active: row.status == PackageStatus::Active,
                state: state(chrome, row.status),
                has_room: pictures.len() < 3,
                pictures,
            })
        }
    };
    page(&PackagePage {
        heading: package.map_or_else(|| chrome.t("cat-package-new"), |package| package.row.package_name.clone()),
        action: package.map_or_else(|| format!("{BASE}/new"), |package| format!("{BASE}/{}", package.row.id)),
        kinds: PackageCategory::iter().map(|it| Choice::new(word(&it), kind(chrome, it))).collect(),
        currencies: currency_choices(&ctx.app).await?,
        lines: rows(chrome, &form, filled.map_or(0, |last| last + 1)),
        present,
        picture_error,
        form,
        chrome: ctx.chrome.clone(),
    })
}

fn form_of(chrome: &Chrome, Package { row, items }: &Package) -> Form {
    let form = Form::new(chrome)
        .with("version", row.version.to_string())
        .with("name", row.package_name.clone())
        .with("price", row.package_price.to_string())
        .with("currency", row.currency.to_string())
        .with("category", word(&row.package_category))
        .with_some("description", row.package_description.clone())
        .with_some("duration", row.duration.clone())
        .with_some("terms", row.terms.clone());
    items.iter().enumerate().fold(form, |form, (index, item)| {
        let shown = item.item_price.is_positive().then(|| item.item_price.to_string());
        form.with(&format!("items.{index}.name"), item.item_name.clone())
            .with(&format!("items.{index}.value"), item.item_value.clone())
            .with_some(&format!("items.{index}.price"), shown)
    })
}

fn input_of(posted: &Posted) -> AppResult<PackageInput> {
    let currency = posted.get("currency").to_owned();
    let money = |text: &str| MoneyInput { amount: text.replace(',', "."), currency: currency.clone() };
    let items = (0..60)
        .filter_map(|index| {
            let at = |part: &str| posted.get(&format!("items.{index}.{part}"));
            let empty = at("name").is_empty() && at("value").is_empty() && at("price").is_empty();
            (!empty).then(|| PackageItemInput {
                name: at("name").to_owned(),
                value: at("value").to_owned(),
                price: Some(at("price")).filter(|text| !text.is_empty()).map(&money),
            })
        })
        .collect();
    Ok(PackageInput {
        name: posted.get("name").to_owned(),
        price: money(posted.get("price")),
        category: posted.get("category").to_owned(),
        description: posted.given("description").map(str::to_owned),
        duration: posted.given("duration").map(str::to_owned),
        terms: posted.given("terms").map(str::to_owned),
        items,
        version: posted.maybe("version")?,
    })
}

/// The form again, with the faults of money and lines beside the fields they were typed in.
fn again(ctx: &Ctx, posted: &Posted, mut error: AppError) -> Form {
    let named: Vec<String> = error.fields.0.keys().cloned().collect();
    for field in named {
        let shown = match field.as_str() {
            "price.amount" => "price".to_owned(),
            "price.currency" => "currency".to_owned(),
            line if line.starts_with("items.") => match line.strip_suffix(".price.amount") {
                Some(line) => format!("{line}.price"),
                None => format!("{line}.name"),
            },
            _ => continue,
        };
        if let Some(faults) = error.fields.0.remove(&field) {
            error.fields.0.entry(shown).or_insert(faults);
        }
    }
    Form::posted(&ctx.chrome, posted).refused(&error)
}

fn seller(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.provider()?;
    ctx.actor.require(Permission::ManageTreatmentOffering)
}

pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    seller(&ctx)?;
    let form = Form::new(&ctx.chrome).with("currency", Currency::USD.to_string()).with("category", "hotel");
    package_page(&ctx, None, form, String::new()).await
}

pub(super) async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    seller(&ctx)?;
    let outcome = match input_of(&posted) {
        Ok(input) => packages::create(&ctx.app, &ctx.actor, input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(package) => Ok(ctx.done(&format!("{BASE}/{}", package.row.id), "cat-package-saved")),
        Err(error) => {
            let error = sayable(error)?;
            let kind = AppError::new(error.kind, error.code.clone(), "");
            let form = again(&ctx, &posted, error);
            Ok(refused(package_page(&ctx, None, form, String::new()).await?, &kind))
        }
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<PackageId>) -> ApiResult<Response> {
    seller(&ctx)?;
    let package = packages::show(&ctx.app, &ctx.actor, id).await?;
    let form = form_of(&ctx.chrome, &package);
    package_page(&ctx, Some(&package), form, String::new()).await
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<PackageId>, posted: Posted) -> ApiResult<Response> {
    seller(&ctx)?;
    let outcome = match input_of(&posted) {
        Ok(input) => packages::edit(&ctx.app, &ctx.actor, id, input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Ok(ctx.done(&format!("{BASE}/{id}"), "cat-package-saved")),
        Err(error) => {
            let error = sayable(error)?;
            let package = packages::show(&ctx.app, &ctx.actor, id).await?;
            let kind = AppError::new(error.kind, error.code.clone(), "");
            let form = again(&ctx, &posted, error);
            Ok(refused(package_page(&ctx, Some(&package), form, String::new()).await?, &kind))
        }
    }
}

pub(super) async fn clone(Inside(ctx): Inside, Path(id): Path<PackageId>, _posted: Posted) -> ApiResult<Response> {
    let copy = packages::clone(&ctx.app, &ctx.actor, id).await?;
    Ok(ctx.done(&format!("{BASE}/{}", copy.row.id), "cat-package-cloned"))
}

pub(super) async fn switch(Inside(ctx): Inside, Path(id): Path<PackageId>, posted: Posted) -> ApiResult<Response> {
    seller(&ctx)?;
    let to = if posted.ticked("active") { PackageStatus::Active } else { PackageStatus::Inactive };
    packages::switch(&ctx.app, &ctx.actor, id, to).await?;
    Ok(ctx.done(&format!("{BASE}/{id}"), "cat-package-switched"))
}

pub(super) async fn add_picture(
    Inside(ctx): Inside,
    Path(id): Path<PackageId>,
    posted: PostedFiles,
) -> ApiResult<Response> {
    seller(&ctx)?;
    let outcome = match posted.file("file") {
        Some(file) => package_parts::add_picture(&ctx.app, &ctx.actor, id, file.clone()).await,
        None => Err(AppError::field("file", "required", "Choose a picture.")),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{BASE}/{id}"), "cat-picture-added")),
        Err(error) => {
            let error = sayable(error)?;
            let package = packages::show(&ctx.app, &ctx.actor, id).await?;
            let said = Form::new(&ctx.chrome).refused(&error);
            let sentence = said.error("file").map(str::to_owned).unwrap_or_else(|| error.detail.clone());
            let form = form_of(&ctx.chrome, &package);
            Ok(refused(package_page(&ctx, Some(&package), form, sentence).await?, &error))
        }
    }
}

pub(super) async fn remove_picture(
    Inside(ctx): Inside,
    Path(id): Path<PackageId>,
    posted: Posted,
) -> ApiResult<Response> {
    seller(&ctx)?;
    package_parts::remove_picture(&ctx.app, &ctx.actor, id, posted.parse("picture")?).await?;
    Ok(ctx.done(&format!("{BASE}/{id}"), "cat-picture-removed"))
}
