//! Creates `oauth_personal_access_clients`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_03_000040_create_oauth_personal_access_clients_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("oauth_personal_access_clients", |t| {
        t.purpose("Marks the client that issues personal access tokens.");
        t.increments("id");
        t.uuid("client_id").references("oauth_clients", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["client_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("oauth_personal_access_clients");
}
