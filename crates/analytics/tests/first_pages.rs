//! The first pages along a whole case: what they say, and how few statements they need.

#![cfg(test)]

use analytics::patient_view::{self, Next};
use analytics::provider_view;
use axum::Extension;
use chrono::NaiveDate;
use directory::seed::{Clinic, ClinicSpec};
use identity::seed::PatientSpec;
use inquiry::seed::InquirySpec;
use kernel::ids::{InquiryId, PatientId, TreatmentId};
use kernel::{Actor, Currency, DateRange, Money};
use platform::jobs::Registry;
use platform::web::CsrfToken;
use quoting::seed::QuoteSpec;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use testkit::{Client, TestApp, actors, both};

/// Statements a page may need beside the two of its session.
const MOST: u64 = 6;

struct World {
    patient: PatientId,
    clinic: Clinic,
    treatment: TreatmentId,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn registry() -> Registry {
    let subscriptions = [
        payments::subscriptions(),
        treatment::subscriptions(),
        aftercare::subscriptions(),
        messaging::subscriptions(),
        notifications::subscriptions(),
    ];
    let kinds = [quoting::jobs(), payments::jobs(), notifications::jobs()];
    Registry {
        subscriptions: subscriptions.into_iter().flatten().collect(),
        kinds: kinds.into_iter().flatten().collect(),
        schedules: Vec::new(),
    }
}

async fn world(t: &TestApp) -> World {
    let app = &t.app;
    identity::install(app).await.unwrap();
    directory::install(app).await.unwrap();
    catalogue::install(app).await.unwrap();
    inquiry::install(app).await.unwrap();
    payments::install(app).await.unwrap();
    catalogue::seed::fx_rates(app).await.unwrap();
    let mut spec = ClinicSpec::new("Bosphorus Hair");
    spec.commission_percent = Some(20);
    let clinic = directory::seed::clinic(app, spec).await.unwrap();
    let treatment = catalogue::seed::treatments(app, clinic.legal_owner).await.unwrap()[0].id;
    let price = Money::new("2000".parse().unwrap(), Currency::GBP);
    catalogue::seed::price(app, clinic.id(), treatment, price, "0.50".parse().unwrap()).await.unwrap();
    let patient = identity::seed::patient(app, PatientSpec::new(app, "John", "Doe")).await.unwrap().id;
    World { patient, clinic, treatment }
}

impl World {
    fn who(&self) -> Actor {
        actors::patient(self.patient)
    }

    fn owner(&self) -> Actor {
        actors::clinic_owner(self.clinic.owner, self.clinic.id())
    }

    async fn ask(&self, t: &TestApp) -> InquiryId {
        let pictures = (1..=5).map(|seed| testkit::jpeg(640, 640, seed)).collect();
        let range = DateRange::new(day("2026-05-04"), day("2026-06-20")).unwrap();
        let spec = InquirySpec::new(&["TR"], &[self.clinic.id()], pictures).on(&[range]);
        inquiry::seed::inquiry(&t.app, self.patient, spec).await.unwrap()
    }

    /// What is to be done next, on both of the patient's pages, after all of them were drawn.
    async fn next(&self, t: &TestApp) -> Next {
        let (home, statements) = platform::db::count_statements(patient_view::home(&t.app, &self.who())).await;
        let home = home.unwrap();
        assert!(statements <= MOST, "home needs {statements} statements for {:?}", home.next);
        let patient = pages(t, self.who());
        patient.get("/patient").await.assert_status(200);
        if let Some(case) = &home.case {
            let (shown, statements) =
                platform::db::count_statements(patient_view::case(&t.app, &self.who(), case.inquiry)).await;
            let (shown, history) = shown.unwrap();
            assert!(statements <= MOST, "the case needs {statements} statements for {:?}", shown.next);
            assert_eq!(shown.next, home.next, "both pages agree");
            assert!(!history.is_empty());
            patient.get(&format!("/patient/cases/{}", case.inquiry)).await.assert_status(200);
        }
        home.next
    }

