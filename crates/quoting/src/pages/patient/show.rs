//! One offer in full, declining it, and taking the whole request back.

use askama::Template;
use axum::response::Response;
use inquiry::case::CancelInput;
use kernel::ids::{InquiryId, QuoteId};
use kernel::{AppError, AppResult, ErrorKind};
use platform::entity::app_list_items;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Posted, page};

use super::{at_clinic, own, state, word};
use crate::entity::quotes::QuoteStatus;
use crate::queries;
use crate::service::{cancel, leave};
use crate::views::QuoteDetail;

struct Line {
    name: String,
    text: String,
    price: String,
}

#[derive(Template)]
#[template(path = "quote_patient_show.html")]
struct OfferPage {
    chrome: Chrome,
    clinic: String,
    clinic_href: String,
    place: String,
    state: Badge,
    reason: String,
    code: String,
    back: String,
    accept: Option<String>,
    decline: Option<String>,
    booking: Option<String>,
    until: Html,
    facts: Vec<(String, String)>,
    sums: Vec<(String, String)>,
    total: String,
    packages: Vec<Line>,
    inclusions: Vec<Line>,
    days: Vec<Line>,
    note: String,
}

pub(super) async fn detail(ctx: &Ctx, id: QuoteId) -> AppResult<QuoteDetail> {
    own(queries::show(&ctx.app, &ctx.actor, id).await?).ok_or_else(AppError::not_found)
}

pub(super) fn package_name(content: Option<&serde_json::Value>) -> String {
    let field = |name: &str| content.and_then(|it| it.get(name)).and_then(serde_json::Value::as_str);
    field("name").or_else(|| field("package_name")).or_else(|| field("title")).unwrap_or_default().to_owned()
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let quote = detail(&ctx, id).await?;
    let chrome = ctx.chrome;
    let summary = &quote.summary;
    let open = summary.status == QuoteStatus::Quote && summary.live;
    let booked = matches!(
        summary.status,
        QuoteStatus::Accepted
            | QuoteStatus::Confirmed
            | QuoteStatus::Inprogress
            | QuoteStatus::Aftercare
            | QuoteStatus::Completed
    );
    let facts = [
        ("offer-treatment", summary.treatment_name.clone()),
        ("offer-grafts", summary.estimated_grafts.map(|n| n.to_string()).unwrap_or_default()),
        ("offer-per-graft", summary.price_per_graft.map(|price| chrome.money(price)).unwrap_or_default()),
        ("offer-when", at_clinic(&chrome, summary.slot_at, summary.timezone.as_deref())),
        ("offer-zone", summary.timezone.clone().unwrap_or_default()),
        ("offer-clinician", summary.clinician.as_ref().map(|it| it.name.clone()).unwrap_or_default()),
    ];
    let price = &quote.price;
    let sums = [
        ("offer-sum-treatment", price.treatment),
        ("offer-sum-packages", price.packages),
        ("offer-sum-services", price.services),
        ("offer-sum-fees", price.fees),
        ("offer-sum-discount", price.discount),
    ];
    let lines = |lines: &[crate::views::LineView]| {
        let line = |it: &crate::views::LineView| Line {
            name: it.name.clone(),
            text: it.description.clone().unwrap_or_default(),
            price: chrome.money(it.price),
        };
        lines.iter().map(line).collect::<Vec<_>>()
    };
    let mut inclusions = lines(&quote.inclusions);
    inclusions.extend(quote.included_services.iter().map(|service| Line {
        name: chrome.word("offer-includes", word(service)),
        text: String::new(),
        price: String::new(),
    }));
    page(&OfferPage {
        clinic: summary.clinic.name.clone(),
        clinic_href: format!("/clinics/{}", summary.clinic.id),
        place: format!("{}, {}", summary.clinic.city, summary.clinic.country),
        state: state(&chrome, summary),
        reason: summary.status_reason.map(|reason| chrome.word("offer-reason", word(&reason))).unwrap_or_default(),
        code: summary.quote_code.clone().unwrap_or_default(),
        back: format!("/patient/cases/{}/quotes", summary.inquiry_id),
        accept: open.then(|| format!("/patient/quotes/{id}/accept")),
        decline: open.then(|| format!("/patient/quotes/{id}/decline")),
        booking: booked.then(|| format!("/patient/bookings/{id}")),
        until: summary.expires_at.filter(|_| open).map(|at| chrome.when(at)).unwrap_or_default(),
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (chrome.t(key), value))
            .collect(),
        sums: sums
            .into_iter()
            .filter(|(_, amount)| !amount.amount.is_zero())
            .map(|(key, amount)| (chrome.t(key), chrome.money(amount)))
            .collect(),
        total: chrome.money(price.total),
        packages: quote
            .package_lines
            .iter()
            .map(|it| Line {
                name: package_name(it.content.as_ref()),
                text: String::new(),
                price: chrome.money(it.price),
            })
            .collect(),
        inclusions,
        days: quote
            .plan
            .iter()
            .map(|day| Line { name: chrome.date(day.date), text: day.description.clone(), price: String::new() })
            .collect(),
        note: quote.note.clone().unwrap_or_default(),
        chrome,
    })
}

pub(super) async fn decline(Inside(ctx): Inside, Path(id): Path<QuoteId>, _: Posted) -> ApiResult<Response> {
    let quote = detail(&ctx, id).await?;
    leave::decline(&ctx.app, &ctx.actor, id).await?;
    Ok(ctx.done(&format!("/patient/cases/{}/quotes", quote.summary.inquiry_id), "offer-declined"))
}

#[derive(Template)]
#[template(path = "quote_patient_cancel.html")]
struct CancelPage {
    chrome: Chrome,
    case: String,
    action: String,
    form: Form,
    reasons: Vec<Choice>,
}

async fn cancel_page(ctx: &Ctx, id: InquiryId, form: Form) -> ApiResult<Response> {
    let rows = app_list_items::Entity::find()
        .filter(app_list_items::Column::ListKey.eq(inquiry::case::CANCELLATION_REASONS))
        .filter(app_list_items::Column::IsActive.eq(true))
        .order_by_asc(app_list_items::Column::DisplayOrder)
        .all(ctx.app.replica.conn())
        .await
        .map_err(AppError::from)?;
    let reason = |row: app_list_items::Model| {
        let known = platform::locale::find_text(ctx.locale(), &format!("cancel-reason-{}", row.code.replace('_', "-")));
        Choice::new(row.code, known.unwrap_or(row.label))
    };
    page(&CancelPage {
        case: format!("/patient/cases/{id}"),
        action: format!("/patient/cases/{id}/cancel"),
        reasons: rows.into_iter().map(reason).collect(),
        form,
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn ask_cancel(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    inquiry::queries::find(&ctx.app, &ctx.actor, id).await?;
    let form = Form::new(&ctx.chrome);
    cancel_page(&ctx, id, form).await
}

pub(super) async fn cancel(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let input = CancelInput {
        reason: posted.get("reason").to_owned(),
        notes: posted.given("notes").map(str::to_owned),
        feedback: posted.given("feedback").map(str::to_owned),
    };
    match cancel::cancel_inquiry(&ctx.app, &ctx.actor, id, &input).await {
        Ok(_) => Ok(ctx.done(&format!("/patient/cases/{id}"), "request-cancelled")),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = cancel_page(&ctx, id, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
