//! Reading inquiries for lists and details, each with a fixed number of statements.

use std::collections::HashMap;

use chrono::{Months, NaiveDate, NaiveTime};

use catalogue::entity::location_preferences;
use catalogue::entity::location_preferences_countries::{self as listed, LocationPreferenceCountryRole};
use directory::entity::providers;
use identity::anonymity::{self, Level};
use identity::entity::patients;
use kernel::ids::{InquiryId, PatientId, ProviderId};
use kernel::{Actor, ActorKind, AppError, AppResult, Page, PageQuery, Permission};
use platform::App;
use platform::web::like_contains;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, JoinType, Order, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Select,
};

use crate::entity::inquiries::{self, InquiryProblem, InquiryStatus};
use crate::entity::inquiry_providers::{self, InquiryProviderStatus};
use crate::entity::medical_histories;
use crate::found::{Among, LookedUp, Walk};
use crate::medical;
use crate::rules::alert::AlertLevel;

/// What a reader wants of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InquiryFilter {
    /// Only this stage.
    pub status: Option<InquiryStatus>,
    /// Only patients of this country.
    pub country: Option<String>,
    /// Only this urgency; clinics only.
    pub alert_level: Option<AlertLevel>,
    /// Only this concern.
    pub problem: Option<InquiryProblem>,
    /// Part of the inquiry's or the patient's code.
    pub code: Option<String>,
    /// Only patients of at least this age.
    pub age_from: Option<u32>,
    /// Only patients of at most this age.
    pub age_to: Option<u32>,
    /// Only patients who can come on or after this day.
    pub dates_from: Option<NaiveDate>,
    /// Only patients who can come on or before this day.
    pub dates_to: Option<NaiveDate>,
    /// Only those that went to a clinic of this country; staff only.
    pub provider_country: Option<String>,
    /// Only those sent on or after this day.
    pub submitted_from: Option<NaiveDate>,
    /// Only those sent on or before this day.
    pub submitted_to: Option<NaiveDate>,
    /// Only those that staff put away, or only the others; staff only, who see the others when nothing is said.
    pub archived: Option<bool>,
    /// The order.
    pub sort: Sort,
}

impl InquiryFilter {
    /// Whether anything is asked of the requests themselves, beside their order.
    pub fn narrows(&self) -> bool {
        *self != Self { sort: self.sort, ..Self::default() }
    }
}

/// Orders of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By the time to answer.
    Deadline,
    /// The same, turned round.
    DeadlineLast,
}

impl Sort {
    /// The words of the API.
    pub const WORDS: [&str; 4] = ["-submitted_at", "submitted_at", "quote_deadline_at", "-quote_deadline_at"];

    /// The order with that word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Newest, Self::Oldest, Self::Deadline, Self::DeadlineLast];
        Self::WORDS.iter().position(|known| *known == word).and_then(|place| all.get(place).copied())
    }

    fn column(self) -> (inquiries::Column, Order) {
        match self {
            Self::Newest => (inquiries::Column::SubmittedAt, Order::Desc),
            Self::Oldest => (inquiries::Column::SubmittedAt, Order::Asc),
            Self::Deadline => (inquiries::Column::QuoteDeadlineAt, Order::Asc),
            Self::DeadlineLast => (inquiries::Column::QuoteDeadlineAt, Order::Desc),
        }
    }
}

/// One inquiry of a list with everything any audience's row shows.
#[derive(Clone, Debug)]
pub struct Row {
    /// The inquiry.
    pub inquiry: inquiries::Model,
    /// Whose it is.
    pub patient: patients::Model,
    /// What the asking clinic may know of the patient; `Full` for nobody's clinic.
    pub level: Level,
    /// The clinics it went to; for a clinic only its own row.
    pub clinics: Vec<inquiry_providers::Model>,
    /// Countries chosen, the primary one first.
    pub destinations: Vec<String>,
    /// How urgent; read for clinics only.
    pub alert: Option<AlertLevel>,
}

