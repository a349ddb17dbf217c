//! The questions of a medical questionnaire and the set every installation starts with (R-IQ-22, R-IQ-23).

use platform::locale::{Locale, find_text, t};
use serde::{Deserialize, Serialize};

/// How much a "yes" weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A "yes" turns the inquiry red.
    Critical,
    /// A "yes" turns it yellow.
    Standard,
    /// A "yes" changes nothing.
    None,
}

impl Severity {
    /// The stored word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Standard => "standard",
            Self::None => "none",
        }
    }
}

/// Which clinical column the details of a "yes" fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// `allergies`
    Allergies,
    /// `medications`
    Medications,
    /// `previous_surgeries`
    Surgeries,
    /// `medical_conditions`
    #[default]
    Conditions,
}

/// One question of a set, as stored in `questionnaire_sets.questions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Question {
    /// Stable within the set.
    pub id: String,
    /// The question.
    pub text: String,
    /// A line of help.
    #[serde(default)]
    pub help: Option<String>,
    /// Kind of answer; questionnaires of an inquiry know `yes_no` only.
    #[serde(rename = "type")]
    pub kind: String,
    /// What to tell when the answer is yes.
    pub detail_prompt: String,
    /// How much a "yes" weighs.
    pub severity: Severity,
    /// Place in the form.
    pub order: i32,
    /// Whether it is asked.
    pub active: bool,
    /// Short name for alerts.
    pub label: String,
    /// Where details go.
    #[serde(default)]
    pub topic: Topic,
}

/// Code of the set installed at first.
pub const INITIAL_SET: &str = "inquiry-medical";

/// What the first set asks after a "yes".
const DETAILS: &str = "Please give the details a surgeon should know.";

/// A question's words in the reader's language. Only the words of the first set are translated: a question that staff
/// wrote or changed reads as they wrote it.
pub fn spoken(locale: Locale, id: &str, text: &str) -> String {
    let key = format!("question-{}", id.replace('_', "-"));
    match find_text(Locale::En, &key) {
        Some(standard) if standard == text => find_text(locale, &key).unwrap_or(standard),
        _ => text.to_owned(),
    }
}

/// What a question asks after a "yes", in the reader's language; as [`spoken`].
pub fn spoken_prompt(locale: Locale, prompt: &str) -> String {
    if prompt == DETAILS { t(locale, "question-details") } else { prompt.to_owned() }
}

/// The 21 questions of the first set (R-IQ-23).
pub fn initial() -> Vec<Question> {
    use Severity::{Critical, Standard};
    use Topic::{Allergies, Conditions, Medications, Surgeries};
    let rows = [
        (
            "cardiovascular",
            "Heart disease",
            Critical,
            Conditions,
            "Do you have or have you had heart or cardiovascular disease?",
        ),
        ("diabetes", "Diabetes", Critical, Conditions, "Do you have diabetes?"),
        ("hepatitis", "Hepatitis B/C", Critical, Conditions, "Have you been diagnosed with hepatitis B or C?"),
        ("hiv", "HIV/AIDS", Critical, Conditions, "Have you been diagnosed with HIV or AIDS?"),
        ("bleeding", "Bleeding disorder", Critical, Conditions, "Do you have a bleeding disorder?"),
        ("blood_clots", "Blood clots", Critical, Conditions, "Have you had blood clots or deep vein thrombosis?"),
        (
            "medicine_allergy",
            "Medicine allergy",
            Standard,
            Allergies,
            "Are you allergic to any medicine or anaesthetic?",
        ),
        (
            "other_allergy",
            "Other allergy",
            Standard,
            Allergies,
            "Do you have any other allergy, such as food or latex?",
        ),
        (
            "respiratory",
            "Respiratory disease",
            Standard,
            Conditions,
            "Do you have asthma or another respiratory disease?",
        ),
        ("hypertension", "High blood pressure", Standard, Conditions, "Do you have high blood pressure?"),
        (
            "implanted_device",
            "Implanted device",
            Standard,
            Conditions,
            "Do you have a pacemaker or another implanted device?",
        ),
        ("arthritis", "Arthritis", Standard, Conditions, "Do you have arthritis or a disease of the joints?"),
        (
            "neurological",
            "Neurological condition",
            Standard,
            Conditions,
            "Do you have a neurological condition, such as epilepsy?",
        ),
        ("kidney", "Kidney disease", Standard, Conditions, "Do you have a kidney disease?"),
        ("cancer", "Cancer history", Standard, Conditions, "Have you ever been treated for cancer?"),
        (
            "digestive",
            "Digestive disease",
            Standard,
            Conditions,
            "Do you have a disease of the stomach, liver or bowel?",
        ),
        (
            "mental_health",
            "Mental health",
            Standard,
            Conditions,
            "Have you been treated for a mental health condition?",
        ),
        ("surgery", "Previous surgery", Standard, Surgeries, "Have you had any surgery before?"),
        ("pregnancy", "Pregnancy", Standard, Conditions, "Are you pregnant or breastfeeding?"),
        ("medication", "Regular medication", Standard, Medications, "Do you take any medication regularly?"),
        ("other", "Other condition", Standard, Conditions, "Is there any other condition a surgeon should know of?"),
    ];
    rows.into_iter()
        .zip(1..)
        .map(|((id, label, severity, topic, text), order)| Question {
            id: id.to_owned(),
            text: text.to_owned(),
            help: None,
            kind: "yes_no".to_owned(),
            detail_prompt: DETAILS.to_owned(),
            severity,
            order,
            active: true,
            label: label.to_owned(),
            topic,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_first_set_has_21_questions_of_which_six_are_critical() {
        let set = initial();
        let critical: Vec<_> = set.iter().filter(|q| q.severity == Severity::Critical).map(|q| q.id.as_str()).collect();
        assert_eq!(critical, ["cardiovascular", "diabetes", "hepatitis", "hiv", "bleeding", "blood_clots"]);
        assert_eq!(set.iter().filter(|q| q.severity == Severity::Standard).count(), 15);
        assert_eq!(set.iter().map(|q| &q.id).collect::<BTreeSet<_>>().len(), 21, "ids are distinct");
        assert_eq!(set.iter().map(|q| &q.text).collect::<BTreeSet<_>>().len(), 21, "texts are distinct");
        assert!(set.iter().all(|q| q.text.chars().count() >= 10 && q.kind == "yes_no"));
    }

    #[test]
    fn the_first_set_is_read_in_turkish_and_changed_questions_as_they_were_written() {
        for question in initial() {
            let turkish = spoken(Locale::Tr, &question.id, &question.text);
            assert_ne!(turkish, question.text, "{}", question.id);
            assert_eq!(spoken(Locale::En, &question.id, &question.text), question.text);
            assert_ne!(spoken_prompt(Locale::Tr, &question.detail_prompt), question.detail_prompt);
        }
        assert_eq!(spoken(Locale::Tr, "diabetes", "Is it type 1?"), "Is it type 1?");
        assert_eq!(spoken_prompt(Locale::Tr, "Since when?"), "Since when?");
    }
}
