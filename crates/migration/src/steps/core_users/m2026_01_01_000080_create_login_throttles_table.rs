//! Creates `login_throttles`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000080_create_login_throttles_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("login_throttles", |t| {
        t.purpose("Consecutive login failures and locks per guard and login, existing or not.");
        t.id();
        t.string("guard", 50);
        t.char("login_hash", 64);
        t.integer("failures").default_number("0");
        t.timestamp("last_failure_at").nullable();
        t.timestamp("locked_until").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["guard", "login_hash"]);
        t.index(&["locked_until"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("login_throttles");
}
