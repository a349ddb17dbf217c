//! Reads: public lists, the author's own, the moderation queue. Fixed numbers of statements.

use std::collections::HashMap;

use directory::entity::providers;
use identity::entity::patients;
use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId, ReviewId, TreatmentId};
use kernel::{AppError, AppResult, Page, PageQuery};
use quoting::entity::quotes;
use sea_orm::sea_query::{Expr, IntoCondition, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, LoaderTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};

use crate::entity::review_responses::{self, ReviewResponseStatus};
use crate::entity::reviews::{self, ModerationStatus};
use crate::views::{OwnReview, PublicResponse, PublicReview, RatingSummary, ReviewForAdmin, author};

/// How a public list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Best first.
    Highest,
    /// Worst first.
    Lowest,
}

/// The newest good reviews of all clinics with the clinic's name, in two statements: for the public first page, which
/// shows no answers.
pub async fn newest_published(conn: &impl ConnectionTrait, count: u64) -> AppResult<Vec<(String, PublicReview)>> {
    let rows = reviews::Entity::find()
        .filter(reviews::Column::IsPublished.eq(true))
        .filter(reviews::Column::OverallRating.gte(4))
        .filter(reviews::Column::ReviewText.is_not_null())
        .order_by_desc(reviews::Column::PublishedAt)
        .order_by_desc(reviews::Column::Id)
        .limit(count)
        .find_also_related(directory::entity::providers::Entity)
        .all(conn)
        .await?;
    let (rows, clinics): (Vec<reviews::Model>, Vec<_>) = rows.into_iter().unzip();
    let patients = rows.load_one(patients::Entity, conn).await?;
    let named = clinics.into_iter().map(|clinic| clinic.map(|clinic| clinic.provider_name).unwrap_or_default());
    Ok(named.zip(rows.iter().zip(patients).map(|(row, patient)| public(row, patient, None, None))).collect())
}

fn public(
    row: &reviews::Model,
    patient: Option<patients::Model>,
    treatment_id: Option<TreatmentId>,
    answer: Option<review_responses::Model>,
) -> PublicReview {
    PublicReview {
        id: row.id,
        author: author(patient.as_ref(), row.author_alias_suffix),
        country_code: patient.and_then(|patient| patient.country_code),
        treatment_id,
        ratings: row.into(),
        review_text: row.review_text.clone(),
        published_at: row.published_at,
        edited_at: row.last_edited_at,
        response: answer.map(Into::into),
    }
}

/// What a clinic's list of its own reviews is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClinicFilter {
    /// Only this overall rating.
    pub rating: Option<i32>,
    /// Only those with an answer, or without.
    pub answered: Option<bool>,
}

/// Published reviews of a clinic.
pub async fn published(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    rating: Option<i32>,
    sort: Sort,
    page: PageQuery,
) -> AppResult<Page<PublicReview>> {
    of_clinic(conn, provider, ClinicFilter { rating, answered: None }, sort, page).await
}

/// The public reviews of a clinic with its answers.
fn answered(provider: ProviderId) -> Select<reviews::Entity> {
    let answer = reviews::Relation::ReviewResponses
        .def()
        .on_condition(|_, answer| Expr::col((answer, review_responses::Column::Status)).eq("active").into_condition());
    reviews::Entity::find()
        .join(JoinType::LeftJoin, answer)
        .filter(reviews::Column::ProviderId.eq(provider))
        .filter(reviews::Column::IsPublished.eq(true))
}

/// Published reviews of a clinic as it looks for them, in four statements.
pub async fn of_clinic(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    filter: ClinicFilter,
    sort: Sort,
    page: PageQuery,
) -> AppResult<Page<PublicReview>> {
    let mut select = answered(provider);
    if let Some(rating) = filter.rating {
        select = select.filter(reviews::Column::OverallRating.eq(rating));
    }
    select = match filter.answered {
        None => select,
        Some(true) => select.filter(review_responses::Column::Id.is_not_null()),
        Some(false) => select.filter(review_responses::Column::Id.is_null()),
    };
    let total = select.clone().count(conn).await?;
    select = match sort {
        Sort::Newest => select,
        Sort::Oldest => select.order_by_asc(reviews::Column::PublishedAt).order_by_asc(reviews::Column::Id),
        Sort::Highest => select.order_by_desc(reviews::Column::OverallRating),
        Sort::Lowest => select.order_by_asc(reviews::Column::OverallRating),
    };
    let select = select.order_by_desc(reviews::Column::PublishedAt).order_by_desc(reviews::Column::Id);
    let select = select.offset(page.offset()).limit(page.per_page);
    Ok(Page::new(read_public(conn, select).await?, page, total))
}

