//! Forgotten passwords and one's own account in a browser without script.

use axum::Extension;
use chrono::Duration;
use identity::rules::totp;
use kernel::Actor;
use platform::web::CsrfToken;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, Reply, TestApp, Upload, actors};

use crate::support::*;

const NEXT: &str = "Second-Horse8?";

/// A browser: its cookies, its proof of origin, and whoever is signed in.
struct Browser {
    client: Client,
    csrf: String,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn new(t: &TestApp) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        Self { client: t.client(identity::pages().layer(Extension(token))), csrf, cookies: Vec::new() }
    }

    fn of(t: &TestApp, actor: Actor) -> Self {
        let browser = Self::new(t);
        Self { client: browser.client.as_actor(actor), ..browser }
    }

    fn ask(&self) -> Client {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { self.client.clone() } else { self.client.header("cookie", &pairs.join("; ")) }
    }

    async fn open(&self, path: &str) -> Reply {
        self.ask().get(path).await
    }

    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        let reply = self.ask().form(path, &all).await;
        for cookie in reply.headers.get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        reply
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn location(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

async fn patient_in(t: &TestApp, login: &str) -> Actor {
    let reply = client(t).post("/patient/auth/login", credentials(login, PASSWORD)).await.assert_status(200);
    bearer(t, reply.str("/access_token")).await.unwrap()
}

async fn staff_in(t: &TestApp, guard: &str, login: &str) -> Actor {
    let client = client(t);
    let step = client.post(&format!("/{guard}/auth/login"), credentials(login, PASSWORD)).await.assert_status(200);
    if step.str("/next") == "session" {
        return bearer(t, step.str("/access_token")).await.unwrap();
    }
    let proof = json!({ "mfa_token": step.str("/mfa_token"), "code": totp::code_at(SECRET, t.now()).unwrap() });
    let reply = client.post(&format!("/{guard}/auth/mfa"), proof).await.assert_status(200);
    t.advance(Duration::seconds(30));
    bearer(t, reply.str("/access_token")).await.unwrap()
}

fn new_password(password: &'static str) -> [(&'static str, &'static str); 2] {
    [("password", password), ("password_confirmation", password)]
}

testkit::both! {
    async fn a_forgotten_password_in_three_steps(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        let mut browser = Browser::new(&t);
        assert!(browser.open("/login").await.text().contains("href=\"/forgot\""));
        let wrong_address = browser.send("/forgot", &[("email", "mark")]).await.assert_status(422).text();
        assert!(wrong_address.contains("value=\"mark\"") && wrong_address.contains("id=\"email-error\""), "{wrong_address}");
        // The later steps without the earlier ones begin at the first.
        for path in ["/forgot/code", "/forgot/new"] {
            assert_eq!(location(&browser.open(path).await.assert_status(303)), "/forgot");
        }
        let sent = browser.send("/forgot", &[("email", "mark@example.com")]).await.assert_status(303);
        assert_eq!(location(&sent), "/forgot/code");
        assert!(!sent.headers["set-cookie"].to_str().unwrap().contains("mark"), "the address travels sealed");
        assert!(browser.open("/forgot/code").await.assert_status(200).text().contains("mark@example.com"));
        let code = mailed_code(&t).await;
        browser.send("/forgot/resend", &[]).await.assert_status(429);
        let refused = browser.send("/forgot/code", &[("code", &wrong(&code))]).await.assert_status(422).text();
        assert!(refused.contains("id=\"code-error\""), "{refused}");
        // With blanks, as mails are copied.
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let right = browser.send("/forgot/code", &[("code", &spaced)]).await.assert_status(303);
        assert_eq!(location(&right), "/forgot/new");
        let page = browser.open("/forgot/new").await.assert_status(200).text();
        assert!(page.contains("data-password-rules") && page.contains("At least 12 characters"), "{page}");
        let reused = browser.send("/forgot/new", &new_password(PASSWORD)).await.assert_status(422).text();
        assert!(reused.contains("id=\"password-error\"") && !reused.contains(PASSWORD), "{reused}");
        let done = browser.send("/forgot/new", &new_password(NEXT)).await.assert_status(303);
        assert_eq!(location(&done), "/patient?done=password-reset");
        assert!(browser.cookie("hairline_session").unwrap().starts_with("hl_"), "signed in");
        assert_eq!(browser.cookie("hl_reset"), Some(""));
        // Sent again: the ticket is used.
        assert_eq!(location(&browser.send("/forgot/new", &new_password(NEXT)).await.assert_status(303)), "/forgot");
    }

    async fn an_unknown_address_walks_the_same_way(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        let strip = |text: String, address: &str| text.replace(address, "x");
        let mut seen = Vec::new();
        for address in ["mark@example.com", "nobody@example.com"] {
            let mut browser = Browser::new(&t);
            let sent = browser.send("/forgot", &[("email", address)]).await.assert_status(303);
            assert_eq!(location(&sent), "/forgot/code");
            let page = strip(browser.open("/forgot/code").await.text(), address);
            let refused = strip(browser.send("/forgot/code", &[("code", "000000")]).await.assert_status(422).text(), address);
            let again = strip(browser.send("/forgot/resend", &[]).await.assert_status(429).text(), address);
            seen.push((page, refused, again));
        }
        assert_eq!(seen[0], seen[1]);
    }

    async fn staff_reset_in_their_portals_and_sign_in_with_their_app(t: TestApp) {
        installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        for (portal, email) in [("provider", "ada@clinic.example"), ("admin", "chief@hairline.example")] {
            let mut browser = Browser::new(&t);
            assert!(browser.open(&format!("/{portal}/login")).await.text().contains(&format!("href=\"/{portal}/forgot\"")));
            browser.send(&format!("/{portal}/forgot"), &[("email", email)]).await.assert_status(303);
            let code = mailed_code(&t).await;
            browser.send(&format!("/{portal}/forgot/code"), &[("code", &code)]).await.assert_status(303);
            let done = browser.send(&format!("/{portal}/forgot/new"), &new_password(NEXT)).await.assert_status(303);
            assert_eq!(location(&done), format!("/{portal}/login?done=password-reset"));
            assert_eq!(browser.cookie("hairline_session"), None);
        }
    }

    async fn a_demanded_password_is_chosen_at_the_sign_in(t: TestApp) {
        installed(&t).await;
        let second = admin(&t, "second@hairline.example", Some(SECRET)).await;
        sql(&t, &format!("UPDATE account_states SET must_reset_password = 1 WHERE model_id = '{second}'")).await;
        let mut browser = Browser::new(&t);
        let login = [("login", "second@hairline.example"), ("password", PASSWORD), ("next", "/admin/settings")];
        let due = browser.send("/admin/login", &login).await.assert_status(303);
        assert_eq!(location(&due), "/admin/forgot/new");
        assert!(browser.open("/admin/forgot/new").await.text().contains("needs a new password"));
        let done = browser.send("/admin/forgot/new", &new_password(NEXT)).await.assert_status(303);
        assert_eq!(location(&done), "/admin/login?done=password-reset");
    }

    async fn a_first_password_by_its_link(t: TestApp) {
        installed(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let ada = member(&t, clinic, "provider_owner", "ada@clinic.example", None).await;
        sql(&t, &format!("UPDATE provider_users SET password = '!', email_verified_at = NULL WHERE id = '{ada}'")).await;
        let mut browser = Browser::new(&t);
        let page = browser.open("/provider/set-password").await.assert_status(200).text();
        assert!(page.contains("href=\"/provider/set-password/link\""), "who has no link asks for one: {page}");
        let asked = browser.send("/provider/set-password/link", &[("email", "ada@clinic.example")]).await.assert_status(303);
        assert_eq!(location(&asked), "/provider/set-password/link?done=link-sent");
        run_jobs(&t).await;
        let text = t.app.mailer.sent().last().unwrap().text.clone();
        // The secret stands behind #: it is in no address that is sent, and so in no log.
        let token = text.split_whitespace().find_map(|word| word.split_once("/provider/set-password#")).unwrap().1;
        assert!(page.contains("data-from-hash=\"token\" data-stay") && page.contains("name=\"token\""), "{page}");
        let fields = |password: &'static str| [("token", token), ("password", password), ("password_confirmation", password)];
        browser.send("/provider/set-password", &fields("weak")).await.assert_status(422);
        let done = browser.send("/provider/set-password", &fields(NEXT)).await.assert_status(303);
        assert_eq!(location(&done), "/provider/login?done=password-set");
        let used = browser.send("/provider/set-password", &fields("Third-Horse9!")).await.assert_status(422).text();
        assert!(used.contains("action=\"/provider/set-password/link\""), "leads to a new link: {used}");
    }

    async fn the_account_page_of_a_patient(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        let other = patient_in(&t, "mark@example.com").await;
        let mut browser = Browser::of(&t, patient_in(&t, "mark@example.com").await);
        assert_eq!(location(&Browser::new(&t).open("/patient/security").await.assert_status(303)), "/login?next=/patient/security");
        let page = browser.open("/patient/security").await.assert_status(200).text();
        assert!(!page.contains("/mfa/"), "patients have no app");
        assert_eq!(page.matches("Sign out there").count(), 1);
        // Every id of the page stands once.
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        let taken = browser.send("/patient/security/about", &[("username", "no spaces")]).await.assert_status(422).text();
        assert!(taken.contains("value=\"no spaces\"") && taken.contains("id=\"username-error\""), "{taken}");
        browser.send("/patient/security/about", &[("username", "mark.p")]).await.assert_status(303);
        let fields = [("current_password", "Wrong-Horse7!"), ("password", NEXT), ("password_confirmation", NEXT)];
        let wrong = browser.send("/patient/security/password", &fields).await.assert_status(422).text();
        assert!(wrong.contains("id=\"current_password-error\"") && !wrong.contains(NEXT), "{wrong}");
        let fields = [("current_password", PASSWORD), ("password", NEXT), ("password_confirmation", NEXT)];
        let done = browser.send("/patient/security/password", &fields).await.assert_status(303);
        assert_eq!(location(&done), "/patient/security?done=password-changed");
        let page = browser.open("/patient/security").await.text();
        assert_eq!(page.matches("Sign out there").count(), 0, "the other device is out");
        let stranger = other.session.unwrap();
        browser.send(&format!("/patient/security/sessions/{stranger}/end"), &[]).await.assert_status(404);
        let out = browser.send("/patient/security/sign-out", &[]).await.assert_status(303);
        assert_eq!(location(&out), "/login?done=signed-out-everywhere");
        assert_eq!(browser.cookie("hairline_session"), Some(""));
    }

    async fn a_device_is_signed_out_from_another(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        let lost = patient_in(&t, "mark@example.com").await.session.unwrap();
        let mut browser = Browser::of(&t, patient_in(&t, "mark@example.com").await);
        let path = format!("/patient/security/sessions/{lost}/end");
        assert_eq!(location(&browser.send(&path, &[]).await.assert_status(303)), "/patient/security?done=device-signed-out");
        assert_eq!(location(&browser.open(&path).await.assert_status(303)), "/patient/security");
    }

    async fn a_new_address_in_a_browser_and_the_old_one_objects(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        let mut browser = Browser::of(&t, patient_in(&t, "mark@example.com").await);
        t.advance(Duration::minutes(6));
        let asked = browser.send("/patient/security/email", &[("email", "new@example.com")]).await.assert_status(200).text();
        assert!(asked.contains("confirm_password") && asked.contains("value=\"new@example.com\""), "{asked}");
        let fields = [("email", "new@example.com"), ("confirm_password", PASSWORD)];
        let sent = browser.send("/patient/security/email", &fields).await.assert_status(303);
        assert!(location(&sent).starts_with("/patient/security/email/code?to="), "{}", location(&sent));
        let page = browser.open(&location(&sent)).await.assert_status(200).text();
        assert!(page.contains("new@example.com") && page.contains("data-wait=\"60\""), "{page}");
        let code = mailed_code(&t).await;
        browser.send("/patient/security/email/code", &[("code", &wrong(&code))]).await.assert_status(422);
        let done = browser.send("/patient/security/email/code", &[("code", &code)]).await.assert_status(303);
        assert_eq!(location(&done), "/patient/security?done=email-changed");
        run_jobs(&t).await;
        let text = t.app.mailer.sent().last().unwrap().text.clone();
        let link = text.split_whitespace().find(|word| word.contains("/dispute-email#")).unwrap();
        let token = link.split_once('#').unwrap().1;
        let mut owner = Browser::new(&t);
        // What stands behind # never reaches the server: opening the link, however often, changes nothing.
        let page = owner.open("/dispute-email").await.assert_status(200).text();
        assert!(page.contains("data-from-hash=\"token\" data-stay") && page.contains("name=\"token\""), "{page}");
        let back = owner.send("/dispute-email", &[("token", token)]).await.assert_status(303);
        assert_eq!(location(&back), "/forgot/new");
        let done = owner.send("/forgot/new", &new_password(NEXT)).await.assert_status(303);
        assert_eq!(location(&done), "/patient?done=password-reset");
        owner.send("/dispute-email", &[("token", token)]).await.assert_status(422);
    }

    async fn r_id_65_staff_read_what_they_did(t: TestApp) {
        let client = installed(&t).await;
        let a = clinic(&t, "Aegean").await;
        let ada = member(&t, a, "provider_clinical", "ada@a.example", None).await;
        let bob = member(&t, a, "provider_clinical", "bob@a.example", None).await;
        let chief = admin(&t, "chief@hairline.example", None).await;
        for (guard, id, base, part) in [
            (kernel::Guard::Provider, ada.any(), "/provider/account", "profile.changed"),
            (kernel::Guard::Api, chief.any(), "/admin/account", "profile.changed"),
        ] {
            let (actor, _) = signed_in(&t, guard, id).await;
            client.as_actor(actor.clone()).patch("/me", json!({ "first_name": "Adaline" })).await.assert_status(200);
            let list = client.as_actor(actor.clone()).get("/me/activity").await.assert_status(200);
            assert_eq!(list.str("/data/0/action"), part);
            let browser = Browser::of(&t, actor);
            assert!(browser.open(base).await.assert_status(200).text().contains(&format!("href=\"{base}/activity\"")));
            assert!(browser.open(&format!("{base}/activity")).await.assert_status(200).text().contains("Profile · changed"));
        }
        // With what was before and after: for the clinic's and for Hairline's staff.
        use platform::entity::audit_logs::{Column, Entity};
        let kept = Entity::find().filter(Column::Action.eq("profile.changed")).filter(Column::BeforeData.is_not_null());
        assert_eq!(kept.filter(Column::AfterData.is_not_null()).count(t.conn()).await.unwrap(), 2);
        let (other, _) = signed_in(&t, kernel::Guard::Provider, bob.any()).await;
        assert_eq!(client.as_actor(other).get("/me/activity").await.at("/data"), &json!([]), "nobody else's");
        let mark = patient(&t, "mark@example.com").await;
        let (mark, _) = signed_in(&t, kernel::Guard::Patient, mark.id.any()).await;
        client.as_actor(mark).get("/me/activity").await.assert_problem(403, "forbidden");
    }

    async fn staff_keep_their_app_and_codes_on_the_page(t: TestApp) {
        installed(&t).await;
        countries(&t).await;
        let clinic = clinic(&t, "Aegean").await;
        let chief = admin(&t, "chief@hairline.example", None).await;
        member(&t, clinic, "provider_manager", "ada@clinic.example", Some(SECRET)).await;
        let changes = platform::settings::Changes::new().with(&identity::settings::MFA_PROVIDER_ENFORCED, false);
        platform::settings::set(&t.app, &actors::super_admin(chief), "auth", changes, "The clinics asked for it").await.unwrap();
        t.app.settings.refresh().await;
        let mut browser = Browser::of(&t, staff_in(&t, "provider", "ada@clinic.example").await);
        let page = browser.open("/provider/account").await.assert_status(200).text();
        assert!(page.contains("/provider/account/mfa/codes") && page.contains("/provider/account/mfa/off"), "{page}");
        let codes = browser.send("/provider/account/mfa/codes", &[]).await.assert_status(200).text();
        assert!(codes.contains("href=\"/provider/account\""), "{codes}");
        assert!(browser.open("/provider/account").await.text().contains("10 recovery codes are left"));
        // Off: the proof, then a code of its own.
        let off = browser.send("/provider/account/mfa/off", &[]).await.assert_status(200).text();
        assert!(off.contains("action=\"/provider/account/mfa/remove\""), "{off}");
        let code = totp::code_at(SECRET, t.now()).unwrap();
        browser.send("/provider/account/mfa/remove", &[("code", &wrong(&code))]).await.assert_status(422);
        let gone = browser.send("/provider/account/mfa/remove", &[("code", &code)]).await.assert_status(303);
        assert_eq!(location(&gone), "/provider/account?done=mfa-off");
        // And set up again, with the QR code in the page.
        assert_eq!(location(&browser.open("/provider/account/mfa").await.assert_status(303)), "/provider/account");
        let begun = browser.send("/provider/account/mfa/begin", &[]).await.assert_status(303);
        assert_eq!(location(&begun), "/provider/account/mfa");
        let page = browser.open("/provider/account/mfa").await.assert_status(200).text();
        assert!(page.contains("<svg class=\"qr\"") && !page.contains("style="), "{page}");
        let secret = page.split("<pre>").nth(1).unwrap().split("</pre>").next().unwrap().to_owned();
        let code = totp::code_at(&secret, t.now()).unwrap();
        let again = browser.send("/provider/account/mfa", &[("code", &wrong(&code))]).await.assert_status(422).text();
        assert!(again.contains(&secret) && again.contains("id=\"code-error\""), "{again}");
        let done = browser.send("/provider/account/mfa", &[("code", &code)]).await.assert_status(200).text();
        assert!(done.contains("href=\"/provider/account\""), "{done}");
        // Name, phone, picture.
        let about = [("first_name", "Ada"), ("last_name", "Çelik"), ("title", "Dr."), ("phone_number", "+905551234567")];
        browser.send("/provider/account/about", &about).await.assert_status(303);
        let page = browser.open("/provider/account").await.text();
        assert!(page.contains("value=\"Çelik\"") && page.contains("value=\"+905551234567\""), "{page}");
        let picture = Upload::jpeg(testkit::jpeg(120, 120, 1)).in_field("image");
        let csrf = browser.csrf.clone();
        let put = browser.ask().multipart("/provider/account/image", &[("_csrf", &csrf)], &[picture]).await.assert_status(303);
        assert_eq!(location(&put), "/provider/account?done=image-saved");
        assert!(browser.open("/provider/account").await.text().contains("<img class=\"avatar\" src=\"/files/"));
        let none = browser.ask().multipart("/provider/account/image", &[("_csrf", &csrf)], &[]).await.assert_status(422).text();
        assert!(none.contains("id=\"image-error\""), "{none}");
    }

    async fn the_set_up_at_a_sign_in_shows_its_code_too(t: TestApp) {
        installed(&t).await;
        admin(&t, "chief@hairline.example", None).await;
        let mut browser = Browser::new(&t);
        let login = [("login", "chief@hairline.example"), ("password", PASSWORD), ("next", "https://evil.example/admin")];
        let page = browser.send("/admin/login", &login).await.assert_status(200).text();
        assert!(page.contains("<svg class=\"qr\"") && !page.contains("evil.example"), "{page}");
        let secret = page.split("<pre>").nth(1).unwrap().split("</pre>").next().unwrap().to_owned();
        let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let code = totp::code_at(&secret, t.now()).unwrap();
        let wrong = browser.send("/admin/login/set-up", &[("ticket", &ticket), ("code", &wrong(&code))]).await.assert_status(422).text();
        assert!(wrong.contains(&secret), "the same secret again: {wrong}");
        browser.send("/admin/login/set-up", &[("ticket", &ticket), ("code", &code)]).await.assert_status(200);
        assert!(browser.cookie("hairline_session").unwrap().starts_with("hl_"));
    }

    async fn a_sign_in_leads_nowhere_else(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        for elsewhere in ["https://evil.example/patient", "//evil.example", "/\\evil.example", "/admin", "javascript:alert(1)", "/patient\r\nSet-Cookie: x=y"] {
            let mut browser = Browser::new(&t);
            // A value planted before the sign-in is not the session after it.
            browser.cookies.push(("hairline_session".into(), "hl_planted".into()));
            let login = [("login", "mark@example.com"), ("password", PASSWORD), ("next", elsewhere)];
            let done = browser.send("/login", &login).await.assert_status(303);
            assert_eq!(location(&done), "/patient", "{elsewhere}");
            assert_ne!(browser.cookie("hairline_session"), Some("hl_planted"));
        }
    }

    async fn forms_without_their_proof_change_nothing(t: TestApp) {
        installed(&t).await;
        patient(&t, "mark@example.com").await;
        let mut browser = Browser::of(&t, patient_in(&t, "mark@example.com").await);
        browser.csrf = String::new();
        for path in ["/forgot", "/forgot/code", "/forgot/new", "/dispute-email", "/provider/set-password", "/patient/security/about", "/patient/security/email", "/patient/security/password", "/patient/security/sign-out"] {
            browser.send(path, &[("email", "x@y.zz")]).await.assert_status(403);
        }
    }
}
