//! The first page behind a sign-in: a greeting until the portal's own pages take its place.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use ui::{Chrome, Inside, Portal, page};

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

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let chrome = ctx.chrome;
    match chrome.portal {
        Portal::Provider => page(&ProviderHome { chrome }),
        Portal::Affiliate => page(&AffiliateHome { chrome }),
        _ => page(&PatientHome { chrome }),
    }
}
