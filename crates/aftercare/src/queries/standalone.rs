//! Requests for aftercare alone, and what can be bought, for those who may see them.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use directory::entity::providers;
use identity::anonymity::{self, Level};
use identity::entity::patients;
use kernel::ids::{
    AfterCareId, AftercareMilestoneTemplateId, AftercareTemplateId, PatientId, ProviderId, StandaloneAftercareRequestId,
};
use kernel::{Actor, ActorKind, AppError, AppResult, Currency, Money, Page, PageQuery, Permission, Timestamp};
use payments::entity::aftercare_payments::{self as charge_rows, AftercarePaymentPricingModel as Model};
use payments::queries::aftercare::ChargeView;
use payments::service::aftercare as money;
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};

use crate::entity::aftercare_milestone_definitions as definitions;
use crate::entity::aftercare_milestone_templates::{self as templates, AftercareMilestoneTemplateStatus};
use crate::entity::aftercare_templates::{
    self as offerings, AftercareTemplatePricingModel as Sold, AftercareTemplateStatus,
};
use crate::entity::standalone_aftercare_requests::{
    self as requests, StandaloneAftercareRequestPricingModel as AskedModel,
    StandaloneAftercareRequestStatus as RequestStatus,
};
use crate::entity::{after_cares, aftercare_milestone_templates};
use crate::rules::offering::{self, Prices};
use crate::service::standalone::prices_of;

/// Clinics one picker shows.
const MOST_CLINICS: u64 = 200;

/// What an offering costs by one model.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PriceView {
    /// Once, or monthly.
    pub pricing_model: Model,
    /// One charge.
    pub charge: Money,
    /// All of them.
    pub total: Money,
}

/// What can be bought.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OfferingView {
    /// The offering.
    pub id: AftercareTemplateId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// How long it lasts.
    pub months: i32,
    /// Its phases in order.
    pub phases: Vec<String>,
    /// What it costs in the asked currency.
    pub prices: Vec<PriceView>,
}

/// Narrows what can be bought.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfferingFilter {
    /// The method of the treatment.
    pub treatment_type: Option<String>,
    /// The currency prices are wanted in.
    pub currency: Option<Currency>,
}

/// What a patient can buy for a treatment, in a currency: two statements.
///
/// Errors: 401, 403.
pub async fn offered(app: &App, actor: &Actor, filter: &OfferingFilter) -> AppResult<Vec<OfferingView>> {
    let shelf = Shelf::load(app, actor).await?;
    Ok(shelf.priced(filter.currency.unwrap_or(Currency::USD), filter.treatment_type.as_deref()))
}

/// Everything that is on sale.
pub struct Shelf {
    rows: Vec<(offerings::Model, templates::Model)>,
    phases: HashMap<AftercareMilestoneTemplateId, Vec<String>>,
}

impl Shelf {
    /// Reads it for a patient: two statements.
    ///
    /// Errors: 401, 403.
    pub async fn load(app: &App, actor: &Actor) -> AppResult<Self> {
        actor.patient()?;
        let conn = app.db.conn();
        let rows = offerings::Entity::find()
            .find_also_related(templates::Entity)
            .filter(offerings::Column::IsPurchasable.eq(true))
            .filter(offerings::Column::Status.eq(AftercareTemplateStatus::Active))
            .filter(templates::Column::Status.eq(AftercareMilestoneTemplateStatus::Active))
            .order_by_asc(templates::Column::DurationMonths)
            .order_by_asc(templates::Column::TemplateName)
            .all(conn)
            .await?;
        let phases = phases_of(conn, rows.iter().map(|(row, _)| row.milestone_template_id)).await?;
        Ok(Self { rows: rows.into_iter().filter_map(|(row, template)| Some((row, template?))).collect(), phases })
    }

