//! Creates `outbox_events`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000030_create_outbox_events_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("outbox_events", |t| {
        t.purpose("Facts written in the producer's transaction, to be turned into notifications and bus messages.");
        t.id();
        t.string("event_key", 255);
        t.string("occurrence_key", 255).note("event:subject:occurrence, idempotency of the producer");
        t.string("subject_type", 255).nullable();
        t.uuid("subject_id").nullable();
        t.string("actor_type", 255).nullable();
        t.uuid("actor_id").nullable();
        t.json("payload").note("ids and whitelisted values");
        t.timestamp_micros("occurred_at");
        t.timestamp("available_at").note("later for scheduled reminders");
        t.integer("attempts").default_number("0");
        t.timestamp("claimed_until").nullable();
        t.timestamp("processed_at").nullable();
        t.string("last_error", 500).nullable();
        t.timestamp("created_at").use_current();
        t.unique(&["occurrence_key"]);
        t.index(&["processed_at", "available_at"]);
        t.index(&["event_key"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("outbox_events");
}
