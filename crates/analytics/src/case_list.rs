//! The staff's list of cases.

use chrono::{DateTime, Utc};
use std::collections::HashMap;

use identity::entity::patients;
use inquiry::entity::inquiries::{self, InquiryStatus};
use kernel::ids::{InquiryId, PatientId, QuoteId};
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery};
use platform::App;
use platform::web::like_contains;
use quoting::entity::quotes;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, LoaderTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
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
    /// Total of the accepted quote.
    pub total: Option<Money>,
    /// When the inquiry was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When anything changed last.
    pub updated_at: DateTime<Utc>,
}

/// Cases for staff, newest change first. Five statements, however long the list.
pub async fn cases(app: &App, actor: &Actor, filter: Filter, page: PageQuery) -> AppResult<Page<CaseLine>> {
    actor.admin()?;
    actor.require(Permission::ViewInquiry)?;
    let conn = app.replica.conn();
    let mut select = inquiries::Entity::find();
    if let Some(status) = filter.status {
        select = select.filter(inquiries::Column::Status.eq(status));
    }
    if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        if q.chars().count() > 200 {
            return Err(AppError::field("q", "query_too_long", "Search for at most 200 characters."));
        }
        let person = |column| Expr::col((patients::Entity, column)).like(like_contains(q));
        select = select.inner_join(patients::Entity).filter(
            Condition::any()
                .add(Expr::col((inquiries::Entity, inquiries::Column::InquiryCode)).like(like_contains(q)))
                .add(person(patients::Column::PatientCode))
                .add(person(patients::Column::LastName))
                .add(person(patients::Column::FirstName))
                .add(person(patients::Column::Email)),
        );
    }
    let total = select.clone().count(conn).await?;
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
            total: row.accepted_quote_id.and_then(|quote| accepted.get(&quote).copied()),
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

async fn accepted_quotes(
    conn: &impl sea_orm::ConnectionTrait,
    rows: &[inquiries::Model],
) -> AppResult<HashMap<QuoteId, Money>> {
    let quotes = quotes::Entity::find()
        .filter(quotes::Column::Id.is_in(rows.iter().filter_map(|row| row.accepted_quote_id)))
        .all(conn)
        .await?;
    Ok(quotes.into_iter().map(|quote| (quote.id, Money::new(quote.quote_amount, quote.currency))).collect())
}
