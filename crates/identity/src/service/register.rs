//! Patients register themselves: names, address, password, then the code of the mail (R-ID-01..10).

use kernel::ids::PatientId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Secret};
use platform::App;
use platform::audit::{self, Entry};
use platform::counters;
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::locale::Locale;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set, SqlErr,
};
use serde_json::json;

use crate::accounts::{self, Account};
use crate::consents::{self, Given, PatientConsentAction, PatientConsentType};
use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::one_time_codes::OneTimeCodePurpose;
use crate::entity::patients::AnonymizationLevel;
use crate::entity::{account_states, patients};
use crate::mail::MAIL_REGISTRATION_ATTEMPT;
use crate::rules::fields;
use crate::rules::login::{Membership, Standing};
use crate::service::codes::{self, CodeFor, CodePolicy, code_invalid};
use crate::service::passwords;
use crate::service::sessions::{self, Carrier, Holder, Tokens};
use crate::{password, roles, states};

/// The purpose under which verification mails are counted.
const PURPOSE: &str = "email_verification";

/// What a visitor fills in.
#[derive(Clone, Debug)]
pub struct Registration {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address; the login.
    pub email: String,
    /// A login name of one's own choice.
    pub username: Option<String>,
    /// Password.
    pub password: Secret<String>,
    /// The same again.
    pub password_confirmation: Secret<String>,
    /// The tick under terms and privacy policy.
    pub terms_accepted: bool,
    /// Language and surface of the consents.
    pub given: Given,
}

/// The checked form of a [`Registration`].
struct Checked {
    first_name: String,
    last_name: String,
    email: String,
    username: Option<String>,
    password: String,
}

/// Registers a patient, neutral to the outside: a known address looks like success (R-ID-09).
///
/// Answers the registration token that, with the mailed code, opens the account within 24 hours.
/// Errors: 422 with all faulty fields; 429 `code_too_often`.
pub async fn register(app: &App, origin: &Actor, form: Registration) -> AppResult<String> {
    check(&form)?;
    let policy = codes::policy(app).await?;
    // Hashed for known addresses too: the answer takes the same time.
    let checked = Checked {
        first_name: form.first_name.trim().to_owned(),
        last_name: form.last_name.trim().to_owned(),
        email: fields::normal_email(&form.email),
        username: form.username.clone(),
        password: password::hash(app, &form.password).await?,
    };
    let token = app.random.token();
    let outcome = platform::write_txn!(app.db, |txn| {
        register_in(txn, app, origin, &checked, &token, (policy, form.given)).await
    });
    match outcome {
        // Two registrations of one address at once: the unique index decides and the loser hears nothing of it.
        Err(error) if lost_race(&error) => Ok(token),
        other => other.map(|()| token),
    }
}

fn lost_race(error: &AppError) -> bool {
    error.db_error().is_some_and(|err| matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
}

fn check(form: &Registration) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    fields::name(&mut errors, "first_name", &form.first_name);
    fields::name(&mut errors, "last_name", &form.last_name);
    fields::email(&mut errors, "email", &form.email);
    if let Some(username) = &form.username {
        fields::username(&mut errors, username);
    }
    fields::password(&mut errors, form.password.expose(), form.password_confirmation.expose());
    if !form.terms_accepted {
        errors.add("terms_accepted", "terms_required", "Accept the terms and the privacy policy.");
    }
    errors.check()
}

