//! Lists whose search, filters, sort and page live in the address.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use kernel::page::PageMeta;

use crate::chrome::encode;
use crate::html::{Html, escape, icon};
use crate::{Choice, Chrome};

/// A list as its address describes it.
#[derive(Clone, Debug)]
pub struct ListView {
    path: String,
    pairs: Vec<(String, String)>,
    meta: PageMeta,
    chrome: Chrome,
    /// What narrows the list, in words, in the order in which its form was written.
    chosen: Arc<Mutex<Vec<(String, String)>>>,
}

#[derive(Template)]
#[template(path = "c/pager.html")]
struct Pager<'a> {
    list: &'a ListView,
    chrome: &'a Chrome,
    pages: Vec<Option<u64>>,
}

impl ListView {
    /// The list at the page's own address, with the page that was read.
    pub fn new(chrome: &Chrome, meta: &PageMeta) -> Self {
        Self {
            path: chrome.path.clone(),
            pairs: query_pairs(&chrome.query),
            meta: *meta,
            chrome: chrome.clone(),
            chosen: Arc::default(),
        }
    }

    fn note_chosen(&self, name: &str, label: &str) {
        if name == "sort" {
            return;
        }
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner).push((name.to_owned(), label.to_owned()));
    }

    /// How many entries the whole list has.
    pub fn total(&self) -> u64 {
        self.meta.total
    }

    /// The same in words: with the text of this key, which counts, or as "more than so many".
    pub fn counted(&self, key: &str) -> String {
        if self.meta.total_exceeded {
            self.chrome.tw("list-more-than", "count", self.meta.total.to_string())
        } else {
            self.chrome.tn(key, "count", i64::try_from(self.meta.total).unwrap_or(i64::MAX))
        }
    }

    /// What the address says for a name.
    pub fn value(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !matches!(name.as_str(), "page" | "per_page" | "sort"))
    }

    /// The list's address with nothing that narrows it.
    pub fn reset_href(&self) -> String {
        self.path.clone()
    }

    /// The list's address with some names changed; an empty value removes the name. The page starts anew.
    pub fn href(&self, changes: &[(&str, &str)]) -> String {
        let kept = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| *name != "page" && changes.iter().all(|(changed, _)| changed != name));
        let all = kept.chain(changes.iter().copied().filter(|(_, value)| !value.is_empty()));
        let query: Vec<String> = all.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        if query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, query.join("&")) }
    }

    /// The address of a page of the list.
    pub fn page_href(&self, page: &u64) -> String {
        self.href(&[("page", &page.to_string())])
    }

    /// Where in the list a form stands, sent along with it: [`crate::Ctx::done_in`] leads back there.
    pub fn keep(&self) -> Html {
        let here = self.page_href(&self.meta.current_page);
        let query = here.split_once('?').map_or("", |(_, query)| query);
        Html(format!("<input type=\"hidden\" name=\"list\" value=\"{}\">", escape(query)))
    }

    fn previous_href(&self) -> String {
        self.page_href(&self.meta.current_page.saturating_sub(1))
    }

    fn next_href(&self) -> String {
        self.page_href(&self.meta.current_page.saturating_add(1))
    }

    /// The links to the other pages; nothing when there is only one.
    pub fn pager(&self) -> Html {
        let (here, last) = (self.meta.current_page, self.meta.last_page);
        if last < 2 {
            return Html::default();
        }
        let mut pages: Vec<Option<u64>> = Vec::new();
        for page in 1..=last {
            let near = page == 1 || page == last || u64::abs_diff(page, here) <= 1;
            match (near, pages.last()) {
                (true, _) => pages.push(Some(page)),
                (false, Some(None)) => {}
                (false, _) => pages.push(None),
            }
        }
        Html::of(&Pager { list: self, chrome: &self.chrome, pages })
    }

    /// The head of a column that sorts the list by `key`, up at first and down at the second time.
    pub fn head(&self, key: &str, label: impl AsRef<str>) -> Html {
        let label = label.as_ref();
        let sorted = self.value("sort");
        let down = format!("-{key}");
        let (to, state, arrow) = if sorted == key {
            (down.as_str(), "ascending", Some("arrow-up"))
        } else if sorted == down {
            (key, "descending", Some("arrow-down"))
        } else {
            (key, "none", None)
        };
        Html(format!(
            "<th scope=\"col\" aria-sort=\"{state}\"><a class=\"sort\" href=\"{}\">{}{}</a></th>",
            escape(&self.href(&[("sort", to)])),
            escape(label),
            arrow.map(icon).unwrap_or_default()
        ))
    }

    /// The search field of the list's form.
    pub fn search(&self, label: impl AsRef<str>) -> Html {
        if !self.value("q").is_empty() {
            self.note_chosen("q", self.value("q"));
        }
        Html(format!(
            "<div class=\"search\">{}<input type=\"search\" name=\"q\" value=\"{}\" placeholder=\"{label}\" \
             aria-label=\"{label}\"></div>",
            icon("search"),
            escape(self.value("q")),
            label = escape(label.as_ref()),
        ))
    }

    /// A filter of the list's form; the first choice, whose value is empty, takes everything.
    pub fn filter(&self, name: &str, label: impl AsRef<str>, choices: &[Choice]) -> Html {
        let label = label.as_ref();
        if let Some(choice) = choices.iter().find(|choice| !choice.value.is_empty() && choice.value == self.value(name))
        {
            self.note_chosen(name, &choice.label);
        }
        let mut out =
            format!("<div class=\"select\"><select name=\"{}\" aria-label=\"{}\">", escape(name), escape(label));
        let held = self.value(name);
        // Writing into a string cannot fail.
        let _ = write!(out, "<option value=\"\">{}</option>", escape(label));
        for choice in choices {
            let selected = if choice.value == held { " selected" } else { "" };
            let (value, label) = (escape(&choice.value), escape(&choice.label));
            let _ = write!(out, "<option value=\"{value}\"{selected}>{label}</option>");
        }
        out.push_str("</select></div>");
        Html(out)
    }

    /// The present sort, kept by the list's form.
    pub fn keep_sort(&self) -> Html {
        match self.value("sort") {
            "" => Html::default(),
            sort => Html(format!("<input type=\"hidden\" name=\"sort\" value=\"{}\">", escape(sort))),
        }
    }

    /// The button of the list's form, each thing that narrows the list with the way without it, and the way back to the
    /// whole list. Stands behind the search field and the filters.
    pub fn apply(&self) -> Html {
        let mut out =
            format!("<button class=\"button ghost\" type=\"submit\">{}</button>", escape(&self.chrome.t("list-apply")));
        if self.is_narrowed() {
            let (href, label) = (escape(&self.reset_href()), escape(&self.chrome.t("list-reset")));
            let _ = write!(out, "<a class=\"quiet\" href=\"{href}\">{label}</a>");
            out.push_str(&self.chips());
        }
        Html(out)
    }

    fn chips(&self) -> String {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        let chip = |(name, label): &(String, String)| {
            let without = escape(&self.chrome.tw("list-without", "what", label.clone())).to_string();
            let (href, label) = (escape(&self.href(&[(name, "")])).to_string(), escape(label).to_string());
            let cross = icon("x");
            format!("<li><a class=\"chip\" href=\"{href}\" aria-label=\"{without}\">{label}{cross}</a></li>")
        };
        let chips: String = chosen.iter().map(chip).collect();
        if chips.is_empty() { chips } else { format!("<ul class=\"chips chosen\">{chips}</ul>") }
    }
}

