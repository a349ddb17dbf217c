//! A real browser over WebDriver: filling forms, pictures, accessibility, weight.

#![expect(clippy::disallowed_methods, reason = "another process draws the page")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value as Json, json};
use thirtyfour::ChromiumLikeCapabilities;
use thirtyfour::prelude::*;

/// A page may weigh this much without its pictures.
const MOST_BYTES: u64 = 150_000;

/// How long something may take to appear.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(40);

/// How closely the pages on the way are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// Every size and theme.
    Wide,
    /// A phone in daylight.
    Phone,
    /// Another window looks at these pages.
    Closed,
}

/// How a window is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// `en` or `tr`.
    pub language: &'static str,
    /// Whether scripts run.
    pub scripts: bool,
    /// How closely [`Window::see`] looks.
    pub eyes: Eyes,
}

/// A browser window.
pub struct Window {
    pub driver: WebDriver,
    pub base: String,
    pub setting: Setting,
    finds_barriers: bool,
    pictures: Option<PathBuf>,
    faults: Vec<String>,
}

impl Window {
    pub async fn open(base: &str, setting: Setting) -> Self {
        Self::open_with(base, setting, false).await
    }

    /// A window in which the browser's own question before leaving a page stands until it is answered.
    pub async fn open_that_asks(base: &str, setting: Setting) -> Self {
        Self::open_with(base, setting, true).await
    }

