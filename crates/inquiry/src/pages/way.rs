//! Where a reader of the wizard comes from, and what is asked of the list of clinics: kept in the address.

use ui::{Ctx, Posted};

use super::steps::Step;

/// The longest search the directory takes (R-IQ-85).
const QUERY_CHARS: usize = 50;

/// Prices in dollars at which a clinic may begin, to choose from.
pub(super) const PRICES: [&str; 4] = ["1000", "2000", "3000", "5000"];

/// The part of the address that is neither the step nor its answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    /// The step was opened from the review and leads back to it.
    pub review: bool,
    /// Words of the clinic's name.
    pub q: String,
    /// Only clinics of this country.
    pub country: String,
    /// Only clinics rated so well.
    pub rating: String,
    /// Only clinics that treat this.
    pub specialty: String,
    /// Only clinics where this is spoken.
    pub language: String,
    /// Only clinics that begin at so many dollars or less.
    pub price: String,
    /// Another order than the recommended one.
    pub sort: String,
    /// Which page of clinics.
    pub page: u64,
    /// How many ticked clinics a change of countries has just taken out.
    pub dropped: usize,
}

impl Way {
    pub fn asked(ctx: &Ctx) -> Self {
        Self::read(|name| ctx.asked(name))
    }

    pub fn posted(posted: &Posted) -> Self {
        Self::read(|name| posted.get(name).to_owned())
    }

    fn read(value: impl Fn(&str) -> String) -> Self {
        let known = |name: &str, words: &[&str]| {
            Some(value(name)).filter(|word| words.contains(&word.as_str())).unwrap_or_default()
        };
        Self {
            review: value("from") == "review",
            q: value("q").trim().chars().take(QUERY_CHARS).collect(),
            country: value("country").trim().chars().take(2).collect(),
            rating: known("rating", &["4", "4.5"]),
            specialty: known("specialty", &["hair", "beard", "both"]),
            language: value("language").chars().filter(char::is_ascii_lowercase).take(3).collect(),
            price: known("price", &PRICES),
            sort: known("sort", &["rating", "price", "experience"]),
            page: value("page").parse().unwrap_or(1u64).clamp(1, 100_000),
            dropped: value("dropped").parse().unwrap_or(0usize).min(99),
        }
    }

    /// What the button that was pressed makes of it.
    pub fn turned(mut self, op: &str) -> Self {
        self.page = op.strip_prefix("page ").and_then(|page| page.parse().ok()).unwrap_or(1u64).max(1);
        self
    }

    /// The address of a step, which still knows where the reader came from.
    pub fn href(&self, step: Step) -> String {
        self.address(step, step == Step::Clinics)
    }

    /// The same without what is asked of the clinics.
    pub fn plain(&self, step: Step) -> String {
        self.address(step, false)
    }

    fn address(&self, step: Step, filtered: bool) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if self.review && step != Step::Review {
            pairs.push(("from", "review".to_owned()));
        }
        if filtered {
            let asked = [
                ("q", &self.q),
                ("country", &self.country),
                ("rating", &self.rating),
                ("specialty", &self.specialty),
                ("language", &self.language),
                ("price", &self.price),
                ("sort", &self.sort),
            ];
            for (name, value) in asked {
                if !value.is_empty() {
                    pairs.push((name, encoded(value)));
                }
            }
            if self.page > 1 {
                pairs.push(("page", self.page.to_string()));
            }
        }
        if self.dropped > 0 {
            pairs.push(("dropped", self.dropped.to_string()));
        }
        let query: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        if query.is_empty() { step.href() } else { format!("{}?{}", step.href(), query.join("&")) }
    }
}

/// A value of a query string.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_what_was_asked_and_nothing_else() {
        let pairs = [
            ("from", "review"),
            ("q", " yeşil & ev "),
            ("country", "TR"),
            ("language", "tr"),
            ("price", "2000"),
            ("sort", "nonsense"),
            ("page", "3"),
        ];
        let posted = Posted(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        let way = Way::posted(&posted);
        assert_eq!(
            way.href(Step::Clinics),
            "/patient/request/clinics?from=review&q=ye%C5%9Fil%20%26%20ev&country=TR&language=tr&price=2000&page=3"
        );
        assert_eq!(way.href(Step::Dates), "/patient/request/dates?from=review");
        assert_eq!(way.href(Step::Review), "/patient/request/review");
        assert_eq!(way.clone().turned("page 2").page, 2);
        assert_eq!(way.turned("search").page, 1, "another search begins at its first page");
        assert_eq!(Way::posted(&Posted::default()).href(Step::Clinics), "/patient/request/clinics");
    }
}
