//! The public site, the clinic's own profile and the affiliate's home, on both engines.

use axum::Extension;
use catalogue::entity::packages::PackageCategory;
use directory::entity::providers::ProviderStatus;
use directory::seed::{Clinic, ClinicSpec};
use kernel::ids::{AffiliateId, AnyId, LanguageId, ReviewId};
use kernel::{Amount, Currency, Money};
use platform::db::count_statements;
use platform::entity::audit_logs;
use platform::web::CsrfToken;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use testkit::{Client, TestApp, actors};

struct Site {
    client: Client,
    csrf: String,
}

impl Site {
    fn of(t: &TestApp) -> Self {
        let token = CsrfToken("browser".to_owned());
        Self { csrf: token.field(&t.app), client: t.client(content::pages().layer(Extension(token))) }
    }

    /// The page's text, wherever its address leads for good.
    async fn text(&self, path: &str) -> String {
        let reply = self.client.get(path).await;
        let moved = (reply.status.as_u16() == 301).then(|| reply.headers["location"].to_str().unwrap().to_owned());
        let reply = match moved {
            Some(path) => self.client.get(&path).await,
            None => reply,
        };
        reply.assert_status(200).text()
    }

    /// Where an address that was given up leads.
    async fn moved(&self, path: &str) -> String {
        self.client.get(path).await.assert_status(301).headers["location"].to_str().unwrap().to_owned()
    }
}

async fn sql(t: &TestApp, statement: &str) {
    t.conn().execute_unprepared(statement).await.unwrap();
}

fn usd(units: i32) -> Money {
    Money::new(Amount::from_units(units), Currency::USD)
}

async fn languages(t: &TestApp) {
    for code in ["de", "en", "tr"] {
        sql(
            t,
            &format!(
                "INSERT INTO languages (id, code, name, native_name) VALUES ('{}', '{code}', '{code}', '{code}')",
                LanguageId::new()
            ),
        )
        .await;
    }
}

/// A clinic that speaks some languages and offers the first treatments at these dollars.
async fn clinic(t: &TestApp, name: &str, spoken: &[&str], prices: &[i32]) -> Clinic {
    let mut spec = ClinicSpec::new(name);
    spec.languages = spoken.iter().map(|code| (*code).to_owned()).collect();
    let made = directory::seed::clinic(&t.app, spec).await.unwrap();
    let treatments = catalogue::seed::treatments(&t.app, made.legal_owner).await.unwrap();
    for (treatment, price) in treatments.iter().zip(prices) {
        catalogue::seed::price(&t.app, made.id(), treatment.id, usd(*price), Amount::ZERO).await.unwrap();
    }
    made
}

async fn installed(t: &TestApp) {
    identity::install(&t.app).await.unwrap();
    directory::install(&t.app).await.unwrap();
    catalogue::install(&t.app).await.unwrap();
}

