//! What surrounds every page: language, portal, navigation, the reader.

use std::borrow::{Borrow, Cow};

use chrono::NaiveDate;
use chrono_tz::Tz;
use kernel::{Actor, Guard, Money, Timestamp};
use platform::locale::{self, Locale};

use crate::asset_url;
use crate::html::{Html, escape};
use crate::nav::{self, NavItem};
use crate::parts::{stars, when};

/// One of the four portals, and the public site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portal {
    /// Everybody.
    Public,
    /// Patients.
    Patient,
    /// Clinic staff.
    Provider,
    /// Hairline's staff.
    Admin,
    /// Affiliates.
    Affiliate,
}

impl Portal {
    /// Where the portal begins.
    pub fn home(self) -> &'static str {
        match self {
            Self::Public => "/",
            Self::Patient => "/patient",
            Self::Provider => "/provider",
            Self::Admin => "/admin",
            Self::Affiliate => "/affiliate",
        }
    }

    /// Where its people sign in.
    pub fn login(self) -> &'static str {
        match self {
            Self::Public | Self::Patient => "/login",
            Self::Provider => "/provider/login",
            Self::Admin => "/admin/login",
            Self::Affiliate => "/affiliate/login",
        }
    }

    /// The portal of a guard.
    pub fn of(guard: Guard) -> Self {
        match guard {
            Guard::Patient => Self::Patient,
            Guard::Provider => Self::Provider,
            Guard::Api => Self::Admin,
            Guard::Affiliate => Self::Affiliate,
        }
    }

    /// The guard whose accounts use it; the public site has none.
    pub fn guard(self) -> Option<Guard> {
        match self {
            Self::Public => None,
            Self::Patient => Some(Guard::Patient),
            Self::Provider => Some(Guard::Provider),
            Self::Admin => Some(Guard::Api),
            Self::Affiliate => Some(Guard::Affiliate),
        }
    }

    /// The portal a path belongs to.
    pub fn of_path(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("patient") => Self::Patient,
            Some("provider") => Self::Provider,
            Some("admin") => Self::Admin,
            Some("affiliate") => Self::Affiliate,
            _ => Self::Public,
        }
    }

    /// Key of its name in the catalogue.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Public => "portal-public",
            Self::Patient => "portal-patient",
            Self::Provider => "portal-provider",
            Self::Admin => "portal-admin",
            Self::Affiliate => "portal-affiliate",
        }
    }
}

/// Light or dark, or whatever the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The cookie that remembers it.
    pub const COOKIE: &'static str = "hl_theme";

    /// Its word in the cookie and on the page.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; the system's for any other.
    pub fn from_word(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// Whose eyes the reader looks through; every page says so (R-ID-56).
#[derive(Clone, Debug)]
pub struct Viewing {
    /// The member's name.
    pub name: String,
    /// The clinic's name.
    pub house: String,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Value of the hidden field of the form that ends it.
    pub form: String,
}

/// The part of a public page's address that names its language, for readers who have chosen none.
pub const LANGUAGE_PARAMETER: &str = "lang";

/// What search engines are told of a public page.
#[derive(Clone, Debug)]
pub struct Found {
    /// The one address of the page, whatever it was asked with.
    pub canonical: String,
    /// What it is, in a sentence or two; may be empty.
    pub description: String,
    /// What it is called where it is shared.
    pub title: String,
    /// Whether it stays out of search engines: results of a search, and lists that were narrowed (R-MG-21).
    pub is_private: bool,
}

/// What surrounds a page. Templates read it and never decide by it.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The reader's language.
    pub locale: Locale,
    /// Light or dark.
    pub theme: Theme,
    /// The portal whose layout surrounds the page.
    pub portal: Portal,
    /// Path of the page.
    pub path: String,
    /// Its query string, without the question mark.
    pub query: String,
    /// Value of the hidden field of every form.
    pub csrf: String,
    /// Whether somebody is signed in to this portal.
    pub signed_in: bool,
    /// The portal whose session the reader has, whatever portal the page belongs to.
    pub session: Option<Portal>,
    /// Whose drafts the device may restore: the reader's own, never those of whoever used the device before.
    pub reader: String,
    /// The clock instants are shown on: the account's, the device's or the clinic's; UTC where nobody said.
    pub zone: Option<Tz>,
    /// When the page was made.
    pub now: Timestamp,
    /// What was just done: the word behind `?done=`.
    pub done: Option<String>,
    /// Whether this is a demonstration.
    pub demo: bool,
    /// Whether the reader has to agree to new texts before anything is written.
    pub terms_due: bool,
    /// Whether the reader's clinic is suspended: nothing new is saved.
    pub clinic_suspended: bool,
    /// The languages that can be chosen.
    pub spoken: Vec<Locale>,
    /// Whose eyes the reader looks through, if not their own.
    pub viewing: Option<Viewing>,
    /// What search engines are told of a public page.
    pub found: Option<Found>,
    nav: Vec<NavItem>,
}

