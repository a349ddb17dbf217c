//! The order in which clinics come first: in the directory and when an inquiry is distributed (R-IQ-25).

use std::cmp::Ordering;

use kernel::ids::ProviderId;

use super::rating::Rating;

/// A clinic as far as the order needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The clinic.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
    /// Marked as featured.
    pub featured: bool,
    /// Its published ratings.
    pub rating: Rating,
}

impl Ranked {
    /// Featured, average rating (none last), number of reviews, name, id.
    pub fn recommended_first(&self, other: &Self) -> Ordering {
        other
            .featured
            .cmp(&self.featured)
            .then_with(|| self.rating.better_first(other.rating))
            .then_with(|| other.rating.count.cmp(&self.rating.count))
            .then_with(|| self.name.cmp(&other.name))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// The clinics an inquiry goes to: all selected that still accept, in the patient's order, then the best of the others
/// up to `cap` in all. `accepting` holds the accepting clinics of the chosen countries and the selected ones.
pub fn candidates(mut accepting: Vec<Ranked>, selected: &[ProviderId], cap: usize) -> Vec<ProviderId> {
    let mut chosen: Vec<ProviderId> =
        selected.iter().copied().filter(|id| accepting.iter().any(|clinic| clinic.id == *id)).collect();
    accepting.retain(|clinic| !chosen.contains(&clinic.id));
    accepting.sort_by(Ranked::recommended_first);
    let places = cap.saturating_sub(chosen.len());
    chosen.extend(accepting.into_iter().take(places).map(|clinic| clinic.id));
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clinic(name: &str, featured: bool, tenths: i32, count: i32) -> Ranked {
        // The sum behind an average of `tenths`/10 over `count` reviews.
        let rating = Rating { sum: tenths * count / 10, count };
        Ranked { id: ProviderId::new(), name: name.to_owned(), featured, rating }
    }

    #[test]
    fn golden_4_distribution() {
        let clinics = vec![
            clinic("T1", true, 46, 120),
            clinic("T2", false, 30, 10),
            clinic("T3", false, 49, 60),
            clinic("T4", false, 48, 200),
            clinic("T5", false, 48, 90),
            clinic("T6", false, 45, 40),
            clinic("T7", false, 30, 10),
            clinic("T8", false, 45, 12),
            clinic("T9", false, 0, 0),
            clinic("P1", true, 44, 80),
            clinic("P2", false, 47, 10),
            clinic("P3", false, 30, 10),
            clinic("P4", false, 42, 5),
        ];
        let id = |name: &str| clinics.iter().find(|clinic| clinic.name == name).unwrap().id;
        let selected = [id("T2"), id("T7"), id("P3")];
        let result = candidates(clinics.clone(), &selected, 10);
        let names: Vec<&str> =
            result.iter().map(|id| clinics.iter().find(|clinic| clinic.id == *id).unwrap().name.as_str()).collect();
        assert_eq!(names, ["T2", "T7", "P3", "T1", "P1", "T3", "T4", "T5", "P2", "T6"]);
        assert_eq!(candidates(clinics.clone(), &selected, 10), result);
    }

    #[test]
    fn a_selected_clinic_that_stopped_accepting_is_left_out() {
        let open = clinic("A", false, 45, 10);
        let gone = ProviderId::new();
        assert_eq!(candidates(vec![open.clone()], &[gone], 10), [open.id]);
    }

    #[test]
    fn names_and_ids_settle_ties() {
        let (a, b) = (clinic("A", false, 40, 5), clinic("B", false, 40, 5));
        assert_eq!(candidates(vec![b.clone(), a.clone()], &[], 10), [a.id, b.id]);
        assert_eq!(candidates(vec![b, a.clone()], &[], 1), [a.id]);
    }
}
