//! The public directory, profiles, distribution, commission, ratings.

use directory::commission::{self, Terms};
use directory::entity::providers::{ProviderOnboardingStage, ProviderServiceScope, ProviderStatus};
use directory::seed::{Clinic, ClinicSpec};
use directory::{clinics, ratings};
use kernel::ids::{AnyId, InquiryId, LanguageId, ProviderId, QuoteId, ReviewId, SetCommissionId, TreatmentId};
use platform::db::count_statements;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;
use testkit::{Client, TestApp, actors};

use crate::{clinic, sql};

fn client(t: &TestApp) -> Client {
    t.client(directory::routes())
}

async fn names(client: &Client, query: &str) -> Vec<String> {
    let reply = client.get(&format!("/providers{query}")).await.assert_status(200);
    reply.at("/data").as_array().unwrap().iter().map(|card| card["name"].as_str().unwrap().to_owned()).collect()
}

/// Offers a treatment at a price.
/// A patient of the clinic: somebody whose booking is confirmed.
pub async fn book(t: &TestApp, clinic: &Clinic, patient: kernel::ids::PatientId, treatment: TreatmentId) {
    let inquiry = InquiryId::new();
    let asked = format!(
        "INSERT INTO inquiries (id, patient_id, problem, scan_url, treatment_schedule, problem_details) \
         VALUES ('{inquiry}', '{patient}', 'hair_transplant', 'x', '[]', 'x')"
    );
    sql(t, &asked).await;
    let quoted = format!(
        "INSERT INTO quotes (id, inquiry_id, provider_id, treatment_id, treatment_date, commission, quote_amount, \
         currency, status) VALUES ('{}', '{inquiry}', '{}', '{treatment}', '[]', 20, 0, 'GBP', 'confirmed')",
        QuoteId::new(),
        clinic.id()
    );
    sql(t, &quoted).await;
    identity::anonymity::refresh_patient_level(t.conn(), patient).await.unwrap();
}

pub async fn offer(t: &TestApp, clinic: &Clinic, base: &str, currency: &str) -> TreatmentId {
    let treatment = TreatmentId::new();
    sql(
        t,
        &format!(
            "INSERT INTO treatments (id, user_id, treatment_name, treatment_type, treatment_description, thumbnail) \
         VALUES ('{treatment}', '{}', 'T {treatment}', 'FUE', 'x', 'x')",
            clinic.legal_owner
        ),
    )
    .await;
    sql(
        t,
        &format!(
            "INSERT INTO provider_treatment_pricing (id, provider_id, treatment_id, base_price, currency, status) \
         VALUES ('{}', '{}', '{treatment}', {base}, '{currency}', 'offered')",
            AnyId::new(),
            clinic.id()
        ),
    )
    .await;
    treatment
}

