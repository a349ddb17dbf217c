//! Creates `information`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000070_create_information_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("information", |t| {
        t.purpose("Non-legal pages: about, help, emergency information.");
        t.id();
        t.string("slug", 255);
        t.string("info_type", 255).one_of(&[
            "about",
            "how_it_works",
            "faq",
            "contact_support",
            "emergency_info",
            "account_deletion_help",
            "app_media",
            "other",
        ]);
        t.string("audience", 255).one_of(&["public", "patient", "provider", "affiliate", "all"]);
        t.string("locale", 10);
        t.string("title", 255);
        t.long_text("body").note("sanitised Markdown, at most 50,000 characters");
        t.string("status", 255).default("draft").one_of(&["draft", "published", "archived"]);
        t.integer("version").default_number("1");
        t.integer("sort_order").default_number("0");
        t.timestamp("published_at").nullable();
        t.uuid("updated_by").nullable().references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["slug", "audience", "locale"]);
        t.index(&["status", "audience", "locale"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("information");
}
