//! Creates `provider_users`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000030_create_provider_users_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_users", |t| {
        t.purpose("Clinic staff identities: owner, managers, clinicians, billing; also clinicians without a login.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("firstname", 255);
        t.string("lastname", 255);
        t.string("title", 255).nullable();
        t.string("email", 255);
        t.string("password", 255);
        t.string("phone_number", 255).nullable();
        t.string("profile_image", 255).nullable();
        t.string("status", 255).default("active").one_of(&["active", "inactive", "suspended"]);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.timestamp("deleted_at").nullable();
        t.boolean("can_login")
            .default_bool(true)
            .note("false = clinician named on quotes and treatments who has no account");
        t.timestamp("email_verified_at").nullable().note("set when an invitation or activation link is used");
        t.integer("version").default_number("1").note("optimistic lock");
        t.unique(&["email"]);
        t.unique(&["provider_id", "phone_number"]).when("phone_number IS NOT NULL AND deleted_at IS NULL");
        t.index(&["provider_id"]);
        t.index(&["status"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_users");
}
