//! Reads: statements for staff, payouts and earnings for clinics.

pub mod care;
pub mod earnings;
pub mod reconciliation;
pub mod revenue;

use std::collections::{BTreeMap, HashMap, HashSet};

use directory::entity::providers;
use identity::entity::users;
use kernel::ids::{ProviderBillId, ProviderId, QuoteId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, Page, PageQuery, Permission};
use payments::entity::payment_documents::{self, PaymentDocumentKind, PaymentDocumentSubjectType};
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Deserialize;

use crate::entity::banking_details;
use crate::entity::provider_bill_items as items;
use crate::entity::provider_bills::{self as bills, ProviderBillStatus as Status};
use crate::rules::state::SHOWN_TO_CLINICS;
use crate::service::decide::notes_of;
use crate::service::gather;
use crate::store;
use crate::views::{BankAccount, BillDetail, BillItem, BillLine, PayoutDetail, PayoutLine};

/// What staff's list may be narrowed to.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BillFilter {
    /// Only statements that stand there; without it, those that are still open.
    #[serde(default, rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<Status>,
    /// Only those of one clinic.
    #[serde(default, rename = "filter[provider_id]")]
    #[param(rename = "filter[provider_id]")]
    pub provider: Option<ProviderId>,
    /// Paid and dropped ones as well.
    #[serde(default, rename = "filter[all]")]
    #[param(rename = "filter[all]")]
    pub all: bool,
}

/// Who of staff reads statements.
fn reader(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    if actor.can(Permission::ViewTransaction) || actor.can(Permission::ProcessPayout) {
        return Ok(());
    }
    actor.require(Permission::ViewFinancialReport)
}

/// The clinic whose payouts an actor reads: its owner and its billing staff.
fn payee(actor: &Actor) -> AppResult<ProviderId> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewPayout)?;
    Ok(provider)
}

/// A statement for a clinic or for staff; a foreign one, or one a clinic does not see yet, is a 404.
pub(crate) async fn bill_for(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    id: ProviderBillId,
) -> AppResult<bills::Model> {
    let mut found = bills::Entity::find_by_id(id);
    if matches!(actor.kind, ActorKind::Provider { .. }) {
        found = found
            .filter(bills::Column::ProviderId.eq(payee(actor)?))
            .filter(bills::Column::Status.is_in(SHOWN_TO_CLINICS));
    } else {
        reader(actor)?;
    }
    found.one(conn).await?.ok_or_else(AppError::not_found)
}

/// The statements: overdue ones first, then failed ones, then by payout date. Three statements.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, filter: &BillFilter, page: PageQuery) -> AppResult<Page<BillLine>> {
    reader(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let mut found = bills::Entity::find();
    if let Some(status) = filter.status {
        found = found.filter(bills::Column::Status.eq(status));
    } else if !filter.all {
        found = found.filter(bills::Column::Status.is_not_in([Status::Paid, Status::Voided]));
    }
    if let Some(provider) = filter.provider {
        found = found.filter(bills::Column::ProviderId.eq(provider));
    }
    let total = platform::db::total(conn, &found).await?;
    let is = |status: Status| Expr::col((bills::Entity, bills::Column::Status)).eq(status);
    let rank: SimpleExpr = Expr::case(is(Status::Overdue), 0).case(is(Status::Failed), 1).finally(2).into();
    let rows = found
        .order_by_asc(rank)
        .order_by_asc(bills::Column::PayoutDate)
        .order_by_asc(bills::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let names = clinic_names(conn, rows.iter().map(|row| row.provider_id)).await?;
    let line = |row: &bills::Model| BillLine::of(row, names.get(&row.provider_id).cloned().unwrap_or_default());
    Ok(Page::new(rows.iter().map(line).collect(), page, total))
}

/// How many statements stand where, of those that are open.
///
/// Errors: 403.
pub async fn counts(app: &App, actor: &Actor) -> AppResult<BTreeMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Counted {
        status: String,
        count: i64,
    }
    reader(actor)?;
    let rows = bills::Entity::find()
        .select_only()
        .column(bills::Column::Status)
        .column_as(bills::Column::Id.count(), "count")
        .filter(bills::Column::Status.is_not_in([Status::Paid, Status::Voided]))
        .group_by(bills::Column::Status)
        .into_model::<Counted>()
        .all(app.replica.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.status, row.count)).collect())
}

async fn clinic_names(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ProviderId>,
) -> AppResult<HashMap<ProviderId, String>> {
    let ids: HashSet<ProviderId> = ids.into_iter().collect();
    let rows = providers::Entity::find().filter(providers::Column::Id.is_in(ids)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.provider_name)).collect())
}

