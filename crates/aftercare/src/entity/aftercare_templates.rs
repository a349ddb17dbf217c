//! `aftercare_templates`: sellable or pickable offering: a milestone template with prices and default texts.

use kernel::Timestamp;
use kernel::ids::{AftercareMilestoneTemplateId, AftercareTemplateId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_templates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_templates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareTemplateId,
    /// Its name is the service name.
    pub milestone_template_id: AftercareMilestoneTemplateId,
    /// Empty = all.
    pub treatment_types: Json,
    pub instruction_template_ids: Json,
    pub medication_template_ids: Json,
    pub is_purchasable: bool,
    /// Required if purchasable.
    pub service_description: Option<String>,
    pub pricing_model: Option<AftercareTemplatePricingModel>,
    /// Required if both.
    pub default_pricing_model: Option<AftercareTemplateDefaultPricingModel>,
    /// Per currency: fixed and monthly as decimal strings.
    pub prices: Option<Json>,
    /// Price change waiting for the second admin.
    pub pending_prices: Option<Json>,
    pub discounts_enabled: bool,
    pub status: AftercareTemplateStatus,
    pub created_by_admin_id: UserId,
    pub approved_by_admin_id: Option<UserId>,
    pub lock_version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `pricing_model`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareTemplatePricingModel {
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
    #[sea_orm(string_value = "monthly_subscription")]
    #[serde(rename = "monthly_subscription")]
    MonthlySubscription,
    #[sea_orm(string_value = "both")]
    #[serde(rename = "both")]
    Both,
}

/// The values of `default_pricing_model`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareTemplateDefaultPricingModel {
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
    #[sea_orm(string_value = "monthly_subscription")]
    #[serde(rename = "monthly_subscription")]
    MonthlySubscription,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareTemplateStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_milestone_templates::Entity",
        from = "Column::MilestoneTemplateId",
        to = "super::aftercare_milestone_templates::Column::Id"
    )]
    MilestoneTemplate,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedByAdminId",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedByAdmin,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ApprovedByAdminId",
        to = "identity::entity::users::Column::Id"
    )]
    ApprovedByAdmin,
    #[sea_orm(has_many = "super::standalone_aftercare_requests::Entity")]
    StandaloneAftercareRequests,
}

impl Related<super::aftercare_milestone_templates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MilestoneTemplate.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByAdmin.def()
    }
}

impl Related<super::standalone_aftercare_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StandaloneAftercareRequests.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
