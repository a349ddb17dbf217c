//! Creates `aftercare_milestone_scans`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000120_create_aftercare_milestone_scans_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_milestone_scans", |t| {
        t.purpose("One stored view of a scan set, or one 3-D model.");
        t.id();
        t.uuid("aftercare_milestone_id").references("aftercare_milestones", "id");
        t.string("scan_url", 255);
        t.string("scan_type", 255).one_of(&["front", "top", "sides", "back", "3d_model"]);
        t.date("scan_date");
        t.boolean("is_overdue").default_bool(false);
        t.date("due_date").nullable().note("slot it fills; NULL = extra");
        t.small_integer("quality_score").nullable().note("0..100");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["aftercare_milestone_id", "due_date", "scan_type"]);
        t.index(&["aftercare_milestone_id"]);
        t.index(&["scan_date"]);
        t.check("quality_score IS NULL OR quality_score BETWEEN 0 AND 100");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_milestone_scans");
}
