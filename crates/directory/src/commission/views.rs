//! What staff and clinics read and send of the commission.

use chrono::NaiveDate;
use kernel::ids::ProviderId;
use kernel::{Money, Page, Timestamp};
use serde::{Deserialize, Serialize};

use super::Terms;
use crate::entity::provider_commissions::ProviderCommissionPaymentCycle as Cycle;

/// A version of the platform's rate.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RateVersion {
    /// Whole percent.
    pub percent: i32,
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    pub effective_from: Timestamp,
    /// Why.
    pub reason: String,
}

/// The platform's rate with its history.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PlatformCommission {
    /// Whole percent in force now.
    pub percent: i32,
    /// What follows it, when something is planned.
    pub planned: Option<RateVersion>,
    /// Give it back with a change.
    pub version: u64,
    /// All versions, newest first.
    pub history: Page<RateVersion>,
}

/// A new rate of the platform.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformRateChange {
    /// Whole percent, 15 to 25.
    #[schema(example = 22)]
    pub percent: i32,
    /// From when on: now where nothing is said, at most a year ahead.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub effective_from: Option<Timestamp>,
    /// The version that was seen.
    #[schema(example = 1)]
    pub version: u64,
    /// Why: 20 to 500 characters.
    #[schema(example = "Agreed by the board for the new year.")]
    pub reason: String,
}

/// What Hairline keeps of a clinic's bookings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum ClinicCharge {
    /// What the platform's rate says.
    Platform,
    /// A share.
    Percentage {
        /// Whole percent, 15 to 25.
        #[schema(example = 18)]
        percent: i32,
    },
    /// A fee for each booking.
    Flat {
        /// More than nothing.
        fee: Money,
    },
}

/// A version of a clinic's terms in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TermsStanding {
    /// In force.
    Current,
    /// Begins later.
    Planned,
    /// Over.
    Ended,
    /// Replaced before it began.
    Archived,
}

impl TermsStanding {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Planned => "planned",
            Self::Ended => "ended",
            Self::Archived => "archived",
        }
    }
}

/// A version of what was agreed with a clinic.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicTermsVersion {
    /// What is kept.
    pub charge: ClinicCharge,
    /// How often the clinic is paid.
    pub payment_cycle: Cycle,
    /// Days from the end of a period to its payout.
    pub payout_offset_days: i32,
    /// First day, on the clinic's calendar.
    pub effective_from: NaiveDate,
    /// Last day.
    pub effective_to: Option<NaiveDate>,
    /// Where it stands.
    pub standing: TermsStanding,
    /// Why.
    pub reason: String,
}

/// What a clinic is charged, with the history.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicCommission {
    /// The clinic.
    pub provider_name: String,
    /// What is kept of a booking confirmed today.
    pub charge: ClinicCharge,
    /// Whether the clinic has terms of its own today.
    pub is_own: bool,
    /// The platform's rate, whole percent.
    pub platform_percent: i32,
    /// How often the clinic is paid.
    pub payment_cycle: Cycle,
    /// Days from the end of a period to its payout.
    pub payout_offset_days: i32,
    /// Give it back with a change.
    pub version: u64,
    /// All versions, newest first; empty where it never had any.
    pub history: Page<ClinicTermsVersion>,
}

/// New terms of a clinic.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClinicTermsChange {
    /// What is kept.
    pub charge: ClinicCharge,
    /// How often the clinic is paid; a change begins with its next cycle.
    pub payment_cycle: Cycle,
    /// 0 to 15.
    #[schema(example = 5)]
    pub payout_offset_days: i32,
    /// First day on the clinic's calendar: today where nothing is said, at most a year ahead.
    #[serde(default)]
    pub effective_from: Option<NaiveDate>,
    /// The version that was seen.
    #[schema(example = 0)]
    pub version: u64,
    /// Why: 20 to 500 characters.
    #[schema(example = "Agreed with the owner for two hundred patients.")]
    pub reason: String,
}

/// New terms of several clinics.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupTermsChange {
    /// 1 to 50 clinics.
    pub provider_ids: Vec<ProviderId>,
    /// What is kept.
    pub charge: ClinicCharge,
    /// How often they are paid.
    pub payment_cycle: Cycle,
    /// 0 to 15.
    #[schema(example = 5)]
    pub payout_offset_days: i32,
    /// First day on each clinic's calendar: today where nothing is said.
    #[serde(default)]
    pub effective_from: Option<NaiveDate>,
    /// Why: 20 to 500 characters.
    #[schema(example = "The clinics of the chain agreed to one contract.")]
    pub reason: String,
}

/// What of a booking stays with Hairline, before and after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Example {
    /// The booking.
    pub price: Money,
    /// The commission today; none where a fee is in other money.
    pub before: Option<Money>,
    /// The commission then.
    pub after: Money,
}

/// A clinic with terms of its own.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AgreementLine {
    /// The clinic.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider_name: String,
    /// What is kept of its bookings.
    pub charge: ClinicCharge,
    /// How often it is paid.
    pub payment_cycle: Cycle,
    /// Since when, on its calendar.
    pub effective_from: NaiveDate,
}

impl From<Terms> for ClinicCharge {
    fn from(terms: Terms) -> Self {
        match terms {
            Terms::Percent(percent) => Self::Percentage { percent: percent.into() },
            Terms::Flat(fee) => Self::Flat { fee },
        }
    }
}
