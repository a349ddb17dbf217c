//! The golden scenarios of the spec that concern deposit, balance, exchange and ledger.

use directory::entity::provider_commissions::{
    self, ProviderCommissionPaymentCycle, ProviderCommissionStatus, ProviderCommissionType,
};
use kernel::ids::{PaymentId, ProviderCommissionId};
use payments::entity::payments::PaymentStatus;
use payments::entity::{ledger_entries, payment_documents};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};
use testkit::TestApp;

use crate::support::{Booking, amount, g1, offer, registry};

testkit::both! {
    async fn g1_deposit_and_balance_with_fx(t: TestApp) {
        let booking = g1(&t).await;
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        assert_eq!(checkout.str("/rate"), "0.90163043");
        assert_eq!(checkout.str("/payment/total/amount"), "2163.91");
        assert_eq!(checkout.str("/payment/total/currency"), "GBP");
        assert_eq!(checkout.str("/options/0/option"), "deposit");
        assert_eq!(checkout.str("/options/0/now/amount"), "540.98");
        assert_eq!(checkout.str("/options/0/later/amount"), "1622.93");
        assert_eq!(checkout.str("/options/0/due_on"), "2026-06-08");
        assert_eq!(checkout.str("/appointment/hold_expires_at"), "2026-03-04T10:00:00Z");

        let started = booking.start_deposit().await;
        assert_eq!(booking.confirm(&started, "4242424242424242").await.assert_status(200).str("/status"), "succeeded");
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted, "only the webhook confirms");
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(booking.quote_row(&t).await.commission, 20);
        assert_eq!(booking.ledger(&t).await, ["Cash GBP 540.98/0.00", "CustomerFunds GBP 0.00/540.98"]);
        assert_eq!(numbers(&t).await, ["RCT-2603-00001", "INV-2603-00001"]);

        let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
        assert_eq!((balance.total.amount, balance.paid, balance.due), (amount("2163.91"), amount("540.98"), amount("1622.93")));

        // The market moves; the booking does not (R-PY-15).
        t.at("2026-06-01T10:00:00Z");
        let (new, markup) = ("0.50".parse().unwrap(), "5".parse().unwrap());
        catalogue::fx::set_manual_rate(t.conn(), t.now(), kernel::Currency::EUR, new, markup).await.unwrap();
        let id = payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
        assert_eq!(booking.payment(&t, id).await.amount, amount("1622.93"));
        assert_eq!(payments::balance(t.conn(), booking.quote).await.unwrap().due, amount("0.00"));
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!(view.str("/payment/state"), "fully_paid");
        t.run_jobs(&registry()).await;

        // The treatment ends: EUR 480.00 commission, EUR 1,920.00 net.
        payments::service::treated::treated(&t.app, booking.quote).await.unwrap();
        payments::service::treated::treated(&t.app, booking.quote).await.unwrap();
        assert_eq!(
            booking.ledger(&t).await,
            [
                "Cash GBP 540.98/0.00",
                "CustomerFunds GBP 0.00/540.98",
                "Cash GBP 1622.93/0.00",
                "CustomerFunds GBP 0.00/1622.93",
                "CustomerFunds GBP 2163.91/0.00",
                "FxClearing GBP 0.00/2163.91",
                "FxClearing EUR 2400.00/0.00",
                "ProviderPayable EUR 0.00/1920.00",
                "PlatformRevenue EUR 0.00/480.00",
            ]
        );
        assert_eq!(numbers(&t).await, ["RCT-2603-00001", "INV-2603-00001", "RCT-2606-00001"]);
    }

    /// R-PY-58: a clinic with a fixed fee owes it whatever the price.
    async fn a_fixed_fee_is_booked_when_the_treatment_ends(t: TestApp) {
        let booking = g1(&t).await;
        let now = t.now();
        let fee = provider_commissions::ActiveModel {
            id: Set(ProviderCommissionId::new()),
            provider_id: Set(booking.provider),
            commission_type: Set(ProviderCommissionType::Flat),
            commission_value: Set(amount("300.00")),
            currency: Set(Some(kernel::Currency::EUR)),
            payment_cycle: Set(ProviderCommissionPaymentCycle::Monthly),
            payout_offset_days: Set(5),
            effective_from: Set(now.date_naive()),
            effective_to: Set(None),
            scope_id: Set(None),
            status: Set(ProviderCommissionStatus::Active),
            reason: Set("A fixed fee was agreed.".to_owned()),
            created_by_user_id: Set(booking.admin),
            created_at: Set(now),
            updated_at: Set(now),
        };
        fee.insert(t.conn()).await.unwrap();
        let started = booking.start_deposit().await;
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        t.run_jobs(&registry()).await;
        let row = booking.quote_row(&t).await;
        assert_eq!((row.status, row.commission, row.commission_amount), (QuoteStatus::Confirmed, 0, amount("300.00")));
        payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
        t.run_jobs(&registry()).await;
        payments::service::treated::treated(&t.app, booking.quote).await.unwrap();
        let ledger = booking.ledger(&t).await;
        assert!(ledger.contains(&"ProviderPayable EUR 0.00/2100.00".to_owned()), "{ledger:?}");
        assert!(ledger.contains(&"PlatformRevenue EUR 0.00/300.00".to_owned()), "{ledger:?}");
    }

    async fn g1_lira_paid_in_dollars(t: TestApp) {
        t.at("2026-03-02T10:00:00Z");
        let booking = offer(&t, "US", kernel::Money::new(amount("86250.00"), kernel::Currency::TRY)).await;
        booking.accept(&t).await;
        let checkout = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await;
        assert_eq!((checkout.str("/rate"), checkout.str("/payment/total/amount")), ("0.03043478", "2625.00"));
    }

    async fn g7_webhook_storm(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        let (now, earlier) = (t.now(), t.now() - chrono::Duration::minutes(1));
        let e2 = booking.event("e2", "succeeded", &started, 54098, now);
        let e1 = booking.event("e1", "payment_failed", &started, 54098, earlier);
        let e3 = booking.event("e3", "succeeded", &started, 54097, now);
        for event in [&e2, &e1, &e2, &e2, &e2, &e3] {
            booking.deliver(&t, event).await.assert_status(200);
        }
        booking.deliver_as("t=1,v1=00", &e2.to_string()).await.assert_problem(400, "invalid_signature");
        t.run_jobs(&registry()).await;

        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Completed);
        assert_eq!(booking.ledger(&t).await.len(), 2);
        assert_eq!(numbers(&t).await, ["RCT-2603-00001", "INV-2603-00001"]);
        let mut history: Vec<String> = booking.history(&t, id).await.iter().map(|event| format!("{event:?}")).collect();
        history[1..].sort();
        assert_eq!(history, ["Created", "IgnoredStale", "Quarantined", "Succeeded"]);
        let told = booking.told(&t).await;
        assert_eq!(told.iter().filter(|key| *key == "system.alert").count(), 1);
        assert_eq!(told.iter().filter(|key| *key == "payment.received").count(), 1);
        assert_eq!(told.iter().filter(|key| *key == "booking.confirmed").count(), 1);
    }

    async fn refused_money_is_given_back_in_the_ledger_too(t: TestApp) {
        // R-PY-67: a refund is the mirror of its payment, and the books of all bookings balance.
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        t.at("2026-03-04T10:00:00Z");
        t.run_jobs(&registry()).await;
        occupy(&t, &booking).await;
        let event = booking.event("late", "succeeded", &started, 54098, t.now());
        booking.deliver(&t, &event).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(
            booking.ledger(&t).await,
            [
                "Cash GBP 540.98/0.00",
                "CustomerFunds GBP 0.00/540.98",
                "CustomerFunds GBP 540.98/0.00",
                "Cash GBP 0.00/540.98",
            ]
        );
        assert_eq!(numbers(&t).await, ["RCT-2603-00001", "CRN-2603-00001"]);
    }
}

/// Numbers of all papers, in the order they were issued.
async fn numbers(t: &TestApp) -> Vec<String> {
    let rows = payment_documents::Entity::find().order_by_asc(payment_documents::Column::Id);
    rows.all(t.conn()).await.unwrap().into_iter().map(|row| row.document_number).collect()
}

/// Somebody else takes the offer's slot: the offer ends.
async fn occupy(t: &TestApp, booking: &Booking) {
    use quoting::entity::quotes;
    use sea_orm::ActiveValue::Set;
    let ended = quotes::ActiveModel { id: Set(booking.quote), expires_at: Set(Some(t.now())), ..Default::default() };
    quotes::Entity::update(ended).exec(t.conn()).await.unwrap();
    let all = ledger_entries::Entity::find().all(t.conn()).await.unwrap();
    assert!(all.is_empty(), "nothing was booked before the money came");
}
