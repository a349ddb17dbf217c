//! What a quote costs when the price list, its currency, the commission or the clinic changes under it (R-IQ-30, 37,
//! 40, 41, 44).

use catalogue::entity::provider_treatment_pricing as price_list;
use directory::entity::provider_commissions as commissions;
use kernel::ids::{QuoteId, TreatmentId};
use kernel::{Amount, Currency, Money};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::world::*;

fn eur(text: &str) -> Value {
    json!({ "amount": text, "currency": "EUR" })
}

/// The clinic changes its price list.
async fn list(t: &TestApp, treatment: TreatmentId, base: &str, per_graft: &str, currency: Currency) {
    let amount = |text: &str| text.parse::<Amount>().unwrap();
    price_list::Entity::update_many()
        .col_expr(price_list::Column::BasePrice, Expr::value(amount(base)))
        .col_expr(price_list::Column::PricePerGraft, Expr::value(amount(per_graft)))
        .col_expr(price_list::Column::Currency, Expr::value(currency))
        .filter(price_list::Column::TreatmentId.eq(treatment))
        .exec(t.conn())
        .await
        .unwrap();
}

/// Another treatment of the first clinic.
async fn other_treatment(t: &TestApp, w: &World, base: Money, per_graft: &str) -> TreatmentId {
    let other = catalogue::seed::treatments(&t.app, w.clinics[0].legal_owner).await.unwrap()[1].id;
    catalogue::seed::price(&t.app, w.clinics[0].id(), other, base, per_graft.parse().unwrap()).await.unwrap();
    other
}

async fn total(t: &TestApp, id: QuoteId) -> Money {
    let row = quote(t, id).await;
    Money::new(row.quote_amount, row.currency)
}

