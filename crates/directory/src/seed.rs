//! Clinics for demo data and for the tests of the wings above.

use identity::seed::{Hashed, MemberSpec, clinic_user, legal_owner};
use kernel::ids::{ProviderCommissionId, ProviderId, ProviderLanguageId, ProviderUserId, UserId};
use kernel::{Amount, AppResult, Timestamp};
use platform::App;
use platform::db::Txn;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};

use crate::entity::provider_commissions::{
    ProviderCommissionPaymentCycle, ProviderCommissionStatus, ProviderCommissionType,
};
use crate::entity::providers::{
    ProviderIntakePauseReason, ProviderOnboardingStage, ProviderServiceScope, ProviderStatus,
};
use crate::entity::{provider_commissions, provider_languages, providers};
use crate::rules::search::slug;
use crate::{clinics, install, queries};

/// A clinic to be made.
#[derive(Clone, Debug)]
pub struct ClinicSpec {
    /// Name.
    pub name: String,
    /// City.
    pub city: String,
    /// ISO 3166-1; the name follows from it.
    pub country: String,
    /// IANA zone.
    pub timezone: String,
    /// About the clinic.
    pub bio: Option<String>,
    /// What it is known for.
    pub specialty: Option<String>,
    /// Hair, beard or both.
    pub scope: ProviderServiceScope,
    /// Shown with a star.
    pub featured: bool,
    /// Codes of the languages spoken, main one first; codes that are not installed are left out.
    pub languages: Vec<String>,
    /// Years of experience.
    pub years_experience: i16,
    /// Life-cycle status.
    pub status: ProviderStatus,
    /// How far on board.
    pub stage: ProviderOnboardingStage,
    /// Takes no new inquiries for the moment.
    pub paused: bool,
    /// Commission in whole percent, when the clinic has its own.
    pub commission_percent: Option<i32>,
    /// Sum and number of its ratings, for clinics with a past.
    pub ratings: (i32, i32),
    /// Its owner.
    pub owner: MemberSpec,
}

impl ClinicSpec {
    /// A live, accepting clinic in Istanbul whose owner has no password.
    pub fn new(name: &str) -> Self {
        let slug = slug(name);
        Self {
            name: name.to_owned(),
            city: "Istanbul".to_owned(),
            country: "TR".to_owned(),
            timezone: "Europe/Istanbul".to_owned(),
            bio: Some(format!("{name} has been restoring hair for many years, with a team of its own.")),
            specialty: Some("Hair transplantation".to_owned()),
            scope: ProviderServiceScope::Both,
            featured: false,
            languages: vec!["en".to_owned(), "tr".to_owned()],
            years_experience: 10,
            status: ProviderStatus::Active,
            stage: ProviderOnboardingStage::Live,
            paused: false,
            commission_percent: None,
            ratings: (0, 0),
            owner: MemberSpec::new("provider_owner", "Ada", "Owner", &format!("owner@{slug}.example")),
        }
    }

    /// The same clinic somewhere else.
    pub fn in_city(mut self, city: &str, country: &str, timezone: &str) -> Self {
        (self.city, self.country, self.timezone) = (city.to_owned(), country.to_owned(), timezone.to_owned());
        self
    }

    /// The same clinic, whose owner signs in with this password and authenticator secret.
    pub fn with_owner_login(mut self, email: &str, password: Hashed, totp_secret: Option<&str>) -> Self {
        self.owner.email = email.to_owned();
        self.owner.password = password;
        self.owner.totp_secret = totp_secret.map(str::to_owned);
        self
    }
}

/// A made clinic.
#[derive(Clone, Debug)]
pub struct Clinic {
    /// The clinic.
    pub row: providers::Model,
    /// Its owner in the provider portal.
    pub owner: ProviderUserId,
    /// Its legal owner, who never signs in.
    pub legal_owner: UserId,
}

impl Clinic {
    /// The clinic's id.
    pub fn id(&self) -> ProviderId {
        self.row.id
    }
}

