//! Shares of aftercare bought on its own on statements, and what a bank takes back of them (R-FN-52, R-PY-34, R-PY-57).

use finance::entity::provider_bill_items::ProviderBillItemKind as Kind;
use identity::seed::PatientSpec;
use kernel::ids::{PatientId, StandaloneAftercareRequestId};
use kernel::{Amount, Currency, Money, PageQuery};
use payments::entity::aftercare_payments::{
    self as charges, AftercarePaymentPricingModel as Model, AftercarePaymentType,
};
use payments::entity::gateway_accounts;
use payments::gateway::signature;
use payments::service::aftercare::{self, Purchase};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{TestApp, actors};

use crate::support::{World, account_in, amount, day, euros, registry, world};

/// Aftercare the world's clinic gave for 500 until the tenth of June, paid by card on the second of March.
async fn earned(t: &TestApp, world: &World, currency: Currency) -> charges::Model {
    t.at("2026-03-02T10:00:00Z");
    let patient = identity::seed::patient(&t.app, PatientSpec::new(&t.app, "John", "Doe")).await.unwrap().id;
    let id = request(t, patient, currency).await;
    let money = Money::new(amount("500.00"), currency);
    let purchase = Purchase {
        request: id,
        reference: "SR2603-0001".into(),
        patient,
        model: Model::Fixed,
        money,
        months: 6,
        bought_on: day("2026-03-02"),
    };
    platform::write_txn!(t.app.db, |txn| { aftercare::plan(txn, &t.app, &purchase).await.map(drop) }).unwrap();
    let charge = payments::seed::pay_charge(&t.app, &actors::patient(patient), id, money).await.unwrap();
    t.run_jobs(&registry()).await;
    let served = charges::ActiveModel {
        id: Set(charge),
        provider_id: Set(Some(world.provider)),
        service_period_start: Set(Some(day("2026-03-02"))),
        service_period_end: Set(Some(day("2026-06-17"))),
        ..Default::default()
    };
    served.update(t.conn()).await.unwrap();
    t.at("2026-06-18T08:00:00Z");
    aftercare::earn_due(&t.app).await.unwrap();
    charges::Entity::find_by_id(charge).one(t.conn()).await.unwrap().unwrap()
}

async fn request(t: &TestApp, patient: PatientId, currency: Currency) -> StandaloneAftercareRequestId {
    let id = StandaloneAftercareRequestId::new();
    let sql = format!(
        "INSERT INTO standalone_aftercare_requests (id, patient_id, treatment_date, clinic_name, treatment_type, \
         duration_months, pricing_model, total_price, currency, request_code) VALUES ('{id}', '{patient}', \
         '2026-02-20', 'Klinik Merkez', 'FUE', 6, 'fixed', 500, '{currency}', 'SR2603-0001')"
    );
    t.conn().execute_unprepared(&sql).await.unwrap();
    id
}

/// What the gateway says of a dispute about the charge, in hundredths.
async fn dispute(t: &TestApp, world: &World, charge: &charges::Model, word: (&str, &str), minor: i64) {
    let account = gateway_accounts::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
    let (kind, status) = word;
    let body = json!({
        "id": format!("evt_{kind}_{status}"), "object": "event", "type": format!("charge.dispute.{kind}"),
        "created": t.now().timestamp(), "livemode": false,
        "data": { "object": { "id": "dp_1", "object": "dispute", "amount": minor,
            "currency": charge.currency.code().to_lowercase(), "charge": "ch_1",
            "payment_intent": charge.stripe_payment_intent_id, "status": status, "metadata": {} } },
    });
    let text = body.to_string();
    let secret = t.app.config.payments.webhook_secret.expose().clone();
    let signed = signature::sign(&secret, t.now(), text.as_bytes());
    let hook = world.api.header("stripe-signature", &signed);
    hook.raw(&format!("/webhooks/gateway/{account}"), "application/json", text).await.assert_status(200);
    t.run_jobs(&registry()).await;
}

async fn back(t: &TestApp) -> charges::Model {
    let refunds = charges::Entity::find().filter(charges::Column::PaymentType.eq(AftercarePaymentType::Refund));
    refunds.order_by_desc(charges::Column::Id).one(t.conn()).await.unwrap().unwrap()
}

