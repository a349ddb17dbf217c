//! Creates `password_reset_tokens_for_all_users`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000030_create_password_reset_tokens_for_all_users_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("password_reset_tokens_for_all_users", |t| {
        t.purpose("Running password resets of patients, clinic staff and affiliates.");
        t.string("user_type", 50).one_of(&["patient", "provider", "affiliate"]);
        t.string("email", 255);
        t.string("token", 255).note("keyed hash of the code (stage otp) or of the ticket (stage ticket)");
        t.string("stage", 20).default("otp").one_of(&["otp", "ticket", "used"]);
        t.integer("attempts").default_number("0");
        t.timestamp("expires_at");
        t.string("requested_ip", 45).nullable();
        t.timestamp("created_at").use_current();
        t.primary(&["user_type", "email"]);
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("password_reset_tokens_for_all_users");
}
