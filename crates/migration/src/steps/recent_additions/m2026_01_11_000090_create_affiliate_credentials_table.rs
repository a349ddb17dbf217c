//! Creates `affiliate_credentials`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000090_create_affiliate_credentials_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_credentials", |t| {
        t.purpose("Password and activation link of an affiliate account.");
        t.id();
        t.uuid("affiliate_id").references("affiliates", "id");
        t.string("password", 255).nullable().note("bcrypt hash; NULL until activation");
        t.char("activation_token_hash", 64).nullable().note("SHA-256, link valid 24 h");
        t.timestamp("activation_expires_at").nullable();
        t.timestamp("password_set_at").nullable();
        t.timestamp("last_login_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["affiliate_id"]);
        t.unique(&["activation_token_hash"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_credentials");
}
