//! Aftercare bought on its own: its price, its charges, what goes back, what clinics get (R-PY-70, R-AC-56 to 63, GS-5, GS-8).

use aftercare::entity::after_cares::{self, AfterCareStatus};
use aftercare::entity::aftercare_templates as offerings;
use aftercare::entity::standalone_aftercare_requests::{
    self as requests, StandaloneAftercareRequestStatus as RequestStatus,
};
use chrono::TimeDelta;
use identity::anonymity::{self, Level};
use identity::auth::Carrier;
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use identity::service::sessions::{self, Holder};
use kernel::ids::{AftercareTemplateId, PatientId, ProviderId, StandaloneAftercareRequestId, UserId};
use kernel::{Actor, Currency, Guard};
use payments::entity::aftercare_payments::{
    self as charges, AftercarePaymentStatus as Status, AftercarePaymentType as Type,
};
use payments::entity::{gateway_accounts, ledger_entries, payment_documents};
use platform::jobs::Registry;
use platform::outbox;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp, actors};

const BAD_LATER: &str = "4000000000000341";
const GOOD: &str = "4242424242424242";
const WHY: &str = "The patient asked for it, and it was promised.";

struct World {
    boss: UserId,
    patient: Actor,
    owner: Actor,
    provider: ProviderId,
    offering: AftercareTemplateId,
    api: Client,
}

fn registry() -> Registry {
    Registry {
        subscriptions: payments::subscriptions().into_iter().chain(aftercare::subscriptions()).collect(),
        kinds: payments::jobs(),
        schedules: payments::schedules().into_iter().chain(aftercare::schedules()).collect(),
    }
}

async fn fresh(t: &TestApp, id: UserId) -> Actor {
    let policy = sessions::policy_of(&t.app, Guard::Api).await.unwrap();
    let session = platform::write_txn!(t.app.db, |txn| {
        let holder = Holder { guard: Guard::Api, id: id.any() };
        sessions::open(txn, &t.app, &Actor::anonymous(), holder, (policy, Carrier::Cookie), true, None).await
    });
    session.unwrap();
    let newest = identity::entity::auth_sessions::Entity::find();
    let newest = newest.order_by_desc(identity::entity::auth_sessions::Column::Id).one(t.conn()).await.unwrap();
    let mut actor = actors::super_admin(id);
    actor.session = newest.map(|session| session.id);
    actor
}

async fn person(t: &TestApp, email: &str) -> Actor {
    let mut spec = PatientSpec::new(&t.app, "Jane", "Doe");
    spec.country = "GB".into();
    spec.email = email.into();
    spec.phone = format!("+44770090{:04}", email.len() * 7);
    actors::patient(identity::seed::patient(&t.app, spec).await.unwrap().id)
}

/// GS-5: six months in pounds, 500 at once or 80 a month; twelve in euros at 82.35. Hairline keeps 20 percent.
async fn world(t: &TestApp) -> World {
    t.at("2026-01-31T10:00:00Z");
    payments::install(&t.app).await.unwrap();
    catalogue::install(&t.app).await.unwrap();
    let boss = identity::seed::admin(&t.app, AdminSpec::super_admin("boss@hairline.example")).await.unwrap();
    aftercare::install(&t.app).await.unwrap();
    for (currency, rate) in [(Currency::EUR, "0.92"), (Currency::GBP, "0.79")] {
        catalogue::fx::set_manual_rate(t.conn(), t.now(), currency, rate.parse().unwrap(), 5.into()).await.unwrap();
    }
    catalogue::seed::treatments(&t.app, boss).await.unwrap();
    let provider = crate::support::clinic(t).await;
    let member = MemberSpec::new("provider_owner", "Ayse", "Yilmaz", "ayse@clinic.example");
    let owner = identity::seed::clinic_user(&t.app, provider, member).await.unwrap();
    let api = t.client(aftercare::routes().merge(payments::routes()));
    let mut world = World {
        boss,
        patient: person(t, "jane@patients.example").await,
        owner: actors::clinic_owner(owner, provider),
        provider,
        offering: AftercareTemplateId::new(),
        api,
    };
    let desk = world.desk(t).await;
    let all: Vec<Value> = desk.get("/aftercare-templates").await.assert_status(200).get("");
    for row in all {
        let prices = match row["months"].as_i64() {
            Some(6) => json!({ "GBP": { "fixed": "500.00", "monthly": "80.00" } }),
            _ => json!({ "EUR": { "fixed": "900.00", "monthly": "82.35" } }),
        };
        let change = json!({ "is_purchasable": true, "service_description": "We look after you.", "pricing_model": "both",
            "prices": prices, "lock_version": row["lock_version"] });
        let path = format!("/aftercare-templates/{}", row["id"].as_str().unwrap());
        desk.put(&path, change).await.assert_status(200);
        if row["months"] == 6 {
            world.offering = row["id"].as_str().unwrap().parse().unwrap();
        }
    }
    world
}

impl World {
    async fn desk(&self, t: &TestApp) -> Client {
        self.api.as_actor(fresh(t, self.boss).await)
    }

    fn me(&self) -> Client {
        self.api.as_actor(self.patient.clone())
    }

    fn clinic(&self) -> Client {
        self.api.as_actor(self.owner.clone())
    }

    fn form(&self, model: &str, total: &str) -> Value {
        json!({ "offering_id": self.offering, "pricing_model": model, "expected_total": { "amount": total, "currency": "GBP" },
            "treatment_date": "2026-01-20", "clinic_name": "Istanbul Hair Centre", "treatment_type": "FUE", "graft_count": 2500,
            "current_concerns": "Some redness.", "accept_terms": true })
    }

    async fn asked(&self, model: &str, total: &str) -> StandaloneAftercareRequestId {
        self.me().post("/standalone-aftercare-requests", self.form(model, total)).await.assert_status(201).get("/id")
    }

    /// Starts to pay what is due, and confirms it with a card.
    async fn pays(&self, id: StandaloneAftercareRequestId, amount: &str, card: &str) -> Reply {
        let ask =
            json!({ "expected_amount": { "amount": amount, "currency": "GBP" }, "accept_automatic_charges": true });
        let started = self.me().post(&format!("/standalone-aftercare-requests/{id}/pay"), ask).await.assert_status(200);
        let confirm = json!({ "client_secret": started.str("/client_secret"),
            "card": { "number": card, "exp_month": 12, "exp_year": 2099, "cvc": "123" } });
        self.api.post(&format!("/simulator/payment-intents/{}/confirm", started.str("/intent_id")), confirm).await
    }