async fn register_in(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    form: &Checked,
    token: &str,
    (policy, given): (CodePolicy, Given),
) -> AppResult<()> {
    let known =
        patients::Entity::find().filter(patients::Column::Email.eq(&form.email)).lock_exclusive().one(txn).await?;
    // The pause between codes holds names up too, once a code was sent to the address.
    codes::claim_send(txn, app, PURPOSE, &form.email, policy.limits).await?;
    require_free_username(txn, form).await?;
    let account = match known {
        Some(patient) if patient.email_verified_at.is_some() || patient.deleted_at.is_some() => {
            let payload = json!({ "patient_id": patient.id, "locale": given.locale.code() });
            jobs::enqueue(txn, app, MAIL_REGISTRATION_ATTEMPT, payload, Enqueue::default()).await?;
            let purpose = OneTimeCodePurpose::EmailVerification;
            let decoy = CodeFor { purpose, address: &form.email, token: Some(token) };
            codes::issue_decoy(txn, app, decoy).await?;
            let entry = Entry::new("account.registration_attempt").subject("Patient", patient.id).denied();
            return audit::record(txn, app, origin, entry).await;
        }
        Some(patient) => replace_unverified(txn, app, form, patient.id).await?,
        None => create(txn, app, origin, form).await?,
    };
    let patient = PatientId::from(account.id);
    for kind in [PatientConsentType::Terms, PatientConsentType::PrivacyPolicy] {
        consents::record(txn, app, origin, patient, (kind, PatientConsentAction::Granted), given).await?;
    }
    send_code(txn, app, &account, token, (policy, given.locale)).await?;
    let entry = Entry::new("account.registered").subject("Patient", patient).patient(patient);
    audit::record(txn, app, &account.actor(origin), entry).await
}

async fn require_free_username(txn: &Txn, form: &Checked) -> AppResult<()> {
    let Some(username) = &form.username else { return Ok(()) };
    let taken = patients::Entity::find()
        .filter(patients::Column::Username.eq(username))
        // One's own from a try before. An account that is open has its name against everybody: what it answers must not
        // tell that name and address belong together (R-ID-09).
        .filter(
            Condition::any()
                .add(patients::Column::Email.ne(&form.email))
                .add(patients::Column::EmailVerifiedAt.is_not_null()),
        )
        .count(txn)
        .await?;
    if taken == 0 {
        return Ok(());
    }
    Err(AppError::field("username", "username_taken", "This name is taken."))
}

/// A new code with its mail; `activation_code` mirrors its hash, as installations of this schema expect.
async fn send_code(txn: &Txn, app: &App, account: &Account, token: &str, how: (CodePolicy, Locale)) -> AppResult<()> {
    let what = CodeFor { purpose: OneTimeCodePurpose::EmailVerification, address: &account.email, token: Some(token) };
    let hash = codes::issue_code(txn, app, account, what, how).await?;
    patients::Entity::update_many()
        .col_expr(patients::Column::ActivationCode, Expr::value(hash))
        .filter(patients::Column::Id.eq(PatientId::from(account.id)))
        .exec(txn)
        .await?;
    let entry = Entry::new("code.requested").subject("Patient", account.id);
    audit::record(txn, app, &Actor::system(), entry).await
}

fn unverified_account(id: PatientId, form: &Checked) -> Account {
    Account {
        guard: Guard::Patient,
        id: id.any(),
        email: form.email.clone(),
        username: form.username.clone(),
        password: form.password.clone(),
        provider: None,
        role: "patient".to_owned(),
        standing: Standing {
            verified: false,
            state: Some(AccountState::PendingVerification),
            until: None,
            membership: Membership::Fine,
        },
        must_reset: false,
    }
}

async fn create(txn: &Txn, app: &App, origin: &Actor, form: &Checked) -> AppResult<Account> {
    let id = PatientId::new();
    new_patient(app, id, form).insert(txn).await?;
    let now = app.now();
    states::begun(AccountStateModelType::Patient, id.any(), AccountState::PendingVerification, now).insert(txn).await?;
    roles::assign(txn, app, origin, Guard::Patient, "patient", id.any()).await?;
    passwords::remember(txn, app, Guard::Patient, id.any(), &form.password).await?;
    Ok(unverified_account(id, form))
}

fn new_patient(app: &App, id: PatientId, form: &Checked) -> patients::ActiveModel {
    let now = app.now();
    patients::ActiveModel {
        id: Set(id),
        first_name: Set(form.first_name.clone()),
        last_name: Set(form.last_name.clone()),
        username: Set(form.username.clone().unwrap_or_else(|| username_of(app, &form.first_name))),
        patient_code: Set(None),
        email: Set(form.email.clone()),
        password: Set(form.password.clone()),
        birthday: Set(None),
        gender: Set(None),
        phone_number: Set(None),
        location: Set(None),
        location_id: Set(None),
        profile_image: Set(None),
        activation_code: Set(None),
        email_verified_at: Set(None),
        status: Set(None),
        anonymization_level: Set(AnonymizationLevel::Full),
        remember_token: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
        country_code: Set(None),
        phone_index: Set(None),
        last_activity_at: Set(None),
        registration_source_id: Set(None),
        identity_hold_at: Set(None),
        identity_hold_reason: Set(None),
    }
}

