//! The adapter for Stripe against a server that answers as Stripe's documentation shows it: what is asked, what is
//! understood, what is asked again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use kernel::ids::{PatientId, PaymentId, QuoteId};
use kernel::{Currency, Money, Secret};
use payments::entity::gateway_accounts::{self, GatewayAccountMode};
use payments::entity::payments::PaymentStatus;
use payments::gateway::stripe::Stripe;
use payments::gateway::{
    CHARGE_REFUSED, Card, Destination, Gateway as _, NewIntent, NewTransfer, Purpose, Refunded, SavedCard, Transferred,
};
use payments::rules::attempt::Fact;
use platform::config::{Gateway, StripeOptions};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::support::{Booking, amount, offer, registry, secret};

/// One call as the server saw it.
#[derive(Clone, Debug)]
struct Seen {
    call: String,
    key: Option<String>,
    version: String,
    auth: String,
    form: BTreeMap<String, String>,
}

#[derive(Clone, Default)]
pub struct Script {
    answers: Arc<Mutex<VecDeque<(u16, Value)>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Script {
    pub fn answer(&self, status: u16, body: Value) {
        self.answers.lock().unwrap().push_back((status, body));
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn last(&self) -> Seen {
        self.seen().pop().unwrap()
    }

    async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(hear).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        base
    }
}

async fn hear(
    State(script): State<Script>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let text = if method == Method::GET {
        uri.query().unwrap_or_default().to_owned()
    } else {
        String::from_utf8(body.to_vec()).unwrap()
    };
    let seen = Seen {
        call: format!("{method} {}", uri.path()),
        key: header("idempotency-key"),
        version: header("stripe-version").unwrap_or_default(),
        auth: header("authorization").unwrap_or_default(),
        form: pairs(&text),
    };
    script.seen.lock().unwrap().push(seen);
    let next = script.answers.lock().unwrap().pop_front();
    let (status, body) =
        next.unwrap_or((500, json!({ "error": { "type": "api_error", "message": "nothing is scripted" } })));
    (StatusCode::from_u16(status).unwrap(), body.to_string())
}

/// The fields of a form, decoded.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let address = reqwest::Url::parse(&format!("http://x/?{text}")).unwrap();
    address.query_pairs().into_owned().collect()
}

/// A program that takes its payments through the scripted server.
pub async fn through_stripe(t: &mut TestApp, script: &Script) -> gateway_accounts::Model {
    let options = StripeOptions {
        publishable_key: "pk_test_for_browsers".into(),
        secret_key: Secret::new("sk_test_secret".into()),
        api_base: script.serve().await,
        retry_pause: Duration::from_millis(1),
    };
    t.configure(|config| config.payments.gateway = Gateway::Stripe(options)).await;
    payments::install(&t.app).await.unwrap();
    let all = gateway_accounts::Entity::find().all(t.conn()).await.unwrap();
    let account = all.into_iter().find(payments::gateway::stripe::serves).unwrap();
    assert_eq!((account.mode, account.is_fallback), (GatewayAccountMode::Test, true));
    assert!(!format!("{account:?}").contains("sk_test_secret"), "the key is sealed");
    account
}

fn intent(status: &str) -> Value {
    json!({
        "id": "pi_1", "object": "payment_intent", "amount": 50000, "amount_received": if status == "succeeded" { 50000 } else { 0 },
        "currency": "usd", "client_secret": "pi_1_secret_x", "status": status, "livemode": false, "last_payment_error": null,
        "latest_charge": null, "customer": null, "payment_method": null, "metadata": {},
    })
}

