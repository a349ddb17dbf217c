//! Creates `account_states`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000040_create_account_states_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("account_states", |t| {
        t.purpose("Account status of patients, Hairline staff and affiliates (clinic staff keep theirs in provider_users.status).");
        t.id();
        t.string("model_type", 255).one_of(&["Patient", "User", "Affiliate"]);
        t.uuid("model_id");
        t.string("state", 32).one_of(&["pending_verification", "active", "suspended", "deactivated", "expired", "anonymised"]);
        t.string("reason", 500).nullable();
        t.timestamp("until").nullable().note("end of a suspension");
        t.boolean("must_reset_password").default_bool(false);
        t.string("changed_by_type", 255).nullable();
        t.uuid("changed_by_id").nullable();
        t.timestamp("changed_at").use_current();
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["model_type", "model_id"]);
        t.index(&["state", "until"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("account_states");
}
