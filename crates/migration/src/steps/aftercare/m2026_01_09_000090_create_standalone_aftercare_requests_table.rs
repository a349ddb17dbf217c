//! Creates `standalone_aftercare_requests`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000090_create_standalone_aftercare_requests_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("standalone_aftercare_requests", |t| {
        t.purpose("A patient's purchase of aftercare for a treatment done elsewhere.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.date("treatment_date");
        t.string("clinic_name", 255);
        t.string("treatment_type", 255);
        t.integer("graft_count").nullable();
        t.text("current_concerns").nullable().encrypted("TEXT");
        t.json("photo_urls").nullable();
        t.string("surgeon_notes_url", 255).nullable();
        t.integer("duration_months");
        t.string("pricing_model", 255).one_of(&["fixed", "monthly_subscription"]);
        t.decimal("total_price", 10, 2);
        t.string("currency", 3);
        t.string("request_status", 255).default("pending").one_of(&["pending", "assigned", "activated", "rejected"]);
        t.uuid("assigned_provider_id").nullable().references("providers", "id");
        t.uuid("assigned_by_admin_id").nullable().references("users", "id");
        t.timestamp("assigned_at").nullable();
        t.string("request_code", 20).nullable().note("SR + YYMM + - + serial; always set by the application");
        t.string("service_type", 30).default("standalone").one_of(&["standalone", "post_treatment"]);
        t.uuid("source_quote_id").nullable().references("quotes", "id");
        t.uuid("aftercare_template_id").nullable().references("aftercare_templates", "id").note("offering bought");
        t.string("rejection_reason", 500).nullable();
        t.string("reject_code", 50).nullable().note("payment_expired, assignment_expired, admin");
        t.boolean("awaiting_provider").default_bool(false).note("stops the 7-day clock");
        t.timestamp("waiting_since").nullable().note("start of the 7-day clock: first payment, or return to pending");
        t.timestamp("terms_accepted_at").nullable();
        t.timestamp("activated_at").nullable();
        t.timestamp("rejected_at").nullable();
        t.string("idempotency_key", 100).nullable();
        t.uuid("open_key").nullable().note("= patient_id while pending or assigned");
        t.integer("lock_version").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["request_code"]);
        t.unique(&["idempotency_key"]);
        t.unique(&["open_key"]);
        t.index(&["patient_id"]);
        t.index(&["request_status"]);
        t.index(&["assigned_provider_id"]);
        t.index(&["request_status", "waiting_since"]);
        t.index(&["source_quote_id"]);
        t.check("duration_months IN (6,12)");
        t.check("total_price > 0");
        t.check("graft_count IS NULL OR graft_count BETWEEN 1 AND 10000");
        t.check("request_status <> 'assigned' OR assigned_provider_id IS NOT NULL");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("standalone_aftercare_requests");
}
