//! A browser without script: cookies, links, forms.

use std::collections::BTreeMap;

use axum::Router;
use platform::App;
use server::demo::{PASSWORD, code_at};
use testkit::{Client, Reply, TestApp, Upload};

/// Somebody with a browser.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

impl Browser {
    pub fn new(t: &TestApp, language: &'static str) -> Self {
        let router: Router<App> = server::router(&t.app).with_state(());
        Self { client: t.client(router), cookies: BTreeMap::new(), language }
    }

    fn ask(&self) -> Client {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.client.header("accept-language", self.language).header("cookie", &cookies.join("; "))
    }

    fn keep(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.trim().to_owned(), value.to_owned());
        }
    }

    /// Opens a page; redirects are not followed.
    pub async fn open(&mut self, path: &str) -> Reply {
        let reply = self.ask().get(path).await;
        self.keep(&reply);
        reply
    }

    /// Opens a page and counts its statements.
    pub async fn open_counting(&mut self, path: &str) -> (Reply, u64) {
        let (reply, statements) = platform::db::count_statements(self.ask().get(path)).await;
        self.keep(&reply);
        (reply, statements)
    }

    /// Loses a cookie, as when a session ends.
    pub fn forget(&mut self, name: &str) {
        self.cookies.remove(name);
    }

    /// Holds a cookie, as after a sign-in elsewhere.
    pub fn remember(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// How many statements a page needs, once everything is warm.
    pub async fn statements(&self, path: &str) -> u64 {
        platform::db::count_statements(self.ask().get(path)).await.1
    }

    /// Sends a form with the proof this browser holds.
    pub async fn send(&mut self, path: &str, csrf: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", csrf)];
        all.extend_from_slice(fields);
        let reply = self.ask().form(path, &all).await;
        self.keep(&reply);
        reply
    }

    /// Sends a form with files from a page.
    pub async fn upload(&mut self, path: &str, from: &str, fields: &[(&str, &str)], files: &[Upload]) -> Reply {
        let from = format!("http://hairline.test{from}");
        let reply = self.ask().header("referer", &from).multipart(path, fields, files).await;
        self.keep(&reply);
        reply
    }

    /// Signs in, with the second factor where it is asked for.
    pub async fn sign_in(&mut self, t: &TestApp, login_path: &str, login: &str) {
        // A code counts once: another sign-in in the same half minute needs the next one.
        t.advance(std::time::Duration::from_secs(31));
        let page = self.open(login_path).await.assert_status(200);
        let csrf = hidden(&page.text(), "_csrf");
        let reply = self.send(login_path, &csrf, &[("login", login), ("password", PASSWORD)]).await;
        if reply.status == 303 {
            return;
        }
        let ticket = hidden(&reply.assert_status(200).text(), "ticket");
        let code = code_at(t.now().timestamp()).unwrap();
        let path = format!("{login_path}/code");
        self.send(&path, &csrf, &[("ticket", &ticket), ("code", &code)]).await.assert_status(303);
    }
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&field).unwrap_or_else(|| panic!("no field {name} in {page}")).1;
    rest.split('"').next().unwrap().to_owned()
}

/// The addresses a page links to within the site.
pub fn links(page: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|part| part.split('"').next());
    let local = hrefs.filter(|href| href.starts_with('/') || href.starts_with('?'));
    local
        .map(|href| href.replace("&amp;", "&").split('#').next().unwrap().to_owned())
        .filter(|href| !href.is_empty())
        .collect()
}
