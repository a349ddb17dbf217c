//! Creates `booking_flags`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000240_create_booking_flags_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("booking_flags", |t| {
        t.purpose(
            "What somebody has to look at in a booking: raised by clinic, staff or the program, closed by staff.",
        );
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.string("kind", 20).one_of(&["old_rate", "no_show", "money", "other"]);
        t.string("note", 500);
        t.boolean("is_late").default_bool(false).note("a no-show that was reported after a day");
        t.string("open_key", 80).nullable().note("quote, kind and raiser while it is open: one at a time");
        t.string("raised_by_type", 32);
        t.uuid("raised_by_id").nullable();
        t.uuid("closed_by_user_id").nullable().references("users", "id");
        t.timestamp("closed_at").nullable();
        t.string("close_note", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["open_key"]);
        t.index(&["quote_id", "closed_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("booking_flags");
}
