//! A request nobody answered in time goes on, if its patient wants that (R-IQ-28).

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::InquiryId;
use kernel::{Actor, AppResult, ErrorKind, Timestamp};
use platform::App;
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use crate::distribution::OPEN;
use crate::entity::inquiries::InquiryStatus;
use crate::queries::{self, Row};
use crate::service::extend::{self, ExtendInput};

#[derive(Template)]
#[template(path = "request_extend.html")]
struct ExtendPage {
    chrome: Chrome,
    case: String,
    action: String,
    code: String,
    form: Form,
    asked: String,
    countries: Vec<Choice>,
}

fn address(id: InquiryId) -> String {
    format!("/patient/cases/{id}")
}

/// Whether nobody can answer any more; the clock may be ahead of the job that ends the request.
fn is_over(row: &Row, now: Timestamp) -> bool {
    let inquiry = &row.inquiry;
    let waiting = row.clinics.iter().any(|clinic| OPEN.contains(&clinic.status) && clinic.response_deadline_at > now);
    inquiry.archived_at.is_none()
        && match inquiry.status {
            InquiryStatus::Expired => true,
            InquiryStatus::Inquiry => !waiting && inquiry.quote_deadline_at.is_some_and(|end| end <= now),
            _ => false,
        }
}

async fn load(app: &App, actor: &Actor, id: InquiryId) -> AppResult<Row> {
    actor.patient()?;
    queries::row(app, actor, id).await
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let found = load(&ctx.app, &ctx.actor, id).await?;
    if !is_over(&found, ctx.now()) {
        return Ok(Redirect::to(&address(id)).into_response());
    }
    let form = Form::new(&ctx.chrome);
    extend_page(&ctx, &found, form).await
}

async fn extend_page(ctx: &Ctx, found: &Row, form: Form) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let mut countries: Vec<Choice> = queries::countries_with_clinics(&ctx.app)
        .await?
        .into_iter()
        .filter(|code| !found.destinations.contains(code))
        .map(|code| Choice::new(code.clone(), locale::country(chrome.locale, &code, "")))
        .collect();
    countries.sort_by(|a, b| a.label.cmp(&b.label));
    page(&ExtendPage {
        case: address(found.inquiry.id),
        action: format!("{}/extend", address(found.inquiry.id)),
        code: found.inquiry.inquiry_code.clone().unwrap_or_default(),
        asked: chrome.tn("extend-asked", "count", i64::try_from(found.clinics.len()).unwrap_or_default()),
        countries,
        form,
        chrome: chrome.clone(),
    })
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let countries: Vec<String> = posted.all("countries").into_iter().map(str::to_owned).collect();
    let input = ExtendInput { countries: Some(countries), reason: None };
    let error = match extend::extend(&ctx.app, &ctx.actor, id, &input).await {
        // The form was sent twice: it goes on already.
        Err(error) if error.code != "inquiry_not_expired" => error,
        _ => return Ok(ctx.done(&address(id), "request-extended")),
    };
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let found = load(&ctx.app, &ctx.actor, id).await?;
    let form = Form::posted(&ctx.chrome, &posted).refused(&error);
    let mut response = extend_page(&ctx, &found, form).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}
