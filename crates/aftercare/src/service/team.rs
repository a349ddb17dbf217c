//! Who looks after a case (R-AC-65).

use std::collections::HashMap;

use identity::entity::account_states::{self, AccountState, AccountStateModelType};
use identity::entity::model_has_roles::{self, ModelHasRoleModelType};
use identity::entity::roles;
use kernel::ids::{AfterCareId, AftercareClinicianId, AnyId, ProviderUserId, UserId};
use kernel::{AppResult, Guard, Timestamp};
use platform::App;
use platform::db::Txn;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait, Set};

use crate::entity::after_cares::{self, AfterCareStatus};
use crate::entity::aftercare_clinicians::{
    self as clinicians, AftercareClinicianAssignedByType, AftercareClinicianMemberType, AftercareClinicianRole,
};
use crate::settings;

/// A specialist who could take a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub user: UserId,
    /// Active cases they hold.
    pub load: u64,
    /// When they got the newest one.
    pub last_assigned: Option<Timestamp>,
}

/// The one with the fewest cases, then the one whose last assignment is longest ago, then by id. Nobody when all are
/// full.
pub fn pick(candidates: &[Candidate], capacity: u64) -> Option<UserId> {
    let free = candidates.iter().filter(|candidate| candidate.load < capacity);
    free.min_by_key(|candidate| (candidate.load, candidate.last_assigned, candidate.user)).map(|found| found.user)
}

/// The specialist to whom a new case goes, if anybody is free.
pub async fn next_specialist(conn: &impl ConnectionTrait, app: &App) -> AppResult<Option<UserId>> {
    let users: Vec<AnyId> = model_has_roles::Entity::find()
        .select_only()
        .column(model_has_roles::Column::ModelId)
        .join(JoinType::InnerJoin, model_has_roles::Relation::Role.def())
        .filter(roles::Column::Name.eq("aftercare_specialist"))
        .filter(roles::Column::GuardName.eq(Guard::Api.name()))
        .filter(model_has_roles::Column::ModelType.eq(ModelHasRoleModelType::User))
        .into_tuple()
        .all(conn)
        .await?;
    if users.is_empty() {
        return Ok(None);
    }
    let away: Vec<AnyId> = account_states::Entity::find()
        .select_only()
        .column(account_states::Column::ModelId)
        .filter(account_states::Column::ModelType.eq(AccountStateModelType::User))
        .filter(account_states::Column::ModelId.is_in(users.iter().copied()))
        .filter(account_states::Column::State.ne(AccountState::Active))
        .into_tuple()
        .all(conn)
        .await?;
    let held: Vec<(AnyId, Timestamp)> = clinicians::Entity::find()
        .select_only()
        .columns([clinicians::Column::MemberId, clinicians::Column::AssignedAt])
        .join(JoinType::InnerJoin, clinicians::Relation::AfterCare.def())
        .filter(clinicians::Column::MemberType.eq(AftercareClinicianMemberType::User))
        .filter(clinicians::Column::MemberId.is_in(users.iter().copied()))
        .filter(clinicians::Column::EndedAt.is_null())
        .filter(after_cares::Column::Status.eq(AfterCareStatus::Active))
        .into_tuple()
        .all(conn)
        .await?;
    let mut loads: HashMap<AnyId, (u64, Option<Timestamp>)> = HashMap::new();
    for (member, at) in held {
        let entry = loads.entry(member).or_default();
        *entry = (entry.0 + 1, entry.1.max(Some(at)));
    }
    let candidates: Vec<_> = users
        .into_iter()
        .filter(|user| !away.contains(user))
        .map(|user| {
            let (load, last_assigned) = loads.get(&user).copied().unwrap_or_default();
            Candidate { user: user.into(), load, last_assigned }
        })
        .collect();
    let capacity = u64::try_from(settings::SPECIALIST_CAPACITY.get(app).await?).unwrap_or(0);
    Ok(pick(&candidates, capacity))
}

/// Puts the specialist and the treating clinician into a new case's team.
pub async fn assemble(
    txn: &Txn,
    app: &App,
    case: AfterCareId,
    specialist: Option<UserId>,
    clinician: Option<ProviderUserId>,
) -> AppResult<()> {
    let now = app.now();
    let member = |kind, id: AnyId, role, key: Option<&str>| clinicians::ActiveModel {
        id: Set(AftercareClinicianId::new()),
        after_care_id: Set(case),
        member_type: Set(kind),
        member_id: Set(id),
        role: Set(role),
        active_key: Set(key.map(|key| format!("{case}:{key}"))),
        assigned_by_type: Set(AftercareClinicianAssignedByType::System),
        assigned_by_id: Set(None),
        assigned_at: Set(now),
        ended_at: Set(None),
        end_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let mut rows = Vec::new();
    if let Some(user) = specialist {
        let role = AftercareClinicianRole::AftercareSpecialist;
        rows.push(member(AftercareClinicianMemberType::User, user.any(), role, Some("aftercare_specialist")));
    }
    if let Some(user) = clinician {
        let role = AftercareClinicianRole::ProviderClinician;
        rows.push(member(AftercareClinicianMemberType::ProviderUser, user.any(), role, None));
    }
    if !rows.is_empty() {
        clinicians::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The specialist of a case now.
pub async fn specialist_of(conn: &impl ConnectionTrait, case: AfterCareId) -> AppResult<Option<UserId>> {
    let key = format!("{case}:aftercare_specialist");
    let found = clinicians::Entity::find().filter(clinicians::Column::ActiveKey.eq(key)).one(conn).await?;
    Ok(found.map(|row| row.member_id.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_goes_to_whom_it_burdens_least() {
        let at = |day: u32| format!("2026-03-{day:02}T10:00:00Z").parse::<Timestamp>().ok();
        let one = |load, last_assigned| Candidate { user: UserId::new(), load, last_assigned };
        let (busy, recent, rested) = (one(9, at(1)), one(3, at(9)), one(3, at(2)));
        assert_eq!(pick(&[busy, recent, rested], 100), Some(rested.user));
        let never = one(3, None);
        assert_eq!(pick(&[rested, never], 100), Some(never.user));
        assert_eq!(pick(&[one(100, None)], 100), None);
        assert_eq!(pick(&[], 100), None);
    }
}
