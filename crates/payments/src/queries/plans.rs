//! Plans as their patient and as staff see them.

use std::collections::HashMap;

use identity::entity::patients;
use kernel::ids::{InstallmentPaymentPlanId, PatientId, PatientPaymentMethodId, QuoteId};
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use quoting::entity::booking_terms;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::entity::installment_payment_plans::{self as rows, InstallmentPaymentPlanStatus as PlanStatus};
use crate::entity::installment_schedule_items::InstallmentScheduleItemStatus as ItemStatus;
use crate::entity::patient_payment_methods as methods;
use crate::service::access::{self, Audience};
use crate::service::plans::{self, Plan};

/// One payment of a plan.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct PlanItemView {
    /// 1 and up.
    pub number: i32,
    /// When it is charged.
    pub due_on: chrono::NaiveDate,
    /// How much.
    pub money: Money,
    /// Where it stands.
    #[schema(value_type = String, example = "scheduled")]
    pub status: ItemStatus,
    /// When it is tried next.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
}

/// A plan of interest-free payments.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PlanView {
    /// Its id.
    pub id: InstallmentPaymentPlanId,
    /// The booking.
    pub booking_id: QuoteId,
    /// Where it stands.
    #[schema(value_type = String, example = "active")]
    pub status: PlanStatus,
    /// All of it.
    pub total: Money,
    /// How many parts are paid.
    pub completed: i32,
    /// Of how many.
    pub count: i32,
    /// The parts in order.
    pub items: Vec<PlanItemView>,
}

impl From<&Plan> for PlanView {
    fn from(plan: &Plan) -> Self {
        let currency = plan.row.currency.unwrap_or(kernel::Currency::USD);
        let money = |amount| Money::new(amount, currency);
        Self {
            id: plan.row.id,
            booking_id: plan.row.quote_id,
            status: plan.row.status,
            total: money(plan.row.total_amount),
            completed: plan.row.completed_installments,
            count: plan.row.number_of_installments,
            items: plan
                .items
                .iter()
                .map(|item| PlanItemView {
                    number: item.number,
                    due_on: item.due_date,
                    money: money(item.amount),
                    status: item.status,
                    next_attempt_at: item.next_attempt_at.filter(|_| item.status == ItemStatus::Retrying),
                })
                .collect(),
        }
    }
}

/// A card that is kept.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MethodView {
    /// Its id.
    pub id: PatientPaymentMethodId,
    /// `visa`, `mastercard`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Month its validity ends.
    pub exp_month: i16,
    /// And the year.
    pub exp_year: i16,
    /// Whether later payments are charged to it.
    pub is_default: bool,
}

impl From<&methods::Model> for MethodView {
    fn from(row: &methods::Model) -> Self {
        Self {
            id: row.id,
            brand: row.brand.clone(),
            last4: row.last4.clone(),
            exp_month: row.exp_month,
            exp_year: row.exp_year,
            is_default: row.is_default,
        }
    }
}

/// The live plan of a booking, for its patient and for staff; 404 where there is none.
pub async fn of_booking(app: &App, actor: &Actor, id: QuoteId) -> AppResult<Plan> {
    let audience = access::audience(actor)?;
    if matches!(audience, Audience::Clinic { amounts: false, .. }) {
        return Err(AppError::forbidden());
    }
    access::visible(app.db.conn(), audience, id).await?;
    let found = plans::of_quotes(app.db.conn(), &[id]).await?.pop();
    found.filter(Plan::has_begun).ok_or_else(AppError::not_found)
}

/// What staff's list may be narrowed to.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanFilter {
    /// Only plans in this status; those in default come first when nothing is said.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]", value_type = Option<String>)]
    pub status: Option<PlanStatus>,
}

/// A plan in staff's list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PlanLine {
    /// The plan.
    #[serde(flatten)]
    pub plan: PlanView,
    /// `BKG-2603-00001`.
    pub booking_reference: String,
    /// Who pays.
    pub patient_id: PatientId,
    /// Their name.
    pub patient_name: String,
    /// What of it is overdue.
    pub overdue: Money,
}

/// Every plan, those in default first, then by what falls due: five statements.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, filter: &PlanFilter, page: PageQuery) -> AppResult<Page<PlanLine>> {
    actor.admin()?;
    actor.require(Permission::ViewTransaction)?;
    let page = page.checked()?;
    let mut found = rows::Entity::find().filter(rows::Column::CompletedInstallments.gt(0));
    if let Some(status) = filter.status {
        found = found.filter(rows::Column::Status.eq(status));
    }
    let conn = app.replica.conn();
    let total = found.clone().count(conn).await?;
    let found = found
        // "defaulted" comes after "active", "cancelled" and "completed".
        .order_by_desc(rows::Column::Status)
        .order_by_desc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let plans = plans::with_items(conn, found).await?;
    let people: HashMap<PatientId, String> = patients::Entity::find()
        .filter(patients::Column::Id.is_in(plans.iter().map(|plan| plan.row.patient_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, format!("{} {}", row.first_name, row.last_name)))
        .collect();
    let references: HashMap<QuoteId, String> = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(plans.iter().map(|plan| plan.row.quote_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|terms| (terms.quote_id, terms.booking_reference))
        .collect();
    let line = |plan: &Plan| {
        let late = plan.items.iter().filter(|item| matches!(item.status, ItemStatus::Retrying | ItemStatus::Failed));
        PlanLine {
            plan: plan.into(),
            booking_reference: references.get(&plan.row.quote_id).cloned().unwrap_or_default(),
            patient_id: plan.row.patient_id,
            patient_name: people.get(&plan.row.patient_id).cloned().unwrap_or_default(),
            overdue: Money::new(late.map(|item| item.amount).sum(), plan.row.currency.unwrap_or(kernel::Currency::USD)),
        }
    };
    Ok(Page::new(plans.iter().map(line).collect(), page, total))
}
