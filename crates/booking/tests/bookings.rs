//! Bookings as patient, clinic and staff see them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure is how a test fails")]

use axum::Extension;
use catalogue::seed as catalogue_seed;
use directory::seed::ClinicSpec;
use identity::seed::PatientSpec;
use inquiry::seed::InquirySpec;
use kernel::ids::{PatientId, QuoteId};
use kernel::{Actor, Amount, Currency, DateRange, Money};
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::seed::QuoteSpec;
use sea_orm::EntityTrait;
use testkit::{TestApp, actors};

struct Fixture {
    patient: PatientId,
    clinic: Actor,
    booking: QuoteId,
    open: QuoteId,
}

async fn fixture(t: &TestApp) -> Fixture {
    let app = &t.app;
    identity::install(app).await.unwrap();
    directory::install(app).await.unwrap();
    catalogue::install(app).await.unwrap();
    inquiry::install(app).await.unwrap();
    catalogue_seed::fx_rates(app).await.unwrap();
    let clinic = directory::seed::clinic(app, ClinicSpec::new("Bosphorus Hair")).await.unwrap();
    let treatment = catalogue_seed::treatments(app, clinic.legal_owner).await.unwrap()[0].id;
    let base = Money::new(Amount::from_units(4000), Currency::EUR);
    catalogue_seed::price(app, clinic.id(), treatment, base, Amount::ZERO).await.unwrap();
    let owner = actors::clinic_owner(clinic.owner, clinic.id());
    let (start, end) = ("2026-05-04".parse().unwrap(), "2026-05-15".parse().unwrap());
    let mut quotes = Vec::new();
    let mut patients = Vec::new();
    for (name, date) in [("John", "2026-05-12"), ("Mia", "2026-05-13")] {
        let patient = identity::seed::patient(app, PatientSpec::new(app, name, "Doe")).await.unwrap().id;
        let pictures = (1..=5).map(|seed| testkit::jpeg(640, 640, seed)).collect();
        let spec = InquirySpec::new(&["TR"], &[clinic.id()], pictures).on(&[DateRange::new(start, end).unwrap()]);
        let inquiry = inquiry::seed::inquiry(app, patient, spec).await.unwrap();
        let offer = QuoteSpec::new(treatment, 2500, clinic.owner, date.parse().unwrap());
        quotes.push(quoting::seed::draft_and_submit(app, &owner, inquiry, &offer).await.unwrap());
        patients.push(patient);
    }
    quoting::seed::accept(app, patients[0], quotes[0]).await.unwrap();
    Fixture { patient: patients[0], clinic: owner, booking: quotes[0], open: quotes[1] }
}

testkit::both! {
    async fn an_appointment_is_for_the_calendar_once_confirmed(t: TestApp) {
        let f = fixture(&t).await;
        let patient = t.client(booking::routes()).as_actor(actors::patient(f.patient));
        let file = |booking: QuoteId| format!("/bookings/{booking}/calendar.ics");
        patient.get(&file(f.booking)).await.assert_problem(409, "booking_not_confirmed");
        // An offer that was not accepted is no booking.
        patient.get(&file(f.open)).await.assert_problem(404, "not_found");
        patient.as_actor(actors::patient(PatientId::new())).get(&file(f.booking)).await.assert_problem(404, "not_found");
    }

    async fn a_clinic_reads_its_list_and_its_month(t: TestApp) {
        let f = fixture(&t).await;
        let pages = || booking::pages().layer(Extension(CsrfToken("browser".to_owned())));
        let owner = t.client(pages()).as_actor(f.clinic.clone());
        let (user, provider) = f.clinic.provider().unwrap();
        let clinical = owner.as_actor(actors::clinic_clinical(user, provider));

        // With the session's there are eight.
        let (list, statements) = count_statements(owner.get("/provider/bookings")).await;
        assert!(statements <= 7, "{statements}");
        let list = list.assert_status(200).text();
        assert!(list.contains("John D.") && !list.contains("Doe") && !list.contains("Mia"), "{list}");
        assert!(list.contains("Not paid yet") && list.contains("outstanding"), "{list}");
        // Nothing is treated yet: the way leads to the offer the patient took.
        let offer = format!("href=\"/provider/quotes/{}\"", f.booking);
        assert!(list.contains(&offer) && !list.contains("/provider/treatments/"), "{list}");
        let list = clinical.get("/provider/bookings").await.assert_status(200).text();
        assert!(list.contains("Not paid yet") && !list.contains("outstanding") && !list.contains("£"), "{list}");
        for (query, found) in [("q=bkg-", true), ("q=pat-", true), ("q=john", false), ("status=accepted", true),
            ("status=completed", false), ("payment=nothing", true), ("payment=part", false), ("payment=nonsense", true), ("status=nonsense", true), ("sort=-day", true)] {
            let list = owner.get(&format!("/provider/bookings?{query}")).await.assert_status(200).text();
            assert_eq!(list.contains("John D."), found, "{query}");
        }

        let (month, statements) = count_statements(owner.get("/provider/calendar?month=2026-05")).await;
        assert!(statements <= 7, "{statements}");
        let month = month.assert_status(200).text();
        assert!(month.contains("May 2026") && month.contains("09:00 John D.") && month.contains("Held"), "{month}");
        assert!(month.contains(&offer) && !month.contains("/provider/treatments/"), "{month}");
        assert!(!month.contains("Mia"), "an offer is no appointment");
        let month = |query: &str| format!("/provider/calendar?month=2026-{query}");
        for (query, found) in [("06".to_owned(), false), (format!("05&clinician={user}"), true),
            (format!("05&clinician={}", kernel::ids::ProviderUserId::new()), false)] {
            let text = clinical.get(&month(&query)).await.assert_status(200).text();
            assert_eq!(text.contains("John D."), found, "{query}");
        }
        // A week, by any of its days: the hours of each appointment, and nothing of the weeks around it.
        let day = quoting::entity::schedules::Entity::find().one(t.conn()).await.unwrap().unwrap().schedule_date;
        let (week, statements) = count_statements(owner.get(&format!("/provider/calendar?week={day}"))).await;
        assert!(statements <= 7, "{statements}");
        let week = week.assert_status(200).text();
        assert!(week.contains("09:00 – 17:00") && week.contains("John D."), "{week}");
        assert!(week.contains("11 – 17 May 2026") && week.contains("In this week"), "{week}");
        let next = day + chrono::Days::new(7);
        let week = owner.get(&format!("/provider/calendar?week={next}")).await.assert_status(200).text();
        assert!(!week.contains("John D."), "{week}");
        let billing = owner.as_actor(actors::clinic_billing(user, provider));
        billing.get("/provider/calendar").await.assert_status(403);
        let stranger = owner.as_actor(actors::clinic_owner(user, kernel::ids::ProviderId::new()));
        assert!(!stranger.get("/provider/bookings").await.assert_status(200).text().contains("John"));
        assert!(!stranger.get(&month("05")).await.assert_status(200).text().contains("John"));
    }
}
