//! One case from the wish to the published review, through the portals as the people of the case see them: a new
//! patient, two clinics, staff. In both languages, and with scripts off.

use crate::people::{self, CLINICS, DAY, NEWCOMER, Offer, current, sign_in};
use crate::site::Site;
use crate::window::{self, Eyes, Setting, Window};

const WISH: &str = "My hairline has moved back a lot since 2021. Call me at +44 7700 900123 or write to \
    rowan.ashdown@patients.example.";
const PRAISE: &str = "From the first message to the last wash everything was explained, and the result is what we \
    drew on the first morning.";
const QUESTION: &str = "May I wash my hair today?";
const ANSWER: &str = "Yes, with the foam, as we showed you. Call us at +90 212 555 0101 if in doubt.";

/// The people of the case at their browsers.
struct Journey {
    site: Site,
    patient: Window,
    /// Clinics and staff sit down here in turn.
    desk: Window,
    case: String,
    quote: String,
}

/// The whole case, as one setting shows it.
async fn travel(setting: Setting) {
    let site = Site::start().await;
    let (patient, desk) = tokio::join!(Window::open(&site.base, setting), Window::open(&site.base, setting));
    let mut way = Journey { site, patient, desk, case: String::new(), quote: String::new() };
    way.asks().await;
    way.is_quoted().await;
    way.chooses().await;
    way.pays().await;
    way.is_treated().await;
    way.recovers().await;
    way.talks().await;
    way.reviews().await;
    way.is_read_by_staff().await;
    way.patient.close().await;
    way.desk.close().await;
    way.site.stop().await;
}

impl Journey {
    async fn owner(&mut self, clinic: usize) {
        let login = format!("owner@{}.example", CLINICS[clinic].0);
        sign_in(&mut self.desk, &self.site, "/provider", &login).await;
    }

    async fn staff(&mut self) {
        sign_in(&mut self.desk, &self.site, "/admin", "admin@hairline.example").await;
    }

    /// Signs the patient in again: sessions end, cases last.
    async fn returns(&mut self) {
        sign_in(&mut self.patient, &self.site, "", NEWCOMER.email).await;
    }

    async fn asks(&mut self) {
        people::sign_up(&mut self.patient, &self.site, &NEWCOMER).await;
        people::request(&mut self.patient, &self.site, WISH).await;
        self.case = people::send_request(&self.patient).await;
        self.site.work().await;
        self.patient.see("patient-case-sent").await;
        // A step back may show the review as it was; sent again, it leads to the same request.
        let sent = self.site.rows("inquiries").await;
        self.patient.driver.back().await.unwrap();
        if self.patient.has("main form[action$='/submit']").await {
            self.patient.tick("terms_accepted").await;
            self.patient.submit("/patient/request/submit").await;
        } else {
            self.patient.click(&format!("main a[href='/patient/cases/{}']", self.case)).await;
        }
        self.patient.lands(&format!("/patient/cases/{}", self.case)).await;
        self.patient.go("/patient/request").await;
        self.patient.one(format!("main a[href='/patient/cases/{}']", self.case)).await;
        self.patient.see("patient-request-under-way").await;
        assert_eq!(self.site.rows("inquiries").await, sent);
    }

    async fn is_quoted(&mut self) {
        let offers = [
            Offer { grafts: "3000", time: "0900AM", note: "We look forward to meeting you." },
            Offer { grafts: "3400", time: "1000AM", note: "Two days by the sea." },
        ];
        let mut quotes = Vec::new();
        for ((clinic, _), offer) in CLINICS.iter().zip(&offers) {
            quotes.push(people::quote(&mut self.desk, &self.site, clinic, &self.case, offer).await);
            self.desk.setting.eyes = Eyes::Closed;
        }
        self.desk.setting.eyes = self.patient.setting.eyes;
        self.quote = quotes[0].clone();
    }

