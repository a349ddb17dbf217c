//! What the steps look like.

use askama::Template;
use axum::response::Response;
use catalogue::rules::questions::spoken;
use kernel::ids::InquiryId;
use kernel::{AppResult, FieldErrors};
use platform::entity::media::MediaView;
use platform::locale;
use platform::web::ApiResult;
use sea_orm::ActiveEnum;
use ui::{Choice, Chrome, Ctx, Form, Html, Tone, meter, page};

use super::calendar::{self, Month};
use super::clinics::{self, ClinicList};
use super::destinations::{self, PlaceList};
use super::evidence::EvidenceList;
use super::health::{self, HealthView};
use super::review::{answers_of, review};
use super::steps::{Step, VIEWS, part, removal};
use super::way::Way;
use super::wizard::draft_of;
use crate::entity::inquiries::{InquiryDurationOfConcern, InquiryProblem};
use crate::limits::Limits;
use crate::rules::submission::{self, DraftPayload, Facts, ScheduleInput};
use crate::service::draft::OpenDraft;
use crate::service::submit::{Lack, accepting_among, lacks, selectable_countries};
use crate::views::MediaItemView;

/// What surrounds every step.
pub(super) struct Frame {
    pub number: String,
    pub bar: Html,
    pub title: String,
    pub hint: String,
    pub action: String,
    pub back: String,
    /// The step's own address, to load it as it is stored.
    pub here: String,
    /// Hidden in the form: leads back to the review.
    pub from: &'static str,
}

/// Something to know before the answers, with the way to settle it.
pub(super) struct Notice {
    pub alert: Html,
    /// Address and words of the way; both empty when there is none.
    pub href: String,
    pub label: String,
}

/// How a step is shown beside what the draft holds.
pub(super) struct Look<'a> {
    pub form: Form,
    /// What was entered, stored or not.
    pub payload: &'a DraftPayload,
    /// The draft as it is stored.
    pub draft: Option<&'a OpenDraft>,
    pub way: Way,
    /// What is wrong with a file: whose, and the sentence.
    pub fault: Option<(String, String)>,
    /// Another device stored other answers meanwhile.
    pub conflict: bool,
    /// The medical question asked for; empty for the first that is open.
    pub question: &'a str,
}

struct RangeLine {
    text: String,
    op: String,
}

struct PhotoCard {
    word: String,
    title: String,
    hint: String,
    guide: Html,
    src: Option<String>,
    /// What the check of the picture found.
    verdict: Option<String>,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "request_start.html")]
struct StartPage {
    chrome: Chrome,
    notices: Vec<Notice>,
    go_on: Option<String>,
    first: String,
}

#[derive(Template)]
#[template(path = "request_active.html")]
struct ActivePage {
    chrome: Chrome,
    case: String,
}

#[derive(Template)]
#[template(path = "request_step.html")]
struct StepPage {
    chrome: Chrome,
    frame: Frame,
    form: Form,
    step: &'static str,
    /// Which of the medical questions, for what the browser keeps of the form.
    part: String,
    /// What the form was made from: other answers stored meanwhile are not overwritten.
    seen: String,
    notices: Vec<Notice>,
    /// What is stored, where it is not what was typed.
    stored: Option<String>,
    clinics: Option<ClinicList>,
    evidence: Option<EvidenceList>,
    places: Option<PlaceList>,
    choices: Vec<Choice>,
    more: Vec<Choice>,
    ranges: Vec<RangeLine>,
    /// How many of how many.
    ranges_count: String,
    first_day: String,
    weekdays: Vec<String>,
    months: Vec<Month>,
    photos: Vec<PhotoCard>,
    photos_done: usize,
    health: Option<HealthView>,
    yes_no: Vec<Choice>,
}

