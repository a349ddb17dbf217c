//! The whole check of a draft before it becomes an inquiry (R-IQ-03..09).

use std::collections::{HashMap, HashSet};

use chrono::{Months, NaiveDate};
use kernel::error::ErrorKind;
use kernel::ids::ProviderId;
use kernel::{AppError, DateRange, FieldErrors};
use platform::entity::media::MediaView;
use serde::{Deserialize, Serialize};

use crate::entity::inquiries::{InquiryDurationOfConcern, InquiryProblem, InquirySymptomSeverity};
use crate::limits::Limits;
use crate::rules::alert::AnswerInput;

/// Everything a patient has entered so far; each step fills a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DraftPayload {
    /// Hair, beard or both.
    pub problem: Option<InquiryProblem>,
    /// ISO codes of destination countries, the primary one first.
    pub destinations: Vec<String>,
    /// The concern in the patient's words, 10 to 2000 characters.
    pub problem_details: Option<String>,
    /// What kind of concern.
    pub nature_of_concern: Option<String>,
    /// Since when.
    pub duration_of_concern: Option<InquiryDurationOfConcern>,
    /// What was tried before; "none" is an answer.
    pub previous_treatments: Option<String>,
    /// 1 to 10.
    pub severity: Option<i64>,
    /// Anything about daily life that matters.
    pub lifestyle_factors: Option<String>,
    /// Anything else.
    pub additional_notes: Option<String>,
    /// When the patient could come, the primary range first.
    pub treatment_schedule: Vec<ScheduleInput>,
    /// The clinics ticked.
    pub provider_ids: Vec<ProviderId>,
    /// The medical answers.
    pub questionnaire: Option<QuestionnaireInput>,
    /// Optional.
    pub smoking_status: Option<String>,
    /// Optional.
    pub alcohol_consumption: Option<String>,
    /// Optional.
    pub family_history: Option<String>,
    /// Whether the terms are ticked.
    pub terms_accepted: bool,
}

/// A range of days, or one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum ScheduleInput {
    /// From and to, both included.
    Range {
        /// First day.
        start: String,
        /// Last day.
        end: String,
    },
    /// A single day.
    Day(String),
}

impl ScheduleInput {
    /// First and last day as they were written.
    pub fn ends(&self) -> (&str, &str) {
        match self {
            Self::Range { start, end } => (start, end),
            Self::Day(day) => (day, day),
        }
    }
}

/// The answers and the version of the set they belong to (R-IQ-17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionnaireInput {
    /// The set as it was served.
    pub set_id: kernel::ids::QuestionnaireSetId,
    /// Its version.
    pub version: i32,
    /// One per question.
    pub answers: Vec<AnswerInput>,
}

/// What the check must know about the world.
pub struct Facts<'a> {
    /// Day of the submission.
    pub today: NaiveDate,
    /// Countries that may be chosen.
    pub countries: &'a HashSet<String>,
    /// Accepting clinics among those ticked, with their country.
    pub clinics: &'a HashMap<ProviderId, Option<String>>,
    /// The limits in force.
    pub limits: &'a Limits,
}

/// The checked content of an inquiry, without the medical answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// Hair, beard or both.
    pub problem: InquiryProblem,
    /// The concern.
    pub details: String,
    /// What kind.
    pub nature: Option<String>,
    /// Since when.
    pub duration: InquiryDurationOfConcern,
    /// What was tried.
    pub previous_treatments: String,
    /// 1 to 10.
    pub score: i16,
    /// Daily life.
    pub lifestyle: Option<String>,
    /// Anything else.
    pub notes: Option<String>,
}

/// The word of a score: 1-3 mild, 4-7 moderate, 8-10 severe.
pub fn severity_word(score: i16) -> InquirySymptomSeverity {
    match score {
        ..=3 => InquirySymptomSeverity::Mild,
        4..=7 => InquirySymptomSeverity::Moderate,
        _ => InquirySymptomSeverity::Severe,
    }
}

/// Reads the concern, or notes everything wrong with it.
pub fn concern(draft: &DraftPayload, errors: &mut FieldErrors) -> Option<Concern> {
    let details = required(errors, "problem_details", draft.problem_details.as_deref(), 10, 2000);
    let previous = required(errors, "previous_treatments", draft.previous_treatments.as_deref(), 1, 255);
    let nature = optional(errors, "nature_of_concern", draft.nature_of_concern.as_deref());
    let lifestyle = optional(errors, "lifestyle_factors", draft.lifestyle_factors.as_deref());
    let notes = optional(errors, "additional_notes", draft.additional_notes.as_deref());
    if draft.problem.is_none() {
        errors.add("problem", "required", "Choose hair, beard or both.");
    }
    if draft.duration_of_concern.is_none() {
        errors.add("duration_of_concern", "required", "Tell us since when.");
    }
    let score = draft.severity.filter(|score| (1..=10).contains(score)).and_then(|score| i16::try_from(score).ok());
    if score.is_none() {
        errors.add("severity", "severity_out_of_range", "Choose a number from 1 to 10.");
    }
    Some(Concern {
        problem: draft.problem?,
        details: details?,
        nature,
        duration: draft.duration_of_concern?,
        previous_treatments: previous?,
        score: score?,
        lifestyle,
        notes,
    })
}

/// A trimmed text that must be there.
fn required(errors: &mut FieldErrors, field: &str, text: Option<&str>, least: usize, most: usize) -> Option<String> {
    let text = text.map(str::trim).unwrap_or_default();
    let length = text.chars().count();
    if length == 0 {
        errors.add(field, "required", "Please fill this in.");
    } else if length < least {
        errors.add(field, "text_too_short", format!("At least {least} characters."));
    } else if length > most {
        errors.add(field, "text_too_long", format!("At most {most} characters."));
    } else if has_controls(text) {
        errors.add(field, "text_invalid", "This text holds characters that cannot be shown.");
    } else {
        return Some(text.to_owned());
    }
    None
}

