//! The public directory and a clinic's profile (R-IQ-85, 86; R-MG-22..24).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use identity::anonymity::{self, Level};
use identity::entity::patients;
use kernel::error::ErrorKind;
use kernel::ids::{FileId, ProviderId, TreatmentId};
use kernel::{Actor, ActorKind, AppError, AppResult, Currency, FieldErrors, Money, Page, PageQuery};
use platform::App;
use platform::entity::countries;
use platform::files::signed_link;
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::clinics::{is_accepting, is_live};
use crate::entity::providers::{self, ProviderServiceScope, ProviderStatus};
use crate::index::{self, Entry};
use crate::queries::{self, keep_lower};
use crate::rules::price::{at_home, home_currency};
use crate::rules::search::{fold, matches, slug};
use crate::views::{ClinicCard, ClinicContact, ClinicProfile, PlaceView, RatingView};

/// How long a link to a picture is good.
const LINK: Duration = Duration::from_secs(3600);

/// The longest query of a visitor or patient, and of staff (R-IQ-85).
const QUERY_CHARS: usize = 50;
const STAFF_QUERY_CHARS: usize = 200;

/// The order of the directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As an inquiry would be distributed.
    #[default]
    Recommended,
    /// Best rating first.
    Rating,
    /// Cheapest first, those without a price last.
    Price,
    /// Most years of experience first.
    Experience,
}

/// What the directory is asked for; AND between the fields, OR inside one.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words of name or specialty.
    pub q: Option<String>,
    /// ISO 3166-1 codes.
    pub countries: Vec<String>,
    /// A city as it stands in addresses.
    pub city: Option<String>,
    /// Tenths of the least average.
    pub rating_tenths: Option<i64>,
    /// What is to be treated.
    pub scopes: Vec<ProviderServiceScope>,
    /// Codes of languages; one of them is spoken.
    pub languages: Vec<String>,
    /// The most the cheapest treatment may cost, in whole US dollars; a clinic without a price is left out.
    pub price_to: Option<u32>,
    /// Order.
    pub sort: Sort,
}

impl Search {
    /// Reads the words of a query string; 422 for unknown ones, all at once.
    pub fn parse(
        q: Option<String>,
        countries: &[String],
        ratings: &[String],
        specialties: &[String],
        sort: Option<&str>,
    ) -> AppResult<Self> {
        let mut errors = FieldErrors::new();
        let rating_tenths = parse_rating(&mut errors, &words(ratings));
        let scopes = parse_scopes(&mut errors, &words(specialties));
        let sort = match sort.map(|sort| sort.trim_start_matches('-')) {
            None | Some("recommended") => Sort::Recommended,
            Some("rating") => Sort::Rating,
            Some("price" | "starting_price") => Sort::Price,
            Some("experience") => Sort::Experience,
            Some(_) => {
                errors.add("sort", "unknown_value", "Sort by recommended, rating, price or experience.");
                Sort::Recommended
            }
        };
        let countries = words(countries).iter().map(|code| code.to_ascii_uppercase()).collect();
        errors.check()?;
        let q = q.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
        Ok(Self { q, countries, rating_tenths, scopes, sort, ..Self::default() })
    }

    /// The same among the clinics of a country (ISO code), or of one of its cities as it stands in addresses.
    pub fn within(mut self, country: &str, city: Option<&str>) -> Self {
        self.countries = vec![country.to_ascii_uppercase()];
        self.city = city.map(str::to_owned);
        self
    }

    /// The same in a city, as people or addresses write it.
    pub fn in_city(mut self, city: Option<&str>) -> Self {
        self.city = city.map(slug).filter(|city| !city.is_empty()).or(self.city);
        self
    }

    /// The same among clinics where one of these languages is spoken; none means any.
    pub fn speaking(mut self, codes: &[String]) -> Self {
        self.languages = words(codes).iter().map(|code| code.to_ascii_lowercase()).collect();
        self
    }

