//! Creates `affiliate_attributions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000140_create_affiliate_attributions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_attributions", |t| {
        t.purpose("Which affiliate brought a patient, and until when it counts.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.uuid("affiliate_id").references("affiliates", "id");
        t.uuid("affiliate_discount_code_id").references("affiliate_discount_codes", "id");
        t.string("source", 16).one_of(&["link", "code"]);
        t.timestamp("captured_at");
        t.timestamp("expires_at");
        t.string("state", 16).default("active").one_of(&["active", "refused", "superseded", "expired", "frozen"]);
        t.string("refusal_reason", 64).nullable().one_of(&["shared_identity", "shared_bank", "clinic_staff"]);
        t.uuid("quote_id").nullable().references("quotes", "id").note("booking it was frozen into");
        t.uuid("corrected_by_user_id").nullable().references("users", "id");
        t.string("correction_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["patient_id"]).when("state = 'active'");
        t.unique(&["quote_id"]).when("state = 'frozen'");
        t.index(&["affiliate_id", "state"]);
        t.index(&["expires_at"]);
        t.check("(state = 'frozen') = (quote_id IS NOT NULL)");
        t.check("expires_at > captured_at");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_attributions");
}
