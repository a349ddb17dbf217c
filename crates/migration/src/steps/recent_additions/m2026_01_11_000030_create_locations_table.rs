//! Creates `locations`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000030_create_locations_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("locations", |t| {
        t.purpose("Physical places: clinic addresses and cities used for prices and patient profiles.");
        t.id();
        t.string("name", 200);
        t.text("address");
        t.text("address2").nullable();
        t.text("address3").nullable();
        t.text("address4").nullable();
        t.text("address5").nullable();
        t.string("city", 50).nullable();
        t.string("state", 50).nullable();
        t.string("postal_code", 20).nullable();
        t.string("country", 50).nullable();
        t.text("map_selector").nullable();
        t.string("phone", 20);
        t.string("email", 255);
        t.string("whatsapp_or_sms", 200).nullable();
        t.text("fax").nullable();
        t.text("description");
        t.string("legal_name", 200);
        t.string("tax", 100);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.char("country_code", 2).nullable().note("ISO code matching country");
        t.integer("version").default_number("1");
        t.timestamp("deleted_at").nullable();
        t.index(&["country"]);
        t.index(&["city"]);
        t.index(&["country_code"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("locations");
}
