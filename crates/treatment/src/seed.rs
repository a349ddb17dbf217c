//! Treatments for demonstrations and for tests of the wings above, made by the real use cases.

use bytes::Bytes;
use kernel::ids::{AftercareMilestoneTemplateId, QuoteId};
use kernel::{Actor, AppError, AppResult};
use platform::App;

use crate::entity::timelines::TimelineStatus;
use crate::service::check_in::CheckIn;
use crate::service::complete::Completion;
use crate::service::document::{DayChange, Draft};
use crate::service::photos::{Collection, Picture, Pictures};
use crate::service::{self, open};
use crate::store;

/// The views of a standard set, as form fields.
pub const VIEWS: [&str; 5] = ["front", "top", "left", "right", "back"];

/// Checks the patient in; the booking's record is opened first if its event is still on the way.
pub async fn check_in(app: &App, clinic: &Actor, quote: QuoteId) -> AppResult<()> {
    open::open_case(app, quote).await?;
    let ask = CheckIn { confirm_early: true, reason: None };
    service::check_in::check_in(app, clinic, quote, &ask).await
}

/// Documents a treatment: every day up to today finished, later ones deferred, texts, the final set of five pictures.
pub async fn document(app: &App, clinic: &Actor, quote: QuoteId, views: [Vec<u8>; 5], grafts: i32) -> AppResult<()> {
    for day in store::days_of(app.db.conn(), &[quote]).await? {
        let mut change = DayChange {
            lock_version: day.lock_version,
            status: Some(TimelineStatus::Finished),
            note: Some("Went as planned, no complications.".to_owned()),
            reason: None,
        };
        match service::document::change_day(app, clinic, quote, day.day_number, &change).await {
            Err(error) if error.code == "day_in_future" => {
                change.status = Some(TimelineStatus::CancelledDeferred);
                change.note = Some("Done together with the day before.".to_owned());
                service::document::change_day(app, clinic, quote, day.day_number, &change).await?;
            }
            other => other?,
        }
    }
    let files = VIEWS
        .iter()
        .zip(views)
        .map(|(view, bytes)| Picture {
            field: (*view).to_owned(),
            file_name: format!("{view}.jpg"),
            bytes: Bytes::from(bytes),
        })
        .collect();
    let pictures = Pictures { collection: Collection::HeadScanAfter, phase: None, reason: None, files };
    service::photos::upload(app, clinic, quote, pictures).await?;
    draft(app, clinic, quote, grafts).await
}

async fn draft(app: &App, clinic: &Actor, quote: QuoteId, grafts: i32) -> AppResult<()> {
    let execution = store::execution_of(app.db.conn(), quote).await?.ok_or_else(AppError::not_found)?;
    let text = |text: &str| Some(text.to_owned());
    let draft = Draft {
        lock_version: execution.lock_version,
        beginning_note: text("Welcome. Today we begin with a consultation and the first scans."),
        conclusion_notes: text("Grafts placed along the agreed hairline and crown. Donor area in good condition."),
        prescription: text("Amoxicillin 500 mg, twice a day for 7 days. Paracetamol 500 mg when needed."),
        advice: text("Sleep with the upper body raised for five nights. No sports and no sun for two weeks."),
        medication_instructions: text(
            "Take the antibiotic with food and finish the pack. Spray saline every hour while awake.",
        ),
        actual_graft_count: Some(grafts),
        reason: None,
    };
    service::document::save_draft(app, clinic, quote, &draft).await
}

/// Ends a documented treatment with an aftercare plan.
pub async fn complete(
    app: &App,
    clinic: &Actor,
    quote: QuoteId,
    template: AftercareMilestoneTemplateId,
) -> AppResult<()> {
    let ask = Completion { aftercare_template_id: Some(template), ..Completion::default() };
    service::complete::complete(app, clinic, quote, &ask).await
}
