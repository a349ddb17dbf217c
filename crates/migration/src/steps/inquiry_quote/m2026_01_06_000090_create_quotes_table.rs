//! Creates `quotes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000090_create_quotes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("quotes", |t| {
        t.purpose("A clinic's priced and dated offer for one inquiry; from acceptance on it is the booking.");
        t.id();
        t.uuid("inquiry_id")
            .references("inquiries", "id")
            .cascade()
            .note("rule of the seed; unreachable because deletes are refused");
        t.uuid("provider_id").references("providers", "id");
        t.uuid("treatment_id").references("treatments", "id");
        t.uuid("package_id").nullable().references("packages", "id").note("mirror of the first quote_packages row");
        t.json("treatment_date")
            .note("[{date,price}], price of the treatment part as decimal string in the quote currency");
        t.uuid("discount_id").nullable().references("discounts", "id").set_null().later();
        t.integer("commission").note("whole percent 15-25; 0 = flat fee, see booking_terms");
        t.decimal("quote_amount", 10, 2).note("computed by the server; 0.00 in a draft");
        t.string("currency", 255);
        t.text("note").nullable();
        t.string("status", 255).one_of(&[
            "inquiry",
            "quote",
            "accepted",
            "confirmed",
            "inprogress",
            "aftercare",
            "completed",
            "rejected",
            "cancelled",
        ]);
        t.timestamp("expires_at").nullable();
        t.integer("expiration_hours").default_number("48").note("1-720");
        t.boolean("auto_accepted").default_bool(false);
        t.boolean("appointment_pre_scheduled").default_bool(false);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("quote_code", 32).nullable().note("<inquiry_code>-Qnn; always set on new rows");
        t.string("status_reason", 64)
            .nullable()
            .one_of(&[
                "expired",
                "withdrawn",
                "other_accepted",
                "inquiry_cancelled",
                "draft_lapsed",
                "provider_withdrawal",
                "booking_cancelled",
            ])
            .note("detail of cancelled");
        t.integer("version").default_number("1").note("+1 at each change after submission");
        t.uuid("created_by_provider_user_id").nullable().references("provider_users", "id").set_null();
        t.integer("estimated_grafts").nullable().note("required at submission");
        t.decimal("treatment_amount", 10, 2).default_number("0.00");
        t.decimal("packages_amount", 10, 2).default_number("0.00");
        t.decimal("extras_amount", 10, 2).default_number("0.00").note("custom services");
        t.decimal("fees_amount", 10, 2).default_number("0.00");
        t.decimal("discount_amount", 10, 2).default_number("0.00");
        t.string("discount_funding", 32).nullable().one_of(&["provider", "both", "platform"]);
        t.decimal("commission_amount", 10, 2).default_number("0.00").note("indicative until booking_terms freeze it");
        t.timestamp("appointment_slot_at").nullable().note("slot start, UTC; required at submission");
        t.string("appointment_timezone", 64).nullable().note("IANA zone, default providers.timezone");
        t.integer("slot_duration_minutes").default_number("480").note("per day, multiple of 15");
        t.integer("slot_day_count").default_number("1").note("days the slot occupies");
        t.json("treatment_plan").nullable().note("[{day,date,description}]; becomes timelines rows at confirmation");
        t.json("included_services").nullable().note("subset of flight, hotel, transport");
        t.string("travel_path", 32)
            .nullable()
            .one_of(&["provider_included", "patient_self_booked"])
            .note("derived, frozen at acceptance");
        t.json("treatment_snapshot").nullable().note("name, type, description, media keys at submission");
        t.timestamp("submitted_at").nullable();
        t.timestamp("accepted_at").nullable();
        t.timestamp("declined_at").nullable();
        t.timestamp("withdrawn_at").nullable();
        t.timestamp("cancelled_at").nullable();
        t.timestamp("withdrawal_requested_at").nullable().note("set while a withdrawal request is open");
        t.string("withdrawal_reason", 500).nullable();
        t.integer("hold_lapse_count").default_number("0");
        t.timestamp("deleted_at").nullable().note("archived by the clinic; only an admin restores");
        t.text("archive_reason").nullable();
        t.unique(&["quote_code"]);
        t.unique(&["inquiry_id"]).when("status IN ('accepted','confirmed','inprogress','aftercare','completed')");
        t.index(&["inquiry_id"]);
        t.index(&["provider_id"]);
        t.index(&["status"]);
        t.index(&["created_at"]);
        t.index(&["provider_id", "status"]).named("idx_quotes_provider_status");
        t.index(&["inquiry_id", "provider_id"]).named("idx_quotes_inquiry_provider");
        t.index(&["status", "expires_at"]);
        t.index(&["status", "created_at"]);
        t.index(&["provider_id", "created_at"]);
        t.index(&["quote_amount"]);
        t.index(&["estimated_grafts"]);
        t.index(&["expires_at"]);
        t.index(&["appointment_slot_at"]);
        t.index(&["withdrawal_requested_at"]);
        t.check("quote_amount >= 0");
        t.check("commission = 0 OR commission BETWEEN 15 AND 25");
        t.check("estimated_grafts IS NULL OR estimated_grafts BETWEEN 1 AND 20000");
        t.check("expiration_hours BETWEEN 1 AND 720");
        t.check("slot_duration_minutes BETWEEN 30 AND 1440");
        t.check("slot_day_count BETWEEN 1 AND 14");
        t.check("discount_amount >= 0");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("quotes");
}
