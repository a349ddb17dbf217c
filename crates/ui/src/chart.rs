//! Charts as inline SVG, each with its figures in a table behind it.

use std::fmt::Write as _;

use crate::Chrome;
use crate::html::{Html, escape};

/// One figure with its name.
#[derive(Clone, Debug)]
pub struct Point {
    /// What it is (a month, a stage).
    pub label: String,
    /// How much.
    pub value: f64,
    /// The figure as it is read.
    pub text: String,
}

impl Point {
    /// A whole number with its name.
    pub fn count(label: impl Into<String>, value: u64) -> Self {
        Self { label: label.into(), value: value as f64, text: value.to_string() }
    }

    /// A figure that reads differently from its value (money).
    pub fn new(label: impl Into<String>, value: f64, text: impl Into<String>) -> Self {
        Self { label: label.into(), value, text: text.into() }
    }
}

/// Figures of one kind in a row.
#[derive(Clone, Debug)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// The figures; all series of a chart name the same labels.
    pub points: Vec<Point>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 40.0;
const BOTTOM: f64 = 28.0;
const TOP: f64 = 12.0;

/// The next round figure at or above the largest value. Its quarters stand at the lines, so they have to be whole.
fn ceiling(largest: f64) -> f64 {
    if largest <= 4.0 {
        return 4.0;
    }
    let magnitude = 10f64.powf(largest.log10().floor());
    let steps = [10.0, 12.0, 16.0, 20.0, 24.0, 32.0, 40.0, 60.0, 80.0, 100.0, 120.0];
    let mut tops = steps.into_iter().map(|step| (step * magnitude / 10.0).round());
    tops.find(|top| *top >= largest && *top % 4.0 == 0.0).unwrap_or(12.0 * magnitude)
}

fn short(value: f64) -> String {
    if value >= 1_000_000.0 {
        format!("{:.1}M", value / 1_000_000.0)
    } else if value >= 10_000.0 {
        format!("{:.0}k", value / 1000.0)
    } else {
        format!("{value:.0}")
    }
}

fn grid(out: &mut String, top: f64) {
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let y = TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share);
        let _ = write!(
            out,
            "<line class=\"chart-grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"chart-tick\" \
             x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            y + 4.0,
            short(top * share)
        );
    }
}

fn labels(out: &mut String, points: &[Point], x_of: impl Fn(usize) -> f64) {
    // More labels than these run into each other.
    let every = points.len().div_ceil(12).max(1);
    let many = points.len() / every > 6;
    for (index, point) in points.iter().enumerate().filter(|(index, _)| index.is_multiple_of(every)) {
        // A phone has room for every other one, the last among them.
        let class = if many && (points.len() - 1 - index) / every % 2 == 1 { "chart-tick minor" } else { "chart-tick" };
        let _ = write!(
            out,
            "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x_of(index),
            HEIGHT - 8.0,
            escape(&point.label)
        );
    }
}

fn figure(chrome: &Chrome, title: &str, class: &str, svg: &str, legend: &str, series: &[Series]) -> Html {
    let mut table = String::from("<thead><tr><td></td>");
    for one in series {
        let _ = write!(table, "<th scope=\"col\" class=\"num\">{}</th>", escape(&one.name));
    }
    table.push_str("</tr></thead><tbody>");
    let rows = series.first().map_or(0, |one| one.points.len());
    for row in 0..rows {
        let label = series.first().and_then(|one| one.points.get(row)).map_or("", |point| point.label.as_str());
        let _ = write!(table, "<tr><th scope=\"row\">{}</th>", escape(label));
        for one in series {
            let text = one.points.get(row).map_or("", |point| point.text.as_str());
            let _ = write!(table, "<td class=\"num\">{}</td>", escape(text));
        }
        table.push_str("</tr>");
    }
    table.push_str("</tbody>");
    Html(format!(
        "<figure class=\"chart {class}\"><figcaption>{}{legend}</figcaption>{svg}<details class=\"chart-data\"><summary>{}</summary>\
         <div class=\"table-wrap\"><table>{table}</table></div></details></figure>",
        escape(title),
        escape(&chrome.t("chart-figures"))
    ))
}

fn legend(series: &[Series]) -> String {
    if series.len() < 2 {
        return String::new();
    }
    let mut out = String::from("<span class=\"legend\">");
    for (index, one) in series.iter().enumerate() {
        let _ = write!(out, "<span class=\"legend-{index}\">{}</span>", escape(&one.name));
    }
    out.push_str("</span>");
    out
}

fn largest(series: &[Series]) -> f64 {
    series.iter().flat_map(|one| one.points.iter().map(|point| point.value)).fold(0.0, f64::max)
}

