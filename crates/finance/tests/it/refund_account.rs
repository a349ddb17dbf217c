//! Refunds of transfers go to the account the patient gave (R-PY-54, R-PY-64).

use chrono::TimeDelta;
use kernel::ids::{PaymentId, QuoteId};
use kernel::{Actor, Currency, Guard, Money};
use payments::entity::payment_histories;
use payments::entity::payments::{self as attempts, PaymentStatus, PaymentType};
use payments::service::receipts::{self, BankReceipt};
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors};

use crate::pages::Browser;
use crate::support::{World, amount, fresh, registry, world};

const IBAN: &str = "DE75512108001245126199";

fn account(iban: &str) -> Value {
    json!({ "account_holder_name": "Jane Doe", "bank_name": "Rhein Bank", "bank_country": "DE", "currency": "GBP", "iban": iban, "swift_code": "SOGEDEFF" })
}

/// A booking paid by transfer, and 77.07 pounds too much: they wait to be sent back.
async fn overpaid(t: &TestApp, w: &World) -> (QuoteId, Actor, PaymentId) {
    let chief = w.chief(t).await;
    payments::seed::bank_account(&t.app, &chief).await.unwrap();
    let (quote, patient) = w.accepted(t, "GB", ("2400.00", None), "2026-03-05", "2026-06-15").await;
    payments::seed::begin_transfer(&t.app, &patient, quote).await.unwrap();
    let day = t.now().date_naive();
    let chief = w.chief(t).await;
    for (sum, reference) in [("540.98", "A-1"), ("1700.00", "A-2")] {
        let received = Money::new(amount(sum), Currency::GBP);
        let line = BankReceipt { received, value_date: day, bank_reference: reference.into() };
        receipts::record(&t.app, &chief, quote, &line).await.unwrap();
    }
    t.run_jobs(&registry()).await;
    let waiting = attempts::Entity::find().filter(attempts::Column::PaymentType.eq(PaymentType::Refund));
    let row = waiting.one(t.conn()).await.unwrap().unwrap();
    assert_eq!((row.amount, row.payment_status), (amount("77.07"), PaymentStatus::Pending));
    (quote, patient, row.id)
}

async fn proven(t: &TestApp, patient: &Actor) -> Actor {
    let id = patient.patient().unwrap();
    fresh(t, Guard::Patient, id.any(), actors::patient(id)).await
}

async fn owner(t: &TestApp, w: &World, patient: &Actor) -> Client {
    w.api.as_actor(proven(t, patient).await)
}

async fn opened(t: &TestApp) -> u64 {
    let opened = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("bank_details.opened"));
    opened.count(t.conn()).await.unwrap()
}

async fn status(t: &TestApp, id: PaymentId) -> (PaymentStatus, Option<String>) {
    let row = attempts::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
    (row.payment_status, row.transaction_id)
}

