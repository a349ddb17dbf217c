//! Affiliates for staff: the list, an invitation, one of them.

use askama::Template;
use axum::Router;
use axum::response::Response;
use kernel::ids::AffiliateId;
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::App;
use platform::web::routing::{get, handled, post};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use crate::entity::affiliates::{
    AffiliateCommissionType as Commission, AffiliateStatus as Status, AffiliateType as Kind,
};
use crate::partners::{self, AffiliateView, Filter, NewAffiliate};

const BASE: &str = "/admin/affiliates";

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/admin/affiliates", get(list))
        .route("/admin/affiliates/invite", get(show_invite).post(handled(invite)))
        .route("/admin/affiliates/{affiliate_id}", get(show))
        .route("/admin/affiliates/{affiliate_id}/resend", post(resend))
        .route("/admin/affiliates/{affiliate_id}/withdraw", post(withdraw))
}

struct Line {
    href: String,
    name: String,
    email: String,
    code: String,
    kind: String,
    commission: String,
    status: Badge,
}

#[derive(Template)]
#[template(path = "affiliates.html")]
struct AffiliatesPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
    may_invite: bool,
}

#[derive(Template)]
#[template(path = "affiliate_invite.html")]
struct AffiliateInvitePage {
    chrome: Chrome,
    form: Form,
    kinds: Vec<Choice>,
    commissions: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "affiliate_one.html")]
struct AffiliatePage {
    chrome: Chrome,
    href: String,
    name: String,
    status: Badge,
    alert: Html,
    facts: Vec<(String, String)>,
    /// Invited and without a password: until when the link opens the account, and whether that is over.
    link: Option<(Html, bool)>,
    last_login: Html,
    may_edit: bool,
}

fn status_badge(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Draft => Tone::Info,
        Status::Active => Tone::Good,
        Status::Suspended => Tone::Warn,
        Status::Inactive => Tone::Calm,
    };
    Badge::new(tone, chrome.word("affiliate-status", status.to_value()))
}

fn commission(chrome: &Chrome, row: &AffiliateView) -> String {
    match row.commission_kind {
        Commission::Percentage => {
            let value = row.commission_value.to_string();
            chrome.tw("affiliate-percent", "value", value.strip_suffix(".00").unwrap_or(&value))
        }
        Commission::Fixed => {
            let money = chrome.money(kernel::Money::new(row.commission_value, kernel::Currency::USD));
            chrome.tw("affiliate-per-booking", "money", money)
        }
    }
}

async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let filter = Filter {
        q: Some(ctx.asked("q")).filter(|q| !q.is_empty()),
        status: Status::try_from_value(&ctx.asked("status")).ok(),
    };
    let found = partners::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let may_invite = ctx.actor.can(Permission::CreateAffiliate);
    let chrome = ctx.chrome;
    let line = |row: AffiliateView| Line {
        href: format!("{BASE}/{}", row.id),
        commission: commission(&chrome, &row),
        status: status_badge(&chrome, row.status),
        kind: row.kind.map(|kind| chrome.word("affiliate-kind", kind.to_value())).unwrap_or_default(),
        code: row.code.unwrap_or_default(),
        name: row.name,
        email: row.email,
    };
    page(&AffiliatesPage {
        list: ListView::new(&chrome, &found.meta),
        states: Status::iter()
            .map(|status| Choice::new(status.to_value(), chrome.word("affiliate-status", status.to_value())))
            .collect(),
        lines: found.data.into_iter().map(line).collect(),
        may_invite,
        chrome,
    })
}

fn invite_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    page(&AffiliateInvitePage {
        kinds: Kind::iter()
            .map(|kind| Choice::new(kind.to_value(), chrome.word("affiliate-kind", kind.to_value())))
            .collect(),
        commissions: Commission::iter()
            .map(|kind| {
                let hint = chrome.word("affiliate-commission-hint", kind.to_value());
                Choice::new(kind.to_value(), chrome.word("affiliate-commission", kind.to_value())).hint(hint)
            })
            .collect(),
        form,
        chrome,
    })
}

