//! Creates `patient_payment_methods`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000100_create_patient_payment_methods_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("patient_payment_methods", |t| {
        t.purpose("Cards a patient saved at the gateway; tokens only, no card numbers.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.uuid("gateway_account_id").references("gateway_accounts", "id");
        t.string("gateway_customer_id", 255);
        t.string("gateway_method_id", 255);
        t.string("brand", 32);
        t.char("last4", 4);
        t.small_integer("exp_month");
        t.small_integer("exp_year");
        t.boolean("is_default").default_bool(false);
        t.timestamp("auto_charge_consent_at").nullable();
        t.string("status", 16).default("active").one_of(&["active", "expired", "removed"]);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["gateway_account_id", "gateway_method_id"]);
        t.unique(&["patient_id", "gateway_account_id"]).when("is_default AND status = 'active'");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("patient_payment_methods");
}
