//! Creates `aftercare_messages`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000200_create_aftercare_messages_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_messages", |t| {
        t.purpose("Messages of the aftercare chats; redacted, never deleted.");
        t.id();
        t.uuid("conversation_id").references("aftercare_conversations", "id");
        t.string("sender_type", 50).one_of(&["Patient", "ProviderUser", "User", "System"]);
        t.uuid("sender_id").nullable().note("NULL for System");
        t.string("message_type", 30).default("text").one_of(&[
            "text",
            "system",
            "scan_request",
            "info_request",
            "consultation_request",
            "alert",
        ]);
        t.text("content").encrypted("TEXT").note("<= 4000 characters");
        t.string("attachment_url", 255).nullable();
        t.string("attachment_mime", 100).nullable();
        t.boolean("is_urgent").default_bool(false);
        t.string("client_message_id", 64).nullable();
        t.timestamp("redacted_at").nullable();
        t.uuid("redacted_by_id").nullable().references("users", "id");
        t.string("redaction_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["conversation_id", "sender_id", "client_message_id"]);
        t.index(&["conversation_id", "created_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_messages");
}
