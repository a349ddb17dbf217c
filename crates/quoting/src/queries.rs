//! Reading quotes for lists, details and comparison, in a fixed number of statements.

use chrono::{DateTime, Utc};
use directory::entity::providers;
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, Money, Page, PageQuery, Permission};
use platform::App;
use platform::web::like_begins;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait, Select,
};
use serde_json::Value;

use crate::around::{Around, detail};
use crate::entity::quote_versions::QuoteVersionCreatedByType;
use crate::entity::quotes::{self, QuoteStatus, QuoteStatusReason};
use crate::entity::{quote_versions, schedules};
use crate::service::content;
use crate::views::{ChangeView, QuoteDetail, QuoteSummary, QuoteView, VersionView};

/// What a list of quotes is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One request.
    pub inquiry: Option<InquiryId>,
    /// One status.
    pub status: Option<QuoteStatus>,
    /// One way to end.
    pub reason: Option<QuoteStatusReason>,
    /// One clinic.
    pub provider: Option<ProviderId>,
    /// Only what can be accepted at this moment, or only what cannot.
    pub live: Option<bool>,
    /// Only what was archived, or only what was not.
    pub archived: Option<bool>,
    /// The beginning of the code of the quote.
    pub code: Option<String>,
    /// The order.
    pub sort: Sort,
}

impl Filter {
    /// Lays the filter over a select of quotes.
    pub(crate) fn apply<S: QueryFilter>(&self, mut query: S, now: DateTime<Utc>) -> AppResult<S> {
        if let Some(inquiry) = self.inquiry {
            query = query.filter(quotes::Column::InquiryId.eq(inquiry));
        }
        if let Some(status) = self.status {
            query = query.filter(quotes::Column::Status.eq(status));
        }
        if let Some(reason) = self.reason {
            query = query.filter(quotes::Column::StatusReason.eq(reason));
        }
        if let Some(provider) = self.provider {
            query = query.filter(quotes::Column::ProviderId.eq(provider));
        }
        match self.archived {
            Some(true) => query = query.filter(quotes::Column::DeletedAt.is_not_null()),
            Some(false) => query = query.filter(quotes::Column::DeletedAt.is_null()),
            None => {}
        }
        if let Some(live) = self.live {
            let on_offer = Condition::all()
                .add(quotes::Column::Status.eq(QuoteStatus::Quote))
                .add(quotes::Column::DeletedAt.is_null())
                .add(quotes::Column::ExpiresAt.gt(now));
            query = query.filter(if live {
                on_offer
            } else {
                // Without a validity it is a draft.
                Condition::any().add(on_offer.not()).add(quotes::Column::ExpiresAt.is_null())
            });
        }
        if let Some(code) = self.code.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
            if code.chars().count() > 200 {
                return Err(AppError::invalid("query_too_long", "Search with at most 200 characters."));
            }
            let code = like_begins(&code.to_uppercase());
            query = query.filter(Expr::col((quotes::Entity, quotes::Column::QuoteCode)).like(code));
        }
        Ok(query)
    }
}

/// Orders of a list; amounts are compared as numbers, whatever their currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Cheapest first.
    PriceUp,
    /// Dearest first.
    PriceDown,
    /// Fewest grafts first.
    GraftsUp,
    /// Most grafts first.
    GraftsDown,
    /// Those whose validity ends first.
    EndsFirst,
    /// Those whose validity ends last.
    EndsLast,
    /// Best rated clinics first.
    RatingDown,
}

impl Sort {
    /// The words of the API.
    pub const WORDS: [(&'static str, Self); 9] = [
        ("-created_at", Self::Newest),
        ("created_at", Self::Oldest),
        ("price", Self::PriceUp),
        ("-price", Self::PriceDown),
        ("grafts", Self::GraftsUp),
        ("-grafts", Self::GraftsDown),
        ("expires_at", Self::EndsFirst),
        ("-expires_at", Self::EndsLast),
        ("-rating", Self::RatingDown),
    ];

    /// The order with that word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, sort)| *sort)
    }

