//! The reader's language: sentences from Fluent, and how money, dates and times are written.
//!
//! Texts lie in `locales/<language>/<wing>.ftl`; both languages are complete (a test compares them).

mod format;
mod texts;

use fluent_bundle::FluentArgs;
use serde::{Deserialize, Serialize};

pub use fluent_bundle::FluentValue;
pub use format::{date, datetime, money, relative, total, zone_distance, zone_name};

/// A language the product is complete in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English, also spoken where nothing else fits.
    #[default]
    En,
    /// Turkish.
    Tr,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Tr];

    /// Its code: `en`, `tr`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Tr => "tr",
        }
    }

    /// The language of a code such as `tr`, `tr-TR` or `TR_tr`.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.code()))
    }

    /// The language an `Accept-Language` header likes best; English when it names none of ours.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (Self::default(), 0u32);
        for part in header.split(',') {
            let (code, parameters) = part.split_once(';').unwrap_or((part, ""));
            let Some(locale) = Self::from_code(code) else { continue };
            let weight = weight(parameters);
            if weight > best.1 {
                best = (locale, weight);
            }
        }
        best.0
    }
}

/// The `q` of a header entry in thousandths; an unreadable one counts as unwanted.
fn weight(parameters: &str) -> u32 {
    match parameters.trim().strip_prefix("q=") {
        None => 1000,
        Some(text) => match text.trim().parse::<f32>() {
            Ok(q) if (0.0..=1.0).contains(&q) => (q * 1000.0) as u32,
            _ => 0,
        },
    }
}

/// The text of a key. A key without a text reads as itself and is logged.
pub fn t(locale: Locale, key: &str) -> String {
    find_text(locale, key).unwrap_or_else(|| missing(key))
}

/// The text of a key with its variables filled in.
pub fn tr(locale: Locale, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
    let args: FluentArgs<'_> = args.iter().cloned().collect();
    texts::find(locale, key, Some(&args)).unwrap_or_else(|| missing(key))
}

/// The text of a key, if there is one: for error codes, which not every area has translated.
pub fn find_text(locale: Locale, key: &str) -> Option<String> {
    texts::find(locale, key, None)
}

/// The sentence of an error for people: the translation of its code and reason, of its code, else its English detail.
pub fn error_sentence(locale: Locale, error: &kernel::AppError) -> String {
    let reason = error.extra.get("reason").and_then(|reason| reason.as_str());
    reason
        .and_then(|reason| find_text(locale, &format!("error-{}-{reason}", error.code)))
        .or_else(|| find_text(locale, &format!("error-{}", error.code)))
        .unwrap_or_else(|| error.detail.clone())
}

/// The name of a country by its ISO code in the reader's language; `name`, as it is stored, where we have none.
pub fn country(locale: Locale, code: &str, name: &str) -> String {
    // Staff may have renamed the country, and they write English.
    if locale == Locale::En && !name.is_empty() {
        return name.to_owned();
    }
    find_text(locale, &format!("country-{}", code.to_ascii_lowercase()))
        .unwrap_or_else(|| if name.is_empty() { code.to_owned() } else { name.to_owned() })
}

fn missing(key: &str) -> String {
    tracing::warn!(key, "no text for this key");
    key.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// Key -> variables it uses, of every file of a language. Duplicate keys fail.
    fn catalogue(language: &str) -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(language);
        let mut keys = BTreeMap::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let mut key = String::new();
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let starts = line.starts_with(|c: char| c.is_ascii_alphabetic());
                if let Some((name, _)) = line.split_once('=').filter(|_| starts) {
                    key = name.trim().to_owned();
                    let first = keys.insert(key.clone(), BTreeSet::new()).is_none();
                    assert!(first, "{key} stands twice in {language}, again in {}", path.display());
                } else if let Some((name, _)) = line.trim().strip_prefix('.').and_then(|rest| rest.split_once('=')) {
                    let base = key.split('.').next().unwrap().to_owned();
                    key = format!("{base}.{}", name.trim());
                    keys.insert(key.clone(), BTreeSet::new());
                }
                for variable in line.split('$').skip(1).filter(|_| !line.starts_with('#')) {
                    let name: String =
                        variable.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect();
                    keys.get_mut(&key).unwrap().insert(name);
                }
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_the_same_keys_and_variables() {
        let (english, turkish) = (catalogue("en"), catalogue("tr"));
        assert!(english.len() > 40);
        let only_english: Vec<_> = english.keys().filter(|key| !turkish.contains_key(*key)).collect();
        let only_turkish: Vec<_> = turkish.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(only_english.is_empty() && only_turkish.is_empty(), "en: {only_english:?}, tr: {only_turkish:?}");
        for (key, variables) in &english {
            assert_eq!(variables, &turkish[key], "variables of {key}");
        }
    }

    #[test]
    fn every_key_can_be_read_in_both_languages() {
        // Catches files that exist but are not part of the built program, and messages Fluent skips as junk.
        for locale in Locale::ALL {
            for key in catalogue(locale.code()).keys().filter(|key| !key.contains('.')) {
                assert!(find_text(locale, key).is_some(), "{key} in {locale:?}");
            }
        }
    }

    #[test]
    fn the_header_decides_by_weight() {
        for (header, locale) in [
            ("tr", Locale::Tr),
            ("tr-TR,tr;q=0.9,en;q=0.8", Locale::Tr),
            ("en;q=0.5, tr;q=0.7", Locale::Tr),
            ("de, fr;q=0.9", Locale::En),
            ("tr;q=0, en;q=0.1", Locale::En),
            ("tr;q=nonsense", Locale::En),
            ("", Locale::En),
        ] {
            assert_eq!(Locale::from_accept_language(header), locale, "{header}");
        }
    }

    #[test]
    fn texts_have_no_isolation_marks() {
        assert_eq!(tr(Locale::En, "time-minutes-ago", &[("count", 5.into())]), "5 minutes ago");
        assert_eq!(tr(Locale::Tr, "time-minutes-ago", &[("count", 5.into())]), "5 dakika önce");
        assert_eq!(t(Locale::Tr, "month-8"), "Ağustos");
    }

    #[test]
    fn an_error_with_a_reason_says_what_to_do() {
        let of = |reason: &str| {
            let error = kernel::AppError::invalid("media_quality_insufficient", "Plain.").with("reason", reason);
            error_sentence(Locale::En, &error)
        };
        assert_ne!(of("too_small"), of("not_sharp"));
        assert_eq!(of("unheard_of"), t(Locale::En, "error-media_quality_insufficient"));
    }

    #[test]
    fn countries_are_read_in_the_readers_language() {
        assert_eq!(country(Locale::Tr, "DE", "Germany"), "Almanya");
        assert_eq!(country(Locale::En, "DE", "Federal Germany"), "Federal Germany", "as staff named it");
        assert_eq!(country(Locale::En, "de", ""), "Germany");
        assert_eq!(country(Locale::Tr, "XX", "Atlantis"), "Atlantis");
        assert_eq!(country(Locale::Tr, "XX", ""), "XX");
    }

    #[test]
    fn an_error_without_a_translation_keeps_its_sentence() {
        let error = kernel::AppError::conflict("no_such_code_anywhere", "The plain words.");
        assert_eq!(error_sentence(Locale::Tr, &error), "The plain words.");
        assert_eq!(error_sentence(Locale::Tr, &kernel::AppError::not_found()), "Burada bir şey yok.");
    }
}
