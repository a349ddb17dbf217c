//! Creates `flights`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_08_000020_create_flights_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("flights", |t| {
        t.purpose("One flight leg of a booking, locked after submission and corrected by new versions.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.string("leg_type", 255).one_of(&["outbound", "return"]);
        t.string("airline_name", 255);
        t.string("flight_number", 20);
        t.string("departure_airport", 255);
        t.string("arrival_airport", 255);
        t.date("departure_date");
        t.time("departure_time");
        t.date("arrival_date");
        t.time("arrival_time");
        t.string("ticket_confirmation_number", 100);
        t.string("ticket_class", 255).one_of(&["Economy", "Business", "First"]);
        t.text("baggage_allowance").nullable();
        t.text("special_request").nullable();
        t.string("submitted_by", 50).one_of(&["patient", "provider"]);
        t.uuid("submitted_by_id").note("patients.id or provider_users.id, by submitted_by");
        t.timestamp("submitted_at");
        t.integer("version").default_number("1");
        t.uuid("superseded_by").nullable().references("flights", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("active_key", 80).nullable().note("set on the one active row, NULL on all others");
        t.text("correction_reason").nullable().note("mandatory when an admin correction made this version");
        t.uuid("corrected_by_id").nullable().references("users", "id");
        t.timestamp("deleted_at").nullable();
        t.uuid("deleted_by_id").nullable().references("users", "id");
        t.text("deletion_reason").nullable();
        t.unique(&["quote_id", "leg_type", "version"]);
        t.unique(&["active_key"]);
        t.index(&["quote_id"]);
        t.index(&["leg_type"]);
        t.index(&["submitted_by_id"]);
        t.check("arrival_date >= departure_date");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("flights");
}
