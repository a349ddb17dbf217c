//! Signing up in a browser: the page somebody came for survives the three steps.

use axum::Extension;
use identity::entity::patients;
use platform::web::CsrfToken;
use sea_orm::EntityTrait;
use testkit::{Client, Reply, TestApp};

use crate::support::*;

struct Browser {
    client: Client,
    csrf: String,
}

impl Browser {
    fn new(t: &TestApp) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        Self { client: t.client(identity::pages().layer(Extension(token))), csrf }
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }
}

fn location(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

testkit::both! {
    async fn the_page_wanted_survives_the_sign_up(t: TestApp) {
        installed(&t).await;
        countries(&t).await;
        let browser = Browser::new(&t);
        let next = "/patient/request?from=clinic";
        let login = browser.client.get("/login?next=/patient/request%3Ffrom%3Dclinic").await.assert_status(200).text();
        assert!(login.contains("/sign-up?next=/patient/request%3Ffrom%3Dclinic"), "{login}");
        let page = browser.client.get("/sign-up?next=/patient/request%3Ffrom%3Dclinic").await.assert_status(200).text();
        assert!(page.contains(&format!("name=\"next\" value=\"{next}\"")) && page.matches("maxlength=\"50\"").count() == 2, "{page}");

        let form = [("first_name", "Mark"), ("last_name", "Peterson"), ("email", "mark@example.com"), ("password", PASSWORD),
            ("password_confirmation", PASSWORD), ("terms_accepted", "true"), ("next", next)];
        let sent = browser.send("/sign-up", &form).await.assert_status(303);
        assert_eq!(location(&sent), "/sign-up/verify?next=/patient/request%3Ffrom%3Dclinic");
        let cookie = sent.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let code = mailed_code(&t).await;
        let second = Browser { client: browser.client.header("cookie", &cookie), csrf: browser.csrf.clone() };
        let page = second.client.get(&location(&sent)).await.assert_status(200).text();
        assert_eq!(page.matches(&format!("name=\"next\" value=\"{next}\"")).count(), 2, "verifying and resending: {page}");
        let wrong = second.send("/sign-up/verify", &[("code", &wrong(&code)), ("next", next)]).await.assert_status(422).text();
        assert!(wrong.contains(next), "{wrong}");
        let verified = second.send("/sign-up/verify", &[("code", &code), ("next", next)]).await.assert_status(303);
        assert_eq!(location(&verified), "/patient/profile/complete?next=/patient/request%3Ffrom%3Dclinic&done=verified");

        let patient = patients::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        let third = Browser { client: browser.client.as_actor(testkit::actors::patient(patient)), csrf: browser.csrf.clone() };
        let page = third.client.get("/patient/profile/complete?next=/patient/request%3Ffrom%3Dclinic").await.assert_status(200).text();
        assert!(page.contains(&format!("href=\"{next}\"")), "later leads there too: {page}");
        let about = [("gender", "male"), ("birthday", "1990-05-05"), ("phone_number", "+447700900123"), ("country_code", "GB"), ("next", next)];
        let done = third.send("/patient/profile/complete", &about).await.assert_status(303);
        assert_eq!(location(&done), "/patient/request?from=clinic&done=profile-saved");
    }

    // R-ID-02: the answer to how somebody heard of us ends a registration, and may be left out.
    async fn the_last_step_asks_how_somebody_heard_of_us(t: TestApp) {
        installed(&t).await;
        countries(&t).await;
        let mark = patient(&t, "mark@example.com").await;
        let browser = Browser::new(&t);
        let own = Browser { client: browser.client.as_actor(testkit::actors::patient(mark.id)), csrf: browser.csrf.clone() };
        let page = own.client.get("/patient/profile/complete").await.assert_status(200).text();
        assert!(!page.contains("registration_source_id"), "nothing to choose from: {page}");
        let option = kernel::ids::DiscoveryQuestionId::new();
        sql(&t, &format!("INSERT INTO discovery_questions (id, option_label, display_order, is_active) VALUES ('{option}', 'Search engine', 1, 1)")).await;
        let page = own.client.get("/patient/profile/complete").await.assert_status(200).text();
        assert!(page.contains("A search engine") && page.contains(&option.to_string()), "{page}");
        let about = [("gender", "male"), ("birthday", "1990-05-05"), ("phone_number", "+447700900123"), ("country_code", "GB"), ("registration_source_id", "")];
        own.send("/patient/profile/complete", &about).await.assert_status(303);
        let mut chosen = about;
        let answer = option.to_string();
        chosen[4].1 = answer.as_str();
        own.send("/patient/profile/complete", &chosen).await.assert_status(303);
        let kept = patients::Entity::find_by_id(mark.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(kept.registration_source_id, Some(option));
        // R-MG-62: what is retired is taken for ten minutes more, and by those who gave it, for ever.
        let other = kernel::ids::DiscoveryQuestionId::new();
        let retire = async |id: kernel::ids::DiscoveryQuestionId, seconds: i64| {
            // In the form bound values have: SQLite compares texts.
            let form = if t.engine == testkit::Engine::Sqlite { "%Y-%m-%dT%H:%M:%S+00:00" } else { "%Y-%m-%d %H:%M:%S" };
            let at = (t.now() - chrono::Duration::seconds(seconds)).format(form);
            sql(&t, &format!("UPDATE discovery_questions SET is_active = 0, updated_at = '{at}' WHERE id = '{id}'")).await;
        };
        sql(&t, &format!("INSERT INTO discovery_questions (id, option_label, display_order, is_active) VALUES ('{other}', 'A friend', 2, 1)")).await;
        retire(option, 9000).await;
        retire(other, 601).await;
        own.send("/patient/profile/complete", &chosen).await.assert_status(303);
        let friend = other.to_string();
        chosen[4].1 = friend.as_str();
        own.send("/patient/profile/complete", &chosen).await.assert_status(422);
        retire(other, 599).await;
        own.send("/patient/profile/complete", &chosen).await.assert_status(303);
        sql(&t, "UPDATE discovery_questions SET is_active = 1").await;
        let nobody = kernel::ids::DiscoveryQuestionId::new().to_string();
        chosen[4].1 = nobody.as_str();
        let wrong = own.send("/patient/profile/complete", &chosen).await.assert_status(422).text();
        assert!(wrong.contains("registration_source_id-error"), "{wrong}");
    }

    async fn a_sign_up_leads_nowhere_else(t: TestApp) {
        installed(&t).await;
        let browser = Browser::new(&t);
        for (number, elsewhere) in ["https://evil.example/patient", "//evil.example", "/admin", "/clinics"].into_iter().enumerate() {
            let page = browser.client.get(&format!("/sign-up?next={elsewhere}")).await.assert_status(200).text();
            assert!(page.contains("name=\"next\" value=\"\""), "{elsewhere}: {page}");
            let email = format!("mark{number}@example.com");
            let form = [("first_name", "Mark"), ("last_name", "Peterson"), ("email", &*email), ("password", PASSWORD),
                ("password_confirmation", PASSWORD), ("terms_accepted", "true"), ("next", elsewhere)];
            let sent = browser.send("/sign-up", &form).await.assert_status(303);
            assert_eq!(location(&sent), "/sign-up/verify", "{elsewhere}");
        }
    }

    async fn names_have_one_bound(t: TestApp) {
        installed(&t).await;
        let made = patient(&t, "mark@example.com").await;
        let client = Browser::new(&t).client.as_actor(testkit::actors::patient(made.id));
        let page = client.get("/patient/profile").await.assert_status(200).text();
        assert_eq!(page.matches("maxlength=\"50\"").count(), 2, "{page}");
    }
}
