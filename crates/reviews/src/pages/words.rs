//! Reviews in the reader's words.

use kernel::AppError;
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Html, Tone};

use crate::entity::reviews::ModerationStatus;
use crate::views::Ratings;

/// The ratings, by the name of their field.
pub(super) const RATINGS: [&str; 5] =
    ["overall_rating", "facility_rating", "staff_rating", "results_rating", "value_rating"];

/// Where moderation stands.
pub(super) fn status_badge(chrome: &Chrome, status: ModerationStatus) -> Badge {
    let tone = match status {
        ModerationStatus::Pending => Tone::Warn,
        ModerationStatus::Published => Tone::Good,
        ModerationStatus::Rejected => Tone::Bad,
        ModerationStatus::Removed | ModerationStatus::TakenDown => Tone::Calm,
    };
    Badge::new(tone, chrome.word("review-state", status.to_value()))
}

/// The beginning of a review, for a list.
pub(super) fn excerpt(text: &str) -> String {
    let mut excerpt: String = text.chars().take(120).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    excerpt
}

/// A rating with its name.
pub(super) struct Rated {
    pub(super) label: String,
    pub(super) stars: Html,
}

/// The five ratings, those that were given.
pub(super) fn rated(chrome: &Chrome, ratings: &Ratings) -> Vec<Rated> {
    let values = [
        Some(ratings.overall_rating),
        ratings.facility_rating,
        ratings.staff_rating,
        ratings.results_rating,
        ratings.value_rating,
    ];
    let one = |(name, value): (&str, Option<i32>)| {
        Some(Rated { label: label(chrome, name), stars: chrome.stars(f64::from(value?)) })
    };
    RATINGS.into_iter().zip(values).filter_map(one).collect()
}

/// The name of a rating.
pub(super) fn label(chrome: &Chrome, field: &str) -> String {
    chrome.word("review-label", field)
}

/// The same refusal with the sentence of this wing for a fault whose word other wings use for other bounds.
pub(super) fn own_fault(mut error: AppError, field: &str, code: &'static str) -> AppError {
    let first = error.fields.0.get_mut(field).and_then(|faults| faults.first_mut());
    if let Some(fault) = first.filter(|fault| matches!(&*fault.code, "text_length" | "reason_required")) {
        fault.code = code.into();
    }
    error
}
