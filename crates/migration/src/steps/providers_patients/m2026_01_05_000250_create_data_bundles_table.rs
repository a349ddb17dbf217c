//! Creates `data_bundles`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000250_create_data_bundles_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("data_bundles", |t| {
        t.purpose("Copies of one patient's data made for access and portability requests.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.string("requested_by_type", 50).one_of(&["Patient", "User"]);
        t.uuid("requested_by_id");
        t.string("status", 16).default("requested").one_of(&[
            "requested",
            "building",
            "ready",
            "downloaded",
            "expired",
            "failed",
            "refused",
        ]);
        t.char("manifest_sha256", 64).nullable();
        t.string("file_path", 255).nullable().note("object destroyed at expiry");
        t.char("key_hash", 64).nullable();
        t.small_integer("downloads").default_number("0").note("at most three");
        t.timestamp("ready_at").nullable();
        t.timestamp("link_expires_at").nullable();
        t.string("failure_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["patient_id"]).when("status IN ('requested','building')");
        t.index(&["status", "link_expires_at"]);
        t.index(&["patient_id", "created_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("data_bundles");
}
