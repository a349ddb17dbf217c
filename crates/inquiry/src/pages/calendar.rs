//! The months a patient can come in, with the days that were chosen: ranges at a glance, and, where a script may run, the
//! two days of a new one at a touch.

use chrono::{Datelike, Days, Months, NaiveDate};
use ui::Chrome;

/// So many months are shown at least, so that there is something to touch.
const FEWEST: usize = 6;
/// And at most.
const MOST: usize = 24;

/// A month as weeks that begin on Monday.
pub(super) struct Month {
    pub(super) name: String,
    pub(super) weeks: Vec<Vec<Cell>>,
}

/// A day of a month, or the room before the first and after the last.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) number: String,
    /// The day as forms write it, where it can be chosen.
    pub(super) open: String,
    pub(super) is_chosen: bool,
}

/// The months from that of the first day that can be chosen to that of the last one chosen.
pub(super) fn months(chrome: &Chrome, first: NaiveDate, ranges: &[(NaiveDate, NaiveDate)]) -> Vec<Month> {
    let Some(begin) = first.with_day(1) else { return Vec::new() };
    let last = ranges.iter().map(|(_, end)| *end).max().unwrap_or(first);
    let starts = (0..MOST).map_while(|ahead| begin.checked_add_months(Months::new(u32::try_from(ahead).ok()?)));
    let shown = starts.enumerate().take_while(|(ahead, start)| *ahead < FEWEST || *start <= last);
    shown.map(|(_, start)| month(chrome, start, first, ranges)).collect()
}

fn month(chrome: &Chrome, start: NaiveDate, first: NaiveDate, ranges: &[(NaiveDate, NaiveDate)]) -> Month {
    let before = usize::try_from(start.weekday().num_days_from_monday()).unwrap_or_default();
    let days = (0..31).map_while(|ahead| start.checked_add_days(Days::new(ahead)));
    let cell = |day: NaiveDate| Cell {
        number: day.day().to_string(),
        open: if day >= first { day.to_string() } else { String::new() },
        is_chosen: ranges.iter().any(|(from, to)| (*from..=*to).contains(&day)),
    };
    let mut cells: Vec<Cell> = std::iter::repeat_with(Cell::default).take(before).collect();
    cells.extend(days.take_while(|day| day.month() == start.month()).map(cell));
    cells.resize_with(cells.len().next_multiple_of(7), Cell::default);
    let mut weeks = Vec::new();
    let mut cells = cells.into_iter();
    loop {
        let week: Vec<Cell> = cells.by_ref().take(7).collect();
        if week.is_empty() {
            break;
        }
        weeks.push(week);
    }
    Month { name: format!("{} {}", chrome.t(format!("month-{}", start.month())), start.year()), weeks }
}

/// The short names of the days of a week, Monday first.
pub(super) fn weekdays(chrome: &Chrome) -> Vec<String> {
    (1..=7).map(|day| chrome.t(format!("weekday-short-{day}"))).collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Actor, Timestamp};
    use platform::locale::Locale;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_begin_on_their_weekday_and_name_what_is_chosen() {
        let chrome =
            Chrome::new(Locale::En, &Actor::anonymous(), "/patient/request/dates", String::new(), Timestamp::default());
        let ranges = [(day("2026-06-29"), day("2026-07-02")), (day("2027-02-10"), day("2027-02-10"))];
        let shown = months(&chrome, day("2026-06-15"), &ranges);
        assert_eq!(shown.len(), 9, "June to February");
        assert_eq!((shown[0].name.as_str(), shown[8].name.as_str()), ("June 2026", "February 2027"));
        let cells = |month: &Month| month.weeks.iter().flatten().filter(|cell| !cell.number.is_empty()).count();
        assert_eq!((cells(&shown[0]), cells(&shown[1]), cells(&shown[8])), (30, 31, 28));
        // The first of July 2026 is a Wednesday.
        let first: Vec<&str> = shown[1].weeks[0].iter().map(|cell| cell.number.as_str()).collect();
        assert_eq!(first, ["", "", "1", "2", "3", "4", "5"]);
        let chosen = |month: &Month| month.weeks.iter().flatten().filter(|cell| cell.is_chosen).count();
        assert_eq!(shown.iter().map(chosen).collect::<Vec<_>>(), [2, 2, 0, 0, 0, 0, 0, 0, 1]);
        let open = shown[0].weeks.iter().flatten().filter(|cell| !cell.open.is_empty()).count();
        assert_eq!(open, 16, "from the fifteenth on");
        assert!(shown.iter().all(|month| month.weeks.iter().all(|week| week.len() == 7)));
        assert_eq!(months(&chrome, day("2026-06-15"), &[]).len(), FEWEST);
    }
}
