//! What each audience reads of a clinic and of a patient.

use chrono::{DateTime, NaiveDate, Utc};
use identity::entity::account_states::AccountState;
use identity::entity::patients::{PatientGender, PatientStatus};
use kernel::Money;
use kernel::ids::{PatientId, ProviderId, TreatmentId};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::entity::providers::{self, ProviderServiceScope};
use crate::rules::rating::Rating;

/// The published rating of a clinic.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RatingView {
    /// One decimal, half up; null without reviews.
    pub average: Option<Decimal>,
    /// Published reviews.
    pub count: i32,
}

impl RatingView {
    pub(crate) fn of(clinic: &providers::Model) -> Self {
        let rating = Rating { sum: clinic.rating_sum, count: clinic.rating_count };
        Self { average: rating.average(), count: clinic.rating_count }
    }
}

/// A clinic in the directory.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicCard {
    /// The clinic.
    pub id: ProviderId,
    /// Its readable address.
    pub slug: Option<String>,
    /// Name.
    pub name: String,
    /// City.
    pub city: String,
    /// Country, in English.
    pub country: String,
    /// ISO 3166-1.
    pub country_code: Option<String>,
    /// Rating.
    pub rating: RatingView,
    /// What it is known for.
    pub medical_specialty: Option<String>,
    /// Hair, beard or both.
    pub service_scope: Option<ProviderServiceScope>,
    /// Shown with a star.
    pub is_featured: bool,
    /// Years of experience.
    pub years_experience: Option<i16>,
    /// The least any of its treatments costs, in the clinic's currency.
    pub starting_price: Option<Money>,
    /// The same in the currency of the patient's home, where it is another one (R-IQ-86).
    pub starting_price_estimate: Option<Money>,
    /// Where its logo is fetched for the next hour.
    pub profile_image: Option<String>,
    /// Codes of the languages spoken, main one first.
    pub languages: Vec<String>,
}

/// A city with accepting clinics (R-IQ-85).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PlaceView {
    /// As its clinics write it.
    #[schema(example = "Istanbul")]
    pub city: String,
    /// As it stands in addresses and in `filter[city]`.
    #[schema(example = "istanbul")]
    pub slug: String,
    /// ISO 3166-1.
    #[schema(example = "TR")]
    pub country_code: String,
    /// How many accept.
    pub clinics: u32,
}

/// A clinic's public profile (R-MG-23).
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicProfile {
    /// The facts of the card.
    #[serde(flatten)]
    pub card: ClinicCard,
    /// Whether it takes new inquiries.
    pub accepting: bool,
    /// About the clinic.
    pub bio: Option<String>,
    /// The same in one line, for search engines (R-MG-20).
    pub meta_description: Option<String>,
    /// Where the picture above its page is fetched for the next hour.
    pub cover_image: Option<String>,
    /// IANA zone, for its local time.
    pub timezone: Option<String>,
    /// How many published reviews gave 5, 4, 3, 2 and 1.
    pub rating_distribution: Vec<RatingShare>,
    /// The averages of the parts of a review, those somebody rated.
    pub part_ratings: Vec<PartRating>,
    /// Awards, in the clinic's order.
    pub awards: Vec<AwardView>,
    /// What it offers.
    pub treatments: Vec<OfferedTreatment>,
    /// Who works there: title and first name only.
    pub team: Vec<TeamTitle>,
    /// A verified, unexpired medical licence is on file.
    pub licence_verified: bool,
    /// E-mail, phone and website: only for patients who booked here, the clinic and Hairline's staff (R-MG-24).
    pub contact: Option<ClinicContact>,
}

/// The share of one rating.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RatingShare {
    /// 1 to 5.
    pub stars: i32,
    /// How many.
    pub count: u64,
    /// Of all, in whole percent, half up.
    pub percent: u64,
}

/// The average of one part of published reviews.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PartRating {
    /// `results`, `staff`, `facility` or `value`.
    pub part: &'static str,
    /// One decimal, half up.
    pub average: Decimal,
    /// Reviews that rate it.
    pub count: i32,
}

/// An award.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AwardView {
    /// Name.
    pub name: String,
    /// Who gave it.
    pub issuer: Option<String>,
    /// About it.
    pub description: Option<String>,
    /// When.
    pub year: i16,
}

/// A treatment a clinic offers.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OfferedTreatment {
    /// The treatment.
    pub id: TreatmentId,
    /// Its name.
    pub name: String,
    /// FUE, DHI...
    pub treatment_type: String,
    /// The least it costs.
    pub from_price: Option<Money>,
}

/// A clinician, as the public may know them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TeamTitle {
    /// `Dr.`
    pub title: String,
    /// First name.
    pub first_name: String,
}

/// How to reach a clinic.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicContact {
    /// E-mail.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Street address.
    pub address: Option<String>,
}

/// A patient in the staff's list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PatientRow {
    /// The patient.
    pub id: PatientId,
    /// `PAT-007`.
    pub patient_code: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address.
    pub email: String,
    /// Home country, ISO 3166-1.
    pub country_code: Option<String>,
    /// Where the case stands; null before the first inquiry.
    pub status: Option<PatientStatus>,
    /// The account's state.
    pub account_state: Option<AccountState>,
    /// Registered.
    pub created_at: DateTime<Utc>,
    /// Last seen.
    pub last_activity_at: Option<DateTime<Utc>>,
}

/// The head of the staff's view of one patient. Medical data are elsewhere and need a justification.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PatientOverview {
    /// The facts of the list.
    #[serde(flatten)]
    pub row: PatientRow,
    /// Birthday.
    pub birthday: Option<NaiveDate>,
    /// Gender.
    pub gender: Option<PatientGender>,
    /// E.164; null for billing staff, as birthday, gender and city are.
    pub phone_number: Option<String>,
    /// City.
    pub location: Option<String>,
    /// When the address was proven.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// End of a suspension.
    pub suspended_until: Option<DateTime<Utc>>,
}
