//! Creates `payment_histories`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000130_create_payment_histories_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("payment_histories", |t| {
        t.purpose("Append-only log of everything that happened to one payment.");
        t.id();
        t.uuid("payment_id").references("payments", "id");
        t.uuid("quote_id").references("quotes", "id");
        t.integer("sequence").note("1,2,3... per payment");
        t.string("event", 64).one_of(&[
            "created",
            "action_required",
            "processing",
            "succeeded",
            "failed",
            "canceled",
            "refunded",
            "refund_failed",
            "disputed",
            "receipt_recorded",
            "override",
            "ignored_stale",
            "quarantined",
        ]);
        t.string("from_status", 32).nullable();
        t.string("to_status", 32).nullable();
        t.decimal("amount", 10, 2);
        t.char("currency", 3);
        t.string("source", 32).one_of(&["api", "webhook", "scheduler", "admin", "reconciliation"]);
        t.string("actor_type", 32).nullable().one_of(&["Patient", "ProviderUser", "User", "System"]);
        t.uuid("actor_id").nullable();
        t.string("external_event_id", 255).nullable().note("gateway event id");
        t.string("reason", 500).nullable().note("mandatory for admin events");
        t.json("metadata").nullable().note("masked details");
        t.timestamp("created_at").use_current();
        t.unique(&["payment_id", "sequence"]);
        t.unique(&["payment_id", "external_event_id"]);
        t.index(&["quote_id", "created_at"]);
        t.index(&["event"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("payment_histories");
}
