//! Creates `provider_staff_invitations`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000060_create_provider_staff_invitations_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_staff_invitations", |t| {
        t.purpose("Invitations of a clinic to new staff members.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("email", 255).note("lower-cased");
        t.string("first_name", 50);
        t.string("last_name", 50);
        t.big_integer("role_id").references("roles", "id").note("never the owner role");
        t.uuid("for_provider_user_id")
            .nullable()
            .references("provider_users", "id")
            .set_null()
            .note("existing clinician without login who gets an account");
        t.string("personal_message", 500).nullable();
        t.char("token_hash", 64).note("SHA-256 of 32 random bytes");
        t.string("status", 255).default("pending_send").one_of(&[
            "pending_send",
            "pending",
            "accepted",
            "expired",
            "cancelled",
            "bounced",
        ]);
        t.timestamp("expires_at");
        t.uuid("invited_by").references("provider_users", "id");
        t.uuid("accepted_by").nullable().references("provider_users", "id").set_null();
        t.timestamp("accepted_at").nullable();
        t.timestamp("cancelled_at").nullable();
        t.integer("send_attempts").default_number("0");
        t.timestamp("last_sent_at").nullable();
        t.integer("resend_count").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["token_hash"]);
        t.unique(&["provider_id", "email"]).when("status IN ('pending_send','pending')");
        t.index(&["provider_id", "status"]);
        t.index(&["email"]);
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_staff_invitations");
}