async fn show_invite(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(Permission::CreateAffiliate)?;
    let form = Form::new(&ctx.chrome).with("affiliate_type", "influencer").with("commission_type", "percentage");
    invite_page(&ctx, form)
}

fn new_of(posted: &Posted) -> AppResult<NewAffiliate> {
    let text = |name: &str| posted.given(name).map(str::to_owned);
    let choice = |field: &'static str| AppError::field(field, "invalid", "Choose one of these.");
    Ok(NewAffiliate {
        name: posted.get("affiliate_name").to_owned(),
        email: posted.get("email").to_owned(),
        company: text("company_name"),
        contact_person: text("contact_person"),
        phone_number: text("phone_number"),
        kind: Kind::try_from_value(&posted.get("affiliate_type").to_owned()).map_err(|_| choice("affiliate_type"))?,
        commission_kind: Commission::try_from_value(&posted.get("commission_type").to_owned())
            .map_err(|_| choice("commission_type"))?,
        commission_value: posted.parse("commission_value")?,
        confirm_high: posted.ticked("confirm_high"),
    })
}

async fn invite(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(Permission::CreateAffiliate)?;
    let made = match new_of(&posted) {
        Ok(new) => partners::invite(&ctx.app, &ctx.actor, &new, ctx.locale()).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => Ok(ctx.done(&format!("{BASE}/{id}"), "invited")),
        Err(error) if error.kind == ErrorKind::Invalid => {
            let mut response = invite_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error))?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn show(Inside(ctx): Inside, Path(id): Path<AffiliateId>) -> ApiResult<Response> {
    affiliate_page(&ctx, id, Html::default()).await
}

async fn affiliate_page(ctx: &Ctx, id: AffiliateId, alert: Html) -> ApiResult<Response> {
    let row = partners::show(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome.clone();
    let kind = row.kind.map(|kind| chrome.word("affiliate-kind", kind.to_value()));
    let facts = [
        ("affiliate-number", row.code.clone()),
        ("signup-email", Some(row.email.clone())),
        ("patient-phone", row.phone_number.clone()),
        ("affiliate-company", row.company.clone()),
        ("affiliate-contact", row.contact_person.clone()),
        ("affiliate-kind", kind),
        ("affiliate-commission", Some(commission(&chrome, &row))),
        ("affiliate-since", Some(chrome.day(row.created_at))),
    ];
    page(&AffiliatePage {
        href: format!("{BASE}/{id}"),
        status: status_badge(&chrome, row.status),
        alert,
        facts: facts.into_iter().filter_map(|(key, value)| Some((chrome.t(key), value?))).collect(),
        link: row.link_expires_at.map(|end| (chrome.when(end), end <= chrome.now)),
        last_login: row.last_login_at.map(|at| chrome.when(at)).unwrap_or_default(),
        may_edit: ctx.actor.can(Permission::EditAffiliate),
        name: row.name,
        chrome,
    })
}

/// Back to the page, with what was done or why not.
async fn after(ctx: &Ctx, id: AffiliateId, done: AppResult<()>, to: (&str, &str)) -> ApiResult<Response> {
    match done {
        Ok(()) => Ok(ctx.done(to.0, to.1)),
        Err(error) if error.kind == ErrorKind::Conflict => {
            let said = platform::locale::error_sentence(ctx.locale(), &error);
            let mut response = affiliate_page(ctx, id, ui::alert(Tone::Warn, said, "")).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn resend(Inside(ctx): Inside, Path(id): Path<AffiliateId>, _: Posted) -> ApiResult<Response> {
    let done = partners::invite_again(&ctx.app, &ctx.actor, id, ctx.locale()).await;
    after(&ctx, id, done, (&format!("{BASE}/{id}"), "invited")).await
}

async fn withdraw(Inside(ctx): Inside, Path(id): Path<AffiliateId>, _: Posted) -> ApiResult<Response> {
    let done = partners::withdraw(&ctx.app, &ctx.actor, id).await;
    after(&ctx, id, done, (BASE, "invitation-cancelled")).await
}