pub(super) fn frame(chrome: &Chrome, step: Step, way: &Way) -> Frame {
    let (here, all) = (step.index() + 1, Step::ALL.len());
    let number = locale::tr(
        chrome.locale,
        "request-step-of",
        &[("here", here.to_string().into()), ("all", all.to_string().into())],
    );
    let before = step.before().map_or_else(|| "/patient/request".to_owned(), Step::href);
    Frame {
        bar: meter(u32::try_from(here * 100 / all).unwrap_or(0), &number),
        number,
        title: chrome.t(format!("request-{}-title", step.word())),
        hint: chrome.t(format!("request-{}-hint", step.word())),
        action: step.href(),
        back: if way.review { Step::Review.href() } else { before },
        here: way.href(step),
        from: if way.review { "review" } else { "" },
    }
}

/// What a submission would be refused for beside the answers, said early, with the way to settle it and back.
pub(super) async fn notices(ctx: &Ctx, step: Step) -> AppResult<Vec<Notice>> {
    let chrome = &ctx.chrome;
    let found = lacks(&ctx.app, &ctx.actor).await?;
    let back = if step == Step::Review { step.href() } else { "/patient/request".to_owned() };
    let settle = format!("/patient/profile/complete?next={back}");
    let told = found.into_iter().map(|lack| {
        let (word, href) = match lack {
            Lack::Profile => ("profile", settle.clone()),
            Lack::Consents => ("consents", settle.clone()),
            Lack::Account => ("account", String::new()),
        };
        Notice {
            alert: ui::alert(
                Tone::Warn,
                chrome.t(format!("request-lack-{word}")),
                chrome.t(format!("request-lack-{word}-text")),
            ),
            label: if href.is_empty() { String::new() } else { chrome.t(format!("request-lack-{word}-open")) },
            href,
        }
    });
    Ok(told.collect())
}

/// What a step holds, as a fingerprint the form carries.
pub(super) fn seen(ctx: &Ctx, step: Step, draft: Option<&DraftPayload>, question: &str) -> String {
    let none = DraftPayload::default();
    let held = part(step, draft.unwrap_or(&none), question);
    ctx.app.keys.mac("inquiry-step", &format!("{}:{held}", step.word()))
}

pub(super) async fn start(ctx: &Ctx, open: Option<Step>) -> ApiResult<Response> {
    let go_on = open.map(Step::href);
    let notices = notices(ctx, Step::Wish).await?;
    page(&StartPage { chrome: ctx.chrome.clone(), notices, go_on, first: Step::Wish.href() })
}

pub(super) fn active(ctx: &Ctx, id: InquiryId) -> ApiResult<Response> {
    page(&ActivePage { chrome: ctx.chrome.clone(), case: format!("/patient/cases/{id}") })
}

/// The form of a step with what the draft holds.
pub(super) fn form_of(ctx: &Ctx, step: Step, draft: &DraftPayload) -> Form {
    let mut form = Form::new(&ctx.chrome);
    match step {
        Step::Wish => form = form.with_some("problem", draft.problem.map(|it| it.to_value())),
        Step::Concern => {
            form = form
                .with_some("problem_details", draft.problem_details.clone())
                .with_some("nature_of_concern", draft.nature_of_concern.clone());
        }
        Step::History => {
            form = form
                .with_some("duration_of_concern", draft.duration_of_concern.map(|it| it.to_value()))
                .with_some("previous_treatments", draft.previous_treatments.clone())
                .with_some("severity", draft.severity.map(|score| score.to_string()));
        }
        Step::Destinations => {
            for code in &draft.destinations {
                form = form.with("destinations", code);
            }
        }
        Step::Clinics => {
            for id in &draft.provider_ids {
                form = form.with("provider_ids", id.to_string());
            }
        }
        Step::Health => {
            for answer in draft.questionnaire.iter().flat_map(|given| &given.answers) {
                let word = if answer.answer { "yes" } else { "no" };
                form = form
                    .with(&format!("answer.{}", answer.question_id), word)
                    .with_some(&format!("details.{}", answer.question_id), answer.details.clone());
            }
        }
        Step::Habits => {
            form = form
                .with_some("lifestyle_factors", draft.lifestyle_factors.clone())
                .with_some("smoking_status", draft.smoking_status.clone())
                .with_some("alcohol_consumption", draft.alcohol_consumption.clone())
                .with_some("family_history", draft.family_history.clone())
                .with_some("additional_notes", draft.additional_notes.clone());
        }
        Step::Dates | Step::Photos | Step::Evidence | Step::Review => {}
    }
    form
}

