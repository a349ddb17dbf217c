//! Creates `payment_documents`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000150_create_payment_documents_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("payment_documents", |t| {
        t.purpose("Numbered invoices, receipts, credit notes and payout papers with their totals.");
        t.id();
        t.string("document_number", 20).note("INV, RCT, CRN, PIN or APS-YYMM-NNNNN");
        t.string("kind", 24).one_of(&["invoice", "receipt", "credit_note", "payout_invoice", "affiliate_statement"]);
        t.string("subject_type", 32).one_of(&[
            "Booking",
            "Payment",
            "AftercarePayment",
            "ProviderBill",
            "AffiliatePayout",
            "Document",
        ]);
        t.uuid("subject_id");
        t.uuid("quote_id").nullable().references("quotes", "id");
        t.uuid("cancels_document_id").nullable().references("payment_documents", "id");
        t.json("snapshot").note("totals, parties, lines; the PDF is rendered from it, always identical");
        t.timestamp("issued_at");
        t.timestamp("created_at").use_current();
        t.unique(&["document_number"]);
        t.unique(&["kind", "subject_type", "subject_id"]).when("cancels_document_id IS NULL");
        t.index(&["quote_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("payment_documents");
}
