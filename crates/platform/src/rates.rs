//! How often somebody may do something: every process counts, and knows what the others counted.
//!
//! Spans slide: time is cut into slices, and what lies within the span is added up, the slice it began in included. So
//! nobody ever does more than the limit within any minute or hour, and waits a slice longer at most.
//!
//! A process counts in memory. [`keep_sharing`] writes what it counted and reads what the others did once a second, so a
//! request costs no statement. Where a second is too long, a limit is [exact](Limit::exact): then each request writes its
//! count and reads the others' before it is let through.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use kernel::{AppError, AppResult, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::entity::request_counts::{ActiveModel, Column, Entity};
use crate::{App, write_txn};

/// How often counts go to the database and come from it.
const PAUSE: Duration = Duration::from_secs(1);

/// Rows that were written so long before the last reading are read again: clocks of machines differ, and what was begun
/// earlier may be committed later.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);

/// Rows of one statement.
const ROWS: usize = 500;

/// The time within which a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A minute, in slices of five seconds.
    Minute,
    /// An hour, in slices of a minute.
    Hour,
}

impl Span {
    /// Seconds of a slice, and how many of them make the span.
    const fn slices(self) -> (i64, i64) {
        match self {
            Self::Minute => (5, 12),
            Self::Hour => (60, 60),
        }
    }

    /// When what is done at `now` no longer counts, in seconds of the epoch.
    const fn ends(self, now: i64) -> i64 {
        let (length, count) = self.slices();
        (now.div_euclid(length) + count + 1) * length
    }
}

/// So many times within a span.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is limited: callers are counted apart for each name.
    pub name: &'static str,
    /// How many times.
    pub most: u32,
    /// Within which time.
    pub span: Span,
    /// Whether processes must agree on every single request.
    pub exact: bool,
}

/// What one process knows of all limits: the value of its [`Memory`](crate::memory::Memory).
pub struct Rates {
    process: Uuid,
    callers: Mutex<Callers>,
    /// One writer at a time: rows hold totals, and an older one must not replace a newer one.
    writing: tokio::sync::Mutex<Option<Timestamp>>,
}

type Callers = HashMap<String, Caller>;

/// What one caller did, by the second in which a slice ends.
#[derive(Debug, Default)]
struct Caller {
    own: BTreeMap<i64, Slice>,
    others: BTreeMap<i64, BTreeMap<String, u32>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Slice {
    taken: u32,
    written: u32,
}

impl Caller {
    /// How often the caller came, by slices that still count, the oldest first.
    fn counted(&self, now: i64) -> BTreeMap<i64, u32> {
        let mut all = BTreeMap::new();
        let others = self.others.range(now + 1..).map(|(ends, taken)| (*ends, taken.values().sum::<u32>()));
        for (ends, taken) in self.own.range(now + 1..).map(|(ends, slice)| (*ends, slice.taken)).chain(others) {
            *all.entry(ends).or_default() += taken;
        }
        all
    }

    /// How often the caller may still come; where it may not, the seconds until it may.
    fn left(&self, most: u32, now: i64) -> Result<u32, u64> {
        let counted = self.counted(now);
        let mut taken: u32 = counted.values().sum();
        if taken < most {
            return Ok(most - taken);
        }
        for (ends, count) in counted {
            taken -= count;
            if taken < most {
                return Err(u64::try_from(ends - now).unwrap_or(1));
            }
        }
        Err(1)
    }

    fn forget(&mut self, now: i64) {
        self.own.retain(|ends, _| *ends > now);
        self.others.retain(|ends, _| *ends > now);
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self { process: Uuid::now_v7(), callers: Mutex::default(), writing: tokio::sync::Mutex::default() }
    }
}

impl Rates {
    fn callers(&self) -> MutexGuard<'_, Callers> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, bucket: &str, limit: &Limit, now: i64) -> AppResult<()> {
        let mut callers = self.callers();
        let caller = callers.entry(bucket.to_owned()).or_default();
        caller.left(limit.most, now).map_err(refused)?;
        caller.own.entry(limit.span.ends(now)).or_default().taken += 1;
        Ok(())
    }

