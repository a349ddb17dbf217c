//! Recoveries for demonstrations and for tests of the wings above, made by the real use cases.

use bytes::Bytes;
use chrono::NaiveDate;
use kernel::ids::{AfterCareId, AftercareMilestoneTemplateId, AftercareQuestionnaireId, QuoteId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::catalogue;
use crate::entity::{after_cares, aftercare_milestone_templates as templates, aftercare_questionnaires};
use crate::rules::questions::Answers;
use crate::service::respond::{self, Answered, Response};
use crate::service::scan::{self, Picture, ScanSet, Scanned};

/// The shipped six-month template; installed first when it is missing.
pub async fn template(app: &App) -> AppResult<AftercareMilestoneTemplateId> {
    crate::install(app).await?;
    let by_name = templates::Column::TemplateName.eq(catalogue::SIX_MONTHS);
    let found = templates::Entity::find().filter(by_name).one(app.db.conn()).await?;
    found.map(|row| row.id).ok_or_else(AppError::not_found)
}

/// The case of a booking.
pub async fn case_of(app: &App, quote: QuoteId) -> AppResult<AfterCareId> {
    let of_quote = after_cares::Column::QuoteId.eq(quote);
    let found = after_cares::Entity::find().filter(of_quote).one(app.db.conn()).await?;
    found.map(|row| row.id).ok_or_else(AppError::not_found)
}

/// A shipped questionnaire by its name.
pub async fn questionnaire(app: &App, name: &str) -> AppResult<AftercareQuestionnaireId> {
    let by_name = aftercare_questionnaires::Column::QuestionnaireName.eq(name);
    let found = aftercare_questionnaires::Entity::find().filter(by_name).one(app.db.conn()).await?;
    found.map(|row| row.id).ok_or_else(AppError::not_found)
}

/// Answers the pain questionnaire for a day, or for the latest open one.
pub async fn answer_pain(
    app: &App,
    patient: &Actor,
    case: AfterCareId,
    pain: i64,
    due_date: Option<NaiveDate>,
) -> AppResult<Answered> {
    let questionnaire = questionnaire(app, catalogue::PAIN).await?;
    let location = if pain == 0 { "nowhere" } else { "donor_area" };
    let responses = Answers::from([
        ("pain_level".to_owned(), json!(pain)),
        ("location".to_owned(), json!(location)),
        ("medication_taken".to_owned(), json!("yes")),
    ]);
    respond::answer(app, patient, case, questionnaire, &Response { due_date, responses }).await
}

/// Uploads a scan set (front, top, sides, back) for a day, or for the latest open one.
pub async fn upload_scan(
    app: &App,
    patient: &Actor,
    case: AfterCareId,
    views: [Vec<u8>; 4],
    due_date: Option<NaiveDate>,
) -> AppResult<Scanned> {
    let files = scan::VIEWS
        .iter()
        .zip(views)
        .map(|((field, _), bytes)| Picture {
            field: (*field).to_owned(),
            file_name: format!("{field}.jpg"),
            bytes: Bytes::from(bytes),
        })
        .collect();
    scan::upload(app, patient, case, ScanSet { due_date, files }).await
}
