//! Staff, clinics and the catalogue: those who are there before the first patient.

use std::collections::BTreeSet;

use aftercare::seed as recovery;
use catalogue::entity::packages::{self, PackageCategory};
use catalogue::entity::provider_treatment_pricing as pricing;
use catalogue::service::regions::{self as places, RegionInput};
use chrono::Duration;
use content::entity::languages::{self, LanguageDirection, LanguageStatus};
use directory::entity::providers;
use directory::seed::ClinicSpec;
use identity::entity::{provider_users, users};
use identity::seed::{AdminSpec, Hashed, MemberSpec};
use kernel::ids::{
    AftercareMilestoneTemplateId, FileId, LanguageId, PackageId, ProviderId, ProviderUserId, TreatmentId, UserId,
};
use kernel::permission::{SYSTEM_ROLES, defaults_of};
use kernel::{Actor, ActorKind, Amount, AppError, AppResult, Guard, Money, Timestamp};
use platform::App;
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::dice::Dice;
use super::houses::{HOUSES, House, State};
use super::logins::{PASSWORD, TOTP_SECRET};
use super::pictures::{self, Album};
use super::{clock, ledger, profile};

/// Hairline's staff: role, first and last name, address.
pub const STAFF: [(&str, &str, &str, &str); 6] = [
    ("super_admin", "Mira", "Okonkwo", "admin@hairline.example"),
    ("admin", "Jonas", "Berg", "operations@hairline.example"),
    ("aftercare_specialist", "Defne", "Acar", "aftercare@hairline.example"),
    ("aftercare_specialist", "Ruth", "Lindqvist", "aftercare2@hairline.example"),
    ("billing_staff", "Tomás", "Rivera", "billing@hairline.example"),
    ("support_staff", "Hanna", "Petrov", "support@hairline.example"),
];

/// Role, address before the clinic's name, names to choose from.
type OfficeRole = (&'static str, &'static str, [(&'static str, &'static str); 3]);

/// Roles of clinic staff beside the doctors.
const OFFICE: [OfficeRole; 2] = [
    ("provider_manager", "manager", [("Nil", "Çetin"), ("Laura", "Meyer"), ("Pedro", "Santos")]),
    ("provider_billing", "billing", [("Sibel", "Korkmaz"), ("Adrian", "Wolski"), ("Teresa", "Molina")]),
];

/// A clinic that takes part in the stories.
#[derive(Clone, Debug)]
pub struct Clinic {
    /// As described.
    pub house: &'static House,
    /// Its id.
    pub id: ProviderId,
    /// Its owner, who writes quotes and treats.
    pub owner: Actor,
    /// Who may lead a treatment.
    pub doctors: Vec<ProviderUserId>,
    /// Its packages.
    pub packages: Vec<PackageId>,
}

/// Everybody who is there before the first patient.
pub struct Cast {
    /// The super admin.
    pub admin: Actor,
    /// The clinics that take patients.
    pub clinics: Vec<Clinic>,
    /// The treatments on offer.
    pub treatments: Vec<TreatmentId>,
    /// The plan of recoveries.
    pub template: AftercareMilestoneTemplateId,
    /// The one hash of all passwords.
    pub password: Hashed,
}

/// An actor with the rights its role has after installation.
pub fn actor(kind: ActorKind, guard: Guard, role: &str) -> Actor {
    let known = SYSTEM_ROLES.iter().find(|known| known.guard == guard && known.name == role);
    let permissions: BTreeSet<_> = known.map(defaults_of).into_iter().flatten().collect();
    Actor::new(kind, Some(role), permissions)
}

