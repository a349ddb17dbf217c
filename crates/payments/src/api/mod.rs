//! HTTP in, HTTP out.

mod accounts;
mod aftercare;
mod bookings;
mod cancellations;
mod discount;
mod events;
mod flags;
mod installments;
mod invoices;
mod ledger;
mod receipts;
mod reschedule;
mod simulator;
mod webhooks;

pub(crate) use bookings::pdf;

use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::routes;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this wing, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(discount::apply_discount_code, discount::remove_discount_code))
        .routes(routes!(bookings::list_bookings))
        .routes(routes!(bookings::show_booking))
        .routes(routes!(bookings::show_checkout))
        .routes(routes!(bookings::start_payment))
        .routes(routes!(bookings::list_documents))
        .routes(routes!(bookings::read_document))
        .routes(routes!(bookings::show_payment))
        .routes(routes!(bookings::sync_payment))
        .routes(routes!(bookings::list_transactions))
        .routes(routes!(cancellations::preview_cancellation))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(cancellations::cancel_booking))
                .layer(DefaultBodyLimit::max(cancellations::MOST_BYTES)),
        )
        .routes(routes!(installments::show_installments))
        .routes(routes!(installments::pay_off_installments))
        .routes(routes!(installments::pay_installment))
        .routes(routes!(installments::list_payment_methods, installments::add_payment_method))
        .routes(routes!(installments::remove_payment_method))
        .routes(routes!(installments::list_installment_plans))
        .routes(routes!(installments::retry_installment_plan))
        .routes(routes!(installments::resolve_installment_plan))
        .routes(routes!(installments::cancel_installment_plan))
        .routes(routes!(cancellations::list_refunds))
        .routes(routes!(cancellations::show_refund))
        .routes(routes!(cancellations::approve_refund))
        .routes(routes!(cancellations::deny_refund))
        .routes(routes!(cancellations::retry_refund))
        .routes(routes!(reschedule::preview_reschedule))
        .routes(routes!(reschedule::reschedule_booking))
        .routes(routes!(cancellations::give_refund))
        .routes(routes!(cancellations::refund_add_ons))
        .routes(routes!(accounts::list_gateway_accounts, accounts::create_gateway_account))
        .routes(routes!(accounts::show_gateway_account, accounts::change_gateway_account))
        .routes(routes!(accounts::test_gateway_account))
        .routes(routes!(aftercare::list_aftercare_payments))
        .routes(routes!(aftercare::sync_aftercare_payment))
        .routes(routes!(aftercare::refund_aftercare_payment))
        .routes(routes!(flags::list_booking_flags, flags::flag_booking))
        .routes(routes!(flags::close_booking_flag))
        .routes(routes!(flags::report_no_show))
        .routes(routes!(invoices::list_invoices))
        .routes(routes!(invoices::remind_of_invoice))
        .routes(routes!(invoices::override_invoice_status))
        .routes(routes!(receipts::list_bank_transfers))
        .routes(routes!(receipts::record_bank_receipt))
        .routes(routes!(receipts::record_sent_refund))
        .routes(routes!(ledger::list_ledger_entries))
        .routes(routes!(events::list_gateway_events))
        .routes(routes!(events::replay_gateway_event))
        .routes(routes!(webhooks::receive_gateway_event))
        .routes(routes!(simulator::confirm_intent))
        .routes(routes!(simulator::authenticate_intent))
}
