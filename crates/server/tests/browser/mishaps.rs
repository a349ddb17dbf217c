//! What goes wrong on the way: an upload that is stopped, a button pressed twice, a step back, a session that ends.

use std::path::Path;

use serde_json::json;
use thirtyfour::prelude::*;

use crate::people::{current, sign_in, who};
use crate::site::Site;
use crate::window::{Eyes, Setting, Window};

const SCRIPTED: Setting = Setting { language: "en", scripts: true, eyes: Eyes::Closed };
const BARE: Setting = Setting { language: "en", scripts: false, eyes: Eyes::Closed };

/// How many files lie in a folder and below it.
fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let count = |path: std::path::PathBuf| if path.is_dir() { files(&path) } else { 1 };
    entries.map(|entry| count(entry.unwrap().path())).sum()
}

/// What is stored: rows and files.
async fn stored(site: &Site) -> (i64, usize) {
    let rows = site.rows("media").await + site.rows("aftercare_milestone_scans").await;
    (rows, files(&site.t.app.config.files.folder))
}

/// A line that takes a minute for what is sent, or none that slows anything.
async fn line(window: &Window, bytes_per_second: i64) {
    window.devtools("Network.enable", json!({})).await;
    let line = json!({
        "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second
    });
    window.devtools("Network.emulateNetworkConditions", line).await;
}

