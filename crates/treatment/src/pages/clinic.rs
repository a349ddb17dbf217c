//! The treatment day: who comes, what is paid, the days with their notes and pictures, and the end.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ids::QuoteId;
use kernel::{Permission, Timestamp};
use payments::service::flags::reportable_from;
use platform::entity::media::MediaView;
use platform::locale;
use platform::media::VIEWS;
use platform::web::{ApiResult, Path};
use quoting::entity::quotes::QuoteStatus;
use quoting::rules::slot;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Tone, page};

use super::patient::percent;
use super::words;
use crate::entity::timelines::TimelineStatus;
use crate::queries::page::{self as query, Arrival, ClinicPage};
use crate::rules::days::{clinic_may_set, is_terminal};
use crate::service::photos::Collection;
use crate::views::{CaseForStaff, DayForStaff, Outcome};

/// The forms of the page; the one that was sent holds what was typed.
pub(super) struct Forms {
    pub(super) check_in: Form,
    pub(super) welcome: Form,
    pub(super) set: Form,
    pub(super) end: Form,
    /// The form of one day, when it was refused: its number and what it holds.
    pub(super) day: Option<(i32, Form)>,
    /// The same of a day's picture.
    pub(super) photo: Option<(i32, Form)>,
}

/// A day as a card.
struct DayCard {
    number: i32,
    title: String,
    date: String,
    text: String,
    badge: Badge,
    /// The note, for those who only read.
    note: Option<String>,
    action: String,
    form: Form,
    photo_form: Form,
    states: Vec<Choice>,
    lock_version: i32,
    status_field: String,
    note_field: String,
    photo_field: String,
    phase_field: String,
    photos: Html,
    has_photos: bool,
    may_upload: bool,
    is_current: bool,
}

/// A fact about the patient.
struct Fact {
    label: String,
    value: String,
}

/// Something the end of the treatment needs.
struct Need {
    label: String,
    met: bool,
}

/// The result, once it is over.
struct Summary {
    at: Option<Timestamp>,
    actual: Option<i32>,
    variance: Option<String>,
    texts: Vec<Fact>,
}

#[derive(Template)]
#[template(path = "treat_day.html")]
struct DayView {
    chrome: Chrome,
    base: String,
    case_href: String,
    quote_href: String,
    /// Where the clinic asks to cancel, before the treatment.
    cancel: Option<String>,
    /// Where it reports that the patient did not come.
    no_show: Option<String>,
    patient: String,
    facts: Vec<Fact>,
    treatment: String,
    code: String,
    status: Badge,
    late: bool,
    label: Option<String>,
    appointment: Option<String>,
    clinician: Option<String>,
    estimate: Option<i32>,
    estimate_hint: String,
    paid: Option<Badge>,
    due: Option<String>,
    refusal: Option<String>,
    asks_early: bool,
    may_check_in: bool,
    is_ahead: bool,
    is_open: bool,
    may_document: bool,
    may_set_state: bool,
    checked_in: Option<Timestamp>,
    documentation_due: Option<Timestamp>,
    progress: String,
    percent: u32,
    days: Vec<DayCard>,
    welcome: Option<String>,
    forms: Forms,
    lock_version: i32,
    ends: Vec<Choice>,
    views: Vec<View>,
    set_photos: Html,
    has_set: bool,
    plans: Vec<Choice>,
    phases: Vec<Choice>,
    needs: Vec<Need>,
    summary: Option<Summary>,
}

/// A view of the standard set.
#[derive(Clone)]
struct View {
    field: &'static str,
    label: String,
}

/// Where the page is.
pub(super) fn path(id: QuoteId) -> String {
    format!("/provider/treatments/{id}")
}

