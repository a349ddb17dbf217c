//! The patient answers a questionnaire; dangerous answers raise an alarm in the same moment (R-AC-30 to R-AC-43).

use chrono::NaiveDate;
use kernel::ids::{AfterCareId, AftercareQuestionnaireId, AftercareQuestionnaireResponseId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::{EntityTrait, Set, SqlErr};
use serde::Deserialize;

use crate::access;
use crate::entity::aftercare_questionnaire_responses as responses;
use crate::entity::aftercare_questionnaires as questionnaires;
use crate::plan::Plan;
use crate::rules::questions::{self, Answers, Question};
use crate::rules::schedule::TaskKind;
use crate::rules::slots::{self, Refusal};
use crate::rules::urgency::{self, Hit};
use crate::service::{escalation, refresh};
use crate::settings;

/// Answers to a questionnaire.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The day the answers are for; the latest open one when absent.
    pub due_date: Option<NaiveDate>,
    /// Values by question id.
    #[schema(value_type = Object)]
    pub responses: Answers,
}

/// What became of the answers.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// The stored response.
    pub id: AftercareQuestionnaireResponseId,
    /// The day it fills; `None` for an extra.
    pub due_date: Option<NaiveDate>,
    /// It came after its day.
    pub is_overdue: bool,
    /// It raised an alarm.
    pub flagged_urgent: bool,
}

/// Stores the answers of a patient. A day is answered once; whoever comes second gets 409.
pub async fn answer(
    app: &App,
    actor: &Actor,
    case: AfterCareId,
    questionnaire: AftercareQuestionnaireId,
    ask: &Response,
) -> AppResult<Answered> {
    let thresholds = settings::thresholds(app).await?;
    platform::write_txn!(app.db, |txn| {
        let case = access::lock_own(txn, actor, case).await?;
        let plan = Plan::load(txn, case).await?;
        if !plan.asks(questionnaire) {
            return Err(AppError::not_found());
        }
        let today = plan.today(app.now());
        let slot = slots::choose(&plan.slots, TaskKind::Questionnaire, Some(questionnaire), ask.due_date, today)?;
        let found = questionnaires::Entity::find_by_id(questionnaire).one(txn).await?;
        let found = found.ok_or_else(AppError::not_found)?;
        let asked: Vec<Question> = serde_json::from_value(found.questions.clone())?;
        check(&asked, &ask.responses)?;
        let judged = urgency::assess(found.questionnaire_type, &asked, &ask.responses, &thresholds);
        let answered = Answered {
            id: AftercareQuestionnaireResponseId::new(),
            due_date: slot.map(|slot| slot.due),
            is_overdue: slot.is_some_and(|slot| today > slot.due),
            flagged_urgent: !judged.urgent.is_empty(),
        };
        let milestone = plan.milestone_for(slot, today)?.id;
        let row = responses::ActiveModel {
            id: Set(answered.id),
            aftercare_milestone_id: Set(milestone),
            questionnaire_id: Set(questionnaire),
            patient_id: Set(plan.case.patient_id),
            responses: Set(app.keys.seal(&serde_json::to_value(&ask.responses)?)),
            response_date: Set(today),
            is_overdue: Set(answered.is_overdue),
            flagged_urgent: Set(answered.flagged_urgent),
            due_date: Set(answered.due_date),
            flag_reasons: Set(reasons(app, &judged.urgent, &judged.watch)?),
            created_at: Set(app.now()),
            updated_at: Set(app.now()),
        };
        responses::Entity::insert(row).exec_without_returning(txn).await.map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Refusal::AlreadyDone.into(),
            _ => AppError::from(error),
        })?;
        if answered.flagged_urgent {
            escalation::raise_alarm(txn, app, actor, &plan.case, answered.id, &judged.urgent).await?;
        }
        record(txn, app, actor, &plan, &answered).await?;
        refresh::refresh(txn, app, actor, plan.case).await?;
        Ok(answered)
    })
}

/// 422 `response_invalid` with the questions whose answers do not fit.
fn check(asked: &[Question], answers: &Answers) -> AppResult<()> {
    let faults = questions::faults(asked, answers);
    if faults.is_empty() {
        return Ok(());
    }
    let mut error = AppError::invalid("response_invalid", "Some answers do not fit their questions.");
    for id in &faults {
        error.fields.add(format!("responses.{id}"), "answer_invalid", "This answer does not fit the question.");
    }
    Err(error.with("questions", faults))
}

fn reasons(app: &App, urgent: &[Hit], watch: &[Hit]) -> AppResult<Option<kernel::Sealed<serde_json::Value>>> {
    if urgent.is_empty() && watch.is_empty() {
        return Ok(None);
    }
    Ok(Some(app.keys.seal(&serde_json::json!({ "urgent": urgent, "watch": watch }))))
}

async fn record(txn: &Txn, app: &App, actor: &Actor, plan: &Plan, answered: &Answered) -> AppResult<()> {
    let entry = Entry::new("aftercare.questionnaire_answered")
        .subject("AftercareQuestionnaireResponse", answered.id)
        .patient(plan.case.patient_id)
        .provider(plan.case.provider_id)
        .fields(&["responses"]);
    audit::record(txn, app, actor, entry).await
}
