//! Where the rotation of keys stands.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use ui::{Badge, Chrome, Inside, Posted, Tone, page};

use crate::encryption::{self, EncryptionView};

#[derive(Template)]
#[template(path = "encryption.html")]
struct EncryptionPage {
    chrome: Chrome,
    found: EncryptionView,
    state: Badge,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = encryption::show(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome;
    let state = match (found.running, found.removable) {
        (true, _) => Badge::new(Tone::Info, chrome.t("encryption-running")),
        (false, true) => Badge::new(Tone::Good, chrome.t("encryption-done")),
        (false, false) => Badge::new(Tone::Warn, chrome.t("encryption-waiting")),
    };
    page(&EncryptionPage { chrome, found, state })
}

pub(super) async fn rotate(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = identity::confirm::ask(&ctx, &posted, "/admin/encryption").await? {
        return Ok(question);
    }
    encryption::start(&ctx.app, &ctx.actor).await?;
    Ok(ctx.done("/admin/encryption", "rotation-started"))
}
