//! The patient's pages: cards, side by side, one in full, the sheet.

use axum::Extension;
use kernel::ids::{InquiryId, QuoteId};
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{Client, Reply, TestApp, actors};

use crate::world::*;

struct Browser {
    client: Client,
    csrf: String,
}

impl Browser {
    fn of(t: &TestApp, w: &World) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let client = t.client(quoting::pages().layer(Extension(token))).as_actor(actors::patient(w.patient));
        Self { client, csrf }
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }

    /// The page's text; at most seven statements, so that with the session's there are eight.
    async fn text(&self, path: &str) -> String {
        let (page, statements) = count_statements(self.client.get(path)).await;
        assert!(statements <= 7, "{path} needs {statements} statements");
        page.assert_status(200).text()
    }

    async fn accept(&self, t: &TestApp, id: QuoteId, version: i32, terms: bool) -> Reply {
        let row = quote(t, id).await;
        let (version, amount) = (version.to_string(), row.quote_amount.to_string());
        let mut fields = vec![("version", version.as_str()), ("amount", amount.as_str()), ("currency", "GBP")];
        if terms {
            fields.push(("terms", "true"));
        }
        self.post(&format!("/patient/quotes/{id}/accept"), &fields).await
    }
}

fn offers(inquiry: InquiryId) -> String {
    format!("/patient/cases/{inquiry}/quotes")
}

#[track_caller]
fn location(reply: Reply) -> String {
    reply.assert_status(303).headers.get("location").unwrap().to_str().unwrap().to_owned()
}

/// The places of some words in a text, in order of appearance.
#[track_caller]
fn order(text: &str, words: [&str; 3]) -> Vec<usize> {
    let mut places: Vec<(usize, usize)> =
        words.iter().enumerate().map(|(index, word)| (text.find(word).unwrap(), index)).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, index)| index).collect()
}