/// Lines with the references of their bookings: two statements.
async fn items_of(conn: &impl ConnectionTrait, row: &bills::Model) -> AppResult<Vec<BillItem>> {
    let lines: Vec<items::Model> = store::lines(conn, row.id).await?;
    let terms = gather::terms_of(conn, lines.iter().filter_map(|line| line.quote_id)).await?;
    let reference = |id: QuoteId| terms.get(&id).map(|terms| terms.booking_reference.clone());
    Ok(lines.iter().map(|line| BillItem::of(line, line.quote_id.and_then(reference), row.currency)).collect())
}

/// The number of a paid statement's invoice.
async fn document_of(conn: &impl ConnectionTrait, row: &bills::Model) -> AppResult<Option<String>> {
    if row.status != Status::Paid {
        return Ok(None);
    }
    let found = payment_documents::Entity::find()
        .filter(payment_documents::Column::Kind.eq(PaymentDocumentKind::PayoutInvoice))
        .filter(payment_documents::Column::SubjectType.eq(PaymentDocumentSubjectType::ProviderBill))
        .filter(payment_documents::Column::SubjectId.eq(row.id.any()))
        .one(conn)
        .await?;
    Ok(found.map(|paper| paper.document_number))
}

/// A statement with its lines, for staff: at most seven statements.
///
/// Errors: 403, 404.
pub async fn detail(app: &App, actor: &Actor, id: ProviderBillId) -> AppResult<BillDetail> {
    reader(actor)?;
    let conn = app.db.conn();
    let (row, clinic) = bills::Entity::find_by_id(id)
        .find_also_related(providers::Entity)
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)?;
    let account = match row.banking_detail_id {
        Some(id) => banking_details::Entity::find_by_id(id).one(conn).await?,
        None => store::live_accounts(conn, row.provider_id).await?.into_iter().next(),
    };
    let notes = notes_of(&row);
    let people: HashSet<UserId> = notes.iter().map(|note| note.by).chain(row.approved_by_user_id).collect();
    let writers: HashMap<UserId, String> = match people.is_empty() {
        true => HashMap::new(),
        false => users::Entity::find()
            .filter(users::Column::Id.is_in(people))
            .all(conn)
            .await?
            .into_iter()
            .map(|user| (user.id, format!("{} {}", user.firstname, user.lastname)))
            .collect(),
    };
    Ok(BillDetail {
        line: BillLine::of(&row, clinic.map(|clinic| clinic.provider_name).unwrap_or_default()),
        items: items_of(conn, &row).await?,
        account: account.as_ref().map(BankAccount::from),
        built_at: row.created_at,
        approved_at: row.approved_at,
        approved_by: row.approved_by_user_id.and_then(|id| writers.get(&id).cloned()),
        processed_at: row.processed_at,
        paid_at: row.paid_at,
        voided_at: row.voided_at,
        void_reason: row.void_reason.clone(),
        failure: row.failure_reason.clone(),
        transfer_id: row.transfer_id.clone(),
        attempts: row.transfer_attempt,
        document_number: document_of(conn, &row).await?,
        notes,
        writers,
    })
}

/// What a clinic's list of payouts may be narrowed to.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PayoutFilter {
    /// Only payouts that stand there.
    #[serde(default, rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<Status>,
}

/// A clinic's payouts, the newest first; not before their money left (R-FN-46). Two statements.
///
/// Errors: 403.
pub async fn payouts(app: &App, actor: &Actor, filter: &PayoutFilter, page: PageQuery) -> AppResult<Page<PayoutLine>> {
    let provider = payee(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let mut found = bills::Entity::find()
        .filter(bills::Column::ProviderId.eq(provider))
        .filter(bills::Column::Status.is_in(SHOWN_TO_CLINICS));
    if let Some(status) = filter.status {
        found = found.filter(bills::Column::Status.eq(status));
    }
    let total = found.clone().count(conn).await?;
    let rows = found
        .order_by_desc(bills::Column::PayoutDate)
        .order_by_desc(bills::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(rows.iter().map(PayoutLine::from).collect(), page, total))
}

/// A payout of the actor's clinic with its lines: five statements.
///
/// Errors: 403; 404 for foreign ones and those whose money has not left.
pub async fn payout(app: &App, actor: &Actor, id: ProviderBillId) -> AppResult<PayoutDetail> {
    let provider = payee(actor)?;
    let conn = app.replica.conn();
    let row = bill_for(conn, actor, id).await?;
    let account = match row.banking_detail_id {
        Some(id) => banking_details::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    if row.provider_id != provider {
        return Err(AppError::not_found());
    }
    Ok(PayoutDetail {
        line: PayoutLine::from(&row),
        items: items_of(conn, &row).await?,
        account_last4: account.map(|account| account.account_last4),
        document_number: document_of(conn, &row).await?,
    })
}
