//! Foreign keys to tables that come later, circular ones among them.

mod m2026_01_13_000010_add_foreign_keys_to_auth_sessions_table;
mod m2026_01_13_000020_add_foreign_keys_to_audit_logs_table;
mod m2026_01_13_000030_add_foreign_keys_to_phi_access_grants_table;
mod m2026_01_13_000040_add_foreign_keys_to_setting_versions_table;
mod m2026_01_13_000050_add_foreign_keys_to_patients_table;
mod m2026_01_13_000060_add_foreign_keys_to_providers_table;
mod m2026_01_13_000070_add_foreign_keys_to_patient_consents_table;
mod m2026_01_13_000080_add_foreign_keys_to_provider_languages_table;
mod m2026_01_13_000090_add_foreign_keys_to_provider_media_table;
mod m2026_01_13_000100_add_foreign_keys_to_inquiries_table;
mod m2026_01_13_000110_add_foreign_keys_to_quotes_table;
mod m2026_01_13_000120_add_foreign_keys_to_booking_terms_table;
mod m2026_01_13_000130_add_foreign_keys_to_provider_bill_items_table;
mod m2026_01_13_000140_add_foreign_keys_to_ledger_entries_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "links",
    title: "Links",
    about: "Foreign keys to tables that come later, circular ones among them.",
    steps: &[
        m2026_01_13_000010_add_foreign_keys_to_auth_sessions_table::STEP,
        m2026_01_13_000020_add_foreign_keys_to_audit_logs_table::STEP,
        m2026_01_13_000030_add_foreign_keys_to_phi_access_grants_table::STEP,
        m2026_01_13_000040_add_foreign_keys_to_setting_versions_table::STEP,
        m2026_01_13_000050_add_foreign_keys_to_patients_table::STEP,
        m2026_01_13_000060_add_foreign_keys_to_providers_table::STEP,
        m2026_01_13_000070_add_foreign_keys_to_patient_consents_table::STEP,
        m2026_01_13_000080_add_foreign_keys_to_provider_languages_table::STEP,
        m2026_01_13_000090_add_foreign_keys_to_provider_media_table::STEP,
        m2026_01_13_000100_add_foreign_keys_to_inquiries_table::STEP,
        m2026_01_13_000110_add_foreign_keys_to_quotes_table::STEP,
        m2026_01_13_000120_add_foreign_keys_to_booking_terms_table::STEP,
        m2026_01_13_000130_add_foreign_keys_to_provider_bill_items_table::STEP,
        m2026_01_13_000140_add_foreign_keys_to_ledger_entries_table::STEP,
    ],
};
