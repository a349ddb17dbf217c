//! Creates `admin_invitations`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_04_000070_create_admin_invitations_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("admin_invitations", |t| {
        t.purpose("Invitations to Hairline staff.");
        t.id();
        t.string("email", 255);
        t.string("first_name", 50);
        t.string("last_name", 50);
        t.big_integer("role_id").references("roles", "id");
        t.string("personal_message", 500).nullable();
        t.char("token_hash", 64);
        t.string("status", 255).default("pending_send").one_of(&[
            "pending_send",
            "pending",
            "accepted",
            "expired",
            "cancelled",
            "bounced",
        ]);
        t.timestamp("expires_at");
        t.uuid("invited_by").nullable().references("users", "id").note("NULL for the install command");
        t.uuid("accepted_by").nullable().references("users", "id").set_null();
        t.timestamp("accepted_at").nullable();
        t.timestamp("cancelled_at").nullable();
        t.integer("send_attempts").default_number("0");
        t.timestamp("last_sent_at").nullable();
        t.integer("resend_count").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["token_hash"]);
        t.unique(&["email"]).when("status IN ('pending_send','pending')");
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("admin_invitations");
}