/// The names and values of a query string that hold something.
pub(crate) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Actor;
    use platform::locale::Locale;

    use super::*;

    fn list(query: &str, current_page: u64, last_page: u64) -> ListView {
        let mut chrome =
            Chrome::new(Locale::En, &Actor::anonymous(), "/clinics", String::new(), kernel::Timestamp::default());
        chrome.query = query.to_owned();
        ListView::new(
            &chrome,
            &PageMeta { current_page, per_page: 20, total: last_page * 20, total_exceeded: false, last_page },
        )
    }

    #[test]
    fn the_address_keeps_what_was_chosen() {
        let list = list("q=ye%C5%9Fil+ev&country=TR&page=3&sort=", 3, 9);
        assert_eq!((list.value("q"), list.value("country"), list.value("sort")), ("yeşil ev", "TR", ""));
        assert_eq!(list.page_href(&4), "/clinics?q=ye%C5%9Fil%20ev&country=TR&page=4");
        assert_eq!(list.href(&[("country", ""), ("sort", "-rating")]), "/clinics?q=ye%C5%9Fil%20ev&sort=-rating");
        assert!(list.is_narrowed());
    }

    #[test]
    fn what_narrows_a_list_is_named_with_the_way_without_it() {
        let list = list("q=ye%C5%9Fil&country=TR&page=3&sort=-rating", 3, 9);
        let form = [
            list.search("Search").0,
            list.filter("country", "Country", &[Choice::new("TR", "Türkiye"), Choice::new("PL", "Poland")]).0,
            list.filter("rating", "Rating", &[Choice::new("4", "4 and more")]).0,
            list.apply().0,
        ]
        .concat();
        assert_eq!(form.matches("class=\"chip\"").count(), 2, "{form}");
        assert!(
            form.contains("href=\"/clinics?country=TR&#38;sort=-rating\"")
                || form.contains("href=\"/clinics?country=TR&amp;sort=-rating\""),
            "{form}"
        );
        assert!(form.contains(">Türkiye<") && form.contains("aria-label=\"Without Türkiye\""), "{form}");
    }

    #[test]
    fn long_lists_name_the_ends_and_the_neighbours() {
        let html = list("", 5, 9).pager().0;
        let shown: Vec<&str> = ["1", "4", "5", "6", "9"].to_vec();
        for page in &shown {
            assert!(html.contains(&format!(">{page}<")), "{page} in {html}");
        }
        assert!(!html.contains(">3<") && !html.contains(">7<"), "{html}");
        assert!(list("", 1, 1).pager().is_empty());
    }

    #[test]
    fn a_column_sorts_up_then_down() {
        assert!(list("", 1, 1).head("name", "Name").0.contains("href=\"/clinics?sort=name\""));
        let up = list("sort=name", 1, 1).head("name", "Name").0;
        assert!(up.contains("sort=-name") && up.contains("aria-sort=\"ascending\""), "{up}");
    }

    #[test]
    fn a_form_of_a_list_says_where_it_stands() {
        let kept = list("q=a+b&page=3&done=saved", 3, 9).keep().to_string();
        assert!(kept.contains("q=a%20b") && kept.contains("page=3"), "{kept}");
    }
}
