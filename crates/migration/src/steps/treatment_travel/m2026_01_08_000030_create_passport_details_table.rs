//! Creates `passport_details`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_08_000030_create_passport_details_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("passport_details", |t| {
        t.purpose("Passport data of a patient whose clinic books the travel, number and picture encrypted.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.uuid("patient_id").references("patients", "id");
        t.string("passport_name", 100);
        t.string("passport_number", 255).encrypted("VARCHAR(20)");
        t.date("passport_dob");
        t.string("gender", 20).one_of(&["Male", "Female", "Other"]);
        t.string("location", 255);
        t.string("place_of_birth", 255);
        t.date("passport_issue");
        t.date("passport_expiry");
        t.string("passport_image", 500)
            .encrypted("VARCHAR(160)")
            .note("storage reference; 160 clear characters fit the encrypted form");
        t.string("status", 255).default("pending").one_of(&["pending", "complete", "incomplete"]);
        t.uuid("submitted_by_id").references("patients", "id").note("always the patient");
        t.timestamp("submitted_at").nullable();
        t.integer("version").default_number("1");
        t.uuid("superseded_by").nullable().references("passport_details", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("active_key", 80).nullable().note("set on the one active row, NULL on all others");
        t.text("correction_reason").nullable().note("mandatory when an admin correction made this version");
        t.uuid("corrected_by_id").nullable().references("users", "id");
        t.timestamp("deleted_at").nullable();
        t.uuid("deleted_by_id").nullable().references("users", "id");
        t.text("deletion_reason").nullable();
        t.text("status_reason").nullable();
        t.date("retention_until").nullable();
        t.uuid("source_passport_id")
            .nullable()
            .references("passport_details", "id")
            .note("earlier passport this one was copied from");
        t.unique(&["active_key"]);
        t.unique(&["quote_id", "version"]);
        t.index(&["quote_id"]);
        t.index(&["patient_id"]);
        t.index(&["status"]);
        t.check("passport_expiry > passport_issue");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("passport_details");
}
