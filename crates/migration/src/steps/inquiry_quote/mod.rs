//! The catalogue, inquiries, medical histories, quotes.

mod m2026_01_06_000010_create_treatments_table;
mod m2026_01_06_000020_create_packages_table;
mod m2026_01_06_000030_create_package_items_table;
mod m2026_01_06_000040_create_provider_treatment_pricing_table;
mod m2026_01_06_000050_create_treatment_includes_table;
mod m2026_01_06_000060_create_questionnaire_sets_table;
mod m2026_01_06_000070_create_discovery_questions_table;
mod m2026_01_06_000080_create_inquiries_table;
mod m2026_01_06_000090_create_quotes_table;
mod m2026_01_06_000100_create_workflow_timelines_table;
mod m2026_01_06_000110_create_inquiry_providers_table;
mod m2026_01_06_000120_create_quote_packages_table;
mod m2026_01_06_000130_create_quote_clinicians_table;
mod m2026_01_06_000140_create_quote_versions_table;
mod m2026_01_06_000150_create_treatment_customizes_table;
mod m2026_01_06_000160_create_questionnaires_table;
mod m2026_01_06_000170_create_medical_histories_table;
mod m2026_01_06_000180_create_inquiry_drafts_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "inquiry_quote",
    title: "Inquiry and quote flow",
    about: "The catalogue, inquiries, medical histories, quotes.",
    steps: &[
        m2026_01_06_000010_create_treatments_table::STEP,
        m2026_01_06_000020_create_packages_table::STEP,
        m2026_01_06_000030_create_package_items_table::STEP,
        m2026_01_06_000040_create_provider_treatment_pricing_table::STEP,
        m2026_01_06_000050_create_treatment_includes_table::STEP,
        m2026_01_06_000060_create_questionnaire_sets_table::STEP,
        m2026_01_06_000070_create_discovery_questions_table::STEP,
        m2026_01_06_000080_create_inquiries_table::STEP,
        m2026_01_06_000090_create_quotes_table::STEP,
        m2026_01_06_000100_create_workflow_timelines_table::STEP,
        m2026_01_06_000110_create_inquiry_providers_table::STEP,
        m2026_01_06_000120_create_quote_packages_table::STEP,
        m2026_01_06_000130_create_quote_clinicians_table::STEP,
        m2026_01_06_000140_create_quote_versions_table::STEP,
        m2026_01_06_000150_create_treatment_customizes_table::STEP,
        m2026_01_06_000160_create_questionnaires_table::STEP,
        m2026_01_06_000170_create_medical_histories_table::STEP,
        m2026_01_06_000180_create_inquiry_drafts_table::STEP,
    ],
};
