//! Where things stand on the public site: the one address of a clinic, and the way to it.

use directory::rules::search::slug;
use directory::views::ClinicCard;
use ui::Chrome;

/// A step of the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Crumb {
    /// Its address; empty for the page itself.
    pub href: String,
    /// What it is called.
    pub name: String,
}

impl Crumb {
    fn new(href: impl Into<String>, name: impl Into<String>) -> Self {
        Self { href: href.into(), name: name.into() }
    }
}

/// The list of a country's clinics (ISO code).
pub(super) fn of_country(code: &str) -> String {
    format!("/clinics/{}", code.to_ascii_lowercase())
}

/// The list of a city's clinics; cities written in letters no address has stay with their country.
pub(super) fn of_city(code: &str, city: &str) -> String {
    match slug(city) {
        city if city.is_empty() => of_country(code),
        city => format!("{}/{city}", of_country(code)),
    }
}

/// The one address of a clinic (R-MG-20); its name there is its id while it has none.
pub(super) fn of_clinic(card: &ClinicCard) -> String {
    let name = card.slug.clone().unwrap_or_else(|| card.id.to_string());
    of(card.country_code.as_deref(), &card.city, &name)
}

/// The same by its parts. A country nobody named yet has a place of its own.
pub(super) fn of(country: Option<&str>, city: &str, name: &str) -> String {
    format!("{}/{}/{name}", of_country(country.unwrap_or("xx")), city_in_address(city))
}

fn city_in_address(city: &str) -> String {
    Some(slug(city)).filter(|city| !city.is_empty()).unwrap_or_else(|| "city".to_owned())
}

/// The way to a country or one of its cities.
pub(super) fn way_to_place(chrome: &Chrome, code: &str, country: &str, city: Option<&str>) -> Vec<Crumb> {
    let all = Crumb::new("/clinics", chrome.t("nav-clinics"));
    match city {
        None => vec![all, Crumb::new("", country)],
        Some(city) => vec![all, Crumb::new(of_country(code), country), Crumb::new("", city)],
    }
}

/// The way to a clinic.
pub(super) fn way_to_clinic(chrome: &Chrome, card: &ClinicCard) -> Vec<Crumb> {
    let mut way = vec![Crumb::new("/clinics", chrome.t("nav-clinics"))];
    if let Some(code) = card.country_code.as_deref() {
        way.push(Crumb::new(of_country(code), chrome.country(code, &card.country)));
        way.push(Crumb::new(of_city(code, &card.city), card.city.clone()));
    }
    way.push(Crumb::new("", card.name.clone()));
    way
}

/// The way to a page of a list.
pub(super) fn way(list: (&str, String), name: &str) -> Vec<Crumb> {
    vec![Crumb::new(list.0, list.1), Crumb::new("", name)]
}
