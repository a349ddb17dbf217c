//! The treatment day of the clinic, and what its patient sees.

use axum::Extension;
use kernel::ids::AftercareMilestoneTemplateId;
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::ConnectionTrait;
use testkit::{Client, Reply, TestApp};

use crate::support::{Booking, confirmed, paid, pictures};

struct Browser {
    client: Client,
    csrf: String,
    base: String,
}

impl Browser {
    fn of(t: &TestApp, booking: &Booking) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let client = t.client(treatment::pages().layer(Extension(token))).as_actor(booking.owner.clone());
        Self { client, csrf, base: format!("/provider/treatments/{}", booking.quote) }
    }

    async fn post(&self, rest: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(&format!("{}{rest}", self.base), &all).await
    }

    async fn page(&self) -> String {
        let (page, statements) = count_statements(self.client.get(&self.base)).await;
        assert!(statements <= 7, "{statements} statements");
        page.assert_status(200).text()
    }
}

async fn template(t: &TestApp) -> AftercareMilestoneTemplateId {
    let id = AftercareMilestoneTemplateId::new();
    let insert = format!(
        "INSERT INTO aftercare_milestone_templates (id, template_name, duration_months, status, lock_version) \
         VALUES ('{id}', 'Gentle year', 12, 'active', 0)"
    );
    t.conn().execute_unprepared(&insert).await.unwrap();
    id
}

testkit::both! {
    async fn money_first(t: TestApp) {
        let booking = confirmed(&t).await;
        t.at("2026-06-10T06:05:00Z");
        let browser = Browser::of(&t, &booking);
        let text = browser.page().await;
        assert!(text.contains("Balance outstanding") && text.contains("is still to be paid"), "{text}");
        assert!(!text.contains("/check-in\""), "no button that can only be refused");
        browser.post("/check-in", &[]).await.assert_status(409);
        payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
        assert!(browser.page().await.contains("/check-in\""));
    }

    async fn a_whole_treatment_by_its_forms(t: TestApp) {
        let booking = paid(&t).await;
        let plan = template(&t).await.to_string();
        let browser = Browser::of(&t, &booking);
        t.at("2026-06-10T06:05:00Z");
        browser.page().await;
        for _ in 0..2 {
            browser.post("/check-in", &[]).await.assert_status(303);
        }
        assert_eq!(booking.status(&t).await, QuoteStatus::Inprogress);
        t.at("2026-06-12T12:00:00Z");
        for day in 1..=3 {
            let (status, note) = (format!("status_{day}"), format!("note_{day}"));
            let fields = [("lock_version", "0"), (status.as_str(), "finished"), (note.as_str(), "Uneventful.")];
            for _ in 0..2 {
                browser.post(&format!("/days/{day}"), &fields).await.assert_status(303);
            }
            let other = [("lock_version", "0"), (note.as_str(), "Something else.")];
            let text = browser.post(&format!("/days/{day}"), &other).await.assert_status(409).text();
            assert!(text.contains("Something else."), "what was typed stays");
        }
        let files = pictures(&["front", "top", "left", "right", "back"]);
        let csrf = ("_csrf", browser.csrf.as_str());
        let set = [csrf, ("collection", "head_scan_after")];
        browser.client.multipart(&format!("{}/photos", browser.base), &set, &files).await.assert_status(303);
        let nothing = browser.client.multipart(&format!("{}/photos", browser.base), &set, &[]).await;
        assert!(nothing.assert_status(422).text().contains("front-error"));
        let one = files[..1].iter().map(|file| file.clone().in_field("photo_2")).collect::<Vec<_>>();
        let (path, during) = (format!("{}/days/2/photos", browser.base), [csrf, ("phase_2", "during")]);
        browser.client.multipart(&path, &during, &one).await.assert_status(303);

        let mut end = vec![
            ("lock_version", "1"),
            ("conclusion_notes", "All placed."),
            ("prescription", "Amoxicillin"),
            ("medication_instructions", "With food."),
            ("advice", "Sleep upright."),
            ("actual_graft_count", "2800"),
        ];
        for _ in 0..2 {
            browser.post("/notes", &end).await.assert_status(303);
        }
        end[0] = ("lock_version", "2");
        let text = browser.post("/complete", &end).await.assert_status(422).text();
        assert!(text.contains("aftercare_template_id-error") && text.contains("Gentle year"), "{text}");
        end.push(("aftercare_template_id", plan.as_str()));
        for _ in 0..2 {
            browser.post("/complete", &end).await.assert_status(303);
        }
        assert_eq!(booking.status(&t).await, QuoteStatus::Aftercare);
        let text = browser.page().await;
        assert!(text.contains("2800") && text.contains("All placed.") && !text.contains("/complete"), "{text}");

        let own = browser.client.as_actor(booking.patient.clone());
        let (page, statements) = count_statements(own.get(&format!("/patient/treatments/{}", booking.quote))).await;
        let text = page.assert_status(200).text();
        assert!(text.contains("Sleep upright.") && !text.contains("Uneventful."), "{text}");
        assert!(statements <= 6, "{statements}");
    }

    async fn strangers_find_nothing(t: TestApp) {
        let booking = paid(&t).await;
        let browser = Browser::of(&t, &booking);
        let other = testkit::actors::clinic_owner(kernel::ids::ProviderUserId::new(), kernel::ids::ProviderId::new());
        browser.client.as_actor(other).get(&browser.base).await.assert_status(404);
        let patient = testkit::actors::patient(kernel::ids::PatientId::new());
        let path = format!("/patient/treatments/{}", booking.quote);
        browser.client.as_actor(patient).get(&path).await.assert_status(404);
    }
}
