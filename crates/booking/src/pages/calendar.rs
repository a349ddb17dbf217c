//! A clinic's month.

use askama::Template;
use axum::response::Response;
use chrono::{Datelike, Days, Months, NaiveDate};
use kernel::ids::ProviderUserId;
use kernel::{Page, PageQuery, Permission};
use platform::web::ApiResult;
use ui::{Choice, Chrome, Html, Inside, ListView, page};

use super::patient_name;
use crate::desk::{self, Appointment};

/// An appointment on one of its days.
struct Event {
    href: String,
    patient: String,
    time: String,
    held: bool,
}

struct Day {
    number: u32,
    label: String,
    other: bool,
    today: bool,
    events: Vec<Event>,
    count: String,
}

/// An appointment in the list below the month.
struct Entry {
    href: String,
    patient: String,
    when: String,
    about: String,
    held: bool,
    hold: Html,
}

#[derive(Template)]
#[template(path = "booking_calendar.html")]
struct CalendarPage {
    chrome: Chrome,
    list: ListView,
    title: String,
    month: String,
    before: String,
    now: String,
    after: String,
    clinicians: Vec<Choice>,
    weekdays: Vec<String>,
    days: Vec<Day>,
    entries: Vec<Entry>,
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
    ctx.actor.require(Permission::ViewCalendar)?;
    let today = desk::today(&ctx.app, &ctx.actor).await?;
    let month = month_of(&ctx.asked("month"), today);
    let grid = grid(month);
    let weeks = (grid.first().copied().unwrap_or(month), grid.last().copied().unwrap_or(month));
    // A word that names nobody shows everybody, as an empty choice does.
    let clinician: Option<ProviderUserId> = ctx.asked("clinician").parse().ok();
    let found = desk::between(&ctx.app, &ctx.actor, weeks, clinician).await?;
    let chrome = ctx.chrome;
    let link = |month: Option<NaiveDate>| {
        let mut query: Vec<String> =
            month.map(|month| format!("month={}", month.format("%Y-%m"))).into_iter().collect();
        query.extend(clinician.map(|id| format!("clinician={id}")));
        if query.is_empty() {
            "/provider/calendar".to_owned()
        } else {
            format!("/provider/calendar?{}", query.join("&"))
        }
    };
    let one_page = Page::<()>::new(Vec::new(), PageQuery::default(), 0);
    page(&CalendarPage {
        list: ListView::new(&chrome, &one_page.meta),
        title: format!("{} {}", chrome.t(format!("month-{}", month.month())), month.year()),
        month: month.format("%Y-%m").to_string(),
        before: link(month.checked_sub_months(Months::new(1))),
        now: link(None),
        after: link(month.checked_add_months(Months::new(1))),
        clinicians: found.clinicians.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        weekdays: (1..=7).map(|day| chrome.t(format!("weekday-{day}"))).collect(),
        days: grid.iter().map(|date| day(&chrome, *date, (month, today), &found.appointments)).collect(),
        entries: found.appointments.iter().map(|appointment| entry(&chrome, appointment)).collect(),
        chrome,
    })
}

fn href(appointment: &Appointment) -> String {
    format!("/provider/treatments/{}", appointment.id)
}

fn day(chrome: &Chrome, date: NaiveDate, (month, today): (NaiveDate, NaiveDate), all: &[Appointment]) -> Day {
    let lasts = |it: &&Appointment| (0..i64::from(it.day_count)).contains(&(date - it.day).num_days());
    let events: Vec<Event> = all
        .iter()
        .filter(lasts)
        .map(|it| Event {
            href: href(it),
            patient: patient_name(chrome, &it.patient),
            time: it.time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default(),
            held: it.held,
        })
        .collect();
    Day {
        number: date.day(),
        label: chrome.date(date),
        other: date.month() != month.month(),
        today: date == today,
        count: events.len().to_string(),
        events,
    }
}

fn entry(chrome: &Chrome, appointment: &Appointment) -> Entry {
    let mut when = chrome.date(appointment.day);
    if let Some(time) = appointment.time {
        when.push_str(&format!(", {}", time.format("%H:%M")));
    }
    if appointment.day_count > 1 {
        when.push_str(&format!(" · {}", chrome.tn("booking-days", "count", i64::from(appointment.day_count))));
    }
    let about = [appointment.treatment.as_str(), appointment.clinician.as_deref().unwrap_or_default()];
    Entry {
        href: href(appointment),
        patient: patient_name(chrome, &appointment.patient),
        when,
        about: about.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
        held: appointment.held,
        hold: appointment.hold_ends.map(|at| chrome.when(at)).unwrap_or_default(),
    }
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
