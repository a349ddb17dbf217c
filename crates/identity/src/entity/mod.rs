//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod account_states;
pub mod admin_invitations;
pub mod auth_sessions;
pub mod code_sends;
pub mod data_bundles;
pub mod deletion_requests;
pub mod ip_throttles;
pub mod legal_acceptances;
pub mod legal_holds;
pub mod login_throttles;
pub mod mfa_credentials;
pub mod mfa_recovery_codes;
pub mod model_has_permissions;
pub mod model_has_roles;
pub mod oauth_access_tokens;
pub mod oauth_auth_codes;
pub mod oauth_clients;
pub mod oauth_personal_access_clients;
pub mod oauth_refresh_tokens;
pub mod one_time_codes;
pub mod password_histories;
pub mod password_reset_tokens;
pub mod password_reset_tokens_for_all_users;
pub mod patient_consents;
pub mod patient_flags;
pub mod patients;
pub mod permissions;
pub mod personal_access_tokens;
pub mod provider_staff_invitations;
pub mod provider_team_members;
pub mod provider_users;
pub mod role_assignments;
pub mod role_has_permissions;
pub mod roles;
pub mod sealed_identities;
pub mod users;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(account_states::Entity),
        schema.create_table_from_entity(admin_invitations::Entity),
        schema.create_table_from_entity(auth_sessions::Entity),
        schema.create_table_from_entity(code_sends::Entity),
        schema.create_table_from_entity(data_bundles::Entity),
        schema.create_table_from_entity(deletion_requests::Entity),
        schema.create_table_from_entity(ip_throttles::Entity),
        schema.create_table_from_entity(legal_acceptances::Entity),
        schema.create_table_from_entity(legal_holds::Entity),
        schema.create_table_from_entity(login_throttles::Entity),
        schema.create_table_from_entity(mfa_credentials::Entity),
        schema.create_table_from_entity(mfa_recovery_codes::Entity),
        schema.create_table_from_entity(model_has_permissions::Entity),
        schema.create_table_from_entity(model_has_roles::Entity),
        schema.create_table_from_entity(oauth_access_tokens::Entity),
        schema.create_table_from_entity(oauth_auth_codes::Entity),
        schema.create_table_from_entity(oauth_clients::Entity),
        schema.create_table_from_entity(oauth_personal_access_clients::Entity),
        schema.create_table_from_entity(oauth_refresh_tokens::Entity),
        schema.create_table_from_entity(one_time_codes::Entity),
        schema.create_table_from_entity(password_histories::Entity),
        schema.create_table_from_entity(password_reset_tokens::Entity),
        schema.create_table_from_entity(password_reset_tokens_for_all_users::Entity),
        schema.create_table_from_entity(patient_consents::Entity),
        schema.create_table_from_entity(patient_flags::Entity),
        schema.create_table_from_entity(patients::Entity),
        schema.create_table_from_entity(permissions::Entity),
        schema.create_table_from_entity(personal_access_tokens::Entity),
        schema.create_table_from_entity(provider_staff_invitations::Entity),
        schema.create_table_from_entity(provider_team_members::Entity),
        schema.create_table_from_entity(provider_users::Entity),
        schema.create_table_from_entity(role_assignments::Entity),
        schema.create_table_from_entity(role_has_permissions::Entity),
        schema.create_table_from_entity(roles::Entity),
        schema.create_table_from_entity(sealed_identities::Entity),
        schema.create_table_from_entity(users::Entity),
    ]
}