testkit::both! {
    async fn r_py_54_a_refund_goes_to_the_patients_account_once(t: TestApp) {
        let w = world(&t).await;
        let (_, patient, refund) = overpaid(&t, &w).await;
        let path = format!("/admin/bank-transfers/{refund}");
        let desk = w.desk(&t).await;
        assert!(desk.get(&format!("{path}/account")).await.assert_status(200).at("/account").is_null());
        desk.post(&format!("{path}/send"), json!({})).await.assert_problem(409, "bank_details_missing");
        let given = owner(&t, &w, &patient).await.put("/patient/banking-details", account(IBAN)).await.assert_status(200);
        assert_eq!((given.str("/account/account_last4"), given.str("/account/status")), ("6199", "active"));
        // Nobody reads the number: not the patient, not staff, not a log.
        let seen = desk.get(&format!("{path}/account")).await.assert_status(200);
        assert!(!seen.text().contains(IBAN) && !given.text().contains(IBAN));
        assert_eq!((seen.str("/account/account_holder_name"), opened(&t).await), ("Jane Doe", 0));
        let logs = audit_logs::Entity::find().all(t.conn()).await.unwrap();
        assert!(!format!("{logs:?}").contains(IBAN));
        let desk = w.desk(&t).await;
        let send = format!("{path}/send");
        let (a, b) = tokio::join!(desk.post(&send, json!({})), desk.post(&send, json!({})));
        let mut answers = [a.status.as_u16(), b.status.as_u16()];
        answers.sort_unstable();
        assert!(answers[0] == 204 && [204, 409].contains(&answers[1]), "{answers:?}");
        let (state, number) = status(&t, refund).await;
        assert_eq!(state, PaymentStatus::Completed);
        assert!(number.unwrap().starts_with("tr_sim_rf"), "the number of the transfer is its reference");
        desk.post(&format!("{path}/send"), json!({})).await.assert_problem(409, "invalid_transition");
        assert!((1..=2).contains(&opened(&t).await), "each opening is on record");
        let report = payments::service::verify::bookings(&t.app, |_| {}).await.unwrap();
        assert!(report.is_ok(), "{:#?}", report.faults);
    }

    async fn r_py_64_a_replaced_account_waits(t: TestApp) {
        let w = world(&t).await;
        let (_, patient, refund) = overpaid(&t, &w).await;
        let me = owner(&t, &w, &patient).await;
        me.put("/patient/banking-details", account(IBAN)).await.assert_status(200);
        let other = finance::seed::german_iban(1_230_777);
        let again = me.put("/patient/banking-details", account(&other)).await.assert_status(200);
        assert_eq!((again.str("/account/status"), again.get::<i32>("/account/version")), ("pending", 2));
        // In case it was not them.
        let told = platform::outbox::recorded(t.conn(), Some("payment.refund_account_changed")).await.unwrap();
        assert_eq!((told.len(), &told[1].payload["patient_id"]), (2, &json!(patient.patient().unwrap())));
        assert!(!told[1].payload.to_string().contains(&other));
        w.desk(&t).await.post(&format!("/admin/bank-transfers/{refund}/send"), json!({})).await.assert_problem(409, "bank_details_waiting");
        t.advance(TimeDelta::hours(24));
        w.desk(&t).await.post(&format!("/admin/bank-transfers/{refund}/send"), json!({})).await.assert_status(204);
    }

    async fn what_the_bank_refuses_stays_open(t: TestApp) {
        let w = world(&t).await;
        let (_, patient, refund) = overpaid(&t, &w).await;
        // An account whose bank always refuses.
        let mut refused = account("");
        refused["bank_country"] = "US".into();
        refused["account_number"] = "000123450002".into();
        refused["routing_number"] = "021000021".into();
        refused.as_object_mut().unwrap().remove("iban");
        owner(&t, &w, &patient).await.put("/patient/banking-details", refused).await.assert_status(200);
        w.desk(&t).await.post(&format!("/admin/bank-transfers/{refund}/send"), json!({})).await.assert_problem(409, "transfer_refused");
        assert_eq!(status(&t, refund).await, (PaymentStatus::Pending, None));
        // What was tried, and why it did not work, is told to whoever looks later.
        let steps = payment_histories::Entity::find().filter(payment_histories::Column::PaymentId.eq(refund));
        let steps = steps.order_by_asc(payment_histories::Column::Sequence).all(t.conn()).await.unwrap();
        let words: Vec<_> = steps.iter().map(|step| (step.event, step.reason.as_deref())).collect();
        use payment_histories::PaymentHistoryEvent::{Created, Processing, RefundFailed};
        assert_eq!(words, [(Created, None), (Processing, None), (RefundFailed, Some("account_closed"))]);
        for action in ["payment.refund_sent", "payment.refund_not_sent"] {
            let on_record = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action));
            assert_eq!(on_record.count(t.conn()).await.unwrap(), 1, "{action}");
        }
        let alerts = platform::outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
        assert!(alerts.iter().any(|event| event.payload["alert"] == "refund_failed"), "{alerts:?}");
        // Staff send it another way, as before.
        w.desk(&t).await.post(&format!("/admin/bank-transfers/{refund}/sent"), json!({ "bank_reference": "OUT-1" })).await.assert_status(204);
        assert_eq!(status(&t, refund).await, (PaymentStatus::Completed, Some("OUT-1".into())));
    }

    async fn bad_accounts_and_strangers(t: TestApp) {
        let w = world(&t).await;
        let (_, patient, refund) = overpaid(&t, &w).await;
        let me = owner(&t, &w, &patient).await;
        // A patient has no account at the gateway, whatever is sent.
        let mut connected = account(IBAN);
        connected["gateway_destination_id"] = "acct_1Hfs81CcMWPWDsVr".into();
        let given = me.put("/patient/banking-details", connected).await.assert_status(200);
        assert!(given.at("/account/gateway_destination_id").is_null(), "{}", given.text());
        me.put("/patient/banking-details", account("DE00512108001245126199")).await.assert_status(422).assert_field("iban", "invalid_iban");
        w.api.as_actor(patient.clone()).put("/patient/banking-details", account(IBAN)).await.assert_status(401);
        let stranger = actors::patient(kernel::ids::PatientId::new());
        assert!(w.api.as_actor(stranger).get("/patient/banking-details").await.assert_status(200).at("/account").is_null());
        let path = format!("/admin/bank-transfers/{refund}");
        me.get(&format!("{path}/account")).await.assert_status(403);
        me.post(&format!("{path}/send"), json!({})).await.assert_status(403);
        let viewer = w.api.as_actor(actors::staff(w.admin, "billing_viewer"));
        viewer.post(&format!("{path}/send"), json!({})).await.assert_status(403);
        w.desk(&t).await.post(&format!("/admin/bank-transfers/{}/send", PaymentId::new()), json!({})).await.assert_status(404);
        w.api.as_actor(w.keeper(&t).await).get("/patient/banking-details").await.assert_status(403);
        t.advance(TimeDelta::minutes(6));
        me.put("/patient/banking-details", account(IBAN)).await.assert_problem(403, "reauth_required");
    }

    async fn the_pages_of_a_refund_by_transfer(t: TestApp) {
        let w = world(&t).await;
        let (_, patient, refund) = overpaid(&t, &w).await;
        let me = Browser::of(&t, proven(&t, &patient).await);
        assert!(me.read("/patient/bank-details").await.contains("Account for refunds"));
        let send = format!("/admin/bank-receipts/{refund}/account");
        let desk = Browser::of(&t, w.chief(&t).await);
        let page = desk.read(&send).await;
        assert!(page.contains("No account yet") && page.contains("£77.07") && !page.contains("<form class=\"card form\""), "{page}");
        let typed = [("account_holder_name", "Jane Doe"), ("bank_name", "Rhein Bank"), ("bank_country", "DE"), ("currency", "GBP"), ("iban", "DE00"), ("swift_code", "SOGEDEFF")];
        let again = me.post("/patient/bank-details", &typed).await.assert_status(422).text();
        assert!(again.contains("iban-error") && again.contains("value=\"Jane Doe\""), "{again}");
        let mut right = typed;
        right[4].1 = IBAN;
        me.post("/patient/bank-details", &right).await.assert_status(303);
        let page = me.read("/patient/bank-details").await;
        assert!(page.contains("6199") && !page.contains(IBAN), "{page}");
        let desk = Browser::of(&t, w.chief(&t).await);
        assert!(desk.read(&send).await.contains("Send £77.07"));
        desk.post(&send, &[]).await.assert_status(303);
        desk.post(&send, &[]).await.assert_status(409);
        assert_eq!(status(&t, refund).await.0, PaymentStatus::Completed);
    }

    /// Whose money it is must be clear: an account for other money, or one a clinic has too, gets nothing.
    async fn r_fn_55_an_account_a_clinic_has_too_gets_nothing(t: TestApp) {
        let w = world(&t).await;
        let (_, patient, refund) = overpaid(&t, &w).await;
        let shared = finance::seed::german_iban(1_230_555);
        let typed = finance::rules::account::Typed { iban: shared.clone(), ..crate::support::euros() };
        w.give(&t, &typed).await;
        let me = owner(&t, &w, &patient).await;
        let send = format!("/admin/bank-transfers/{refund}/send");
        let mut other = account(&shared);
        me.put("/patient/banking-details", other.clone()).await.assert_status(200);
        w.desk(&t).await.post(&send, json!({})).await.assert_problem(409, "bank_details_shared");
        let clinic = w.api.as_actor(w.keeper(&t).await).get("/provider/banking-details").await.assert_status(200);
        assert_eq!(clinic.str("/account/status"), "active", "what a patient types holds up no clinic");
        other["iban"] = IBAN.into();
        other["currency"] = "EUR".into();
        me.put("/patient/banking-details", other).await.assert_status(200);
        w.desk(&t).await.post(&send, json!({})).await.assert_problem(409, "bank_details_currency");
    }

    /// The bank says nothing for half an hour: nobody records it as sent another way meanwhile, and asking later settles it.
    async fn a_refund_nobody_heard_of_is_asked_after(t: TestApp) {
        let w = world(&t).await;
        let (_, patient, refund) = overpaid(&t, &w).await;
        let slow = crate::support::ending(1000).iban;
        owner(&t, &w, &patient).await.put("/patient/banking-details", account(&slow)).await.assert_status(200);
        let path = format!("/admin/bank-transfers/{refund}");
        w.desk(&t).await.post(&format!("{path}/send"), json!({})).await.assert_problem(409, "transfer_unknown");
        w.desk(&t).await.post(&format!("{path}/sent"), json!({ "bank_reference": "OUT-1" })).await.assert_problem(409, "transfer_unknown");
        // Another account given meanwhile changes nothing about the one that was asked for.
        owner(&t, &w, &patient).await.put("/patient/banking-details", account(IBAN)).await.assert_status(200);
        finance::service::refund_account::poll(&t.app).await.unwrap();
        assert_eq!(status(&t, refund).await.0, PaymentStatus::Pending);
        t.advance(TimeDelta::minutes(31));
        finance::service::refund_account::poll(&t.app).await.unwrap();
        let (state, number) = status(&t, refund).await;
        assert!(state == PaymentStatus::Completed && number.unwrap().starts_with("tr_sim_rf"));
        finance::service::refund_account::poll(&t.app).await.unwrap();
    }
}
