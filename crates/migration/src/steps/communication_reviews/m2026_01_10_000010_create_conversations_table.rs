//! Creates `conversations`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000010_create_conversations_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("conversations", |t| {
        t.purpose("The single message thread of one patient and one clinic.");
        t.id();
        t.uuid("inquiry_id").nullable().references("inquiries", "id").set_null();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.uuid("patient_id").nullable().references("patients", "id").note("required for new rows");
        t.uuid("provider_id").nullable().references("providers", "id").note("required for new rows");
        t.string("status", 255).default("open").one_of(&["open", "closed", "archived"]);
        t.string("closed_reason", 32).nullable().one_of(&["no_live_quote", "provider_suspended", "admin_lock"]);
        t.timestamp("revealed_at").nullable().note("first quote of the pair reached confirmed");
        t.timestamp("last_message_at").nullable();
        t.integer("last_seq").default_number("0");
        t.integer("patient_last_read_seq").default_number("0");
        t.integer("provider_last_read_seq").default_number("0");
        t.timestamp("unanswered_since").nullable();
        t.small_integer("no_answer_stage")
            .default_number("0")
            .note("0 none, 1 = 48 h reminder sent, 2 = 72 h flag raised");
        t.boolean("admin_intervened").default_bool(false);
        t.unique(&["patient_id", "provider_id"]);
        t.index(&["inquiry_id"]);
        t.index(&["provider_id", "last_message_at"]);
        t.index(&["patient_id", "last_message_at"]);
        t.index(&["status", "unanswered_since"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("conversations");
}
