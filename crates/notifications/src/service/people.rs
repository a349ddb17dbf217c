//! Accounts that an event names themselves: members of a team, Hairline's staff, their heads.

use directory::entity::providers;
use identity::entity::provider_users::ProviderUserStatus;
use identity::entity::{
    model_has_permissions, model_has_roles, permissions, provider_team_members, provider_users, role_has_permissions,
    roles, users,
};
use kernel::ids::{AffiliateId, AnyId, ProviderId, ProviderUserId, UserId};
use kernel::{AppResult, Guard};
use platform::outbox::Delivered;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};

use crate::catalogue::Audience;
use crate::entity::alerts_notifications::NotificationRecipientType as Kind;

/// Somebody to be told, with mail or without.
pub struct Person {
    /// What kind of account.
    pub kind: Kind,
    /// Which one.
    pub id: AnyId,
    /// Whether a mail goes out.
    pub mail: bool,
}

fn one(kind: Kind, id: Option<AnyId>, mail: bool) -> Vec<Person> {
    id.into_iter().map(|id| Person { kind, id, mail }).collect()
}

/// Who of the audience an event means; nobody for audiences of a case.
pub async fn of(
    conn: &impl ConnectionTrait,
    audience: Audience,
    event: &Delivered,
    clinic: Option<&providers::Model>,
) -> AppResult<Vec<Person>> {
    let member = event.optional_id::<ProviderUserId>("provider_user_id")?.map(|id| id.any());
    Ok(match audience {
        Audience::Member => one(Kind::ProviderUser, member, true),
        Audience::MemberInbox => one(Kind::ProviderUser, member, false),
        Audience::Staff => one(Kind::User, event.optional_id::<UserId>("user_id")?.map(|id| id.any()), true),
        Audience::Owner | Audience::OwnerByMail => {
            let Some(clinic) = clinic else { return Ok(Vec::new()) };
            let owner = provider_team_members::Entity::find()
                .filter(provider_team_members::Column::ProviderId.eq(clinic.id))
                .filter(provider_team_members::Column::IsOwner.eq(true))
                .filter(provider_team_members::Column::RemovedAt.is_null())
                .one(conn)
                .await?;
            // Whoever is told as a member already is not told twice.
            let owner = owner.map(|row| row.provider_user_id.any()).filter(|id| Some(*id) != member);
            one(Kind::ProviderUser, owner, audience == Audience::OwnerByMail)
        }
        Audience::SuperAdmins => {
            let heads: Vec<AnyId> = model_has_roles::Entity::find()
                .inner_join(roles::Entity)
                .select_only()
                .column(model_has_roles::Column::ModelId)
                .filter(model_has_roles::Column::ModelType.eq(Guard::Api.model_type()))
                .filter(roles::Column::GuardName.eq(Guard::Api.name()))
                .filter(roles::Column::Name.eq("super_admin"))
                .into_tuple()
                .all(conn)
                .await?;
            heads.into_iter().map(|id| Person { kind: Kind::User, id, mail: true }).collect()
        }
        Audience::Offerers => {
            let everybody = event.text("change") == Some("created");
            let clinics = match event.subject_id {
                Some(id) if !everybody => Some(catalogue::service::treatments::offering(conn, id.into()).await?),
                _ => None,
            };
            sellers(conn, clinics).await?
        }
        // A request tells those who decide when it is made; what they do themselves they know.
        Audience::Desk if event.key == "privacy.request_updated" && event.text("state") != Some("submitted") => {
            Vec::new()
        }
        Audience::Desk => {
            let failed = event.payload.get("failed").and_then(|count| count.as_u64()).is_some_and(|count| count > 0);
            let heard = |id: AnyId| Person { kind: Kind::User, id, mail: failed };
            holders(conn, "manage_deletion_request").await?.into_iter().map(heard).collect()
        }
        Audience::AffiliateManagers => {
            let heard = |id: AnyId| Person { kind: Kind::User, id, mail: false };
            holders(conn, "edit_affiliate").await?.into_iter().map(heard).collect()
        }
        Audience::Payers => {
            let mail = event.key != "payout.statements_ready";
            let heard = |id: AnyId| Person { kind: Kind::User, id, mail };
            holders(conn, "process_payout").await?.into_iter().map(heard).collect()
        }
        Audience::Patient | Audience::Clinic | Audience::ClinicInbox | Audience::Admins | Audience::Holder => {
            Vec::new()
        }
    })
}