impl Forms {
    /// The forms as they stand: drafts in the last one.
    pub(super) fn fresh(chrome: &Chrome, view: &CaseForStaff) -> Self {
        let drafts = view.outcome.as_ref();
        let text = |of: fn(&Outcome) -> &Option<String>| drafts.and_then(|seen| of(seen).clone());
        let grafts = drafts.and_then(|seen| seen.actual_graft_count).map(|count| count.to_string());
        Self {
            check_in: Form::new(chrome),
            welcome: Form::new(chrome).with_some("beginning_note", view.beginning_note.clone()),
            set: Form::new(chrome).with("collection", "head_scan_after"),
            end: Form::new(chrome)
                .with_some("conclusion_notes", text(|seen| &seen.conclusion_notes))
                .with_some("prescription", text(|seen| &seen.prescription))
                .with_some("medication_instructions", text(|seen| &seen.medication_instructions))
                .with_some("advice", text(|seen| &seen.advice))
                .with_some("actual_graft_count", grafts),
            day: None,
            photo: None,
        }
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let seen = query::of_clinic(&ctx.app, &ctx.actor, id).await?;
    let forms = Forms::fresh(&ctx.chrome, &seen.view);
    shown(&ctx, seen, forms, StatusCode::OK)
}

/// The page with these forms.
pub(super) fn shown(ctx: &Ctx, seen: ClinicPage, forms: Forms, status: StatusCode) -> ApiResult<Response> {
    let mut response = page(&view(ctx, seen, forms))?;
    *response.status_mut() = status;
    Ok(response)
}

fn view(ctx: &Ctx, seen: ClinicPage, forms: Forms) -> DayView {
    let chrome = &ctx.chrome;
    let case = &seen.view.case;
    let may_document = ctx.actor.can(Permission::DocumentTreatment);
    let is_open = case.status == QuoteStatus::Inprogress;
    let arrival = seen.arrival.as_ref();
    let refusal = arrival.and_then(|arrival| arrival.refusal.as_deref());
    let asks_early = refusal == Some("early_check_in_confirm");
    let (finished, total) = (case.progress.finished, case.progress.total);
    let args = [("done", finished.to_string().into()), ("total", total.to_string().into())];
    let set: Vec<_> = seen.photos.iter().filter(|photo| words::is_set(photo)).collect();
    let set_photos: Vec<_> = set.iter().map(|photo| words::photo(chrome, photo)).collect();
    let choice = |prefix: &str, word: &str| Choice::new(word, chrome.t(format!("{prefix}-{}", word.replace('_', "-"))));
    let plan = |plan: &query::Plan| {
        let args = [("name", plan.name.clone().into()), ("months", plan.months.to_string().into())];
        Choice::new(plan.id.to_string(), locale::tr(chrome.locale, "treat-plan", &args))
    };
    let first = Choice::new("", chrome.t("treat-plan-choose"));
    DayView {
        base: path(case.quote_id),
        case_href: format!("/provider/cases/{}", case.inquiry_id),
        quote_href: format!("/provider/quotes/{}", case.quote_id),
        cancel: (case.status == QuoteStatus::Confirmed && ctx.actor.can(Permission::CancelAppointment))
            .then(|| format!("/provider/bookings/{}/cancel", case.quote_id)),
        no_show: seen
            .appointment
            .at
            .filter(|at| chrome.now >= reportable_from(*at) && ctx.actor.can(Permission::CancelAppointment))
            .filter(|_| case.status == QuoteStatus::Confirmed)
            .map(|_| format!("/provider/bookings/{}/no-show", case.quote_id)),
        patient: case.patient.as_ref().map(|patient| patient.display_name.clone()).unwrap_or_default(),
        facts: facts(chrome, &seen.view),
        treatment: case.treatment_name.clone(),
        code: case.quote_code.clone().unwrap_or_default(),
        status: words::status_badge(chrome, case.status),
        late: case.documentation_overdue,
        label: case.case_label.map(|label| chrome.word("treat-label", sea_orm::ActiveEnum::to_value(&label))),
        appointment: words::appointment(chrome, &seen.appointment),
        clinician: words::clinician(seen.view.clinician.as_ref()),
        estimate: seen.view.estimated_graft_count,
        estimate_hint: seen
            .view
            .estimated_graft_count
            .map(|count| chrome.tn("treat-estimate-hint", "count", i64::from(count)))
            .unwrap_or_default(),
        paid: arrival.map(|arrival| paid_badge(chrome, arrival)),
        due: arrival
            .and_then(|arrival| arrival.due)
            .filter(|due| due.amount.is_positive())
            .map(|due| chrome.tw("treat-due", "amount", chrome.money(due))),
        refusal: refusal.filter(|_| !asks_early).map(|code| chrome.t(format!("error-{code}"))),
        asks_early,
        may_check_in: may_document && arrival.is_some() && (refusal.is_none() || asks_early),
        is_ahead: arrival.is_some(),
        is_open,
        may_document,
        may_set_state: ctx.actor.can(Permission::UpdateTreatmentStatus),
        checked_in: case.checked_in_at,
        documentation_due: seen.view.documentation_due_at.filter(|_| is_open),
        progress: locale::tr(chrome.locale, "treat-progress-days", &args),
        percent: percent(finished, total),
        days: seen.view.days.iter().map(|day| day_card(ctx, &seen, &forms, day)).collect(),
        welcome: seen.view.beginning_note.clone().filter(|note| !note.is_empty()),
        lock_version: seen.view.lock_version,
        ends: ["head_scan_before", "head_scan_after"].map(|word| choice("treat-set", word)).to_vec(),
        views: VIEWS.map(|view| view_field(chrome, view)).to_vec(),
        has_set: !set.is_empty(),
        set_photos: ui::photo_grid(&set_photos),
        plans: std::iter::once(first).chain(seen.plans.iter().map(plan)).collect(),
        phases: ["during", "before", "after"].map(|word| choice("treat-phase", word)).to_vec(),
        needs: needs(chrome, &seen),
        summary: case.completed_at.is_some().then(|| summary(chrome, &seen.view)),
        forms,
        chrome: chrome.clone(),
    }
}

fn paid_badge(chrome: &Chrome, arrival: &Arrival) -> Badge {
    match arrival.is_paid {
        true => Badge::new(Tone::Good, chrome.t("treat-paid")),
        false => Badge::new(Tone::Bad, chrome.t("treat-unpaid")),
    }
}

fn view_field(chrome: &Chrome, view: MediaView) -> View {
    let field = words::view_word(view);
    View { field, label: chrome.t(format!("treat-view-{field}")) }
}

/// What this member of the clinic may know of the patient: the members of the masked view, nothing else.
fn facts(chrome: &Chrome, view: &CaseForStaff) -> Vec<Fact> {
    let Some(patient) = &view.case.patient else { return Vec::new() };
    let fact = |key: &str, value: Option<String>| Some(Fact { label: chrome.t(key), value: value? });
    [
        fact("treat-fact-code", patient.patient_code.clone()),
        fact("treat-fact-age", patient.age.map(|age| age.to_string())),
        fact("treat-fact-country", patient.country.as_deref().map(|code| chrome.country(code, ""))),
        fact("treat-fact-phone", patient.phone_number.clone()),
        fact("treat-fact-email", patient.email.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn day_card(ctx: &Ctx, seen: &ClinicPage, forms: &Forms, day: &DayForStaff) -> DayCard {
    let chrome = &ctx.chrome;
    let number = day.day.day_number;
    let zone = seen.appointment.zone;
    let today = slot::clinic_date(ctx.now(), zone);
    let own = |photo: &&crate::views::PhotoView| {
        let taken = slot::clinic_date(photo.created_at, zone);
        !words::is_set(photo) && day_of(seen, taken) == Some(number)
    };
    let photos: Vec<_> = seen.photos.iter().filter(own).map(|photo| words::photo(chrome, photo)).collect();
    let may_be = |state: &TimelineStatus| *state == day.day.status || clinic_may_set(*state, day.day.plan_date, today);
    let states = words::STATES.into_iter().filter(may_be);
    let sent =
        |kept: &Option<(i32, Form)>| kept.as_ref().filter(|(sent, _)| *sent == number).map(|(_, form)| form.clone());
    let fresh = || {
        Form::new(chrome)
            .with(&format!("status_{number}"), words::state_word(day.day.status))
            .with_some(&format!("note_{number}"), day.note.clone())
    };
    DayCard {
        number,
        title: chrome.tn("treat-day", "number", i64::from(number)),
        date: chrome.date(day.day.plan_date),
        text: day.day.description.clone(),
        badge: words::state_badge(chrome, day.day.status),
        note: day.note.clone().filter(|note| !note.is_empty()),
        action: format!("{}/days/{number}", path(seen.view.case.quote_id)),
        form: sent(&forms.day).unwrap_or_else(fresh),
        photo_form: sent(&forms.photo).unwrap_or_else(|| Form::new(chrome).with(&format!("phase_{number}"), "during")),
        states: states.map(|state| Choice::new(words::state_word(state), words::state_name(chrome, state))).collect(),
        lock_version: day.lock_version,
        status_field: format!("status_{number}"),
        note_field: format!("note_{number}"),
        photo_field: format!("photo_{number}"),
        phase_field: format!("phase_{number}"),
        has_photos: !photos.is_empty(),
        photos: ui::photo_grid(&photos),
        may_upload: day.day.plan_date <= today,
        is_current: seen.view.case.progress.current_day == Some(number) && !is_terminal(day.day.status),
    }
}

/// The day of the plan a picture belongs to: the last one that had begun when it was added, else the first.
fn day_of(seen: &ClinicPage, taken: chrono::NaiveDate) -> Option<i32> {
    let days = &seen.view.days;
    let begun = days.iter().rev().find(|day| day.day.plan_date <= taken);
    begun.or(days.first()).map(|day| day.day.day_number)
}

fn needs(chrome: &Chrome, seen: &ClinicPage) -> Vec<Need> {
    let open = seen.view.days.iter().filter(|day| !is_terminal(day.day.status)).count();
    let has = |view: MediaView| {
        seen.photos.iter().any(|photo| photo.collection == Collection::HeadScanAfter && photo.view == Some(view))
    };
    let missing = VIEWS.into_iter().filter(|view| !has(*view)).count();
    let need = |key: &str, left: usize| Need {
        label: chrome.tn(key, "left", i64::try_from(left).unwrap_or(i64::MAX)),
        met: left == 0,
    };
    vec![need("treat-need-days", open), need("treat-need-views", missing)]
}

fn summary(chrome: &Chrome, view: &CaseForStaff) -> Summary {
    let done = view.outcome.as_ref();
    let texts = done.map(|done| {
        [
            ("treat-conclusion", &done.conclusion_notes),
            ("treat-prescription", &done.prescription),
            ("treat-medication", &done.medication_instructions),
            ("treat-advice", &done.advice),
        ]
    });
    let texts = texts.into_iter().flatten();
    Summary {
        at: view.case.completed_at,
        actual: done.and_then(|done| done.actual_graft_count),
        variance: done.and_then(|done| done.variance.as_ref()).map(|seen| words::variance(chrome, seen)),
        texts: texts.filter_map(|(key, text)| Some(Fact { label: chrome.t(key), value: text.clone()? })).collect(),
    }
}
