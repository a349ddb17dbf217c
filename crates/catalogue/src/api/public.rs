//! What everybody may read.

use axum::extract::State;
use kernel::ids::TreatmentId;
use kernel::{Actor, ActorKind, AppError, AppResult, Currency, Page, PageQuery, Permission};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Deserialize;

use crate::entity::discovery_questions;
use crate::entity::treatments::TreatmentStatus;
use crate::views::{DestinationView, DiscoveryOptionView, QuestionnaireView, TreatmentView};
use crate::{destinations, questionnaire, treatments};

/// Whether inactive treatments are shown too.
pub(super) fn sees_all(actor: &Actor) -> bool {
    matches!(actor.kind, ActorKind::Admin(_)) && actor.can(Permission::ManageTreatmentCatalog)
}

/// Lists the treatments of the catalogue by name; staff who keep it see the inactive ones too.
#[utoipa::path(get, path = "/treatments", tag = "treatments", operation_id = "list_treatments", security(()),
    params(PageQuery), responses((status = 200, body = Page<TreatmentView>)))]
pub async fn list_treatments(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<TreatmentView>>> {
    let conn = app.db.conn();
    let found = treatments::page(conn, sees_all(&actor), page).await?;
    let ids: Vec<_> = found.data.iter().map(|row| row.id).collect();
    let includes = treatments::includes(conn, &ids).await?;
    Ok(Json(found.map(|row| TreatmentView::new(&app, row, &includes))))
}

/// Shows a treatment.
#[utoipa::path(get, path = "/treatments/{id}", tag = "treatments", operation_id = "show_treatment", security(()),
    params(("id" = TreatmentId, Path)),
    responses((status = 200, body = TreatmentView), (status = 404, body = ProblemDocument)))]
pub async fn show_treatment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
) -> ApiResult<Json<TreatmentView>> {
    let row = treatments::load(app.db.conn(), id).await?;
    if row.status != TreatmentStatus::Active && !sees_all(&actor) {
        return Err(AppError::not_found().into());
    }
    let includes = treatments::includes(app.db.conn(), &[id]).await?;
    Ok(Json(TreatmentView::new(&app, row, &includes)))
}

/// Shows the medical questionnaire to answer with an inquiry (R-IQ-15).
#[utoipa::path(get, path = "/questionnaires/active", tag = "questionnaires", operation_id = "show_active_questionnaire", security(()),
    responses((status = 200, body = QuestionnaireView), (status = 409, body = ProblemDocument)))]
pub async fn show_active_questionnaire(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<QuestionnaireView>> {
    if !actor.is_signed_in() {
        return Err(AppError::unauthenticated().into());
    }
    Ok(Json(questionnaire::require_active(app.db.conn()).await?.into()))
}

/// Lists the answers to "How did you find out about us?" (R-IQ-24).
#[utoipa::path(get, path = "/discovery-questions", tag = "questionnaires", operation_id = "list_discovery_questions", security(()),
    responses((status = 200, body = Vec<DiscoveryOptionView>)))]
pub async fn list_discovery_questions(State(app): State<App>) -> ApiResult<Json<Vec<DiscoveryOptionView>>> {
    let rows = discovery_questions::Entity::find()
        .filter(discovery_questions::Column::IsActive.eq(true))
        .order_by_asc(discovery_questions::Column::DisplayOrder)
        .all(app.db.conn())
        .await?;
    Ok(Json(rows.into_iter().map(|row| DiscoveryOptionView { id: row.id, label: row.option_label }).collect()))
}

/// The currency somebody names; US dollars when they name none.
pub(super) fn currency_of(word: Option<&str>) -> AppResult<Currency> {
    match word.map(str::parse) {
        None => Ok(Currency::USD),
        Some(Ok(currency)) => Ok(currency),
        Some(Err(_)) => Err(AppError::field("currency", "invalid_currency", "Not a currency code.")),
    }
}

/// The reader's wishes for a list of destinations.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DestinationQuery {
    /// Currency of the prices; US dollars when absent.
    currency: Option<String>,
}

/// Lists the countries with accepting clinics, in the reader's order, with "from" prices (R-IQ-80, R-IQ-81).
#[utoipa::path(get, path = "/destinations", tag = "destinations", operation_id = "list_destinations", security(()),
    params(DestinationQuery),
    responses((status = 200, body = Vec<DestinationView>), (status = 422, body = ProblemDocument)))]
pub async fn list_destinations(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<DestinationQuery>,
) -> ApiResult<Json<Vec<DestinationView>>> {
    let currency = currency_of(query.currency.as_deref())?;
    let conn = app.db.conn();
    let home = match actor.kind {
        ActorKind::Patient(id) => {
            let patient = identity::entity::patients::Entity::find_by_id(id).one(conn).await?;
            patient.and_then(|patient| patient.country_code)
        }
        _ => None,
    };
    let found = destinations::kept(&app, home.as_deref(), currency).await?;
    Ok(Json(found.iter().map(|destination| DestinationView::new(destination.clone(), currency)).collect()))
}
