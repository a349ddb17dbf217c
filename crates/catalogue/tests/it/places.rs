//! Places as staff keep them, over HTTP and in a browser.

use axum::Extension;
use platform::web::CsrfToken;
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors};

use crate::world::clinic;

async fn staff(t: &TestApp) -> (Client, Client, String) {
    catalogue::install(&t.app).await.unwrap();
    let user = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
    let actor = actors::super_admin(user);
    let token = CsrfToken("browser".to_owned());
    let csrf = token.field(&t.app);
    let pages = t.client(catalogue::pages().layer(Extension(token))).as_actor(actor.clone());
    (t.client(catalogue::routes()).as_actor(actor), pages, csrf)
}

fn sisli() -> Value {
    json!({
        "name": "Istanbul Şişli", "address": "Büyükdere Cad. 12", "city": "Istanbul", "country_code": "tr",
        "map_selector": "41.0602,28.9877", "phone": "+90 212 555 01 01", "email": "Sisli@Hairline.example",
        "description": "Close to the metro.", "legal_name": "Hairline Istanbul A.Ş.", "tax": "1234567890",
    })
}

testkit::both! {
    /// Places: kept with a version, found by a word, gone only while nothing refers to them.
    async fn places_are_kept_and_go_when_nothing_refers_to_them(t: TestApp) {
        let (client, _, _) = staff(&t).await;
        let id = client.post("/admin/locations", sisli()).await.assert_status(201).str("/id").to_owned();
        let path = format!("/admin/locations/{id}");
        let shown = client.get(&path).await.assert_status(200);
        assert_eq!((shown.str("/email"), shown.str("/country_code")), ("sisli@hairline.example", "TR"));
        for (query, found) in [("q=metro", 0), ("q=istanb", 1), ("q=B%C3%BCy%C3%BCk", 1), ("filter[country]=PL", 0), ("filter[country]=tr", 1)] {
            let list = client.get(&format!("/admin/locations?{query}")).await.assert_status(200);
            assert_eq!(list.at("/meta/total"), found, "{query}");
        }
        client.get("/admin/locations?per_page=101").await.assert_status(422);

        let mut wrong = sisli();
        for (field, value) in [("country_code", "XX"), ("map_selector", "<iframe>"), ("phone", "call me"), ("email", "nowhere"), ("name", "")] {
            wrong[field] = value.into();
        }
        client.post("/admin/locations", wrong).await
            .assert_field("country_code", "country_unknown")
            .assert_field("map_selector", "map_invalid")
            .assert_field("phone", "phone_invalid")
            .assert_field("email", "email_invalid")
            .assert_field("name", "required");

        let mut change = sisli();
        change["name"] = "Istanbul".into();
        change["version"] = 1.into();
        client.put(&path, change.clone()).await.assert_status(200);
        client.put(&path, change).await.assert_problem(409, "stale_version");

        // R-MG-61: a place has a price of its own, and stays while it has one.
        let price = json!({ "location_id": id, "price": { "amount": "2100.00", "currency": "EUR" }, "reason": "A price of its own." });
        client.post("/admin/starting-prices", price).await.assert_status(201);
        client.delete(&format!("{path}?version=2")).await.assert_problem(409, "location_in_use");
        let spare = client.post("/admin/locations", sisli()).await.assert_status(201).str("/id").to_owned();
        let spare = format!("/admin/locations/{spare}");
        client.delete(&format!("{spare}?version=7")).await.assert_problem(409, "stale_version");
        for _ in 0..2 {
            client.delete(&format!("{spare}?version=1")).await.assert_status(204);
        }
        client.get(&spare).await.assert_problem(404, "not_found");
        assert_eq!(client.get("/admin/locations").await.at("/meta/total"), 1);

        let provider = clinic(&t, "Bosphorus", "TR").await;
        let seller = t.client(catalogue::routes()).as_actor(actors::clinic_owner(kernel::ids::ProviderUserId::new(), provider));
        seller.get(&path).await.assert_status(403);
        seller.post("/admin/locations", sisli()).await.assert_status(403);
    }

    async fn the_form_of_a_place_keeps_what_was_typed(t: TestApp) {
        let (client, browser, csrf) = staff(&t).await;
        let place = sisli();
        let typed: Vec<(&str, String)> =
            place.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap().to_owned())).collect();
        let send = async |path: &str, change: &[(&str, &str)]| {
            let mut fields: Vec<(&str, &str)> = vec![("_csrf", csrf.as_str())];
            fields.extend(typed.iter().filter(|(name, _)| !change.iter().any(|(own, _)| own == name)).map(|(name, value)| (*name, value.as_str())));
            fields.extend_from_slice(change);
            browser.form(path, &fields).await
        };
        let refused = send("/admin/locations/new", &[("country_code", "TR"), ("email", "nowhere")]).await.assert_status(422).text();
        assert!(refused.contains("email-error") && refused.contains("Büyükdere") && refused.contains("value=\"nowhere\""), "{refused}");
        let made = send("/admin/locations/new", &[("country_code", "TR")]).await.assert_status(303);
        let path = made.headers["location"].to_str().unwrap().split('?').next().unwrap().to_owned();
        let page = browser.get(&path).await.assert_status(200).text();
        assert!(page.contains("value=\"TR\" selected") && page.contains("41.0602,28.9877"), "{page}");
        let list = browser.get("/admin/locations?q=metro").await.assert_status(200).text();
        assert!(list.contains("No places"), "{list}");
        // Its price is set from its page.
        let id = path.rsplit('/').next().unwrap();
        let prices = browser.get(&format!("/admin/starting-prices?location={id}")).await.assert_status(200).text();
        assert!(prices.contains("Istanbul Şişli") && prices.contains("name=\"location_id\""), "{prices}");
        let price = [("_csrf", csrf.as_str()), ("location_id", id), ("amount", "2100"), ("price_currency", "EUR"), ("reason", "A price of its own.")];
        browser.form("/admin/starting-prices", &price).await.assert_status(303);
        let kept = browser.form(&format!("{path}/remove"), &[("_csrf", &csrf), ("version", "1")]).await.assert_status(409).text();
        assert!(kept.contains("refer to this place"), "{kept}");
        assert_eq!(client.get("/admin/locations").await.at("/meta/total"), 1);
    }
}
