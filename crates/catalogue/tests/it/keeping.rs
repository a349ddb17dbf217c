//! What staff and clinics keep in the catalogue, over HTTP and on both engines.

use crate::questionnaires::SETS;
use crate::world::clinic;
use catalogue::entity::provider_treatment_pricing as pricing;
use catalogue::service::starting_prices;
use directory::entity::providers;
use kernel::ids::{ProviderId, ProviderUserId, TreatmentId, UserId};
use kernel::{Currency, Money};
use platform::entity::{audit_logs, outbox_events};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde_json::{Value, json};
use testkit::{Client, TestApp, Upload, actors};

/// A member of staff who may do all of it.
pub async fn keeper(t: &TestApp) -> (UserId, Client) {
    catalogue::install(&t.app).await.unwrap();
    let user = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
    (user, t.client(catalogue::routes()).as_actor(actors::super_admin(user)))
}

fn seller(t: &TestApp, provider: ProviderId) -> Client {
    t.client(catalogue::routes()).as_actor(actors::clinic_owner(ProviderUserId::new(), provider))
}

pub async fn events(t: &TestApp, key: &str) -> Vec<Value> {
    let rows = outbox_events::Entity::find()
        .filter(outbox_events::Column::EventKey.eq(key))
        .order_by_asc(outbox_events::Column::Id)
        .all(t.conn())
        .await
        .unwrap();
    rows.into_iter().map(|row| row.payload).collect()
}

pub async fn audited(t: &TestApp, action: &str) -> u64 {
    audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).count(t.conn()).await.unwrap()
}

fn thumbnail() -> Upload {
    Upload::jpeg(testkit::jpeg(64, 64, 1)).in_field("thumbnail")
}

async fn new_treatment(client: &Client, name: &str) -> String {
    let fields = [("name", name), ("type", "FUE"), ("description", "Hair by hair."), ("duration_hours", "7.5")];
    client.multipart("/treatments", &fields, &[thumbnail()]).await.assert_status(201).str("/id").to_owned()
}

async fn offer(t: &TestApp, provider: ProviderId, treatment: TreatmentId) {
    let base = Money::new("2500".parse().unwrap(), Currency::USD);
    catalogue::seed::price(&t.app, provider, treatment, base, "2".parse().unwrap()).await.unwrap();
}