/// Owners and managers of these clinics, or of all active ones, in one statement.
async fn sellers(conn: &impl ConnectionTrait, clinics: Option<Vec<ProviderId>>) -> AppResult<Vec<Person>> {
    let mut held = Query::select()
        .column(model_has_roles::Column::ModelId)
        .from(model_has_roles::Entity)
        .inner_join(
            roles::Entity,
            Expr::col((roles::Entity, roles::Column::Id))
                .equals((model_has_roles::Entity, model_has_roles::Column::RoleId)),
        )
        .and_where(
            Expr::col((model_has_roles::Entity, model_has_roles::Column::ModelType)).eq(Guard::Provider.model_type()),
        )
        .and_where(Expr::col((roles::Entity, roles::Column::Name)).is_in(["provider_owner", "provider_manager"]))
        .to_owned();
    let mut query = provider_users::Entity::find()
        .select_only()
        .column(provider_users::Column::Id)
        .filter(provider_users::Column::Status.eq(ProviderUserStatus::Active))
        .filter(provider_users::Column::CanLogin.eq(true))
        .filter(provider_users::Column::DeletedAt.is_null())
        .filter(provider_users::Column::Id.in_subquery(held.take()));
    if let Some(clinics) = clinics {
        query = query.filter(provider_users::Column::ProviderId.is_in(clinics));
    }
    let found: Vec<ProviderUserId> = query.into_tuple().all(conn).await?;
    Ok(found.into_iter().map(|id| Person { kind: Kind::ProviderUser, id: id.any(), mail: false }).collect())
}

/// Hairline's staff whose role, or who themselves, may do this.
async fn holders(conn: &impl ConnectionTrait, permission: &str) -> AppResult<Vec<AnyId>> {
    let by_role = model_has_roles::Entity::find()
        .inner_join(roles::Entity)
        .join(JoinType::InnerJoin, roles::Relation::RoleHasPermissions.def())
        .join(JoinType::InnerJoin, role_has_permissions::Relation::Permission.def())
        .select_only()
        .column(model_has_roles::Column::ModelId)
        .filter(model_has_roles::Column::ModelType.eq(Guard::Api.model_type()))
        .filter(permissions::Column::GuardName.eq(Guard::Api.name()))
        .filter(permissions::Column::Name.eq(permission))
        .into_tuple()
        .all(conn)
        .await?;
    let themselves: Vec<AnyId> = model_has_permissions::Entity::find()
        .inner_join(permissions::Entity)
        .select_only()
        .column(model_has_permissions::Column::ModelId)
        .filter(model_has_permissions::Column::ModelType.eq(Guard::Api.model_type()))
        .filter(permissions::Column::GuardName.eq(Guard::Api.name()))
        .filter(permissions::Column::Name.eq(permission))
        .into_tuple()
        .all(conn)
        .await?;
    let mut all: Vec<AnyId> = by_role;
    all.extend(themselves);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The address of an account of a clinic's or Hairline's staff; none for those who have left or never sign in.
pub async fn address(conn: &impl ConnectionTrait, kind: Kind, id: AnyId) -> AppResult<Option<String>> {
    Ok(match kind {
        Kind::ProviderUser => provider_users::Entity::find_by_id(ProviderUserId::from(id))
            .one(conn)
            .await?
            .filter(|row| row.can_login)
            .map(|row| row.email),
        Kind::User => users::Entity::find_by_id(UserId::from(id)).one(conn).await?.map(|row| row.email),
        Kind::Affiliate => identity::service::profile::affiliate_address(conn, AffiliateId::from(id)).await?,
        _ => None,
    }
    .filter(|address| !address.ends_with(".invalid")))
}
