//! Pictures: grids that open, and two of them compared with a slider.

use std::fmt::Write as _;

use crate::html::{Html, escape, icon};

/// A picture and what is to be said about it.
#[derive(Clone, Debug, Default)]
pub struct Photo {
    /// Its address.
    pub src: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// What stands below it; may be empty.
    pub caption: String,
}

impl Photo {
    /// A picture with what it shows.
    pub fn new(src: impl Into<String>, alt: impl Into<String>) -> Self {
        Self { src: src.into(), alt: alt.into(), caption: String::new() }
    }

    /// The same with words below it.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = caption.into();
        self
    }
}

/// Pictures side by side; each opens in full size.
pub fn photo_grid(photos: &[Photo]) -> Html {
    let mut out = String::from("<ul class=\"photos\">");
    for photo in photos {
        // Writing into a string cannot fail.
        let _ = write!(
            out,
            "<li><a href=\"{src}\" data-lightbox><img src=\"{src}\" alt=\"{}\" loading=\"lazy\" decoding=\"async\"></a>",
            escape(&photo.alt),
            src = escape(&photo.src),
        );
        if !photo.caption.is_empty() {
            let _ = write!(out, "<span class=\"photo-caption\">{}</span>", escape(&photo.caption));
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
    Html(out)
}

/// Two pictures of the same view: side by side, and with the script one above the other under a slider.
pub fn compare(before: &Photo, after: &Photo, slider: impl AsRef<str>) -> Html {
    let figure = |class: &str, photo: &Photo| {
        format!(
            "<figure class=\"{class}\"><img src=\"{}\" alt=\"{}\" loading=\"lazy\" decoding=\"async\"><figcaption>{}</figcaption></figure>",
            escape(&photo.src),
            escape(&photo.alt),
            escape(&photo.caption)
        )
    };
    Html(format!(
        "<div class=\"compare\" data-compare>{}{}<input class=\"compare-range\" type=\"range\" min=\"0\" max=\"100\" \
         value=\"50\" aria-label=\"{}\" hidden><span class=\"compare-handle\" aria-hidden=\"true\" hidden>{}</span></div>",
        figure("compare-before", before),
        figure("compare-after", after),
        escape(slider.as_ref()),
        icon("compare")
    ))
}
