//! The asker's own account: reading it, completing it (R-ID-02).

use chrono::{DateTime, NaiveDate, Utc};
use kernel::ids::{DiscoveryQuestionId, PatientId, ProviderId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Guard};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::countries;
use platform::lists::choosable;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::anonymity::open_phone;
use crate::entity::patients::{PatientGender, PatientStatus};
use crate::entity::{patients, provider_users, users};
use crate::projection::{affiliates, discovery_options, providers};
use crate::rules::fields;
use crate::service::image;

/// The caller, of whatever guard.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// Which kind of account.
    pub guard: Guard,
    /// Its id.
    pub id: kernel::ids::AnyId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address.
    pub email: String,
    /// E.164.
    pub phone_number: Option<String>,
    /// `Dr.`, `Prof.`: of clinic staff.
    pub title: Option<String>,
    /// Where the portrait is seen, for an hour and by its owner only.
    pub image_url: Option<String>,
    /// Role.
    pub role: Option<String>,
    /// What the account may do now.
    pub permissions: Vec<String>,
    /// Of patients.
    pub patient: Option<PatientProfile>,
    /// Of clinic staff.
    pub clinic: Option<ClinicOfMember>,
    /// Of affiliates, whose name is one and stands in `first_name`.
    pub affiliate: Option<AffiliateProfile>,
}

/// What an affiliate reads about itself; its manager keeps it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AffiliateProfile {
    /// `HP-AFF-00012`.
    pub code: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// `active`, `suspended` or `inactive`; the last two can only read.
    pub status: String,
    /// Whether it may change anything.
    pub may_change: bool,
}

/// The clinic of a member.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicOfMember {
    /// The clinic.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
    /// `active` or `suspended`; staff of a suspended clinic can only read.
    pub status: String,
}

/// What a patient keeps about themselves.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PatientProfile {
    /// `PAT-007`.
    pub patient_code: Option<String>,
    /// Login name.
    pub username: String,
    /// Birthday.
    pub birthday: Option<NaiveDate>,
    /// Gender.
    pub gender: Option<PatientGender>,
    /// E.164.
    pub phone_number: Option<String>,
    /// Home country, ISO 3166-1.
    pub country_code: Option<String>,
    /// City.
    pub location: Option<String>,
    /// Where the case stands.
    pub status: Option<PatientStatus>,
    /// The answer to "how did you hear of us".
    pub registration_source_id: Option<DiscoveryQuestionId>,
    /// When the address was proven.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// Whether an inquiry can be filed with it.
    pub is_complete: bool,
    /// Fields whose stored value no key opens: they are null until they are entered anew.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
}

/// Reads the asker's own account.
pub async fn show_me(app: &App, actor: &Actor) -> AppResult<Me> {
    let conn = app.db.conn();
    let mut me = match actor.kind {
        ActorKind::Patient(id) => of_patient(app, actor, &crate::patients::load(conn, id).await?),
        ActorKind::Provider { user, provider } => of_member(app, actor, user, provider).await?,
        ActorKind::Admin(id) => of_user(app, actor, id).await?,
        ActorKind::Affiliate(id) => of_affiliate(app, id).await?,
        _ => return Err(AppError::unauthenticated()),
    };
    me.role = actor.role.as_deref().map(str::to_owned);
    me.permissions = actor.permissions().map(|permission| permission.name().to_owned()).collect();
    Ok(me)
}