    /// The same among clinics whose least price is at most so many dollars; 422 for what is no amount.
    pub fn priced_to(mut self, dollars: Option<&str>) -> AppResult<Self> {
        let Some(text) = dollars.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(self) };
        let known = text.parse().ok().filter(|dollars| *dollars > 0);
        let Some(dollars) = known else {
            return Err(AppError::field("price", "unknown_value", "Give a whole amount in US dollars."));
        };
        self.price_to = Some(dollars);
        Ok(self)
    }
}

/// Values may be repeated or joined by commas.
fn words(values: &[String]) -> Vec<String> {
    let split = values.iter().flat_map(|value| value.split(','));
    split.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

fn parse_rating(errors: &mut FieldErrors, words: &[String]) -> Option<i64> {
    let mut least: Option<i64> = None;
    for word in words {
        // A plus sign in a query string is read as a space.
        let tenths = match word.trim_end_matches(['+', ' ']) {
            "all" => 0,
            "4" | "4.0" => 40,
            "4.5" => 45,
            _ => {
                errors.add("filter[rating]", "unknown_value", "Filter by all, 4 or 4.5.");
                0
            }
        };
        least = Some(least.map_or(tenths, |least| least.min(tenths)));
    }
    least.filter(|tenths| *tenths > 0)
}

fn parse_scopes(errors: &mut FieldErrors, words: &[String]) -> Vec<ProviderServiceScope> {
    let mut scopes = Vec::new();
    for word in words {
        match word.as_str() {
            "hair" => scopes.push(ProviderServiceScope::Hair),
            "beard" => scopes.push(ProviderServiceScope::Beard),
            "both" => scopes.push(ProviderServiceScope::Both),
            _ => errors.add("filter[specialty]", "unknown_value", "Filter by hair, beard or both."),
        }
    }
    scopes
}

/// A page of accepting clinics.
///
/// Errors: 422 `query_too_long` beyond 50 characters (staff 200), 422 for unknown filters, sorts and countries.
pub async fn list_clinics(app: &App, actor: &Actor, search: &Search, page: PageQuery) -> AppResult<Page<ClinicCard>> {
    Ok(browse(app, actor, search, page).await?.0)
}

/// A page of accepting clinics and the codes of all languages spoken in any of them; one statement beside those of the
/// index, two where a country has no clinic.
///
/// Errors: those of [`list_clinics`].
pub async fn browse(
    app: &App,
    actor: &Actor,
    search: &Search,
    page: PageQuery,
) -> AppResult<(Page<ClinicCard>, Vec<String>)> {
    let page = page.checked()?;
    let longest = if matches!(actor.kind, ActorKind::Admin(_)) { STAFF_QUERY_CHARS } else { QUERY_CHARS };
    if search.q.as_ref().is_some_and(|q| q.chars().count() > longest) {
        let detail = format!("Search with at most {longest} characters.");
        return Err(AppError::invalid("query_too_long", detail).on_field("q"));
    }
    let index = index::current(app).await?;
    require_known_countries(app, &search.countries, &index.clinics).await?;
    let words = search.q.as_deref().map(fold);
    // In the recommended order, which stays where the chosen order finds nothing to choose.
    let mut found: Vec<&Entry> =
        index.clinics.iter().filter(|clinic| is_wanted(clinic, search, words.as_deref())).collect();
    match search.sort {
        Sort::Recommended => {}
        Sort::Rating => found.sort_by(|a, b| a.rating.better_first(b.rating)),
        Sort::Experience => found.sort_by_key(|clinic| Reverse(clinic.years_experience)),
        Sort::Price => found.sort_by(|a, b| match (a.dollars, b.dollars) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }),
    }
    let total = found.len() as u64;
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(page.per_page).unwrap_or(usize::MAX);
    let shown: Vec<&Entry> = found.into_iter().skip(skip).take(take).collect();
    let ids: Vec<ProviderId> = shown.iter().map(|clinic| clinic.id).collect();
    let conn = app.db.conn();
    let rows = queries::accepting(conn, &ids).await?;
    let mut rows: HashMap<ProviderId, providers::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let home = home_of(conn, actor).await?;
    let at_home = |price: Money| at_home(price, home?, |currency| index.rates.get(&currency).copied());
    // A clinic that stopped accepting a moment ago is not among the rows.
    let cards = shown.iter().filter_map(|entry| {
        let row = rows.remove(&entry.id)?;
        let starting_price_estimate = entry.price.and_then(at_home);
        Some(ClinicCard { starting_price_estimate, ..card(app, &row, entry.price, entry.languages.clone()) })
    });
    Ok((Page::new(cards.collect(), page, total), index.languages.clone()))
}

