//! Lets words, values and addresses be emptied in six ledgers whose rows are else never changed.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_14_000010_let_ended_texts_be_emptied", up, down };

/// What tells of a person beyond ids, words of fixed lists, dates and amounts.
const EMPTIABLE: &[(&str, &[&str])] = &[
    ("patient_consents", &["ip_address", "user_agent"]),
    ("workflow_timelines", &["metadata"]),
    ("quote_versions", &["snapshot", "reason"]),
    ("payment_histories", &["reason", "metadata"]),
    ("aftercare_workflow_steps", &["note", "values_before", "values_after"]),
    ("conversation_interventions", &["justification"]),
];

fn up(schema: &mut Schema) {
    for (table, columns) in EMPTIABLE {
        schema.let_empty(table, columns);
    }
}

fn down(schema: &mut Schema) {
    for (table, _) in EMPTIABLE.iter().rev() {
        schema.refuse_empty(table);
    }
}