fn of_patient(app: &App, actor: &Actor, row: &patients::Model) -> Me {
    let phone = open_phone(app, row);
    let is_torn = row.phone_number.is_some() && phone.is_none();
    Me {
        guard: Guard::Patient,
        id: row.id.any(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        email: row.email.clone(),
        phone_number: phone.clone(),
        title: None,
        image_url: image::link(app, actor, row.profile_image.as_deref()),
        role: None,
        permissions: Vec::new(),
        patient: Some(PatientProfile {
            patient_code: row.patient_code.clone(),
            username: row.username.clone(),
            birthday: row.birthday,
            gender: row.gender,
            phone_number: phone,
            country_code: row.country_code.clone(),
            location: row.location.clone(),
            status: row.status,
            registration_source_id: row.registration_source_id,
            email_verified_at: row.email_verified_at,
            is_complete: crate::patients::is_complete(row),
            unreadable: if is_torn { vec!["phone_number".to_owned()] } else { Vec::new() },
        }),
        clinic: None,
        affiliate: None,
    }
}

async fn of_member(app: &App, actor: &Actor, user: kernel::ids::ProviderUserId, provider: ProviderId) -> AppResult<Me> {
    let conn = app.db.conn();
    let row = provider_users::Entity::find_by_id(user).one(conn).await?.ok_or_else(AppError::not_found)?;
    let clinic = providers::Entity::find_by_id(provider).one(conn).await?;
    Ok(Me {
        guard: Guard::Provider,
        id: row.id.any(),
        first_name: row.firstname,
        last_name: row.lastname,
        email: row.email,
        phone_number: row.phone_number,
        title: row.title,
        image_url: image::link(app, actor, row.profile_image.as_deref()),
        role: None,
        permissions: Vec::new(),
        patient: None,
        clinic: clinic.map(|clinic| ClinicOfMember {
            id: clinic.id,
            name: clinic.provider_name,
            status: clinic.status,
        }),
        affiliate: None,
    })
}

async fn of_affiliate(app: &App, id: kernel::ids::AffiliateId) -> AppResult<Me> {
    let row = affiliates::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    Ok(Me {
        guard: Guard::Affiliate,
        id: row.id.any(),
        first_name: row.affiliate_name,
        last_name: String::new(),
        email: row.email,
        phone_number: row.phone_number,
        title: None,
        image_url: None,
        role: None,
        permissions: Vec::new(),
        patient: None,
        clinic: None,
        affiliate: Some(AffiliateProfile {
            code: row.affiliate_code,
            company: row.company_name,
            may_change: row.status == "active",
            status: row.status,
        }),
    })
}

/// Where an affiliate gets its mails; nowhere once it was let go of.
pub async fn affiliate_address(conn: &impl ConnectionTrait, id: kernel::ids::AffiliateId) -> AppResult<Option<String>> {
    let row = affiliates::Entity::find_by_id(id).one(conn).await?;
    Ok(row.filter(|row| row.deleted_at.is_none()).map(|row| row.email))
}

async fn of_user(app: &App, actor: &Actor, id: kernel::ids::UserId) -> AppResult<Me> {
    let conn = app.db.conn();
    let row = users::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    Ok(Me {
        guard: Guard::Api,
        id: row.id.any(),
        first_name: row.firstname,
        last_name: row.lastname,
        email: row.email,
        phone_number: app.keys.open_opt(row.phone_number.as_ref())?,
        title: None,
        image_url: image::link(app, actor, row.avatar.as_deref()),
        role: None,
        permissions: Vec::new(),
        patient: None,
        clinic: None,
        affiliate: None,
    })
}

/// What a patient may change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Login name beside the address.
    pub username: Option<String>,
    /// Gender.
    pub gender: Option<PatientGender>,
    /// Birthday.
    pub birthday: Option<NaiveDate>,
    /// E.164.
    pub phone_number: Option<String>,
    /// ISO 3166-1.
    pub country_code: Option<String>,
    /// City.
    pub location: Option<String>,
    /// Discovery answer.
    pub registration_source_id: Option<DiscoveryQuestionId>,
}

