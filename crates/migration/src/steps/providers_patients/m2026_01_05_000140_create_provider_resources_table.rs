//! Creates `provider_resources`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000140_create_provider_resources_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_resources", |t| {
        t.purpose("Guides and files for clinics, for all or for one.");
        t.id();
        t.uuid("provider_id").nullable().references("providers", "id").note("NULL = every clinic");
        t.string("title", 200);
        t.string("description", 1000).nullable();
        t.string("resource_type", 30).one_of(&["article", "video", "pdf", "image", "link", "document"]);
        t.string("category", 100);
        t.string("locale", 10).default("en");
        t.text("body").nullable().note("sanitised Markdown");
        t.uuid("file_id").nullable().references("files", "id");
        t.string("external_url", 500).nullable().note("https only");
        t.string("thumbnail", 255).nullable();
        t.integer("sort_order").default_number("0");
        t.string("status", 20).default("draft").one_of(&["draft", "published", "archived"]);
        t.timestamp("published_at").nullable();
        t.uuid("created_by").nullable().references("users", "id");
        t.timestamp("deleted_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["status", "locale", "category", "sort_order"]);
        t.index(&["provider_id"]);
        t.check("(CASE WHEN body IS NULL THEN 0 ELSE 1 END) + (CASE WHEN file_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN external_url IS NULL THEN 0 ELSE 1 END) = 1");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_resources");
}
