//! The patient's recovery: what to do now, the plan, and what the pictures show.

use askama::Template;
use axum::response::Response;
use kernel::AppError;
use kernel::ids::AfterCareId;
use platform::locale;
use platform::web::ApiResult;
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Ctx, Html, Inside, page};

use super::compare;
use super::words::{self, PhotoDay};
use crate::entity::after_cares::AfterCareStatus;
use crate::queries::page::{self as query, PatientPage};
use crate::queries::standalone;
use crate::rules::schedule::TaskKind;
use crate::views::TaskView;

const HOME: &str = "/patient/aftercare";

#[derive(Template)]
#[template(path = "care_none.html")]
struct NonePage {
    chrome: Chrome,
    /// The request of a patient who bought aftercare on its own.
    own: Option<String>,
}

/// A task as a row.
struct TaskLine {
    title: String,
    text: String,
    icon: &'static str,
    href: String,
    action: String,
    badge: Badge,
}

struct Instruction {
    title: String,
    category: String,
    body: String,
    repeat: Option<String>,
}

struct Medication {
    name: String,
    dose: String,
    until: String,
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "care_patient.html")]
struct CarePage {
    chrome: Chrome,
    stage: String,
    day: String,
    until: Option<String>,
    percent: u32,
    tasks_done: String,
    now: Vec<TaskLine>,
    later: Vec<TaskLine>,
    next_due: Option<String>,
    is_open: bool,
    is_over: bool,
    scan_href: String,
    phases: Html,
    avoid: Vec<String>,
    instructions: Vec<Instruction>,
    medications: Vec<Medication>,
    comparison: Option<Html>,
    photos: Vec<PhotoDay>,
    others: Vec<OtherPlan>,
    /// The request of a patient who bought aftercare on its own.
    own: Option<String>,
}

/// Another plan of the same patient.
struct OtherPlan {
    href: String,
    title: String,
    code: String,
    state: Badge,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let asked = ctx.asked("plan");
    let wanted = match asked.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::not_found())?),
    };
    let seen = query::own(&ctx.app, &ctx.actor, wanted).await?;
    let bought = standalone::current(&ctx.app, ctx.actor.patient()?).await?;
    let own = bought.map(|row| super::buy::request_path(row.id));
    match seen {
        Some(seen) => page(&view(&ctx, seen, own)),
        None => page(&NonePage { own, chrome: ctx.chrome }),
    }
}

fn view(ctx: &Ctx, seen: PatientPage, own: Option<String>) -> CarePage {
    let chrome = &ctx.chrome;
    let lines = |wanted: bool| -> Vec<TaskLine> {
        let fits = |task: &&TaskView| words::can_be_done(task.state) == wanted;
        seen.tasks.iter().filter(|_| seen.is_open).filter(fits).map(|task| line(chrome, &seen, task)).collect()
    };
    let days = seen.case.start_date.map(|start| (seen.today - start).num_days());
    let day = match (days, seen.case.start_date) {
        (Some(days), Some(start)) if days < 0 => chrome.tw("care-day-before", "date", chrome.date(start)),
        (days, _) => chrome.tn("care-day", "days", days.unwrap_or_default()),
    };
    let instructions = seen.instructions.iter().map(|told| Instruction {
        title: told.title.clone(),
        category: chrome.word("care-category", told.category.to_value()),
        body: told.body.clone(),
        repeat: told.repeat_days.map(|days| chrome.tn("care-repeat", "days", i64::from(days))),
    });
    let medications = seen.medications.iter().map(|taken| Medication {
        name: taken.medication_name.clone(),
        dose: format!("{} · {}", taken.dosage, chrome.word("care-frequency", taken.frequency_code.to_value())),
        until: chrome.tw("care-medication-until", "date", chrome.date(taken.end_date)),
        note: taken.special_instructions.clone().filter(|note| !note.is_empty()),
    });
    let kept = [("plan", seen.case.id.to_string())];
    CarePage {
        stage: chrome.tw("care-stage", "stage", &seen.case.recovery_stage),
        day,
        until: seen.case.end_date.map(|end| chrome.tw("care-until", "date", chrome.date(end))),
        percent: words::percent(seen.case.recovery_percentage),
        tasks_done: chrome.tn("care-tasks-done", "percent", i64::from(seen.task_progress)),
        now: lines(true),
        later: lines(false),
        next_due: seen.next_due.map(|due| chrome.tw("care-clear-next", "date", chrome.date(due))),
        is_open: seen.is_open,
        is_over: seen.case.status == AfterCareStatus::Completed,
        scan_href: scan_href(seen.case.id),
        phases: words::phases(chrome, &seen.milestones),
        avoid: seen.milestones.get(seen.current).map(|phase| phase.restrictions.clone()).unwrap_or_default(),
        instructions: instructions.collect(),
        medications: medications.collect(),
        comparison: compare::compared(ctx, HOME, &kept, &seen.scans),
        photos: words::photo_days(chrome, &seen.scans),
        own,
        others: seen.others.iter().map(|plan| other(chrome, plan)).collect(),
        chrome: chrome.clone(),
    }
}

fn other(chrome: &Chrome, plan: &query::OtherPlan) -> OtherPlan {
    OtherPlan {
        href: format!("{HOME}?plan={}", plan.id),
        title: match plan.start {
            Some(day) => chrome.tw("care-plan-from", "date", chrome.date(day)),
            None => chrome.t("care-plan-undated"),
        },
        code: plan.code.clone().unwrap_or_default(),
        state: super::case::status_badge(chrome, plan.status),
    }
}

fn line(chrome: &Chrome, seen: &PatientPage, task: &TaskView) -> TaskLine {
    let can_be_done = words::can_be_done(task.state);
    let (title, icon, href, action) = match (task.kind, task.questionnaire_id) {
        (TaskKind::Questionnaire, Some(id)) => {
            let name = seen.names.get(&id).cloned().unwrap_or_else(|| chrome.t("care-task-questionnaire"));
            let href = format!("/patient/aftercare/{}/questionnaires/{id}", seen.case.id);
            (name, "question", href, "care-now-answer")
        }
        _ => (chrome.t("care-task-scan"), "camera", scan_href(seen.case.id), "care-now-scan"),
    };
    let day = if can_be_done { task.due_date } else { task.opens_on };
    let key = if can_be_done { "care-due-on" } else { "care-opens-on" };
    TaskLine {
        title,
        text: locale::tr(chrome.locale, key, &[("date", chrome.date(day).into())]),
        icon,
        href,
        action: chrome.t(action),
        badge: words::state_badge(chrome, task.state),
    }
}

fn scan_href(case: AfterCareId) -> String {
    format!("/patient/aftercare/{case}/scan")
}
