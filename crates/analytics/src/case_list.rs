//! The staff's list of cases.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::HashMap;

use identity::entity::patients;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self, InquiryProviderStatus};
use inquiry::found::{Among, LookedUp, Walk};
use kernel::ids::{InquiryId, PatientId, QuoteId};
use kernel::permission::Permission;
use kernel::{Actor, AppResult, Money, Page, PageQuery};
use payments::entity::payments::{self as payment_rows, PaymentStatus, PaymentType};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::row_by_row;
use quoting::entity::quotes;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, LoaderTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};

/// More cases than one patient ever has.
const MOST_OF_PATIENT: u64 = 100;

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this stage.
    pub status: Option<InquiryStatus>,
    /// In the inquiry's code, the patient's code, name or address.
    pub q: Option<String>,
    /// Only patients of this country, ISO code.
    pub country: Option<String>,
    /// Only those that went to a clinic of this country, ISO code.
    pub provider_country: Option<String>,
    /// Only accepted ones with money that arrived, or only those without.
    pub paid: Option<bool>,
    /// Only those sent on or after this day.
    pub from: Option<NaiveDate>,
    /// Only those sent on or before this day.
    pub to: Option<NaiveDate>,
    /// Only those that were put away; the others when false.
    pub archived: bool,
}

impl Filter {
    fn narrow(&self, looked: &LookedUp, walk: Walk) -> Select<inquiries::Entity> {
        // Every case has its patient. Said this way, counting leaves patients out where nothing is asked of them.
        let mut select = inquiries::Entity::find().left_join(patients::Entity);
        select = select.filter(match self.archived {
            true => inquiries::Column::ArchivedAt.is_not_null(),
            false => inquiries::Column::ArchivedAt.is_null(),
        });
        if let Some(status) = self.status {
            select = select.filter(inquiries::Column::Status.eq(status));
        }
        if let Some(day) = self.from {
            select = select.filter(inquiries::Column::SubmittedAt.gte(day.and_time(NaiveTime::MIN).and_utc()));
        }
        if let Some(next) = self.to.and_then(|day| day.succ_opt()) {
            select = select.filter(inquiries::Column::SubmittedAt.lt(next.and_time(NaiveTime::MIN).and_utc()));
        }
        if let Some(there) = &looked.there {
            select = select.filter(there.clone());
        }
        if let Some(paid) = self.paid {
            let of_payment = |column| Expr::col((payment_rows::Entity, column));
            let arrived = Query::select()
                .expr(Expr::val(1))
                .from(payment_rows::Entity)
                .and_where(
                    of_payment(payment_rows::Column::QuoteId)
                        .equals((inquiries::Entity, inquiries::Column::AcceptedQuoteId)),
                )
                .and_where(of_payment(payment_rows::Column::PaymentStatus).eq(PaymentStatus::Completed))
                .and_where(of_payment(payment_rows::Column::PaymentType).ne(PaymentType::Refund))
                .to_owned();
            let arrived = Expr::exists(arrived);
            let arrived = if paid { arrived } else { arrived.not() };
            select = select.filter(inquiries::Column::AcceptedQuoteId.is_not_null()).filter(row_by_row(arrived));
        }
        if let Some(country) = given(&self.country) {
            select = select.filter(walk.of_country(country));
        }
        if let Some(meant) = &looked.meant {
            select = select.filter(inquiries::Column::Id.is_in(meant.iter().copied()));
        }
        select
    }
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// One line of the list.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseLine {
    /// The inquiry, which names the case.
    pub inquiry_id: InquiryId,
    /// Its code.
    #[schema(example = "HPID26030001")]
    pub inquiry_code: Option<String>,
    /// The patient.
    pub patient_id: PatientId,
    /// Code of the patient.
    pub patient_code: Option<String>,
    /// Full name.
    pub patient_name: String,
    /// Home country, ISO code.
    pub country_code: Option<String>,
    /// Stage.
    pub status: InquiryStatus,
    /// Quotes that were sent.
    pub quotes: i64,
    /// Clinics that have it.
    pub clinics: i64,
    /// Total of the accepted quote.
    pub total: Option<Money>,
    /// Whether money for it arrived; nothing before acceptance.
    pub paid: Option<bool>,
    /// When the inquiry was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When anything changed last.
    pub updated_at: DateTime<Utc>,
}

