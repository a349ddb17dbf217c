//! Which clinics receive an inquiry (R-IQ-25).

use std::cmp::Ordering;

use kernel::ids::ProviderId;

/// An accepting clinic in one of the chosen countries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The clinic.
    pub id: ProviderId,
    /// Its name, which breaks ties.
    pub name: String,
    /// Whether Hairline features it.
    pub featured: bool,
    /// Sum of its published ratings.
    pub rating_sum: i32,
    /// Number of its published ratings.
    pub rating_count: i32,
}

/// The clinics to add, best first, so that no more than `places` are filled.
///
/// Order: featured, average rating (none last), number of reviews, name, id. Averages are compared as fractions,
/// so that no rounding decides.
pub fn fill(mut candidates: Vec<Candidate>, taken: &[ProviderId], places: usize) -> Vec<ProviderId> {
    candidates.retain(|candidate| !taken.contains(&candidate.id));
    candidates.sort_by(better);
    candidates.into_iter().map(|candidate| candidate.id).take(places).collect()
}

fn better(a: &Candidate, b: &Candidate) -> Ordering {
    let by_rating = || match (a.rating_count, b.rating_count) {
        (0, 0) => Ordering::Equal,
        (0, _) => Ordering::Greater,
        (_, 0) => Ordering::Less,
        (of_a, of_b) => (i64::from(b.rating_sum) * i64::from(of_a)).cmp(&(i64::from(a.rating_sum) * i64::from(of_b))),
    };
    b.featured
        .cmp(&a.featured)
        .then_with(by_rating)
        .then_with(|| b.rating_count.cmp(&a.rating_count))
        .then_with(|| a.name.cmp(&b.name))
        .then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clinic(name: &str, featured: bool, rating: &str, count: i32) -> Candidate {
        let tenths: i32 = rating.replace('.', "").parse().unwrap();
        Candidate {
            id: ProviderId::new(),
            name: name.to_owned(),
            featured,
            rating_sum: tenths * count / 10,
            rating_count: count,
        }
    }

    #[test]
    fn gs_4_fills_the_places_by_feature_rating_and_reviews() {
        let mut all = vec![
            clinic("T1", true, "4.6", 120),
            clinic("P1", true, "4.4", 80),
            clinic("T3", false, "4.9", 60),
            clinic("T4", false, "4.8", 200),
            clinic("T5", false, "4.8", 90),
            clinic("P2", false, "4.7", 10),
            clinic("T6", false, "4.5", 40),
            clinic("T8", false, "4.5", 12),
            clinic("P4", false, "4.2", 5),
            clinic("T9", false, "0.0", 0),
        ];
        let selected: Vec<_> = ["T2", "T7", "P3"].map(|name| clinic(name, false, "3.0", 2)).to_vec();
        let taken: Vec<_> = selected.iter().map(|clinic| clinic.id).collect();
        all.extend(selected);
        all.reverse();
        let chosen = fill(all.clone(), &taken, 7);
        let names: Vec<_> = chosen.iter().map(|id| all.iter().find(|c| c.id == *id).unwrap().name.as_str()).collect();
        assert_eq!(names, ["T1", "P1", "T3", "T4", "T5", "P2", "T6"]);
        assert!(fill(all, &taken, 0).is_empty());
    }

    #[test]
    fn a_clinic_without_ratings_comes_last_and_names_break_ties() {
        let all = vec![clinic("B", false, "0.0", 0), clinic("C", false, "1.0", 1), clinic("A", false, "0.0", 0)];
        let names: Vec<_> =
            fill(all.clone(), &[], 9).iter().map(|id| all.iter().find(|c| c.id == *id).unwrap().name.clone()).collect();
        assert_eq!(names, ["C", "A", "B"]);
    }
}