    async fn open_with(base: &str, setting: Setting, asks: bool) -> Self {
        let mut caps = DesiredCapabilities::chrome();
        for arg in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            // A camera that shows a pattern, and that pages are allowed to use.
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            "--window-size=1440,900",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        ] {
            caps.add_arg(arg).unwrap();
        }
        caps.add_arg(&format!("--accept-lang={}", setting.language)).unwrap();
        if asks {
            caps.set("unhandledPromptBehavior", json!({ "default": "ignore", "beforeUnload": "ignore" })).unwrap();
            // Only drivers that also speak the newer protocol leave that question to the test.
            caps.set("webSocketUrl", true).unwrap();
        }
        caps.add_experimental_option("prefs", json!({ "intl.accept_languages": setting.language })).unwrap();
        if let Ok(browser) = std::env::var("HAIRLINE_TEST_BROWSER") {
            caps.set_binary(&browser).unwrap();
        }
        let pictures = std::env::var("HAIRLINE_SCREENSHOTS").ok().map(PathBuf::from);
        let axe = std::env::var("HAIRLINE_TEST_AXE").ok().filter(|_| setting.scripts && setting.eyes != Eyes::Closed);
        if axe.is_some() && pictures.is_none() {
            // Barriers are looked for in what is said of pictures; drawing them takes longer than that.
            caps.add_arg("--blink-settings=imagesEnabled=false").unwrap();
        }
        let address = std::env::var("HAIRLINE_TEST_WEBDRIVER").expect("HAIRLINE_TEST_WEBDRIVER: the driver's address");
        let driver = WebDriver::new(address, caps).await.unwrap();
        let window = Self {
            driver,
            base: base.to_owned(),
            setting,
            finds_barriers: axe.is_some(),
            pictures,
            faults: Vec::new(),
        };
        if let Some(axe) = axe {
            // There on every page from its beginning: sending it to each takes longer than what it does there. The policy
            // of the page does not bind the driver's scripts.
            let source = std::fs::read_to_string(axe).unwrap();
            window.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
        }
        if !setting.scripts {
            window.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
        }
        window.look(1440, 900, "light").await;
        window
    }

    pub async fn devtools(&self, command: &str, params: Json) -> Json {
        self.driver.cdp().send_raw(command, params).await.unwrap_or_else(|err| panic!("{command}: {err}"))
    }

    /// Size of the window, and the theme of the system.
    pub async fn look(&self, width: u32, height: u32, theme: &str) {
        let mobile = width < 700;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": theme }, { "name": "prefers-reduced-motion", "value": "reduce" }
        ] });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Opens a page of the site.
    pub async fn go(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.base)).await.unwrap();
    }

    /// The path shown, with its query.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    /// The page's text as people read it.
    pub async fn text(&self) -> String {
        self.driver.find(By::Tag("main")).await.unwrap().text().await.unwrap()
    }

    /// Waits until the path begins like this.
    #[track_caller]
    pub fn arrives(&self, start: &str) -> impl Future<Output = ()> {
        let start = start.to_owned();
        self.comes(format!("a path that begins with {start}"), async move |window| {
            window.path().await.starts_with(&start)
        })
    }

    /// Waits until exactly this page is shown, whatever its query says.
    #[track_caller]
    pub fn lands(&self, path: &str) -> impl Future<Output = ()> {
        let path = path.to_owned();
        self.comes(path.clone(), async move |window| window.path().await.split('?').next() == Some(path.as_str()))
    }

    /// Waits until something holds; fails with the page it fails on.
    #[track_caller]
    pub fn comes(&self, what: String, holds: impl AsyncFn(&Self) -> bool) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let begin = std::time::Instant::now();
            while begin.elapsed() < PATIENCE {
                if holds(self).await {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
            panic!("{place}: no {what} at {}: {}", self.path().await, self.text().await);
        }
    }

    /// Waits until so many elements of a selector are there.
    #[track_caller]
    pub fn counts(&self, css: &str, wanted: usize) -> impl Future<Output = ()> {
        let css = css.to_owned();
        self.comes(format!("{wanted} times {css}"), async move |window| window.all(&css).await.len() == wanted)
    }

    /// Waits until an element of a selector holds these words.
    #[track_caller]
    pub fn tells(&self, css: &str, words: &str) -> impl Future<Output = ()> {
        let (css, words) = (css.to_owned(), words.to_owned());
        self.comes(format!("{words:?} in {css}"), async move |window| {
            let script = "return Array.from(document.querySelectorAll(arguments[0])).some((it) => it.textContent.includes(arguments[1]));";
            let asked = window.driver.execute(script, vec![json!(css), json!(words)]).await;
            asked.is_ok_and(|found| found.convert().unwrap_or(false))
        })
    }

    /// The elements of a selector, as they are now.
    pub async fn all(&self, css: &str) -> Vec<WebElement> {
        self.driver.find_all(By::Css(css)).await.unwrap_or_default()
    }

    /// Whether there is such an element now.
    pub async fn has(&self, css: &str) -> bool {
        self.driver.find(By::Css(css)).await.is_ok()
    }

    /// The first element of a selector, waited for.
    #[track_caller]
    pub fn one(&self, css: String) -> impl Future<Output = WebElement> {
        let place = std::panic::Location::caller();
        async move {
            let begin = std::time::Instant::now();
            while begin.elapsed() < PATIENCE {
                if let Ok(found) = self.driver.find(By::Css(css.as_str())).await {
                    return found;
                }
                tokio::time::sleep(PAUSE).await;
            }
            panic!("{place}: no {css} at {}: {}", self.path().await, self.text().await);
        }
    }

    /// An attribute of the first element of a selector.
    #[track_caller]
    pub fn attr(&self, css: &str, name: &'static str) -> impl Future<Output = String> {
        self.read(css.to_owned(), async move |found| Ok(found.attr(name).await?.unwrap_or_default()))
    }

    /// The text of the first element of a selector.
    #[track_caller]
    pub fn words(&self, css: &str) -> impl Future<Output = String> {
        self.read(css.to_owned(), async |found| found.text().await)
    }

    /// Does something with the first element of a selector; again with the one after it when a part that is alive was
    /// replaced meanwhile.
    #[track_caller]
    fn read<T>(&self, css: String, what: impl AsyncFn(&WebElement) -> WebDriverResult<T>) -> impl Future<Output = T> {
        let place = std::panic::Location::caller();
        async move {
            let begin = std::time::Instant::now();
            loop {
                let done = match self.driver.find(By::Css(css.as_str())).await {
                    Ok(found) => what(&found).await,
                    Err(error) => Err(error),
                };
                match done {
                    Ok(value) => return value,
                    Err(_) if begin.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
                    Err(error) => panic!("{place}: {css} at {}: {error}: {}", self.path().await, self.text().await),
                }
            }
        }
    }

    /// Brings an element to the middle of the window and clicks it.
    #[track_caller]
    pub fn click(&self, css: &str) -> impl Future<Output = ()> {
        self.read(css.to_owned(), press)
    }

    /// Writes into a field, replacing what it holds.
    #[track_caller]
    pub fn write(&self, name: &str, value: &str) -> impl Future<Output = ()> {
        let found = self.one(format!("main [name='{name}']"));
        let value = value.to_owned();
        async move {
            let field = found.await;
            let kind = field.attr("type").await.unwrap().unwrap_or_default();
            if kind == "date" {
                // Dates are typed in the order of the browser's own language, which is not the page's.
                let (year, month, day) = (&value[0..4], &value[5..7], &value[8..10]);
                for typed in [format!("{month}{day}{year}"), format!("{day}{month}{year}")] {
                    field.clear().await.ok();
                    field.send_keys(typed).await.unwrap();
                    if field.prop("value").await.unwrap().as_deref() == Some(value.as_str()) {
                        break;
                    }
                }
                return;
            }
            if kind != "file" {
                field.clear().await.ok();
            }
            field.send_keys(value).await.unwrap();
        }
    }

    /// Chooses a value of a radio group, a set of boxes or a list.
    #[track_caller]
    pub fn choose(&self, name: &str, value: &str) -> impl Future<Output = ()> {
        let (name, value) = (name.to_owned(), value.to_owned());
        let found = self.one(format!("main [name='{name}']"));
        async move {
            if found.await.tag_name().await.unwrap() == "select" {
                press(&self.one(format!("main [name='{name}'] option[value='{value}']")).await).await.unwrap();
                return;
            }
            tick(&self.one(format!("main [name='{name}'][value='{value}']")).await).await;
        }
    }

    /// Chooses the first value of a list that says something, unless one is chosen.
    #[track_caller]
    pub fn choose_any(&self, name: &str) -> impl Future<Output = ()> {
        let name = name.to_owned();
        let found = self.one(format!("main select[name='{name}']"));
        async move {
            if found.await.prop("value").await.unwrap().unwrap_or_default().is_empty() {
                press(&self.one(format!("main [name='{name}'] option:not([value=''])")).await).await.unwrap();
            }
        }
    }

    /// Ticks a box.
    #[track_caller]
    pub fn tick(&self, name: &str) -> impl Future<Output = ()> {
        let found = self.one(format!("main [name='{name}']"));
        async move { tick(&found.await).await }
    }

    /// Ticks the box or the choice whose label holds these words.
    #[track_caller]
    pub fn pick(&self, name: &str, label: &str) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        let path = format!("//main//label[contains(., '{label}')]//input[@name='{name}']");
        async move {
            let found = self.driver.find(By::XPath(path.as_str())).await;
            tick(&found.unwrap_or_else(|_| panic!("{place}: no {label}"))).await;
        }
    }

    /// Gives a file to a field.
    #[track_caller]
    pub fn attach(&self, css: &str, file: &Path) -> impl Future<Output = ()> {
        let found = self.one(css.to_owned());
        let file = file.display().to_string();
        async move { found.await.send_keys(file).await.unwrap() }
    }

    /// Unfolds the question before a step that cannot be taken back, and says yes.
    #[track_caller]
    pub fn confirm(&self, around: &str, button: &str) -> impl Future<Output = ()> {
        let (unfold, yes) = (self.one(format!("{around} summary")), self.one(format!("{around} {button}")));
        async move {
            press(&unfold.await).await.unwrap();
            press(&yes.await).await.unwrap();
        }
    }

    /// Presses a button twice, as those do who click on everything twice.
    #[track_caller]
    pub fn press_twice(&self, css: &str) -> impl Future<Output = ()> {
        let found = self.one(css.to_owned());
        async move {
            let button = found.await;
            button.scroll_into_view().await.unwrap();
            self.driver.action_chain().double_click_element(&button).perform().await.unwrap();
        }
    }

    /// Whoever is signed in here is no longer: another person sits down, or a long time has passed.
    pub async fn forget(&self) {
        self.driver.delete_all_cookies().await.unwrap();
    }

    /// Looks at the page as this window is set up to.
    pub async fn see(&mut self, name: &str) {
        match self.setting.eyes {
            Eyes::Wide => self.inspect(name).await,
            Eyes::Phone => self.glance(name).await,
            Eyes::Closed => {}
        }
    }

    /// Looks at the page on a phone: barriers, its width, its weight. Without scripts all parts lie open, and the page
    /// has to be no wider for that.
    pub async fn glance(&mut self, name: &str) {
        self.look(390, 844, "light").await;
        if self.setting.scripts {
            self.barriers(name, "light").await;
            self.weight(name).await;
        }
        self.overflow(name).await;
        self.look(1440, 900, "light").await;
    }

    /// Sends the form that goes to an address ending like this.
    #[track_caller]
    pub fn submit(&self, action_end: &str) -> impl Future<Output = ()> {
        self.read(format!("main form[action$='{action_end}'] button[type='submit']"), press)
    }

    /// Looks at the page as everybody sees it: barriers in both themes, its weight, where its parts come from; and takes
    /// its pictures where they are wanted.
    pub async fn inspect(&mut self, name: &str) {
        if !self.setting.scripts {
            return;
        }
        for (width, height) in [(390, 844), (1440, 900)] {
            for theme in ["light", "dark"] {
                self.look(width, height, theme).await;
                if width == 390 || theme == "light" {
                    self.barriers(name, theme).await;
                }
                if width == 390 && theme == "light" {
                    self.overflow(name).await;
                }
                if self.setting.language == "en" {
                    self.picture(name, width, theme).await;
                }
            }
        }
        self.weight(name).await;
        self.look(1440, 900, "light").await;
    }

    async fn barriers(&mut self, name: &str, theme: &str) {
        if !self.finds_barriers {
            return;
        }
        // In the other theme the same elements stand in the same places: only colours can be wrong.
        let rules = if theme == "dark" {
            json!({ "type": "rule", "values": ["color-contrast", "link-in-text-block"] })
        } else {
            json!({ "type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
        };
        // Colours are the same in every language: one of them is enough for the rule that takes longest.
        let colours = json!({ "color-contrast": { "enabled": self.setting.language == "en" } });
        let script = "const done = arguments[arguments.length - 1]; \
            axe.run(document, { runOnly: arguments[0], rules: arguments[1], resultTypes: ['violations'], iframes: false }).then((found) => done(found.violations.map((it) => it.id + ': ' + it.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '))));";
        let found = self.driver.execute_async(script, vec![rules, colours]).await.unwrap();
        let found: Vec<String> = found.convert().unwrap();
        for violation in found {
            self.faults.push(format!("{name} ({}, {theme}): {violation}", self.setting.language));
        }
    }

    async fn overflow(&mut self, name: &str) {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth;";
        let over: i64 = self.driver.execute(script, vec![]).await.unwrap().convert().unwrap();
        if over > 0 {
            self.faults.push(format!("{name} ({}): {over} pixels too wide for a phone", self.setting.language));
        }
    }

    async fn weight(&mut self, name: &str) {
        let script = "const parts = performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')); \
            return [parts.filter((it) => it.initiatorType !== 'img' && !/\\/files\\//.test(it.name)).reduce((sum, it) => sum + it.encodedBodySize, 0), \
                parts.filter((it) => !it.name.startsWith(location.origin) && !it.name.startsWith('data:')).map((it) => it.name)];";
        let found: (u64, Vec<String>) = self.driver.execute(script, vec![]).await.unwrap().convert().unwrap();
        if found.0 > MOST_BYTES {
            self.faults.push(format!("{name} weighs {} bytes", found.0));
        }
        if !found.1.is_empty() {
            self.faults.push(format!("{name} asks elsewhere: {:?}", found.1));
        }
    }

    async fn picture(&self, name: &str, width: u32, theme: &str) {
        let Some(folder) = &self.pictures else { return };
        std::fs::create_dir_all(folder).unwrap();
        // From the top, and with what is loaded late.
        let load = "window.scrollTo({ top: 0, behavior: 'instant' }); document.querySelectorAll('img[loading=lazy]').forEach((image) => { image.loading = 'eager'; }); \
            const done = arguments[arguments.length - 1]; \
            Promise.all(Array.from(document.images).map((image) => image.complete ? null : new Promise((r) => { image.onload = image.onerror = r; }))).then(() => setTimeout(() => done(true), 60));";
        self.driver.execute_async(load, vec![]).await.unwrap();
        let height: f64 = self
            .driver
            .execute("return document.documentElement.scrollHeight;", vec![])
            .await
            .unwrap()
            .convert()
            .unwrap();
        // As tall as the page, so that what sticks to an edge stands where it belongs.
        let height = height.clamp(600.0, 2600.0);
        self.look(width, height as u32, theme).await;
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let shot = self
            .devtools(
                "Page.captureScreenshot",
                json!({ "format": "webp", "quality": 60, "captureBeyondViewport": true, "clip": clip }),
            )
            .await;
        let bytes = base64_decode(shot["data"].as_str().unwrap());
        std::fs::write(folder.join(format!("{name}-{width}-{theme}.webp")), bytes).unwrap();
    }

    /// Closes the window and fails for everything that was found.
    pub async fn close(self) {
        self.driver.quit().await.unwrap();
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }
}

/// Clicks an element; something sticky may lie over it: the keyboard reaches it all the same.
async fn press(element: &WebElement) -> WebDriverResult<()> {
    element.scroll_into_view().await.ok();
    match element.click().await {
        Ok(()) => Ok(()),
        Err(_) => element.send_keys(Key::Enter + "").await,
    }
}

/// Ticks a box or chooses a choice; the mouse may be kept from it, the keyboard is not.
pub async fn tick(field: &WebElement) {
    if field.is_selected().await.unwrap() {
        return;
    }
    field.scroll_into_view().await.ok();
    if field.click().await.is_err() {
        field.send_keys(" ").await.unwrap();
    }
}

fn base64_decode(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}