testkit::both! {
    /// R-IQ-70, R-IQ-73
    async fn staff_add_a_treatment_with_its_picture(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let id = new_treatment(&client, "Hairline lowering").await;
        let shown = t.client(catalogue::routes()).get(&format!("/treatments/{id}")).await.assert_status(200);
        assert_eq!((shown.str("/name"), shown.str("/type"), shown.str("/duration_hours")), ("Hairline lowering", "FUE", "7.5"));
        let link = shown.str("/thumbnail").to_owned();
        t.client(platform::files::routes()).get(&link).await.assert_status(200);
        assert_eq!(events(&t, "catalog.treatment_changed").await[0]["change"], "created");
        assert_eq!(audited(&t, "treatment.created").await, 1);

        let fields = [("name", "hAIRLINE Lowering"), ("type", "FUT"), ("description", "x")];
        client.multipart("/treatments", &fields, &[thumbnail()]).await.assert_field("name", "name_taken");
        let fields = [("name", "Another"), ("type", "FUT"), ("description", "x")];
        client.multipart("/treatments", &fields, &[]).await.assert_field("thumbnail", "required");
        let text = Upload::jpeg(b"no picture at all".to_vec()).in_field("thumbnail");
        client.multipart("/treatments", &fields, &[text]).await.assert_field("thumbnail", "media_type_invalid");
        let fields = [("name", ""), ("description", ""), ("duration_hours", "13")];
        client.multipart("/treatments", &fields, &[thumbnail()]).await
            .assert_field("name", "required")
            .assert_field("type", "required")
            .assert_field("description", "required")
            .assert_field("duration_hours", "out_of_range");
        assert_eq!(catalogue::entity::treatments::Entity::find().count(t.conn()).await.unwrap(), 1);
    }

    /// R-IQ-73
    async fn ten_new_treatments_in_an_hour_are_enough(t: TestApp) {
        let (_, client) = keeper(&t).await;
        for number in 0..10 {
            new_treatment(&client, &format!("Technique {number}")).await;
        }
        let fields = [("name", "One more"), ("type", "FUE"), ("description", "Hair by hair.")];
        client.multipart("/treatments", &fields, &[thumbnail()]).await.assert_problem(429, "rate_limited");
        t.advance(std::time::Duration::from_secs(3601));
        new_treatment(&client, "One more").await;
    }

    /// R-IQ-70, R-IQ-73
    async fn a_treatment_is_changed_by_version_and_ended_after_a_warning(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let id = new_treatment(&client, "FUE").await;
        offer(&t, clinic(&t, "Ours", "TR").await, id.parse().unwrap()).await;
        let path = format!("/treatments/{id}");
        let change = json!({ "version": 1, "description": "Better words." });
        let changed = client.patch(&path, &change).await.assert_status(200);
        assert_eq!((changed.at("/version"), changed.str("/description")), (&json!(2), "Better words."));
        client.patch(&path, &change).await.assert_status(200);
        client.patch(&path, &json!({ "version": 1, "description": "Late words." })).await.assert_problem(409, "stale_version");
        assert_eq!(client.get(&format!("{path}/reach")).await.json, json!({ "clinics": 1, "live_quotes": 0 }));

        client.post(&format!("{path}/deactivate"), json!({ "version": 2 })).await.assert_status(200);
        let ended = client.post(&format!("{path}/deactivate"), json!({ "version": 2 })).await.assert_status(200);
        assert_eq!((ended.str("/status"), ended.at("/version")), ("inactive", &json!(3)), "twice changes nothing");
        t.client(catalogue::routes()).get(&path).await.assert_problem(404, "not_found");
        let row = catalogue::treatments::load(t.conn(), id.parse().unwrap()).await.unwrap();
        assert_eq!(row.ended_at, Some(t.now()));
        client.post(&format!("{path}/activate"), json!({ "version": 3 })).await.assert_status(200);
        let row = catalogue::treatments::load(t.conn(), id.parse().unwrap()).await.unwrap();
        assert_eq!(row.ended_at, None);
        let told: Vec<_> = events(&t, "catalog.treatment_changed").await.iter().map(|it| it["change"].clone()).collect();
        assert_eq!(told, ["created", "updated", "deactivated", "activated"]);
        // No route deletes: the row is the catalogue's memory.
        client.delete(&path).await.assert_status(405);
    }

    /// R-IQ-70
    async fn a_treatment_shows_five_pictures_and_three_documents(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let id = new_treatment(&client, "FUE").await;
        let path = format!("/treatments/{id}/media");
        let mut version = 1;
        for number in 0..5 {
            let seen = version.to_string();
            let picture = Upload::jpeg(testkit::jpeg(40, 40, number));
            client.multipart(&path, &[("place", "image"), ("version", &seen)], &[picture]).await.assert_status(200);
            version += 1;
        }
        let seen = version.to_string();
        let sixth = Upload::jpeg(testkit::jpeg(40, 40, 9));
        client.multipart(&path, &[("place", "image"), ("version", &seen)], std::slice::from_ref(&sixth)).await
            .assert_field("file", "too_many_files");
        client.multipart(&path, &[("place", "document"), ("version", &seen)], std::slice::from_ref(&sixth)).await
            .assert_field("file", "media_type_invalid");
        client.multipart(&path, &[("place", "image"), ("version", "1")], &[sixth]).await.assert_status(422);
        let shown = catalogue::service::treatment_media::of(t.conn(), id.parse().unwrap()).await.unwrap();
        let first = shown.images[0].media.id;
        client.delete(&format!("{path}/{first}")).await.assert_status(204);
        client.delete(&format!("{path}/{first}")).await.assert_problem(404, "not_found");
        let left = catalogue::service::treatment_media::of(t.conn(), id.parse().unwrap()).await.unwrap();
        assert_eq!(left.images.len(), 4);
        // Three documents, and none above ten megabytes.
        let document = |size: usize| {
            let mut bytes = b"%PDF-1.7\n".to_vec();
            bytes.resize(size, b' ');
            bytes.extend_from_slice(b"\n%%EOF\n");
            Upload { content_type: "application/pdf".into(), ..Upload::jpeg(bytes).named("note.pdf") }
        };
        let place = async |place: &str, upload: Upload| {
            let seen = catalogue::entity::treatments::Entity::find().one(t.conn()).await.unwrap().unwrap().version.to_string();
            client.multipart(&path, &[("place", place), ("version", &seen)], &[upload]).await
        };
        place("document", document(10 * 1024 * 1024 + 1)).await.assert_field("file", "media_size_exceeded");
        for _ in 0..3 {
            place("document", document(200)).await.assert_status(200);
        }
        place("document", document(200)).await.assert_field("file", "too_many_files");
        client.multipart(&path, &[("place", "roof"), ("version", "7")], &[]).await.assert_field("place", "unknown_value");
    }

    async fn what_is_always_included_has_an_order_and_never_vanishes(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let id = new_treatment(&client, "FUE").await;
        let path = format!("/treatments/{id}/includes");
        let first = client.post(&path, json!({ "name": "First wash", "version": 1 })).await.assert_status(201);
        client.post(&path, json!({ "name": "Medicine", "version": 2 })).await.assert_status(201);
        client.post(&path, json!({ "name": "Late", "version": 2 })).await.assert_problem(409, "stale_version");
        let one = format!("{path}/{}", first.str("/id"));
        client.patch(&one, json!({ "name": "Wash", "order": 9, "version": 3 })).await.assert_status(204);
        let names = |reply: &testkit::Reply| {
            reply.json.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&client.get(&path).await), ["Medicine", "Wash"]);
        client.delete(&one).await.assert_status(204);
        client.delete(&one).await.assert_status(204);
        assert_eq!(names(&client.get(&path).await), ["Medicine"]);
        let all = catalogue::entity::treatment_includes::Entity::find().count(t.conn()).await.unwrap();
        assert_eq!(all, 2, "the row stays, inactive");
    }

    /// R-IQ-72, R-IQ-73
    async fn a_package_is_edited_copied_and_switched_by_its_clinic(t: TestApp) {
        let (ours, theirs) = (clinic(&t, "Ours", "TR").await, clinic(&t, "Theirs", "TR").await);
        let (owner, stranger) = (seller(&t, ours), seller(&t, theirs));
        let price = json!({ "amount": "300.00", "currency": "GBP" });
        let input = json!({ "name": "Hotel", "price": price, "category": "hotel",
            "items": [{ "name": "Nights", "value": "3" }] });
        let made = owner.post("/packages", &input).await.assert_status(201);
        let path = format!("/packages/{}", made.str("/id"));
        let mut change = input.clone();
        change["price"]["amount"] = json!("320.00");
        change["version"] = json!(1);
        let changed = owner.patch(&path, &change).await.assert_status(200);
        assert_eq!((changed.str("/price/amount"), changed.at("/version")), ("320.00", &json!(2)));
        owner.patch(&path, &change).await.assert_problem(409, "stale_version");
        stranger.patch(&path, &change).await.assert_problem(404, "not_found");
        stranger.post(&format!("{path}/clone"), json!({})).await.assert_problem(404, "not_found");

        let copy = owner.post(&format!("{path}/clone"), json!({})).await.assert_status(201);
        assert_eq!((copy.str("/name"), copy.str("/status"), copy.str("/items/0/value")), ("Hotel (Copy)", "inactive", "3"));
        let second = owner.post(&format!("{path}/clone"), json!({})).await.assert_status(201);
        assert_eq!(second.str("/name"), "Hotel (Copy 2)");
        owner.post(&format!("{path}/deactivate"), json!({})).await.assert_status(200);
        let off = owner.post(&format!("{path}/deactivate"), json!({})).await.assert_status(200);
        assert_eq!((off.str("/status"), off.at("/version")), ("inactive", &json!(3)), "twice changes nothing");
        assert_eq!(owner.post(&format!("{path}/activate"), json!({})).await.str("/status"), "active");
    }

    /// R-IQ-72
    async fn lines_and_pictures_of_a_package_come_and_go_one_by_one(t: TestApp) {
        let owner = seller(&t, clinic(&t, "Ours", "TR").await);
        let price = json!({ "amount": "300.00", "currency": "GBP" });
        let input = json!({ "name": "Hotel", "price": price, "category": "hotel" });
        let made = owner.post("/packages", &input).await.assert_status(201);
        let path = format!("/packages/{}", made.str("/id"));
        let body = json!({ "item": { "name": "Nights", "value": "3" }, "version": 1 });
        let item = owner.post(&format!("{path}/items"), &body).await.assert_status(201);
        owner.post(&format!("{path}/items"), &body).await.assert_problem(409, "stale_version");
        let line = format!("{path}/items/{}", item.str("/id"));
        let body = json!({ "item": { "name": "Nights", "value": "4" }, "version": 2 });
        owner.patch(&line, &body).await.assert_status(204);
        assert_eq!(owner.get(&format!("{path}/items")).await.str("/0/value"), "4");
        owner.delete(&line).await.assert_status(204);
        owner.delete(&line).await.assert_problem(404, "not_found");
        let picture = || Upload::jpeg(testkit::jpeg(40, 40, 3));
        for _ in 0..3 {
            owner.multipart(&format!("{path}/media"), &[], &[picture()]).await.assert_status(200);
        }
        owner.multipart(&format!("{path}/media"), &[], &[picture()]).await.assert_field("file", "too_many_files");
        let shown = owner.get(&path).await;
        let one = format!("{path}/media/{}", shown.str("/pictures/0/id"));
        owner.delete(&one).await.assert_status(204);
        owner.delete(&one).await.assert_problem(404, "not_found");
    }

    /// R-IQ-71
    async fn what_left_the_catalogue_can_only_be_switched_off(t: TestApp) {
        use catalogue::entity::treatments;
        let (user, _) = keeper(&t).await;
        let made = catalogue::seed::treatments(&t.app, user).await.unwrap();
        let owner = seller(&t, clinic(&t, "Ours", "TR").await);
        let path = |number: usize| format!("/provider/treatment-pricing/{}", made[number].id);
        let price = |amount: &str, status: &str| json!({ "base_price": { "amount": amount, "currency": "USD" }, "status": status });
        owner.put(&path(0), price("2500.00", "offered")).await.assert_status(200);
        treatments::Entity::update_many()
            .set(treatments::ActiveModel { status: Set(treatments::TreatmentStatus::Inactive), ..Default::default() })
            .exec(t.conn()).await.unwrap();
        let mut dearer = price("2600.00", "not_offered");
        dearer["version"] = json!(1);
        owner.put(&path(0), &dearer).await.assert_problem(422, "treatment_not_offered");
        owner.put(&path(1), price("2500.00", "not_offered")).await.assert_problem(422, "treatment_not_offered");
        let mut off = price("2500.00", "not_offered");
        off["version"] = json!(1);
        owner.put(&path(0), &off).await.assert_status(200);
        let row = pricing::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.base_price, row.version), ("2500.00".parse().unwrap(), 2));
    }

    /// R-IQ-71
    async fn the_same_price_sent_twice_is_one(t: TestApp) {
        let (user, _) = keeper(&t).await;
        let treatment = catalogue::seed::treatments(&t.app, user).await.unwrap().remove(0);
        let owner = seller(&t, clinic(&t, "Ours", "TR").await);
        let path = format!("/provider/treatment-pricing/{}", treatment.id);
        let price = json!({ "base_price": { "amount": "2500.00", "currency": "USD" }, "status": "offered" });
        owner.put(&path, &price).await.assert_status(200);
        owner.put(&path, &price).await.assert_status(200);
        let row = pricing::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.version, audited(&t, "treatment_price.set").await), (1, 1));
    }
}