/// The inquiries the actor may see: a patient the own ones, a clinic those it received, staff all.
fn visible(actor: &Actor) -> AppResult<Select<inquiries::Entity>> {
    let all = inquiries::Entity::find();
    match actor.kind {
        ActorKind::Patient(id) => Ok(all.filter(inquiries::Column::PatientId.eq(id))),
        ActorKind::Provider { provider, .. } => {
            actor.require(Permission::ViewInquiry)?;
            let received = Query::select()
                .column(inquiry_providers::Column::InquiryId)
                .from(inquiry_providers::Entity)
                .and_where(inquiry_providers::Column::ProviderId.eq(provider))
                .and_where(inquiry_providers::Column::Status.ne(InquiryProviderStatus::Removed))
                .to_owned();
            Ok(all.filter(inquiries::Column::Id.in_subquery(received)))
        }
        _ => {
            actor.admin()?;
            actor.require(Permission::ViewInquiry)?;
            Ok(all)
        }
    }
}

/// The inquiry, when the actor may see it; else 404.
pub async fn find(app: &App, actor: &Actor, id: InquiryId) -> AppResult<inquiries::Model> {
    visible(actor)?.filter(inquiries::Column::Id.eq(id)).one(app.db.conn()).await?.ok_or_else(AppError::not_found)
}

fn clinic_of(actor: &Actor) -> Option<ProviderId> {
    match actor.kind {
        ActorKind::Provider { provider, .. } => Some(provider),
        _ => None,
    }
}

/// A page of the list, with at most seven statements whatever its size.
pub async fn list(app: &App, actor: &Actor, filter: &InquiryFilter, page: PageQuery) -> AppResult<Page<Row>> {
    let page = page.checked()?;
    let conn = app.db.conn();
    // Others look among their own, which are few.
    let looked = match actor.admin() {
        Ok(_) => LookedUp::by_staff(conn, typed(filter), Among::Codes, filter.provider_country.as_deref()).await?,
        Err(_) => LookedUp::default(),
    };
    let query = narrowed(app, actor, filter, &looked, Walk::Free)?;
    let total = platform::db::total(conn, &query).await?;
    // Few are sorted; of many the first are met soon on a walk in their order.
    let query = if total.exceeded { narrowed(app, actor, filter, &looked, Walk::InOrder)? } else { query };
    let (column, order) = filter.sort.column();
    // A clinic's time to answer is its own: the others' are not its business.
    let place = match (clinic_of(actor), column) {
        (Some(provider), inquiries::Column::QuoteDeadlineAt) => own_deadline(provider),
        (_, column) => Expr::col((inquiries::Entity, column)),
    };
    let query = query
        .order_by(place, order.clone())
        .order_by(inquiries::Column::Id, order)
        .offset(page.offset())
        .limit(page.per_page);
    let found = match clinic_of(actor) {
        Some(_) => looked_up_late(conn, query).await?,
        None => query.select_also(patients::Entity).all(conn).await?,
    };
    Ok(Page::new(with_relations(app, actor, found).await?, page, total))
}

