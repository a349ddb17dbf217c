//! Cancellations as staff's queue and as single cases: a fixed number of statements.

use std::collections::HashMap;

use booking::entity::cancellation_requests::{
    self as requests, CancellationRequestExceptionType as Exception, CancellationRequestRequestedByType as By,
    CancellationRequestStatus as Status,
};
use directory::entity::providers;
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::{CancellationRequestId, FileId, PatientId, ProviderId, QuoteId};
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::entity::files;
use quoting::entity::{booking_terms, quotes};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::of_quotes;
use crate::entity::payments;
use crate::views::{ClinicRef, TransactionView};

/// What the queue may be narrowed to.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RefundFilter {
    /// Only requests in this status; those that wait when nothing is said.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<Status>,
    /// Every status.
    #[serde(default, rename = "filter[all]")]
    #[param(rename = "filter[all]")]
    pub all: bool,
}

/// A document that came with a request.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RefundDocument {
    /// Its id.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// Where it is read, for a few minutes.
    pub url: String,
}

/// A cancellation and its refund.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CancellationView {
    /// Its id.
    pub id: CancellationRequestId,
    /// The booking.
    pub booking_id: QuoteId,
    /// `BKG-2603-00001`.
    pub booking_reference: String,
    /// Who asked.
    #[schema(value_type = String, example = "Patient")]
    pub requested_by: By,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Timestamp,
    /// The day on the clinic's calendar.
    pub clinic_date: chrono::NaiveDate,
    /// Days from it to the treatment.
    pub days_before: i32,
    /// In the asker's words.
    pub reason: String,
    /// A claimed exception.
    #[schema(value_type = Option<String>, example = "medical")]
    pub exception: Option<Exception>,
    /// Percent of the policy.
    #[schema(value_type = String, example = "90")]
    pub tier_percent: Decimal,
    /// What had been paid.
    pub paid: Money,
    /// What is proposed to go back.
    pub proposed: Money,
    /// What was granted.
    pub approved: Option<Money>,
    /// Where it stands.
    #[schema(value_type = String, example = "pending")]
    pub status: Status,
    /// When it was decided.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision_reason: Option<String>,
    /// When all of it had gone back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Timestamp>,
    /// For the decision.
    pub version: i32,
}

impl CancellationView {
    /// The view of a row.
    pub fn new(row: &requests::Model, reference: &str) -> Self {
        let money = |amount| Money::new(amount, row.currency);
        Self {
            id: row.id,
            booking_id: row.quote_id,
            booking_reference: reference.to_owned(),
            requested_by: row.requested_by_type,
            requested_at: row.requested_at,
            clinic_date: row.clinic_date,
            days_before: row.days_before,
            reason: row.reason.clone(),
            exception: row.exception_type,
            tier_percent: row.tier_percent.normalize(),
            paid: money(row.paid_amount),
            proposed: money(row.proposed_amount),
            approved: row.approved_amount.map(money),
            status: row.status,
            decided_at: row.decided_at,
            decision_reason: row.decision_reason.clone(),
            settled_at: row.settled_at,
            version: row.version,
        }
    }
}

/// A cancellation in staff's queue.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RefundLine {
    /// What it is.
    #[serde(flatten)]
    pub request: CancellationView,
    /// Who booked.
    pub patient_id: PatientId,
    /// Their name.
    pub patient_name: String,
    /// Their code.
    pub patient_code: Option<String>,
    /// Where.
    pub clinic: ClinicRef,
}

/// A cancellation with all that decides about it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RefundDetail {
    /// What it is.
    #[serde(flatten)]
    pub line: RefundLine,
    /// The case.
    #[schema(value_type = String)]
    pub inquiry_id: kernel::ids::InquiryId,
    /// What came with it.
    pub documents: Vec<RefundDocument>,
    /// Every payment of the booking, newest first.
    pub payments: Vec<TransactionView>,
    /// Other requests about the booking, newest first.
    pub history: Vec<CancellationView>,
}

/// How long the link of a document opens it.
const LINK: std::time::Duration = std::time::Duration::from_secs(300);

fn reader(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    if actor.can(Permission::IssueRefund) { Ok(()) } else { actor.require(Permission::ViewTransaction) }
}

