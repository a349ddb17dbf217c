//! Creates `affiliates`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000010_create_affiliates_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliates", |t| {
        t.purpose("Marketing partners who bring patients and earn commission in USD.");
        t.id();
        t.string("affiliate_name", 255);
        t.string("email", 255);
        t.string("phone_number", 255).nullable();
        t.string("company_name", 255).nullable();
        t.string("website", 255).nullable();
        t.string("contact_person", 255).nullable();
        t.text("address").nullable();
        t.string("city", 255).nullable();
        t.string("country", 255).nullable();
        t.string("profile_image", 255).nullable();
        t.string("status", 255).default("draft").one_of(&["draft", "active", "inactive", "suspended"]);
        t.string("commission_type", 255).default("percentage").one_of(&["percentage", "fixed"]);
        t.decimal("commission_value", 10, 2).default_number("0");
        t.string("payment_cycle", 255).default("monthly").one_of(&["weekly", "monthly", "quarterly"]);
        t.date("start_date").nullable();
        t.date("end_date").nullable();
        t.text("notes").nullable();
        t.json("discount_codes").nullable();
        t.boolean("feature_flag_enabled").default_bool(true);
        t.string("facebook", 255).nullable();
        t.string("instagram", 255).nullable();
        t.string("tiktok", 255).nullable();
        t.string("twitter", 255).nullable();
        t.string("linkedin", 255).nullable();
        t.string("affiliate_code", 20).nullable().note("HP-AFF-00012");
        t.string("affiliate_type", 32).nullable().one_of(&["influencer", "clinic_partner", "organization", "other"]);
        t.json("languages").nullable();
        t.string("tax_id", 50).nullable();
        t.string("performance_tier", 20).nullable().one_of(&["bronze", "silver", "gold", "platinum"]);
        t.string("status_reason", 500).nullable();
        t.timestamp("suspended_at").nullable();
        t.timestamp("offboarded_at").nullable();
        t.timestamp("welcome_seen_at").nullable();
        t.integer("version").default_number("1").note("optimistic lock");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.timestamp("deleted_at").nullable();
        t.unique(&["email"]);
        t.unique(&["affiliate_code"]);
        t.index(&["status"]);
        t.index(&["performance_tier"]);
        t.check("commission_value >= 0");
        t.check("status = 'draft' OR commission_value > 0");
        t.check("end_date IS NULL OR start_date IS NULL OR end_date >= start_date");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliates");
}
