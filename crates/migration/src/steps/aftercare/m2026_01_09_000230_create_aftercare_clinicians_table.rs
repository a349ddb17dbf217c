//! Creates `aftercare_clinicians`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000230_create_aftercare_clinicians_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_clinicians", |t| {
        t.purpose("Care team of a case, past and present.");
        t.id();
        t.uuid("after_care_id").references("after_cares", "id");
        t.string("member_type", 50).one_of(&["User", "ProviderUser"]);
        t.uuid("member_id");
        t.string("role", 50).one_of(&["aftercare_specialist", "lead_physician", "coordinator", "provider_clinician"]);
        t.string("active_key", 120).nullable().note("<case>:<role> for the first three roles; NULL when ended");
        t.string("assigned_by_type", 50).one_of(&["User", "ProviderUser", "System"]);
        t.uuid("assigned_by_id").nullable();
        t.timestamp("assigned_at");
        t.timestamp("ended_at").nullable();
        t.string("end_reason", 255).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["active_key"]);
        t.index(&["member_type", "member_id", "ended_at"]);
        t.index(&["after_care_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_clinicians");
}
