//! Creates `one_time_codes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000060_create_one_time_codes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("one_time_codes", |t| {
        t.purpose("E-mail codes, set-password links, MFA login tickets and dispute links.");
        t.id();
        t.string("purpose", 50).one_of(&[
            "email_verification",
            "email_change",
            "email_change_dispute",
            "reauth",
            "set_password_link",
            "mfa_login",
            "mfa_enrolment",
            "affiliate_activation",
        ]);
        t.string("subject_type", 255).nullable();
        t.uuid("subject_id").nullable();
        t.string("address", 255).nullable().note("e-mail the code went to");
        t.char("code_hash", 64).nullable().note("HMAC of purpose, subject and code");
        t.char("token_hash", 64).nullable().note("SHA-256 of the registration token, link or ticket");
        t.timestamp("token_expires_at").nullable();
        t.text("payload").nullable().encrypted("JSON").note("e.g. new e-mail, MFA secret being enrolled");
        t.integer("attempts").default_number("0");
        t.timestamp("expires_at");
        t.timestamp("used_at").nullable();
        t.timestamp("invalidated_at").nullable().note("killed by a newer code");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["token_hash"]);
        t.index(&["purpose", "subject_type", "subject_id"]);
        t.index(&["purpose", "address"]);
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("one_time_codes");
}
