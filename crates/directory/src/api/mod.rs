//! HTTP of this wing.

mod clinics;
mod commission;
mod featured;
mod media;
mod patients;
mod seats;

use platform::App;
use platform::routes;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

/// The routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(clinics::list_clinics))
        .routes(routes!(clinics::show_clinic))
        .routes(routes!(clinics::list_countries))
        .routes(routes!(clinics::list_places))
        .routes(routes!(patients::list_patients))
        .routes(routes!(patients::show_patient))
        .routes(routes!(featured::feature_clinic))
        .routes(routes!(featured::unfeature_clinic))
        .routes(routes!(commission::show_commission, commission::set_commission))
        .routes(routes!(commission::preview_commission))
        .routes(routes!(commission::list_commission_agreements, commission::set_commission_of_clinics))
        .routes(routes!(commission::show_clinic_commission, commission::set_clinic_commission))
        .routes(routes!(commission::preview_clinic_commission))
        .routes(routes!(commission::show_own_commission))
        .routes(routes!(seats::show_seats, seats::set_seats))
        .routes(routes!(media::list_public_media))
        .routes(routes!(media::put_logo, media::remove_logo).layer(media::picture_limit()))
        .routes(routes!(media::put_cover, media::remove_cover).layer(media::picture_limit()))
        .routes(routes!(media::list_media, media::add_media).layer(media::video_limit()))
        .routes(routes!(media::edit_media, media::remove_media))
        .routes(routes!(media::order_media))
        .routes(routes!(media::hide_media))
        .routes(routes!(media::offer_media))
        .routes(routes!(media::list_all_media))
        .routes(routes!(media::publish_media))
        .routes(routes!(media::reject_media))
        .routes(routes!(media::take_down_media))
}
