//! Creates `discounts`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000020_create_discounts_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("discounts", |t| {
        t.purpose("Price promotions of clinics and campaigns of the platform.");
        t.id();
        t.string("discount_code", 255);
        t.string("discount_type", 255).one_of(&["percentage", "fixed"]);
        t.decimal("discount_value", 10, 2);
        t.uuid("provider_id").nullable().references("providers", "id");
        t.integer("usage_limit").nullable();
        t.integer("usage_count").default_number("0");
        t.date("start_date").nullable();
        t.date("end_date").nullable();
        t.string("status", 255).default("active").one_of(&["active", "inactive", "expired"]);
        t.boolean("requires_provider_approval").default_bool(false);
        t.string("approval_status", 255).default("pending").one_of(&["pending", "approved", "rejected"]);
        t.uuid("approved_by_provider_id").nullable().references("providers", "id");
        t.string("name", 120).nullable();
        t.string("description", 1000).nullable();
        t.string("created_by_type", 32).nullable().one_of(&["User", "ProviderUser"]);
        t.uuid("created_by_id").nullable();
        t.string("application_mode", 20)
            .default("either")
            .one_of(&["code", "list", "either"])
            .note("typed code, quote editor list, or both");
        t.timestamp("published_at").nullable();
        t.timestamp("paused_at").nullable();
        t.timestamp("archived_at").nullable();
        t.integer("per_patient_limit").nullable();
        t.string("target_scope", 16).default("all").one_of(&["all", "list"]);
        t.small_integer("approval_window_days").nullable().note("1-30, default 7");
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["discount_code"]);
        t.index(&["provider_id"]);
        t.index(&["status"]);
        t.index(&["approval_status"]);
        t.index(&["end_date"]);
        t.check("discount_value > 0");
        t.check("discount_type <> 'percentage' OR discount_value <= 100");
        t.check("usage_limit IS NULL OR usage_limit >= 1");
        t.check("usage_count >= 0");
        t.check("end_date IS NULL OR start_date IS NULL OR end_date >= start_date");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("discounts");
}
