//! A clinic's public page, and how the clinic itself sees it.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use catalogue::packages::Package;
use directory::clinics::live_since;
use directory::directory::show_clinic;
use directory::entity::provider_media::ProviderMediaCollection;
use directory::views::{ClinicProfile, PartRating};
use kernel::{Actor, AppResult, Money, Timestamp};
use moka::future::Cache;
use platform::App;
use platform::web::{ApiResult, Path};
use reviews::queries::Sort;
use reviews::views::PublicReview;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use ui::{Chrome, Ctx, Html, Inside, ListView, Photo, meter, page};

use super::clinics::languages;
use super::pictures::{self, Picture};
use super::places::{self, Crumb};

/// A profile may be this old on the public page; its own clinic sees it fresh.
const FRESH: Duration = Duration::from_secs(60);

static CACHE: LazyLock<Cache<(String, String), Arc<Known>>> =
    LazyLock::new(|| Cache::builder().max_capacity(2000).time_to_live(FRESH).build());

/// What changes rarely.
struct Known {
    /// The clinic's last change of itself; with another one, all of this is read anew.
    changed: Option<Timestamp>,
    profile: ClinicProfile,
    pictures: Vec<Picture>,
    packages: Vec<Package>,
}

/// What can be added to a treatment.
struct AddOn {
    name: String,
    kind: String,
    text: String,
    parts: String,
    price: String,
}

/// The average of one part of the reviews.
struct Part {
    label: String,
    average: String,
    bar: Html,
}

struct Share {
    stars: i32,
    bar: Html,
    count: u64,
}

struct Offered {
    name: String,
    kind: String,
    price: String,
}

struct Member {
    name: String,
    picture: Option<String>,
}

struct Review {
    stars: Html,
    text: String,
    author: String,
    country: String,
    when: Html,
    /// The day, for machines.
    day: String,
    given: i32,
    parts: Vec<(String, i32)>,
    /// What the clinic said to it.
    answer: String,
}

struct About {
    name: String,
    place: String,
    city: String,
    country: String,
    stars: Html,
    rating: String,
    count: i64,
    featured: bool,
    accepting: bool,
    licence: bool,
    bio: String,
    specialty: String,
    languages: String,
    experience: String,
    /// What its clocks show (R-MG-23).
    clock: String,
    price: String,
    logo: Option<String>,
    cover: Option<Photo>,
    photos: Vec<Photo>,
    videos: Vec<Photo>,
    team: Vec<Member>,
    awards: Vec<(String, String)>,
    treatments: Vec<Offered>,
    shares: Vec<Share>,
    parts: Vec<Part>,
    packages: Vec<AddOn>,
}

#[derive(Template)]
#[template(path = "clinic.html")]
struct ClinicPage {
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    about: About,
    reviews: Vec<Review>,
    list: ListView,
}

#[derive(Template)]
#[template(path = "clinic_own.html")]
struct OwnClinicPage {
    chrome: Chrome,
    about: About,
    public: String,
    /// Where it is changed, for those who may.
    edit: Option<&'static str>,
    /// Whether the reader may ask to close the clinic.
    may_close: bool,
}

async fn load(app: &App, name: &str) -> AppResult<Known> {
    let profile = show_clinic(app, &Actor::anonymous(), name).await?;
    let pictures = pictures::of(app, &[profile.card.id]).await?.remove(&profile.card.id).unwrap_or_default();
    Ok(Known { changed: None, profile, pictures, packages: Vec::new() })
}

async fn known(app: &App, name: &str) -> AppResult<Arc<Known>> {
    let key = (app.config.database.url.expose().to_owned(), name.to_owned());
    let conn = app.db.conn();
    if let Some(known) = CACHE.get(&key).await {
        // A clinic that was suspended a moment ago is not shown from memory (R-IQ-86).
        let changed = live_since(conn, known.profile.card.id).await?;
        if changed.is_some() && changed == known.changed {
            return Ok(known);
        }
    }
    let mut known = load(app, name).await?;
    known.changed = live_since(conn, known.profile.card.id).await?;
    known.packages = catalogue::packages::public(app.replica.conn(), known.profile.card.id).await?;
    let known = Arc::new(known);
    CACHE.insert(key, known.clone()).await;
    Ok(known)
}