    /// The currencies something is sold in.
    pub fn currencies(&self) -> Vec<Currency> {
        let all = self.rows.iter().flat_map(|(row, _)| prices_of(row.prices.as_ref()).into_keys());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What is sold in a currency, for a method of treatment or for all.
    pub fn priced(&self, currency: Currency, method: Option<&str>) -> Vec<OfferingView> {
        let mut out = Vec::new();
        for (row, template) in &self.rows {
            let Some(sold) = row.pricing_model else { continue };
            let kinds: Vec<String> = serde_json::from_value(row.treatment_types.clone()).unwrap_or_default();
            let fits = method.is_none_or(|kind| kinds.is_empty() || kinds.iter().any(|known| known == kind));
            let prices = prices(&prices_of(row.prices.as_ref()), sold, currency, template.duration_months);
            if !fits || prices.is_empty() {
                continue;
            }
            out.push(OfferingView {
                id: row.id,
                name: template.template_name.clone(),
                description: row.service_description.clone().unwrap_or_default(),
                months: template.duration_months,
                phases: self.phases.get(&row.milestone_template_id).cloned().unwrap_or_default(),
                prices,
            });
        }
        out
    }
}

fn prices(all: &Prices, sold: Sold, currency: Currency, months: i32) -> Vec<PriceView> {
    let months = u32::try_from(months).unwrap_or_default();
    [Model::MonthlySubscription, Model::Fixed]
        .into_iter()
        .filter(|model| offering::sells(sold, *model))
        .filter_map(|model| {
            let cost = offering::cost(all, model, currency, months)?;
            Some(PriceView { pricing_model: model, charge: cost.charge, total: cost.total })
        })
        .collect()
}

async fn phases_of(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = AftercareMilestoneTemplateId>,
) -> AppResult<HashMap<AftercareMilestoneTemplateId, Vec<String>>> {
    let rows = definitions::Entity::find()
        .filter(definitions::Column::TemplateId.is_in(ids))
        .order_by_asc(definitions::Column::OrderIndex)
        .all(conn)
        .await?;
    let mut out: HashMap<_, Vec<String>> = HashMap::new();
    for row in rows {
        out.entry(row.template_id).or_default().push(row.milestone_name);
    }
    Ok(out)
}

/// An offering as staff keep it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OfferingSetting {
    /// The offering.
    pub id: AftercareTemplateId,
    /// The name of its plan.
    pub name: String,
    /// How long it lasts.
    pub months: i32,
    /// Whether patients can buy it.
    pub is_purchasable: bool,
    /// What they read about it.
    pub service_description: String,
    /// By which models.
    pub pricing_model: Option<Sold>,
    /// For how much.
    #[schema(value_type = std::collections::BTreeMap<String, offering::Price>)]
    pub prices: Prices,
    /// New prices that wait for a second Super Admin.
    #[schema(value_type = Option<std::collections::BTreeMap<String, offering::Price>>)]
    pub pending_prices: Option<Prices>,
    /// To be sent back with a change.
    pub lock_version: i32,
}

/// All offerings, by their names: one statement.
///
/// Errors: 403 without `manage_aftercare_template`.
pub async fn offering_settings(app: &App, actor: &Actor) -> AppResult<Vec<OfferingSetting>> {
    actor.admin()?;
    actor.require(Permission::ManageAftercareTemplate)?;
    let rows = offerings::Entity::find()
        .find_also_related(templates::Entity)
        .order_by_asc(templates::Column::DurationMonths)
        .order_by_asc(templates::Column::TemplateName)
        .all(app.db.conn())
        .await?;
    let setting = |(row, template): (offerings::Model, Option<templates::Model>)| {
        let template = template?;
        Some(OfferingSetting {
            id: row.id,
            name: template.template_name,
            months: template.duration_months,
            is_purchasable: row.is_purchasable,
            service_description: row.service_description.unwrap_or_default(),
            pricing_model: row.pricing_model,
            prices: prices_of(row.prices.as_ref()),
            pending_prices: row.pending_prices.as_ref().map(|json| prices_of(Some(json))),
            lock_version: row.lock_version,
        })
    };
    Ok(rows.into_iter().filter_map(setting).collect())
}

