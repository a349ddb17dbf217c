//! Creates `aftercare_milestone_templates`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000010_create_aftercare_milestone_templates_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_milestone_templates", |t| {
        t.purpose("Admin-made schedule templates of 6, 12 or 18 months.");
        t.id();
        t.string("template_name", 255).note("compared case-insensitively");
        t.text("template_description").nullable();
        t.integer("duration_months");
        t.string("status", 255).default("active").one_of(&["active", "inactive"]);
        t.uuid("created_by_admin_id").nullable().references("users", "id");
        t.integer("lock_version").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["template_name"]).when("status = 'active'");
        t.index(&["status"]);
        t.check("duration_months IN (6,12,18)");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_milestone_templates");
}
