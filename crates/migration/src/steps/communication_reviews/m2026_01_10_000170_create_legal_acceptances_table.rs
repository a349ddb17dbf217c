//! Creates `legal_acceptances`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000170_create_legal_acceptances_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("legal_acceptances", |t| {
        t.purpose("Ledger of legal versions accepted by staff, clinics' members and affiliates.");
        t.id();
        t.string("holder_type", 255).one_of(&["ProviderUser", "User", "Affiliate"]);
        t.uuid("holder_id");
        t.string("consent_type", 255);
        t.string("action", 20).one_of(&["granted", "withdrawn"]);
        t.uuid("terms_and_conditions_id").nullable().references("terms_and_conditions", "id");
        t.string("document_version", 50).nullable();
        t.string("locale", 10);
        t.char("content_sha256", 64).nullable();
        t.string("channel", 20).one_of(&["web", "mobile", "admin_assisted"]);
        t.string("ip_address", 45).nullable();
        t.string("user_agent", 500).nullable();
        t.timestamp("acted_at");
        t.timestamp("created_at").use_current();
        t.index(&["holder_type", "holder_id", "consent_type", "acted_at"]);
        t.index(&["terms_and_conditions_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("legal_acceptances");
}
