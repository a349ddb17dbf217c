//! Creates `sealed_identities`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000090_create_sealed_identities_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("sealed_identities", |t| {
        t.purpose("Encrypted identity of an erased patient, kept only for the legal retention.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.long_text("ciphertext").nullable().encrypted("JSON").note("own key; NULL after destruction");
        t.string("key_ref", 100).nullable().note("shredded at destroy_on");
        t.date("destroy_on");
        t.timestamp("destroyed_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["patient_id"]);
        t.index(&["destroy_on", "destroyed_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("sealed_identities");
}
