//! Creates `alerts_notifications`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000050_create_alerts_notifications_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("alerts_notifications", |t| {
        t.purpose("In-app inbox: one row per event occurrence and recipient.");
        t.id();
        t.string("event_key", 255);
        t.string("category", 255).one_of(&[
            "account",
            "inquiry",
            "quote",
            "booking",
            "treatment",
            "payment",
            "payout",
            "travel",
            "messaging",
            "aftercare",
            "review",
            "promotion",
            "affiliate",
            "compliance",
            "legal",
            "system",
        ]);
        t.string("priority", 255).default("transactional").one_of(&["critical", "transactional", "routine"]);
        t.string("recipient_type", 255).one_of(&["Patient", "ProviderUser", "User", "Affiliate", "Provider"]);
        t.uuid("recipient_id");
        t.string("subject_type", 255).nullable();
        t.uuid("subject_id").nullable();
        t.string("locale", 10);
        t.string("title", 255);
        t.text("body");
        t.json("params").nullable().note("whitelisted template values");
        t.string("action_url", 255).nullable();
        t.string("dedupe_key", 255).note("event:subject:occurrence");
        t.boolean("is_read").default_bool(false);
        t.timestamp("read_at").nullable();
        t.timestamp("archived_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["dedupe_key", "recipient_type", "recipient_id"]);
        t.index(&["recipient_type", "recipient_id", "is_read", "created_at"]);
        t.index(&["event_key"]);
        t.index(&["archived_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("alerts_notifications");
}