/// A request for aftercare alone.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RequestView {
    /// The request.
    pub id: StandaloneAftercareRequestId,
    /// `SR2611-0001`.
    pub reference: String,
    /// Where it stands.
    pub status: RequestStatus,
    /// Why it was refused: `payment_expired`, `assignment_expired`, `admin`, `cancelled_by_patient`.
    pub reject_code: Option<String>,
    /// In staff's words.
    pub rejection_reason: Option<String>,
    /// What was bought.
    pub service_name: String,
    /// For how long.
    pub months: i32,
    /// Once, or monthly.
    pub pricing_model: Model,
    /// What it costs altogether.
    pub total: Money,
    /// When the treatment was.
    pub treatment_date: NaiveDate,
    /// Where.
    pub clinic_name: String,
    /// By which method.
    pub treatment_type: String,
    /// How many grafts.
    pub graft_count: Option<i32>,
    /// What worries the patient, for them and for the clinic that looks after them.
    pub current_concerns: Option<String>,
    /// Who asks.
    pub patient_id: PatientId,
    /// By name, for staff and for the clinic it was given to.
    pub patient_name: Option<String>,
    /// The clinic it was given to.
    pub provider_id: Option<ProviderId>,
    /// Its name.
    pub provider_name: Option<String>,
    /// From when it waits for a clinic: the first payment, or its return.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Timestamp>,
    /// A clinic was asked, and the clock stands still.
    pub awaiting_provider: bool,
    /// The plan, once it began.
    pub case_id: Option<AfterCareId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// To be sent back with a decision.
    pub lock_version: i32,
}

/// A request with its money.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RequestDetail {
    /// The request.
    #[serde(flatten)]
    pub request: RequestView,
    /// Its charges and refunds, the oldest first; none for clinics.
    pub charges: Vec<ChargeView>,
}

/// Narrows the list of requests.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestFilter {
    /// Only those in this state.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]", inline)]
    pub status: Option<RequestStatus>,
}

/// Whose requests an actor may see: a patient's own, those given to a clinic, all for staff.
fn visible(actor: &Actor) -> AppResult<Select<requests::Entity>> {
    let all = requests::Entity::find();
    match actor.kind {
        ActorKind::Patient(patient) => Ok(all.filter(requests::Column::PatientId.eq(patient))),
        ActorKind::Provider { provider, .. } => {
            actor.require(Permission::ViewAftercare)?;
            Ok(all.filter(requests::Column::AssignedProviderId.eq(provider)))
        }
        _ => {
            actor.admin()?;
            if !actor.can(Permission::ViewAftercare) {
                actor.require(Permission::ViewTransaction)?;
            }
            Ok(all)
        }
    }
}

/// The requests an actor may see: those that are paid and wait first, the oldest of them on top; then the newest. Six statements.
///
/// Errors: 401, 403; 422 for the page.
pub async fn list(app: &App, actor: &Actor, filter: &RequestFilter, page: PageQuery) -> AppResult<Page<RequestView>> {
    let page = page.checked()?;
    let conn = app.db.conn();
    let mut found = visible(actor)?;
    if let Some(status) = filter.status {
        found = found.filter(requests::Column::RequestStatus.eq(status));
    }
    let total = found.clone().count(conn).await?;
    let waits = Condition::all()
        .add(requests::Column::RequestStatus.eq(RequestStatus::Pending))
        .add(requests::Column::WaitingSince.is_not_null());
    let first: SimpleExpr = Expr::case(waits, 0).finally(1).into();
    let rows = found
        .order_by_asc(first)
        .order_by_asc(requests::Column::WaitingSince)
        .order_by_desc(requests::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(views(app, actor, rows).await?, page, total))
}

/// One request with its charges: 404 for strangers.
///
/// Errors: 401, 403, 404.
pub async fn show(app: &App, actor: &Actor, id: StandaloneAftercareRequestId) -> AppResult<RequestDetail> {
    let (request, rows) = with_rows(app, actor, id).await?;
    Ok(RequestDetail { request, charges: rows.iter().map(ChargeView::from).collect() })
}

