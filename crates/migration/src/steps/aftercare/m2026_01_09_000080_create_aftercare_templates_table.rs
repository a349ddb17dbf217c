//! Creates `aftercare_templates`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000080_create_aftercare_templates_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_templates", |t| {
        t.purpose("Sellable or pickable offering: a milestone template with prices and default texts.");
        t.id();
        t.uuid("milestone_template_id").references("aftercare_milestone_templates", "id").note("its name is the service name");
        t.json("treatment_types").default("[]").note("empty = all");
        t.json("instruction_template_ids").default("[]");
        t.json("medication_template_ids").default("[]");
        t.boolean("is_purchasable").default_bool(false);
        t.string("service_description", 500).nullable().note("required if purchasable");
        t.string("pricing_model", 30).nullable().one_of(&["fixed", "monthly_subscription", "both"]);
        t.string("default_pricing_model", 30).nullable().one_of(&["fixed", "monthly_subscription"]).note("required if both");
        t.json("prices").nullable().note("per currency: fixed and monthly as decimal strings");
        t.json("pending_prices").nullable().note("price change waiting for the second admin");
        t.boolean("discounts_enabled").default_bool(false);
        t.string("status", 30).default("inactive").one_of(&["active", "inactive"]);
        t.uuid("created_by_admin_id").references("users", "id");
        t.uuid("approved_by_admin_id").nullable().references("users", "id");
        t.integer("lock_version").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["milestone_template_id"]);
        t.index(&["status"]);
        t.index(&["is_purchasable"]);
        t.check("NOT is_purchasable OR (service_description IS NOT NULL AND pricing_model IS NOT NULL AND prices IS NOT NULL)");
        t.check("pricing_model <> 'both' OR default_pricing_model IS NOT NULL");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_templates");
}
