//! One patient's data as those handle it who answer requests about data: orders on it, and copies for the patient.

use askama::Template;
use axum::response::Response;
use identity::confirm;
use identity::entity::legal_holds::LegalHoldHoldableType;
use kernel::ids::PatientId;
use kernel::{ErrorKind, PageQuery};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Inside, Posted, page};

use super::holds::{Line, line};
use crate::service::{bundle, holds};

#[derive(Template)]
#[template(path = "admin_privacy_patient.html")]
struct SubjectPage {
    chrome: Chrome,
    code: String,
    patient_href: String,
    base: String,
    /// The newest copy: where it stands, and when it was asked for.
    copy: Option<(String, String)>,
    holds: Vec<Line>,
    hold_href: String,
    form: Form,
}

#[derive(Template)]
#[template(path = "admin_bundle_key.html")]
struct StaffKeyPage {
    chrome: Chrome,
    key: String,
    back: String,
}

fn base(id: PatientId) -> String {
    format!("/admin/privacy/patients/{id}")
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<PatientId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    subject_page(&ctx, id, form).await
}

async fn subject_page(ctx: &Ctx, id: PatientId, form: Form) -> ApiResult<Response> {
    let (code, newest) = bundle::of_patient(&ctx.app, &ctx.actor, id).await?;
    let on = Some((LegalHoldHoldableType::Patient, id.any()));
    let found = holds::list(&ctx.app, &ctx.actor, false, on, PageQuery { page: 1, per_page: 20 }).await?;
    let chrome = ctx.chrome.clone();
    page(&SubjectPage {
        patient_href: format!("/admin/patients/{id}"),
        hold_href: format!("/admin/privacy/holds/new?patient={}", ui::encode(&code)),
        code,
        base: base(id),
        copy: newest.map(|copy| {
            let state = chrome.word("bundle", super::word(&copy.status));
            (state, chrome.moment(copy.requested_at))
        }),
        holds: found.data.iter().map(|hold| line(&chrome, hold)).collect(),
        form,
        chrome,
    })
}

pub(super) async fn request_bundle(
    Inside(ctx): Inside,
    Path(id): Path<PatientId>,
    posted: Posted,
) -> ApiResult<Response> {
    if let Some(question) = confirm::ask(&ctx, &posted, &base(id)).await? {
        return Ok(question);
    }
    match bundle::request_for(&ctx.app, &ctx.actor, id, posted.get("reason")).await {
        Ok(made) => match made.key {
            Some(key) => page(&StaffKeyPage { chrome: ctx.chrome, key, back: base(id) }),
            None => Ok(ctx.done(&base(id), "bundle-under-way")),
        },
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) && error.code != "forbidden" => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = subject_page(&ctx, id, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
