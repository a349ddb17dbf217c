//! Creates `oauth_access_tokens`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_03_000020_create_oauth_access_tokens_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("oauth_access_tokens", |t| {
        t.purpose("Access tokens by jti, for revocation; purged 30 days after expiry.");
        t.string("id", 100);
        t.uuid("user_id").nullable();
        t.uuid("client_id").references("oauth_clients", "id");
        t.string("name", 255).nullable();
        t.text("scopes").nullable();
        t.boolean("revoked");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.timestamp("expires_at").nullable();
        t.uuid("session_id")
            .nullable()
            .references("auth_sessions", "id")
            .set_null()
            .note("NULL for client-credentials and personal tokens");
        t.string("guard", 50).nullable().one_of(&["api", "provider", "patient", "affiliate"]);
        t.timestamp("revoked_at").nullable();
        t.primary(&["id"]);
        t.index(&["user_id", "revoked"]);
        t.index(&["expires_at"]);
        t.index(&["client_id"]);
        t.index(&["session_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("oauth_access_tokens");
}
