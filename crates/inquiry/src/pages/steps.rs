//! The steps of the wizard: their order, what each reads from its form, and which one comes next.

use std::collections::HashSet;

use kernel::{AppError, AppResult, FieldErrors};
use platform::entity::media::MediaView;
use sea_orm::ActiveEnum;
use ui::Posted;

use crate::entity::inquiries::{InquiryDurationOfConcern, InquiryProblem};
use crate::rules::alert::AnswerInput;
use crate::rules::submission::{DraftPayload, QuestionnaireInput, ScheduleInput, concern};
use crate::service::draft::OpenDraft;

/// One question of the wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Wish,
    Concern,
    History,
    Destinations,
    Dates,
    Clinics,
    Photos,
    Evidence,
    Health,
    Review,
}

impl Step {
    pub const ALL: [Self; 10] = [
        Self::Wish,
        Self::Concern,
        Self::History,
        Self::Destinations,
        Self::Dates,
        Self::Clinics,
        Self::Photos,
        Self::Evidence,
        Self::Health,
        Self::Review,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Wish => "wish",
            Self::Concern => "concern",
            Self::History => "history",
            Self::Destinations => "destinations",
            Self::Dates => "dates",
            Self::Clinics => "clinics",
            Self::Photos => "photos",
            Self::Evidence => "evidence",
            Self::Health => "health",
            Self::Review => "review",
        }
    }

    pub fn from_word(word: &str) -> AppResult<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word).ok_or_else(AppError::not_found)
    }

    pub fn index(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or(0)
    }

    pub fn href(self) -> String {
        format!("/patient/request/{}", self.word())
    }

    pub fn before(self) -> Option<Self> {
        self.index().checked_sub(1).and_then(|index| Self::ALL.get(index).copied())
    }

    pub fn after(self) -> Self {
        Self::ALL.get(self.index() + 1).copied().unwrap_or(Self::Review)
    }

    /// The step a field of a refused submission belongs to.
    pub fn of_field(field: &str) -> Self {
        match field.split('.').next().unwrap_or_default() {
            "problem" => Self::Wish,
            "problem_details" | "nature_of_concern" => Self::Concern,
            "duration_of_concern" | "previous_treatments" | "severity" => Self::History,
            "destinations" => Self::Destinations,
            "treatment_schedule" => Self::Dates,
            "provider_ids" => Self::Clinics,
            "head_scan" => Self::Photos,
            "evidence" => Self::Evidence,
            "questionnaire" => Self::Health,
            _ => Self::Review,
        }
    }
}

/// The sides of the head the pictures show, in the order they are asked for.
pub(super) const VIEWS: [MediaView; 5] =
    [MediaView::Front, MediaView::Top, MediaView::Left, MediaView::Right, MediaView::Back];

/// The first step that is not finished; the review when all are.
pub(super) fn first_open(draft: &OpenDraft) -> Step {
    let seen: HashSet<MediaView> = draft.media.iter().filter_map(|item| item.media.view).collect();
    Step::ALL.into_iter().find(|step| !is_done(*step, &draft.payload, &seen)).unwrap_or(Step::Review)
}

fn is_done(step: Step, draft: &DraftPayload, seen: &HashSet<MediaView>) -> bool {
    let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    match step {
        Step::Wish => draft.problem.is_some(),
        Step::Concern => filled(&draft.problem_details),
        Step::History => {
            draft.duration_of_concern.is_some() && filled(&draft.previous_treatments) && draft.severity.is_some()
        }
        Step::Destinations => !draft.destinations.is_empty(),
        Step::Dates => !draft.treatment_schedule.is_empty(),
        Step::Clinics => !draft.provider_ids.is_empty(),
        Step::Photos => VIEWS.iter().all(|view| seen.contains(view)),
        // Optional.
        Step::Evidence => true,
        Step::Health => draft.questionnaire.is_some(),
        Step::Review => false,
    }
}

/// What the questions of the active set are, for reading the answers.
pub(super) struct Asked<'a> {
    pub set: kernel::ids::QuestionnaireSetId,
    pub version: i32,
    pub ids: Vec<&'a str>,
}

