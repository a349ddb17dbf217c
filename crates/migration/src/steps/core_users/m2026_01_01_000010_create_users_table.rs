//! Creates `users`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000010_create_users_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("users", |t| {
        t.purpose("Hairline staff accounts, and the legal-owner record of clinics (which never gets an api token).");
        t.id();
        t.string("username", 255);
        t.string("firstname", 255);
        t.string("lastname", 255);
        t.string("email", 255);
        t.string("password", 255);
        t.string("avatar", 255).nullable();
        t.string("role", 255).nullable();
        t.timestamp("email_verified_at").nullable();
        t.string("remember_token", 100).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("phone_number", 255)
            .nullable()
            .encrypted("VARCHAR(255)")
            .note("optional; encrypted like a patient phone");
        t.unique(&["email"]);
        t.unique(&["username"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("users");
}
