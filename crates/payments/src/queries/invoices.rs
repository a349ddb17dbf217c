//! What patients owe, as staff look after it: at risk and overdue first (R-PY-66).

use std::collections::HashMap;

use identity::entity::patients;
use kernel::ids::{ProviderId, QuoteId};
use kernel::{Actor, AppResult, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::entity::audit_logs;
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};

use super::desk::{self, Line};
use crate::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
use crate::entity::payment_histories::{self, PaymentHistoryEvent};
use crate::rules::state::PaymentState;
use crate::service::invoices::{InvoiceBadge, REMINDED};

/// Where the money of an invoice stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStanding {
    /// Something is missing, whatever it is.
    #[default]
    Open,
    /// Its plan is in default.
    AtRisk,
    /// A part that should have come is missing.
    Overdue,
    /// Nothing is missing.
    Paid,
}

impl InvoiceStanding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::AtRisk, Self::Overdue, Self::Paid];

    /// Its word in addresses and texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::AtRisk => "at_risk",
            Self::Overdue => "overdue",
            Self::Paid => "paid",
        }
    }

    /// The one with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// Which invoices staff look at.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InvoiceFilter {
    /// `open` where nothing is said.
    #[serde(default, rename = "filter[standing]")]
    #[param(rename = "filter[standing]")]
    pub standing: Option<InvoiceStanding>,
    /// Part of a booking's reference, a patient's code or a clinic's name.
    #[serde(default)]
    pub q: Option<String>,
}

/// What a badge says instead of what the sums say.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Overridden {
    /// What it says.
    pub badge: InvoiceBadge,
    /// Why.
    pub reason: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// What a patient owes for a booking.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InvoiceLine {
    /// The booking.
    pub id: QuoteId,
    /// `BKG-2603-00001`.
    pub booking_reference: String,
    /// Who pays.
    pub patient_code: Option<String>,
    /// Their name.
    pub patient_name: String,
    /// The clinic.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider_name: String,
    /// The price.
    pub total: Money,
    /// What is there of it.
    pub paid: Money,
    /// What is missing.
    pub due: Money,
    /// By when.
    pub due_on: Option<chrono::NaiveDate>,
    /// What the sums say.
    pub state: PaymentState,
    /// What staff let the badge say; the sums are as they are.
    pub overridden: Option<Overridden>,
    /// When the patient was last reminded by hand.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reminded_at: Option<Timestamp>,
}

/// One page of invoices, what is at risk first, then what is overdue, then by the day of treatment: eight statements.
///
/// Errors: 403 without `view_patient_billing`; 422 `query_too_long`.
pub async fn list(app: &App, actor: &Actor, filter: &InvoiceFilter, page: PageQuery) -> AppResult<Page<InvoiceLine>> {
    actor.admin()?;
    actor.require(Permission::ViewPatientBilling)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let today = app.now().date_naive();
    let overdue = || desk::overdue(conn.get_database_backend(), today);
    let at_risk = || {
        let defaulted = plans::Entity::find()
            .select_only()
            .column(plans::Column::QuoteId)
            .filter(plans::Column::Status.eq(PlanStatus::Defaulted))
            .into_query();
        quotes::Column::Id.in_subquery(defaulted)
    };
    let booked = [QuoteStatus::Confirmed, QuoteStatus::Inprogress, QuoteStatus::Aftercare, QuoteStatus::Completed];
    let paid = || quotes::Column::Id.in_subquery(booking::desk::paid_in_full());
    let mut found = quotes::Entity::find().filter(quotes::Column::Status.is_in(booked));
    found = match filter.standing.unwrap_or_default() {
        InvoiceStanding::Open => found.filter(paid().not()),
        InvoiceStanding::AtRisk => found.filter(at_risk()),
        InvoiceStanding::Overdue => found.filter(overdue()),
        InvoiceStanding::Paid => found.filter(paid()),
    };
    if let Some(texts) = desk::named(filter.q.as_deref().unwrap_or_default())? {
        found = found.filter(texts);
    }
    let mut ordered = found.clone();
    if filter.standing.unwrap_or_default() == InvoiceStanding::Open {
        let rank: SimpleExpr = Expr::case(at_risk(), 0).case(overdue(), 1).finally(2).into();
        ordered = ordered.order_by_asc(rank);
    }
    let ordered = ordered.order_by_asc(quotes::Column::AppointmentSlotAt);
    let total = platform::db::total(conn, &found).await?;
    let lines = desk::lines(conn, ordered, page, app.now()).await?;
    let ids: Vec<QuoteId> = lines.iter().map(|line| line.quote.id).collect();
    let mut badges = badges_of(conn, &ids).await?;
    let mut reminded = reminded_at(conn, &ids).await?;
    let line = |line: Line| {
        let id = line.quote.id;
        let money = |amount| Money::new(amount, line.terms.payment_currency);
        InvoiceLine {
            id,
            booking_reference: line.terms.booking_reference.clone(),
            patient_code: line.patient.patient_code.clone(),
            patient_name: full_name(&line.patient),
            provider_id: line.quote.provider_id,
            provider_name: line.clinic,
            total: money(line.terms.payment_total),
            paid: money(line.progress.paid),
            due: money(line.progress.due),
            due_on: line.progress.due_on,
            state: line.progress.state,
            overridden: badges.remove(&id),
            reminded_at: reminded.remove(&id),
        }
    };
    Ok(Page::new(lines.into_iter().map(line).collect(), page, total))
}

fn full_name(patient: &patients::Model) -> String {
    format!("{} {}", patient.first_name, patient.last_name)
}

/// What badges of these bookings say by order of staff: the newest word of each, in one statement.
pub(crate) async fn badges_of(conn: &impl ConnectionTrait, ids: &[QuoteId]) -> AppResult<HashMap<QuoteId, Overridden>> {
    let mut found = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows = payment_histories::Entity::find()
        .filter(payment_histories::Column::QuoteId.is_in(ids.iter().copied()))
        .filter(payment_histories::Column::Event.eq(PaymentHistoryEvent::Override))
        .order_by_asc(payment_histories::Column::Id)
        .all(conn)
        .await?;
    for row in rows {
        let badge = row.metadata.as_ref().and_then(|json| json.get("badge").cloned());
        match badge.and_then(|word| serde_json::from_value(word).ok()) {
            Some(badge) => {
                let reason = row.reason.unwrap_or_default();
                found.insert(row.quote_id, Overridden { badge, reason, since: row.created_at });
            }
            // Lifted: the sums speak again.
            None => drop(found.remove(&row.quote_id)),
        }
    }
    Ok(found)
}

/// When patients were last reminded by hand, in one statement.
pub(crate) async fn reminded_at(
    conn: &impl ConnectionTrait,
    ids: &[QuoteId],
) -> AppResult<HashMap<QuoteId, Timestamp>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Option<QuoteId>, Timestamp)> = audit_logs::Entity::find()
        .select_only()
        .column(audit_logs::Column::QuoteId)
        .column_as(audit_logs::Column::OccurredAt.max(), "last")
        .filter(audit_logs::Column::QuoteId.is_in(ids.iter().copied()))
        .filter(audit_logs::Column::Action.eq(REMINDED))
        .group_by(audit_logs::Column::QuoteId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some((id?, at))).collect())
}
