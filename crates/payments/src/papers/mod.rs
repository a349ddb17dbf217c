//! Numbered papers as PDF, drawn from what was written down when they were issued (R-PY-65): the same snapshot gives the
//! same paper at any time, so none has to be stored.

mod draw;
mod text;

pub use draw::draw;

use kernel::Money;
use platform::locale::{self, Locale};

/// An amount as papers show it. Their font has no sign of the lira; its code is as good on a paper.
pub fn print(locale: Locale, money: Money) -> String {
    let text = locale::money(locale, money);
    text.strip_prefix('₺').map_or_else(|| text.replace('₺', "TRY"), |rest| format!("TRY {rest}"))
}

/// A line of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// How much, as it is printed.
    pub amount: String,
    /// A sum.
    pub strong: bool,
}

/// A paper in its reader's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// `Receipt`.
    pub title: String,
    /// `RCT-2603-00001`.
    pub number: String,
    /// The language its words are in, as a BCP 47 tag.
    pub language: String,
    /// Labels and values above the amounts.
    pub facts: Vec<(String, String)>,
    /// The amounts.
    pub lines: Vec<Line>,
    /// What stands below, each in its own paragraph.
    pub notes: Vec<String>,
    /// Who issued it, at the foot of every page.
    pub footer: String,
}
