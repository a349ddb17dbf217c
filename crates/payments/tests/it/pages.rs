//! The patient's pages: the booking, the checkout, the card, the outcome.

use axum::Extension;
use kernel::ids::QuoteId;
use payments::entity::payments::PaymentStatus;
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::entity::quotes::QuoteStatus;
use testkit::{Client, Reply, TestApp};

use crate::support::{Booking, g1, registry};

struct Browser {
    client: Client,
    csrf: String,
    quote: QuoteId,
}

impl Browser {
    fn of(t: &TestApp, booking: &Booking) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let client = t.client(payments::pages().layer(Extension(token))).as_actor(booking.patient.clone());
        Self { client, csrf, quote: booking.quote }
    }

    fn pay(&self) -> String {
        format!("/patient/bookings/{}/pay", self.quote)
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }

    async fn begin(&self) -> String {
        let choice = [
            ("option", "deposit"),
            ("expected_deposit", "540.98 GBP"),
            ("accept_cancellation_policy", "true"),
            ("accept_terms", "true"),
        ];
        location(self.post(&self.pay(), &choice).await)
    }

    async fn card(&self, path: &str, number: &str) -> Reply {
        self.post(path, &[("card.number", number), ("card.exp_month", "03/30"), ("card.cvc", "123")]).await
    }
}

#[track_caller]
fn location(reply: Reply) -> String {
    let reply = reply.assert_status(303);
    reply.headers.get("location").unwrap().to_str().unwrap().to_owned()
}