fn region(name: &str, audience: &[&str], destinations: &[&str]) -> Value {
    json!({ "name": name, "audience": audience, "destinations": destinations, "reason": "Because flights are short." })
}

testkit::both! {
    /// R-IQ-80, R-MG-60
    async fn a_region_orders_destinations_for_its_patients(t: TestApp) {
        let (_, client) = keeper(&t).await;
        for (name, code, country) in [("A", "TR", "Türkiye"), ("B", "PL", "Poland"), ("C", "ES", "Spain")] {
            let id = clinic(&t, name, "TR").await;
            let change = providers::ActiveModel {
                id: Set(id),
                country: Set(country.to_owned()),
                country_code: Set(Some(code.to_owned())),
                ..Default::default()
            };
            change.update(t.conn()).await.unwrap();
        }
        let order = async |country: &str| {
            let seen = client.get(&format!("/admin/regions/preview?country={country}&currency=USD")).await;
            seen.json.as_array().unwrap().iter().map(|it| it["country_code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(order("GB").await, ["PL", "ES", "TR"], "without a region by distance");
        let made = client.post("/admin/regions", &region("Isles", &["gb", "IE"], &["TR", "ES"])).await.assert_status(201);
        assert_eq!(order("GB").await, ["TR", "ES", "PL"]);
        assert_eq!(order("DE").await, ["PL", "ES", "TR"]);

        // A country is audience of at most one active region.
        let second = client.post("/admin/regions", &region("North", &["GB", "NO"], &["PL"])).await;
        second.assert_field("audience", "country_in_other_region");
        client.post("/admin/regions", &region("isles", &["NO"], &["PL"])).await.assert_field("name", "name_taken");
        let mut short = region("North", &[], &["PL", "ZZ"]);
        short["reason"] = json!("too short");
        short["max_shown"] = json!(4);
        client.post("/admin/regions", &short).await
            .assert_field("audience", "required")
            .assert_field("destinations", "country_unknown")
            .assert_field("max_shown", "out_of_range")
            .assert_field("reason", "reason_required");

        let path = format!("/admin/regions/{}", made.str("/id"));
        let mut change = region("Isles", &["GB"], &["ES", "TR", "PL"]);
        change["version"] = json!(1);
        let changed = client.patch(&path, &change).await.assert_status(200);
        assert_eq!(changed.at("/destinations"), &json!(["ES", "TR", "PL"]));
        client.patch(&path, &change).await.assert_problem(409, "stale_version");
        assert_eq!(order("GB").await, ["ES", "TR", "PL"]);
        client.post("/admin/regions", &region("North", &["IE"], &["PL"])).await.assert_status(201);

        let reason = "Nobody travels there now.";
        let off = json!({ "status": "inactive", "version": 2, "reason": reason });
        client.put(&format!("{path}/status"), &off).await.assert_status(200);
        client.put(&format!("{path}/status"), &off).await.assert_status(200);
        assert_eq!(order("GB").await, ["PL", "ES", "TR"], "an archived region orders nothing");
        assert_eq!(audited(&t, "region.changed").await, 1);
        let all = catalogue::entity::location_preferences_countries::Entity::find().count(t.conn()).await.unwrap();
        assert!(all >= 7, "what is taken off a list stays as a row");
    }

    /// R-IQ-80
    async fn two_first_regions_at_once_share_no_country(t: TestApp) {
        let (_, client) = keeper(&t).await;
        for code in ["GB", "IE", "DE", "FR", "NL", "BE", "AT", "CH", "SE", "NO"] {
            let (one, two) = (client.clone(), client.clone());
            let bodies = [region(&format!("One {code}"), &[code], &["TR"]), region(&format!("Two {code}"), &[code], &["PL"])];
            let [first, second] = bodies;
            let (a, b) = tokio::join!(
                tokio::spawn(async move { one.post("/admin/regions", &first).await }),
                tokio::spawn(async move { two.post("/admin/regions", &second).await }),
            );
            let mut codes = [a.unwrap().status.as_u16(), b.unwrap().status.as_u16()];
            codes.sort_unstable();
            assert_eq!(codes, [201, 422], "{code}");
            // Each round begins without an active region.
            t.conn().execute_unprepared("UPDATE location_preferences SET status = 'inactive'").await.unwrap();
        }
    }

    /// R-MG-60
    async fn the_51st_region_is_asked_about(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let codes: Vec<&str> = catalogue::rules::world::COUNTRIES.iter().map(|country| country.code).collect();
        for (number, code) in codes.iter().take(50).enumerate() {
            client.post("/admin/regions", &region(&format!("Region {number}"), &[code], &["TR"])).await.assert_status(201);
        }
        let mut more = region("Region 50", &[codes[50]], &["TR"]);
        client.post("/admin/regions", &more).await.assert_problem(409, "many_regions");
        more["confirmed"] = json!(true);
        client.post("/admin/regions", &more).await.assert_status(201);
    }

    /// R-IQ-81: staff see what is shown today, places down and currencies across.
    async fn starting_prices_stand_in_a_grid(t: TestApp) {
        let (user, client) = keeper(&t).await;
        let boss = actors::super_admin(user);
        let today = t.now().date_naive();
        let set = async |country: &str, amount: &str, currency: &str, fallback: bool, from: chrono::NaiveDate| {
            let body = json!({ "country_code": country, "effective_from": from, "is_fallback": fallback,
                "price": { "amount": amount, "currency": currency }, "reason": "New season, new prices." });
            client.post("/admin/starting-prices", &body).await.assert_status(201);
        };
        set("TR", "1500.00", "GBP", false, today).await;
        set("TR", "1900.00", "USD", true, today).await;
        set("PL", "1700.00", "GBP", false, today).await;
        set("ES", "2500.00", "GBP", false, today + chrono::Days::new(10)).await;
        let page = kernel::PageQuery { page: 1, per_page: 20 };
        let (found, statements) = platform::db::count_statements(starting_prices::grid(&t.app, &boss, page)).await;
        let found = found.unwrap();
        assert!(statements <= 4, "{statements}");
        assert_eq!(found.meta.total, 2, "Spain's begins later");
        let told = |at: usize| {
            let row = &found.data[at];
            let cells = row.prices.values().map(|(money, fallback)| format!("{money} {fallback}"));
            (row.place.clone(), cells.collect::<Vec<_>>())
        };
        assert_eq!(told(0), ("Poland".to_owned(), vec!["GBP 1700.00 false".to_owned()]));
        let turkey = told(1);
        assert!(turkey.0.starts_with('T'), "{turkey:?}");
        assert_eq!(turkey.1, ["GBP 1500.00 false", "USD 1900.00 true"]);
        let second = kernel::PageQuery { page: 2, per_page: 1 };
        let second = starting_prices::grid(&t.app, &boss, second).await.unwrap();
        assert_eq!((second.data.len(), second.meta.total), (1, 2));
        let support = actors::staff(user, "support_staff");
        assert_eq!(starting_prices::grid(&t.app, &support, page).await.unwrap_err().kind, kernel::ErrorKind::Forbidden);
    }

    /// R-IQ-81
    async fn a_new_starting_price_closes_the_old_one(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let today = t.now().date_naive();
        let price = |amount: &str, from: chrono::NaiveDate| json!({ "country_code": "TR", "effective_from": from,
            "price": { "amount": amount, "currency": "GBP" }, "reason": "New season, new prices." });
        client.post("/admin/starting-prices", &price("1500.00", today)).await.assert_status(201);
        client.post("/admin/starting-prices", &price("1600.00", today)).await
            .assert_field("effective_from", "starting_price_overlap");
        let next = today + chrono::Days::new(10);
        client.post("/admin/starting-prices", &price("1600.00", next)).await.assert_status(201);
        let all = client.get("/admin/starting-prices").await;
        assert_eq!(all.at("/meta/total"), 2);
        assert_eq!(all.at("/data/1/effective_to"), &json!(next - chrono::Days::new(1)));
        let public = t.client(catalogue::routes());
        assert_eq!(public.get("/starting-prices").await.str("/data/0/price/amount"), "1500.00");
        t.advance(std::time::Duration::from_secs(10 * 86_400));
        assert_eq!(public.get("/starting-prices").await.str("/data/0/price/amount"), "1600.00");
        client.post("/admin/starting-prices", &json!({ "price": { "amount": "0", "currency": "GBP" }, "reason": "short" })).await
            .assert_field("price.amount", "invalid_amount")
            .assert_field("country_code", "required")
            .assert_field("reason", "reason_required");
    }

    /// R-MG-61
    async fn all_prices_of_a_country_change_together_or_not_at_all(t: TestApp) {
        let (_, client) = keeper(&t).await;
        for (amount, currency) in [("1250.00", "GBP"), ("3.00", "USD")] {
            let body = json!({ "country_code": "TR", "price": { "amount": amount, "currency": currency },
                "reason": "New season, new prices." });
            client.post("/admin/starting-prices", &body).await.assert_status(201);
        }
        let bulk = json!({ "country_code": "TR", "percent": "5", "round_to": 10, "reason": "Everything costs more." });
        let seen = client.post("/admin/starting-prices/bulk-preview", &bulk).await.assert_status(200);
        assert_eq!((seen.str("/0/after/amount"), seen.at("/1/after")), ("1310.00", &Value::Null));
        client.post("/admin/starting-prices/bulk", &bulk).await.assert_field("percent", "invalid_amount");
        assert_eq!(client.get("/admin/starting-prices").await.at("/meta/total"), 2, "nothing was saved");
        let bulk = json!({ "country_code": "TR", "percent": "5", "reason": "Everything costs more." });
        client.post("/admin/starting-prices/bulk", &bulk).await.assert_status(200);
        let all = client.get("/admin/starting-prices?filter[currency]=GBP").await;
        assert_eq!((all.str("/data/0/price/amount"), all.at("/data/0/effective_to")), ("1312.50", &Value::Null));
        assert_eq!(all.at("/data/1/effective_to"), &json!(t.now().date_naive()));
        assert_eq!(audited(&t, "starting_price.changed").await, 3, "one entry for all of a change");
        let wild = json!({ "country_code": "TR", "percent": "101", "reason": "Everything costs more." });
        client.post("/admin/starting-prices/bulk", &wild).await.assert_field("percent", "out_of_range");
    }

    /// R-MG-61
    async fn prices_from_a_file_are_all_taken_or_none(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let path = "/admin/starting-prices/import";
        let file = |text: &str| Upload { content_type: "text/csv".to_owned(), ..Upload::jpeg(text.as_bytes().to_vec()) };
        let reason = ("reason", "Prices of the new season.");
        let head = "country_code,price,currency,is_fallback,effective_from,effective_to\n";
        let bad = format!("{head}TR,1500.00,GBP,,,\nXX,1.00,GBP,,,\nTR,-2,GBP,,,\nTR,1600.00,GBP,,,\n");
        let tried = client.multipart(path, &[reason, ("save", "true")], &[file(&bad)]).await.assert_status(200);
        let faults: Vec<_> = tried.at("/errors").as_array().unwrap().iter()
            .map(|fault| (fault["line"].as_u64().unwrap(), fault["code"].as_str().unwrap().to_owned())).collect();
        assert_eq!(faults, [
            (3, "country_unknown".to_owned()),
            (4, "invalid_amount".to_owned()),
            (5, "starting_price_overlap".to_owned()),
        ]);
        assert_eq!(tried.at("/saved"), &json!(false));
        assert_eq!(client.get("/admin/starting-prices").await.at("/meta/total"), 0, "nothing is kept of a trial");
        let good = format!("{head}TR,1500.00,GBP,,,\nPL,1200.00,GBP,yes,,\n");
        let tried = client.multipart(path, &[reason], &[file(&good)]).await.assert_status(200);
        assert_eq!((tried.at("/errors"), tried.at("/saved")), (&json!([]), &json!(false)));
        client.multipart(path, &[reason, ("save", "true")], &[file(&good)]).await.assert_status(200);
        assert_eq!(client.get("/admin/starting-prices").await.at("/meta/total"), 2);
        client.multipart(path, &[reason], &[file("a,b\n1,2\n")]).await.assert_field("file", "csv_head");
    }

    /// R-MG-61
    async fn a_price_that_ends_in_seven_days_is_told_once(t: TestApp) {
        let (_, client) = keeper(&t).await;
        let last = t.now().date_naive() + chrono::Days::new(8);
        let body = json!({ "country_code": "TR", "price": { "amount": "1500.00", "currency": "GBP" },
            "effective_to": last, "reason": "Only until the fair is over." });
        client.post("/admin/starting-prices", &body).await.assert_status(201);
        catalogue::service::starting_prices::remind(&t.app).await.unwrap();
        assert_eq!(events(&t, "starting_price.expiring").await.len(), 0);
        t.advance(std::time::Duration::from_secs(86_400));
        for _ in 0..2 {
            catalogue::service::starting_prices::remind(&t.app).await.unwrap();
        }
        let told = events(&t, "starting_price.expiring").await;
        assert_eq!((told.len(), &told[0]["place"]), (1, &json!("Türkiye")));
    }

    /// R-IQ-24, R-MG-62
    async fn a_list_keeps_two_entries_and_never_says_the_same_twice(t: TestApp) {
        let (_, client) = keeper(&t).await;
        assert_eq!(client.get("/admin/lists").await.json[0], "discovery_options");
        let path = "/admin/lists/discovery_options";
        let list = client.get(path).await;
        assert_eq!(list.at("/meta/total"), 6);
        client.post(path, json!({ "label": "SEARCH engine" })).await.assert_field("label", "label_taken");
        let made = client.post(path, json!({ "label": "Podcast" })).await.assert_status(201).str("/id").to_owned();
        let mut ids: Vec<String> = vec![made.clone()];
        ids.extend(list.at("/data").as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        client.put(&format!("{path}/order"), json!({ "ids": [made] })).await.assert_status(204);
        assert_eq!(client.get(path).await.str("/data/0/label"), "Podcast");
        let other = ids.last().unwrap().clone();
        client.patch(&format!("{path}/{other}"), json!({ "is_active": false })).await.assert_problem(409, "list_entry_fixed");
        let off = json!({ "is_active": false });
        for id in &ids[..5] {
            client.patch(&format!("{path}/{id}"), &off).await.assert_status(204);
        }
        client.patch(&format!("{path}/{}", ids[5]), &off).await.assert_problem(409, "list_needs_two");
        let public = t.client(catalogue::routes()).get("/discovery-questions").await;
        assert_eq!(public.json.as_array().unwrap().len(), 2, "who is off is not offered");
        client.get("/admin/lists/nonsense").await.assert_problem(404, "not_found");
    }

    async fn only_the_keepers_of_the_catalogue_may(t: TestApp) {
        let (user, client) = keeper(&t).await;
        let treatment = catalogue::seed::treatments(&t.app, user).await.unwrap().remove(0).id;
        let set = client.get(SETS).await.str("/data/0/id").to_owned();
        let owner = seller(&t, clinic(&t, "Ours", "TR").await);
        let support = t.client(catalogue::routes()).as_actor(actors::staff(user, "support_staff"));
        for client in [&owner, &support] {
            client.patch(&format!("/treatments/{treatment}"), json!({ "version": 1 })).await.assert_status(403);
            client.get(SETS).await.assert_status(403);
            client.post(&format!("{SETS}/{set}/archive"), json!({})).await.assert_status(403);
            client.get("/admin/regions").await.assert_status(403);
            client.get("/admin/starting-prices").await.assert_status(403);
            client.get("/admin/lists/discovery_options").await.assert_status(403);
        }
        assert_eq!(audited(&t, "questionnaire_set.archived").await, 0);
    }
}
