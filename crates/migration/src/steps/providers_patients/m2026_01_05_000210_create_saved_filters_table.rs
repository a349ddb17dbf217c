//! Creates `saved_filters`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000210_create_saved_filters_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("saved_filters", |t| {
        t.purpose("Named filters of staff lists.");
        t.id();
        t.string("owner_type", 50).one_of(&["User", "ProviderUser"]);
        t.uuid("owner_id");
        t.string("screen", 50);
        t.string("name", 60);
        t.json("filters").note("never the free text q");
        t.boolean("is_default").default_bool(false);
        t.big_integer("shared_role_id")
            .nullable()
            .references("roles", "id")
            .set_null()
            .note("visible to the same role");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["owner_type", "owner_id", "screen", "name"]);
        t.index(&["shared_role_id", "screen"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("saved_filters");
}