    async fn desk(&self, t: &TestApp) -> provider_view::Day {
        let (day, statements) = platform::db::count_statements(provider_view::day(&t.app, &self.owner())).await;
        assert!(statements <= MOST, "the desk needs {statements} statements");
        pages(t, self.owner()).get("/provider").await.assert_status(200);
        day.unwrap()
    }
}

/// The pages as this account sees them.
fn pages(t: &TestApp, actor: Actor) -> Client {
    let router = analytics::pages().merge(messaging::pages()).merge(notifications::pages()).merge(identity::pages());
    t.client(router.layer(Extension(CsrfToken("secret of this browser".to_owned())))).as_actor(actor)
}

/// The links of a page that lead below an address.
fn links<'a>(page: &'a str, below: &str) -> Vec<&'a str> {
    let href = |part: &'a str| part.split('"').next().and_then(|link| link.split('#').next());
    page.split("href=\"").skip(1).filter_map(href).filter(|link| link.starts_with(below)).collect()
}

both! {
    async fn the_first_pages_follow_the_case(t: TestApp) {
        let w = world(&t).await;
        t.at("2026-03-02T10:00:00Z");
        assert_eq!(w.next(&t).await, Next::Start);
        assert!(w.desk(&t).await.waiting.is_empty());

        let inquiry = w.ask(&t).await;
        t.run_jobs(&registry()).await;
        assert!(matches!(w.next(&t).await, Next::Wait { until: Some(_) }));
        let desk = w.desk(&t).await;
        assert_eq!((desk.to_answer, desk.waiting.len()), (1, 1));
        assert!(desk.waiting[0].patient.starts_with("Patient "), "{:?}", desk.waiting);
        assert_eq!(desk.months.last().unwrap().1.inquiries, 1);
        // Somebody else's case is nobody's.
        pages(&t, actors::patient(PatientId::new())).get(&format!("/patient/cases/{inquiry}")).await.assert_status(404);

        let spec = QuoteSpec::new(w.treatment, 3000, w.clinic.owner, day("2026-05-12"));
        let quote = quoting::seed::draft_and_submit(&t.app, &w.owner(), inquiry, &spec).await.unwrap();
        t.run_jobs(&registry()).await;
        assert!(matches!(w.next(&t).await, Next::Look { offer, until: Some(_) } if offer == quote));
        let desk = w.desk(&t).await;
        assert_eq!((desk.to_answer, desk.offers, desk.unread), (0, 1, Some(0)));
        assert_eq!(desk.months.last().unwrap().1, provider_view::Month { inquiries: 1, quotes: 1, bookings: 0 });

        quoting::seed::accept(&t.app, w.patient, quote).await.unwrap();
        t.run_jobs(&registry()).await;
        assert!(matches!(w.next(&t).await, Next::Pay { until: Some(_), .. }));
        assert_eq!(w.desk(&t).await.held, 1);

        payments::seed::pay_deposit(&t.app, &w.who(), quote).await.unwrap();
        t.run_jobs(&registry()).await;
        assert!(matches!(w.next(&t).await, Next::Balance { on: Some(on), late: false, .. } if on == day("2026-05-05")));
        payments::seed::pay_balance(&t.app, &w.who(), quote).await.unwrap();
        t.run_jobs(&registry()).await;
        assert!(matches!(w.next(&t).await, Next::Prepare { on: Some(on), .. } if on == day("2026-05-12")));

        t.at("2026-05-12T06:05:00Z");
        assert!(matches!(w.next(&t).await, Next::Arrive { .. }));
        let desk = w.desk(&t).await;
        assert!(desk.visits.len() == 1 && desk.visits[0].is_today && desk.visits[0].patient == "John Doe");
        let template = aftercare::seed::template(&t.app).await.unwrap();
        treatment::seed::check_in(&t.app, &w.owner(), quote).await.unwrap();
        assert!(matches!(w.next(&t).await, Next::Treatment { .. }));
        assert!(w.desk(&t).await.visits[0].is_running);
        t.at("2026-05-12T15:00:00Z");
        let views = [1, 2, 3, 4, 5].map(|seed| testkit::jpeg(640, 640, seed));
        treatment::seed::document(&t.app, &w.owner(), quote, views, 2900).await.unwrap();
        treatment::seed::complete(&t.app, &w.owner(), quote, template).await.unwrap();
        t.run_jobs(&registry()).await;
        t.at("2026-05-15T10:00:00Z");
        assert!(matches!(w.next(&t).await, Next::Tasks { waiting, .. } if waiting > 0));
    }

    async fn a_case_is_kept_as_a_file_and_each_asking_is_on_record(t: TestApp) {
        let w = world(&t).await;
        let inquiry = w.ask(&t).await;
        let staff = pages(&t, t.somebody_in_charge());
        let page = staff.get(&format!("/admin/cases/{inquiry}")).await.assert_status(200).text();
        let path = format!("/admin/cases/{inquiry}/export");
        assert!(page.contains(&format!("action=\"{path}\"")), "{page}");
        let token = t.app.keys.mac("csrf", "secret of this browser");
        let fields = [("_csrf", token.as_str())];
        let file = staff.form(&path, &fields).await.assert_status(200);
        assert_eq!(file.headers["content-type"], "application/json");
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"HPID") && name.ends_with(".json\""), "{name}");
        let case: serde_json::Value = serde_json::from_str(&file.text()).unwrap();
        assert_eq!((&case["inquiry_id"], &case["patient"]["name"]), (&serde_json::json!(inquiry), &serde_json::json!("John Doe")));
        assert!(case.get("medical").is_none() && !file.text().contains("problem_details"), "medical content needs a reason");
        let logged = platform::entity::audit_logs::Entity::find()
            .filter(platform::entity::audit_logs::Column::Action.eq("case.exported")).all(t.conn()).await.unwrap();
        assert_eq!(logged.len(), 1);
        assert_eq!(staff.get(&path).await.assert_status(303).headers["location"], format!("/admin/cases/{inquiry}"));
        staff.form(&format!("/admin/cases/{}/export", kernel::ids::InquiryId::new()), &fields).await.assert_status(404);
        // A patient is led to the sign-in of staff, and a member who may not read requests is refused.
        let led = pages(&t, actors::patient(w.patient)).form(&path, &fields).await.assert_status(303);
        assert!(led.headers["location"].to_str().unwrap().contains("login"));
    }

    async fn a_conversation_is_written_once_and_read(t: TestApp) {
        let w = world(&t).await;
        t.at("2026-03-02T10:00:00Z");
        let inquiry = w.ask(&t).await;
        let spec = QuoteSpec::new(w.treatment, 3000, w.clinic.owner, day("2026-05-12"));
        quoting::seed::draft_and_submit(&t.app, &w.owner(), inquiry, &spec).await.unwrap();
        t.run_jobs(&registry()).await;

        let (patient, clinic) = (pages(&t, w.who()), pages(&t, w.owner()));
        let list = patient.get("/patient/messages").await.assert_status(200);
        assert!(list.text().contains("Bosphorus Hair") && list.text().contains("1 new"), "{}", list.text());
        let thread = links(&list.text(), "/patient/messages/")[0].to_owned();
        let page = patient.get(&thread).await.assert_status(200);
        assert!(page.text().contains("The clinic has sent a quote."));
        assert!(!patient.get("/patient/messages").await.text().contains("1 new"), "opened is read");

        let field = |page: &str, name: &str| {
            let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let (csrf, id) = (field(&page.text(), "_csrf"), field(&page.text(), "client_message_id"));
        let text = "Call me on +44 7700 900123 about the crown";
        for _ in 0..2 {
            let fields = [("_csrf", csrf.as_str()), ("client_message_id", id.as_str()), ("content", text)];
            patient.form(&thread, &fields).await.assert_status(303);
        }
        let refused = patient.form(&thread, &[("_csrf", csrf.as_str()), ("content", " ")]).await.assert_status(422);
        assert!(refused.text().contains("Write something first."));

        let theirs = thread.replace("/patient/", "/provider/");
        clinic.get("/provider/messages").await.assert_status(200);
        let (reply, statements) = platform::db::count_statements(clinic.get(&theirs)).await;
        let shown = reply.assert_status(200);
        assert_eq!(shown.text().matches("about the crown").count(), 1, "sent twice, written once");
        assert!(!shown.text().contains("7700 900123") && !shown.text().contains("John"), "hidden before booking");
        // Reading it for the first time notes so; afterwards it is only read.
        let (_, again) = platform::db::count_statements(clinic.get(&theirs)).await;
        assert!(again <= MOST && again < statements, "{again} of {statements} statements");
        pages(&t, actors::patient(PatientId::new())).get(&thread).await.assert_status(404);
    }

    async fn a_notification_is_opened_once_and_leads_to_its_page(t: TestApp) {
        let w = world(&t).await;
        t.at("2026-03-02T10:00:00Z");
        let inquiry = w.ask(&t).await;
        let spec = QuoteSpec::new(w.treatment, 3000, w.clinic.owner, day("2026-05-12"));
        let quote = quoting::seed::draft_and_submit(&t.app, &w.owner(), inquiry, &spec).await.unwrap();
        t.run_jobs(&registry()).await;

        let patient = pages(&t, w.who());
        let (inbox, statements) = platform::db::count_statements(patient.get("/patient/notifications")).await;
        assert!(statements <= MOST, "{statements} statements");
        let inbox = inbox.assert_status(200);
        let open = links(&inbox.text(), "/patient/notifications/")[0].to_owned();
        assert!(open.ends_with("/open") && inbox.text().contains("You have an offer"), "{}", inbox.text());
        let led = patient.get(&open).await.assert_status(303);
        assert_eq!(led.headers["location"].to_str().unwrap(), format!("/patient/quotes/{quote}"));
        let left = patient.get("/patient/notifications?show=unread").await.assert_status(200);
        assert!(!left.text().contains("You have an offer"));
        // Another's is not there.
        pages(&t, w.owner()).get(&open.replace("/patient/", "/provider/")).await.assert_status(404);
        let clinic = pages(&t, w.owner()).get("/provider/notifications").await.assert_status(200);
        assert!(clinic.text().contains("New inquiry"));
        pages(&t, actors::patient(w.patient)).get("/patient/messages").await.assert_status(200);
        assert_eq!(pages(&t, Actor::anonymous()).get("/live").await.status.as_u16(), 401);
    }

    async fn a_new_member_is_shown_the_first_steps_until_they_know_the_way(t: TestApp) {
        let w = world(&t).await;
        let csrf = CsrfToken("secret of this browser".to_owned()).field(&t.app);
        let owner = pages(&t, w.owner());
        let (home, statements) = platform::db::count_statements(owner.get("/provider")).await;
        assert!(statements <= MOST, "{statements} statements");
        let home = home.assert_status(200).text();
        for part in ["Your first steps", "href=\"/provider/profile\"", "href=\"/provider/team\"", "action=\"/provider/account/first-steps\""] {
            assert!(home.contains(part), "{part}: {home}");
        }
        // Only what the member may open.
        let spec = identity::seed::MemberSpec::new("provider_billing", "Bil", "Ling", "bil@clinic.example");
        let billing = identity::seed::clinic_user(&t.app, w.clinic.id(), spec).await.unwrap();
        let billing = pages(&t, actors::clinic_billing(billing, w.clinic.id()));
        let steps = billing.get("/provider").await.assert_status(200).text();
        let steps = steps.split("id=\"tour\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned();
        assert!(steps.contains("/provider/account") && !steps.contains("/provider/inquiries") && !steps.contains("/provider/team"), "{steps}");
        // Said once, remembered for good, and for this member only; saying it twice changes nothing.
        for _ in 0..2 {
            let done = owner.form("/provider/account/first-steps", &[("_csrf", &csrf)]).await.assert_status(303);
            assert_eq!(done.headers["location"], "/provider?done=tour-finished");
        }
        assert!(!owner.get("/provider").await.text().contains("Your first steps"));
        assert!(billing.get("/provider").await.text().contains("Your first steps"));
        // Whoever looks through the member's eyes is not shown around, and a month later nobody is.
        let staff = identity::seed::admin(&t.app, identity::seed::AdminSpec::super_admin("chief@hairline.example")).await.unwrap();
        let spec = identity::seed::MemberSpec::new("provider_manager", "Ada", "New", "ada@clinic.example");
        let ada = identity::seed::clinic_user(&t.app, w.clinic.id(), spec).await.unwrap();
        let ada = actors::clinic_manager(ada, w.clinic.id());
        assert!(!pages(&t, ada.clone().seen_by(staff)).get("/provider").await.text().contains("Your first steps"));
        assert!(pages(&t, ada.clone()).get("/provider").await.text().contains("Your first steps"));
        t.advance(chrono::Duration::days(31));
        assert!(!pages(&t, ada).get("/provider").await.text().contains("Your first steps"));
    }
}