/// The first name as far as it is plain ASCII, and six random characters (3.1).
pub(crate) fn username_of(app: &App, first_name: &str) -> String {
    let slug: String = first_name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    let slug = if slug.is_empty() { "patient".to_owned() } else { slug };
    format!("{slug}-{}", app.random.base36(6).to_lowercase())
}

/// Registering an unverified address again: names, password, token and code are the new ones (R-ID-08).
async fn replace_unverified(txn: &Txn, app: &App, form: &Checked, id: PatientId) -> AppResult<Account> {
    let mut update = patients::Entity::update_many()
        .col_expr(patients::Column::FirstName, Expr::value(&form.first_name))
        .col_expr(patients::Column::LastName, Expr::value(&form.last_name))
        .col_expr(patients::Column::Password, Expr::value(&form.password))
        .col_expr(patients::Column::UpdatedAt, Expr::value(app.now()));
    if let Some(username) = &form.username {
        update = update.col_expr(patients::Column::Username, Expr::value(username));
    }
    update.filter(patients::Column::Id.eq(id)).exec(txn).await?;
    passwords::remember(txn, app, Guard::Patient, id.any(), &form.password).await?;
    Ok(unverified_account(id, form))
}

/// Sends a new code to the address behind a registration token. An unknown token is answered alike.
pub async fn resend(app: &App, token: &str, locale: Locale) -> AppResult<()> {
    let policy = codes::policy(app).await?;
    let now = app.now();
    platform::write_txn!(app.db, |txn| {
        let found = codes::by_token(txn, OneTimeCodePurpose::EmailVerification, token).await?;
        let Some(row) = found.filter(|row| codes::live(row).token_is_good(now)) else { return Ok(()) };
        let Some(patient) = row.subject_id else {
            // The owner of a known address was told once; whoever asks on waits like anybody else.
            let Some(address) = &row.address else { return Ok(()) };
            return codes::claim_send(txn, app, PURPOSE, address, policy.limits).await;
        };
        let account = accounts::by_id(txn, Guard::Patient, patient).await?;
        codes::claim_send(txn, app, PURPOSE, &account.email, policy.limits).await?;
        send_code(txn, app, &account, token, (policy, locale)).await
    })
}

/// Where the code of a registration token went.
#[derive(Clone, Debug, Default)]
pub struct Awaited {
    /// The address.
    pub address: String,
    /// Seconds until another code may be sent.
    pub wait: Option<u64>,
}

/// Where the code behind a registration token went, and when the next one may be asked for; known and unknown addresses
/// look alike.
pub async fn awaited(app: &App, token: &str) -> AppResult<Awaited> {
    use crate::entity::one_time_codes::{Column, Entity};
    let row = Entity::find()
        .filter(Column::TokenHash.eq(crate::digest::sha256(token)))
        .filter(Column::Purpose.eq(OneTimeCodePurpose::EmailVerification))
        .one(app.db.conn())
        .await?;
    let address = match row.map(|row| (row.address, row.subject_id)) {
        Some((Some(address), _)) => address,
        // The token of a sign-in: the code it waits for ended, and the next one goes where the account is.
        Some((None, Some(patient))) => accounts::by_id(app.db.conn(), Guard::Patient, patient).await?.email,
        _ => return Ok(Awaited::default()),
    };
    let wait = codes::wait(app, PURPOSE, &address).await?;
    Ok(Awaited { address, wait })
}

