//! Creates `schedule_occupancies`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000050_create_schedule_occupancies_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("schedule_occupancies", |t| {
        t.purpose("15-minute cells taken by live slots; makes double booking impossible by unique keys.");
        t.id();
        t.uuid("schedule_id").references("schedules", "id");
        t.uuid("provider_id").nullable().references("providers", "id").note("set with lane on clinic cells");
        t.small_integer("lane").nullable().note("1..parallel capacity");
        t.uuid("provider_user_id").nullable().references("provider_users", "id").note("set on clinician cells");
        t.timestamp("cell_start_utc");
        t.timestamp("created_at").use_current();
        t.unique(&["provider_id", "lane", "cell_start_utc"]);
        t.unique(&["provider_user_id", "cell_start_utc"]);
        t.index(&["schedule_id"]);
        t.check("(provider_id IS NULL) <> (provider_user_id IS NULL)");
        t.check("(provider_id IS NULL) = (lane IS NULL)");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("schedule_occupancies");
}