    /// Takes a request back that was counted and turned out to be one too many, seen from all processes.
    fn confirm(&self, bucket: &str, limit: &Limit, now: i64) -> AppResult<()> {
        let mut callers = self.callers();
        let Some(caller) = callers.get_mut(bucket) else { return Ok(()) };
        if caller.counted(now).values().sum::<u32>() <= limit.most {
            return Ok(());
        }
        if let Some(slice) = caller.own.get_mut(&limit.span.ends(now)) {
            slice.taken = slice.taken.saturating_sub(1);
        }
        Err(refused(caller.left(limit.most, now).err().unwrap_or(1)))
    }

    /// What is not in the database yet, of one caller or of all.
    fn unwritten(&self, bucket: Option<&str>) -> Vec<(String, i64, u32)> {
        let callers = self.callers();
        let chosen = callers.iter().filter(|(name, _)| bucket.is_none_or(|bucket| bucket == *name));
        chosen
            .flat_map(|(name, caller)| caller.own.iter().map(move |(ends, slice)| (name, *ends, slice)))
            .filter(|(.., slice)| slice.taken != slice.written)
            .map(|(name, ends, slice)| (name.clone(), ends, slice.taken))
            .collect()
    }

    fn is_written(&self, rows: &[(String, i64, u32)]) {
        let mut callers = self.callers();
        for (bucket, ends, taken) in rows {
            if let Some(slice) = callers.get_mut(bucket).and_then(|caller| caller.own.get_mut(ends)) {
                slice.written = *taken;
            }
        }
    }

    async fn write(&self, app: &App, rows: &[(String, i64, u32)]) -> AppResult<()> {
        for rows in rows.chunks(ROWS) {
            let now = app.now();
            let models = rows.iter().filter_map(|(bucket, ends, taken)| {
                Some(ActiveModel {
                    bucket: Set(bucket.clone()),
                    ends_at: Set(Timestamp::from_timestamp(*ends, 0)?),
                    process: Set(self.process.to_string()),
                    taken: Set(i32::try_from(*taken).unwrap_or(i32::MAX)),
                    updated_at: Set(now),
                })
            });
            let models: Vec<_> = models.collect();
            let again = OnConflict::columns([Column::Bucket, Column::EndsAt, Column::Process])
                .update_columns([Column::Taken, Column::UpdatedAt])
                .to_owned();
            write_txn!(app.db, |txn| {
                Entity::insert_many(models.clone()).on_conflict(again.clone()).exec_without_returning(txn).await?;
                Ok(())
            })?;
            self.is_written(rows);
        }
        Ok(())
    }

    /// Reads what the others counted: of one caller, or whatever changed since a moment.
    async fn read(&self, app: &App, bucket: Option<&str>, since: Option<Timestamp>) -> AppResult<()> {
        let mut select =
            Entity::find().filter(Column::Process.ne(self.process.to_string())).filter(Column::EndsAt.gt(app.now()));
        if let Some(bucket) = bucket {
            select = select.filter(Column::Bucket.eq(bucket));
        }
        if let Some(since) = since {
            select = select.filter(Column::UpdatedAt.gte(since));
        }
        let rows = select.all(app.db.conn()).await?;
        let mut callers = self.callers();
        for row in rows {
            let slice = callers.entry(row.bucket).or_default().others.entry(row.ends_at.timestamp()).or_default();
            slice.insert(row.process, u32::try_from(row.taken).unwrap_or(0));
        }
        Ok(())
    }
}

fn refused(wait: u64) -> AppError {
    AppError::too_many("rate_limited", "Too many requests. Please wait a moment.", wait)
}

