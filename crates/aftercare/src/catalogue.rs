//! The templates and questionnaires every installation starts with (R-AC-07).

use serde_json::{Value as Json, json};

use crate::entity::aftercare_questionnaires::AftercareQuestionnaireType;

/// A questionnaire as shipped.
pub struct ShippedQuestionnaire {
    /// Unique name; templates name it.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Its kind.
    pub kind: AftercareQuestionnaireType,
    /// Its questions.
    pub questions: Json,
}

/// A phase as shipped: name, days, scan cadence, scan count, questionnaires with cadence, restrictions.
pub struct ShippedPhase {
    /// Its name.
    pub name: &'static str,
    /// How long it lasts.
    pub days: i32,
    /// A scan every so many days.
    pub scan_every: Option<i32>,
    /// That many scans, or at most that many.
    pub scan_count: Option<i32>,
    /// Questionnaires by name with their cadence in days.
    pub questionnaires: &'static [(&'static str, i32)],
    /// What to avoid.
    pub restrictions: &'static [&'static str],
}

/// A milestone template as shipped.
pub struct ShippedTemplate {
    /// Unique name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// 6, 12 or 18.
    pub months: i32,
    /// Its phases in order.
    pub phases: &'static [ShippedPhase],
}

/// Name of the pain questionnaire.
pub const PAIN: &str = "Pain after transplant";
/// Name of the sleep questionnaire.
pub const SLEEP: &str = "Sleep and comfort";
/// Name of the compliance questionnaire.
pub const COMPLIANCE: &str = "Care routine";
/// Name of the symptom questionnaire.
pub const SYMPTOMS: &str = "Symptom check";

/// Name of the six-month template.
pub const SIX_MONTHS: &str = "Standard FUE Aftercare – 6 months";
/// Name of the twelve-month template.
pub const TWELVE_MONTHS: &str = "Standard FUE Aftercare – 12 months";

const FIRST_WEEK: &[&str] =
    &["No sports", "No alcohol", "No sun", "Do not touch the grafts", "Sleep with the upper body raised"];
const FIRST_MONTH: &[&str] = &["No swimming or sauna", "No hard training", "Cap only when loose"];
const LATER: &[&str] = &["Sun protection on the scalp"];

/// The shipped milestone templates.
pub const TEMPLATES: &[ShippedTemplate] = &[
    ShippedTemplate {
        name: SIX_MONTHS,
        description: "Close guidance through the first half year: daily pictures in the first week, then fewer.",
        months: 6,
        phases: &[
            ShippedPhase {
                name: "Post-Op",
                days: 7,
                scan_every: Some(1),
                scan_count: None,
                questionnaires: &[(PAIN, 1)],
                restrictions: FIRST_WEEK,
            },
            ShippedPhase {
                name: "Early Recovery",
                days: 21,
                scan_every: Some(5),
                scan_count: Some(3),
                questionnaires: &[(PAIN, 7)],
                restrictions: FIRST_MONTH,
            },
            ShippedPhase {
                name: "Mid Recovery",
                days: 60,
                scan_every: Some(14),
                scan_count: None,
                questionnaires: &[(SLEEP, 30)],
                restrictions: LATER,
            },
            ShippedPhase {
                name: "Growth",
                days: 90,
                scan_every: None,
                scan_count: Some(3),
                questionnaires: &[(COMPLIANCE, 30)],
                restrictions: LATER,
            },
        ],
    },
    ShippedTemplate {
        name: TWELVE_MONTHS,
        description: "Guidance through a whole year, to the final result.",
        months: 12,
        phases: &[
            ShippedPhase {
                name: "Post-Op",
                days: 7,
                scan_every: Some(1),
                scan_count: None,
                questionnaires: &[(PAIN, 1), (SYMPTOMS, 1)],
                restrictions: FIRST_WEEK,
            },
            ShippedPhase {
                name: "Early Recovery",
                days: 21,
                scan_every: Some(5),
                scan_count: None,
                questionnaires: &[(PAIN, 7), (SYMPTOMS, 7)],
                restrictions: FIRST_MONTH,
            },
            ShippedPhase {
                name: "Mid Recovery",
                days: 60,
                scan_every: Some(14),
                scan_count: None,
                questionnaires: &[(SLEEP, 30)],
                restrictions: LATER,
            },
            ShippedPhase {
                name: "Growth",
                days: 90,
                scan_every: Some(30),
                scan_count: None,
                questionnaires: &[(COMPLIANCE, 30)],
                restrictions: LATER,
            },
            ShippedPhase {
                name: "Final Assessment",
                days: 187,
                scan_every: Some(60),
                scan_count: None,
                questionnaires: &[(COMPLIANCE, 60)],
                restrictions: LATER,
            },
        ],
    },
];

