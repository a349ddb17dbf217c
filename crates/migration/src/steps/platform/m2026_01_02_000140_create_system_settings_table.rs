//! Creates `system_settings`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000140_create_system_settings_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("system_settings", |t| {
        t.purpose("Values of settings; the newest effective version of a key is in force.");
        t.id();
        t.uuid("setting_version_id").references("setting_versions", "id");
        t.string("setting_key", 100);
        t.long_text("value").note("JSON text; ciphertext when is_sensitive");
        t.boolean("is_sensitive").default_bool(false);
        t.timestamp("created_at").use_current();
        t.unique(&["setting_version_id", "setting_key"]);
        t.index(&["setting_key"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("system_settings");
}
