//! What a page handler is given, and who is let in.

use axum::extract::{FromRef, FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use kernel::page::DEEPEST;
use kernel::{Actor, PageQuery, Timestamp};
use platform::App;
use platform::config::Mode;
use platform::locale::Locale;
use platform::web::{CsrfToken, Lang, Who};

use crate::chrome::encode;
use crate::list::query_pairs;
use crate::{Chrome, Posted, Theme, Viewing};

/// The cookie in which the script says where the device's clock stands.
const ZONE_COOKIE: &str = "hl_zone";

/// Beside a request: whoever asks has to agree to new texts before anything is written.
#[derive(Clone, Copy, Debug)]
pub struct TermsDue;

/// Beside a request: the languages that can be chosen.
#[derive(Clone, Debug)]
pub struct Spoken(pub Vec<Locale>);

/// Everything a page handler needs: the program, the reader, and what surrounds the page.
#[derive(Clone)]
pub struct Ctx {
    /// The program.
    pub app: App,
    /// Who reads.
    pub actor: Actor,
    /// What surrounds the page.
    pub chrome: Chrome,
}

impl Ctx {
    /// The reader's language.
    pub fn locale(&self) -> Locale {
        self.chrome.locale
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.chrome.now
    }

    /// A value of the page's query string; empty when it is missing.
    pub fn asked(&self, name: &str) -> String {
        query_pairs(&self.chrome.query)
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
            .unwrap_or_default()
    }

    /// The page of a list the address asks for.
    pub fn page_query(&self) -> PageQuery {
        let number = self.asked("page").parse().unwrap_or(1u64);
        let per_page = 20;
        PageQuery { page: number.clamp(1, DEEPEST / per_page), per_page }
    }

    /// The answer to a form that worked: go there and say so. `done` is the rest of a `done-...` key.
    pub fn done(&self, path: &str, done: &str) -> Response {
        let sign = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{path}{sign}done={done}")).into_response()
    }

    /// The same for a form within a list: back to where it stood, with the page and all that narrowed it.
    pub fn done_in(&self, list: &str, posted: &Posted, done: &str) -> Response {
        let kept = query_pairs(posted.get("list"));
        let kept = kept.iter().filter(|(name, _)| name != "done");
        let query: Vec<String> = kept.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        if query.is_empty() { self.done(list, done) } else { self.done(&format!("{list}?{}", query.join("&")), done) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx
where
    App: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let app = App::from_ref(state);
        let Who(actor) = Who::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let Lang(locale) = Lang::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let csrf = CsrfToken::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let uri = match OriginalUri::from_request_parts(parts, state).await {
            Ok(OriginalUri(uri)) => uri,
            Err(never) => match never {},
        };
        let mut chrome = Chrome::new(locale, &actor, uri.path(), csrf.field(&app), app.now());
        let jar = CookieJar::from_headers(&parts.headers);
        chrome.theme = jar.get(Theme::COOKIE).map(|cookie| Theme::from_word(cookie.value())).unwrap_or_default();
        // Who chose no clock reads on that of the device (3.1 of communication).
        let device = || jar.get(ZONE_COOKIE).and_then(|cookie| cookie.value().replace("%2F", "/").parse().ok());
        chrome.zone = actor.reads.zone.or_else(device).or(actor.reads.house_zone);
        chrome.demo = app.config.mode == Mode::Demo;
        chrome.terms_due = parts.extensions.get::<TermsDue>().is_some();
        if let Some(Spoken(locales)) = parts.extensions.get::<Spoken>() {
            chrome.spoken.clone_from(locales);
        }
        chrome.viewing = parts.extensions.get::<Viewing>().cloned();
        let query = uri.query().unwrap_or_default();
        let is_done = |part: &&str| part.starts_with("done=");
        chrome.done = query.split('&').find(is_done).and_then(|part| part.get(5..)).map(str::to_owned);
        chrome.query = query.split('&').filter(|part| !is_done(part)).collect::<Vec<_>>().join("&");
        Ok(Self { app, actor, chrome })
    }
}

/// A [`Ctx`] of somebody who is signed in to the portal the page belongs to; everybody else is led to its sign-in and
/// comes back afterwards.
pub struct Inside(pub Ctx);

impl<S: Send + Sync> FromRequestParts<S> for Inside
where
    App: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let ctx = Ctx::from_request_parts(parts, state).await?;
        if ctx.chrome.signed_in {
            return Ok(Self(ctx));
        }
        let portal = ctx.chrome.portal;
        let here = ctx.chrome.here();
        let next = if here == portal.home() { String::new() } else { format!("?next={}", encode(&here)) };
        Err(Redirect::to(&format!("{}{next}", portal.login())).into_response())
    }
}

/// A path of this site to go back to, or the fallback for anything that could lead elsewhere.
pub fn local_path(wanted: &str, fallback: &str) -> String {
    let is_local = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.starts_with("/\\")
        && !wanted.chars().any(|c| c.is_control() || c == '\\');
    if is_local { wanted.to_owned() } else { fallback.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        assert_eq!(local_path("/patient?x=1", "/"), "/patient?x=1");
        for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "", "/a\r\nb"] {
            assert_eq!(local_path(elsewhere, "/"), "/", "{elsewhere}");
        }
    }
}
