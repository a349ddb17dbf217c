//! What a clinic may enter as its price of a treatment (R-IQ-71) or as a package (R-IQ-72).

use kernel::{Amount, FieldErrors};

use crate::entity::packages::PackageCategory;

/// The most grafts anybody can enter (R-IQ-34).
pub const MOST_GRAFTS: i32 = 20_000;

/// The numbers of a clinic's price.
#[derive(Clone, Copy, Debug)]
pub struct PriceTerms {
    /// Fixed part.
    pub base_price: Amount,
    /// Part per graft; zero for a fixed price.
    pub price_per_graft: Amount,
    /// Fewest grafts, when limited.
    pub min_grafts: Option<i32>,
    /// Most grafts, when limited.
    pub max_grafts: Option<i32>,
}

/// Notes everything wrong with a price (R-IQ-71).
pub fn check_price(terms: &PriceTerms, errors: &mut FieldErrors) {
    if !terms.base_price.is_positive() {
        errors.add("base_price", "invalid_amount", "The base price must be above zero.");
    }
    if terms.price_per_graft < Amount::ZERO {
        errors.add("price_per_graft", "invalid_amount", "The price per graft cannot be negative.");
    }
    for (field, grafts) in [("min_grafts", terms.min_grafts), ("max_grafts", terms.max_grafts)] {
        if grafts.is_some_and(|grafts| !(1..=MOST_GRAFTS).contains(&grafts)) {
            errors.add(field, "grafts_out_of_range", format!("Enter 1 to {MOST_GRAFTS} grafts."));
        }
    }
    if let (Some(min), Some(max)) = (terms.min_grafts, terms.max_grafts)
        && max <= min
    {
        errors.add("max_grafts", "grafts_out_of_range", "The most must be above the fewest.");
    }
}

/// The category for a word, also for the three spellings of older lists (R-IQ-72).
pub fn category(word: &str) -> Option<PackageCategory> {
    Some(match word {
        "hotel" => PackageCategory::Hotel,
        "transport" => PackageCategory::Transport,
        "flight" | "flight_assistance" => PackageCategory::Flight,
        "medication" | "medications" => PackageCategory::Medication,
        "prp_therapy" => PackageCategory::PrpTherapy,
        "consultation" | "extended_consultation" => PackageCategory::Consultation,
        "custom" => PackageCategory::Custom,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(base: &str, graft: &str, min: Option<i32>, max: Option<i32>) -> PriceTerms {
        PriceTerms {
            base_price: base.parse().unwrap(),
            price_per_graft: graft.parse().unwrap(),
            min_grafts: min,
            max_grafts: max,
        }
    }

    #[test]
    fn prices_within_reason() {
        let cases = [
            (terms("2500", "2", Some(1000), Some(4000)), vec![]),
            (terms("2500", "0", None, None), vec![]),
            (terms("0", "2", None, None), vec!["base_price"]),
            (terms("2500", "-0.01", None, None), vec!["price_per_graft"]),
            (terms("2500", "2", Some(2000), Some(2000)), vec!["max_grafts"]),
            (
                terms("-1", "-1", Some(0), Some(20_001)),
                vec!["base_price", "max_grafts", "min_grafts", "price_per_graft"],
            ),
        ];
        for (terms, wrong) in cases {
            let mut errors = FieldErrors::new();
            check_price(&terms, &mut errors);
            assert_eq!(errors.0.keys().collect::<Vec<_>>(), wrong, "{terms:?}");
        }
    }

    #[test]
    fn older_category_words_are_understood() {
        assert_eq!(category("flight_assistance"), Some(PackageCategory::Flight));
        assert_eq!(category("medications"), Some(PackageCategory::Medication));
        assert_eq!(category("extended_consultation"), Some(PackageCategory::Consultation));
        assert_eq!(category("spa"), None);
    }
}
