//! Averages and distributions, in integers so that every reader computes the same.

use serde::{Deserialize, Serialize};

/// The average of `count` ratings adding up to `sum`: one decimal, half up; none without reviews (R-CM-65).
pub fn average(sum: i64, count: i64) -> Option<String> {
    if count <= 0 {
        return None;
    }
    let tenths = (20 * sum + count) / (2 * count);
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

/// The average in half stars for the picture: the exact value rounded to the nearest half, half up (R-CM-65).
pub fn star_halves(sum: i64, count: i64) -> Option<i64> {
    (count > 0).then(|| (4 * sum + count) / (2 * count))
}

/// How often each rating was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Distribution {
    /// The rating, 5 to 1.
    pub rating: i32,
    /// How many reviews gave it.
    pub count: i64,
    /// Its share in percent, each rounded by itself: the shares need not add to 100.
    pub percent: i64,
}

/// The distribution of ratings from 5 down to 1 (R-CM-66). `counts` are (rating, count).
pub fn distribution(counts: &[(i32, i64)]) -> Vec<Distribution> {
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    let count_of = |rating| counts.iter().filter(|(given, _)| *given == rating).map(|(_, count)| count).sum::<i64>();
    (1..=5)
        .rev()
        .map(|rating| {
            let count = count_of(rating);
            let percent = if total == 0 { 0 } else { (200 * count + total) / (2 * total) };
            Distribution { rating, count, percent }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_round_half_up() {
        assert_eq!(average(0, 0), None);
        assert_eq!(average(9, 2).as_deref(), Some("4.5"));
        // 4.25 and 4.35 lie exactly between two tenths.
        assert_eq!(average(17, 4).as_deref(), Some("4.3"));
        assert_eq!(average(87, 20).as_deref(), Some("4.4"));
        assert_eq!(average(14, 3).as_deref(), Some("4.7"));
    }

    #[test]
    fn stars_come_in_halves() {
        assert_eq!(star_halves(17, 4), Some(9));
        assert_eq!(star_halves(14, 3), Some(9));
        assert_eq!(star_halves(15, 3), Some(10));
        assert_eq!(star_halves(0, 0), None);
    }

    #[test]
    fn shares_are_rounded_one_by_one() {
        let shares: Vec<(i32, i64)> =
            distribution(&[(5, 1), (4, 1), (1, 1)]).iter().map(|share| (share.rating, share.percent)).collect();
        assert_eq!(shares, [(5, 33), (4, 33), (3, 0), (2, 0), (1, 33)]);
        assert!(distribution(&[]).iter().all(|share| share.percent == 0));
    }
}