/// Takes a step's answers into the draft. What is typed is taken even where it is refused, so that nothing is lost.
pub(super) fn take(step: Step, posted: &Posted, draft: &mut DraftPayload, asked: Option<&Asked<'_>>) -> AppResult<()> {
    let text = |name: &str| posted.given(name).map(str::to_owned);
    let mut errors = FieldErrors::new();
    match step {
        Step::Wish => {
            let problem =
                posted.given("problem").and_then(|word| InquiryProblem::try_from_value(&word.to_owned()).ok());
            draft.problem = problem;
        }
        Step::Concern => {
            draft.problem_details = text("problem_details");
            draft.nature_of_concern = text("nature_of_concern");
        }
        Step::History => {
            let word = posted.given("duration_of_concern");
            draft.duration_of_concern =
                word.and_then(|word| InquiryDurationOfConcern::try_from_value(&word.to_owned()).ok());
            draft.previous_treatments = text("previous_treatments");
            draft.severity = posted.maybe("severity")?;
        }
        Step::Destinations => draft.destinations = posted.all("destinations").into_iter().map(str::to_owned).collect(),
        Step::Dates => take_range(posted, draft, &mut errors),
        Step::Clinics => {
            draft.provider_ids = posted.all("provider_ids").iter().filter_map(|id| id.parse().ok()).collect()
        }
        Step::Health => {
            if let Some(asked) = asked {
                draft.questionnaire = Some(answers(posted, asked, &mut errors));
                draft.additional_notes = text("additional_notes");
            }
        }
        Step::Photos | Step::Evidence | Step::Review => {}
    }
    let mut found = FieldErrors::new();
    concern(draft, &mut found);
    // The check knows the whole request; this page answers for its own fields.
    errors.0.extend(found.0.into_iter().filter(|(field, _)| Step::of_field(field) == step));
    if step == Step::Destinations && draft.destinations.is_empty() {
        errors.add("destinations", "required", "Choose a country.");
    }
    // Whoever searches or turns a page has not chosen yet.
    if step == Step::Clinics && draft.provider_ids.is_empty() && !turns_page(posted) {
        errors.add("provider_ids", "required", "Choose at least one clinic.");
    }
    errors.check()
}

/// Whether the clinics' form was sent to see others, not to go on.
pub(super) fn turns_page(posted: &Posted) -> bool {
    let op = posted.get("op");
    op == "search" || op.starts_with("page ")
}

/// What a step holds of the draft, for knowing whether somebody else changed it.
pub(super) fn part(step: Step, draft: &DraftPayload) -> serde_json::Value {
    use serde_json::json;
    match step {
        Step::Wish => json!(draft.problem),
        Step::Concern => json!([draft.problem_details, draft.nature_of_concern]),
        Step::History => json!([draft.duration_of_concern, draft.previous_treatments, draft.severity]),
        Step::Destinations => json!(draft.destinations),
        Step::Dates => json!(draft.treatment_schedule),
        Step::Clinics => json!(draft.provider_ids),
        Step::Health => json!([draft.questionnaire, draft.additional_notes]),
        Step::Photos | Step::Evidence | Step::Review => serde_json::Value::Null,
    }
}

/// What the button says that takes a range out.
pub(super) fn removal(range: &ScheduleInput) -> String {
    let (start, end) = range.ends();
    format!("remove {start}/{end}")
}

/// Takes a range out, or puts the one that was entered in.
fn take_range(posted: &Posted, draft: &mut DraftPayload, errors: &mut FieldErrors) {
    let op = posted.get("op");
    // By its days, not by its place: a button pressed twice takes one range out.
    if let Some(days) = op.strip_prefix("remove ") {
        draft.treatment_schedule.retain(|range| removal(range).strip_prefix("remove ") != Some(days));
        return;
    }
    match (posted.given("start"), posted.given("end")) {
        (Some(start), end) => {
            let range = ScheduleInput::Range { start: start.to_owned(), end: end.unwrap_or(start).to_owned() };
            if !draft.treatment_schedule.contains(&range) {
                draft.treatment_schedule.push(range);
            }
        }
        (None, _) if draft.treatment_schedule.is_empty() || op == "add" => {
            errors.add("start", "required", "Choose a day.");
        }
        (None, _) => {}
    }
}

