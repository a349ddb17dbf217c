//! Clinics, their people and papers; patients, their consents and requests.

mod m2026_01_05_000010_create_patients_table;
mod m2026_01_05_000020_create_providers_table;
mod m2026_01_05_000030_create_provider_users_table;
mod m2026_01_05_000040_create_provider_commissions_table;
mod m2026_01_05_000050_create_set_commissions_table;
mod m2026_01_05_000060_create_provider_staff_invitations_table;
mod m2026_01_05_000070_create_patient_consents_table;
mod m2026_01_05_000080_create_deletion_requests_table;
mod m2026_01_05_000090_create_sealed_identities_table;
mod m2026_01_05_000100_create_provider_documents_table;
mod m2026_01_05_000110_create_provider_awards_table;
mod m2026_01_05_000120_create_provider_languages_table;
mod m2026_01_05_000130_create_provider_media_table;
mod m2026_01_05_000140_create_provider_resources_table;
mod m2026_01_05_000150_create_provider_applications_table;
mod m2026_01_05_000160_create_provider_slugs_table;
mod m2026_01_05_000170_create_provider_status_changes_table;
mod m2026_01_05_000180_create_provider_deletion_requests_table;
mod m2026_01_05_000190_create_patient_flags_table;
mod m2026_01_05_000200_create_admin_notes_table;
mod m2026_01_05_000210_create_saved_filters_table;
mod m2026_01_05_000220_create_bulk_operations_table;
mod m2026_01_05_000230_create_bulk_operation_items_table;
mod m2026_01_05_000240_create_legal_holds_table;
mod m2026_01_05_000250_create_data_bundles_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "providers_patients",
    title: "Providers and patients",
    about: "Clinics, their people and papers; patients, their consents and requests.",
    steps: &[
        m2026_01_05_000010_create_patients_table::STEP,
        m2026_01_05_000020_create_providers_table::STEP,
        m2026_01_05_000030_create_provider_users_table::STEP,
        m2026_01_05_000040_create_provider_commissions_table::STEP,
        m2026_01_05_000050_create_set_commissions_table::STEP,
        m2026_01_05_000060_create_provider_staff_invitations_table::STEP,
        m2026_01_05_000070_create_patient_consents_table::STEP,
        m2026_01_05_000080_create_deletion_requests_table::STEP,
        m2026_01_05_000090_create_sealed_identities_table::STEP,
        m2026_01_05_000100_create_provider_documents_table::STEP,
        m2026_01_05_000110_create_provider_awards_table::STEP,
        m2026_01_05_000120_create_provider_languages_table::STEP,
        m2026_01_05_000130_create_provider_media_table::STEP,
        m2026_01_05_000140_create_provider_resources_table::STEP,
        m2026_01_05_000150_create_provider_applications_table::STEP,
        m2026_01_05_000160_create_provider_slugs_table::STEP,
        m2026_01_05_000170_create_provider_status_changes_table::STEP,
        m2026_01_05_000180_create_provider_deletion_requests_table::STEP,
        m2026_01_05_000190_create_patient_flags_table::STEP,
        m2026_01_05_000200_create_admin_notes_table::STEP,
        m2026_01_05_000210_create_saved_filters_table::STEP,
        m2026_01_05_000220_create_bulk_operations_table::STEP,
        m2026_01_05_000230_create_bulk_operation_items_table::STEP,
        m2026_01_05_000240_create_legal_holds_table::STEP,
        m2026_01_05_000250_create_data_bundles_table::STEP,
    ],
};
