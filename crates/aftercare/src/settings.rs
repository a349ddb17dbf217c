//! Settings of group `aftercare`.

use kernel::AppResult;
use platform::App;
use platform::settings::Setting;

use crate::rules::urgency::{Thresholds, URGENT_SYMPTOMS};

/// Pain from this share of the scale raises an alarm, in percent: 8 of 10.
pub const PAIN_URGENT_PERCENT: Setting<i64> = Setting::new("aftercare", "pain_urgent_percent", 80);
/// Pain from this share is worth a look, in percent: 6 of 10.
pub const PAIN_WATCH_PERCENT: Setting<i64> = Setting::new("aftercare", "pain_watch_percent", 60);
/// Symptoms that raise an alarm, separated by commas.
pub const URGENT_SYMPTOM_LIST: Setting<String> = Setting::new("aftercare", "urgent_symptoms", URGENT_SYMPTOMS);
/// Minutes in which somebody takes an alarm before it rises.
pub const ESCALATION_MINUTES: Setting<i64> = Setting::new("aftercare", "escalation_minutes", 120);
/// Most active cases of one specialist.
pub const SPECIALIST_CAPACITY: Setting<i64> = Setting::new("aftercare", "specialist_capacity", 100);

/// The thresholds in force now.
pub async fn thresholds(app: &App) -> AppResult<Thresholds> {
    Ok(Thresholds {
        pain_urgent_percent: PAIN_URGENT_PERCENT.get(app).await?,
        pain_watch_percent: PAIN_WATCH_PERCENT.get(app).await?,
        urgent_symptoms: Thresholds::symptoms(&URGENT_SYMPTOM_LIST.get(app).await?),
    })
}
