//! Affiliates and discounts, locations, team members.

mod m2026_01_11_000010_create_affiliates_table;
mod m2026_01_11_000020_create_discounts_table;
mod m2026_01_11_000030_create_locations_table;
mod m2026_01_11_000040_create_location_starting_prices_table;
mod m2026_01_11_000050_create_fixed_discounts_table;
mod m2026_01_11_000060_create_provider_discounts_table;
mod m2026_01_11_000070_create_affiliate_payouts_table;
mod m2026_01_11_000080_create_affiliate_commission_terms_table;
mod m2026_01_11_000090_create_affiliate_credentials_table;
mod m2026_01_11_000100_create_affiliate_code_batches_table;
mod m2026_01_11_000110_create_affiliate_discount_codes_table;
mod m2026_01_11_000120_create_discount_redemptions_table;
mod m2026_01_11_000130_create_affiliate_commissions_table;
mod m2026_01_11_000140_create_affiliate_attributions_table;
mod m2026_01_11_000150_create_affiliate_code_batch_rows_table;
mod m2026_01_11_000160_create_code_registry_table;
mod m2026_01_11_000170_create_provider_team_members_table;
mod m2026_01_11_000180_create_location_preferences_table;
mod m2026_01_11_000190_create_location_preferences_countries_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "recent_additions",
    title: "Recent additions",
    about: "Affiliates and discounts, locations, team members.",
    steps: &[
        m2026_01_11_000010_create_affiliates_table::STEP,
        m2026_01_11_000020_create_discounts_table::STEP,
        m2026_01_11_000030_create_locations_table::STEP,
        m2026_01_11_000040_create_location_starting_prices_table::STEP,
        m2026_01_11_000050_create_fixed_discounts_table::STEP,
        m2026_01_11_000060_create_provider_discounts_table::STEP,
        m2026_01_11_000070_create_affiliate_payouts_table::STEP,
        m2026_01_11_000080_create_affiliate_commission_terms_table::STEP,
        m2026_01_11_000090_create_affiliate_credentials_table::STEP,
        m2026_01_11_000100_create_affiliate_code_batches_table::STEP,
        m2026_01_11_000110_create_affiliate_discount_codes_table::STEP,
        m2026_01_11_000120_create_discount_redemptions_table::STEP,
        m2026_01_11_000130_create_affiliate_commissions_table::STEP,
        m2026_01_11_000140_create_affiliate_attributions_table::STEP,
        m2026_01_11_000150_create_affiliate_code_batch_rows_table::STEP,
        m2026_01_11_000160_create_code_registry_table::STEP,
        m2026_01_11_000170_create_provider_team_members_table::STEP,
        m2026_01_11_000180_create_location_preferences_table::STEP,
        m2026_01_11_000190_create_location_preferences_countries_table::STEP,
    ],
};
