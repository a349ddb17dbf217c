//! What a search of the directory needs to know of every clinic, kept in memory for seconds: with thousands of clinics
//! a visitor's search costs the rows of one page, not all of them (R-IQ-85, 86).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use kernel::ids::{ProviderId, TreatmentId};
use kernel::{AppError, AppResult, Currency, Money};
use platform::App;
use platform::config::Mode;
use platform::db::uncounted;
use rust_decimal::Decimal;
use sea_orm::{EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use crate::clinics::accepting_condition;
use crate::entity::providers::{self, ProviderServiceScope};
use crate::queries;
use crate::rules::distribution::Ranked;
use crate::rules::price::in_dollars;
use crate::rules::rating::Rating;
use crate::rules::search::{fold, slug};

/// How old it may be. Names, ratings and pictures are read anew for what is shown, and so is whether a clinic still
/// accepts: only a new clinic, a new price or another order can be late.
const FRESH: Duration = Duration::from_secs(5);

/// Every accepting clinic as a search sees it.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// In the order of R-IQ-25.
    pub clinics: Vec<Entry>,
    /// Codes of all languages spoken in any of them, in their order.
    pub languages: Vec<String>,
    /// The least price of each treatment, judged in dollars.
    pub treatments: HashMap<TreatmentId, Money>,
    /// Units of each currency per US dollar.
    pub rates: HashMap<Currency, Decimal>,
}

/// One clinic.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub id: ProviderId,
    /// Name and specialty in the form that is compared.
    pub texts: [String; 2],
    pub country_code: Option<String>,
    /// The city, and the same as it stands in addresses.
    pub city: String,
    pub city_slug: String,
    pub rating: Rating,
    pub scope: Option<ProviderServiceScope>,
    pub years_experience: Option<i32>,
    /// Codes, main language first.
    pub languages: Vec<String>,
    /// The least it asks for anything.
    pub price: Option<Money>,
    /// The same in US dollars; `None` without a rate.
    pub dollars: Option<Decimal>,
}

/// The columns the index is made of.
#[derive(Debug, FromQueryResult)]
struct Clinic {
    id: ProviderId,
    provider_name: String,
    medical_specialty: Option<String>,
    city: String,
    country_code: Option<String>,
    rating_sum: i32,
    rating_count: i32,
    service_scope: Option<ProviderServiceScope>,
    years_experience: Option<i32>,
    is_featured: bool,
}

/// The kept index of an [`App`].
struct Kept(moka::future::Cache<(), Arc<Index>>);

impl Default for Kept {
    fn default() -> Self {
        Self(moka::future::Cache::builder().max_capacity(1).time_to_live(FRESH).build())
    }
}

/// The index, at most [`FRESH`] old; readers who find none wait for one building of it.
pub(crate) async fn current(app: &App) -> AppResult<Arc<Index>> {
    if app.config.mode == Mode::Test {
        // Tests change rows behind the program's back and look at once.
        return uncounted(build(app)).await.map(Arc::new);
    }
    let built = async { uncounted(build(app)).await.map(Arc::new) };
    let kept = app.memory.of::<Kept>().0.try_get_with((), built).await;
    kept.map_err(|error: Arc<AppError>| AppError::internal(error.to_string()))
}

/// Four statements.
async fn build(app: &App) -> AppResult<Index> {
    let conn = app.replica.conn();
    let mut found = providers::Entity::find()
        .select_only()
        .columns([
            providers::Column::Id,
            providers::Column::ProviderName,
            providers::Column::MedicalSpecialty,
            providers::Column::City,
            providers::Column::CountryCode,
            providers::Column::RatingSum,
            providers::Column::RatingCount,
            providers::Column::ServiceScope,
            providers::Column::YearsExperience,
            providers::Column::IsFeatured,
        ])
        .filter(accepting_condition())
        .into_model::<Clinic>()
        .all(conn)
        .await?;
    let rates = queries::rates(conn, app.now()).await?;
    let mut spoken = queries::spoken_where_accepted(conn).await?;
    let languages: BTreeSet<String> = spoken.values().flatten().cloned().collect();
    let (mut least, treatments) = queries::least_prices(conn, &rates).await?;
    let rank = |clinic: &Clinic| Ranked {
        id: clinic.id,
        name: clinic.provider_name.clone(),
        featured: clinic.is_featured,
        rating: Rating { sum: clinic.rating_sum, count: clinic.rating_count },
    };
    found.sort_by(|a, b| rank(a).recommended_first(&rank(b)));
    let clinics = found.into_iter().map(|clinic| {
        let price = least.remove(&clinic.id);
        Entry {
            id: clinic.id,
            texts: [fold(&clinic.provider_name), fold(clinic.medical_specialty.as_deref().unwrap_or_default())],
            country_code: clinic.country_code,
            city_slug: slug(&clinic.city),
            city: clinic.city,
            rating: Rating { sum: clinic.rating_sum, count: clinic.rating_count },
            scope: clinic.service_scope,
            years_experience: clinic.years_experience,
            languages: spoken.remove(&clinic.id).unwrap_or_default(),
            price,
            dollars: price.and_then(|price| in_dollars(price, |currency| rates.get(&currency).copied())),
        }
    });
    let clinics = clinics.collect();
    Ok(Index { clinics, languages: languages.into_iter().collect(), treatments, rates })
}
