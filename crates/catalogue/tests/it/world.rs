//! What both need: a clinic.

use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use kernel::ids::ProviderId;
use sea_orm::{ActiveModelTrait, Set};
use testkit::TestApp;

/// A live clinic in a country (ISO code).
pub async fn clinic(t: &TestApp, name: &str, country: &str) -> ProviderId {
    let now = t.now();
    let row = providers::ActiveModel {
        id: Set(ProviderId::new()),
        provider_name: Set(name.to_owned()),
        email: Set(format!("{}@clinics.example", name.to_lowercase())),
        city: Set("City".to_owned()),
        country: Set(country.to_owned()),
        country_code: Set(Some(country.to_owned())),
        status: Set(ProviderStatus::Active),
        onboarding_stage: Set(ProviderOnboardingStage::Live),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap().id
}
