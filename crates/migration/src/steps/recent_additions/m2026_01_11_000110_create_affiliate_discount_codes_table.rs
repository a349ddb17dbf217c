//! Creates `affiliate_discount_codes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000110_create_affiliate_discount_codes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_discount_codes", |t| {
        t.purpose("Codes and referral links of one affiliate; the discount is always funded by the platform.");
        t.id();
        t.uuid("affiliate_id").references("affiliates", "id");
        t.string("code", 255);
        t.string("discount_type", 255).one_of(&["percentage", "fixed"]);
        t.decimal("discount_value", 10, 2);
        t.integer("usage_limit").nullable();
        t.integer("usage_count").default_number("0");
        t.date("start_date").nullable();
        t.date("end_date").nullable();
        t.string("status", 255).default("active").one_of(&["active", "inactive", "expired"]);
        t.string("campaign_name", 120).nullable();
        t.uuid("batch_id").nullable().references("affiliate_code_batches", "id");
        t.integer("per_patient_limit").default_number("1");
        t.string("application_method", 20).default("code").one_of(&["code", "auto_link"]);
        t.string("disabled_reason", 32).nullable().one_of(&[
            "manual",
            "limit_reached",
            "revoked",
            "affiliate_inactive",
        ]);
        t.uuid("margin_override_by_user_id").nullable().references("users", "id");
        t.timestamp("margin_override_at").nullable();
        t.string("margin_override_reason", 500).nullable();
        t.json("material_links").nullable().note("<= 10 https links");
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["code"]);
        t.index(&["affiliate_id"]);
        t.index(&["status"]);
        t.index(&["batch_id"]);
        t.check("discount_value > 0");
        t.check("usage_limit IS NULL OR usage_limit >= 1");
        t.check("usage_count >= 0");
        t.check("end_date IS NULL OR start_date IS NULL OR end_date >= start_date");
        t.check("per_patient_limit BETWEEN 1 AND 100");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_discount_codes");
}
