//! Creates `patients`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000010_create_patients_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("patients", |t| {
        t.purpose("Patient accounts: login, profile, care-workflow status and the anonymisation summary.");
        t.id();
        t.string("first_name", 255);
        t.string("last_name", 255);
        t.string("username", 255);
        t.string("patient_code", 255).nullable();
        t.string("email", 255);
        t.string("password", 255);
        t.date("birthday").nullable();
        t.string("gender", 255).nullable().one_of(&["male", "female", "other", "prefer_not_to_say"]);
        t.string("phone_number", 255).nullable().encrypted("VARCHAR(255)");
        t.string("location", 255).nullable();
        t.uuid("location_id").nullable().references("locations", "id").later();
        t.string("profile_image", 255).nullable();
        t.string("activation_code", 255).nullable();
        t.timestamp("email_verified_at").nullable();
        t.string("status", 255).nullable().one_of(&[
            "inquiry",
            "quote",
            "accepted",
            "confirmed",
            "inprogress",
            "aftercare",
            "completed",
            "cancelled",
            "expired",
        ]);
        t.string("anonymization_level", 255).default("full").one_of(&["full", "partial", "none"]);
        t.string("remember_token", 100).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.timestamp("deleted_at").nullable();
        t.char("country_code", 2).nullable().note("ISO 3166-1 home country chosen at registration; NULL after erasure");
        t.char("phone_index", 64).nullable().note("blind index (keyed HMAC) of phone_number for equality lookup");
        t.timestamp("last_activity_at").nullable().note("any authenticated request, written at most once a minute");
        t.uuid("registration_source_id")
            .nullable()
            .references("discovery_questions", "id")
            .set_null()
            .later()
            .note("answer to the discovery question");
        t.timestamp("identity_hold_at").nullable().note("super-admin hold: pins anonymization_level to full");
        t.string("identity_hold_reason", 500).nullable();
        t.unique(&["email"]);
        t.unique(&["username"]);
        t.unique(&["patient_code"]);
        t.index(&["location_id"]);
        t.index(&["status"]);
        t.index(&["phone_index"]);
        t.index(&["status", "last_activity_at"]);
        t.index(&["country_code"]);
        t.index(&["last_name", "first_name"]);
        t.index(&["first_name"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("patients");
}
