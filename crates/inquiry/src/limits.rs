//! The numbers of group `inquiry` that staff may change; a change touches new records only.

use kernel::AppResult;
use platform::App;
use platform::settings::Setting;

/// Hours a clinic has for its first quote.
pub const RESPONSE_DEADLINE_HOURS: Setting<i64> = Setting::new("inquiry", "response_deadline_hours", 72);
/// Days an untouched draft lives.
pub const DRAFT_DAYS: Setting<i64> = Setting::new("inquiry", "draft_days", 7);
/// Most clinics of one request.
pub const MAX_PROVIDERS: Setting<i64> = Setting::new("inquiry", "max_providers", 10);
/// Most destination countries.
pub const MAX_COUNTRIES: Setting<i64> = Setting::new("inquiry", "max_countries", 10);
/// Most date ranges.
pub const MAX_RANGES: Setting<i64> = Setting::new("inquiry", "max_ranges", 10);
/// Days between sending and the first possible treatment day.
pub const LEAD_DAYS: Setting<i64> = Setting::new("inquiry", "lead_days", 30);
/// Days a range may reach into the future.
pub const HORIZON_DAYS: Setting<i64> = Setting::new("inquiry", "horizon_days", 730);
/// Most clinics a patient may tick (R-IQ-05).
pub const MAX_SELECTED: Setting<i64> = Setting::new("inquiry", "max_selected", 5);
/// Most evidence files (R-IQ-06).
pub const MAX_EVIDENCE: Setting<i64> = Setting::new("inquiry", "max_evidence", 5);

/// How large a head scan may be in all (R-IQ-07); fixed.
pub const MAX_SCAN_BYTES: i64 = 25 * 1024 * 1024;

/// The limits in force now.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Hours a clinic has for its first quote.
    pub response_deadline_hours: i64,
    /// Days an untouched draft lives.
    pub draft_days: i64,
    /// Most clinics of one inquiry.
    pub max_providers: usize,
    /// Most clinics a patient may tick (R-IQ-05).
    pub max_selected: usize,
    /// Most evidence files (R-IQ-06).
    pub max_evidence: usize,
    /// Most destination countries.
    pub max_countries: usize,
    /// Most date ranges.
    pub max_ranges: usize,
    /// Days between submission and the first possible treatment day.
    pub lead_days: i64,
    /// Days a range may reach into the future; whole years are counted as calendar years.
    pub horizon_days: i64,
}

impl Limits {
    /// Reads the settings; before a transaction, not in it.
    pub async fn load(app: &App) -> AppResult<Self> {
        let count = |value: i64| usize::try_from(value).unwrap_or_default();
        Ok(Self {
            response_deadline_hours: RESPONSE_DEADLINE_HOURS.get(app).await?,
            draft_days: DRAFT_DAYS.get(app).await?,
            max_providers: count(MAX_PROVIDERS.get(app).await?),
            max_selected: count(MAX_SELECTED.get(app).await?),
            max_evidence: count(MAX_EVIDENCE.get(app).await?),
            max_countries: count(MAX_COUNTRIES.get(app).await?),
            max_ranges: count(MAX_RANGES.get(app).await?),
            lead_days: LEAD_DAYS.get(app).await?,
            horizon_days: HORIZON_DAYS.get(app).await?,
        })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            response_deadline_hours: 72,
            draft_days: 7,
            max_providers: 10,
            max_selected: 5,
            max_evidence: 5,
            max_countries: 10,
            max_ranges: 10,
            lead_days: 30,
            horizon_days: 730,
        }
    }
}
