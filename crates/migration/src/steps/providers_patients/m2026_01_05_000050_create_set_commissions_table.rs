//! Creates `set_commissions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000050_create_set_commissions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("set_commissions", |t| {
        t.purpose("Platform default commission; the latest row not in the future applies.");
        t.id();
        t.integer("commission_percentage").note("15-25");
        t.timestamp("effective_from");
        t.string("reason", 500).note("20-500 chars");
        t.uuid("set_by_user_id").references("users", "id");
        t.timestamp("created_at").use_current();
        t.unique(&["effective_from"]);
        t.check("commission_percentage BETWEEN 15 AND 25");
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("set_commissions");
}
