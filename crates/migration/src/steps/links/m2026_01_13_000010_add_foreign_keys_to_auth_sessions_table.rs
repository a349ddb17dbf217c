//! Adds the foreign keys of `auth_sessions` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000010_add_foreign_keys_to_auth_sessions_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("auth_sessions", |t| {
        t.foreign("client_id", "oauth_clients", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("auth_sessions", &["client_id"]);
}
