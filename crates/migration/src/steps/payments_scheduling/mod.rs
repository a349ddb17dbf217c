//! Slots, terms, payments, installments, bills, the ledger.

mod m2026_01_07_000010_create_schedules_table;
mod m2026_01_07_000020_create_installment_payment_plans_table;
mod m2026_01_07_000030_create_banking_details_table;
mod m2026_01_07_000040_create_booking_terms_table;
mod m2026_01_07_000050_create_schedule_occupancies_table;
mod m2026_01_07_000060_create_currencies_table;
mod m2026_01_07_000070_create_fx_rates_table;
mod m2026_01_07_000080_create_gateway_accounts_table;
mod m2026_01_07_000090_create_gateway_events_table;
mod m2026_01_07_000100_create_patient_payment_methods_table;
mod m2026_01_07_000110_create_cancellation_requests_table;
mod m2026_01_07_000120_create_payments_table;
mod m2026_01_07_000130_create_payment_histories_table;
mod m2026_01_07_000140_create_installment_schedule_items_table;
mod m2026_01_07_000150_create_payment_documents_table;
mod m2026_01_07_000160_create_reconciliation_runs_table;
mod m2026_01_07_000170_create_reconciliation_items_table;
mod m2026_01_07_000180_create_payout_batches_table;
mod m2026_01_07_000190_create_provider_bills_table;
mod m2026_01_07_000200_create_provider_bill_items_table;
mod m2026_01_07_000210_create_ledger_entries_table;
mod m2026_01_07_000220_create_finance_approvals_table;
mod m2026_01_07_000230_create_document_counters_table;
mod m2026_01_07_000240_create_booking_flags_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "payments_scheduling",
    title: "Payments and scheduling",
    about: "Slots, terms, payments, installments, bills, the ledger.",
    steps: &[
        m2026_01_07_000010_create_schedules_table::STEP,
        m2026_01_07_000020_create_installment_payment_plans_table::STEP,
        m2026_01_07_000030_create_banking_details_table::STEP,
        m2026_01_07_000040_create_booking_terms_table::STEP,
        m2026_01_07_000050_create_schedule_occupancies_table::STEP,
        m2026_01_07_000060_create_currencies_table::STEP,
        m2026_01_07_000070_create_fx_rates_table::STEP,
        m2026_01_07_000080_create_gateway_accounts_table::STEP,
        m2026_01_07_000090_create_gateway_events_table::STEP,
        m2026_01_07_000100_create_patient_payment_methods_table::STEP,
        m2026_01_07_000110_create_cancellation_requests_table::STEP,
        m2026_01_07_000120_create_payments_table::STEP,
        m2026_01_07_000130_create_payment_histories_table::STEP,
        m2026_01_07_000140_create_installment_schedule_items_table::STEP,
        m2026_01_07_000150_create_payment_documents_table::STEP,
        m2026_01_07_000160_create_reconciliation_runs_table::STEP,
        m2026_01_07_000170_create_reconciliation_items_table::STEP,
        m2026_01_07_000180_create_payout_batches_table::STEP,
        m2026_01_07_000190_create_provider_bills_table::STEP,
        m2026_01_07_000200_create_provider_bill_items_table::STEP,
        m2026_01_07_000210_create_ledger_entries_table::STEP,
        m2026_01_07_000220_create_finance_approvals_table::STEP,
        m2026_01_07_000230_create_document_counters_table::STEP,
        m2026_01_07_000240_create_booking_flags_table::STEP,
    ],
};
