//! Creates `conversation_flags`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000120_create_conversation_flags_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("conversation_flags", |t| {
        t.purpose("Internal marks on a thread.");
        t.id();
        t.uuid("conversation_id").references("conversations", "id");
        t.uuid("message_id").nullable().references("messages", "id");
        t.string("flag_kind", 16).one_of(&["automatic", "manual"]);
        t.string("category", 40).one_of(&[
            "contact_details",
            "possible_split_contact",
            "off_platform_phrase",
            "prohibited_term",
            "off_platform_risk",
            "potential_dispute",
            "quality_concern",
            "follow_up_needed",
            "other",
        ]);
        t.string("severity", 8).default("normal").one_of(&["normal", "high"]);
        t.string("notes", 500).nullable();
        t.string("status", 16).default("active").one_of(&["active", "resolved", "escalated"]);
        t.uuid("created_by").nullable().references("users", "id").note("NULL = system");
        t.uuid("resolved_by").nullable().references("users", "id");
        t.timestamp("resolved_at").nullable();
        t.string("resolution_note", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["conversation_id", "status"]);
        t.index(&["status", "created_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("conversation_flags");
}