/// Cases for staff, newest change first. At most eight statements, however long the list.
pub async fn cases(app: &App, actor: &Actor, filter: Filter, page: PageQuery) -> AppResult<Page<CaseLine>> {
    actor.admin()?;
    actor.require(Permission::ViewInquiry)?;
    let conn = app.replica.conn();
    let looked =
        LookedUp::by_staff(conn, given(&filter.q), Among::CodesAndNames, given(&filter.provider_country)).await?;
    let select = filter.narrow(&looked, Walk::Free);
    let total = platform::db::total(conn, &select).await?;
    // Few are sorted; of many the first are met soon on a walk in their order.
    let select = if total.exceeded { filter.narrow(&looked, Walk::InOrder) } else { select };
    let rows = select
        .order_by_desc(inquiries::Column::UpdatedAt)
        .order_by_desc(inquiries::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    if given(&filter.q).is_some() {
        // Without its words, as every search for patients (R-ID-64).
        audit::record(app.db.conn(), app, actor, Entry::new("patients.searched")).await?;
    }
    let people = rows.load_one(patients::Entity, conn).await?;
    let sent = sent_quotes(conn, &rows).await?;
    let accepted = accepted_quotes(conn, &rows).await?;
    let asked = asked_clinics(conn, &rows).await?;
    let line = |(row, patient): (&inquiries::Model, Option<patients::Model>)| {
        let name = patient.as_ref().map(|patient| format!("{} {}", patient.first_name, patient.last_name));
        CaseLine {
            inquiry_id: row.id,
            inquiry_code: row.inquiry_code.clone(),
            patient_id: row.patient_id,
            patient_code: patient.as_ref().and_then(|patient| patient.patient_code.clone()),
            patient_name: name.unwrap_or_default(),
            country_code: patient.and_then(|patient| patient.country_code),
            status: row.status,
            quotes: sent.get(&row.id).copied().unwrap_or(0),
            clinics: asked.get(&row.id).copied().unwrap_or(0),
            total: row.accepted_quote_id.and_then(|quote| Some(accepted.get(&quote)?.0)),
            paid: row.accepted_quote_id.and_then(|quote| Some(accepted.get(&quote)?.1)),
            submitted_at: row.submitted_at,
            updated_at: row.updated_at,
        }
    };
    Ok(Page::new(rows.iter().zip(people).map(line).collect(), page, total))
}

/// A case of one patient.
#[derive(Clone, Debug)]
pub struct CaseOfPatient {
    /// The inquiry, which names the case.
    pub inquiry_id: InquiryId,
    /// Its code.
    pub inquiry_code: Option<String>,
    /// Stage.
    pub status: InquiryStatus,
    /// When anything changed last.
    pub updated_at: DateTime<Utc>,
}

/// The cases of one patient for staff, newest change first, in one statement.
pub async fn cases_of(app: &App, actor: &Actor, patient: PatientId) -> AppResult<Vec<CaseOfPatient>> {
    actor.admin()?;
    actor.require(Permission::ViewInquiry)?;
    let rows = inquiries::Entity::find()
        .filter(inquiries::Column::PatientId.eq(patient))
        .order_by_desc(inquiries::Column::UpdatedAt)
        .order_by_desc(inquiries::Column::Id)
        .limit(MOST_OF_PATIENT)
        .all(app.replica.conn())
        .await?;
    let line = |row: inquiries::Model| CaseOfPatient {
        inquiry_id: row.id,
        inquiry_code: row.inquiry_code,
        status: row.status,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn sent_quotes(
    conn: &impl sea_orm::ConnectionTrait,
    rows: &[inquiries::Model],
) -> AppResult<HashMap<InquiryId, i64>> {
    let counts: Vec<(InquiryId, i64)> = quotes::Entity::find()
        .select_only()
        .column(quotes::Column::InquiryId)
        .column_as(Expr::col(quotes::Column::Id).count(), "count")
        .filter(quotes::Column::InquiryId.is_in(rows.iter().map(|row| row.id)))
        .filter(quotes::Column::SubmittedAt.is_not_null())
        .group_by(quotes::Column::InquiryId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(counts.into_iter().collect())
}

/// How many clinics have each inquiry.
async fn asked_clinics(
    conn: &impl sea_orm::ConnectionTrait,
    rows: &[inquiries::Model],
) -> AppResult<HashMap<InquiryId, i64>> {
    let counts: Vec<(InquiryId, i64)> = inquiry_providers::Entity::find()
        .select_only()
        .column(inquiry_providers::Column::InquiryId)
        .column_as(Expr::col(inquiry_providers::Column::Id).count(), "count")
        .filter(inquiry_providers::Column::InquiryId.is_in(rows.iter().map(|row| row.id)))
        .filter(inquiry_providers::Column::Status.ne(InquiryProviderStatus::Removed))
        .group_by(inquiry_providers::Column::InquiryId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(counts.into_iter().collect())
}

/// Totals of accepted quotes, and whether money for them arrived.
async fn accepted_quotes(
    conn: &impl sea_orm::ConnectionTrait,
    rows: &[inquiries::Model],
) -> AppResult<HashMap<QuoteId, (Money, bool)>> {
    let arrived = quotes::Entity::belongs_to(payment_rows::Entity)
        .from(quotes::Column::Id)
        .to(payment_rows::Column::QuoteId)
        .on_condition(|_, payments| {
            Condition::all()
                .add(Expr::col((payments.clone(), payment_rows::Column::PaymentStatus)).eq(PaymentStatus::Completed))
                .add(Expr::col((payments, payment_rows::Column::PaymentType)).ne(PaymentType::Refund))
        });
    let found = quotes::Entity::find()
        .filter(quotes::Column::Id.is_in(rows.iter().filter_map(|row| row.accepted_quote_id)))
        .join(JoinType::LeftJoin, arrived.into())
        .select_also(payment_rows::Entity)
        .all(conn)
        .await?;
    let mut totals = HashMap::new();
    for (quote, payment) in found {
        let money = Money::new(quote.quote_amount, quote.currency);
        totals.entry(quote.id).or_insert((money, false)).1 |= payment.is_some();
    }
    Ok(totals)
}