testkit::both! {
    /// 500 at 20 percent: 400 are paid out. A bank takes half of it back: 200 come off what the clinic earns next, as much
    /// of it as there is, and the rest off the one after.
    async fn r_py_57_what_a_bank_takes_back_comes_off_the_next_statements(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let charge = earned(&t, &world, Currency::EUR).await;
        let first = world.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!((first.gross_amount, first.commission_amount, first.net_amount), (amount("500.00"), amount("100.00"), amount("400.00")));
        assert_eq!(world.ledger(&t, first.id).await, ["ProviderPayable EUR 400.00/0.00", "Cash EUR 0.00/400.00"]);
        dispute(&t, &world, &charge, ("closed", "lost"), 25_000).await;
        assert_eq!(world.payable(&t, Currency::EUR).await, amount("-200.00"));

        world.treated(&t, "DE", "125.00", "2026-03-05", "2026-07-02").await;
        let second = world.settle(&t, "2026-07-07", "2026-07-10").await;
        assert_eq!((second.gross_amount, second.adjustment_amount, second.net_amount), (amount("125.00"), amount("100.00"), Amount::ZERO));
        let taken = world.lines(&t, second.id).await.pop().unwrap();
        assert_eq!((taken.kind, taken.net, taken.balance_after), (Kind::RefundDeduction, amount("-100.00"), amount("100.00")));
        let refund = back(&t).await;
        assert_eq!((taken.aftercare_payment_id, taken.quote_id, taken.label.as_deref()), (Some(refund.id), None, Some("SR2603-0001")));
        assert_eq!(world.ledger(&t, second.id).await, Vec::<String>::new(), "nothing moved");

        world.treated(&t, "DE", "600.00", "2026-03-06", "2026-07-13").await;
        let third = world.settle(&t, "2026-07-21", "2026-07-24").await;
        assert_eq!((third.adjustment_amount, third.net_amount), (amount("100.00"), amount("380.00")));
        let taken = world.lines(&t, third.id).await.pop().unwrap();
        assert_eq!((taken.kind, taken.net, taken.balance_after), (Kind::CarryForward, amount("-100.00"), Amount::ZERO));
        assert_eq!(world.ledger(&t, third.id).await, ["ProviderPayable EUR 380.00/0.00", "Cash EUR 0.00/380.00"]);
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);
        let seen = finance::queries::care::list(&t.app, &world.keeper(&t).await, PageQuery::default()).await.unwrap();
        let line = &seen.data[0];
        assert_eq!((line.net.amount, line.refunded_share.amount, line.payout_id), (amount("400.00"), amount("200.00"), Some(first.id)));
        let summary = finance::queries::earnings::summary(&t.app, &world.keeper(&t).await).await.unwrap();
        assert!(summary.pending.is_empty() && summary.gives_aftercare, "all of it was paid: {summary:?}");
        let read = finance::queries::payout(&t.app, &world.keeper(&t).await, third.id).await.unwrap();
        assert!(serde_json::to_string(&read).unwrap().contains("SR2603-0001"), "its clinic reads what for");
    }

    /// R-PY-34: what is disputed waits, and comes when the dispute is won.
    async fn r_py_34_a_disputed_charge_is_on_no_statement(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let charge = earned(&t, &world, Currency::EUR).await;
        dispute(&t, &world, &charge, ("created", "needs_response"), 50_000).await;
        t.at("2026-06-23T03:00:00Z");
        finance::service::build::build_due(&t.app).await.unwrap();
        assert!(world.bills(&t).await.is_empty());
        dispute(&t, &world, &charge, ("closed", "won"), 50_000).await;
        assert_eq!(world.settle(&t, "2026-06-30", "2026-07-03").await.net_amount, amount("400.00"));
    }

    /// Lost before any statement: nothing is paid out, and nothing is taken from anything else.
    async fn a_charge_that_is_lost_before_its_statement_costs_nobody(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let charge = earned(&t, &world, Currency::EUR).await;
        dispute(&t, &world, &charge, ("closed", "lost"), 50_000).await;
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);
        world.treated(&t, "DE", "125.00", "2026-03-05", "2026-06-20").await;
        let only = world.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!((only.net_amount, only.adjustment_amount, world.lines(&t, only.id).await.len()), (amount("100.00"), Amount::ZERO, 1));
    }

    /// Pounds for a clinic that is paid in lira: each claim is settled in the currency it is in.
    async fn what_is_taken_back_is_converted_as_it_was_paid_out(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &account_in("TRY")).await;
        let charge = earned(&t, &world, Currency::GBP).await;
        let first = world.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!(world.payable(&t, Currency::GBP).await, Amount::ZERO);
        dispute(&t, &world, &charge, ("closed", "lost"), 50_000).await;
        assert_eq!(world.payable(&t, Currency::GBP).await, amount("-400.00"));
        world.treated(&t, "DE", "1500.00", "2026-03-05", "2026-07-02").await;
        let second = world.settle(&t, "2026-07-07", "2026-07-10").await;
        assert_eq!((first.currency.code(), second.adjustment_amount), ("TRY", first.net_amount), "to the kurus");
        assert_eq!(world.payable(&t, Currency::GBP).await, Amount::ZERO);
        world.ledger(&t, second.id).await;
    }
}
