//! The catalogue over HTTP.

mod currencies;
mod locations;
mod packages;
mod places;
mod pricing;
mod public;
mod questionnaires;
mod treatments;

use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::files::Purpose;
use platform::routes;
use utoipa_axum::router::OpenApiRouter;

/// What the text of a form with a file may take.
const FORM: usize = 64 * 1024;

/// All routes of this wing, below `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(treatments::add_treatment_media))
        .layer(DefaultBodyLimit::max(Purpose::CatalogueVideo.max_bytes() + FORM));
    OpenApiRouter::new()
        .routes(routes!(public::list_treatments, treatments::create_treatment))
        .routes(routes!(public::show_treatment, treatments::change_treatment))
        .routes(routes!(treatments::activate_treatment))
        .routes(routes!(treatments::deactivate_treatment))
        .routes(routes!(treatments::show_treatment_reach))
        .routes(routes!(treatments::remove_treatment_media))
        .routes(routes!(treatments::remove_treatment_document))
        .routes(routes!(treatments::list_treatment_includes, treatments::add_treatment_include))
        .routes(routes!(treatments::change_treatment_include, treatments::remove_treatment_include))
        .routes(routes!(public::show_active_questionnaire))
        .routes(routes!(public::list_discovery_questions))
        .routes(routes!(public::list_destinations))
        .routes(routes!(questionnaires::list_questionnaire_sets, questionnaires::create_questionnaire_set))
        .routes(routes!(
            questionnaires::show_questionnaire_set,
            questionnaires::save_questionnaire_set,
            questionnaires::delete_questionnaire_set
        ))
        .routes(routes!(questionnaires::publish_questionnaire_set))
        .routes(routes!(questionnaires::activate_questionnaire_set))
        .routes(routes!(questionnaires::duplicate_questionnaire_set))
        .routes(routes!(questionnaires::archive_questionnaire_set))
        .routes(routes!(locations::list_locations, locations::create_location))
        .routes(routes!(locations::show_location, locations::change_location, locations::remove_location))
        .routes(routes!(places::list_regions, places::create_region))
        .routes(routes!(places::preview_regions))
        .routes(routes!(places::show_region, places::change_region))
        .routes(routes!(places::switch_region))
        .routes(routes!(places::list_all_starting_prices, places::set_starting_price))
        .routes(routes!(places::preview_starting_prices))
        .routes(routes!(places::change_starting_prices))
        .routes(routes!(places::import_starting_prices))
        .routes(routes!(places::list_starting_prices))
        .routes(routes!(places::list_lists))
        .routes(routes!(places::show_list, places::add_list_entry))
        .routes(routes!(places::order_list))
        .routes(routes!(places::change_list_entry))
        .routes(routes!(pricing::list_treatment_pricing))
        .routes(routes!(pricing::show_treatment_pricing, pricing::put_treatment_pricing))
        .routes(routes!(packages::list_packages, packages::create_package))
        .routes(routes!(packages::show_package, packages::change_package))
        .routes(routes!(packages::clone_package))
        .routes(routes!(packages::activate_package))
        .routes(routes!(packages::deactivate_package))
        .routes(routes!(packages::list_package_items, packages::add_package_item))
        .routes(routes!(packages::change_package_item, packages::remove_package_item))
        .routes(routes!(packages::add_package_picture))
        .routes(routes!(packages::remove_package_picture))
        .routes(routes!(currencies::list_currencies, currencies::switch_currency))
        .routes(routes!(currencies::list_fx_pairs, currencies::set_fx_pair))
        .merge(uploads)
}