/// Chooses the pictures of a recovery and begins to send them.
async fn begin_upload(window: &Window, site: &Site) {
    window.click("main a[href$='/scan']").await;
    window.one("main form[action$='/scan']".to_owned()).await;
    for (seed, field) in (60..).zip(window.all("main input[type='file']").await) {
        field.send_keys(site.picture(seed).display().to_string()).await.unwrap();
    }
    window.submit("/scan").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn mishaps_leave_nothing_half_and_nothing_doubled() {
    let site = Site::start().await;
    an_upload_is_stopped(&site).await;
    buttons_are_pressed_twice(&site).await;
    a_session_ends_in_the_middle(&site).await;
    a_picture_is_taken_through_the_drawing(&site).await;
    site.stop().await;
}

/// R-IQ-07: the drawing of the side lies over what the camera sees; what it takes is judged like any other picture.
async fn a_picture_is_taken_through_the_drawing(site: &Site) {
    let mut window = Window::open(&site.base, SCRIPTED).await;
    sign_in(&mut window, site, "", &who(site, "draft")).await;
    window.go("/patient/request/photos").await;
    window.counts("#front .badge, #front .field-error", 0).await;
    window.click("#front [data-camera]").await;
    let sees = async |it: &Window| match it.driver.find(By::Css("dialog.camera[open] video")).await {
        Ok(video) => video.prop("videoWidth").await.ok().flatten().is_some_and(|width| width != "0"),
        Err(_) => false,
    };
    window.comes("a picture of the camera".to_owned(), sees).await;
    window.one("dialog.camera[open] .camera-view .guide".to_owned()).await;
    window.click("dialog.camera[open] [data-take]").await;
    window.one("#front .badge, #front .field-error".to_owned()).await;
    window.close().await;
}

async fn an_upload_is_stopped(site: &Site) {
    let mut window = Window::open(&site.base, SCRIPTED).await;
    sign_in(&mut window, site, "", &who(site, "aftercare")).await;
    window.go("/patient/aftercare").await;
    let before = stored(site).await;

    // Stopped by the button beside the progress.
    line(&window, 20_000).await;
    begin_upload(&window, site).await;
    let half = async |it: &Window| match it.driver.find(By::Css(".upload-progress progress")).await {
        Ok(bar) => bar
            .prop("value")
            .await
            .ok()
            .flatten()
            .and_then(|now| now.parse().ok())
            .is_some_and(|now: f64| now > 1.0 && now < 90.0),
        Err(_) => false,
    };
    window.comes("an upload on its way".to_owned(), half).await;
    window.click(".upload-progress button").await;
    window.counts(".upload-progress", 0).await;
    window.one("[data-toast]".to_owned()).await;
    assert!(window.path().await.contains("/scan"), "the page is still there");
    assert!(!window.has("main button[aria-disabled]").await, "and can be used");
    assert_eq!(stored(site).await, before, "nothing half is kept");

    // Left for another page in the middle.
    window.submit("/scan").await;
    window.comes("an upload on its way".to_owned(), half).await;
    window.go("/patient/aftercare").await;
    assert_eq!(stored(site).await, before, "nothing half is kept");

    // A good line again.
    line(&window, -1).await;
    begin_upload(&window, site).await;
    window.lands("/patient/aftercare").await;
    let after = stored(site).await;
    assert!(after.0 > before.0 && after.1 >= before.1 + 4, "{before:?} {after:?}");
    window.close().await;

    // The same without a script: the browser shows its own progress, and its own way to stop.
    let mut window = Window::open(&site.base, BARE).await;
    sign_in(&mut window, site, "", &who(site, "aftercare, tasks late")).await;
    window.go("/patient/aftercare").await;
    begin_upload(&window, site).await;
    window.lands("/patient/aftercare").await;
    let last = stored(site).await;
    assert!(last.0 > after.0 && last.1 >= after.1 + 4, "{after:?} {last:?}");
    window.close().await;
}

/// An offer is accepted and its deposit paid, every button pressed twice, and every form sent again from the page before.
async fn twice(window: &Window, site: &Site) {
    window.go("/patient").await;
    window.click("main a[href^='/patient/cases/']").await;
    window.arrives("/patient/cases/").await;
    window.click("main a[href^='/patient/quotes/']").await;
    window.arrives("/patient/quotes/").await;
    let quote = current(window).await;
    let booking = format!("/patient/bookings/{quote}");
    window.click("main a[href$='/accept']").await;
    window.one("main [name='terms']".to_owned()).await;
    window.tick("terms").await;
    window.press_twice("main form[action$='/accept'] button[type='submit']").await;
    window.arrives(&booking).await;
    site.work().await;

    // Back to the sheet: what was accepted is not accepted again.
    window.driver.back().await.unwrap();
    if window.has("main [name='terms']").await {
        window.tick("terms").await;
        window.submit("/accept").await;
    }
    window.arrives(&booking).await;

    let payments = site.rows("payments").await;
    window.go(&format!("{booking}/pay")).await;
    window.choose("option", "deposit").await;
    for name in ["accept_cancellation_policy", "accept_terms"] {
        if window.has(&format!("main [name='{name}']")).await {
            window.tick(name).await;
        }
    }
    window.press_twice("main form[action$='/pay'] button[type='submit']").await;
    window.one("main [name='card.number']".to_owned()).await;
    assert_eq!(site.rows("payments").await, payments + 1, "one attempt");
    let card = async || {
        window.write("card.number", "4242424242424242").await;
        window.write("card.exp_month", "12/30").await;
        window.write("card.cvc", "123").await;
    };
    card().await;
    window.press_twice("main form.card button[type='submit']").await;
    window.comes("a result".to_owned(), async |it| it.path().await.contains("/result")).await;
    site.work().await;
    assert_eq!(site.rows("payments").await, payments + 1, "one payment");

    // Back to the card: it cannot be asked a second time.
    window.driver.back().await.unwrap();
    if window.has("main [name='card.number']").await {
        card().await;
        window.click("main form.card button[type='submit']").await;
    }
    window.comes("a result".to_owned(), async |it| it.path().await.contains("/result")).await;
    window.go(&window.path().await).await;
    window.one(format!("#pay-result .actions a[href='{booking}']")).await;
    assert!(!window.has("#pay-result .icon-round.warn").await, "the first one stands");
    site.work().await;
    assert_eq!(site.rows("payments").await, payments + 1, "still one payment");
}

async fn buttons_are_pressed_twice(site: &Site) {
    let mut window = Window::open(&site.base, BARE).await;
    sign_in(&mut window, site, "", &who(site, "offers to compare")).await;
    twice(&window, site).await;
    window.close().await;
}

/// What was written outlives the session of its author.
async fn a_session_ends_in_the_middle(site: &Site) {
    for setting in [SCRIPTED, BARE] {
        let mut window = Window::open(&site.base, setting).await;
        let login = who(site, "deposit paid");
        sign_in(&mut window, site, "", &login).await;
        window.go("/patient/messages").await;
        window.click("#threads a.row-item").await;
        window.arrives("/patient/messages/").await;
        let thread = window.path().await;
        let words = format!("Which pillow do you recommend for the first week? ({})", setting.scripts);
        window.write("content", &words).await;
        window.driver.delete_cookie("hairline_session").await.unwrap();
        window.click("form.composer button[type='submit']").await;
        window.one("main [name='password']".to_owned()).await;
        window.write("login", &login).await;
        window.write("password", server::demo::PASSWORD).await;
        window.click("main form button[type='submit']").await;
        // What was written is there, and is sent when its author says so.
        window.click("main form[action^='/patient/messages/'] button[type='submit']").await;
        window.lands(thread.split('?').next().unwrap()).await;
        window.tells(".bubble.own", &words).await;
        let own = window.all(".bubble.own").await;
        let mut times = 0;
        for bubble in own {
            times += usize::from(bubble.text().await.unwrap().contains(&words));
        }
        assert_eq!(times, 1);
        window.close().await;
    }
}
