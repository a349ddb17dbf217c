//! Randomness that is handed in: the machine's in the product, a repeatable one in tests.

use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};

/// Gives unpredictable bytes. Tokens and codes come from here and never from the machine directly.
pub trait Randomness: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buf: &mut [u8]);
}

impl dyn Randomness {
    /// A secret of 256 bits as 64 hex digits: sessions, links, webhooks.
    pub fn token(&self) -> String {
        self.hex(32)
    }

    /// That many random bytes as hex digits.
    pub fn hex(&self, bytes: usize) -> String {
        let mut buf = vec![0; bytes];
        self.fill(&mut buf);
        hex::encode(buf)
    }

    /// Six decimal digits, every number equally likely: codes that people type.
    pub fn code6(&self) -> String {
        format!("{:06}", self.below(1_000_000))
    }

    /// That many digits and capital letters: codes that people read to each other.
    pub fn base36(&self, n: usize) -> String {
        (0..n).filter_map(|_| char::from_digit(self.below(36), 36)).map(|digit| digit.to_ascii_uppercase()).collect()
    }

    /// A number below `limit`, every one equally likely.
    pub fn below(&self, limit: u32) -> u32 {
        let limit = limit.max(1);
        // Numbers beyond the last whole multiple would make the small ones likelier.
        let fair = u32::MAX - u32::MAX % limit;
        loop {
            let mut buf = [0; 4];
            self.fill(&mut buf);
            let number = u32::from_le_bytes(buf);
            if number < fair {
                return number % limit;
            }
        }
    }
}

/// The machine's generator, fit for secrets.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    #[expect(clippy::disallowed_methods, reason = "this is where it comes from")]
    fn fill(&self, buf: &mut [u8]) {
        rand::rng().fill_bytes(buf);
    }
}

/// For tests: the same seed gives the same sequence, and no value twice.
pub struct SeededRandomness(Mutex<StdRng>);

impl SeededRandomness {
    /// A sequence of its own per seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, buf: &mut [u8]) {
        // A test that failed while it held the lock left the generator usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buf);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::*;

    fn seeded(seed: u64) -> Arc<dyn Randomness> {
        Arc::new(SeededRandomness::new(seed))
    }

    #[test]
    fn a_seed_repeats_its_sequence_without_repeating_a_value() {
        let (a, b) = (seeded(1), seeded(1));
        let first: Vec<String> = (0..1000).map(|_| a.token()).collect();
        let again: Vec<String> = (0..1000).map(|_| b.token()).collect();
        assert_eq!(first, again);
        assert_eq!(first.iter().collect::<HashSet<_>>().len(), 1000);
        assert_ne!(seeded(2).token(), first[0]);
    }

    #[test]
    fn the_machine_gives_something_else_every_time() {
        let os: Arc<dyn Randomness> = Arc::new(OsRandomness);
        assert_ne!(os.token(), os.token());
        assert_eq!(os.token().len(), 64);
    }

    #[test]
    fn codes_have_their_alphabet_and_reach_all_of_it() {
        let random = seeded(7);
        let codes: Vec<String> = (0..2000).map(|_| random.code6()).collect();
        assert!(codes.iter().all(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())));
        assert!(codes.iter().any(|code| code.starts_with('0')) && codes.iter().any(|code| code.starts_with('9')));
        let letters: HashSet<char> = random.base36(5000).chars().collect();
        assert_eq!(letters.len(), 36);
        assert!(letters.iter().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()));
    }

    /// Hands out fixed numbers.
    struct Scripted(Mutex<Vec<u32>>);

    impl Randomness for Scripted {
        fn fill(&self, buf: &mut [u8]) {
            buf.copy_from_slice(&self.0.lock().unwrap().remove(0).to_le_bytes());
        }
    }

    #[test]
    fn the_uneven_rest_is_drawn_again() {
        let random: Arc<dyn Randomness> = Arc::new(Scripted(Mutex::new(vec![u32::MAX, 4_294_000_000, 41])));
        assert_eq!(random.below(1_000_000), 41);
    }
}
