//! `audit_logs`: unalterable record of logins, reads of sensitive data, changes, denials, searches and exports; all areas write here.

use kernel::ids::{AnyId, PatientId, ProviderId, QuoteId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `audit_logs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_logs")]
pub struct Model {
    /// AUTO_INCREMENT, order of the chain.
    #[sea_orm(primary_key)]
    pub id: i64,
    pub occurred_at: Timestamp,
    pub actor_type: AuditLogActorType,
    pub actor_id: Option<AnyId>,
    /// Role name at that moment.
    pub actor_role: Option<String>,
    /// Impersonated account.
    pub acting_for_type: Option<String>,
    pub acting_for_id: Option<AnyId>,
    /// Area.verb, e.g. patient.phi_viewed.
    pub action: String,
    pub outcome: AuditLogOutcome,
    pub subject_type: Option<String>,
    /// UUID or numeric key as text.
    pub subject_id: Option<String>,
    /// Whose data; feeds the patient's access log.
    pub patient_id: Option<PatientId>,
    /// Clinic scope; feeds the team log.
    pub provider_id: Option<ProviderId>,
    pub quote_id: Option<QuoteId>,
    /// Names of the fields shown or changed.
    pub fields: Option<Json>,
    /// Anonymisation level or masked/full.
    pub access_level: Option<String>,
    pub reason: Option<String>,
    /// Secrets masked.
    #[sea_orm(column_type = "Text")]
    pub before_data: Option<Sealed<Json>>,
    #[sea_orm(column_type = "Text")]
    pub after_data: Option<Sealed<Json>>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    /// No foreign key: outlives sessions.
    pub session_id: Option<AnyId>,
    pub request_id: Option<String>,
    /// Entry + audit_years.
    pub retention_until: Date,
}

/// The values of `actor_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AuditLogActorType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
    #[sea_orm(string_value = "Client")]
    Client,
    #[sea_orm(string_value = "System")]
    System,
    #[sea_orm(string_value = "Anonymous")]
    Anonymous,
}

/// The values of `outcome`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AuditLogOutcome {
    #[sea_orm(string_value = "success")]
    #[serde(rename = "success")]
    Success,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "denied")]
    #[serde(rename = "denied")]
    Denied,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::audit_log_seals::Entity")]
    AuditLogSeals,
}

impl Related<super::audit_log_seals::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AuditLogSeals.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
