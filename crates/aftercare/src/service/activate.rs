//! A completed treatment gets its aftercare plan (R-AC-10 to R-AC-13).

use chrono::NaiveDate;
use chrono_tz::Tz;
use futures::future::BoxFuture;
use kernel::ids::{
    AfterCareId, AfterCareInstructionId, AftercareConversationId, AftercareMilestoneId, AftercareMilestoneTemplateId,
    AftercareQuestionnaireId, InstructionTemplateId, PatientId, ProviderId, ProviderUserId, QuoteId,
};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::counters;
use platform::db::Txn;
use platform::outbox::{self, Delivered, Event, Subscription};
use quoting::case::Case;
use quoting::entity::quotes::QuoteStatus;
use quoting::rules::slot;
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use crate::entity::after_care_instructions::{
    self as instructions, AfterCareInstructionCategory, AfterCareInstructionCreatedByType, AfterCareInstructionStatus,
};
use crate::entity::after_cares::{self, AfterCarePricingModel, AfterCareStatus, AfterCareType};
use crate::entity::aftercare_conversations::{
    self as conversations, AftercareConversationKind, AftercareConversationStatus,
};
use crate::entity::aftercare_milestones;
use crate::entity::standalone_aftercare_requests::{
    self as requests, StandaloneAftercareRequestPricingModel as AskedModel,
};
use crate::entity::{
    aftercare_milestone_definition_questionnaires as links, aftercare_milestone_definitions as definitions,
    aftercare_templates as offerings, instruction_templates,
};
use crate::rules::schedule::{self, Phase, Planned};
use crate::rules::{progress, slots, stage};
use crate::service::team;

/// What this wing wants to hear of.
pub fn subscriptions() -> Vec<Subscription> {
    vec![Subscription { event: "treatment.completed", name: "aftercare.start_plan", handle: on_completed }]
}

fn on_completed<'a>(app: &'a App, event: &'a Delivered) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(async move {
        let treated_on = event.text("treated_on").and_then(|text| text.parse().ok());
        let treated_on = treated_on.ok_or_else(|| AppError::internal("treatment.completed without its day"))?;
        start_plan(app, event.id("quote_id")?, event.id("template_id")?, treated_on).await.map(drop)
    })
}

/// Makes the plan of a booking, once: day 1 is the day after the treatment. Later calls find the plan that is there.
pub async fn start_plan(
    app: &App,
    quote: QuoteId,
    template: AftercareMilestoneTemplateId,
    treated_on: NaiveDate,
) -> AppResult<Option<AfterCareId>> {
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        // The lock of the case lets two deliveries of one event come one after the other; the unique quote is the
        // last judge.
        let case = quoting::case::lock(txn, quote).await?;
        let of_quote = after_cares::Column::QuoteId.eq(quote);
        if let Some(found) = after_cares::Entity::find().filter(of_quote).one(txn).await? {
            return Ok(Some(found.id));
        }
        if !matches!(case.quote.status, QuoteStatus::Aftercare | QuoteStatus::Completed) {
            return Ok(None);
        }
        let start = treated_on.succ_opt().ok_or_else(|| AppError::internal("no day after the treatment"))?;
        let lead = quoting::store::lead_of(txn, case.quote.id).await?;
        let new = NewCase {
            patient: case.inquiry.patient_id,
            provider: case.quote.provider_id,
            template,
            start,
            zone: slot::clinic_zone(case.schedule.as_ref().map(|schedule| schedule.timezone.as_str())),
            lead: lead.map(|lead| lead.provider_user_id),
            origin: Origin::Treatment(case.quote.id),
        };
        let id = write_case(txn, app, &new).await?;
        record(txn, app, &actor, &case, id, template, start).await?;
        Ok(Some(id))
    })
}

/// Where a case comes from (section 1).
pub(super) enum Origin<'a> {
    /// A booking whose treatment ended.
    Treatment(QuoteId),
    /// A request for aftercare alone.
    Request(&'a requests::Model),
}

