//! Creates `schedules`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000010_create_schedules_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("schedules", |t| {
        t.purpose("The clinic slot of a booking: held at acceptance, confirmed when paid.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.date("schedule_date");
        t.time("schedule_time").nullable();
        t.string("location", 255).nullable();
        t.text("notes").nullable();
        t.string("status", 255).default("pending").one_of(&["pending", "confirmed", "cancelled"]);
        t.uuid("provider_id")
            .nullable()
            .references("providers", "id")
            .note("always set by the application; clinic whose capacity is used");
        t.small_integer("day_count").default_number("1").note("1..14 consecutive days");
        t.integer("duration_minutes").default_number("480").note("30..1440 per day, multiple of 15");
        t.string("timezone", 64).default("UTC").note("clinic zone at the time of booking (IANA)");
        t.timestamp("starts_at_utc").nullable().note("first instant of the slot");
        t.timestamp("ends_at_utc").nullable().note("end of the last day, exclusive");
        t.timestamp("hold_expires_at").nullable().note("end of the exclusive hold; the authoritative copy");
        t.uuid("replaces_schedule_id")
            .nullable()
            .references("schedules", "id")
            .note("row replaced by an admin date change");
        t.string("cancel_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id"]).when("status <> 'cancelled'");
        t.unique(&["replaces_schedule_id"]);
        t.index(&["quote_id"]);
        t.index(&["schedule_date"]);
        t.index(&["provider_id", "starts_at_utc"]);
        t.index(&["status", "hold_expires_at"]);
        t.check("day_count BETWEEN 1 AND 14");
        t.check("duration_minutes BETWEEN 30 AND 1440");
        t.check("ends_at_utc > starts_at_utc");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("schedules");
}
