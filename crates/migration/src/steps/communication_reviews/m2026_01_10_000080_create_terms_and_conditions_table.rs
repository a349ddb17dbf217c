//! Creates `terms_and_conditions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000080_create_terms_and_conditions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("terms_and_conditions", |t| {
        t.purpose("Legal documents, one row per version and language.");
        t.id();
        t.string("document_type", 255).one_of(&["terms", "privacy_policy", "consent_form", "cancellation_policy"]);
        t.string("audience", 255).one_of(&["patient", "provider", "affiliate", "all"]);
        t.string("version_label", 50);
        t.string("locale", 10);
        t.string("title", 255);
        t.long_text("content").note("sanitised Markdown, 200-50,000 characters");
        t.string("change_summary", 500);
        t.boolean("is_material").default_bool(false);
        t.boolean("requires_acceptance").default_bool(false);
        t.string("status", 255).default("draft").one_of(&["draft", "scheduled", "current", "archived"]);
        t.timestamp("effective_at").nullable();
        t.timestamp("published_at").nullable();
        t.uuid("created_by").nullable().references("users", "id").note("NULL = install draft");
        t.uuid("published_by").nullable().references("users", "id");
        t.char("content_sha256", 64);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["document_type", "audience", "version_label", "locale"]);
        t.index(&["document_type", "audience", "status"]);
        t.index(&["status", "effective_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("terms_and_conditions");
}
