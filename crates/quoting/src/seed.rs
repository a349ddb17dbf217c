//! Builders for demo data and the tests of wings above; they go through the same use cases as clinics and patients.

use chrono::{Duration, NaiveDate};
use kernel::ids::{InquiryId, PackageId, PatientId, ProviderUserId, QuoteId, TreatmentId};
use kernel::{Actor, ActorKind, AppResult, Money, Permission};
use platform::App;

use crate::rules::accept::Ask;
use crate::rules::content::IncludedService;
use crate::service::input::{DateInput, PlanInput, QuoteInput, SlotInput};
use crate::service::{accept as accepting, draft, submit};
use crate::store;

/// What a quote should look like.
#[derive(Clone, Debug)]
pub struct QuoteSpec {
    /// Offered by the clinic.
    pub treatment: TreatmentId,
    /// Follicular units.
    pub grafts: i32,
    /// The clinic's own packages.
    pub packages: Vec<PackageId>,
    /// Who treats.
    pub clinician: ProviderUserId,
    /// Day of the slot; inside the patient's ranges.
    pub date: NaiveDate,
    /// Start in the clinic's time: `09:00`.
    pub time: String,
    /// Days of the plan, and of the slot.
    pub days: i32,
    /// Travel the clinic takes care of.
    pub included: Vec<IncludedService>,
    /// To the patient.
    pub note: Option<String>,
}

impl QuoteSpec {
    /// One day at nine, without packages.
    pub fn new(treatment: TreatmentId, grafts: i32, clinician: ProviderUserId, date: NaiveDate) -> Self {
        Self {
            treatment,
            grafts,
            packages: Vec::new(),
            clinician,
            date,
            time: "09:00".to_owned(),
            days: 1,
            included: Vec::new(),
            note: None,
        }
    }

    /// What the clinic's editor would send.
    pub fn input(&self) -> QuoteInput {
        let plan = (0..self.days).map(|day| PlanInput {
            day: day + 1,
            date: (self.date + Duration::days(i64::from(day))).to_string(),
            description: if day == 0 {
                "Extraction and implantation".to_owned()
            } else {
                "Washing and check".to_owned()
            },
        });
        QuoteInput {
            treatment_id: Some(self.treatment),
            estimated_grafts: Some(self.grafts),
            dates: Some(vec![DateInput { date: self.date.to_string(), price: None }]),
            packages: Some(self.packages.clone()),
            clinician_id: Some(self.clinician),
            slot: Some(SlotInput {
                date: self.date.to_string(),
                time: self.time.clone(),
                timezone: None,
                duration_minutes: None,
                day_count: Some(1),
            }),
            plan: Some(plan.collect()),
            included_services: Some(self.included.clone()),
            note: self.note.clone(),
            ..QuoteInput::default()
        }
    }
}

/// A clinic drafts a quote and sends it. A red alert must be acknowledged before.
pub async fn draft_and_submit(app: &App, clinic: &Actor, inquiry: InquiryId, spec: &QuoteSpec) -> AppResult<QuoteId> {
    let id = draft::create(app, clinic, inquiry, spec.input()).await?;
    submit::submit(app, clinic, id, 0, None).await?;
    Ok(id)
}

/// The patient accepts the quote as it stands.
pub async fn accept(app: &App, patient: PatientId, id: QuoteId) -> AppResult<()> {
    let permissions = [Permission::AcceptQuote, Permission::ViewQuote].into_iter().collect();
    let actor = Actor::new(ActorKind::Patient(patient), Some("patient"), permissions);
    let quote = store::find(app.db.conn(), id).await?;
    let expected_total = Money::new(quote.quote_amount, quote.currency);
    accepting::accept(app, &actor, id, Ask { version: quote.version, expected_total, terms: true }).await
}
