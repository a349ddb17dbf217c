//! Creates `ip_throttles`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000090_create_ip_throttles_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("ip_throttles", |t| {
        t.purpose("Failed logins per address in a rolling hour, and blocks.");
        t.id();
        t.string("ip_address", 45);
        t.json("failed_at").note("instants inside the window");
        t.timestamp("blocked_until").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["ip_address"]);
        t.index(&["blocked_until"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("ip_throttles");
}
