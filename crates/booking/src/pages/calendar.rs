//! A clinic's month.

use askama::Template;
use axum::response::Response;
use chrono::{Datelike, Days, Months, NaiveDate};
use platform::web::ApiResult;
use quoting::entity::schedules::ScheduleStatus;
use quoting::views::QuoteView;
use ui::{Chrome, Inside, page};

use crate::queries;

struct Event {
    href: String,
    title: String,
    time: String,
    held: bool,
}

struct Day {
    number: u32,
    label: String,
    other: bool,
    today: bool,
    events: Vec<Event>,
}

#[derive(Template)]
#[template(path = "booking_calendar.html")]
struct CalendarPage {
    chrome: Chrome,
    title: String,
    before: String,
    after: String,
    weekdays: Vec<String>,
    days: Vec<Day>,
    has_events: bool,
}

/// The month of an address (`2026-05`), else today's.
fn month_of(text: &str, today: NaiveDate) -> NaiveDate {
    let asked = format!("{text}-01").parse::<NaiveDate>().ok();
    // Far years would only make empty pages.
    let asked = asked.filter(|day| (2000..2100).contains(&day.year()));
    asked.or_else(|| today.with_day(1)).unwrap_or(today)
}

/// The days of the weeks a month lies in, Monday first.
fn grid(month: NaiveDate) -> Vec<NaiveDate> {
    let start = month - Days::new(u64::from(month.weekday().num_days_from_monday()));
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let last = next - Days::new(1);
    let end = last + Days::new(u64::from(6 - last.weekday().num_days_from_monday()));
    start.iter_days().take_while(|day| *day <= end).collect()
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ViewCalendar)?;
    let today = ctx.now().date_naive();
    let month = month_of(&ctx.asked("month"), today);
    let grid = grid(month);
    let (from, to) = (grid.first().copied().unwrap_or(month), grid.last().copied().unwrap_or(month));
    let found = queries::between(&ctx.app, &ctx.actor, from, to).await?;
    let chrome = ctx.chrome;
    let mut days: Vec<Day> = grid
        .iter()
        .map(|day| Day {
            number: day.day(),
            label: chrome.date(*day),
            other: day.month() != month.month(),
            today: *day == today,
            events: Vec::new(),
        })
        .collect();
    for view in found {
        let QuoteView::Clinic(clinic) = view else { continue };
        let Some(schedule) = &clinic.quote.schedule else { continue };
        for offset in 0..i64::from(schedule.day_count.max(1)) {
            let place = (schedule.date + chrono::Duration::days(offset) - from).num_days();
            let Some(day) = usize::try_from(place).ok().and_then(|place| days.get_mut(place)) else { continue };
            day.events.push(Event {
                href: format!("/provider/treatments/{}", clinic.quote.quote.id),
                title: clinic.patient.display_name.clone(),
                time: schedule.time.filter(|_| offset == 0).map(|time| time.format("%H:%M").to_string()).unwrap_or_default(),
                held: schedule.status == ScheduleStatus::Pending,
            });
        }
    }
    let link = |month: Option<NaiveDate>| {
        month.map(|month| format!("/provider/calendar?month={}", month.format("%Y-%m"))).unwrap_or_default()
    };
    page(&CalendarPage {
        title: format!("{} {}", chrome.t(format!("month-{}", month.month())), month.year()),
        before: link(month.checked_sub_months(Months::new(1))),
        after: link(month.checked_add_months(Months::new(1))),
        weekdays: (1..=7).map(|day| chrome.t(format!("weekday-{day}"))).collect(),
        has_events: days.iter().any(|day| !day.events.is_empty()),
        days,
        chrome,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        let days = grid("2026-05-01".parse().unwrap());
        let text: Vec<String> = [days[0], days[days.len() - 1]].iter().map(ToString::to_string).collect();
        assert_eq!((text[0].as_str(), text[1].as_str(), days.len() % 7), ("2026-04-27", "2026-05-31", 0));
    }

    #[test]
    fn nonsense_shows_this_month() {
        let today: NaiveDate = "2026-03-17".parse().unwrap();
        for text in ["", "soon", "2026-13", "9999-01"] {
            assert_eq!(month_of(text, today).to_string(), "2026-03-01", "{text}");
        }
        assert_eq!(month_of("2026-05", today).to_string(), "2026-05-01");
    }
}
