//! Questionnaires: their questions, and whether answers fit (R-AC-30, R-AC-32).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Longest free text when the question says nothing else.
const MAX_TEXT: usize = 2000;

/// One question, as `aftercare_questionnaires.questions` holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Question {
    /// Letters, digits and underscores; unique in its questionnaire.
    pub question_id: String,
    /// What is asked.
    pub question_text: String,
    /// What kind of answer it takes.
    pub question_type: QuestionType,
    /// Choices, bounds or the longest text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Options>,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: bool,
    /// A hint beneath the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_text: Option<String>,
    /// Shown first to the team.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub highlight: bool,
    /// Asked at present.
    #[serde(default = "yes")]
    pub active: bool,
    /// Answers that raise an alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent_rule: Option<Rule>,
    /// Answers the team should look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch_rule: Option<Rule>,
}

fn yes() -> bool {
    true
}

/// The kinds of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionType {
    /// A whole number on a drawn scale.
    VisualScale,
    /// A whole number on a scale.
    NumericScale,
    /// A number.
    Number,
    /// `yes` or `no`.
    YesNo,
    /// One of the choices.
    SingleChoice,
    /// Any of the choices, each once.
    MultiSelect,
    /// Free text.
    Text,
}

/// What an answer may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Options {
    /// The values to choose from.
    Choices(Vec<String>),
    /// Bounds of a number, both included, or of a text.
    Bounds(Bounds),
}

/// Bounds of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Lowest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Highest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Longest text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<usize>,
}

/// A condition on one answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// At least this number.
    Gte(i64),
    /// Exactly this value.
    Equals(String),
    /// One of these values.
    AnyOf(Vec<String>),
}

/// Answers by question.
pub type Answers = BTreeMap<String, Json>;

impl Question {
    /// Lowest and highest value of a scale, 1 to 10 when the question says nothing else.
    pub fn scale(&self) -> (i64, i64) {
        let bounds = self.bounds();
        (bounds.min.unwrap_or(1), bounds.max.unwrap_or(10))
    }

    /// Whether it is answered on a scale.
    pub fn is_scale(&self) -> bool {
        matches!(self.question_type, QuestionType::VisualScale | QuestionType::NumericScale)
    }

    fn bounds(&self) -> Bounds {
        match &self.options {
            Some(Options::Bounds(bounds)) => bounds.clone(),
            _ => Bounds::default(),
        }
    }

    fn offers(&self, value: &str) -> bool {
        matches!(&self.options, Some(Options::Choices(choices)) if choices.iter().any(|choice| choice == value))
    }

    /// Whether a value answers this question.
    pub fn accepts(&self, value: &Json) -> bool {
        match self.question_type {
            QuestionType::VisualScale | QuestionType::NumericScale => {
                let (min, max) = self.scale();
                value.as_i64().is_some_and(|number| (min..=max).contains(&number))
            }
            QuestionType::Number => {
                let bounds = self.bounds();
                // A number of days or doses; fractions are not asked for, so whole numbers keep comparison exact.
                value.as_i64().is_some_and(|number| {
                    bounds.min.is_none_or(|min| number >= min) && bounds.max.is_none_or(|max| number <= max)
                })
            }
            QuestionType::YesNo => matches!(value.as_str(), Some("yes" | "no")),
            QuestionType::SingleChoice => value.as_str().is_some_and(|choice| self.offers(choice)),
            QuestionType::MultiSelect => value.as_array().is_some_and(|chosen| {
                let distinct: BTreeSet<_> = chosen.iter().filter_map(Json::as_str).collect();
                distinct.len() == chosen.len() && distinct.iter().all(|choice| self.offers(choice))
            }),
            QuestionType::Text => {
                value.as_str().is_some_and(|text| text.chars().count() <= self.bounds().max_chars.unwrap_or(MAX_TEXT))
            }
        }
    }

    fn is_answered(&self, value: Option<&Json>) -> bool {
        match value {
            None | Some(Json::Null) => false,
            Some(Json::String(text)) => !text.trim().is_empty(),
            Some(Json::Array(chosen)) => !chosen.is_empty(),
            Some(_) => true,
        }
    }
}

