//! Creates `personal_access_tokens`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_03_000060_create_personal_access_tokens_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("personal_access_tokens", |t| {
        t.purpose("Opaque API tokens for scripts.");
        t.increments("id");
        t.string("tokenable_type", 255).one_of(&["User", "ProviderUser"]);
        t.uuid("tokenable_id");
        t.string("name", 255);
        t.char("token", 64).note("SHA-256; client holds id|plain");
        t.text("abilities").nullable().note("JSON array of scopes");
        t.timestamp("last_used_at").nullable();
        t.timestamp("expires_at");
        t.timestamp("revoked_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["token"]);
        t.index(&["tokenable_type", "tokenable_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("personal_access_tokens");
}
