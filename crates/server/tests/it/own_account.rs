//! What people choose about their own account reaches every page: language, clock; and the wait for another code.

use identity::seed::PatientSpec;
use kernel::Guard;
use serde_json::json;
use testkit::{TestApp, both};

use crate::tab::{cookie_of, location, proof, root, set, tab};
use crate::world::World;

both! {
    async fn r_cm_91_an_accounts_own_language_counts_more_than_the_browsers(t: TestApp) {
        let world = World::new(t).await;
        let chief = root(&world).await;
        let own = cookie_of(&world, Guard::Api, chief.any()).await;
        let desk = tab(&world, &[("hairline_session", &own), ("hl_lang", "en")]);
        let csrf = proof(&world.t).0;
        assert!(desk.get("/admin/account").await.assert_status(200).text().contains("<html lang=\"en\""));
        let saved = desk.form("/admin/account/preferences/language", &[("_csrf", &csrf), ("locale", "tr"), ("timezone", "Asia/Tokyo")]).await.assert_status(303);
        assert_eq!(location(&saved), "/admin/account/preferences?done=preferences-saved");
        let page = desk.get("/admin/account").await.assert_status(200);
        assert_eq!(page.headers["content-language"], "tr");
        assert!(page.text().contains("<html lang=\"tr\""));
        // The page of a refusal is drawn outside and speaks the same language.
        let missing = desk.get("/admin/users/0192f0c1-2d3e-7f4a-8b5c-6d7e8f9a0b1c").await.assert_status(404);
        assert!(missing.text().contains("<html lang=\"tr\""), "{}", missing.text());
        // The clock is the one that was chosen.
        let page = desk.get("/admin/account/preferences").await.assert_status(200).text();
        assert!(page.contains("19:00 JST") && page.contains("value=\"Asia/Tokyo\" selected"), "{page}");
        // The switch at the edge of the page is a choice of the account too.
        let switched = desk.get("/language?to=en&back=/admin").await.assert_status(303);
        assert_eq!((location(&switched), set(&switched.headers, "hl_lang").as_str()), ("/admin", "en"));
        let turkish = tab(&world, &[("hairline_session", &own), ("hl_lang", "tr")]);
        assert!(turkish.get("/admin/account").await.text().contains("<html lang=\"en\""), "another browser of the same account");
        // Strangers keep what their browser says.
        assert!(tab(&world, &[("hl_lang", "tr")]).get("/login").await.text().contains("<html lang=\"tr\""));
    }

    async fn r_cm_96_times_are_shown_on_the_readers_clock(t: TestApp) {
        let world = World::new(t).await;
        let owner = world.clinics[0].clinic.owner;
        let own = cookie_of(&world, Guard::Provider, owner.any()).await;
        let shown = async |cookies: &[(&str, &str)]| {
            let all: Vec<(&str, &str)> = [("hairline_session", own.as_str())].into_iter().chain(cookies.iter().copied()).collect();
            tab(&world, &all).get("/provider/account").await.assert_status(200).text()
        };
        // A member who chose nothing reads on the clinic's clock, on the device's where it says where it is.
        assert!(shown(&[]).await.contains("title=\"2 March 2026, 13:00 UTC+3\""));
        assert!(shown(&[("hl_zone", "Europe/London")]).await.contains("title=\"2 March 2026, 10:00 GMT\""));
        assert!(shown(&[("hl_zone", "Mars/Olympus")]).await.contains("13:00 UTC+3"), "a clock nobody has is none");
        let csrf = proof(&world.t).0;
        let member = tab(&world, &[("hairline_session", &own)]);
        member.form("/provider/account/preferences/language", &[("_csrf", &csrf), ("locale", ""), ("timezone", "America/New_York")]).await.assert_status(303);
        assert!(shown(&[("hl_zone", "Europe/London")]).await.contains("title=\"2 March 2026, 05:00 EST\""));
        let wrong = member.form("/provider/account/preferences/language", &[("_csrf", &csrf), ("locale", "en"), ("timezone", "Nowhere")]).await.assert_status(422).text();
        assert!(wrong.contains("timezone-error"), "{wrong}");
    }

    async fn choices_about_messages_are_kept_and_faults_stand_beside_their_field(t: TestApp) {
        let world = World::new(t).await;
        let patient = identity::seed::patient(&world.t.app, PatientSpec::new(&world.t.app, "Mark", "Peterson")).await.unwrap();
        let own = cookie_of(&world, Guard::Patient, patient.id.any()).await;
        let csrf = proof(&world.t).0;
        let mark = tab(&world, &[("hairline_session", &own)]);
        let page = mark.get("/patient/security/preferences").await.assert_status(200).text();
        assert!(page.contains("name=\"email\" value=\"true\" checked") && page.contains("value=\"22:00\""), "{page}");
        let path = "/patient/security/preferences/messages";
        let wrong = mark.form(path, &[("_csrf", &csrf), ("quiet", "true"), ("quiet_start", "21:30"), ("quiet_end", "21:30")]).await.assert_status(422).text();
        assert!(wrong.contains("quiet_end-error") && wrong.contains("value=\"21:30\""), "{wrong}");
        let saved = mark.form(path, &[("_csrf", &csrf), ("quiet_start", "21:30"), ("quiet_end", "06:00")]).await.assert_status(303);
        assert_eq!(location(&saved), "/patient/security/preferences?done=preferences-saved");
        let page = mark.get("/patient/security/preferences").await.assert_status(200).text();
        assert!(page.contains("Mail and phone are off") && page.contains("value=\"21:30\"") && !page.contains("name=\"email\" value=\"true\" checked"), "{page}");
        mark.form(path, &[("email", "true"), ("quiet_start", "21:30"), ("quiet_end", "06:00")]).await.assert_status(403);
        let program = cookie_of(&world, Guard::Affiliate, kernel::ids::AnyId::new()).await;
        tab(&world, &[("hairline_session", &program)]).get("/patient/security/preferences").await.assert_status(303);
    }

    async fn golden_1_the_page_says_when_another_code_may_be_asked_for(t: TestApp) {
        let world = World::new(t).await;
        world.t.at("2026-03-02T09:00:00Z");
        let csrf = proof(&world.t).0;
        let fields = [("_csrf", csrf.as_str()), ("first_name", "Mark"), ("last_name", "Peterson"), ("email", "Mark@Example.com"),
            ("password", crate::world::PASSWORD), ("password_confirmation", crate::world::PASSWORD), ("terms_accepted", "true")];
        let sent = tab(&world, &[]).form("/sign-up", &fields).await.assert_status(303);
        let token = set(&sent.headers, "hl_sign_up");
        let mark = tab(&world, &[("hl_sign_up", &token)]);
        let wait = async || {
            let page = mark.get("/sign-up/verify").await.assert_status(200).text();
            let given = page.split_once("data-wait=\"").map(|(_, rest)| rest.split('"').next().unwrap().parse::<u64>().unwrap());
            (given, page)
        };
        let (seconds, page) = wait().await;
        assert_eq!(seconds, Some(60));
        assert!(page.contains("You can ask for a new code in 60 seconds.") && page.contains("mark@example.com"), "{page}");
        assert!(page.contains("data-code") && page.matches("autocomplete=\"one-time-code\"").count() == 1, "one field, six boxes: {page}");
        world.t.at("2026-03-02T09:00:30Z");
        assert_eq!(wait().await.0, Some(30));
        let early = mark.form("/sign-up/resend", &[("_csrf", &csrf)]).await.assert_status(429).text();
        assert!(early.contains("data-wait=\"30\""), "{early}");
        for minute in ["09:01:00", "09:02:00", "09:03:00", "09:04:00"] {
            world.t.at(&format!("2026-03-02T{minute}Z"));
            assert_eq!(wait().await.0, None, "{minute}");
            mark.form("/sign-up/resend", &[("_csrf", &csrf)]).await.assert_status(303);
        }
        // Five within the hour: the first has to leave it.
        world.t.at("2026-03-02T09:05:00Z");
        let (seconds, page) = wait().await;
        assert_eq!(seconds, Some(3300));
        assert!(page.contains("in 55 minutes."), "{page}");
        world.t.at("2026-03-02T10:00:00Z");
        assert_eq!(wait().await.0, None);
    }

    async fn r_id_09_a_known_address_waits_like_a_new_one(t: TestApp) {
        let world = World::new(t).await;
        let spec = PatientSpec { email: "known@example.com".into(), ..PatientSpec::new(&world.t.app, "Ada", "Known") };
        identity::seed::patient(&world.t.app, spec).await.unwrap();
        let mut seen = Vec::new();
        for email in ["known@example.com", "fresh@example.com"] {
            world.t.at("2026-03-02T09:00:00Z");
            let body = json!({ "first_name": "Mark", "last_name": "Peterson", "email": email, "password": crate::world::PASSWORD,
                "password_confirmation": crate::world::PASSWORD, "terms_accepted": true });
            let reply = world.http.post("/api/v1/patient/auth/register", body).await.assert_status(202);
            let token = reply.str("/registration_token").to_owned();
            let ask = async || world.http.post("/api/v1/patient/auth/register/resend", json!({ "registration_token": token })).await.status.as_u16();
            world.t.at("2026-03-02T09:00:30Z");
            let early: u16 = ask().await;
            let page = tab(&world, &[("hl_sign_up", &token)]).get("/sign-up/verify").await.assert_status(200).text();
            world.t.at("2026-03-02T09:01:00Z");
            seen.push((early, page.contains("data-wait=\"30\"") && page.contains(email), ask().await, ask().await));
            let code = json!({ "registration_token": token, "code": "000000" });
            world.http.post("/api/v1/patient/auth/register/verify", code).await.assert_problem(422, "code_invalid");
        }
        assert_eq!(seen, [(429, true, 202, 429); 2]);
    }

    async fn a_forgotten_password_and_a_new_address_say_when_too(t: TestApp) {
        let world = World::new(t).await;
        let patient = identity::seed::patient(&world.t.app, PatientSpec::new(&world.t.app, "Mark", "Peterson")).await.unwrap();
        let csrf = proof(&world.t).0;
        for email in [patient.email.as_str(), "nobody@example.com"] {
            let sent = tab(&world, &[]).form("/forgot", &[("_csrf", &csrf), ("email", email)]).await.assert_status(303);
            let way = set(&sent.headers, "hl_reset");
            let page = tab(&world, &[("hl_reset", &way)]).get("/forgot/code").await.assert_status(200).text();
            assert!(page.contains("data-wait=\"60\"") && page.contains(email), "{page}");
        }
        let own = cookie_of(&world, Guard::Patient, patient.id.any()).await;
        let mark = tab(&world, &[("hairline_session", &own)]);
        let sent = mark.form("/patient/security/email", &[("_csrf", &csrf), ("email", "next@example.com")]).await.assert_status(303);
        let to = location(&sent).to_owned();
        assert!(to.starts_with("/patient/security/email/code?to=") && !to.contains("next"), "{to}");
        let page = mark.get(&to).await.assert_status(200).text();
        assert!(page.contains("next@example.com") && page.contains("data-wait=\"60\""), "{page}");
        let sealed = page.split_once("name=\"to\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        mark.form("/patient/security/email/resend", &[("_csrf", &csrf), ("to", &sealed)]).await.assert_status(429);
        world.t.advance(std::time::Duration::from_secs(60));
        let again = mark.form("/patient/security/email/resend", &[("_csrf", &csrf), ("to", &sealed)]).await.assert_status(303);
        assert!(location(&again).contains("done=code-sent"));
        let mails = world.t.app.mailer.sent().len();
        world.run_jobs().await;
        assert!(world.t.app.mailer.sent()[mails..].iter().any(|mail| mail.to == "next@example.com"));
        // Something else in that field leads back.
        let back = mark.form("/patient/security/email/resend", &[("_csrf", &csrf), ("to", "next@example.com")]).await.assert_status(303);
        assert_eq!(location(&back), "/patient/security");
    }

    async fn who_never_proved_the_address_is_led_to_its_code(t: TestApp) {
        let world = World::new(t).await;
        let csrf = proof(&world.t).0;
        let fields = [("_csrf", csrf.as_str()), ("first_name", "Mark"), ("last_name", "Peterson"), ("email", "mark@example.com"),
            ("password", crate::world::PASSWORD), ("password_confirmation", crate::world::PASSWORD), ("terms_accepted", "true")];
        tab(&world, &[]).form("/sign-up", &fields).await.assert_status(303);
        world.t.advance(std::time::Duration::from_secs(7200));
        let entered = tab(&world, &[]).form("/login", &[("_csrf", &csrf), ("login", "mark@example.com"), ("password", crate::world::PASSWORD)]).await;
        assert_eq!(location(&entered.assert_status(303)), "/sign-up/verify?next=/patient");
    }
}
