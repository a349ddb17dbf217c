//! Two pictures of one view beside each other: which view and which days stand in the address.

use askama::Template;
use kernel::ids::AftercareMilestoneScanId;
use sea_orm::ActiveEnum;
use ui::{Choice, Chrome, Ctx, Form, Html};

use super::words;
use crate::entity::aftercare_milestone_scans::AftercareMilestoneScanType;
use crate::views::ScanView;

/// A view that can be chosen.
struct Angle {
    href: String,
    label: String,
    current: bool,
}

/// The part of a page that compares.
#[derive(Template)]
#[template(path = "care_compare.html")]
struct Compare<'a> {
    chrome: &'a Chrome,
    form: Form,
    path: &'a str,
    /// What else the address of the page says.
    kept: &'a [(&'static str, String)],
    angles: Vec<Angle>,
    angle: String,
    before: Vec<Choice>,
    after: Vec<Choice>,
    pictures: Html,
}

/// The comparison the address asks for: the first view with pictures of two days unless another is chosen, and of it the
/// first and the newest picture unless others are. Nothing while no view has two days.
///
/// `kept` is what the links and the form carry on beside the choice.
pub(super) fn compared(ctx: &Ctx, path: &str, kept: &[(&'static str, String)], scans: &[ScanView]) -> Option<Html> {
    let chrome = &ctx.chrome;
    let of = |view| -> Vec<&ScanView> {
        scans.iter().filter(|scan| scan.scan_type == view && words::photo(chrome, scan).is_some()).collect()
    };
    let has_days =
        |same: &[&ScanView]| same.iter().any(|scan| Some(scan.scan_date) != same.first().map(|it| it.scan_date));
    let angles: Vec<_> =
        words::VIEWS.into_iter().map(|view| (view, of(view))).filter(|(_, same)| has_days(same)).collect();
    let asked = ctx.asked("angle");
    let (view, same) = angles.iter().find(|(view, _)| view.to_value() == asked).or(angles.first())?;
    let chosen = |name: &str| {
        let id: Option<AftercareMilestoneScanId> = ctx.asked(name).parse().ok();
        same.iter().copied().find(|scan| Some(scan.id) == id)
    };
    // Newest first, as they were read.
    let before = chosen("before").or(same.last().copied())?;
    let after = chosen("after").or(same.first().copied())?;
    let choice = |scan: &&ScanView| Choice::new(scan.id.to_string(), chrome.date(scan.scan_date));
    let days: Vec<Choice> = same.iter().map(choice).collect();
    let pictures =
        ui::compare(&words::photo(chrome, before)?, &words::photo(chrome, after)?, chrome.t("compare-slider"));
    let href = |word: &str| {
        let kept = kept.iter().map(|(name, value)| format!("{name}={}&", ui::encode(value))).collect::<String>();
        format!("{path}?{kept}angle={}#compare", ui::encode(word))
    };
    let angle = |(other, _): &(AftercareMilestoneScanType, Vec<&ScanView>)| Angle {
        href: href(&other.to_value()),
        label: words::view_name(chrome, *other),
        current: other == view,
    };
    let form = Form::new(chrome).with("before", before.id.to_string()).with("after", after.id.to_string());
    Some(Html::of(&Compare {
        chrome,
        path,
        kept,
        angles: angles.iter().map(angle).collect(),
        angle: view.to_value(),
        before: days.clone(),
        after: days,
        pictures,
        form,
    }))
}
