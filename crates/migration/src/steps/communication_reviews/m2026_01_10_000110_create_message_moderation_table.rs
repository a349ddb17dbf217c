//! Creates `message_moderation`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000110_create_message_moderation_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("message_moderation", |t| {
        t.purpose("Unredacted text and findings of a filtered message, for admins only.");
        t.id();
        t.uuid("message_id").references("messages", "id");
        t.long_text("original_content").encrypted("LONGTEXT");
        t.json("findings");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["message_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("message_moderation");
}
