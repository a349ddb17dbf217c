//! Creates `device_tokens`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000180_create_device_tokens_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("device_tokens", |t| {
        t.purpose("Push addresses of devices.");
        t.id();
        t.string("owner_type", 255).one_of(&["Patient", "ProviderUser", "User", "Affiliate"]);
        t.uuid("owner_id");
        t.string("platform", 16).one_of(&["ios", "android", "web"]);
        t.string("token", 500);
        t.timestamp("last_seen_at");
        t.timestamp("revoked_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["token"]);
        t.index(&["owner_type", "owner_id", "revoked_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("device_tokens");
}