/// A case to be written.
pub(super) struct NewCase<'a> {
    /// Whose.
    pub patient: PatientId,
    /// Who looks after them.
    pub provider: ProviderId,
    /// By which plan.
    pub template: AftercareMilestoneTemplateId,
    /// Its first day.
    pub start: NaiveDate,
    /// Where days begin and end.
    pub zone: Tz,
    /// The member of the clinic who knows them.
    pub lead: Option<ProviderUserId>,
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// Writes a case with milestones, texts, conversations and team.
pub(super) async fn write_case(txn: &Txn, app: &App, new: &NewCase<'_>) -> AppResult<AfterCareId> {
    let now = app.now();
    let today = slot::clinic_date(now, new.zone);
    let phases = phases(txn, new.template).await?;
    let plan = schedule::generate(&phases, new.start, today).ok_or_else(|| AppError::internal("a plan beyond time"))?;
    let ranges: Vec<_> = plan.iter().map(|milestone| (milestone.start, milestone.end)).collect();
    let stage = plan.get(stage::current(&ranges, today)).map(|milestone| milestone.name.clone());
    let stage = stage.ok_or_else(|| AppError::internal("a template without milestones"))?;
    let specialist = team::next_specialist(txn, app).await?;
    let id = AfterCareId::new();
    let serial = counters::next(txn, app, "aftercare", &now.format("%y%m").to_string()).await?;
    let (kind, quote, request) = match new.origin {
        Origin::Treatment(quote) => (AfterCareType::TreatmentLinked, Some(quote), None),
        Origin::Request(request) => (AfterCareType::Standalone, None, Some(request)),
    };
    let row = after_cares::ActiveModel {
        id: Set(id),
        quote_id: Set(quote),
        provider_id: Set(new.provider),
        patient_id: Set(new.patient),
        aftercare_type: Set(kind),
        aftercare_template_id: Set(new.template),
        recovery_stage: Set(stage),
        recovery_percentage: Set(0),
        status: Set(AfterCareStatus::Active),
        pricing_model: Set(request.map(|request| match request.pricing_model {
            AskedModel::Fixed => AfterCarePricingModel::Fixed,
            AskedModel::MonthlySubscription => AfterCarePricingModel::MonthlySubscription,
        })),
        total_price: Set(request.map(|request| request.total_price)),
        currency: Set(request.map(|request| request.currency)),
        duration_months: Set(request.map(|request| request.duration_months)),
        case_code: Set(Some(format!("AC{}-{serial:04}", now.format("%y%m")))),
        start_date: Set(Some(new.start)),
        timezone: Set(new.zone.name().to_owned()),
        standalone_request_id: Set(request.map(|request| request.id)),
        suspended_reason: Set(None),
        suspended_at: Set(None),
        completed_at: Set(None),
        ended_at: Set(None),
        lock_version: Set(0),
        created_at: Set(now),
        updated_at: Set(now),
    };
    after_cares::Entity::insert(row).exec_without_returning(txn).await?;
    write_milestones(txn, app, id, &plan, today).await?;
    copy_instructions(txn, app, id, new.template).await?;
    open_conversations(txn, app, id).await?;
    team::assemble(txn, app, id, specialist, new.lead).await?;
    Ok(id)
}