    /// Bought by the month, and the first paid.
    async fn subscribed(&self, t: &TestApp, card: &str) -> StandaloneAftercareRequestId {
        let id = self.asked("monthly_subscription", "480.00").await;
        self.pays(id, "80.00", card).await.assert_status(200);
        t.run_jobs(&registry()).await;
        id
    }

    /// The same, given to the clinic and begun.
    async fn begun(&self, t: &TestApp, id: StandaloneAftercareRequestId) {
        let desk = self.desk(t).await;
        let seen = desk.get(&format!("/standalone-aftercare-requests/{id}")).await.assert_status(200);
        let give = json!({ "provider_id": self.provider, "lock_version": seen.at("/lock_version") });
        desk.post(&format!("/standalone-aftercare-requests/{id}/assign"), give).await.assert_status(204);
        self.clinic()
            .post(&format!("/standalone-aftercare-requests/{id}/activate"), json!({}))
            .await
            .assert_status(201);
    }
}

async fn rows(t: &TestApp, kind: Type) -> Vec<charges::Model> {
    let rows = charges::Entity::find().filter(charges::Column::PaymentType.eq(kind));
    rows.order_by_asc(charges::Column::Id).all(t.conn()).await.unwrap()
}

/// Status, commission and share of each row.
async fn split(t: &TestApp, kind: Type) -> Vec<(Status, String, String)> {
    let text = |amount: Option<kernel::Amount>| amount.map(|it| it.to_string()).unwrap_or_default();
    let rows = rows(t, kind).await;
    rows.into_iter().map(|row| (row.payment_status, text(row.commission_amount), text(row.provider_share))).collect()
}

async fn request(t: &TestApp, id: StandaloneAftercareRequestId) -> requests::Model {
    requests::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
}

/// The books are what the rows say.
async fn proven(t: &TestApp) {
    let report = payments::service::verify::bookings(&t.app, |_| {}).await.unwrap();
    assert!(report.is_ok() && report.requests > 0, "{:#?}", report.faults);
}

/// What the ledger holds of an account, in its credits.
async fn held(t: &TestApp, account: ledger_entries::LedgerEntryAccount) -> String {
    let rows = ledger_entries::Entity::find().filter(ledger_entries::Column::Account.eq(account)).all(t.conn()).await;
    rows.unwrap().into_iter().map(|row| row.credit - row.debit).sum::<kernel::Amount>().to_string()
}

/// An event of the gateway, delivered and worked on.
async fn heard(t: &TestApp, w: &World, event: &Value) {
    let account = gateway_accounts::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
    let text = event.to_string();
    let secret = t.app.config.payments.webhook_secret.expose().clone();
    let signed = payments::gateway::signature::sign(&secret, t.now(), text.as_bytes());
    let hook = w.api.header("stripe-signature", &signed);
    hook.raw(&format!("/webhooks/gateway/{account}"), "application/json", text).await.assert_status(200);
    t.run_jobs(&registry()).await;
}

async fn sql(t: &TestApp, statement: &str) {
    t.conn().execute_unprepared(statement).await.unwrap();
}

async fn told(t: &TestApp, key: &str) -> usize {
    outbox::recorded(t.conn(), Some(key)).await.unwrap().len()
}

/// The clock of a day, an hour after charges are made.
async fn day(t: &TestApp, day: &str) {
    t.at(&format!("{day}T10:00:00Z"));
    t.run_jobs(&registry()).await;
}

