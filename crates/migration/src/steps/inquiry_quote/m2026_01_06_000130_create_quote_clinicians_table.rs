//! Creates `quote_clinicians`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000130_create_quote_clinicians_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("quote_clinicians", |t| {
        t.purpose("Clinicians named in a quote; replaced ones stay as ended rows.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.uuid("provider_user_id")
            .references("provider_users", "id")
            .note("member of the quote's clinic; can_login may be false");
        t.string("case_role", 32).default("lead").one_of(&["lead", "assistant"]);
        t.string("display_name", 255).note("copied at submission");
        t.string("display_title", 255).nullable();
        t.text("note").nullable();
        t.string("active_key", 80).nullable().note("C:{quote} on the current lead, NULL on all others");
        t.string("assigned_by_type", 50).one_of(&["ProviderUser", "User"]);
        t.uuid("assigned_by_id");
        t.timestamp("ended_at").nullable();
        t.string("end_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["active_key"]);
        t.unique(&["quote_id", "provider_user_id"]).when("ended_at IS NULL");
        t.index(&["provider_user_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("quote_clinicians");
}
