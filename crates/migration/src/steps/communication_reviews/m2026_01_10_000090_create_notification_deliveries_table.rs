//! Creates `notification_deliveries`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000090_create_notification_deliveries_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("notification_deliveries", |t| {
        t.purpose("One notification over one channel.");
        t.id();
        t.uuid("notification_id").references("alerts_notifications", "id");
        t.string("channel", 16).one_of(&["email", "push", "sms"]);
        t.string("address_masked", 255).nullable();
        t.string("status", 32).default("queued").one_of(&[
            "queued",
            "sending",
            "sent",
            "delivered",
            "opened",
            "retry_wait",
            "failed_permanent",
            "deferred",
            "suppressed",
            "cancelled",
        ]);
        t.integer("attempt_count").default_number("0");
        t.timestamp("next_attempt_at").nullable();
        t.timestamp("claimed_until").nullable();
        t.string("last_error", 500).nullable();
        t.string("suppressed_reason", 32).nullable().one_of(&[
            "preference_off",
            "rule_disabled",
            "throttled",
            "no_address",
            "no_consent",
            "expired",
        ]);
        t.uuid("digest_notification_id")
            .nullable()
            .references("alerts_notifications", "id")
            .set_null()
            .note("digest that carried it");
        t.string("provider_message_id", 255).nullable();
        t.timestamp("sent_at").nullable();
        t.timestamp("delivered_at").nullable();
        t.timestamp("opened_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["notification_id", "channel"]);
        t.index(&["status", "next_attempt_at"]);
        t.index(&["provider_message_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("notification_deliveries");
}