testkit::both! {
    async fn clinics_by_price_and_language(t: TestApp) {
        installed(&t).await;
        languages(&t).await;
        let site = Site::of(&t);
        let text = site.text("/clinics").await;
        assert!(text.contains("No clinics here yet") && !text.contains("Nothing found"), "{text}");

        clinic(&t, "Aegean", &["tr", "en"], &[1500, 900]).await;
        clinic(&t, "Bosphorus", &["tr", "de"], &[2500]).await;
        clinic(&t, "Costa", &["en"], &[]).await;
        for (query, found) in [
            ("", vec!["Aegean", "Bosphorus", "Costa"]),
            ("price=1000", vec!["Aegean"]),
            ("price=900", vec!["Aegean"]),
            ("price=899", vec![]),
            ("price=3000", vec!["Aegean", "Bosphorus"]),
            ("language=de", vec!["Bosphorus"]),
            ("language=en", vec!["Aegean", "Costa"]),
            ("language=tr&price=2000", vec!["Aegean"]),
            ("language=xx", vec![]),
        ] {
            let (reply, statements) = count_statements(site.client.get(&format!("/clinics?{query}"))).await;
            let text = reply.assert_status(200).text();
            assert!(statements <= 6, "{query} needs {statements} statements");
            let shown: Vec<&str> =
                ["Aegean", "Bosphorus", "Costa"].into_iter().filter(|name| text.contains(*name)).collect();
            assert_eq!(shown, found, "{query}");
            assert!(!text.contains("No clinics here yet"), "{query}: there are clinics, only not these");
        }
        let text = site.text("/clinics?language=de&price=3000").await;
        assert!(text.contains("<option value=\"de\" selected>") && text.contains("<option value=\"3000\" selected>"), "{text}");
        site.client.get("/clinics?price=cheap").await.assert_status(422);
    }

    async fn r_iq_86_a_suspended_clinic_is_not_shown_from_memory(t: TestApp) {
        installed(&t).await;
        let made = clinic(&t, "Aegean", &[], &[1500]).await;
        let site = Site::of(&t);
        let home = "/clinics/tr/istanbul/aegean-istanbul";
        assert!(site.text(home).await.contains("Aegean"));
        assert!(site.text("/").await.contains("Aegean"));
        sql(&t, &format!("UPDATE providers SET status = 'suspended' WHERE id = '{}'", made.id())).await;
        site.client.get(home).await.assert_status(404);
        assert!(!site.text("/").await.contains("Aegean"));
        // What the clinic changes shows at once, too.
        let again = "UPDATE providers SET status = 'active', provider_bio = 'Twenty years of it', updated_at = '2030-01-01 00:00:00'";
        sql(&t, again).await;
        assert!(site.text(home).await.contains("Twenty years of it"));
    }

    async fn treatments_say_what_they_cost_at_least(t: TestApp) {
        installed(&t).await;
        clinic(&t, "Aegean", &[], &[1500]).await;
        clinic(&t, "Bosphorus", &[], &[1200]).await;
        let mut gone = ClinicSpec::new("Gone");
        gone.status = ProviderStatus::Suspended;
        let gone = directory::seed::clinic(&t.app, gone).await.unwrap();
        let treatments = catalogue::seed::treatments(&t.app, gone.legal_owner).await.unwrap();
        catalogue::seed::price(&t.app, gone.id(), treatments[0].id, usd(10), Amount::ZERO).await.unwrap();
        let text = Site::of(&t).text("/treatments").await;
        assert!(text.contains("1,200") && !text.contains("1,500"), "{text}");
        assert!(!text.contains("$10"), "a suspended clinic's price is no offer: {text}");
        assert!(text.contains("name their price"), "the others say that there is none: {text}");
    }

    async fn r_mg_20_places_and_treatments_have_pages(t: TestApp) {
        installed(&t).await;
        clinic(&t, "Aegean", &["en"], &[1500]).await;
        let spec = ClinicSpec::new("Costa").in_city("Málaga", "ES", "Europe/Madrid");
        directory::seed::clinic(&t.app, spec).await.unwrap();
        let site = Site::of(&t);
        let shown = async |path: &str| {
            let (page, statements) = count_statements(site.client.get(path)).await;
            assert!(statements <= 7, "{path} needs {statements} statements");
            let text = page.assert_status(200).text();
            assert_eq!(text.matches("<h1").count(), 1, "{path}");
            (text.contains("Aegean"), text.contains("Costa"), text)
        };
        for (path, aegean, costa) in [
            ("/clinics/tr", true, false),
            ("/clinics/es", false, true),
            ("/clinics/es/malaga", false, true),
            ("/clinics/tr/istanbul", true, false),
            ("/clinics/tr?q=costa", false, false),
            ("/destinations/tr", true, false),
        ] {
            let (has_aegean, has_costa, text) = shown(path).await;
            assert_eq!((has_aegean, has_costa), (aegean, costa), "{path}: {text}");
        }
        assert!(shown("/clinics/es").await.2.contains("href=\"/clinics/es/malaga\""));
        let (_, _, all) = shown("/destinations").await;
        assert!(all.contains("href=\"/destinations/tr\"") && all.contains("href=\"/destinations/es\""), "{all}");
        let list = shown("/treatments").await.2;
        let paths: Vec<String> = list
            .split("href=\"/treatments/")
            .skip(1)
            .filter_map(|rest| Some(format!("/treatments/{}", rest.split('"').next()?)))
            .collect();
        assert!(paths.len() > 1, "{list}");
        let mut priced = 0;
        for path in &paths {
            let (_, _, one) = shown(path).await;
            assert!(one.contains("https://schema.org/MedicalProcedure"), "{path}: {one}");
            priced += usize::from(one.contains("1,500"));
        }
        assert_eq!(priced, 1, "one treatment has a price");
        let path = &paths[0];
        assert_eq!(site.moved(&path.to_uppercase().replace("/TREATMENTS", "/treatments")).await, *path);
        site.client.get("/treatments/nothing-of-the-kind").await.assert_status(404);
    }

    async fn search_engines_find_every_clinic_under_one_address(t: TestApp) {
        installed(&t).await;
        let made = clinic(&t, "Aegean", &[], &[1500]).await;
        sql(&t, &format!("UPDATE providers SET slug = 'aegean-hair' WHERE id = '{}'", made.id())).await;
        sql(&t, &format!("INSERT INTO provider_slugs (id, slug, provider_id) VALUES ('{}', 'aegean', '{}')", AnyId::new(), made.id())).await;
        let mut gone = ClinicSpec::new("Gone");
        gone.status = ProviderStatus::Suspended;
        let gone = directory::seed::clinic(&t.app, gone).await.unwrap();
        let site = Site::of(&t);
        let own = "/clinics/tr/istanbul/aegean-hair";
        // Its former name, its id, another city and another country all lead to where it is (R-MG-21).
        for other in [
            "/clinics/aegean".to_owned(),
            format!("/clinics/{}", made.id()),
            "/clinics/tr/ankara/aegean-hair".to_owned(),
            "/clinics/es/istanbul/aegean".to_owned(),
            "/clinics/TR/Istanbul/aegean-hair".to_owned(),
        ] {
            assert_eq!(site.moved(&other).await, own, "{other}");
        }
        for nowhere in ["/clinics/tr/istanbul/nobody", "/clinics/nobody", "/clinics/de", "/clinics/tr/ankara", "/destinations/de"] {
            site.client.get(nowhere).await.assert_status(404);
        }
        site.client.get(&format!("/clinics/{}", gone.id())).await.assert_status(404);
        let home = t.app.config.http.public_url.clone();
        let text = site.text(own).await;
        assert!(text.contains(&format!("<link rel=\"canonical\" href=\"{home}{own}\">")), "{text}");
        assert!(text.contains(&format!("hreflang=\"tr\" href=\"{home}{own}?lang=tr\"")), "{text}");
        assert!(text.contains("<meta property=\"og:title\" content=\"Aegean\">") && !text.contains("noindex"), "{text}");
        assert!(text.contains("https://schema.org/MedicalClinic") && text.contains("itemprop=\"name\">Aegean"), "{text}");
        assert!(text.contains("https://schema.org/BreadcrumbList") && text.contains("href=\"/clinics/tr/istanbul\""), "{text}");
        assert!(!text.contains("AggregateRating"), "no rating without a review");
        let list = site.text("/clinics").await;
        assert!(list.contains(&format!("href=\"{own}\"")) && !list.contains("noindex"), "{list}");
        assert!(site.text("/clinics?q=aegean").await.contains("<meta name=\"robots\" content=\"noindex\">"));
        let map = site.text("/sitemap.xml").await;
        assert!(map.contains(&format!("<loc>{home}{own}</loc><lastmod>")), "{map}");
        for path in ["/treatments", "/destinations/tr", "/clinics/tr", "/clinics/tr/istanbul"] {
            assert!(map.contains(&format!("<loc>{home}{path}</loc>")), "{path}: {map}");
        }
        assert!(!map.contains(&gone.id().to_string()), "{map}");
        site.client.get("/sitemap.xml?part=2").await.assert_status(404);
        let robots = site.text("/robots.txt").await;
        assert!(robots.contains("Disallow: /patient\n") && robots.contains(&format!("Sitemap: {home}/sitemap.xml")), "{robots}");
    }

    async fn a_clinic_shows_parts_and_packages(t: TestApp) {
        installed(&t).await;
        let made = clinic(&t, "Aegean", &[], &[1500]).await;
        catalogue::seed::package(&t.app, made.id(), "Quiet hotel", PackageCategory::Hotel, usd(400)).await.unwrap();
        let hidden = catalogue::seed::package(&t.app, made.id(), "Old flight", PackageCategory::Flight, usd(300)).await.unwrap();
        sql(&t, &format!("UPDATE packages SET status = 'inactive' WHERE id = '{}'", hidden.id)).await;
        let patient = identity::seed::PatientSpec::new(&t.app, "Mark", "Peterson");
        let patient = identity::seed::patient(&t.app, patient).await.unwrap();
        // Ratings of the staff 5 and 4, of the rooms 3 and none; what is not public does not count.
        for (overall, staff, rooms, published) in [(5, "5", "3", true), (4, "4", "NULL", true), (1, "1", "1", false)] {
            sql(&t, &format!(
                "INSERT INTO reviews (id, patient_id, provider_id, overall_rating, staff_rating, facility_rating, \
                 is_published, moderation_status) VALUES ('{}', '{}', '{}', {overall}, {staff}, {rooms}, {published}, '{}')",
                ReviewId::new(), patient.id, made.id(), if published { "published" } else { "pending" }
            )).await;
        }
        directory::ratings::set(t.conn(), made.id(), 9, 2).await.unwrap();
        let text = Site::of(&t).text(&format!("/clinics/{}", made.id())).await;
        assert!(text.contains("Quiet hotel") && text.contains("400") && !text.contains("Old flight"), "{text}");
        assert!(text.contains("People: 4.5") && text.contains("Rooms: 3.0") && !text.contains("Value:"), "{text}");
    }

    async fn a_clinic_edits_what_it_says(t: TestApp) {
        installed(&t).await;
        languages(&t).await;
        let made = clinic(&t, "Aegean", &["tr", "en"], &[]).await;
        let site = Site::of(&t);
        let owner = site.client.as_actor(actors::clinic_owner(made.owner, made.id()));
        let path = "/provider/profile/edit";
        assert!(owner.get("/provider/profile").await.assert_status(200).text().contains(path));
        let form = owner.get(path).await.assert_status(200).text();
        assert!(form.contains("name=\"version\" value=\"1\""), "{form}");

        let bio = "We have treated people from all over the world since 2009, quietly and well.";
        let fields = |version: &'static str, bio: &'static str, website: &'static str| {
            [("version", version), ("bio", bio), ("email", "Hello@aegean.example"), ("phone", ""), ("website", website),
                ("main", "de"), ("languages", "en"), ("languages", "de")]
        };
        let post = async |fields: &[(&str, &str)]| {
            let mut all = vec![("_csrf", site.csrf.as_str())];
            all.extend_from_slice(fields);
            owner.form(path, &all).await
        };
        let refused = post(&fields("1", "Too short.", "javascript://x")).await.assert_status(422).text();
        assert!(refused.contains("Too short.") && refused.matches("aria-invalid").count() == 2, "{refused}");
        post(&fields("1", bio, "aegean.example")).await.assert_status(303);
        let again = post(&fields("1", bio, "aegean.example")).await.assert_status(303);
        assert_eq!(again.headers["location"], "/provider/profile?done=clinic-saved", "sent twice");
        let other = "Somebody else wrote this in another window at the very same time as we did.";
        post(&fields("1", other, "")).await.assert_status(409);

        let page = owner.get("/provider/profile").await.text();
        assert!(page.contains("quietly and well") && page.contains("German, English"), "{page}");
        let row = directory::clinics::load(t.conn(), made.id()).await.unwrap();
        assert_eq!((row.public_email.as_deref(), row.website_url.as_deref()), (Some("hello@aegean.example"), Some("https://aegean.example")));
        let logged = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("provider.profile_changed"));
        assert_eq!(logged.count(t.conn()).await.unwrap(), 1);
        // The public page tells nobody how to reach the clinic.
        let public = site.text(&format!("/clinics/{}", made.id())).await;
        assert!(!public.contains("aegean.example"), "{public}");

        let clinical = site.client.as_actor(actors::clinic_clinical(made.owner, made.id()));
        clinical.get(path).await.assert_status(403);
        assert!(!clinical.get("/provider/profile").await.text().contains(path));
        sql(&t, &format!("UPDATE providers SET status = 'suspended' WHERE id = '{}'", made.id())).await;
        let suspended = post(&fields("2", bio, "")).await.assert_status(403).text();
        assert!(suspended.contains("suspended"), "{suspended}");
    }

    async fn an_affiliate_is_greeted_by_name(t: TestApp) {
        let id = AffiliateId::new();
        sql(&t, &format!(
            "INSERT INTO affiliates (id, affiliate_name, email, affiliate_code) VALUES ('{id}', 'Ada <Travels>', 'a@x.example', 'HP-AFF-00012')"
        )).await;
        let site = Site::of(&t);
        let ada = site.client.as_actor(actors::affiliate(id));
        let (page, statements) = count_statements(ada.get("/affiliate")).await;
        let page = page.assert_status(200).text();
        assert!(statements <= 7, "{statements}");
        assert!(page.contains("Ada &#60;Travels&#62;") && page.contains("HP-AFF-00012"), "{page}");
        assert!(page.contains("Nothing to show yet"), "{page}");
        for (code, kind, value) in [("ADA10", "percentage", "10"), ("ADA50", "fixed", "50")] {
            sql(&t, &format!(
                "INSERT INTO affiliate_discount_codes (id, affiliate_id, code, discount_type, discount_value) \
                 VALUES ('{}', '{id}', '{code}', '{kind}', {value})", AnyId::new()
            )).await;
        }
        let page = ada.get("/affiliate").await.text();
        assert!(page.contains("ADA10") && page.contains("10 %") && page.contains("ADA50") && page.contains("$50.00"), "{page}");
    }
}
