//! What people do at the portals, by links, forms and buttons. Nothing here needs a script.

use server::demo::PASSWORD;

use crate::site::Site;
use crate::window::Window;

/// Somebody who is not a patient yet.
pub struct Newcomer {
    pub first: &'static str,
    pub last: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
}

/// The patient of the case.
pub const NEWCOMER: Newcomer =
    Newcomer { first: "Rowan", last: "Ashdown", email: "rowan.ashdown@patients.example", phone: "+447700900123" };

/// Clinics of the demonstration that ask their prices in one currency: key and name.
pub const CLINICS: [(&str, &str); 2] = [("bosphorus", "Bosphorus Hair Institute"), ("aegean", "Aegean Hair & Skin")];

/// The day the treatment begins, in Istanbul.
pub const DAY: &str = "2026-05-12";

/// Who is at this stage in the demonstration.
pub fn who(site: &Site, stage: &str) -> String {
    site.logins.patients.iter().find(|patient| patient.stage == stage).unwrap().email.clone()
}

pub async fn sign_in(window: &mut Window, site: &Site, portal: &str, login: &str) {
    window.forget().await;
    window.go(&format!("{portal}/login")).await;
    window.write("login", login).await;
    window.write("password", PASSWORD).await;
    window.submit("/login").await;
    if !portal.is_empty() {
        window.one("main [name='code']".to_owned()).await;
        window.write("code", &site.code()).await;
        window.submit("/code").await;
        window.lands(portal).await;
    } else {
        window.lands("/patient").await;
    }
}

/// An account: who you are, the code of the mail, about you, the consents.
pub async fn sign_up(window: &mut Window, site: &Site, who: &Newcomer) {
    window.go("/").await;
    window.click("header a[href='/sign-up']").await;
    window.lands("/sign-up").await;
    window.see("sign-up").await;
    window.write("first_name", who.first).await;
    window.write("last_name", who.last).await;
    window.write("email", who.email).await;
    window.write("password", PASSWORD).await;
    window.write("password_confirmation", PASSWORD).await;
    window.tick("terms_accepted").await;
    window.submit("/sign-up").await;
    window.lands("/sign-up/verify").await;
    window.see("sign-up-code").await;
    window.write("code", &site.mailed_code(who.email).await).await;
    window.submit("/sign-up/verify").await;
    window.lands("/patient/profile/complete").await;
    window.choose("gender", "male").await;
    window.write("birthday", "1988-07-14").await;
    window.choose("country_code", "GB").await;
    window.write("phone_number", who.phone).await;
    window.tick("medical_data_processing").await;
    window.tick("provider_data_sharing").await;
    window.see("patient-about-you").await;
    window.submit("/complete").await;
    window.comes("the profile behind".to_owned(), async |it| !it.path().await.contains("/profile/")).await;
    site.work().await;
}

/// Fills a request in, one step after the other, up to its review.
pub async fn request(window: &mut Window, site: &Site, wish: &str) {
    window.go("/patient").await;
    window.see("patient-home-new").await;
    window.click(".next-step a[href^='/patient/request']").await;
    window.lands("/patient/request").await;
    window.see("patient-request").await;
    window.click("main a.button[href^='/patient/request/']").await;
    window.arrives("/patient/request/").await;
    let mut steps = 0;
    loop {
        let step = current(window).await;
        fill(window, site, &step, wish).await;
        window.see(&format!("patient-request-{step}")).await;
        steps += 1;
        if step == "review" {
            break;
        }
        next(window, &step).await;
    }
    assert_eq!(steps, 11, "the request has eleven steps");
}

