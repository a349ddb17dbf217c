//! Creates `provider_media`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000130_create_provider_media_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_media", |t| {
        t.purpose("Pictures and videos on a clinic's profile.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("collection", 32).one_of(&["gallery", "facility", "team", "before_after", "certificate"]);
        t.string("media_type", 16).one_of(&["image", "video"]);
        t.uuid("file_id").references("files", "id");
        t.string("thumbnail", 255).nullable();
        t.string("title", 100).nullable();
        t.string("caption", 300).nullable();
        t.string("alt_text", 255);
        t.uuid("treatment_id").nullable().references("treatments", "id").set_null().later();
        t.uuid("consent_id").nullable().references("patient_consents", "id").note("obligatory for before_after");
        t.string("status", 16).default("pending").one_of(&["pending", "published", "rejected", "hidden"]);
        t.string("rejection_reason", 500).nullable();
        t.integer("width").nullable();
        t.integer("height").nullable();
        t.integer("duration_seconds").nullable();
        t.integer("sort_order").default_number("0");
        t.timestamp("deleted_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["provider_id", "collection", "sort_order"]);
        t.index(&["status"]);
        t.check("collection <> 'before_after' OR consent_id IS NOT NULL");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_media");
}
