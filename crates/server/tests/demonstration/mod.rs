//! The data of the demonstration, made once for the tests of a binary that run at the same time.

use std::sync::{Arc, Weak};

use server::demo::{Logins, Scale, seed_scaled};
use testkit::{Frozen, TestApp};
use tokio::sync::Mutex;

/// The demonstration as it was made.
pub struct Demonstration {
    stored: Frozen,
    logins: Logins,
}

/// The one the tests that run now begin with; it goes with the last of them.
static DEMONSTRATION: Mutex<Weak<Demonstration>> = Mutex::const_new(Weak::new());

/// A program of the test's own with all of it, who can sign in, and what keeps the original for the next test.
pub async fn begin() -> (TestApp, Logins, Arc<Demonstration>) {
    let made = there().await;
    (made.stored.thaw().await, made.logins.clone(), made)
}

async fn there() -> Arc<Demonstration> {
    let mut kept = DEMONSTRATION.lock().await;
    if let Some(there) = kept.upgrade() {
        return there;
    }
    let t = TestApp::sqlite().await;
    // On the heap: with all it waits for, it is a deep future.
    let logins = Box::pin(seed_scaled(&t.app, Scale::Sample)).await.unwrap();
    let made = Arc::new(Demonstration { stored: t.freeze().await, logins });
    *kept = Arc::downgrade(&made);
    made
}
