//! Small things pages are made of: badges, pipeline, timeline, stars, rings, alerts, empty states.

use std::borrow::Borrow;
use std::fmt::Write as _;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::SecondsFormat;
use chrono_tz::Tz;
use kernel::Timestamp;
use platform::locale::{self, Locale};

use crate::html::{Html, escape, icon};

/// How something feels: decides colour and icon, never alone what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Calm,
    /// Worth knowing.
    Info,
    /// Done, paid, well.
    Good,
    /// Needs attention soon.
    Warn,
    /// Wrong or urgent.
    Bad,
}

impl Tone {
    /// The word of the stylesheet.
    pub fn word(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Calm | Self::Info => "info",
            Self::Good => "check-circle",
            Self::Warn => "clock",
            Self::Bad => "alert",
        }
    }
}

/// A state in a word or two.
#[derive(Clone, Debug, Template)]
#[template(source = r#"<span class="badge {{ tone.word() }}">{{ label }}</span>"#, ext = "html")]
pub struct Badge {
    /// What it says.
    pub label: String,
    /// How it feels.
    pub tone: Tone,
}

impl HtmlSafe for Badge {}

impl Badge {
    /// A state in a word or two.
    pub fn new(tone: Tone, label: impl Into<String>) -> Self {
        Self { label: label.into(), tone }
    }
}

/// A sentence that must be read, with a line below it; either may be empty.
pub fn alert(tone: Tone, title: impl AsRef<str>, text: impl AsRef<str>) -> Html {
    let (title, text) = (title.as_ref(), text.as_ref());
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    let mut out = format!("<div class=\"alert {}\" role=\"{role}\">{}<div>", tone.word(), icon(tone.icon()));
    // Writing into a string cannot fail.
    if !title.is_empty() {
        let _ = write!(out, "<strong>{}</strong>", escape(title));
    }
    if !text.is_empty() {
        let _ = write!(out, "<p>{}</p>", escape(text));
    }
    out.push_str("</div></div>");
    Html(out)
}

/// What a list shows when there is nothing in it: what would be here.
pub fn empty(icon_name: &str, title: impl AsRef<str>, text: impl AsRef<str>) -> Html {
    empty_with(icon_name, title, text, "", "")
}

/// The same with the way to a first entry.
pub fn empty_with(
    icon_name: &str,
    title: impl AsRef<str>,
    text: impl AsRef<str>,
    href: impl AsRef<str>,
    label: impl AsRef<str>,
) -> Html {
    let mut out = format!(
        "<div class=\"empty\"><span class=\"empty-icon\">{}</span><h2>{}</h2><p>{}</p>",
        icon(icon_name),
        escape(title.as_ref()),
        escape(text.as_ref())
    );
    let (href, label) = (escape(href.as_ref()), escape(label.as_ref()));
    if !href.is_empty() {
        // Writing into a string cannot fail.
        let _ = write!(out, "<p><a class=\"button\" href=\"{href}\">{label}</a></p>");
    }
    out.push_str("</div>");
    Html(out)
}

/// How a stage of a pipeline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageLook {
    /// Behind us.
    Done,
    /// Here.
    Now,
    /// Still to come.
    Ahead,
    /// Where it ended early.
    Ended,
}

/// A stage of a case.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name.
    pub label: String,
    /// How it stands.
    pub look: StageLook,
}

/// The stages of a case, the present one marked.
pub fn pipeline(name: impl AsRef<str>, stages: &[Stage]) -> Html {
    let mut out = format!("<ol class=\"pipeline\" aria-label=\"{}\">", escape(name.as_ref()));
    for stage in stages {
        let (class, current) = match stage.look {
            StageLook::Done => ("done", ""),
            StageLook::Now => ("now", " aria-current=\"step\""),
            StageLook::Ahead => ("ahead", ""),
            StageLook::Ended => ("ended", " aria-current=\"step\""),
        };
        let _ = write!(out, "<li class=\"{class}\"{current}><span>{}</span></li>", escape(&stage.label));
    }
    out.push_str("</ol>");
    Html(out)
}

/// Something that happened or will.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// What.
    pub title: String,
    /// More about it; may be empty.
    pub text: String,
    /// When, already as HTML ([`when`]) or empty.
    pub at: Html,
    /// How it feels.
    pub tone: Tone,
    /// Whether it lies ahead.
    pub ahead: bool,
}

/// What happened, in order.
pub fn timeline(entries: &[TimelineEntry]) -> Html {
    let mut out = String::from("<ol class=\"timeline\">");
    for entry in entries {
        let ahead = if entry.ahead { " ahead" } else { "" };
        let _ = write!(out, "<li class=\"{}{ahead}\"><strong>{}</strong>", entry.tone.word(), escape(&entry.title));
        if !entry.text.is_empty() {
            let _ = write!(out, "<span class=\"timeline-text\">{}</span>", escape(&entry.text));
        }
        let _ = write!(out, "{}</li>", entry.at);
    }
    out.push_str("</ol>");
    Html(out)
}

