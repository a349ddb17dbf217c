//! One recovery as staff and clinics see it: the plan with its alarms, the pictures, the answers.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Permission;
use kernel::ids::AfterCareId;
use platform::web::{ApiResult, Path};
use sea_orm::ActiveEnum;
use serde_json::Value as Json;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Point, Portal, Series, TimelineEntry, Tone, page};

use super::answers::choice_word;
use super::compare;
use super::words::{self, PhotoDay};
use crate::entity::after_cares::AfterCareStatus;
use crate::entity::aftercare_workflows::AftercareWorkflowStatus;
use crate::queries::team::{self, Alarm, Answered, Part, TeamPage};
use crate::service::escalation::{CLINICAL, OUTCOMES};

/// The question whose answers the chart draws.
const PAIN: &str = "pain_level";

struct Tab {
    href: String,
    label: String,
    current: bool,
}

/// A line of the facts.
struct Fact {
    label: String,
    value: String,
}

/// An alarm with what can be done about it.
struct AlarmCard {
    title: String,
    status: Badge,
    level: String,
    due: Html,
    opened: Html,
    outcome: Option<String>,
    is_clinical: bool,
    can_take: bool,
    can_note: bool,
    can_close: bool,
    steps: Html,
    has_steps: bool,
    action: String,
}

/// One submission.
struct AnswerCard {
    title: String,
    date: String,
    urgent: bool,
    facts: Vec<Fact>,
}

/// A task that waits.
struct TaskLine {
    title: String,
    text: String,
    badge: Badge,
}

/// What a refused form says, and of which item it was.
pub(super) struct Refused {
    pub(super) form: Form,
    pub(super) status: StatusCode,
}

#[derive(Template)]
#[template(path = "care_case_staff.html")]
struct StaffCasePage {
    chrome: Chrome,
    v: CaseView,
}

#[derive(Template)]
#[template(path = "care_case_clinic.html")]
struct ClinicCasePage {
    chrome: Chrome,
    v: CaseView,
}

struct CaseView {
    back: String,
    base: String,
    patient: String,
    code: String,
    status: Badge,
    urgent: bool,
    stage: String,
    percent: u32,
    facts: Vec<Fact>,
    patient_href: Option<String>,
    clinic_href: Option<String>,
    booking_href: Option<String>,
    tabs: Vec<Tab>,
    part: Part,
    needs_reason: bool,
    form: Form,
    alarms: Vec<AlarmCard>,
    steps: Vec<Choice>,
    outcomes: Vec<Choice>,
    phases: Html,
    tasks: Vec<TaskLine>,
    comparison: Option<Html>,
    photos: Vec<PhotoDay>,
    chart: Option<Html>,
    answers: Vec<AnswerCard>,
}

impl CaseView {
    fn is_plan(&self) -> bool {
        self.part == Part::Plan
    }

    fn is_pictures(&self) -> bool {
        self.part == Part::Pictures
    }
}

/// The address of a case in the reader's portal.
pub(super) fn path(chrome: &Chrome, id: AfterCareId) -> String {
    let portal = if chrome.portal == Portal::Admin { "/admin" } else { "/provider" };
    format!("{portal}/aftercare/{id}")
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<AfterCareId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    shown(&ctx, id, Refused { form, status: StatusCode::OK }).await
}

/// The page with a form.
pub(super) async fn shown(ctx: &Ctx, id: AfterCareId, refused: Refused) -> ApiResult<Response> {
    let part = match ctx.asked("view").as_str() {
        "pictures" => Part::Pictures,
        "answers" => Part::Answers,
        _ => Part::Plan,
    };
    let seen = team::case(&ctx.app, &ctx.actor, id, part).await?;
    let v = view(ctx, seen, part, refused.form);
    let chrome = ctx.chrome.clone();
    let mut response = match chrome.portal {
        Portal::Admin => page(&StaffCasePage { chrome, v })?,
        _ => page(&ClinicCasePage { chrome, v })?,
    };
    *response.status_mut() = refused.status;
    Ok(response)
}

