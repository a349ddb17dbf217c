//! Creates `analytics_daily`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_12_000030_create_analytics_daily_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("analytics_daily", |t| {
        t.purpose("Daily sums behind the dashboards; a recomputation replaces a day.");
        t.id();
        t.string("scope", 16).one_of(&["platform", "provider"]);
        t.uuid("provider_id").nullable().references("providers", "id");
        t.date("day");
        t.string("metric", 50);
        t.char("dimension_hash", 64);
        t.json("dimensions").nullable().note("country, treatment ...; no personal data");
        t.decimal("value", 18, 2).default_number("0");
        t.integer("item_count").default_number("0");
        t.char("row_key", 64).note("hash of scope, clinic, day, metric, dimensions");
        t.timestamp("computed_at");
        t.unique(&["row_key"]);
        t.index(&["metric", "day"]);
        t.index(&["provider_id", "metric", "day"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("analytics_daily");
}
