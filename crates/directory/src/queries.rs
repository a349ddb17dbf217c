//! Reads behind the directory: a fixed number of statements however many clinics.

use std::collections::HashMap;

use kernel::ids::{LanguageId, ProviderId, TreatmentId};
use kernel::{AppResult, Currency, Money, Timestamp};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};

use crate::clinics::accepting_condition;
use crate::entity::provider_documents::{
    ProviderDocumentScanStatus, ProviderDocumentType, ProviderDocumentVerificationStatus,
};
use crate::entity::{provider_awards, provider_documents, provider_languages, provider_slugs, providers};
use crate::projection::{fx_rates, languages, prices, reviews, treatments};
use crate::rules::price::{from_price, in_dollars};
use crate::rules::rating::{Rating, percent};
use crate::views::{AwardView, OfferedTreatment, PartRating, RatingShare, TeamTitle};

/// Those of these clinics that accept, in no order.
pub(crate) async fn accepting(conn: &impl ConnectionTrait, ids: &[ProviderId]) -> AppResult<Vec<providers::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let among = providers::Column::Id.is_in(ids.iter().copied());
    Ok(providers::Entity::find().filter(accepting_condition()).filter(among).all(conn).await?)
}

/// Keeps the lower of two prices; in different currencies the lower one in dollars.
pub(crate) fn keep_lower(known: &mut Money, price: Money, rates: &HashMap<Currency, Decimal>) {
    let worth = |price: Money| in_dollars(price, |currency| rates.get(&currency).copied());
    let lower = if known.currency == price.currency {
        price.amount < known.amount
    } else {
        matches!((worth(price), worth(*known)), (Some(new), Some(old)) if new < old)
    };
    if lower {
        *known = price;
    }
}

/// The least price of every accepting clinic and of every treatment at any of them. Where prices are in several
/// currencies, the least in dollars wins.
pub(crate) async fn least_prices(
    conn: &impl ConnectionTrait,
    rates: &HashMap<Currency, Decimal>,
) -> AppResult<(HashMap<ProviderId, Money>, HashMap<TreatmentId, Money>)> {
    let mut clinics =
        providers::Entity::find().select_only().column(providers::Column::Id).filter(accepting_condition());
    let rows = prices::Entity::find()
        .filter(prices::Column::Status.eq("offered"))
        .filter(prices::Column::ProviderId.in_subquery(QuerySelect::query(&mut clinics).to_owned()))
        .all(conn)
        .await?;
    let (mut of_clinics, mut of_treatments) = (HashMap::new(), HashMap::new());
    for row in rows {
        let Some(price) = from_price(row.base_price, row.price_per_graft, row.min_grafts, row.currency) else {
            continue;
        };
        keep_lower(of_clinics.entry(row.provider_id).or_insert(price), price, rates);
        keep_lower(of_treatments.entry(row.treatment_id).or_insert(price), price, rates);
    }
    Ok((of_clinics, of_treatments))
}

/// Units of each currency per US dollar, the newest of each.
pub(crate) async fn rates(conn: &impl ConnectionTrait, now: Timestamp) -> AppResult<HashMap<Currency, Decimal>> {
    let rows = fx_rates::Entity::find()
        // The newest rate is at most a day old; a month bounds the read where the feed has failed.
        .filter(fx_rates::Column::FetchedAt.gt(now - chrono::Duration::days(31)))
        .order_by_asc(fx_rates::Column::FetchedAt)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.target_currency, row.base_rate)).collect())
}

/// Who speaks what, main language first.
fn spoken_rows() -> sea_orm::Select<provider_languages::Entity> {
    provider_languages::Entity::find()
        .join(
            sea_orm::JoinType::InnerJoin,
            provider_languages::Entity::belongs_to(languages::Entity)
                .from(provider_languages::Column::LanguageId)
                .to(languages::Column::Id)
                .into(),
        )
        .select_only()
        .column(provider_languages::Column::ProviderId)
        .column(languages::Column::Code)
        .order_by_asc(provider_languages::Column::SortOrder)
        .order_by_asc(languages::Column::Code)
}

fn by_clinic(rows: Vec<(ProviderId, String)>) -> HashMap<ProviderId, Vec<String>> {
    let mut spoken: HashMap<ProviderId, Vec<String>> = HashMap::new();
    for (clinic, code) in rows {
        spoken.entry(clinic).or_default().push(code);
    }
    spoken
}

