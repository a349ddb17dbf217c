//! What patients sent, and what they can be asked.

use std::collections::HashMap;
use std::time::Duration;

use kernel::ids::{AfterCareId, AftercareQuestionnaireId, AnyId, FileId};
use kernel::{Actor, ActorKind, AppError, AppResult, Page, PageQuery, Permission};
use platform::App;
use platform::entity::files;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::viewed;
use crate::access;
use crate::entity::aftercare_milestone_definitions as definitions;
use crate::entity::aftercare_milestone_scans as scan_rows;
use crate::entity::aftercare_milestone_templates::{self as template_rows, AftercareMilestoneTemplateStatus};
use crate::entity::aftercare_milestones;
use crate::entity::aftercare_questionnaire_responses as response_rows;
use crate::entity::aftercare_questionnaires as questionnaires;
use crate::plan::Plan;
use crate::rules::questions::Question;
use crate::rules::schedule::TaskKind;
use crate::rules::slots;
use crate::service::scan::OWNER;
use crate::views::{PhaseView, QuestionnaireView, ResponseView, ScanView, TemplateView};

/// How long a picture's link works.
const LINK: Duration = Duration::from_secs(300);

/// The scans of a case, newest first, with links.
pub async fn scans(app: &App, actor: &Actor, id: AfterCareId, page: PageQuery) -> AppResult<Page<ScanView>> {
    let conn = app.db.conn();
    let (case, audience) = access::medical(conn, app, actor, id).await?;
    let query = scan_rows::Entity::find()
        .inner_join(aftercare_milestones::Entity)
        .filter(aftercare_milestones::Column::AfterCareId.eq(id));
    let total = query.clone().count(conn).await?;
    let rows = query
        .order_by_desc(scan_rows::Column::CreatedAt)
        .order_by_desc(scan_rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let mut links: HashMap<AnyId, FileId> = HashMap::new();
    if !rows.is_empty() {
        let stored = files::Entity::find()
            .filter(files::Column::FileableType.eq(OWNER))
            .filter(files::Column::FileableId.is_in(rows.iter().map(|row| row.id.any())))
            .filter(files::Column::DeletedAt.is_null())
            .all(conn)
            .await?;
        links.extend(stored.into_iter().map(|file| (file.fileable_id, file.id)));
    }
    viewed(conn, app, actor, audience, &case, "aftercare.scans_viewed", &["scans"]).await?;
    let view = |row: scan_rows::Model| ScanView {
        id: row.id,
        milestone_id: row.aftercare_milestone_id,
        scan_type: row.scan_type,
        scan_date: row.scan_date,
        due_date: row.due_date,
        is_overdue: row.is_overdue,
        quality_score: row.quality_score,
        url: links.get(&row.id.any()).map(|file| platform::files::signed_link(app, *file, actor, LINK)),
    };
    Ok(Page::new(rows.into_iter().map(view).collect(), page, total))
}

/// The answers of a case, newest first. For the team; patients see that they answered, in their tasks.
pub async fn responses(app: &App, actor: &Actor, id: AfterCareId, page: PageQuery) -> AppResult<Page<ResponseView>> {
    let conn = app.db.conn();
    let (case, audience) = access::medical(conn, app, actor, id).await?;
    let query = response_rows::Entity::find()
        .find_also_related(questionnaires::Entity)
        .filter(response_rows::Column::PatientId.eq(case.patient_id))
        .filter(response_rows::Column::AftercareMilestoneId.in_subquery(milestone_ids(id)));
    let total = query.clone().count(conn).await?;
    let rows = query
        .order_by_desc(response_rows::Column::CreatedAt)
        .order_by_desc(response_rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    viewed(conn, app, actor, audience, &case, "aftercare.responses_viewed", &["responses"]).await?;
    let view = |(row, asked): (response_rows::Model, Option<questionnaires::Model>)| {
        Ok(ResponseView {
            id: row.id,
            milestone_id: row.aftercare_milestone_id,
            questionnaire_id: row.questionnaire_id,
            questionnaire_name: asked.map(|asked| asked.questionnaire_name).unwrap_or_default(),
            response_date: row.response_date,
            due_date: row.due_date,
            is_overdue: row.is_overdue,
            flagged_urgent: row.flagged_urgent,
            responses: app.keys.open(&row.responses)?,
            flag_reasons: app.keys.open_opt(row.flag_reasons.as_ref())?,
        })
    };
    Ok(Page::new(rows.into_iter().map(view).collect::<AppResult<_>>()?, page, total))
}

fn milestone_ids(case: AfterCareId) -> sea_orm::sea_query::SelectStatement {
    sea_orm::sea_query::Query::select()
        .column(aftercare_milestones::Column::Id)
        .from(aftercare_milestones::Entity)
        .and_where(aftercare_milestones::Column::AfterCareId.eq(case))
        .to_owned()
}

/// A questionnaire of the plan, ready to be filled in.
pub async fn questionnaire(
    app: &App,
    actor: &Actor,
    case: AfterCareId,
    id: AftercareQuestionnaireId,
) -> AppResult<QuestionnaireView> {
    let conn = app.db.conn();
    let (case, _) = access::readable(conn, actor, case).await?;
    let plan = Plan::load(conn, case).await?;
    if !plan.asks(id) {
        return Err(AppError::not_found());
    }
    let row = questionnaires::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let questions: Vec<Question> = serde_json::from_value(row.questions)?;
    let today = plan.today(app.now());
    let slot = slots::choose(&plan.slots, TaskKind::Questionnaire, Some(id), None, today)?;
    Ok(QuestionnaireView {
        id,
        name: row.questionnaire_name,
        description: row.questionnaire_description,
        questionnaire_type: row.questionnaire_type,
        questions: questions.into_iter().filter(|question| question.active).collect(),
        due_date: slot.map(|slot| slot.due),
    })
}

/// The templates that can be chosen, by name. For clinics that end a treatment and for staff.
pub async fn templates(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<TemplateView>> {
    match actor.kind {
        ActorKind::Anonymous => return Err(AppError::unauthenticated()),
        ActorKind::Provider { .. } | ActorKind::Admin(_) => actor.require(Permission::ViewAftercare)?,
        _ => return Err(AppError::forbidden()),
    }
    let conn = app.db.conn();
    let query = template_rows::Entity::find()
        .filter(template_rows::Column::Status.eq(AftercareMilestoneTemplateStatus::Active));
    let total = query.clone().count(conn).await?;
    let rows = query
        .order_by_asc(template_rows::Column::DurationMonths)
        .order_by_asc(template_rows::Column::TemplateName)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let mut phases: HashMap<_, Vec<PhaseView>> = HashMap::new();
    if !rows.is_empty() {
        let found = definitions::Entity::find()
            .filter(definitions::Column::TemplateId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(definitions::Column::OrderIndex)
            .all(conn)
            .await?;
        for row in found {
            phases.entry(row.template_id).or_default().push(PhaseView {
                name: row.milestone_name,
                duration_days: row.duration_days,
                scan_frequency_days: row.scan_frequency_days,
                scan_count: row.scan_count,
            });
        }
    }
    let view = |row: template_rows::Model| TemplateView {
        phases: phases.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.template_name,
        description: row.template_description,
        duration_months: row.duration_months,
    };
    Ok(Page::new(rows.into_iter().map(view).collect(), page, total))
}