    pub(crate) fn apply<S: QueryOrder>(self, query: S) -> S {
        let (column, order) = match self {
            Self::Newest => (quotes::Column::CreatedAt, Order::Desc),
            Self::Oldest => (quotes::Column::CreatedAt, Order::Asc),
            Self::PriceUp => (quotes::Column::QuoteAmount, Order::Asc),
            Self::PriceDown => (quotes::Column::QuoteAmount, Order::Desc),
            Self::GraftsUp => (quotes::Column::EstimatedGrafts, Order::Asc),
            Self::GraftsDown => (quotes::Column::EstimatedGrafts, Order::Desc),
            Self::EndsFirst => (quotes::Column::ExpiresAt, Order::Asc),
            Self::EndsLast => (quotes::Column::ExpiresAt, Order::Desc),
            Self::RatingDown => return query.order_by(average_rating(), Order::Desc).order_by_desc(quotes::Column::Id),
        };
        // Ids follow time, so equal rows keep a stable order.
        // Both ways alike: only then is the order that of an index, read forwards or backwards.
        query.order_by(column, order.clone()).order_by(quotes::Column::Id, order)
    }
}

/// The average of a clinic's published reviews; zero without any.
fn average_rating() -> SimpleExpr {
    let of = |column| Expr::col((providers::Entity, column));
    let average = Query::select()
        .expr(of(providers::Column::RatingSum).mul(Expr::val(1000)).div(of(providers::Column::RatingCount)))
        .from(providers::Entity)
        .and_where(of(providers::Column::Id).equals((quotes::Entity, quotes::Column::ProviderId)))
        .and_where(of(providers::Column::RatingCount).gt(0))
        .to_owned();
    Func::coalesce([Expr::from(average), Expr::val(0)]).into()
}

/// Quotes the actor may see: a patient those that were sent for own requests, a clinic its own, staff all.
pub fn visible(actor: &Actor) -> AppResult<Select<quotes::Entity>> {
    actor.require(Permission::ViewQuote)?;
    let query = quotes::Entity::find();
    match actor.kind {
        ActorKind::Patient(id) => {
            Ok(query.join(JoinType::InnerJoin, quotes::Relation::Inquiry.def()).filter(sent_to(id)))
        }
        ActorKind::Provider { provider, .. } => Ok(query.filter(quotes::Column::ProviderId.eq(provider))),
        ActorKind::Admin(_) | ActorKind::System => Ok(query),
        ActorKind::Anonymous => Err(AppError::unauthenticated()),
        ActorKind::Affiliate(_) => Err(AppError::forbidden()),
    }
}

fn sent_to(patient: PatientId) -> Condition {
    Condition::all().add(inquiries::Column::PatientId.eq(patient)).add(quotes::Column::SubmittedAt.is_not_null())
}

/// Offers a patient may see, with what stands around them and is read in the same statement.
#[derive(Default)]
pub(crate) struct Mine {
    pub rows: Vec<quotes::Model>,
    pub cases: Vec<inquiries::Model>,
    /// Where the patient is at home.
    pub country: Option<String>,
}

/// The patient's own offers among some quotes, in one statement.
pub(crate) async fn mine(conn: &impl ConnectionTrait, actor: &Actor, among: Select<quotes::Entity>) -> AppResult<Mine> {
    actor.require(Permission::ViewQuote)?;
    let found = among
        .find_also_related(inquiries::Entity)
        .and_also_related(patients::Entity)
        .filter(sent_to(actor.patient()?))
        .all(conn)
        .await?;
    let mut mine = Mine::default();
    for (row, case, patient) in found {
        mine.rows.push(row);
        mine.cases.extend(case);
        mine.country = patient.and_then(|patient| patient.country_code);
    }
    Ok(mine)
}

/// One page of quotes, at most 8 statements.
///
/// Errors: 422 `sort_needs_inquiry` for an order by rating over all requests.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    page: PageQuery,
) -> AppResult<Page<QuoteView<QuoteSummary>>> {
    let page = page.checked()?;
    let conn = app.db.conn();
    if filter.sort == Sort::RatingDown && filter.inquiry.is_none() && actor.patient().is_err() {
        // Ratings belong to clinics: the offers of all requests in their order would be read to the last.
        let detail = "Sort by rating within one request: give filter[inquiry_id].";
        return Err(AppError::field("sort", "sort_needs_inquiry", detail));
    }
    let query = filter.apply(visible(actor)?, app.now())?;
    let total = platform::db::total(conn, &query).await?;
    let rows = filter.sort.apply(query).offset(page.offset()).limit(page.per_page).all(conn).await?;
    let around = Around::load(conn, app, actor, &rows).await?;
    let views = rows.iter().map(|row| around.summary(row).and_then(|view| around.shape(app, actor, row, view)));
    Ok(Page::new(views.collect::<AppResult<_>>()?, page, total))
}

