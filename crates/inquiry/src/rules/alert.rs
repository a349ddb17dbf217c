//! Reading the medical answers: complete or not, and how urgent (R-IQ-16, R-IQ-18).

use catalogue::questionnaire::QuestionnaireSet;
use catalogue::rules::questions::{Question, Severity, Topic};
use kernel::FieldErrors;
use serde::{Deserialize, Serialize};

/// How urgent the answers are; red, yellow, green on screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// Red: a critical question was answered with yes.
    Critical,
    /// Yellow: a standard question was answered with yes.
    Standard,
    /// Green.
    None,
}

impl AlertLevel {
    /// The stored word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Standard => "standard",
            Self::None => "none",
        }
    }

    /// The level of a stored word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Critical, Self::Standard, Self::None].into_iter().find(|level| level.name() == name)
    }
}

/// One answer as a patient gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerInput {
    /// Which question.
    pub question_id: String,
    /// Yes or no.
    pub answer: bool,
    /// Demanded with a yes.
    #[serde(default)]
    pub details: Option<String>,
}

/// One answer as it is kept: readable without the set it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Answer {
    /// Which question.
    pub question_id: String,
    /// Its words at that time.
    pub question_text: String,
    /// Yes or no.
    pub answer: bool,
    /// What the patient added.
    pub details: Option<String>,
    /// How much a yes weighed.
    pub severity: Severity,
}

/// A condition that turned an inquiry red.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CriticalCondition {
    /// Which question.
    pub question_id: String,
    /// Its short name.
    pub label: String,
}

/// The answers with everything that follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// All answers in the order of the questions.
    pub answers: Vec<Answer>,
    /// How urgent they are.
    pub level: AlertLevel,
    /// What turned it red.
    pub critical: Vec<CriticalCondition>,
    /// Details of yes-answers by topic.
    pub details: Vec<(Topic, String)>,
}

