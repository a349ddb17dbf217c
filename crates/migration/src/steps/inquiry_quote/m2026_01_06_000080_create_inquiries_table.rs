//! Creates `inquiries`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000080_create_inquiries_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("inquiries", |t| {
        t.purpose("One submitted request of a patient for hair treatment quotes; its status is the stage of the case.");
        t.id();
        t.uuid("patient_id")
            .references("patients", "id")
            .cascade()
            .note("rule of the seed; unreachable because deletes are refused");
        t.string("problem", 255).one_of(&["hair_transplant", "beard_transplant", "both"]);
        t.string("scan_url", 255).note("storage prefix of the head-scan set; pictures are media rows");
        t.json("treatment_schedule").note("[{start,end}], first range is the primary one");
        t.text("problem_details");
        t.string("nature_of_concern", 255).nullable();
        t.string("duration_of_concern", 255).nullable().one_of(&["lt_6m", "6_12m", "1_3y", "3_5y", "5_10y", "gt_10y"]);
        t.string("previous_treatments", 255).nullable();
        t.string("symptom_severity", 255).nullable().one_of(&["mild", "moderate", "severe"]);
        t.string("lifestyle_factors", 255).nullable();
        t.string("additional_files", 255).nullable().note("storage prefix of the evidence set; files are media rows");
        t.string("additional_notes", 255).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("inquiry_code", 32).nullable().note("HPID + YY + MM + 4-digit monthly number; always set on new rows");
        t.string("status", 32).default("inquiry").one_of(&[
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
        t.small_integer("symptom_severity_score").nullable().note("1-10 slider; symptom_severity is derived from it");
        t.timestamp("submitted_at").nullable();
        t.timestamp("quote_deadline_at").nullable().note("latest deadline of its clinics");
        t.uuid("accepted_quote_id").nullable().references("quotes", "id").later().note("accepted or later quote");
        t.uuid("exclusive_provider_id")
            .nullable()
            .references("providers", "id")
            .note("set for cases routed to one clinic only");
        t.timestamp("terms_accepted_at").nullable();
        t.timestamp("cancelled_at").nullable();
        t.string("cancelled_by_type", 32).nullable().one_of(&["patient", "system"]);
        t.string("cancellation_reason", 100).nullable().note("label of the cancellation list; never shown to clinics");
        t.string("cancellation_notes", 500).nullable();
        t.text("cancellation_feedback").nullable().note("at most 1000 characters");
        t.timestamp("archived_at").nullable();
        t.string("archive_reason", 500).nullable();
        t.integer("version").default_number("1").note("optimistic lock");
        t.unique(&["inquiry_code"]);
        t.unique(&["patient_id"]).when("status IN ('inquiry','quote','accepted','confirmed','inprogress')");
        t.index(&["patient_id"]);
        t.index(&["created_at"]);
        t.index(&["status", "quote_deadline_at"]);
        t.index(&["submitted_at"]);
        t.index(&["status", "submitted_at"]);
        t.index(&["updated_at"]);
        t.index(&["status", "updated_at"]);
        t.check("symptom_severity_score IS NULL OR symptom_severity_score BETWEEN 1 AND 10");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("inquiries");
}
