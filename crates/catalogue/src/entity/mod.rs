//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod currencies;
pub mod discovery_questions;
pub mod fx_rates;
pub mod location_preferences;
pub mod location_preferences_countries;
pub mod location_starting_prices;
pub mod package_items;
pub mod packages;
pub mod provider_treatment_pricing;
pub mod questionnaire_sets;
pub mod treatment_includes;
pub mod treatments;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(currencies::Entity),
        schema.create_table_from_entity(discovery_questions::Entity),
        schema.create_table_from_entity(fx_rates::Entity),
        schema.create_table_from_entity(location_preferences::Entity),
        schema.create_table_from_entity(location_preferences_countries::Entity),
        schema.create_table_from_entity(location_starting_prices::Entity),
        schema.create_table_from_entity(package_items::Entity),
        schema.create_table_from_entity(packages::Entity),
        schema.create_table_from_entity(provider_treatment_pricing::Entity),
        schema.create_table_from_entity(questionnaire_sets::Entity),
        schema.create_table_from_entity(treatment_includes::Entity),
        schema.create_table_from_entity(treatments::Entity),
    ]
}