/// One quote in full; 404 when it is not the actor's to see.
pub async fn show(app: &App, actor: &Actor, id: QuoteId) -> AppResult<QuoteView<QuoteDetail>> {
    let conn = app.db.conn();
    let row = visible(actor)?.filter(quotes::Column::Id.eq(id)).one(conn).await?.ok_or_else(AppError::not_found)?;
    let around = Around::load_without_leads(conn, app, actor, std::slice::from_ref(&row)).await?;
    let rows = content::rows(conn, id).await?;
    let hold = if row.status == QuoteStatus::Accepted { hold_of(conn, id).await? } else { None };
    let around = around.with_lead(rows.lead.clone());
    let view = detail(&around, &row, &rows, hold)?;
    around.shape(app, actor, &row, view)
}

pub(crate) async fn hold_of(conn: &impl ConnectionTrait, id: QuoteId) -> AppResult<Option<DateTime<Utc>>> {
    let row = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(id))
        .filter(schedules::Column::Status.eq(schedules::ScheduleStatus::Pending))
        .one(conn)
        .await?;
    Ok(row.and_then(|row| row.hold_expires_at))
}

/// Two or three offers of one request side by side, for its patient.
///
/// Errors: 422 `compare_count`, 422 `compare_mixed` for offers of another request, 404 for what is not theirs.
pub async fn compare(app: &App, actor: &Actor, inquiry: InquiryId, ids: &[QuoteId]) -> AppResult<Vec<QuoteSummary>> {
    let mine = compared(app, actor, inquiry, ids).await?;
    let around = Around::load(app.db.conn(), app, actor, &mine.rows).await?;
    mine.rows.iter().map(|row| around.summary(row)).collect()
}

/// The rows behind [`compare`], in the order asked for, in two statements.
pub(crate) async fn compared(app: &App, actor: &Actor, inquiry: InquiryId, ids: &[QuoteId]) -> AppResult<Mine> {
    let patient = actor.patient()?;
    let conn = app.db.conn();
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if !(2..=3).contains(&wanted.len()) || wanted.len() != ids.len() {
        return Err(AppError::invalid("compare_count", "Choose two or three offers."));
    }
    let own =
        inquiries::Entity::find_by_id(inquiry).filter(inquiries::Column::PatientId.eq(patient)).count(conn).await?;
    let among = quotes::Entity::find().filter(quotes::Column::Id.is_in(wanted.iter().copied()));
    let mut found = mine(conn, actor, among).await?;
    if own == 0 || found.rows.len() != wanted.len() {
        return Err(AppError::not_found());
    }
    if found.rows.iter().any(|row| row.inquiry_id != inquiry) {
        return Err(AppError::invalid("compare_mixed", "These offers belong to different requests."));
    }
    found.rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(found)
}

/// The versions of a quote, newest first, for its clinic and staff.
pub async fn versions(app: &App, actor: &Actor, id: QuoteId) -> AppResult<Vec<VersionView>> {
    if matches!(actor.kind, ActorKind::Patient(_)) {
        return Err(AppError::forbidden());
    }
    let conn = app.db.conn();
    visible(actor)?.filter(quotes::Column::Id.eq(id)).one(conn).await?.ok_or_else(AppError::not_found)?;
    let rows = quote_versions::Entity::find()
        .filter(quote_versions::Column::QuoteId.eq(id))
        .order_by_desc(quote_versions::Column::Version)
        .all(conn)
        .await?;
    Ok(version_views(rows))
}

/// Versions, newest first, each against the one before.
pub(crate) fn version_views(rows: Vec<quote_versions::Model>) -> Vec<VersionView> {
    let before: Vec<Option<quote_versions::Model>> =
        rows.iter().skip(1).cloned().map(Some).chain([None]).take(rows.len()).collect();
    rows.into_iter().zip(before).map(|(row, before)| version_view(row, before)).collect()
}

fn version_view(row: quote_versions::Model, before: Option<quote_versions::Model>) -> VersionView {
    let named = row.changed_fields.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
    let of = |content: &Value, field: &str| content.get(field).cloned().unwrap_or_default();
    let changes = match &before {
        Some(before) => named
            .iter()
            .filter_map(Value::as_str)
            .map(|field| ChangeView {
                field: field.to_owned(),
                before: of(&before.snapshot, field),
                after: of(&row.snapshot, field),
            })
            .filter(|change| change.before != change.after)
            .collect(),
        None => Vec::new(),
    };
    VersionView {
        version: row.version,
        total: Money::new(row.quote_amount, row.currency),
        changed_fields: row.changed_fields,
        changes,
        content: row.snapshot,
        by_staff: row.created_by_type == QuoteVersionCreatedByType::User,
        reason: row.reason,
        created_at: row.created_at,
    }
}
