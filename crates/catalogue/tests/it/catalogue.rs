//! The catalogue over HTTP, on both engines.

use crate::world::clinic;
use catalogue::entity::packages::PackageCategory;
use directory::entity::providers;
use kernel::ids::{ProviderUserId, UserId};
use kernel::{Currency, Money};
use rust_decimal::Decimal;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};
use serde_json::{Value, json};
use testkit::{TestApp, actors};

async fn staff(t: &TestApp) -> UserId {
    identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap()
}

fn pounds(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), Currency::GBP)
}

fn money(amount: &str, currency: &str) -> Value {
    json!({ "amount": amount, "currency": currency })
}

testkit::both! {
    async fn installing_twice_adds_nothing(t: TestApp) {
        catalogue::install(&t.app).await.unwrap();
        let count = async || {
            let sets = catalogue::entity::questionnaire_sets::Entity::find().count(t.conn()).await.unwrap();
            let currencies = catalogue::entity::currencies::Entity::find().count(t.conn()).await.unwrap();
            let options = catalogue::entity::discovery_questions::Entity::find().count(t.conn()).await.unwrap();
            let countries = platform::entity::countries::Entity::find().count(t.conn()).await.unwrap();
            (sets, currencies, options, countries)
        };
        let first = count().await;
        catalogue::install(&t.app).await.unwrap();
        assert_eq!(first, (1, 4, 6, 60));
        assert_eq!(count().await, first);
    }

    async fn the_active_questionnaire_is_served_to_those_signed_in(t: TestApp) {
        let client = t.client(catalogue::routes());
        client.get("/questionnaires/active").await.assert_problem(401, "unauthenticated");
        let patient = client.as_actor(actors::patient(kernel::ids::PatientId::new()));
        // R-IQ-15: without an active set nothing can be answered.
        patient.get("/questionnaires/active").await.assert_problem(409, "questionnaire_unavailable");
        catalogue::install(&t.app).await.unwrap();
        let form = patient.get("/questionnaires/active").await.assert_status(200);
        assert_eq!(form.at("/questions").as_array().unwrap().len(), 21);
        assert_eq!(form.str("/questions/3/id"), "hiv");
        assert_eq!(form.str("/questions/3/severity"), "critical");
    }

    async fn r_iq_23_the_first_set_asks_six_critical_and_fifteen_standard_questions(t: TestApp) {
        catalogue::install(&t.app).await.unwrap();
        let patient = t.client(catalogue::routes()).as_actor(actors::patient(kernel::ids::PatientId::new()));
        let form = patient.get("/questionnaires/active").await.assert_status(200);
        let of = |severity: &str| -> Vec<String> {
            let all = form.at("/questions").as_array().unwrap().iter();
            all.filter(|question| question["severity"] == severity).map(|question| question["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(of("critical"), ["cardiovascular", "diabetes", "hepatitis", "hiv", "bleeding", "blood_clots"]);
        let standard = of("standard");
        assert_eq!((standard.len(), of("none").len()), (15, 0));
        for id in ["medicine_allergy", "other_allergy", "respiratory", "hypertension", "implanted_device", "arthritis"] {
            assert!(standard.iter().any(|known| known == id), "{id} in {standard:?}");
        }
        let text = form.text().to_lowercase();
        for topic in ["neurolog", "kidney", "cancer", "digest", "mental", "surger", "pregnan", "medic", "other"] {
            assert!(text.contains(topic), "{topic}");
        }
    }

    async fn an_inactive_treatment_is_for_its_keepers_only(t: TestApp) {
        let owner = staff(&t).await;
        let made = catalogue::seed::treatments(&t.app, owner).await.unwrap();
        assert_eq!(catalogue::seed::treatments(&t.app, owner).await.unwrap(), made, "seeding again finds them");
        let mut gone: catalogue::entity::treatments::ActiveModel = made[1].clone().into();
        gone.status = Set(catalogue::entity::treatments::TreatmentStatus::Inactive);
        gone.update(t.conn()).await.unwrap();
        let public = t.client(catalogue::routes());
        let listed = public.get("/treatments").await.assert_status(200);
        assert_eq!(listed.at("/data").as_array().unwrap().len(), made.len() - 1);
        assert_eq!(listed.at("/data/0/includes").as_array().unwrap().len(), 3);
        let path = format!("/treatments/{}", made[1].id);
        public.get(&path).await.assert_problem(404, "not_found");
        let keeper = public.as_actor(actors::super_admin(owner));
        keeper.get(&path).await.assert_status(200);
        assert_eq!(keeper.get("/treatments").await.at("/data").as_array().unwrap().len(), made.len());
    }

    async fn a_clinic_prices_active_treatments(t: TestApp) {
        catalogue::install(&t.app).await.unwrap();
        let owner = staff(&t).await;
        let treatment = catalogue::seed::treatments(&t.app, owner).await.unwrap().remove(0);
        let (ours, theirs) = (clinic(&t, "Ours", "TR").await, clinic(&t, "Theirs", "TR").await);
        let client = t.client(catalogue::routes());
        let owner_of = |provider| client.as_actor(actors::clinic_owner(ProviderUserId::new(), provider));
        let path = format!("/provider/treatment-pricing/{}", treatment.id);
        let price = json!({ "base_price": money("2500.00", "GBP"), "price_per_graft": money("2.00", "GBP"),
            "min_grafts": 1000, "max_grafts": 4000, "status": "offered" });
        // R-PY-16: no pair, no price in that currency.
        owner_of(ours).put(&path, &price).await.assert_field("base_price.currency", "invalid_currency");
        catalogue::seed::fx_rates(&t.app).await.unwrap();
        let saved = owner_of(ours).put(&path, &price).await.assert_status(200);
        assert_eq!(saved.str("/price/base_price/amount"), "2500.00");
        assert_eq!(saved.at("/price/version"), 1);
        // Without the version seen, or with an old one, nothing is overwritten (R-IQ-73).
        let mut other = price.clone();
        other["base_price"]["amount"] = json!("2600.00");
        owner_of(ours).put(&path, &other).await.assert_problem(409, "stale_version");
        let mut off = price.clone();
        off["status"] = json!("not_offered");
        off["version"] = json!(1);
        let off = owner_of(ours).put(&path, &off).await.assert_status(200);
        assert_eq!((off.str("/price/status"), off.str("/price/base_price/amount")), ("not_offered", "2500.00"));
        assert_eq!(owner_of(theirs).get(&path).await.at("/price"), &Value::Null, "another clinic's price is not seen");
        let offered = catalogue::treatments::offered(t.conn(), ours, treatment.id).await.unwrap_err();
        assert_eq!(offered.code, "treatment_not_offered");
        client.as_actor(actors::clinic_billing(ProviderUserId::new(), ours)).get(&path).await.assert_problem(403, "forbidden");
    }

    async fn a_wrong_price_is_refused_with_all_faults(t: TestApp) {
        catalogue::install(&t.app).await.unwrap();
        let owner = staff(&t).await;
        let treatment = catalogue::seed::treatments(&t.app, owner).await.unwrap().remove(0);
        let provider = clinic(&t, "Ours", "TR").await;
        let client = t.client(catalogue::routes()).as_actor(actors::clinic_owner(ProviderUserId::new(), provider));
        let path = format!("/provider/treatment-pricing/{}", treatment.id);
        let bad = json!({ "base_price": money("0", "USD"), "min_grafts": 10, "max_grafts": 10, "status": "offered" });
        client.put(&path, &bad).await.assert_field("base_price", "invalid_amount").assert_field("max_grafts", "grafts_out_of_range");
        let bad = json!({ "base_price": money("1.234", "usd"), "status": "offered" });
        client.put(&path, &bad).await
            .assert_field("base_price.amount", "invalid_amount")
            .assert_field("base_price.currency", "invalid_currency");
        let unknown = json!({ "base_price": money("1", "USD"), "status": "offered", "surprise": 1 });
        client.put(&path, &unknown).await.assert_problem(422, "validation_failed");
    }

    async fn packages_belong_to_one_clinic(t: TestApp) {
        let (ours, theirs) = (clinic(&t, "Ours", "TR").await, clinic(&t, "Theirs", "TR").await);
        let client = t.client(catalogue::routes());
        let owner_of = |provider| client.as_actor(actors::clinic_owner(ProviderUserId::new(), provider));
        let input = json!({ "name": "Hotel", "price": money("300.00", "GBP"), "category": "flight_assistance",
            "items": [{ "name": "Night", "value": "3" }] });
        let made = owner_of(ours).post("/packages", &input).await.assert_status(201);
        assert_eq!(made.str("/category"), "flight");
        let mut again = input.clone();
        again["name"] = json!("hOTEL");
        owner_of(ours).post("/packages", &again).await.assert_field("name", "name_taken");
        owner_of(theirs).post("/packages", &input).await.assert_status(201);
        let path = format!("/packages/{}", made.str("/id"));
        owner_of(ours).get(&path).await.assert_status(200);
        owner_of(theirs).get(&path).await.assert_problem(404, "not_found");
        assert_eq!(owner_of(theirs).get("/packages").await.at("/meta/total"), 1);
        let admin = client.as_actor(actors::super_admin(UserId::new()));
        assert_eq!(admin.get("/packages").await.at("/meta/total"), 2);
        let of_ours = admin.get(&format!("/packages?filter[provider_id]={ours}")).await;
        assert_eq!(of_ours.at("/meta/total"), 1);
        let foreign = catalogue::packages::usable(t.conn(), theirs, &[made.get("/id")]).await.unwrap_err();
        assert_eq!(foreign.code, "package_not_available");
        assert_eq!(catalogue::packages::usable(t.conn(), ours, &[made.get("/id")]).await.unwrap()[0].items.len(), 1);
    }

    /// R-IQ-73: fifty new packages an hour, of one clinic.
    async fn the_fifty_first_package_of_an_hour_waits(t: TestApp) {
        let (ours, theirs) = (clinic(&t, "Ours", "TR").await, clinic(&t, "Theirs", "TR").await);
        let owner_of = |clinic| t.client(catalogue::routes()).as_actor(actors::clinic_owner(ProviderUserId::new(), clinic));
        let body = |number: i32| json!({
            "name": format!("Package {number}"), "price": { "amount": "10.00", "currency": "GBP" }, "category": "hotel",
        });
        for number in 0..50 {
            owner_of(ours).post("/packages", body(number)).await.assert_status(201);
        }
        let late = owner_of(ours).post("/packages", body(50)).await.assert_problem(429, "rate_limited");
        assert_eq!(late.get::<u64>("/retry_after"), 3600);
        owner_of(theirs).post("/packages", body(50)).await.assert_status(201);
        t.advance(chrono::Duration::hours(1));
        owner_of(ours).post("/packages", body(50)).await.assert_status(201);
    }

    /// R-IQ-72: what a package may be.
    async fn a_package_has_limits(t: TestApp) {
        let ours = clinic(&t, "Ours", "TR").await;
        let client = t.client(catalogue::routes()).as_actor(actors::clinic_owner(ProviderUserId::new(), ours));
        let good = json!({ "name": "Hotel", "price": { "amount": "10.00", "currency": "GBP" }, "category": "hotel" });
        let with = |name: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body[name] = value;
            body
        };
        let line = json!({ "name": "Night", "value": "1" });
        for (name, value, field) in [
            ("name", json!("x".repeat(101)), "name"),
            ("description", json!("x".repeat(2001)), "description"),
            ("terms", json!("x".repeat(1001)), "terms"),
            ("price", json!({ "amount": "0.00", "currency": "GBP" }), "price"),
            ("price", json!({ "amount": "1.234", "currency": "GBP" }), "price"),
            ("category", json!("castle"), "category"),
            ("items", json!(vec![line.clone(); 51]), "items"),
        ] {
            let refused = client.post("/packages", with(name, value)).await.assert_status(422);
            assert!(refused.text().contains(field), "{name}: {}", refused.text());
        }
        for (name, value) in [
            ("name", json!("x".repeat(100))), ("description", json!("x".repeat(2000))), ("terms", json!("x".repeat(1000))),
            ("price", json!({ "amount": "0.01", "currency": "GBP" })), ("items", json!(vec![line; 50])),
        ] {
            let body = with(name, value);
            let body = if name == "name" { body } else { { let mut body = body; body["name"] = json!(format!("With {name}")); body } };
            client.post("/packages", body).await.assert_status(201);
        }
    }

    async fn the_package_list_takes_a_fixed_number_of_statements(t: TestApp) {
        let provider = clinic(&t, "Ours", "TR").await;
        let client = t.client(catalogue::routes()).as_actor(actors::clinic_owner(ProviderUserId::new(), provider));
        let mut counted = Vec::new();
        for number in 0..50 {
            let name = format!("Package {number}");
            catalogue::seed::package(&t.app, provider, &name, PackageCategory::Hotel, pounds("10")).await.unwrap();
            if number == 4 || number == 49 {
                let (reply, statements) = platform::db::count_statements(client.get("/packages?per_page=100")).await;
                assert_eq!(reply.at("/data").as_array().unwrap().len(), number + 1);
                counted.push(statements);
            }
        }
        assert!(counted[0] <= 8 && counted[0] == counted[1], "{counted:?}");
    }

    async fn destinations_have_an_order_and_a_price(t: TestApp) {
        catalogue::install(&t.app).await.unwrap();
        for (name, country) in [("T1", "TR"), ("T2", "TR"), ("P1", "PL"), ("S1", "ES")] {
            clinic(&t, name, country).await;
        }
        let paused = clinic(&t, "G1", "GR").await;
        let mut row: providers::ActiveModel = providers::Entity::find_by_id(paused).one(t.conn()).await.unwrap().unwrap().into();
        row.intake_paused_at = Set(Some(t.now()));
        row.update(t.conn()).await.unwrap();
        catalogue::seed::fx_rates(&t.app).await.unwrap();
        catalogue::seed::starting_price(&t.app, "Türkiye", pounds("1500"), false).await.unwrap();
        let dollars = Money::new("2000".parse().unwrap(), Currency::USD);
        catalogue::seed::starting_price(&t.app, "Poland", dollars, false).await.unwrap();
        let patient = identity::seed::patient(&t.app, identity::seed::PatientSpec::new(&t.app, "Ann", "Lee")).await.unwrap();
        let client = t.client(catalogue::routes()).as_actor(actors::patient(patient.id));
        let (list, statements) = platform::db::count_statements(client.get("/destinations?currency=GBP")).await;
        assert!(statements <= 8, "{statements}");
        let codes: Vec<_> = list.json.as_array().unwrap().iter().map(|row| row["country_code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["PL", "ES", "TR"], "from Britain by distance; a paused clinic is no destination");
        // 2,000 USD at 0.79 and 5 % markup.
        assert_eq!((list.str("/0/starting_price/amount"), list.at("/0/approximate")), ("1659.00", &json!(true)));
        assert_eq!(list.at("/1/starting_price"), &Value::Null, "price on request");
        assert_eq!((list.str("/2/starting_price/amount"), list.at("/2/clinic_count")), ("1500.00", &json!(2)));
        client.get("/destinations?currency=pounds").await.assert_field("currency", "invalid_currency");
    }

    async fn the_newest_rate_applies_and_only_active_pairs_convert(t: TestApp) {
        catalogue::install(&t.app).await.unwrap();
        let rate = async |from, to| catalogue::fx::rate(t.conn(), from, to).await.unwrap();
        assert_eq!(rate(Currency::GBP, Currency::GBP).await, Some(Decimal::ONE));
        assert_eq!(rate(Currency::GBP, Currency::EUR).await, None, "no pair yet");
        catalogue::seed::fx_rates(&t.app).await.unwrap();
        t.advance(std::time::Duration::from_secs(60));
        let (base, markup) = ("0.80".parse().unwrap(), "5.00".parse().unwrap());
        catalogue::fx::set_manual_rate(t.conn(), t.now(), Currency::GBP, base, markup).await.unwrap();
        // 0.92 / 0.80 with the euro pair's 5 %.
        assert_eq!(rate(Currency::GBP, Currency::EUR).await, Some("1.2075".parse().unwrap()));
        let one_by_one = rate(Currency::TRY, Currency::GBP).await.unwrap();
        let together = catalogue::fx::rates_to(t.conn(), Currency::GBP, &[Currency::TRY, Currency::EUR]).await.unwrap();
        assert_eq!(together[&Currency::TRY], one_by_one);
        assert_eq!(together.len(), 2);
    }
}
