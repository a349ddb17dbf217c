//! The adapter for Stripe against a server nobody here wrote: `localstripe`, where `HAIRLINE_TEST_STRIPE` names its
//! address. It keeps no idempotency keys and sends no events of refunds, so money rules are proven elsewhere; here it is
//! that both sides speak the same language.

use std::time::Duration;

use kernel::ids::{PatientId, PaymentId, QuoteId};
use kernel::{Currency, Money, Secret};
use payments::entity::gateway_accounts;
use payments::entity::payments::{PaymentStatus, PaymentType};
use payments::gateway::stripe::Stripe;
use payments::gateway::{Gateway as _, ListedKind, ListedState, NewIntent, Refunded};
use payments::rules::attempt::Fact;
use platform::config::{Gateway, StripeOptions};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use testkit::TestApp;

use crate::desk::staff;
use crate::support::{Booking, amount, offer, proven, registry};

const KEY: &str = "sk_test_of_the_look_alike";

/// The server's address, where there is one.
fn base() -> Option<String> {
    std::env::var("HAIRLINE_TEST_STRIPE").ok().filter(|base| !base.is_empty())
}

async fn through(t: &mut TestApp, base: &str) -> gateway_accounts::Model {
    let options = StripeOptions {
        publishable_key: "pk_test_of_the_look_alike".into(),
        secret_key: Secret::new(KEY.into()),
        api_base: base.to_owned(),
        retry_pause: Duration::from_millis(1),
    };
    t.configure(|config| config.payments.gateway = Gateway::Stripe(options)).await;
    payments::install(&t.app).await.unwrap();
    let all = gateway_accounts::Entity::find().all(t.conn()).await.unwrap();
    all.into_iter().find(payments::gateway::stripe::serves).unwrap()
}

/// What a payer's browser does: types a card and confirms.
async fn confirm(base: &str, intent: &str, number: &str) -> Value {
    #[expect(clippy::disallowed_methods, reason = "the payer's browser")]
    let http = reqwest::Client::new();
    let post = async |path: String, form: &[(&str, &str)]| {
        let answer = http.post(format!("{base}{path}")).basic_auth(KEY, Some("")).form(form).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    let card = [
        ("type", "card"),
        ("card[number]", number),
        ("card[exp_month]", "12"),
        ("card[exp_year]", "2030"),
        ("card[cvc]", "123"),
    ];
    let method = post("/v1/payment_methods".to_owned(), &card).await;
    let method = method["id"].as_str().unwrap().to_owned();
    post(format!("/v1/payment_intents/{intent}/confirm"), &[("payment_method", &method)]).await
}

testkit::both! {
    async fn an_intent_is_made_paid_listed_and_returned(t: TestApp) {
        let Some(base) = base() else { return };
        let mut t = t;
        let account = through(&mut t, &base).await;
        let stripe = Stripe::new(&t.app, &account).unwrap();
        stripe.test(&t.app).await.unwrap();
        let money = |text: &str| Money::new(amount(text), Currency::EUR);
        let ask = NewIntent {
            payment: PaymentId::new(),
            quote: QuoteId::new(),
            patient: PatientId::new(),
            money: money("540.98"),
            keeps_card: true,
            idempotency_key: format!("pay:{}", PaymentId::new()),
        };
        let made = stripe.create_intent(&t.app, &ask).await.unwrap();
        assert!(made.id.starts_with("pi_") && !made.client_secret.is_empty());
        confirm(&base, &made.id, "4242424242424242").await;
        let paid = stripe.retrieve(&t.app, &made.id).await.unwrap();
        assert!(matches!(paid.fact, Some(Fact::Succeeded)), "{paid:?}");
        let back = stripe.refund(&t.app, &made.id, money("40.98"), "rf:1").await.unwrap();
        assert!(matches!(back, Refunded::Succeeded(ref id) if id.starts_with("re_")), "{back:?}");
        // An intent of nobody is given up; a paid one stays what it is.
        let other = NewIntent { payment: PaymentId::new(), idempotency_key: "pay:other".into(), ..ask.clone() };
        let other = stripe.create_intent(&t.app, &other).await.unwrap();
        let given_up = stripe.cancel(&t.app, &other.id).await.unwrap();
        assert!(matches!(given_up.fact, Some(Fact::Canceled)), "{given_up:?}");
        let now = chrono::DateTime::from_timestamp(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed(), 0).unwrap();
        let (from, until) = (now - chrono::TimeDelta::hours(1), now + chrono::TimeDelta::hours(1));
        let listed = stripe.listed(&t.app, account.id, from, until).await.unwrap();
        let charge = listed.iter().find(|row| row.id == made.id).unwrap();
        assert_eq!((charge.kind, charge.amount_minor, charge.state, charge.payment.clone()), (ListedKind::Charge, 54098, ListedState::Paid, Some(ask.payment.to_string())));
        assert!(listed.iter().any(|row| row.kind == ListedKind::Refund && row.amount_minor == 4098));
    }

    async fn a_booking_is_paid_and_its_money_goes_back(t: TestApp) {
        let Some(base) = base() else { return };
        let mut t = t;
        through(&mut t, &base).await;
        t.at("2026-03-02T10:00:00Z");
        let booking = offer(&t, "US", Money::new(amount("2000.00"), Currency::USD)).await;
        booking.accept(&t).await;
        let started = booking.start(Booking::body("deposit", "500.00", "USD")).await.assert_status(200);
        confirm(&base, started.str("/intent_id"), "4242424242424242").await;
        let path = format!("/payments/{}/sync", started.str("/payment/id"));
        booking.client().post(&path, json!({})).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        booking.client().multipart(&format!("/bookings/{}/cancellation", booking.quote), &[("reason", "My plans have changed.")], &[]).await.assert_status(200);
        let desk = staff(&t, &booking).await;
        let queue = desk.get("/admin/refunds").await.assert_status(200);
        let request = queue.str("/data/0/id").to_owned();
        let granted = json!({ "version": queue.at("/data/0/version"), "reason": "The policy for this day before the treatment." });
        desk.post(&format!("/admin/refunds/{request}/approve"), granted).await.assert_status(204);
        t.run_jobs(&registry()).await;
        let rows = booking.payments(&t).await;
        let back = rows.iter().find(|row| row.payment_type == PaymentType::Refund).unwrap();
        assert_eq!((back.amount, back.payment_status), (amount("450.00"), PaymentStatus::Completed));
        assert!(back.transaction_id.as_deref().is_some_and(|id| id.starts_with("re_")));
        proven(&t).await;
    }
}