/// The currency a signed-in patient is used to; nobody else's prices are turned into another one.
async fn home_of(conn: &impl ConnectionTrait, actor: &Actor) -> AppResult<Option<Currency>> {
    let ActorKind::Patient(patient) = actor.kind else { return Ok(None) };
    let country: Option<Option<String>> = patients::Entity::find_by_id(patient)
        .select_only()
        .column(patients::Column::CountryCode)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(Some(home_currency(country.flatten().as_deref())))
}

/// A city with accepting clinics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// As its clinics write it.
    pub name: String,
    /// As it stands in addresses.
    pub slug: String,
    /// How many accept.
    pub clinics: i64,
}

/// The cities of a country (ISO code) with accepting clinics, those with the most first; from memory.
pub async fn cities(app: &App, country: &str) -> AppResult<Vec<City>> {
    let index = index::current(app).await?;
    let mut found: Vec<City> = Vec::new();
    let there = |clinic: &&Entry| clinic.country_code.as_deref() == Some(country) && !clinic.city_slug.is_empty();
    for clinic in index.clinics.iter().filter(there) {
        match found.iter_mut().find(|city| city.slug == clinic.city_slug) {
            Some(city) => city.clinics += 1,
            None => {
                found.push(City { name: clinic.city.clone(), slug: clinic.city_slug.clone(), clinics: 1 });
            }
        }
    }
    found.sort_by(|a, b| b.clinics.cmp(&a.clinics).then_with(|| a.name.cmp(&b.name)));
    Ok(found)
}

/// At most ten cities with accepting clinics that have a word which begins with what was typed; those with the most clinics
/// first (R-IQ-85).
///
/// Errors: 422 `query_too_long` above 50 characters.
pub async fn places(app: &App, typed: &str) -> AppResult<Vec<PlaceView>> {
    const SUGGESTED: usize = 10;
    let typed = typed.trim();
    if typed.chars().count() > QUERY_CHARS {
        let detail = format!("Search with at most {QUERY_CHARS} characters.");
        return Err(AppError::invalid("query_too_long", detail).on_field("q"));
    }
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let (index, words) = (index::current(app).await?, fold(typed));
    let mut found: Vec<PlaceView> = Vec::new();
    for clinic in index.clinics.iter().filter(|clinic| !clinic.city_slug.is_empty()) {
        let Some(country) = &clinic.country_code else { continue };
        match found.iter_mut().find(|place| place.slug == clinic.city_slug && place.country_code == *country) {
            Some(place) => place.clinics += 1,
            None if matches(&words, &[fold(&clinic.city)]) => found.push(PlaceView {
                city: clinic.city.clone(),
                slug: clinic.city_slug.clone(),
                country_code: country.clone(),
                clinics: 1,
            }),
            None => {}
        }
    }
    found.sort_by(|a, b| b.clinics.cmp(&a.clinics).then_with(|| a.city.cmp(&b.city)));
    found.truncate(SUGGESTED);
    Ok(found)
}

/// The least price of each treatment at any accepting clinic, judged in dollars.
pub async fn treatment_prices(app: &App) -> AppResult<HashMap<TreatmentId, Money>> {
    Ok(index::current(app).await?.treatments.clone())
}

