//! Pages of every portal in a real browser: barriers in both themes, width on a phone, weight, nothing asked elsewhere.

#![cfg(test)]

mod journey;
mod keyboard;
mod mishaps;
mod people;
mod site;
mod window;

use people::sign_in;
use site::Site;
use window::{Eyes, Setting, Window};

/// Whether a browser is at hand; says so where none is.
fn no_browser() -> bool {
    let none = window::driver_url().is_none();
    if none {
        eprintln!("skipped: HAIRLINE_TEST_WEBDRIVER is not set");
    }
    none
}

async fn see(window: &mut Window, pages: &[(&str, &str)]) {
    for (path, name) in pages {
        window.go(path).await;
        window.see(name).await;
    }
}

/// Pages that no case leads through; those of a case are looked at on its way.
async fn tour(setting: Setting) {
    let site = Site::start().await;
    let mut window = Window::open(&site.base, setting).await;
    see(
        &mut window,
        &[
            ("/", "landing"),
            ("/clinics", "clinics"),
            ("/treatments", "treatments"),
            ("/_ui", "components"),
            ("/login", "login"),
            ("/forgot", "forgot"),
            ("/provider/set-password/link", "first-password-link"),
            ("/provider/set-password?token=0", "first-password"),
            ("/dispute-email?token=0", "dispute-email"),
        ],
    )
    .await;
    sign_in(&mut window, &site, "/admin", "admin@hairline.example").await;
    see(
        &mut window,
        &[
            ("/admin", "admin-dashboard"),
            ("/admin/cases", "admin-cases"),
            ("/admin/clinics", "admin-clinics"),
            ("/admin/patients", "admin-patients"),
            ("/admin/settings/payment", "admin-settings"),
            ("/admin/jobs", "admin-jobs"),
            ("/admin/audit", "admin-audit"),
            ("/admin/account", "admin-account"),
        ],
    )
    .await;
    window.close().await;

    let mut window = Window::open(&site.base, setting).await;
    sign_in(&mut window, &site, "/provider", &format!("owner@{}.example", site.logins.clinic.0)).await;
    see(
        &mut window,
        &[
            ("/provider/calendar", "clinic-calendar"),
            ("/provider/profile", "clinic-profile"),
            ("/provider/account", "clinic-account"),
        ],
    )
    .await;
    window.close().await;

    let mut window = Window::open(&site.base, setting).await;
    sign_in(&mut window, &site, "", &site.logins.patients[0].email).await;
    see(
        &mut window,
        &[("/patient/security", "patient-security"), ("/patient/security/email/code", "patient-email-code")],
    )
    .await;
    window.close().await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_have_no_barriers_in_english() {
    if no_browser() {
        return;
    }
    tour(Setting { language: "en", scripts: true, eyes: Eyes::Wide }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_have_no_barriers_in_turkish() {
    if no_browser() {
        return;
    }
    tour(Setting { language: "tr", scripts: true, eyes: Eyes::Phone }).await;
}

/// A patient signs in and reads her home without any script.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_needs_no_script() {
    if no_browser() {
        return;
    }
    let site = Site::start().await;
    let window = Window::open(&site.base, Setting { language: "en", scripts: false, eyes: Eyes::Closed }).await;
    window.go("/login").await;
    window.write("login", &site.logins.patients[0].email).await;
    window.write("password", server::demo::PASSWORD).await;
    window.submit("/login").await;
    window.arrives("/patient").await;
    assert!(!window.text().await.is_empty());
    window.close().await;
    site.stop().await;
}
