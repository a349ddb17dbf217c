//! What this wing does from time to time.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{AppResult, Timestamp};
use platform::App;
use platform::jobs::Schedule;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::{
    code_sends, oauth_access_tokens, oauth_auth_codes, oauth_refresh_tokens, one_time_codes, personal_access_tokens,
};
use crate::roles;
use crate::service::interventions;
use crate::service::invitations::mail;

/// How long a token that ended is remembered; the audit log keeps the fact for ten years.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// Rows of one statement: a purge must not hold up those who sign in.
const BATCH: u64 = 500;

/// The schedules of this wing.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule {
            name: "identity.invitations",
            every: Duration::from_secs(60),
            run: |app| Box::pin(mail::pass_time(app)),
        },
        Schedule {
            name: "identity.planned_roles",
            every: Duration::from_secs(60),
            run: |app| Box::pin(roles::apply_all_due(app)),
        },
        Schedule {
            name: "identity.account_upkeep",
            every: Duration::from_secs(60),
            run: |app| Box::pin(interventions::upkeep(app)),
        },
        Schedule {
            name: "identity.purge_tokens",
            every: Duration::from_secs(60 * 60),
            run: |app| Box::pin(purge_tokens(app)),
        },
    ]
}

/// Deletes codes and tokens that ended more than thirty days ago, and the notes of who was sent codes then.
async fn purge_tokens(app: &App) -> AppResult<()> {
    let conn = app.db.conn();
    let before: Timestamp = app.now() - REMEMBERED;
    one_time_codes::Entity::delete_many().filter(one_time_codes::Column::ExpiresAt.lt(before)).exec(conn).await?;
    code_sends::Entity::delete_many().filter(code_sends::Column::SentAt.lt(before)).exec(conn).await?;
    oauth_auth_codes::Entity::delete_many().filter(oauth_auth_codes::Column::ExpiresAt.lt(before)).exec(conn).await?;
    personal_access_tokens::Entity::delete_many()
        .filter(personal_access_tokens::Column::ExpiresAt.lt(before))
        .exec(conn)
        .await?;
    loop {
        let ids: Vec<String> = oauth_refresh_tokens::Entity::find()
            .select_only()
            .column(oauth_refresh_tokens::Column::Id)
            .filter(oauth_refresh_tokens::Column::ExpiresAt.lt(before))
            .limit(BATCH)
            .into_tuple()
            .all(conn)
            .await?;
        if ids.is_empty() {
            break;
        }
        oauth_refresh_tokens::Entity::delete_many()
            .filter(oauth_refresh_tokens::Column::Id.is_in(ids))
            .exec(conn)
            .await?;
    }
    loop {
        // An access token stays as long as a refresh token names it: the pair goes together.
        let partner = Query::select()
            .expr(Expr::val(1))
            .from(oauth_refresh_tokens::Entity)
            .and_where(
                Expr::col((oauth_refresh_tokens::Entity, oauth_refresh_tokens::Column::AccessTokenId))
                    .equals((oauth_access_tokens::Entity, oauth_access_tokens::Column::Id)),
            )
            .to_owned();
        let ids: Vec<String> = oauth_access_tokens::Entity::find()
            .select_only()
            .column(oauth_access_tokens::Column::Id)
            .filter(oauth_access_tokens::Column::ExpiresAt.lt(before))
            .filter(Expr::exists(partner).not())
            .limit(BATCH)
            .into_tuple()
            .all(conn)
            .await?;
        if ids.is_empty() {
            return Ok(());
        }
        oauth_access_tokens::Entity::delete_many()
            .filter(oauth_access_tokens::Column::Id.is_in(ids))
            .exec(conn)
            .await?;
    }
}
