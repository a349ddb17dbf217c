//! Discounts a clinic puts on its offers (GS-2, GS-3, R-IQ-42, R-IQ-46, R-IQ-47, R-PY-46, R-PY-47).

use axum::Extension;
use kernel::ids::{DiscountId, FixedDiscountId, ProviderDiscountId, ProviderId, QuoteId};
use platform::web::CsrfToken;
use quoting::entity::booking_terms::{self, BookingTermsDiscountFunding};
use quoting::entity::quotes::QuoteDiscountFunding;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use testkit::{Client, TestApp};

use crate::world::*;

async fn sql(t: &TestApp, statement: &str) {
    t.conn().execute_unprepared(statement).await.unwrap();
}

/// A discount: of a clinic, or a campaign that needs the clinics' yes.
async fn discount(t: &TestApp, kind: &str, value: &str, of: Option<ProviderId>, asks: bool) -> DiscountId {
    let id = DiscountId::new();
    let owner = of.map_or("NULL".to_owned(), |id| format!("'{id}'"));
    sql(
        t,
        &format!(
            "INSERT INTO discounts (id, discount_code, name, discount_type, discount_value, provider_id, \
         requires_provider_approval) VALUES ('{id}', '{id}', 'Spring', '{kind}', {value}, {owner}, {})",
            i32::from(asks)
        ),
    )
    .await;
    id
}

async fn agreed(t: &TestApp, discount: DiscountId, clinic: ProviderId, status: &str) {
    let id = ProviderDiscountId::new();
    sql(
        t,
        &format!(
            "INSERT INTO provider_discounts (id, discount_id, provider_id, status, discount_version) \
         VALUES ('{id}', '{discount}', '{clinic}', '{status}', 1)"
        ),
    )
    .await;
}

/// The offer of GS-2, with a discount or none: 6,125.00 for the treatment, two packages, one fee.
async fn offer(t: &TestApp, w: &World, discount: Option<DiscountId>) -> (QuoteId, Client) {
    let packages = [w.package(t, 0, "Hotel", gbp("420.00")).await, w.package(t, 0, "Transfer", gbp("75.50")).await];
    let body = json!({
        "treatment_id": w.treatment, "estimated_grafts": 2750, "dates": [{ "date": "2026-05-12" }], "packages": packages,
        "fees": [{ "name": "Consultation", "price": { "amount": "60.00", "currency": "GBP" } }],
        "inclusions": [{ "name": "Shampoo" }], "clinician_id": w.clinics[0].owner,
        "slot": { "date": "2026-05-12", "time": "09:00" }, "discount_id": discount,
        "plan": [{ "day": 1, "date": "2026-05-12", "description": "Extraction and implantation" }],
    });
    let clinic = w.clinic_client(t, 0);
    let made = clinic.post(&format!("/inquiries/{}/quotes", w.inquiry), body).await.assert_status(201);
    (made.str("/id").parse().unwrap(), clinic)
}

fn amounts(reply: &testkit::Reply, pairs: &[(&str, &str)]) {
    for (pointer, amount) in pairs {
        assert_eq!(reply.str(&format!("{pointer}/amount")), *amount, "{pointer}: {}", reply.text());
    }
}

async fn submit(clinic: &Client, id: QuoteId) -> testkit::Reply {
    clinic.post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await
}

