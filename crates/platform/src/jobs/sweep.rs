//! Working off everything that is due: batch by batch, each row on its own.

use std::fmt::Display;

use chrono::TimeDelta;
use kernel::{AppResult, Timestamp};
use sea_orm::{ColumnTrait, Condition, Value};

use super::redact;
use crate::App;

/// Rows of one batch.
pub const BATCH: u64 = 100;

/// How long one run goes on taking batches. A schedule that runs each minute has the rest of it to finish the last one.
const BUDGET: TimeDelta = TimeDelta::seconds(45);

/// One run over the rows that are due, oldest first. A row that fails is logged and left for the next run: it stands in
/// the way of no other, and within this run it is not taken again.
#[derive(Clone, Debug)]
pub struct Sweep<I> {
    schedule: &'static str,
    ends: Timestamp,
    last: Option<(Timestamp, I)>,
}

impl<I: Copy + Display + Into<Value>> Sweep<I> {
    /// Begins a run of a schedule.
    pub fn start(app: &App, schedule: &'static str) -> Self {
        Self { schedule, ends: app.now() + BUDGET, last: None }
    }

    /// The rows this run has not taken yet: those behind the last one, in the order of `at` and then `id`.
    pub fn rest(&self, at: impl ColumnTrait, id: impl ColumnTrait) -> Condition {
        match self.last {
            None => Condition::all(),
            Some((due, last)) => {
                Condition::any().add(at.gt(due)).add(Condition::all().add(at.eq(due)).add(id.gt(last)))
            }
        }
    }

    /// Notes what became of a row.
    pub fn took(&mut self, (id, due): (I, Timestamp), result: AppResult<()>) {
        self.last = Some((due, id));
        if let Err(error) = result {
            metrics::counter!("hairline_schedule_failures_total", "schedule" => self.schedule).increment(1);
            let error = redact(&error.to_string());
            tracing::error!(schedule = self.schedule, row = %id, %error, "a row of a schedule failed");
        }
    }

    /// Whether to look for another batch after one with so many rows.
    pub fn goes_on(&self, app: &App, rows: usize) -> bool {
        rows as u64 >= BATCH && app.now() < self.ends
    }
}
