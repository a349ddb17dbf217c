//! Accounts for demo data and for the tests of the wings above.
//!
//! Rows are as the use cases leave them (`tests/` compares), only without codes and mails in between.

use chrono::{Datelike, NaiveDate};
use kernel::ids::{
    AffiliateCredentialId, AffiliateId, AnyId, MfaCredentialId, PatientId, ProviderId, ProviderTeamMemberId,
    ProviderUserId, UserId,
};
use kernel::{Actor, AppError, AppResult, Guard, Secret};
use platform::App;
use platform::db::Txn;
use platform::locale::Locale;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::consents::{self, Given, KINDS, PatientConsentAction, PatientConsentChannel, PatientConsentType};
use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::patients::{AnonymizationLevel, PatientGender};
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::entity::provider_users::ProviderUserStatus;
use crate::entity::{mfa_credentials, patients, provider_team_members, provider_users};
use crate::guards::mfa_type;
use crate::projection::{affiliate_credentials, affiliates};
use crate::service::sessions::{self, Carrier, Holder};
use crate::service::{passwords, profile, register};
use crate::{admin, install, password, roles, states};

/// A hash to give to many accounts: hashing is slow on purpose, and demo logins share their password.
#[derive(Clone, Debug)]
pub struct Hashed(String);

impl Hashed {
    /// Hashes a password once.
    pub async fn of(app: &App, plain: &str) -> AppResult<Self> {
        password::hash(app, &Secret::new(plain.to_owned())).await.map(Self)
    }

    /// No password opens the account.
    pub fn unusable() -> Self {
        Self(password::UNUSABLE.to_owned())
    }
}

/// A patient to be made.
#[derive(Clone, Debug)]
pub struct PatientSpec {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address.
    pub email: String,
    /// ISO 3166-1.
    pub country: String,
    /// City.
    pub city: Option<String>,
    /// Gender.
    pub gender: PatientGender,
    /// Birthday.
    pub birthday: NaiveDate,
    /// E.164.
    pub phone: String,
    /// Password.
    pub password: Hashed,
    /// Terms, privacy, medical data and sharing with clinics are granted; this adds the optional ones.
    pub all_consents: bool,
}

impl PatientSpec {
    /// A complete British patient of 35 years without a password.
    pub fn new(app: &App, first_name: &str, last_name: &str) -> Self {
        let today = app.now().date_naive();
        let birthday = today.with_year(today.year() - 35).unwrap_or(today);
        let slug = format!("{first_name}.{last_name}").to_lowercase().replace(|c: char| !c.is_ascii_alphabetic(), ".");
        Self {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            email: format!("{slug}@patients.example"),
            country: "GB".to_owned(),
            city: Some("London".to_owned()),
            gender: PatientGender::Male,
            birthday,
            phone: "+447700900123".to_owned(),
            password: Hashed::unusable(),
            all_consents: false,
        }
    }
}

/// Makes an active, verified patient with a complete profile and the consents an inquiry needs.
pub async fn patient(app: &App, spec: PatientSpec) -> AppResult<patients::Model> {
    ensure_installed(app).await?;
    platform::write_txn!(app.db, |txn| { make_patient(txn, app, &spec).await })
}

/// The roles must exist before anybody can hold one.
async fn ensure_installed(app: &App) -> AppResult<()> {
    if roles::find(app.db.conn(), Guard::Patient, "patient").await?.is_none() {
        install::install(app).await?;
    }
    Ok(())
}

async fn make_patient(txn: &Txn, app: &App, spec: &PatientSpec) -> AppResult<patients::Model> {
    let (id, now, system) = (PatientId::new(), app.now(), Actor::system());
    let row = patients::ActiveModel {
        id: Set(id),
        first_name: Set(spec.first_name.clone()),
        last_name: Set(spec.last_name.clone()),
        username: Set(register::username_of(app, &spec.first_name)),
        patient_code: Set(Some(register::next_patient_code(txn, app).await?)),
        email: Set(spec.email.clone()),
        password: Set(spec.password.0.clone()),
        birthday: Set(Some(spec.birthday)),
        gender: Set(Some(spec.gender)),
        phone_number: Set(Some(app.keys.seal(&spec.phone))),
        location: Set(spec.city.clone()),
        location_id: Set(None),
        profile_image: Set(None),
        activation_code: Set(None),
        email_verified_at: Set(Some(now)),
        status: Set(None),
        anonymization_level: Set(AnonymizationLevel::Full),
        remember_token: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
        country_code: Set(Some(spec.country.clone())),
        phone_index: Set(Some(profile::phone_index(app, &spec.phone))),
        last_activity_at: Set(Some(now)),
        registration_source_id: Set(None),
        identity_hold_at: Set(None),
        identity_hold_reason: Set(None),
    }
    .insert(txn)
    .await?;
    insert_state(txn, app, id.any()).await?;
    roles::assign(txn, app, &system, Guard::Patient, "patient", id.any()).await?;
    let needed = [
        PatientConsentType::Terms,
        PatientConsentType::PrivacyPolicy,
        PatientConsentType::MedicalDataProcessing,
        PatientConsentType::ProviderDataSharing,
    ];
    let given = Given { locale: Locale::En, channel: PatientConsentChannel::Web };
    for kind in KINDS.into_iter().filter(|kind| spec.all_consents || needed.contains(kind)) {
        consents::record(txn, app, &system, id, (kind, PatientConsentAction::Granted), given).await?;
    }
    Ok(row)
}

