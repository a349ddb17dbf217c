//! Creates `hotels`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_08_000010_create_hotels_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("hotels", |t| {
        t.purpose("Hotel stay of a booking, locked after submission and corrected by new versions.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.string("hotel_name", 255);
        t.text("hotel_address");
        t.date("check_in_date");
        t.time("check_in_time");
        t.date("check_out_date");
        t.time("check_out_time");
        t.string("reservation_number", 100);
        t.string("room_type", 255);
        t.text("amenities").nullable();
        t.text("transportation").nullable();
        t.text("special_request").nullable();
        t.string("contact_number", 50).nullable();
        t.string("contact_email", 255).nullable();
        t.string("submitted_by", 50).one_of(&["patient", "provider"]);
        t.uuid("submitted_by_id").note("patients.id or provider_users.id, by submitted_by");
        t.timestamp("submitted_at");
        t.integer("version").default_number("1");
        t.uuid("superseded_by").nullable().references("hotels", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("active_key", 80).nullable().note("set on the one active row, NULL on all others");
        t.text("correction_reason").nullable().note("mandatory when an admin correction made this version");
        t.uuid("corrected_by_id").nullable().references("users", "id");
        t.timestamp("deleted_at").nullable();
        t.uuid("deleted_by_id").nullable().references("users", "id");
        t.text("deletion_reason").nullable();
        t.unique(&["active_key"]);
        t.unique(&["quote_id", "version"]);
        t.index(&["quote_id"]);
        t.index(&["submitted_by_id"]);
        t.index(&["version"]);
        t.check("check_out_date > check_in_date");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("hotels");
}
