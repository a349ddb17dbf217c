//! Creates `currencies`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000060_create_currencies_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("currencies", |t| {
        t.purpose("Currency catalogue with minor units and the settings of its USD rate pair.");
        t.id();
        t.char("code", 3);
        t.string("name", 64);
        t.small_integer("minor_units").default_number("2").note("0 or 2");
        t.boolean("enabled").default_bool(false);
        t.boolean("is_default").default_bool(false).note("USD");
        t.string("fx_mode", 10).nullable().one_of(&["auto", "manual"]).note("NULL = no pair; USD needs none");
        t.decimal("fx_markup_percent", 5, 2).nullable().note("NULL = global default");
        t.small_integer("fx_sync_hours").default_number("6").note("1, 3, 6, 12, 24");
        t.decimal("fx_alert_percent", 5, 2).default_number("3.00");
        t.string("fx_source", 100).nullable();
        t.string("fx_status", 16).default("inactive").one_of(&["active", "failing", "inactive"]);
        t.timestamp("fx_next_sync_at").nullable();
        t.timestamp("fx_last_alert_at").nullable();
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["code"]);
        t.unique(&["is_default"]).when("is_default");
        t.check("minor_units IN (0,2)");
        t.check("NOT is_default OR enabled");
        t.check("fx_markup_percent IS NULL OR fx_markup_percent BETWEEN 0 AND 20");
        t.check("fx_sync_hours IN (1,3,6,12,24)");
        t.check("fx_alert_percent BETWEEN 1 AND 50");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("currencies");
}
