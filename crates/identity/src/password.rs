//! Password hashes: bcrypt, readable by and from an installation of Laravel (R-ID-12).

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use kernel::{AppError, AppResult, Secret};
use platform::App;
use platform::config::Mode;
use tokio::sync::Semaphore;

/// The cost of new hashes.
const COST: u32 = 12;

/// What automatic tests use, for they hash all day.
const TEST_COST: u32 = 4;

/// A hash nobody knows a password of: checking against it takes as long as checking a real one (R-ID-19).
const NOBODY: &str = "$2y$12$TLtAbL0frvk/5WBptYjZ5efT/5nQ/d/3b7jVw2r7I3oZ6S2F6jA6q";
const NOBODY_IN_TESTS: &str = "$2y$04$TLtAbL0frvk/5WBptYjZ5efT/5nQ/d/3b7jVw2r7I3oZ6S2F6jA6q";

/// The value of a password column that no password opens: clinicians without login, erased accounts.
pub const UNUSABLE: &str = "!";

/// How many hashes are computed at once: all cores but one, for a flood of logins must leave everybody else a core. The
/// others wait here, holding nothing.
static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, NonZero::get).saturating_sub(1).max(1)));

/// Computes off the threads that answer requests, when it is its turn. Counted with its cost: the metric shows a flood of
/// logins, and tests that a stranger's takes the same work.
async fn computed<T: Send + 'static>(cost: u32, work: impl FnOnce() -> T + Send + 'static) -> AppResult<T> {
    metrics::counter!("hairline_password_hashes_total", "cost" => cost.to_string()).increment(1);
    let turn = TURNS.acquire().await.map_err(AppError::internal)?;
    tokio::task::spawn_blocking(move || {
        let done = work();
        // Until here, not until the asker goes away: a request that is given up does not stop its thread.
        drop(turn);
        done
    })
    .await
    .map_err(AppError::internal)
}

fn cost(app: &App) -> u32 {
    if app.config.mode == Mode::Test { TEST_COST } else { COST }
}

/// What bcrypt sees of a password, in bytes.
const LONGEST: usize = 72;

/// The hash of a new password, with the `$2y$` prefix.
pub async fn hash(app: &App, password: &Secret<String>) -> AppResult<String> {
    if password.expose().len() > LONGEST {
        return Err(AppError::internal("a password longer than bcrypt sees"));
    }
    let (password, cost) = (password.clone(), cost(app));
    // The library's own guard counts the closing NUL and refuses 72 bytes, which other programs take.
    let parts =
        computed(cost, move || bcrypt::hash_with_result(password.expose(), cost)).await?.map_err(AppError::internal)?;
    Ok(parts.format_for_version(bcrypt::Version::TwoY))
}

/// Whether the password belongs to the stored hash; `None` costs the same time and is never right.
pub async fn verify(app: &App, password: &Secret<String>, stored: Option<&str>) -> AppResult<bool> {
    // Bytes that bcrypt does not see would not count: such a password is nobody's.
    let whole = password.expose().len() <= LONGEST;
    let real = stored.filter(|hash| whole && hash.starts_with("$2"));
    let known = real.is_some();
    let dummy = if app.config.mode == Mode::Test { NOBODY_IN_TESTS } else { NOBODY };
    let (password, hash) = (password.clone(), real.unwrap_or(dummy).to_owned());
    let price = cost_of(&hash).unwrap_or_default();
    let equal = computed(price, move || bcrypt::verify(password.expose(), &hash).unwrap_or(false)).await?;
    Ok(equal && known)
}

/// Whether a hash was made at a lower cost than today's and should be made again while the password is at hand.
pub fn is_outdated(app: &App, stored: &str) -> bool {
    cost_of(stored).is_none_or(|old| old < cost(app))
}

/// The cost a hash was made at.
fn cost_of(stored: &str) -> Option<u32> {
    stored.split('$').nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_dummy_is_a_hash_that_takes_its_time() {
        // An unreadable hash would be refused at once and betray unknown accounts.
        for dummy in [super::NOBODY, super::NOBODY_IN_TESTS] {
            assert_eq!(bcrypt::verify("anything", dummy).ok(), Some(false), "{dummy}");
        }
    }

    #[test]
    fn hashes_of_other_programs_are_read() {
        let hash = bcrypt::hash_with_result("Correct-Horse7!", 4).unwrap();
        for version in [bcrypt::Version::TwoA, bcrypt::Version::TwoB, bcrypt::Version::TwoY] {
            let text = hash.format_for_version(version);
            assert!(bcrypt::verify("Correct-Horse7!", &text).unwrap(), "{text}");
        }
    }
}