/// The codes of the languages spoken at each clinic, main one first.
pub(crate) async fn spoken(
    conn: &impl ConnectionTrait,
    clinics: &[ProviderId],
) -> AppResult<HashMap<ProviderId, Vec<String>>> {
    if clinics.is_empty() {
        return Ok(HashMap::new());
    }
    let own = provider_languages::Column::ProviderId.is_in(clinics.iter().copied());
    Ok(by_clinic(spoken_rows().filter(own).into_tuple().all(conn).await?))
}

/// The same for every accepting clinic.
pub(crate) async fn spoken_where_accepted(conn: &impl ConnectionTrait) -> AppResult<HashMap<ProviderId, Vec<String>>> {
    let mut clinics =
        providers::Entity::find().select_only().column(providers::Column::Id).filter(accepting_condition());
    let accepting = provider_languages::Column::ProviderId.in_subquery(QuerySelect::query(&mut clinics).to_owned());
    Ok(by_clinic(spoken_rows().filter(accepting).into_tuple().all(conn).await?))
}

/// All languages that can be chosen, by code: id and name.
pub(crate) async fn all_languages(conn: &impl ConnectionTrait) -> AppResult<Vec<(LanguageId, String, String)>> {
    let rows = languages::Entity::find()
        .filter(languages::Column::IsSpokenOption.eq(true))
        .order_by_asc(languages::Column::Code)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code, row.native_name)).collect())
}

/// The language with that code.
pub(crate) async fn language(conn: &impl ConnectionTrait, code: &str) -> AppResult<Option<LanguageId>> {
    Ok(languages::Entity::find().filter(languages::Column::Code.eq(code)).one(conn).await?.map(|row| row.id))
}

/// The clinic with that id or slug, or that once had the slug, and whether a verified, clean, unexpired medical licence
/// is on file.
pub(crate) async fn by_id_or_slug(
    conn: &impl ConnectionTrait,
    name: &str,
    today: chrono::NaiveDate,
) -> AppResult<Option<(providers::Model, bool)>> {
    if let Ok(id) = name.parse::<ProviderId>() {
        return with_licence(conn, providers::Column::Id.eq(id), today).await;
    }
    let slug = name.to_lowercase();
    if let Some(clinic) = with_licence(conn, providers::Column::Slug.eq(&slug), today).await? {
        return Ok(Some(clinic));
    }
    let former = provider_slugs::Entity::find().filter(provider_slugs::Column::Slug.eq(&slug)).one(conn).await?;
    match former {
        Some(former) => with_licence(conn, providers::Column::Id.eq(former.provider_id), today).await,
        None => Ok(None),
    }
}

struct Licensed(providers::Model, bool);

impl FromQueryResult for Licensed {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        Ok(Self(providers::Model::from_query_result(row, prefix)?, row.try_get(prefix, "has_licence")?))
    }
}

async fn with_licence(
    conn: &impl ConnectionTrait,
    which: SimpleExpr,
    today: chrono::NaiveDate,
) -> AppResult<Option<(providers::Model, bool)>> {
    use provider_documents::Column;

    let on_file = |column: Column| Expr::col((provider_documents::Entity, column));
    let unexpired = Cond::any().add(on_file(Column::ExpiresOn).is_null()).add(on_file(Column::ExpiresOn).gte(today));
    let licence = Query::select()
        .expr(Expr::val(1))
        .from(provider_documents::Entity)
        .and_where(on_file(Column::ProviderId).equals((providers::Entity, providers::Column::Id)))
        .and_where(Column::DocumentType.eq(ProviderDocumentType::MedicalLicense))
        .and_where(Column::VerificationStatus.eq(ProviderDocumentVerificationStatus::Verified))
        .and_where(Column::ScanStatus.eq(ProviderDocumentScanStatus::Clean))
        .and_where(on_file(Column::DeletedAt).is_null())
        .and_where(on_file(Column::SupersededAt).is_null())
        .cond_where(unexpired)
        .to_owned();
    let found: Option<Licensed> = providers::Entity::find()
        .column_as(Expr::exists(licence), "has_licence")
        .filter(which)
        .into_model()
        .one(conn)
        .await?;
    Ok(found.map(|Licensed(clinic, licence)| (clinic, licence)))
}

/// How many published reviews gave exactly these ratings: overall, results, staff, facility, value.
type RatingRow = (i32, Option<i32>, Option<i32>, Option<i32>, Option<i32>, i64);