/// How something went over time.
pub fn line_chart(chrome: &Chrome, title: &str, series: &[Series]) -> Html {
    let top = ceiling(largest(series));
    let count = series.first().map_or(0, |one| one.points.len());
    let step = if count > 1 { (WIDTH - LEFT - 24.0) / (count - 1) as f64 } else { 0.0 };
    let x_of = |index: usize| LEFT + 12.0 + step * index as f64;
    let y_of = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / top);
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", escape(title));
    grid(&mut svg, top);
    for (index, one) in series.iter().enumerate() {
        let path: Vec<String> =
            one.points.iter().enumerate().map(|(i, p)| format!("{:.1},{:.1}", x_of(i), y_of(p.value))).collect();
        if index == 0 && count > 1 {
            let floor = HEIGHT - BOTTOM;
            let _ = write!(
                svg,
                "<polygon class=\"chart-area\" points=\"{:.1},{floor} {} {:.1},{floor}\"/>",
                x_of(0),
                path.join(" "),
                x_of(count - 1)
            );
        }
        let _ = write!(svg, "<polyline class=\"chart-line line-{index}\" points=\"{}\"/>", path.join(" "));
        for (place, point) in one.points.iter().enumerate() {
            let _ = write!(
                svg,
                "<circle class=\"chart-dot line-{index}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\"><title>{}: {}</title></circle>",
                x_of(place),
                y_of(point.value),
                escape(&point.label),
                escape(&point.text)
            );
        }
    }
    if let Some(one) = series.first() {
        labels(&mut svg, &one.points, x_of);
    }
    svg.push_str("</svg>");
    figure(chrome, title, "chart-of-lines", &svg, &legend(series), series)
}

/// How much of several things.
pub fn bar_chart(chrome: &Chrome, title: &str, series: &Series) -> Html {
    let all = std::slice::from_ref(series);
    let top = ceiling(largest(all));
    let slot = (WIDTH - LEFT) / series.points.len().max(1) as f64;
    let width = (slot * 0.6).min(48.0);
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", escape(title));
    grid(&mut svg, top);
    let x_of = |index: usize| LEFT + slot * (index as f64 + 0.5);
    for (index, point) in series.points.iter().enumerate() {
        let height = (HEIGHT - TOP - BOTTOM) * point.value / top;
        let _ = write!(
            svg,
            "<rect class=\"chart-bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"4\"><title>{}: {}</title></rect>",
            x_of(index) - width / 2.0,
            HEIGHT - BOTTOM - height,
            escape(&point.label),
            escape(&point.text)
        );
    }
    labels(&mut svg, &series.points, x_of);
    svg.push_str("</svg>");
    figure(chrome, title, "chart-of-bars", &svg, "", all)
}

/// How a whole is made up.
pub fn donut(chrome: &Chrome, title: &str, series: &Series) -> Html {
    let total: f64 = series.points.iter().map(|point| point.value).sum();
    let mut svg = format!("<svg viewBox=\"0 0 42 42\" role=\"img\" aria-label=\"{}\">", escape(title));
    svg.push_str("<circle class=\"donut-track\" cx=\"21\" cy=\"21\" r=\"15.915\"/>");
    let mut done = 0.0;
    let mut key = String::from("<ul class=\"donut-key\">");
    for (index, point) in series.points.iter().enumerate() {
        let share = if total > 0.0 { point.value / total * 100.0 } else { 0.0 };
        let _ = write!(
            svg,
            "<circle class=\"donut-part part-{}\" cx=\"21\" cy=\"21\" r=\"15.915\" stroke-dasharray=\"{share:.2} {:.2}\" \
             stroke-dashoffset=\"{:.2}\"><title>{}: {}</title></circle>",
            index % 6,
            100.0 - share,
            25.0 - done,
            escape(&point.label),
            escape(&point.text)
        );
        done += share;
        let _ = write!(
            key,
            "<li class=\"part-{}\"><span>{}</span><strong>{}</strong></li>",
            index % 6,
            escape(&point.label),
            escape(&point.text)
        );
    }
    svg.push_str("</svg>");
    key.push_str("</ul>");
    let both = format!("<div class=\"donut-row\">{svg}{key}</div>");
    figure(chrome, title, "chart-donut", &both, "", std::slice::from_ref(series))
}

/// How many go on from step to step.
pub fn funnel(chrome: &Chrome, title: &str, series: &Series) -> Html {
    let first = series.points.first().map_or(0.0, |point| point.value).max(1.0);
    let mut rows = String::from("<ol class=\"funnel\">");
    for point in &series.points {
        let share = (point.value / first * 100.0).clamp(0.0, 100.0);
        let _ = write!(
            rows,
            "<li><span class=\"funnel-label\">{}</span><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" \
             aria-hidden=\"true\"><rect class=\"funnel-track\" width=\"100\" height=\"10\"/><rect class=\"funnel-bar\" \
             width=\"{share:.1}\" height=\"10\"/></svg><strong>{}</strong><span class=\"funnel-share\">{share:.0}%</span></li>",
            escape(&point.label),
            escape(&point.text)
        );
    }
    rows.push_str("</ol>");
    figure(chrome, title, "chart-funnel", &rows, "", std::slice::from_ref(series))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_figures() {
        let expected = [(0.0, 4.0), (3.0, 4.0), (5.0, 8.0), (9.0, 12.0), (41.0, 60.0), (99.0, 100.0), (1234.0, 1600.0)];
        for (largest, top) in expected {
            assert_eq!(ceiling(largest), top, "{largest}");
        }
    }
}
