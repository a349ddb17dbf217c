//! The steps of the wizard: their order, what each reads from its form, and which one comes next.

use std::collections::HashSet;

use kernel::{AppError, AppResult, FieldErrors};
use platform::entity::media::MediaView;
use sea_orm::ActiveEnum;
use ui::Posted;

use crate::entity::inquiries::{InquiryDurationOfConcern, InquiryProblem};
use crate::rules::alert::{AnswerInput, DETAILS};
use crate::rules::submission::{DraftPayload, QuestionnaireInput, ScheduleInput, concern, optional};
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
    Habits,
    Review,
}

impl Step {
    pub const ALL: [Self; 11] = [
        Self::Wish,
        Self::Concern,
        Self::History,
        Self::Destinations,
        Self::Dates,
        Self::Clinics,
        Self::Photos,
        Self::Evidence,
        Self::Health,
        Self::Habits,
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
            Self::Habits => "habits",
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
            "lifestyle_factors" | "smoking_status" | "alcohol_consumption" | "family_history" | "additional_notes" => {
                Self::Habits
            }
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
        Step::Evidence | Step::Habits => true,
        // Whether all of them are answered, the set in force says: before the review.
        Step::Health => draft.questionnaire.is_some(),
        Step::Review => false,
    }
}

/// What the questions of the active set are, for reading the answers.
pub(super) struct Asked<'a> {
    pub set: kernel::ids::QuestionnaireSetId,
    pub version: i32,
    pub ids: Vec<&'a str>,
    /// The one question the form is about; all of them when there is none.
    pub one: Option<&'a str>,
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
        Step::Destinations => take_countries(posted, draft),
        Step::Dates => take_range(posted, draft, &mut errors),
        Step::Clinics => {
            draft.provider_ids = posted.all("provider_ids").iter().filter_map(|id| id.parse().ok()).collect()
        }
        Step::Health => {
            if let Some(asked) = asked {
                draft.questionnaire = Some(match asked.one {
                    Some(one) => with_answer(posted, asked, one, draft.questionnaire.take(), &mut errors),
                    None => answers(posted, asked, &mut errors),
                });
            }
        }
        Step::Habits => {
            draft.lifestyle_factors = text("lifestyle_factors");
            draft.smoking_status = text("smoking_status");
            draft.alcohol_consumption = text("alcohol_consumption");
            draft.family_history = text("family_history");
            draft.additional_notes = text("additional_notes");
            // The others are part of the concern, which is checked below.
            optional(&mut errors, "smoking_status", draft.smoking_status.as_deref());
            optional(&mut errors, "alcohol_consumption", draft.alcohol_consumption.as_deref());
            optional(&mut errors, "family_history", draft.family_history.as_deref());
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

/// What the button says that saves the chosen countries and shows their order.
pub(super) const ORDER: &str = "order";

/// What the button says that puts a country before the one above it.
pub(super) fn earlier(code: &str) -> String {
    format!("earlier {code}")
}

/// Whether the countries' form was sent to order them, not to go on.
pub(super) fn orders(posted: &Posted) -> bool {
    let op = posted.get("op");
    op == ORDER || op.starts_with("earlier ")
}

/// The ticked countries: as they stand on the page, those chosen before first.
fn take_countries(posted: &Posted, draft: &mut DraftPayload) {
    draft.destinations = posted.all("destinations").into_iter().map(str::to_owned).collect();
    let moved = posted.get("op").strip_prefix("earlier ").unwrap_or_default();
    if let Some(place) = draft.destinations.iter().position(|code| code == moved).filter(|place| *place > 0) {
        draft.destinations.swap(place, place - 1);
    }
}

/// What a step holds of the draft, for knowing whether somebody else changed it; of the medical answers only the one.
pub(super) fn part(step: Step, draft: &DraftPayload, question: &str) -> serde_json::Value {
    use serde_json::json;
    match step {
        Step::Wish => json!(draft.problem),
        Step::Concern => json!([draft.problem_details, draft.nature_of_concern]),
        Step::History => json!([draft.duration_of_concern, draft.previous_treatments, draft.severity]),
        Step::Destinations => json!(draft.destinations),
        Step::Dates => json!(draft.treatment_schedule),
        Step::Clinics => json!(draft.provider_ids),
        Step::Health => {
            let given = draft.questionnaire.iter().flat_map(|given| &given.answers);
            json!(given.filter(|answer| answer.question_id == question).collect::<Vec<_>>())
        }
        Step::Habits => json!([
            draft.lifestyle_factors,
            draft.smoking_status,
            draft.alcohol_consumption,
            draft.family_history,
            draft.additional_notes,
        ]),
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
    let answers = asked.ids.iter().filter_map(|id| answer(posted, id, errors)).collect();
    QuestionnaireInput { set_id: asked.set, version: asked.version, answers }
}

/// The answer to one question as it was sent, or what is wrong with it.
fn answer(posted: &Posted, id: &str, errors: &mut FieldErrors) -> Option<AnswerInput> {
    let field = format!("answer.{id}");
    let answer = match posted.get(&field) {
        "yes" => true,
        "no" => false,
        _ => {
            errors.add(field, "answer_missing", "Please answer this question.");
            return None;
        }
    };
    let details_field = format!("details.{id}");
    let details = posted.given(&details_field).map(str::to_owned).filter(|_| answer);
    match &details {
        None if answer => errors.add(details_field, "answer_details_required", "Please give details."),
        Some(text) if text.chars().count() > DETAILS => {
            errors.add(details_field, "text_too_long", format!("At most {DETAILS} characters."));
        }
        _ => {}
    }
    Some(AnswerInput { question_id: id.to_owned(), answer, details })
}

/// The answers given so far with this one, in the order of the questions. Answers to another version of the questions
/// are not kept: its questions are asked again (R-IQ-17).
fn with_answer(
    posted: &Posted,
    asked: &Asked<'_>,
    one: &str,
    before: Option<QuestionnaireInput>,
    errors: &mut FieldErrors,
) -> QuestionnaireInput {
    let before = before.filter(|given| given.set_id == asked.set && given.version == asked.version);
    let mut given: Vec<AnswerInput> = before.map(|given| given.answers).unwrap_or_default();
    let mut found = FieldErrors::new();
    if let Some(new) = answer(posted, one, &mut found) {
        given.retain(|answer| answer.question_id != one);
        given.push(new);
    }
    // Whoever goes back has not answered yet; what is there is kept.
    if posted.get("op") != BACK {
        errors.0.extend(found.0);
    }
    given.retain(|answer| asked.ids.contains(&answer.question_id.as_str()));
    given.sort_by_key(|answer| asked.ids.iter().position(|id| *id == answer.question_id));
    QuestionnaireInput { set_id: asked.set, version: asked.version, answers: given }
}

/// What the button says that saves an answer and shows the question before it.
pub(super) const BACK: &str = "back";

/// The first question that still needs an answer, or details of a yes.
pub(super) fn first_unanswered<'a>(asked: &Asked<'a>, draft: &DraftPayload) -> Option<&'a str> {
    let given = draft.questionnaire.as_ref().filter(|it| it.set_id == asked.set && it.version == asked.version);
    let is_whole = |answer: &AnswerInput| !answer.answer || answer.details.is_some();
    let done = |id: &str| given.is_some_and(|it| it.answers.iter().any(|one| one.question_id == id && is_whole(one)));
    asked.ids.iter().find(|id| !done(id)).copied()
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
        let asked = Asked {
            set: kernel::ids::QuestionnaireSetId::new(),
            version: 1,
            ids: vec!["hiv", "asthma", "gout"],
            one: None,
        };
        let mut draft = DraftPayload::default();
        let form = posted(&[("answer.hiv", "yes"), ("answer.asthma", "no")]);
        let error = take(Step::Health, &form, &mut draft, Some(&asked)).unwrap_err();
        assert_eq!(error.fields.0.keys().collect::<Vec<_>>(), ["answer.gout", "details.hiv"]);
        assert_eq!(draft.questionnaire.unwrap().answers.len(), 2);
    }

    #[test]
    fn questions_are_answered_one_by_one_and_going_back_loses_nothing() {
        let set = kernel::ids::QuestionnaireSetId::new();
        let asked = |one| Asked { set, version: 1, ids: vec!["hiv", "asthma", "gout"], one: Some(one) };
        let mut draft = DraftPayload::default();
        take(Step::Health, &posted(&[("answer.asthma", "no")]), &mut draft, Some(&asked("asthma"))).unwrap();
        assert_eq!(first_unanswered(&asked("hiv"), &draft), Some("hiv"));
        let back = posted(&[("answer.hiv", "yes"), ("op", BACK)]);
        take(Step::Health, &back, &mut draft, Some(&asked("hiv"))).unwrap();
        assert_eq!(first_unanswered(&asked("hiv"), &draft), Some("hiv"), "a yes without details is none yet");
        take(Step::Health, &posted(&[("op", BACK)]), &mut draft, Some(&asked("hiv"))).unwrap();
        let long = "x".repeat(1001);
        let too_long = posted(&[("answer.hiv", "yes"), ("details.hiv", &long)]);
        assert!(take(Step::Health, &too_long, &mut draft, Some(&asked("hiv"))).is_err());
        let told = posted(&[("answer.hiv", "yes"), ("details.hiv", &long[1..])]);
        take(Step::Health, &told, &mut draft, Some(&asked("hiv"))).unwrap();
        assert_eq!(first_unanswered(&asked("hiv"), &draft), Some("gout"));
        let ids: Vec<String> =
            draft.questionnaire.iter().flat_map(|it| &it.answers).map(|it| it.question_id.clone()).collect();
        assert_eq!(ids, ["hiv", "asthma"], "in the order of the questions");
        let newer = Asked { version: 2, ..asked("gout") };
        take(Step::Health, &posted(&[("answer.gout", "no")]), &mut draft, Some(&newer)).unwrap();
        assert_eq!(draft.questionnaire.unwrap().answers.len(), 1, "another version is answered anew");
    }

    #[test]
    fn countries_keep_the_order_of_their_reader() {
        let mut draft = DraftPayload::default();
        let fields = [("destinations", "DE"), ("destinations", "TR"), ("destinations", "PL"), ("op", "earlier PL")];
        take(Step::Destinations, &posted(&fields), &mut draft, None).unwrap();
        assert_eq!(draft.destinations, ["DE", "PL", "TR"]);
        take(Step::Destinations, &posted(&[("destinations", "TR"), ("op", "earlier TR")]), &mut draft, None).unwrap();
        assert_eq!(draft.destinations, ["TR"]);
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
            assert_eq!(part(step, &one, "") != part(step, &other, ""), step == Step::Concern, "{step:?}");
        }
    }

    #[test]
    fn steps_lead_through_all_questions() {
        assert_eq!(Step::Wish.before(), None);
        assert_eq!(Step::Habits.after(), Step::Review);
        for step in Step::ALL {
            assert_eq!(Step::from_word(step.word()).unwrap(), step);
        }
        assert_eq!(Step::of_field("treatment_schedule.0.start"), Step::Dates);
    }
}
