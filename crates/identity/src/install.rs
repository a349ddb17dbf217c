//! Reference data of this wing: permissions, roles with their default grants, the first-party clients.

use std::collections::{HashMap, HashSet};

use kernel::ids::OauthClientId;
use kernel::permission::{CATALOGUE, Grantable, SYSTEM_ROLES, defaults_of};
use kernel::{AppResult, Guard};
use platform::App;
use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, ConnectionTrait, EntityTrait, Set};
use uuid::Uuid;

use crate::entity::oauth_clients::OauthClientProvider;
use crate::entity::permissions::PermissionGrantRule;
use crate::entity::{oauth_clients, oauth_personal_access_clients, permissions, role_has_permissions, roles};
use crate::states;

/// Adds what is missing and changes nothing that exists: roles may have been edited since.
pub async fn install(app: &App) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let permissions = install_permissions(txn, app).await?;
        install_roles(txn, app, &permissions).await?;
        install_clients(txn, app).await?;
        states::adopt(txn, app).await
    })
}

async fn install_permissions(conn: &impl ConnectionTrait, app: &App) -> AppResult<HashMap<(String, String), i64>> {
    let known = permissions::Entity::find().all(conn).await?;
    let mut ids: HashMap<(String, String), i64> =
        known.into_iter().map(|row| ((row.guard_name, row.name), row.id)).collect();
    let now = app.now();
    let missing: Vec<permissions::ActiveModel> = CATALOGUE
        .iter()
        .filter(|entry| !ids.contains_key(&(entry.guard.name().to_owned(), entry.permission.name().to_owned())))
        .map(|entry| permissions::ActiveModel {
            id: NotSet,
            name: Set(entry.permission.name().to_owned()),
            guard_name: Set(entry.guard.name().to_owned()),
            created_at: Set(now),
            updated_at: Set(now),
            group_key: Set(None),
            label: Set(None),
            is_sensitive: Set(entry.sensitive),
            grant_rule: Set(match entry.grantable {
                Grantable::Freely => PermissionGrantRule::Open,
                Grantable::TopByDefault => PermissionGrantRule::TopDefault,
                Grantable::TopOnly => PermissionGrantRule::TopOnly,
            }),
        })
        .collect();
    if !missing.is_empty() {
        permissions::Entity::insert_many(missing).exec_without_returning(conn).await?;
        let all = permissions::Entity::find().all(conn).await?;
        ids = all.into_iter().map(|row| ((row.guard_name, row.name), row.id)).collect();
    }
    Ok(ids)
}

async fn install_roles(
    conn: &impl ConnectionTrait,
    app: &App,
    permissions: &HashMap<(String, String), i64>,
) -> AppResult<()> {
    let known: HashSet<(String, String)> =
        roles::Entity::find().all(conn).await?.into_iter().map(|row| (row.guard_name, row.name)).collect();
    let now = app.now();
    for role in SYSTEM_ROLES {
        if known.contains(&(role.guard.name().to_owned(), role.name.to_owned())) {
            continue;
        }
        let row = roles::ActiveModel {
            id: NotSet,
            name: Set(role.name.to_owned()),
            guard_name: Set(role.guard.name().to_owned()),
            created_at: Set(now),
            updated_at: Set(now),
            label: Set(Some(role.label.to_owned())),
            description: Set(None),
            is_system: Set(true),
            is_locked: Set(role.is_top),
            archived_at: Set(None),
            version: Set(1),
        }
        .insert(conn)
        .await?;
        let grants: Vec<role_has_permissions::ActiveModel> = defaults_of(role)
            .filter_map(|permission| permissions.get(&(role.guard.name().to_owned(), permission.name().to_owned())))
            .map(|id| role_has_permissions::ActiveModel { permission_id: Set(*id), role_id: Set(row.id) })
            .collect();
        if !grants.is_empty() {
            role_has_permissions::Entity::insert_many(grants).exec_without_returning(conn).await?;
        }
    }
    Ok(())
}

/// The first-party client of a guard: the portal and the app of its people. Public, so without a secret.
pub(crate) fn client_of(guard: Guard) -> OauthClientId {
    // Fixed ids: every installation has the same four, and a token names its client without a look-up.
    OauthClientId(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000
            + match guard {
                Guard::Api => 1,
                Guard::Provider => 2,
                Guard::Patient => 3,
                Guard::Affiliate => 4,
            },
    ))
}

/// The client behind signed personal tokens (R-ID-40). It speaks for whoever made the token, of either guard.
pub(crate) const PERSONAL_CLIENT: OauthClientId =
    OauthClientId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0005));

/// Whether a client came with the program: it is never changed or revoked.
pub(crate) fn is_built_in(client: OauthClientId) -> bool {
    let portals = [Guard::Api, Guard::Provider, Guard::Patient, Guard::Affiliate].map(client_of);
    client == PERSONAL_CLIENT || portals.contains(&client)
}

async fn install_clients(conn: &impl ConnectionTrait, app: &App) -> AppResult<()> {
    let now = app.now();
    for (id, name, provider) in [
        (client_of(Guard::Api), "Hairline staff portal", Some(OauthClientProvider::Users)),
        (client_of(Guard::Provider), "Hairline clinic portal", Some(OauthClientProvider::ProviderUsers)),
        (client_of(Guard::Patient), "Hairline patient app", Some(OauthClientProvider::Patients)),
        (client_of(Guard::Affiliate), "Hairline affiliate portal", Some(OauthClientProvider::Affiliates)),
        (PERSONAL_CLIENT, "Hairline personal tokens", None),
    ] {
        if oauth_clients::Entity::find_by_id(id).one(conn).await?.is_some() {
            continue;
        }
        oauth_clients::ActiveModel {
            id: Set(id),
            user_id: Set(None),
            name: Set(name.to_owned()),
            secret: Set(None),
            provider: Set(provider),
            redirect: Set(String::new()),
            personal_access_client: Set(id == PERSONAL_CLIENT),
            password_client: Set(false),
            revoked: Set(false),
            created_at: Set(now),
            updated_at: Set(now),
            first_party: Set(true),
            allowed_scopes: Set(None),
            last_used_at: Set(None),
        }
        .insert(conn)
        .await?;
        if id == PERSONAL_CLIENT {
            oauth_personal_access_clients::ActiveModel {
                id: NotSet,
                client_id: Set(id),
                created_at: Set(now),
                updated_at: Set(now),
            }
            .insert(conn)
            .await?;
        }
    }
    Ok(())
}
