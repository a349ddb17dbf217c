//! The numbers of this wing that staff may change; changes touch new records only.

use platform::settings::Setting;
use rust_decimal::Decimal;

/// Hours a submitted quote stays valid (R-IQ-38).
pub const QUOTE_VALIDITY_HOURS: Setting<i64> = Setting::new("inquiry", "quote_validity_hours", 48);
/// Days after which an untouched draft lapses (Q12).
pub const DRAFT_DAYS: Setting<i64> = Setting::new("inquiry", "draft_days", 7);
/// Hours before its end at which patient and clinic are reminded of a quote.
pub const EXPIRING_SOON_HOURS: Setting<i64> = Setting::new("inquiry", "expiring_soon_hours", 12);
/// Hours an accepted slot is held for the payment (R-PY-01).
pub const HOLD_HOURS: Setting<i64> = Setting::new("payment", "hold_hours", 48);
/// Slots a clinic may run at the same time (R-PY-03).
pub const PARALLEL_CAPACITY: Setting<i64> = Setting::new("payment", "parallel_capacity", 1);
/// Deposit in percent of the total (R-PY-18).
pub const DEPOSIT_PERCENT: Setting<Decimal> =
    Setting::new("payment", "deposit_percent", Decimal::from_parts(250, 0, 0, false, 1));
/// Days before the procedure at which the balance is due (R-PY-20).
pub const BALANCE_DUE_DAYS: Setting<i64> = Setting::new("payment", "balance_due_days", 7);
/// Days before the procedure by which instalments are paid (R-PY-38).
pub const CUTOFF_DAYS: Setting<i64> = Setting::new("payment", "instalment_cutoff_days", 30);
/// What goes back when a booking is cancelled: days before the treatment and percent of each step (R-PY-50).
pub const REFUND_TIERS: Setting<String> = Setting::new("payment", "refund_tiers", "31:90, 15:50, 0:0");