/// The ids of the questions whose answers do not fit; one fault refuses the whole submission.
pub fn faults(questions: &[Question], answers: &Answers) -> Vec<String> {
    let mut faults = BTreeSet::new();
    for (id, value) in answers {
        let question = questions.iter().find(|question| question.active && question.question_id == *id);
        let skipped = value.is_null() && question.is_some();
        if !skipped && !question.is_some_and(|question| question.accepts(value)) {
            faults.insert(id.clone());
        }
    }
    for question in questions.iter().filter(|question| question.active && question.required) {
        if !question.is_answered(answers.get(&question.question_id)) {
            faults.insert(question.question_id.clone());
        }
    }
    faults.into_iter().collect()
}

/// Whether a questionnaire may be used (R-AC-32).
pub fn is_usable(questions: &[Question]) -> bool {
    let active: Vec<_> = questions.iter().filter(|question| question.active).collect();
    let ids: BTreeSet<_> = questions.iter().map(|question| &question.question_id).collect();
    let texts: BTreeSet<_> = questions.iter().map(|question| question.question_text.to_lowercase()).collect();
    let named = |id: &str| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let chosen = |question: &Question| match question.question_type {
        QuestionType::SingleChoice | QuestionType::MultiSelect => {
            matches!(&question.options, Some(Options::Choices(choices)) if choices.len() >= 2)
        }
        _ => true,
    };
    !active.is_empty()
        && ids.len() == questions.len()
        && texts.len() == questions.len()
        && questions.iter().all(|question| {
            named(&question.question_id) && question.question_text.chars().count() >= 10 && chosen(question)
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn questions() -> Vec<Question> {
        serde_json::from_value(json!([
            { "question_id": "pain_level", "question_text": "How strong is your pain?",
              "question_type": "visual_scale", "options": { "min": 0, "max": 10 }, "required": true },
            { "question_id": "symptoms", "question_text": "Which of these do you notice?",
              "question_type": "multi_select", "options": ["fever", "mild_swelling"] },
            { "question_id": "medication", "question_text": "Did you take your medication?", "question_type": "yes_no" },
            { "question_id": "washes", "question_text": "How often did you wash?",
              "question_type": "number", "options": { "min": 0 } },
            { "question_id": "sleep", "question_text": "How did you sleep last night?",
              "question_type": "single_choice", "options": ["good", "poor"] },
            { "question_id": "remarks", "question_text": "Anything else to tell us?",
              "question_type": "text", "options": { "max_chars": 10 } },
            { "question_id": "old", "question_text": "A question of former times", "question_type": "text",
              "active": false, "required": true }
        ]))
        .unwrap()
    }

    fn check(answers: Json) -> Vec<String> {
        faults(&questions(), &serde_json::from_value(answers).unwrap())
    }

    #[test]
    fn good_answers_pass() {
        assert!(is_usable(&questions()));
        assert!(check(json!({ "pain_level": 0 })).is_empty());
        let all = json!({ "pain_level": 10, "symptoms": ["fever"], "medication": "yes", "washes": 3, "sleep": "poor",
            "remarks": "ğğğğğğğğğğ" });
        assert!(check(all).is_empty());
        assert!(check(json!({ "pain_level": 3, "symptoms": [], "medication": null })).is_empty());
    }

    #[test]
    fn one_fault_refuses_all_and_names_the_question() {
        for value in [json!(11), json!(-1), json!(7.5), json!("8"), json!(null)] {
            assert_eq!(check(json!({ "pain_level": value })), ["pain_level"], "{value}");
        }
        assert_eq!(check(json!({})), ["pain_level"]);
        let bad = json!({ "pain_level": 1, "symptoms": ["fever", "fever"], "medication": true, "washes": -1,
            "sleep": "Good", "remarks": "ğğğğğğğğğğğ", "shoe_size": 44, "old": "x" });
        assert_eq!(check(bad), ["medication", "old", "remarks", "shoe_size", "sleep", "symptoms", "washes"]);
        assert_eq!(check(json!({ "pain_level": 1, "symptoms": ["cough"] })), ["symptoms"]);
    }

    #[test]
    fn unusable_questionnaires() {
        assert!(!is_usable(&[]));
        let mut one_choice = questions();
        one_choice[1].options = Some(Options::Choices(vec!["fever".into()]));
        assert!(!is_usable(&one_choice));
        let mut twice = questions();
        twice[2].question_id = "pain_level".into();
        assert!(!is_usable(&twice));
        let mut short = questions();
        short[2].question_text = "Pain?".into();
        assert!(!is_usable(&short));
    }
}
