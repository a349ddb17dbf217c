//! Creates `notification_rules`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000100_create_notification_rules_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("notification_rules", |t| {
        t.purpose("Admin switches per event of the catalogue.");
        t.id();
        t.string("event_key", 255);
        t.boolean("enabled").default_bool(true);
        t.json("channels").note("per recipient kind: email, push, in-app");
        t.small_integer("retry_max").default_number("3");
        t.json("lead_settings").nullable().note("reminder lead times");
        t.boolean("is_locked").default_bool(false);
        t.uuid("updated_by").nullable().references("users", "id");
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["event_key"]);
        t.check("retry_max BETWEEN 1 AND 5");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("notification_rules");
}
