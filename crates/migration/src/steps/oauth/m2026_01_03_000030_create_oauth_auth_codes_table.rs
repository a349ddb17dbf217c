//! Creates `oauth_auth_codes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_03_000030_create_oauth_auth_codes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("oauth_auth_codes", |t| {
        t.purpose("Authorisation codes, single use, 10 minutes.");
        t.string("id", 100).note("SHA-256 hex of the code");
        t.uuid("user_id");
        t.uuid("client_id").references("oauth_clients", "id");
        t.text("scopes").nullable();
        t.text("redirect_uri");
        t.string("code_challenge", 128).nullable();
        t.string("code_challenge_method", 10).nullable().one_of(&["S256"]);
        t.uuid("session_id")
            .nullable()
            .references("auth_sessions", "id")
            .set_null()
            .note("browser session that consented");
        t.string("access_token_id", 100).nullable().note("token made from it, for replay revocation");
        t.boolean("revoked").default_bool(false).note("true once exchanged");
        t.timestamp("expires_at");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.primary(&["id"]);
        t.index(&["user_id"]);
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("oauth_auth_codes");
}