testkit::both! {
    /// GS-5: bought on 31 January, charged on the last day of shorter months.
    async fn r_py_70_a_subscription_is_charged_each_month(t: TestApp) {
        let w = world(&t).await;
        let offered = w.me().get("/aftercare-offerings?currency=GBP&treatment_type=FUE").await.assert_status(200);
        assert_eq!((offered.str("/0/prices/0/total/amount"), offered.str("/0/prices/1/charge/amount")), ("480.00", "500.00"));
        assert_eq!(offered.get::<Vec<Value>>("").len(), 1, "no price in pounds, not offered");
        let id = w.asked("monthly_subscription", "480.00").await;
        let planned: Vec<(String, Status)> = rows(&t, Type::Charge).await.into_iter().map(|row| (row.due_date.to_string(), row.payment_status)).collect();
        let days = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"];
        assert_eq!(planned, days.map(|day| (day.to_owned(), Status::Pending)));
        let paid = w.pays(id, "80.00", GOOD).await.assert_status(200);
        assert_eq!(paid.str("/status"), "succeeded");
        t.run_jobs(&registry()).await;
        assert_eq!(split(&t, Type::Charge).await[0], (Status::Completed, "16.00".into(), "64.00".into()));
        t.at("2026-02-05T10:00:00Z");
        w.begun(&t, id).await;
        // R-AC-59: told three days ahead, charged on the day, each once.
        day(&t, "2026-02-24").await;
        assert_eq!(told(&t, "aftercare.payment_due_reminder").await, 0);
        day(&t, "2026-02-25").await;
        day(&t, "2026-02-26").await;
        assert_eq!(told(&t, "aftercare.payment_due_reminder").await, 1);
        t.at("2026-02-28T08:59:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!(rows(&t, Type::Charge).await[1].payment_status, Status::Pending, "not before nine");
        // A run that was missed is made up for, and two at once charge once.
        day(&t, "2026-04-02").await;
        t.run_jobs(&registry()).await;
        let kept: Vec<Status> = rows(&t, Type::Charge).await.into_iter().map(|row| row.payment_status).collect();
        assert_eq!(kept, [Status::Completed, Status::Completed, Status::Completed, Status::Pending, Status::Pending, Status::Pending]);
        for at in ["2026-04-30", "2026-05-31", "2026-06-30"] {
            day(&t, at).await;
        }
        assert!(split(&t, Type::Charge).await.iter().all(|row| *row == (Status::Completed, "16.00".into(), "64.00".into())));
        let receipts = payment_documents::Entity::find().order_by_asc(payment_documents::Column::Id).all(t.conn()).await.unwrap();
        let numbers: Vec<&str> = receipts.iter().map(|row| row.document_number.as_str()).collect();
        assert_eq!(numbers.len(), 6, "R-AC-63");
        assert_eq!(numbers[0], "RCT-2601-00001");
        let file = w.me().get(&format!("/documents/{}/file", receipts[0].id)).await.assert_status(200);
        assert!(file.text().starts_with("%PDF"), "{}", file.text().len());
        w.api.as_actor(person(&t, "other@patients.example").await).get(&format!("/documents/{}/file", receipts[0].id)).await.assert_status(404);
        // Five months are over by the last charge, the sixth runs until August.
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::CustomerFunds).await, "160.00");
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::ProviderPayable).await, "256.00");
        proven(&t).await;
    }

    /// GS-5: what Hairline keeps of a fixed price, and of twelve months in euros; all of it adds up.
    async fn r_ac_61_shares_are_frozen_at_the_first_payment(t: TestApp) {
        let w = world(&t).await;
        let id = w.asked("fixed", "500.00").await;
        w.pays(id, "500.00", GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(split(&t, Type::Charge).await, [(Status::Completed, "100.00".into(), "400.00".into())]);
        assert_eq!(rows(&t, Type::Charge).await[0].commission_rate, Some(20));
        let body = json!({ "expected_amount": { "amount": "500.00", "currency": "GBP" } });
        w.me().post(&format!("/standalone-aftercare-requests/{id}/pay"), body).await.assert_problem(409, "already_paid");
        proven(&t).await;
    }

    /// GS-5: staff reject after the first charge; GS-8: unpaid for two days.
    async fn r_ac_62_what_ends_before_it_began_goes_back(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        let path = format!("/standalone-aftercare-requests/{id}/reject");
        let desk = w.desk(&t).await;
        desk.post(&path, json!({ "reason": " " })).await.assert_status(422).assert_field("reason", "reason_required");
        let back = desk.post(&path, json!({ "reason": "We cannot judge this treatment." })).await.assert_status(200);
        assert_eq!(back.str("/refund/amount"), "80.00");
        desk.post(&path, json!({ "reason": "Again." })).await.assert_problem(409, "request_final");
        t.run_jobs(&registry()).await;
        assert_eq!(split(&t, Type::Refund).await, [(Status::Completed, "16.00".into(), "64.00".into())]);
        let states: Vec<Status> = rows(&t, Type::Charge).await.into_iter().map(|row| row.payment_status).collect();
        assert_eq!((states[0], states[1..].iter().all(|it| *it == Status::Cancelled)), (Status::Refunded, true));
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::CustomerFunds).await, "0.00");
        let credit = payment_documents::Entity::find().order_by_desc(payment_documents::Column::Id).one(t.conn()).await.unwrap().unwrap();
        assert!(credit.document_number.starts_with("CRN-"));
        day(&t, "2026-03-05").await;
        assert_eq!(rows(&t, Type::Charge).await.iter().filter(|row| row.payment_status == Status::Cancelled).count(), 5, "nothing is charged any more");
        // Whoever was refused may ask again.
        assert_eq!(request(&t, id).await.open_key, None);
        proven(&t).await;
    }

    /// GS-8: the success arrives a minute after the request ended.
    async fn gs_8_money_that_comes_too_late_goes_back(t: TestApp) {
        let w = world(&t).await;
        let id = w.asked("fixed", "500.00").await;
        let ask = json!({ "expected_amount": { "amount": "500.00", "currency": "GBP" } });
        let started = w.me().post(&format!("/standalone-aftercare-requests/{id}/pay"), ask).await.assert_status(200);
        t.at("2026-02-02T09:59:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!(request(&t, id).await.request_status, RequestStatus::Pending);
        // The card is confirmed while the request ends: the bank answers a minute later.
        let slow = json!({ "client_secret": started.str("/client_secret"), "card": { "number": "4000000000001000", "exp_month": 12, "exp_year": 2099, "cvc": "123" } });
        w.api.post(&format!("/simulator/payment-intents/{}/confirm", started.str("/intent_id")), slow).await.assert_status(200);
        t.at("2026-02-02T10:00:00Z");
        aftercare::service::standalone::expire_due(&t.app).await.unwrap();
        let ended = request(&t, id).await;
        assert_eq!((ended.request_status, ended.reject_code.as_deref()), (RequestStatus::Rejected, Some("payment_expired")));
        t.at("2026-02-02T10:01:30Z");
        t.run_jobs(&registry()).await;
        t.run_jobs(&registry()).await;
        assert_eq!(split(&t, Type::Refund).await.len(), 1);
        assert_eq!(rows(&t, Type::Charge).await[0].payment_status, Status::Refunded);
        assert_eq!(request(&t, id).await.request_status, RequestStatus::Rejected, "it stays so");
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::Cash).await, "0.00");
        proven(&t).await;
    }

    /// GS-5: activated on 5 February, cancelled on 10 April: three months paid, three begun.
    async fn r_ac_62_a_subscription_ends_with_its_month(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        t.at("2026-02-05T10:00:00Z");
        w.begun(&t, id).await;
        let spans: Vec<String> = rows(&t, Type::Charge).await.iter().map(|row| format!("{}..{}", row.service_period_start.unwrap(), row.service_period_end.unwrap())).collect();
        assert_eq!(spans[..3], ["2026-02-05..2026-03-04", "2026-03-05..2026-04-04", "2026-04-05..2026-05-04"]);
        day(&t, "2026-02-28").await;
        day(&t, "2026-03-31").await;
        day(&t, "2026-04-10").await;
        // Two months are over: their shares are the clinic's and Hairline's.
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::ProviderPayable).await, "128.00");
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::PlatformRevenue).await, "32.00");
        let path = format!("/standalone-aftercare-requests/{id}/cancel-subscription");
        w.api.as_actor(person(&t, "other@patients.example").await).post(&path, json!({})).await.assert_status(404);
        let stopped = w.me().post(&path, json!({})).await.assert_status(200);
        assert_eq!((stopped.at("/refund"), stopped.str("/ends_on")), (&Value::Null, "2026-05-04"));
        let states: Vec<Status> = rows(&t, Type::Charge).await.into_iter().map(|row| row.payment_status).collect();
        assert_eq!(states[3..], [Status::Cancelled, Status::Cancelled, Status::Cancelled]);
        w.me().post(&path, json!({})).await.assert_problem(409, "nothing_to_cancel");
        day(&t, "2026-05-04").await;
        let case = async || after_cares::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((case().await.status, case().await.ended_at), (AfterCareStatus::Active, None), "it runs to the end of its month");
        day(&t, "2026-05-05").await;
        assert!(case().await.ended_at.is_some() && case().await.suspended_reason.as_deref() == Some("subscription_ended"));
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::ProviderPayable).await, "192.00");
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::CustomerFunds).await, "0.00");
        proven(&t).await;
    }

    /// GS-5: a fixed price in the same position: at most the part of the months that have not begun.
    async fn r_ac_62_staff_give_back_what_is_not_begun(t: TestApp) {
        let w = world(&t).await;
        let id = w.asked("fixed", "500.00").await;
        w.pays(id, "500.00", GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        t.at("2026-02-05T10:00:00Z");
        w.begun(&t, id).await;
        w.me().post(&format!("/standalone-aftercare-requests/{id}/cancel-subscription"), json!({})).await.assert_problem(409, "nothing_to_cancel");
        t.at("2026-04-10T10:00:00Z");
        let charge = rows(&t, Type::Charge).await[0].id;
        let path = format!("/aftercare-payments/{charge}/refund");
        let sum = |amount: &str| json!({ "refund": { "amount": amount, "currency": "GBP" }, "reason": WHY });
        let desk = w.desk(&t).await;
        desk.post(&path, sum("250.01")).await.assert_problem(409, "refund_exceeds_paid");
        desk.post(&path, json!({ "refund": { "amount": "1.00", "currency": "EUR" }, "reason": WHY })).await.assert_status(422).assert_field("refund", "currency_mismatch");
        desk.post(&path, json!({ "refund": { "amount": "1.00", "currency": "GBP" }, "reason": "short" })).await.assert_field("reason", "reason_length");
        t.advance(TimeDelta::minutes(6));
        desk.post(&path, sum("10.00")).await.assert_problem(403, "reauth_required");
        let desk = w.desk(&t).await;
        w.api.as_actor(actors::staff(w.boss, "billing_viewer")).post(&path, sum("10.00")).await.assert_status(403);
        w.clinic().post(&path, sum("10.00")).await.assert_status(403);
        // Two clicks: the money for one of them is gone then.
        let (a, b) = tokio::join!(desk.post(&path, sum("250.00")), desk.post(&path, sum("250.00")));
        let mut answers = [a.status.as_u16(), b.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409]);
        t.run_jobs(&registry()).await;
        assert_eq!(split(&t, Type::Refund).await, [(Status::Completed, "50.00".into(), "200.00".into())], "in proportion");
        assert_eq!(rows(&t, Type::Charge).await[0].payment_status, Status::Completed, "half of it stays");
        day(&t, "2026-08-05").await;
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::ProviderPayable).await, "200.00");
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::PlatformRevenue).await, "50.00");
        proven(&t).await;
    }

    /// R-AC-59: days 1, 3 and 7 with the same intent, then the case is paused until it is paid.
    async fn r_py_70_a_refused_month_is_tried_again_and_then_pauses_the_case(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, BAD_LATER).await;
        t.at("2026-02-05T10:00:00Z");
        w.begun(&t, id).await;
        let tries = async || {
            let row = rows(&t, Type::Charge).await[1].clone();
            (row.attempts, row.payment_status, row.next_attempt_at.map(|at| at.to_rfc3339()))
        };
        let case = async || after_cares::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let next = |text: &str| Some(format!("{text}T09:00:00+00:00"));
        for (at, attempts, again) in [("2026-02-28", 1, next("2026-03-01")), ("2026-03-01", 2, next("2026-03-03")), ("2026-03-03", 3, next("2026-03-07"))] {
            day(&t, at).await;
            assert_eq!(tries().await, (attempts, Status::Failed, again), "{at}");
            assert_eq!(case().await.status, AfterCareStatus::Active);
        }
        let intent = rows(&t, Type::Charge).await[1].stripe_payment_intent_id.clone();
        day(&t, "2026-03-07").await;
        assert_eq!(tries().await, (4, Status::Failed, None));
        assert_eq!(rows(&t, Type::Charge).await[1].stripe_payment_intent_id, intent, "one intent for all tries");
        assert_eq!((case().await.status, case().await.suspended_reason.as_deref()), (AfterCareStatus::Suspended, Some("payment_overdue")));
        assert_eq!(told(&t, "aftercare.payment_failed").await, 4);
        day(&t, "2026-03-20").await;
        assert_eq!(tries().await, (4, Status::Failed, None), "people decide now");
        // The patient pays with another card: the case goes on, what was due meanwhile is not asked for.
        w.pays(id, "80.00", GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(tries().await.1, Status::Completed);
        assert_eq!((case().await.status, case().await.suspended_at), (AfterCareStatus::Active, None));
        assert_eq!(told(&t, "aftercare.case_resumed").await, 1);
        let plan = aftercare::entity::aftercare_milestones::Entity::find().all(t.conn()).await.unwrap();
        let excused: usize = plan.iter().map(|row| row.schedule["excused"].as_array().map_or(0, Vec::len)).sum();
        assert!(excused > 0, "{plan:?}");
        // The new card is charged from now on.
        day(&t, "2026-03-31").await;
        assert_eq!(rows(&t, Type::Charge).await[2].payment_status, Status::Completed);
        proven(&t).await;
    }

    async fn r_ac_59_a_declined_checkout_is_tried_again_with_its_intent(t: TestApp) {
        let w = world(&t).await;
        let id = w.asked("fixed", "500.00").await;
        w.pays(id, "500.00", "4000000000000002").await.assert_status(402);
        t.run_jobs(&registry()).await;
        let first = rows(&t, Type::Charge).await[0].clone();
        assert_eq!((first.payment_status, first.failure_code.as_deref()), (Status::Failed, Some("generic_decline")));
        w.pays(id, "500.00", GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let now = rows(&t, Type::Charge).await[0].clone();
        assert_eq!((now.payment_status, now.stripe_payment_intent_id), (Status::Completed, first.stripe_payment_intent_id));
        assert!(request(&t, id).await.waiting_since.is_some());
        assert_eq!(told(&t, "aftercare.standalone_requested").await, 1);
        proven(&t).await;
    }

    async fn r_ac_57_bad_requests_and_strangers(t: TestApp) {
        let w = world(&t).await;
        let path = "/standalone-aftercare-requests";
        let with = |field: &str, value: Value| { let mut form = w.form("fixed", "500.00"); form[field] = value; form };
        for (field, value, code) in [
            ("treatment_date", json!("2026-02-01"), "in_future"), ("clinic_name", json!(" "), "clinic_name_length"),
            ("treatment_type", json!("Magic"), "unknown_value"), ("graft_count", json!(10_001), "out_of_range"),
            ("graft_count", json!(0), "out_of_range"), ("current_concerns", json!("x".repeat(2001)), "too_long"),
            ("accept_terms", json!(false), "required"),
        ] {
            w.me().post(path, with(field, value)).await.assert_status(422).assert_field(field, code);
        }
        w.me().post(path, with("expected_total", json!({ "amount": "499.99", "currency": "GBP" }))).await.assert_problem(409, "price_changed");
        w.me().post(path, with("expected_total", json!({ "amount": "500.00", "currency": "USD" }))).await.assert_problem(422, "price_not_available");
        w.me().post(path, with("offering_id", json!(AftercareTemplateId::new()))).await.assert_status(404);
        w.clinic().post(path, w.form("fixed", "500.00")).await.assert_status(403);
        assert_eq!(charges::Entity::find().count(t.conn()).await.unwrap(), 0, "nothing was written");
        let me = w.me();
        let (a, b) = tokio::join!(me.post(path, w.form("fixed", "500.00")), me.post(path, w.form("fixed", "500.00")));
        let mut answers = [a.status.as_u16(), b.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409], "{} {}", a.text(), b.text());
        let id: StandaloneAftercareRequestId = requests::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        assert_eq!(request(&t, id).await.request_code.as_deref(), Some("SR2601-0001"));
        let own = format!("{path}/{id}");
        let stranger = w.api.as_actor(actors::patient(PatientId::new()));
        stranger.get(&own).await.assert_status(404);
        stranger.post(&format!("{own}/pay"), json!({ "expected_amount": { "amount": "500.00", "currency": "GBP" } })).await.assert_status(404);
        w.clinic().get(&own).await.assert_status(404);
        w.api.get(&own).await.assert_status(401);
        assert_eq!(stranger.get("/aftercare-payments").await.assert_status(200).at("/meta/total"), &json!(0));
        w.me().post(&format!("{own}/pay"), json!({ "expected_amount": { "amount": "1.00", "currency": "GBP" } })).await.assert_problem(409, "amount_changed");
        let desk = w.desk(&t).await;
        let give = json!({ "provider_id": w.provider, "lock_version": 0 });
        desk.post(&format!("{own}/assign"), give.clone()).await.assert_problem(409, "request_not_paid");
        desk.post(&format!("{own}/activate"), json!({})).await.assert_problem(409, "request_not_assigned");
        w.me().post(&format!("{own}/reject"), json!({ "reason": "x" })).await.assert_status(403);
        // Its patient thinks better of it before anything is paid.
        w.me().post(&format!("{own}/cancel-subscription"), json!({})).await.assert_status(200);
        assert_eq!(request(&t, id).await.reject_code.as_deref(), Some("cancelled_by_patient"));
    }

    /// R-AC-58, R-AC-60: only what is paid is given to a clinic, and only its clinic begins.
    async fn r_ac_60_a_clinic_begins_what_it_was_given(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        let path = format!("/standalone-aftercare-requests/{id}");
        let other = actors::clinic_owner(kernel::ids::ProviderUserId::new(), ProviderId::new());
        w.api.as_actor(other.clone()).post(&format!("{path}/activate"), json!({})).await.assert_status(404);
        let desk = w.desk(&t).await;
        let seen = desk.get(&path).await.assert_status(200);
        assert!(seen.at("/current_concerns").is_null(), "staff read it in the case, after they have said why");
        let give = json!({ "provider_id": w.provider, "lock_version": seen.at("/lock_version") });
        // R-ID-58: from then on the clinic knows who it is, and nobody else does.
        let me = w.patient.patient().unwrap();
        let elsewhere = crate::support::clinic(&t).await;
        let known = async |clinic| anonymity::level(t.conn(), clinic, me).await.unwrap();
        assert_eq!(known(w.provider).await, Level::Full);
        desk.post(&format!("{path}/assign"), give.clone()).await.assert_status(204);
        assert_eq!((known(w.provider).await, known(elsewhere).await), (Level::None, Level::Full));
        assert_eq!(w.clinic().get(&path).await.str("/patient_name"), "Jane Doe");
        sql(&t, &format!("UPDATE patients SET identity_hold_at = '2026-01-31 10:00:00' WHERE id = '{me}'")).await;
        assert!(w.clinic().get(&path).await.str("/patient_name").starts_with("Patient "), "an order to hide who it is counts more");
        assert_eq!(desk.get(&path).await.str("/patient_name"), "Jane Doe");
        sql(&t, &format!("UPDATE patients SET identity_hold_at = NULL WHERE id = '{me}'")).await;
        let again = json!({ "provider_id": elsewhere, "lock_version": seen.at("/lock_version") });
        desk.post(&format!("{path}/assign"), again).await.assert_problem(409, "stale_version");
        let given = w.clinic().get(&path).await.assert_status(200);
        assert_eq!((given.str("/current_concerns"), given.at("/charges")), ("Some redness.", &json!([])), "what is paid is not the clinic's affair");
        w.api.as_actor(other).post(&format!("{path}/decline"), json!({ "reason": "x" })).await.assert_status(404);
        w.clinic().post(&format!("{path}/decline"), json!({ "reason": "" })).await.assert_status(422);
        w.clinic().post(&format!("{path}/decline"), json!({ "reason": "We are full." })).await.assert_status(204);
        assert_eq!(request(&t, id).await.request_status, RequestStatus::Pending);
        assert_eq!(known(w.provider).await, Level::Full, "who declines forgets");
        assert_eq!(told(&t, "patient.anonymization_changed").await, 2);
        w.begun(&t, id).await;
        assert_eq!(known(w.provider).await, Level::None);
        let case = after_cares::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((case.standalone_request_id, case.quote_id, case.start_date.unwrap().to_string()), (Some(id), None, "2026-01-31".to_owned()));
        assert_eq!((case.total_price.unwrap().to_string(), case.duration_months), ("480.00".into(), Some(6)));
        let twice = w.clinic().post(&format!("{path}/activate"), json!({})).await.assert_problem(409, "aftercare_exists");
        assert_eq!(twice.get::<kernel::ids::AfterCareId>("/case_id"), case.id);
        assert_eq!(told(&t, "aftercare.activated").await, 1);
        proven(&t).await;
    }

    /// Paid, and nobody takes it: warned on days 3, 5 and 6, back on the seventh; the clock stands still while a clinic is asked.
    async fn a_request_nobody_takes_goes_back_after_a_week(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        for (days, warned) in [(2, 0), (3, 1), (4, 1), (5, 2), (6, 3)] {
            t.at("2026-01-31T10:00:00Z");
            t.advance(TimeDelta::days(days) + TimeDelta::minutes(1));
            t.run_jobs(&registry()).await;
            assert_eq!(told(&t, "aftercare.request_expiring").await, warned, "day {days}");
        }
        let hold = format!("/standalone-aftercare-requests/{id}/hold");
        w.desk(&t).await.post(&hold, json!({ "awaiting_provider": true })).await.assert_status(204);
        t.at("2026-02-12T10:00:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!(request(&t, id).await.request_status, RequestStatus::Pending);
        w.desk(&t).await.post(&hold, json!({ "awaiting_provider": false })).await.assert_status(204);
        t.at("2026-02-19T10:00:30Z");
        t.run_jobs(&registry()).await;
        t.run_jobs(&registry()).await;
        let ended = request(&t, id).await;
        assert_eq!((ended.request_status, ended.reject_code.as_deref()), (RequestStatus::Rejected, Some("assignment_expired")));
        assert_eq!(split(&t, Type::Refund).await.len(), 1);
        proven(&t).await;
    }

    /// Races 5 and 7: the webhook five times at once, the clock on two workers.
    async fn r_py_70_nothing_is_charged_or_booked_twice(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        w.begun(&t, id).await;
        t.at("2026-02-28T09:00:00Z");
        let (a, b) = tokio::join!(
            payments::service::aftercare::charge_due(&t.app),
            payments::service::aftercare::charge_due(&t.app),
        );
        a.unwrap();
        b.unwrap();
        t.run_jobs(&registry()).await;
        let second = rows(&t, Type::Charge).await[1].clone();
        assert_eq!((second.payment_status, second.attempts), (Status::Completed, 1));
        let posted = ledger_entries::Entity::find().filter(ledger_entries::Column::AftercarePaymentId.eq(second.id));
        assert_eq!(posted.count(t.conn()).await.unwrap(), 2, "one posting of two lines");
        // A webhook that speaks of other money is put aside.
        let account = gateway_accounts::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        let third = rows(&t, Type::Charge).await[2].clone();
        let intent = format!("pi_sim_ac_{}", third.id.0.simple());
        let body = json!({ "id": "evt_x", "type": "payment_intent.succeeded", "created": t.now().timestamp(), "livemode": false,
            "data": { "object": { "id": intent, "object": "payment_intent", "amount": 7999, "amount_received": 7999, "currency": "gbp",
                "metadata": { "aftercare_payment_id": third.id, "aftercare_request_id": id } } } });
        let row = charges::ActiveModel { id: sea_orm::Set(third.id), stripe_payment_intent_id: sea_orm::Set(Some(intent)),
            gateway_account_id: sea_orm::Set(Some(account)), ..Default::default() };
        sea_orm::ActiveModelTrait::update(row, t.conn()).await.unwrap();
        heard(&t, &w, &body).await;
        assert_eq!(rows(&t, Type::Charge).await[2].payment_status, Status::Pending, "nothing is booked");
        let alerts = outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
        assert!(alerts.iter().any(|event| event.payload["alert"] == "webhook_quarantined"), "{alerts:?}");
        proven(&t).await;
    }

    /// R-PY-34: a charge its bank takes back, before and after its month is over.
    async fn r_py_34_a_bank_takes_a_charge_back(t: TestApp) {
        let w = world(&t).await;
        let id = w.asked("fixed", "500.00").await;
        w.pays(id, "500.00", "4000000000000259").await.assert_status(200);
        t.run_jobs(&registry()).await;
        t.advance(TimeDelta::days(11));
        t.run_jobs(&registry()).await;
        t.run_jobs(&registry()).await;
        assert_eq!(rows(&t, Type::Charge).await[0].payment_status, Status::Refunded);
        assert_eq!(split(&t, Type::Refund).await, [(Status::Completed, "100.00".into(), "400.00".into())]);
        let alerts = outbox::recorded(t.conn(), Some("system.alert")).await.unwrap();
        let words: Vec<&str> = alerts.iter().filter_map(|event| event.payload["alert"].as_str()).collect();
        assert!(words.contains(&"payment_disputed") && words.contains(&"dispute_lost"), "{words:?}");
        assert_eq!(told(&t, "aftercare.refunded").await, 0, "whoever asked their bank heard of it there");
        proven(&t).await;
    }

    /// What the bank took of the first month ends no subscription: the next ones are charged.
    async fn a_month_that_went_back_does_not_end_the_others(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, "4000000000000259").await;
        w.begun(&t, id).await;
        t.advance(TimeDelta::days(11));
        t.run_jobs(&registry()).await;
        t.run_jobs(&registry()).await;
        assert_eq!(rows(&t, Type::Charge).await[0].payment_status, Status::Refunded);
        day(&t, "2026-02-25").await;
        assert_eq!(told(&t, "aftercare.payment_due_reminder").await, 1);
        day(&t, "2026-02-28").await;
        assert_eq!(rows(&t, Type::Charge).await[1].payment_status, Status::Completed);
        proven(&t).await;
    }

    /// R-AC-62, GS-5: a subscription ends on the day its patient was told, whatever was charged by then.
    async fn r_ac_62_a_stopped_subscription_ends_on_the_day_that_was_told(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        t.at("2026-02-05T10:00:00Z");
        w.begun(&t, id).await;
        for due in ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"] {
            day(&t, due).await;
        }
        // All six are charged, five have begun: the last goes back. Staff gave the second one back before: it was paid.
        let second = rows(&t, Type::Charge).await[1].id;
        let give = json!({ "refund": { "amount": "80.00", "currency": "GBP" }, "reason": WHY });
        w.desk(&t).await.post(&format!("/aftercare-payments/{second}/refund"), give).await.assert_status(201);
        t.run_jobs(&registry()).await;
        t.at("2026-07-01T10:00:00Z");
        let path = format!("/standalone-aftercare-requests/{id}/cancel-subscription");
        let stopped = w.me().post(&path, json!({})).await.assert_status(200);
        assert_eq!((stopped.str("/refund/amount"), stopped.str("/ends_on")), ("80.00", "2026-07-04"));
        w.me().post(&path, json!({})).await.assert_problem(409, "nothing_to_cancel");
        let case = async || after_cares::Entity::find().one(t.conn()).await.unwrap().unwrap();
        day(&t, "2026-07-04").await;
        assert!(case().await.ended_at.is_none());
        day(&t, "2026-07-05").await;
        assert!(case().await.ended_at.is_some());
        proven(&t).await;
    }

    async fn r_ac_62_a_month_that_is_being_retried_ends_no_day_earlier(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, BAD_LATER).await;
        w.begun(&t, id).await;
        day(&t, "2026-02-28").await;
        t.at("2026-03-02T10:00:00Z");
        let stopped = w.me().post(&format!("/standalone-aftercare-requests/{id}/cancel-subscription"), json!({})).await.assert_status(200);
        assert_eq!(stopped.str("/ends_on"), "2026-03-30");
        let case = async || after_cares::Entity::find().one(t.conn()).await.unwrap().unwrap();
        for (at, ended) in [("2026-03-03", false), ("2026-03-30", false), ("2026-03-31", true)] {
            day(&t, at).await;
            assert_eq!(case().await.ended_at.is_some(), ended, "{at}");
        }
        proven(&t).await;
    }

    /// A month refused for good before the plan begins pauses it at once; later months wait for it, and come the day after.
    async fn r_py_42_later_months_wait_for_the_one_that_is_owed(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, BAD_LATER).await;
        let hold = format!("/standalone-aftercare-requests/{id}/hold");
        w.desk(&t).await.post(&hold, json!({ "awaiting_provider": true })).await.assert_status(204);
        for at in ["2026-02-28", "2026-03-01", "2026-03-03", "2026-03-07"] {
            day(&t, at).await;
        }
        w.begun(&t, id).await;
        let case = async || after_cares::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((case().await.status, case().await.suspended_reason.as_deref()), (AfterCareStatus::Suspended, Some("payment_overdue")));
        day(&t, "2026-03-31").await;
        let third = async || rows(&t, Type::Charge).await[2].clone();
        assert_eq!((third().await.payment_status, third().await.attempts), (Status::Pending, 0), "a service that is switched off costs nothing");
        // To open the page of the payment makes nothing up.
        let ask = json!({ "expected_amount": { "amount": "80.00", "currency": "GBP" }, "accept_automatic_charges": true });
        w.me().post(&format!("/standalone-aftercare-requests/{id}/pay"), ask).await.assert_status(200);
        day(&t, "2026-04-01").await;
        assert_eq!((third().await.attempts, case().await.status), (0, AfterCareStatus::Suspended));
        w.pays(id, "80.00", GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!((case().await.status, third().await.due_date.to_string()), (AfterCareStatus::Active, "2026-04-02".to_owned()));
        day(&t, "2026-04-02").await;
        assert_eq!(third().await.payment_status, Status::Completed);
        proven(&t).await;
    }

    /// Section 4: whoever does not begin is reminded after two days, staff hear of it after three, and may take it back.
    async fn a_clinic_that_does_not_begin_is_reminded_and_loses_it(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        let path = format!("/standalone-aftercare-requests/{id}");
        let desk = w.desk(&t).await;
        desk.post(&format!("{path}/take-back"), json!({ "reason": "Too early." })).await.assert_problem(409, "request_not_assigned");
        let seen = desk.get(&path).await.assert_status(200);
        let give = json!({ "provider_id": w.provider, "lock_version": seen.at("/lock_version") });
        desk.post(&format!("{path}/assign"), give).await.assert_status(204);
        desk.post(&format!("{path}/hold"), json!({ "awaiting_provider": true })).await.assert_problem(409, "request_with_clinic");
        for (hours, reminded, alarmed) in [(47, 0, 0), (48, 1, 0), (71, 1, 0), (72, 1, 1), (100, 1, 1)] {
            t.at("2026-01-31T10:00:30Z");
            t.advance(TimeDelta::hours(hours));
            t.run_jobs(&registry()).await;
            assert_eq!((told(&t, "aftercare.assignment_reminder").await, told(&t, "system.alert").await), (reminded, alarmed), "{hours}");
        }
        let desk = w.desk(&t).await;
        desk.post(&format!("{path}/take-back"), json!({ "reason": " " })).await.assert_status(422);
        w.clinic().post(&format!("{path}/take-back"), json!({ "reason": "x" })).await.assert_status(403);
        desk.post(&format!("{path}/take-back"), json!({ "reason": "Nobody answers." })).await.assert_status(204);
        w.clinic().get(&path).await.assert_status(404);
        let row = request(&t, id).await;
        assert_eq!((row.request_status, row.assigned_provider_id, row.waiting_since), (RequestStatus::Pending, None, Some(t.now())));
    }

    /// R-PY-34: the bank takes what is on its way back already; the refund is refused, and the bank's part is booked.
    async fn r_py_34_what_a_bank_took_while_a_refund_was_under_way(t: TestApp) {
        let w = world(&t).await;
        let id = w.asked("fixed", "500.00").await;
        w.pays(id, "500.00", GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let charge = rows(&t, Type::Charge).await[0].clone();
        let give = json!({ "refund": { "amount": "450.00", "currency": "GBP" }, "reason": WHY });
        w.desk(&t).await.post(&format!("/aftercare-payments/{}/refund", charge.id), give).await.assert_status(201);
        let body = json!({ "id": "evt_lost", "object": "event", "type": "charge.dispute.closed", "created": t.now().timestamp(), "livemode": false,
            "data": { "object": { "id": "dp_1", "object": "dispute", "amount": 50_000, "currency": "gbp", "charge": "ch_1",
                "payment_intent": charge.stripe_payment_intent_id, "status": "lost", "metadata": {} } } });
        // Only the event's own job: the refund has not been asked for yet.
        sql(&t, "UPDATE jobs SET run_at = '2035-01-01 00:00:00' WHERE job_type = 'payments.refund_charge'").await;
        heard(&t, &w, &body).await;
        let parts = async || {
            let mut parts: Vec<String> = rows(&t, Type::Refund).await.iter().map(|row| format!("{} {:?}", row.amount, row.payment_status)).collect();
            parts.sort();
            parts
        };
        assert_eq!(parts().await, ["450.00 Pending", "50.00 Completed"]);
        let refund = rows(&t, Type::Refund).await.into_iter().find(|row| row.payment_status == Status::Pending).unwrap();
        for _ in 0..2 {
            let refused = payments::gateway::Refunded::Failed("charge_disputed".into());
            payments::service::aftercare::answered(&t.app, &refund, &refused).await.unwrap();
        }
        assert_eq!(parts().await, ["450.00 Completed", "450.00 Failed", "50.00 Completed"]);
        assert_eq!(rows(&t, Type::Charge).await[0].payment_status, Status::Refunded);
        assert_eq!(held(&t, ledger_entries::LedgerEntryAccount::CustomerFunds).await, "0.00");
        proven(&t).await;
    }

    /// The answer to a charge was lost, and its patient stopped meanwhile: the gateway's event names the charge by its mark.
    async fn a_charge_nobody_knows_by_number_goes_back(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        let account = gateway_accounts::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        let second = rows(&t, Type::Charge).await[1].id;
        let asked = format!("UPDATE aftercare_payments SET attempts = 1, next_attempt_at = NULL, payment_method = 'card', \
            gateway_account_id = '{account}', idempotency_key = '{id}:2:1' WHERE id = '{second}'");
        sql(&t, &asked).await;
        w.me().post(&format!("/standalone-aftercare-requests/{id}/cancel-subscription"), json!({})).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let intent = format!("pi_sim_ac_{}", second.0.simple());
        let event = |account_of: &str, id: &str| json!({ "id": id, "object": "event", "type": "payment_intent.succeeded", "created": t.now().timestamp(), "livemode": false,
            "data": { "object": { "id": intent, "object": "payment_intent", "amount": 8000, "amount_received": 8000, "currency": "gbp",
                "payment_method_details": { "card": { "brand": "visa", "last4": "4242" } },
                "metadata": { "aftercare_payment_id": account_of } } } });
        heard(&t, &w, &event(&kernel::ids::AftercarePaymentId::new().to_string(), "evt_other")).await;
        assert_eq!(rows(&t, Type::Charge).await[1].payment_status, Status::Cancelled);
        for _ in 0..2 {
            heard(&t, &w, &event(&second.to_string(), "evt_ours")).await;
        }
        let row = rows(&t, Type::Charge).await[1].clone();
        assert_eq!((row.stripe_payment_intent_id.as_deref(), row.payment_status), (Some(intent.as_str()), Status::Refunded));
        assert_eq!(rows(&t, Type::Refund).await.len(), 2, "the first month, and this one");
        proven(&t).await;
    }

    /// What the clock asked for is asked after until there is an answer, however long nobody looked.
    async fn a_charge_that_was_asked_for_is_never_left_without_an_answer(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        w.begun(&t, id).await;
        let account = gateway_accounts::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        let second = rows(&t, Type::Charge).await[1].id;
        let asked = format!("UPDATE aftercare_payments SET attempts = 1, next_attempt_at = NULL, payment_method = 'card', \
            gateway_account_id = '{account}', idempotency_key = '{id}:2:1', updated_at = '2026-02-28 09:00:00' WHERE id = '{second}'");
        sql(&t, &asked).await;
        day(&t, "2026-03-06").await;
        let row = rows(&t, Type::Charge).await[1].clone();
        assert_eq!((row.payment_status, row.attempts), (Status::Completed, 1), "the same try, no new one");
        proven(&t).await;
    }

    /// The card of a subscription that runs stays until another takes its place.
    async fn the_card_of_a_subscription_is_not_taken_away(t: TestApp) {
        let w = world(&t).await;
        let id = w.subscribed(&t, GOOD).await;
        let cards = w.me().get("/payment-methods").await.assert_status(200);
        let card = format!("/payment-methods/{}", cards.str("/0/id"));
        w.me().delete(&card).await.assert_problem(409, "payment_method_in_use");
        w.me().post(&format!("/standalone-aftercare-requests/{id}/cancel-subscription"), json!({})).await.assert_status(200);
        t.run_jobs(&registry()).await;
        w.me().delete(&card).await.assert_status(204);
    }

    /// R-AC-05: new prices of what is on sale wait for a second Super Admin; requests that were made keep theirs.
    async fn r_ac_05_prices_need_a_second_pair_of_eyes(t: TestApp) {
        let w = world(&t).await;
        let second = identity::seed::admin(&t.app, AdminSpec::super_admin("second@hairline.example")).await.unwrap();
        let desk = w.desk(&t).await;
        let path = format!("/aftercare-templates/{}", w.offering);
        let row = async || offerings::Entity::find_by_id(w.offering).one(t.conn()).await.unwrap().unwrap();
        let change = |version: i32, prices: Value| json!({ "is_purchasable": true, "service_description": "We look after you.", "pricing_model": "both", "prices": prices, "lock_version": version });
        let new = json!({ "GBP": { "fixed": "550.00", "monthly": "90.00" } });
        desk.put(&path, change(0, new.clone())).await.assert_problem(409, "stale_version");
        let version = row().await.lock_version;
        desk.put(&path, change(version, json!({ "GBP": { "fixed": "550.00" } }))).await.assert_status(422).assert_field("prices.GBP.monthly", "required");
        let waits = desk.put(&path, change(version, new)).await.assert_status(200);
        assert_eq!(waits.at("/prices_wait"), &json!(true));
        let offered = w.me().get("/aftercare-offerings?currency=GBP").await.assert_status(200);
        assert_eq!(offered.str("/0/prices/0/charge/amount"), "80.00", "the old price is in force");
        desk.post(&format!("{path}/approve-prices"), json!({})).await.assert_problem(403, "second_admin_required");
        let other = w.api.as_actor(fresh(&t, second).await);
        other.post(&format!("{path}/approve-prices"), json!({})).await.assert_status(204);
        other.post(&format!("{path}/approve-prices"), json!({})).await.assert_problem(409, "nothing_waits");
        let offered = w.me().get("/aftercare-offerings?currency=GBP").await.assert_status(200);
        assert_eq!(offered.str("/0/prices/0/charge/amount"), "90.00");
        w.me().put(&path, change(9, json!({}))).await.assert_status(403);
    }
}