    async fn chooses(&mut self) {
        let (window, case, quote) = (&mut self.patient, &self.case, &self.quote);
        window.go("/patient").await;
        window.see("patient-home-offers").await;
        window.click(&format!("main a[href='/patient/cases/{case}']")).await;
        window.lands(&format!("/patient/cases/{case}")).await;
        window.counts("main a.row-item[href^='/patient/quotes/']", 2).await;
        window.see("patient-case-offers").await;
        window.click(&format!("main a[href='/patient/cases/{case}/quotes']")).await;
        window.lands(&format!("/patient/cases/{case}/quotes")).await;
        for field in window.all("main input[name='ids']").await {
            window::tick(&field).await;
        }
        window.see("patient-offers").await;
        window.submit("/compare").await;
        window.lands(&format!("/patient/cases/{case}/compare")).await;
        window.counts(".compare-table thead th", 2).await;
        window.see("patient-offers-compared").await;
        window.click(&format!(".compare-table thead a[href='/patient/quotes/{quote}']")).await;
        window.lands(&format!("/patient/quotes/{quote}")).await;
        window.see("patient-offer").await;
        window.click(&format!("main a[href='/patient/quotes/{quote}/accept']")).await;
        window.lands(&format!("/patient/quotes/{quote}/accept")).await;
        window.tick("terms").await;
        window.see("patient-offer-accept").await;
        window.press_twice("main form[action$='/accept'] button[type='submit']").await;
        window.lands(&format!("/patient/bookings/{quote}/pay")).await;
        self.site.work().await;
        window.click(&format!("main a.back[href='/patient/bookings/{quote}']")).await;
        window.lands(&format!("/patient/bookings/{quote}")).await;
        window.see("patient-booking-held").await;
    }

    async fn pays(&mut self) {
        let path = format!("/provider/cases/{}", self.case);
        let payments = self.site.rows("payments").await;
        people::pay(&mut self.patient, &self.site, &self.quote, "deposit").await;
        self.patient.see("patient-booking-confirmed").await;
        // Only now, and only this clinic, reads who it is.
        self.owner(1).await;
        self.desk.go(&path).await;
        let other = self.desk.driver.source().await.unwrap();
        assert!(!other.contains(NEWCOMER.last) && !other.contains(NEWCOMER.email));
        self.owner(0).await;
        self.desk.go(&path).await;
        self.desk.tells("main", &format!("{} {}", NEWCOMER.first, NEWCOMER.last)).await;
        self.desk.see("clinic-case-known").await;
        people::pay(&mut self.patient, &self.site, &self.quote, "balance").await;
        assert!(!self.patient.has(&format!("a[href='/patient/bookings/{}/pay']", self.quote)).await);
        assert_eq!(self.site.rows("payments").await, payments + 2, "every button was pressed twice");
        self.patient.see("patient-booking-paid").await;
    }

    async fn is_treated(&mut self) {
        self.site.t.at(&format!("{DAY}T06:00:00Z"));
        self.site.work().await;
        self.owner(0).await;
        self.desk.go("/provider/bookings").await;
        self.desk.see("clinic-bookings").await;
        self.desk.click(&format!("a.row-link[href$='{}']", self.quote)).await;
        let treatment = format!("/provider/treatments/{}", self.quote);
        if !self.desk.path().await.starts_with(&treatment) {
            self.desk.click(&format!("main a[href='{treatment}']")).await;
        }
        self.desk.lands(&treatment).await;
        if self.desk.has("main [name='confirm_early']").await {
            self.desk.tick("confirm_early").await;
        }
        self.desk.see("clinic-treatment-arrival").await;
        self.desk.submit("/check-in").await;
        self.desk.one("#set input[type='file']".to_owned()).await;
        self.desk.see("clinic-treatment-day").await;
        self.photographs("head_scan_before", 1).await;
        self.finishes(1).await;
        self.photographs("head_scan_after", 2).await;
        self.site.t.advance(chrono::Duration::hours(24));
        self.owner(0).await;
        self.desk.go(&treatment).await;
        self.finishes(2).await;
        for (name, text) in [
            ("actual_graft_count", "3020"),
            ("conclusion_notes", "3,020 grafts placed without complication."),
            ("prescription", "Amoxicillin 500 mg for five days."),
            ("medication_instructions", "One capsule in the morning and in the evening."),
            ("advice", "Sleep with the head raised for a week."),
        ] {
            self.desk.write(name, text).await;
        }
        self.desk.choose_any("aftercare_template_id").await;
        self.desk.see("clinic-treatment-end").await;
        self.desk.confirm("#end details.confirm", "button[formaction$='/complete']").await;
        self.desk.one("main .card a[href='/provider/aftercare']".to_owned()).await;
        self.desk.see("clinic-treatment-over").await;
        self.site.work().await;
    }

