//! Key rotation for super admins: where it stands, and starting it.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::{Actor, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::rotation::{self, ColumnState};
use platform::routes;
use platform::web::{ApiResult, Json, ProblemDocument, Who};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;

use crate::sealed;

/// Keys and what is still written with older ones.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EncryptionView {
    /// How many previous keys are configured.
    pub previous_keys: usize,
    /// Values re-encrypted by the newest run to the current key.
    pub done: i64,
    /// Values older keys still hold, as that run counted them.
    pub left: i64,
    /// Values no key reads.
    pub failed: i64,
    /// Whether there was a run to the current key at all.
    pub counted: bool,
    /// Whether a run is under way.
    pub running: bool,
    /// Whether the previous keys may be taken out of the configuration.
    pub removable: bool,
    /// The columns that are not done.
    pub columns: Vec<ColumnState>,
}

/// Tells what the newest run to the current key reached. Errors: 403 without `manage_encryption_key`.
pub async fn show(app: &App, actor: &Actor) -> AppResult<EncryptionView> {
    actor.admin()?;
    actor.require(Permission::ManageEncryptionKey)?;
    let run = rotation::status(app).await?;
    let previous_keys = app.config.keys.previous.len();
    Ok(EncryptionView {
        previous_keys,
        done: run.done,
        left: run.left,
        failed: run.failed,
        counted: !run.columns.is_empty(),
        running: !run.columns.is_empty() && !run.finished,
        // Without a previous key there is nothing that could be left.
        removable: run.removable || (previous_keys == 0 && run.columns.is_empty()),
        columns: run.columns.into_iter().filter(|column| !column.finished || column.left + column.failed > 0).collect(),
    })
}

/// Starts a rotation in the background. Errors: 403 without `manage_encryption_key`, `reauth_required`.
pub async fn start(app: &App, actor: &Actor) -> AppResult<()> {
    let by = actor.admin()?;
    actor.require(Permission::ManageEncryptionKey)?;
    identity::reauth::require_fresh(app.db.conn(), app, actor).await?;
    audit::record(app.db.conn(), app, actor, Entry::new("keys.rotation_started")).await?;
    sealed::start(app, by).await
}

/// The routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_encryption)).routes(routes!(rotate_keys))
}

/// Shows how much older keys still hold.
#[utoipa::path(get, path = "/admin/encryption", tag = "encryption", operation_id = "show_encryption",
    responses((status = 200, body = EncryptionView), (status = 403, body = ProblemDocument)))]
async fn show_encryption(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<EncryptionView>> {
    Ok(Json(show(&app, &actor).await?))
}

/// Re-encrypts in the background what older keys hold.
#[utoipa::path(post, path = "/admin/encryption/rotate", tag = "encryption", operation_id = "rotate_keys",
    responses((status = 202), (status = 403, body = ProblemDocument)))]
async fn rotate_keys(State(app): State<App>, Who(actor): Who) -> ApiResult<StatusCode> {
    start(&app, &actor).await?;
    Ok(StatusCode::ACCEPTED)
}
