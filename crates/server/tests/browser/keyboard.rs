//! The keyboard alone: the request, the quote builder and the checkout without a pointer. Wherever the tabulator leads,
//! the eye can follow.

use thirtyfour::prelude::*;

use crate::people::{current, sign_in, who};
use crate::site::Site;
use crate::window::{Eyes, Setting, Window};

/// No page has more stops.
const MOST_STOPS: usize = 160;

/// Looks at the stop that was reached, and whether the one that was left looked any different while it was held.
const STOP: &str = "
    const look = (stop) => {
        const after = stop.nextElementSibling;
        const shown = [stop, stop.closest('label, .control, .select, .search, .upload'), after && after.tabIndex < 0 ? after : null];
        return shown.filter(Boolean).map((it) => {
            const style = getComputedStyle(it);
            const none = style.outlineStyle === 'none' || style.outlineWidth === '0px';
            return (none ? 'none' : style.outline) + ' / ' + style.boxShadow;
        }).join(' | ');
    };
    const told = (it) => it.outerHTML.slice(0, 140);
    const [last, now] = [window.lastStop, document.activeElement];
    const faults = [];
    if (last && last.stop !== now && last.stop.isConnected && look(last.stop) === last.look) faults.push('not seen: ' + told(last.stop));
    const box = now.getBoundingClientRect();
    if (now !== document.body && (box.bottom <= 0 || box.top >= innerHeight)) faults.push('out of sight: ' + told(now));
    window.lastStop = now === document.body ? null : { stop: now, look: look(now) };
    return [now.matches(arguments[0]), faults];";

/// The hands on the keys of a window.
struct Keys<'a> {
    window: &'a Window,
    faults: Vec<String>,
}

impl Keys<'_> {
    async fn press(&self, keys: &str) {
        self.window.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    async fn key(&self, key: Key) {
        self.press(&char::from(key).to_string()).await;
    }

    /// Whether this is the element that has the focus.
    async fn is_at(&mut self, css: &str) -> bool {
        let answer = self.window.driver.execute(STOP, vec![serde_json::json!(css)]).await.unwrap();
        let (is_there, faults): (bool, Vec<String>) = answer.convert().unwrap();
        let place = self.window.path().await;
        self.faults.extend(faults.into_iter().map(|fault| format!("{place}: {fault}")));
        is_there
    }

    /// Goes on from stop to stop until one of these is reached.
    async fn to(&mut self, css: &str) {
        for _ in 0..MOST_STOPS {
            if self.is_at(css).await {
                return;
            }
            self.key(Key::Tab).await;
        }
        panic!("no key leads to {css} at {}", self.window.path().await);
    }

    /// One stop back.
    async fn back(&mut self) {
        let chain = self.window.driver.action_chain();
        chain.key_down(Key::Shift).send_keys(Key::Tab + "").key_up(Key::Shift).perform().await.unwrap();
    }

    /// Writes into a field.
    async fn write(&mut self, name: &str, text: &str) {
        self.to(&format!("[name='{name}']")).await;
        self.press(text).await;
    }

    /// Chooses one of a group: the tabulator leads into it, arrows lead through it.
    async fn choose(&mut self, name: &str, value: &str) {
        self.to(&format!("input[name='{name}']")).await;
        let wanted = format!("input[name='{name}'][value='{value}']");
        for _ in 0..MOST_STOPS {
            if self.is_at(&wanted).await {
                if !self.is_at(":checked").await {
                    self.key(Key::Space).await;
                }
                assert!(self.is_at(":checked").await, "{wanted} is chosen");
                return;
            }
            self.key(Key::Down).await;
        }
        panic!("no arrow leads to {wanted}");
    }

    /// Ticks a box.
    async fn tick(&mut self, css: &str) {
        self.to(css).await;
        if !self.is_at(":checked").await {
            self.key(Key::Space).await;
        }
        assert!(self.is_at(":checked").await, "{css} is ticked");
    }

    /// Goes down a list until it holds something.
    async fn select(&mut self, name: &str) {
        self.to(&format!("select[name='{name}']")).await;
        if self.window.attr_now(&format!("select[name='{name}']")).await.is_empty() {
            self.key(Key::Down).await;
        }
        assert!(!self.window.attr_now(&format!("select[name='{name}']")).await.is_empty(), "{name} is chosen");
    }

    /// A day, typed as the English of America writes it.
    async fn day(&mut self, name: &str, iso: &str) {
        let (year, month, day) = (&iso[0..4], &iso[5..7], &iso[8..10]);
        self.write(name, &format!("{month}{day}{year}")).await;
    }

    /// Presses a button or follows a link.
    async fn enter(&mut self, css: &str) {
        self.to(css).await;
        self.key(Key::Enter).await;
    }
}

