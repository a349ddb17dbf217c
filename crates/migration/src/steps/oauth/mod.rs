//! Clients and tokens as Laravel Passport keeps them.

mod m2026_01_03_000010_create_oauth_clients_table;
mod m2026_01_03_000020_create_oauth_access_tokens_table;
mod m2026_01_03_000030_create_oauth_auth_codes_table;
mod m2026_01_03_000040_create_oauth_personal_access_clients_table;
mod m2026_01_03_000050_create_oauth_refresh_tokens_table;
mod m2026_01_03_000060_create_personal_access_tokens_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "oauth",
    title: "OAuth",
    about: "Clients and tokens as Laravel Passport keeps them.",
    steps: &[
        m2026_01_03_000010_create_oauth_clients_table::STEP,
        m2026_01_03_000020_create_oauth_access_tokens_table::STEP,
        m2026_01_03_000030_create_oauth_auth_codes_table::STEP,
        m2026_01_03_000040_create_oauth_personal_access_clients_table::STEP,
        m2026_01_03_000050_create_oauth_refresh_tokens_table::STEP,
        m2026_01_03_000060_create_personal_access_tokens_table::STEP,
    ],
};
