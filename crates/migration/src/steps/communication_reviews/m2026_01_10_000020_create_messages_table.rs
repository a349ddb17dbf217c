//! Creates `messages`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000020_create_messages_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("messages", |t| {
        t.purpose("Messages of a thread.");
        t.id();
        t.uuid("conversation_id").references("conversations", "id").cascade();
        t.uuid("sender_id");
        t.string("sender_type", 255).one_of(&["Patient", "ProviderUser", "User"]);
        t.text("content");
        t.string("attachment_url", 255).nullable();
        t.boolean("is_read").default_bool(false);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.integer("seq").nullable().note("place in the thread; required for new rows");
        t.string("sender_role", 255).nullable().one_of(&["patient", "provider", "admin"]);
        t.string("kind", 255).default("text").one_of(&["text", "system", "intervention"]);
        t.char("client_message_id", 36).nullable();
        t.timestamp("read_at").nullable();
        t.boolean("is_redacted").default_bool(false);
        t.unique(&["conversation_id", "seq"]);
        t.unique(&["conversation_id", "sender_type", "sender_id", "client_message_id"]);
        t.index(&["conversation_id"]);
        t.index(&["sender_id"]);
        t.index(&["sender_type"]);
        t.index(&["conversation_id", "created_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("messages");
}
