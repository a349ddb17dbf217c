//! The quotes and appointments a member of a clinic leaves behind (R-ID-55).

use futures::FutureExt;
use identity::entity::provider_users;
use identity::work::{HandOver, WorkSource};
use kernel::ids::{ProviderId, ProviderUserId, QuoteClinicianId, ScheduleId};
use kernel::permission::Permission;
use kernel::{Actor, ActorKind, AppError, AppResult};
use platform::App;
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseExecutor, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
    Set, SqlErr,
};

use crate::entity::quote_clinicians::{self, QuoteClinicianAssignedByType};
use crate::entity::quotes::{self, QuoteStatus};
use crate::entity::{schedule_occupancies, schedules};
use crate::rules::accept::Refusal;
use crate::store;

/// Quotes whose lead still matters: being written, offered, accepted, booked, under treatment.
const OPEN: [QuoteStatus; 5] =
    [QuoteStatus::Inquiry, QuoteStatus::Quote, QuoteStatus::Accepted, QuoteStatus::Confirmed, QuoteStatus::Inprogress];

/// The kinds of work of this wing.
pub fn work() -> Vec<WorkSource> {
    vec![
        WorkSource {
            kind: "draft_quotes",
            needs: Permission::CreateQuote,
            count: |conn, provider| count_drafts(conn, provider).boxed(),
            hand_over: |txn, app, _, hand| hand_over_drafts(txn, app, hand).boxed(),
        },
        WorkSource {
            kind: "appointments",
            needs: Permission::DocumentTreatment,
            count: |conn, provider| count_leads(conn, provider).boxed(),
            hand_over: |txn, app, actor, hand| hand_over_leads(txn, app, actor, hand).boxed(),
        },
    ]
}

fn counted(rows: Vec<(ProviderUserId, i64)>) -> Vec<(ProviderUserId, u64)> {
    rows.into_iter().map(|(who, n)| (who, u64::try_from(n).unwrap_or(0))).collect()
}

async fn count_drafts(conn: &DatabaseExecutor<'_>, provider: ProviderId) -> AppResult<Vec<(ProviderUserId, u64)>> {
    let rows = quotes::Entity::find()
        .select_only()
        .column(quotes::Column::CreatedByProviderUserId)
        .column_as(quotes::Column::Id.count(), "n")
        .filter(quotes::Column::ProviderId.eq(provider))
        .filter(quotes::Column::Status.eq(QuoteStatus::Inquiry))
        .filter(quotes::Column::DeletedAt.is_null())
        .filter(quotes::Column::CreatedByProviderUserId.is_not_null())
        .group_by(quotes::Column::CreatedByProviderUserId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(counted(rows))
}

async fn hand_over_drafts(txn: &Txn, app: &App, hand: HandOver) -> AppResult<()> {
    quotes::Entity::update_many()
        .col_expr(quotes::Column::CreatedByProviderUserId, Expr::value(hand.to))
        .col_expr(quotes::Column::UpdatedAt, Expr::value(app.now()))
        .filter(quotes::Column::ProviderId.eq(hand.provider))
        .filter(quotes::Column::CreatedByProviderUserId.eq(hand.from))
        .filter(quotes::Column::Status.eq(QuoteStatus::Inquiry))
        .exec(txn)
        .await?;
    Ok(())
}

async fn count_leads(conn: &DatabaseExecutor<'_>, provider: ProviderId) -> AppResult<Vec<(ProviderUserId, u64)>> {
    let rows = quote_clinicians::Entity::find()
        .select_only()
        .column(quote_clinicians::Column::ProviderUserId)
        .column_as(quote_clinicians::Column::Id.count(), "n")
        .join(JoinType::InnerJoin, quote_clinicians::Relation::Quote.def())
        .filter(quote_clinicians::Column::ActiveKey.is_not_null())
        .filter(quotes::Column::ProviderId.eq(provider))
        .filter(quotes::Column::Status.is_in(OPEN))
        .filter(quotes::Column::DeletedAt.is_null())
        .group_by(quote_clinicians::Column::ProviderUserId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(counted(rows))
}

/// The taker leads, and has to be free at the time of every booked slot. Without a taker the slot stays taken and the
/// clinic names somebody later.
async fn hand_over_leads(txn: &Txn, app: &App, actor: &Actor, hand: HandOver) -> AppResult<()> {
    let rows = quote_clinicians::Entity::find()
        .find_also_related(quotes::Entity)
        .filter(quote_clinicians::Column::ProviderUserId.eq(hand.from))
        .filter(quote_clinicians::Column::ActiveKey.is_not_null())
        .filter(quotes::Column::ProviderId.eq(hand.provider))
        .filter(quotes::Column::Status.is_in(OPEN))
        .all(txn)
        .await?;
    let now = app.now();
    let ids: Vec<QuoteClinicianId> = rows.iter().map(|(lead, _)| lead.id).collect();
    quote_clinicians::Entity::update_many()
        .col_expr(quote_clinicians::Column::ActiveKey, Expr::value(None::<String>))
        .col_expr(quote_clinicians::Column::EndedAt, Expr::value(now))
        .col_expr(quote_clinicians::Column::EndReason, Expr::value("member_left"))
        .col_expr(quote_clinicians::Column::UpdatedAt, Expr::value(now))
        .filter(quote_clinicians::Column::Id.is_in(ids))
        .exec(txn)
        .await?;
    let Some(to) = hand.to else { return Ok(()) };
    let taker = provider_users::Entity::find_by_id(to).one(txn).await?.ok_or_else(AppError::not_found)?;
    let (by, by_id) = match actor.kind {
        ActorKind::Provider { user, .. } => (QuoteClinicianAssignedByType::ProviderUser, user.any()),
        ActorKind::Admin(id) => (QuoteClinicianAssignedByType::User, id.any()),
        _ => return Err(AppError::forbidden()),
    };
    for (lead, _) in &rows {
        quote_clinicians::ActiveModel {
            id: Set(QuoteClinicianId::new()),
            quote_id: Set(lead.quote_id),
            provider_user_id: Set(to),
            case_role: Set(lead.case_role),
            display_name: Set(format!("{} {}", taker.firstname, taker.lastname)),
            display_title: Set(taker.title.clone()),
            note: Set(lead.note.clone()),
            active_key: Set(Some(store::lead_key(lead.quote_id))),
            assigned_by_type: Set(by),
            assigned_by_id: Set(by_id),
            ended_at: Set(None),
            end_reason: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
    }
    let booked: Vec<ScheduleId> = schedules::Entity::find()
        .select_only()
        .column(schedules::Column::Id)
        .filter(schedules::Column::QuoteId.is_in(rows.iter().map(|(lead, _)| lead.quote_id)))
        .into_tuple()
        .all(txn)
        .await?;
    schedule_occupancies::Entity::update_many()
        .col_expr(schedule_occupancies::Column::ProviderUserId, Expr::value(to))
        .filter(schedule_occupancies::Column::ScheduleId.is_in(booked))
        .filter(schedule_occupancies::Column::ProviderUserId.eq(hand.from))
        .exec(txn)
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => AppError::from(Refusal::SlotUnavailable),
            _ => error.into(),
        })?;
    Ok(())
}
