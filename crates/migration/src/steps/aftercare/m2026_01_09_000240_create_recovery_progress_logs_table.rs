//! Creates `recovery_progress_logs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000240_create_recovery_progress_logs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("recovery_progress_logs", |t| {
        t.purpose("What happened between tasks: doses, instructions done, self-reports, progress snapshots.");
        t.id();
        t.uuid("after_care_id").references("after_cares", "id");
        t.uuid("patient_id").references("patients", "id");
        t.uuid("aftercare_milestone_id").nullable().references("aftercare_milestones", "id");
        t.string("log_type", 40).one_of(&[
            "dose",
            "instruction_done",
            "symptom_report",
            "stage_changed",
            "percentage_snapshot",
            "note",
        ]);
        t.string("ref_type", 50).nullable().note("medication, instruction...");
        t.uuid("ref_id").nullable();
        t.timestamp("scheduled_for").nullable().note("dose instant, UTC");
        t.small_integer("old_percentage").nullable().note("percentage_snapshot and stage_changed");
        t.small_integer("new_percentage").nullable();
        t.long_text("value").encrypted("JSON");
        t.text("note").nullable().encrypted("TEXT").note("<= 1000; reason of a percentage change");
        t.string("actor_type", 50).one_of(&["Patient", "ProviderUser", "User", "System"]);
        t.uuid("actor_id").nullable();
        t.timestamp("logged_at");
        t.string("dedupe_key", 160).nullable().note("dose:<medication>:<UTC instant>");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["dedupe_key"]);
        t.index(&["after_care_id", "logged_at"]);
        t.index(&["ref_id"]);
        t.check("old_percentage IS NULL OR old_percentage BETWEEN 0 AND 100");
        t.check("new_percentage IS NULL OR new_percentage BETWEEN 0 AND 100");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("recovery_progress_logs");
}
