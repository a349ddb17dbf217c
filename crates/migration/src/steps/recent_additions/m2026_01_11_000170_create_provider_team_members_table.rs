//! Creates `provider_team_members`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000170_create_provider_team_members_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_team_members", |t| {
        t.purpose("Which staff identity works or worked in which clinic, in which role and when.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.uuid("provider_user_id").references("provider_users", "id");
        t.big_integer("role_id").references("roles", "id").note("current or last role");
        t.uuid("invitation_id")
            .nullable()
            .references("provider_staff_invitations", "id")
            .set_null()
            .note("NULL for the owner and for clinicians without login");
        t.boolean("is_owner").default_bool(false);
        t.string("department", 50).nullable();
        t.string("status", 255).default("active").one_of(&["active", "suspended", "removed"]);
        t.timestamp("joined_at");
        t.timestamp("suspended_at").nullable();
        t.string("suspension_reason", 500).nullable();
        t.timestamp("removed_at").nullable();
        t.string("removal_reason", 500).nullable();
        t.string("removed_by_type", 255).nullable().one_of(&["ProviderUser", "User"]);
        t.uuid("removed_by_id").nullable();
        t.uuid("work_reassigned_to").nullable().references("provider_users", "id").set_null();
        t.timestamp("last_active_at").nullable().note("written at most once a minute");
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["provider_user_id"]).when("removed_at IS NULL");
        t.unique(&["provider_id"]).when("is_owner = true AND removed_at IS NULL");
        t.index(&["provider_id", "status"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_team_members");
}
