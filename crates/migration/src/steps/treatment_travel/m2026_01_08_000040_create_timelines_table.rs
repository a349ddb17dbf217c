//! Creates `timelines`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_08_000040_create_timelines_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("timelines", |t| {
        t.purpose("Day-by-day treatment plan of a booking with the progress of each day.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.integer("day_number");
        t.date("plan_date").note("clinic calendar");
        t.string("description", 500);
        t.string("status", 30).default("not_started").one_of(&[
            "not_started",
            "in_progress",
            "finished",
            "need_attention",
            "cancelled_deferred",
        ]);
        t.text("note").nullable().encrypted("TEXT").note("clinical, at most 2000 clear characters");
        t.timestamp("status_changed_at").nullable();
        t.string("status_changed_by_type", 50).nullable().one_of(&["ProviderUser", "User"]);
        t.uuid("status_changed_by_id").nullable();
        t.integer("lock_version").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id", "day_number"]);
        t.unique(&["quote_id", "plan_date"]);
        t.index(&["plan_date", "status"]);
        t.check("day_number BETWEEN 1 AND 30");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("timelines");
}
