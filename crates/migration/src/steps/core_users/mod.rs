//! Staff accounts, passwords, sessions, one-time codes, throttles, second factors.

mod m2026_01_01_000010_create_users_table;
mod m2026_01_01_000020_create_password_reset_tokens_table;
mod m2026_01_01_000030_create_password_reset_tokens_for_all_users_table;
mod m2026_01_01_000040_create_account_states_table;
mod m2026_01_01_000050_create_auth_sessions_table;
mod m2026_01_01_000060_create_one_time_codes_table;
mod m2026_01_01_000070_create_code_sends_table;
mod m2026_01_01_000080_create_login_throttles_table;
mod m2026_01_01_000090_create_ip_throttles_table;
mod m2026_01_01_000100_create_password_histories_table;
mod m2026_01_01_000110_create_mfa_credentials_table;
mod m2026_01_01_000120_create_mfa_recovery_codes_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "core_users",
    title: "Core users",
    about: "Staff accounts, passwords, sessions, one-time codes, throttles, second factors.",
    steps: &[
        m2026_01_01_000010_create_users_table::STEP,
        m2026_01_01_000020_create_password_reset_tokens_table::STEP,
        m2026_01_01_000030_create_password_reset_tokens_for_all_users_table::STEP,
        m2026_01_01_000040_create_account_states_table::STEP,
        m2026_01_01_000050_create_auth_sessions_table::STEP,
        m2026_01_01_000060_create_one_time_codes_table::STEP,
        m2026_01_01_000070_create_code_sends_table::STEP,
        m2026_01_01_000080_create_login_throttles_table::STEP,
        m2026_01_01_000090_create_ip_throttles_table::STEP,
        m2026_01_01_000100_create_password_histories_table::STEP,
        m2026_01_01_000110_create_mfa_credentials_table::STEP,
        m2026_01_01_000120_create_mfa_recovery_codes_table::STEP,
    ],
};