/// A registration token for an account whose right password was just given although its address is unproven (R-ID-08).
/// The running code stays good; one that ended is replaced on the next resend.
pub(crate) async fn fresh_token(txn: &Txn, app: &App, account: &Account) -> AppResult<String> {
    use crate::entity::one_time_codes::{Column, Entity};
    let token = app.random.token();
    let moved = Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(crate::digest::sha256(&token)))
        .col_expr(Column::TokenExpiresAt, Expr::value(app.now() + crate::rules::codes::TOKEN_LIFETIME))
        .filter(Column::Purpose.eq(OneTimeCodePurpose::EmailVerification))
        .filter(Column::SubjectId.eq(account.id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::InvalidatedAt.is_null())
        .exec(txn)
        .await?;
    if moved.rows_affected == 0 {
        let lifetime = crate::rules::codes::TOKEN_LIFETIME;
        return codes::issue_ticket(txn, app, OneTimeCodePurpose::EmailVerification, account, lifetime).await;
    }
    Ok(token)
}

/// Opens the account: the token AND the code must fit (R-ID-08). Assigns the patient code and starts the first session.
///
/// Errors: 422 `code_invalid` for anything that does not fit, with the try counted (R-ID-06).
pub async fn verify(
    app: &App,
    origin: &Actor,
    (token, code): (&str, &str),
    (carrier, device): (Carrier, Option<String>),
) -> AppResult<Tokens> {
    let (policy, most) = (sessions::policy_of(app, Guard::Patient).await?, codes::most_attempts(app).await?);
    // A wrong try must be committed although it is refused, so the refusal is the value.
    platform::write_txn!(app.db, |txn| {
        let Some(row) = codes::by_token(txn, OneTimeCodePurpose::EmailVerification, token).await? else {
            return Ok(Err(code_invalid()));
        };
        let Some(id) = row.subject_id else { return Ok(Err(code_invalid())) };
        let account = accounts::by_id(txn, Guard::Patient, id).await?;
        if !codes::take_code(txn, app, &account, &row, (code, most)).await? {
            return Ok(Err(code_invalid()));
        }
        activate(txn, app, origin, PatientId::from(id)).await?;
        let holder = Holder { guard: Guard::Patient, id };
        sessions::open(txn, app, origin, holder, (policy, carrier), false, device.clone()).await.map(Ok)
    })?
}

async fn activate(txn: &Txn, app: &App, origin: &Actor, id: PatientId) -> AppResult<()> {
    let now = app.now();
    let code = next_patient_code(txn, app).await?;
    patients::Entity::update_many()
        .col_expr(patients::Column::PatientCode, Expr::value(code))
        .col_expr(patients::Column::EmailVerifiedAt, Expr::value(now))
        .col_expr(patients::Column::ActivationCode, Expr::value(None::<String>))
        .col_expr(patients::Column::LastActivityAt, Expr::value(now))
        .col_expr(patients::Column::UpdatedAt, Expr::value(now))
        .filter(patients::Column::Id.eq(id))
        .exec(txn)
        .await?;
    account_states::Entity::update_many()
        .col_expr(account_states::Column::State, Expr::value(AccountState::Active))
        .col_expr(account_states::Column::ChangedAt, Expr::value(now))
        .col_expr(account_states::Column::Version, Expr::col(account_states::Column::Version).add(1))
        .col_expr(account_states::Column::UpdatedAt, Expr::value(now))
        .filter(account_states::Column::ModelType.eq(AccountStateModelType::Patient))
        .filter(account_states::Column::ModelId.eq(id.any()))
        .exec(txn)
        .await?;
    let actor = Actor::new(kernel::ActorKind::Patient(id), Some("patient"), Default::default())
        .from_origin(origin.origin.clone());
    audit::record(txn, app, &actor, Entry::new("account.verified").subject("Patient", id).patient(id)).await?;
    let event = Event::new("account.created", "Patient", id).occurrence("verified").with("patient_id", id);
    outbox::emit(txn, app, &actor, event).await
}

/// The next code of the sequence: PAT-001, PAT-999, PAT-1000 (3.1).
pub(crate) async fn next_patient_code(txn: &Txn, app: &App) -> AppResult<String> {
    Ok(format!("PAT-{:03}", counters::next(txn, app, "patient", "all").await?))
}
