//! Creates `aftercare_conversation_participants`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000190_create_aftercare_conversation_participants_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_conversation_participants", |t| {
        t.purpose("Who takes or took part in an aftercare chat.");
        t.id();
        t.uuid("conversation_id").references("aftercare_conversations", "id");
        t.string("participant_type", 50).one_of(&["Patient", "ProviderUser", "User"]);
        t.uuid("participant_id");
        t.string("role", 50).one_of(&[
            "patient",
            "aftercare_specialist",
            "lead_physician",
            "coordinator",
            "provider_clinician",
        ]);
        t.timestamp("joined_at");
        t.timestamp("left_at").nullable();
        t.timestamp("last_read_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["conversation_id", "participant_type", "participant_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_conversation_participants");
}
