//! What is remembered of legal texts between requests: which versions are in force for five seconds, and who has agreed to
//! enough for as long as that is enough.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use kernel::ids::AnyId;
use kernel::{Actor, AppError, AppResult};
use moka::future::Cache;
use platform::App;
use platform::db::uncounted;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::rules::{self, Line, Series};
use crate::entity::terms_and_conditions::{self as rows, LegalDocumentStatus as Status};

/// How long another process may go on with the texts from before a publication.
const FRESH: Duration = Duration::from_secs(5);
/// How long an account is remembered to have agreed: the ledgers never take a yes back.
const REMEMBERED: Duration = Duration::from_secs(600);

struct Kept {
    lines: Cache<(), Arc<Vec<Line>>>,
    /// Accounts and the fingerprint of what they have agreed to enough of.
    met: Cache<AnyId, u64>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            lines: Cache::builder().max_capacity(1).time_to_live(FRESH).build(),
            met: Cache::builder().max_capacity(50_000).time_to_live(REMEMBERED).build(),
        }
    }
}

/// Every version that is, was or will be in force: one statement, and none of their words.
pub async fn lines(conn: &impl ConnectionTrait) -> AppResult<Vec<Line>> {
    use rows::Column;
    Ok(rows::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::DocumentType,
            Column::Audience,
            Column::VersionLabel,
            Column::IsMaterial,
            Column::RequiresAcceptance,
            Column::Status,
            Column::EffectiveAt,
        ])
        .filter(Column::Status.is_in([Status::Scheduled, Status::Current, Status::Archived]))
        .order_by_asc(Column::Id)
        .into_model()
        .all(conn)
        .await?)
}

/// The series in force now, as remembered.
pub async fn series(app: &App) -> AppResult<Vec<Series>> {
    let kept = app.memory.of::<Kept>();
    let read = async { lines(app.db.conn()).await.map(Arc::new) };
    let lines = kept.lines.try_get_with((), uncounted(read)).await.map_err(AppError::internal)?;
    Ok(rules::series(&lines, app.now()))
}

/// Forgets which versions are in force: they have just changed.
pub(super) async fn forget(app: &App) {
    app.memory.of::<Kept>().lines.invalidate(&()).await;
}

/// What an account has to agree to before it writes anything. No statement for who is remembered to have agreed, one for
/// everybody else.
pub async fn due(app: &App, actor: &Actor) -> AppResult<Vec<Series>> {
    let (_, Some(id)) = actor.reference() else { return Ok(Vec::new()) };
    // Whoever looks through another account's eyes neither writes nor agrees for it (R-CM-86).
    if actor.impersonator.is_some() {
        return Ok(Vec::new());
    }
    let all = series(app).await?;
    let asked = rules::asked_of(&all, actor);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let kept = app.memory.of::<Kept>();
    let print = fingerprint(&asked);
    if kept.met.get(&id).await == Some(print) {
        return Ok(Vec::new());
    }
    let agreed = identity::acceptances::of(app.db.conn(), actor).await?;
    let open: Vec<Series> = asked.into_iter().filter(|series| !series.is_met(&agreed)).cloned().collect();
    if open.is_empty() {
        kept.met.insert(id, print).await;
    }
    Ok(open)
}

fn fingerprint(asked: &[&Series]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for series in asked {
        series.enough().hash(&mut hasher);
    }
    hasher.finish()
}
