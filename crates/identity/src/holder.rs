//! What the database holds of the account behind a token, and who it is by that: role, rights, state, membership, clinic
//! (R-ID-32), all joined to the statement that reads the token.

use kernel::ids::{AffiliateId, AnyId, PatientId, ProviderId, ProviderUserId, UserId};
use kernel::{Actor, ActorKind, AppResult, Guard, Reads, Timestamp};
use platform::App;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};

use crate::accounts::affiliation;
use crate::auth::ended;
use crate::entity::account_states::AccountState;
use crate::entity::provider_users::ProviderUserStatus;
use crate::entity::{
    account_states, model_has_permissions, model_has_roles, permissions, provider_users, role_assignments, roles,
};
use crate::projection::{affiliates, preferences, providers};
use crate::roles::{self as held_roles, RoleKey, permissions_of};
use crate::rules::login::{Membership, Standing};
use crate::service::tokens::invalid;

/// What the database holds of an account, whatever kind of token names it.
#[derive(FromQueryResult)]
pub(crate) struct Holder {
    role_id: Option<i64>,
    role_name: Option<String>,
    role_guard: Option<String>,
    role_version: Option<i32>,
    role_updated_at: Option<Timestamp>,
    /// Names of what was granted to the account itself, with commas between.
    granted_directly: Option<String>,
    /// A planned role of the account should be in force by now.
    pub(crate) role_is_due: bool,
    state: Option<AccountState>,
    until: Option<Timestamp>,
    member_status: Option<ProviderUserStatus>,
    member_deleted_at: Option<Timestamp>,
    can_login: Option<bool>,
    provider_id: Option<ProviderId>,
    clinic_status: Option<String>,
    clinic_deleted_at: Option<Timestamp>,
    affiliate_status: Option<String>,
    affiliate_open: Option<bool>,
    affiliate_deleted_at: Option<Timestamp>,
    language: Option<String>,
    zone: Option<String>,
    clinic_zone: Option<String>,
}

impl Holder {
    /// How the account wants to read. A zone that no longer exists is none (section 10 of communication).
    fn reads(&self) -> Reads {
        let zone = |name: &Option<String>| name.as_deref().and_then(|name| name.parse().ok());
        Reads { language: self.language.clone(), zone: zone(&self.zone), house_zone: zone(&self.clinic_zone) }
    }

    fn membership(&self, guard: Guard) -> Membership {
        if guard == Guard::Affiliate {
            let status = self.affiliate_status.as_deref().unwrap_or_default();
            return affiliation(status, self.affiliate_open == Some(true), self.affiliate_deleted_at.is_some());
        }
        if guard != Guard::Provider {
            return Membership::Fine;
        }
        match self.member_status {
            _ if self.member_deleted_at.is_some() || self.can_login != Some(true) => Membership::Removed,
            Some(ProviderUserStatus::Suspended) => Membership::Suspended,
            Some(ProviderUserStatus::Active) => match self.clinic_status.as_deref() {
                Some("active" | "suspended") if self.clinic_deleted_at.is_none() => Membership::Fine,
                _ => Membership::ClinicInactive,
            },
            _ => Membership::Removed,
        }
    }

    fn kind(&self, guard: Guard, id: AnyId) -> Option<ActorKind> {
        match guard {
            Guard::Patient => Some(ActorKind::Patient(PatientId::from(id))),
            Guard::Provider => {
                self.provider_id.map(|provider| ActorKind::Provider { user: ProviderUserId::from(id), provider })
            }
            Guard::Api => Some(ActorKind::Admin(UserId::from(id))),
            Guard::Affiliate => Some(ActorKind::Affiliate(AffiliateId::from(id))),
        }
    }

    /// The account as an actor with its rights now; its facts are looked at again on every request (R-ID-32).
    pub(crate) async fn actor(&self, app: &App, guard: Guard, id: AnyId) -> AppResult<Actor> {
        let membership = self.membership(guard);
        let standing = Standing { verified: true, state: self.state, until: self.until, membership };
        if let Some(refusal) = standing.refusal(app.now()) {
            return Err(refusal);
        }
        let kind = self.kind(guard, id).ok_or_else(invalid)?;
        if guard == Guard::Affiliate {
            // Affiliates have one role and it grants nothing: the portal itself is the right.
            return Ok(Actor::new(kind, Some("affiliate"), Default::default()).reading(self.reads()));
        }
        let (Some(id), Some(name), Some(version), Some(updated_at)) =
            (self.role_id, self.role_name.clone(), self.role_version, self.role_updated_at)
        else {
            return Err(invalid());
        };
        if self.role_guard.as_deref() != Some(guard.name()) {
            return Err(ended());
        }
        let key = RoleKey { id, name: name.clone(), version, updated_at };
        let mut permissions = (*permissions_of(app.db.conn(), key).await?).clone();
        permissions.extend(held_roles::direct_permissions(guard, self.granted_directly.as_deref()));
        let is_suspended = guard == Guard::Provider && self.clinic_status.as_deref() == Some("suspended");
        Ok(Actor::new(kind, Some(&name), permissions).reading(self.reads()).of_clinic(is_suspended))
    }
}

