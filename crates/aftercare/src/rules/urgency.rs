//! Which answers are dangerous (R-AC-40 to R-AC-44).

use chrono::Duration;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::entity::aftercare_questionnaires::AftercareQuestionnaireType;
use crate::rules::questions::{Answers, Question, Rule};

/// Symptoms that raise an alarm unless staff changed the list.
pub const URGENT_SYMPTOMS: &str = "heavy_bleeding,bleeding_not_stopping,pus_or_discharge,fever,spreading_redness,\
severe_swelling,skin_darkening,breathing_difficulty,chest_pain,fainting";

/// The thresholds in force.
#[derive(Clone, Debug)]
pub struct Thresholds {
    /// Pain from this share of the scale's top raises an alarm, in percent.
    pub pain_urgent_percent: i64,
    /// Pain from this share is worth a look.
    pub pain_watch_percent: i64,
    /// Symptoms that raise an alarm.
    pub urgent_symptoms: Vec<String>,
}

impl Thresholds {
    /// A comma-separated list as settings hold it.
    pub fn symptoms(list: &str) -> Vec<String> {
        list.split(',').map(|symptom| symptom.trim().to_lowercase()).filter(|symptom| !symptom.is_empty()).collect()
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { pain_urgent_percent: 80, pain_watch_percent: 60, urgent_symptoms: Self::symptoms(URGENT_SYMPTOMS) }
    }
}

/// One answer that hit a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Hit {
    /// The question.
    pub question_id: String,
    /// What was answered.
    pub value: Json,
    /// The rule, in words: `gte:8`, `urgent_symptom`.
    pub rule: String,
}

/// What the answers say about the patient's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessment {
    /// Answers that raise an alarm.
    pub urgent: Vec<Hit>,
    /// Answers worth a look.
    pub watch: Vec<Hit>,
}

/// Judges complete answers. An explicit rule of a question replaces the built-in one; only whole values match, never
/// parts of texts: "no bleeding" is not bleeding (R-AC-41).
pub fn assess(
    kind: AftercareQuestionnaireType,
    questions: &[Question],
    answers: &Answers,
    thresholds: &Thresholds,
) -> Assessment {
    let mut found = Assessment::default();
    for question in questions.iter().filter(|question| question.active) {
        let Some(value) = answers.get(&question.question_id).filter(|value| !value.is_null()) else { continue };
        let urgent = match &question.urgent_rule {
            Some(rule) => explicit(rule, value),
            None => built_in(kind, question, value, thresholds),
        };
        let hit = |rule| Hit { question_id: question.question_id.clone(), value: value.clone(), rule };
        if let Some(rule) = urgent {
            found.urgent.push(hit(rule));
        } else if let Some(rule) = watch(kind, question, value, thresholds) {
            found.watch.push(hit(rule));
        }
    }
    found
}

fn explicit(rule: &Rule, value: &Json) -> Option<String> {
    match rule {
        Rule::Gte(limit) => value.as_i64().is_some_and(|number| number >= *limit).then(|| format!("gte:{limit}")),
        Rule::Equals(wanted) => chosen(value).any(|text| same(text, wanted)).then(|| format!("equals:{wanted}")),
        Rule::AnyOf(list) => {
            chosen(value).any(|text| list.iter().any(|wanted| same(text, wanted))).then(|| "any_of".to_owned())
        }
    }
}

fn built_in(
    kind: AftercareQuestionnaireType,
    question: &Question,
    value: &Json,
    thresholds: &Thresholds,
) -> Option<String> {
    match kind {
        AftercareQuestionnaireType::Pain if is_pain_scale(question) => {
            explicit(&Rule::Gte(share(question, thresholds.pain_urgent_percent)), value)
        }
        AftercareQuestionnaireType::SymptomCheck => {
            let listed = |text: &str| thresholds.urgent_symptoms.iter().any(|symptom| same(text, symptom));
            let by_choice = matches!(
                question.question_type,
                crate::rules::questions::QuestionType::MultiSelect
                    | crate::rules::questions::QuestionType::SingleChoice
            );
            (by_choice && chosen(value).any(listed)).then(|| "urgent_symptom".to_owned())
        }
        _ => None,
    }
}

fn watch(
    kind: AftercareQuestionnaireType,
    question: &Question,
    value: &Json,
    thresholds: &Thresholds,
) -> Option<String> {
    if let Some(rule) = &question.watch_rule {
        return explicit(rule, value);
    }
    match kind {
        AftercareQuestionnaireType::Pain if is_pain_scale(question) => {
            explicit(&Rule::Gte(share(question, thresholds.pain_watch_percent)), value)
        }
        AftercareQuestionnaireType::Sleep => explicit(&Rule::Equals("very_poor".to_owned()), value),
        _ => None,
    }
}

fn is_pain_scale(question: &Question) -> bool {
    question.is_scale() && question.question_id.contains("pain")
}

