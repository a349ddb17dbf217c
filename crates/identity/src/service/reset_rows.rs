//! The two tables of running password resets, read and written alike: one of Hairline's staff, one of everybody else.

use chrono::Duration;
use kernel::{AppError, AppResult, Guard, Timestamp};
use platform::App;
use platform::db::Txn;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::entity::password_reset_tokens::{self as staff, PasswordResetTokenStage as StaffStage};
use crate::entity::password_reset_tokens_for_all_users::{
    self as people, PasswordResetTokenForAllStage as PeopleStage, PasswordResetTokenForAllUserType as UserType,
};

/// How far a reset has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// A code was asked for.
    Otp,
    /// The code was right: a new password may be set.
    Ticket,
    /// The password was set.
    Used,
}

/// Whose reset: an address of a guard has one at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'a> {
    pub guard: Guard,
    pub email: &'a str,
}

/// A running reset.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Keyed hash of the code or ticket; until the mail is handed over, followed by what its code is derived from.
    pub token: String,
    pub stage: Stage,
    pub attempts: i32,
    pub expires_at: Timestamp,
}

impl Row {
    /// The hash alone.
    pub fn hash(&self) -> &str {
        self.token.split('.').next().unwrap_or_default()
    }

    /// What the code of an unsent mail is derived from.
    pub fn nonce(&self) -> Option<&str> {
        self.token.split_once('.').map(|(_, nonce)| nonce)
    }
}

fn user_type(guard: Guard) -> AppResult<UserType> {
    match guard {
        Guard::Patient => Ok(UserType::Patient),
        Guard::Provider => Ok(UserType::Provider),
        Guard::Affiliate => Ok(UserType::Affiliate),
        Guard::Api => Err(AppError::internal("staff have a table of their own")),
    }
}

fn people_key(key: Key<'_>) -> AppResult<Condition> {
    Ok(Condition::all()
        .add(people::Column::UserType.eq(user_type(key.guard)?))
        .add(people::Column::Email.eq(key.email)))
}

/// Begins a reset or takes the place of the earlier one.
pub(crate) async fn put(
    txn: &Txn,
    app: &App,
    key: Key<'_>,
    (stage, token, expires_at): (Stage, String, Timestamp),
    ip: Option<String>,
) -> AppResult<()> {
    let now = app.now();
    if key.guard == Guard::Api {
        use staff::Column;
        let row = staff::ActiveModel {
            email: Set(key.email.to_owned()),
            token: Set(token),
            stage: Set(staff_stage(stage)),
            attempts: Set(0),
            expires_at: Set(expires_at),
            requested_ip: Set(ip),
            created_at: Set(now),
        };
        let renewed =
            [Column::Token, Column::Stage, Column::Attempts, Column::ExpiresAt, Column::RequestedIp, Column::CreatedAt];
        let conflict = OnConflict::column(Column::Email).update_columns(renewed).to_owned();
        staff::Entity::insert(row).on_conflict(conflict).exec_without_returning(txn).await?;
        return Ok(());
    }
    use people::Column;
    let row = people::ActiveModel {
        user_type: Set(user_type(key.guard)?),
        email: Set(key.email.to_owned()),
        token: Set(token),
        stage: Set(people_stage(stage)),
        attempts: Set(0),
        expires_at: Set(expires_at),
        requested_ip: Set(ip),
        created_at: Set(now),
    };
    let renewed =
        [Column::Token, Column::Stage, Column::Attempts, Column::ExpiresAt, Column::RequestedIp, Column::CreatedAt];
    let conflict = OnConflict::columns([Column::UserType, Column::Email]).update_columns(renewed).to_owned();
    people::Entity::insert(row).on_conflict(conflict).exec_without_returning(txn).await?;
    Ok(())
}

/// Lets go of resets that ended a day ago: addresses nobody has are asked for too, and would stay for ever.
pub(crate) async fn forget_old(conn: &impl ConnectionTrait, app: &App) -> AppResult<()> {
    let old = app.now() - Duration::days(1);
    staff::Entity::delete_many().filter(staff::Column::ExpiresAt.lt(old)).exec(conn).await?;
    people::Entity::delete_many().filter(people::Column::ExpiresAt.lt(old)).exec(conn).await?;
    Ok(())
}

fn staff_stage(stage: Stage) -> StaffStage {
    match stage {
        Stage::Otp => StaffStage::Otp,
        Stage::Ticket => StaffStage::Ticket,
        Stage::Used => StaffStage::Used,
    }
}

fn people_stage(stage: Stage) -> PeopleStage {
    match stage {
        Stage::Otp => PeopleStage::Otp,
        Stage::Ticket => PeopleStage::Ticket,
        Stage::Used => PeopleStage::Used,
    }
}

/// The reset of an address, locked.
pub(crate) async fn locked(txn: &Txn, key: Key<'_>) -> AppResult<Option<Row>> {
    if key.guard == Guard::Api {
        let found = staff::Entity::find_by_id(key.email.to_owned()).lock_exclusive().one(txn).await?;
        return Ok(found.map(|row| Row {
            token: row.token,
            stage: match row.stage {
                StaffStage::Otp => Stage::Otp,
                StaffStage::Ticket => Stage::Ticket,
                StaffStage::Used => Stage::Used,
            },
            attempts: row.attempts,
            expires_at: row.expires_at,
        }));
    }
    let found = people::Entity::find().filter(people_key(key)?).lock_exclusive().one(txn).await?;
    Ok(found.map(|row| Row {
        token: row.token,
        stage: match row.stage {
            PeopleStage::Otp => Stage::Otp,
            PeopleStage::Ticket => Stage::Ticket,
            PeopleStage::Used => Stage::Used,
        },
        attempts: row.attempts,
        expires_at: row.expires_at,
    }))
}

/// Counts a wrong try.
pub(crate) async fn count_attempt(txn: &Txn, key: Key<'_>) -> AppResult<()> {
    if key.guard == Guard::Api {
        staff::Entity::update_many()
            .col_expr(staff::Column::Attempts, Expr::col(staff::Column::Attempts).add(1))
            .filter(staff::Column::Email.eq(key.email))
            .exec(txn)
            .await?;
    } else {
        people::Entity::update_many()
            .col_expr(people::Column::Attempts, Expr::col(people::Column::Attempts).add(1))
            .filter(people_key(key)?)
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Takes the reset from one token to the next; false when another request was first.
pub(crate) async fn advance(
    txn: &Txn,
    key: Key<'_>,
    from: &Row,
    (stage, token, expires_at): (Stage, String, Timestamp),
) -> AppResult<bool> {
    let done = if key.guard == Guard::Api {
        use staff::Column;
        staff::Entity::update_many()
            .col_expr(Column::Stage, Expr::value(staff_stage(stage)))
            .col_expr(Column::Token, Expr::value(token))
            .col_expr(Column::Attempts, Expr::value(if stage == from.stage { from.attempts } else { 0 }))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .filter(Column::Email.eq(key.email))
            .filter(Column::Token.eq(&from.token))
            .exec(txn)
            .await?
    } else {
        use people::Column;
        people::Entity::update_many()
            .col_expr(Column::Stage, Expr::value(people_stage(stage)))
            .col_expr(Column::Token, Expr::value(token))
            .col_expr(Column::Attempts, Expr::value(if stage == from.stage { from.attempts } else { 0 }))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .filter(people_key(key)?)
            .filter(Column::Token.eq(&from.token))
            .exec(txn)
            .await?
    };
    Ok(done.rows_affected == 1)
}