testkit::both! {
    /// R-IQ-85.
    async fn only_accepting_clinics_are_listed(t: TestApp) {
        let open = clinic(&t, ClinicSpec::new("Open")).await;
        for (name, change) in [
            ("Suspended", (|spec: &mut ClinicSpec| spec.status = ProviderStatus::Suspended) as fn(&mut ClinicSpec)),
            ("Inactive", |spec| spec.status = ProviderStatus::Inactive),
            ("Invited", |spec| spec.stage = ProviderOnboardingStage::Invited),
            ("Paused", |spec| spec.paused = true),
        ] {
            let mut spec = ClinicSpec::new(name);
            change(&mut spec);
            clinic(&t, spec).await;
        }
        let deleted = clinic(&t, ClinicSpec::new("Deleted")).await;
        sql(&t, &format!("UPDATE providers SET deleted_at = created_at WHERE id = '{}'", deleted.id())).await;
        assert_eq!(names(&client(&t), "").await, ["Open"]);
        assert!(clinics::is_accepting(&clinics::load(t.conn(), open.id()).await.unwrap()));
    }

    /// R-IQ-85.
    async fn filters_are_and_between_and_or_inside(t: TestApp) {
        directory::install(&t.app).await.unwrap();
        for (name, city, country, zone, scope, rating) in [
            ("Aegean Hair", "İzmir", "TR", "Europe/Istanbul", ProviderServiceScope::Hair, (46, 10)),
            ("Bosphorus", "Istanbul", "TR", "Europe/Istanbul", ProviderServiceScope::Both, (40, 10)),
            ("Łódź Beard", "Łódź", "PL", "Europe/Warsaw", ProviderServiceScope::Beard, (49, 10)),
            ("Costa", "Malaga", "ES", "Europe/Madrid", ProviderServiceScope::Hair, (39, 10)),
        ] {
            let mut spec = ClinicSpec::new(name).in_city(city, country, zone);
            (spec.scope, spec.ratings) = (scope, rating);
            clinic(&t, spec).await;
        }
        let client = client(&t);
        for (query, expected) in [
            ("", vec!["Łódź Beard", "Aegean Hair", "Bosphorus", "Costa"]),
            ("?filter[country]=tr", vec!["Aegean Hair", "Bosphorus"]),
            ("?filter[country]=TR,ES", vec!["Aegean Hair", "Bosphorus", "Costa"]),
            ("?filter[country]=TR&filter[country]=PL&filter[rating]=4.5", vec!["Łódź Beard", "Aegean Hair"]),
            ("?filter[rating]=4%2B", vec!["Łódź Beard", "Aegean Hair", "Bosphorus"]),
            ("?filter[specialty]=beard", vec!["Łódź Beard", "Bosphorus"]),
            ("?filter[specialty]=hair&filter[country]=ES", vec!["Costa"]),
            ("?q=LODZ", vec!["Łódź Beard"]),
            ("?q=izmir", vec![]),
            ("?q=b%C3%B6sphorus", vec!["Bosphorus"]),
            ("?q=transplantation", vec!["Łódź Beard", "Aegean Hair", "Bosphorus", "Costa"]),
            ("?q=%25", vec![]),
            ("?q=_", vec![]),
            ("?q=%27%20OR%201=1", vec![]),
            ("?per_page=2&page=2", vec!["Bosphorus", "Costa"]),
        ] {
            assert_eq!(names(&client, query).await, expected, "{query}");
        }
        client.get("/providers?filter[country]=XX").await.assert_status(422).assert_field("filter[country]", "country_unknown");
        client.get("/providers?filter[rating]=3").await.assert_status(422).assert_field("filter[rating]", "unknown_value");
        client.get("/providers?sort=name").await.assert_status(422).assert_field("sort", "unknown_value");
        client.get("/providers?per_page=101").await.assert_status(422).assert_field("per_page", "per_page_invalid");
        let long = "a".repeat(51);
        client.get(&format!("/providers?q={long}")).await.assert_problem(422, "query_too_long");
        let staff = client.as_actor(t.somebody_in_charge());
        staff.get(&format!("/providers?q={long}")).await.assert_status(200);
    }

    async fn sorts(t: TestApp) {
        for (name, featured, rating, years) in
            [("A", false, (46, 10), 3), ("B", true, (30, 10), 30), ("C", false, (49, 10), 12), ("D", false, (0, 0), 5)]
        {
            let mut spec = ClinicSpec::new(name);
            (spec.featured, spec.ratings, spec.years_experience) = (featured, rating, years);
            let made = clinic(&t, spec).await;
            match name {
                "A" => {
                    offer(&t, &made, "1000", "GBP").await;
                }
                "B" => {
                    offer(&t, &made, "1100", "USD").await;
                    offer(&t, &made, "9000", "USD").await;
                }
                "C" => {
                    offer(&t, &made, "900", "USD").await;
                }
                _ => {}
            }
        }
        let now = t.now().format("%Y-%m-%d %H:%M:%S");
        sql(&t, &format!(
            "INSERT INTO fx_rates (id, target_currency, base_rate, markup_percent, effective_rate, mode, fetched_at) \
             VALUES ('{}', 'GBP', 0.8, 0, 0.8, 'auto', '{now}')", AnyId::new())).await;
        let client = client(&t);
        assert_eq!(names(&client, "").await, ["B", "C", "A", "D"]);
        assert_eq!(names(&client, "?sort=rating").await, ["C", "A", "B", "D"]);
        assert_eq!(names(&client, "?sort=experience").await, ["B", "C", "D", "A"]);
        // 1,000 pounds are 1,250 dollars.
        assert_eq!(names(&client, "?sort=price").await, ["C", "B", "A", "D"]);
        let reply = client.get("/providers?sort=price").await;
        assert_eq!((reply.str("/data/1/starting_price/amount"), reply.str("/data/1/starting_price/currency")), ("1100.00", "USD"));
        assert!(reply.at("/data/3/starting_price").is_null());
        assert!(reply.at("/data/3/rating/average").is_null());
    }

    async fn a_list_costs_the_same_statements_for_5_and_for_50(t: TestApp) {
        directory::install(&t.app).await.unwrap();
        let client = client(&t);
        let mut counted = Vec::new();
        for size in [5, 50] {
            while names(&client, "?per_page=100").await.len() < size {
                let name = format!("Clinic {}", names(&client, "?per_page=100").await.len());
                clinic(&t, ClinicSpec::new(&name)).await;
            }
            let (reply, statements) = count_statements(client.get("/providers?per_page=50&filter[country]=TR")).await;
            assert_eq!(reply.at("/data").as_array().unwrap().len(), size);
            counted.push(statements);
        }
        assert_eq!(counted[0], counted[1]);
        assert!(counted[1] <= 8, "{counted:?}");
        // R-IQ-85: twenty on a page, unless more are asked for.
        let page = client.get("/providers").await.assert_status(200);
        assert_eq!((page.at("/data").as_array().unwrap().len(), page.at("/meta/total"), page.at("/meta/last_page")), (20, &json!(50), &json!(3)));
    }

    async fn r_iq_86_a_card_tells_enough_and_a_suspended_clinic_is_gone_at_once(t: TestApp) {
        let client = client(&t);
        let mut spec = ClinicSpec::new("Aegean Hair").in_city("Izmir", "TR", "Europe/Istanbul");
        (spec.ratings, spec.scope) = ((46, 10), ProviderServiceScope::Both);
        let made = clinic(&t, spec).await;
        offer(&t, &made, "1200", "USD").await;
        sql(&t, "UPDATE providers SET profile_image = 'aegean.jpg', medical_specialty = 'Hair transplantation'").await;
        assert!(client.get("/providers").await.at("/data/0/profile_image").is_null(), "no file of ours");
        let logo = kernel::ids::FileId::new();
        sql(&t, &format!("UPDATE providers SET profile_image = '{logo}'")).await;
        let list = async || client.get("/providers").await.assert_status(200);
        let seen = list().await;
        for (pointer, value) in [
            ("name", json!("Aegean Hair")), ("city", json!("Izmir")), ("country_code", json!("TR")), ("rating/average", json!("4.6")),
            ("rating/count", json!(10)), ("medical_specialty", json!("Hair transplantation")), ("service_scope", json!("both")),
            ("starting_price", json!({ "amount": "1200.00", "currency": "USD" })),
        ] {
            assert_eq!(seen.at(&format!("/data/0/{pointer}")), &value, "{pointer}");
        }
        assert!(seen.str("/data/0/profile_image").starts_with(&format!("/files/{}-", logo.0.simple())), "R-MG-23");
        // A patient reads it in the money of home as well.
        let now = t.now().format("%Y-%m-%d %H:%M:%S");
        sql(&t, &format!(
            "INSERT INTO fx_rates (id, target_currency, base_rate, markup_percent, effective_rate, mode, fetched_at) \
             VALUES ('{}', 'GBP', 0.8, 5, 0.84, 'auto', '{now}')", AnyId::new())).await;
        let spec = identity::seed::PatientSpec::new(&t.app, "John", "Doe");
        let john = identity::seed::patient(&t.app, spec).await.unwrap().id;
        let own = client.as_actor(actors::patient(john)).get("/providers").await.assert_status(200);
        assert_eq!(own.at("/data/0/starting_price_estimate"), &json!({ "amount": "960.00", "currency": "GBP" }));
        assert!(list().await.at("/data/0/starting_price_estimate").is_null(), "strangers have no home here");
        // Nothing stale is shown: not a name, and not a clinic that was suspended a moment ago.
        sql(&t, "UPDATE providers SET provider_name = 'Aegean Hair Centre'").await;
        assert_eq!(list().await.str("/data/0/name"), "Aegean Hair Centre");
        sql(&t, "UPDATE providers SET status = 'suspended'").await;
        assert_eq!(list().await.at("/data"), &json!([]));
        client.get(&format!("/providers/{}", made.id())).await.assert_problem(404, "not_found");
    }

    async fn a_profile(t: TestApp) {
        let now = t.now().format("%Y-%m-%d %H:%M:%S");
        for (code, name) in [("en", "English"), ("tr", "Turkish")] {
            sql(&t, &format!("INSERT INTO languages (id, code, name, native_name, created_at, updated_at) \
                VALUES ('{}', '{code}', '{name}', '{name}', '{now}', '{now}')", LanguageId::new())).await;
        }
        let made = clinic(&t, ClinicSpec::new("Aegean Hair")).await;
        let treatment = offer(&t, &made, "2000", "EUR").await;
        sql(&t, &format!("INSERT INTO provider_awards (id, provider_id, award_name, award_year) \
            VALUES ('{}', '{}', 'Best clinic', 2024)", AnyId::new(), made.id())).await;
        for (first, title) in [("Elif", "Dr."), ("Can", "")] {
            let mut spec = identity::seed::MemberSpec::new("provider_clinical", first, "Kaya", &format!("{first}@x.example"));
            spec.title = (!title.is_empty()).then(|| title.to_owned());
            identity::seed::clinic_user(&t.app, made.id(), spec).await.unwrap();
        }
        let patient = identity::seed::PatientSpec::new(&t.app, "Mark", "Peterson");
        let patient = identity::seed::patient(&t.app, patient).await.unwrap();
        for (stars, published, state) in
            [(5, true, "published"), (4, true, "published"), (5, true, "published"), (1, false, "pending")]
        {
            sql(&t, &format!("INSERT INTO reviews (id, patient_id, provider_id, overall_rating, is_published, \
                moderation_status, published_at) VALUES ('{}', '{}', '{}', {stars}, {published}, '{state}', '{now}')", ReviewId::new(), patient.id, made.id())).await;
        }
        ratings::set(t.conn(), made.id(), 14, 3).await.unwrap();
        let client = client(&t);
        let reply = client.get("/providers/aegean-hair-istanbul").await.assert_status(200);
        assert_eq!(reply.get::<ProviderId>("/id"), made.id());
        assert_eq!((reply.str("/rating/average"), reply.get::<i32>("/rating/count")), ("4.7", 3));
        assert_eq!(reply.at("/rating_distribution/0"), &serde_json::json!({ "stars": 5, "count": 2, "percent": 67 }));
        assert_eq!(reply.get::<Vec<String>>("/languages"), ["en", "tr"]);
        assert_eq!(reply.str("/awards/0/name"), "Best clinic");
        assert_eq!(reply.get::<TreatmentId>("/treatments/0/id"), treatment);
        assert_eq!(reply.str("/starting_price/amount"), "2000.00");
        assert_eq!(reply.at("/team"), &serde_json::json!([{ "title": "Dr.", "first_name": "Elif" }]));
        assert!(!reply.get::<bool>("/licence_verified"));
        // Neither last names nor contacts reach the public.
        assert!(!reply.text().contains("Kaya") && !reply.text().contains("hello@"), "{}", reply.text());
        let (_, statements) = count_statements(client.get(&format!("/providers/{}", made.id()))).await;
        assert!(statements <= 8, "{statements}");

        // Only who booked here reads how to reach the clinic.
        let me = client.as_actor(actors::patient(patient.id));
        let path = format!("/providers/{}", made.id());
        assert!(me.get(&path).await.at("/contact").is_null());
        book(&t, &made, patient.id, treatment).await;
        assert_eq!(me.get(&path).await.str("/contact/email"), "hello@aegean-hair-istanbul.example");
    }

    async fn profiles_that_are_not_public(t: TestApp) {
        let client = client(&t);
        let mut spec = ClinicSpec::new("Gone");
        (spec.status, spec.stage) = (ProviderStatus::Inactive, ProviderOnboardingStage::Closed);
        clinic(&t, spec).await;
        client.get("/providers/gone-istanbul").await.assert_problem(410, "clinic_left");
        let mut spec = ClinicSpec::new("Suspended");
        spec.status = ProviderStatus::Suspended;
        let suspended = clinic(&t, spec).await;
        client.get("/providers/suspended-istanbul").await.assert_problem(404, "not_found");
        client.get("/providers/nobody").await.assert_problem(404, "not_found");
        client.get(&format!("/providers/{}", ProviderId::new())).await.assert_problem(404, "not_found");
        let refusal = clinics::require_writable(t.conn(), suspended.id()).await.unwrap_err();
        assert_eq!(refusal.code, "provider_suspended");
        let moved = clinic(&t, ClinicSpec::new("Moved")).await;
        sql(&t, &format!("INSERT INTO provider_slugs (id, slug, provider_id) VALUES ('{}', 'old-name', '{}')",
            AnyId::new(), moved.id())).await;
        let reply = client.get("/providers/old-name").await.assert_status(200);
        assert_eq!(reply.str("/slug"), "moved-istanbul");
    }

    /// R-IQ-85: places are completed from how their words begin, and narrow the list.
    async fn places_are_suggested_and_narrow_the_list(t: TestApp) {
        let client = t.client(directory::routes());
        for (number, (city, country)) in [("Istanbul", "TR"), ("İstanbul", "TR"), ("Iskenderun", "TR"), ("Palma de Mallorca", "ES")]
            .into_iter().enumerate()
        {
            clinic(&t, ClinicSpec::new(&format!("C{number}")).in_city(city, country, "Europe/Istanbul")).await;
        }
        let cities = async |typed: &str| {
            let reply = client.get(&format!("/places?q={typed}")).await.assert_status(200);
            let rows = reply.json.as_array().unwrap().clone();
            rows.iter().map(|row| (row["slug"].as_str().unwrap().to_owned(), row["clinics"].as_u64().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(cities("is").await, [("istanbul".to_owned(), 2), ("iskenderun".to_owned(), 1)]);
        assert_eq!(cities("mall").await, [("palma-de-mallorca".to_owned(), 1)]);
        assert_eq!((cities("tanbul").await.len(), cities("").await.len(), cities("%25").await.len()), (0, 0, 0));
        client.get(&format!("/places?q={}", "x".repeat(51))).await.assert_problem(422, "query_too_long");
        for city in ["istanbul", "Istanbul"] {
            assert_eq!(client.get(&format!("/providers?filter[city]={city}")).await.at("/meta/total"), 2, "{city}");
        }
        for number in 0..12 {
            let city = format!("Newtown {number}");
            clinic(&t, ClinicSpec::new(&format!("N{number}")).in_city(&city, "ES", "Europe/Madrid")).await;
        }
        assert_eq!(cities("newt").await.len(), 10, "at most ten");
    }

    async fn golden_4_distribution_from_the_database(t: TestApp) {
        let mut ids = std::collections::HashMap::new();
        let spec = |name: &str, featured: bool, tenths: i32, count: i32| {
            let mut spec = ClinicSpec::new(name);
            if name.starts_with('P') {
                spec = spec.in_city("Krakow", "PL", "Europe/Warsaw");
            }
            (spec.featured, spec.ratings) = (featured, (tenths * count / 10, count));
            spec
        };
        for (name, featured, tenths, count) in [
            ("T1", true, 46, 120), ("T2", false, 30, 10), ("T3", false, 49, 60), ("T4", false, 48, 200),
            ("T5", false, 48, 90), ("T6", false, 45, 40), ("T7", false, 30, 10), ("T8", false, 45, 12),
            ("T9", false, 0, 0), ("P1", true, 44, 80), ("P2", false, 47, 10), ("P3", false, 30, 10),
            ("P4", false, 42, 5), ("T10", false, 50, 500), ("T11", true, 50, 500),
        ] {
            let mut spec = spec(name, featured, tenths, count);
            match name {
                "T10" => spec.status = ProviderStatus::Suspended,
                "T11" => spec.paused = true,
                _ => {}
            }
            ids.insert(name.to_owned(), clinic(&t, spec).await.id());
        }
        // Better than all of them, but elsewhere.
        let mut away = ClinicSpec::new("E1").in_city("Malaga", "ES", "Europe/Madrid");
        (away.featured, away.ratings) = (true, (500, 100));
        clinic(&t, away).await;
        let countries = ["TR".to_owned(), "PL".to_owned()];
        let selected = [ids["T2"], ids["T7"], ids["P3"]];
        let result = clinics::candidates(t.conn(), &countries, &selected, 10).await.unwrap();
        let expected = ["T2", "T7", "P3", "T1", "P1", "T3", "T4", "T5", "P2", "T6"].map(|name| ids[name]);
        assert_eq!(result, expected);
    }

    async fn commission_is_the_clinics_own_or_the_platforms(t: TestApp) {
        let today = (t.now().date_naive(), t.now());
        let own = {
            let mut spec = ClinicSpec::new("Own");
            spec.commission_percent = Some(18);
            clinic(&t, spec).await
        };
        let other = clinic(&t, ClinicSpec::new("Other")).await;
        let percent = async |id: ProviderId, then| match commission::terms(t.conn(), id, then).await.unwrap() {
            Terms::Percent(percent) => percent,
            Terms::Flat(fee) => panic!("a fee of {fee}"),
        };
        assert_eq!(percent(own.id(), today).await, 18);
        assert_eq!(percent(other.id(), today).await, commission::DEFAULT_PERCENT);
        // Before the clinic's own rate began, the platform's holds.
        let yesterday = (today.0.pred_opt().unwrap(), today.1 - chrono::TimeDelta::days(1));
        assert_eq!(percent(own.id(), yesterday).await, commission::DEFAULT_PERCENT);
        for (percent, from) in
            [(22, "2026-01-01T00:00:00Z"), (24, "2026-03-02T18:00:00Z"), (15, "2026-03-03T00:00:00Z")]
        {
            let row = directory::entity::set_commissions::ActiveModel {
                id: Set(SetCommissionId::new()),
                commission_percentage: Set(percent),
                effective_from: Set(testkit::at(from)),
                reason: Set("Agreed with the board of Hairline.".into()),
                set_by_user_id: Set(other.legal_owner),
                created_at: Set(t.now()),
            };
            row.insert(t.conn()).await.unwrap();
        }
        // The platform's rate counts from its instant on, not for the whole of its day.
        let evening = |time| (today.0, testkit::at(time));
        assert_eq!(percent(other.id(), yesterday).await, 22);
        assert_eq!(percent(other.id(), evening("2026-03-02T17:59:59Z")).await, 22);
        assert_eq!(percent(other.id(), evening("2026-03-02T18:00:00Z")).await, 24);
        sql(&t, "UPDATE provider_commissions SET commission_type = 'flat', commission_value = 400, currency = 'GBP'").await;
        let terms = commission::terms(t.conn(), own.id(), today).await.unwrap();
        assert!(matches!(terms, Terms::Flat(fee) if fee.to_string() == "GBP 400.00"), "{terms:?}");
    }

    async fn ratings_that_cannot_be_are_refused(t: TestApp) {
        let made = clinic(&t, ClinicSpec::new("Aegean")).await;
        for (sum, count) in [(6, 1), (0, 1), (1, 0), (-1, -1)] {
            assert!(ratings::set(t.conn(), made.id(), sum, count).await.is_err(), "{sum}/{count}");
        }
        ratings::set(t.conn(), made.id(), 9, 2).await.unwrap();
        ratings::set(t.conn(), made.id(), 0, 0).await.unwrap();
        assert_eq!(ratings::set(t.conn(), ProviderId::new(), 9, 2).await.unwrap_err().code, "not_found");
    }

    async fn countries_are_installed_once(t: TestApp) {
        directory::install(&t.app).await.unwrap();
        sql(&t, "UPDATE countries SET is_active = false WHERE iso_code = 'TR'").await;
        directory::install(&t.app).await.unwrap();
        let reply = client(&t).get("/countries").await.assert_status(200);
        let codes: Vec<&str> = reply.json.as_array().unwrap().iter().map(|c| c["iso_code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"GB") && !codes.contains(&"TR"));
        assert_eq!(codes.len(), codes.iter().collect::<std::collections::HashSet<_>>().len());
    }
}
