//! The end of the first steps.

use axum::response::Response;
use platform::web::ApiResult;
use ui::{Inside, Portal, Posted};

use crate::service::tour;

pub(super) async fn finish(Inside(ctx): Inside, _: Posted) -> ApiResult<Response> {
    tour::finish(&ctx.app, &ctx.actor).await?;
    Ok(ctx.done(Portal::Provider.home(), "tour-finished"))
}