    /// A set of pictures of the head; `sets` are there afterwards.
    async fn photographs(&mut self, collection: &str, sets: usize) {
        if self.desk.has("#set details:not([open])").await {
            self.desk.click("#set details summary").await;
        }
        self.desk.choose("collection", collection).await;
        let fields = self.desk.all("#set input[type='file']").await;
        let each = fields.len();
        for (seed, field) in (20..).zip(fields) {
            field.send_keys(self.site.picture(seed).display().to_string()).await.unwrap();
        }
        self.desk.click("#set form[enctype] button[type='submit']").await;
        self.desk.counts("#set ul.photos img", sets * each).await;
    }

    /// A day of the treatment is over.
    async fn finishes(&mut self, day: usize) {
        let part = format!("#day-{day}");
        if self.desk.has(&format!("{part} details:not([open])")).await {
            self.desk.click(&format!("{part} details summary")).await;
        }
        self.desk.choose(&format!("status_{day}"), "finished").await;
        self.desk.write(&format!("note_{day}"), "A calm day.").await;
        let version = format!("{part} [name='lock_version']");
        let before = self.desk.attr(&version, "value").await;
        self.desk.submit(&format!("/days/{day}")).await;
        let saved = async move |it: &Window| it.attr(&version, "value").await != before;
        self.desk.comes(format!("day {day} saved"), saved).await;
    }

    async fn recovers(&mut self) {
        self.site.t.at("2026-05-15T08:00:00Z");
        self.site.work().await;
        self.returns().await;
        let window = &mut self.patient;
        window.go(&format!("/patient/bookings/{}", self.quote)).await;
        window.click("main a[href^='/patient/treatments/']").await;
        window.arrives("/patient/treatments/").await;
        window.see("patient-treatment").await;
        window.click("main a[href='/patient/aftercare']").await;
        window.lands("/patient/aftercare").await;
        window.see("patient-aftercare").await;
        // Five pictures.
        window.click("main a[href$='/scan']").await;
        window.one("main form[action$='/scan']".to_owned()).await;
        for (seed, field) in (60..).zip(window.all("main input[type='file']").await) {
            field.send_keys(self.site.picture(seed).display().to_string()).await.unwrap();
        }
        window.see("patient-aftercare-pictures").await;
        window.submit("/scan").await;
        window.lands("/patient/aftercare").await;
        assert!(!window.all("main ul.photos img").await.is_empty(), "the pictures are there");
        self.answers().await;
        self.site.work().await;
        // Staff read it first.
        self.staff().await;
        self.desk.go("/admin/aftercare").await;
        self.desk.see("admin-aftercare").await;
        self.desk.go("/admin/aftercare?bucket=clinical_open").await;
        self.desk.tells("#worklist a.row-link", NEWCOMER.last).await;
        let row = format!("//section[@id='worklist']//a[contains(., '{}')]", NEWCOMER.last);
        self.desk.driver.find(thirtyfour::By::XPath(row.as_str())).await.unwrap().click().await.unwrap();
        self.desk.arrives("/admin/aftercare/").await;
        self.desk.one("#alarm-1".to_owned()).await;
        self.desk.see("admin-aftercare-case").await;
        self.desk.submit("/take").await;
        self.desk.one("#alarm-1 form[action$='/resolve']".to_owned()).await;
    }

    /// The questionnaire about pain, answered with nine.
    async fn answers(&mut self) {
        let window = &mut self.patient;
        let mut asked = Vec::new();
        for link in window.all("main ul a[href*='/questionnaires/']").await {
            let url = link.attr("href").await.unwrap().unwrap();
            if !asked.contains(&url) {
                asked.push(url);
            }
        }
        for path in &asked {
            window.go(path).await;
            if window.has("main .scale input[value='9']").await {
                break;
            }
        }
        // Whatever else is asked is answered calmly.
        for group in window.all("main fieldset:has(input[type='radio'])").await {
            let options = group.find_all(thirtyfour::By::Css("input[type='radio']")).await.unwrap();
            window::tick(options.last().unwrap()).await;
        }
        for text in window.all("main textarea[required], main .control input[required]").await {
            text.send_keys("3").await.unwrap();
        }
        window::tick(&window.one("main .scale input[value='9']".to_owned()).await).await;
        window.see("patient-aftercare-questions").await;
        window.click("main form.card button[type='submit']").await;
        window.comes("the advice".to_owned(), async |it| it.path().await.ends_with("/alert")).await;
        window.see("patient-aftercare-advice").await;
    }

