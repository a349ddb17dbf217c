//! `quotes`: A clinic's priced and dated offer for one inquiry; from acceptance on it is the booking.

use kernel::ids::{DiscountId, InquiryId, PackageId, ProviderId, ProviderUserId, QuoteId, TreatmentId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `quotes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quotes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuoteId,
    /// Rule of the seed; unreachable because deletes are refused.
    pub inquiry_id: InquiryId,
    pub provider_id: ProviderId,
    pub treatment_id: TreatmentId,
    /// Mirror of the first quote_packages row.
    pub package_id: Option<PackageId>,
    pub treatment_date: Json,
    pub discount_id: Option<DiscountId>,
    /// Whole percent 15-25; 0 = flat fee, see booking_terms.
    pub commission: i32,
    /// Computed by the server; 0.00 in a draft.
    pub quote_amount: Amount,
    pub currency: Currency,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub status: QuoteStatus,
    pub expires_at: Option<Timestamp>,
    /// 1-720.
    pub expiration_hours: i32,
    pub auto_accepted: bool,
    pub appointment_pre_scheduled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub quote_code: Option<String>,
    /// Detail of cancelled.
    pub status_reason: Option<QuoteStatusReason>,
    /// +1 at each change after submission.
    pub version: i32,
    pub created_by_provider_user_id: Option<ProviderUserId>,
    /// Required at submission.
    pub estimated_grafts: Option<i32>,
    pub treatment_amount: Amount,
    pub packages_amount: Amount,
    /// Custom services.
    pub extras_amount: Amount,
    pub fees_amount: Amount,
    pub discount_amount: Amount,
    pub discount_funding: Option<QuoteDiscountFunding>,
    /// Indicative until booking_terms freeze it.
    pub commission_amount: Amount,
    /// Slot start, UTC; required at submission.
    pub appointment_slot_at: Option<Timestamp>,
    /// IANA zone, default providers.timezone.
    pub appointment_timezone: Option<String>,
    /// Per day, multiple of 15.
    pub slot_duration_minutes: i32,
    /// Days the slot occupies.
    pub slot_day_count: i32,
    pub treatment_plan: Option<Json>,
    /// Subset of flight, hotel, transport.
    pub included_services: Option<Json>,
    /// Derived, frozen at acceptance.
    pub travel_path: Option<QuoteTravelPath>,
    /// Name, type, description, media keys at submission.
    pub treatment_snapshot: Option<Json>,
    pub submitted_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub declined_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    /// Set while a withdrawal request is open.
    pub withdrawal_requested_at: Option<Timestamp>,
    pub withdrawal_reason: Option<String>,
    pub hold_lapse_count: i32,
    /// Archived by the clinic; only an admin restores.
    pub deleted_at: Option<Timestamp>,
    #[sea_orm(column_type = "Text")]
    pub archive_reason: Option<String>,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum QuoteStatus {
    #[sea_orm(string_value = "inquiry")]
    #[serde(rename = "inquiry")]
    Inquiry,
    #[sea_orm(string_value = "quote")]
    #[serde(rename = "quote")]
    Quote,
    #[sea_orm(string_value = "accepted")]
    #[serde(rename = "accepted")]
    Accepted,
    #[sea_orm(string_value = "confirmed")]
    #[serde(rename = "confirmed")]
    Confirmed,
    #[sea_orm(string_value = "inprogress")]
    #[serde(rename = "inprogress")]
    Inprogress,
    #[sea_orm(string_value = "aftercare")]
    #[serde(rename = "aftercare")]
    Aftercare,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// The values of `status_reason`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(64))")]
pub enum QuoteStatusReason {
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
    #[sea_orm(string_value = "withdrawn")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
    #[sea_orm(string_value = "other_accepted")]
    #[serde(rename = "other_accepted")]
    OtherAccepted,
    #[sea_orm(string_value = "inquiry_cancelled")]
    #[serde(rename = "inquiry_cancelled")]
    InquiryCancelled,
    #[sea_orm(string_value = "draft_lapsed")]
    #[serde(rename = "draft_lapsed")]
    DraftLapsed,
    #[sea_orm(string_value = "provider_withdrawal")]
    #[serde(rename = "provider_withdrawal")]
    ProviderWithdrawal,
    #[sea_orm(string_value = "booking_cancelled")]
    #[serde(rename = "booking_cancelled")]
    BookingCancelled,
}

/// The values of `discount_funding`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum QuoteDiscountFunding {
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "both")]
    #[serde(rename = "both")]
    Both,
    #[sea_orm(string_value = "platform")]
    #[serde(rename = "platform")]
    Platform,
}

/// The values of `travel_path`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum QuoteTravelPath {
    #[sea_orm(string_value = "provider_included")]
    #[serde(rename = "provider_included")]
    ProviderIncluded,
    #[sea_orm(string_value = "patient_self_booked")]
    #[serde(rename = "patient_self_booked")]
    PatientSelfBooked,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "inquiry::entity::inquiries::Entity",
        from = "Column::InquiryId",
        to = "inquiry::entity::inquiries::Column::Id"
    )]
    Inquiry,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "catalogue::entity::treatments::Entity",
        from = "Column::TreatmentId",
        to = "catalogue::entity::treatments::Column::Id"
    )]
    Treatment,
    #[sea_orm(
        belongs_to = "catalogue::entity::packages::Entity",
        from = "Column::PackageId",
        to = "catalogue::entity::packages::Column::Id"
    )]
    Package,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::CreatedByProviderUserId",
        to = "identity::entity::provider_users::Column::Id"
    )]
    CreatedByProviderUser,
    #[sea_orm(has_many = "super::schedules::Entity")]
    Schedules,
    #[sea_orm(has_many = "super::booking_terms::Entity")]
    BookingTerms,
    #[sea_orm(has_many = "super::quote_packages::Entity")]
    QuotePackages,
    #[sea_orm(has_many = "super::quote_clinicians::Entity")]
    QuoteClinicians,
    #[sea_orm(has_many = "super::quote_versions::Entity")]
    QuoteVersions,
    #[sea_orm(has_many = "super::treatment_customizes::Entity")]
    TreatmentCustomizes,
}

impl Related<inquiry::entity::inquiries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Inquiry.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<catalogue::entity::treatments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Treatment.def()
    }
}

impl Related<catalogue::entity::packages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Package.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByProviderUser.def()
    }
}

impl Related<super::schedules::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Schedules.def()
    }
}

impl Related<super::booking_terms::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::BookingTerms.def()
    }
}

impl Related<super::quote_packages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::QuotePackages.def()
    }
}

impl Related<super::quote_clinicians::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::QuoteClinicians.def()
    }
}

impl Related<super::quote_versions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::QuoteVersions.def()
    }
}

impl Related<super::treatment_customizes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TreatmentCustomizes.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
