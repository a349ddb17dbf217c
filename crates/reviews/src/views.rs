//! What each audience may see of a review.

use chrono::{DateTime, Utc};
use kernel::ids::{PatientId, ProviderId, QuoteId, ReviewId, TreatmentId};
use serde::{Deserialize, Serialize};

use crate::entity::review_responses;
use crate::entity::reviews::{self, ModerationStatus};
use crate::rules::{Distribution, alias, average, distribution, star_halves};

/// A published review as everybody reads it: an alias, a country, never a code (R-CM-64).
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicReview {
    /// Id.
    pub id: ReviewId,
    /// First name and initial, or "Former patient".
    #[schema(example = "Mark P.")]
    pub author: String,
    /// Home country, ISO code.
    pub country_code: Option<String>,
    /// The treatment reviewed.
    pub treatment_id: Option<TreatmentId>,
    /// Its ratings.
    #[serde(flatten)]
    pub ratings: Ratings,
    /// In their words.
    pub review_text: Option<String>,
    /// When it became public.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was last changed by its author.
    pub edited_at: Option<DateTime<Utc>>,
    /// What the clinic answered.
    pub response: Option<PublicResponse>,
}

/// A clinic's answer to a review.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicResponse {
    /// In its words.
    pub body: String,
    /// When it was given.
    pub at: DateTime<Utc>,
}

impl From<review_responses::Model> for PublicResponse {
    fn from(row: review_responses::Model) -> Self {
        Self { body: row.body, at: row.created_at }
    }
}

/// The five ratings.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ratings {
    /// Overall, 1 to 5.
    pub overall_rating: i32,
    /// The rooms.
    pub facility_rating: Option<i32>,
    /// The people.
    pub staff_rating: Option<i32>,
    /// The result.
    pub results_rating: Option<i32>,
    /// The value for the price.
    pub value_rating: Option<i32>,
}

impl From<&reviews::Model> for Ratings {
    fn from(row: &reviews::Model) -> Self {
        Self {
            overall_rating: row.overall_rating,
            facility_rating: row.facility_rating,
            staff_rating: row.staff_rating,
            results_rating: row.results_rating,
            value_rating: row.value_rating,
        }
    }
}

/// A review as its author sees it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OwnReview {
    /// Id.
    pub id: ReviewId,
    /// The clinic.
    pub provider_id: ProviderId,
    /// The booking.
    pub quote_id: Option<QuoteId>,
    /// Its ratings.
    #[serde(flatten)]
    pub ratings: Ratings,
    /// In their words.
    pub review_text: Option<String>,
    /// Where moderation stands.
    pub status: ModerationStatus,
    /// Why it was rejected or removed.
    pub reason: Option<String>,
    /// Give this back when you edit.
    pub edit_count: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it became public.
    pub published_at: Option<DateTime<Utc>>,
}

impl From<&reviews::Model> for OwnReview {
    fn from(row: &reviews::Model) -> Self {
        Self {
            id: row.id,
            provider_id: row.provider_id,
            quote_id: row.quote_id,
            ratings: row.into(),
            review_text: row.review_text.clone(),
            status: row.moderation_status,
            reason: row.moderation_reason.clone(),
            edit_count: row.edit_count,
            created_at: row.created_at,
            published_at: row.published_at,
        }
    }
}

/// A review as moderators see it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReviewForAdmin {
    /// As its author sees it.
    #[serde(flatten)]
    pub review: OwnReview,
    /// Who wrote it.
    pub patient_id: PatientId,
    /// The name the public will read.
    pub author: String,
    /// Found suspicious.
    pub is_flagged: bool,
    /// Why: `contact_details`, `duplicate_text`.
    pub flag_reasons: Vec<String>,
    /// The moderator's own note.
    pub note: Option<String>,
}

/// A clinic's rating at a glance.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RatingSummary {
    /// One decimal; absent without reviews.
    #[schema(example = "4.7")]
    pub average: Option<String>,
    /// For the picture of stars, in halves: 9 is four and a half.
    pub star_halves: Option<i64>,
    /// Published reviews.
    pub count: i64,
    /// How often each rating was given, 5 to 1.
    pub distribution: Vec<Distribution>,
}

impl RatingSummary {
    /// The summary of ratings given as (rating, count).
    pub fn of(counts: &[(i32, i64)]) -> Self {
        let count = counts.iter().map(|(_, count)| count).sum();
        let sum = counts.iter().map(|(rating, count)| i64::from(*rating) * count).sum();
        Self {
            average: average(sum, count),
            star_halves: star_halves(sum, count),
            count,
            distribution: distribution(counts),
        }
    }
}

/// The author's public name; erased patients are "Former patient" (R-CM-64).
pub fn author(patient: Option<&identity::entity::patients::Model>, suffix: Option<i16>) -> String {
    match patient {
        Some(patient) if patient.deleted_at.is_none() => alias(&patient.first_name, &patient.last_name, suffix),
        _ => "Former patient".to_owned(),
    }
}
