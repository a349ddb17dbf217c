//! The last step: everything once more, what is missing beside the answers, and the send button.

use askama::Template;
use axum::response::Response;
use kernel::{AppError, AppResult};
use platform::entity::countries;
use platform::locale;
use platform::web::ApiResult;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter};
use ui::{Chrome, Ctx, Form, page};

use super::steps::Step;
use super::view::{Frame, Notice, frame, notices, range_text};
use super::way::Way;
use crate::rules::submission::DraftPayload;
use crate::service::draft::OpenDraft;
use crate::views::MediaItemView;
use platform::entity::media::MediaCollection;

/// One answer, or one fault, with the way to it.
pub(super) struct SummaryLine {
    pub label: String,
    pub value: String,
    pub href: String,
}

#[derive(Template)]
#[template(path = "request_review.html")]
struct ReviewPage {
    chrome: Chrome,
    frame: Frame,
    form: Form,
    /// What the page shows, for knowing whether something else is sent.
    seen: String,
    lines: Vec<SummaryLine>,
    photos: Vec<ui::Photo>,
    photos_href: String,
    faults: Vec<SummaryLine>,
    notices: Vec<Notice>,
}

/// What a review shows, as a fingerprint: another device may change an answer or a picture before it is sent.
pub(super) fn seen(ctx: &Ctx, draft: &OpenDraft) -> String {
    let payload = DraftPayload { terms_accepted: false, ..draft.payload.clone() };
    let mut pictures: Vec<String> = draft.media.iter().map(|item| item.media.id.to_string()).collect();
    pictures.sort_unstable();
    let shown = serde_json::json!([draft.row.id, payload, pictures]);
    ctx.app.keys.mac("inquiry-review", &shown.to_string())
}

/// The names of countries in the reader's language; the stored ones are read only for those we have no word for.
pub(super) async fn country_names(ctx: &Ctx, codes: &[String]) -> AppResult<Vec<String>> {
    let known = |code: &String| locale::find_text(ctx.locale(), &format!("country-{}", code.to_ascii_lowercase()));
    if codes.iter().all(|code| known(code).is_some()) {
        return Ok(codes.iter().filter_map(known).collect());
    }
    let rows = countries::Entity::find()
        .filter(countries::Column::IsoCode.is_in(codes.iter().map(String::as_str)))
        .all(ctx.app.replica.conn())
        .await?;
    let name = |code: &String| {
        let row = rows.iter().find(|row| row.iso_code == *code);
        locale::country(ctx.locale(), code, row.map_or("", |row| row.name.as_str()))
    };
    Ok(codes.iter().map(name).collect())
}

/// What one step holds, in the reader's words.
pub(super) async fn answers_of(ctx: &Ctx, step: Step, payload: &DraftPayload) -> AppResult<String> {
    let chrome = &ctx.chrome;
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let joined = |parts: Vec<String>, between: &str| {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
    };
    Ok(match step {
        Step::Wish => payload.problem.map(|it| chrome.word("request-problem", it.to_value())).unwrap_or_default(),
        Step::Concern => joined(vec![given(&payload.problem_details), given(&payload.nature_of_concern)], "\n"),
        Step::History => {
            let since = payload.duration_of_concern;
            let since = since.map(|it| chrome.word("request-duration", it.to_value())).unwrap_or_default();
            let score = payload.severity.map(|score| format!("{score}/10")).unwrap_or_default();
            joined(vec![since, given(&payload.previous_treatments), score], " · ")
        }
        Step::Destinations => country_names(ctx, &payload.destinations).await?.join(", "),
        Step::Dates => {
            let ranges = payload.treatment_schedule.iter().map(|range| range_text(chrome, range));
            ranges.collect::<Vec<_>>().join(", ")
        }
        Step::Clinics => {
            let rows = directory::clinics::load_many(ctx.app.replica.conn(), &payload.provider_ids).await?;
            rows.into_iter().map(|clinic| clinic.provider_name).collect::<Vec<_>>().join(", ")
        }
        Step::Health => {
            let answers = payload.questionnaire.iter().flat_map(|given| &given.answers);
            let yes = i64::try_from(answers.filter(|answer| answer.answer).count()).unwrap_or(0);
            chrome.tn("request-yes-count", "count", yes)
        }
        Step::Habits => {
            let told = [
                &payload.lifestyle_factors,
                &payload.smoking_status,
                &payload.alcohol_consumption,
                &payload.family_history,
                &payload.additional_notes,
            ];
            joined(told.into_iter().map(given).collect(), "\n")
        }
        Step::Photos | Step::Evidence | Step::Review => String::new(),
    })
}

pub(super) async fn review(
    ctx: &Ctx,
    form: Form,
    payload: &DraftPayload,
    draft: &OpenDraft,
    refused: Option<&AppError>,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let way = Way { review: true, ..Way::default() };
    let label = |step: Step| chrome.t(format!("request-{}-short", step.word()));
    let mut lines = Vec::new();
    let asked = [
        Step::Wish,
        Step::Concern,
        Step::History,
        Step::Destinations,
        Step::Dates,
        Step::Clinics,
        Step::Health,
        Step::Habits,
    ];
    for step in asked {
        lines.push(SummaryLine {
            label: label(step),
            value: answers_of(ctx, step, payload).await?,
            href: way.href(step),
        });
    }
    let extra = draft.media.iter().filter(|item| item.media.collection == MediaCollection::Evidence).count();
    lines.push(SummaryLine {
        label: label(Step::Evidence),
        value: chrome.tn("request-evidence-count", "count", i64::try_from(extra).unwrap_or(0)),
        href: way.href(Step::Evidence),
    });
    let photos = draft.media.iter().filter(|item| item.media.view.is_some()).map(|item| {
        let side = item.media.view.map(|side| chrome.word("request-view", side.to_value())).unwrap_or_default();
        ui::Photo::new(MediaItemView::new(&ctx.app, &ctx.actor, item).url, side)
    });
    let faults = refused.iter().flat_map(|error| error.fields.0.keys()).filter_map(|field| {
        let step = Step::of_field(field);
        let value = form.error(field).unwrap_or_default().to_owned();
        (step != Step::Review).then(|| SummaryLine { label: label(step), value, href: way.href(step) })
    });
    page(&ReviewPage {
        frame: frame(chrome, Step::Review, &Way::default()),
        lines,
        photos: photos.collect(),
        photos_href: way.href(Step::Photos),
        faults: faults.collect(),
        notices: notices(ctx, Step::Review).await?,
        seen: seen(ctx, draft),
        form,
        chrome: chrome.clone(),
    })
}
