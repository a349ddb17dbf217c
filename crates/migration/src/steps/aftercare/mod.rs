//! Templates, plans, milestones, scans, questionnaires, cases.

mod m2026_01_09_000010_create_aftercare_milestone_templates_table;
mod m2026_01_09_000020_create_aftercare_milestone_definitions_table;
mod m2026_01_09_000030_create_aftercare_questionnaires_table;
mod m2026_01_09_000040_create_aftercare_milestone_definition_questionnaires_table;
mod m2026_01_09_000050_create_aftercare_resources_table;
mod m2026_01_09_000060_create_instruction_templates_table;
mod m2026_01_09_000070_create_medication_templates_table;
mod m2026_01_09_000080_create_aftercare_templates_table;
mod m2026_01_09_000090_create_standalone_aftercare_requests_table;
mod m2026_01_09_000100_create_after_cares_table;
mod m2026_01_09_000110_create_aftercare_milestones_table;
mod m2026_01_09_000120_create_aftercare_milestone_scans_table;
mod m2026_01_09_000130_create_aftercare_questionnaire_responses_table;
mod m2026_01_09_000140_create_after_care_instructions_table;
mod m2026_01_09_000150_create_after_care_medications_table;
mod m2026_01_09_000160_create_aftercare_questions_table;
mod m2026_01_09_000170_create_aftercare_question_answers_table;
mod m2026_01_09_000180_create_aftercare_conversations_table;
mod m2026_01_09_000190_create_aftercare_conversation_participants_table;
mod m2026_01_09_000200_create_aftercare_messages_table;
mod m2026_01_09_000210_create_aftercare_workflows_table;
mod m2026_01_09_000220_create_aftercare_workflow_steps_table;
mod m2026_01_09_000230_create_aftercare_clinicians_table;
mod m2026_01_09_000240_create_recovery_progress_logs_table;
mod m2026_01_09_000250_create_aftercare_payments_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "aftercare",
    title: "Aftercare",
    about: "Templates, plans, milestones, scans, questionnaires, cases.",
    steps: &[
        m2026_01_09_000010_create_aftercare_milestone_templates_table::STEP,
        m2026_01_09_000020_create_aftercare_milestone_definitions_table::STEP,
        m2026_01_09_000030_create_aftercare_questionnaires_table::STEP,
        m2026_01_09_000040_create_aftercare_milestone_definition_questionnaires_table::STEP,
        m2026_01_09_000050_create_aftercare_resources_table::STEP,
        m2026_01_09_000060_create_instruction_templates_table::STEP,
        m2026_01_09_000070_create_medication_templates_table::STEP,
        m2026_01_09_000080_create_aftercare_templates_table::STEP,
        m2026_01_09_000090_create_standalone_aftercare_requests_table::STEP,
        m2026_01_09_000100_create_after_cares_table::STEP,
        m2026_01_09_000110_create_aftercare_milestones_table::STEP,
        m2026_01_09_000120_create_aftercare_milestone_scans_table::STEP,
        m2026_01_09_000130_create_aftercare_questionnaire_responses_table::STEP,
        m2026_01_09_000140_create_after_care_instructions_table::STEP,
        m2026_01_09_000150_create_after_care_medications_table::STEP,
        m2026_01_09_000160_create_aftercare_questions_table::STEP,
        m2026_01_09_000170_create_aftercare_question_answers_table::STEP,
        m2026_01_09_000180_create_aftercare_conversations_table::STEP,
        m2026_01_09_000190_create_aftercare_conversation_participants_table::STEP,
        m2026_01_09_000200_create_aftercare_messages_table::STEP,
        m2026_01_09_000210_create_aftercare_workflows_table::STEP,
        m2026_01_09_000220_create_aftercare_workflow_steps_table::STEP,
        m2026_01_09_000230_create_aftercare_clinicians_table::STEP,
        m2026_01_09_000240_create_recovery_progress_logs_table::STEP,
        m2026_01_09_000250_create_aftercare_payments_table::STEP,
    ],
};
