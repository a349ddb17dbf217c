//! The settings of group auth that this wing obeys (R-MG-72).

use platform::settings::Setting;

/// Wrong passwords in a row that lock a login.
pub const MAX_LOGIN_ATTEMPTS: Setting<i64> = Setting::new("auth", "max_login_attempts", 5);
/// Minutes of such a lock.
pub const LOCKOUT_MINUTES: Setting<i64> = Setting::new("auth", "lockout_minutes", 15);
/// Minutes an e-mail code lives.
pub const OTP_EXPIRY_MINUTES: Setting<i64> = Setting::new("auth", "otp_expiry_minutes", 15);
/// Seconds between two code mails to one address.
pub const OTP_RESEND_SECONDS: Setting<i64> = Setting::new("auth", "otp_resend_seconds", 60);
/// Code mails to one address per rolling hour.
pub const OTP_SENDS_PER_HOUR: Setting<i64> = Setting::new("auth", "otp_sends_per_hour", 5);
/// Sessions of one member of Hairline's staff at the same time.
pub const ADMIN_SESSIONS: Setting<i64> = Setting::new("auth", "admin_sessions", 3);
/// Whether clinic staff must use an authenticator app.
pub const MFA_PROVIDER_ENFORCED: Setting<bool> = Setting::new("auth", "mfa_provider_enforced", true);
/// Days an invitation lives.
pub const INVITATION_DAYS: Setting<i64> = Setting::new("auth", "invitation_days", 7);
