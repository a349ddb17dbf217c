//! Creates `oauth_clients`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_03_000010_create_oauth_clients_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("oauth_clients", |t| {
        t.purpose("OAuth2 clients: first-party apps, partner apps, machine jobs.");
        t.id();
        t.uuid("user_id").nullable().references("users", "id");
        t.string("name", 255);
        t.string("secret", 100).nullable().note("SHA-256 hex of the secret; NULL = public client");
        t.string("provider", 255).nullable().one_of(&[
            "users",
            "patients",
            "provider_users",
            "affiliates",
            "google",
            "facebook",
            "apple",
        ]);
        t.text("redirect");
        t.boolean("personal_access_client");
        t.boolean("password_client");
        t.boolean("revoked");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.boolean("first_party").default_bool(false).note("skips the consent page");
        t.text("allowed_scopes").nullable().note("JSON array; NULL = default scopes");
        t.timestamp("last_used_at").nullable();
        t.index(&["user_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("oauth_clients");
}