testkit::both! {
    async fn from_the_booking_to_a_paid_deposit(t: TestApp) {
        let booking = g1(&t).await;
        let browser = Browser::of(&t, &booking);
        let path = format!("/patient/bookings/{}", booking.quote);
        let (page, statements) = count_statements(browser.client.get(&path)).await;
        let text = page.assert_status(200).text();
        assert!(text.contains("Bosphorus Hair") && text.contains("£540.98") && text.contains("(Istanbul time)"), "{text}");
        assert!(statements <= 6, "{statements}");
        // R-CM-96: beside the clinic's clock the reader's own, where that one shows something else.
        assert!(!text.contains(" time) · "), "{text}");
        for (zone, own) in [("Europe/London", Some("15 June 2026, 07:00 BST for you")), ("Europe/Istanbul", None)] {
            let abroad = browser.client.header("cookie", &format!("hl_zone={zone}"));
            let text = abroad.get(&path).await.assert_status(200).text();
            assert!(text.contains("(Istanbul time)"), "{text}");
            assert_eq!(text.contains(" time) · "), own.is_some(), "{zone}: {text}");
            assert!(own.is_none_or(|own| text.contains(own)), "{zone}: {text}");
        }
        let (page, statements) = count_statements(browser.client.get(&browser.pay())).await;
        let text = page.assert_status(200).text();
        assert!(text.contains("£1,622.93") && text.contains("8 June 2026") && text.contains("15 May 2026"), "{text}");
        assert!(statements <= 7, "{statements}");

        let refused = browser.post(&browser.pay(), &[("option", "deposit"), ("expected_deposit", "540.98 GBP")]).await;
        assert!(refused.assert_status(422).text().contains("aria-invalid"));

        let card = browser.begin().await;
        assert_eq!(browser.begin().await, card, "a second click comes to the same card");
        assert!(browser.client.get(&card).await.assert_status(200).text().contains("4242 4242 4242 4242"));
        let (one, two) = tokio::join!(browser.card(&card, "4242 4242 4242 4242"), browser.card(&card, "4242 4242 4242 4242"));
        let (one, two) = (location(one), location(two));
        assert!(one.ends_with("/result") && one == two);
        let (page, statements) = count_statements(browser.client.get(&one)).await;
        let text = page.assert_status(200).text();
        assert!(text.contains("Thank you") && text.contains("Visa ending in 4242"), "{text}");
        assert!(statements <= 6, "{statements}");
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        let rows = booking.payments(&t).await;
        assert_eq!((rows.len(), rows[0].payment_status), (1, PaymentStatus::Completed));
        assert_eq!(booking.ledger(&t).await.len(), 2, "one charge");
        assert!(browser.client.get(&path).await.text().contains("Deposit paid"));
        // The old card page and the checkout know that it is over.
        assert_eq!(location(browser.client.get(&card).await), one);
        assert!(browser.client.get(&browser.pay()).await.assert_status(200).text().contains("£1,622.93"));
    }

    async fn a_card_never_comes_back_to_the_page(t: TestApp) {
        let booking = g1(&t).await;
        let browser = Browser::of(&t, &booking);
        let card = browser.begin().await;
        let text = browser.card(&card, "4242 4242 4242 4241").await.assert_status(422).text();
        assert!(text.contains("This is not a card number."), "{text}");
        assert!(!text.contains("4242 4242 4242 4241") && !text.contains("value=\"123\"") && !text.contains("03/30\""));
        assert!(ui::is_secret("card.number") && ui::is_secret("card.cvc"));
    }

    async fn a_refused_card_says_why_and_a_new_one_is_tried(t: TestApp) {
        let booking = g1(&t).await;
        let browser = Browser::of(&t, &booking);
        let first = browser.begin().await;
        let result = location(browser.card(&first, "4000000000009995").await);
        let text = browser.client.get(&result).await.assert_status(200).text();
        assert!(text.contains("not enough money") && text.contains("expected_deposit"), "{text}");
        let again = [("option", "deposit"), ("expected_deposit", "540.98 GBP")];
        let second = location(browser.post(&browser.pay(), &again).await);
        assert_ne!(first, second);
        // The old card's page leads to its outcome and charges nothing.
        assert_eq!(location(browser.card(&first, "4242424242424242").await), result);
        let asked = location(browser.card(&second, "4000002500003155").await);
        assert_eq!(asked, second);
        assert!(browser.client.get(&asked).await.assert_status(200).text().contains("Is this you?"));
        let done = location(browser.post(&format!("{second}/authenticate"), &[("answer", "approve")]).await);
        assert!(browser.client.get(&done).await.text().contains("Thank you"));
        t.run_jobs(&registry()).await;
        assert_eq!(booking.ledger(&t).await.len(), 2, "one charge");
    }

    async fn a_slow_bank_is_waited_for(t: TestApp) {
        let booking = g1(&t).await;
        let browser = Browser::of(&t, &booking);
        let card = browser.begin().await;
        let result = location(browser.card(&card, "4000000000001000").await);
        let text = browser.client.get(&result).await.assert_status(200).text();
        assert!(text.contains("id=\"pay-result\" data-live=\"payment\"") && text.contains("Refresh"), "{text}");
        let choice = [("option", "full"), ("expected_full", "2163.91 GBP")];
        assert_eq!(location(browser.post(&browser.pay(), &choice).await), result, "what is under way is shown");
        assert_eq!(location(browser.post(&result, &[]).await), result);
        t.advance(std::time::Duration::from_secs(61));
        t.run_jobs(&registry()).await;
        assert!(browser.client.get(&result).await.text().contains("Thank you"));
    }

    async fn strangers_find_nothing_and_the_amount_must_be_the_one_shown(t: TestApp) {
        let booking = g1(&t).await;
        let browser = Browser::of(&t, &booking);
        let card = browser.begin().await;
        let stranger = browser.client.as_actor(testkit::actors::patient(kernel::ids::PatientId::new()));
        for path in [format!("/patient/bookings/{}", booking.quote), browser.pay(), card.clone(), format!("{card}/result")] {
            let reply = stranger.get(&path).await;
            assert_eq!(reply.status.as_u16(), 404, "{path}");
        }
        let wrong = [("option", "deposit"), ("expected_deposit", "1.00 GBP")];
        browser.post(&browser.pay(), &wrong).await.assert_status(409);
        browser.client.form(&browser.pay(), &wrong).await.assert_status(403);
    }
}