fn answers(posted: &Posted, asked: &Asked<'_>, errors: &mut FieldErrors) -> QuestionnaireInput {
    let mut answers = Vec::with_capacity(asked.ids.len());
    for id in &asked.ids {
        let field = format!("answer.{id}");
        let answer = match posted.get(&field) {
            "yes" => true,
            "no" => false,
            _ => {
                errors.add(field, "answer_missing", "Please answer this question.");
                continue;
            }
        };
        let details_field = format!("details.{id}");
        let details = posted.given(&details_field).map(str::to_owned).filter(|_| answer);
        if answer && details.is_none() {
            errors.add(details_field, "answer_details_required", "Please give details.");
        }
        answers.push(AnswerInput { question_id: (*id).to_owned(), answer, details });
    }
    QuestionnaireInput { set_id: asked.set, version: asked.version, answers }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        Posted(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_refused_step_keeps_what_was_typed() {
        let mut draft = DraftPayload::default();
        let error = take(Step::Concern, &posted(&[("problem_details", "short")]), &mut draft, None).unwrap_err();
        assert_eq!(draft.problem_details.as_deref(), Some("short"));
        assert_eq!(error.fields.0.keys().collect::<Vec<_>>(), ["problem_details"]);
        assert!(take(Step::Concern, &posted(&[("problem_details", "Long enough now.")]), &mut draft, None).is_ok());
    }

    #[test]
    fn ranges_are_added_once_and_taken_out() {
        let mut draft = DraftPayload::default();
        let first = posted(&[("start", "2026-05-04"), ("end", "2026-05-15"), ("op", "add")]);
        take(Step::Dates, &first, &mut draft, None).unwrap();
        take(Step::Dates, &first, &mut draft, None).unwrap();
        assert_eq!(draft.treatment_schedule.len(), 1);
        assert!(take(Step::Dates, &posted(&[("op", "next")]), &mut draft, None).is_ok());
        let second = posted(&[("start", "2026-06-01"), ("end", "2026-06-10"), ("op", "add")]);
        take(Step::Dates, &second, &mut draft, None).unwrap();
        let op = removal(&draft.treatment_schedule[0]);
        for _ in 0..2 {
            take(Step::Dates, &posted(&[("op", &op)]), &mut draft, None).unwrap();
            assert_eq!(draft.treatment_schedule.len(), 1, "pressed twice, one range is gone");
        }
        let op = removal(&draft.treatment_schedule[0]);
        take(Step::Dates, &posted(&[("op", &op)]), &mut draft, None).unwrap();
        assert!(draft.treatment_schedule.is_empty());
        assert!(take(Step::Dates, &posted(&[("op", "next")]), &mut draft, None).is_err());
    }

    #[test]
    fn every_question_needs_its_answer_and_a_yes_its_details() {
        let asked =
            Asked { set: kernel::ids::QuestionnaireSetId::new(), version: 1, ids: vec!["hiv", "asthma", "gout"] };
        let mut draft = DraftPayload::default();
        let form = posted(&[("answer.hiv", "yes"), ("answer.asthma", "no")]);
        let error = take(Step::Health, &form, &mut draft, Some(&asked)).unwrap_err();
        assert_eq!(error.fields.0.keys().collect::<Vec<_>>(), ["answer.gout", "details.hiv"]);
        assert_eq!(draft.questionnaire.unwrap().answers.len(), 2);
    }

    #[test]
    fn a_page_of_clinics_is_turned_before_one_is_ticked() {
        let mut draft = DraftPayload::default();
        for op in ["search", "page 2"] {
            assert!(take(Step::Clinics, &posted(&[("op", op)]), &mut draft, None).is_ok());
        }
        assert!(take(Step::Clinics, &posted(&[("op", "next")]), &mut draft, None).is_err());
    }

    #[test]
    fn a_part_differs_by_its_own_answers_only() {
        let (mut one, other) = (DraftPayload::default(), DraftPayload::default());
        one.problem_details = Some("Thin on top.".to_owned());
        for step in Step::ALL {
            assert_eq!(part(step, &one) != part(step, &other), step == Step::Concern, "{step:?}");
        }
    }

    #[test]
    fn steps_lead_through_all_questions() {
        assert_eq!(Step::Wish.before(), None);
        assert_eq!(Step::Health.after(), Step::Review);
        for step in Step::ALL {
            assert_eq!(Step::from_word(step.word()).unwrap(), step);
        }
        assert_eq!(Step::of_field("treatment_schedule.0.start"), Step::Dates);
    }
}
