//! Charges of aftercare, for their patients and for staff.

use chrono::NaiveDate;
use kernel::ids::{AftercarePaymentId, PatientId, PaymentDocumentId, ProviderId, StandaloneAftercareRequestId};
use kernel::{Actor, ActorKind, AppError, AppResult, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::entity::aftercare_payments::{
    self as charges, AftercarePaymentPricingModel as Model, AftercarePaymentStatus as Status,
    AftercarePaymentType as Type,
};
use crate::entity::payment_documents::{self as papers, PaymentDocumentSubjectType};
use crate::metadata::{Kind, Metadata};
use crate::views::CardView;

/// A charge of aftercare or a refund of one.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChargeView {
    /// Its id.
    pub id: AftercarePaymentId,
    /// The request it belongs to.
    pub request_id: StandaloneAftercareRequestId,
    /// `SR2611-0001`.
    pub reference: Option<String>,
    /// Who pays.
    pub patient_id: PatientId,
    /// Who looks after them, once somebody does.
    pub provider_id: Option<ProviderId>,
    /// Once, or monthly.
    pub pricing_model: Model,
    /// `charge` or `refund`.
    pub payment_type: Type,
    /// The charge that goes back, of refunds.
    pub refund_of: Option<AftercarePaymentId>,
    /// Why it goes back.
    pub refund_kind: Option<Kind>,
    /// Which month, of charges.
    pub number: Option<i32>,
    /// Of how many.
    pub of: Option<i32>,
    /// How much.
    pub money: Money,
    /// When it falls due.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub status: Status,
    /// Why it was refused.
    pub failure_code: Option<String>,
    /// When the clock tries (again).
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_try_at: Option<Timestamp>,
    /// The card it was tried with.
    pub card: Option<CardView>,
    /// When the money arrived, or left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
}

impl From<&charges::Model> for ChargeView {
    fn from(row: &charges::Model) -> Self {
        let words = Metadata::of_charge(row);
        Self {
            id: row.id,
            request_id: row.standalone_request_id,
            reference: words.reference.clone(),
            patient_id: row.patient_id,
            provider_id: row.provider_id,
            pricing_model: row.pricing_model,
            payment_type: row.payment_type,
            refund_of: row.refund_of_id,
            refund_kind: words.kind,
            number: row.installment_number,
            of: row.total_installments,
            money: Money::new(row.amount, row.currency),
            due_on: row.due_date,
            status: row.payment_status,
            failure_code: row.failure_code.clone(),
            next_try_at: row.next_attempt_at,
            card: words.card().map(|card| CardView { brand: card.brand, last4: card.last4 }),
            paid_at: row.paid_at,
        }
    }
}

/// Narrows the list of charges.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChargeFilter {
    /// Only those in this state.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]", inline)]
    pub status: Option<Status>,
    /// Only those of this request.
    #[serde(rename = "filter[request_id]")]
    #[param(rename = "filter[request_id]")]
    pub request: Option<StandaloneAftercareRequestId>,
}

/// The charges and refunds an actor may see, the newest first: a patient's own, all for staff.
///
/// Errors: 401, 403; 422 for the page.
pub async fn list(app: &App, actor: &Actor, filter: &ChargeFilter, page: PageQuery) -> AppResult<Page<ChargeView>> {
    let mut found = match actor.kind {
        ActorKind::Patient(patient) => charges::Entity::find().filter(charges::Column::PatientId.eq(patient)),
        _ => {
            actor.admin()?;
            actor.require(Permission::ViewTransaction)?;
            charges::Entity::find()
        }
    };
    let page = page.checked()?;
    if let Some(status) = filter.status {
        found = found.filter(charges::Column::PaymentStatus.eq(status));
    }
    if let Some(request) = filter.request {
        found = found.filter(charges::Column::StandaloneRequestId.eq(request));
    }
    let conn = app.db.conn();
    let total = found.clone().count(conn).await?;
    let rows = found.order_by_desc(charges::Column::Id).offset(page.offset()).limit(page.per_page).all(conn).await?;
    Ok(Page::new(rows.iter().map(ChargeView::from).collect(), page, total))
}

/// A charge of the asking patient, for the pages that pay it: 404 for everybody else.
pub async fn own(app: &App, actor: &Actor, id: AftercarePaymentId) -> AppResult<charges::Model> {
    let patient = actor.patient()?;
    let row = charges::Entity::find_by_id(id).one(app.db.conn()).await?;
    row.filter(|row| row.patient_id == patient && row.payment_type == Type::Charge).ok_or_else(AppError::not_found)
}

/// Receipts and credit notes of some charges: number and id, by the row they are about.
pub async fn papers_of(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AftercarePaymentId>,
) -> AppResult<Vec<(AftercarePaymentId, PaymentDocumentId, String)>> {
    let rows = papers::Entity::find()
        .filter(papers::Column::SubjectType.eq(PaymentDocumentSubjectType::AftercarePayment))
        .filter(papers::Column::SubjectId.is_in(ids.into_iter().map(|id| id.any())))
        .order_by_asc(papers::Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.subject_id.into(), row.id, row.document_number)).collect())
}
