//! Creates `gateway_events`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000090_create_gateway_events_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("gateway_events", |t| {
        t.purpose("Every webhook event received, once per account and event id.");
        t.id();
        t.uuid("gateway_account_id").references("gateway_accounts", "id");
        t.string("event_id", 255);
        t.string("event_type", 100);
        t.string("object_id", 255).nullable();
        t.timestamp("event_created_at");
        t.json("payload");
        t.string("status", 20).default("received").one_of(&[
            "received",
            "processed",
            "ignored",
            "parked",
            "quarantined",
        ]);
        t.integer("attempts").default_number("0");
        t.timestamp("next_attempt_at").nullable();
        t.timestamp("processed_at").nullable();
        t.string("error", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["gateway_account_id", "event_id"]);
        t.index(&["status", "next_attempt_at"]);
        t.index(&["object_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("gateway_events");
}