fn view(ctx: &Ctx, seen: TeamPage, part: Part, form: Form) -> CaseView {
    let chrome = &ctx.chrome;
    let is_staff = chrome.portal == Portal::Admin;
    let base = path(chrome, seen.case.id);
    let medical = !is_staff || ctx.actor.can(Permission::ViewPatientMedical);
    let tab = |wanted: Part, word: &str| Tab {
        href: if wanted == Part::Plan { base.clone() } else { format!("{base}?view={word}") },
        label: chrome.t(format!("care-tab-{word}")),
        current: wanted == part,
    };
    let mut tabs = vec![tab(Part::Plan, "plan")];
    if medical {
        tabs.extend([tab(Part::Pictures, "pictures"), tab(Part::Answers, "answers")]);
    }
    let waiting = seen.tasks.iter().map(|task| TaskLine {
        title: chrome.t(match task.questionnaire_id {
            Some(_) => "care-task-questionnaire",
            None => "care-task-scan",
        }),
        text: chrome.tw("care-due-on", "date", chrome.date(task.due_date)),
        badge: words::state_badge(chrome, task.state),
    });
    let choice = |prefix: &str, word: &str| Choice::new(word, chrome.word(prefix, word));
    CaseView {
        back: if is_staff { "/admin/aftercare".to_owned() } else { "/provider/aftercare".to_owned() },
        patient: seen.case.patient.as_ref().map(|patient| patient.display_name.clone()).unwrap_or_default(),
        code: seen.case.case_code.clone().unwrap_or_default(),
        status: status_badge(chrome, seen.case.status),
        urgent: seen.case.urgent,
        stage: chrome.tw("care-stage", "stage", &seen.case.recovery_stage),
        percent: words::percent(seen.case.recovery_percentage),
        facts: facts(chrome, &seen),
        patient_href: is_staff.then(|| format!("/admin/patients/{}", seen.patient)),
        clinic_href: is_staff.then(|| format!("/admin/clinics/{}", seen.case.provider_id)),
        booking_href: seen.case.quote_id.filter(|_| !is_staff).map(|quote| format!("/provider/treatments/{quote}")),
        tabs,
        part,
        needs_reason: seen.needs_reason && medical,
        form,
        alarms: seen.alarms.iter().filter_map(|alarm| card(ctx, &base, alarm)).collect(),
        steps: ["patient_contacted", "note"].map(|word| choice("care-step", word)).to_vec(),
        outcomes: OUTCOMES.map(|word| choice("care-outcome", word)).to_vec(),
        phases: words::phases(chrome, &seen.milestones),
        tasks: waiting.filter(|_| seen.case.status == AfterCareStatus::Active).collect(),
        comparison: compare::compared(ctx, &base, &[("view", "pictures".to_owned())], &seen.scans),
        photos: words::photo_days(chrome, &seen.scans),
        chart: pain_chart(chrome, &seen.answers),
        answers: seen.answers.iter().map(|answered| answer_card(chrome, answered)).collect(),
        base,
    }
}

/// Where a case stands.
pub(super) fn status_badge(chrome: &Chrome, status: AfterCareStatus) -> Badge {
    let tone = match status {
        AfterCareStatus::Active => Tone::Info,
        AfterCareStatus::Completed => Tone::Good,
        AfterCareStatus::Suspended => Tone::Warn,
    };
    Badge::new(tone, chrome.word("care-status", status.to_value()))
}