/// Adds what [`Holder`] reads: role, state, membership, clinic and preferences of the account named by class and id.
pub(crate) fn join_holder(query: &mut SelectStatement, kind: SimpleExpr, id: SimpleExpr, now: Timestamp) {
    use {account_states as a, model_has_roles as h, provider_users as m};
    let same = |kind_column: SimpleExpr, id_column: SimpleExpr| {
        Cond::all().add(id_column.eq(id.clone())).add(kind_column.eq(kind.clone()))
    };
    query
        .expr_as(Expr::col((roles::Entity, roles::Column::Id)), "role_id")
        .expr_as(Expr::col((roles::Entity, roles::Column::Name)), "role_name")
        .expr_as(Expr::col((roles::Entity, roles::Column::GuardName)), "role_guard")
        .expr_as(Expr::col((roles::Entity, roles::Column::Version)), "role_version")
        .expr_as(Expr::col((roles::Entity, roles::Column::UpdatedAt)), "role_updated_at")
        .expr_as(granted_directly(kind.clone(), id.clone()), "granted_directly")
        .expr_as(role_is_due(kind.clone(), id.clone(), now), "role_is_due")
        .expr_as(Expr::col((a::Entity, a::Column::State)), "state")
        .expr_as(Expr::col((a::Entity, a::Column::Until)), "until")
        .expr_as(Expr::col((m::Entity, m::Column::Status)), "member_status")
        .expr_as(Expr::col((m::Entity, m::Column::DeletedAt)), "member_deleted_at")
        .expr_as(Expr::col((m::Entity, m::Column::CanLogin)), "can_login")
        .expr_as(Expr::col((m::Entity, m::Column::ProviderId)), "provider_id")
        .expr_as(Expr::col((providers::Entity, providers::Column::Status)), "clinic_status")
        .expr_as(Expr::col((providers::Entity, providers::Column::DeletedAt)), "clinic_deleted_at")
        .expr_as(Expr::col((affiliates::Entity, affiliates::Column::Status)), "affiliate_status")
        .expr_as(Expr::col((affiliates::Entity, affiliates::Column::FeatureFlagEnabled)), "affiliate_open")
        .expr_as(Expr::col((affiliates::Entity, affiliates::Column::DeletedAt)), "affiliate_deleted_at")
        .expr_as(Expr::col((preferences::Entity, preferences::Column::Locale)), "language")
        .expr_as(Expr::col((preferences::Entity, preferences::Column::Timezone)), "zone")
        .expr_as(Expr::col((providers::Entity, providers::Column::Timezone)), "clinic_zone")
        .left_join(
            h::Entity,
            same(Expr::col((h::Entity, h::Column::ModelType)), Expr::col((h::Entity, h::Column::ModelId))),
        )
        .left_join(roles::Entity, Expr::col((roles::Entity, roles::Column::Id)).equals((h::Entity, h::Column::RoleId)))
        .left_join(
            a::Entity,
            same(Expr::col((a::Entity, a::Column::ModelType)), Expr::col((a::Entity, a::Column::ModelId))),
        )
        .left_join(
            preferences::Entity,
            same(
                Expr::col((preferences::Entity, preferences::Column::OwnerType)),
                Expr::col((preferences::Entity, preferences::Column::OwnerId)),
            ),
        )
        .left_join(
            m::Entity,
            Cond::all()
                .add(Expr::col((m::Entity, m::Column::Id)).eq(id.clone()))
                .add(kind.clone().eq(Guard::Provider.model_type())),
        )
        .left_join(
            providers::Entity,
            Expr::col((providers::Entity, providers::Column::Id)).equals((m::Entity, m::Column::ProviderId)),
        )
        .left_join(
            affiliates::Entity,
            Cond::all()
                .add(Expr::col((affiliates::Entity, affiliates::Column::Id)).eq(id.clone()))
                .add(kind.eq(Guard::Affiliate.model_type())),
        );
}

/// The names of what was granted to the account itself (R-ID-50), in the same statement: most accounts have none.
fn granted_directly(kind: SimpleExpr, id: SimpleExpr) -> SimpleExpr {
    use {model_has_permissions as d, permissions as p};
    let names = Query::select()
        .expr(Expr::cust_with_expr("GROUP_CONCAT(?)", Expr::col((p::Entity, p::Column::Name))))
        .from(d::Entity)
        .inner_join(p::Entity, Expr::col((p::Entity, p::Column::Id)).equals((d::Entity, d::Column::PermissionId)))
        .and_where(Expr::col((d::Entity, d::Column::ModelType)).eq(kind))
        .and_where(Expr::col((d::Entity, d::Column::ModelId)).eq(id))
        .to_owned();
    SimpleExpr::SubQuery(None, Box::new(names.into()))
}

/// Whether a planned role of the account should be in force by now.
fn role_is_due(kind: SimpleExpr, id: SimpleExpr, now: Timestamp) -> SimpleExpr {
    use role_assignments as a;
    let due = Query::select()
        .expr(Expr::val(1))
        .from(a::Entity)
        .and_where(Expr::col((a::Entity, a::Column::ModelType)).eq(kind))
        .and_where(Expr::col((a::Entity, a::Column::ModelId)).eq(id))
        .and_where(Expr::col((a::Entity, a::Column::EffectiveFrom)).lte(now))
        .and_where(Expr::col((a::Entity, a::Column::AppliedAt)).is_null())
        .and_where(Expr::col((a::Entity, a::Column::EffectiveTo)).is_null())
        .to_owned();
    Expr::exists(due)
}
