//! Guards and how columns spell them.

use kernel::Guard;

use crate::entity::account_states::AccountStateModelType;
use crate::entity::auth_sessions::{AuthSessionGuard, AuthSessionModelType};
use crate::entity::mfa_credentials::MfaCredentialModelType;
use crate::entity::model_has_roles::ModelHasRoleModelType;
use crate::entity::oauth_access_tokens::OauthAccessTokenGuard;
use crate::entity::oauth_clients::OauthClientProvider;
use crate::entity::password_histories::PasswordHistoryModelType;
use crate::entity::role_assignments::RoleAssignmentModelType;

/// Declares that an enum of a column has one value per guard.
macro_rules! per_guard {
    ($($column:ty { $api:ident, $provider:ident, $patient:ident, $affiliate:ident },)+) => {$(
        impl From<Guard> for $column {
            fn from(guard: Guard) -> Self {
                match guard {
                    Guard::Api => Self::$api,
                    Guard::Provider => Self::$provider,
                    Guard::Patient => Self::$patient,
                    Guard::Affiliate => Self::$affiliate,
                }
            }
        }
    )+};
}

per_guard! {
    AuthSessionGuard { Api, Provider, Patient, Affiliate },
    AuthSessionModelType { User, ProviderUser, Patient, Affiliate },
    OauthAccessTokenGuard { Api, Provider, Patient, Affiliate },
    ModelHasRoleModelType { User, ProviderUser, Patient, Affiliate },
    PasswordHistoryModelType { User, ProviderUser, Patient, Affiliate },
    OauthClientProvider { Users, ProviderUsers, Patients, Affiliates },
    RoleAssignmentModelType { User, ProviderUser, Patient, Affiliate },
}

impl From<AuthSessionGuard> for Guard {
    fn from(guard: AuthSessionGuard) -> Self {
        match guard {
            AuthSessionGuard::Api => Self::Api,
            AuthSessionGuard::Provider => Self::Provider,
            AuthSessionGuard::Patient => Self::Patient,
            AuthSessionGuard::Affiliate => Self::Affiliate,
        }
    }
}

impl From<OauthAccessTokenGuard> for Guard {
    fn from(guard: OauthAccessTokenGuard) -> Self {
        match guard {
            OauthAccessTokenGuard::Api => Self::Api,
            OauthAccessTokenGuard::Provider => Self::Provider,
            OauthAccessTokenGuard::Patient => Self::Patient,
            OauthAccessTokenGuard::Affiliate => Self::Affiliate,
        }
    }
}

/// The guard whose accounts a client is for; the names reserved for signing in elsewhere have none.
pub(crate) fn guard_of_client(provider: OauthClientProvider) -> Option<Guard> {
    match provider {
        OauthClientProvider::Users => Some(Guard::Api),
        OauthClientProvider::ProviderUsers => Some(Guard::Provider),
        OauthClientProvider::Patients => Some(Guard::Patient),
        OauthClientProvider::Affiliates => Some(Guard::Affiliate),
        OauthClientProvider::Google | OauthClientProvider::Facebook | OauthClientProvider::Apple => None,
    }
}

/// The value of `account_states.model_type`; clinic staff keep their state in their own row.
pub(crate) fn state_type(guard: Guard) -> Option<AccountStateModelType> {
    match guard {
        Guard::Api => Some(AccountStateModelType::User),
        Guard::Patient => Some(AccountStateModelType::Patient),
        Guard::Affiliate => Some(AccountStateModelType::Affiliate),
        Guard::Provider => None,
    }
}

/// The value of `mfa_credentials.model_type`; patients and affiliates have no authenticator (R-ID-27).
pub(crate) fn mfa_type(guard: Guard) -> Option<MfaCredentialModelType> {
    match guard {
        Guard::Api => Some(MfaCredentialModelType::User),
        Guard::Provider => Some(MfaCredentialModelType::ProviderUser),
        Guard::Patient | Guard::Affiliate => None,
    }
}
