//! Accounts hear that a text waits for their yes: when it comes into force, and again every three days (R-CM-83).

use chrono::Duration;
use kernel::{Actor, AppResult};
use platform::App;
use platform::outbox::{self, Event};

use super::coverage::{kinds_of, pending};
use super::kept;
use super::rules;

/// How long nobody is reminded again.
const PAUSE: Duration = Duration::hours(72);

/// How long after each turn of the clock a run still reminds: longer than a worker is ever away for a release.
const WINDOW: Duration = Duration::hours(12);

/// Reminds everybody who has not agreed, at most once in three days: the turn is part of each event's occurrence, so
/// running twice tells nobody twice.
pub async fn remind(app: &App) -> AppResult<()> {
    let now = app.now();
    let all = rules::series(&kept::lines(app.db.conn()).await?, now);
    for series in all.iter().filter(|series| !series.consents().is_empty()) {
        let Some(governing) = series.governing() else { continue };
        let age = now - governing.since;
        let turn = age.num_seconds() / PAUSE.num_seconds();
        if age.num_seconds() % PAUSE.num_seconds() > WINDOW.num_seconds() {
            continue;
        }
        for kind in kinds_of(&all, series) {
            let mut after = None;
            loop {
                let holders = pending(app.db.conn(), series, kind, after).await?;
                let Some(last) = holders.last() else { break };
                after = Some(last.id);
                platform::write_txn!(app.db, |txn| {
                    for holder in &holders {
                        let event = Event::new("legal.acceptance_required", kind.word(), holder.id)
                            .occurrence(format!("{}:{turn}", governing.label));
                        outbox::emit(txn, app, &Actor::system(), event).await?;
                    }
                    Ok(())
                })?;
            }
        }
    }
    Ok(())
}