/// What addresses of before and ids lead to, for good: the one address of the clinic (R-MG-21).
pub(super) async fn moved(app: &App, name: &str) -> AppResult<Response> {
    Ok(super::moved_to(&places::of_clinic(&known(app, name).await?.profile.card)))
}

pub(super) async fn show(ctx: Ctx, Path((_, _, name)): Path<(String, String, String)>) -> ApiResult<Response> {
    let known = known(&ctx.app, &name).await?;
    let card = &known.profile.card;
    // A name the clinic gave up, another city or country lead to where the clinic is, for good.
    let own = places::of_clinic(card);
    if own != ctx.chrome.path {
        return Ok(super::moved_to(&own));
    }
    let conn = ctx.app.replica.conn();
    let id = known.profile.card.id;
    let found = reviews::queries::published(conn, id, None, Sort::Newest, ctx.page_query()).await?;
    // What the clinic says of itself in one line, else how its own text begins (R-MG-20).
    let text = known.profile.meta_description.clone().or_else(|| known.profile.bio.clone()).unwrap_or_default();
    let chrome = ctx.chrome.clone().found_at(&ctx.app.config.http.public_url, &own, &text).entitled(&card.name);
    page(&ClinicPage {
        crumbs: places::way_to_clinic(&chrome, card),
        about: about(&ctx.app, &chrome, &known),
        list: ListView::new(&chrome, &found.meta),
        reviews: found.data.iter().map(|review| review_view(&chrome, review)).collect(),
        chrome,
    })
}

pub(super) async fn own(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ViewProfile)?;
    let (_, clinic) = ctx.actor.provider()?;
    // Add-ons have a list of their own in the price list; here the page as its patients know it is one link away.
    let known = load(&ctx.app, &clinic.to_string()).await?;
    let chrome = ctx.chrome.clone();
    let edit = ctx.actor.can(kernel::Permission::EditProfile).then_some("/provider/profile/edit");
    let may_close = ctx.actor.can(kernel::Permission::RequestProviderDeletion);
    let (about, public) = (about(&ctx.app, &chrome, &known), format!("/clinics/{clinic}"));
    page(&OwnClinicPage { about, public, edit, may_close, chrome })
}

fn review_view(chrome: &Chrome, review: &PublicReview) -> Review {
    let parts = [
        ("public-part-results", review.ratings.results_rating),
        ("public-part-staff", review.ratings.staff_rating),
        ("public-part-facility", review.ratings.facility_rating),
        ("public-part-value", review.ratings.value_rating),
    ];
    Review {
        stars: chrome.stars(f64::from(review.ratings.overall_rating)),
        text: review.review_text.clone().unwrap_or_default(),
        author: review.author.clone(),
        country: review.country_code.as_deref().map(|code| chrome.country(code, "")).unwrap_or_default(),
        answer: review.response.as_ref().map(|answer| answer.body.clone()).unwrap_or_default(),
        day: review.published_at.map(|at| at.date_naive().to_string()).unwrap_or_default(),
        given: review.ratings.overall_rating,
        when: review.published_at.map(|at| chrome.when(at)).unwrap_or_default(),
        parts: parts.into_iter().filter_map(|(key, rating)| Some((chrome.t(key), rating?))).collect(),
    }
}

fn add_on(chrome: &Chrome, package: &Package) -> AddOn {
    let row = &package.row;
    let part = |item: &catalogue::entity::package_items::Model| format!("{}: {}", item.item_name, item.item_value);
    AddOn {
        name: row.package_name.clone(),
        kind: chrome.word("pq-package", super::word(&row.package_category)),
        text: row.package_description.clone().unwrap_or_default(),
        parts: package.items.iter().map(part).collect::<Vec<_>>().join(" · "),
        price: chrome.money(Money::new(row.package_price, row.currency)),
    }
}

/// The averages of the parts as bars of five stars.
fn parts(chrome: &Chrome, profile: &ClinicProfile) -> Vec<Part> {
    let part = |rated: &PartRating| {
        let label = chrome.t(format!("public-part-{}", rated.part));
        let average = rated.average.to_string();
        let share = (rated.average * Decimal::from(20)).round().to_u32().unwrap_or(0);
        Part { bar: meter(share, format!("{label}: {average}")), label, average }
    };
    profile.part_ratings.iter().map(part).collect()
}

/// The portrait that names this member and nobody else: rather none than another person's face.
fn portrait<'a>(portraits: &[&'a Picture], name: &str) -> Option<&'a Picture> {
    let is_of = |picture: &&&Picture| {
        picture.title.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let mut named = portraits.iter().filter(is_of);
    named.next().copied().filter(|_| named.next().is_none())
}

