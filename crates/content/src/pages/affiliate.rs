//! The first page of an affiliate.

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
