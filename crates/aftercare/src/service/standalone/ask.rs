//! A patient asks for aftercare of a treatment done elsewhere (R-AC-56, R-AC-57).

use catalogue::entity::treatments;
use chrono::NaiveDate;
use kernel::ids::{AftercareTemplateId, PatientId, StandaloneAftercareRequestId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Money, Permission};
use payments::entity::aftercare_payments::AftercarePaymentPricingModel as Model;
use payments::service::aftercare::{self as money, Purchase};
use platform::App;
use platform::counters;
use platform::db::Txn;
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

use super::{offerings, record, requests};
use crate::entity::standalone_aftercare_requests::{
    StandaloneAftercareRequestPricingModel as AskedModel, StandaloneAftercareRequestServiceType as Service,
    StandaloneAftercareRequestStatus as RequestStatus,
};
use crate::rules::offering::{self, Cost};

/// What the patient asks for.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskInput {
    /// The offering.
    pub offering_id: AftercareTemplateId,
    /// Once, or monthly.
    pub pricing_model: Model,
    /// What the patient saw it costs altogether; the server's own must be the same.
    pub expected_total: Money,
    /// When the treatment was; not in the future.
    pub treatment_date: NaiveDate,
    /// Where: 1 to 200 characters.
    #[schema(example = "Istanbul Hair Centre")]
    pub clinic_name: String,
    /// By which method: an active type of the catalogue.
    #[schema(example = "FUE")]
    pub treatment_type: String,
    /// How many grafts, if known: 1 to 10,000.
    pub graft_count: Option<i32>,
    /// What worries the patient now: up to 2,000 characters.
    #[serde(default)]
    pub current_concerns: String,
    /// The terms were read and accepted.
    #[serde(default)]
    pub accept_terms: bool,
}

/// Writes a request with its charges down; the first is paid next.
///
/// Errors: 403; 404 for an offering that is not on sale; 409 `request_open` with the one that is, 409 `price_changed`; 422
/// `price_not_available` and others by field.
pub async fn ask(app: &App, actor: &Actor, input: &AskInput) -> AppResult<requests::Model> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    check(app, input).await?;
    platform::write_txn!(app.db, |txn| {
        // One writer per patient: whoever asks twice at once finds the other's request.
        identity::entity::patients::Entity::find_by_id(patient).lock_exclusive().one(txn).await?;
        let open = requests::Entity::find().filter(requests::Column::OpenKey.eq(patient.any())).one(txn).await?;
        if let Some(open) = open {
            let text = "You have a request that is not decided yet. Finish it, or cancel it first.";
            return Err(AppError::conflict("request_open", text).with("request_id", open.id));
        }
        let (sold, months) = offerings::on_sale(txn, input.offering_id).await?;
        let cost = price(&sold, input, months)?;
        if cost.total != input.expected_total {
            let error = AppError::conflict("price_changed", "The price is not what was shown. Look at it again.");
            return Err(error.with("total", cost.total));
        }
        insert(txn, app, actor, patient, input, cost, months).await
    })
}

fn price(sold: &offerings::OnSale, input: &AskInput, months: u32) -> AppResult<Cost> {
    let cost = sold
        .sells(input.pricing_model)
        .then(|| offering::cost(&sold.prices, input.pricing_model, input.expected_total.currency, months));
    cost.flatten().ok_or_else(|| AppError::invalid("price_not_available", "It is not sold like this in this currency."))
}

async fn check(app: &App, input: &AskInput) -> AppResult<()> {
    let mut faults = FieldErrors::new();
    if input.treatment_date > app.now().date_naive() {
        faults.add("treatment_date", "in_future", "Aftercare begins after the treatment.");
    }
    if !(1..=200).contains(&input.clinic_name.trim().chars().count()) {
        faults.add("clinic_name", "clinic_name_length", "1 to 200 characters.");
    }
    if !is_active_type(app.db.conn(), &input.treatment_type).await? {
        faults.add("treatment_type", "unknown_value", "Choose one of the treatments.");
    }
    if input.graft_count.is_some_and(|count| !(1..=10_000).contains(&count)) {
        faults.add("graft_count", "out_of_range", "1 to 10,000 grafts.");
    }
    if input.current_concerns.trim().chars().count() > 2000 {
        faults.add("current_concerns", "too_long", "At most 2,000 characters.");
    }
    if !input.accept_terms {
        faults.add("accept_terms", "required", "Accept the terms to go on.");
    }
    faults.check()
}

async fn is_active_type(conn: &impl ConnectionTrait, word: &str) -> AppResult<bool> {
    let Ok(kind) = treatments::TreatmentType::try_from_value(&word.to_owned()) else { return Ok(false) };
    let active = treatments::Entity::find()
        .filter(treatments::Column::TreatmentType.eq(kind))
        .filter(treatments::Column::Status.eq(treatments::TreatmentStatus::Active));
    Ok(active.count(conn).await? > 0)
}

async fn insert(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    patient: PatientId,
    input: &AskInput,
    cost: Cost,
    months: u32,
) -> AppResult<requests::Model> {
    let (id, now) = (StandaloneAftercareRequestId::new(), app.now());
    let period = now.format("%y%m").to_string();
    let serial = counters::next(txn, app, "standalone_aftercare", &period).await?;
    let reference = format!("SR{period}-{serial:04}");
    let concerns = Some(input.current_concerns.trim().to_owned()).filter(|text| !text.is_empty());
    let row = requests::Model {
        id,
        patient_id: patient,
        treatment_date: input.treatment_date,
        clinic_name: input.clinic_name.trim().to_owned(),
        treatment_type: input.treatment_type.clone(),
        graft_count: input.graft_count,
        current_concerns: concerns.map(|text| app.keys.seal(&text)),
        photo_urls: None,
        surgeon_notes_url: None,
        duration_months: i32::try_from(months).map_err(AppError::internal)?,
        pricing_model: match input.pricing_model {
            Model::Fixed => AskedModel::Fixed,
            Model::MonthlySubscription => AskedModel::MonthlySubscription,
        },
        total_price: cost.total.amount,
        currency: cost.total.currency,
        request_status: RequestStatus::Pending,
        assigned_provider_id: None,
        assigned_by_admin_id: None,
        assigned_at: None,
        request_code: Some(reference.clone()),
        service_type: Service::Standalone,
        source_quote_id: None,
        aftercare_template_id: Some(input.offering_id),
        rejection_reason: None,
        reject_code: None,
        awaiting_provider: false,
        waiting_since: None,
        terms_accepted_at: Some(now),
        activated_at: None,
        rejected_at: None,
        idempotency_key: None,
        open_key: Some(patient.any()),
        lock_version: 0,
        created_at: now,
        updated_at: now,
    };
    let written = sea_orm::ActiveModelTrait::reset_all(requests::ActiveModel::from(row.clone()));
    requests::Entity::insert(written).exec_without_returning(txn).await?;
    let purchase = Purchase {
        request: id,
        reference,
        patient,
        model: input.pricing_model,
        money: cost.charge,
        months,
        bought_on: now.date_naive(),
    };
    money::plan(txn, app, &purchase).await?;
    record(txn, app, actor, &row, ("aftercare.request_made", None)).await?;
    Ok(row)
}