/// The step of the request that is shown.
pub async fn current(window: &Window) -> String {
    let path = window.path().await;
    path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// From a step that is filled in to the one after it.
pub async fn next(window: &Window, step: &str) {
    window.click("main .wizard-actions button[type='submit']:not([disabled])").await;
    let before = step.to_owned();
    window.comes(format!("step after {step}"), async move |it| current(it).await != before).await;
}

/// Fills in what a step shows.
async fn fill(window: &Window, site: &Site, step: &str, wish: &str) {
    match step {
        "wish" => window.choose("problem", "hair_transplant").await,
        "concern" => {
            window.write("problem_details", wish).await;
            window.write("nature_of_concern", "Receding hairline").await;
        }
        "history" => {
            window.choose("duration_of_concern", "3_5y").await;
            window.write("previous_treatments", "Minoxidil for two years").await;
            window.choose("severity", "7").await;
        }
        "destinations" => window.choose("destinations", "TR").await,
        "dates" => {
            for (added, (start, end)) in [("2026-05-04", "2026-05-15"), ("2026-06-01", "2026-06-12")].iter().enumerate()
            {
                window.write("start", start).await;
                window.write("end", end).await;
                window.click("button[name='op'][value='add']:not(.visually-hidden)").await;
                window.counts("main button[value^='remove ']", added + 1).await;
            }
        }
        "clinics" => {
            for (_, name) in CLINICS {
                window.pick("provider_ids", name).await;
            }
        }
        "photos" => {
            for (seed, view) in (1..).zip(["front", "top", "left", "right", "back"]) {
                window.attach(&format!("#{view} input[type='file']"), &site.picture(seed)).await;
                window.click(&format!("#{view} form[enctype] button[type='submit']")).await;
                window.one(format!("#{view} img.photo-thumb")).await;
            }
        }
        "health" => {
            // One question a page, until all answers are shown.
            while let Some(asked) = window.all("main input[name='question']").await.first() {
                let id = asked.prop("value").await.unwrap().unwrap();
                if id == "hiv" {
                    window.choose("answer.hiv", "yes").await;
                    window.write("details.hiv", "Known since 2019, under treatment.").await;
                } else {
                    window.choose(&format!("answer.{id}"), "no").await;
                }
                window.click("main .wizard-actions button[type='submit']").await;
                let gone = format!("main input[name='question'][value='{id}']");
                window.comes(format!("the question after {id}"), async |it| it.all(&gone).await.is_empty()).await;
            }
        }
        "review" => window.tick("terms_accepted").await,
        _ => {}
    }
}

/// Sends the request; answers with its id.
pub async fn send_request(window: &Window) -> String {
    window.submit("/patient/request/submit").await;
    window.arrives("/patient/cases/").await;
    current(window).await
}

/// What a clinic offers.
pub struct Offer {
    pub grafts: &'static str,
    pub time: &'static str,
    pub note: &'static str,
}

/// A clinic reads the case it was sent, acknowledges the alert and sends its quote; answers with the quote's id.
pub async fn quote(window: &mut Window, site: &Site, clinic: &str, case: &str, offer: &Offer) -> String {
    sign_in(window, site, "/provider", &format!("owner@{clinic}.example")).await;
    window.see("clinic-home").await;
    window.click("nav a[href='/provider/inquiries']").await;
    window.lands("/provider/inquiries").await;
    window.see("clinic-inquiries").await;
    window.click(&format!("a.row-link[href='/provider/cases/{case}']")).await;
    window.lands(&format!("/provider/cases/{case}")).await;
    let shown = window.driver.source().await.unwrap();
    for secret in [NEWCOMER.first, NEWCOMER.last, NEWCOMER.email, NEWCOMER.phone, "7700"] {
        assert!(!shown.contains(secret), "a clinic reads {secret} before anything is paid");
    }
    assert!(window.has("#alert .alert.bad").await, "the alert stands on the case");
    assert!(!window.has("#case-step a[href$='/quote']").await, "acknowledged first, quoted then");
    window.see("clinic-case").await;
    window.submit("/acknowledge").await;
    window.one("#case-step a[href$='/quote']".to_owned()).await;
    window.see("clinic-case-acknowledged").await;
    window.click("#case-step a[href$='/quote']").await;
    window.lands(&format!("/provider/cases/{case}/quote")).await;

    let surgery = "//main//select[@name='treatment_id']/option[contains(., 'FUE')]";
    window.driver.find(thirtyfour::By::XPath(surgery)).await.unwrap().click().await.unwrap();
    window.write("estimated_grafts", "1000").await;
    let little = price(window, "").await;
    window.write("estimated_grafts", offer.grafts).await;
    crate::window::tick(&window.one("main [name='packages']".to_owned()).await).await;
    let much = price(window, &little).await;
    assert_ne!(little, much, "the price follows what is typed");
    window.write("slot.date", DAY).await;
    window.write("slot.time", offer.time).await;
    window.write("slot.day_count", "2").await;
    window.choose_any("slot.duration_minutes").await;
    window.choose_any("clinician_id").await;
    window.write("plan.0.description", "Extraction and implantation").await;
    window.click("button[name='op'][value='add-plan']").await;
    window.one("main [name='plan.1.description']".to_owned()).await;
    window.write("plan.1.description", "First wash and check").await;
    window.write("note", offer.note).await;
    let total = price(window, "").await;
    window.see("clinic-quote-builder").await;
    window.click("button[name='op'][value='submit']").await;
    window.arrives("/provider/quotes/").await;
    assert_eq!(window.words("main dd.total").await, total, "what was shown is what is sent");
    window.see("clinic-quote").await;
    site.work().await;
    current(window).await
}

/// The total the editor shows, once it is another than before. Without a script it is asked for.
async fn price(window: &Window, before: &str) -> String {
    if !window.setting.scripts {
        window.click("button[value='preview']:not(.visually-hidden)").await;
    }
    let before = before.to_owned();
    let settled = async move |it: &Window| {
        let Ok(found) = it.driver.find(thirtyfour::By::Css("#price:not([aria-busy]) dd.total")).await else {
            return false;
        };
        found.text().await.is_ok_and(|text| text != before)
    };
    window.comes("a price".to_owned(), settled).await;
    window.words("#price dd.total").await
}

/// Pays what is chosen at the checkout with the simulator's good card.
pub async fn pay(window: &mut Window, site: &Site, quote: &str, option: &str) {
    let booking = format!("/patient/bookings/{quote}");
    window.go(&booking).await;
    window.click(&format!(".next-step a[href='{booking}/pay']")).await;
    window.lands(&format!("{booking}/pay")).await;
    window.choose("option", option).await;
    for name in ["accept_cancellation_policy", "accept_terms"] {
        if window.has(&format!("main [name='{name}']")).await {
            window.tick(name).await;
        }
    }
    window.see(&format!("patient-checkout-{option}")).await;
    window.press_twice("main form[action$='/pay'] button[type='submit']").await;
    window.one("main [name='card.number']".to_owned()).await;
    window.write("card.number", "4242 4242 4242 4242").await;
    window.write("card.exp_month", "12/30").await;
    window.write("card.cvc", "123").await;
    window.see("patient-card").await;
    window.press_twice("main form.card button[type='submit']").await;
    window.comes("a result".to_owned(), async |it| it.path().await.contains("/result")).await;
    // The webhook of the provider arrives.
    site.work().await;
    window.go(&window.path().await).await;
    window.one(format!("#pay-result .actions a[href='{booking}']")).await;
    assert!(!window.has("#pay-result .icon-round.warn").await && window.has("#pay-result dl.facts").await);
    window.see(&format!("patient-paid-{option}")).await;
    window.click(&format!("#pay-result .actions a[href='{booking}']")).await;
    window.lands(&booking).await;
}
