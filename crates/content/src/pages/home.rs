//! The first page behind a sign-in: a greeting until the portal's own pages take its place.

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Redirect, Response};
use platform::App;
use platform::web::{ApiResult, CsrfToken, Lang, Who};
use ui::{Chrome, Portal, page};

#[derive(Template)]
#[template(path = "home_patient.html")]
struct PatientHome {
    chrome: Chrome,
}

#[derive(Template)]
#[template(path = "home_provider.html")]
struct ProviderHome {
    chrome: Chrome,
}

#[derive(Template)]
#[template(path = "home_affiliate.html")]
struct AffiliateHome {
    chrome: Chrome,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    Lang(lang): Lang,
    csrf: CsrfToken,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    let portal = Portal::of_path(uri.path());
    if actor.guard() != portal.guard() {
        return Ok(Redirect::to(portal.login()).into_response());
    }
    let chrome = Chrome::new(lang, &actor, uri.path(), csrf.field(&app));
    match portal {
        Portal::Provider => page(&ProviderHome { chrome }),
        Portal::Affiliate => page(&AffiliateHome { chrome }),
        _ => page(&PatientHome { chrome }),
    }
}
