//! Two weeks after a version came into force: staff hear when too few have agreed to it (R-CM-85).

use chrono::Duration;
use kernel::{Actor, AppResult};
use platform::App;
use platform::outbox::{self, Event};

use super::coverage::counted;
use super::kept;
use super::rules;

/// How long a version has time to be agreed to.
const TIME: Duration = Duration::days(14);

/// How long after that a run still looks: longer than workers are ever away, and short enough that what is old news is
/// not counted for ever.
const WINDOW: Duration = Duration::days(7);

/// Tells staff of every document in force to which fewer than 95 percent have agreed two weeks after its governing version
/// came into force. The event is the version's: running twice, late or side by side tells once.
pub async fn watch(app: &App) -> AppResult<()> {
    let now = app.now();
    let all = rules::series(&kept::lines(app.db.conn()).await?, now);
    for series in all.iter().filter(|series| !series.consents().is_empty()) {
        let Some(governing) = series.governing() else { continue };
        let age = now - governing.since;
        let Some(id) = governing.ids.first().filter(|_| age >= TIME && age < TIME + WINDOW) else { continue };
        let coverage = counted(app.db.conn(), &all, series).await?;
        let Some(percent) = coverage.percent.clone().filter(|_| coverage.is_low()) else { continue };
        platform::write_txn!(app.db, |txn| {
            let event = Event::new("legal.coverage_low", "LegalDocument", *id)
                .occurrence("low")
                .with("document_type", series.kind)
                .with("audience", series.audience)
                .with("version", &governing.label)
                .with("percent", &percent)
                .with("accepted", coverage.accepted)
                .with("active", coverage.active);
            outbox::emit(txn, app, &Actor::system(), event).await
        })?;
    }
    Ok(())
}