/// The same with the rows of its charges, for pages that compute with them.
pub async fn with_rows(
    app: &App,
    actor: &Actor,
    id: StandaloneAftercareRequestId,
) -> AppResult<(RequestView, Vec<charge_rows::Model>)> {
    let conn = app.db.conn();
    let row = visible(actor)?.filter(requests::Column::Id.eq(id)).one(conn).await?.ok_or_else(AppError::not_found)?;
    let rows = match actor.kind {
        // What patients pay is between them and Hairline.
        ActorKind::Provider { .. } => Vec::new(),
        _ => money::of_request(conn, id).await?,
    };
    let request = views(app, actor, vec![row]).await?.pop().ok_or_else(AppError::not_found)?;
    Ok((request, rows))
}

/// The request of a patient that is not decided, or else the newest one.
pub async fn current(app: &App, patient: PatientId) -> AppResult<Option<requests::Model>> {
    Ok(requests::Entity::find()
        .filter(requests::Column::PatientId.eq(patient))
        .order_by_desc(requests::Column::OpenKey)
        .order_by_desc(requests::Column::Id)
        .one(app.db.conn())
        .await?)
}

async fn views(app: &App, actor: &Actor, rows: Vec<requests::Model>) -> AppResult<Vec<RequestView>> {
    let conn = app.db.conn();
    let names: HashMap<AftercareTemplateId, String> = offerings::Entity::find()
        .select_only()
        .column(offerings::Column::Id)
        .column(aftercare_milestone_templates::Column::TemplateName)
        .inner_join(templates::Entity)
        .filter(offerings::Column::Id.is_in(rows.iter().filter_map(|row| row.aftercare_template_id)))
        .into_tuple::<(AftercareTemplateId, String)>()
        .all(conn)
        .await?
        .into_iter()
        .collect();
    let given: Vec<ProviderId> = rows.iter().filter_map(|row| row.assigned_provider_id).collect();
    let clinics: HashMap<ProviderId, String> = match given.is_empty() {
        true => HashMap::new(),
        false => providers::Entity::find()
            .select_only()
            .columns([providers::Column::Id, providers::Column::ProviderName])
            .filter(providers::Column::Id.is_in(given))
            .into_tuple::<(ProviderId, String)>()
            .all(conn)
            .await?
            .into_iter()
            .collect(),
    };
    let people = people_of(app, actor, &rows).await?;
    let begun: Vec<StandaloneAftercareRequestId> =
        rows.iter().filter(|row| row.request_status == RequestStatus::Activated).map(|row| row.id).collect();
    let cases: HashMap<StandaloneAftercareRequestId, AfterCareId> = match begun.is_empty() {
        true => HashMap::new(),
        false => after_cares::Entity::find()
            .select_only()
            .columns([after_cares::Column::StandaloneRequestId, after_cares::Column::Id])
            .filter(after_cares::Column::StandaloneRequestId.is_in(begun))
            .into_tuple::<(StandaloneAftercareRequestId, AfterCareId)>()
            .all(conn)
            .await?
            .into_iter()
            .collect(),
    };
    rows.into_iter()
        .map(|row| {
            // Staff read what is medical in the case, after they have said why.
            let reads = !matches!(actor.kind, ActorKind::Admin(_));
            let concerns = row.current_concerns.as_ref().filter(|_| reads);
            Ok(RequestView {
                id: row.id,
                reference: row.request_code.clone().unwrap_or_default(),
                status: row.request_status,
                reject_code: row.reject_code.clone(),
                rejection_reason: row.rejection_reason.clone(),
                service_name: row.aftercare_template_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
                months: row.duration_months,
                pricing_model: match row.pricing_model {
                    AskedModel::Fixed => Model::Fixed,
                    AskedModel::MonthlySubscription => Model::MonthlySubscription,
                },
                total: Money::new(row.total_price, row.currency),
                treatment_date: row.treatment_date,
                clinic_name: row.clinic_name.clone(),
                treatment_type: row.treatment_type.clone(),
                graft_count: row.graft_count,
                current_concerns: concerns.map(|sealed| app.keys.open(sealed)).transpose()?,
                patient_id: row.patient_id,
                patient_name: people.get(&row.patient_id).cloned(),
                provider_id: row.assigned_provider_id,
                provider_name: row.assigned_provider_id.and_then(|id| clinics.get(&id).cloned()),
                waiting_since: row.waiting_since,
                awaiting_provider: row.awaiting_provider,
                case_id: cases.get(&row.id).copied(),
                created_at: row.created_at,
                lock_version: row.lock_version,
            })
        })
        .collect()
}

