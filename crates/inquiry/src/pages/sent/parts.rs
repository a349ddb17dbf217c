//! The parts of a sent request: what each holds, and whether it may still be changed.

use kernel::{AppError, AppResult};
use sea_orm::ActiveEnum;
use ui::Chrome;

use crate::entity::inquiries::{self, InquiryStatus};
use crate::pages::steps::Step;
use crate::pages::view::range_text;
use crate::rules::stage;
use crate::rules::submission::{DraftPayload, ScheduleInput};
use crate::views;

/// The parts a patient may change, in the order of the wizard.
pub(super) const PARTS: [Step; 6] = [Step::Wish, Step::Concern, Step::History, Step::Dates, Step::Health, Step::Habits];

/// The part of a word of the address.
pub(super) fn part_of(word: &str) -> AppResult<Step> {
    PARTS.into_iter().find(|part| part.word() == word).ok_or_else(AppError::not_found)
}

/// Whether clinics can still be told of changes: nobody has quoted.
pub(super) fn is_open(row: &inquiries::Model) -> bool {
    row.status == InquiryStatus::Inquiry && row.archived_at.is_none()
}

/// Whether this part may be changed; the medical answers also when staff asked for them again.
pub(super) fn may_change(part: Step, row: &inquiries::Model, reopened: bool) -> bool {
    is_open(row) || (part == Step::Health && reopened && stage::is_active(row.status))
}

/// Why nothing can be changed: the rest of the keys `sent-closed-...`.
pub(super) fn why_closed(status: InquiryStatus) -> &'static str {
    match status {
        InquiryStatus::Cancelled => "cancelled",
        InquiryStatus::Expired => "expired",
        InquiryStatus::Completed => "completed",
        _ => "quoted",
    }
}

/// The request as the wizard would hold it, without the medical answers.
pub(super) fn payload_of(row: &inquiries::Model) -> AppResult<DraftPayload> {
    let ranges = views::ranges_of(row)?;
    let range =
        |range: &kernel::DateRange| ScheduleInput::Range { start: range.start.to_string(), end: range.end.to_string() };
    Ok(DraftPayload {
        problem: Some(row.problem),
        problem_details: Some(row.problem_details.clone()),
        nature_of_concern: row.nature_of_concern.clone(),
        duration_of_concern: row.duration_of_concern,
        previous_treatments: row.previous_treatments.clone(),
        severity: row.symptom_severity_score.map(i64::from),
        lifestyle_factors: row.lifestyle_factors.clone(),
        additional_notes: row.additional_notes.clone(),
        treatment_schedule: ranges.iter().map(range).collect(),
        ..DraftPayload::default()
    })
}

/// A label and what was answered.
pub(super) struct Answered {
    pub label: String,
    pub value: String,
}

/// What a part says now, for reading.
pub(super) fn answers(chrome: &Chrome, part: Step, payload: &DraftPayload) -> Vec<Answered> {
    let line = |key: &str, value: Option<String>| {
        value.filter(|value| !value.is_empty()).map(|value| Answered { label: chrome.t(key), value })
    };
    let problem = || payload.problem.map(|it| chrome.word("request-problem", it.to_value()));
    let since = || payload.duration_of_concern.map(|it| chrome.word("request-duration", it.to_value()));
    let severity = || payload.severity.map(|score| chrome.tn("sent-severity", "score", score));
    let ranges = || payload.treatment_schedule.iter().map(|range| range_text(chrome, range)).collect::<Vec<_>>();
    let lines = match part {
        Step::Wish => vec![line("request-wish-short", problem())],
        Step::Concern => vec![
            line("request-concern-short", payload.problem_details.clone()),
            line("request-nature", payload.nature_of_concern.clone()),
        ],
        Step::History => vec![
            line("request-since", since()),
            line("request-previous", payload.previous_treatments.clone()),
            line("request-severity", severity()),
        ],
        Step::Habits => vec![
            line("request-smoking", payload.smoking_status.clone()),
            line("request-alcohol", payload.alcohol_consumption.clone()),
            line("request-family", payload.family_history.clone()),
            line("sent-lifestyle", payload.lifestyle_factors.clone()),
            line("sent-notes", payload.additional_notes.clone()),
        ],
        Step::Dates => vec![line("request-dates-short", Some(ranges().join(", ")))],
        _ => Vec::new(),
    };
    lines.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_parts_of_the_rule_have_an_address() {
        for part in PARTS {
            assert_eq!(part_of(part.word()).unwrap(), part);
        }
        for other in ["destinations", "clinics", "photos", "review", "../wish", ""] {
            assert!(part_of(other).is_err(), "{other}");
        }
    }
}
