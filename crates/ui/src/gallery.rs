//! Every component on one page, for those who build pages; shown in demonstrations only. And the offline page.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use kernel::AppError;
use kernel::page::PageMeta;
use platform::App;
use platform::web::ApiResult;

use crate::{
    Badge, Choice, Chrome, Ctx, Form, Html, ListView, Photo, Point, Posted, Series, Stage, StageLook, TimelineEntry,
    Tone, bar_chart, donut, funnel, line_chart, page, pipeline, timeline,
};

/// The pages of the design system.
pub fn pages(with_gallery: bool) -> Router<App> {
    let pages = Router::new().route("/offline", get(offline));
    if with_gallery { pages.route("/_ui", get(show)) } else { pages }
}

#[derive(Template)]
#[template(path = "offline.html")]
struct Offline {
    chrome: Chrome,
}

/// What the app shows without a line; stored by the service worker.
async fn offline(ctx: Ctx) -> ApiResult<Response> {
    page(&Offline { chrome: ctx.chrome })
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    chrome: Chrome,
    form: Form,
    list: ListView,
    choices: Vec<Choice>,
    scale: Vec<Choice>,
    tones: Vec<Badge>,
    pipeline: Html,
    timeline: Html,
    charts: Vec<Html>,
    photos: Vec<Photo>,
}

async fn show(ctx: Ctx) -> ApiResult<Response> {
    let chrome = ctx.chrome;
    let t = |key: &str| chrome.t(key);
    let sample = |number: u8| format!("{} {number}", t("gallery-sample"));
    let posted =
        Posted(vec![("wrong".to_owned(), "<b>&</b> 🙂 مرحبا".to_owned()), ("pick".to_owned(), "b".to_owned())]);
    let form = Form::posted(&chrome, &posted).refused(&AppError::field("wrong", "invalid", ""));
    let tones = [Tone::Calm, Tone::Info, Tone::Good, Tone::Warn, Tone::Bad];
    let looks = [StageLook::Done, StageLook::Done, StageLook::Now, StageLook::Ahead, StageLook::Ahead];
    let stages: Vec<Stage> = (1..).zip(looks).map(|(number, look)| Stage { label: sample(number), look }).collect();
    let entries: Vec<TimelineEntry> = (1..)
        .zip([Tone::Good, Tone::Calm, Tone::Warn])
        .map(|(number, tone)| TimelineEntry {
            title: sample(number),
            text: t("gallery-text"),
            at: chrome.when(chrome.now - chrono::Duration::hours(i64::from(number) * 7)),
            tone,
            ahead: number == 3,
        })
        .collect();
    let figures = |values: &[u64]| {
        values
            .iter()
            .zip(1..)
            .map(|(value, month)| Point::count(t(&format!("month-{month}")), *value))
            .collect::<Vec<_>>()
    };
    let series = |number: u8, values: &[u64]| Series { name: sample(number), points: figures(values) };
    let title = t("gallery-charts");
    let charts = vec![
        line_chart(&chrome, &title, &[series(1, &[3, 5, 9, 8, 12, 17, 16]), series(2, &[1, 2, 4, 6, 5, 9, 11])]),
        bar_chart(&chrome, &title, &series(1, &[120, 340, 260, 420, 510])),
        donut(&chrome, &title, &series(1, &[40, 25, 20, 15])),
        funnel(&chrome, &title, &series(1, &[200, 140, 88, 61, 40])),
    ];
    let photo = |number: u8| Photo::new(chrome.asset("app.svg"), sample(number)).caption(sample(number));
    let photos = (1..=4).map(photo).collect();
    let choices = vec![
        Choice::new("a", sample(1)),
        Choice::new("b", sample(2)).hint(t("gallery-text")),
        Choice::new("c", sample(3)),
    ];
    let scale = (0..=10).map(|number| Choice::new(number.to_string(), number.to_string())).collect();
    page(&Gallery {
        list: ListView::new(
            &chrome,
            &PageMeta { current_page: 3, per_page: 20, total: 180, total_exceeded: false, last_page: 9 },
        ),
        pipeline: pipeline(t("gallery-title"), &stages),
        timeline: timeline(&entries),
        tones: tones.into_iter().zip(1..).map(|(tone, number)| Badge::new(tone, sample(number))).collect(),
        form,
        choices,
        scale,
        charts,
        photos,
        chrome,
    })
}