/// Makes who is missing, thirteen months before the anchor.
pub async fn assemble(app: &App, anchor: Timestamp, album: &Album) -> AppResult<Cast> {
    let past = clock::at(app, anchor - Duration::days(400));
    crate::install(&past).await?;
    install_languages(&past).await?;
    let password = Hashed::of(app, PASSWORD).await?;
    let admin = staff(&past, &password).await?;
    // Presets of the recovery belong to a member of staff: they come with the second run.
    crate::install(&past).await?;
    if !catalogue::fx::is_usable(app.db.conn(), kernel::Currency::GBP).await? {
        catalogue::seed::fx_rates(&past).await?;
    }
    let treatments: Vec<TreatmentId> =
        catalogue::seed::treatments(&past, admin).await?.into_iter().map(|row| row.id).collect();
    for id in &treatments {
        ledger::note(app, "treatments", id, None).await?;
    }
    let keeper = actor(ActorKind::Admin(admin), Guard::Api, "super_admin");
    illustrate(&past, &keeper, &treatments).await?;
    regions(&past, &keeper).await?;
    let mut clinics = Vec::new();
    for (number, house) in HOUSES.iter().enumerate() {
        let clinic = open_clinic(&past, house, &password, &treatments).await?;
        profile::furnish(&past, &clinic, number, album).await?;
        if house.state == State::Live {
            clinics.push(clinic);
        }
    }
    let template = recovery::template(&past).await?;
    Ok(Cast { admin: keeper, clinics, treatments, template, password })
}

/// Gives each treatment that has none its picture.
async fn illustrate(app: &App, keeper: &Actor, treatments: &[TreatmentId]) -> AppResult<()> {
    for (number, id) in treatments.iter().enumerate() {
        let row = catalogue::treatments::load(app.db.conn(), *id).await?;
        if row.thumbnail.parse::<FileId>().is_ok() {
            continue;
        }
        let bytes = pictures::treatment(number)?;
        catalogue::seed::thumbnail(app, keeper, *id, bytes).await?;
    }
    Ok(())
}

/// What patients see first, by where they live: name, for whom, where to.
#[rustfmt::skip]
const REGIONS: [(&str, &[&str], &[&str]); 6] = [
    ("British Isles", &["GB", "IE"], &["TR", "PL", "ES", "HU"]),
    ("Central Europe", &["DE", "CH"], &["TR", "PL", "HU", "PT"]),
    ("The North", &["SE", "NO", "NL"], &["PL", "TR", "DE"]),
    ("The South", &["FR", "IT", "ES"], &["TR", "PT", "ES"]),
    ("The Gulf", &["AE", "SA"], &["TR", "GB", "DE"]),
    ("Overseas", &["US", "CA", "AU"], &["TR", "ES", "GB"]),
];

async fn regions(app: &App, keeper: &Actor) -> AppResult<()> {
    let known = places::list(app, keeper, kernel::PageQuery::default()).await?;
    for (name, audience, destinations) in REGIONS {
        if known.data.iter().any(|region| region.row.name.as_deref() == Some(name)) {
            continue;
        }
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let input = RegionInput {
            name: name.to_owned(),
            description: Some("Short flights first.".to_owned()),
            audience: codes(audience),
            destinations: codes(destinations),
            max_shown: Some(10),
            reason: "Where most of them travelled last year.".to_owned(),
            version: None,
            confirmed: false,
        };
        places::create(app, keeper, input).await?;
    }
    Ok(())
}

async fn install_languages(app: &App) -> AppResult<()> {
    #[rustfmt::skip]
    const LANGUAGES: [(&str, &str, &str); 11] = [
        ("en", "English", "English"), ("tr", "Turkish", "Türkçe"), ("de", "German", "Deutsch"),
        ("es", "Spanish", "Español"), ("fr", "French", "Français"), ("pl", "Polish", "Polski"),
        ("ar", "Arabic", "العربية"), ("ru", "Russian", "Русский"), ("nl", "Dutch", "Nederlands"),
        ("hu", "Hungarian", "Magyar"), ("pt", "Portuguese", "Português"),
    ];
    let now = app.now();
    let known: Vec<String> =
        languages::Entity::find().all(app.db.conn()).await?.into_iter().map(|row| row.code).collect();
    let missing = LANGUAGES.into_iter().zip(1..).filter(|((code, _, _), _)| !known.iter().any(|it| it == code));
    for ((code, name, native), order) in missing {
        let id = LanguageId::new();
        let row = languages::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name: Set(name.to_owned()),
            native_name: Set(native.to_owned()),
            direction: Set(if code == "ar" { LanguageDirection::Rtl } else { LanguageDirection::Ltr }),
            status: Set(if order <= 2 { LanguageStatus::Active } else { LanguageStatus::Preparation }),
            is_default: Set(known.is_empty() && code == "en"),
            fallback_language_id: Set(None),
            is_spoken_option: Set(true),
            sort_order: Set(order),
            created_at: Set(now),
            updated_at: Set(now),
        };
        languages::Entity::insert(row).exec_without_returning(app.db.conn()).await?;
        ledger::note(app, "languages", id, Some(code)).await?;
    }
    Ok(())
}

