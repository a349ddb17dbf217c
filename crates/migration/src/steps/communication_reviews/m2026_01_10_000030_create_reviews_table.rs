//! Creates `reviews`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000030_create_reviews_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("reviews", |t| {
        t.purpose("Patients' reviews of treatments, one per quote.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.uuid("provider_id").references("providers", "id");
        t.uuid("quote_id").nullable().references("quotes", "id");
        t.integer("overall_rating");
        t.integer("facility_rating").nullable();
        t.integer("staff_rating").nullable();
        t.integer("results_rating").nullable();
        t.integer("value_rating").nullable();
        t.text("review_text").nullable();
        t.boolean("is_published").default_bool(false);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("moderation_status", 255).default("pending").one_of(&[
            "pending",
            "published",
            "rejected",
            "removed",
            "taken_down",
        ]);
        t.timestamp("published_at").nullable();
        t.timestamp("last_edited_at").nullable();
        t.timestamp("removed_at").nullable();
        t.integer("edit_count").default_number("0");
        t.uuid("moderated_by").nullable().references("users", "id");
        t.string("moderation_reason", 255).nullable();
        t.text("moderation_note").nullable();
        t.boolean("is_flagged").default_bool(false);
        t.json("flag_reasons").nullable();
        t.small_integer("author_alias_suffix").nullable().note("2, 3 ... when aliases of one clinic collide");
        t.string("locale", 10).nullable();
        t.unique(&["quote_id"]);
        t.index(&["patient_id"]);
        t.index(&["provider_id"]);
        t.index(&["is_published"]);
        t.index(&["provider_id", "is_published", "published_at"]);
        t.index(&["moderation_status", "created_at"]);
        t.check("overall_rating BETWEEN 1 AND 5");
        t.check("facility_rating IS NULL OR facility_rating BETWEEN 1 AND 5");
        t.check("staff_rating IS NULL OR staff_rating BETWEEN 1 AND 5");
        t.check("results_rating IS NULL OR results_rating BETWEEN 1 AND 5");
        t.check("value_rating IS NULL OR value_rating BETWEEN 1 AND 5");
        t.check("is_published = (moderation_status = 'published')");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("reviews");
}
