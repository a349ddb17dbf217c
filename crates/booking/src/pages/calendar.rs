//! A clinic's month, or one week of it with the hours of each day.

use askama::Template;
use axum::response::Response;
use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};
use kernel::ids::ProviderUserId;
use kernel::{Page, PageQuery, Permission};
use platform::web::ApiResult;
use quoting::entity::quotes::QuoteStatus;
use ui::{Choice, Chrome, Html, Inside, ListView, page};

use super::patient_name;
use crate::desk::{self, Appointment};

/// An appointment on one of its days.
struct Event {
    href: String,
    patient: String,
    time: String,
    /// The same with its end, where the hours of a day are shown.
    hours: String,
    about: String,
    held: bool,
}

struct Day {
    number: u32,
    label: String,
    /// The same in short: the column says which day of the week, and the title which year.
    short: String,
    weekday: String,
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
    /// What the form keeps beside the clinician: `month` or `week`, and which.
    span: (&'static str, String),
    is_week: bool,
    as_month: String,
    as_week: String,
    before: String,
    now: String,
    after: String,
    clinicians: Vec<Choice>,
    weekdays: Vec<String>,
    days: Vec<Day>,
    entries: Vec<Entry>,
}

/// What is shown: all weeks of a month, or one week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    /// By its first day.
    Month(NaiveDate),
    /// By its Monday.
    Week(NaiveDate),
}