/// A member of the staff with this role: the one there is, or a new one.
pub async fn colleague(
    app: &App,
    password: &Hashed,
    (role, first_name, last_name, email): (&str, &str, &str, &str),
) -> AppResult<UserId> {
    let known = users::Entity::find().filter(users::Column::Email.eq(email)).one(app.db.conn()).await?;
    let id = match known {
        Some(row) => row.id,
        None => {
            let spec = AdminSpec {
                first_name: first_name.to_owned(),
                last_name: last_name.to_owned(),
                email: email.to_owned(),
                role: role.to_owned(),
                password: password.clone(),
                totp_secret: Some(TOTP_SECRET.to_owned()),
            };
            identity::seed::admin(app, spec).await?
        }
    };
    ledger::note(app, "users", id, Some(email)).await?;
    Ok(id)
}

/// Makes the staff and answers the super admin.
async fn staff(app: &App, password: &Hashed) -> AppResult<UserId> {
    let mut first = None;
    for (role, first_name, last_name, email) in STAFF {
        let id = colleague(app, password, (role, first_name, last_name, email)).await?;
        first.get_or_insert(id);
    }
    first.ok_or_else(|| AppError::internal("a demonstration without staff"))
}

async fn open_clinic(app: &App, house: &'static House, password: &Hashed, all: &[TreatmentId]) -> AppResult<Clinic> {
    let conn = app.db.conn();
    let known = providers::Entity::find().filter(providers::Column::ProviderName.eq(house.name)).one(conn).await?;
    let id = match known {
        Some(row) => row.id,
        None => directory::seed::clinic(app, spec(house, password)).await?.row.id,
    };
    ledger::note(app, "providers", id, Some(house.key)).await?;
    let mut doctors = Vec::new();
    for (place, (title, first, last)) in house.team.iter().enumerate() {
        let (role, email) = match place {
            0 => ("provider_owner", format!("owner@{}.example", house.key)),
            1 => ("provider_clinical", format!("clinical@{}.example", house.key)),
            _ => ("provider_clinical", format!("clinical{place}@{}.example", house.key)),
        };
        doctors.push(member(app, id, (role, Some(title), first, last), email, password).await?);
    }
    let mut dice = Dice::of(house.key);
    let office = if house.state == State::Live { 5usize.saturating_sub(house.team.len()).min(2) } else { 0 };
    for (role, prefix, names) in OFFICE.iter().take(office) {
        let (first, last) = dice.pick(names).copied().unwrap_or(("Nil", "Çetin"));
        member(app, id, (role, None, first, last), format!("{prefix}@{}.example", house.key), password).await?;
    }
    let packages = if house.state == State::Live { offers(app, id, house, all).await? } else { Vec::new() };
    let owner = doctors.first().copied().ok_or_else(|| AppError::internal("a clinic without an owner"))?;
    let owner = actor(ActorKind::Provider { user: owner, provider: id }, Guard::Provider, "provider_owner");
    Ok(Clinic { house, id, owner, doctors, packages })
}

