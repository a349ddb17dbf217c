//! The staff's first page.

use askama::Template;
use axum::response::Response;
use chrono::Datelike;
use platform::web::ApiResult;
use ui::{Chrome, Html, Inside, Point, Series, bar_chart, funnel, line_chart, page};

use crate::dashboard::{Month, dashboard};

/// Something that waits for somebody.
struct Duty {
    href: &'static str,
    icon: &'static str,
    look: &'static str,
    label: String,
    count: u64,
}

#[derive(Template)]
#[template(path = "admin_dashboard.html")]
struct DashboardPage {
    chrome: Chrome,
    duties: Vec<Duty>,
    tiles: Vec<(String, u64, &'static str)>,
    funnel: Html,
    year: Html,
    quotes: Html,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = dashboard(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome;
    let duty = |href, icon, look, key: &str, count| Duty { href, icon, look, label: chrome.t(key), count };
    let duties: Vec<Duty> = [
        duty("/admin/aftercare", "alert", "bad", "dashboard-urgent", found.urgent),
        duty("/admin/jobs", "gears", "bad", "dashboard-failed-jobs", found.failed_jobs),
        duty("/admin/reviews?status=pending", "star", "warn", "dashboard-reviews", found.reviews),
        duty("/admin/cases?status=inquiry", "clock", "warn", "dashboard-waiting", found.waiting),
        duty("/admin/cases?status=accepted", "wallet", "", "dashboard-unpaid", found.unpaid),
    ]
    .into_iter()
    .filter(|duty| duty.count > 0)
    .collect();
    let tiles = [
        ("dashboard-patients", found.registered, "/admin/patients"),
        ("dashboard-requests", found.submitted, "/admin/cases"),
        ("dashboard-in-treatment", found.in_treatment, "/admin/cases?status=inprogress"),
        ("dashboard-in-aftercare", found.in_aftercare, "/admin/cases?status=aftercare"),
    ];
    let steps = [
        ("funnel-registered", found.registered),
        ("funnel-submitted", found.submitted),
        ("funnel-quoted", found.quoted),
        ("funnel-accepted", found.accepted),
        ("funnel-confirmed", found.confirmed),
        ("funnel-treated", found.treated),
    ];
    let points = steps.iter().map(|(key, count)| Point::count(chrome.t(key), *count)).collect();
    let series = |key: &str, of: fn(&Month) -> u64| Series {
        name: chrome.t(key),
        points: found.months.iter().map(|month| Point::count(short_month(&chrome, month), of(month))).collect(),
    };
    let year =
        [series("dashboard-requests", |month| month.inquiries), series("dashboard-bookings", |month| month.bookings)];
    let shown = DashboardPage {
        funnel: funnel(&chrome, &chrome.t("dashboard-funnel"), &Series { name: chrome.t("dashboard-cases"), points }),
        year: line_chart(&chrome, &chrome.t("dashboard-year"), &year),
        quotes: bar_chart(
            &chrome,
            &chrome.t("dashboard-quoted-cases"),
            &series("dashboard-quoted-cases", |month| month.quotes),
        ),
        tiles: tiles.into_iter().map(|(key, count, href)| (chrome.t(key), count, href)).collect(),
        duties,
        chrome,
    };
    page(&shown)
}

/// The month's name as a chart has room for it, with the year where a new one begins.
fn short_month(chrome: &Chrome, month: &Month) -> String {
    let name: String = chrome.t(format!("month-{}", month.first.month())).chars().take(3).collect();
    if month.first.month() == 1 { format!("{name} {}", month.first.year()) } else { name }
}
