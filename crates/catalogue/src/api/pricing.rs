//! A clinic's own prices.

use axum::extract::State;
use kernel::ids::TreatmentId;
use kernel::{Page, PageQuery, Permission};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};

use crate::pricing::{self, PriceInput};
use crate::treatments;
use crate::views::PriceView;

/// Lists every treatment with the asking clinic's price.
#[utoipa::path(get, path = "/provider/treatment-pricing", tag = "treatment-pricing",
    operation_id = "list_treatment_pricing", params(PageQuery),
    responses((status = 200, body = Page<PriceView>), (status = 403, body = ProblemDocument)))]
pub async fn list_treatment_pricing(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<PriceView>>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    let prices = pricing::of_clinic(app.db.conn(), provider).await?;
    let catalogue = treatments::page(app.db.conn(), true, page).await?;
    let price_of = |id| prices.iter().find(|price| price.treatment_id == id);
    Ok(Json(catalogue.map(|treatment| {
        let price = price_of(treatment.id);
        PriceView::new(treatment, price)
    })))
}

/// Shows the asking clinic's price of a treatment.
#[utoipa::path(get, path = "/provider/treatment-pricing/{treatment_id}", tag = "treatment-pricing",
    operation_id = "show_treatment_pricing", params(("treatment_id" = TreatmentId, Path)),
    responses((status = 200, body = PriceView), (status = 404, body = ProblemDocument)))]
pub async fn show_treatment_pricing(
    State(app): State<App>,
    Who(actor): Who,
    Path(treatment_id): Path<TreatmentId>,
) -> ApiResult<Json<PriceView>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    let treatment = treatments::load(app.db.conn(), treatment_id).await?;
    let price = pricing::of_treatment(app.db.conn(), provider, treatment_id).await?;
    Ok(Json(PriceView::new(treatment, price.as_ref())))
}

/// Enters or changes the asking clinic's price of a treatment (R-IQ-71).
#[utoipa::path(put, path = "/provider/treatment-pricing/{treatment_id}", tag = "treatment-pricing",
    operation_id = "put_treatment_pricing", params(("treatment_id" = TreatmentId, Path)), request_body = PriceInput,
    responses((status = 200, body = PriceView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn put_treatment_pricing(
    State(app): State<App>,
    Who(actor): Who,
    Path(treatment_id): Path<TreatmentId>,
    Json(input): Json<PriceInput>,
) -> ApiResult<Json<PriceView>> {
    let price = pricing::set_price(&app, &actor, treatment_id, input).await?;
    let treatment = treatments::load(app.db.conn(), treatment_id).await?;
    Ok(Json(PriceView::new(treatment, Some(&price))))
}
