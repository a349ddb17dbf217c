//! Creates `mfa_credentials`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000110_create_mfa_credentials_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("mfa_credentials", |t| {
        t.purpose("TOTP secret of an account.");
        t.id();
        t.string("model_type", 255).one_of(&["User", "ProviderUser"]);
        t.uuid("model_id");
        t.text("secret").encrypted("TEXT");
        t.timestamp("confirmed_at").nullable();
        t.big_integer("last_step").nullable().note("last accepted time step");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["model_type", "model_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("mfa_credentials");
}
