//! How wide words are, and where lines break.

use ttf_parser::Face;

/// The letters of every paper: Latin with all of Turkish.
pub(super) const FONT: &[u8] = epaint_default_fonts::UBUNTU_LIGHT;

/// Measures words of the font.
pub(super) struct Ruler {
    face: Face<'static>,
}

impl Ruler {
    /// A ruler for the embedded font; nothing where it cannot be read.
    pub fn new() -> Option<Self> {
        Face::parse(FONT, 0).ok().map(|face| Self { face })
    }

    /// The width of a text at a size, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let units: u32 = text
            .chars()
            .map(|c| self.face.glyph_index(c).and_then(|glyph| self.face.glyph_hor_advance(glyph)).unwrap_or(500))
            .map(u32::from)
            .sum();
        #[expect(clippy::cast_precision_loss, reason = "a line of text is far below what a float counts exactly")]
        let units = units as f32;
        units * size / f32::from(self.face.units_per_em())
    }

    /// The lines of a text that are at most so wide; a word that is wider stands alone.
    pub fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if line.is_empty() || self.width(&longer, size) <= width {
                    line = longer;
                } else {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                }
            }
            lines.push(line);
        }
        lines
    }

    /// Whether the font has every letter of a text.
    #[cfg(test)]
    pub fn knows(&self, text: &str) -> bool {
        text.chars().filter(|c| !c.is_whitespace()).all(|c| self.face.glyph_index(c).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_both_languages_and_the_currencies() {
        let ruler = Ruler::new().unwrap();
        assert!(ruler.knows("ÇĞİÖŞÜçğıöşü âîû £ € $ ¥ − – · • “” äßñé"), "a letter is missing");
    }

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        let ruler = Ruler::new().unwrap();
        let text = "Your treatment at Bosphorus Hair in Istanbul, as it was agreed on 2 March 2026.";
        let lines = ruler.wrap(text, 10.0, 120.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| ruler.width(line, 10.0) <= 120.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(ruler.wrap("one\n\ntwo", 10.0, 120.0), ["one", "", "two"]);
        assert!(ruler.width("WW", 10.0) > ruler.width("ii", 10.0));
    }
}
