//! Creates `provider_preferences`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000040_create_provider_preferences_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_preferences", |t| {
        t.purpose("Which kinds of notification a clinic wants.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.boolean("quote_notification").default_bool(true);
        t.boolean("schedule_notification").default_bool(true);
        t.boolean("start_treatment_notification").default_bool(true);
        t.boolean("after_care_notification").default_bool(false);
        t.boolean("review_notification").default_bool(false);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.boolean("promotion_notification").default_bool(true);
        t.boolean("email_enabled").default_bool(true);
        t.boolean("push_enabled").default_bool(true);
        t.unique(&["provider_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_preferences");
}
