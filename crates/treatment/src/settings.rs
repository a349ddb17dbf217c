//! Settings of group `treatment` (management-analytics 5.6).

use platform::settings::Setting;

/// Hours after the last day until documentation is late (R-TT-16).
pub const DOCUMENTATION_HOURS: Setting<i64> = Setting::new("treatment", "documentation_hours", 24);
/// Most current pictures of one case (R-TT-20).
pub const CASE_IMAGE_CAP: Setting<i64> = Setting::new("treatment", "case_image_cap", 100);
/// Most pictures a clinic uploads in an hour (R-TT-20).
pub const UPLOADS_PER_HOUR: Setting<i64> = Setting::new("treatment", "uploads_per_hour", 50);
