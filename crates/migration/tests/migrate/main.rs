//! The schema and its runner, on a database of their own per test.
//!
//! `HAIRLINE_TEST_MYSQL_URL` names a server (without a database) on which the same tests run again.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod docs;
mod protection;
mod runner;
mod schema;
mod support;