testkit::both! {
    /// GS-2 at a commission of 20 %: the clinic pays for its own discount.
    async fn r_iq_42_the_clinic_pays_for_its_own_discount(t: TestApp) {
        let w = world(&t, &[("2000.00", "1.50")]).await;
        let own = discount(&t, "percentage", "10", Some(w.clinics[0].id()), false).await;
        let (id, clinic) = offer(&t, &w, Some(own)).await;
        let preview = clinic.post(&format!("/quotes/{id}/price-preview"), json!({})).await.assert_status(200);
        amounts(&preview, &[("/price/list", "6680.50"), ("/price/discount", "668.05"), ("/price/total", "6012.45")]);
        let without = clinic.post(&format!("/quotes/{id}/price-preview"), json!({ "discount_id": null })).await.assert_status(200);
        amounts(&without, &[("/price/discount", "0.00"), ("/price/total", "6680.50")]);
        let sent = submit(&clinic, id).await.assert_status(200);
        amounts(&sent, &[
            ("/list", "6680.50"), ("/discount", "668.05"), ("/total", "6012.45"), ("/price_per_graft", "2.19"),
            ("/settlement/commission", "1336.10"), ("/settlement/provider_net", "4676.35"),
        ]);
        let row = quote(&t, id).await;
        assert_eq!((row.discount_id, row.discount_funding), (Some(own), Some(QuoteDiscountFunding::Provider)));
        // R-IQ-47: the patient sees what it was, what is off and what is left, and not who pays for it.
        let patient = w.patient_client(&t);
        let seen = patient.get(&format!("/quotes/{id}")).await.assert_status(200);
        amounts(&seen, &[("/price/list", "6680.50"), ("/price/discount", "668.05"), ("/price/total", "6012.45")]);
        assert!(!seen.text().contains("funding") && !seen.text().contains("settlement"), "{}", seen.text());
        let versions = clinic.get(&format!("/quotes/{id}/versions")).await.assert_status(200);
        assert_eq!(versions.str("/data/0/content/discount/name"), "Spring");
        // What was promised is what is booked.
        patient.post(&format!("/quotes/{id}/accept"), accept_body(&t, id).await).await.assert_status(200);
        let terms = booking_terms::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(
            (terms.list_amount, terms.discount_amount, terms.total_amount, terms.discount_id, terms.discount_funding),
            (gbp("6680.50").amount, gbp("668.05").amount, gbp("6012.45").amount, Some(own), Some(BookingTermsDiscountFunding::Provider))
        );
    }

    /// GS-2 and GS-3: of a campaign both pay, so the commission is taken of what is left.
    async fn r_iq_46_a_campaign_needs_the_clinics_yes(t: TestApp) {
        let w = world(&t, &[("2000.00", "1.50")]).await;
        let campaign = discount(&t, "percentage", "10", None, true).await;
        let (id, clinic) = offer(&t, &w, None).await;
        let choose = |version: i32| json!({ "version": version, "discount_id": campaign });
        let path = format!("/quotes/{id}");
        let refused = clinic.patch(&path, choose(0)).await.assert_problem(422, "discount_not_applicable");
        assert_eq!(refused.str("/why"), "not_accepted");
        agreed(&t, campaign, w.clinics[0].id(), "pending").await;
        clinic.patch(&path, choose(0)).await.assert_problem(422, "discount_not_applicable");
        sql(&t, "UPDATE provider_discounts SET status = 'accepted'").await;
        clinic.patch(&path, choose(0)).await.assert_status(200);
        let sent = clinic.post(&format!("{path}/submit"), json!({ "version": -1 })).await.assert_status(200);
        amounts(&sent, &[
            ("/discount", "668.05"), ("/total", "6012.45"), ("/settlement/commission", "1202.49"), ("/settlement/provider_net", "4809.96"),
        ]);
    }

    /// R-PY-47: fixed ones have their amount in each currency, or count in dollars.
    async fn r_iq_42_a_fixed_discount_has_an_amount_in_the_quotes_currency(t: TestApp) {
        let w = world(&t, &[("2000.00", "1.50")]).await;
        let own = discount(&t, "fixed", "100.00", Some(w.clinics[0].id()), false).await;
        let (id, clinic) = offer(&t, &w, Some(own)).await;
        let preview = format!("/quotes/{id}/price-preview");
        let seen = clinic.post(&preview, json!({})).await.assert_status(200);
        amounts(&seen, &[("/price/discount", "79.00"), ("/price/total", "6601.50")]);
        let row = FixedDiscountId::new();
        sql(&t, &format!("INSERT INTO fixed_discounts (id, discountable_type, discountable_id, currency, amount, status) \
            VALUES ('{row}', 'Discount', '{own}', 'GBP', 200.00, 'active')")).await;
        amounts(&clinic.post(&preview, json!({})).await.assert_status(200), &[("/price/discount", "200.00"), ("/price/total", "6480.50")]);
        // A pound has to be left, and a discount never makes a price of its own.
        sql(&t, "UPDATE fixed_discounts SET amount = 6679.50").await;
        amounts(&clinic.post(&preview, json!({})).await.assert_status(200), &[("/price/total", "1.00")]);
        for amount in ["6679.51", "6680.50", "9000.00"] {
            sql(&t, &format!("UPDATE fixed_discounts SET amount = {amount}")).await;
            let refused = clinic.post(&preview, json!({ "discount_id": own })).await;
            assert_eq!(refused.status.as_u16(), 422, "{amount}: {}", refused.text());
        }
        submit(&clinic, id).await.assert_status(422);
    }

    async fn r_iq_46_what_cannot_be_used_is_said_with_its_reason(t: TestApp) {
        let w = world(&t, &[("2000.00", "1.50"), ("2100.00", "1.50")]).await;
        let own = discount(&t, "percentage", "10", Some(w.clinics[0].id()), false).await;
        let foreign = discount(&t, "percentage", "10", Some(w.clinics[1].id()), false).await;
        let platform = discount(&t, "percentage", "10", None, false).await;
        let (id, clinic) = offer(&t, &w, None).await;
        let path = format!("/quotes/{id}");
        let ask = async |discount: DiscountId| clinic.patch(&path, json!({ "version": 0, "discount_id": discount })).await;
        let today = t.now().date_naive();
        let day = |days: i64| (today + chrono::Duration::days(days)).to_string();
        for (change, why) in [
            (format!("end_date = '{}'", day(-1)), "expired"),
            (format!("end_date = NULL, start_date = '{}'", day(1)), "not_started"),
            ("start_date = NULL, usage_limit = 3, usage_count = 3".to_owned(), "used_up"),
            ("usage_count = 0, status = 'inactive'".to_owned(), "inactive"),
            ("status = 'active', paused_at = '2026-03-01 09:00:00'".to_owned(), "inactive"),
            ("paused_at = NULL, application_mode = 'code'".to_owned(), "unknown"),
        ] {
            sql(&t, &format!("UPDATE discounts SET {change} WHERE id = '{own}'")).await;
            let refused = ask(own).await.assert_problem(422, "discount_not_applicable");
            assert_eq!(refused.str("/why"), why);
            refused.assert_field("discount_id", &format!("discount_{why}"));
        }
        for stranger in [foreign, platform, DiscountId::new()] {
            assert_eq!(ask(stranger).await.assert_problem(422, "discount_not_applicable").str("/why"), "unknown");
        }
        assert_eq!(quote(&t, id).await.discount_id, None, "nothing was written");
        // Its last day is one, and one that ends before the draft is sent stops the sending and not the writing.
        sql(&t, &format!("UPDATE discounts SET application_mode = 'list', end_date = '{}' WHERE id = '{own}'", day(0))).await;
        ask(own).await.assert_status(200);
        sql(&t, "UPDATE discounts SET status = 'expired'").await;
        clinic.patch(&path, json!({ "version": -1, "note": "See you soon" })).await.assert_status(200);
        let refused = clinic.post(&format!("{path}/submit"), json!({ "version": -2 })).await;
        assert_eq!(refused.assert_problem(422, "discount_not_applicable").str("/why"), "inactive");
        clinic.patch(&path, json!({ "version": -2, "discount_id": null })).await.assert_status(200);
        clinic.post(&format!("{path}/submit"), json!({ "version": -3 })).await.assert_status(200);
        assert_eq!(quote(&t, id).await.quote_amount, gbp("6680.50").amount);
    }

    /// R-PY-46, R-FN-10: what an offer promised stays, whatever becomes of the discount.
    async fn r_iq_46_a_sent_offer_keeps_its_discount(t: TestApp) {
        let w = world(&t, &[("2000.00", "1.50")]).await;
        let own = discount(&t, "percentage", "10", Some(w.clinics[0].id()), false).await;
        let (id, clinic) = offer(&t, &w, Some(own)).await;
        submit(&clinic, id).await.assert_status(200);
        sql(&t, "UPDATE discounts SET status = 'inactive', discount_value = 5, usage_limit = 1, usage_count = 1").await;
        // 1,000 grafts more: 1,500.00 more to pay for, still a tenth off.
        let path = format!("/quotes/{id}");
        let revised = clinic.patch(&path, json!({ "version": 1, "estimated_grafts": 3750 })).await.assert_status(200);
        amounts(&revised, &[("/list", "8180.50"), ("/discount", "818.05"), ("/total", "7362.45")]);
        // Accepted although no use is left: the promise stands, and finance sees that it went over.
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        let terms = quoting::store::newest_terms(t.conn(), id).await.unwrap().unwrap();
        assert!(terms.discount_over_limit);
        assert_eq!((terms.discount_amount.to_string(), terms.total_amount.to_string()), ("818.05".to_owned(), "7362.45".to_owned()));
    }

    /// R-IQ-46: what was taken off once does not come back.
    async fn a_discount_taken_off_does_not_come_back(t: TestApp) {
        let w = world(&t, &[("2000.00", "1.50")]).await;
        let own = discount(&t, "percentage", "10", Some(w.clinics[0].id()), false).await;
        let (id, clinic) = offer(&t, &w, Some(own)).await;
        submit(&clinic, id).await.assert_status(200);
        let path = format!("/quotes/{id}");
        let revised = clinic.patch(&path, json!({ "version": 1, "estimated_grafts": 3750 })).await.assert_status(200);
        amounts(&revised, &[("/list", "8180.50"), ("/discount", "818.05"), ("/total", "7362.45")]);
        sql(&t, "UPDATE discounts SET status = 'inactive', discount_value = 5, usage_limit = 1, usage_count = 1").await;
        let off = clinic.patch(&path, json!({ "version": 2, "discount_id": null })).await.assert_status(200);
        amounts(&off, &[("/discount", "0.00"), ("/total", "8180.50")]);
        let row = quote(&t, id).await;
        assert_eq!((row.discount_id, row.discount_funding), (None, None));
        let versions = clinic.get(&format!("{path}/versions")).await.assert_status(200);
        let changed: Vec<String> = versions.get("/data/0/changed_fields");
        assert_eq!(changed, ["discount", "price"]);
        clinic.patch(&path, json!({ "version": 3, "discount_id": own })).await.assert_problem(422, "discount_not_applicable");
    }

    async fn the_editor_offers_what_can_be_used_and_the_patient_compares(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00"), ("2600.00", "2.00")]).await;
        let own = discount(&t, "percentage", "12.5", Some(w.clinics[0].id()), false).await.to_string();
        let gone = discount(&t, "percentage", "50", Some(w.clinics[0].id()), false).await;
        sql(&t, &format!("UPDATE discounts SET status = 'expired' WHERE id = '{gone}'")).await;
        let pages = || quoting::pages().layer(Extension(CsrfToken("browser".to_owned())));
        let csrf = t.app.keys.mac("csrf", "browser");
        let clinic = t.client(pages()).as_actor(w.owner(0));
        let editor = format!("/provider/cases/{}/quote", w.inquiry);
        let page = clinic.get(&editor).await.assert_status(200).text();
        assert!(page.contains(&own) && page.contains("Spring · 12.5%") && !page.contains(&gone.to_string()), "{page}");
        let other = t.client(pages()).as_actor(w.owner(1)).get(&editor).await.assert_status(200).text();
        assert!(!other.contains("discount_id"), "a clinic without discounts is not asked");
        let (treatment, owner) = (w.treatment.to_string(), w.clinics[0].owner.to_string());
        let typed = [
            ("_csrf", csrf.as_str()), ("treatment_id", treatment.as_str()), ("estimated_grafts", "3000"), ("clinician_id", owner.as_str()),
            ("slot.date", "2026-05-12"), ("slot.time", "09:00"), ("slot.day_count", "1"), ("plan.0.description", "Extraction and implantation"),
            ("discount_id", own.as_str()),
        ];
        let price = clinic.form(&format!("{editor}/preview"), &typed).await.assert_status(200).text();
        assert!(price.contains("1,062.50") && price.contains("7,437.50"), "{price}");
        let wrong: Vec<(&str, &str)> = typed.iter().copied().filter(|(name, _)| *name != "discount_id").collect();
        let gone = gone.to_string();
        let refused = [&wrong[..], &[("discount_id", gone.as_str()), ("op", "save")]].concat();
        let page = clinic.form(&editor, &refused).await.assert_status(422).text();
        assert!(page.contains("discount_id-error") && page.contains("value=\"3000\""), "{page}");
        clinic.form(&editor, &[&typed[..], &[("op", "submit")]].concat()).await.assert_status(303);
        let id = quoting::entity::quotes::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        assert_eq!(quote(&t, id).await.quote_amount, gbp("7437.50").amount);
        // Saved once more as it stands, nothing changes.
        let id_text = id.to_string();
        let again = [&typed[..], &[("quote", id_text.as_str()), ("version", "1"), ("op", "submit")]].concat();
        clinic.form(&editor, &again).await.assert_status(303);
        assert_eq!(quote(&t, id).await.version, 1);
        let second = w.sent(&t, 1, 3000).await;
        let patient = t.client(pages()).as_actor(testkit::actors::patient(w.patient));
        let path = format!("/patient/cases/{}/compare?ids={id},{second}", w.inquiry);
        let page = patient.get(&path).await.assert_status(200).text();
        assert!(page.contains("8,500.00") && page.contains("1,062.50") && page.contains("7,437.50"), "{page}");
        let value: Value = json!(w.patient_client(&t).get(&format!("/inquiries/{}/quotes/compare?ids={id},{second}", w.inquiry)).await.assert_status(200).json);
        assert!(value.to_string().contains("\"discount\":{\"amount\":\"1062.50\""), "{value}");
    }
}
