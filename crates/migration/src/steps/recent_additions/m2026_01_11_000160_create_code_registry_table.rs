//! Creates `code_registry`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000160_create_code_registry_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("code_registry", |t| {
        t.purpose("Every code string ever used, so that it is unique over discounts and affiliate codes.");
        t.string("code_normalized", 64).note("trimmed, upper case");
        t.string("owner_type", 32).one_of(&["Discount", "AffiliateDiscountCode"]);
        t.uuid("owner_id");
        t.timestamp("created_at").use_current();
        t.primary(&["code_normalized"]);
        t.unique(&["owner_type", "owner_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("code_registry");
}