/// Makes a clinic with its owner, languages and commission.
pub async fn clinic(app: &App, spec: ClinicSpec) -> AppResult<Clinic> {
    let owner = &spec.owner;
    let legal = format!("legal.{}", owner.email);
    let legal_owner = legal_owner(app, &owner.first_name, &owner.last_name, &legal).await?;
    let id = ProviderId::new();
    platform::write_txn!(app.db, |txn| {
        row_of(app, id, legal_owner, &spec).insert(txn).await?;
        add_languages(txn, app, id, &spec.languages).await?;
        if let Some(percent) = spec.commission_percent {
            commission_row(app, id, legal_owner, percent).insert(txn).await?;
        }
        Ok(())
    })?;
    let owner = clinic_user(app, id, spec.owner.clone()).await?;
    Ok(Clinic { row: clinics::load(app.db.conn(), id).await?, owner, legal_owner })
}

fn row_of(app: &App, id: ProviderId, legal_owner: UserId, spec: &ClinicSpec) -> providers::ActiveModel {
    let now = app.now();
    let live = spec.stage == ProviderOnboardingStage::Live;
    let when = |condition: bool| -> Option<Timestamp> { condition.then_some(now) };
    let slug = slug(&format!("{} {}", spec.name, spec.city));
    providers::ActiveModel {
        id: Set(id),
        user_id: Set(Some(legal_owner)),
        provider_name: Set(spec.name.clone()),
        email: Set(format!("office@{}.example", slug)),
        phone_number: Set(None),
        profile_image: Set(None),
        provider_bio: Set(spec.bio.clone()),
        city: Set(spec.city.clone()),
        country: Set(install::name_of(&spec.country).unwrap_or(&spec.country).to_owned()),
        status: Set(spec.status),
        timezone: Set(Some(spec.timezone.clone())),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
        slug: Set(Some(slug.clone())),
        onboarding_stage: Set(spec.stage),
        country_code: Set(Some(spec.country.clone())),
        location_id: Set(None),
        public_phone: Set(Some("+905550000000".to_owned())),
        public_email: Set(Some(format!("hello@{slug}.example"))),
        website_url: Set(Some(format!("https://{slug}.example"))),
        cover_image: Set(None),
        meta_description: Set(None),
        medical_specialty: Set(spec.specialty.clone()),
        service_scope: Set(Some(spec.scope)),
        license_number: Set(None),
        years_experience: Set(Some(spec.years_experience)),
        operating_hours: Set(None),
        seat_limit: Set(100),
        is_featured: Set(spec.featured),
        featured_at: Set(when(spec.featured)),
        rating_sum: Set(spec.ratings.0),
        rating_count: Set(spec.ratings.1),
        treated_count: Set(0),
        intake_paused_at: Set(when(spec.paused)),
        intake_pause_reason: Set(spec.paused.then_some(ProviderIntakePauseReason::Manual)),
        submitted_by: Set(None),
        activated_at: Set(when(live)),
        live_at: Set(when(live)),
        suspended_at: Set(when(spec.status == ProviderStatus::Suspended)),
        deactivated_at: Set(when(spec.stage == ProviderOnboardingStage::Closed)),
        status_reason: Set(None),
        version: Set(1),
    }
}

async fn add_languages(txn: &Txn, app: &App, id: ProviderId, codes: &[String]) -> AppResult<()> {
    let now = app.now();
    for (code, order) in codes.iter().zip(0..) {
        let Some(language) = queries::language(txn, code).await? else { continue };
        let row = provider_languages::ActiveModel {
            id: Set(ProviderLanguageId::new()),
            provider_id: Set(id),
            language_id: Set(language),
            sort_order: Set(order),
            created_at: Set(now),
            updated_at: Set(now),
        };
        provider_languages::Entity::insert(row).exec_without_returning(txn).await?;
    }
    Ok(())
}

fn commission_row(app: &App, id: ProviderId, by: UserId, percent: i32) -> provider_commissions::ActiveModel {
    let now = app.now();
    provider_commissions::ActiveModel {
        id: Set(ProviderCommissionId::new()),
        provider_id: Set(id),
        commission_type: Set(ProviderCommissionType::Percentage),
        commission_value: Set(Amount::from_units(percent)),
        currency: Set(None),
        payment_cycle: Set(ProviderCommissionPaymentCycle::Monthly),
        payout_offset_days: Set(5),
        effective_from: Set(now.date_naive()),
        effective_to: Set(None),
        scope_id: Set(None),
        status: Set(ProviderCommissionStatus::Active),
        reason: Set("Agreed when the clinic came on board.".to_owned()),
        created_by_user_id: Set(by),
        created_at: Set(now),
        updated_at: Set(now),
    }
}
