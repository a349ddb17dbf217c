//! Creates `banking_details`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000030_create_banking_details_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("banking_details", |t| {
        t.purpose("Versioned payout or refund destinations of clinics, affiliates and patients.");
        t.id();
        t.string("owner_type", 32).one_of(&["Provider", "Affiliate", "Patient"]);
        t.uuid("owner_id").note("polymorphic, no FK");
        t.string("account_holder_name", 200);
        t.string("bank_name", 200);
        t.char("bank_country", 2);
        t.char("currency", 3).note("payout currency; affiliates USD");
        t.text("account_number_encrypted").nullable().encrypted("TEXT").note("this or iban_encrypted");
        t.text("iban_encrypted").nullable().encrypted("TEXT");
        t.char("account_last4", 4).note("masked display");
        t.char("account_fingerprint", 64).note("keyed HMAC of the normalised number");
        t.string("swift_code", 11).nullable().note("this or routing_number");
        t.char("routing_number", 9).nullable();
        t.string("gateway_destination_id", 255).nullable().note("connected account");
        t.string("status", 20).default("pending").one_of(&["pending", "active", "invalid", "superseded"]);
        t.timestamp("usable_from").note("end of the cool-off");
        t.integer("version").default_number("1");
        t.uuid("superseded_by").nullable().references("banking_details", "id");
        t.uuid("shared_cleared_by_user_id")
            .nullable()
            .references("users", "id")
            .note("fingerprint also used by another payee: cleared by");
        t.timestamp("shared_cleared_at").nullable();
        t.string("shared_clear_reason", 500).nullable();
        t.string("created_by_type", 32).one_of(&["Patient", "ProviderUser", "User"]);
        t.uuid("created_by_id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["owner_type", "owner_id", "currency"]).when("status <> 'superseded'");
        t.unique(&["owner_type", "owner_id", "currency", "version"]);
        t.index(&["owner_type", "owner_id"]);
        t.index(&["account_fingerprint"]);
        t.index(&["gateway_destination_id"]);
        t.check("account_number_encrypted IS NOT NULL OR iban_encrypted IS NOT NULL");
        t.check("swift_code IS NOT NULL OR routing_number IS NOT NULL");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("banking_details");
}
