//! Putting a paper on A4 pages.

use kernel::{AppError, AppResult};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use super::text::{FONT, Ruler};
use super::{Line, Sheet};

const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 56.0;
const BODY: f32 = 10.5;
const LEADING: f32 = 16.0;
/// Where the values of facts begin.
const VALUES: f32 = 190.0;
/// The lowest line of a page.
const BOTTOM: f32 = HEIGHT - MARGIN - 24.0;

const INK: (u8, u8, u8) = (28, 33, 40);
const SOFT: (u8, u8, u8) = (104, 112, 122);
const HOUSE: (u8, u8, u8) = (15, 109, 102);
const RULE: (u8, u8, u8) = (214, 219, 224);

/// The pieces of a paper, placed.
enum Piece {
    Text { x: f32, y: f32, size: f32, color: (u8, u8, u8), text: String },
    Rule { y: f32 },
}

/// Draws a paper as a PDF.
///
/// Errors: internal ones only; every paper of this program can be drawn.
pub fn draw(sheet: &Sheet) -> AppResult<Vec<u8>> {
    let ruler = Ruler::new().ok_or_else(|| AppError::internal("the font of papers cannot be read"))?;
    let font = Font::new(FONT.to_vec().into(), 0).ok_or_else(|| AppError::internal("the font cannot be embedded"))?;
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new().title(format!("{} {}", sheet.title, sheet.number)).language(sheet.language.clone()),
    );
    let pages = place(sheet, &ruler);
    let count = pages.len();
    for (page_number, pieces) in (1..).zip(&pages) {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| AppError::internal("a page of no size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for piece in pieces {
            put(&mut surface, &font, piece);
        }
        for piece in foot(sheet, &ruler, page_number, count) {
            put(&mut surface, &font, &piece);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| AppError::internal(format!("a paper could not be written: {error:?}")))
}

fn put(surface: &mut Surface<'_>, font: &Font, piece: &Piece) {
    let paint = |(r, g, b): (u8, u8, u8)| rgb::Color::new(r, g, b);
    match piece {
        Piece::Text { x, y, size, color, text } => {
            surface.set_stroke(None);
            surface.set_fill(Some(Fill {
                paint: paint(*color).into(),
                opacity: NormalizedF32::ONE,
                ..Fill::default()
            }));
            surface.draw_text(Point::from_xy(*x, *y), font.clone(), *size, text, false, TextDirection::Auto);
        }
        Piece::Rule { y } => {
            let mut path = PathBuilder::new();
            path.move_to(MARGIN, *y);
            path.line_to(WIDTH - MARGIN, *y);
            let Some(path) = path.finish() else { return };
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: paint(RULE).into(), width: 0.75, ..Stroke::default() }));
            surface.draw_path(&path);
        }
    }
}

/// Where on a page the next line goes, and which pages there are.
struct Pen {
    pages: Vec<Vec<Piece>>,
    y: f32,
}

impl Pen {
    fn piece(&mut self, piece: Piece) {
        if let Some(page) = self.pages.last_mut() {
            page.push(piece);
        }
    }

    /// Room for so much; a new page where there is none.
    fn make_room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.pages.push(Vec::new());
            self.y = MARGIN + LEADING;
        }
    }

    fn text(&mut self, x: f32, size: f32, color: (u8, u8, u8), text: impl Into<String>) {
        let y = self.y;
        self.piece(Piece::Text { x, y, size, color, text: text.into() });
    }
}

