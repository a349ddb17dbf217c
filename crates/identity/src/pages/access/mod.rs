//! Roles, Hairline's staff and the clinics' staff in the staff portal.

mod clinics;
mod matrix;
mod roles;
mod staff;
mod staff_one;

use axum::Router;
use platform::App;
use platform::web::routing::{get, handled, post};

/// The pages.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/admin/roles", get(roles::list))
        .route("/admin/roles/clinics", get(roles::list_clinics))
        .route("/admin/roles/compare", get(matrix::compare))
        .route("/admin/roles/new", get(roles::show_new).post(handled(roles::submit_new)))
        .route("/admin/roles/{id}", get(matrix::show).post(handled(matrix::preview)))
        .route("/admin/roles/{id}/save", get(matrix::show).post(handled(matrix::save)))
        .route("/admin/roles/{id}/text", get(roles::show_text).post(handled(roles::submit_text)))
        .route("/admin/roles/{id}/archive", post(roles::archive))
        .route("/admin/users", get(staff::list))
        .route("/admin/users/invite", get(staff::show_invite).post(handled(staff::submit_invite)))
        .route("/admin/users/invitations/{id}/resend", post(staff::resend))
        .route("/admin/users/invitations/{id}/cancel", post(staff::cancel))
        .route("/admin/users/{id}", get(staff_one::show))
        .route("/admin/users/{id}/role", post(staff_one::change_role))
        .route("/admin/users/{id}/standing", post(staff_one::standing))
        .route("/admin/users/{id}/permissions", get(staff_one::show_direct).post(handled(staff_one::save_direct)))
        .route("/admin/provider-users", get(clinics::list))
        .route("/admin/provider-users/{id}", get(clinics::show))
        .route("/admin/provider-users/{id}/standing", post(clinics::standing))
        .route("/admin/provider-users/{id}/erase", post(clinics::erase))
        .route("/admin/provider-users/{id}/owner", post(clinics::transfer))
        .route("/admin/provider-users/{id}/look", post(clinics::look))
        .route("/admin/impersonation/end", get(clinics::home).post(handled(clinics::end_look)))
}
