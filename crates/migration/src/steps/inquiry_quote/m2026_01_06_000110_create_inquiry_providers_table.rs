//! Creates `inquiry_providers`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000110_create_inquiry_providers_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("inquiry_providers", |t| {
        t.purpose("One row per clinic that may see an inquiry, with its own answer deadline.");
        t.id();
        t.uuid("inquiry_id").references("inquiries", "id");
        t.uuid("provider_id").references("providers", "id");
        t.string("source", 32).one_of(&["selected", "matched", "admin", "exclusive"]);
        t.integer("match_order").note("order of choice at distribution");
        t.string("status", 32).default("distributed").one_of(&[
            "distributed",
            "viewed",
            "quoted",
            "declined",
            "lapsed",
            "removed",
            "closed",
        ]);
        t.timestamp("distributed_at");
        t.timestamp("response_deadline_at").note("distributed_at + 72 h by default");
        t.timestamp("notified_at").nullable();
        t.timestamp("viewed_at").nullable();
        t.uuid("viewed_by").nullable().references("provider_users", "id").set_null();
        t.timestamp("critical_ack_at").nullable();
        t.uuid("critical_ack_by").nullable().references("provider_users", "id").set_null();
        t.integer("critical_ack_revision").nullable().note("medical_histories.revision that was acknowledged");
        t.timestamp("closed_at").nullable();
        t.string("closed_reason", 64)
            .nullable()
            .note("decline code, admin, edited_out, other_accepted, inquiry_cancelled");
        t.string("decline_note", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["inquiry_id", "provider_id"]);
        t.index(&["provider_id", "status"]);
        t.index(&["status", "response_deadline_at"]);
        t.check("response_deadline_at > distributed_at");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("inquiry_providers");
}
