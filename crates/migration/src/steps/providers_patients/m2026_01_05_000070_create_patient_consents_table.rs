//! Creates `patient_consents`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000070_create_patient_consents_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("patient_consents", |t| {
        t.purpose("Ledger of consents a patient gave or withdrew; the newest row per type is the state.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.string("consent_type", 255).one_of(&[
            "terms",
            "privacy_policy",
            "medical_data_processing",
            "provider_data_sharing",
            "photo_publication",
            "analytics",
            "marketing",
            "monitoring_share",
        ]);
        t.string("action", 20).one_of(&["granted", "withdrawn"]);
        t.uuid("terms_and_conditions_id")
            .nullable()
            .references("terms_and_conditions", "id")
            .later()
            .note("document version shown");
        t.string("document_version", 50).nullable();
        t.string("locale", 10);
        t.char("content_sha256", 64).nullable().note("hash of the text shown");
        t.string("channel", 20).one_of(&["mobile", "web", "admin_assisted"]);
        t.string("ip_address", 45).nullable();
        t.string("user_agent", 500).nullable();
        t.timestamp("acted_at");
        t.timestamp("created_at").use_current();
        t.index(&["patient_id", "consent_type", "acted_at"]);
        t.index(&["terms_and_conditions_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("patient_consents");
}