/// Checks what depends on today, on the countries and on the clinics.
pub(super) async fn check_places(ctx: &Ctx, step: Step, draft: &DraftPayload) -> AppResult<()> {
    let conn = ctx.app.db.conn();
    let limits = Limits::load(&ctx.app).await?;
    let facts = Facts {
        today: ctx.now().date_naive(),
        countries: &selectable_countries(conn, ctx.now()).await?,
        clinics: &accepting_among(conn, &draft.provider_ids).await?,
        limits: &limits,
    };
    let mut errors = FieldErrors::new();
    if step == Step::Dates {
        submission::schedule(&draft.treatment_schedule, &facts, &mut errors);
        // On the page only the range that was just entered has fields.
        let mut found = FieldErrors::new();
        for (field, faults) in errors.0 {
            let own = if field.ends_with(".end") { "end" } else { "start" };
            found.0.entry(own.to_owned()).or_insert(faults);
        }
        return found.check();
    }
    submission::places(draft, &facts, &mut errors);
    let mut found = FieldErrors::new();
    for (field, faults) in errors.0 {
        let base = field.split('.').next().unwrap_or_default().to_owned();
        if Step::of_field(&base) == step {
            found.0.entry(base).or_insert(faults);
        }
    }
    found.check()
}

/// A file step once more, with what is wrong with a file beside it.
pub(super) async fn with_fault(
    ctx: &Ctx,
    which: Step,
    side: Option<&str>,
    sentence: Option<String>,
) -> ApiResult<Response> {
    let draft = draft_of(ctx).await?;
    let payload = draft.as_ref().map(|draft| draft.payload.clone()).unwrap_or_default();
    let look = Look {
        form: Form::new(&ctx.chrome),
        payload: &payload,
        draft: draft.as_ref(),
        way: Way::asked(ctx),
        fault: sentence.map(|sentence| (side.unwrap_or_default().to_owned(), sentence)),
        conflict: false,
        question: "",
    };
    step(ctx, which, look).await
}

pub(super) async fn step(ctx: &Ctx, step: Step, look: Look<'_>) -> ApiResult<Response> {
    if step == Step::Review {
        let Some(draft) = look.draft else { return start(ctx, None).await };
        return review(ctx, look.form, look.payload, draft, None).await;
    }
    let chrome = &ctx.chrome;
    let Look { form, payload, draft, way, fault, conflict, question } = look;
    let photos = if step == Step::Photos { photo_cards(ctx, draft, fault.as_ref()) } else { Vec::new() };
    let limits = Limits::load(&ctx.app).await?;
    let stored = match draft {
        Some(draft) if conflict => Some(stored(ctx, step, &draft.payload).await?),
        _ => None,
    };
    let mut told = if step == Step::Wish { notices(ctx, step).await? } else { Vec::new() };
    if way.dropped > 0 {
        let count = i64::try_from(way.dropped).unwrap_or(0);
        let text = chrome.tn("request-clinics-dropped", "count", count);
        told.push(Notice { alert: ui::alert(Tone::Info, text, ""), href: String::new(), label: String::new() });
    }
    let evidence = (step == Step::Evidence).then(|| {
        let items = draft.map(|draft| draft.media.as_slice()).unwrap_or_default();
        let files: Vec<MediaItemView> =
            items.iter().map(|item| MediaItemView::new(&ctx.app, &ctx.actor, item)).collect();
        EvidenceList::new(
            chrome,
            &files,
            &Step::Evidence.href(),
            (true, limits.max_evidence),
            fault.map(|(_, sentence)| sentence),
        )
    });
    let health = match step {
        Step::Health => Some(health::show(ctx, payload, question, &way).await?),
        _ => None,
    };
    let one = health.as_ref().and_then(|shown| shown.one.as_ref()).map(|card| card.id.clone()).unwrap_or_default();
    let first_day = ctx.now().date_naive() + chrono::Duration::days(limits.lead_days);
    let chosen: Vec<_> = payload.treatment_schedule.iter().filter_map(days_of).collect();
    let shown = StepPage {
        part: if one.is_empty() { String::new() } else { format!("-{one}") },
        seen: seen(ctx, step, draft.map(|draft| &draft.payload), &one),
        notices: told,
        stored,
        clinics: if step == Step::Clinics {
            Some(clinics::list(ctx, payload, &way, limits.max_selected).await?)
        } else {
            None
        },
        evidence,
        places: match step {
            Step::Destinations => Some(destinations::list(ctx, payload, limits.max_countries).await?),
            _ => None,
        },
        frame: frame(chrome, step, &way),
        choices: choices(ctx, step),
        more: if step == Step::History { severities() } else { Vec::new() },
        ranges: if step == Step::Dates { ranges(chrome, payload) } else { Vec::new() },
        ranges_count: locale::tr(
            chrome.locale,
            "request-ranges-count",
            &[
                ("count", payload.treatment_schedule.len().to_string().into()),
                ("most", limits.max_ranges.to_string().into()),
            ],
        ),
        first_day: first_day.to_string(),
        weekdays: calendar::weekdays(chrome),
        months: if step == Step::Dates { calendar::months(chrome, first_day, &chosen) } else { Vec::new() },
        photos_done: photos.iter().filter(|card| card.src.is_some()).count(),
        photos,
        health,
        yes_no: vec![Choice::new("yes", chrome.t("request-yes")), Choice::new("no", chrome.t("request-no"))],
        step: step.word(),
        form,
        chrome: chrome.clone(),
    };
    page(&shown)
}

