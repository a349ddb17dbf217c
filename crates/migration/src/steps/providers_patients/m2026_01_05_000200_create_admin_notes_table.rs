//! Creates `admin_notes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000200_create_admin_notes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("admin_notes", |t| {
        t.purpose("Internal notes on patients and clinics.");
        t.id();
        t.string("notable_type", 50).one_of(&["Patient", "Provider"]);
        t.uuid("notable_id");
        t.string("body", 1000);
        t.uuid("author_id").references("users", "id");
        t.timestamp("deleted_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["notable_type", "notable_id", "created_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("admin_notes");
}
