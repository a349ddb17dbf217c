//! What the script adds for people and their own account: six boxes, a count-down, a draft, a question before leaving.

use serde_json::json;

use crate::people::sign_in;
use crate::site::Site;
use crate::window::{Eyes, Setting, Window};

const SCRIPTED: Setting = Setting { language: "en", scripts: true, eyes: Eyes::Closed };
const BARE: Setting = Setting { language: "en", scripts: false, eyes: Eyes::Closed };

/// What a field holds now.
async fn held(window: &Window, name: &str) -> String {
    let field = window.one(format!("main [name='{name}']")).await;
    field.prop("value").await.unwrap().unwrap_or_default()
}

async fn is_asked(window: &Window) -> bool {
    window.driver.get_alert_text().await.is_ok()
}

/// Follows a link as a hand does. The question of the browser may stand in the way of the answer.
async fn leave(window: &Window, css: &str) {
    window.one(css.to_owned()).await.click().await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn whoever_leaves_with_something_unsaved_is_asked() {
    let site = Site::start().await;
    let mut window = Window::open_that_asks(&site.base, SCRIPTED).await;
    sign_in(&mut window, &site, "/admin", "admin@hairline.example").await;

    // Nothing was typed: nobody is held up.
    window.go("/admin/affiliates/invite").await;
    leave(&window, "main a.back").await;
    window.lands("/admin/affiliates").await;

    // Something was typed: the browser asks, and who stays finds it there.
    window.go("/admin/affiliates/invite").await;
    window.write("affiliate_name", "Ada Travels").await;
    leave(&window, "main a.back").await;
    assert!(is_asked(&window).await, "asked before something typed is lost");
    window.driver.dismiss_alert().await.unwrap();
    window.lands("/admin/affiliates/invite").await;
    assert_eq!(held(&window, "affiliate_name").await, "Ada Travels");

    // Taken out again, there is nothing to lose.
    window.one("main [name='affiliate_name']".to_owned()).await.clear().await.unwrap();
    leave(&window, "main a.back").await;
    window.lands("/admin/affiliates").await;

    // What came back with a fault is not saved either, and who wants to leave may.
    window.go("/admin/affiliates/invite").await;
    window.write("affiliate_name", "Ada Travels").await;
    window.write("email", "ada@travels.example").await;
    window.write("commission_value", "99").await;
    window.submit("/admin/affiliates/invite").await;
    window.one("#commission_value-error".to_owned()).await;
    // The browser asks only people who did something on the page.
    window.one("main h1".to_owned()).await.click().await.unwrap();
    leave(&window, "main a.back").await;
    assert!(is_asked(&window).await, "asked before a refused form is lost");
    window.driver.accept_alert().await.unwrap();
    window.lands("/admin/affiliates").await;

    // Sent, nothing is unsaved: the next page comes without a question.
    window.go("/admin/affiliates/invite").await;
    window.write("affiliate_name", "Ada Travels").await;
    window.write("email", "ada@travels.example").await;
    window.write("commission_value", "10").await;
    window.submit("/admin/affiliates/invite").await;
    window.tells("main h1", "Ada Travels").await;
    window.close().await;

    // Without a script nobody is asked, and everything works.
    let mut window = Window::open_that_asks(&site.base, BARE).await;
    sign_in(&mut window, &site, "/admin", "admin@hairline.example").await;
    window.go("/admin/affiliates/invite").await;
    window.write("affiliate_name", "Ada Travels").await;
    leave(&window, "main a.back").await;
    window.lands("/admin/affiliates").await;
    window.close().await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn codes_have_six_boxes_and_the_next_one_its_time() {
    let site = Site::start().await;
    let patient = site.logins.patients[0].email.clone();
    let window = Window::open(&site.base, SCRIPTED).await;
    window.go("/forgot").await;
    window.write("email", &patient).await;
    window.submit("/forgot").await;
    window.lands("/forgot/code").await;
    window.counts(".code-boxes > span", 6).await;
    // The first box waits for its digit, as soon as the script has run.
    window.counts(".code-boxes > span.next", 1).await;

    // What is not a digit is left out, when typed and when pasted; the seventh has no box.
    window.write("code", "12a 3").await;
    assert_eq!(held(&window, "code").await, "123");
    let paste = "const field = document.querySelector(\"main [name='code']\"); const data = new DataTransfer(); \
        data.setData('text', ' 987 654 3 '); field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));";
    window.driver.execute(paste, vec![]).await.unwrap();
    assert_eq!(held(&window, "code").await, "987654");

    // The button waits with the seconds.
    let button = ".resend button";
    assert!(window.has(&format!("{button}[disabled]")).await);
    window.tells(".resend [role='timer']", "You can ask for a new code in 0:").await;
    // The wait of a page that says two seconds is over after two.
    let short = "const line = document.querySelector('[data-wait]'); return Number(line.dataset.wait) > 40;";
    assert!(window.driver.execute(short, vec![]).await.unwrap().convert::<bool>().unwrap());
    site.t.advance(std::time::Duration::from_secs(58));
    window.go("/forgot/code").await;
    window.tells(".resend [role='status']", "You can ask for a new code now.").await;
    assert!(!window.has(&format!("{button}[disabled]")).await);
    site.t.advance(std::time::Duration::from_secs(2));
    window.click(button).await;
    window.tells("[data-toast]", "new code").await;
    let code = site.mailed_code(&patient).await;
    window.write("code", &code).await;
    window.submit("/forgot/code").await;
    window.lands("/forgot/new").await;
    window.close().await;

    // Without a script the same field takes the same digits, and the wait stands there in words.
    let window = Window::open(&site.base, BARE).await;
    site.t.advance(std::time::Duration::from_secs(3600));
    window.go("/forgot").await;
    window.write("email", &patient).await;
    window.submit("/forgot").await;
    window.lands("/forgot/code").await;
    assert!(window.text().await.contains("You can ask for a new code in 60 seconds."), "{}", window.text().await);
    let code = site.mailed_code(&patient).await;
    window.write("code", &format!("{} {}", &code[..3], &code[3..])).await;
    window.submit("/forgot/code").await;
    window.lands("/forgot/new").await;
    window.close().await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn a_sign_up_is_kept_on_the_device_for_a_week_without_its_secrets() {
    let site = Site::start().await;
    let window = Window::open(&site.base, SCRIPTED).await;
    let typed = async || {
        window.go("/sign-up").await;
        window.write("first_name", "Rowan").await;
        window.write("email", "rowan@patients.example").await;
        window.write("password", "Correct-Horse7!").await;
        window.tick("terms_accepted").await;
    };
    typed().await;
    window.tells("[data-strength]", "Good").await;
    window.write("password", "Correct-Horse7!Battery").await;
    window.tells("[data-strength]", "Strong").await;
    window.go("/").await;
    window.go("/sign-up").await;
    assert_eq!(
        (held(&window, "first_name").await.as_str(), held(&window, "email").await.as_str()),
        ("Rowan", "rowan@patients.example")
    );
    assert_eq!(held(&window, "password").await, "");
    assert!(!window.has("main [name='terms_accepted']:checked").await, "a yes is said anew");
    let kept = "return Object.values(localStorage).join(' ');";
    let kept: String = window.driver.execute(kept, vec![]).await.unwrap().convert().unwrap();
    assert!(kept.contains("Rowan") && !kept.contains("Correct-Horse7"), "{kept}");

    // Eight days later it is gone.
    let older = "for (const key of Object.keys(localStorage)) { const draft = JSON.parse(localStorage[key]); draft.at -= 8 * 86400e3; localStorage[key] = JSON.stringify(draft); }";
    window.driver.execute(older, vec![]).await.unwrap();
    window.go("/sign-up").await;
    assert_eq!(held(&window, "first_name").await, "");

    // The device says where its clock stands.
    window.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "Asia/Tokyo" })).await;
    window.go("/").await;
    let cookie = window.driver.get_named_cookie("hl_zone").await.unwrap();
    assert_eq!(cookie.value.replace("%2F", "/"), "Asia/Tokyo");
    window.close().await;
    site.stop().await;
}