impl Window {
    /// What a field holds now.
    async fn attr_now(&self, css: &str) -> String {
        self.one(css.to_owned()).await.prop("value").await.unwrap().unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn a_keyboard_is_enough() {
    let site = Site::start().await;
    let mut window = Window::open(&site.base, Setting { language: "en", scripts: true, eyes: Eyes::Closed }).await;
    let mut faults = Vec::new();
    sign_in(&mut window, &site, "", &who(&site, "cancelled")).await;
    faults.extend(request(&window, &site).await);
    sign_in(&mut window, &site, "/provider", &format!("owner@{}.example", site.logins.clinic.0)).await;
    faults.extend(quote(&window).await);
    sign_in(&mut window, &site, "", &who(&site, "accepted, not paid")).await;
    faults.extend(checkout(&window, &site).await);
    window.close().await;
    site.stop().await;
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The nine steps of a request.
async fn request(window: &Window, site: &Site) -> Vec<String> {
    let mut keys = Keys { window, faults: Vec::new() };
    keys.enter("main a[href^='/patient/request']").await;
    window.lands("/patient/request").await;
    keys.enter("main a.button[href^='/patient/request/']").await;
    window.lands("/patient/request/wish").await;
    keys.choose("problem", "hair_transplant").await;
    go_on(&mut keys, "concern").await;
    keys.write("problem_details", "My hairline has moved back a lot since 2021.").await;
    // One stop too far, and back again.
    keys.key(Key::Tab).await;
    keys.back().await;
    assert!(keys.is_at("[name='problem_details']").await, "the way back is the way there");
    go_on(&mut keys, "history").await;
    keys.choose("duration_of_concern", "3_5y").await;
    keys.write("previous_treatments", "None").await;
    keys.choose("severity", "7").await;
    go_on(&mut keys, "destinations").await;
    keys.tick("[name='destinations'][value='TR']").await;
    go_on(&mut keys, "dates").await;
    let first = window.one("main [name='start']".to_owned()).await.attr("min").await.unwrap().unwrap();
    let first: chrono::NaiveDate = first.parse().unwrap();
    keys.day("start", &(first + chrono::Duration::days(30)).to_string()).await;
    keys.day("end", &(first + chrono::Duration::days(40)).to_string()).await;
    keys.enter("button[name='op'][value='add']:not(.visually-hidden)").await;
    window.one("main button[value^='remove ']".to_owned()).await;
    go_on(&mut keys, "clinics").await;
    keys.tick("[name='provider_ids']").await;
    go_on(&mut keys, "photos").await;
    for (seed, view) in (1..).zip(["front", "top", "left", "right", "back"]) {
        keys.to(&format!("#{view} input[type='file']")).await;
        // The dialogue for files belongs to the system: it is handed the file at the field that has the focus.
        let field = window.driver.active_element().await.unwrap();
        field.send_keys(site.picture(seed).display().to_string()).await.unwrap();
        // What is shown of it moves the button below.
        window.one(format!("#{view} .upload-preview[src]:not([hidden])")).await;
        keys.enter(&format!("#{view} form[enctype] button[type='submit']")).await;
        window.one(format!("#{view} img.photo-thumb")).await;
    }
    go_on(&mut keys, "evidence").await;
    go_on(&mut keys, "health").await;
    let mut asked = 0;
    while let Some(question) = window.all("main input[name='question']").await.first() {
        let id = question.prop("value").await.unwrap().unwrap();
        keys.choose(&format!("answer.{id}"), "no").await;
        keys.enter(".wizard-actions button[type='submit']").await;
        let gone = format!("main input[name='question'][value='{id}']");
        window.comes(format!("the question after {id}"), async |it| it.all(&gone).await.is_empty()).await;
        asked += 1;
    }
    assert!(asked > 10);
    go_on(&mut keys, "habits").await;
    go_on(&mut keys, "review").await;
    keys.tick("[name='terms_accepted']").await;
    keys.enter("form[action$='/submit'] button[type='submit']").await;
    window.arrives("/patient/cases/").await;
    site.work().await;
    keys.faults
}

async fn go_on(keys: &mut Keys<'_>, to: &str) {
    keys.enter(".wizard-actions button[type='submit']").await;
    keys.window.lands(&format!("/patient/request/{to}")).await;
}

/// A quote, from the inbox to the patient.
async fn quote(window: &Window) -> Vec<String> {
    let mut keys = Keys { window, faults: Vec::new() };
    keys.enter("nav a[href='/provider/inquiries']").await;
    window.lands("/provider/inquiries").await;
    window.go("/provider/inquiries?state=waiting").await;
    keys.enter("#inbox a.row-link").await;
    window.arrives("/provider/cases/").await;
    let case = current(window).await;
    if window.has("form[action$='/acknowledge']").await {
        keys.enter("form[action$='/acknowledge'] button").await;
    }
    window.one("#case-step a[href$='/quote']".to_owned()).await;
    keys.enter("#case-step a[href$='/quote']").await;
    window.lands(&format!("/provider/cases/{case}/quote")).await;
    keys.select("treatment_id").await;
    keys.write("estimated_grafts", "2500").await;
    let priced = async |it: &Window| it.has("#price:not([aria-busy]) dd.total").await;
    window.comes("a price".to_owned(), priced).await;
    keys.tick("[name='packages']").await;
    let first = window.one("main [name='slot.date']".to_owned()).await.attr("min").await.unwrap().unwrap();
    keys.day("slot.date", &first).await;
    keys.select("slot.duration_minutes").await;
    keys.select("clinician_id").await;
    keys.write("plan.0.description", "Extraction and implantation").await;
    keys.write("note", "We look forward to meeting you.").await;
    keys.enter("button[name='op'][value='submit']").await;
    window.arrives("/provider/quotes/").await;
    keys.faults
}

/// The deposit, from the home of the patient to the receipt.
async fn checkout(window: &Window, site: &Site) -> Vec<String> {
    let mut keys = Keys { window, faults: Vec::new() };
    keys.enter(".next-step a.button").await;
    window.arrives("/patient/bookings/").await;
    if !window.path().await.contains("/pay") {
        keys.enter(".next-step a[href$='/pay']").await;
    }
    window.comes("the checkout".to_owned(), async |it| it.path().await.contains("/pay")).await;
    keys.choose("option", "deposit").await;
    for name in ["accept_cancellation_policy", "accept_terms"] {
        if window.has(&format!("main [name='{name}']")).await {
            keys.tick(&format!("[name='{name}']")).await;
        }
    }
    keys.enter("main form button[type='submit']").await;
    window.one("main [name='card.number']".to_owned()).await;
    keys.write("card.number", "4242424242424242").await;
    keys.write("card.exp_month", "1230").await;
    keys.write("card.cvc", "123").await;
    // The return key sends the form.
    keys.key(Key::Enter).await;
    window.comes("a result".to_owned(), async |it| it.path().await.contains("/result")).await;
    site.work().await;
    window.go(&window.path().await).await;
    keys.enter("#pay-result .actions a").await;
    window.arrives("/patient/bookings/").await;
    window.comes("the booking".to_owned(), async |it| !it.path().await.contains("/pay")).await;
    keys.faults
}
