//! Creates `audit_log_seals`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000060_create_audit_log_seals_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("audit_log_seals", |t| {
        t.purpose("Hash chain over audit_logs, written by one sealer.");
        t.big_integer("audit_log_id").references("audit_logs", "id");
        t.char("prev_hash", 64);
        t.char("row_hash", 64).note("SHA-256 of the row's content and prev_hash");
        t.timestamp("sealed_at");
        t.primary(&["audit_log_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("audit_log_seals");
}