testkit::both! {
    async fn offers_are_found_ordered_and_compared(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00"), ("4000.00", "0.00")]).await;
        let browser = Browser::of(&t, &w);
        let none = browser.text(&offers(w.inquiry)).await;
        assert!(none.contains("No offer yet") && none.contains("4 more clinics can still answer"), "{none}");

        let package = w.package(&t, 1, "Five nights", gbp("300.00")).await;
        let mut spec = w.spec(1, 2100);
        spec.packages = vec![package];
        spec.included = vec![quoting::rules::content::IncludedService::Hotel];
        let b = quoting::seed::draft_and_submit(&t.app, &w.owner(1), w.inquiry, &spec).await.unwrap();
        let (a, c) = (w.sent(&t, 0, 2500).await, w.sent(&t, 2, 3400).await);
        let text = browser.text(&offers(w.inquiry)).await;
        assert!(text.contains("Five nights") && text.contains("Hotel") && text.contains("One more clinic"), "{text}");
        for (sort, expected) in [("price", [0, 1, 2]), ("-price", [2, 1, 0]), ("-grafts", [2, 0, 1]), ("nonsense", [2, 0, 1])] {
            let text = browser.text(&format!("{}?sort={sort}", offers(w.inquiry))).await;
            assert_eq!(order(&text, ["£4,250.00", "£4,290.00", "£5,100.00"]), expected, "{sort}");
        }

        for (days, shown) in [("from=2026-05-12&to=2026-05-12", true), ("from=2026-05-13", false), ("to=2026-05-11", false), ("from=x", true)] {
            let text = browser.text(&format!("{}?{days}", offers(w.inquiry))).await;
            assert_eq!(text.contains("£4,250.00"), shown, "{days}");
        }

        let compare = format!("/patient/cases/{}/compare", w.inquiry);
        let text = browser.text(&format!("{compare}?ids={a}&ids={b}&ids={c}")).await;
        assert_eq!(order(&text, ["Clinic A", "Clinic B", "Clinic C"]), [0, 1, 2]);
        assert!(text.contains("Five nights") && text.contains("1 day"), "{text}");
        assert_eq!(text.matches("lowest").count(), 2, "the total and the price a graft");
        assert_eq!(text.matches("soonest").count(), 0, "all are on the same day");
        assert_eq!(location(browser.client.get(&format!("{compare}?ids={a}")).await), format!("{}?pick=again", offers(w.inquiry)));

        let stranger = browser.client.as_actor(actors::patient(kernel::ids::PatientId::new()));
        for path in [offers(w.inquiry), format!("{compare}?ids={a},{b}"), format!("/patient/quotes/{a}")] {
            stranger.get(&path).await.assert_status(404);
        }
    }

    async fn an_offer_tells_what_changed_and_is_declined_once(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let browser = Browser::of(&t, &w);
        let path = format!("/patient/quotes/{a}");
        let text = browser.text(&path).await;
        assert!(text.contains("£4,250.00") && text.contains("£1.70") && !text.contains("changed this offer"), "{text}");

        let body = json!({ "version": 1, "note": "Take your time." });
        w.clinic_client(&t, 0).patch(&format!("/quotes/{a}"), body).await.assert_status(200);
        let text = browser.text(&path).await;
        assert!(text.contains("changed this offer") && text.contains("The word from the clinic"), "{text}");

        let decline = format!("{path}/decline");
        assert!(location(browser.post(&decline, &[]).await).contains("done=offer-declined"));
        assert!(location(browser.post(&decline, &[]).await).contains("done=offer-declined"), "a second click is no fault");
        assert_eq!(state(&t, a).await.0, QuoteStatus::Rejected);
        // Its time is over, though no job has closed it yet.
        t.at("2026-03-05T10:00:00Z");
        let late = browser.post(&format!("/patient/quotes/{b}/decline"), &[]).await.assert_status(409);
        assert!(late.text().contains("Ended"), "{}", late.text());
        assert!(browser.text(&format!("/patient/quotes/{b}/accept")).await.contains("This offer is closed"));
    }

    /// R-IQ-32: every offered date with its price; what speaks for the clinic; decline, support and the day it ran out.
    async fn dates_with_prices_and_credentials_are_told(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let clinics = directory::entity::providers::Entity::update_many()
            .col_expr(directory::entity::providers::Column::MedicalSpecialty, sea_orm::sea_query::Expr::value("Hairlines since 1998"))
            .col_expr(directory::entity::providers::Column::YearsExperience, sea_orm::sea_query::Expr::value(17));
        clinics.exec(t.conn()).await.unwrap();
        let dates = json!([{ "date": "2026-06-09", "price": { "amount": "8100.00", "currency": "GBP" } }, { "date": "2026-05-12" }]);
        let services = json!([{ "name": "Laser cap", "price": { "amount": "50.00", "currency": "GBP" } }]);
        let body = json!({ "version": 1, "dates": dates, "services": services });
        w.clinic_client(&t, 0).patch(&format!("/quotes/{a}"), body).await.assert_status(200);

        let browser = Browser::of(&t, &w);
        let compare = format!("/patient/cases/{}/compare?ids={a}&ids={b}", w.inquiry);
        let one = browser.text(&format!("/patient/quotes/{a}?decline=yes")).await;
        let (list, side_by_side) = (browser.text(&offers(w.inquiry)).await, browser.text(&compare).await);
        for page in [&one, &list] {
            assert!(page.contains("9 June 2026") && page.contains("£8,100.00") && page.contains("your appointment"), "{page}");
            assert!(page.contains("href=\"/patient/messages\""), "{page}");
        }
        for page in [&one, &list, &side_by_side] {
            assert!(page.contains("Hairlines since 1998") && page.contains("17 years of experience"), "{page}");
            assert!(page.contains("Laser cap"), "{page}");
        }
        assert!(one.contains("id=\"decline\"><details class=\"confirm\" open"), "the way of the card ends at the form: {one}");
        assert!(list.contains(&format!("/patient/quotes/{b}?decline=yes#decline")), "{list}");

        t.at("2026-03-05T10:00:00Z");
        let late = browser.text(&offers(w.inquiry)).await;
        assert!(late.contains("Expired on") && !late.contains("?decline=yes"), "{late}");
        assert!(browser.text(&format!("/patient/quotes/{b}")).await.contains("Expired on"));
    }

    /// GS-7 and R-IQ-60: the number before, the reference and the server's time afterwards, feedback in between.
    async fn a_request_is_cancelled_with_its_number_and_reference(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00"), ("5100.00", "0.00"), ("4000.00", "0.00")]).await;
        w.sent(&t, 3, 2000).await;
        t.at("2026-03-04T10:00:00Z");
        tick(&t).await;
        for clinic in 0..3 {
            w.sent(&t, clinic, 2500).await;
        }
        let browser = Browser::of(&t, &w);
        let path = format!("/patient/cases/{}/cancel", w.inquiry);
        let done = format!("/patient/cases/{}/cancelled", w.inquiry);
        browser.client.get(&done).await.assert_status(404);
        assert!(browser.text(&path).await.contains("3 offers will be cancelled"));
        let long = "x".repeat(1001);
        let refused = browser.post(&path, &[("reason", "changed_my_mind"), ("feedback", &long)]).await.assert_status(422).text();
        assert!(refused.contains(&long) && refused.contains("feedback-error"), "{refused}");
        let fields = [("reason", "changed_my_mind"), ("feedback", "More pictures, please.")];
        for _ in 0..2 {
            assert_eq!(location(browser.post(&path, &fields).await), done, "sent twice it says the same");
        }
        let case = inquiry::entity::inquiries::Entity::find_by_id(w.inquiry).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(case.cancellation_feedback.as_deref(), Some("More pictures, please."));
        let told = browser.text(&done).await;
        assert!(told.contains(&case.inquiry_code.unwrap()) && told.contains("3 offers were cancelled"), "{told}");
        assert!(told.contains("4 March 2026") || told.contains("4 Mar"), "{told}");
        let stranger = browser.client.as_actor(actors::patient(kernel::ids::PatientId::new()));
        stranger.get(&done).await.assert_status(404);
    }

    async fn a_reason_to_decline_is_the_patients_to_give_and_stays_with_staff(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let browser = Browser::of(&t, &w);
        let decline = format!("/patient/quotes/{a}/decline");
        let long = "x".repeat(501);
        let refused = browser.post(&decline, &[("reason", &long)]).await.assert_status(422).text();
        assert!(refused.contains("at most 500 characters") && refused.contains(&long) && refused.contains("<details class=\"confirm\" open"), "{refused}");
        assert_eq!(state(&t, a).await.0, QuoteStatus::Quote);
        location(browser.post(&decline, &[("reason", " Too far away. ")]).await);
        let kept = || async {
            use platform::entity::audit_logs::{Column, Entity};
            let rows = Entity::find().filter(Column::Action.eq("quote.declined")).order_by_asc(Column::Id);
            rows.all(t.conn()).await.unwrap().into_iter().map(|row| row.reason).collect::<Vec<_>>()
        };
        assert_eq!(kept().await, [Some("Too far away.".to_owned())]);
        let seen = w.clinic_client(&t, 0).get(&format!("/quotes/{a}")).await.assert_status(200);
        assert!(!seen.text().contains("Too far"));
        for event in platform::outbox::recorded(t.conn(), None).await.unwrap() {
            assert!(!event.payload.to_string().contains("Too far"), "{}", event.event_key);
        }
        // None is needed, here and in the API.
        let api = w.patient_client(&t);
        api.post(&format!("/quotes/{b}/decline"), json!({ "reason": long })).await.assert_field("reason", "decline_reason_length");
        api.post(&format!("/quotes/{b}/decline"), json!({})).await.assert_status(200);
        assert_eq!(kept().await[1], None);
    }

    /// R-IQ-48.
    async fn prices_are_estimated_in_the_money_of_home(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let browser = Browser::of(&t, &w);
        let at_home = async |country: &str| {
            identity::entity::patients::Entity::update_many()
                .col_expr(identity::entity::patients::Column::CountryCode, sea_orm::sea_query::Expr::value(country))
                .exec(t.conn())
                .await
                .unwrap();
        };
        let pages = [
            offers(w.inquiry),
            format!("/patient/cases/{}/compare?ids={a}&ids={b}", w.inquiry),
            format!("/patient/quotes/{a}"),
            format!("/patient/quotes/{a}/accept"),
        ];
        at_home("GB").await;
        for path in &pages {
            let text = browser.text(path).await;
            assert!(text.contains("£4,250.00") && !text.contains("€") && !text.contains("≈"), "{path}");
        }
        // GBP 4,250.00 at 0.92 / 0.79 x 1.05.
        at_home("DE").await;
        for path in &pages {
            let text = browser.text(path).await;
            assert!(text.contains("£4,250.00") && text.contains("€5,196.84") && text.contains("estimate"), "{path}: {text}");
        }
        // No rate for the money of home: dollars, as at acceptance.
        at_home("JP").await;
        let text = browser.text(&pages[2]).await;
        assert!(text.contains("$5,648.73"), "{text}");
        at_home("DE").await;
        let w_actor = actors::patient(w.patient);
        let estimate = quoting::offers::show(&t.app, &w_actor, a).await.unwrap().estimate;
        quoting::seed::accept(&t.app, w.patient, a).await.unwrap();
        let terms = quoting::entity::booking_terms::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(estimate.map(|it| (it.amount, it.currency)), Some((terms.payment_total, terms.payment_currency)));
        assert!(quoting::offers::show(&t.app, &w_actor, a).await.unwrap().estimate.is_none(), "it is no estimate any more");
    }

    async fn the_sheet_accepts_once_and_says_why_not(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (a, b) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let browser = Browser::of(&t, &w);
        let sheet = browser.text(&format!("/patient/quotes/{a}/accept")).await;
        assert!(sheet.contains("£1,062.50") && sheet.contains("held for 48 hours"), "{sheet}");
        assert!(sheet.contains("11 April 2026") && sheet.contains("90 % of what you paid"), "{sheet}");

        let unticked = browser.accept(&t, a, 1, false).await.assert_status(422);
        assert!(unticked.text().contains("aria-invalid"), "{}", unticked.text());
        let body = json!({ "version": 1, "note": "Take your time." });
        w.clinic_client(&t, 0).patch(&format!("/quotes/{a}"), body).await.assert_status(200);
        let changed = browser.accept(&t, a, 1, true).await.assert_status(409).text();
        assert!(changed.contains("name=\"version\" value=\"2\"") && !changed.contains(" checked"), "{changed}");
        assert_eq!(state(&t, a).await.0, QuoteStatus::Quote);

        let (one, two) = tokio::join!(browser.accept(&t, a, 2, true), browser.accept(&t, a, 2, true));
        let (one, two) = (location(one), location(two));
        assert!(one == two && one.starts_with(&format!("/patient/bookings/{a}/pay")), "{one} {two}");
        assert_eq!(schedules_of(&t, a).await.len(), 1);
        let other = browser.accept(&t, b, 1, true).await.assert_status(409);
        assert!(other.text().contains("You chose another one"), "{}", other.text());
        assert_eq!(location(browser.client.get(&format!("/patient/quotes/{a}/accept")).await), format!("/patient/bookings/{a}"));
    }
}