fn place(sheet: &Sheet, ruler: &Ruler) -> Vec<Vec<Piece>> {
    let mut pen = Pen { pages: vec![Vec::new()], y: MARGIN + 14.0 };
    let right = |text: &str, size: f32| WIDTH - MARGIN - ruler.width(text, size);
    pen.text(MARGIN, 20.0, HOUSE, "Hairline");
    pen.text(right(&sheet.number, BODY), BODY, SOFT, sheet.number.clone());
    pen.y += 44.0;
    pen.text(MARGIN, 22.0, INK, sheet.title.clone());
    pen.y += 30.0;
    for (label, value) in &sheet.facts {
        let lines = ruler.wrap(value, BODY, WIDTH - MARGIN - VALUES);
        pen.make_room(LEADING);
        pen.text(MARGIN, BODY, SOFT, label.clone());
        for line in lines {
            pen.make_room(LEADING);
            pen.text(VALUES, BODY, INK, line);
            pen.y += LEADING;
        }
    }
    pen.y += 12.0;
    for line in &sheet.lines {
        place_line(&mut pen, ruler, line);
    }
    pen.y += 14.0;
    for note in &sheet.notes {
        for line in ruler.wrap(note, 9.5, WIDTH - 2.0 * MARGIN) {
            pen.make_room(14.0);
            pen.text(MARGIN, 9.5, SOFT, line);
            pen.y += 14.0;
        }
        pen.y += 4.0;
    }
    pen.pages
}

fn place_line(pen: &mut Pen, ruler: &Ruler, line: &Line) {
    let size = if line.strong { 13.0 } else { BODY };
    let amount = ruler.width(&line.amount, size);
    let labels = ruler.wrap(&line.label, size, WIDTH - 2.0 * MARGIN - amount - 24.0);
    let height = LEADING.mul_add(f32::from(u16::try_from(labels.len()).unwrap_or(u16::MAX)), 10.0);
    pen.make_room(height);
    let y = pen.y - 12.0;
    pen.piece(Piece::Rule { y });
    pen.y += 4.0;
    pen.text(WIDTH - MARGIN - amount, size, INK, line.amount.clone());
    for label in labels {
        pen.text(MARGIN, size, if line.strong { INK } else { SOFT }, label);
        pen.y += LEADING;
    }
    pen.y += 6.0;
}

fn foot(sheet: &Sheet, ruler: &Ruler, number: usize, count: usize) -> Vec<Piece> {
    let y = HEIGHT - MARGIN;
    let page = format!("{number} / {count}");
    let x = WIDTH - MARGIN - ruler.width(&page, 8.5);
    vec![
        Piece::Rule { y: y - 16.0 },
        Piece::Text { x: MARGIN, y, size: 8.5, color: SOFT, text: sheet.footer.clone() },
        Piece::Text { x, y, size: 8.5, color: SOFT, text: page },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Sheet {
        let line = |label: &str, amount: &str, strong| Line { label: label.into(), amount: amount.into(), strong };
        Sheet {
            title: "Makbuz".into(),
            number: "RCT-2603-00001".into(),
            language: "tr".into(),
            facts: vec![("Hasta".into(), "Şule Güneş".into()), ("Klinik".into(), "Boğaziçi Saç".into())],
            lines: vec![line("Kapora", "£540.98", false), line("Toplam", "£540.98", true)],
            notes: vec!["Teşekkür ederiz.".into()],
            footer: "Hairline".into(),
        }
    }

    #[test]
    fn the_same_paper_is_the_same_file() {
        let first = draw(&receipt()).unwrap();
        assert!(first.starts_with(b"%PDF-") && first.len() > 2_000);
        assert_eq!(first, draw(&receipt()).unwrap());
        let other = Sheet { number: "RCT-2603-00002".into(), ..receipt() };
        assert_ne!(first, draw(&other).unwrap());
    }

    #[test]
    fn long_papers_go_on_on_the_next_page_and_lose_nothing() {
        let mut sheet = receipt();
        let entry =
            |number: i32| Line { label: format!("Kalem {number}"), amount: format!("{number}.00"), strong: false };
        sheet.lines = (1..=90).map(entry).collect();
        let ruler = Ruler::new().unwrap();
        let pages = place(&sheet, &ruler);
        assert!(pages.len() >= 3, "{}", pages.len());
        let texts: Vec<&String> = pages
            .iter()
            .flatten()
            .filter_map(|piece| match piece {
                Piece::Text { text, y, .. } => {
                    assert!(*y <= BOTTOM + LEADING, "below the page");
                    Some(text)
                }
                Piece::Rule { .. } => None,
            })
            .collect();
        assert!((1..=90).all(|number| texts.contains(&&format!("{number}.00"))));
    }
}
