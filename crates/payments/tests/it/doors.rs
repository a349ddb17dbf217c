//! The pages around money that people come to through forms: cancelling, plans, cards, and staff's desks.

use axum::Extension;
use kernel::Actor;
use payments::entity::payments::PaymentStatus;
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::entity::quotes::QuoteStatus;
use testkit::{Client, Reply, TestApp, actors};

use crate::desk::proven;
use crate::support::{Booking, g1, registry};

/// A signed-in browser at the pages of money.
pub struct Tab {
    client: Client,
    csrf: String,
}

impl Tab {
    pub fn of(t: &TestApp, actor: Actor) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        Self { client: t.client(payments::pages().layer(Extension(token))).as_actor(actor), csrf }
    }

    /// The text of a page, which needs few statements.
    pub async fn read(&self, path: &str) -> String {
        let (reply, statements) = count_statements(self.client.get(path)).await;
        assert!(statements <= 8, "{path}: {statements}");
        reply.assert_status(200).text()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }

    async fn with_files(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.multipart(path, &all, &[]).await
    }
}

#[track_caller]
fn location(reply: Reply) -> String {
    let reply = reply.assert_status(303);
    reply.headers.get("location").unwrap().to_str().unwrap().to_owned()
}

async fn confirmed(t: &TestApp) -> Booking {
    let booking = g1(t).await;
    let started = booking.start_deposit().await;
    booking.confirm(&started, "4242424242424242").await.assert_status(200);
    t.run_jobs(&registry()).await;
    booking
}

