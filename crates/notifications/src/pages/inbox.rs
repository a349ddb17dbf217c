//! The inbox of whoever is signed in.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Timestamp;
use kernel::ids::NotificationId;
use platform::web::{ApiResult, Path};
use ui::{Chrome, Inside, ListView, Portal, Posted, local_path, page};

use crate::entity::alerts_notifications::{self as rows, NotificationCategory as Category};
use crate::{queries, service};

struct Row {
    href: String,
    icon: &'static str,
    look: &'static str,
    title: String,
    body: String,
    at: Timestamp,
    is_new: bool,
}

struct Inbox {
    path: String,
    only_unread: bool,
    unread: i64,
    rows: Vec<Row>,
    list: ListView,
}

#[derive(Template)]
#[template(path = "notify_patient.html")]
struct ForPatient {
    chrome: Chrome,
    inbox: Inbox,
}

#[derive(Template)]
#[template(path = "notify_provider.html")]
struct ForClinic {
    chrome: Chrome,
    inbox: Inbox,
}

#[derive(Template)]
#[template(path = "notify_admin.html")]
struct ForStaff {
    chrome: Chrome,
    inbox: Inbox,
}

#[derive(Template)]
#[template(path = "notify_affiliate.html")]
struct ForAffiliate {
    chrome: Chrome,
    inbox: Inbox,
}

fn address(chrome: &Chrome) -> String {
    format!("{}/notifications", chrome.portal.home())
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let only_unread = ctx.asked("show") == "unread";
    let found = queries::inbox(&ctx.app, &ctx.actor, only_unread, ctx.page_query()).await?;
    let unread = match only_unread {
        true => found.meta.total,
        false => queries::unread_count(&ctx.app, &ctx.actor).await?,
    };
    let chrome = ctx.chrome;
    let path = address(&chrome);
    let inbox = Inbox {
        only_unread,
        unread: i64::try_from(unread).unwrap_or(i64::MAX),
        list: ListView::new(&chrome, &found.meta),
        rows: found.data.into_iter().map(|found| row(&path, found)).collect(),
        path,
    };
    match chrome.portal {
        Portal::Provider => page(&ForClinic { chrome, inbox }),
        Portal::Admin => page(&ForStaff { chrome, inbox }),
        Portal::Affiliate => page(&ForAffiliate { chrome, inbox }),
        _ => page(&ForPatient { chrome, inbox }),
    }
}

/// Marks one as read and goes where it leads.
pub(super) async fn open(Inside(ctx): Inside, Path(id): Path<NotificationId>) -> ApiResult<Response> {
    let found = queries::one(&ctx.app, &ctx.actor, id).await?;
    if !found.is_read {
        service::mark(&ctx.app, &ctx.actor, id, true).await?;
    }
    let inbox = address(&ctx.chrome);
    let wanted = local_path(found.action_url.as_deref().unwrap_or_default(), &inbox);
    // A page of another portal would only ask to sign in.
    let to = if Portal::of_path(&wanted) == ctx.chrome.portal { wanted } else { inbox };
    Ok(Redirect::to(&to).into_response())
}

pub(super) async fn read_all(Inside(ctx): Inside, _: Posted) -> ApiResult<Response> {
    service::read_all(&ctx.app, &ctx.actor).await?;
    Ok(ctx.done(&address(&ctx.chrome), "notify-read-all"))
}

fn row(path: &str, found: rows::Model) -> Row {
    Row {
        href: format!("{path}/{}/open", found.id),
        icon: icon_of(found.category),
        look: look_of(&found.event_key),
        title: found.title,
        body: found.body,
        at: found.created_at,
        is_new: !found.is_read,
    }
}

fn icon_of(category: Category) -> &'static str {
    match category {
        Category::Account => "person",
        Category::Inquiry => "inbox",
        Category::Quote => "file",
        Category::Booking => "ticket",
        Category::Treatment => "scan",
        Category::Payment => "card",
        Category::Payout => "wallet",
        Category::Travel => "plane",
        Category::Messaging => "chat",
        Category::Aftercare => "heart",
        Category::Review => "star",
        Category::Promotion => "sparkle",
        Category::Affiliate => "people",
        Category::Compliance | Category::Legal => "shield",
        Category::System => "info",
    }
}

/// The colour behind the icon: good news, something that runs out, something wrong.
fn look_of(event: &str) -> &'static str {
    let last = event.rsplit('.').next().unwrap_or_default();
    match last {
        "escalation_triggered" | "escalation_raised" | "failed" => "bad",
        "expiring_soon" | "hold_expiring" | "hold_released" | "no_quotes" | "unmatched" | "flagged" => "warn",
        "confirmed" | "received" if !event.starts_with("message.") => "good",
        "completed" | "published" => "good",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::look_of;

    #[test]
    fn only_what_matters_has_a_colour() {
        for (event, look) in [
            ("aftercare.escalation_raised", "bad"),
            ("payment.failed", "bad"),
            ("payment.received", "good"),
            ("message.received", ""),
            ("booking.hold_expiring", "warn"),
            ("quote.submitted", ""),
        ] {
            assert_eq!(look_of(event), look, "{event}");
        }
    }
}
