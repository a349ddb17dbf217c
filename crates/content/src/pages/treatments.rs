//! What can be treated.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use catalogue::entity::treatment_includes;
use catalogue::treatments;
use kernel::ids::TreatmentId;
use platform::web::ApiResult;
use ui::{Chrome, Ctx, page};

struct TreatmentView {
    /// Where it stands on the page.
    anchor: String,
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

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let conn = ctx.app.replica.conn();
    let rows = treatments::list(conn, false).await?;
    let ids: Vec<TreatmentId> = rows.iter().map(|row| row.id).collect();
    let mut includes: HashMap<TreatmentId, Vec<treatment_includes::Model>> = HashMap::new();
    for row in treatments::includes(conn, &ids).await? {
        includes.entry(row.treatment_id).or_default().push(row);
    }
    let prices = directory::directory::treatment_prices(&ctx.app).await?;
    let chrome = ctx.chrome;
    let text = chrome.t("public-treatments-lead");
    let chrome = chrome.found_at(&ctx.app.config.http.public_url, "/treatments", &text);
    let view = |row: catalogue::entity::treatments::Model| TreatmentView {
        anchor: format!("t-{}", row.id),
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
    page(&TreatmentsPage { treatments: rows.into_iter().map(view).collect(), chrome })
}
