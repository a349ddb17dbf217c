//! Creates `audit_logs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000050_create_audit_logs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("audit_logs", |t| {
        t.purpose("Unalterable record of logins, reads of sensitive data, changes, denials, searches and exports; all areas write here.");
        t.increments("id");
        t.timestamp_micros("occurred_at");
        t.string("actor_type", 255).one_of(&["Patient", "ProviderUser", "User", "Affiliate", "Client", "System", "Anonymous"]);
        t.uuid("actor_id").nullable();
        t.string("actor_role", 255).nullable().note("role name at that moment");
        t.string("acting_for_type", 255).nullable().note("impersonated account");
        t.uuid("acting_for_id").nullable();
        t.string("action", 100).note("area.verb, e.g. patient.phi_viewed");
        t.string("outcome", 20).one_of(&["success", "failed", "denied"]);
        t.string("subject_type", 100).nullable();
        t.string("subject_id", 100).nullable().note("UUID or numeric key as text");
        t.uuid("patient_id").nullable().references("patients", "id").later().note("whose data; feeds the patient's access log");
        t.uuid("provider_id").nullable().references("providers", "id").later().note("clinic scope; feeds the team log");
        t.uuid("quote_id").nullable().references("quotes", "id").later();
        t.json("fields").nullable().note("names of the fields shown or changed");
        t.string("access_level", 32).nullable().note("anonymisation level or masked/full");
        t.string("reason", 500).nullable();
        t.long_text("before_data").nullable().encrypted("JSON").note("secrets masked");
        t.long_text("after_data").nullable().encrypted("JSON");
        t.string("ip_address", 45).nullable();
        t.string("user_agent", 500).nullable();
        t.uuid("session_id").nullable().note("no foreign key: outlives sessions");
        t.string("request_id", 64).nullable();
        t.date("retention_until").note("entry + audit_years");
        t.index(&["occurred_at"]);
        t.index(&["actor_type", "actor_id", "occurred_at"]);
        t.index(&["subject_type", "subject_id", "occurred_at"]);
        t.index(&["patient_id", "occurred_at"]);
        t.index(&["provider_id", "occurred_at"]);
        t.index(&["quote_id", "occurred_at"]);
        t.index(&["action", "occurred_at"]);
        t.index(&["outcome", "occurred_at"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("audit_logs");
}