/// The phases of a template with their questionnaires, in order.
pub async fn phases(conn: &impl ConnectionTrait, template: AftercareMilestoneTemplateId) -> AppResult<Vec<Phase>> {
    let rows = definitions::Entity::find()
        .filter(definitions::Column::TemplateId.eq(template))
        .order_by_asc(definitions::Column::OrderIndex)
        .all(conn)
        .await?;
    let linked = links::Entity::find()
        .filter(links::Column::MilestoneDefinitionId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(links::Column::Id)
        .all(conn)
        .await?;
    let days = |value: i32| u16::try_from(value).map_err(AppError::internal);
    rows.into_iter()
        .map(|row| {
            let questionnaires: Vec<(AftercareQuestionnaireId, u16)> = linked
                .iter()
                .filter(|link| link.milestone_definition_id == row.id)
                .map(|link| Ok((link.questionnaire_id, days(link.frequency_days)?)))
                .collect::<AppResult<_>>()?;
            Ok(Phase {
                definition: row.id,
                name: row.milestone_name,
                order: row.order_index,
                days: days(row.duration_days)?,
                scan_every: row.scan_frequency_days.map(days).transpose()?,
                scan_count: row.scan_count.map(days).transpose()?,
                questionnaires,
            })
        })
        .collect()
}

async fn write_milestones(
    txn: &Txn,
    app: &App,
    case: AfterCareId,
    plan: &[Planned],
    today: NaiveDate,
) -> AppResult<()> {
    let now = app.now();
    let mut rows = Vec::with_capacity(plan.len());
    for (position, planned) in plan.iter().enumerate() {
        let slots = slots::of_milestone(position, planned.start, &planned.schedule, |_, _, _| None);
        let completion = progress::completion(progress::count(&slots), planned.end, today);
        rows.push(aftercare_milestones::ActiveModel {
            id: Set(AftercareMilestoneId::new()),
            after_care_id: Set(case),
            milestone_definition_id: Set(planned.definition),
            milestone_name: Set(planned.name.clone()),
            start_date: Set(planned.start),
            end_date: Set(planned.end),
            milestone_status: Set(stage::milestone(planned.start, planned.end, completion, today)),
            completion_percentage: Set(completion),
            notes: Set(None),
            order_index: Set(planned.order),
            schedule: Set(serde_json::to_value(&planned.schedule)?),
            created_at: Set(now),
            updated_at: Set(now),
        });
    }
    aftercare_milestones::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// Copies the texts of the template's offering: later edits of the presets never touch a patient (section 3.1).
async fn copy_instructions(
    txn: &Txn,
    app: &App,
    case: AfterCareId,
    template: AftercareMilestoneTemplateId,
) -> AppResult<()> {
    let of_template = offerings::Column::MilestoneTemplateId.eq(template);
    let Some(offering) = offerings::Entity::find().filter(of_template).one(txn).await? else { return Ok(()) };
    let wanted: Vec<InstructionTemplateId> = serde_json::from_value(offering.instruction_template_ids)?;
    let presets = instruction_templates::Entity::find()
        .filter(instruction_templates::Column::Id.is_in(wanted.iter().copied()))
        .filter(instruction_templates::Column::Status.eq(instruction_templates::InstructionTemplateStatus::Active))
        .all(txn)
        .await?;
    let now = app.now();
    let mut rows = Vec::new();
    for (order, id) in (0..).zip(&wanted) {
        let Some(preset) = presets.iter().find(|preset| preset.id == *id) else { continue };
        rows.push(instructions::ActiveModel {
            id: Set(AfterCareInstructionId::new()),
            after_care_id: Set(case),
            aftercare_milestone_id: Set(None),
            instruction_template_id: Set(Some(preset.id)),
            category: Set(AfterCareInstructionCategory::try_from_value(&preset.category.to_value())?),
            title: Set(preset.title.clone()),
            body: Set(preset.body.clone()),
            repeat_days: Set(preset.default_repeat_days),
            order_index: Set(order),
            status: Set(AfterCareInstructionStatus::Active),
            created_by_type: Set(AfterCareInstructionCreatedByType::System),
            created_by_id: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        });
    }
    if !rows.is_empty() {
        instructions::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

async fn open_conversations(txn: &Txn, app: &App, case: AfterCareId) -> AppResult<()> {
    let now = app.now();
    let rows = [AftercareConversationKind::PatientTeam, AftercareConversationKind::CareTeam].map(|kind| {
        conversations::ActiveModel {
            id: Set(AftercareConversationId::new()),
            after_care_id: Set(case),
            kind: Set(kind),
            status: Set(AftercareConversationStatus::Open),
            last_message_at: Set(None),
            awaiting_reply_since: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
    });
    conversations::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

async fn record(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    id: AfterCareId,
    template: AftercareMilestoneTemplateId,
    start: NaiveDate,
) -> AppResult<()> {
    let (quote, patient) = (&case.quote, case.inquiry.patient_id);
    let metadata =
        json!({ "quote_id": quote.id, "provider_id": quote.provider_id, "case_id": id, "start_date": start });
    inquiry::timeline::record(txn, app, actor, case.inquiry.id, "aftercare_started", metadata).await?;
    let entry = Entry::new("aftercare.activated")
        .subject("AfterCare", id)
        .patient(patient)
        .provider(quote.provider_id)
        .quote(quote.id)
        .change(None, Some(json!({ "template_id": template, "start_date": start })));
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new("aftercare.activated", "AfterCare", id)
        .occurrence("once")
        .with("case_id", id)
        .with("quote_id", quote.id)
        .with("inquiry_id", case.inquiry.id)
        .with("patient_id", patient)
        .with("provider_id", quote.provider_id)
        .with("template_id", template)
        .with("start_date", start);
    outbox::emit(txn, app, actor, event).await
}
