//! Creates `quote_versions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000140_create_quote_versions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("quote_versions", |t| {
        t.purpose("Frozen content of a quote at submission and after each revision.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.integer("version");
        t.decimal("quote_amount", 10, 2);
        t.string("currency", 3);
        t.json("snapshot").note("all priced lines, dates, slot, plan, clinicians");
        t.json("changed_fields").nullable().note("field names that differ from the version before");
        t.string("created_by_type", 50).one_of(&["ProviderUser", "User"]);
        t.uuid("created_by_id");
        t.string("reason", 500).nullable().note("mandatory for admin edits");
        t.timestamp("created_at").use_current();
        t.unique(&["quote_id", "version"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("quote_versions");
}
