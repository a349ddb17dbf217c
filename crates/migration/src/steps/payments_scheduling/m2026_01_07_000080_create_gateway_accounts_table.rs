//! Creates `gateway_accounts`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000080_create_gateway_accounts_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("gateway_accounts", |t| {
        t.purpose("Card gateway accounts and the countries routed to them.");
        t.id();
        t.string("name", 100);
        t.string("mode", 8).one_of(&["test", "live"]);
        t.string("public_key", 255).nullable();
        t.text("secret_key_encrypted").encrypted("TEXT");
        t.text("webhook_secrets_encrypted").encrypted("TEXT").note("JSON list, newest first (rotation)");
        t.json("country_codes").default("[]");
        t.json("region_groups").default("[]");
        t.json("currencies").default("[]");
        t.boolean("is_fallback").default_bool(false);
        t.string("status", 16).default("inactive").one_of(&["active", "inactive", "failing"]);
        t.timestamp("last_tested_at").nullable();
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["name"]);
        t.unique(&["mode"]).when("is_fallback AND status <> 'inactive'");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("gateway_accounts");
}
