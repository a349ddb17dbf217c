//! What each audience may see of a treatment.

use chrono::NaiveDate;
use identity::anonymity::MaskedPatient;
use kernel::ids::{InquiryId, MediaId, ProviderId, ProviderUserId, QuoteId, TreatmentExecutionId};
use kernel::{AppResult, Timestamp};
use platform::App;
use platform::entity::media::{MediaPhase, MediaView};
use quoting::entity::quote_clinicians;
use quoting::entity::quotes::QuoteStatus;
use serde::Serialize;

use crate::entity::timelines::{self, TimelineStatus};
use crate::entity::treatment_executions::{self, TreatmentExecutionCaseLabel};
use crate::rules::days::Progress;
use crate::rules::outcome::{Variance, variance};
use crate::service::photos::Collection;

/// A case in a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CaseSummary {
    /// The booking.
    pub quote_id: QuoteId,
    /// Its code.
    pub quote_code: Option<String>,
    /// The request it came from.
    pub inquiry_id: InquiryId,
    /// The clinic.
    pub provider_id: ProviderId,
    /// Where the case stands.
    pub status: QuoteStatus,
    /// What is done.
    pub treatment_name: String,
    /// The patient, as this reader may know them; absent for patients themselves.
    pub patient: Option<MaskedPatient>,
    /// First day of the procedure, the clinic's calendar.
    pub starts_on: Option<NaiveDate>,
    /// Finished days of all.
    pub progress: Progress,
    /// When the patient arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub checked_in_at: Option<Timestamp>,
    /// When the treatment ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub completed_at: Option<Timestamp>,
    /// Documentation is late.
    pub documentation_overdue: bool,
    /// No-show or postponed.
    pub case_label: Option<TreatmentExecutionCaseLabel>,
}

/// The doctor in charge.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Clinician {
    /// The member of the clinic.
    pub id: ProviderUserId,
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
}

impl From<quote_clinicians::Model> for Clinician {
    fn from(row: quote_clinicians::Model) -> Self {
        Self { id: row.provider_user_id, name: row.display_name, title: row.display_title }
    }
}

/// A day as everybody sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Day {
    /// From 1.
    pub day_number: i32,
    /// The clinic's calendar.
    pub plan_date: NaiveDate,
    /// What happens.
    pub description: String,
    /// How far it is.
    pub status: TimelineStatus,
}

impl From<&timelines::Model> for Day {
    fn from(row: &timelines::Model) -> Self {
        Self {
            day_number: row.day_number,
            plan_date: row.plan_date,
            description: row.description.clone(),
            status: row.status,
        }
    }
}

/// A day as the clinic sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DayForStaff {
    /// What everybody sees.
    #[serde(flatten)]
    pub day: Day,
    /// The clinical note; null for readers without medical rights.
    pub note: Option<String>,
    /// Say it back when changing the day.
    pub lock_version: i32,
}

/// The result of a treatment.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Outcome {
    /// Grafts placed.
    pub actual_graft_count: Option<i32>,
    /// Against the estimate.
    pub variance: Option<Variance>,
    /// Summary of the treatment.
    pub conclusion_notes: Option<String>,
    /// What is prescribed.
    pub prescription: Option<String>,
    /// What to do and not to do.
    pub advice: Option<String>,
    /// How to take the medication.
    pub medication_instructions: Option<String>,
}

impl Outcome {
    /// Opens the sealed texts of a record.
    pub fn open(app: &App, row: &treatment_executions::Model) -> AppResult<Self> {
        Ok(Self {
            actual_graft_count: row.actual_graft_count,
            variance: row.actual_graft_count.map(|actual| variance(row.estimated_graft_count, actual)),
            conclusion_notes: app.keys.open_opt(row.conclusion_notes.as_ref())?,
            prescription: app.keys.open_opt(row.prescription.as_ref())?,
            advice: app.keys.open_opt(row.advice.as_ref())?,
            medication_instructions: app.keys.open_opt(row.medication_instructions.as_ref())?,
        })
    }
}

/// A case for its clinic and for Hairline's staff.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CaseForStaff {
    /// What the list shows.
    #[serde(flatten)]
    pub case: CaseSummary,
    /// The record.
    pub execution_id: Option<TreatmentExecutionId>,
    /// The doctor in charge.
    pub clinician: Option<Clinician>,
    /// Grafts that were promised.
    pub estimated_graft_count: Option<i32>,
    /// What the patient reads at the beginning; null for readers without medical rights.
    pub beginning_note: Option<String>,
    /// Drafts, and the result once it is over; null for readers without medical rights.
    pub outcome: Option<Outcome>,
    /// The plan.
    pub days: Vec<DayForStaff>,
    /// When documentation is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub documentation_due_at: Option<Timestamp>,
    /// Say it back when changing the case.
    pub lock_version: i32,
}

/// A case for its patient: no day notes, and the result only when it is over.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CaseForPatient {
    /// What the list shows.
    #[serde(flatten)]
    pub case: CaseSummary,
    /// The doctor in charge.
    pub clinician: Option<Clinician>,
    /// Grafts that were promised.
    pub estimated_graft_count: Option<i32>,
    /// What the clinic says at the beginning.
    pub beginning_note: Option<String>,
    /// The plan.
    pub days: Vec<Day>,
    /// The result, once the treatment is over.
    pub outcome: Option<Outcome>,
}

/// A case in the shape of its reader.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum CaseView {
    /// For the clinic and for staff.
    Staff(Box<CaseForStaff>),
    /// For the patient.
    Patient(Box<CaseForPatient>),
}

/// A picture of a treatment with a link that works for a few minutes.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PhotoView {
    /// The picture.
    pub id: MediaId,
    /// What it is for.
    pub collection: Collection,
    /// When in the treatment it was taken.
    pub phase: Option<MediaPhase>,
    /// The view of a standard set.
    pub view: Option<MediaView>,
    /// Where to get it, for this reader, for five minutes.
    pub url: String,
    /// Width in pixels.
    pub width: Option<i32>,
    /// Height in pixels.
    pub height: Option<i32>,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