/// Changes the asker's own profile; all faulty fields in one answer.
pub async fn edit_me(app: &App, actor: &Actor, change: ProfileChange) -> AppResult<Me> {
    let patient = actor.patient()?;
    actor.require(kernel::Permission::EditProfile)?;
    let change = checked(app, patient, change).await?;
    platform::write_txn!(app.db, |txn| {
        let before = patients::Entity::find_by_id(patient)
            .filter(patients::Column::DeletedAt.is_null())
            .lock_exclusive()
            .one(txn)
            .await?
            .ok_or_else(AppError::not_found)?;
        require_free_username(txn, patient, change.username.as_deref()).await?;
        write(txn, app, patient, &change).await?;
        if let Some(option) = change.registration_source_id
            && before.registration_source_id != Some(option)
        {
            // The wing that keeps filled forms writes it down as one (R-IQ-24).
            let event = Event::new("patient.discovery_answered", "Patient", patient)
                .occurrence(format!("{option}@{}", app.now().timestamp_millis()))
                .with("option_id", option);
            outbox::emit(txn, app, actor, event).await?;
        }
        let fields = changed_fields(&change);
        let entry = Entry::new("profile.changed").subject("Patient", patient).patient(patient).fields(&fields);
        let entry = entry.change(Some(facts(app, &before)), Some(proposed(&change)));
        audit::record(txn, app, actor, entry).await
    })?;
    show_me(app, actor).await
}

async fn require_free_username(conn: &impl ConnectionTrait, patient: PatientId, wanted: Option<&str>) -> AppResult<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    let others = patients::Entity::find()
        .filter(patients::Column::Username.eq(wanted))
        .filter(patients::Column::Id.ne(patient))
        .count(conn)
        .await?;
    if others == 0 { Ok(()) } else { Err(AppError::field("username", "username_taken", "This name is taken.")) }
}

/// A change whose every value is good; all faulty fields in one answer.
pub(crate) async fn checked(app: &App, patient: PatientId, mut change: ProfileChange) -> AppResult<ProfileChange> {
    let (conn, now) = (app.db.conn(), app.now());
    let mut errors = FieldErrors::new();
    let choosable_countries = choosable(countries::Column::IsActive, countries::Column::UpdatedAt, now);
    let active = countries::Entity::find().filter(choosable_countries).all(conn).await?;
    if let Some(name) = &mut change.first_name {
        *name = fields::name(&mut errors, "first_name", name);
    }
    if let Some(name) = &mut change.last_name {
        *name = fields::name(&mut errors, "last_name", name);
    }
    if let Some(name) = &mut change.username {
        *name = name.trim().to_lowercase();
        fields::username(&mut errors, name);
    }
    if let Some(birthday) = change.birthday {
        fields::birthday(&mut errors, birthday, app.now().date_naive());
    }
    if let Some(phone) = &mut change.phone_number {
        let codes: Vec<String> = active.iter().map(|country| country.calling_code.clone()).collect();
        *phone = fields::phone(&mut errors, "phone_number", phone, &codes);
    }
    if let Some(code) = &mut change.country_code {
        *code = code.trim().to_ascii_uppercase();
        if !active.iter().any(|country| country.iso_code == *code) {
            errors.add("country_code", "country_unknown", "Choose a country from the list.");
        }
    }
    if let Some(city) = &mut change.location {
        *city = city.trim().to_owned();
        if city.chars().count() > 100 || city.chars().any(char::is_control) {
            errors.add("location", "location_invalid", "At most 100 characters, on one line.");
        }
    }
    if let Some(source) = change.registration_source_id
        && !may_answer(app, patient, source).await?
    {
        errors.add("registration_source_id", "option_unknown", "Choose an answer from the list.");
    }
    errors.check()?;
    Ok(change)
}

/// Whether this answer can be given, or is the one the patient gave before it was retired (R-IQ-24).
async fn may_answer(app: &App, patient: PatientId, source: DiscoveryQuestionId) -> AppResult<bool> {
    use discovery_options::{Column, Entity};
    let conn = app.db.conn();
    let open = choosable(Column::IsActive, Column::UpdatedAt, app.now());
    if Entity::find_by_id(source).filter(open).count(conn).await? > 0 {
        return Ok(true);
    }
    let given = patients::Entity::find_by_id(patient).filter(patients::Column::RegistrationSourceId.eq(source));
    Ok(given.count(conn).await? > 0)
}

