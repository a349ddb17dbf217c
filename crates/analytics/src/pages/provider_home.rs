//! A clinic's first page: what needs an answer and by when.

use askama::Template;
use axum::response::Response;
use identity::service::tour;
use kernel::{Permission, Timestamp};
use platform::locale;
use platform::web::ApiResult;
use ui::{Badge, Chrome, Ctx, Html, Inside, Point, Series, Tone, line_chart, page};

use crate::provider_view::{self, Day, Item, Visit, Waiting};

/// Entries of the list of what waits; the rest is behind the lists.
const SHOWN: usize = 12;

struct Tile {
    href: &'static str,
    icon: &'static str,
    label: String,
    figure: String,
    note: String,
    look: &'static str,
}

struct Row {
    href: String,
    icon: &'static str,
    look: &'static str,
    title: String,
    text: String,
    by: Html,
    badge: Option<Badge>,
}

/// One of the first steps of somebody new.
struct Step {
    href: &'static str,
    icon: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "home_provider_page.html")]
struct HomePage {
    chrome: Chrome,
    /// The first steps, while somebody is new.
    tour: Vec<Step>,
    tiles: Vec<Tile>,
    waiting: Vec<Row>,
    /// How many wait beyond the ones shown.
    more: i64,
    today: Vec<Row>,
    week: Vec<Row>,
    chart: Html,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let day = provider_view::day(&ctx.app, &ctx.actor).await?;
    let tour = if tour::is_due(&ctx.app, &ctx.actor).await? { steps(&ctx) } else { Vec::new() };
    let chrome = ctx.chrome;
    let (today, week): (Vec<&Visit>, Vec<&Visit>) =
        day.visits.iter().partition(|visit| visit.is_today || visit.is_running || visit.at <= chrome.now);
    page(&HomePage {
        tour,
        tiles: tiles(&chrome, &day),
        waiting: day.waiting.iter().take(SHOWN).map(|item| waiting(&chrome, item)).collect(),
        more: i64::try_from(day.waiting.len().saturating_sub(SHOWN)).unwrap_or(i64::MAX),
        today: today.into_iter().map(|visit| visit_row(&chrome, visit)).collect(),
        week: week.into_iter().map(|visit| visit_row(&chrome, visit)).collect(),
        chart: chart(&chrome, &day),
        chrome,
    })
}

/// Where somebody new begins: what they may open, and the own account last.
fn steps(ctx: &Ctx) -> Vec<Step> {
    let all = [
        ("/provider/inquiries", "inbox", "inquiries", Some(Permission::ViewInquiry)),
        ("/provider/calendar", "calendar", "calendar", Some(Permission::ViewCalendar)),
        ("/provider/aftercare", "heart", "aftercare", Some(Permission::ViewAftercare)),
        ("/provider/profile", "clinic", "profile", Some(Permission::EditProfile)),
        ("/provider/team", "people", "team", Some(Permission::InviteTeamMember)),
        ("/provider/account", "lock", "account", None),
    ];
    all.into_iter()
        .filter(|(_, _, _, needs)| needs.is_none_or(|right| ctx.actor.can(right)))
        .map(|(href, icon, key, _)| Step {
            href,
            icon,
            title: ctx.chrome.t(format!("tour-{key}")),
            text: ctx.chrome.t(format!("tour-{key}-text")),
        })
        .collect()
}

fn tiles(chrome: &Chrome, day: &Day) -> Vec<Tile> {
    let tile = |href, icon, key: &str, figure: String, look| Tile {
        href,
        icon,
        label: chrome.t(format!("desk-{key}")),
        note: chrome.t(format!("desk-{key}-note")),
        figure,
        look,
    };
    let warn = |count: usize| if count > 0 { "warn" } else { "" };
    let mut tiles = vec![
        tile("/provider/inquiries", "inbox", "to-answer", day.to_answer.to_string(), warn(day.to_answer)),
        tile("/provider/inquiries", "file", "offers", day.offers.to_string(), ""),
        tile("/provider/bookings", "clock", "held", day.held.to_string(), ""),
        tile("/provider/calendar", "calendar", "visits", day.visits.len().to_string(), ""),
    ];
    let urgent = if day.urgent > 0 { "bad" } else { "" };
    tiles.push(tile("/provider/aftercare", "heart", "urgent", day.urgent.to_string(), urgent));
    if let Some(unread) = day.unread {
        tiles.push(tile("/provider/messages", "chat", "messages", unread.to_string(), ""));
    }
    if let Some(rate) = acceptance(day) {
        tiles.push(tile("/provider/bookings", "trend", "rate", format!("{rate} %"), ""));
    }
    tiles
}