/// One public review of a clinic; 404 for any other.
pub async fn one_of_clinic(conn: &impl ConnectionTrait, provider: ProviderId, id: ReviewId) -> AppResult<PublicReview> {
    let found = read_public(conn, answered(provider).filter(reviews::Column::Id.eq(id))).await?;
    found.into_iter().next().ok_or_else(AppError::not_found)
}

async fn read_public(conn: &impl ConnectionTrait, select: Select<reviews::Entity>) -> AppResult<Vec<PublicReview>> {
    let found = select.select_also(review_responses::Entity).all(conn).await?;
    let (rows, answers): (Vec<reviews::Model>, Vec<Option<review_responses::Model>>) = found.into_iter().unzip();
    let patients = rows.load_one(patients::Entity, conn).await?;
    let treatments = treatments_of(conn, &rows).await?;
    let view = |((row, patient), answer): ((&reviews::Model, Option<patients::Model>), _)| {
        public(row, patient, row.quote_id.and_then(|quote| treatments.get(&quote).copied()), answer)
    };
    Ok(rows.iter().zip(patients).zip(answers).map(view).collect())
}

/// The answer to a review that stands now, and how many were given in all.
pub async fn answer(conn: &impl ConnectionTrait, review: ReviewId) -> AppResult<(Option<PublicResponse>, usize)> {
    let rows = review_responses::Entity::find()
        .filter(review_responses::Column::ReviewId.eq(review))
        .order_by_asc(review_responses::Column::Id)
        .all(conn)
        .await?;
    let count = rows.len();
    let stands = rows.into_iter().find(|row| row.status == ReviewResponseStatus::Active);
    Ok((stands.map(Into::into), count))
}

/// The case a review belongs to, for staff.
pub async fn case_of(conn: &impl ConnectionTrait, quote: Option<QuoteId>) -> AppResult<Option<InquiryId>> {
    let Some(quote) = quote else { return Ok(None) };
    Ok(quotes::Entity::find_by_id(quote).select_only().column(quotes::Column::InquiryId).into_tuple().one(conn).await?)
}

