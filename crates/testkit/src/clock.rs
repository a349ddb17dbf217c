//! A clock that moves only when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use kernel::{Clock, Timestamp};

/// The instant every test begins at: a Monday morning.
const BEGINNING: &str = "2026-03-02T10:00:00Z";

/// Stands still until it is moved. Clones show the same time.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(at(BEGINNING).timestamp())))
    }
}

impl TestClock {
    /// Moves to an instant, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.timestamp(), Ordering::SeqCst);
    }

    /// Moves forward, by whole seconds.
    pub fn advance(&self, by: impl Span) {
        self.0.fetch_add(by.seconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap_or_default()
    }
}

/// A length of time, of the standard library or of chrono.
pub trait Span {
    /// In whole seconds.
    fn seconds(&self) -> i64;
}

impl Span for Duration {
    fn seconds(&self) -> i64 {
        i64::try_from(self.as_secs()).unwrap_or(i64::MAX)
    }
}

impl Span for chrono::Duration {
    fn seconds(&self) -> i64 {
        self.num_seconds()
    }
}

/// The instant of an RFC 3339 text.
#[track_caller]
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text} is no instant: {error}"))
}
