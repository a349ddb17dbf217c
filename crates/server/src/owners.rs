//! Whose data a stored file is: for the record of who looked at it (R-ID-64).

use aftercare::entity::{after_cares, aftercare_milestone_scans as scans, aftercare_milestones as milestones};
use booking::entity::cancellation_requests;
use inquiry::entity::{inquiries, inquiry_drafts};
use kernel::AppResult;
use kernel::ids::{AnyId, CancellationRequestId, InquiryDraftId, InquiryId, PatientId, QuoteId};
use platform::App;
use platform::entity::{files, media};
use platform::files::Owners;
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use treatment::entity::treatment_executions as executions;

/// The look-up for the route that hands files out.
pub fn owners() -> Owners {
    Owners::new(|app, file| Box::pin(async move { patient_of(&app, &file).await }))
}

async fn patient_of(app: &App, file: &files::Model) -> AppResult<Option<PatientId>> {
    let conn = app.db.conn();
    // Pictures hang on what they are attached to, not on what they were uploaded for.
    let attached = media::Entity::find().filter(media::Column::FileId.eq(file.id)).one(conn).await?;
    let (kind, id) = match attached {
        Some(row) => (row.mediable_type, row.mediable_id),
        None => (file.fileable_type.clone(), file.fileable_id),
    };
    match kind.as_str() {
        "Inquiry" | "Media" => of_case(app, id.into()).await,
        "InquiryDraft" => {
            let row = inquiry_drafts::Entity::find_by_id(InquiryDraftId::from(id)).one(conn).await?;
            Ok(row.map(|row| row.patient_id))
        }
        "TreatmentExecution" => {
            let row = executions::Entity::find_by_id(kernel::ids::TreatmentExecutionId::from(id)).one(conn).await?;
            of_offer(app, row.map(|row| row.quote_id)).await
        }
        "CancellationRequest" => {
            let row = cancellation_requests::Entity::find_by_id(CancellationRequestId::from(id)).one(conn).await?;
            of_offer(app, row.map(|row| row.quote_id)).await
        }
        "AftercareMilestoneScan" => of_scan(app, id).await,
        _ => Ok(None),
    }
}

async fn of_case(app: &App, id: InquiryId) -> AppResult<Option<PatientId>> {
    Ok(inquiries::Entity::find_by_id(id).one(app.db.conn()).await?.map(|row| row.patient_id))
}

async fn of_offer(app: &App, id: Option<QuoteId>) -> AppResult<Option<PatientId>> {
    let Some(id) = id else { return Ok(None) };
    match quotes::Entity::find_by_id(id).one(app.db.conn()).await? {
        Some(row) => of_case(app, row.inquiry_id).await,
        None => Ok(None),
    }
}

async fn of_scan(app: &App, id: AnyId) -> AppResult<Option<PatientId>> {
    Ok(after_cares::Entity::find()
        .select_only()
        .column(after_cares::Column::PatientId)
        .filter(
            after_cares::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(
                milestones::Entity::find()
                    .select_only()
                    .column(milestones::Column::AfterCareId)
                    .inner_join(scans::Entity)
                    .filter(scans::Column::Id.eq(id)),
            )),
        )
        .into_tuple()
        .one(app.db.conn())
        .await?)
}
