//! Values of the small lists people choose from. One that is retired while a form is open is still taken for a while, so
//! that nobody's answer is refused for what happened behind their back (R-MG-62).

use chrono::TimeDelta;
use kernel::Timestamp;
use sea_orm::{ColumnTrait, Condition};

/// How long a retired value is still taken.
pub const GRACE: TimeDelta = TimeDelta::minutes(10);

/// The rows of a list whose value may be chosen: active ones, and those retired a moment ago.
pub fn choosable(is_active: impl ColumnTrait, retired_at: impl ColumnTrait, now: Timestamp) -> Condition {
    let retired = Condition::all().add(is_active.eq(false)).add(retired_at.gt(now - GRACE));
    Condition::any().add(is_active.eq(true)).add(retired)
}
