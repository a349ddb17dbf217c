//! Creates `after_cares`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000100_create_after_cares_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("after_cares", |t| {
        t.purpose("One aftercare case of a patient, linked to a booking or bought on its own.");
        t.id();
        t.uuid("quote_id").nullable().references("quotes", "id");
        t.uuid("provider_id").references("providers", "id");
        t.uuid("patient_id").references("patients", "id");
        t.string("aftercare_type", 255).one_of(&["treatment_linked", "standalone"]);
        t.uuid("aftercare_template_id").references("aftercare_milestone_templates", "id").note("milestone template, not the offering");
        t.string("recovery_stage", 255);
        t.integer("recovery_percentage").default_number("0");
        t.string("status", 255).default("active").one_of(&["active", "completed", "suspended"]);
        t.string("pricing_model", 255).nullable().one_of(&["fixed", "monthly_subscription"]);
        t.decimal("total_price", 10, 2).nullable();
        t.string("currency", 3).nullable();
        t.integer("duration_months").nullable();
        t.string("case_code", 20).nullable().note("AC + YYMM + - + 4-digit serial of the month; always set by the application");
        t.date("start_date").nullable().note("day 1 of the plan; always set by the application");
        t.string("timezone", 64).default("UTC").note("case time zone (IANA)");
        t.uuid("standalone_request_id").nullable().references("standalone_aftercare_requests", "id");
        t.string("suspended_reason", 50).nullable().note("payment_overdue, provider_unavailable, withdrawn, cancelled_by_patient, subscription_ended, medical, admin");
        t.timestamp("suspended_at").nullable();
        t.timestamp("completed_at").nullable();
        t.timestamp("ended_at").nullable().note("closed early, final");
        t.integer("lock_version").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["case_code"]);
        t.unique(&["quote_id"]);
        t.unique(&["standalone_request_id"]);
        t.index(&["patient_id"]);
        t.index(&["provider_id"]);
        t.index(&["aftercare_type"]);
        t.index(&["status"]);
        t.index(&["provider_id", "status"]);
        t.index(&["status", "start_date"]);
        t.check("recovery_percentage BETWEEN 0 AND 100");
        t.check("aftercare_type <> 'treatment_linked' OR (quote_id IS NOT NULL AND pricing_model IS NULL AND total_price IS NULL AND currency IS NULL AND duration_months IS NULL)");
        t.check("aftercare_type <> 'standalone' OR (quote_id IS NULL AND standalone_request_id IS NOT NULL AND pricing_model IS NOT NULL AND total_price IS NOT NULL AND currency IS NOT NULL AND duration_months IS NOT NULL)");
        t.check("ended_at IS NULL OR status = 'suspended'");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("after_cares");
}