/// Counts one request of a caller, or refuses it with 429 `rate_limited`. What is refused does not count.
///
/// No statement; of an [exact](Limit::exact) limit two, and none once it is known to be used up.
pub async fn take(app: &App, limit: &Limit, caller: &str) -> AppResult<()> {
    let rates = app.memory.of::<Rates>();
    let bucket = app.keys.mac("rate", &format!("{}|{caller}", limit.name));
    let now = app.now().timestamp();
    rates.count(&bucket, limit, now)?;
    if limit.exact {
        let _alone = rates.writing.lock().await;
        rates.write(app, &rates.unwritten(Some(&bucket))).await?;
        rates.read(app, Some(&bucket), None).await?;
        rates.confirm(&bucket, limit, now)?;
    }
    Ok(())
}

/// Writes what this process counted, reads what the others did, and forgets what no longer counts.
pub async fn share(app: &App) -> AppResult<()> {
    let rates = app.memory.of::<Rates>();
    let now = app.now();
    let mut last = rates.writing.lock().await;
    rates.write(app, &rates.unwritten(None)).await?;
    rates.read(app, None, last.map(|last| last - OVERLAP)).await?;
    *last = Some(now);
    rates.callers().retain(|_, caller| {
        caller.forget(now.timestamp());
        !caller.own.is_empty() || !caller.others.is_empty()
    });
    Ok(())
}

/// [Shares](share) once a second until `shutdown`, and once more then. What fails is tried again: nothing is lost.
pub async fn keep_sharing(app: App, shutdown: CancellationToken) {
    let mut clock = tokio::time::interval(PAUSE);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let ends = tokio::select! {
            () = shutdown.cancelled() => true,
            _ = clock.tick() => false,
        };
        if let Err(error) = share(&app).await {
            tracing::debug!(%error, "counts of requests were not shared");
        }
        if ends {
            return;
        }
    }
}

/// Deletes what no longer counts.
pub async fn purge(app: &App) -> AppResult<()> {
    let now = app.now();
    write_txn!(app.db, |txn| {
        Entity::delete_many().filter(Column::EndsAt.lte(now)).exec(txn).await?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { name: "test", most: 60, span: Span::Minute, exact: false };

    /// At which seconds of `asked` the caller is let through.
    fn passed(rates: &Rates, asked: impl IntoIterator<Item = i64>) -> Vec<i64> {
        asked.into_iter().filter(|second| rates.count("somebody", &LIMIT, *second).is_ok()).collect()
    }

    #[test]
    fn r_id_26_never_more_than_the_limit_within_any_minute() {
        let rates = Rates::default();
        // Two a second for five minutes: three times as often as allowed, begun in the middle of a slice.
        let passed = passed(&rates, (3..303).flat_map(|second| [second, second]));
        for from in 0..303 {
            let within = passed.iter().filter(|second| (from..from + 60).contains(*second)).count();
            assert!(within <= 60, "{within} within the minute from second {from}");
        }
        // And no less than the limit in each 65 seconds.
        assert!(passed.len() >= 60 * 300 / 65, "{}", passed.len());
        assert_eq!(rates.callers().len(), 1);
    }

    #[test]
    fn r_id_26_whoever_waits_as_long_as_told_is_let_through() {
        let rates = Rates::default();
        assert_eq!(passed(&rates, std::iter::repeat_n(1_007, 61)).len(), 60);
        let refused = rates.count("somebody", &LIMIT, 1_010).unwrap_err();
        let wait = i64::try_from(refused.retry_after.unwrap()).unwrap();
        assert_eq!((refused.code.as_ref(), wait), ("rate_limited", 60));
        assert!(rates.count("somebody", &LIMIT, 1_010 + wait - 1).is_err());
        assert!(rates.count("somebody", &LIMIT, 1_010 + wait).is_ok());
        assert!(rates.count("another", &LIMIT, 1_010).is_ok());
    }

    #[test]
    fn hours_slide_by_minutes() {
        assert_eq!((Span::Hour.ends(0), Span::Hour.ends(59), Span::Hour.ends(60)), (3_660, 3_660, 3_720));
        assert_eq!((Span::Minute.ends(0), Span::Minute.ends(4), Span::Minute.ends(5)), (65, 65, 70));
    }
}