fn spec(house: &House, password: &Hashed) -> ClinicSpec {
    let (status, stage) = house.state.columns();
    let owner_email = format!("owner@{}.example", house.key);
    let mut spec = ClinicSpec::new(house.name).in_city(house.city, house.country, house.zone).with_owner_login(
        &owner_email,
        password.clone(),
        Some(TOTP_SECRET),
    );
    if let Some((title, first, last)) = house.team.first() {
        spec.owner.title = Some((*title).to_owned());
        (spec.owner.first_name, spec.owner.last_name) = ((*first).to_owned(), (*last).to_owned());
    }
    spec.bio = Some(house.bio.to_owned());
    spec.featured = house.featured;
    spec.languages = house.languages.iter().map(|code| (*code).to_owned()).collect();
    spec.years_experience = house.years;
    (spec.status, spec.stage) = (status, stage);
    spec.commission_percent = house.commission;
    spec
}

async fn member(
    app: &App,
    provider: ProviderId,
    (role, title, first, last): (&str, Option<&str>, &str, &str),
    email: String,
    password: &Hashed,
) -> AppResult<ProviderUserId> {
    let known = provider_users::Entity::find().filter(provider_users::Column::Email.eq(&email));
    let id = match known.one(app.db.conn()).await? {
        Some(row) => row.id,
        None => {
            let mut spec = MemberSpec::new(role, first, last, &email);
            spec.title = title.map(str::to_owned);
            spec.password = password.clone();
            spec.totp_secret = Some(TOTP_SECRET.to_owned());
            identity::seed::clinic_user(app, provider, spec).await?
        }
    };
    ledger::note(app, "provider_users", id, Some(&email)).await?;
    Ok(id)
}

/// Prices of the treatments and the packages beside them.
async fn offers(app: &App, id: ProviderId, house: &House, all: &[TreatmentId]) -> AppResult<Vec<PackageId>> {
    let conn = app.db.conn();
    for (treatment, percent) in all.iter().zip([100, 90, 112, 108, 70, 135]) {
        let known = pricing::Entity::find()
            .filter(pricing::Column::ProviderId.eq(id))
            .filter(pricing::Column::TreatmentId.eq(*treatment));
        if known.one(conn).await?.is_none() {
            let part = Decimal::from(percent);
            let base = Amount::from_units(house.base).percent(part);
            let graft = Amount::new(Decimal::new(house.graft_cents, 2)).and_then(|amount| amount.percent(part));
            let (Some(base), Some(graft)) = (base, graft) else { continue };
            let row = catalogue::seed::price(app, id, *treatment, Money::new(base, house.currency), graft).await?;
            ledger::note(app, "provider_treatment_pricing", row.id, None).await?;
        }
    }
    let mut packages = Vec::new();
    for (name, category, percent) in [
        ("Two nights in a hotel nearby", PackageCategory::Hotel, 14),
        ("Airport transfers", PackageCategory::Transport, 5),
        ("Medication and care kit", PackageCategory::Medication, 8),
        ("PRP session", PackageCategory::Custom, 12),
    ] {
        let known = packages::Entity::find()
            .filter(packages::Column::ProviderId.eq(id))
            .filter(packages::Column::PackageName.eq(name));
        let found = match known.one(conn).await? {
            Some(row) => row.id,
            None => {
                let price = Amount::from_units(house.base).percent(Decimal::from(percent)).unwrap_or(Amount::ZERO);
                catalogue::seed::package(app, id, name, category, Money::new(price, house.currency)).await?.id
            }
        };
        ledger::note(app, "packages", found, None).await?;
        packages.push(found);
    }
    if let Some(country) = providers::Entity::find_by_id(id).one(conn).await?.map(|row| row.country) {
        let known = catalogue::entity::location_starting_prices::Entity::find()
            .filter(catalogue::entity::location_starting_prices::Column::CountryName.eq(&country));
        if known.one(conn).await?.is_none() {
            let price = Money::new(Amount::from_units(house.base), house.currency);
            catalogue::seed::starting_price(app, &country, price, false).await?;
        }
    }
    Ok(packages)
}