testkit::both! {
    async fn a_cancelled_booking_reaches_the_desk_and_comes_back(t: TestApp) {
        let booking = confirmed(&t).await;
        let patient = Tab::of(&t, booking.patient.clone());
        let path = format!("/patient/bookings/{}/cancel", booking.quote);
        let page = patient.read(&path).await;
        // 105 days before: 90 % of 540.98.
        assert!(page.contains("£486.88") && page.contains("£54.10"), "{page}");
        let shown = [("expected_amount", "486.88"), ("expected_currency", "GBP")];
        let again = patient.with_files(&path, &[&shown[..], &[("reason", "short")]].concat()).await.assert_status(422).text();
        assert!(again.contains("reason-error") && again.contains("short</textarea>"), "{again}");
        let wrong = [("expected_amount", "500.00"), ("expected_currency", "GBP"), ("reason", "My plans have changed.")];
        patient.with_files(&path, &wrong).await.assert_status(409);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed, "nothing happened so far");
        location(patient.with_files(&path, &[&shown[..], &[("reason", "My plans have changed.")]].concat()).await);
        assert_eq!(booking.status(&t).await, QuoteStatus::Cancelled);

        let home = format!("/patient/bookings/{}", booking.quote);
        let page = patient.read(&home).await;
        assert!(page.contains("£486.88 go back to where they came from") && !page.contains("Still to pay"), "{page}");

        let desk = Tab::of(&t, proven(&t, &booking).await);
        let queue = desk.read("/admin/refunds").await;
        let at = queue.find("/admin/refunds/").unwrap();
        let refund = queue[at..].split('"').next().unwrap().to_owned();
        let page = desk.read(&refund).await;
        assert!(page.contains("£486.88") && page.contains("My plans have changed."), "{page}");
        let short = desk.post(&format!("{refund}/approve"), &[("version", "1"), ("reason", "too short")]).await;
        assert!(short.assert_status(422).text().contains("reason-error"));
        let why = [("version", "1"), ("reason", "The policy for this day before the treatment.")];
        location(desk.post(&format!("{refund}/approve"), &why).await);
        t.run_jobs(&registry()).await;
        assert!(desk.read(&refund).await.contains("The policy for this day before the treatment."));
        let page = patient.read(&home).await;
        assert!(page.contains("Refund: £486.88") && page.contains("£486.88 went back to you"), "{page}");
        // Without a fresh proof the page asks for one and keeps what was typed.
        let stale = Tab::of(&t, actors::super_admin(booking.admin));
        let asked = stale.post(&format!("{refund}/retry"), &[]).await;
        assert!(asked.status.as_u16() != 303 || !asked.headers["location"].to_str().unwrap().contains("done"), "{}", asked.status);
    }

    async fn a_clinic_asks_on_its_own_page(t: TestApp) {
        let booking = confirmed(&t).await;
        let clinic = Tab::of(&t, actors::clinic_owner(booking.clinician, booking.provider));
        let path = format!("/provider/bookings/{}/cancel", booking.quote);
        let page = clinic.read(&path).await;
        assert!(page.contains("£540.98"), "{page}");
        location(clinic.with_files(&path, &[("reason", "Our surgeon has fallen ill.")]).await);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed, "staff decide");
        let page = clinic.read(&path).await;
        assert!(!page.contains("<textarea"), "a wish that waits is not sent twice: {page}");
    }

    async fn a_plan_its_card_and_the_desk(t: TestApp) {
        let booking = g1(&t).await;
        let patient = Tab::of(&t, booking.patient.clone());
        let pay = format!("/patient/bookings/{}/pay", booking.quote);
        let page = patient.read(&pay).await;
        assert!(page.contains("installments-2") && page.contains("£1,081.96"), "{page}");
        let choice = [
            ("option", "installments-2"), ("expected_installments-2", "1081.96 GBP"), ("accept_cancellation_policy", "true"), ("accept_terms", "true"),
        ];
        let refused = patient.post(&pay, &choice).await.assert_status(422).text();
        assert!(refused.contains("accept_automatic_charges-error"), "{refused}");
        let card = location(patient.post(&pay, &[&choice[..], &[("accept_automatic_charges", "true")]].concat()).await);
        location(patient.post(&card, &[("card.number", "4000000000000341"), ("card.exp_month", "03/30"), ("card.cvc", "123")]).await);
        t.run_jobs(&registry()).await;
        let plan = format!("/patient/bookings/{}/installments", booking.quote);
        let page = patient.read(&plan).await;
        assert!(page.contains("£1,081.95") && page.contains("1 April 2026"), "{page}");
        let cards = patient.read("/patient/payment-methods").await;
        assert!(cards.contains("0341") && !cards.contains("4000000000000341"), "{cards}");

        // Declined until it fails for good; then the desk shows it and the patient pays the part.
        for day in ["2026-04-01", "2026-04-02", "2026-04-04", "2026-04-08"] {
            t.at(&format!("{day}T03:00:00Z"));
            payments::service::plans::charge_due(&t.app).await.unwrap();
            t.run_jobs(&registry()).await;
        }
        let desk = Tab::of(&t, proven(&t, &booking).await);
        let page = desk.read("/admin/installments").await;
        let at = page.find("/admin/installments/").unwrap();
        let retry = page[at..].split('"').next().unwrap().to_owned();
        assert!(page.contains("BKG-2603-"), "{page}");
        desk.post(&retry, &[("reason", "short")]).await.assert_status(422);
        location(patient.post("/patient/payment-methods", &[
            ("card.number", "5555555555554444"), ("card.exp_month", "03/30"), ("card.cvc", "123"), ("consent", "true"),
        ]).await);
        let page = patient.read(&plan).await;
        assert!(page.contains("installments/2/pay"), "{page}");
        let card = location(patient.post(&format!("{plan}/2/pay"), &[("expected_amount", "1081.95 GBP")]).await);
        location(patient.post(&card, &[("card.number", "4242424242424242"), ("card.exp_month", "03/30"), ("card.cvc", "123")]).await);
        t.run_jobs(&registry()).await;
        let paid = booking.payments(&t).await.into_iter().filter(|row| row.payment_status == PaymentStatus::Completed).count();
        assert_eq!(paid, 2);
        assert!(patient.read(&plan).await.contains("2 of 2"));
    }

    async fn a_transfer_from_the_checkout_to_the_desk(t: TestApp) {
        let booking = g1(&t).await;
        payments::seed::bank_account(&t.app, &actors::super_admin(booking.admin)).await.unwrap();
        let patient = Tab::of(&t, booking.patient.clone());
        let pay = format!("/patient/bookings/{}/pay", booking.quote);
        assert!(patient.read(&pay).await.contains("value=\"bank_transfer\""));
        let choice = [
            ("option", "deposit"), ("expected_deposit", "540.98 GBP"), ("method", "bank_transfer"),
            ("accept_cancellation_policy", "true"), ("accept_terms", "true"),
        ];
        let to = location(patient.post(&pay, &choice).await);
        let page = patient.read(&to).await;
        assert!(page.contains("DE75 5121 0800 1245 1261 99") && page.contains("HL-") && page.contains("7 March 2026"), "{page}");
        let home = patient.read(&format!("/patient/bookings/{}", booking.quote)).await;
        assert!(home.contains("We are waiting for your transfer"), "{home}");

        let desk = Tab::of(&t, proven(&t, &booking).await);
        let page = desk.read("/admin/bank-receipts").await;
        assert!(page.contains("£540.98") && page.contains("amount=540.98"), "{page}");
        let line = |number: &'static str, sum: &'static str| [
            ("booking", "bkg-2603-00001"), ("bank_reference", number), ("amount", sum), ("currency", "gbp"), ("value_date", "2026-03-02"),
        ];
        let wrong = desk.post("/admin/bank-receipts", &[("booking", "BKG-1"), ("amount", "x"), ("currency", "GBP"), ("value_date", "")]).await;
        let wrong = wrong.assert_status(422).text();
        assert!(wrong.contains("amount-error") && wrong.contains("value_date-error") && wrong.contains("BKG-1"), "{wrong}");
        let nobody = desk.post("/admin/bank-receipts", &[("booking", "BKG-1"), ("amount", "1.00"), ("currency", "GBP"), ("value_date", "2026-03-02")]).await;
        assert!(nobody.assert_status(422).text().contains("booking-error"));
        location(desk.post("/admin/bank-receipts", &line("A-1", "700.00")).await);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        desk.post("/admin/bank-receipts", &line("A-1", "700.00")).await.assert_status(409);
        location(desk.post("/admin/bank-receipts", &line("A-2", "1500.00")).await);
        let page = desk.read("/admin/bank-receipts?show=refunds").await;
        assert!(page.contains("£36.09"), "{page}");
        let sent = page.split('"').find(|part| part.starts_with("/admin/bank-receipts/") && part.ends_with("/sent"));
        let sent = sent.unwrap().to_owned();
        desk.post(&sent, &[("bank_reference", "x")]).await.assert_status(422);
        location(desk.post(&sent, &[("bank_reference", "OUT-1")]).await);
        assert!(patient.read(&format!("/patient/bookings/{}", booking.quote)).await.contains("Refund: £36.09"));
    }
}