/// How many published reviews gave how many stars, 5 first (R-CM-66), and the average of each part, which skips
/// reviews without it (R-CM-65); in one statement, and with no sum of the database: engines differ in its type.
pub(crate) async fn distribution(
    conn: &impl ConnectionTrait,
    clinic: ProviderId,
) -> AppResult<(Vec<RatingShare>, Vec<PartRating>)> {
    use reviews::Column;

    let ratings = [
        Column::OverallRating,
        Column::ResultsRating,
        Column::StaffRating,
        Column::FacilityRating,
        Column::ValueRating,
    ];
    let mut query = reviews::Entity::find()
        .select_only()
        .columns(ratings)
        .column_as(Expr::col((reviews::Entity, Column::Id)).count(), "total")
        .filter(Column::ProviderId.eq(clinic))
        .filter(Column::IsPublished.eq(true));
    for rating in ratings {
        query = query.group_by(rating);
    }
    let rows: Vec<RatingRow> = query.into_tuple().all(conn).await?;
    let mut counts: HashMap<i32, u64> = HashMap::new();
    for row in &rows {
        *counts.entry(row.0).or_default() += u64::try_from(row.5).unwrap_or(0);
    }
    let total: u64 = counts.values().sum();
    let shares = (1..=5)
        .rev()
        .map(|stars| {
            let count = counts.get(&stars).copied().unwrap_or(0);
            RatingShare { stars, count, percent: percent(count, total) }
        })
        .collect();
    let part = |part: &'static str, of: fn(&RatingRow) -> Option<i32>| {
        let mut rating = Rating { sum: 0, count: 0 };
        for row in &rows {
            let times = i32::try_from(row.5).unwrap_or(0);
            if let Some(stars) = of(row) {
                rating = Rating { sum: rating.sum + stars * times, count: rating.count + times };
            }
        }
        Some(PartRating { part, average: rating.average()?, count: rating.count })
    };
    let parts = [
        part("results", |row| row.1),
        part("staff", |row| row.2),
        part("facility", |row| row.3),
        part("value", |row| row.4),
    ];
    Ok((shares, parts.into_iter().flatten().collect()))
}

/// The clinic's awards, in its order.
pub(crate) async fn awards(conn: &impl ConnectionTrait, clinic: ProviderId) -> AppResult<Vec<AwardView>> {
    let rows = provider_awards::Entity::find()
        .filter(provider_awards::Column::ProviderId.eq(clinic))
        .filter(provider_awards::Column::DeletedAt.is_null())
        .order_by_asc(provider_awards::Column::SortOrder)
        .order_by_desc(provider_awards::Column::AwardYear)
        .all(conn)
        .await?;
    let view = |row: provider_awards::Model| AwardView {
        name: row.award_name,
        issuer: row.issuer,
        description: row.description,
        year: row.award_year,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// What the clinic offers, by name.
pub(crate) async fn offered(conn: &impl ConnectionTrait, clinic: ProviderId) -> AppResult<Vec<OfferedTreatment>> {
    let rows = prices::Entity::find()
        .find_also_related(treatments::Entity)
        .filter(prices::Column::ProviderId.eq(clinic))
        .filter(prices::Column::Status.eq("offered"))
        .filter(treatments::Column::Status.eq("active"))
        .order_by_asc(treatments::Column::TreatmentName)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(price, treatment)| treatment.map(|treatment| (price, treatment)))
        .map(|(price, treatment)| OfferedTreatment {
            id: treatment.id,
            name: treatment.treatment_name,
            treatment_type: treatment.treatment_type,
            from_price: from_price(price.base_price, price.price_per_graft, price.min_grafts, price.currency),
        })
        .collect())
}

/// The clinicians of a clinic who carry a title; title and first name only (R-MG-24).
pub(crate) async fn team(conn: &impl ConnectionTrait, clinic: ProviderId) -> AppResult<Vec<TeamTitle>> {
    use identity::entity::provider_users::{Column, Entity, ProviderUserStatus};
    let rows: Vec<(Option<String>, String)> = Entity::find()
        .select_only()
        .column(Column::Title)
        .column(Column::Firstname)
        .filter(Column::ProviderId.eq(clinic))
        .filter(Column::Status.eq(ProviderUserStatus::Active))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Title.is_not_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    let view = |(title, first_name): (Option<String>, String)| title.map(|title| TeamTitle { title, first_name });
    Ok(rows.into_iter().filter_map(view).collect())
}
