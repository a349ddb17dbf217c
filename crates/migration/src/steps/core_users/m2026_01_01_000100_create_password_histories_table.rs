//! Creates `password_histories`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000100_create_password_histories_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("password_histories", |t| {
        t.purpose("Newest five password hashes of an account.");
        t.id();
        t.string("model_type", 255).one_of(&["User", "ProviderUser", "Patient", "Affiliate"]);
        t.uuid("model_id");
        t.string("password", 255).note("bcrypt hash");
        t.timestamp("created_at").use_current();
        t.index(&["model_type", "model_id", "created_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("password_histories");
}
