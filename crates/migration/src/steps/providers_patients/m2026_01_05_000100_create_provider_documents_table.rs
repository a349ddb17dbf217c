//! Creates `provider_documents`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000100_create_provider_documents_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_documents", |t| {
        t.purpose("Papers of a clinic (licences, insurance) with versions, expiry and verification record.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("document_type", 64).one_of(&[
            "medical_license",
            "board_certification",
            "insurance",
            "malpractice_insurance",
            "business_license",
            "other",
        ]);
        t.string("document_name", 200);
        t.uuid("file_id").references("files", "id");
        t.text("document_number").nullable().encrypted("VARCHAR(255)");
        t.string("issuing_authority", 200).nullable();
        t.date("issued_on").nullable();
        t.date("expires_on").nullable();
        t.string("uploaded_by_type", 32).one_of(&["ProviderUser", "User"]);
        t.uuid("uploaded_by_id");
        t.string("verification_status", 32).default("unverified").one_of(&[
            "unverified",
            "verified",
            "rejected",
            "expired",
        ]);
        t.uuid("verified_by").nullable().references("users", "id");
        t.timestamp("verified_at").nullable();
        t.string("verification_note", 500).nullable();
        t.string("scan_status", 16).default("pending").one_of(&["pending", "clean", "infected"]);
        t.uuid("replaces_id").nullable().references("provider_documents", "id");
        t.timestamp("superseded_at").nullable();
        t.small_integer("reminder_stage").default_number("0").note("0 none, 1 = 60 d, 2 = 30 d, 3 = 7 d, 4 = expired");
        t.string("notes", 500).nullable();
        t.timestamp("deleted_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["replaces_id"]);
        t.index(&["provider_id", "document_type", "superseded_at"]);
        t.index(&["expires_on"]);
        t.index(&["verification_status"]);
        t.check("expires_on IS NULL OR issued_on IS NULL OR expires_on > issued_on");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_documents");
}
