//! The staff's list of cases.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::HashMap;

use directory::entity::providers;
use identity::entity::patients;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self, InquiryProviderStatus};
use kernel::ids::{InquiryId, PatientId, QuoteId};
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery};
use payments::entity::payments::{self as payment_rows, PaymentStatus, PaymentType};
use platform::App;
use platform::web::like_contains;
use quoting::entity::quotes;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, LoaderTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationTrait, Select,
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
    fn narrow(&self, mut select: Select<inquiries::Entity>) -> AppResult<Select<inquiries::Entity>> {
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
        if let Some(country) = given(&self.provider_country) {
            let there = inquiry_providers::Entity::find()
                .select_only()
                .column(inquiry_providers::Column::InquiryId)
                .join(JoinType::InnerJoin, inquiry_providers::Relation::Provider.def())
                .filter(providers::Column::CountryCode.eq(country.to_uppercase()))
                .filter(inquiry_providers::Column::Status.ne(InquiryProviderStatus::Removed));
            select = select.filter(inquiries::Column::Id.in_subquery(there.into_query()));
        }
        if let Some(paid) = self.paid {
            let arrived = payment_rows::Entity::find()
                .select_only()
                .column(payment_rows::Column::QuoteId)
                .filter(payment_rows::Column::PaymentStatus.eq(PaymentStatus::Completed))
                .filter(payment_rows::Column::PaymentType.ne(PaymentType::Refund))
                .into_query();
            let accepted = inquiries::Column::AcceptedQuoteId;
            select = select.filter(accepted.is_not_null()).filter(match paid {
                true => accepted.in_subquery(arrived),
                false => accepted.not_in_subquery(arrived),
            });
        }
        let (country, q) = (given(&self.country), given(&self.q));
        if country.is_none() && q.is_none() {
            return Ok(select);
        }
        select = select.inner_join(patients::Entity);
        if let Some(country) = country {
            select = select.filter(patients::Column::CountryCode.eq(country.to_uppercase()));
        }
        let Some(q) = q else { return Ok(select) };
        if q.chars().count() > 200 {
            return Err(AppError::field("q", "query_too_long", "Search for at most 200 characters."));
        }
        let person = |column| Expr::col((patients::Entity, column)).like(like_contains(q));
        Ok(select.filter(
            Condition::any()
                .add(Expr::col((inquiries::Entity, inquiries::Column::InquiryCode)).like(like_contains(q)))
                .add(person(patients::Column::PatientCode))
                .add(person(patients::Column::LastName))
                .add(person(patients::Column::FirstName))
                .add(person(patients::Column::Email)),
        ))
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

/// Cases for staff, newest change first. Six statements, however long the list.
pub async fn cases(app: &App, actor: &Actor, filter: Filter, page: PageQuery) -> AppResult<Page<CaseLine>> {
    actor.admin()?;
    actor.require(Permission::ViewInquiry)?;
    let conn = app.replica.conn();
    let select = filter.narrow(inquiries::Entity::find())?;
    let total = platform::db::total(conn, &select).await?;
    let rows = select
        .order_by_desc(inquiries::Column::UpdatedAt)
        .order_by_desc(inquiries::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
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
