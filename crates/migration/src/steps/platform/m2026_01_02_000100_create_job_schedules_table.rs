//! Creates `job_schedules`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000100_create_job_schedules_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("job_schedules", |t| {
        t.purpose(
            "When each recurring job ran last and runs next; one row per schedule, so that many workers start it once.",
        );
        t.string("name", 100);
        t.string("cron", 100);
        t.timestamp("last_run_at").nullable();
        t.timestamp("next_run_at");
        t.timestamp("locked_until").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.primary(&["name"]);
        t.index(&["next_run_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("job_schedules");
}