/// The shipped questionnaires.
pub fn questionnaires() -> Vec<ShippedQuestionnaire> {
    vec![
        ShippedQuestionnaire {
            name: PAIN,
            description: "How strong the pain is, where, and whether anything looks wrong.",
            kind: AftercareQuestionnaireType::Pain,
            questions: json!([
                { "question_id": "pain_level", "question_text": "How strong is your pain right now?",
                  "help_text": "0 is no pain, 10 is the worst you can imagine.", "highlight": true,
                  "question_type": "visual_scale", "options": { "min": 0, "max": 10 }, "required": true },
                { "question_id": "location", "question_text": "Where does it hurt?",
                  "question_type": "single_choice", "options": ["nowhere", "donor_area", "transplanted_area", "both"] },
                { "question_id": "symptoms", "question_text": "Do you notice any of these?",
                  "question_type": "multi_select", "options": ["heavy_bleeding", "pus_or_discharge", "fever",
                    "spreading_redness", "severe_swelling", "mild_swelling", "itching", "numbness"],
                  "urgent_rule": { "any_of": ["heavy_bleeding", "pus_or_discharge", "fever", "spreading_redness",
                    "severe_swelling"] } },
                { "question_id": "medication_taken", "question_text": "Did you take your pain medication today?",
                  "question_type": "yes_no" },
                { "question_id": "remarks", "question_text": "Is there anything else we should know?",
                  "question_type": "text", "options": { "max_chars": 1000 } }
            ]),
        },
        ShippedQuestionnaire {
            name: SYMPTOMS,
            description: "Warning signs of infection, bleeding or circulation.",
            kind: AftercareQuestionnaireType::SymptomCheck,
            questions: json!([
                { "question_id": "symptoms", "question_text": "Which of these do you notice today?",
                  "highlight": true, "question_type": "multi_select", "options": ["heavy_bleeding",
                    "bleeding_not_stopping", "pus_or_discharge", "fever", "spreading_redness", "severe_swelling",
                    "skin_darkening", "breathing_difficulty", "chest_pain", "fainting", "mild_swelling", "itching",
                    "scabs", "numbness"] },
                { "question_id": "feeling", "question_text": "How do you feel compared with yesterday?",
                  "question_type": "single_choice", "options": ["better", "same", "worse"], "required": true,
                  "watch_rule": { "equals": "worse" } }
            ]),
        },
        ShippedQuestionnaire {
            name: SLEEP,
            description: "How sleep has settled after the first weeks.",
            kind: AftercareQuestionnaireType::Sleep,
            questions: json!([
                { "question_id": "sleep_quality", "question_text": "How did you sleep during the last week?",
                  "question_type": "single_choice", "options": ["very_good", "good", "fair", "poor", "very_poor"],
                  "required": true, "watch_rule": { "equals": "very_poor" } },
                { "question_id": "hours", "question_text": "How many hours do you sleep in a usual night?",
                  "question_type": "number", "options": { "min": 0, "max": 24 } },
                { "question_id": "woken_by", "question_text": "What wakes you up at night?",
                  "question_type": "multi_select", "options": ["nothing", "pain", "itching", "worry", "position"] }
            ]),
        },
        ShippedQuestionnaire {
            name: COMPLIANCE,
            description: "Whether washing, medication and precautions are kept.",
            kind: AftercareQuestionnaireType::Compliance,
            questions: json!([
                { "question_id": "washing", "question_text": "Do you wash as you were shown?",
                  "question_type": "single_choice", "options": ["always", "mostly", "rarely"], "required": true,
                  "watch_rule": { "equals": "rarely" } },
                { "question_id": "medication", "question_text": "Do you take the prescribed medication?",
                  "question_type": "yes_no", "required": true, "watch_rule": { "equals": "no" } },
                { "question_id": "sun", "question_text": "Do you protect your scalp from the sun?",
                  "question_type": "yes_no" },
                { "question_id": "growth", "question_text": "How do you see the growth so far?",
                  "question_type": "single_choice", "options": ["none_yet", "first_hairs", "visible", "dense"] }
            ]),
        },
    ]
}

