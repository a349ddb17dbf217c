//! `installment_schedule_items`: one planned installment of a plan with its retry state.

use kernel::ids::{InstallmentPaymentPlanId, InstallmentScheduleItemId, PaymentId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `installment_schedule_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installment_schedule_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstallmentScheduleItemId,
    pub plan_id: InstallmentPaymentPlanId,
    /// 1..9.
    pub number: i32,
    pub due_date: Date,
    pub amount: Amount,
    pub status: InstallmentScheduleItemStatus,
    pub attempts: i32,
    pub next_attempt_at: Option<Timestamp>,
    pub reminder_sent_at: Option<Timestamp>,
    pub paid_payment_id: Option<PaymentId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum InstallmentScheduleItemStatus {
    #[sea_orm(string_value = "scheduled")]
    #[serde(rename = "scheduled")]
    Scheduled,
    #[sea_orm(string_value = "processing")]
    #[serde(rename = "processing")]
    Processing,
    #[sea_orm(string_value = "retrying")]
    #[serde(rename = "retrying")]
    Retrying,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "paid")]
    #[serde(rename = "paid")]
    Paid,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::installment_payment_plans::Entity",
        from = "Column::PlanId",
        to = "super::installment_payment_plans::Column::Id"
    )]
    Plan,
    #[sea_orm(
        belongs_to = "super::payments::Entity",
        from = "Column::PaidPaymentId",
        to = "super::payments::Column::Id"
    )]
    PaidPayment,
}

impl Related<super::installment_payment_plans::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plan.def()
    }
}

impl Related<super::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PaidPayment.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