/// What to call the patients of some requests: nothing for patients themselves, for clinics what each may know (R-ID-58).
async fn people_of(app: &App, actor: &Actor, rows: &[requests::Model]) -> AppResult<HashMap<PatientId, String>> {
    if matches!(actor.kind, ActorKind::Patient(_)) {
        return Ok(HashMap::new());
    }
    let conn = app.db.conn();
    let ids: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    let levels = match actor.kind {
        ActorKind::Provider { provider, .. } => Some(anonymity::levels(conn, provider, &ids).await?),
        _ => None,
    };
    let found = patients::Entity::find().filter(patients::Column::Id.is_in(ids)).all(conn).await?;
    let name = |row: &patients::Model| -> AppResult<(PatientId, String)> {
        let level = levels.as_ref().map_or(Level::None, |levels| levels.get(&row.id).copied().unwrap_or_default());
        Ok((row.id, anonymity::mask_for(app, actor, row, level)?.display_name))
    };
    found.iter().map(name).collect()
}

/// The methods of treatments that are offered: the word, and a treatment of that name.
pub async fn treatment_types(conn: &impl ConnectionTrait) -> AppResult<Vec<(String, String)>> {
    let mut out: Vec<(String, String)> = Vec::new();
    for row in catalogue::treatments::list(conn, false).await? {
        let word = sea_orm::ActiveEnum::to_value(&row.treatment_type);
        if !out.iter().any(|(known, _)| *known == word) {
            out.push((word, row.treatment_name));
        }
    }
    Ok(out)
}

/// A clinic a request can be given to.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Assignable {
    /// The clinic.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub city: String,
    /// Cases it looks after.
    pub active_cases: u64,
    /// It has declined this very request.
    pub has_declined: bool,
}

/// The clinics a request can be given to, by their names (R-AC-58): two statements.
///
/// Errors: 403 without `manage_aftercare`.
pub async fn assignable(app: &App, actor: &Actor, id: StandaloneAftercareRequestId) -> AppResult<Vec<Assignable>> {
    use platform::entity::outbox_events;
    actor.admin()?;
    actor.require(Permission::ManageAftercare)?;
    let conn = app.db.conn();
    let held = Query::select()
        .expr(Expr::col(after_cares::Column::Id).count())
        .from(after_cares::Entity)
        .and_where(
            Expr::col((after_cares::Entity, after_cares::Column::ProviderId))
                .equals((providers::Entity, providers::Column::Id)),
        )
        .and_where(after_cares::Column::Status.eq(after_cares::AfterCareStatus::Active))
        .to_owned();
    let clinics: Vec<(ProviderId, String, String, i64)> = providers::Entity::find()
        .select_only()
        .columns([providers::Column::Id, providers::Column::ProviderName, providers::Column::City])
        .column_as(SimpleExpr::SubQuery(None, Box::new(held.into())), "held")
        .filter(providers::Column::Status.eq(providers::ProviderStatus::Active))
        .order_by_asc(providers::Column::ProviderName)
        .limit(MOST_CLINICS)
        .into_tuple()
        .all(conn)
        .await?;
    let said_no = outbox_events::Entity::find()
        .filter(outbox_events::Column::OccurrenceKey.starts_with(format!("aftercare.request_declined:{id}:")))
        .all(conn)
        .await?;
    let declined = |clinic: ProviderId| {
        said_no
            .iter()
            .any(|event| event.payload.get("provider_id").and_then(|id| id.as_str()) == Some(&clinic.to_string()))
    };
    Ok(clinics
        .into_iter()
        .map(|(id, name, city, held)| Assignable {
            id,
            name,
            city,
            active_cases: u64::try_from(held).unwrap_or_default(),
            has_declined: declined(id),
        })
        .collect())
}
