//! The test kit: a database per test on both engines, a clock that stands still, actors, an HTTP client, pictures.
//!
//! ```ignore
//! testkit::both! {
//!     async fn a_clinic_sees_only_its_own_quotes(t: TestApp) {
//!         t.at("2026-03-02T10:00:00Z");
//!         let client = t.client(quoting::routes()).as_actor(testkit::actors::clinic_owner(user, provider));
//!         client.get("/quotes").await.assert_status(200);
//!     }
//! }
//! ```

#![expect(clippy::panic, clippy::indexing_slicing, reason = "this crate is test code; a failure is how a test fails")]

pub mod actors;
mod app;
mod client;
mod clock;
mod databases;
mod pictures;

pub use app::{Frozen, TestApp};
pub use client::{Client, Reply, Upload};
pub use clock::{Span, TestClock, at};
pub use databases::Engine;
pub use pictures::{blurred_jpeg, jpeg};

/// Runs every function as a test on SQLite and, when `HAIRLINE_TEST_MYSQL_URL` is set, on that server. Each gets a
/// [`TestApp`] of its own: the migrated schema and no rows.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: $kind:ty) $body:block)+) => {$(
        $(#[$meta])*
        #[cfg(test)]
        mod $name {
            use super::*;

            async fn body($app: $kind) $body

            #[test]
            fn sqlite() {
                $crate::run_test($crate::Engine::Sqlite, body);
            }

            #[test]
            fn mysql() {
                $crate::run_test($crate::Engine::Mysql, body);
            }
        }
    )+};
}

/// Runs one test of [`both`].
#[doc(hidden)]
pub fn run_test<F: Future<Output = ()>>(engine: Engine, body: impl FnOnce(TestApp) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        match TestApp::start(engine).await {
            Some(app) => body(app).await,
            None => eprintln!("skipped: HAIRLINE_TEST_MYSQL_URL is not set"),
        }
    });
}