fn is_wanted(clinic: &Entry, search: &Search, words: Option<&str>) -> bool {
    let by_text = words.is_none_or(|words| matches(words, &clinic.texts));
    let by_country =
        search.countries.is_empty() || clinic.country_code.as_ref().is_some_and(|code| search.countries.contains(code));
    let by_city = search.city.as_ref().is_none_or(|city| clinic.city_slug == *city);
    let by_language =
        search.languages.is_empty() || clinic.languages.iter().any(|code| search.languages.contains(code));
    // Judged by the rating as shown, so that nobody misses a clinic that reads 4.5.
    let by_rating = search.rating_tenths.is_none_or(|least| clinic.rating.tenths().is_some_and(|own| own >= least));
    let by_scope = search.scopes.is_empty()
        || clinic.scope.is_some_and(|own| own == ProviderServiceScope::Both || search.scopes.contains(&own));
    let by_price =
        search.price_to.is_none_or(|most| clinic.dollars.is_some_and(|dollars| dollars <= Decimal::from(most)));
    by_text && by_country && by_city && by_language && by_rating && by_scope && by_price
}

/// A country with a clinic needs no statement to be known.
async fn require_known_countries(app: &App, codes: &[String], clinics: &[Entry]) -> AppResult<()> {
    let has_clinic = |code: &String| clinics.iter().any(|clinic| clinic.country_code.as_ref() == Some(code));
    if codes.iter().all(has_clinic) {
        return Ok(());
    }
    let known: Vec<String> = countries::Entity::find()
        .select_only()
        .column(countries::Column::IsoCode)
        .filter(countries::Column::IsoCode.is_in(codes.iter().map(|code| code.as_str())))
        .into_tuple()
        .all(app.db.conn())
        .await?;
    if codes.iter().all(|code| known.contains(code)) {
        return Ok(());
    }
    Err(AppError::field("filter[country]", "country_unknown", "Choose countries from the list."))
}

/// Where a reader fetches a file for the next hour.
pub(crate) fn file_link(app: &App, reader: &Actor, file: FileId) -> String {
    signed_link(app, file, reader, LINK)
}

/// The link to a picture everybody may see; none for a column that names no file of ours.
fn picture(app: &App, stored: Option<&str>) -> Option<String> {
    Some(file_link(app, &Actor::anonymous(), stored?.parse().ok()?))
}

fn card(app: &App, clinic: &providers::Model, starting_price: Option<Money>, languages: Vec<String>) -> ClinicCard {
    ClinicCard {
        id: clinic.id,
        slug: clinic.slug.clone(),
        name: clinic.provider_name.clone(),
        city: clinic.city.clone(),
        country: clinic.country.clone(),
        country_code: clinic.country_code.clone(),
        rating: RatingView::of(clinic),
        medical_specialty: clinic.medical_specialty.clone(),
        service_scope: clinic.service_scope,
        is_featured: clinic.is_featured,
        years_experience: clinic.years_experience,
        starting_price,
        starting_price_estimate: None,
        profile_image: picture(app, clinic.profile_image.as_deref()),
        languages,
    }
}

/// The profile of a live clinic, by id, slug or former slug.
///
/// Errors: 404 for an unknown, suspended or not yet live clinic; 410 for one that left Hairline (R-MG-21).
pub async fn show_clinic(app: &App, actor: &Actor, name: &str) -> AppResult<ClinicProfile> {
    let conn = app.db.conn();
    let (clinic, licence_verified) = live(app, name).await?;
    let treatments = queries::offered(conn, clinic.id).await?;
    let starting_price = least_of(app, treatments.iter().filter_map(|treatment| treatment.from_price)).await?;
    let languages = queries::spoken(conn, &[clinic.id]).await?.remove(&clinic.id).unwrap_or_default();
    let (rating_distribution, part_ratings) = queries::distribution(conn, clinic.id).await?;
    Ok(ClinicProfile {
        card: card(app, &clinic, starting_price, languages),
        accepting: is_accepting(&clinic),
        rating_distribution,
        part_ratings,
        awards: queries::awards(conn, clinic.id).await?,
        team: queries::team(conn, clinic.id).await?,
        licence_verified,
        contact: contact_for(app, actor, &clinic).await?,
        treatments,
        bio: clinic.provider_bio,
        meta_description: clinic.meta_description.clone(),
        cover_image: picture(app, clinic.cover_image.as_deref()),
        timezone: clinic.timezone,
    })
}

