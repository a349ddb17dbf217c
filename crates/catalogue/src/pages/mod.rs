//! The pages of those who keep the catalogue: staff its treatments, questionnaires and places, clinics their prices and
//! packages.

mod currencies;
mod lists;
mod locations;
mod packages;
mod places;
mod price_grid;
mod prices;
mod questionnaires;
mod treatments;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use kernel::{AppError, AppResult, ErrorKind};
use platform::App;
use platform::entity::countries;
use platform::files::Purpose;
use platform::web::routing::{get, handled, post};
use platform::web::status_of;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use ui::{Choice, Chrome};

/// What the text of a form with a file may take.
const FORM: usize = 64 * 1024;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let video = DefaultBodyLimit::max(Purpose::CatalogueVideo.max_bytes() + FORM);
    Router::new()
        .route("/provider/prices", get(prices::list))
        .route("/provider/prices/edit", get(prices::show).post(handled(prices::save)))
        .route("/provider/packages", get(packages::list))
        .route("/provider/packages/new", get(packages::show_new).post(handled(packages::create)))
        .route("/provider/packages/{package_id}", get(packages::show).post(handled(packages::save)))
        .route("/provider/packages/{package_id}/clone", post(packages::clone))
        .route("/provider/packages/{package_id}/switch", post(packages::switch))
        .route("/admin/settings/currencies", get(currencies::list))
        .route("/admin/settings/currencies/{code}", get(currencies::show).post(handled(currencies::save)))
        .route("/admin/settings/currencies/{code}/switch", get(currencies::back).post(handled(currencies::switch)))
        .route("/provider/packages/{package_id}/pictures", post(packages::add_picture))
        .route("/provider/packages/{package_id}/pictures/remove", post(packages::remove_picture))
        .route("/admin/treatments", get(treatments::list))
        .route("/admin/treatments/new", get(treatments::show_new).post(handled(treatments::create)))
        .route("/admin/treatments/{treatment_id}", get(treatments::show).post(handled(treatments::save)))
        .route("/admin/treatments/{treatment_id}/switch", post(treatments::switch))
        .route("/admin/treatments/{treatment_id}/includes", post(treatments::put_include))
        .route("/admin/treatments/{treatment_id}/includes/remove", post(treatments::remove_include))
        .route("/admin/treatments/{treatment_id}/media", post(treatments::add_media).layer(video))
        .route("/admin/treatments/{treatment_id}/media/remove", post(treatments::remove_media))
        .route("/admin/questionnaires", get(questionnaires::list))
        .route("/admin/questionnaires/new", get(questionnaires::show_new).post(handled(questionnaires::create)))
        .route("/admin/questionnaires/{set_id}", get(questionnaires::show).post(handled(questionnaires::act)))
        .route("/admin/questionnaires/{set_id}/edit", get(questionnaires::edit).post(handled(questionnaires::save)))
        .route("/admin/locations", get(locations::list))
        .route("/admin/locations/new", get(locations::show_new).post(handled(locations::create)))
        .route("/admin/locations/{location_id}", get(locations::show).post(handled(locations::save)))
        .route("/admin/locations/{location_id}/remove", post(locations::remove))
        .route("/admin/regions", get(places::regions))
        .route("/admin/regions/new", get(places::new_region).post(handled(places::create_region)))
        .route("/admin/regions/{region_id}", get(places::region).post(handled(places::save_region)))
        .route("/admin/regions/{region_id}/switch", post(places::switch_region))
        .route("/admin/starting-prices", get(places::prices).post(handled(places::set_price)))
        .route("/admin/starting-prices/grid", get(price_grid::show))
        .route("/admin/starting-prices/bulk", get(places::bulk).post(handled(places::change_all)))
        .route("/admin/starting-prices/import", get(places::import).post(handled(places::run_import)))
        .route("/admin/lists", get(lists::index))
        .route("/admin/lists/{list}", get(lists::show).post(handled(lists::act)))
}

/// The word of a value as it is stored.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A refusal the same form can tell of; everything else goes to the error page.
fn sayable(error: AppError) -> AppResult<AppError> {
    match error.kind {
        ErrorKind::Internal | ErrorKind::Forbidden | ErrorKind::NotFound => Err(error),
        _ => Ok(error),
    }
}

/// The page with the status of a refusal.
fn refused(mut page: Response, error: &AppError) -> Response {
    *page.status_mut() = status_of(error.kind);
    page
}

/// The currencies money can be entered in, by code.
async fn currency_choices(app: &App) -> AppResult<Vec<Choice>> {
    let codes = crate::fx::enabled(app.db.conn()).await?;
    Ok(codes.into_iter().map(|code| Choice::new(code.to_string(), code.to_string())).collect())
}

/// All countries that can be chosen.
async fn active_countries(app: &App) -> AppResult<Vec<countries::Model>> {
    Ok(countries::Entity::find().filter(countries::Column::IsActive.eq(true)).all(app.db.conn()).await?)
}

/// All countries that can be chosen, by their names in the reader's language.
async fn country_choices(app: &App, chrome: &Chrome) -> AppResult<Vec<Choice>> {
    let rows = active_countries(app).await?;
    let mut choices: Vec<Choice> =
        rows.iter().map(|row| Choice::new(&row.iso_code, chrome.country(&row.iso_code, &row.name))).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(choices)
}
