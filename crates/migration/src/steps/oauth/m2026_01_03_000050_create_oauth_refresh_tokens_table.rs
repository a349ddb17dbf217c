//! Creates `oauth_refresh_tokens`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_03_000050_create_oauth_refresh_tokens_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("oauth_refresh_tokens", |t| {
        t.purpose("Rotating refresh tokens, one chain per session.");
        t.string("id", 100).note("public part; client holds id.secret");
        t.string("access_token_id", 100).references("oauth_access_tokens", "id");
        t.uuid("session_id").references("auth_sessions", "id");
        t.char("secret_hash", 64);
        t.boolean("revoked").default_bool(false);
        t.timestamp("used_at").nullable();
        t.string("replaced_by", 100).nullable().references("oauth_refresh_tokens", "id").set_null();
        t.timestamp("expires_at");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.primary(&["id"]);
        t.index(&["access_token_id"]);
        t.index(&["session_id"]);
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("oauth_refresh_tokens");
}