fn paid(kept: bool) -> Value {
    let mut paid = intent("succeeded");
    paid["latest_charge"] = json!({ "id": "ch_1", "object": "charge", "payment_method_details": { "type": "card",
        "card": { "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030 } } });
    if kept {
        paid["customer"] = "cus_1".into();
        paid["payment_method"] = "pm_1".into();
        paid["setup_future_usage"] = "off_session".into();
    }
    paid
}

fn ask(keeps_card: bool) -> NewIntent {
    let payment = PaymentId::new();
    NewIntent {
        purpose: Purpose::Booking { payment, quote: QuoteId::new() },
        money: Money::new(amount("500.00"), Currency::USD),
        idempotency_key: format!("pay:{payment}"),
        patient: PatientId::new(),
        keeps_card,
    }
}

fn card() -> SavedCard {
    let shown = Card { brand: "visa".into(), last4: "4242".into() };
    SavedCard { customer: "cus_1".into(), method: "pm_1".into(), card: shown, exp_month: 12, exp_year: 2030 }
}

testkit::both! {
    /// R-PY-68: page by page, what was made between two moments; fees only of the charge's own currency.
    async fn the_books_of_an_account_are_listed(t: TestApp) {
        use payments::gateway::{ListedKind, ListedState};
        let mut t = t;
        let script = Script::default();
        let account = through_stripe(&mut t, &script).await;
        let stripe = Stripe::new(&t.app, &account).unwrap();
        let charge = |id: &str, status: &str, fee: (i64, &str)| {
            let mut object = intent(status);
            object["id"] = json!(id);
            object["created"] = json!(1_772_445_600);
            object["metadata"] = json!({ "payment_id": "ours" });
            object["latest_charge"] = json!({ "id": "ch_1", "balance_transaction": { "id": "txn_1", "fee": fee.0, "currency": fee.1 } });
            object
        };
        script.answer(200, json!({ "object": "list", "has_more": true, "data": [charge("pi_1", "succeeded", (1475, "usd"))] }));
        script.answer(200, json!({ "object": "list", "has_more": false, "data": [charge("pi_2", "requires_payment_method", (0, "eur"))] }));
        let back = json!({ "id": "re_1", "object": "refund", "amount": 500, "currency": "usd", "payment_intent": "pi_1", "status": "pending", "created": 1_772_445_601 });
        script.answer(200, json!({ "object": "list", "has_more": false, "data": [back] }));
        let (from, until) = (testkit::at("2026-03-02T00:00:00Z"), testkit::at("2026-03-03T00:00:00Z"));
        let listed = stripe.listed(&t.app, account.id, from, until).await.unwrap();
        let seen = script.seen();
        let calls: Vec<&str> = seen.iter().map(|call| call.call.as_str()).collect();
        assert_eq!(calls, ["GET /v1/payment_intents", "GET /v1/payment_intents", "GET /v1/refunds"]);
        assert_eq!(seen[0].form.get("created[gte]"), Some(&from.timestamp().to_string()));
        assert_eq!(seen[1].form.get("starting_after").map(String::as_str), Some("pi_1"));
        let told: Vec<_> = listed.iter().map(|it| (it.id.as_str(), it.kind, it.state, it.amount_minor, it.fee_minor)).collect();
        assert_eq!(told, [
            ("pi_1", ListedKind::Charge, ListedState::Paid, 50000, 1475),
            ("pi_2", ListedKind::Charge, ListedState::Open, 50000, 0),
            ("re_1", ListedKind::Refund, ListedState::Paid, 500, 0),
        ]);
        assert_eq!((listed[0].payment.as_deref(), listed[0].created), (Some("ours"), testkit::at("2026-03-02T10:00:00Z")));
    }

    /// R-PY-24: minor units, metadata, key and version of every call.
    async fn an_intent_is_asked_for_as_documented(t: TestApp) {
        let mut t = t;
        let script = Script::default();
        let account = through_stripe(&mut t, &script).await;
        let stripe = Stripe::new(&t.app, &account).unwrap();
        let wanted = ask(false);
        script.answer(200, intent("requires_payment_method"));
        let made = stripe.create_intent(&t.app, &wanted).await.unwrap();
        assert_eq!((made.id.as_str(), made.client_secret.as_str(), made.fact, made.amount_minor), ("pi_1", "pi_1_secret_x", None, 50000));
        let seen = script.last();
        assert_eq!((seen.call.as_str(), seen.key.as_deref()), ("POST /v1/payment_intents", Some(wanted.idempotency_key.as_str())));
        assert_eq!((seen.auth.as_str(), seen.version.as_str()), ("Bearer sk_test_secret", "2024-06-20"));
        let mark = |index: usize| wanted.purpose.marks()[index].1.clone();
        for (name, value) in [("amount", "50000".to_owned()), ("currency", "usd".to_owned()), ("metadata[payment_id]", mark(0)),
            ("metadata[quote_id]", mark(1)), ("metadata[account_id]", account.id.to_string())] {
            assert_eq!(seen.form.get(name), Some(&value), "{name}");
        }
        assert!(!seen.form.contains_key("customer") && !seen.form.contains_key("setup_future_usage"));

        // Yen have no smaller unit.
        script.answer(200, intent("requires_payment_method"));
        let yen = NewIntent { money: Money::new(amount("5000"), "JPY".parse().unwrap()), ..ask(false) };
        stripe.create_intent(&t.app, &yen).await.unwrap();
        assert_eq!(script.last().form["amount"], "5000");

        // A card that stays belongs to a payer.
        script.answer(200, json!({ "id": "cus_1", "object": "customer" }));
        script.answer(200, intent("requires_payment_method"));
        let kept = ask(true);
        stripe.create_intent(&t.app, &kept).await.unwrap();
        let seen = script.seen();
        let [.., customer, made] = seen.as_slice() else { panic!("two calls") };
        assert_eq!((customer.call.as_str(), customer.form["metadata[patient_id]"].as_str()), ("POST /v1/customers", kept.patient.to_string().as_str()));
        assert!(customer.key.is_some() && customer.form.len() == 1, "neither name nor address: {customer:?}");
        assert_eq!((made.form["customer"].as_str(), made.form["setup_future_usage"].as_str()), ("cus_1", "off_session"));
    }

    /// R-PY-26: what failed on the way is asked again with the same key, a refusal is not; an unknown outcome is no refusal.
    async fn calls_are_made_again_with_the_same_key(t: TestApp) {
        let mut t = t;
        let script = Script::default();
        let account = through_stripe(&mut t, &script).await;
        let stripe = Stripe::new(&t.app, &account).unwrap();
        script.answer(500, json!({ "error": { "type": "api_error" } }));
        script.answer(429, json!({ "error": { "type": "invalid_request_error", "code": "rate_limit" } }));
        script.answer(200, intent("requires_payment_method"));
        let wanted = ask(false);
        stripe.create_intent(&t.app, &wanted).await.unwrap();
        let seen = script.seen();
        assert_eq!(seen.len(), 3);
        assert!(seen.iter().all(|seen| seen.key.as_deref() == Some(wanted.idempotency_key.as_str())));

        for _ in 0..4 {
            script.answer(503, json!({ "error": { "type": "api_error" } }));
        }
        let error = stripe.create_intent(&t.app, &wanted).await.unwrap_err();
        assert_eq!((error.code.as_ref(), script.seen().len()), ("gateway_unreachable", 7), "three times again, no more");

        script.answer(401, json!({ "error": { "type": "invalid_request_error", "message": "Invalid API Key provided: sk_test_***" } }));
        let error = stripe.create_intent(&t.app, &wanted).await.unwrap_err();
        assert_eq!((error.code.as_ref(), script.seen().len()), ("gateway_unreachable", 8), "a refusal is not asked again");
    }

    async fn a_kept_card_is_charged_or_refused(t: TestApp) {
        let mut t = t;
        let script = Script::default();
        let account = through_stripe(&mut t, &script).await;
        let stripe = Stripe::new(&t.app, &account).unwrap();
        script.answer(200, paid(false));
        let wanted = ask(false);
        let done = stripe.charge(&t.app, &wanted, &card()).await.unwrap();
        assert_eq!((done.fact, done.card.map(|card| card.last4)), (Some(Fact::Succeeded), Some("4242".to_owned())));
        let seen = script.last();
        for (name, value) in [("customer", "cus_1"), ("payment_method", "pm_1"), ("off_session", "true"), ("confirm", "true")] {
            assert_eq!(seen.form[name], value);
        }
        assert_eq!(seen.key, Some(wanted.idempotency_key));

        for (code, decline, told) in [("card_declined", "insufficient_funds", "insufficient_funds"), ("authentication_required", "authentication_required", "authentication_required")] {
            let error = json!({ "error": { "type": "card_error", "code": code, "decline_code": decline, "payment_intent": intent("requires_payment_method") } });
            script.answer(402, error);
            let refused = stripe.charge(&t.app, &ask(false), &card()).await.unwrap();
            assert_eq!((refused.id.as_str(), refused.fact), ("pi_1", Some(Fact::Failed { code: told.to_owned() })));
        }
        // A card that is not there any more is never charged: whoever asks hears so, and does not ask for days.
        let missing = || json!({ "error": { "type": "invalid_request_error", "code": "resource_missing", "message": "No such PaymentMethod" } });
        script.answer(400, missing());
        assert_eq!(stripe.charge(&t.app, &ask(false), &card()).await.unwrap_err().code, CHARGE_REFUSED);
        script.answer(400, missing());
        script.answer(200, intent("requires_confirmation"));
        assert_eq!(stripe.charge_again(&t.app, "pi_1", &ask(false), &card()).await.unwrap_err().code, CHARGE_REFUSED);
        script.answer(400, json!({ "error": { "type": "invalid_request_error", "code": "payment_intent_unexpected_state" } }));
        script.answer(200, paid(false));
        let done = stripe.charge_again(&t.app, "pi_1", &ask(false), &card()).await.unwrap();
        assert_eq!(done.fact, Some(Fact::Succeeded), "paid meanwhile");
        // Its holder pays it, and agrees that the card is kept.
        script.answer(200, intent("requires_payment_method"));
        stripe.keep_card(&t.app, "pi_1", "r:2:4:keep").await.unwrap();
        let seen = script.last();
        assert_eq!((seen.call.as_str(), seen.key.as_deref(), seen.form["setup_future_usage"].as_str()), ("POST /v1/payment_intents/pi_1", Some("r:2:4:keep"), "off_session"));
    }

    async fn giving_up_and_giving_back(t: TestApp) {
        let mut t = t;
        let script = Script::default();
        let account = through_stripe(&mut t, &script).await;
        let stripe = Stripe::new(&t.app, &account).unwrap();
        script.answer(200, intent("canceled"));
        assert_eq!(stripe.cancel(&t.app, "pi_1").await.unwrap().fact, Some(Fact::Canceled));
        assert_eq!(script.last().call, "POST /v1/payment_intents/pi_1/cancel");
        // Paid meanwhile: the gateway refuses, and what the intent is decides.
        script.answer(400, json!({ "error": { "type": "invalid_request_error", "code": "payment_intent_unexpected_state" } }));
        script.answer(200, paid(false));
        assert_eq!(stripe.cancel(&t.app, "pi_1").await.unwrap().fact, Some(Fact::Succeeded));

        let money = Money::new(amount("12.34"), Currency::USD);
        script.answer(200, json!({ "id": "re_1", "object": "refund", "status": "succeeded", "amount": 1234 }));
        let back = stripe.refund(&t.app, "pi_1", money, "rf:1").await.unwrap();
        assert_eq!(back, Refunded::Succeeded("re_1".into()));
        let seen = script.last();
        assert_eq!((seen.call.as_str(), seen.key.as_deref(), seen.form["amount"].as_str()), ("POST /v1/refunds", Some("rf:1"), "1234"));
        script.answer(400, json!({ "error": { "type": "invalid_request_error", "code": "charge_already_refunded" } }));
        let refused = stripe.refund(&t.app, "pi_1", money, "rf:2").await.unwrap();
        assert_eq!(refused, Refunded::Failed("charge_already_refunded".into()));
        assert!(stripe.retrieve(&t.app, "../customers").await.is_err(), "an id is an id");

        // Payouts go to accounts the gateway knows; an answer nobody has is no refusal.
        let to = Destination { holder: "Bosphorus Hair".into(), country: "TR".into(), number: Secret::new("TR33".to_owned()), swift: None, routing: None, connected: None };
        let mut payout = NewTransfer { money, to, idempotency_key: "po:7:1".into(), since: t.now() };
        let calls = script.seen().len();
        assert_eq!(stripe.transfer(&t.app, &payout).await.unwrap(), Transferred::Failed("no_connected_account".into()));
        assert_eq!(script.seen().len(), calls);
        payout.to.connected = Some("acct_1".into());
        script.answer(200, json!({ "id": "tr_1", "object": "transfer", "amount": 1234 }));
        assert_eq!(stripe.transfer(&t.app, &payout).await.unwrap(), Transferred::Succeeded("tr_1".into()));
        let seen = script.last();
        assert_eq!((seen.call.as_str(), seen.key.as_deref(), seen.form["destination"].as_str()), ("POST /v1/transfers", Some("po:7:1"), "acct_1"));
        assert!(!seen.form.values().any(|value| value.contains("TR33")), "the number stays here");
        for _ in 0..4 {
            script.answer(500, json!({ "error": { "type": "api_error" } }));
        }
        assert_eq!(stripe.transfer(&t.app, &payout).await.unwrap(), Transferred::Unknown);
    }

    /// A card kept outside a payment: the gateway's form first, then the setup is read and belongs to its patient alone.
    async fn a_card_is_kept_by_its_setup(t: TestApp) {
        let mut t = t;
        let script = Script::default();
        let booking = offer(&t, "US", Money::new(amount("2000.00"), Currency::USD)).await;
        through_stripe(&mut t, &script).await;
        let api = t.client(payments::routes());
        let own = booking.patient.clone();
        let refused = payments::service::methods::begin(&t.app, &own, false).await.unwrap_err();
        assert_eq!(refused.fields.0["consent"][0].code, "required");
        script.answer(200, json!({ "id": "cus_1" }));
        script.answer(200, json!({ "id": "seti_1", "client_secret": "seti_1_secret", "status": "requires_payment_method", "metadata": {} }));
        let element = payments::service::methods::begin(&t.app, &own, true).await.unwrap();
        assert_eq!((element.public_key.as_str(), element.client_secret.as_str()), ("pk_test_for_browsers", "seti_1_secret"));
        assert_eq!(script.last().form["usage"], "off_session");

        let setup = |status: &str, whose: &str| json!({ "id": "seti_1", "status": status, "customer": "cus_1", "metadata": { "patient_id": whose },
            "payment_method": { "id": "pm_9", "card": { "brand": "visa", "last4": "4444", "exp_month": 1, "exp_year": 2031 } } });
        script.answer(200, setup("requires_action", &booking.patient_row.id.to_string()));
        assert_eq!(payments::service::methods::finish(&t.app, &own, "seti_1").await.unwrap(), None);
        script.answer(200, setup("succeeded", &PatientId::new().to_string()));
        assert_eq!(payments::service::methods::finish(&t.app, &own, "seti_1").await.unwrap_err().code, "not_found");
        for _ in 0..2 {
            script.answer(200, setup("succeeded", &booking.patient_row.id.to_string()));
            payments::service::methods::finish(&t.app, &own, "seti_1").await.unwrap();
        }
        let cards = api.as_actor(own).get("/payment-methods").await.assert_status(200);
        assert_eq!((cards.json.as_array().map(Vec::len), cards.str("/0/last4")), (Some(1), "4444"));
    }

    /// From the checkout to a confirmed booking: the event names no card, the gateway does.
    async fn a_booking_is_paid(t: TestApp) {
        let mut t = t;
        t.at("2026-03-02T10:00:00Z");
        let script = Script::default();
        let mut booking = offer(&t, "US", Money::new(amount("2000.00"), Currency::USD)).await;
        let account = through_stripe(&mut t, &script).await;
        (booking.account, booking.api) = (account.id, t.client(payments::routes()));
        booking.accept(&t).await;
        script.answer(200, intent("requires_payment_method"));
        let started = booking.start(Booking::body("deposit", "500.00", "USD")).await.assert_status(200);
        assert_eq!((started.str("/gateway"), started.str("/client_secret")), ("stripe", "pi_1_secret_x"));
        // The simulator's front is not there.
        booking.confirm(&started, "4242424242424242").await.assert_problem(404, "not_found");

        script.answer(200, paid(false));
        let event = booking.event("evt_1", "succeeded", &started, 50000, t.now());
        booking.deliver(&t, &event).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let row = &booking.payments(&t).await[0];
        assert_eq!((row.payment_status, booking.status(&t).await), (PaymentStatus::Completed, QuoteStatus::Confirmed));
        assert_eq!(row.metadata.as_ref().unwrap()["card_last4"], "4242");
        let calls = script.seen().len();
        // Again: nothing is asked and nothing changes.
        booking.deliver(&t, &event).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!((script.seen().len(), booking.payments(&t).await.len()), (calls, 1));
        assert_eq!(secret(&t), "whsec_for_tests_only");
    }

    async fn another_gateway_takes_over_and_the_first_gives_back(t: TestApp) {
        let mut t = t;
        payments::install(&t.app).await.unwrap();
        let script = Script::default();
        let stripe = through_stripe(&mut t, &script).await;
        let all = gateway_accounts::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(all.iter().filter(|row| row.is_fallback).map(|row| row.id).collect::<Vec<_>>(), [stripe.id]);
        let simulator = all.into_iter().find(|row| row.id != stripe.id).unwrap();
        assert!(payments::gateway::of(&t.app, &simulator).is_ok(), "what it took goes back through it");
        // Installing again changes nothing; a new key does.
        payments::install(&t.app).await.unwrap();
        let again = gateway_accounts::Entity::find_by_id(stripe.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(again.version, stripe.version);
    }
}
