//! What Hairline's staff do to a case: who has it, until when, and what it says (R-IQ-28, R-IQ-94).

mod edit;
mod manage;

use axum::Router;
use kernel::ids::InquiryId;
use platform::App;
use platform::web::routing::{get, handled, post};
use ui::{Badge, Chrome, Tone};

use crate::entity::inquiries::InquiryStatus;

/// The pages of staff.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/admin/cases/{inquiry_id}/manage", get(manage::show))
        .route("/admin/cases/{inquiry_id}/manage/{act}", get(manage::back).post(handled(manage::act)))
        .route("/admin/cases/{inquiry_id}/edit", get(edit::show).post(handled(edit::save)))
        .route("/admin/cases/{inquiry_id}/edit/open", post(edit::open))
}

/// Where the case is read.
fn address(id: InquiryId) -> String {
    format!("/admin/cases/{id}")
}

/// The stage of a case for staff.
fn stage_badge(chrome: &Chrome, stage: InquiryStatus) -> Badge {
    let tone = match stage {
        InquiryStatus::Inquiry | InquiryStatus::Quote => Tone::Info,
        InquiryStatus::Accepted => Tone::Warn,
        InquiryStatus::Cancelled | InquiryStatus::Expired => Tone::Calm,
        _ => Tone::Good,
    };
    Badge::new(tone, chrome.word("stage", sea_orm::ActiveEnum::to_value(&stage)))
}
