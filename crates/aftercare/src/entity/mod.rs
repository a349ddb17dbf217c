//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod after_care_instructions;
pub mod after_care_medications;
pub mod after_cares;
pub mod aftercare_clinicians;
pub mod aftercare_conversation_participants;
pub mod aftercare_conversations;
pub mod aftercare_messages;
pub mod aftercare_milestone_definition_questionnaires;
pub mod aftercare_milestone_definitions;
pub mod aftercare_milestone_scans;
pub mod aftercare_milestone_templates;
pub mod aftercare_milestones;
pub mod aftercare_question_answers;
pub mod aftercare_questionnaire_responses;
pub mod aftercare_questionnaires;
pub mod aftercare_questions;
pub mod aftercare_resources;
pub mod aftercare_templates;
pub mod aftercare_workflow_steps;
pub mod aftercare_workflows;
pub mod instruction_templates;
pub mod medication_templates;
pub mod recovery_progress_logs;
pub mod standalone_aftercare_requests;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(after_care_instructions::Entity),
        schema.create_table_from_entity(after_care_medications::Entity),
        schema.create_table_from_entity(after_cares::Entity),
        schema.create_table_from_entity(aftercare_clinicians::Entity),
        schema.create_table_from_entity(aftercare_conversation_participants::Entity),
        schema.create_table_from_entity(aftercare_conversations::Entity),
        schema.create_table_from_entity(aftercare_messages::Entity),
        schema.create_table_from_entity(aftercare_milestone_definition_questionnaires::Entity),
        schema.create_table_from_entity(aftercare_milestone_definitions::Entity),
        schema.create_table_from_entity(aftercare_milestone_scans::Entity),
        schema.create_table_from_entity(aftercare_milestone_templates::Entity),
        schema.create_table_from_entity(aftercare_milestones::Entity),
        schema.create_table_from_entity(aftercare_question_answers::Entity),
        schema.create_table_from_entity(aftercare_questionnaire_responses::Entity),
        schema.create_table_from_entity(aftercare_questionnaires::Entity),
        schema.create_table_from_entity(aftercare_questions::Entity),
        schema.create_table_from_entity(aftercare_resources::Entity),
        schema.create_table_from_entity(aftercare_templates::Entity),
        schema.create_table_from_entity(aftercare_workflow_steps::Entity),
        schema.create_table_from_entity(aftercare_workflows::Entity),
        schema.create_table_from_entity(instruction_templates::Entity),
        schema.create_table_from_entity(medication_templates::Entity),
        schema.create_table_from_entity(recovery_progress_logs::Entity),
        schema.create_table_from_entity(standalone_aftercare_requests::Entity),
    ]
}
