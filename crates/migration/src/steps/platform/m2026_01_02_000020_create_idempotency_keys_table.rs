//! Creates `idempotency_keys`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000020_create_idempotency_keys_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("idempotency_keys", |t| {
        t.purpose("Stored answers of write requests for 24 hours, shared by all areas.");
        t.id();
        t.string("actor_type", 32).one_of(&["Patient", "ProviderUser", "User", "Affiliate", "Client", "Guest"]);
        t.string("actor_id", 64).note("account id, client id or registration token hash");
        t.string("route", 191).note("method and path template");
        t.string("idempotency_key", 255);
        t.char("body_hash", 64);
        t.string("state", 16).default("running").one_of(&["running", "done"]);
        t.small_integer("response_code").nullable();
        t.long_text("response_body").nullable().encrypted("LONGTEXT");
        t.timestamp("expires_at");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["actor_type", "actor_id", "route", "idempotency_key"]);
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("idempotency_keys");
}
