//! How ratings are shown (R-CM-65, 66). Integers only.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// The sum and the number of published overall ratings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rating {
    /// Sum of the ratings, 1 to 5 each.
    pub sum: i32,
    /// How many.
    pub count: i32,
}

impl Rating {
    /// The average in tenths, half up; `None` without reviews, never 0.
    pub fn tenths(self) -> Option<i64> {
        if self.count <= 0 {
            return None;
        }
        let (sum, n) = (i64::from(self.sum), i64::from(self.count));
        (20 * sum + n).checked_div(2 * n)
    }

    /// The average with one decimal, as shown.
    pub fn average(self) -> Option<Decimal> {
        self.tenths().map(|tenths| Decimal::new(tenths, 1))
    }

    /// Higher averages first, none last; exact, not as shown.
    pub fn better_first(self, other: Self) -> Ordering {
        match (self.count > 0, other.count > 0) {
            (true, true) => {
                let own = i64::from(self.sum) * i64::from(other.count);
                let their = i64::from(other.sum) * i64::from(self.count);
                their.cmp(&own)
            }
            (own, their) => their.cmp(&own),
        }
    }
}

/// The share of `count` in `total` in whole percent, half up; the shares of one clinic may not add up to 100.
pub fn percent(count: u64, total: u64) -> u64 {
    (200 * count + total).checked_div(2 * total).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_half_up_at_one_decimal() {
        for (sum, count, shown) in [(0, 0, None), (5, 1, Some("5.0")), (17, 4, Some("4.3")), (13, 3, Some("4.3"))] {
            assert_eq!(Rating { sum, count }.average().map(|d| d.to_string()).as_deref(), shown, "{sum}/{count}");
        }
        // 4.25 exactly, and 4.249.
        assert_eq!(Rating { sum: 4249, count: 1000 }.tenths(), Some(42));
    }

    #[test]
    fn no_reviews_come_last() {
        let none = Rating::default();
        let low = Rating { sum: 1, count: 1 };
        assert_eq!(low.better_first(none), Ordering::Less);
        assert_eq!(none.better_first(low), Ordering::Greater);
        assert_eq!(none.better_first(none), Ordering::Equal);
        assert_eq!(Rating { sum: 9, count: 2 }.better_first(Rating { sum: 18, count: 4 }), Ordering::Equal);
    }

    #[test]
    fn shares() {
        assert_eq!((percent(1, 3), percent(2, 3), percent(1, 8), percent(0, 0)), (33, 67, 13, 0));
    }
}
