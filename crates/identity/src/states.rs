//! The state of accounts, and accounts that have none yet.

use kernel::ids::{AccountStateId, AnyId, PatientId, UserId};
use kernel::{AppResult, Timestamp};
use platform::App;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::entity::account_states::{self, AccountState, AccountStateModelType as Kind};
use crate::entity::{patients, users};

/// Rows of one statement.
const BATCH: u64 = 500;

/// An account as it begins.
pub(crate) fn begun(kind: Kind, id: AnyId, state: AccountState, now: Timestamp) -> account_states::ActiveModel {
    account_states::ActiveModel {
        id: Set(AccountStateId::new()),
        model_type: Set(kind),
        model_id: Set(id),
        state: Set(state),
        reason: Set(None),
        until: Set(None),
        must_reset_password: Set(false),
        changed_by_type: Set(None),
        changed_by_id: Set(None),
        changed_at: Set(now),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

/// Gives a state to accounts that were here before this program: what their own row tells. Without one staff would neither
/// find them nor could they suspend them.
pub(crate) async fn adopt(conn: &impl ConnectionTrait, app: &App) -> AppResult<()> {
    let now = app.now();
    loop {
        let found: Vec<UserId> = users::Entity::find()
            .select_only()
            .column(users::Column::Id)
            .filter(users::Column::Id.not_in_subquery(known(Kind::User)))
            .limit(BATCH)
            .into_tuple()
            .all(conn)
            .await?;
        let rows = found.iter().map(|id| begun(Kind::User, id.any(), AccountState::Active, now));
        if !insert(conn, rows.collect()).await? {
            break;
        }
    }
    loop {
        let found: Vec<(PatientId, Option<Timestamp>, Option<Timestamp>)> = patients::Entity::find()
            .select_only()
            .columns([patients::Column::Id, patients::Column::EmailVerifiedAt, patients::Column::DeletedAt])
            .filter(patients::Column::Id.not_in_subquery(known(Kind::Patient)))
            .limit(BATCH)
            .into_tuple()
            .all(conn)
            .await?;
        let state = |verified: Option<Timestamp>, deleted: Option<Timestamp>| match (verified, deleted) {
            (_, Some(_)) => AccountState::Deactivated,
            (Some(_), None) => AccountState::Active,
            (None, None) => AccountState::PendingVerification,
        };
        let rows =
            found.iter().map(|(id, verified, deleted)| begun(Kind::Patient, id.any(), state(*verified, *deleted), now));
        if !insert(conn, rows.collect()).await? {
            return Ok(());
        }
    }
}

/// The accounts of a kind that have a state.
fn known(kind: Kind) -> SelectStatement {
    Query::select()
        .column(account_states::Column::ModelId)
        .from(account_states::Entity)
        .and_where(account_states::Column::ModelType.eq(kind))
        .to_owned()
}

/// Writes the rows; whether there were any.
async fn insert(conn: &impl ConnectionTrait, rows: Vec<account_states::ActiveModel>) -> AppResult<bool> {
    if rows.is_empty() {
        return Ok(false);
    }
    account_states::Entity::insert_many(rows).exec_without_returning(conn).await?;
    Ok(true)
}