/// The live clinic of an id, slug or former slug, and whether its licence is verified.
///
/// Errors: those of [`show_clinic`].
pub(crate) async fn live(app: &App, name: &str) -> AppResult<(providers::Model, bool)> {
    let found = queries::by_id_or_slug(app.db.conn(), name, app.now().date_naive()).await?;
    let (clinic, licence_verified) = found.ok_or_else(AppError::not_found)?;
    if !is_live(&clinic) {
        let left = clinic.status == ProviderStatus::Inactive && clinic.deactivated_at.is_some();
        let gone = AppError::new(ErrorKind::Gone, "clinic_left", "This clinic is no longer with Hairline.");
        return Err(if left { gone } else { AppError::not_found() });
    }
    Ok((clinic, licence_verified))
}

/// The lowest price; of several currencies the lowest in dollars, for which the rates are read.
async fn least_of(app: &App, prices: impl Iterator<Item = Money>) -> AppResult<Option<Money>> {
    let prices: Vec<Money> = prices.collect();
    let Some(first) = prices.first().copied() else { return Ok(None) };
    let rates = if prices.iter().any(|price| price.currency != first.currency) {
        queries::rates(app.db.conn(), app.now()).await?
    } else {
        HashMap::new()
    };
    let mut least = first;
    for price in prices {
        keep_lower(&mut least, price, &rates);
    }
    Ok(Some(least))
}

/// Contact details only for a patient who booked here, the clinic itself and Hairline's staff (R-MG-24).
async fn contact_for(app: &App, actor: &Actor, clinic: &providers::Model) -> AppResult<Option<ClinicContact>> {
    let may_see = match actor.kind {
        ActorKind::Admin(_) | ActorKind::System => true,
        ActorKind::Provider { provider, .. } => provider == clinic.id,
        ActorKind::Patient(patient) => anonymity::level(app.db.conn(), clinic.id, patient).await? == Level::None,
        _ => false,
    };
    if !may_see {
        return Ok(None);
    }
    let address = match clinic.location_id {
        Some(id) => crate::entity::locations::Entity::find_by_id(id).one(app.db.conn()).await?.map(|row| row.address),
        None => None,
    };
    Ok(Some(ClinicContact {
        email: clinic.public_email.clone(),
        phone: clinic.public_phone.clone(),
        website: clinic.website_url.clone(),
        address,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_query_string() {
        let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        let search = Search::parse(
            Some("  ".into()),
            &list(&["tr,pl", "ES"]),
            &list(&["4.5 ", "4"]),
            &list(&["hair"]),
            Some("price"),
        )
        .unwrap();
        assert_eq!(search.q, None);
        assert_eq!(search.countries, ["TR", "PL", "ES"]);
        assert_eq!(search.rating_tenths, Some(40));
        assert_eq!(search.scopes, [ProviderServiceScope::Hair]);
        assert_eq!(search.sort, Sort::Price);
        let wrong = Search::parse(None, &[], &list(&["3"]), &list(&["teeth"]), Some("name")).unwrap_err();
        let fields: Vec<&str> = wrong.fields.0.keys().map(String::as_str).collect();
        assert_eq!(fields, ["filter[rating]", "filter[specialty]", "sort"]);
    }

    #[test]
    fn a_price_is_a_whole_amount() {
        let of = |text| Search::default().priced_to(text).map(|search| search.price_to);
        assert_eq!(of(None).unwrap(), None);
        assert_eq!(of(Some(" ")).unwrap(), None);
        assert_eq!(of(Some("2500")).unwrap(), Some(2500));
        for wrong in ["0", "-1", "2,500", "cheap", "99999999999"] {
            assert!(of(Some(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(Search::default().speaking(&["EN, tr".to_owned()]).languages, ["en", "tr"]);
    }
}