fn changed_fields(change: &ProfileChange) -> Vec<&'static str> {
    [
        ("first_name", change.first_name.is_some()),
        ("last_name", change.last_name.is_some()),
        ("username", change.username.is_some()),
        ("gender", change.gender.is_some()),
        ("birthday", change.birthday.is_some()),
        ("phone_number", change.phone_number.is_some()),
        ("country_code", change.country_code.is_some()),
        ("location", change.location.is_some()),
        ("registration_source_id", change.registration_source_id.is_some()),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}

/// Writes what a change holds.
pub(crate) async fn write(
    conn: &impl ConnectionTrait,
    app: &App,
    patient: PatientId,
    change: &ProfileChange,
) -> AppResult<()> {
    use patients::Column;
    let mut update = patients::Entity::update_many()
        .col_expr(Column::UpdatedAt, Expr::value(app.now()))
        .filter(Column::Id.eq(patient));
    for (column, value) in [
        (Column::FirstName, &change.first_name),
        (Column::LastName, &change.last_name),
        (Column::Username, &change.username),
        (Column::CountryCode, &change.country_code),
        (Column::Location, &change.location),
    ] {
        if let Some(value) = value {
            update = update.col_expr(column, Expr::value(value));
        }
    }
    if let Some(gender) = change.gender {
        update = update.col_expr(Column::Gender, Expr::value(gender));
    }
    if let Some(birthday) = change.birthday {
        update = update.col_expr(Column::Birthday, Expr::value(birthday));
    }
    if let Some(phone) = &change.phone_number {
        // Sealed for reading, indexed for finding (R-ID-62).
        update = update
            .col_expr(Column::PhoneNumber, Expr::value(app.keys.seal(phone)))
            .col_expr(Column::PhoneIndex, Expr::value(phone_index(app, phone)));
    }
    if let Some(source) = change.registration_source_id {
        update = update.col_expr(Column::RegistrationSourceId, Expr::value(source));
    }
    update.exec(conn).await?;
    Ok(())
}

/// The fields whose value a change replaces by another.
pub(crate) fn differing(app: &App, row: &patients::Model, change: &ProfileChange) -> Vec<&'static str> {
    let (before, after) = (facts(app, row), proposed(change));
    changed_fields(change).into_iter().filter(|field| before.get(field) != after.get(field)).collect()
}

/// The profile as the audit log keeps it: before a change.
pub(crate) fn facts(app: &App, row: &patients::Model) -> Json {
    json!({
        "first_name": row.first_name, "last_name": row.last_name, "username": row.username, "gender": row.gender,
        "birthday": row.birthday,
        "phone_number": open_phone(app, row), "country_code": row.country_code, "location": row.location,
        "registration_source_id": row.registration_source_id,
    })
}

/// What a change would make of it; absent fields are null.
pub(crate) fn proposed(change: &ProfileChange) -> Json {
    json!({
        "first_name": change.first_name, "last_name": change.last_name, "username": change.username,
        "gender": change.gender, "birthday": change.birthday, "phone_number": change.phone_number,
        "country_code": change.country_code, "location": change.location,
        "registration_source_id": change.registration_source_id,
    })
}

/// The blind index of a phone number.
pub(crate) fn phone_index(app: &App, phone: &str) -> String {
    app.keys.blind_index("patients.phone_number", phone)
}

/// Names of members that a body may not set, whatever else it holds (section 10).
const PROTECTED: [&str; 9] = [
    "id",
    "status",
    "role",
    "email",
    "patient_code",
    "anonymization_level",
    "provider_id",
    "email_verified_at",
    "password",
];

/// Refuses with `field_not_writable` what only the program or another endpoint may set; other unknown names pass.
pub fn refuse_protected(unknown: &serde_json::Map<String, Json>) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    for field in PROTECTED.into_iter().filter(|field| unknown.contains_key(*field)) {
        errors.add(field, "field_not_writable", "This cannot be set here.");
    }
    errors.check()
}