/// The rows of one page that is sorted from among many: which ones they are comes first, so that neither wide rows nor
/// people are read for those that are not shown.
async fn looked_up_late(
    conn: &impl ConnectionTrait,
    query: Select<inquiries::Entity>,
) -> AppResult<Vec<(inquiries::Model, Option<patients::Model>)>> {
    let ids: Vec<InquiryId> = query.select_only().column(inquiries::Column::Id).into_tuple().all(conn).await?;
    let mut rows = inquiries::Entity::find()
        .filter(inquiries::Column::Id.is_in(ids.iter().copied()))
        .find_also_related(patients::Entity)
        .all(conn)
        .await?;
    rows.sort_by_key(|(row, _)| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

fn own_deadline(provider: ProviderId) -> SimpleExpr {
    let own = |column| Expr::col((inquiry_providers::Entity, column));
    let deadline = Query::select()
        .column((inquiry_providers::Entity, inquiry_providers::Column::ResponseDeadlineAt))
        .from(inquiry_providers::Entity)
        .and_where(own(inquiry_providers::Column::InquiryId).equals((inquiries::Entity, inquiries::Column::Id)))
        .and_where(own(inquiry_providers::Column::ProviderId).eq(provider))
        .to_owned();
    Expr::from(deadline)
}

/// The same row for one inquiry.
pub async fn row(app: &App, actor: &Actor, id: InquiryId) -> AppResult<Row> {
    let query = visible(actor)?.join(JoinType::InnerJoin, inquiries::Relation::Patient.def());
    let found = query.filter(inquiries::Column::Id.eq(id)).select_also(patients::Entity).all(app.db.conn()).await?;
    with_relations(app, actor, found).await?.pop().ok_or_else(AppError::not_found)
}

fn typed(filter: &InquiryFilter) -> Option<&str> {
    filter.code.as_deref().map(str::trim).filter(|code| !code.is_empty())
}

pub(crate) fn narrowed(
    app: &App,
    actor: &Actor,
    filter: &InquiryFilter,
    looked: &LookedUp,
    walk: Walk,
) -> AppResult<Select<inquiries::Entity>> {
    let clinic = clinic_of(actor);
    // Every request has its patient. Said this way, counting leaves patients out where nothing is asked of them.
    let mut query = visible(actor)?.join(JoinType::LeftJoin, inquiries::Relation::Patient.def());
    if let Some(status) = filter.status {
        query = query.filter(inquiries::Column::Status.eq(status));
    }
    if let Some(problem) = filter.problem {
        query = query.filter(inquiries::Column::Problem.eq(problem));
    }
    if let Some(country) = &filter.country {
        query = query.filter(walk.of_country(country));
    }
    if let Some(level) = filter.alert_level {
        // The level is medical: staff read it case by case, with a justification.
        if clinic.is_none() {
            return Err(AppError::forbidden());
        }
        let of_level = Query::select()
            .column(medical_histories::Column::InquiryId)
            .from(medical_histories::Entity)
            .and_where(medical_histories::Column::AlertLevelIndex.eq(medical::level_index(app, level)))
            .to_owned();
        query = query.filter(inquiries::Column::Id.in_subquery(of_level));
    }
    query = by_age(query, filter, walk, app.now().date_naive());
    query = by_days(query, filter, app.db.backend());
    query = for_staff(query, filter, looked, actor)?;
    if let Some(meant) = &looked.meant {
        query = query.filter(inquiries::Column::Id.is_in(meant.iter().copied()));
    } else if let Some(code) = typed(filter) {
        let most = if matches!(actor.kind, ActorKind::Patient(_)) { 50 } else { 200 };
        if code.chars().count() > most {
            return Err(AppError::invalid("query_too_long", format!("Search with at most {most} characters.")));
        }
        // Codes only: names cannot be searched by clinics before payment (R-IQ-91).
        let code = code.to_uppercase();
        let inquiry = Expr::col((inquiries::Entity, inquiries::Column::InquiryCode)).like(like_contains(&code));
        let patient = Expr::col((patients::Entity, patients::Column::PatientCode)).like(like_contains(&code));
        query = query.filter(inquiry.or(patient));
    }
    Ok(query)
}

/// Whole years today: born on or before one day, after another.
fn by_age(
    mut query: Select<inquiries::Entity>,
    filter: &InquiryFilter,
    walk: Walk,
    today: NaiveDate,
) -> Select<inquiries::Entity> {
    let ago = |years: u32| today.checked_sub_months(Months::new(years.saturating_mul(12))).unwrap_or(NaiveDate::MIN);
    if let Some(least) = filter.age_from {
        query = query.filter(walk.patients(patients::Column::Birthday, "9999-12-31").lte(ago(Ord::min(least, 150))));
    }
    if let Some(most) = filter.age_to {
        query = query.filter(walk.patients(patients::Column::Birthday, "0001-01-01").gt(ago(Ord::min(most, 150) + 1)));
    }
    query
}

/// Days on which the patient can come, and days of the submission.
fn by_days(
    mut query: Select<inquiries::Entity>,
    filter: &InquiryFilter,
    backend: DbBackend,
) -> Select<inquiries::Entity> {
    if filter.dates_from.is_some() || filter.dates_to.is_some() {
        let from = filter.dates_from.map_or_else(|| "0000-01-01".to_owned(), |day| day.to_string());
        let to = filter.dates_to.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string());
        // The ranges lie in a JSON column; both databases can look into it. Days are written alike, so texts compare.
        let ranges = if backend == DbBackend::Sqlite {
            "(SELECT CASE type WHEN 'object' THEN json_extract(value, '$.start') ELSE value END AS s, \
              CASE type WHEN 'object' THEN json_extract(value, '$.end') ELSE value END AS e \
              FROM json_each(inquiries.treatment_schedule)) AS ranges WHERE s"
        } else {
            "JSON_TABLE(inquiries.treatment_schedule, '$[*]' COLUMNS (a VARCHAR(10) PATH '$.start', \
              b VARCHAR(10) PATH '$.end', d VARCHAR(10) PATH '$')) AS ranges WHERE COALESCE(a, d)"
        };
        let end = if backend == DbBackend::Sqlite { "e" } else { "COALESCE(b, d)" };
        let overlaps = format!("EXISTS (SELECT 1 FROM {ranges} <= '{to}' AND {end} >= '{from}')");
        query = query.filter(Expr::cust(overlaps));
    }
    if let Some(day) = filter.submitted_from {
        query = query.filter(inquiries::Column::SubmittedAt.gte(day.and_time(NaiveTime::MIN).and_utc()));
    }
    if let Some(next) = filter.submitted_to.and_then(|day| day.succ_opt()) {
        query = query.filter(inquiries::Column::SubmittedAt.lt(next.and_time(NaiveTime::MIN).and_utc()));
    }
    query
}

/// What only staff narrow by.
fn for_staff(
    mut query: Select<inquiries::Entity>,
    filter: &InquiryFilter,
    looked: &LookedUp,
    actor: &Actor,
) -> AppResult<Select<inquiries::Entity>> {
    if actor.admin().is_err() {
        let asked = filter.provider_country.is_some() || filter.archived.is_some();
        return if asked { Err(AppError::forbidden()) } else { Ok(query) };
    }
    if let Some(there) = &looked.there {
        query = query.filter(there.clone());
    }
    Ok(query.filter(match filter.archived {
        Some(true) => inquiries::Column::ArchivedAt.is_not_null(),
        Some(false) | None => inquiries::Column::ArchivedAt.is_null(),
    }))
}

async fn with_relations(
    app: &App,
    actor: &Actor,
    found: Vec<(inquiries::Model, Option<patients::Model>)>,
) -> AppResult<Vec<Row>> {
    let conn = app.db.conn();
    let ids: Vec<InquiryId> = found.iter().map(|(inquiry, _)| inquiry.id).collect();
    let whose: Vec<PatientId> = found.iter().map(|(inquiry, _)| inquiry.patient_id).collect();
    let clinic = clinic_of(actor);
    let mut clinics = clinics_of(conn, &ids, clinic).await?;
    let mut destinations = destinations_of(conn, &ids).await?;
    let (levels, mut alerts) = match clinic {
        Some(provider) => {
            (anonymity::levels(conn, provider, &whose).await?, medical::levels_of(app, ids.iter().copied()).await?)
        }
        None => (HashMap::new(), HashMap::new()),
    };
    Ok(found
        .into_iter()
        .filter_map(|(inquiry, patient)| {
            Some(Row {
                level: levels.get(&inquiry.patient_id).copied().unwrap_or_default(),
                clinics: clinics.remove(&inquiry.id).unwrap_or_default(),
                destinations: destinations.remove(&inquiry.id).unwrap_or_default(),
                alert: alerts.remove(&inquiry.id),
                patient: patient?,
                inquiry,
            })
        })
        .collect())
}

async fn clinics_of(
    conn: &impl ConnectionTrait,
    ids: &[InquiryId],
    only: Option<ProviderId>,
) -> AppResult<HashMap<InquiryId, Vec<inquiry_providers::Model>>> {
    let mut query = inquiry_providers::Entity::find()
        .filter(inquiry_providers::Column::InquiryId.is_in(ids.iter().copied()))
        .order_by_asc(inquiry_providers::Column::MatchOrder);
    if let Some(provider) = only {
        query = query.filter(inquiry_providers::Column::ProviderId.eq(provider));
    }
    let mut found: HashMap<InquiryId, Vec<_>> = HashMap::new();
    for row in query.all(conn).await? {
        found.entry(row.inquiry_id).or_default().push(row);
    }
    Ok(found)
}

/// The countries of each inquiry in the patient's order.
pub(crate) async fn destinations_of(
    conn: &impl ConnectionTrait,
    ids: &[InquiryId],
) -> AppResult<HashMap<InquiryId, Vec<String>>> {
    let rows = listed::Entity::find()
        .find_also_related(location_preferences::Entity)
        .filter(location_preferences::Column::InquiryId.is_in(ids.iter().copied()))
        .filter(listed::Column::Role.eq(LocationPreferenceCountryRole::Destination))
        .filter(listed::Column::RemovedAt.is_null())
        .order_by_asc(listed::Column::Position)
        .all(conn)
        .await?;
    let mut found: HashMap<InquiryId, Vec<String>> = HashMap::new();
    for (country, list) in rows {
        if let Some(inquiry) = list.and_then(|list| list.inquiry_id) {
            found.entry(inquiry).or_default().push(country.country_code);
        }
    }
    Ok(found)
}

/// The most clinics a search of staff shows.
const FOUND: u64 = 20;

/// Accepting clinics by a part of their name that do not have the case yet, for staff; in one statement.
pub(crate) async fn accepting_named(
    app: &App,
    actor: &Actor,
    q: &str,
    inquiry: InquiryId,
) -> AppResult<Vec<providers::Model>> {
    actor.admin()?;
    let has = Query::select()
        .column(inquiry_providers::Column::ProviderId)
        .from(inquiry_providers::Entity)
        .and_where(inquiry_providers::Column::InquiryId.eq(inquiry))
        .and_where(inquiry_providers::Column::Status.is_in(crate::distribution::LIVE))
        .to_owned();
    let part: String = q.trim().chars().take(100).collect();
    Ok(providers::Entity::find()
        .filter(catalogue::clinics::accepting())
        .filter(Expr::col((providers::Entity, providers::Column::ProviderName)).like(like_contains(&part)))
        .filter(providers::Column::Id.not_in_subquery(has))
        .order_by_asc(providers::Column::ProviderName)
        .limit(FOUND)
        .all(app.replica.conn())
        .await?)
}

/// Countries in which clinics take patients, by their codes; in one statement.
pub(crate) async fn countries_with_clinics(app: &App) -> AppResult<Vec<String>> {
    let codes: Vec<Option<String>> = providers::Entity::find()
        .select_only()
        .column(providers::Column::CountryCode)
        .distinct()
        .filter(catalogue::clinics::accepting())
        .into_tuple()
        .all(app.replica.conn())
        .await?;
    Ok(codes.into_iter().flatten().collect())
}

/// Names of the clinics, for patients and staff.
pub(crate) async fn names_of(
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
