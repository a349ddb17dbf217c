//! Pages of every portal in a real browser: barriers in both themes, width on a phone, weight, nothing asked elsewhere.

#![recursion_limit = "256"]
#![cfg(test)]

mod account;
#[path = "../demonstration/mod.rs"]
mod demonstration;
mod doors;
mod journey;
mod keyboard;
mod mishaps;
mod people;
mod site;
mod window;

use people::sign_in;
use sea_orm::ConnectionTrait;
use site::Site;
use window::{Eyes, Setting, Window};

/// Looks at pages: each by its address, or by a selector of the link on the page before that leads to it.
async fn see(window: &mut Window, pages: &[(&str, &str)]) {
    for (place, name) in pages {
        if place.starts_with('/') {
            window.go(place).await;
        } else {
            let link = window.one(format!("main {place}")).await.attr("href").await.unwrap().unwrap();
            window.go(&link).await;
        }
        window.see(name).await;
    }
}

/// Codes by mail: the wait until the next one may be sent, its end, and what a wrong code is told.
async fn codes(window: &mut Window, site: &Site) {
    let patient = &site.logins.patients[0].email;
    window.go("/forgot").await;
    window.write("email", patient).await;
    window.submit("/forgot").await;
    window.lands("/forgot/code").await;
    window.see("forgot-code-waits").await;
    site.t.advance(std::time::Duration::from_secs(61));
    window.go("/forgot/code").await;
    window.see("forgot-code-again").await;
    window.write("code", "000000").await;
    window.submit("/forgot/code").await;
    window.tells("#code-error", "").await;
    window.see("forgot-code-wrong").await;
    let code = site.mailed_code(patient).await;
    window.write("code", &code).await;
    window.submit("/forgot/code").await;
    window.lands("/forgot/new").await;
    window.see("forgot-new").await;
}

/// An affiliate's account: the link of the mail, the password, and a link that ended.
async fn activation(window: &mut Window, site: &Site) {
    let (app, id) = (&site.t.app, kernel::ids::AffiliateId::new());
    let statement = format!(
        "INSERT INTO affiliates (id, affiliate_name, email, status, affiliate_code, commission_value) \
         VALUES ('{id}', 'Ada Travels', 'ada@travels.example', 'draft', 'HP-AFF-90001', 10)"
    );
    site.t.conn().execute_unprepared(&statement).await.unwrap();
    let invited = async || {
        platform::write_txn!(app.db, |txn| {
            identity::activation::invite(txn, app, &kernel::Actor::system(), id, platform::locale::Locale::En).await
        })
        .unwrap();
        site.work().await;
        site.mailed_token("ada@travels.example", "/affiliate/activate#").await
    };
    let token = invited().await;
    window.go(&format!("/affiliate/activate#{token}")).await;
    window.one("main [name='password_confirmation']".to_owned()).await;
    window.see("affiliate-set-up").await;
    window.write("password", "short").await;
    window.write("password_confirmation", "other").await;
    window.tick("terms_accepted").await;
    window.submit("/set-up").await;
    window.one("#password-error".to_owned()).await;
    window.see("affiliate-set-up-refused").await;
    // A day later the same link has ended.
    site.t.advance(std::time::Duration::from_secs(25 * 3600));
    window.go("/affiliate/activate").await;
    window.write("token", &token).await;
    window.submit("/affiliate/activate").await;
    window.one("main form[action='/affiliate/activate/resend']".to_owned()).await;
    window.see("affiliate-link-ended").await;
}

