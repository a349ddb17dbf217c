//! Reads behind the directory: a fixed number of statements however many clinics.

use std::collections::HashMap;

use kernel::ids::{LanguageId, ProviderId};
use kernel::{AppResult, Currency, Money, Timestamp};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Cond, Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::clinics::accepting_condition;
use crate::entity::provider_documents::{
    ProviderDocumentScanStatus, ProviderDocumentType, ProviderDocumentVerificationStatus,
};
use crate::entity::{provider_awards, provider_documents, provider_languages, provider_slugs, providers};
use crate::projection::{fx_rates, languages, prices, reviews, treatments};
use crate::rules::price::{from_price, in_dollars};
use crate::rules::rating::percent;
use crate::views::{AwardView, OfferedTreatment, RatingShare, TeamTitle};

/// The accepting clinics, of some countries or of all.
pub(crate) async fn accepting(conn: &impl ConnectionTrait, countries: &[String]) -> AppResult<Vec<providers::Model>> {
    let mut query = providers::Entity::find().filter(accepting_condition());
    if !countries.is_empty() {
        query = query.filter(providers::Column::CountryCode.is_in(countries.iter().map(String::as_str)));
    }
    Ok(query.all(conn).await?)
}

/// The least price of every clinic. Where one clinic prices in several currencies, the least in dollars wins.
pub(crate) async fn starting_prices(
    conn: &impl ConnectionTrait,
    clinics: &[ProviderId],
    rates: &HashMap<Currency, Decimal>,
) -> AppResult<HashMap<ProviderId, Money>> {
    if clinics.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = prices::Entity::find()
        .filter(prices::Column::ProviderId.is_in(clinics.iter().copied()))
        .filter(prices::Column::Status.eq("offered"))
        .all(conn)
        .await?;
    let worth = |price: Money| in_dollars(price, |currency| rates.get(&currency).copied());
    let mut least: HashMap<ProviderId, Money> = HashMap::new();
    for row in rows {
        let Some(price) = from_price(row.base_price, row.price_per_graft, row.min_grafts, row.currency) else {
            continue;
        };
        let known = least.entry(row.provider_id).or_insert(price);
        let lower = if known.currency == price.currency {
            price.amount < known.amount
        } else {
            matches!((worth(price), worth(*known)), (Some(new), Some(old)) if new < old)
        };
        if lower {
            *known = price;
        }
    }
    Ok(least)
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

/// The codes of the languages spoken at each clinic, main one first.
pub(crate) async fn spoken(
    conn: &impl ConnectionTrait,
    clinics: &[ProviderId],
) -> AppResult<HashMap<ProviderId, Vec<String>>> {
    if clinics.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(ProviderId, String)> = provider_languages::Entity::find()
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
        .filter(provider_languages::Column::ProviderId.is_in(clinics.iter().copied()))
        .order_by_asc(provider_languages::Column::SortOrder)
        .order_by_asc(languages::Column::Code)
        .into_tuple()
        .all(conn)
        .await?;
    let mut spoken: HashMap<ProviderId, Vec<String>> = HashMap::new();
    for (clinic, code) in rows {
        spoken.entry(clinic).or_default().push(code);
    }
    Ok(spoken)
}

/// The language with that code.
pub(crate) async fn language(conn: &impl ConnectionTrait, code: &str) -> AppResult<Option<LanguageId>> {
    Ok(languages::Entity::find().filter(languages::Column::Code.eq(code)).one(conn).await?.map(|row| row.id))
}

/// The clinic with that id or slug, or that once had the slug.
pub(crate) async fn by_id_or_slug(conn: &impl ConnectionTrait, name: &str) -> AppResult<Option<providers::Model>> {
    if let Ok(id) = name.parse::<ProviderId>() {
        return Ok(providers::Entity::find_by_id(id).one(conn).await?);
    }
    let slug = name.to_lowercase();
    if let Some(clinic) = providers::Entity::find().filter(providers::Column::Slug.eq(&slug)).one(conn).await? {
        return Ok(Some(clinic));
    }
    let former = provider_slugs::Entity::find().filter(provider_slugs::Column::Slug.eq(&slug)).one(conn).await?;
    match former {
        Some(former) => Ok(providers::Entity::find_by_id(former.provider_id).one(conn).await?),
        None => Ok(None),
    }
}

/// How many published reviews gave how many stars, 5 first (R-CM-66).
pub(crate) async fn distribution(conn: &impl ConnectionTrait, clinic: ProviderId) -> AppResult<Vec<RatingShare>> {
    let rows: Vec<(i32, i64)> = reviews::Entity::find()
        .select_only()
        .column(reviews::Column::OverallRating)
        .column_as(Expr::col((reviews::Entity, reviews::Column::Id)).count(), "total")
        .filter(reviews::Column::ProviderId.eq(clinic))
        .filter(reviews::Column::IsPublished.eq(true))
        .group_by(reviews::Column::OverallRating)
        .into_tuple()
        .all(conn)
        .await?;
    let counts: HashMap<i32, u64> =
        rows.into_iter().map(|(stars, count)| (stars, u64::try_from(count).unwrap_or(0))).collect();
    let total: u64 = counts.values().sum();
    Ok((1..=5)
        .rev()
        .map(|stars| {
            let count = counts.get(&stars).copied().unwrap_or(0);
            RatingShare { stars, count, percent: percent(count, total) }
        })
        .collect())
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

/// Whether a verified, clean, unexpired medical licence is on file.
pub(crate) async fn has_licence(
    conn: &impl ConnectionTrait,
    clinic: ProviderId,
    today: chrono::NaiveDate,
) -> AppResult<bool> {
    use provider_documents::Column;
    let unexpired = Cond::any().add(Column::ExpiresOn.is_null()).add(Column::ExpiresOn.gte(today));
    let found = provider_documents::Entity::find()
        .filter(Column::ProviderId.eq(clinic))
        .filter(Column::DocumentType.eq(ProviderDocumentType::MedicalLicense))
        .filter(Column::VerificationStatus.eq(ProviderDocumentVerificationStatus::Verified))
        .filter(Column::ScanStatus.eq(ProviderDocumentScanStatus::Clean))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::SupersededAt.is_null())
        .filter(unexpired)
        .one(conn)
        .await?;
    Ok(found.is_some())
}
