//! The clinics to choose from: searched and paged, with what is ticked always in sight.

use directory::directory::{Search, browse};
use kernel::ids::ProviderId;
use kernel::{Amount, AppResult, Currency, Money, PageQuery};
use platform::locale;
use sea_orm::ActiveEnum;
use ui::{Choice, Chrome, Ctx};

use super::way::{PRICES, Way};
use crate::rules::submission::DraftPayload;

/// How many clinics stand on a page.
const PER_PAGE: u64 = 20;

/// A clinic with its box (R-IQ-86).
pub(super) struct ClinicChoice {
    pub id: String,
    pub name: String,
    pub place: String,
    pub rating: String,
    pub specialty: String,
    pub price: String,
    pub is_featured: bool,
    pub is_ticked: bool,
}

/// One page of clinics with the form around it.
pub(super) struct ClinicList {
    pub q: String,
    pub countries: Vec<Choice>,
    pub country: String,
    pub ratings: Vec<Choice>,
    pub rating: String,
    pub specialties: Vec<Choice>,
    pub specialty: String,
    pub languages: Vec<Choice>,
    pub language: String,
    pub prices: Vec<Choice>,
    pub price: String,
    pub sorts: Vec<Choice>,
    pub sort: String,
    /// "2 of 5 chosen".
    pub count: String,
    /// The clinics of this page.
    pub choices: Vec<ClinicChoice>,
    /// Ticked clinics that this page does not show.
    pub ticked: Vec<Choice>,
    pub page: u64,
    pub before: Option<String>,
    pub after: Option<String>,
    pub place: String,
    pub narrowed: bool,
}

/// The clinics of the chosen countries as the address asks for them.
pub(super) async fn list(ctx: &Ctx, draft: &DraftPayload, way: &Way, most: usize) -> AppResult<ClinicList> {
    let chrome = &ctx.chrome;
    let only = draft.destinations.iter().find(|code| **code == way.country);
    let countries = only.map_or_else(|| draft.destinations.clone(), |code| vec![code.clone()]);
    let asked = |word: &String| Some(word.clone()).filter(|word| !word.is_empty());
    let (ratings, scopes): (Vec<String>, Vec<String>) =
        (asked(&way.rating).into_iter().collect(), asked(&way.specialty).into_iter().collect());
    let search = Search::parse(asked(&way.q), &countries, &ratings, &scopes, asked(&way.sort).as_deref())?;
    let search = search
        .speaking(&asked(&way.language).into_iter().collect::<Vec<_>>())
        .priced_to(asked(&way.price).as_deref())?;
    let asked = PageQuery { page: way.page, per_page: PER_PAGE };
    let (found, spoken) = browse(&ctx.app, &ctx.actor, &search, asked).await?;
    let shown: Vec<ProviderId> = found.data.iter().map(|clinic| clinic.id).collect();
    let (page, last) = (found.meta.current_page, found.meta.last_page.max(1));
    let choices = found.data.into_iter().map(|clinic| {
        let country = country(chrome, clinic.country_code.as_deref(), &clinic.country);
        let price = clinic.starting_price.map(|price| {
            let estimate = clinic.starting_price_estimate.map(|own| format!(" (≈ {})", chrome.money(own)));
            chrome.tw("request-from", "price", format!("{}{}", chrome.money(price), estimate.unwrap_or_default()))
        });
        let scope = clinic.service_scope.map(|scope| chrome.word("request-specialty", scope.to_value()));
        ClinicChoice {
            id: clinic.id.to_string(),
            place: format!("{}, {country}", clinic.city),
            rating: clinic
                .rating
                .average
                .map(|average| format!("★ {average} ({})", clinic.rating.count))
                .unwrap_or_default(),
            specialty: clinic.medical_specialty.or(scope).unwrap_or_default(),
            price: price.unwrap_or_default(),
            is_featured: clinic.is_featured,
            is_ticked: draft.provider_ids.contains(&clinic.id),
            name: clinic.name,
        }
    });
    let words =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(word, key)| Choice::new(*word, chrome.t(*key))).collect::<Vec<_>>();
    Ok(ClinicList {
        q: way.q.clone(),
        countries: match draft.destinations.as_slice() {
            // One country is no choice.
            [] | [_] => Vec::new(),
            all => all.iter().map(|code| Choice::new(code, locale::country(chrome.locale, code, ""))).collect(),
        },
        country: only.cloned().unwrap_or_default(),
        ratings: words(&[("4", "request-rating-4"), ("4.5", "request-rating-45")]),
        rating: way.rating.clone(),
        specialties: words(&[
            ("hair", "request-specialty-hair"),
            ("beard", "request-specialty-beard"),
            ("both", "request-specialty-both"),
        ]),
        specialty: way.specialty.clone(),
        count: locale::tr(
            chrome.locale,
            "request-clinics-chosen",
            &[("count", draft.provider_ids.len().to_string().into()), ("most", most.to_string().into())],
        ),
        languages: spoken
            .iter()
            .map(|code| {
                Choice::new(
                    code,
                    locale::find_text(chrome.locale, &format!("spoken-{code}")).unwrap_or_else(|| code.to_uppercase()),
                )
            })
            .collect(),
        language: way.language.clone(),
        prices: PRICES
            .iter()
            .filter_map(|dollars| {
                Some((dollars, chrome.money(Money::new(Amount::from_units(dollars.parse().ok()?), Currency::USD))))
            })
            .map(|(dollars, price)| Choice::new(*dollars, chrome.tw("request-price-to", "price", price)))
            .collect(),
        price: way.price.clone(),
        sorts: words(&[
            ("rating", "request-sort-rating"),
            ("price", "request-sort-price"),
            ("experience", "request-sort-experience"),
        ]),
        sort: way.sort.clone(),
        choices: choices.collect(),
        ticked: ticked(ctx, draft, &shown).await?,
        page,
        before: (page > 1).then(|| format!("page {}", page.saturating_sub(1).min(last))),
        after: (page < last).then(|| format!("page {}", page.saturating_add(1))),
        place: if last > 1 {
            let args = [("here", page.to_string().into()), ("all", last.to_string().into())];
            locale::tr(chrome.locale, "request-clinics-page", &args)
        } else {
            String::new()
        },
        narrowed: [&way.q, &way.rating, &way.specialty, &way.language, &way.price].iter().any(|word| !word.is_empty())
            || only.is_some(),
    })
}

fn country(chrome: &Chrome, code: Option<&str>, name: &str) -> String {
    locale::country(chrome.locale, code.unwrap_or_default(), name)
}

/// The ticked clinics beside those shown; one that fits no more says so.
async fn ticked(ctx: &Ctx, draft: &DraftPayload, shown: &[ProviderId]) -> AppResult<Vec<Choice>> {
    let chrome = &ctx.chrome;
    let others: Vec<ProviderId> = draft.provider_ids.iter().filter(|id| !shown.contains(id)).copied().collect();
    let rows = directory::clinics::load_many(ctx.app.db.conn(), &others).await?;
    Ok(rows
        .into_iter()
        .map(|clinic| {
            let place =
                format!("{}, {}", clinic.city, country(chrome, clinic.country_code.as_deref(), &clinic.country));
            let fits = clinic.country_code.as_ref().is_some_and(|code| draft.destinations.contains(code));
            let hint = if !fits {
                format!("{place} · {}", chrome.t("request-clinic-elsewhere"))
            } else if !directory::clinics::is_accepting(&clinic) {
                format!("{place} · {}", chrome.t("request-clinic-closed"))
            } else {
                place
            };
            Choice::new(clinic.id.to_string(), clinic.provider_name).hint(hint)
        })
        .collect())
}
