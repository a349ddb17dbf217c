//! How long each class of data is kept: the settings of group retention (R-MG-80), and the rules that read them.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use kernel::{AppError, AppResult};

use crate::App;
use crate::settings::Setting;

/// The group of these settings.
pub const GROUP: &str = "retention";
/// Years after the last medical event.
pub const MEDICAL_YEARS: Setting<i64> = Setting::new(GROUP, "medical_years", 7);
/// Years after the last financial event.
pub const FINANCIAL_YEARS: Setting<i64> = Setting::new(GROUP, "financial_years", 7);
/// Years after the last message.
pub const COMMUNICATION_YEARS: Setting<i64> = Setting::new(GROUP, "communication_years", 7);
/// Years of an entry of the audit log.
pub const AUDIT_YEARS: Setting<i64> = Setting::new(GROUP, "audit_years", 10);
/// Months of who looked at which figures.
pub const ANALYTICS_ACCESS_MONTHS: Setting<i64> = Setting::new(GROUP, "analytics_access_months", 12);
/// Days of failed jobs and the like.
pub const TECHNICAL_DAYS: Setting<i64> = Setting::new(GROUP, "technical_days", 90);
/// Hours a copy of somebody's data can be fetched.
pub const BUNDLE_LINK_HOURS: Setting<i64> = Setting::new(GROUP, "bundle_link_hours", 48);
/// Longer years for single countries, one a line: `DE medical 10`.
pub const COUNTRY_OVERRIDES: Setting<String> = Setting::new(GROUP, "country_overrides", "");

/// Years of clinics after they closed; nobody sets them.
pub const CLINIC_YEARS: u32 = 7;

/// The most years anything is kept.
const MOST: u32 = 30;
/// The most lines of country overrides.
const MOST_COUNTRIES: usize = 300;

/// A class of data whose years differ between countries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Requests, answers, quotes, treatments, aftercare, passports.
    Medical,
    /// Payments and what belongs to them.
    Financial,
    /// Conversations.
    Communication,
}

impl Class {
    /// Every class, in the order people read them.
    pub const ALL: [Self; 3] = [Self::Medical, Self::Financial, Self::Communication];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Medical => "medical",
            Self::Financial => "financial",
            Self::Communication => "communication",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// Years by country and class.
pub type Overrides = BTreeMap<String, BTreeMap<Class, u32>>;

/// What is in force: the years of each class, and the countries in which they are longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    medical: u32,
    financial: u32,
    communication: u32,
    overrides: Overrides,
}

impl Default for Policy {
    fn default() -> Self {
        Self { medical: 7, financial: 7, communication: 7, overrides: Overrides::new() }
    }
}

impl Policy {
    /// The policy in force now.
    pub async fn load(app: &App) -> AppResult<Self> {
        let years = |years: i64| u32::try_from(years).unwrap_or(MOST).clamp(1, MOST);
        Ok(Self {
            medical: years(MEDICAL_YEARS.get(app).await?),
            financial: years(FINANCIAL_YEARS.get(app).await?),
            communication: years(COMMUNICATION_YEARS.get(app).await?),
            overrides: parse_overrides(&COUNTRY_OVERRIDES.get(app).await?)?,
        })
    }

    /// The years of a class in a country: an override lengthens and never shortens.
    pub fn years(&self, class: Class, country: Option<&str>) -> u32 {
        let base = match class {
            Class::Medical => self.medical,
            Class::Financial => self.financial,
            Class::Communication => self.communication,
        };
        let longer = country.and_then(|country| self.overrides.get(country)?.get(&class).copied());
        base.max(longer.unwrap_or(base))
    }

    /// The countries with years of their own.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.overrides.keys().map(String::as_str)
    }

    /// The day on which a class ends whose clock started then.
    pub fn ends(&self, class: Class, country: Option<&str>, from: NaiveDate) -> NaiveDate {
        years_after(from, self.years(class, country))
    }
}

/// The same day of the year so many years later; 29 February becomes the 28th (R-MG-81).
pub fn years_after(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_add_months(Months::new(12 * years)).unwrap_or(NaiveDate::MAX)
}

/// The last day that lies so many years before another one.
pub fn years_before(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(12 * years)).unwrap_or(NaiveDate::MIN)
}

/// Reads what staff wrote about countries: lines of country, class and years.
///
/// Errors: 422 `overrides_invalid` on the field.
pub fn parse_overrides(text: &str) -> AppResult<Overrides> {
    let invalid = || {
        let sentence = "Write one line for each: a country, a class and 7 to 30 years, like DE medical 10.";
        AppError::field(COUNTRY_OVERRIDES.key(), "overrides_invalid", sentence)
    };
    let mut found = Overrides::new();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for (count, line) in lines.enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [country, class, years] = words.as_slice() else { return Err(invalid()) };
        let country = country.to_ascii_uppercase();
        let class = Class::from_name(&class.to_ascii_lowercase()).ok_or_else(invalid)?;
        let years: u32 = years.parse().map_err(|_| invalid())?;
        let fits = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        if !fits || !(7..=MOST).contains(&years) || count >= MOST_COUNTRIES {
            return Err(invalid());
        }
        if found.entry(country).or_default().insert(class, years).is_some() {
            return Err(invalid());
        }
    }
    Ok(found)
}

/// The lines of overrides, as they are stored.
pub fn write_overrides(overrides: &Overrides) -> String {
    let of = |(country, classes): (&String, &BTreeMap<Class, u32>)| {
        classes.iter().map(|(class, years)| format!("{country} {} {years}", class.name())).collect::<Vec<_>>()
    };
    overrides.iter().flat_map(of).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn r_mg_80_a_country_only_lengthens() {
        let overrides = parse_overrides("de medical 10\n\n TR financial 7 \nTR Medical 15").unwrap();
        assert_eq!(write_overrides(&overrides), "DE medical 10\nTR medical 15\nTR financial 7");
        let policy = Policy { medical: 8, financial: 8, communication: 7, overrides };
        assert_eq!(policy.years(Class::Medical, Some("DE")), 10);
        assert_eq!(policy.years(Class::Financial, Some("TR")), 8, "never shorter");
        assert_eq!(policy.years(Class::Medical, Some("GB")), 8);
        assert_eq!(policy.years(Class::Communication, None), 7);
        assert_eq!(policy.ends(Class::Medical, Some("DE"), day("2026-04-20")), day("2036-04-20"));
    }

    #[test]
    fn r_mg_81_years_are_the_same_day() {
        assert_eq!(years_after(day("2028-02-29"), 7), day("2035-02-28"));
        assert_eq!(years_before(day("2035-02-28"), 7), day("2028-02-28"));
        assert_eq!(years_before(day("2032-02-29"), 7), day("2025-02-28"));
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for text in [
            "DE medical",
            "DE medical 6",
            "DE medical 31",
            "DEU medical 10",
            "DE food 10",
            "DE medical ten",
            "DE medical 8\nDE medical 9",
        ] {
            assert_eq!(
                parse_overrides(text).unwrap_err().fields.0["country_overrides"][0].code,
                "overrides_invalid",
                "{text}"
            );
        }
        assert!(parse_overrides("").unwrap().is_empty());
    }
}
