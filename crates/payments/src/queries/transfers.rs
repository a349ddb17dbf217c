//! Transfers as staff look after them: what is awaited, and what is to be sent back.

use std::collections::HashMap;

use identity::entity::patients;
use kernel::ids::{PatientId, PaymentId, QuoteId};
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use quoting::entity::booking_terms;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::metadata::Metadata;

/// What the list may be narrowed to.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TransferFilter {
    /// Refunds that wait to be sent, instead of transfers that are awaited.
    #[serde(default, rename = "filter[refunds]")]
    #[param(rename = "filter[refunds]")]
    pub refunds: bool,
}

/// A transfer that is awaited, or is to be sent back.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TransferLine {
    /// The payment, or the refund.
    pub payment_id: PaymentId,
    /// The booking.
    pub booking_id: QuoteId,
    /// `BKG-2603-00001`.
    pub booking_reference: String,
    /// What the patient writes into the transfer.
    #[schema(example = "HL-7K3MP2QX")]
    pub transfer_reference: Option<String>,
    /// Who pays, or gets it back.
    pub patient_id: PatientId,
    /// Their name.
    pub patient_name: String,
    /// How much.
    pub money: Money,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// The open transfers, the oldest first: four statements.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, filter: TransferFilter, page: PageQuery) -> AppResult<Page<TransferLine>> {
    actor.admin()?;
    actor.require(Permission::ViewTransaction)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let kind = match filter.refunds {
        true => payments::Column::PaymentType.eq(PaymentType::Refund),
        false => payments::Column::PaymentType.ne(PaymentType::Refund),
    };
    let found = payments::Entity::find()
        .filter(payments::Column::PaymentStatus.eq(PaymentStatus::Pending))
        .filter(payments::Column::PaymentMethod.eq(PaymentMethod::BankTransfer))
        .filter(kind);
    let total = found.clone().count(conn).await?;
    let rows = found
        .order_by_asc(payments::Column::CreatedAt)
        .order_by_asc(payments::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let people: HashMap<PatientId, String> = patients::Entity::find()
        .filter(patients::Column::Id.is_in(rows.iter().map(|row| row.patient_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, format!("{} {}", row.first_name, row.last_name)))
        .collect();
    let references: HashMap<QuoteId, String> = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(rows.iter().map(|row| row.quote_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|terms| (terms.quote_id, terms.booking_reference))
        .collect();
    let line = |row: &payments::Model| TransferLine {
        payment_id: row.id,
        booking_id: row.quote_id,
        booking_reference: references.get(&row.quote_id).cloned().unwrap_or_default(),
        transfer_reference: Metadata::of(row).bank_reference,
        patient_id: row.patient_id,
        patient_name: people.get(&row.patient_id).cloned().unwrap_or_default(),
        money: Money::new(row.amount, row.currency),
        since: row.created_at,
    };
    Ok(Page::new(rows.iter().map(line).collect(), page, total))
}

/// The booking with this number, for staff who hold a statement in their hands.
///
/// Errors: 403; 422 on `booking`.
pub async fn booking_of(app: &App, actor: &Actor, reference: &str) -> AppResult<QuoteId> {
    actor.admin()?;
    actor.require(Permission::ViewTransaction)?;
    let none = || AppError::field("booking", "unknown_booking", "There is no booking with this number.");
    super::referred(app.db.conn(), reference).await?.ok_or_else(none)
}
