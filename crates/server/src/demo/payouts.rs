//! What the clinics were paid for the treatments of the stories: months that are settled, and what waits for staff.

use chrono::{Datelike, Duration, Months, NaiveDate};
use finance::entity::provider_bills::ProviderBillStatus as Status;
use finance::rules::account::Typed;
use finance::seed;
use kernel::{AppResult, Timestamp};

use super::cast::Clinic;
use super::clock;
use super::story::{Stage, work};

/// As far back as treatments lie.
const MONTHS: u32 = 13;
/// The clinic whose bank refuses: there is something to look after.
const REFUSED: usize = 4;

/// Gives every clinic an account and goes through the months: statements are built, approved and paid as the clock would
/// have done it. A clinic's newest statement waits for its approval. A second run finds everything done.
pub async fn settle(stage: &Stage<'_>) -> AppResult<()> {
    let today = stage.anchor.date_naive();
    let first = today.checked_sub_months(Months::new(MONTHS)).unwrap_or(today);
    for (place, clinic) in stage.cast.clinics.iter().enumerate() {
        let joined = clock::at(stage.app, at(first, 1, 9));
        seed::give_account(&joined, &clinic.owner, &account(place, clinic)).await?;
    }
    // The end of the last month that is built.
    let built = if at(today, 2, 3) < stage.anchor { today } else { today - Months::new(1) };
    let last = built.with_day(1).unwrap_or(built) - Duration::days(1);
    let mut month = first;
    while month <= today {
        for (day, hour) in seed::MONTH {
            let instant = at(month, day, hour);
            if instant < stage.anchor {
                approve(stage, instant, last).await?;
                let app = clock::at(stage.app, instant);
                // On the heap: building and paying are deep.
                Box::pin(seed::morning(&app)).await?;
                work(&app, stage.work).await?;
            }
        }
        month = month.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
    }
    Ok(())
}

/// Ten past the hour of a day of a month.
fn at(month: NaiveDate, day: u32, hour: u32) -> Timestamp {
    let date = NaiveDate::from_ymd_opt(month.year(), month.month(), day).unwrap_or(month);
    date.and_hms_opt(hour, 10, 0).unwrap_or_default().and_utc()
}

fn account(place: usize, clinic: &Clinic) -> Typed {
    let number = 1_000_000 + u64::try_from(place).unwrap_or_default() * 10_007;
    // The simulator of the gateway refuses accounts that end like this.
    let number = if place == REFUSED { 1_000_002 } else { number };
    let holder = clinic.house.name.chars().filter(|c| c.is_alphanumeric() || " &-.".contains(*c));
    Typed {
        holder: holder.collect(),
        bank: "Rhein Bank".to_owned(),
        country: "DE".to_owned(),
        currency: clinic.house.currency.code().to_owned(),
        iban: seed::german_iban(number),
        swift: "SOGEDEFF".to_owned(),
        ..Typed::default()
    }
}

/// Staff approve what was built, but for each clinic's last statement of the time.
async fn approve(stage: &Stage<'_>, instant: Timestamp, last: NaiveDate) -> AppResult<()> {
    let app = clock::at(stage.app, instant - Duration::hours(1));
    for clinic in &stage.cast.clinics {
        let waiting = seed::bills_of(&app, clinic.id).await?;
        for row in waiting.iter().filter(|row| row.status == Status::PendingApproval) {
            if seed::has_earned(stage.app, clinic.id, row.period_end, last).await? {
                Box::pin(seed::approve(&app, &stage.cast.admin, row.id)).await?;
            }
        }
    }
    Ok(())
}
