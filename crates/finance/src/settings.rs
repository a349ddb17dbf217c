//! Settings of payouts.

use platform::settings::Setting;

/// Days before the payout date on which a statement is built: 1 to 7 (R-PY-61).
pub const BUFFER_DAYS: Setting<i64> = Setting::new("payout", "buffer_days", 3);
/// Hours until a replaced account is paid to: 0 to 72 (R-FN-53).
pub const COOL_OFF_HOURS: Setting<i64> = Setting::new("payout", "bank_cool_off_hours", 24);
