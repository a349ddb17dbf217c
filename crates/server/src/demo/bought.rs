//! Patients who were treated elsewhere and bought aftercare: what is on sale, and requests in every state.

use aftercare::service::standalone::{self, Activation, AskInput};
use chrono::Duration;
use identity::seed::proven;
use kernel::ids::{PatientId, StandaloneAftercareRequestId};
use kernel::{Actor, ActorKind, AppResult, Guard};
use payments::entity::aftercare_payments::AftercarePaymentPricingModel as Model;
use platform::App;

use super::cast::actor;
use super::margins::of_story;
use super::plots::Ending;
use super::story::{Stage, work};
use super::{clock, ledger};

/// Where they were treated.
const ELSEWHERE: [&str; 3] = ["Hair Centre Dubai", "Klinik Merkez", "Dr. Alba"];

/// Six of them: one has not paid yet, two wait for a clinic, one was given to one, one has begun, one was refused.
pub async fn requests(stage: &Stage<'_>, app: &App, admin: &Actor) -> AppResult<()> {
    aftercare::seed::on_sale(&clock::at(app, stage.anchor - Duration::days(60)), admin).await?;
    for number in 0..6 {
        let Some(patient) = of_story(stage, Ending::Cancelled, number).await? else { continue };
        let patient = actor(ActorKind::Patient(patient), Guard::Patient, "patient");
        let id = bought(stage, (number, &patient)).await?;
        ledger::note(app, "standalone_aftercare_requests", id, None).await?;
    }
    Ok(())
}

async fn bought(stage: &Stage<'_>, (number, patient): (usize, &Actor)) -> AppResult<StandaloneAftercareRequestId> {
    let ago = i64::try_from(number).unwrap_or(0);
    let days = if number == 4 { 40 } else { 1 + ago };
    let asked = stage.anchor - Duration::days(days) - Duration::hours(3);
    let app = clock::at(stage.app, asked);
    let model = if number.is_multiple_of(2) { Model::MonthlySubscription } else { Model::Fixed };
    let who: PatientId = patient.patient()?;
    let (offering, cost) = aftercare::seed::first_offer(&app, who, model).await?;
    let input = AskInput {
        offering_id: offering,
        pricing_model: model,
        expected_total: cost.total,
        treatment_date: (asked - Duration::days(12 + ago * 3)).date_naive(),
        clinic_name: ELSEWHERE.get(number % ELSEWHERE.len()).copied().unwrap_or_default().to_owned(),
        treatment_type: "FUE".to_owned(),
        graft_count: Some(1800 + i32::try_from(number).unwrap_or(0) * 150),
        current_concerns: "Shock loss at the temples, and the donor area itches.".to_owned(),
        accept_terms: true,
    };
    let id = standalone::ask(&app, patient, &input).await?.id;
    if number == 0 {
        return Ok(id);
    }
    payments::seed::pay_charge(&app, patient, id, cost.charge).await?;
    work(&app, stage.work).await?;
    let later = clock::at(stage.app, asked + Duration::hours(20));
    let staff = proven(&later, &stage.cast.admin).await?;
    match (number, stage.cast.clinics.get(number)) {
        (3 | 4, Some(clinic)) => {
            standalone::assign(&later, &staff, id, (clinic.id, 1)).await?;
            if number == 4 {
                standalone::activate(&later, &clinic.owner, id, Activation::default()).await?;
            }
        }
        (5, _) => {
            let why = "The treatment lies too long ago for this plan.";
            standalone::reject(&later, &staff, id, why).await?;
        }
        _ => {}
    }
    work(&later, stage.work).await?;
    Ok(id)
}