/// Instruction presets: title, category, days between reminders, text.
pub const INSTRUCTIONS: &[(&str, &str, Option<i32>, &str)] = &[
    (
        "General rules of the first two weeks",
        "general",
        None,
        "Keep the transplanted area clean and dry. Do not scratch, rub or comb over it. Avoid smoke and alcohol: they slow healing. Scabs fall off by themselves between day 8 and day 14.",
    ),
    (
        "Washing",
        "washing",
        Some(1),
        "From the third day on: foam on, wait 20 minutes, rinse with lukewarm water without pressure, pat the donor area dry, leave the transplanted area to the air.",
    ),
    (
        "Sleeping",
        "sleeping",
        None,
        "For five nights sleep on your back with the upper body raised by 45 degrees. A neck pillow keeps the head still.",
    ),
    (
        "Activity",
        "activity",
        None,
        "Short walks from the second day. No sports, no bending, no lifting for two weeks. Swimming, sauna and hard training after a month.",
    ),
    (
        "When to seek help",
        "emergency_contact",
        None,
        "Heavy bleeding, fever above 38 °C, pus, spreading redness, chest pain or trouble breathing: call your clinic now, at night the emergency number.",
    ),
];

/// Medication presets: name, form, dosage, frequency, days, how to take it.
pub const MEDICATIONS: &[(&str, &str, &str, &str, i32, &str)] = &[
    ("Amoxicillin", "capsule", "500 mg", "twice_daily", 7, "With food. Finish the pack even when you feel well."),
    ("Paracetamol", "tablet", "500 mg", "as_needed", 5, "At most four times a day, six hours apart."),
    ("Prednisolone", "tablet", "5 mg", "once_daily", 3, "In the morning after breakfast, against swelling."),
    ("Saline spray", "spray", "2 puffs", "four_daily", 10, "From a hand's width away, do not touch the grafts."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::questions::{Question, is_usable};
    use crate::rules::schedule::check_template;

    #[test]
    fn what_ships_passes_its_own_rules() {
        let known = questionnaires();
        for shipped in &known {
            let questions: Vec<Question> = serde_json::from_value(shipped.questions.clone()).unwrap();
            assert!(is_usable(&questions), "{}", shipped.name);
        }
        for template in TEMPLATES {
            let phases: Vec<_> = (1..).zip(template.phases).map(|(order, phase)| (order, phase.days)).collect();
            assert_eq!(check_template(template.months, &phases), Ok(()), "{}", template.name);
            for phase in template.phases {
                assert!(phase.questionnaires.iter().all(|(name, _)| known.iter().any(|one| one.name == *name)));
                assert!(phase.restrictions.iter().map(|text| text.chars().count()).sum::<usize>() <= 500);
                if let (Some(every), Some(count)) = (phase.scan_every, phase.scan_count) {
                    assert!(every * count <= phase.days);
                }
            }
        }
        let total: i32 =
            TEMPLATES.iter().map(|template| template.phases.iter().map(|phase| phase.days).sum::<i32>()).sum();
        assert_eq!(total, 178 + 365);
    }
}
