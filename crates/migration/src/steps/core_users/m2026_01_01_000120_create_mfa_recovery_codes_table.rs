//! Creates `mfa_recovery_codes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000120_create_mfa_recovery_codes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("mfa_recovery_codes", |t| {
        t.purpose("Single-use recovery codes.");
        t.id();
        t.uuid("mfa_credential_id").references("mfa_credentials", "id").cascade();
        t.char("code_hash", 64);
        t.timestamp("used_at").nullable();
        t.timestamp("created_at").use_current();
        t.unique(&["mfa_credential_id", "code_hash"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("mfa_recovery_codes");
}
