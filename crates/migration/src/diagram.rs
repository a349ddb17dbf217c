//! Tables and their references as a Mermaid text and as a picture.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::blueprint::{Column, Table};

/// An entity-relationship diagram in Mermaid's language: keys and states only, so that it stays readable.
pub fn mermaid(tables: &[Table]) -> String {
    let mut text = String::from("erDiagram\n");
    for table in tables {
        let _ = writeln!(text, "    {} {{", table.name);
        for column in shown(table) {
            let kind: String = column.kind.label().to_lowercase().replace([' ', '(', ',', ')'], "_");
            let mark = match (table.primary.contains(&column.name), column.foreign.is_some()) {
                (true, true) => " PK,FK",
                (true, false) => " PK",
                (false, true) => " FK",
                (false, false) => "",
            };
            let _ = writeln!(text, "        {} {}{mark}", kind.trim_end_matches('_'), column.name);
        }
        text.push_str("    }\n");
    }
    for table in tables {
        for key in table.foreign_keys() {
            let optional = table.column(key.column).is_some_and(|column| column.nullable);
            let (one, many) =
                (if optional { "|o" } else { "||" }, if is_single(table, key.column) { "o|" } else { "o{" });
            let _ = writeln!(text, "    {} {one}--{many} {} : {}", key.table, table.name, key.column);
        }
    }
    text
}

/// At most one row refers to each target.
fn is_single(table: &Table, column: &str) -> bool {
    table.primary == [column]
        || table.indexes.iter().any(|index| index.unique && index.when.is_none() && index.columns == [column])
}

/// Keys, and the columns with a closed list of values.
fn shown(table: &Table) -> impl Iterator<Item = &Column> {
    table
        .columns
        .iter()
        .filter(|column| table.primary.contains(&column.name) || column.foreign.is_some() || !column.one_of.is_empty())
}

const WIDTH: usize = 300;
const GAP: usize = 80;
const ROW: usize = 20;
const COLUMNS: usize = 4;

struct Place {
    x: usize,
    y: usize,
}

/// The same as a picture: boxes on a grid, lines from each reference to its target within the area.
pub fn svg(title: &str, tables: &[Table]) -> String {
    let (places, height) = layout(tables);
    let width = COLUMNS * (WIDTH + GAP) + GAP;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for table in tables {
        lines(&mut picture, table, &places);
    }
    for table in tables {
        if let Some(place) = places.get(table.name) {
            table_box(&mut picture, table, place);
        }
    }
    picture.push_str("</svg>\n");
    picture
}

/// Each table goes into the column that is shortest so far.
fn layout(tables: &[Table]) -> (BTreeMap<&'static str, Place>, usize) {
    let mut bottoms = [GAP / 2; COLUMNS];
    let mut places = BTreeMap::new();
    for table in tables {
        let Some((column, bottom)) = bottoms.iter_mut().enumerate().min_by_key(|(_, bottom)| **bottom) else {
            continue;
        };
        places.insert(table.name, Place { x: GAP + column * (WIDTH + GAP), y: *bottom });
        *bottom += (shown(table).count() + 1) * ROW + GAP / 2;
    }
    (places, bottoms.iter().max().copied().unwrap_or(GAP))
}

fn table_box(picture: &mut String, table: &Table, place: &Place) {
    let Place { x, y } = place;
    let height = (shown(table).count() + 1) * ROW + 6;
    let _ = write!(
        picture,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#f8fafc\" stroke=\"#64748b\"/>\n\
         <text x=\"{}\" y=\"{}\" font-weight=\"600\" fill=\"#0f172a\">{}</text>\n",
        x + 10,
        y + 16,
        table.name
    );
    for (row, column) in shown(table).enumerate() {
        let mark = match (table.primary.contains(&column.name), &column.foreign) {
            (true, _) => "key".to_owned(),
            (false, Some(key)) => format!("&#8594; {}", key.table),
            (false, None) => String::new(),
        };
        let baseline = y + 16 + (row + 1) * ROW;
        let _ = write!(
            picture,
            "<text x=\"{}\" y=\"{baseline}\" fill=\"#334155\">{}</text>\n\
             <text x=\"{}\" y=\"{baseline}\" text-anchor=\"end\" font-size=\"10\" fill=\"#64748b\">{mark}</text>\n",
            x + 10,
            column.name,
            x + WIDTH - 8
        );
    }
}

fn lines(picture: &mut String, table: &Table, places: &BTreeMap<&'static str, Place>) {
    let Some(from) = places.get(table.name) else { return };
    for (row, column) in shown(table).enumerate() {
        let target = column.foreign.as_ref().filter(|key| key.table != table.name);
        let Some(to) = target.and_then(|key| places.get(key.table)) else { continue };
        let (y1, y2) = (from.y + 12 + (row + 1) * ROW, to.y + 12);
        // Leaves on the side that faces the target.
        let (x1, x2, bend) = if to.x > from.x {
            (from.x + WIDTH, to.x, GAP / 2)
        } else {
            (from.x, if to.x == from.x { to.x } else { to.x + WIDTH }, GAP / 2)
        };
        let (c1, c2) = if to.x > from.x {
            (x1 + bend, x2.saturating_sub(bend))
        } else {
            (x1.saturating_sub(bend), if to.x == from.x { x2.saturating_sub(bend) } else { x2 + bend })
        };
        let _ = writeln!(
            picture,
            "<path d=\"M{x1} {y1} C{c1} {y1} {c2} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#94a3b8\"/>"
        );
    }
}
