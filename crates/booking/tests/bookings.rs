//! Bookings as patient, clinic and staff see them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure is how a test fails")]

use axum::Extension;
use catalogue::seed as catalogue_seed;
use directory::seed::ClinicSpec;
use identity::seed::PatientSpec;
use inquiry::seed::InquirySpec;
use kernel::ids::{PatientId, QuoteId, UserId};
use kernel::{Actor, Amount, Currency, DateRange, Money};
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::seed::QuoteSpec;
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
    async fn each_audience_sees_its_bookings(t: TestApp) {
        let f = fixture(&t).await;
        let patient = t.client(booking::routes()).as_actor(actors::patient(f.patient));
        let own = patient.get(&format!("/bookings/{}", f.booking)).await.assert_status(200);
        assert_eq!(own.str("/booking_reference"), "BKG-2603-00001");
        assert_eq!((own.str("/schedule/status"), own.str("/schedule/date")), ("pending", "2026-05-12"));
        assert_eq!(own.str("/schedule/hold_expires_at"), "2026-03-04T10:00:00Z");
        // EUR 4,000.00 at 0.79 / 0.92 x 1.05 for somebody at home in Britain.
        assert_eq!((own.str("/terms/locked_rate"), own.str("/terms/payment_total/amount")), ("0.90163043", "3606.52"));
        assert_eq!((own.str("/terms/deposit/amount"), own.str("/terms/balance/amount")), ("901.63", "2704.89"));
        assert_eq!(own.str("/terms/balance_due_on"), "2026-05-05");
        assert!(own.json["settlement"].is_null() && own.json["patient"].is_null());
        // An offer that was not accepted is no booking.
        patient.get(&format!("/bookings/{}", f.open)).await.assert_problem(404, "not_found");

        let clinic = patient.as_actor(f.clinic.clone());
        let list = clinic.get("/bookings").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.str("/data/0/patient/display_name")), (&1.into(), "John D."));
        assert!(list.json["data"][0]["patient"]["email"].is_null());
        clinic.get(&format!("/bookings/{}", f.open)).await.assert_problem(404, "not_found");
        let staff = patient.as_actor(actors::super_admin(UserId::new()));
        assert_eq!(staff.get("/bookings?filter[status]=accepted").await.assert_status(200).str("/data/0/patient/name"), "John Doe");
        assert_eq!(staff.get("/bookings?filter[status]=confirmed").await.assert_status(200).at("/meta/total"), 0);
        let page = kernel::PageQuery::default();
        let (list, count) = platform::db::count_statements(booking::queries::list(&t.app, &f.clinic, None, page)).await;
        list.unwrap();
        assert!(count <= 8, "{count}");
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
        assert!(!month.contains("Mia"), "an offer is no appointment");
        let month = |query: &str| format!("/provider/calendar?month=2026-{query}");
        for (query, found) in [("06".to_owned(), false), (format!("05&clinician={user}"), true),
            (format!("05&clinician={}", kernel::ids::ProviderUserId::new()), false)] {
            let text = clinical.get(&month(&query)).await.assert_status(200).text();
            assert_eq!(text.contains("John D."), found, "{query}");
        }
        let billing = owner.as_actor(actors::clinic_billing(user, provider));
        billing.get("/provider/calendar").await.assert_status(403);
        let stranger = owner.as_actor(actors::clinic_owner(user, kernel::ids::ProviderId::new()));
        assert!(!stranger.get("/provider/bookings").await.assert_status(200).text().contains("John"));
        assert!(!stranger.get(&month("05")).await.assert_status(200).text().contains("John"));
    }
}