/// The queue, the oldest first: six statements.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, filter: &RefundFilter, page: PageQuery) -> AppResult<Page<RefundLine>> {
    reader(actor)?;
    let page = page.checked()?;
    let mut found = requests::Entity::find();
    let wanted = filter.status.or_else(|| (!filter.all).then_some(Status::Pending));
    if let Some(status) = wanted {
        found = found.filter(requests::Column::Status.eq(status));
    }
    let conn = app.replica.conn();
    let total = found.clone().count(conn).await?;
    let rows = found
        .order_by_asc(requests::Column::RequestedAt)
        .order_by_asc(requests::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let lines = lines(conn, rows).await?.into_iter().map(|(line, _)| line).collect();
    Ok(Page::new(lines, page, total))
}

type Line = (RefundLine, inquiries::Model);

async fn lines(conn: &impl ConnectionTrait, rows: Vec<requests::Model>) -> AppResult<Vec<Line>> {
    let ids: Vec<QuoteId> = rows.iter().map(|row| row.quote_id).collect();
    let found = quotes::Entity::find()
        .find_also_related(inquiries::Entity)
        .filter(quotes::Column::Id.is_in(ids.clone()))
        .all(conn)
        .await?;
    let cases: HashMap<QuoteId, (quotes::Model, inquiries::Model)> =
        found.into_iter().filter_map(|(quote, inquiry)| Some((quote.id, (quote, inquiry?)))).collect();
    let references: HashMap<QuoteId, String> = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(ids))
        .all(conn)
        .await?
        .into_iter()
        .map(|terms| (terms.quote_id, terms.booking_reference))
        .collect();
    let people: HashMap<PatientId, patients::Model> = patients::Entity::find()
        .filter(patients::Column::Id.is_in(cases.values().map(|(_, inquiry)| inquiry.patient_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let clinics: HashMap<ProviderId, String> = providers::Entity::find()
        .filter(providers::Column::Id.is_in(cases.values().map(|(quote, _)| quote.provider_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row.provider_name))
        .collect();
    let line = |row: requests::Model| {
        let (quote, inquiry) = cases.get(&row.quote_id)?;
        let person = people.get(&inquiry.patient_id)?;
        let reference = references.get(&row.quote_id).cloned().unwrap_or_default();
        let line = RefundLine {
            request: CancellationView::new(&row, &reference),
            patient_id: inquiry.patient_id,
            patient_name: format!("{} {}", person.first_name, person.last_name),
            patient_code: person.patient_code.clone(),
            clinic: ClinicRef {
                id: quote.provider_id,
                name: clinics.get(&quote.provider_id).cloned().unwrap_or_default(),
            },
        };
        Some((line, inquiry.clone()))
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// One cancellation with its documents and the booking's money: eight statements.
///
/// Errors: 403, 404.
pub async fn detail(app: &App, actor: &Actor, id: CancellationRequestId) -> AppResult<RefundDetail> {
    reader(actor)?;
    let conn = app.db.conn();
    let row = requests::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let named: Vec<FileId> = serde_json::from_value(row.documents.clone()).unwrap_or_default();
    let others = requests::Entity::find()
        .filter(requests::Column::QuoteId.eq(row.quote_id))
        .filter(requests::Column::Id.ne(id))
        .order_by_desc(requests::Column::Id)
        .all(conn)
        .await?;
    let stored = match named.is_empty() {
        true => Vec::new(),
        false => files::Entity::find().filter(files::Column::Id.is_in(named)).all(conn).await?,
    };
    let paid: Vec<payments::Model> = of_quotes(conn, [row.quote_id]).await?;
    let (line, inquiry) = lines(conn, vec![row]).await?.pop().ok_or_else(AppError::not_found)?;
    let document = |file: files::Model| RefundDocument {
        url: platform::files::signed_link(app, file.id, actor, LINK),
        id: file.id,
        name: file.file_name,
    };
    let reference = line.request.booking_reference.clone();
    Ok(RefundDetail {
        inquiry_id: inquiry.id,
        documents: stored.into_iter().filter(|file| file.deleted_at.is_none()).map(document).collect(),
        payments: paid.iter().map(TransactionView::from).collect(),
        history: others.iter().map(|row| CancellationView::new(row, &reference)).collect(),
        line,
    })
}