testkit::both! {
    /// R-IQ-40, R-IQ-41: 8,100 pounds never become 8,100 euros.
    async fn typed_amounts_are_never_read_as_another_currency(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let mut input = w.spec(0, 3000).input();
        input.dates = serde_json::from_value(json!([
            { "date": "2026-05-12", "price": { "amount": "8100.00", "currency": "GBP" } },
        ])).unwrap();
        input.fees = serde_json::from_value(json!([
            { "name": "Consultation", "description": null, "price": { "amount": "60.00", "currency": "GBP" } },
        ])).unwrap();
        let id = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, input).await.unwrap();
        list(&t, w.treatment, "3000.00", "2.50", Currency::EUR).await;
        let before = quote(&t, id).await;
        let (clinic, path) = (w.clinic_client(&t, 0), format!("/quotes/{id}"));
        clinic.post(&format!("{path}/submit"), json!({ "version": 0 })).await.assert_problem(409, "quote_currency_changed");
        let note = json!({ "version": 0, "note": "Hello" });
        let refused = clinic.patch(&path, &note).await.assert_problem(409, "quote_currency_changed");
        assert_eq!((refused.str("/was"), refused.str("/currency")), ("GBP", "EUR"));
        let half = json!({ "version": 0, "dates": [{ "date": "2026-05-12" }] });
        clinic.patch(&path, &half).await.assert_problem(409, "quote_currency_changed");
        let old = json!({ "version": 0, "fees": [], "dates": [{ "date": "2026-05-12", "price": { "amount": "8100.00", "currency": "GBP" } }] });
        clinic.patch(&path, &old).await.assert_field("dates.0.price.currency", "invalid_currency");
        assert_eq!(quote(&t, id).await, before);

        let anew = json!({
            "version": 0, "dates": [{ "date": "2026-05-12", "price": eur("9400.00") }],
            "fees": [{ "name": "Consultation", "price": eur("70.00") }],
        });
        clinic.patch(&path, &anew).await.assert_status(200);
        let seen = quote(&t, id).await.version;
        clinic.post(&format!("{path}/submit"), json!({ "version": seen })).await.assert_status(200);
        assert_eq!(total(&t, id).await, Money::new("9470.00".parse().unwrap(), Currency::EUR));
    }

    /// R-IQ-41: a package that was frozen in pounds is converted when the offer moves to a treatment priced in euros.
    async fn a_revision_in_another_currency_converts_its_packages(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let hotel = w.package(&t, 0, "Hotel", gbp("300.00")).await;
        let mut spec = w.spec(0, 3000);
        spec.packages = vec![hotel];
        let id = quoting::seed::draft_and_submit(&t.app, &w.owner(0), w.inquiry, &spec).await.unwrap();
        let other = other_treatment(&t, &w, Money::new("3000.00".parse().unwrap(), Currency::EUR), "2.50").await;
        let clinic = w.clinic_client(&t, 0);
        clinic.patch(&format!("/quotes/{id}"), json!({ "version": 1, "treatment_id": other })).await.assert_status(200);
        let rate = catalogue::fx::rate(t.conn(), Currency::GBP, Currency::EUR).await.unwrap().unwrap();
        let package = Currency::EUR.round("300.00".parse::<Amount>().unwrap().get() * rate).unwrap();
        assert_ne!(package, "300.00".parse().unwrap());
        let row = quote(&t, id).await;
        assert_eq!((row.currency, row.treatment_amount), (Currency::EUR, "10500.00".parse().unwrap()));
        assert_eq!((row.packages_amount, row.quote_amount), (package, row.treatment_amount + package));
    }

    /// R-IQ-37: the version's own figures, whatever the list says now.
    async fn a_sent_offer_keeps_its_price_list(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let id = w.sent(&t, 0, 3000).await;
        list(&t, w.treatment, "5000.00", "9.00", Currency::EUR).await;
        let (clinic, path) = (w.clinic_client(&t, 0), format!("/quotes/{id}"));
        // Named or not, the treatment is the same one.
        clinic.patch(&path, json!({ "version": 1, "treatment_id": w.treatment, "note": "Hello" })).await.assert_status(200);
        assert_eq!(total(&t, id).await, gbp("8500.00"));
        clinic.patch(&path, json!({ "version": 2, "estimated_grafts": 3200 })).await.assert_status(200);
        assert_eq!(total(&t, id).await, gbp("8900.00"));
        let kept = quote(&t, id).await.treatment_snapshot.unwrap();
        assert_eq!(kept["list"], json!({ "base_price": "2500.00", "price_per_graft": "2.00" }));
        assert_eq!(kept["includes"].as_array().unwrap().len(), 3, "{kept}");
    }

    /// R-IQ-40.
    async fn a_draft_follows_the_price_list_until_it_is_sent(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let id = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 3000).input()).await.unwrap();
        list(&t, w.treatment, "2600.00", "2.00", Currency::GBP).await;
        let clinic = w.clinic_client(&t, 0);
        let wrong = json!({ "version": 0, "expected_total": { "amount": "8500.00", "currency": "GBP" } });
        clinic.post(&format!("/quotes/{id}/submit"), wrong).await.assert_problem(409, "price_changed");
        clinic.post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await.assert_status(200);
        assert_eq!(total(&t, id).await, gbp("8600.00"));
        list(&t, w.treatment, "3000.00", "2.00", Currency::GBP).await;
        let named = json!({ "version": 1, "treatment_id": w.treatment, "note": "Hello" });
        clinic.patch(&format!("/quotes/{id}"), named).await.assert_status(200);
        assert_eq!(total(&t, id).await, gbp("8600.00"));
    }

    /// R-IQ-44: one rate per offer.
    async fn a_revision_keeps_the_commission_it_was_sent_with(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let id = w.sent(&t, 0, 3000).await;
        let other = other_treatment(&t, &w, gbp("3000.00"), "2.50").await;
        let dearer = commissions::ActiveModel { commission_value: Set("25".parse().unwrap()), ..Default::default() };
        commissions::Entity::update_many().set(dearer).exec(t.conn()).await.unwrap();
        let clinic = w.clinic_client(&t, 0);
        clinic.patch(&format!("/quotes/{id}"), json!({ "version": 1, "treatment_id": other })).await.assert_status(200);
        let row = quote(&t, id).await;
        assert_eq!((row.quote_amount, row.commission), ("10500.00".parse().unwrap(), 20));
        assert_eq!(row.commission_amount, "2100.00".parse().unwrap());
    }

    /// R-IQ-44, R-PY-58.
    async fn a_fixed_fee_stands_in_the_preview(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let fee = commissions::ActiveModel {
            commission_type: Set(commissions::ProviderCommissionType::Flat),
            commission_value: Set("300.00".parse().unwrap()),
            currency: Set(Some(Currency::GBP)),
            ..Default::default()
        };
        commissions::Entity::update_many().set(fee).exec(t.conn()).await.unwrap();
        let id = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 3000).input()).await.unwrap();
        let clinic = w.clinic_client(&t, 0);
        let preview = clinic.post(&format!("/quotes/{id}/price-preview"), json!({})).await.assert_status(200);
        assert_eq!(preview.str("/settlement/commission/amount"), "300.00");
        assert_eq!(preview.str("/settlement/provider_net/amount"), "8200.00");
        clinic.post(&format!("/quotes/{id}/submit"), json!({ "version": 0 })).await.assert_status(200);
        let row = quote(&t, id).await;
        assert_eq!((row.commission, row.commission_amount), (0, "300.00".parse().unwrap()));
        let sent = clinic.get(&format!("/quotes/{id}")).await.assert_status(200);
        assert_eq!(sent.str("/settlement/commission/amount"), "300.00", "the sent offer shows it, too");
        assert_eq!(sent.str("/settlement/provider_net/amount"), "8200.00");
    }

    /// R-IQ-30.
    async fn a_suspended_clinic_writes_nothing(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let sent = w.sent(&t, 0, 3000).await;
        let draft = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 2000).input()).await.unwrap();
        let sql = format!("UPDATE providers SET status = 'suspended' WHERE id = '{}'", w.clinics[0].id());
        t.conn().execute_unprepared(&sql).await.unwrap();
        let clinic = w.clinic_client(&t, 0);
        let body = json!({ "treatment_id": w.treatment });
        clinic.post(&format!("/inquiries/{}/quotes", w.inquiry), body).await.assert_problem(403, "provider_suspended");
        for (id, version) in [(sent, 1), (draft, 0)] {
            let change = json!({ "version": version, "estimated_grafts": 2500 });
            clinic.patch(&format!("/quotes/{id}"), change).await.assert_problem(403, "provider_suspended");
        }
        assert_eq!((state(&t, draft).await.0, total(&t, sent).await), (QuoteStatus::Inquiry, gbp("8500.00")));
    }

    /// Section 6: quotes of others and drafts do not exist for patients.
    async fn a_draft_that_ended_is_no_news_for_the_patient(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00"), ("2600.00", "2.00")]).await;
        let draft = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 2000).input()).await.unwrap();
        w.sent(&t, 1, 2000).await;
        t.at("2026-03-10T00:00:00Z");
        tick(&t).await;
        assert_eq!(state(&t, draft).await.0, QuoteStatus::Cancelled);
        assert!(timeline(&t, w.inquiry).await.contains(&"quote_cancelled".to_owned()));
        let patient = t.client(inquiry::routes()).as_actor(testkit::actors::patient(w.patient));
        let seen = patient.get(&format!("/inquiries/{}/timeline", w.inquiry)).await.assert_status(200).text();
        assert!(seen.contains("quote_expired") && !seen.contains("quote_cancelled"), "{seen}");
        assert!(!seen.contains(&draft.to_string()), "{seen}");
        w.patient_client(&t).post(&format!("/quotes/{draft}/decline"), json!({})).await.assert_problem(404, "not_found");
    }
}