async fn insert_state(conn: &impl ConnectionTrait, app: &App, id: AnyId) -> AppResult<()> {
    states::begun(AccountStateModelType::Patient, id, AccountState::Active, app.now()).insert(conn).await?;
    Ok(())
}

/// A member of Hairline's staff to be made.
#[derive(Clone, Debug)]
pub struct AdminSpec {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address.
    pub email: String,
    /// Role of guard api.
    pub role: String,
    /// Password.
    pub password: Hashed,
    /// A known authenticator secret (base32); without one the first login asks to set one up.
    pub totp_secret: Option<String>,
}

impl AdminSpec {
    /// A super admin without a password.
    pub fn super_admin(email: &str) -> Self {
        Self {
            first_name: "Super".to_owned(),
            last_name: "Admin".to_owned(),
            email: email.to_owned(),
            role: "super_admin".to_owned(),
            password: Hashed::unusable(),
            totp_secret: None,
        }
    }
}

/// Makes a member of Hairline's staff.
pub async fn admin(app: &App, spec: AdminSpec) -> AppResult<UserId> {
    ensure_installed(app).await?;
    let id = UserId::new();
    platform::write_txn!(app.db, |txn| {
        let names = (spec.first_name.as_str(), spec.last_name.as_str(), spec.email.as_str());
        admin::insert_user(txn, app, id, names, &spec.password.0).await?;
        roles::assign(txn, app, &Actor::system(), Guard::Api, &spec.role, id.any()).await?;
        enrol(txn, app, Guard::Api, id.any(), spec.totp_secret.as_deref()).await?;
        Ok(id)
    })
}

/// The legal owner of a clinic in `users`: no role of guard api, so it can never sign in there (D-03).
pub async fn legal_owner(app: &App, first_name: &str, last_name: &str, email: &str) -> AppResult<UserId> {
    let id = UserId::new();
    platform::write_txn!(app.db, |txn| {
        admin::insert_user(txn, app, id, (first_name, last_name, email), password::UNUSABLE).await?;
        Ok(id)
    })
}

/// A member of a clinic's team to be made.
#[derive(Clone, Debug)]
pub struct MemberSpec {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// `Dr.`, `Prof.`
    pub title: Option<String>,
    /// Address.
    pub email: String,
    /// Role of guard provider; `provider_owner` for the one owner.
    pub role: String,
    /// Password.
    pub password: Hashed,
    /// A known authenticator secret (base32).
    pub totp_secret: Option<String>,
    /// False for clinicians who are only named (R-ID-73).
    pub can_login: bool,
}

impl MemberSpec {
    /// A member with that role and without a password.
    pub fn new(role: &str, first_name: &str, last_name: &str, email: &str) -> Self {
        Self {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            title: None,
            email: email.to_owned(),
            role: role.to_owned(),
            password: Hashed::unusable(),
            totp_secret: None,
            can_login: true,
        }
    }
}

/// Makes a member of a clinic's team. The clinic must exist.
pub async fn clinic_user(app: &App, provider: ProviderId, spec: MemberSpec) -> AppResult<ProviderUserId> {
    ensure_installed(app).await?;
    let id = ProviderUserId::new();
    platform::write_txn!(app.db, |txn| {
        insert_member(txn, app, (id, provider), &spec).await?;
        let role = roles::assign(txn, app, &Actor::system(), Guard::Provider, &spec.role, id.any()).await?;
        insert_membership(txn, app, (id, provider), role.id, spec.role == "provider_owner").await?;
        enrol(txn, app, Guard::Provider, id.any(), spec.totp_secret.as_deref()).await?;
        Ok(id)
    })
}