fn facts(chrome: &Chrome, seen: &TeamPage) -> Vec<Fact> {
    let fact = |key: &str, value: Option<String>| Some(Fact { label: chrome.t(key), value: value? });
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| chrome.date(day));
    let person = seen.case.patient.as_ref();
    let late = (seen.case.overdue_days > 0).then(|| chrome.tn("care-late-days", "days", seen.case.overdue_days));
    [
        fact("care-fact-code", person.and_then(|person| person.patient_code.clone())),
        fact("care-fact-age", person.and_then(|person| person.age).map(|age| age.to_string())),
        fact(
            "care-fact-country",
            person.and_then(|person| person.country.as_deref()).map(|code| chrome.country(code, "")),
        ),
        fact("care-fact-phone", person.and_then(|person| person.phone_number.clone())),
        fact("care-fact-start", day(seen.case.start_date)),
        fact("care-fact-end", day(seen.case.end_date)),
        fact("care-fact-next", day(seen.next_due)),
        fact("care-fact-late", late),
        fact("care-fact-done", Some(format!("{} %", seen.task_progress))),
        fact("care-fact-on-time", seen.on_time.map(|rate| format!("{rate} %"))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An alarm as a card; clinics get those that were raised to them.
fn card(ctx: &Ctx, base: &str, alarm: &Alarm) -> Option<AlarmCard> {
    let chrome = &ctx.chrome;
    let is_staff = chrome.portal == Portal::Admin;
    if !is_staff && alarm.item.level < 3 {
        return None;
    }
    let may_act = match is_staff {
        true => ctx.actor.can(Permission::ManageAftercare),
        false => ctx.actor.can(Permission::ManageAftercarePlan),
    } && alarm.is_open;
    let is_clinical = alarm.item.reason_code == CLINICAL;
    let tone = match alarm.item.status {
        AftercareWorkflowStatus::Open => Tone::Bad,
        AftercareWorkflowStatus::Acknowledged => Tone::Warn,
        AftercareWorkflowStatus::Resolved => Tone::Good,
        _ => Tone::Calm,
    };
    let step = |step: &team::StepLine| TimelineEntry {
        title: chrome.word("care-step", step.kind.to_value()),
        text: step.note.clone().unwrap_or_default(),
        at: chrome.when(step.at),
        tone: Tone::Calm,
        ahead: false,
    };
    let steps: Vec<TimelineEntry> = alarm.steps.iter().filter(|_| is_staff).map(step).collect();
    Some(AlarmCard {
        title: chrome.word("care-alarm", &alarm.item.reason_code),
        status: Badge::new(tone, chrome.word("care-alarm-state", alarm.item.status.to_value())),
        level: chrome.tn("care-alarm-level", "level", i64::from(alarm.item.level)),
        due: alarm.item.due_at.filter(|_| alarm.is_open).map(|at| chrome.when(at)).unwrap_or_default(),
        opened: chrome.when(alarm.item.created_at),
        outcome: alarm.item.outcome.as_ref().map(|outcome| chrome.word("care-outcome", outcome)),
        is_clinical,
        can_take: may_act && alarm.item.status == AftercareWorkflowStatus::Open,
        can_note: may_act,
        can_close: may_act && is_staff,
        has_steps: !steps.is_empty(),
        steps: ui::timeline(&steps),
        action: format!("{base}/alarms/{}", alarm.item.id),
    })
}

fn answer_card(chrome: &Chrome, answered: &Answered) -> AnswerCard {
    let mut asked: Vec<_> = answered.questions.iter().collect();
    asked.sort_by_key(|question| !question.highlight);
    let facts = asked.into_iter().filter_map(|question| {
        let value = said(chrome, answered.values.get(&question.question_id)?)?;
        Some(Fact { label: question.question_text.clone(), value })
    });
    AnswerCard {
        title: answered.name.clone(),
        date: chrome.date(answered.day),
        urgent: answered.urgent,
        facts: facts.collect(),
    }
}

/// A value in words.
fn said(chrome: &Chrome, value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::Array(chosen) => {
            let words: Vec<String> =
                chosen.iter().filter_map(|word| Some(choice_word(chrome, word.as_str()?))).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        Json::String(text) => {
            let is_word = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            Some(if is_word { choice_word(chrome, text) } else { text.clone() })
        }
        other => Some(other.to_string()),
    }
}

/// How the pain went, oldest first; a single answer is no line.
fn pain_chart(chrome: &Chrome, answers: &[Answered]) -> Option<Html> {
    let point = |answered: &Answered| {
        let level = answered.values.get(PAIN)?.as_i64()?;
        let day = answered.day.format("%d.%m").to_string();
        Some(Point::count(day, u64::try_from(level).unwrap_or_default()))
    };
    let points: Vec<Point> = answers.iter().rev().filter_map(point).collect();
    if points.len() < 2 {
        return None;
    }
    let series = Series { name: chrome.t("care-pain"), points };
    Some(ui::line_chart(chrome, &chrome.t("care-pain-title"), &[series]))
}
