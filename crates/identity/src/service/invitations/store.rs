//! The two tables of invitations, read and written alike.

use kernel::Timestamp;
use kernel::ids::{AnyId, ProviderId, ProviderUserId};

use crate::rules::team::InvitationState;

/// An invitation, of a clinic or of Hairline.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub id: AnyId,
    /// The clinic, and the clinician without login who gets an account; none for Hairline's staff.
    pub clinic: Option<(ProviderId, Option<ProviderUserId>)>,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role_id: i64,
    pub message: Option<String>,
    pub state: InvitationState,
    pub expires_at: Timestamp,
    pub invited_by: Option<AnyId>,
    pub send_attempts: i32,
    pub resend_count: i32,
    pub last_sent_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// Declares the reads and writes of one table.
macro_rules! table {
    ($name:ident, $table:ident, $status:ident, $id:ident, |$row:ident| $clinic:expr, |$by:ident| $invited_by:expr) => {
        pub(crate) mod $name {
            use kernel::ids::{AnyId, $id};
            use kernel::{AppResult, Page, PageQuery, Timestamp};
            use sea_orm::sea_query::{Expr, ExprTrait};
            use sea_orm::{
                ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
                QuerySelect,
            };

            use super::super::InvitationView;
            use super::Invitation;
            use crate::entity::roles;
            use crate::entity::$table::{Column, Entity, Model, $status as Status};
            use crate::rules::team::InvitationState as State;

            const LIVE: [Status; 2] = [Status::PendingSend, Status::Pending];

            impl From<Model> for Invitation {
                fn from($row: Model) -> Self {
                    let clinic = $clinic;
                    let $by = $row.invited_by;
                    Self {
                        id: $row.id.any(),
                        clinic,
                        email: $row.email,
                        first_name: $row.first_name,
                        last_name: $row.last_name,
                        role_id: $row.role_id,
                        message: $row.personal_message,
                        state: match $row.status {
                            Status::PendingSend => State::PendingSend,
                            Status::Pending => State::Pending,
                            Status::Accepted => State::Accepted,
                            Status::Expired => State::Expired,
                            Status::Cancelled => State::Cancelled,
                            Status::Bounced => State::Bounced,
                        },
                        expires_at: $row.expires_at,
                        invited_by: $invited_by,
                        send_attempts: $row.send_attempts,
                        resend_count: $row.resend_count,
                        last_sent_at: $row.last_sent_at,
                        created_at: $row.created_at,
                    }
                }
            }

            /// A page of them, newest first; `live` leaves out those that are over.
            pub(crate) async fn page(
                conn: &impl ConnectionTrait,
                which: Condition,
                live: bool,
                page: PageQuery,
                now: Timestamp,
            ) -> AppResult<Page<InvitationView>> {
                let mut select = Entity::find().filter(which);
                if live {
                    select = select.filter(Column::Status.is_not_in([Status::Accepted, Status::Cancelled]));
                }
                let total = select.clone().count(conn).await?;
                let found = select
                    .order_by_desc(Column::CreatedAt)
                    .order_by_desc(Column::Id)
                    .offset(page.offset())
                    .limit(page.per_page)
                    .find_also_related(roles::Entity)
                    .all(conn)
                    .await?;
                let view = |(row, role): (Model, Option<roles::Model>)| {
                    InvitationView::of(row.into(), role.map(|role| role.name).unwrap_or_default(), now)
                };
                Ok(Page::new(found.into_iter().map(view).collect(), page, total))
            }

            /// The invitation of that id.
            pub(crate) async fn by_id(conn: &impl ConnectionTrait, id: AnyId) -> AppResult<Option<Invitation>> {
                Ok(Entity::find_by_id($id::from(id)).one(conn).await?.map(Invitation::from))
            }

            /// The invitation of that id, locked.
            pub(crate) async fn locked(conn: &impl ConnectionTrait, id: AnyId) -> AppResult<Option<Invitation>> {
                Ok(Entity::find_by_id($id::from(id)).lock_exclusive().one(conn).await?.map(Invitation::from))
            }

            /// The invitation behind a token's hash.
            pub(crate) async fn by_token(conn: &impl ConnectionTrait, hash: &str) -> AppResult<Option<Invitation>> {
                let found = Entity::find().filter(Column::TokenHash.eq(hash)).one(conn).await?;
                Ok(found.map(Invitation::from))
            }

            /// A new token for a mail that is about to be sent; false when it is not to be sent any more.
            pub(crate) async fn renew_token(
                conn: &impl ConnectionTrait,
                id: AnyId,
                hash: &str,
                now: Timestamp,
            ) -> AppResult<bool> {
                let done = Entity::update_many()
                    .col_expr(Column::TokenHash, Expr::value(hash))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Id.eq($id::from(id)))
                    .filter(Column::Status.eq(Status::PendingSend))
                    .filter(Column::ExpiresAt.gt(now))
                    .exec(conn)
                    .await?;
                Ok(done.rows_affected == 1)
            }

            /// The mail was handed over.
            pub(crate) async fn sent(conn: &impl ConnectionTrait, id: AnyId, now: Timestamp) -> AppResult<()> {
                Entity::update_many()
                    .col_expr(Column::Status, Expr::value(Status::Pending))
                    .col_expr(Column::LastSentAt, Expr::value(now))
                    .col_expr(Column::SendAttempts, Expr::col(Column::SendAttempts).add(1))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Id.eq($id::from(id)))
                    .filter(Column::Status.eq(Status::PendingSend))
                    .exec(conn)
                    .await?;
                Ok(())
            }

            /// The mail could not be handed over, for now or at all.
            pub(crate) async fn not_sent(
                conn: &impl ConnectionTrait,
                id: AnyId,
                for_good: bool,
                now: Timestamp,
            ) -> AppResult<()> {
                let status = if for_good { Status::Bounced } else { Status::PendingSend };
                Entity::update_many()
                    .col_expr(Column::Status, Expr::value(status))
                    .col_expr(Column::SendAttempts, Expr::col(Column::SendAttempts).add(1))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Id.eq($id::from(id)))
                    .filter(Column::Status.eq(Status::PendingSend))
                    .exec(conn)
                    .await?;
                Ok(())
            }

            /// To be sent once more: a dead token until the mail goes out, a new end.
            pub(crate) async fn send_again(
                conn: &impl ConnectionTrait,
                id: AnyId,
                (hash, expires_at, now): (&str, Timestamp, Timestamp),
            ) -> AppResult<()> {
                Entity::update_many()
                    .col_expr(Column::Status, Expr::value(Status::PendingSend))
                    .col_expr(Column::TokenHash, Expr::value(hash))
                    .col_expr(Column::ExpiresAt, Expr::value(expires_at))
                    .col_expr(Column::SendAttempts, Expr::value(0))
                    .col_expr(Column::ResendCount, Expr::col(Column::ResendCount).add(1))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Id.eq($id::from(id)))
                    .exec(conn)
                    .await?;
                Ok(())
            }

            /// Taken back; false when it was no longer running.
            pub(crate) async fn cancel(conn: &impl ConnectionTrait, id: AnyId, now: Timestamp) -> AppResult<bool> {
                let done = Entity::update_many()
                    .col_expr(Column::Status, Expr::value(Status::Cancelled))
                    .col_expr(Column::CancelledAt, Expr::value(now))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Id.eq($id::from(id)))
                    .filter(Column::Status.is_in(LIVE))
                    .exec(conn)
                    .await?;
                Ok(done.rows_affected == 1)
            }

            /// Used; false when somebody was faster.
            pub(crate) async fn accept(
                conn: &impl ConnectionTrait,
                id: AnyId,
                by: AnyId,
                now: Timestamp,
            ) -> AppResult<bool> {
                let done = Entity::update_many()
                    .col_expr(Column::Status, Expr::value(Status::Accepted))
                    .col_expr(Column::AcceptedBy, Expr::value(by))
                    .col_expr(Column::AcceptedAt, Expr::value(now))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Id.eq($id::from(id)))
                    .filter(Column::Status.is_in(LIVE))
                    .exec(conn)
                    .await?;
                Ok(done.rows_affected == 1)
            }

            /// Ends what nobody used in time.
            pub(crate) async fn expire(conn: &impl ConnectionTrait, now: Timestamp) -> AppResult<()> {
                Entity::update_many()
                    .col_expr(Column::Status, Expr::value(Status::Expired))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Status.is_in(LIVE))
                    .filter(Column::ExpiresAt.lte(now))
                    .exec(conn)
                    .await?;
                Ok(())
            }
        }
    };
}

table!(
    clinic,
    provider_staff_invitations,
    ProviderStaffInvitationStatus,
    ProviderStaffInvitationId,
    |row| Some((row.provider_id, row.for_provider_user_id)),
    |by| Some(by.any())
);
table!(staff, admin_invitations, AdminInvitationStatus, AdminInvitationId, |row| None, |by| by.map(|id| id.any()));
