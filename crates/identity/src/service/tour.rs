//! The first steps a clinic's new member is shown, until they say that they know their way.
//!
//! There is no row for it: that somebody finished it is remembered by the log, like everything people do.

use chrono::Duration;
use kernel::{Actor, ActorKind, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::audit_logs::{self, AuditLogActorType};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveEnum, ConnectionTrait};

use crate::entity::provider_team_members as members;

/// Whoever has been here for so long knows the way.
const NEW: Duration = Duration::days(30);
/// What is recorded when somebody has seen enough.
const FINISHED: &str = "tour.finished";

/// Whether the asker should be shown the first steps: one statement, none for anybody but clinic staff. Whoever looks
/// through a member's eyes is not shown them.
pub async fn is_due(app: &App, actor: &Actor) -> AppResult<bool> {
    let ActorKind::Provider { user, .. } = actor.kind else { return Ok(false) };
    if actor.impersonator.is_some() {
        return Ok(false);
    }
    let finished = Query::select()
        .expr(Expr::val(1))
        .from(audit_logs::Entity)
        .and_where(
            Expr::col((audit_logs::Entity, audit_logs::Column::ActorType))
                .eq(AuditLogActorType::ProviderUser.to_value()),
        )
        .and_where(Expr::col((audit_logs::Entity, audit_logs::Column::ActorId)).eq(user.any()))
        .and_where(Expr::col((audit_logs::Entity, audit_logs::Column::Action)).eq(FINISHED))
        .to_owned();
    let query = Query::select()
        .expr(Expr::val(1))
        .from(members::Entity)
        .and_where(Expr::col((members::Entity, members::Column::ProviderUserId)).eq(user))
        .and_where(Expr::col((members::Entity, members::Column::RemovedAt)).is_null())
        .and_where(Expr::col((members::Entity, members::Column::JoinedAt)).gt(app.now() - NEW))
        .and_where(Expr::exists(finished).not())
        .to_owned();
    Ok(app.db.conn().query_one(&query).await?.is_some())
}

/// The asker has seen enough. Saying so twice changes nothing.
///
/// Errors: 401, 403 for whoever is no clinic's member.
pub async fn finish(app: &App, actor: &Actor) -> AppResult<()> {
    let (user, provider) = actor.provider()?;
    if !is_due(app, actor).await? {
        return Ok(());
    }
    let entry = Entry::new(FINISHED).subject("ProviderUser", user).provider(provider);
    audit::record(app.db.conn(), app, actor, entry).await
}