fn about(app: &App, chrome: &Chrome, known: &Known) -> About {
    let profile = &known.profile;
    let card = &profile.card;
    let photo = |picture: &Picture| Photo::new(picture.src(app), picture.alt.clone()).caption(picture.title.clone());
    let is_house = |picture: &&Picture| picture.collection != ProviderMediaCollection::Team && !picture.is_video;
    // The clinic's own cover, else the first picture of the house.
    let cover = profile.cover_image.clone().map(|src| Photo::new(src, card.name.clone()));
    let own_cover = usize::from(cover.is_none());
    let portraits: Vec<&Picture> =
        known.pictures.iter().filter(|it| it.collection == ProviderMediaCollection::Team && !it.is_video).collect();
    let rating = card.rating.average.map(|average| average.to_string()).unwrap_or_default();
    About {
        name: card.name.clone(),
        city: card.city.clone(),
        country: card.country_code.clone().unwrap_or_default(),
        place: format!(
            "{}, {}",
            card.city,
            chrome.country(card.country_code.as_deref().unwrap_or_default(), &card.country)
        ),
        stars: rating.parse::<f64>().map(|rating| chrome.stars(rating)).unwrap_or_default(),
        rating,
        count: i64::from(card.rating.count),
        featured: card.is_featured,
        accepting: profile.accepting,
        licence: profile.licence_verified,
        bio: profile.bio.clone().unwrap_or_default(),
        specialty: card.medical_specialty.clone().unwrap_or_default(),
        languages: languages(chrome, &card.languages),
        experience: card
            .years_experience
            .map(|years| chrome.tn("public-years", "count", i64::from(years)))
            .unwrap_or_default(),
        clock: profile.timezone.as_deref().and_then(|zone| chrome.clock_in(zone)).unwrap_or_default(),
        price: card.starting_price.map(|price| chrome.money(price)).unwrap_or_default(),
        logo: card.profile_image.clone(),
        cover: cover.or_else(|| known.pictures.iter().find(is_house).map(photo)),
        photos: known.pictures.iter().filter(is_house).skip(own_cover).map(photo).collect(),
        videos: known.pictures.iter().filter(|picture| picture.is_video).map(photo).collect(),
        team: profile
            .team
            .iter()
            .map(|member| {
                let name = format!("{} {}", member.title, member.first_name);
                Member { picture: portrait(&portraits, &name).map(|picture| picture.src(app)), name }
            })
            .collect(),
        awards: profile
            .awards
            .iter()
            .map(|award| {
                let issuer = award.issuer.clone().unwrap_or_default();
                (award.name.clone(), format!("{issuer} · {}", award.year))
            })
            .collect(),
        treatments: profile
            .treatments
            .iter()
            .map(|offered| Offered {
                name: offered.name.clone(),
                kind: chrome.word("offer-technique", offered.treatment_type.to_lowercase()),
                price: offered.from_price.map(|price| chrome.money(price)).unwrap_or_default(),
            })
            .collect(),
        parts: parts(chrome, profile),
        packages: known.packages.iter().map(|package| add_on(chrome, package)).collect(),
        shares: profile
            .rating_distribution
            .iter()
            .map(|share| {
                let label = chrome.tn("public-stars", "count", i64::from(share.stars));
                Share {
                    stars: share.stars,
                    bar: meter(u32::try_from(share.percent).unwrap_or(0), label),
                    count: share.count,
                }
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::ids::FileId;

    use super::*;

    #[test]
    fn a_portrait_belongs_to_the_one_it_names() {
        let of = |title: &str| Picture {
            collection: ProviderMediaCollection::Team,
            is_video: false,
            file: FileId::new(),
            title: title.to_owned(),
            alt: String::new(),
        };
        let pictures = [of("Dr. Ada Kaya"), of("Dr. Adalet Tan"), of("Nurse Eda Ak"), of("Nurse Eda Su"), of("")];
        let all: Vec<&Picture> = pictures.iter().collect();
        assert_eq!(portrait(&all, "Dr. Ada").map(|it| it.file), Some(pictures[0].file));
        assert!(portrait(&all, "Nurse Eda").is_none(), "two could be meant");
        assert!(portrait(&all, "Dr. Nobody").is_none());
    }
}
