//! The first page behind a sign-in: a greeting until the portal's own pages take its place.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use ui::{Chrome, Inside, page};

#[derive(Template)]
#[template(path = "home_affiliate.html")]
struct AffiliateHome {
    chrome: Chrome,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    page(&AffiliateHome { chrome: ctx.chrome })
}