/// A share of a scale's top, rounded up: 80 % of 10 is 8, of 5 is 4.
fn share(question: &Question, percent: i64) -> i64 {
    let (_, top) = question.scale();
    let product = top.saturating_mul(percent);
    product / 100 + i64::from(product % 100 > 0)
}

fn chosen(value: &Json) -> impl Iterator<Item = &str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    value.as_str().into_iter().chain(list.iter().filter_map(Json::as_str))
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// The level an unacknowledged alarm has: 2 when it is due, 3 another period later (R-AC-44).
pub fn level(opened_at: Timestamp, period: Duration, now: Timestamp) -> i16 {
    if now >= opened_at + period * 2 {
        3
    } else if now >= opened_at + period {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use AftercareQuestionnaireType::{Compliance, Pain, SymptomCheck};

    fn pain(max: i64, value: i64) -> Assessment {
        let questions: Vec<Question> = serde_json::from_value(json!([
            { "question_id": "pain_level", "question_text": "How strong is your pain?", "question_type": "visual_scale",
              "options": { "min": 0, "max": max } }
        ]))
        .unwrap();
        let answers = Answers::from([("pain_level".into(), json!(value))]);
        assess(Pain, &questions, &answers, &Thresholds::default())
    }

    fn symptoms(values: Json) -> Assessment {
        let questions: Vec<Question> = serde_json::from_value(json!([
            { "question_id": "symptoms", "question_text": "Which of these do you notice?",
              "question_type": "multi_select", "options": ["pus_or_discharge", "mild swelling", "no bleeding"] },
            { "question_id": "remarks", "question_text": "Anything else to tell us?", "question_type": "text" }
        ]))
        .unwrap();
        let answers = Answers::from([("symptoms".into(), values), ("remarks".into(), json!("fever"))]);
        assess(SymptomCheck, &questions, &answers, &Thresholds::default())
    }

    #[test]
    fn gs_3_pain_from_eight_is_urgent_six_and_seven_are_watched() {
        for (value, urgent, watch) in [(5, 0, 0), (6, 0, 1), (7, 0, 1), (8, 1, 0), (9, 1, 0), (10, 1, 0)] {
            let found = pain(10, value);
            assert_eq!((found.urgent.len(), found.watch.len()), (urgent, watch), "pain {value}");
        }
        assert_eq!(
            pain(10, 9).urgent,
            [Hit { question_id: "pain_level".into(), value: json!(9), rule: "gte:8".into() }]
        );
        // Four fifths of another scale, rounded up.
        assert!(pain(7, 5).urgent.is_empty() && !pain(7, 6).urgent.is_empty());
    }

    #[test]
    fn gs_3_whole_values_of_the_list_are_urgent() {
        assert_eq!(symptoms(json!(["pus_or_discharge"])).urgent.len(), 1);
        assert_eq!(symptoms(json!(["Pus_Or_Discharge "])).urgent.len(), 1);
        assert!(symptoms(json!(["mild swelling", "no bleeding"])).urgent.is_empty());
        assert!(symptoms(json!([])).urgent.is_empty(), "free text never matches");
    }

    #[test]
    fn thresholds_are_settings() {
        let strict = Thresholds { pain_urgent_percent: 70, ..Thresholds::default() };
        let question: Question = serde_json::from_value(json!(
            { "question_id": "pain_level", "question_text": "How strong is your pain?", "question_type": "numeric_scale" }
        ))
        .unwrap();
        let answers = Answers::from([("pain_level".into(), json!(7))]);
        assert_eq!(assess(Pain, &[question], &answers, &strict).urgent.len(), 1);
        assert_eq!(Thresholds::symptoms(" Fever ,, rash"), ["fever", "rash"]);
    }

    #[test]
    fn a_questions_own_rule_comes_first() {
        let question = |rule: Json| -> Question {
            serde_json::from_value(
                json!({ "question_id": "pain_medicine", "question_text": "Did you take the antibiotic?",
                "question_type": "yes_no", "urgent_rule": rule }),
            )
            .unwrap()
        };
        let answers = Answers::from([("pain_medicine".into(), json!("no"))]);
        let found = |rule: Json| assess(Compliance, &[question(rule)], &answers, &Thresholds::default()).urgent.len();
        assert_eq!(found(json!({ "equals": "no" })), 1);
        assert_eq!(found(json!({ "equals": "yes" })), 0);
        assert_eq!(found(json!({ "any_of": ["NO", "unsure"] })), 1);
    }

    #[test]
    fn gs_3_the_alarm_rises_every_two_hours() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let levels = ["14:05", "16:04", "16:05", "18:04", "18:05"]
            .map(|time| level(at("2026-03-12T14:05:00Z"), Duration::hours(2), at(&format!("2026-03-12T{time}:00Z"))));
        assert_eq!(levels, [1, 1, 2, 2, 3]);
    }
}
