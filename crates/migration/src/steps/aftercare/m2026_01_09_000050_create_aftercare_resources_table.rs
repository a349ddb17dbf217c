//! Creates `aftercare_resources`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000050_create_aftercare_resources_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_resources", |t| {
        t.purpose("Library of educational videos, guides and help texts.");
        t.id();
        t.string("title", 200);
        t.string("description", 1000).nullable();
        t.string("category", 30).one_of(&["video", "guide", "faq", "help"]);
        t.string("resource_type", 30).one_of(&["video", "pdf", "webpage", "document"]);
        t.string("url", 500).note("https address or storage path");
        t.integer("duration_seconds").nullable().note("required for video");
        t.big_integer("file_size_bytes").nullable().note("<= 100 MB");
        t.string("language_code", 5).default("en");
        t.json("treatment_types").default("[]");
        t.string("status", 20).default("active").one_of(&["active", "inactive"]);
        t.uuid("created_by_admin_id").references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["status"]);
        t.index(&["category"]);
        t.check("resource_type <> 'video' OR duration_seconds IS NOT NULL");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_resources");
}
