//! The whole case through the portals in a real browser.

#![cfg(test)]

mod site;
mod window;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probe() {
    if window::driver_url().is_none() {
        eprintln!("skipped: HAIRLINE_TEST_WEBDRIVER is not set");
        return;
    }
    let site = site::Site::start().await;
    let mut window = window::Window::open(&site.base, window::Setting { language: "en", scripts: true }).await;
    for (path, name) in [("/", "landing"), ("/_ui", "components"), ("/login", "login")] {
        window.go(path).await;
        window.inspect(name).await;
    }
    window.go("/admin/login").await;
    window.write("login", "admin@hairline.example").await;
    window.write("password", server::demo::PASSWORD).await;
    window.submit("/admin/login").await;
    window.one("main [name='code']".to_owned()).await;
    window.write("code", &site.code()).await;
    window.submit("/code").await;
    window.arrives("/admin").await;
    for (path, name) in [
        ("/admin", "admin-dashboard"),
        ("/admin/cases", "admin-cases"),
        ("/admin/clinics", "admin-clinics"),
        ("/admin/patients", "admin-patients"),
        ("/admin/settings/payment", "admin-settings"),
        ("/admin/jobs", "admin-jobs"),
        ("/admin/audit", "admin-audit"),
    ] {
        window.go(path).await;
        window.inspect(name).await;
    }
    window.go("/admin/cases?status=aftercare").await;
    window.click("td a.row-link").await;
    window.arrives("/admin/cases/").await;
    window.inspect("admin-case").await;
    window.close().await;
    site.stop().await;
}
