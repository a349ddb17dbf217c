//! Rows of this wing in the reader's words.

use chrono::NaiveDate;
use platform::locale;
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Html, Photo, TimelineEntry, Tone};

use crate::entity::aftercare_milestone_scans::AftercareMilestoneScanType;
use crate::entity::aftercare_milestones::AftercareMilestoneStatus;
use crate::rules::slots::SlotState;
use crate::views::{MilestoneView, ScanView};

/// The order views are shown in.
pub(super) const VIEWS: [AftercareMilestoneScanType; 4] = [
    AftercareMilestoneScanType::Front,
    AftercareMilestoneScanType::Top,
    AftercareMilestoneScanType::Sides,
    AftercareMilestoneScanType::Back,
];

/// A task's state.
pub(super) fn state_badge(chrome: &Chrome, state: SlotState) -> Badge {
    let (tone, key) = match state {
        SlotState::Upcoming => (Tone::Calm, "care-state-upcoming"),
        SlotState::Open => (Tone::Info, "care-state-open"),
        SlotState::Due => (Tone::Warn, "care-state-due"),
        SlotState::Overdue => (Tone::Bad, "care-state-overdue"),
        SlotState::Escalated => (Tone::Bad, "care-state-escalated"),
        SlotState::Done => (Tone::Good, "care-state-done"),
        SlotState::Excused => (Tone::Calm, "care-state-excused"),
    };
    Badge::new(tone, chrome.t(key))
}

/// Whether a task can be done now.
pub(super) fn can_be_done(state: SlotState) -> bool {
    matches!(state, SlotState::Open | SlotState::Due | SlotState::Overdue | SlotState::Escalated)
}

/// The phases of a plan as they follow each other.
pub(super) fn phases(chrome: &Chrome, milestones: &[MilestoneView]) -> Html {
    let entry = |phase: &MilestoneView| {
        let days = [("from", chrome.date(phase.start_date).into()), ("to", chrome.date(phase.end_date).into())];
        let days = locale::tr(chrome.locale, "care-phase-days", &days);
        let text = if phase.tasks == 0 {
            days
        } else {
            let done = [("done", phase.tasks_done.into()), ("total", phase.tasks.into())];
            format!("{days} · {}", locale::tr(chrome.locale, "care-phase-tasks", &done))
        };
        TimelineEntry {
            title: phase.name.clone(),
            text,
            at: Html::default(),
            tone: match phase.status {
                AftercareMilestoneStatus::Pending => Tone::Calm,
                AftercareMilestoneStatus::InProgress => Tone::Info,
                AftercareMilestoneStatus::Completed => Tone::Good,
                AftercareMilestoneStatus::Overdue => Tone::Warn,
            },
            ahead: phase.status == AftercareMilestoneStatus::Pending,
        }
    };
    let entries: Vec<TimelineEntry> = milestones.iter().map(entry).collect();
    ui::timeline(&entries)
}

/// A view of the head.
pub(super) fn view_name(chrome: &Chrome, view: AftercareMilestoneScanType) -> String {
    chrome.word("care-view", view.to_value())
}

/// A picture with its view and day; nothing for what is no picture or cannot be shown.
pub(super) fn photo(chrome: &Chrome, scan: &ScanView) -> Option<Photo> {
    // A model is no picture.
    if scan.scan_type == AftercareMilestoneScanType::Model3d {
        return None;
    }
    let day = chrome.date(scan.scan_date);
    let view = view_name(chrome, scan.scan_type);
    let args = [("view", view.clone().into()), ("date", day.clone().into())];
    let alt = locale::tr(chrome.locale, "care-photo-alt", &args);
    Some(Photo::new(scan.url.clone()?, alt).caption(format!("{view} · {day}")))
}

/// The pictures of one day.
pub(super) struct PhotoDay {
    pub(super) date: String,
    pub(super) photos: Html,
}

/// Pictures by day, newest first.
pub(super) fn photo_days(chrome: &Chrome, scans: &[ScanView]) -> Vec<PhotoDay> {
    let mut days: Vec<(NaiveDate, Vec<&ScanView>)> = Vec::new();
    for scan in scans {
        match days.last_mut() {
            Some((day, same)) if *day == scan.scan_date => same.push(scan),
            _ => days.push((scan.scan_date, vec![scan])),
        }
    }
    let day = |(day, mut scans): (NaiveDate, Vec<&ScanView>)| {
        scans.sort_by_key(|scan| VIEWS.iter().position(|view| *view == scan.scan_type));
        let photos: Vec<Photo> = scans.into_iter().filter_map(|scan| photo(chrome, scan)).collect();
        (!photos.is_empty()).then(|| PhotoDay { date: chrome.date(day), photos: ui::photo_grid(&photos) })
    };
    days.into_iter().filter_map(day).collect()
}

/// A percentage as the parts of pages take it.
pub(super) fn percent(value: i32) -> u32 {
    u32::try_from(value.clamp(0, 100)).unwrap_or(0)
}