/// Whoever types where they want to go is offered its cities, and a city that is chosen is opened, not searched for.
async fn places(window: &Window) {
    window.go("/clinics").await;
    let type_it = "const field = document.querySelector('form[data-places] input[type=search]'); field.value = 'ista'; \
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    window.driver.execute(type_it, vec![]).await.unwrap();
    window.counts("#places option", 1).await;
    let choose_it = "const field = document.querySelector('form[data-places] input[type=search]'); \
        field.value = document.querySelector('#places option').value; \
        for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));";
    window.driver.execute(choose_it, vec![]).await.unwrap();
    window.lands("/clinics/tr/istanbul").await;
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
            ("a[href^='/treatments/']", "treatment"),
            ("/destinations", "destinations"),
            ("a[href^='/destinations/']", "destination"),
            ("/clinics/tr/istanbul", "clinics-of-a-city"),
            ("/_ui", "components"),
            ("/login", "login"),
            ("/provider/login", "clinic-login"),
            ("/admin/login", "admin-login"),
            ("/provider/forgot", "clinic-forgot"),
            ("/invitation", "invitation"),
            ("/forgot", "forgot"),
            ("/affiliate/activate", "affiliate-activate"),
            ("/provider/set-password/link", "first-password-link"),
            ("/provider/set-password#0", "first-password"),
            ("/dispute-email#0", "dispute-email"),
        ],
    )
    .await;
    places(&window).await;
    sign_in(&mut window, &site, "/admin", "admin@hairline.example").await;
    see(
        &mut window,
        &[
            ("/admin", "admin-dashboard"),
            ("/admin/cases", "admin-cases"),
            ("/admin/clinics", "admin-clinics"),
            ("/admin/settings/payment", "admin-settings"),
            ("/admin/jobs", "admin-jobs"),
            ("/admin/audit", "admin-audit"),
            ("/admin/account", "admin-account"),
            ("/admin/account/preferences", "admin-preferences"),
            ("/admin/affiliates", "admin-affiliates"),
            ("/admin/affiliates/invite", "admin-affiliate-invite"),
            ("/admin/users", "admin-staff"),
            ("a[href^='/admin/users/']:not([href*='invit'])", "admin-staff-member"),
            ("/admin/users/invite", "admin-staff-invite"),
            ("/admin/roles", "admin-roles"),
            ("td a[href^='/admin/roles/']", "admin-role-matrix"),
            ("/admin/roles/new", "admin-role-new"),
            ("/admin/roles/compare", "admin-roles-compare"),
            ("/admin/account/activity", "admin-activity"),
            ("/admin/account/legal", "admin-legal"),
            ("/admin/provider-users", "admin-clinic-staff"),
            ("a[href^='/admin/provider-users/']", "admin-clinic-staff-member"),
            ("/admin/patients", "admin-patients"),
            ("a[href^='/admin/patients/']", "admin-patient"),
            ("a[href$='/account']", "admin-patient-account"),
            ("/admin/privacy", "admin-privacy"),
            ("td a[href^='/admin/privacy/']", "admin-privacy-request"),
            ("/admin/settings/auth", "admin-settings-auth"),
            ("/admin/settings/clients", "admin-oauth-clients"),
            ("a[href='/admin/settings/clients/new']", "admin-oauth-client-new"),
            ("/admin/encryption", "admin-encryption"),
            ("/admin/account/tokens", "admin-tokens"),
            ("/admin/privacy/clinics", "admin-closings"),
            ("/admin/privacy/holds", "admin-holds"),
            ("/admin/privacy/holds/new", "admin-hold-new"),
            ("/admin/privacy/retention", "admin-retention"),
            ("/admin/quotes", "admin-quotes"),
            ("a[href^='/admin/quotes/']", "admin-quote"),
            ("/admin/acceptances", "admin-acceptances"),
            ("/admin/withdrawals", "admin-withdrawals"),
            ("/admin/treatments", "admin-treatments"),
            ("a[href^='/admin/treatments/']:not([href$='/new'])", "admin-treatment"),
            ("/admin/questionnaires", "admin-questionnaires"),
            ("a[href^='/admin/questionnaires/']:not([href$='/new'])", "admin-questionnaire"),
            ("/admin/questionnaires/new", "admin-questionnaire-new"),
            ("/admin/regions", "admin-regions"),
            ("/admin/regions/new", "admin-region-new"),
            ("/admin/locations", "admin-locations"),
            ("/admin/starting-prices", "admin-starting-prices"),
            ("/admin/starting-prices/bulk", "admin-starting-prices-bulk"),
            ("/admin/starting-prices/import", "admin-starting-prices-import"),
            ("/admin/lists", "admin-lists"),
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
            ("/provider/account/preferences", "clinic-preferences"),
            ("/provider/account/tokens", "clinic-tokens"),
            ("/provider/account/activity", "clinic-activity"),
            ("/provider/account/legal", "clinic-legal"),
            ("/provider/team", "clinic-team"),
            ("td a[href^='/provider/team/']", "clinic-team-member"),
            ("/provider/team/invite", "clinic-team-invite"),
            ("/provider/team/clinician", "clinic-team-clinician"),
            ("/provider/team/invitations", "clinic-team-invitations"),
            ("/provider/team/seats", "clinic-seats"),
            ("/provider/closing", "clinic-closing"),
            ("/provider/inquiries", "clinic-inquiries"),
            ("/provider/quotes", "clinic-quotes"),
            ("/provider/prices", "clinic-prices"),
            ("a[href^='/provider/prices/']", "clinic-price"),
            ("/provider/packages", "clinic-packages"),
            ("/provider/packages/new", "clinic-package-new"),
        ],
    )
    .await;
    window.close().await;

    let mut window = Window::open(&site.base, setting).await;
    sign_in(&mut window, &site, "", &site.logins.patients[0].email).await;
    see(
        &mut window,
        &[
            ("/patient/security", "patient-security"),
            ("/patient/security/preferences", "patient-preferences"),
            ("/patient/security/email/code", "patient-email-code"),
            ("/patient/profile", "patient-profile"),
            ("/patient/privacy", "patient-privacy"),
            ("/patient/privacy/delete", "patient-privacy-delete"),
            ("/patient/legal", "patient-legal"),
        ],
    )
    .await;
    window.close().await;

    // What a patient does with a request that was sent, and what staff do with it.
    let mut window = Window::open(&site.base, setting).await;
    let (waits, chooses) = (people::who(&site, "request sent"), people::who(&site, "offers to compare"));
    let (sent, offered) = (site.case_of(&waits).await, site.case_of(&chooses).await);
    sign_in(&mut window, &site, "", &waits).await;
    let own = |rest: &str| format!("/patient/cases/{sent}/{rest}");
    let pages = [
        (own("request"), "patient-request-sent"),
        (own("request/destinations"), "patient-request-sent-destinations"),
        (own("request/clinics"), "patient-request-sent-clinics"),
        (own("cancel"), "patient-request-cancel"),
    ];
    see(&mut window, &pages.each_ref().map(|(path, name)| (path.as_str(), *name))).await;
    sign_in(&mut window, &site, "", &chooses).await;
    see(&mut window, &[(&format!("/patient/cases/{offered}/quotes"), "patient-offers")]).await;
    sign_in(&mut window, &site, "/admin", "admin@hairline.example").await;
    let pages = ["manage", "edit"].map(|rest| (format!("/admin/cases/{sent}/{rest}"), format!("admin-case-{rest}")));
    see(&mut window, &pages.each_ref().map(|(path, name)| (path.as_str(), name.as_str()))).await;
    window.close().await;

    let mut window = Window::open(&site.base, setting).await;
    doors::second_factor(&mut window, &site).await;
    doors::program(&mut window, &site).await;
    doors::affiliate(&mut window, &site).await;
    doors::invitation(&mut window, &site).await;
    codes(&mut window, &site).await;
    activation(&mut window, &site).await;
    window.close().await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn pages_have_no_barriers_in_english() {
    tour(Setting { language: "en", scripts: true, eyes: Eyes::Wide }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn pages_have_no_barriers_in_turkish() {
    tour(Setting { language: "tr", scripts: true, eyes: Eyes::Phone }).await;
}

/// A patient signs in and reads her home without any script.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn a_patient_needs_no_script() {
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
