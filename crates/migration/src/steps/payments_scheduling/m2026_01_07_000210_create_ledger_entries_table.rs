//! Creates `ledger_entries`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000210_create_ledger_entries_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("ledger_entries", |t| {
        t.purpose("Double-entry postings, balanced per transaction and currency.");
        t.id();
        t.uuid("transaction_id");
        t.string("source_key", 160).note("what caused it, e.g. payment:{id}:completed; makes a posting happen once");
        t.small_integer("line_no");
        t.string("account", 40).one_of(&[
            "cash",
            "customer_funds",
            "platform_revenue",
            "provider_payable",
            "fx_clearing",
            "affiliate_expense",
            "affiliate_payable",
            "other_income",
            "bad_debt",
        ]);
        t.char("currency", 3);
        t.decimal("debit", 10, 2).default_number("0");
        t.decimal("credit", 10, 2).default_number("0");
        t.uuid("quote_id").nullable().references("quotes", "id");
        t.uuid("payment_id").nullable().references("payments", "id");
        t.uuid("aftercare_payment_id").nullable().references("aftercare_payments", "id").later();
        t.uuid("bill_id").nullable().references("provider_bills", "id");
        t.uuid("affiliate_id").nullable().references("affiliates", "id").later();
        t.uuid("affiliate_commission_id").nullable().references("affiliate_commissions", "id").later();
        t.uuid("affiliate_payout_id").nullable().references("affiliate_payouts", "id").later();
        t.timestamp("posted_at");
        t.timestamp("created_at").use_current();
        t.unique(&["source_key", "line_no"]);
        t.unique(&["transaction_id", "line_no"]);
        t.index(&["account", "currency", "posted_at"]);
        t.index(&["quote_id"]);
        t.index(&["bill_id"]);
        t.index(&["affiliate_id", "account"]);
        t.check("debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)");
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("ledger_entries");
}
