//! What Hairline's staff look after: all quotes by their requests, what was accepted and what became of it, clinics that
//! want to step back. Names are shown in full here; nothing of it reaches a clinic.

use std::collections::HashMap;

use catalogue::entity::treatments;
use chrono::{DateTime, Duration, Utc};
use directory::entity::providers;
use identity::entity::patients;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::found::{Among, LookedUp};
use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId};
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::row_by_row;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationTrait,
};
use serde::{Deserialize, Serialize};

use crate::around::settlement;
use crate::desk::is_live;
use crate::entity::quotes::{self, QuoteStatus, QuoteStatusReason};
use crate::entity::{booking_terms, quote_versions, schedules};
use crate::queries::{Filter, hold_of, version_views};
use crate::rules::content::Content;
use crate::service::content::{self, Rows};
use crate::views::{Settlement, VersionView};

/// The right to read quotes of everybody.
fn require_staff(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ViewQuote)
}

/// Who a line is about.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Person {
    /// Their id.
    pub id: PatientId,
    /// `PAT-001`.
    pub patient_code: Option<String>,
    /// Full name.
    pub name: String,
}

impl From<&patients::Model> for Person {
    fn from(row: &patients::Model) -> Self {
        Self {
            id: row.id,
            patient_code: row.patient_code.clone(),
            name: format!("{} {}", row.first_name, row.last_name),
        }
    }
}

/// What became of an acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AcceptanceState {
    /// It stands: held, booked, treated.
    Active,
    /// Its hold ended unpaid.
    Lapsed,
    /// A cancellation ended it.
    Superseded,
}

/// One acceptance: derived from its terms and the quote, no record of its own.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = QuoteAcceptance)]
pub struct Acceptance {
    /// The quote that was accepted.
    pub quote_id: QuoteId,
    /// For people.
    pub quote_code: Option<String>,
    /// Its request.
    pub inquiry_id: InquiryId,
    /// The request for people.
    pub inquiry_code: Option<String>,
    /// Reference of the booking.
    pub booking_reference: String,
    /// Who accepted.
    pub patient: Person,
    /// Whose offer.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider_name: String,
    /// What the patient pays.
    pub total: Money,
    /// When.
    pub accepted_at: DateTime<Utc>,
    /// Until when it was held at first.
    pub held_until: DateTime<Utc>,
    /// What became of it.
    pub state: AcceptanceState,
    /// Where the quote stands now.
    pub quote_status: QuoteStatus,
    /// Why it ended.
    pub quote_status_reason: Option<QuoteStatusReason>,
}

fn in_state(state: AcceptanceState) -> Condition {
    let stands = || quotes::Column::AcceptedAt.is_not_null();
    match state {
        AcceptanceState::Active => Condition::all()
            .add(stands())
            .add(quotes::Column::Status.ne(QuoteStatus::Cancelled))
            .add(booking_terms::is_newest()),
        AcceptanceState::Superseded => Condition::all()
            .add(stands())
            .add(quotes::Column::Status.eq(QuoteStatus::Cancelled))
            .add(booking_terms::is_newest()),
        AcceptanceState::Lapsed => {
            Condition::any().add(quotes::Column::AcceptedAt.is_null()).add(booking_terms::is_newest().not())
        }
    }
}

