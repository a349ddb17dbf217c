//! The adapter for Stripe against a server nobody here wrote: `localstripe`, where `HAIRLINE_TEST_STRIPE` names its
//! address. It keeps no idempotency keys and sends no events of refunds, so money rules are proven elsewhere; here it is
//! that both sides speak the same language.

use std::time::Duration;

use kernel::ids::{PatientId, PaymentId, QuoteId};
use kernel::{Currency, Money, Secret};
use payments::entity::gateway_accounts;
use payments::gateway::stripe::Stripe;
use payments::gateway::{Card, Gateway as _, NewIntent, Purpose, Refunded, SavedCard};
use payments::rules::attempt::Fact;
use platform::config::{Gateway, StripeOptions};
use sea_orm::EntityTrait;
use serde_json::Value;
use testkit::TestApp;

use crate::support::amount;

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

/// A card that its holder let the gateway keep.
async fn kept(base: &str, customer: &str, number: &str) -> SavedCard {
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
    let method = post("/v1/payment_methods".to_owned(), &card).await["id"].as_str().unwrap().to_owned();
    post(format!("/v1/payment_methods/{method}/attach"), &[("customer", customer)]).await;
    let card = Card { brand: "visa".into(), last4: "4242".into() };
    SavedCard { customer: customer.to_owned(), method, card, exp_month: 12, exp_year: 2030 }
}

testkit::both! {
    /// R-PY-26, R-PY-41, R-PY-54: made, given up, charged while its holder is away, declined, returned.
    async fn both_sides_speak_the_same_language(t: TestApp) {
        let Some(base) = base() else { return };
        let mut t = t;
        let account = through(&mut t, &base).await;
        let stripe = Stripe::new(&t.app, &account).unwrap();
        stripe.test(&t.app).await.unwrap();
        let money = |text: &str| Money::new(amount(text), Currency::EUR);
        let patient = PatientId::new();
        let ask = || {
            let payment = PaymentId::new();
            let idempotency_key = format!("pay:{payment}");
            NewIntent { purpose: Purpose::Booking { payment, quote: QuoteId::new() }, patient, money: money("540.98"), keeps_card: false, idempotency_key }
        };
        // One that waits for a card, and is given up.
        let waits = stripe.create_intent(&t.app, &ask()).await.unwrap();
        assert!(waits.id.starts_with("pi_") && !waits.client_secret.is_empty() && waits.fact.is_none(), "{waits:?}");
        assert!(stripe.retrieve(&t.app, &waits.id).await.unwrap().fact.is_none());
        assert_eq!(stripe.cancel(&t.app, &waits.id).await.unwrap().fact, Some(Fact::Canceled));
        assert_eq!(stripe.cancel(&t.app, &waits.id).await.unwrap().fact, Some(Fact::Canceled), "given up already");
        // A kept card is charged.
        let customer = stripe.customer(&t.app, patient).await.unwrap();
        let good = kept(&base, &customer, "4242424242424242").await;
        let paid_for = ask();
        let paid = stripe.charge(&t.app, &paid_for, &good).await.unwrap();
        assert_eq!(paid.fact, Some(Fact::Succeeded), "{paid:?}");
        assert_eq!(stripe.retrieve(&t.app, &paid.id).await.unwrap().fact, Some(Fact::Succeeded));
        assert_eq!(stripe.cancel(&t.app, &paid.id).await.unwrap().fact, Some(Fact::Succeeded), "what is paid is not given up");
        // Another is declined. Stripe names the intent with its no; this server does not, so nothing is known of the attempt,
        // and it is asked again.
        let bad = kept(&base, &customer, "4000000000000341").await;
        let declined = stripe.charge(&t.app, &ask(), &bad).await.unwrap_err();
        assert_eq!(declined.code, "gateway_unreachable");
        // A part goes back, and the rest.
        for (part, key) in [("40.98", "rf:1"), ("500.00", "rf:2")] {
            let back = stripe.refund(&t.app, &paid.id, money(part), key).await.unwrap();
            assert!(matches!(back, Refunded::Succeeded(ref id) if id.starts_with("re_")), "{back:?}");
        }
        assert!(matches!(stripe.refund(&t.app, "pi_nobody", money("1.00"), "rf:3").await.unwrap(), Refunded::Failed(_)));
        // A card is kept outside a payment.
        let setup = stripe.begin_card(&t.app, patient, &customer, "setup:1").await.unwrap();
        assert!(setup.id.starts_with("seti_") && !setup.client_secret.is_empty());
        assert!(stripe.finish_card(&t.app, patient, &setup.id).await.unwrap().is_none(), "not complete yet");
    }
}
