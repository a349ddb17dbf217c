//! What a questionnaire must be before patients are asked (R-IQ-22).

use std::collections::HashSet;

use kernel::FieldErrors;

use super::questions::Question;
use crate::entity::questionnaire_sets::QuestionnaireSetContextType as Context;

/// The kinds of answers sets of each context may ask for.
fn kinds(context: Context) -> &'static [&'static str] {
    match context {
        Context::Inquiry | Context::Multi => &["yes_no"],
        Context::Aftercare => &["yes_no", "scale", "text"],
    }
}

/// Notes what is wrong with the questions of a draft: texts under 10 characters, the same text or id twice, kinds the
/// context does not know, a yes/no question without a detail prompt.
pub fn check_questions(errors: &mut FieldErrors, context: Context, questions: &[Question]) {
    if questions.len() > 100 {
        errors.add("questions", "too_many_items", "At most 100 questions.");
    }
    let (mut texts, mut ids) = (HashSet::new(), HashSet::new());
    for (index, question) in questions.iter().enumerate() {
        let mut fault = |part: &str, code: &'static str, sentence: &str| {
            errors.add(format!("questions.{index}.{part}"), code, sentence);
        };
        let length = question.text.trim().chars().count();
        if !(10..=500).contains(&length) {
            fault("text", "length_out_of_range", "A question has 10 to 500 characters.");
        } else if !texts.insert(question.text.trim().to_lowercase()) {
            fault("text", "question_twice", "This question is in the set already.");
        }
        if question.id.is_empty() || question.id.len() > 64 || !ids.insert(question.id.as_str()) {
            fault("id", "question_twice", "Every question has an id of its own.");
        }
        if !kinds(context).contains(&question.kind.as_str()) {
            fault("type", "question_kind", "Questionnaires of an inquiry ask for yes or no only.");
        }
        if question.kind == "yes_no" && question.detail_prompt.trim().is_empty() {
            fault("detail_prompt", "required", "Say what to tell after a yes.");
        }
        let long = |text: &str, most: usize| text.chars().count() > most;
        if long(&question.detail_prompt, 300) || question.help.as_deref().is_some_and(|help| long(help, 500)) {
            fault("help", "length_out_of_range", "At most 300 characters to ask for details, 500 to help.");
        }
        if question.label.trim().is_empty() || long(&question.label, 60) {
            fault("label", "length_out_of_range", "A short name of at most 60 characters, for alerts.");
        }
    }
}

/// Notes what keeps a draft from being published: no active question, no category.
pub fn check_publishable(errors: &mut FieldErrors, category: Option<&str>, questions: &[Question]) {
    if category.is_none_or(|category| category.trim().is_empty()) {
        errors.add("category", "required", "Choose a category before it is published.");
    }
    if !questions.iter().any(|question| question.active) {
        errors.add("questions", "no_active_question", "At least one question must be asked.");
    }
}

/// What differs between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The question is new, or asked again.
    Added,
    /// The question is gone, or asked no longer.
    Removed,
    /// Its words, weight or place differ.
    Changed,
}

/// What the later version asks differently, by the questions' labels.
pub fn differences(before: &[Question], after: &[Question]) -> Vec<(String, Difference)> {
    let asked = |set: &[Question], id: &str| set.iter().find(|q| q.id == id && q.active).cloned();
    let mut found = Vec::new();
    for question in after.iter().filter(|question| question.active) {
        match asked(before, &question.id) {
            None => found.push((question.label.clone(), Difference::Added)),
            Some(old) if old != *question => found.push((question.label.clone(), Difference::Changed)),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|old| old.active && asked(after, &old.id).is_none());
    found.extend(gone.map(|old| (old.label.clone(), Difference::Removed)));
    found
}

#[cfg(test)]
mod tests {
    use super::super::questions::{Severity, initial};
    use super::*;

    fn codes(context: Context, questions: &[Question]) -> Vec<(String, String)> {
        let mut errors = FieldErrors::new();
        check_questions(&mut errors, context, questions);
        errors
            .0
            .into_iter()
            .flat_map(|(field, all)| all.into_iter().map(move |e| (field.clone(), e.code.into_owned())))
            .collect()
    }

    #[test]
    fn the_first_set_is_in_order() {
        assert!(codes(Context::Inquiry, &initial()).is_empty());
    }

    /// R-IQ-22
    #[test]
    fn short_double_and_open_questions_are_refused() {
        let mut set = initial();
        set.truncate(4);
        set[0].text = "Too short".to_owned();
        set[2].text = format!(" {} ", set[1].text.to_uppercase());
        set[3].kind = "text".to_owned();
        let found = codes(Context::Inquiry, &set);
        let code = |field: &str| found.iter().find(|(at, _)| at == field).map(|(_, code)| code.as_str());
        assert_eq!(code("questions.0.text"), Some("length_out_of_range"));
        assert_eq!(code("questions.2.text"), Some("question_twice"));
        assert_eq!(code("questions.3.type"), Some("question_kind"));
        set.drain(..3);
        assert!(codes(Context::Aftercare, &set).is_empty(), "aftercare may ask for words");
    }

    /// R-IQ-22
    #[test]
    fn publishing_needs_a_category_and_an_active_question() {
        let mut set = initial();
        let refused = |category: Option<&str>, set: &[Question]| {
            let mut errors = FieldErrors::new();
            check_publishable(&mut errors, category, set);
            errors.0.into_keys().collect::<Vec<_>>()
        };
        assert!(refused(Some("Medical history"), &set).is_empty());
        assert_eq!(refused(Some("  "), &set), ["category"]);
        set.iter_mut().for_each(|question| question.active = false);
        assert_eq!(refused(None, &set), ["category", "questions"]);
    }

    #[test]
    fn versions_are_compared_by_what_is_asked() {
        let before = initial();
        let mut after = before.clone();
        after[0].severity = Severity::Standard;
        after[1].active = false;
        after.push(Question { id: "q_new".to_owned(), label: "New".to_owned(), ..before[2].clone() });
        assert_eq!(
            differences(&before, &after),
            [
                ("Heart disease".to_owned(), Difference::Changed),
                ("New".to_owned(), Difference::Added),
                ("Diabetes".to_owned(), Difference::Removed),
            ]
        );
    }
}
