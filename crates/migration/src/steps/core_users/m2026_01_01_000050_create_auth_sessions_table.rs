//! Creates `auth_sessions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000050_create_auth_sessions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("auth_sessions", |t| {
        t.purpose("One login on one device; owner of a refresh-token chain.");
        t.id();
        t.string("guard", 50).one_of(&["api", "provider", "patient", "affiliate"]);
        t.string("model_type", 255).one_of(&["User", "ProviderUser", "Patient", "Affiliate"]);
        t.uuid("model_id");
        t.uuid("client_id").nullable().references("oauth_clients", "id").later();
        t.uuid("impersonator_id").nullable().references("users", "id").note("admin behind a read-only impersonation");
        t.string("device", 255).nullable();
        t.string("ip_address", 45).nullable();
        t.string("user_agent", 500).nullable();
        t.timestamp("last_activity_at");
        t.timestamp("last_auth_at").note("newest proof of identity, for re-auth");
        t.timestamp("mfa_at").nullable();
        t.timestamp("cap_at").note("absolute end of the session");
        t.timestamp("revoked_at").nullable();
        t.string("revoke_reason", 50).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["model_type", "model_id", "revoked_at"]);
        t.index(&["cap_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("auth_sessions");
}
