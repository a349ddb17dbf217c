//! Which clinics take patients.

use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use sea_orm::{ColumnTrait, Condition};

/// Clinics that may be searched, selected and matched: active, live, not deleted, intake not paused.
pub fn accepting() -> Condition {
    Condition::all()
        .add(providers::Column::Status.eq(ProviderStatus::Active))
        .add(providers::Column::OnboardingStage.eq(ProviderOnboardingStage::Live))
        .add(providers::Column::DeletedAt.is_null())
        .add(providers::Column::IntakePausedAt.is_null())
}