/// A clinic's rating at a glance.
pub async fn summary(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<RatingSummary> {
    let counts: Vec<(i32, i64)> = reviews::Entity::find()
        .select_only()
        .column(reviews::Column::OverallRating)
        .column_as(Expr::col(reviews::Column::Id).count(), "count")
        .filter(reviews::Column::ProviderId.eq(provider))
        .filter(reviews::Column::IsPublished.eq(true))
        .group_by(reviews::Column::OverallRating)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(RatingSummary::of(&counts))
}

/// The reviews a patient wrote, newest first.
pub async fn written_by(
    conn: &impl ConnectionTrait,
    patient: PatientId,
    page: PageQuery,
) -> AppResult<Page<OwnReview>> {
    let select = reviews::Entity::find()
        .filter(reviews::Column::PatientId.eq(patient))
        .order_by_desc(reviews::Column::CreatedAt)
        .order_by_desc(reviews::Column::Id);
    let (rows, total) = page_of(conn, select, page).await?;
    Ok(Page::new(rows.iter().map(OwnReview::from).collect(), page, total))
}

/// The moderators' list: pending first, oldest first.
pub async fn queue(
    conn: &impl ConnectionTrait,
    status: Option<ModerationStatus>,
    flagged: Option<bool>,
    page: PageQuery,
) -> AppResult<Page<ReviewForAdmin>> {
    found(conn, reviews::Entity::find(), status, flagged, page).await
}

/// The moderators' list, narrowed by words of the review or of its author's name.
pub async fn search(
    conn: &impl ConnectionTrait,
    words: &str,
    status: Option<ModerationStatus>,
    flagged: Option<bool>,
    page: PageQuery,
) -> AppResult<Page<ReviewForAdmin>> {
    let authors = Query::select()
        .column(patients::Column::Id)
        .from(patients::Entity)
        .cond_where(
            Condition::any()
                .add(patients::Column::FirstName.contains(words))
                .add(patients::Column::LastName.contains(words)),
        )
        .to_owned();
    let which = Condition::any()
        .add(reviews::Column::ReviewText.contains(words))
        .add(reviews::Column::PatientId.in_subquery(authors));
    found(conn, reviews::Entity::find().filter(which), status, flagged, page).await
}

async fn found(
    conn: &impl ConnectionTrait,
    mut select: Select<reviews::Entity>,
    status: Option<ModerationStatus>,
    flagged: Option<bool>,
    page: PageQuery,
) -> AppResult<Page<ReviewForAdmin>> {
    if let Some(status) = status {
        select = select.filter(reviews::Column::ModerationStatus.eq(status));
    }
    if let Some(flagged) = flagged {
        select = select.filter(reviews::Column::IsFlagged.eq(flagged));
    }
    let pending_first: SimpleExpr =
        Expr::case(Expr::col(reviews::Column::ModerationStatus).eq("pending"), 0).finally(1).into();
    let select = select
        .order_by(pending_first, Order::Asc)
        .order_by_asc(reviews::Column::CreatedAt)
        .order_by_asc(reviews::Column::Id);
    let (rows, total) = page_of(conn, select, page).await?;
    let patients = rows.load_one(patients::Entity, conn).await?;
    let data = rows.iter().zip(patients).map(|(row, patient)| for_admin(row, patient.as_ref())).collect();
    Ok(Page::new(data, page, total))
}

/// The names of clinics, in one statement.
pub async fn clinics(conn: &impl ConnectionTrait, ids: Vec<ProviderId>) -> AppResult<HashMap<ProviderId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let names: Vec<(ProviderId, String)> = providers::Entity::find()
        .select_only()
        .columns([providers::Column::Id, providers::Column::ProviderName])
        .filter(providers::Column::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(names.into_iter().collect())
}

/// The review a patient wrote of a booking, and the clinic's name. Whose booking it is was asked before.
pub async fn of_booking(
    conn: &impl ConnectionTrait,
    patient: PatientId,
    quote: QuoteId,
) -> AppResult<(Option<OwnReview>, String)> {
    let written = reviews::Entity::find()
        .filter(reviews::Column::QuoteId.eq(quote))
        .filter(reviews::Column::PatientId.eq(patient))
        .one(conn)
        .await?;
    let chosen = Query::select()
        .column(quotes::Column::ProviderId)
        .from(quotes::Entity)
        .and_where(quotes::Column::Id.eq(quote))
        .to_owned();
    let clinic: Option<String> = providers::Entity::find()
        .select_only()
        .column(providers::Column::ProviderName)
        .filter(providers::Column::Id.in_subquery(chosen))
        .into_tuple()
        .one(conn)
        .await?;
    Ok((written.as_ref().map(OwnReview::from), clinic.unwrap_or_default()))
}

/// One review for a moderator; 404 when there is none.
pub async fn one_for_admin(conn: &impl ConnectionTrait, id: ReviewId) -> AppResult<ReviewForAdmin> {
    let (row, patient) = reviews::Entity::find_by_id(id)
        .find_also_related(patients::Entity)
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)?;
    Ok(for_admin(&row, patient.as_ref()))
}

fn for_admin(row: &reviews::Model, patient: Option<&patients::Model>) -> ReviewForAdmin {
    let reasons = row.flag_reasons.as_ref().and_then(|json| serde_json::from_value(json.clone()).ok());
    ReviewForAdmin {
        review: row.into(),
        patient_id: row.patient_id,
        author: author(patient, row.author_alias_suffix),
        is_flagged: row.is_flagged,
        flag_reasons: reasons.unwrap_or_default(),
        note: row.moderation_note.clone(),
    }
}

async fn page_of(
    conn: &impl ConnectionTrait,
    select: Select<reviews::Entity>,
    page: PageQuery,
) -> AppResult<(Vec<reviews::Model>, u64)> {
    let total = select.clone().count(conn).await?;
    let rows = select.offset(page.offset()).limit(page.per_page).all(conn).await?;
    Ok((rows, total))
}

async fn treatments_of(
    conn: &impl ConnectionTrait,
    rows: &[reviews::Model],
) -> AppResult<HashMap<QuoteId, TreatmentId>> {
    let ids: Vec<QuoteId> = rows.iter().filter_map(|row| row.quote_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let pairs: Vec<(QuoteId, TreatmentId)> = quotes::Entity::find()
        .select_only()
        .columns([quotes::Column::Id, quotes::Column::TreatmentId])
        .filter(quotes::Column::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(pairs.into_iter().collect())
}