/// What is stored of a step, for somebody who typed something else: the medical answers one by one.
async fn stored(ctx: &Ctx, step: Step, draft: &DraftPayload) -> AppResult<String> {
    let whole = answers_of(ctx, step, draft).await?;
    if step != Step::Health {
        return Ok(if whole.is_empty() { ctx.chrome.t("request-stored-nothing") } else { whole });
    }
    let set = catalogue::questionnaire::require_active(ctx.app.db.conn()).await?;
    let yes = draft.questionnaire.iter().flat_map(|given| &given.answers).filter(|answer| answer.answer);
    let lines = yes.filter_map(|answer| {
        let question = set.questions.iter().find(|question| question.id == answer.question_id)?;
        let text = spoken(ctx.locale(), &question.id, &question.text);
        Some(format!("{text} {} {}", ctx.chrome.t("request-yes"), answer.details.clone().unwrap_or_default()))
    });
    Ok(std::iter::once(whole).chain(lines).collect::<Vec<_>>().join("\n"))
}

fn severities() -> Vec<Choice> {
    (1..=10).map(|score| Choice::new(score.to_string(), score.to_string())).collect()
}

fn choices(ctx: &Ctx, step: Step) -> Vec<Choice> {
    let chrome = &ctx.chrome;
    match step {
        Step::Wish => [InquiryProblem::HairTransplant, InquiryProblem::BeardTransplant, InquiryProblem::Both]
            .iter()
            .map(|it| {
                let word = it.to_value();
                Choice::new(&word, chrome.word("request-problem", &word))
                    .hint(chrome.word("request-problem-text", &word))
            })
            .collect(),
        Step::History => {
            use sea_orm::Iterable;
            let all = InquiryDurationOfConcern::iter();
            all.map(|it| Choice::new(it.to_value(), chrome.word("request-duration", it.to_value()))).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn range_text(chrome: &Chrome, range: &ScheduleInput) -> String {
    let (start, end) = range.ends();
    let day =
        |text: &str| text.parse().map(|day: chrono::NaiveDate| chrome.date(day)).unwrap_or_else(|_| text.to_owned());
    if start == end { day(start) } else { format!("{} – {}", day(start), day(end)) }
}

fn days_of(range: &ScheduleInput) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let (start, end) = range.ends();
    Some((start.parse().ok()?, end.parse().ok()?))
}

fn ranges(chrome: &Chrome, payload: &DraftPayload) -> Vec<RangeLine> {
    let line = |range| RangeLine { text: range_text(chrome, range), op: removal(range) };
    payload.treatment_schedule.iter().map(line).collect()
}

/// From this score on a picture is called very sharp; what is stored is sharp enough.
const VERY_SHARP: i32 = 70;

fn photo_cards(ctx: &Ctx, draft: Option<&OpenDraft>, fault: Option<&(String, String)>) -> Vec<PhotoCard> {
    let stored = |side: MediaView| {
        let items = draft.map(|draft| draft.media.as_slice()).unwrap_or_default();
        items
            .iter()
            .find(|item| item.media.view == Some(side))
            .map(|item| MediaItemView::new(&ctx.app, &ctx.actor, item))
    };
    VIEWS
        .iter()
        .map(|side| {
            let (word, kept) = (side.to_value(), stored(*side));
            PhotoCard {
                title: ctx.chrome.word("request-view", &word),
                hint: ctx.chrome.word("request-view-hint", &word),
                guide: guide(*side),
                verdict: kept.as_ref().and_then(|it| it.quality_score).map(|score| {
                    let word = if score >= VERY_SHARP { "very-sharp" } else { "sharp-enough" };
                    ctx.chrome.word("request-photo", word)
                }),
                src: kept.map(|it| it.url),
                error: fault.filter(|(side, _)| *side == word).map(|(_, sentence)| sentence.clone()),
                word,
            }
        })
        .collect()
}

/// A drawn head seen from a side, to hold the phone alike.
fn guide(side: MediaView) -> Html {
    let drawing = match side {
        MediaView::Front => {
            "<path d=\"M30 58c0-22 8-34 20-34s20 12 20 34c0 16-8 28-20 28S30 74 30 58z\"/><path class=\"hair\" d=\"M30 52c0-20 8-30 20-30s20 10 20 30c-4-12-10-17-20-17s-16 5-20 17z\"/><path d=\"M42 56h.1M58 56h.1M46 72c2.600 1.600 5.400 1.600 8 0M50 57v7\"/>"
        }
        MediaView::Back => {
            "<path class=\"hair\" d=\"M29 60c0-24 8-37 21-37s21 13 21 37c0 8-2 13-5 17H34c-3-4-5-9-5-17z\"/><path d=\"M36 77v8h28v-8M29 58c-3 0-4 8 0 11M71 58c3 0 4 8 0 11\"/>"
        }
        MediaView::Top => {
            "<ellipse cx=\"50\" cy=\"54\" rx=\"23\" ry=\"29\"/><path class=\"hair\" d=\"M27 54c0-17 10-29 23-29s23 12 23 29c-5-9-13-13-23-13s-18 4-23 13z\"/><path d=\"M50 83v5M27 54c-3 1-3 8 0 9M73 54c3 1 3 8 0 9\"/>"
        }
        MediaView::Left => {
            "<path d=\"M34 52c-2 4-6 9-6 12h5v8c0 4 3 5 8 5v9h24V66c5-6 7-12 7-19 0-15-10-25-22-25-11 0-17 9-17 20z\"/><path class=\"hair\" d=\"M34 44c0-13 6-22 17-22 12 0 22 10 22 25 0 7-2 13-7 19-1-10-4-18-12-21-7-2-14-2-20-1z\"/><path d=\"M55 56c3-2 6 1 5 5s-4 4-5 2\"/>"
        }
        _ => {
            "<path d=\"M66 52c2 4 6 9 6 12h-5v8c0 4-3 5-8 5v9H35V66c-5-6-7-12-7-19 0-15 10-25 22-25 11 0 17 9 17 20z\"/><path class=\"hair\" d=\"M66 44c0-13-6-22-17-22-12 0-22 10-22 25 0 7 2 13 7 19 1-10 4-18 12-21 7-2 14-2 20-1z\"/><path d=\"M45 56c-3-2-6 1-5 5s4 4 5 2\"/>"
        }
    };
    Html(format!("<svg class=\"guide\" viewBox=\"0 0 100 100\" aria-hidden=\"true\">{drawing}</svg>"))
}