impl Assessment {
    /// The details of one topic, one line per question; `None` when there are none.
    pub fn topic(&self, topic: Topic) -> Option<String> {
        let lines: Vec<_> = self.details.iter().filter(|(of, _)| *of == topic).map(|(_, line)| line.as_str()).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// The longest details of one answer.
pub const DETAILS: usize = 1000;

/// Reads the answers to a set, or notes what is missing, unknown or said twice.
pub fn assess(set: &QuestionnaireSet, given: &[AnswerInput], errors: &mut FieldErrors) -> Option<Assessment> {
    let asked = set.asked();
    let before = errors.0.len();
    for (index, answer) in given.iter().enumerate() {
        let field = format!("questionnaire.answers.{index}");
        if !asked.iter().any(|question| question.id == answer.question_id) {
            errors.add(field, "question_unknown", "This question is not asked.");
        } else if given.iter().take(index).any(|earlier| earlier.question_id == answer.question_id) {
            errors.add(field, "question_answered_twice", "This question was answered twice.");
        }
    }
    let answers: Vec<_> = asked.iter().filter_map(|question| answered(question, given, errors)).collect();
    if errors.0.len() > before {
        return None;
    }
    let yes = || asked.iter().zip(&answers).filter(|(_, answer)| answer.answer);
    let has = |severity| yes().any(|(question, _)| question.severity == severity);
    let level = if has(Severity::Critical) {
        AlertLevel::Critical
    } else if has(Severity::Standard) {
        AlertLevel::Standard
    } else {
        AlertLevel::None
    };
    let critical = yes()
        .filter(|(question, _)| question.severity == Severity::Critical)
        .map(|(question, _)| CriticalCondition { question_id: question.id.clone(), label: question.label.clone() })
        .collect();
    let details = yes()
        .map(|(question, answer)| {
            (question.topic, format!("{}: {}", question.label, answer.details.as_deref().unwrap_or_default()))
        })
        .collect();
    Some(Assessment { level, critical, details, answers })
}

fn answered(question: &Question, given: &[AnswerInput], errors: &mut FieldErrors) -> Option<Answer> {
    let field = format!("questionnaire.{}", question.id);
    let Some(answer) = given.iter().find(|answer| answer.question_id == question.id) else {
        errors.add(field, "answer_missing", "Please answer this question.");
        return None;
    };
    let details = answer.details.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if answer.answer && details.is_none() {
        errors.add(field, "answer_details_required", "Please give details.");
    } else if details.as_ref().is_some_and(|text| text.chars().count() > DETAILS) {
        errors.add(field, "text_too_long", format!("At most {DETAILS} characters."));
    }
    Some(Answer {
        question_id: question.id.clone(),
        question_text: question.text.clone(),
        answer: answer.answer,
        details,
        severity: question.severity,
    })
}

#[cfg(test)]
mod tests {
    use kernel::ids::QuestionnaireSetId;

    use super::*;

    fn set() -> QuestionnaireSet {
        let questions = catalogue::rules::questions::initial();
        QuestionnaireSet { id: QuestionnaireSetId::new(), version: 1, name: "Medical".to_owned(), questions }
    }

    fn answers(set: &QuestionnaireSet, yes: &[&str]) -> Vec<AnswerInput> {
        let answer = |question: &Question| {
            let answer = yes.contains(&question.id.as_str());
            AnswerInput { question_id: question.id.clone(), answer, details: answer.then(|| "since 2019".to_owned()) }
        };
        set.questions.iter().map(answer).collect()
    }

    fn level(yes: &[&str]) -> (AlertLevel, Vec<String>) {
        let set = set();
        let mut errors = FieldErrors::new();
        let found = assess(&set, &answers(&set, yes), &mut errors).unwrap();
        assert!(errors.is_empty());
        (found.level, found.critical.into_iter().map(|condition| condition.question_id).collect())
    }

    #[test]
    fn gs_8_levels_follow_the_strongest_yes() {
        assert_eq!(level(&["hiv", "medicine_allergy"]), (AlertLevel::Critical, vec!["hiv".to_owned()]));
        assert_eq!(level(&["medicine_allergy"]), (AlertLevel::Standard, vec![]));
        assert_eq!(level(&[]), (AlertLevel::None, vec![]));
    }

    #[test]
    fn details_are_sorted_into_their_columns() {
        let set = set();
        let given = answers(&set, &["medicine_allergy", "other_allergy", "surgery", "medication", "kidney"]);
        let found = assess(&set, &given, &mut FieldErrors::new()).unwrap();
        assert_eq!(
            found.topic(Topic::Allergies).as_deref(),
            Some("Medicine allergy: since 2019\nOther allergy: since 2019")
        );
        assert_eq!(found.topic(Topic::Surgeries).as_deref(), Some("Previous surgery: since 2019"));
        assert_eq!(found.topic(Topic::Medications).as_deref(), Some("Regular medication: since 2019"));
        assert_eq!(found.topic(Topic::Conditions).as_deref(), Some("Kidney disease: since 2019"));
    }

    #[test]
    fn every_question_is_answered_once_and_a_yes_explained() {
        let set = set();
        let code = |given: &[AnswerInput]| {
            let mut errors = FieldErrors::new();
            assert!(assess(&set, given, &mut errors).is_none());
            errors.0.into_iter().map(|(field, all)| (field, all[0].code.to_string())).collect::<Vec<_>>()
        };
        let mut missing = answers(&set, &[]);
        missing.remove(0);
        assert_eq!(code(&missing), [("questionnaire.cardiovascular".to_owned(), "answer_missing".to_owned())]);
        let mut silent = answers(&set, &["hiv"]);
        silent[3].details = Some("  ".to_owned());
        assert_eq!(code(&silent), [("questionnaire.hiv".to_owned(), "answer_details_required".to_owned())]);
        let mut long = answers(&set, &["hiv"]);
        long[3].details = Some("x".repeat(1001));
        assert_eq!(code(&long), [("questionnaire.hiv".to_owned(), "text_too_long".to_owned())]);
        let mut twice = answers(&set, &[]);
        twice.push(twice[0].clone());
        assert_eq!(code(&twice), [("questionnaire.answers.21".to_owned(), "question_answered_twice".to_owned())]);
        let mut unknown = answers(&set, &[]);
        unknown.push(AnswerInput { question_id: "spleen".to_owned(), answer: false, details: None });
        assert_eq!(code(&unknown), [("questionnaire.answers.21".to_owned(), "question_unknown".to_owned())]);
    }
}
