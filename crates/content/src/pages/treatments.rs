//! What can be treated.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use catalogue::entity::treatment_includes;
use catalogue::entity::treatments::Model as Treatment;
use catalogue::treatments;
use directory::rules::search::slug;
use kernel::ids::TreatmentId;
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use platform::web::{ApiResult, Path};
use ui::{Chrome, Ctx, page};

use super::places::{self, Crumb};

struct TreatmentView {
    /// Its own page.
    href: String,
    picture: Option<String>,
    name: String,
    kind: String,
    text: String,
    recovery: String,
    hours: String,
    includes: Vec<(String, String)>,
    /// What it costs at least; empty where no clinic says.
    price: String,
}

#[derive(Template)]
#[template(path = "treatments.html")]
struct TreatmentsPage {
    chrome: Chrome,
    treatments: Vec<TreatmentView>,
}

#[derive(Template)]
#[template(path = "treatment.html")]
struct TreatmentPage {
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    treatment: TreatmentView,
}

/// A treatment by its name in an address.
fn path(row: &Treatment) -> String {
    let name = Some(slug(&row.treatment_name)).filter(|name| !name.is_empty());
    format!("/treatments/{}", name.unwrap_or_else(|| row.id.to_string()))
}

async fn views(ctx: &Ctx, rows: Vec<Treatment>) -> AppResult<Vec<TreatmentView>> {
    let conn = ctx.app.replica.conn();
    let ids: Vec<TreatmentId> = rows.iter().map(|row| row.id).collect();
    let mut includes: HashMap<TreatmentId, Vec<treatment_includes::Model>> = HashMap::new();
    for row in treatments::includes(conn, &ids).await? {
        includes.entry(row.treatment_id).or_default().push(row);
    }
    let prices = directory::directory::treatment_prices(&ctx.app).await?;
    let chrome = &ctx.chrome;
    let view = |row: Treatment| TreatmentView {
        href: path(&row),
        picture: catalogue::views::thumbnail(&ctx.app, &row),
        includes: includes
            .remove(&row.id)
            .unwrap_or_default()
            .into_iter()
            .map(|it| (it.include_name, it.include_description.unwrap_or_default()))
            .collect(),
        kind: chrome.word("offer-technique", super::word(&row.treatment_type).to_lowercase()),
        price: prices.get(&row.id).map(|price| chrome.money(price)).unwrap_or_default(),
        name: row.treatment_name,
        text: row.treatment_description,
        recovery: row.recovery_time.unwrap_or_default(),
        hours: row.duration_hours.map(|hours| hours.normalize().to_string()).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// All treatments.
pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let rows = treatments::list(ctx.app.replica.conn(), false).await?;
    let treatments = views(&ctx, rows).await?;
    let site = ctx.app.config.http.public_url.clone();
    let (title, text) = (ctx.chrome.t("public-treatments-title"), ctx.chrome.t("public-treatments-lead"));
    let chrome = ctx.chrome.found_at(&site, "/treatments", &text).entitled(&title);
    page(&TreatmentsPage { treatments, chrome })
}

/// One treatment, by its name in an address or its id; 404 for one that is not offered any more.
pub(super) async fn one(ctx: Ctx, Path(name): Path<String>) -> ApiResult<Response> {
    let rows = treatments::list(ctx.app.replica.conn(), false).await?;
    let wanted = slug(&name);
    let row = rows.into_iter().find(|row| path(row) == format!("/treatments/{wanted}") || row.id.to_string() == name);
    let row = row.ok_or_else(AppError::not_found)?;
    let own = path(&row);
    if own != ctx.chrome.path {
        return Ok(super::moved_to(&own));
    }
    let treatment = views(&ctx, vec![row]).await?.pop().ok_or_else(AppError::not_found)?;
    let site = ctx.app.config.http.public_url.clone();
    let chrome = ctx.chrome.found_at(&site, &own, &treatment.text).entitled(&treatment.name);
    let crumbs = places::way(("/treatments", chrome.t("nav-treatments")), &treatment.name);
    page(&TreatmentPage { crumbs, treatment, chrome })
}

/// The addresses of all treatments with their last change, for the list of pages.
pub(super) async fn addresses(app: &App) -> AppResult<Vec<(String, Timestamp)>> {
    let rows = treatments::list(app.replica.conn(), false).await?;
    Ok(rows.iter().map(|row| (path(row), row.updated_at)).collect())
}
