//! `providers`: clinics: identity, public face, life cycle and onboarding stage.

use kernel::Timestamp;
use kernel::ids::{LocationId, ProviderId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `providers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "providers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderId,
    pub user_id: Option<UserId>,
    pub provider_name: String,
    pub email: String,
    pub phone_number: Option<String>,
    pub profile_image: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub provider_bio: Option<String>,
    pub city: String,
    pub country: String,
    pub status: ProviderStatus,
    pub timezone: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    pub slug: Option<String>,
    pub onboarding_stage: ProviderOnboardingStage,
    /// Joins countries.iso_code; required for new rows.
    pub country_code: Option<String>,
    /// Street address.
    pub location_id: Option<LocationId>,
    pub public_phone: Option<String>,
    pub public_email: Option<String>,
    pub website_url: Option<String>,
    pub cover_image: Option<String>,
    pub meta_description: Option<String>,
    pub medical_specialty: Option<String>,
    pub service_scope: Option<ProviderServiceScope>,
    pub license_number: Option<String>,
    pub years_experience: Option<i16>,
    pub operating_hours: Option<String>,
    pub seat_limit: i32,
    /// At most ten true.
    pub is_featured: bool,
    pub featured_at: Option<Timestamp>,
    /// Sum of overall ratings of published reviews.
    pub rating_sum: i32,
    pub rating_count: i32,
    pub treated_count: i32,
    /// Not NULL = live but not accepting.
    pub intake_paused_at: Option<Timestamp>,
    pub intake_pause_reason: Option<ProviderIntakePauseReason>,
    /// For four eyes at approval.
    pub submitted_by: Option<UserId>,
    pub activated_at: Option<Timestamp>,
    pub live_at: Option<Timestamp>,
    pub suspended_at: Option<Timestamp>,
    pub deactivated_at: Option<Timestamp>,
    pub status_reason: Option<String>,
    pub version: i32,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ProviderStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
    #[sea_orm(string_value = "suspended")]
    #[serde(rename = "suspended")]
    Suspended,
}

/// The values of `onboarding_stage`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderOnboardingStage {
    #[sea_orm(string_value = "draft")]
    #[serde(rename = "draft")]
    Draft,
    #[sea_orm(string_value = "in_review")]
    #[serde(rename = "in_review")]
    InReview,
    #[sea_orm(string_value = "approved")]
    #[serde(rename = "approved")]
    Approved,
    #[sea_orm(string_value = "invited")]
    #[serde(rename = "invited")]
    Invited,
    #[sea_orm(string_value = "live")]
    #[serde(rename = "live")]
    Live,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
    #[sea_orm(string_value = "closed")]
    #[serde(rename = "closed")]
    Closed,
}

/// The values of `service_scope`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ProviderServiceScope {
    #[sea_orm(string_value = "hair")]
    #[serde(rename = "hair")]
    Hair,
    #[sea_orm(string_value = "beard")]
    #[serde(rename = "beard")]
    Beard,
    #[sea_orm(string_value = "both")]
    #[serde(rename = "both")]
    Both,
}

/// The values of `intake_pause_reason`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderIntakePauseReason {
    #[sea_orm(string_value = "license_expired")]
    #[serde(rename = "license_expired")]
    LicenseExpired,
    #[sea_orm(string_value = "manual")]
    #[serde(rename = "manual")]
    Manual,
    #[sea_orm(string_value = "onboarding")]
    #[serde(rename = "onboarding")]
    Onboarding,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::UserId",
        to = "identity::entity::users::Column::Id"
    )]
    User,
    #[sea_orm(
        belongs_to = "super::locations::Entity",
        from = "Column::LocationId",
        to = "super::locations::Column::Id"
    )]
    Location,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::SubmittedBy",
        to = "identity::entity::users::Column::Id"
    )]
    SubmittedBy,
    #[sea_orm(has_many = "super::provider_commissions::Entity")]
    ProviderCommissions,
    #[sea_orm(has_many = "super::provider_documents::Entity")]
    ProviderDocuments,
    #[sea_orm(has_many = "super::provider_awards::Entity")]
    ProviderAwards,
    #[sea_orm(has_many = "super::provider_languages::Entity")]
    ProviderLanguages,
    #[sea_orm(has_many = "super::provider_media::Entity")]
    ProviderMedia,
    #[sea_orm(has_many = "super::provider_resources::Entity")]
    ProviderResources,
    #[sea_orm(has_many = "super::provider_applications::Entity")]
    ProviderApplications,
    #[sea_orm(has_many = "super::provider_slugs::Entity")]
    ProviderSlugs,
    #[sea_orm(has_many = "super::provider_status_changes::Entity")]
    ProviderStatusChanges,
    #[sea_orm(has_many = "super::provider_deletion_requests::Entity")]
    ProviderDeletionRequests,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl Related<super::locations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Location.def()
    }
}

impl Related<super::provider_commissions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderCommissions.def()
    }
}

impl Related<super::provider_documents::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderDocuments.def()
    }
}

impl Related<super::provider_awards::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderAwards.def()
    }
}

impl Related<super::provider_languages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderLanguages.def()
    }
}

impl Related<super::provider_media::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderMedia.def()
    }
}

impl Related<super::provider_resources::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderResources.def()
    }
}

impl Related<super::provider_applications::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderApplications.def()
    }
}

impl Related<super::provider_slugs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderSlugs.def()
    }
}

impl Related<super::provider_status_changes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderStatusChanges.def()
    }
}

impl Related<super::provider_deletion_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderDeletionRequests.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
