//! Chance with a fixed seed: the same demonstration every time.

/// Draws numbers that depend on nothing but a name (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The dice of this name.
    pub fn of(name: &str) -> Self {
        // FNV-1a: short and the same on every machine.
        let seed = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).max(0).unsigned_abs() + 1;
        low + i64::try_from(self.draw() % width).unwrap_or(0)
    }

    /// True so often in a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of them; the first of an empty list is a mistake the caller cannot make with a constant.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(all.len()).unwrap_or(0) - 1;
        all.get(usize::try_from(self.between(0, last)).unwrap_or(0))
    }

    /// A text of a list of texts.
    pub fn text(&mut self, all: &[&'static str]) -> &'static str {
        self.pick(all).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_name_draws_the_same_numbers_within_bounds() {
        let draw = |name: &str| -> Vec<i64> {
            let mut dice = Dice::of(name);
            (0..50).map(|_| dice.between(-3, 7)).collect()
        };
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
        let numbers = draw("a");
        assert!(numbers.iter().all(|n| (-3..=7).contains(n)));
        assert!(numbers.contains(&-3) && numbers.contains(&7), "{numbers:?}");
    }
}
