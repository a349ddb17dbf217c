//! The booking of section 11: a clinic in Istanbul, slot 2026-06-10 09:00, a plan of three days, 3,500.00 GBP, 3000
//! grafts. Accepted and paid for real, on rows made by hand.

use catalogue::entity::treatments::{self, TreatmentStatus, TreatmentType};
use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use inquiry::entity::inquiries::{self, InquiryProblem, InquiryStatus};
use inquiry::entity::workflow_timelines;
use kernel::ids::{InquiryId, PatientId, ProviderId, ProviderUserId, QuoteClinicianId, QuoteId, TreatmentId, UserId};
use kernel::{Actor, Amount, Currency};
use platform::jobs::Registry;
use quoting::entity::quote_clinicians::{self, CaseRole, QuoteClinicianAssignedByType};
use quoting::entity::quotes::{self, QuoteStatus};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{TestApp, Upload, at};

/// One booking and everybody around it.
pub struct Booking {
    pub quote: QuoteId,
    pub inquiry: InquiryId,
    pub provider: ProviderId,
    pub patient_id: PatientId,
    pub admin: UserId,
    pub patient: Actor,
    pub owner: Actor,
}

pub fn registry() -> Registry {
    let mut registry =
        Registry { subscriptions: treatment::subscriptions(), kinds: payments::jobs(), schedules: Vec::new() };
    registry.subscriptions.extend(payments::subscriptions());
    registry.kinds.extend(quoting::jobs());
    registry
}

/// An offer the patient accepted and paid the deposit of, on 2026-03-02.
pub async fn confirmed(t: &TestApp) -> Booking {
    let booking = accepted(t).await;
    payments::seed::pay_deposit(&t.app, &booking.patient, booking.quote).await.unwrap();
    t.run_jobs(&registry()).await;
    booking
}

/// The same with everything paid.
pub async fn paid(t: &TestApp) -> Booking {
    let booking = confirmed(t).await;
    payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
    t.run_jobs(&registry()).await;
    booking
}

pub async fn accepted(t: &TestApp) -> Booking {
    t.at("2026-03-02T10:00:00Z");
    let (app, now) = (&t.app, t.now());
    payments::install(app).await.unwrap();
    catalogue::install(app).await.unwrap();
    for (currency, rate) in [(Currency::EUR, "0.92"), (Currency::GBP, "0.79"), (Currency::TRY, "34.5")] {
        let rate: Decimal = rate.parse().unwrap();
        catalogue::fx::set_manual_rate(t.conn(), now, currency, rate, Decimal::from(5)).await.unwrap();
    }
    let admin = identity::seed::admin(app, AdminSpec::super_admin("boss@hairline.example")).await.unwrap();
    let mut person = PatientSpec::new(app, "Jane", "Doe");
    person.country = "GB".to_owned();
    let patient = identity::seed::patient(app, person).await.unwrap().id;
    let provider = clinic(t).await;
    let member = MemberSpec::new("provider_owner", "Ayse", "Yilmaz", "ayse@clinic.example");
    let clinician = identity::seed::clinic_user(app, provider, member).await.unwrap();
    let inquiry = inquiry(t, patient).await;
    let quote = quote(t, inquiry, provider, treatment(t, admin).await).await;
    lead(t, quote, clinician).await;
    quoting::seed::accept(app, patient, quote).await.unwrap();
    Booking {
        quote,
        inquiry,
        provider,
        patient_id: patient,
        admin,
        patient: testkit::actors::patient(patient),
        owner: testkit::actors::clinic_owner(clinician, provider),
    }
}

