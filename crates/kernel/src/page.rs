//! Pages of lists: numbered for lists people browse, cursors for histories.

use serde::{Deserialize, Serialize};

use crate::error::{AppError, AppResult};

/// The entry up to which lists are read page by page (R-MG-35).
pub const DEEPEST: u64 = 10_000;

/// Which page of a list, and how much of it: `?page=2&per_page=50`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// From 1.
    #[serde(default = "first")]
    #[param(default = 1, minimum = 1)]
    pub page: u64,
    /// 1 to 100.
    #[serde(default = "twenty")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    pub per_page: u64,
}

fn first() -> u64 {
    1
}

fn twenty() -> u64 {
    20
}

impl Default for PageQuery {
    fn default() -> Self {
        Self { page: 1, per_page: 20 }
    }
}

impl PageQuery {
    /// The page, or 422 when it lies outside the allowed sizes or too far behind (`use_export`).
    pub fn checked(self) -> AppResult<Self> {
        if self.page < 1 {
            return Err(AppError::field("page", "page_invalid", "Pages are counted from 1."));
        }
        if !(1..=100).contains(&self.per_page) {
            return Err(AppError::field("per_page", "per_page_invalid", "A page holds 1 to 100 entries."));
        }
        if self.page.saturating_mul(self.per_page) > DEEPEST {
            let detail = "Lists are read up to their 10,000th entry. Narrow the list, or export it.";
            return Err(AppError::field("page", "use_export", detail));
        }
        Ok(self)
    }

    /// Rows to skip.
    pub fn offset(self) -> u64 {
        self.page.saturating_sub(1).saturating_mul(self.per_page)
    }
}

/// One page of a list: `data`, `meta`, `links`.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The entries of this page.
    pub data: Vec<T>,
    /// Where this page stands in the list.
    pub meta: PageMeta,
    /// Addresses of the neighbouring pages, relative to the list's path.
    pub links: PageLinks,
}

/// Where a page stands in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PageMeta {
    /// This page.
    pub current_page: u64,
    /// Entries per page.
    pub per_page: u64,
    /// Entries in the whole list; of a very long one, those that were counted.
    pub total: u64,
    /// Whether there are more entries than were counted.
    pub total_exceeded: bool,
    /// The last page that was counted, at least 1.
    pub last_page: u64,
}

/// How many entries a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// Those that were counted.
    pub counted: u64,
    /// Whether there are more.
    pub exceeded: bool,
}

impl From<u64> for Total {
    fn from(counted: u64) -> Self {
        Self { counted, exceeded: false }
    }
}

/// Query strings of the neighbouring pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PageLinks {
    /// The first page.
    pub first: String,
    /// The last page.
    pub last: String,
    /// The page before, if there is one.
    pub prev: Option<String>,
    /// The page behind, if there is one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Puts the entries of one page and the size of the list together.
    pub fn new(data: Vec<T>, query: PageQuery, total: impl Into<Total>) -> Self {
        let Total { counted: total, exceeded: total_exceeded } = total.into();
        let last_page = total.div_ceil(query.per_page.max(1)).max(1);
        let link = |page: u64| format!("?page={page}&per_page={}", query.per_page);
        let is_readable = query.page.saturating_add(1).saturating_mul(query.per_page) <= DEEPEST;
        let is_open_end = total_exceeded && is_readable && data.len() as u64 == query.per_page;
        let links = PageLinks {
            first: link(1),
            last: link(last_page),
            prev: (query.page > 1).then(|| link(query.page - 1)),
            // Behind what was counted, a full page may have another one after it.
            next: (query.page < last_page || is_open_end).then(|| link(query.page + 1)),
        };
        let meta = PageMeta { current_page: query.page, per_page: query.per_page, total, total_exceeded, last_page };
        Self { data, meta, links }
    }

    /// The same page with every entry turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(f).collect(), meta: self.meta, links: self.links }
    }
}

/// Which part of a history: `?cursor=...&limit=50`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CursorQuery {
    /// The `next_cursor` of the answer before; absent for the beginning.
    pub cursor: Option<String>,
    /// 1 to 100, 20 when absent.
    pub limit: Option<u64>,
}

impl CursorQuery {
    /// How many entries to give, or 422.
    pub fn checked_limit(&self) -> AppResult<u64> {
        match self.limit.unwrap_or(20) {
            limit @ 1..=100 => Ok(limit),
            _ => Err(AppError::field("limit", "limit_invalid", "Ask for 1 to 100 entries.")),
        }
    }
}

/// One part of a history.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CursorPage<T> {
    /// The entries.
    pub data: Vec<T>,
    /// Where to go on.
    pub meta: CursorMeta,
}

/// Where a history goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CursorMeta {
    /// Give this back as `cursor`; absent at the end.
    pub next_cursor: Option<String>,
}

impl<T> CursorPage<T> {
    /// Builds the part from one entry more than asked for, whose presence tells that more follows.
    pub fn from_overfull(mut data: Vec<T>, limit: u64, cursor_of: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = data.len() > limit;
        data.truncate(limit);
        let next_cursor = if more { data.last().map(cursor_of) } else { None };
        Self { data, meta: CursorMeta { next_cursor } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_has_one_page() {
        let page = Page::<u8>::new(vec![], PageQuery::default(), 0);
        assert_eq!((page.meta.last_page, page.links.next), (1, None));
    }

    #[test]
    fn sizes_are_checked() {
        assert!(PageQuery { page: 0, per_page: 20 }.checked().is_err());
        assert!(PageQuery { page: 1, per_page: 101 }.checked().is_err());
        assert_eq!(PageQuery { page: 3, per_page: 50 }.checked().unwrap().offset(), 100);
        assert!(PageQuery { page: 100, per_page: 100 }.checked().is_ok());
        let deeper = PageQuery { page: 501, per_page: 20 }.checked().unwrap_err();
        assert!(deeper.fields.0.values().flatten().any(|fault| fault.code == "use_export"), "{deeper:?}");
        assert!(PageQuery { page: u64::MAX, per_page: 20 }.checked().is_err());
    }

    #[test]
    fn a_list_that_is_not_counted_to_its_end_goes_on_behind_what_was_counted() {
        let total = Total { counted: 1_000, exceeded: true };
        let page = |page, rows| Page::new(vec![(); rows], PageQuery { page, per_page: 20 }, total);
        let last_counted = page(50, 20);
        assert_eq!((last_counted.meta.last_page, last_counted.meta.total_exceeded), (50, true));
        assert_eq!(last_counted.links.next.as_deref(), Some("?page=51&per_page=20"));
        assert_eq!(page(51, 19).links.next, None);
        assert_eq!(page(500, 20).links.next, None, "deeper is for exports");
    }

    #[test]
    fn the_cursor_appears_only_when_more_follows() {
        let part = CursorPage::from_overfull(vec![1, 2, 3], 2, ToString::to_string);
        assert_eq!((part.data.len(), part.meta.next_cursor), (2, Some("2".to_owned())));
        let all = CursorPage::from_overfull(vec![1, 2], 2, ToString::to_string);
        assert_eq!(all.meta.next_cursor, None);
    }
}