/// A page of acceptances, newest first. Five statements.
pub async fn acceptances(
    app: &App,
    actor: &Actor,
    state: Option<AcceptanceState>,
    page: PageQuery,
) -> AppResult<Page<Acceptance>> {
    require_staff(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let mut query = booking_terms::Entity::find().join(JoinType::InnerJoin, booking_terms::Relation::Quote.def());
    if let Some(state) = state {
        query = query.filter(in_state(state));
    }
    let total = platform::db::total(conn, &query).await?;
    let found = query
        .select_also(quotes::Entity)
        .order_by_desc(booking_terms::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let rows: Vec<(booking_terms::Model, quotes::Model)> =
        found.into_iter().filter_map(|(terms, quote)| Some((terms, quote?))).collect();
    let newest: HashMap<QuoteId, i32> = booking_terms::Entity::find()
        .select_only()
        .column(booking_terms::Column::QuoteId)
        .column_as(booking_terms::Column::Version.max(), "newest")
        .filter(booking_terms::Column::QuoteId.is_in(rows.iter().map(|(_, quote)| quote.id)))
        .group_by(booking_terms::Column::QuoteId)
        .into_tuple::<(QuoteId, i32)>()
        .all(conn)
        .await?
        .into_iter()
        .collect();
    let cases = cases_of(conn, rows.iter().map(|(_, quote)| quote.inquiry_id)).await?;
    let names = names_of(conn, rows.iter().map(|(_, quote)| quote.provider_id)).await?;
    let line = |(terms, quote): (booking_terms::Model, quotes::Model)| {
        let (case, person) = cases.get(&quote.inquiry_id)?;
        let is_newest = newest.get(&quote.id).is_none_or(|version| *version == terms.version);
        let state = match (is_newest && quote.accepted_at.is_some(), quote.status) {
            (false, _) => AcceptanceState::Lapsed,
            (true, QuoteStatus::Cancelled) => AcceptanceState::Superseded,
            (true, _) => AcceptanceState::Active,
        };
        Some(Acceptance {
            quote_id: quote.id,
            quote_code: quote.quote_code,
            inquiry_id: quote.inquiry_id,
            inquiry_code: case.inquiry_code.clone(),
            patient: person.into(),
            provider_id: quote.provider_id,
            provider_name: names.get(&quote.provider_id).cloned().unwrap_or_default(),
            total: Money::new(terms.total_amount, terms.quote_currency),
            accepted_at: terms.locked_at,
            held_until: terms.locked_at + Duration::hours(i64::from(terms.hold_hours)),
            booking_reference: terms.booking_reference,
            state,
            quote_status: quote.status,
            quote_status_reason: quote.status_reason,
        })
    };
    Ok(Page::new(rows.into_iter().filter_map(line).collect(), page, total))
}

async fn cases_of(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = InquiryId>,
) -> AppResult<HashMap<InquiryId, (inquiries::Model, patients::Model)>> {
    let found = inquiries::Entity::find()
        .join(JoinType::InnerJoin, inquiries::Relation::Patient.def())
        .filter(inquiries::Column::Id.is_in(ids))
        .select_also(patients::Entity)
        .all(conn)
        .await?;
    Ok(found.into_iter().filter_map(|(case, person)| Some((case.id, (case, person?)))).collect())
}

async fn names_of(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = ProviderId>,
) -> AppResult<HashMap<ProviderId, String>> {
    let rows: Vec<(ProviderId, String)> = providers::Entity::find()
        .select_only()
        .column(providers::Column::Id)
        .column(providers::Column::ProviderName)
        .filter(providers::Column::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A clinic's open wish to step back.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WithdrawalLine {
    /// The accepted quote.
    pub quote_id: QuoteId,
    /// For people.
    pub quote_code: Option<String>,
    /// Its request.
    pub inquiry_id: InquiryId,
    /// The request for people.
    pub inquiry_code: Option<String>,
    /// Who accepted.
    pub patient: Person,
    /// Who wants to step back.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider_name: String,
    /// What the patient was to pay.
    pub total: Money,
    /// Start of the appointment.
    pub slot_at: Option<DateTime<Utc>>,
    /// When it was asked.
    pub requested_at: Option<DateTime<Utc>>,
    /// In the clinic's words; for staff only.
    pub reason: Option<String>,
    /// End of the hold as it was frozen.
    pub hold_expires_at: Option<DateTime<Utc>>,
}

/// A page of open wishes to step back, the oldest first (Q13). Five statements.
pub async fn withdrawals(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<WithdrawalLine>> {
    require_staff(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let query = quotes::Entity::find()
        .filter(quotes::Column::Status.eq(QuoteStatus::Accepted))
        .filter(quotes::Column::WithdrawalRequestedAt.is_not_null());
    let total = platform::db::total(conn, &query).await?;
    let rows = query
        .order_by_asc(quotes::Column::WithdrawalRequestedAt)
        .order_by_asc(quotes::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let cases = cases_of(conn, rows.iter().map(|quote| quote.inquiry_id)).await?;
    let names = names_of(conn, rows.iter().map(|quote| quote.provider_id)).await?;
    let holds: HashMap<QuoteId, Option<Timestamp>> = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.is_in(rows.iter().map(|quote| quote.id)))
        .filter(schedules::Column::Status.eq(schedules::ScheduleStatus::Pending))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.quote_id, row.hold_expires_at))
        .collect();
    let line = |quote: quotes::Model| {
        let (case, person) = cases.get(&quote.inquiry_id)?;
        Some(WithdrawalLine {
            quote_id: quote.id,
            quote_code: quote.quote_code,
            inquiry_id: quote.inquiry_id,
            inquiry_code: case.inquiry_code.clone(),
            patient: person.into(),
            provider_id: quote.provider_id,
            provider_name: names.get(&quote.provider_id).cloned().unwrap_or_default(),
            total: Money::new(quote.quote_amount, quote.currency),
            slot_at: quote.appointment_slot_at,
            requested_at: quote.withdrawal_requested_at,
            reason: quote.withdrawal_reason,
            hold_expires_at: holds.get(&quote.id).copied().flatten(),
        })
    };
    Ok(Page::new(rows.into_iter().filter_map(line).collect(), page, total))
}

/// A quote as a line for staff.
#[derive(Clone, Debug)]
pub struct StaffQuote {
    /// Its row.
    pub quote: quotes::Model,
    /// The clinic.
    pub clinic: String,
    /// What is done.
    pub treatment: String,
    /// On offer at this moment.
    pub live: bool,
}

/// A request with those of its quotes that were asked for.
#[derive(Clone, Debug)]
pub struct CaseQuotes {
    /// The request.
    pub inquiry_id: InquiryId,
    /// Its code.
    pub inquiry_code: Option<String>,
    /// Stage.
    pub stage: InquiryStatus,
    /// Whose it is.
    pub patient: Person,
    /// Newest first.
    pub quotes: Vec<StaffQuote>,
}

/// All quotes by their requests, the newest request first. At most five statements.
///
/// `q` is looked for at the beginning of the codes of request and patient, and of the patient's names and address.
pub async fn by_case(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    q: &str,
    page: PageQuery,
) -> AppResult<Page<CaseQuotes>> {
    require_staff(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let now = app.now();
    let text = Some(q.trim()).filter(|q| !q.is_empty());
    let looked = LookedUp::by_staff(conn, text, Among::CodesAndNames, None).await?;
    if text.is_some() {
        // Without its words, as every search for patients (R-ID-64).
        audit::record(app.db.conn(), app, actor, Entry::new("patients.searched")).await?;
    }
    let wanted = filter.apply(quotes::Entity::find(), now)?.select_only().column(quotes::Column::InquiryId);
    let are_many = platform::db::total(conn, &wanted).await?.exceeded;
    let mut query = inquiries::Entity::find().join(JoinType::LeftJoin, inquiries::Relation::Patient.def());
    // The cases of few quotes are collected; where there are many, the next case has one.
    query = query.filter(if are_many {
        let of_case =
            Expr::col((quotes::Entity, quotes::Column::InquiryId)).equals((inquiries::Entity, inquiries::Column::Id));
        row_by_row(Expr::exists(wanted.filter(of_case).into_query()))
    } else {
        inquiries::Column::Id.in_subquery(wanted.into_query())
    });
    if let Some(meant) = looked.meant {
        query = query.filter(inquiries::Column::Id.is_in(meant));
    }
    let total = platform::db::total(conn, &query).await?;
    let cases = query
        .select_also(patients::Entity)
        .order_by_desc(inquiries::Column::SubmittedAt)
        .order_by_desc(inquiries::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let of_page = quotes::Entity::find()
        .filter(quotes::Column::InquiryId.is_in(cases.iter().map(|(case, _)| case.id)))
        .order_by_desc(quotes::Column::Id);
    let found = filter
        .apply(of_page, now)?
        .find_also_related(providers::Entity)
        .find_also_related(treatments::Entity)
        .all(conn)
        .await?;
    let mut quotes_of: HashMap<InquiryId, Vec<StaffQuote>> = HashMap::new();
    for (quote, clinic, treatment) in found {
        let frozen = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
        let treatment = frozen.map(str::to_owned).or(treatment.map(|row| row.treatment_name)).unwrap_or_default();
        quotes_of.entry(quote.inquiry_id).or_default().push(StaffQuote {
            live: is_live(&quote, now),
            clinic: clinic.map(|row| row.provider_name).unwrap_or_default(),
            treatment,
            quote,
        });
    }
    let group = |(case, person): (inquiries::Model, Option<patients::Model>)| {
        Some(CaseQuotes {
            inquiry_id: case.id,
            stage: case.status,
            patient: (&person?).into(),
            quotes: quotes_of.remove(&case.id).unwrap_or_default(),
            inquiry_code: case.inquiry_code,
        })
    };
    Ok(Page::new(cases.into_iter().filter_map(group).collect(), page, total))
}

/// A quote in full for staff.
#[derive(Clone, Debug)]
pub struct StaffDetail {
    /// Its row.
    pub quote: quotes::Model,
    /// What it says.
    pub content: Content,
    /// The rows beside it.
    pub rows: Rows,
    /// Name of the treatment.
    pub treatment: String,
    /// Name of the clinic.
    pub clinic: String,
    /// Whose request it answers.
    pub patient: Person,
    /// Stage of the case.
    pub stage: InquiryStatus,
    /// On offer at this moment.
    pub live: bool,
    /// End of the hold while it waits for the payment.
    pub hold: Option<Timestamp>,
    /// Everybody's share.
    pub settlement: Settlement,
    /// Versions that were sent, newest first.
    pub versions: Vec<VersionView>,
}

/// One quote for staff; 404 when there is none. At most seven statements.
pub async fn detail(app: &App, actor: &Actor, id: QuoteId) -> AppResult<StaffDetail> {
    require_staff(actor)?;
    let conn = app.db.conn();
    let found = quotes::Entity::find_by_id(id)
        .find_also_related(inquiries::Entity)
        .and_also_related(patients::Entity)
        .one(conn)
        .await?;
    let Some((quote, Some(case), Some(person))) = found else { return Err(AppError::not_found()) };
    let rows = content::rows(conn, id).await?;
    let names = names_of(conn, [quote.provider_id].into_iter()).await?;
    let frozen = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
    let treatment = match frozen {
        Some(name) => name.to_owned(),
        None => catalogue::treatments::load(conn, quote.treatment_id).await?.treatment_name,
    };
    let versions = if quote.submitted_at.is_some() {
        quote_versions::Entity::find()
            .filter(quote_versions::Column::QuoteId.eq(id))
            .order_by_desc(quote_versions::Column::Version)
            .all(conn)
            .await?
    } else {
        Vec::new()
    };
    let hold = if quote.status == QuoteStatus::Accepted { hold_of(conn, id).await? } else { None };
    Ok(StaffDetail {
        content: content::content_of(&quote, &rows)?,
        live: is_live(&quote, app.now()),
        clinic: names.get(&quote.provider_id).cloned().unwrap_or_default(),
        patient: (&person).into(),
        stage: case.status,
        settlement: settlement(&quote)?,
        versions: version_views(versions),
        rows,
        treatment,
        hold,
        quote,
    })
}
