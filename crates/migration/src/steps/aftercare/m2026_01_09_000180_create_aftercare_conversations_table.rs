//! Creates `aftercare_conversations`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000180_create_aftercare_conversations_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_conversations", |t| {
        t.purpose("The two chats of a case: patient with team, and team alone.");
        t.id();
        t.uuid("after_care_id").references("after_cares", "id");
        t.string("kind", 30).one_of(&["patient_team", "care_team"]);
        t.string("status", 20).default("open").one_of(&["open", "closed"]);
        t.timestamp("last_message_at").nullable();
        t.timestamp("awaiting_reply_since").nullable().note("oldest patient message without a team answer");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["after_care_id", "kind"]);
        t.index(&["awaiting_reply_since"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_conversations");
}
