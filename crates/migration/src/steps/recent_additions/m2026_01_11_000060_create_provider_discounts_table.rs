//! Creates `provider_discounts`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000060_create_provider_discounts_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_discounts", |t| {
        t.purpose("One clinic's answer to a campaign that costs both sides.");
        t.id();
        t.uuid("discount_id").references("discounts", "id");
        t.uuid("provider_id").references("providers", "id");
        t.string("status", 20).default("pending").one_of(&[
            "pending",
            "accepted",
            "declined",
            "auto_declined",
            "revoked",
            "exempt",
        ]);
        t.integer("discount_version").default_number("1").note("version of the offer that was answered");
        t.uuid("decided_by_provider_user_id").nullable().references("provider_users", "id");
        t.timestamp("decided_at").nullable();
        t.date("respond_by").nullable().note("last day to answer");
        t.string("comment", 500).nullable();
        t.string("revoked_by_type", 32).nullable().one_of(&["ProviderUser", "User"]);
        t.uuid("revoked_by_id").nullable();
        t.string("revoke_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["discount_id", "provider_id"]);
        t.index(&["provider_id", "status"]);
        t.index(&["status", "respond_by"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_discounts");
}