/// A trimmed text of at most 255 characters; blank is none.
pub fn optional(errors: &mut FieldErrors, field: &str, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    required(errors, field, Some(text), 1, 255)
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Reads the date ranges (R-IQ-04), or notes what is wrong with them.
pub fn schedule(given: &[ScheduleInput], facts: &Facts<'_>, errors: &mut FieldErrors) -> Vec<DateRange> {
    const FIELD: &str = "treatment_schedule";
    if given.is_empty() {
        errors.add(FIELD, "required", "Tell us when you could come.");
    }
    if given.len() > facts.limits.max_ranges {
        errors.add(FIELD, "too_many_ranges", format!("At most {} ranges.", facts.limits.max_ranges));
        return Vec::new();
    }
    let first_day = facts.today + chrono::Duration::days(facts.limits.lead_days);
    let last_day = horizon(facts.today, facts.limits.horizon_days);
    let mut ranges: Vec<DateRange> = Vec::new();
    for (index, range) in given.iter().enumerate() {
        let (start, end) = match range {
            ScheduleInput::Range { start, end } => (start, end),
            ScheduleInput::Day(day) => (day, day),
        };
        let field = |part: &str| format!("{FIELD}.{index}.{part}");
        let (Ok(start), Ok(end)) = (start.parse::<NaiveDate>(), end.parse::<NaiveDate>()) else {
            errors.add(field("start"), "invalid_date", "This day does not exist.");
            continue;
        };
        let Some(range) = DateRange::new(start, end) else {
            errors.add(field("end"), "date_range_invalid", "A range must not end before it starts.");
            continue;
        };
        if start < first_day {
            errors.add(field("start"), "date_range_too_soon", format!("The earliest day is {first_day}."));
        }
        if end > last_day {
            errors.add(field("end"), "date_range_too_far", format!("The latest day is {last_day}."));
        }
        if ranges.iter().any(|other| other.overlaps(&range)) {
            errors.add(field("start"), "date_range_overlap", "Two ranges share a day.");
        }
        ranges.push(range);
    }
    ranges
}

/// The last possible day. Whole years are calendar years: two years from 2 March is 2 March, leap day or not.
fn horizon(today: NaiveDate, days: i64) -> NaiveDate {
    let years = u32::try_from(days / 365).unwrap_or_default();
    let rest = chrono::Duration::days(days % 365);
    today.checked_add_months(Months::new(years * 12)).unwrap_or(NaiveDate::MAX) + rest
}

/// Checks destinations (R-IQ-03) and ticked clinics (R-IQ-05); returns the countries' codes.
pub fn places(draft: &DraftPayload, facts: &Facts<'_>, errors: &mut FieldErrors) -> Vec<String> {
    let chosen: Vec<String> = draft.destinations.iter().map(|code| code.trim().to_uppercase()).collect();
    if chosen.is_empty() {
        errors.add("destinations", "required", "Choose a country.");
    }
    if chosen.len() > facts.limits.max_countries {
        errors.add("destinations", "too_many_countries", format!("At most {} countries.", facts.limits.max_countries));
    }
    for (index, code) in chosen.iter().enumerate() {
        let field = format!("destinations.{index}");
        if !facts.countries.contains(code) {
            errors.add(field, "country_unknown", "This country cannot be chosen.");
        } else if chosen.iter().take(index).any(|earlier| earlier == code) {
            errors.add(field, "country_chosen_twice", "This country was chosen twice.");
        }
    }
    let ticked = &draft.provider_ids;
    if ticked.is_empty() {
        errors.add("provider_ids", "required", "Choose at least one clinic.");
    }
    if ticked.len() > facts.limits.max_selected {
        errors.add("provider_ids", "too_many_providers", format!("At most {} clinics.", facts.limits.max_selected));
    }
    for (index, id) in ticked.iter().enumerate() {
        let field = format!("provider_ids.{index}");
        match facts.clinics.get(id) {
            _ if ticked.iter().take(index).any(|earlier| earlier == id) => {
                errors.add(field, "provider_chosen_twice", "This clinic was chosen twice.");
            }
            None => errors.add(field, "provider_not_available", "This clinic does not take requests now."),
            Some(country) if !country.as_ref().is_some_and(|code| chosen.contains(code)) => {
                errors.add(field, "provider_not_in_destinations", "This clinic is not in a country you chose.");
            }
            Some(_) => {}
        }
    }
    chosen
}

/// Notes views missing from the head scan (R-IQ-07).
pub fn head_scan(views: &HashSet<MediaView>, errors: &mut FieldErrors) {
    use MediaView::{Back, Front, Left, Right, Top};
    let missing = [Front, Top, Left, Right, Back].iter().filter(|view| !views.contains(view)).count();
    if missing > 0 {
        errors.add("head_scan", "media_incomplete_view_set", format!("{missing} of the five pictures are missing."));
    }
}

/// One answer for all faults: with the specific code when there is only one kind, else `validation_failed`.
pub fn refuse(errors: FieldErrors) -> Result<(), AppError> {
    let all = || errors.0.values().flatten();
    let Some(first) = all().next().cloned() else { return Ok(()) };
    if all().any(|other| other.code != first.code) {
        return Err(AppError::fields(errors));
    }
    let mut error = AppError::new(ErrorKind::Invalid, first.code, first.message);
    error.fields = errors;
    Err(error)
}
