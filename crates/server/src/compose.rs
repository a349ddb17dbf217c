//! One hand-written list of what every wing brings: reference data, subscriptions, jobs, schedules.

use identity::work::Work;
use kernel::AppResult;
use platform::App;
use platform::jobs::Registry;

/// Puts the reference data of every wing into an empty or older database. Safe to repeat.
pub async fn install(app: &App) -> AppResult<()> {
    identity::install(app).await?;
    directory::install(app).await?;
    catalogue::install(app).await?;
    inquiry::install(app).await?;
    payments::install(app).await?;
    aftercare::install(app).await?;
    content::install(app).await?;
    privacy::install(app).await?;
    Ok(())
}

/// Everything the worker can do.
pub fn registry() -> Registry {
    let subscriptions = [
        inquiry::subscriptions(),
        payments::subscriptions(),
        finance::subscriptions(),
        treatment::subscriptions(),
        aftercare::subscriptions(),
        messaging::subscriptions(),
        notifications::subscriptions(),
    ];
    let kinds = [
        identity::jobs(),
        quoting::jobs(),
        payments::jobs(),
        finance::jobs(),
        notifications::jobs(),
        privacy::jobs(),
        crate::sealed::jobs(),
    ];
    let schedules = [
        platform::schedules(),
        identity::schedules(),
        directory::schedules(),
        catalogue::schedules(),
        inquiry::schedules(),
        quoting::schedules(),
        payments::schedules(),
        finance::schedules(),
        aftercare::schedules(),
        content::schedules(),
        privacy::schedules(),
    ];
    Registry {
        subscriptions: subscriptions.into_iter().flatten().collect(),
        kinds: kinds.into_iter().flatten().collect(),
        schedules: schedules.into_iter().flatten().collect(),
    }
}

/// Every kind of work that has the name of a clinic's member on it: handed over when the member leaves.
pub fn work() -> Work {
    Work::of(quoting::work().into_iter().chain(aftercare::work()))
}

#[cfg(test)]
mod tests {
    use super::registry;

    #[test]
    fn every_name_leads_to_one_function() {
        registry().check().unwrap();
    }
}