pub async fn clinic(t: &TestApp) -> ProviderId {
    let id = ProviderId::new();
    let row = providers::ActiveModel {
        id: Set(id),
        provider_name: Set("Bosphorus Hair".into()),
        email: Set(format!("{id}@clinic.example")),
        city: Set("Istanbul".into()),
        country: Set("Turkey".into()),
        country_code: Set(Some("TR".into())),
        status: Set(ProviderStatus::Active),
        timezone: Set(Some("Europe/Istanbul".into())),
        onboarding_stage: Set(ProviderOnboardingStage::Live),
        seat_limit: Set(10),
        is_featured: Set(false),
        rating_sum: Set(0),
        rating_count: Set(0),
        treated_count: Set(0),
        version: Set(1),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap();
    id
}

async fn treatment(t: &TestApp, admin: UserId) -> TreatmentId {
    let id = TreatmentId::new();
    let row = treatments::ActiveModel {
        id: Set(id),
        user_id: Set(admin),
        treatment_name: Set("Sapphire FUE".into()),
        treatment_type: Set(TreatmentType::SapphireFue),
        treatment_description: Set("Grafts taken with sapphire blades.".into()),
        thumbnail: Set("treatments/fue.jpg".into()),
        status: Set(TreatmentStatus::Active),
        version: Set(1),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap();
    id
}

async fn inquiry(t: &TestApp, patient: PatientId) -> InquiryId {
    let id = InquiryId::new();
    let row = inquiries::ActiveModel {
        id: Set(id),
        patient_id: Set(patient),
        problem: Set(InquiryProblem::HairTransplant),
        scan_url: Set(format!("inquiries/{id}/scan")),
        treatment_schedule: Set(json!([{ "start": "2026-06-08", "end": "2026-06-20" }])),
        problem_details: Set("Thin on top.".into()),
        status: Set(InquiryStatus::Quote),
        submitted_at: Set(Some(t.now())),
        version: Set(1),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap();
    id
}

async fn quote(t: &TestApp, inquiry: InquiryId, provider: ProviderId, treatment: TreatmentId) -> QuoteId {
    let id = QuoteId::new();
    let price: Amount = "3500.00".parse().unwrap();
    let row = quotes::ActiveModel {
        id: Set(id),
        inquiry_id: Set(inquiry),
        provider_id: Set(provider),
        treatment_id: Set(treatment),
        treatment_date: Set(json!([{ "date": "2026-06-10", "price": price }])),
        treatment_plan: Set(Some(json!([
            { "day": 1, "date": "2026-06-10", "description": "Consultation & scans" },
            { "day": 2, "date": "2026-06-11", "description": "Transplant" },
            { "day": 3, "date": "2026-06-12", "description": "Wash & check" },
        ]))),
        treatment_snapshot: Set(Some(json!({ "name": "Sapphire FUE" }))),
        estimated_grafts: Set(Some(3000)),
        commission: Set(20),
        quote_amount: Set(price),
        currency: Set(Currency::GBP),
        status: Set(QuoteStatus::Quote),
        expires_at: Set(Some(at("2026-03-20T10:00:00Z"))),
        expiration_hours: Set(400),
        auto_accepted: Set(false),
        appointment_pre_scheduled: Set(true),
        version: Set(1),
        treatment_amount: Set(price),
        packages_amount: Set(Amount::ZERO),
        extras_amount: Set(Amount::ZERO),
        fees_amount: Set(Amount::ZERO),
        discount_amount: Set(Amount::ZERO),
        commission_amount: Set(Amount::ZERO),
        appointment_slot_at: Set(Some(at("2026-06-10T06:00:00Z"))),
        appointment_timezone: Set(Some("Europe/Istanbul".into())),
        slot_duration_minutes: Set(480),
        slot_day_count: Set(1),
        submitted_at: Set(Some(t.now())),
        hold_lapse_count: Set(0),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap();
    id
}

async fn lead(t: &TestApp, quote: QuoteId, clinician: ProviderUserId) {
    let row = quote_clinicians::ActiveModel {
        id: Set(QuoteClinicianId::new()),
        quote_id: Set(quote),
        provider_user_id: Set(clinician),
        case_role: Set(CaseRole::Lead),
        display_name: Set("Ayse Yilmaz".into()),
        active_key: Set(Some(quoting::store::lead_key(quote))),
        assigned_by_type: Set(QuoteClinicianAssignedByType::ProviderUser),
        assigned_by_id: Set(clinician.any()),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap();
}

impl Booking {
    pub fn path(&self, rest: &str) -> String {
        format!("/treatment-cases/{}{rest}", self.quote)
    }

    pub async fn status(&self, t: &TestApp) -> QuoteStatus {
        quotes::Entity::find_by_id(self.quote).one(t.conn()).await.unwrap().unwrap().status
    }

    /// The words of the case's timeline, oldest first.
    pub async fn timeline(&self, t: &TestApp) -> Vec<String> {
        let mine = workflow_timelines::Column::InquiryId.eq(self.inquiry);
        let rows = workflow_timelines::Entity::find().filter(mine).order_by_asc(workflow_timelines::Column::Id);
        rows.all(t.conn()).await.unwrap().into_iter().map(|row| row.event).collect()
    }
}

/// A picture for each of these views.
pub fn pictures(views: &[&str]) -> Vec<Upload> {
    (1..).zip(views).map(|(seed, view)| Upload::jpeg(testkit::jpeg(640, 640, seed)).in_field(view)).collect()
}