impl Chrome {
    /// The surroundings of a page at `path`.
    pub fn new(locale: Locale, actor: &Actor, path: &str, csrf: String, now: Timestamp) -> Self {
        let portal = Portal::of_path(path);
        Self {
            locale,
            theme: Theme::System,
            portal,
            path: path.to_owned(),
            query: String::new(),
            csrf,
            signed_in: portal.guard().is_some() && actor.guard() == portal.guard(),
            session: actor.guard().map(Portal::of),
            reader: actor.reference().1.map(|id| id.to_string()).unwrap_or_default(),
            zone: actor.reads.zone.or(actor.reads.house_zone),
            now,
            done: None,
            demo: false,
            terms_due: false,
            clinic_suspended: actor.is_clinic_suspended,
            spoken: Locale::ALL.to_vec(),
            viewing: None,
            found: None,
            nav: nav::entries(portal, actor, path),
        }
    }

    /// The same page with what search engines are told: `path` below the site's address, and a text of which the first
    /// 160 characters are kept.
    pub fn found_at(mut self, site: &str, path: &str, description: &str) -> Self {
        let whole = description.split_whitespace().collect::<Vec<_>>().join(" ");
        let description = match whole.char_indices().nth(160) {
            Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default().trim_end()),
            None => whole,
        };
        let canonical = format!("{}{path}", site.trim_end_matches('/'));
        // Another page of a list is a page of its own kind; a choice among its entries is not.
        let is_private = self.query.split('&').filter(|part| !part.is_empty()).any(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            !value.is_empty() && !matches!(name, "page" | LANGUAGE_PARAMETER)
        });
        self.found = Some(Found { canonical, description, title: "Hairline".to_owned(), is_private });
        self
    }

    /// The same with what the page is called where it is shared.
    pub fn entitled(mut self, title: &str) -> Self {
        if let Some(found) = &mut self.found {
            found.title = title.to_owned();
        }
        self
    }

    /// A text of the catalogue in the reader's language.
    pub fn t(&self, key: impl AsRef<str>) -> String {
        locale::t(self.locale, key.as_ref())
    }

    /// A text whose variable is a number.
    pub fn tn(&self, key: &str, name: &'static str, number: impl Borrow<i64>) -> String {
        let number = *number.borrow();
        locale::tr(self.locale, key, &[(name, number.into())])
    }

    /// A text whose variable is a word.
    pub fn tw(&self, key: &str, name: &'static str, word: impl AsRef<str>) -> String {
        locale::tr(self.locale, key, &[(name, word.as_ref().into())])
    }

    /// The text of a stored word: key `prefix-word` with dashes for underscores and dots; the word, readable, where
    /// there is none.
    pub fn word(&self, prefix: &str, word: impl AsRef<str>) -> String {
        let word = word.as_ref();
        let key = format!("{prefix}-{}", word.replace(['_', '.'], "-"));
        locale::find_text(self.locale, &key).unwrap_or_else(|| {
            tracing::warn!(key, "no text for this word");
            word.replace(['_', '.'], " ")
        })
    }

    /// What the audit log calls an action, in words: the area and what happened there.
    pub fn deed(&self, action: impl AsRef<str>) -> String {
        match action.as_ref().split_once('.') {
            Some((area, deed)) => format!("{} · {}", self.word("deed-area", area), self.word("deed", deed)),
            None => self.word("deed", action),
        }
    }

    /// What the audit log calls a kind of thing, in words; nothing where it names none.
    pub fn thing(&self, kind: Option<&str>) -> String {
        let Some(kind) = kind else { return String::new() };
        let mut key = String::new();
        for letter in kind.chars() {
            if letter.is_ascii_uppercase() && !key.is_empty() {
                key.push('-');
            }
            key.push(letter.to_ascii_lowercase());
        }
        self.word("thing", key)
    }

    /// A country by its ISO code, as the reader calls it; `name`, as it is stored, where we have none.
    pub fn country(&self, code: &str, name: &str) -> String {
        locale::country(self.locale, code, name)
    }

    /// An amount as the reader writes it.
    pub fn money(&self, money: impl Borrow<Money>) -> String {
        locale::money(self.locale, *money.borrow())
    }

    /// A day as the reader writes it.
    pub fn date(&self, day: impl Borrow<NaiveDate>) -> String {
        locale::date(self.locale, *day.borrow())
    }

    /// The zone instants are shown in.
    pub fn own_zone(&self) -> Tz {
        self.zone.unwrap_or(Tz::UTC)
    }

    /// The day an instant falls on for the reader.
    pub fn day(&self, at: impl Borrow<Timestamp>) -> String {
        locale::date(self.locale, self.day_of(at))
    }

    /// The same as a value.
    pub fn day_of(&self, at: impl Borrow<Timestamp>) -> NaiveDate {
        at.borrow().with_timezone(&self.own_zone()).date_naive()
    }

    /// The reader's clock at an instant, with the name of its zone: `13:00 UTC+3`.
    pub fn clock(&self, at: impl Borrow<Timestamp>) -> String {
        let local = at.borrow().with_timezone(&self.own_zone());
        format!("{} {}", local.format("%H:%M"), locale::zone_name(*at.borrow(), self.own_zone()))
    }

    /// What the clocks of a zone of the time zone database show now, with its distance from UTC: `13:05 UTC+3`. Nothing
    /// where there is no such zone.
    pub fn clock_in(&self, zone: &str) -> Option<String> {
        let zone: Tz = zone.parse().ok()?;
        let local = self.now.with_timezone(&zone);
        Some(format!("{} {}", local.format("%H:%M"), locale::zone_distance(self.now, zone)))
    }

    /// An instant on the reader's clock, with the name of its zone (R-CM-96): `2 March 2026, 13:00 UTC+3`.
    pub fn moment(&self, at: impl Borrow<Timestamp>) -> String {
        let (at, zone) = (*at.borrow(), self.own_zone());
        format!("{} {}", locale::datetime(self.locale, at, zone), locale::zone_name(at, zone))
    }

    /// An instant on the clocks of a zone.
    pub fn datetime(&self, at: Timestamp, zone: Tz) -> String {
        locale::datetime(self.locale, at, zone)
    }

    /// How far an instant lies from now, with the exact one on hover.
    pub fn when(&self, at: impl Borrow<Timestamp>) -> Html {
        when(self.locale, *at.borrow(), self.now, self.own_zone())
    }

    /// A rating of 0 to 5 in stars.
    pub fn stars(&self, rating: impl Borrow<f64>) -> Html {
        stars(self.locale, *rating.borrow())
    }

    /// The address of the mark.
    pub fn mark(&self) -> String {
        asset_url("mark.svg")
    }

    /// The address of an embedded file.
    pub fn asset(&self, name: &str) -> String {
        asset_url(name)
    }

    /// The code for the `lang` attribute.
    pub fn lang(&self) -> &'static str {
        self.locale.code()
    }

    /// The word for the `data-theme` attribute.
    pub fn theme_word(&self) -> &'static str {
        self.theme.word()
    }

    /// The portal's navigation, with the present entry marked.
    pub fn nav(&self) -> &[NavItem] {
        &self.nav
    }

    /// When another code may be asked for, in words; the script counts down and holds the button beside it back so long.
    pub fn code_wait(&self, seconds: Option<u64>) -> Html {
        let Some(seconds) = seconds.and_then(|seconds| i64::try_from(seconds).ok()) else { return Html::default() };
        let words = match seconds {
            ..=90 => self.tn("code-wait-seconds", "count", seconds),
            _ => self.tn("code-wait-minutes", "count", (seconds + 59) / 60),
        };
        let (running, over) = (self.tw("code-wait-running", "time", "{time}"), self.t("code-wait-over"));
        Html(format!(
            "<p class=\"muted small\" data-wait=\"{seconds}\" data-running=\"{}\" data-over=\"{}\"><span role=\"timer\">{}</span><span role=\"status\"></span></p>",
            escape(&running),
            escape(&over),
            escape(&words)
        ))
    }

    /// The hidden field every form carries.
    pub fn csrf_field(&self) -> Html {
        Html(format!("<input type=\"hidden\" name=\"_csrf\" value=\"{}\">", escape(&self.csrf)))
    }

    /// The parts of the reader's own account.
    pub fn account_nav(&self) -> Vec<NavItem> {
        nav::own(self.portal, &self.path)
    }

    /// Where the reader's own account is.
    pub fn account_base(&self) -> &'static str {
        match self.portal {
            Portal::Provider => "/provider/account",
            Portal::Admin => "/admin/account",
            Portal::Affiliate => "/affiliate/account",
            Portal::Patient | Portal::Public => "/patient/security",
        }
    }

    /// The page of the reader's API tokens; patients and affiliates have none.
    pub fn tokens_href(&self) -> Option<&'static str> {
        match self.portal {
            Portal::Provider => Some("/provider/account/tokens"),
            Portal::Admin => Some("/admin/account/tokens"),
            _ => None,
        }
    }

    /// The page on which the reader agrees to texts, and reads what they agreed to.
    pub fn terms_href(&self) -> String {
        let account = if self.portal == Portal::Patient { "" } else { "/account" };
        format!("{}{account}/legal", self.portal.home())
    }

    /// Whether to say on this page that texts wait: not on the one that shows them.
    pub fn tells_terms(&self) -> bool {
        self.terms_due && self.signed_in && self.path != self.terms_href()
    }

    /// The other language to read in, when there is one.
    pub fn other_language(&self) -> Option<&'static str> {
        self.spoken.iter().find(|locale| **locale != self.locale).map(|locale| locale.code())
    }

    /// This page's address, to come back to.
    pub fn here(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The same as a value of a query string.
    pub fn here_encoded(&self) -> String {
        encode(&self.here()).into_owned()
    }

    /// The address that switches the language and comes back.
    pub fn language_href(&self, to: &str) -> String {
        format!("/language?to={to}&back={}", encode(&self.here()))
    }

    /// The address that switches between light and dark and comes back.
    pub fn theme_href(&self, to: &str) -> String {
        format!("/theme?to={to}&back={}", encode(&self.here()))
    }

    /// Whose view this is, in a sentence.
    pub fn viewing_whose(&self, viewing: &Viewing) -> String {
        let args = [("name", viewing.name.as_str().into()), ("house", viewing.house.as_str().into())];
        locale::tr(self.locale, "viewing-whose", &args)
    }

    /// The sentence about what was just done, when this page follows a form.
    pub fn toast(&self) -> Option<String> {
        let word = self.done.as_deref()?;
        locale::find_text(self.locale, &format!("done-{word}"))
    }

    /// Where the reader's own portal begins, for the public site.
    pub fn own_home(&self) -> Option<&'static str> {
        self.session.map(Portal::home)
    }
}

/// A value of a query string.
pub fn encode(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'/');
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for b in text.bytes() {
        if plain(b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_a_query_string() {
        assert_eq!(encode("/a/b?x=1&y=ş"), "/a/b%3Fx%3D1%26y%3D%C5%9F");
    }

    #[test]
    fn the_present_entry_is_marked_once() {
        let now = Timestamp::default();
        let chrome = Chrome::new(Locale::En, &Actor::system(), "/provider/inquiries/1", String::new(), now);
        let current: Vec<_> = chrome.nav().iter().filter(|item| item.current).map(|item| item.href).collect();
        assert_eq!(current, ["/provider/inquiries"]);
    }
}
