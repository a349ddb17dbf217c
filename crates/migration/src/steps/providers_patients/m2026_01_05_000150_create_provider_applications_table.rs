//! Creates `provider_applications`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000150_create_provider_applications_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_applications", |t| {
        t.purpose("Partnership applications from the public page.");
        t.id();
        t.string("contact_name", 100);
        t.string("clinic_name", 200);
        t.string("city", 255);
        t.char("country_code", 2);
        t.string("email", 255);
        t.string("phone", 32).nullable();
        t.string("website_url", 255).nullable();
        t.string("message", 1000).nullable();
        t.timestamp("consent_at");
        t.string("status", 20).default("new").one_of(&["new", "contacted", "converted", "declined", "spam"]);
        t.uuid("provider_id").nullable().references("providers", "id").set_null().note("draft clinic made from it");
        t.uuid("handled_by").nullable().references("users", "id");
        t.timestamp("handled_at").nullable();
        t.string("ip_address", 45).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["status", "created_at"]);
        t.index(&["email"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_applications");
}
