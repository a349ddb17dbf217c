//! The cases a member of a clinic looks after and leaves behind (R-ID-55).

use futures::FutureExt;
use identity::work::{HandOver, WorkSource};
use kernel::ids::{AfterCareId, AftercareClinicianId, AnyId, ProviderId, ProviderUserId};
use kernel::permission::Permission;
use kernel::{Actor, ActorKind, AppResult};
use platform::App;
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseExecutor, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait, Set};

use crate::entity::after_cares::{self, AfterCareStatus};
use crate::entity::aftercare_clinicians::{
    self as clinicians, AftercareClinicianAssignedByType as AssignedBy, AftercareClinicianMemberType as MemberType,
};

/// The kinds of work of this wing.
pub fn work() -> Vec<WorkSource> {
    vec![WorkSource {
        kind: "aftercare_cases",
        needs: Permission::ManageAftercarePlan,
        count: |conn, provider| count(conn, provider).boxed(),
        hand_over: |txn, app, actor, hand| hand_over(txn, app, actor, hand).boxed(),
    }]
}

async fn count(conn: &DatabaseExecutor<'_>, provider: ProviderId) -> AppResult<Vec<(ProviderUserId, u64)>> {
    let rows: Vec<(AnyId, i64)> = clinicians::Entity::find()
        .select_only()
        .column(clinicians::Column::MemberId)
        .column_as(clinicians::Column::Id.count(), "n")
        .join(JoinType::InnerJoin, clinicians::Relation::AfterCare.def())
        .filter(clinicians::Column::MemberType.eq(MemberType::ProviderUser))
        .filter(clinicians::Column::EndedAt.is_null())
        .filter(after_cares::Column::ProviderId.eq(provider))
        .filter(after_cares::Column::Status.ne(AfterCareStatus::Completed))
        .group_by(clinicians::Column::MemberId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(who, n)| (who.into(), u64::try_from(n).unwrap_or(0))).collect())
}

async fn hand_over(txn: &Txn, app: &App, actor: &Actor, hand: HandOver) -> AppResult<()> {
    let held = |who: ProviderUserId| {
        clinicians::Entity::find()
            .inner_join(after_cares::Entity)
            .filter(clinicians::Column::MemberType.eq(MemberType::ProviderUser))
            .filter(clinicians::Column::MemberId.eq(who.any()))
            .filter(clinicians::Column::EndedAt.is_null())
            .filter(after_cares::Column::ProviderId.eq(hand.provider))
            .filter(after_cares::Column::Status.ne(AfterCareStatus::Completed))
    };
    let now = app.now();
    let rows = held(hand.from).all(txn).await?;
    clinicians::Entity::update_many()
        .col_expr(clinicians::Column::ActiveKey, Expr::value(None::<String>))
        .col_expr(clinicians::Column::EndedAt, Expr::value(now))
        .col_expr(clinicians::Column::EndReason, Expr::value("member_left"))
        .col_expr(clinicians::Column::UpdatedAt, Expr::value(now))
        .filter(clinicians::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(txn)
        .await?;
    let Some(to) = hand.to else { return Ok(()) };
    let theirs: Vec<AfterCareId> = held(to).all(txn).await?.into_iter().map(|row| row.after_care_id).collect();
    let (by, by_id) = match actor.kind {
        ActorKind::Provider { user, .. } => (AssignedBy::ProviderUser, Some(user.any())),
        ActorKind::Admin(id) => (AssignedBy::User, Some(id.any())),
        _ => (AssignedBy::System, None),
    };
    let new = rows.into_iter().filter(|row| !theirs.contains(&row.after_care_id)).map(|row| clinicians::ActiveModel {
        id: Set(AftercareClinicianId::new()),
        after_care_id: Set(row.after_care_id),
        member_type: Set(MemberType::ProviderUser),
        member_id: Set(to.any()),
        role: Set(row.role),
        active_key: Set(row.active_key),
        assigned_by_type: Set(by),
        assigned_by_id: Set(by_id),
        assigned_at: Set(now),
        ended_at: Set(None),
        end_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    });
    let new: Vec<_> = new.collect();
    if !new.is_empty() {
        clinicians::Entity::insert_many(new).exec_without_returning(txn).await?;
    }
    Ok(())
}