async fn insert_member(
    txn: &Txn,
    app: &App,
    (id, provider): (ProviderUserId, ProviderId),
    spec: &MemberSpec,
) -> AppResult<()> {
    let now = app.now();
    provider_users::ActiveModel {
        id: Set(id),
        provider_id: Set(provider),
        firstname: Set(spec.first_name.clone()),
        lastname: Set(spec.last_name.clone()),
        title: Set(spec.title.clone()),
        email: Set(if spec.can_login { spec.email.clone() } else { format!("nologin+{id}@staff.invalid") }),
        password: Set(if spec.can_login { spec.password.0.clone() } else { password::UNUSABLE.to_owned() }),
        phone_number: Set(None),
        profile_image: Set(None),
        status: Set(ProviderUserStatus::Active),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
        can_login: Set(spec.can_login),
        email_verified_at: Set(spec.can_login.then_some(now)),
        version: Set(1),
    }
    .insert(txn)
    .await?;
    Ok(())
}

async fn insert_membership(
    txn: &Txn,
    app: &App,
    (id, provider): (ProviderUserId, ProviderId),
    role_id: i64,
    is_owner: bool,
) -> AppResult<()> {
    let now = app.now();
    provider_team_members::ActiveModel {
        id: Set(ProviderTeamMemberId::new()),
        provider_id: Set(provider),
        provider_user_id: Set(id),
        role_id: Set(role_id),
        invitation_id: Set(None),
        is_owner: Set(is_owner),
        department: Set(None),
        status: Set(ProviderTeamMemberStatus::Active),
        joined_at: Set(now),
        suspended_at: Set(None),
        suspension_reason: Set(None),
        removed_at: Set(None),
        removal_reason: Set(None),
        removed_by_type: Set(None),
        removed_by_id: Set(None),
        work_reassigned_to: Set(None),
        last_active_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(())
}

async fn enrol(txn: &Txn, app: &App, guard: Guard, id: AnyId, secret: Option<&str>) -> AppResult<()> {
    let Some(secret) = secret else { return Ok(()) };
    let kind = mfa_type(guard).ok_or_else(AppError::forbidden)?;
    let now = app.now();
    mfa_credentials::ActiveModel {
        id: Set(MfaCredentialId::new()),
        model_type: Set(kind),
        model_id: Set(id),
        secret: Set(app.keys.seal(&secret.to_owned())),
        confirmed_at: Set(Some(now)),
        last_step: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(())
}

/// Gives an affiliate a password, as its activation leaves it.
pub async fn affiliate_login(app: &App, affiliate: AffiliateId, password: &Hashed) -> AppResult<()> {
    let now = app.now();
    affiliate_credentials::ActiveModel {
        id: Set(AffiliateCredentialId::new()),
        affiliate_id: Set(affiliate),
        password: Set(Some(password.0.clone())),
        activation_token_hash: Set(None),
        activation_expires_at: Set(None),
        password_set_at: Set(Some(now)),
        last_login_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(app.db.conn())
    .await?;
    passwords::remember(app.db.conn(), app, Guard::Affiliate, affiliate.any(), &password.0).await
}

/// Opens the account of an invited affiliate, as its link does.
pub async fn open_affiliate(app: &App, affiliate: AffiliateId, password: &Hashed) -> AppResult<()> {
    let (conn, now) = (app.db.conn(), app.now());
    affiliate_credentials::Entity::update_many()
        .col_expr(affiliate_credentials::Column::Password, Expr::value(&password.0))
        .col_expr(affiliate_credentials::Column::PasswordSetAt, Expr::value(now))
        .col_expr(affiliate_credentials::Column::UpdatedAt, Expr::value(now))
        .filter(affiliate_credentials::Column::AffiliateId.eq(affiliate))
        .exec(conn)
        .await?;
    affiliates::Entity::update_many()
        .col_expr(affiliates::Column::Status, Expr::value("active"))
        .col_expr(affiliates::Column::Version, Expr::col(affiliates::Column::Version).add(1))
        .col_expr(affiliates::Column::UpdatedAt, Expr::value(now))
        .filter(affiliates::Column::Id.eq(affiliate))
        .exec(conn)
        .await?;
    passwords::remember(conn, app, Guard::Affiliate, affiliate.any(), &password.0).await
}

/// The same account, within a session whose owner has just proved who they are (R-ID-29). Nobody holds its cookie.
pub async fn proven(app: &App, actor: &Actor) -> AppResult<Actor> {
    let (Some(guard), (_, Some(id))) = (actor.guard(), actor.reference()) else {
        return Err(AppError::unauthenticated());
    };
    let holder = Holder { guard, id };
    let policy = sessions::policy_of(app, guard).await?;
    let opened = platform::write_txn!(app.db, |txn| {
        sessions::open(txn, app, actor, holder, (policy, Carrier::Cookie), true, None).await
    })?;
    Ok(actor.clone().in_session(opened.session_id))
}
