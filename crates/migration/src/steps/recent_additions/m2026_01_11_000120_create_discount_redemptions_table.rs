//! Creates `discount_redemptions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000120_create_discount_redemptions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("discount_redemptions", |t| {
        t.purpose("One use of a discount or affiliate code on one booking, with its cost split.");
        t.id();
        t.uuid("discount_id").nullable().references("discounts", "id");
        t.uuid("affiliate_discount_code_id").nullable().references("affiliate_discount_codes", "id");
        t.uuid("quote_id").references("quotes", "id");
        t.uuid("patient_id").references("patients", "id");
        t.char("person_key", 64).note("same for accounts of one person");
        t.integer("slot_no").note("1..per-patient limit");
        t.string("state", 16).default("applied").one_of(&["applied", "completed", "released", "refunded"]);
        t.string("funding", 16).one_of(&["provider", "both", "platform"]);
        t.decimal("amount", 10, 2);
        t.char("currency", 3);
        t.decimal("provider_share", 10, 2);
        t.decimal("platform_share", 10, 2);
        t.boolean("over_limit").default_bool(false).note("counted beyond the limit because the price was promised");
        t.timestamp("expires_at").nullable();
        t.timestamp("completed_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["discount_id", "person_key", "slot_no"]).when("state IN ('applied','completed')");
        t.unique(&["affiliate_discount_code_id", "person_key", "slot_no"]).when("state IN ('applied','completed')");
        t.unique(&["quote_id"]).when("state IN ('applied','completed')");
        t.index(&["discount_id", "state"]);
        t.index(&["affiliate_discount_code_id", "state"]);
        t.index(&["patient_id"]);
        t.check("(discount_id IS NULL) <> (affiliate_discount_code_id IS NULL)");
        t.check("amount = provider_share + platform_share");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("discount_redemptions");
}
