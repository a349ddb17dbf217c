//! Creates `treatment_executions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_08_000050_create_treatment_executions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("treatment_executions", |t| {
        t.purpose("The treatment of one booking as performed: arrival, results, completion and closure.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.integer("estimated_graft_count").note("copied from the quote at confirmation, never edited");
        t.string("travel_requirement", 20).default("undecided").one_of(&["undecided", "required", "not_required"]);
        t.timestamp("travel_requirement_at").nullable();
        t.string("travel_requirement_by_type", 50).nullable().one_of(&["Patient", "User"]);
        t.uuid("travel_requirement_by_id").nullable();
        t.boolean("return_leg_expected").default_bool(true);
        t.timestamp("travel_requested_at").nullable().note("first automatic request");
        t.timestamp("checked_in_at").nullable();
        t.string("checked_in_by_type", 50).nullable().one_of(&["ProviderUser", "User"]);
        t.uuid("checked_in_by_id").nullable();
        t.uuid("in_progress_patient_id")
            .nullable()
            .references("patients", "id")
            .note("set while in progress: one case per patient");
        t.text("beginning_note").nullable().encrypted("TEXT").note("shown to the patient when present");
        t.text("conclusion_notes").nullable().encrypted("TEXT").note("draft until completion, then final");
        t.text("prescription").nullable().encrypted("TEXT");
        t.text("advice").nullable().encrypted("TEXT");
        t.text("medication_instructions").nullable().encrypted("TEXT");
        t.integer("actual_graft_count").nullable();
        t.uuid("final_photo_set_id").nullable().note("media.set_id of the accepted final set");
        t.timestamp("completed_at").nullable();
        t.string("completed_by_type", 50).nullable().one_of(&["ProviderUser", "User"]);
        t.uuid("completed_by_id").nullable();
        t.long_text("completion_snapshot").nullable().encrypted("JSON").note("frozen copy of everything at completion");
        t.integer("instruction_sheet_version").default_number("0").note("0 = none yet");
        t.string("case_label", 20).nullable().one_of(&["no_show", "postponed"]);
        t.string("closure_reason", 30).nullable().one_of(&[
            "no_show",
            "patient_cancellation",
            "medical",
            "operational",
            "other",
        ]);
        t.text("closure_note").nullable().encrypted("TEXT");
        t.timestamp("closure_requested_at").nullable();
        t.uuid("closure_requested_by_id").nullable().references("provider_users", "id");
        t.timestamp("closure_resolved_at").nullable();
        t.uuid("closure_resolved_by_id").nullable().references("users", "id");
        t.string("closure_resolution", 20).nullable().one_of(&["reinstated", "rescheduled", "cancelled", "completed"]);
        t.integer("lock_version").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id"]);
        t.unique(&["in_progress_patient_id"]);
        t.index(&["checked_in_at"]);
        t.index(&["completed_at"]);
        t.index(&["case_label"]);
        t.check("estimated_graft_count > 0");
        t.check("actual_graft_count IS NULL OR actual_graft_count BETWEEN 0 AND 10000");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("treatment_executions");
}
