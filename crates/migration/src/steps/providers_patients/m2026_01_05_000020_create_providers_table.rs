//! Creates `providers`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000020_create_providers_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("providers", |t| {
        t.purpose("Clinics: identity, public face, life cycle and onboarding stage.");
        t.id();
        t.uuid("user_id").nullable().references("users", "id");
        t.string("provider_name", 255);
        t.string("email", 255);
        t.string("phone_number", 255).nullable();
        t.string("profile_image", 255).nullable();
        t.text("provider_bio").nullable();
        t.string("city", 255);
        t.string("country", 255);
        t.string("status", 255).default("active").one_of(&["active", "inactive", "suspended"]);
        t.string("timezone", 255).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.timestamp("deleted_at").nullable();
        t.string("slug", 160).nullable().note("[a-z0-9-]; set when the row is made, old ones stay in provider_slugs");
        t.string("onboarding_stage", 32).default("draft").one_of(&[
            "draft",
            "in_review",
            "approved",
            "invited",
            "live",
            "rejected",
            "closed",
        ]);
        t.char("country_code", 2).nullable().note("joins countries.iso_code; required for new rows");
        t.uuid("location_id").nullable().references("locations", "id").later().note("street address");
        t.string("public_phone", 32).nullable();
        t.string("public_email", 255).nullable();
        t.string("website_url", 255).nullable();
        t.string("cover_image", 255).nullable();
        t.string("meta_description", 160).nullable();
        t.string("medical_specialty", 64).nullable();
        t.string("service_scope", 16).nullable().one_of(&["hair", "beard", "both"]);
        t.string("license_number", 50).nullable();
        t.small_integer("years_experience").nullable();
        t.string("operating_hours", 500).nullable();
        t.integer("seat_limit").default_number("100");
        t.boolean("is_featured").default_bool(false).note("at most ten true");
        t.timestamp("featured_at").nullable();
        t.integer("rating_sum").default_number("0").note("sum of overall ratings of published reviews");
        t.integer("rating_count").default_number("0");
        t.integer("treated_count").default_number("0");
        t.timestamp("intake_paused_at").nullable().note("not NULL = live but not accepting");
        t.string("intake_pause_reason", 32).nullable().one_of(&["license_expired", "manual", "onboarding"]);
        t.uuid("submitted_by").nullable().references("users", "id").note("for four eyes at approval");
        t.timestamp("activated_at").nullable();
        t.timestamp("live_at").nullable();
        t.timestamp("suspended_at").nullable();
        t.timestamp("deactivated_at").nullable();
        t.string("status_reason", 500).nullable();
        t.integer("version").default_number("1");
        t.unique(&["email"]);
        t.unique(&["slug"]);
        t.index(&["user_id"]);
        t.index(&["status"]);
        t.index(&["country"]);
        t.index(&["city"]);
        t.index(&["country_code"]);
        t.index(&["onboarding_stage", "status"]);
        t.index(&["is_featured"]);
        t.check("seat_limit BETWEEN 1 AND 500");
        t.check("years_experience IS NULL OR years_experience BETWEEN 0 AND 60");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("providers");
}
