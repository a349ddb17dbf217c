//! The data of a demonstration (R-MG-95, R-MG-96): believable people at every step of a case.
//!
//! Everything is made by the use cases of the wings, at the times it would have happened. A second run adds nothing;
//! a run that was cut short goes on. Rows are noted in `demo_registry`, and production is refused.

mod aftermath;
mod bought;
pub(crate) mod cast;
mod clock;
mod dice;
mod houses;
mod ledger;
mod logins;
mod margins;
mod payouts;
mod people;
mod pictures;
mod plots;
mod profile;
mod rows;
mod story;
mod talk;
mod texts;

use kernel::{AppError, AppResult};
use platform::App;
use platform::config::Mode;
use platform::jobs::Registry;

pub use logins::{Logins, PASSWORD, PatientLogin, TOTP_SECRET, code_at};
pub use pictures::{View, head};
pub use plots::{Ending, Scale};

use story::Stage;

/// What whoever waits for the data hears meanwhile.
pub enum Told<'a> {
    /// Those who can sign in: staff and clinics are there, patients follow.
    Logins(&'a Logins),
    /// So many stories were told, of so many.
    Stories(usize, usize),
}

/// Makes the data of the usual size, or of the size `HAIRLINE_DEMO_SCALE` names (`sample`, `small`, `usual`).
pub async fn seed(app: &App, told: &(dyn Fn(Told<'_>) + Send + Sync)) -> AppResult<Logins> {
    let scale = match std::env::var("HAIRLINE_DEMO_SCALE").as_deref() {
        Ok("sample") => Scale::Sample,
        Ok("small") => Scale::Small,
        _ => Scale::Usual,
    };
    make(app, scale, told).await
}

/// Makes what is missing of a scale. The program answers pages meanwhile.
///
/// Events and jobs are worked on here, at the time they belong to: no worker should run beside. What people do meanwhile is
/// worked on between two stories.
pub async fn seed_scaled(app: &App, scale: Scale) -> AppResult<Logins> {
    make(app, scale, &|_| ()).await
}

async fn make(app: &App, scale: Scale, told: &(dyn Fn(Told<'_>) + Send + Sync)) -> AppResult<Logins> {
    if !matches!(app.config.mode, Mode::Demo | Mode::Test) {
        return Err(AppError::conflict("demo_refused", "Demonstration data is made in demo mode only."));
    }
    let anchor = ledger::anchor(app).await?;
    let album = pictures::Album::draw().await?;
    let cast = cast::assemble(app, anchor, &album).await?;
    // Before the first patient: some of them pay by transfer.
    payments::seed::bank_account(&clock::at(app, anchor - chrono::Duration::days(390)), &cast.admin).await?;
    let work = Registry { schedules: Vec::new(), ..crate::registry() };
    let clockwork = Registry {
        schedules: [inquiry::schedules(), quoting::schedules()].into_iter().flatten().collect(),
        ..Registry::default()
    };
    let stage = Stage { app, anchor, cast: &cast, album: &album, work: &work, clockwork: &clockwork, scale };
    told(Told::Logins(&logins(app, anchor, Vec::new())));
    let mut incomplete = Vec::new();
    let all = plots::plots(scale);
    let many = all.len();
    for (number, plot) in all.into_iter().enumerate() {
        told(Told::Stories(number, many));
        if let Err(error) = story::tell(&stage, plot).await {
            tracing::warn!(story = plot.number, ending = plot.ending.name(), %error, "a story is incomplete");
            incomplete.push(format!("{} {}: {} ({error})", plot.ending.name(), plot.repeat, error.code));
        }
        // Somebody may be waiting for a page, or for the mail with a code.
        story::work(app, &work).await?;
        tokio::task::yield_now().await;
    }
    told(Told::Stories(many, many));
    Box::pin(payouts::settle(&stage)).await?;
    // On the heap: whoever waits for the whole demonstration would carry its size.
    Box::pin(margins::fill(&stage)).await?;
    // Two wait for an answer, beside those that were granted.
    privacy::seed::requests(app, if scale == Scale::Sample { 2 } else { 4 }).await?;
    story::work(app, &work).await?;
    aftercare::service::refresh::refresh_all(app).await?;
    Ok(logins(app, anchor, incomplete))
}

fn logins(app: &App, anchor: kernel::Timestamp, incomplete: Vec<String>) -> Logins {
    let first = plots::plots(Scale::Sample).into_iter();
    let patients = first.filter_map(|plot| {
        let email = people::person(plot.number, anchor.date_naive())?.email;
        Some(PatientLogin { email, stage: plot.ending.name() })
    });
    let clinic = houses::HOUSES.first().map_or(("", ""), |house| (house.key, house.name));
    Logins { patients: patients.collect(), clinic, now: app.now(), incomplete }
}