/// How far an instant lies from now, with the exact one on hover: on the clocks of the zone, which is named.
pub fn when(locale: Locale, at: Timestamp, now: Timestamp, zone: Tz) -> Html {
    Html(format!(
        "<time datetime=\"{}\" title=\"{} {}\">{}</time>",
        at.to_rfc3339_opts(SecondsFormat::Secs, true),
        escape(&locale::datetime(locale, at, zone)),
        escape(&locale::zone_name(at, zone)),
        escape(&locale::relative(locale, at, now))
    ))
}

/// A rating of 0 to 5 in stars, said in words for those who hear the page.
pub fn stars(locale: Locale, rating: f64) -> Html {
    let said = match locale {
        Locale::En => format!("{rating:.1}"),
        Locale::Tr => format!("{rating:.1}").replace('.', ","),
    };
    let label = locale::tr(locale, "stars-of-five", &[("rating", said.into())]);
    let mut out = format!("<span class=\"stars\" role=\"img\" aria-label=\"{}\">", escape(&label));
    for place in 1..=5 {
        let filled = rating - f64::from(place - 1);
        let look = if filled >= 0.75 {
            "full"
        } else if filled >= 0.25 {
            "half"
        } else {
            "none"
        };
        let _ = write!(out, "<span class=\"star {look}\">{}{}</span>", icon("star"), icon("star-fill"));
    }
    out.push_str("</span>");
    Html(out)
}

/// A round picture with initials in it; the colour follows from the name.
pub fn avatar(name: impl AsRef<str>) -> Html {
    let name = name.as_ref();
    let initials: String = name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect();
    let shade = name.bytes().fold(0u32, |sum, b| sum.wrapping_mul(31).wrapping_add(u32::from(b))) % 6;
    Html(format!(
        "<span class=\"avatar shade-{shade}\" aria-hidden=\"true\">{}</span>",
        escape(&initials.to_uppercase())
    ))
}

/// How much of something is done, as a ring with the figure inside.
pub fn ring(percent: impl Borrow<u32>, label: impl AsRef<str>) -> Html {
    let percent = (*percent.borrow()).min(100);
    // A radius whose circumference is 100, so that the dash is the percentage.
    Html(format!(
        "<div class=\"ring\" role=\"img\" aria-label=\"{label}: {percent}%\"><svg viewBox=\"0 0 36 36\" \
         aria-hidden=\"true\"><circle class=\"ring-track\" cx=\"18\" cy=\"18\" r=\"15.915\"/><circle class=\"ring-value\" \
         cx=\"18\" cy=\"18\" r=\"15.915\" stroke-dasharray=\"{percent} {}\" transform=\"rotate(-90 18 18)\"/></svg>\
         <span class=\"ring-figure\" aria-hidden=\"true\">{percent}<small>%</small></span></div>",
        100 - percent,
        label = escape(label.as_ref()),
    ))
}

/// How much of something is done, as a bar.
pub fn meter(percent: impl Borrow<u32>, label: impl AsRef<str>) -> Html {
    let percent = (*percent.borrow()).min(100);
    Html(format!(
        "<div class=\"meter\" role=\"img\" aria-label=\"{}: {percent}%\"><svg viewBox=\"0 0 100 4\" \
         preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"meter-track\" width=\"100\" height=\"4\"/>\
         <rect class=\"meter-value\" width=\"{percent}\" height=\"4\"/></svg></div>",
        escape(label.as_ref())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_never_markup() {
        let nasty = "<script>alert(1)</script>";
        let stage = Stage { label: nasty.to_owned(), look: StageLook::Now };
        let entry = TimelineEntry {
            title: nasty.to_owned(),
            text: nasty.to_owned(),
            at: Html::default(),
            tone: Tone::Calm,
            ahead: false,
        };
        for html in [
            Badge::new(Tone::Good, nasty).to_string(),
            alert(Tone::Bad, nasty, nasty).0,
            empty_with("inbox", nasty, nasty, nasty, nasty).0,
            pipeline(nasty, &[stage]).0,
            timeline(&[entry]).0,
            avatar("<s <s").0,
            ring(10u32, nasty).0,
            meter(10u32, nasty).0,
        ] {
            assert!(!html.contains("<script") && !html.contains("<s<"), "{html}");
        }
    }

    #[test]
    fn stars_are_also_said() {
        let html = stars(Locale::Tr, 4.5).0;
        assert!(html.contains("4,5"), "{html}");
        assert_eq!((html.matches("star full").count(), html.matches("star half").count()), (4, 1));
    }
}