    async fn talks(&mut self) {
        let window = &mut self.patient;
        window.click("main a[href='/patient/messages']").await;
        window.lands("/patient/messages").await;
        window.see("patient-messages").await;
        let thread = format!("//section[@id='threads']//a[contains(., '{}')]", CLINICS[0].1);
        window.driver.find(thirtyfour::By::XPath(thread.as_str())).await.unwrap().click().await.unwrap();
        window.arrives("/patient/messages/").await;
        let path = window.path().await;
        window.write("content", QUESTION).await;
        window.click("form.composer button[type='submit']").await;
        window.tells(".bubble.own", QUESTION).await;
        self.site.work().await;
        self.owner(0).await;
        let desk = &mut self.desk;
        desk.go("/provider/messages").await;
        desk.click("#threads li.unread a").await;
        desk.arrives("/provider/messages/").await;
        desk.tells(".bubble:not(.own)", QUESTION).await;
        desk.write("content", ANSWER).await;
        desk.see("clinic-conversation").await;
        desk.click("form.composer button[type='submit']").await;
        desk.tells(".bubble.own", ANSWER).await;
        desk.go("/provider/aftercare").await;
        desk.tells("#recoveries", NEWCOMER.last).await;
        desk.see("clinic-aftercare").await;
        self.site.work().await;
        let window = &mut self.patient;
        window.go(path.split('?').next().unwrap()).await;
        window.tells(".bubble:not(.own)", ANSWER).await;
        window.see("patient-conversation").await;
    }

    async fn reviews(&mut self) {
        let booking = format!("/patient/bookings/{}", self.quote);
        self.site.t.at("2026-08-17T12:00:00Z");
        self.site.work().await;
        self.returns().await;
        let window = &mut self.patient;
        window.go(&booking).await;
        window.click(&format!("main a[href='{booking}/review']")).await;
        window.lands(&format!("{booking}/review")).await;
        for best in window.all("main .rating-input input[value='5']").await {
            window::tick(&best).await;
        }
        window.write("review_text", PRAISE).await;
        window.see("patient-review").await;
        window.submit("/review").await;
        window.tells("main p.pre-line", PRAISE).await;
        window.see("patient-review-sent").await;
        self.site.work().await;

        self.staff().await;
        let desk = &mut self.desk;
        desk.click("nav a[href^='/admin/reviews']").await;
        desk.lands("/admin/reviews").await;
        desk.see("admin-reviews").await;
        let row = format!("//a[contains(@class, 'row-link')][contains(., '{}')]", NEWCOMER.first);
        desk.driver.find(thirtyfour::By::XPath(row.as_str())).await.unwrap().click().await.unwrap();
        desk.arrives("/admin/reviews/").await;
        desk.see("admin-review").await;
        desk.submit("/approve").await;
        desk.comes("a decision".to_owned(), async |it| !it.has("main form[action$='/approve']").await).await;
        self.site.work().await;

        // Everybody reads it, and not who wrote it.
        let window = &mut self.patient;
        window.go(&booking).await;
        window.click("main dl.facts a[href^='/clinics/']").await;
        window.arrives("/clinics/").await;
        window.forget().await;
        window.go(&window.path().await).await;
        window.tells("#reviews article.review", PRAISE).await;
        assert!(!window.driver.source().await.unwrap().contains(NEWCOMER.last));
        window.see("clinic-public").await;
    }

    async fn is_read_by_staff(&mut self) {
        let desk = &mut self.desk;
        desk.click("nav a[href='/admin/cases']").await;
        desk.lands("/admin/cases").await;
        desk.click(&format!("a.row-link[href='/admin/cases/{}']", self.case)).await;
        desk.arrives("/admin/cases/").await;
        assert_eq!(current(desk).await, self.case);
        desk.tells("main h1", &format!("{} {}", NEWCOMER.first, NEWCOMER.last)).await;
        desk.tells("main", PRAISE).await;
        for (_, clinic) in CLINICS {
            desk.tells("main td", clinic).await;
        }
        desk.see("admin-case-whole").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn the_whole_case_in_english() {
    travel(Setting { language: "en", scripts: true, eyes: Eyes::Wide }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn the_whole_case_in_turkish() {
    travel(Setting { language: "tr", scripts: true, eyes: Eyes::Phone }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a browser, which `cargo xtask test` brings"]
async fn the_whole_case_without_scripts() {
    travel(Setting { language: "en", scripts: false, eyes: Eyes::Phone }).await;
}