/// Far years would only make empty pages.
fn shown(day: Option<NaiveDate>) -> Option<NaiveDate> {
    day.filter(|day| (2000..2100).contains(&day.year()))
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

impl Span {
    /// What an address asks for: a week by any of its days (`2026-05-14`), a month (`2026-05`), else today's month.
    fn of(week: &str, month: &str, today: NaiveDate) -> Self {
        if let Some(day) = shown(week.parse().ok()) {
            return Self::Week(monday(day));
        }
        let asked = shown(format!("{month}-01").parse().ok());
        Self::Month(asked.or_else(|| today.with_day(1)).unwrap_or(today))
    }

    fn days(self) -> Vec<NaiveDate> {
        match self {
            Self::Month(first) => grid(first),
            Self::Week(monday) => monday.iter_days().take(7).collect(),
        }
    }

    fn before(self) -> Option<Self> {
        Some(match self {
            Self::Month(first) => Self::Month(first.checked_sub_months(Months::new(1))?),
            Self::Week(monday) => Self::Week(monday.checked_sub_days(Days::new(7))?),
        })
    }

    fn after(self) -> Option<Self> {
        Some(match self {
            Self::Month(first) => Self::Month(first.checked_add_months(Months::new(1))?),
            Self::Week(monday) => Self::Week(monday.checked_add_days(Days::new(7))?),
        })
    }

    /// As an address names it.
    fn asked(self) -> (&'static str, String) {
        match self {
            Self::Month(first) => ("month", first.format("%Y-%m").to_string()),
            Self::Week(monday) => ("week", monday.to_string()),
        }
    }

    /// The month most of it is in.
    fn month(self) -> NaiveDate {
        match self {
            Self::Month(first) => first,
            // Thursday is in the month most days of a week are in.
            Self::Week(monday) => monday + Days::new(3),
        }
    }
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
    let span = Span::of(&ctx.asked("week"), &ctx.asked("month"), today);
    let is_week = matches!(span, Span::Week(_));
    let days = span.days();
    let ends = (days.first().copied().unwrap_or(today), days.last().copied().unwrap_or(today));
    // A word that names nobody shows everybody, as an empty choice does.
    let clinician: Option<ProviderUserId> = ctx.asked("clinician").parse().ok();
    let found = desk::between(&ctx.app, &ctx.actor, ends, clinician).await?;
    let chrome = ctx.chrome;
    let link = |span: Option<Span>| {
        let asked = span.map(Span::asked).map(|(name, value)| format!("{name}={value}"));
        let mut query: Vec<String> = asked.into_iter().collect();
        query.extend(clinician.map(|id| format!("clinician={id}")));
        if query.is_empty() {
            "/provider/calendar".to_owned()
        } else {
            format!("/provider/calendar?{}", query.join("&"))
        }
    };
    let month = span.month();
    // The week that is looked at next: today's, where the month holds it.
    let near = if days.contains(&today) { today } else { month };
    let title = match span {
        Span::Month(first) => format!("{} {}", chrome.t(format!("month-{}", first.month())), first.year()),
        Span::Week(_) if ends.0.month() == ends.1.month() => format!("{} – {}", ends.0.day(), chrome.date(ends.1)),
        Span::Week(_) if ends.0.year() == ends.1.year() => {
            format!("{} – {}", short(&chrome, ends.0), chrome.date(ends.1))
        }
        Span::Week(_) => format!("{} – {}", chrome.date(ends.0), chrome.date(ends.1)),
    };
    let one_page = Page::<()>::new(Vec::new(), PageQuery::default(), 0);
    page(&CalendarPage {
        list: ListView::new(&chrome, &one_page.meta),
        title,
        span: span.asked(),
        is_week,
        as_month: link(month.with_day(1).map(Span::Month)),
        as_week: link(Some(Span::Week(monday(near)))),
        before: link(span.before()),
        now: link(is_week.then(|| Span::Week(monday(today)))),
        after: link(span.after()),
        clinicians: found.clinicians.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        weekdays: (1..=7).map(|day| chrome.t(format!("weekday-{day}"))).collect(),
        days: days.iter().map(|date| day(&chrome, *date, (span, today), &found.appointments)).collect(),
        entries: found.appointments.iter().map(|appointment| entry(&chrome, appointment)).collect(),
        chrome,
    })
}

fn href(appointment: &Appointment) -> String {
    let status = if appointment.held { QuoteStatus::Accepted } else { QuoteStatus::Confirmed };
    super::opened(appointment.id, status)
}

fn day(chrome: &Chrome, date: NaiveDate, (span, today): (Span, NaiveDate), all: &[Appointment]) -> Day {
    let lasts = |it: &&Appointment| (0..i64::from(it.day_count)).contains(&(date - it.day).num_days());
    let events: Vec<Event> = all
        .iter()
        .filter(lasts)
        .map(|it| Event {
            href: href(it),
            patient: patient_name(chrome, &it.patient),
            time: it.time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default(),
            hours: hours(it),
            about: about(it),
            held: it.held,
        })
        .collect();
    Day {
        number: date.day(),
        label: chrome.date(date),
        short: short(chrome, date),
        weekday: chrome.t(format!("weekday-{}", date.weekday().number_from_monday())),
        other: matches!(span, Span::Month(first) if date.month() != first.month()),
        today: date == today,
        count: events.len().to_string(),
        events,
    }
}

/// A day of a year that is known.
fn short(chrome: &Chrome, date: NaiveDate) -> String {
    format!("{} {}", date.day(), chrome.t(format!("month-{}", date.month())))
}

/// From when to when, on each of its days.
fn hours(appointment: &Appointment) -> String {
    let Some(start) = appointment.time else { return String::new() };
    let (end, _) = start.overflowing_add_signed(TimeDelta::minutes(appointment.duration_minutes.into()));
    format!("{} – {}", start.format("%H:%M"), end.format("%H:%M"))
}

/// What is done, and by whom.
fn about(appointment: &Appointment) -> String {
    let parts = [appointment.treatment.as_str(), appointment.clinician.as_deref().unwrap_or_default()];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn entry(chrome: &Chrome, appointment: &Appointment) -> Entry {
    let mut when = chrome.date(appointment.day);
    if let Some(time) = appointment.time {
        when.push_str(&format!(", {}", time.format("%H:%M")));
    }
    if appointment.day_count > 1 {
        when.push_str(&format!(" · {}", chrome.tn("booking-days", "count", i64::from(appointment.day_count))));
    }
    Entry {
        href: href(appointment),
        patient: patient_name(chrome, &appointment.patient),
        when,
        about: about(appointment),
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
        let month = |text: &str| Span::Month(text.parse().unwrap());
        for text in ["", "soon", "2026-13", "9999-01"] {
            assert_eq!(Span::of(text, text, today), month("2026-03-01"), "{text}");
        }
        assert_eq!(Span::of("", "2026-05", today), month("2026-05-01"));
    }

    #[test]
    fn a_week_is_named_by_any_of_its_days() {
        let today: NaiveDate = "2026-03-17".parse().unwrap();
        let week = |text: &str| Span::Week(text.parse().unwrap());
        for day in ["2026-04-27", "2026-04-30", "2026-05-03"] {
            assert_eq!(Span::of(day, "2026-01", today), week("2026-04-27"), "{day}");
        }
        let shown = week("2026-04-27");
        assert_eq!(
            (shown.days().len(), shown.before(), shown.after()),
            (7, Some(week("2026-04-20")), Some(week("2026-05-04")))
        );
        assert_eq!(shown.month().to_string(), "2026-04-30", "most of its days are in April");
    }
}