/// Of a hundred offers of the year, how many were accepted.
fn acceptance(day: &Day) -> Option<u64> {
    let quotes: u64 = day.months.iter().map(|(_, month)| month.quotes).sum();
    let bookings: u64 = day.months.iter().map(|(_, month)| month.bookings).sum();
    (bookings * 100 + quotes / 2).checked_div(quotes)
}

fn waiting(chrome: &Chrome, item: &Item) -> Row {
    let text = |code: &Option<String>| match code {
        Some(code) => format!("{} · {code}", item.patient),
        None => item.patient.clone(),
    };
    let (href, icon, key, text, is_new) = match &item.what {
        Waiting::Answer { inquiry, code, is_opened } => {
            (format!("/provider/cases/{inquiry}"), "inbox", "desk-answer", text(code), !is_opened)
        }
        Waiting::OfferEnds { quote, code } => {
            (format!("/provider/quotes/{quote}"), "file", "desk-offer-ends", text(code), false)
        }
        Waiting::Recovery { plan, is_clinical } => {
            let key = if *is_clinical { "desk-clinical" } else { "desk-overdue" };
            (format!("/provider/aftercare/{plan}"), "heart", key, item.patient.clone(), false)
        }
    };
    let urgency = urgency(item, chrome.now);
    let badge = match (&item.what, urgency) {
        (Waiting::Recovery { is_clinical: true, .. }, _) => Some(Badge::new(Tone::Bad, chrome.t("desk-urgent-now"))),
        (_, Tone::Bad) => Some(Badge::new(Tone::Bad, chrome.t("desk-late"))),
        (_, Tone::Warn) => Some(Badge::new(Tone::Warn, chrome.t("desk-today"))),
        _ if is_new => Some(Badge::new(Tone::Info, chrome.t("desk-new"))),
        _ => None,
    };
    Row {
        href,
        icon,
        look: match urgency {
            Tone::Bad => "bad",
            Tone::Warn => "warn",
            _ => "",
        },
        title: chrome.t(key),
        text,
        by: item.by.map(|by| chrome.when(by)).unwrap_or_default(),
        badge,
    }
}

fn urgency(item: &Item, now: Timestamp) -> Tone {
    match item.what {
        Waiting::Recovery { is_clinical: true, .. } => Tone::Bad,
        _ => match item.by.map(|by| by - now) {
            Some(left) if left.num_seconds() <= 0 => Tone::Bad,
            Some(left) if left.num_hours() < 24 => Tone::Warn,
            _ => Tone::Calm,
        },
    }
}

fn visit_row(chrome: &Chrome, visit: &Visit) -> Row {
    let zone = visit.zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    let badge = match (visit.is_running, visit.is_today, visit.at <= chrome.now) {
        (true, ..) => Some(Badge::new(Tone::Good, chrome.t("desk-running"))),
        (false, true, _) => Some(Badge::new(Tone::Warn, chrome.t("desk-check-in"))),
        (false, false, true) => Some(Badge::new(Tone::Bad, chrome.t("desk-not-arrived"))),
        _ => None,
    };
    Row {
        href: format!("/provider/treatments/{}", visit.quote),
        icon: if visit.is_running { "scan" } else { "calendar" },
        look: if visit.is_running { "good" } else { "" },
        title: visit.patient.clone(),
        text: chrome.datetime(visit.at, zone),
        by: Html::default(),
        badge,
    }
}

fn chart(chrome: &Chrome, day: &Day) -> Html {
    let series = |key: &str, figure: fn(&provider_view::Month) -> u64| Series {
        name: chrome.t(key),
        points: day
            .months
            .iter()
            .map(|(first, month)| Point::count(month_name(chrome, *first), figure(month)))
            .collect(),
    };
    let all = [
        series("desk-chart-inquiries", |month| month.inquiries),
        series("desk-chart-quotes", |month| month.quotes),
        series("desk-chart-bookings", |month| month.bookings),
    ];
    line_chart(chrome, &chrome.t("desk-chart"), &all)
}

/// The first three letters of a month's name: that many fit below a chart.
fn month_name(chrome: &Chrome, first: chrono::NaiveDate) -> String {
    use chrono::Datelike as _;
    let name = locale::t(chrome.locale, &format!("month-{}", first.month()));
    name.chars().take(3).collect()
}
